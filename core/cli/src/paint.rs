//! How things look in a terminal: bars, colours, and quotes in their context.

use std::time::Duration;

use confee_domain::{FieldCard, FieldState, Tier, Transcript};
use console::{StyledObject, style};
use indicatif::{ProgressBar, ProgressStyle};

/// A bar for so many steps; silent where nobody watches.
pub(crate) fn bar(steps: usize, what: &str) -> ProgressBar {
    if steps < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(steps as u64).with_message(what.to_owned());
    let template = "{msg:>12} [{bar:30}] {pos}/{len}";
    bar.with_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    )
}

/// A spinner with a text, until it is finished.
pub(crate) fn spinner(what: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(90));
    spinner
}

/// `●●●●○` with a word, so that colour is not needed to read it.
pub(crate) fn confidence(value: f64) -> StyledObject<String> {
    let filled = (1..=5).filter(|i| value >= f64::from(*i) / 5.0 - 0.1).count();
    let dots = "●".repeat(filled) + &"○".repeat(5 - filled);
    match value {
        v if v >= 0.85 => style(format!("{dots} sure  ")).green(),
        v if v >= 0.6 => style(format!("{dots} check ")).yellow(),
        _ => style(format!("{dots} unsure")).red(),
    }
}

/// The tier in its colour.
pub(crate) fn tier(tier: Tier) -> StyledObject<&'static str> {
    match tier {
        Tier::Hot => style("HOT").red().bold(),
        Tier::Warm => style("WARM").yellow().bold(),
        Tier::Cold => style("COLD").cyan().bold(),
        Tier::Unqualified => style("UNQUALIFIED").dim(),
    }
}

/// A mark for what a person has done to the field.
pub(crate) fn state(field: &FieldCard) -> &'static str {
    match field.state {
        FieldState::Drafted => "",
        FieldState::Confirmed => " ✓",
        FieldState::Edited => " ✎",
        FieldState::Cleared => " ✗",
    }
}

/// The words a field came from, marked within the turn they were said in: `1:02 "… we [lose] …"`.
pub(crate) fn in_context(field: &FieldCard, talk: &Transcript) -> Option<String> {
    const AROUND: usize = 36;
    let span = field.evidence.first()?;
    let text: Vec<char> =
        talk.segments().get(usize::try_from(span.segment).ok()?)?.text.chars().collect();
    let (start, end) = (usize::try_from(span.start).ok()?, usize::try_from(span.end).ok()?);
    let part =
        |from: usize, to: usize| text.get(from..to).unwrap_or_default().iter().collect::<String>();
    let (from, to) = (start.saturating_sub(AROUND), (end + AROUND).min(text.len()));
    let before = if from > 0 { format!("…{}", part(from, start)) } else { part(0, start) };
    let after = if to < text.len() { format!("{}…", part(end, to)) } else { part(end, to) };
    let said = style(part(start, end)).bold().underlined();
    let seconds = span.start_ms / 1000;
    let clock = style(format!("{}:{:02}", seconds / 60, seconds % 60)).dim();
    Some(format!("{clock} {}{said}{}", style(before).dim(), style(after).dim()))
}

/// A line for the person at the terminal that is no part of the output.
#[expect(clippy::print_stderr, reason = "programs read the standard output")]
pub(crate) fn note(line: &str) {
    eprintln!("{line}");
}
