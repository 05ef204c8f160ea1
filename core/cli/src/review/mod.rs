//! stub
use confee_domain::*;
pub(crate) trait Deck {
    fn cards(&mut self) -> Result<Vec<LeadCard>, String>;
    fn transcript(&mut self, id: &str) -> Result<Transcript, String>;
    fn act(&mut self, id: &str, action: ReviewAction) -> Result<LeadCard, String>;
    fn parse(&mut self, id: &str, key: FieldKey, text: &str) -> Result<FieldValue, String>;
}
pub(crate) struct Summary {
    pub(crate) approved: usize,
    pub(crate) rejected: usize,
    pub(crate) left: usize,
}
pub(crate) fn run(_deck: &mut dyn Deck) -> std::io::Result<Summary> {
    Ok(Summary { approved: 0, rejected: 0, left: 0 })
}
