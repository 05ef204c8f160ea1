//! stub
use chrono::NaiveDate;
use confee_domain::DateWindow;
/// c
#[derive(Debug, Clone, Copy)]
pub struct Context {
    pub day: NaiveDate,
}
#[derive(Debug, Clone, PartialEq)]
pub struct TimeSpan {
    pub start: usize,
    pub end: usize,
    pub window: DateWindow,
    pub kind: TimeKind,
    pub urgent: bool,
    pub corrected: bool,
    pub negated: bool,
}
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeKind {
    Point,
    Deadline,
    NotBefore,
    Relative,
    Past,
    Duration,
    Recurring,
    ClockTime,
}
pub fn find(_text: &str, _cx: &Context) -> Vec<TimeSpan> {
    vec![]
}
