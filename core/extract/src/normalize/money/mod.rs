//! stub
use confee_domain::Budget;
/// c
pub struct Context<'a> {
    /// d
    pub default_currency: Option<&'a str>,
}
/// s
#[derive(Debug, Clone, PartialEq)]
pub struct MoneySpan {
    pub start: usize,
    pub end: usize,
    pub budget: Budget,
    pub about: About,
    pub corrected: bool,
    pub has_currency: bool,
    pub scale_said: bool,
}
/// a
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum About {
    Spend,
    Cost,
    Revenue,
    Price,
    PerUnit,
    Other,
}
/// f
pub fn find(_text: &str, _cx: &Context) -> Vec<MoneySpan> {
    vec![]
}
