//! stub
use confee_domain::Title;
#[derive(Debug, Clone, PartialEq)]
pub struct TitleSpan {
    pub start: usize,
    pub end: usize,
    pub title: Title,
    pub owner: TitleOwner,
    pub cued: bool,
    pub said: String,
}
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TitleOwner {
    Speaker,
    Other,
    Former,
    Unclear,
}
pub fn find(_text: &str) -> Vec<TitleSpan> {
    vec![]
}
