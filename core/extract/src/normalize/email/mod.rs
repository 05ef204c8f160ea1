//! stub
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    pub name: Option<&'a str>,
    pub company: Option<&'a str>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct EmailSpan {
    pub start: usize,
    pub end: usize,
    pub address: String,
    pub corrected: bool,
    pub complete: bool,
    pub score: u16,
}
pub fn find(_text: &str, _cx: &Context) -> Vec<EmailSpan> {
    vec![]
}
pub fn mend(_address: &str, _hint: &str) -> Option<String> {
    None
}
