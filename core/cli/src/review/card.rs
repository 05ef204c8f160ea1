use confee_domain::{FieldCard, FieldKey, FieldState, LeadCard};
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    text::{Line, Span},
    widgets::{Block, BorderType, Borders, Padding, Paragraph},
};

use super::{
    app::{App, Mode},
    evidence,
    input::Input,
    text::{bar, clip, fit, width, wrap},
    theme::{Sureness, Theme, tier_word},
};

/// From this width on the fields and their words stand side by side.
const WIDE: u16 = 96;
/// Marker, state and label before a value.
const MARGIN: usize = 15;
/// Bar and word behind a value.
const SURENESS: usize = 12;
/// Rows kept for the words of the chosen field.
const EVIDENCE_ROWS: u16 = 6;

/// Draws the card on top.
pub(super) fn draw(frame: &mut Frame, area: Rect, app: &App, card: &LeadCard) {
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(app.theme.faint())
        .padding(Padding::horizontal(1));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let [head, body] = Layout::vertical([Constraint::Length(2), Constraint::Fill(1)]).areas(inner);
    draw_head(frame, head, app, card);
    if inner.width >= WIDE {
        draw_wide(frame, body, app, card);
    } else {
        draw_narrow(frame, body, app, card);
    }
}

fn draw_head(frame: &mut Frame, area: Rect, app: &App, card: &LeadCard) {
    let (theme, columns) = (app.theme, usize::from(area.width));
    let when = match app.talk() {
        Some(Ok(talk)) => talk.captured_at().format("%Y-%m-%d %H:%M").to_string(),
        _ => String::new(),
    };
    let headline = fit(&card.headline, columns.saturating_sub(when.len() + 2));
    let first = Line::from(vec![
        Span::styled(headline, theme.strong()),
        Span::raw("  "),
        Span::styled(when, theme.faint()),
    ]);
    let long = (columns / 5).clamp(4, 24);
    let (points, no_points) = bar(f64::from(card.points) / 100.0, long);
    let (known, unknown) = bar(card.known, long / 2);
    let second = Line::from(vec![
        Span::styled(format!("{}  ", tier_word(card.tier)), theme.tier(card.tier)),
        Span::styled(points, theme.tier(card.tier)),
        Span::styled(no_points, theme.faint()),
        Span::raw(format!("  {} of 100 points", card.points)),
        Span::styled("   known ", theme.faint()),
        Span::styled(known, theme.good()),
        Span::styled(unknown, theme.faint()),
        Span::raw(format!("  {:.0} %", card.known * 100.0)),
    ]);
    frame.render_widget(Paragraph::new(vec![first, second]), area);
}

fn draw_wide(frame: &mut Frame, area: Rect, app: &App, card: &LeadCard) {
    let [_, area] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    let columns = Layout::horizontal([Constraint::Percentage(54), Constraint::Fill(1)]);
    let [left, right] = columns.areas(area);
    let left = Rect { width: left.width.saturating_sub(2), ..left };
    let notes = notes(card, usize::from(left.width), app.theme);
    let note_rows = u16::try_from(notes.len()).unwrap_or(u16::MAX);
    let field_rows = row_count(app, card).min(left.height.saturating_sub(note_rows).max(6));
    let parts = [Constraint::Length(field_rows), Constraint::Fill(1)];
    let [fields, below] = Layout::vertical(parts).areas(left);
    draw_fields(frame, fields, app, card);
    frame.render_widget(Paragraph::new(notes), below);

    let block = Block::new()
        .borders(Borders::LEFT)
        .border_style(app.theme.faint())
        .padding(Padding::left(2));
    let inner = block.inner(right);
    frame.render_widget(block, right);
    let parts = [Constraint::Length(1), Constraint::Fill(1)];
    let [title, words] = Layout::vertical(parts).areas(inner);
    if let Some(field) = app.chosen() {
        frame.render_widget(title_line(field, app.theme), title);
    }
    evidence::draw(frame, words, app);
}

fn title_line(field: &FieldCard, theme: Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{}  ", field.label), theme.accent()),
        Span::styled(sureness_words(field), theme.sureness(field)),
    ])
}

fn draw_narrow(frame: &mut Frame, area: Rect, app: &App, card: &LeadCard) {
    let space = area.height.saturating_sub(4 + EVIDENCE_ROWS).max(3);
    let parts = [
        Constraint::Length(2),
        Constraint::Length(1),
        Constraint::Length(row_count(app, card).min(space)),
        Constraint::Length(1),
        Constraint::Fill(1),
    ];
    let [notes, _, fields, title, words] = Layout::vertical(parts).areas(area);
    frame.render_widget(Paragraph::new(short_notes(card, notes.width, app.theme)), notes);
    draw_fields(frame, fields, app, card);
    if let Some(field) = app.chosen() {
        let block = Block::new().borders(Borders::TOP).border_style(app.theme.faint());
        let mut line = title_line(field, app.theme);
        line.spans.insert(0, Span::raw(" "));
        line.spans.push(Span::raw(" "));
        let place = format!(" field {} of {} ", app.field + 1, card.fields.len());
        let place = Line::styled(place, app.theme.faint()).right_aligned();
        frame.render_widget(block.title(line).title(place), title);
    }
    evidence::draw(frame, words, app);
}

/// Points and gaps in one line each.
fn short_notes(card: &LeadCard, columns: u16, theme: Theme) -> Vec<Line<'static>> {
    let note = |label: &'static str, text: String| {
        let text = if text.is_empty() { "nothing".to_owned() } else { text };
        let text = clip(&text, usize::from(columns).saturating_sub(label.len()));
        Line::from(vec![Span::styled(label, theme.faint()), Span::raw(text)])
    };
    vec![note("Points  ", terms(card).join(", ")), note("To ask  ", card.unknown.join(", "))]
}

