//! stub
use confee_domain::Authority;
#[derive(Debug, Clone, PartialEq)]
pub struct AuthoritySpan {
    pub start: usize,
    pub end: usize,
    pub authority: Authority,
    pub weight: u16,
    pub conditional: bool,
}
pub fn find(_text: &str) -> Vec<AuthoritySpan> {
    vec![]
}
pub fn from_answer(_question: &str, _answer: &str) -> Option<AuthoritySpan> {
    None
}
