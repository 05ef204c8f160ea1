//! The note and the task: what a person reads in the CRM.

use std::collections::BTreeMap;

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, Utc, Weekday,
};
use confee_domain::{ApprovedLead, FieldKey, FieldValue, NextStep, StepKind};

use super::config::HubSpotConfig;

/// HubSpot's limit of a text property, in characters.
pub(super) const TEXT_MAX: usize = 65_536;
/// One value or quote in a note; longer ones are cut.
const PART_MAX: usize = 2_000;
const DUE_HOUR: u32 = 9;

/// A text with at most so many characters; a cut one ends in "…".
pub(super) fn clip(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).collect();
    out.push('…');
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A time as HubSpot takes it.
pub(super) fn timestamp(at: DateTime<FixedOffset>) -> String {
    at.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The properties of the note: every approved value with its words, and the score.
pub(super) fn note(lead: &ApprovedLead, config: &HubSpotConfig) -> BTreeMap<String, String> {
    let mut body = String::new();
    let mut room = TEXT_MAX;
    for part in head(lead, config).into_iter().chain(lead.values.iter().map(line)) {
        let length = part.chars().count();
        if length <= room {
            body.push_str(&part);
            room -= length;
        }
    }
    BTreeMap::from([
        ("hs_timestamp".to_owned(), timestamp(lead.captured_at)),
        ("hs_note_body".to_owned(), body),
    ])
}

fn head(lead: &ApprovedLead, config: &HubSpotConfig) -> Vec<String> {
    let place = config.event.as_deref().unwrap_or("badge lead");
    let by = lead.rep.name.as_deref().map_or(String::new(), |n| format!(", by {n}"));
    let when = lead.captured_at.format("%Y-%m-%d %H:%M");
    let mut out =
        vec![format!("<p>{}</p>", escape(&clip(&format!("{place}, {when}{by}"), PART_MAX)))];
    if let Some((points, tier)) = score(lead) {
        out.push(format!("<p><strong>Score</strong>: {points} of 100 ({})</p>", escape(tier)));
    }
    out
}

fn line(value: &confee_domain::ApprovedValue) -> String {
    let text = escape(&clip(&value.value.display(), PART_MAX));
    let quote = value
        .quote
        .as_deref()
        .map_or(String::new(), |q| format!("<br><em>“{}”</em>", escape(&clip(q, PART_MAX))));
    format!("<p><strong>{}</strong>: {text}{quote}</p>", value.key.label())
}

fn score(lead: &ApprovedLead) -> Option<(u64, &str)> {
    let score = lead.json.get("score")?;
    Some((score.get("points")?.as_u64()?, score.get("tier")?.as_str()?))
}

/// The properties of the follow-up task; `None` without a next step.
pub(super) fn task(lead: &ApprovedLead, who: &str) -> Option<BTreeMap<String, String>> {
    let (step, quote) = lead.next_step()?;
    let what = FieldValue::NextStep(NextStep { kind: step.kind, due: None }).display();
    let day = step.due.map_or_else(|| next_business_day(lead.captured_at.date_naive()), |w| w.end);
    let said = quote.map_or(String::new(), |q| format!("“{}”", escape(&clip(q, PART_MAX))));
    let priority = match score(lead).map(|(_, tier)| tier) {
        Some("hot") => "HIGH",
        Some("warm") => "MEDIUM",
        _ => "LOW",
    };
    let kind = match step.kind {
        StepKind::Call => "CALL",
        StepKind::Email | StepKind::Proposal => "EMAIL",
        _ => "TODO",
    };
    let label = FieldKey::NextStep.label();
    Some(BTreeMap::from([
        ("hs_timestamp".to_owned(), timestamp(morning(day, lead.captured_at))),
        ("hs_task_subject".to_owned(), clip(&format!("{what} – {who}"), PART_MAX)),
        ("hs_task_body".to_owned(), format!("{label}: {}<br>{said}", escape(&what))),
        ("hs_task_status".to_owned(), "NOT_STARTED".to_owned()),
        ("hs_task_priority".to_owned(), priority.to_owned()),
        ("hs_task_type".to_owned(), kind.to_owned()),
    ]))
}

fn next_business_day(day: NaiveDate) -> NaiveDate {
    let ahead = match day.weekday() {
        Weekday::Fri => 3,
        Weekday::Sat => 2,
        _ => 1,
    };
    day.checked_add_days(Days::new(ahead)).unwrap_or(day)
}

/// Nine o'clock of that day where the talk was.
fn morning(day: NaiveDate, at: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    let nine = NaiveTime::from_hms_opt(DUE_HOUR, 0, 0).unwrap_or_default();
    day.and_time(nine).and_local_timezone(*at.offset()).single().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_days_skip_the_weekend() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        for (from, to) in [(19, 20), (20, 23), (21, 23), (22, 23), (23, 24)] {
            assert_eq!(next_business_day(day(from)), day(to));
        }
    }

    #[test]
    fn markup_in_values_stays_text() {
        assert_eq!(escape("<b>\"R&D\"'s</b>"), "&lt;b&gt;&quot;R&amp;D&quot;&#39;s&lt;/b&gt;");
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöüß", 3), "äö…");
    }
}