/// Where the points come from, and what to ask.
fn notes(card: &LeadCard, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default(), Line::styled("Points", theme.faint())];
    let terms = terms(card);
    for pair in terms.chunks(2) {
        let cells = pair.iter().map(|t| fit(t, columns / 2));
        lines.push(Line::raw(cells.collect::<String>()));
    }
    if terms.is_empty() {
        lines.push(Line::raw("no signal was heard"));
    }
    if !card.unknown.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("To ask next time", theme.faint()));
        lines.extend(wrap(&[Span::raw(card.unknown.join(", "))], columns));
    }
    lines
}

fn terms(card: &LeadCard) -> Vec<String> {
    let term =
        |t: &confee_domain::ScoreTermCard| format!("{:+} {}", t.points, t.signal.replace('_', " "));
    card.terms.iter().map(term).collect()
}

/// The field being typed that is not on the card yet.
fn added(app: &App, card: &LeadCard) -> Option<FieldKey> {
    match &app.mode {
        Mode::Edit { key, .. } if !card.fields.iter().any(|f| f.key == *key) => Some(*key),
        _ => None,
    }
}

fn row_count(app: &App, card: &LeadCard) -> u16 {
    let rows = card.fields.len() + usize::from(added(app, card).is_some());
    u16::try_from(rows).unwrap_or(u16::MAX)
}

fn draw_fields(frame: &mut Frame, area: Rect, app: &App, card: &LeadCard) {
    let (rows, added) = (usize::from(area.height), added(app, card));
    let at = if added.is_some() { card.fields.len() } else { app.field };
    let all = usize::from(row_count(app, card));
    let first = at.saturating_sub(rows / 2).min(all.saturating_sub(rows));
    for (i, row) in (first..all).zip(area.rows()) {
        let field = card.fields.get(i);
        let typed = match &app.mode {
            Mode::Edit { key, input } if Some(*key) == field.map_or(added, |f| Some(f.key)) => {
                Some((*key, input))
            }
            _ => None,
        };
        match (typed, field) {
            (Some((key, input)), _) => draw_input(frame, row, app.theme, key, input),
            (None, Some(field)) => {
                let line = field_line(field, i == at, usize::from(row.width), app.theme);
                frame.render_widget(line, row);
            }
            (None, None) => {}
        }
    }
}

fn draw_input(frame: &mut Frame, row: Rect, theme: Theme, key: FieldKey, input: &Input) {
    let room = usize::from(row.width).saturating_sub(MARGIN);
    let (shown, cursor) = input.window(room);
    let line = Line::from(vec![
        Span::styled(format!("▸ ✎ {}", fit(key.label(), MARGIN - 4)), theme.accent()),
        Span::raw(shown),
    ]);
    frame.render_widget(line, row);
    let column = u16::try_from(MARGIN + cursor).unwrap_or(u16::MAX);
    frame.set_cursor_position(Position::new(row.x.saturating_add(column), row.y));
}

fn field_line(field: &FieldCard, chosen: bool, columns: usize, theme: Theme) -> Line<'static> {
    let room = columns.saturating_sub(MARGIN + SURENESS + 1);
    let (label, value) = if chosen {
        (theme.accent(), theme.strong())
    } else {
        (theme.faint(), ratatui::style::Style::new())
    };
    let mut spans = vec![
        Span::styled(if chosen { "▸ " } else { "  " }, theme.accent()),
        Span::styled(format!("{} ", state_mark(field.state)), theme.sureness(field)),
        Span::styled(fit(&field.label, MARGIN - 4), label),
    ];
    let text = if field.state == FieldState::Cleared { "(empty)" } else { field.display.as_str() };
    let shown = clip(text, room);
    let mut left = room.saturating_sub(width(&shown));
    spans.push(Span::styled(shown, value));
    if let Some(old) = field.old_display.as_deref().filter(|_| left > 4) {
        let old = clip(old, left - 2);
        left -= width(&old) + 2;
        spans.extend([Span::raw("  "), Span::styled(old, theme.struck())]);
    }
    spans.push(Span::raw(" ".repeat(left + 1)));
    spans.extend(sureness_spans(field, theme));
    Line::from(spans)
}

fn state_mark(state: FieldState) -> char {
    match state {
        FieldState::Drafted => ' ',
        FieldState::Confirmed => '✓',
        FieldState::Edited => '✎',
        FieldState::Cleared => '✗',
    }
}

fn sureness_spans(field: &FieldCard, theme: Theme) -> Vec<Span<'static>> {
    let style = theme.sureness(field);
    if field.state != FieldState::Drafted {
        return vec![Span::styled(fit(state_word(field.state), SURENESS), style)];
    }
    let (full, rest) = bar(field.confidence, 5);
    let word = Sureness::of(field.confidence).word();
    vec![
        Span::styled(full, style),
        Span::styled(rest, theme.faint()),
        Span::styled(format!(" {word}"), style),
    ]
}

fn state_word(state: FieldState) -> &'static str {
    match state {
        FieldState::Drafted => "drafted",
        FieldState::Confirmed => "confirmed",
        FieldState::Edited => "edited",
        FieldState::Cleared => "cleared",
    }
}

/// How sure we are, or what a person has done, in words.
fn sureness_words(field: &FieldCard) -> String {
    if field.state != FieldState::Drafted {
        return state_word(field.state).to_owned();
    }
    format!("{:.0} % {}", field.confidence * 100.0, Sureness::of(field.confidence).word())
}
