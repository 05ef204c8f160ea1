//! stub
#[derive(Debug, Clone, PartialEq)]
pub struct Spelled {
    pub start: usize,
    pub end: usize,
    pub letters: String,
}
pub fn find(_text: &str) -> Vec<Spelled> {
    vec![]
}
pub fn repair(_word_or_name: &str, _letters: &str) -> Option<String> {
    None
}
