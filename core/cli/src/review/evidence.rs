use std::collections::BTreeSet;

use confee_domain::{
    AlternativeCard, EvidenceSpan, FieldCard, FieldState, Lost, Segment, Speaker, Transcript,
};
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{
    app::App,
    text::{self, clean, clip, wrap},
    theme::Theme,
};

/// Columns of speaker and time before the words of a turn.
const MARGIN: usize = 15;
/// With fewer rows the value is not repeated above its words.
const ROOMY: usize = 10;

/// Draws the chosen field's words within the talk, and what else was said.
pub(super) fn draw(frame: &mut Frame, area: Rect, app: &App) {
    let Some(field) = app.chosen() else { return };
    let (columns, rows) = (usize::from(area.width), usize::from(area.height));
    let roomy = rows >= ROOMY;
    let head = if roomy { head(field, columns, app.theme) } else { Vec::new() };
    let mut also = alternatives(field, columns, roomy, app.theme);
    also.truncate(rows.saturating_sub(head.len() + 3));
    let space = rows.saturating_sub(head.len() + also.len());
    let mut lines = head;
    lines.extend(window(context(app, field, columns), space, app.theme));
    lines.extend(also);
    frame.render_widget(Paragraph::new(lines), area);
}

fn head(field: &FieldCard, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let value = if field.state == FieldState::Cleared {
        Span::styled("(empty)", theme.faint())
    } else {
        Span::styled(clean(&field.display), theme.strong())
    };
    let mut lines = wrap(&[value], columns);
    if let Some(old) = &field.old_display {
        let old = Span::styled(clean(old), theme.struck());
        lines.extend(wrap(&[Span::styled("We had heard: ", theme.faint()), old], columns));
    }
    lines.push(Line::default());
    lines
}

/// The cited turns, each with its neighbours; what lies between is left out.
fn context(app: &App, field: &FieldCard, columns: usize) -> Vec<Line<'static>> {
    let note = |text: &str, style| wrap(&[Span::styled(clean(text), style)], columns);
    if field.evidence.is_empty() {
        let text = match field.state {
            FieldState::Cleared => "Emptied by hand. Press u to undo or e to type a value.",
            _ => "Typed by hand: no words of the talk stand behind it.",
        };
        return note(text, app.theme.faint());
    }
    match app.talk() {
        Some(Ok(talk)) => around(talk, &field.evidence, columns, app.theme),
        other => {
            let mut lines = note(&format!("“{}”", field.quote), Style::new());
            if let Some(Err(sentence)) = other {
                lines.extend(note(sentence, app.theme.bad()));
            }
            lines
        }
    }
}

fn around(
    talk: &Transcript,
    cited: &[EvidenceSpan],
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let places = cited.iter().filter_map(|s| usize::try_from(s.segment).ok());
    let shown: BTreeSet<usize> =
        places.flat_map(|i| i.saturating_sub(1)..=i.saturating_add(1)).collect();
    let (mut lines, mut last) = (Vec::new(), None::<usize>);
    for i in shown {
        let Some(segment) = talk.segments().get(i) else { continue };
        if last.is_some_and(|l| l + 1 < i) {
            lines.push(Line::styled("⋮", theme.faint()));
        }
        last = Some(i);
        lines.extend(turn(segment, i, cited, columns, theme));
    }
    lines
}

/// One turn of the talk: who, when, and the words with the cited ones marked.
pub(super) fn turn(
    segment: &Segment,
    index: usize,
    cited: &[EvidenceSpan],
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let here: Vec<&EvidenceSpan> =
        cited.iter().filter(|s| usize::try_from(s.segment) == Ok(index)).collect();
    let who = match segment.speaker {
        Some(Speaker::Rep) => "You",
        Some(Speaker::Prospect) => "Visitor",
        None => "Someone",
    };
    let mark_at = here.iter().map(|s| s.start_ms).min().unwrap_or(segment.start_ms);
    let margin = format!("{who:<8}{:>5}  ", text::clock(mark_at));
    let rest = if here.is_empty() { theme.faint() } else { Style::new() };
    let words = marked(&segment.text, &here, rest, theme.mark());
    let margin_style = if here.is_empty() { theme.faint() } else { theme.accent() };
    let lines = wrap(&words, columns.saturating_sub(MARGIN).max(1));
    let with_margin = lines.into_iter().enumerate().map(|(i, mut line)| {
        let lead = if i == 0 { margin.clone() } else { " ".repeat(MARGIN) };
        line.spans.insert(0, Span::styled(lead, margin_style));
        line
    });
    with_margin.collect()
}

fn marked(words: &str, cited: &[&EvidenceSpan], rest: Style, mark: Style) -> Vec<Span<'static>> {
    let is_cited = |i: u32| cited.iter().any(|s| (s.start..s.end).contains(&i));
    let mut spans = Vec::<Span<'static>>::new();
    for (c, i) in words.chars().zip(0u32..) {
        let style = if is_cited(i) { mark } else { rest };
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push(c),
            _ => spans.push(Span::styled(c.to_string(), style)),
        }
    }
    // Only now: cleaning may drop characters, and citations count them.
    spans.into_iter().map(|s| Span::styled(clean(&s.content), s.style)).collect()
}

/// The first line with a marked word.
pub(super) fn first_marked(lines: &[Line<'_>], theme: Theme) -> Option<usize> {
    lines.iter().position(|l| has_mark(l, theme))
}

fn has_mark(line: &Line<'_>, theme: Theme) -> bool {
    line.spans.iter().any(|s| s.style == theme.mark())
}

/// As many lines as there is room for, the marked ones in the middle.
fn window(lines: Vec<Line<'static>>, rows: usize, theme: Theme) -> Vec<Line<'static>> {
    let first = first_marked(&lines, theme).unwrap_or(0);
    let marked = lines.iter().filter(|l| has_mark(l, theme)).count();
    let start = first.saturating_sub(rows.saturating_sub(marked) / 2);
    let start = start.min(lines.len().saturating_sub(rows));
    lines.into_iter().skip(start).take(rows).collect()
}

fn alternatives(
    field: &FieldCard,
    columns: usize,
    roomy: bool,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if field.alternatives.is_empty() {
        return lines;
    }
    if roomy {
        lines.push(Line::default());
        lines.push(Line::styled("Also said (its number takes it)", theme.faint()));
    }
    for (i, alternative) in field.alternatives.iter().take(9).enumerate() {
        lines.push(alternative_line(i + 1, alternative, columns, theme));
        if roomy && !alternative.quote.is_empty() {
            let quote = clip(&format!("   “{}”", alternative.quote), columns);
            lines.push(Line::styled(quote, theme.faint()));
        }
    }
    lines
}

fn alternative_line(
    number: usize,
    alternative: &AlternativeCard,
    columns: usize,
    theme: Theme,
) -> Line<'static> {
    let why = lost(alternative.reason);
    let room = columns.saturating_sub(why.len() + 5);
    Line::from(vec![
        Span::styled(format!("{number}  "), theme.accent()),
        Span::raw(clip(&alternative.display, room)),
        Span::styled(format!("  {why}"), theme.faint()),
    ])
}

fn lost(reason: Lost) -> &'static str {
    match reason {
        Lost::Superseded => "corrected later",
        Lost::Negated => "said not to hold",
        Lost::Reps => "your own, not the visitor's",
        Lost::ThirdParty => "somebody else's",
        Lost::LessLikely => "a less likely reading",
    }
}
