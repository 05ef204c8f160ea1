use confee_domain::FieldKey;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::{Block, BorderType, Clear, Padding, Paragraph, Wrap},
};

use super::{
    app::{App, Mode},
    card,
    keys::REASONS,
    talk, text,
};

/// Below this nothing can be read; above 80 by 24 nothing is cut off.
const SMALLEST: (u16, u16) = (50, 16);

/// The keys on a card: in the line below it, and in full in the help.
const KEYS: [(&str, &str, &str); 13] = [
    ("→", "approve", "Swipe right: approve, it goes to the CRM (also l)"),
    ("←", "reject", "Swipe left: reject, asks for the reason (also h)"),
    ("↑↓", "", "Choose a field (also j and k)"),
    ("Enter", "ok", "The field is right: confirm it (also c)"),
    ("e", "edit", "Type another value; nothing typed empties the field"),
    ("1-9", "", "Take one of the other values that were said"),
    ("x", "", "Empty the field"),
    ("a", "add", "Add a pain, a competitor or a missing field"),
    ("u", "undo", "Take the last step back, also a swipe"),
    ("Tab", "next", "Next card, nothing decided; Shift-Tab goes back"),
    ("t", "talk", "Read the whole talk"),
    ("?", "help", "This list"),
    ("q", "quit", "Leave; every step is kept already"),
];

/// Draws the deck as it stands.
pub(super) fn draw(frame: &mut Frame, app: &App) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let text = "The window is too small for a card. Make it at least 80 by 24, or press q.";
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        return;
    }
    let rows =
        [Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1), Constraint::Length(1)];
    let [top, body, note, keys] = Layout::vertical(rows).areas(area);
    frame.render_widget(top_line(app, usize::from(top.width)), top);
    match (&app.mode, app.card()) {
        (_, None) => draw_end(frame, body, app),
        (Mode::Talk { scroll }, Some(_)) => talk::draw(frame, body, app, *scroll),
        (_, Some(card)) => card::draw(frame, body, app, card),
    }
    frame.render_widget(note_line(app, usize::from(note.width)), note);
    frame.render_widget(key_line(app, usize::from(keys.width)), keys);
    if app.mode == Mode::Help {
        draw_help(frame, body, app);
    }
}

fn top_line(app: &App, columns: usize) -> Line<'static> {
    let sum = app.summary();
    let counts =
        format!("{} approved  {} rejected  {} left ", sum.approved, sum.rejected, sum.left);
    let place = match app.card() {
        Some(_) => format!("  card {} of {}", app.at + 1, app.cards.len()),
        None => String::new(),
    };
    let name = " Confee review";
    let gap = columns.saturating_sub(name.len() + place.len() + counts.len());
    Line::from(vec![
        Span::styled(name, app.theme.strong()),
        Span::raw(place),
        Span::raw(" ".repeat(gap)),
        Span::styled(counts, app.theme.faint()),
    ])
}

fn draw_end(frame: &mut Frame, area: Rect, app: &App) {
    let sum = app.summary();
    let (title, text) = if app.cards.is_empty() {
        ("Nothing to review", "New leads show up here once a talk has been read.".to_owned())
    } else {
        let text = format!("{} approved, {} rejected.", sum.approved, sum.rejected);
        ("All cards are decided", text)
    };
    let lines = vec![
        Line::styled(title, app.theme.strong()).centered(),
        Line::default(),
        Line::raw(text).centered(),
    ];
    let [_, middle, _] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(3), Constraint::Fill(1)])
            .areas(area);
    frame.render_widget(Paragraph::new(lines), middle);
}

/// The toast, or what the mode asks.
fn note_line(app: &App, columns: usize) -> Line<'static> {
    let room = columns.saturating_sub(1);
    if let Some(toast) = &app.toast {
        let (mark, style) =
            if toast.error { ("! ", app.theme.bad()) } else { ("", app.theme.good()) };
        let text = text::clip(&format!("{mark}{}", toast.text), room);
        return Line::styled(format!(" {text}"), style.patch(app.theme.strong()));
    }
    let text = match &app.mode {
        Mode::Reject => "Why is it rejected?".to_owned(),
        Mode::Add => {
            "Add: p a pain, c a competitor, or the number of a field; Esc cancels.".to_owned()
        }
        Mode::Edit { key, .. } => {
            format!("{}: type as you would say it{}.", key.label(), example(*key))
        }
        _ => String::new(),
    };
    Line::styled(format!(" {}", text::clip(&text, room)), app.theme.strong())
}

fn key_line(app: &App, columns: usize) -> Line<'static> {
    let own = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(k, w)| ((*k).to_owned(), (*w).to_owned())).collect::<Vec<_>>()
    };
    let pairs = match &app.mode {
        Mode::Help => own(&[("any key", "closes")]),
        Mode::Talk { .. } => own(&[("↑↓ PgUp PgDn Home End", "scroll"), ("Esc", "back")]),
        Mode::Edit { .. } => {
            own(&[("Enter", "saves"), ("Esc", "cancels"), ("empty", "clears the field")])
        }
        Mode::Reject => reasons(),
        Mode::Add => add_keys(app),
        Mode::Card if app.card().is_none() => own(&[("u", "undo"), ("?", "help"), ("q", "quit")]),
        Mode::Card => {
            let shown = KEYS.iter().filter(|(_, word, _)| !word.is_empty());
            shown.map(|(k, w, _)| ((*k).to_owned(), (*w).to_owned())).collect()
        }
    };
    let long: usize = pairs.iter().map(|(k, w)| text::width(k) + text::width(w) + 3).sum();
    let gap = if long <= columns { "  " } else { " " };
    let spans = pairs.into_iter().enumerate().flat_map(|(i, (key, word))| {
        let gap = if i == 0 { " " } else { gap };
        let key = Span::styled(key, app.theme.accent());
        [Span::raw(gap), key, Span::raw(format!(" {word}"))]
    });
    Line::from(spans.collect::<Vec<_>>())
}

fn example(key: FieldKey) -> &'static str {
    match key {
        FieldKey::Budget => ", such as 50-60k EUR",
        FieldKey::Timeline => ", such as by end of Q3",
        FieldKey::Authority => ", such as decides or recommends",
        FieldKey::NextStep => ", such as demo next Thursday",
        _ => "",
    }
}

fn reasons() -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        REASONS.iter().map(|(c, words, _)| (c.to_string(), (*words).to_owned())).collect();
    pairs.push(("Esc".to_owned(), "cancels".to_owned()));
    pairs
}

fn add_keys(app: &App) -> Vec<(String, String)> {
    let (_, _, missing) = app.addable();
    let missing = missing.iter().enumerate();
    missing.map(|(i, k)| ((i + 1).to_string(), k.label().to_owned())).collect()
}

fn draw_help(frame: &mut Frame, area: Rect, app: &App) {
    let lines: Vec<Line> = KEYS
        .iter()
        .map(|(key, _, words)| {
            Line::from(vec![Span::styled(text::fit(key, 8), app.theme.accent()), Span::raw(*words)])
        })
        .collect();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let area = area.centered(Constraint::Length(66), Constraint::Length(rows.saturating_add(2)));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(app.theme.accent())
        .padding(Padding::horizontal(2))
        .title(Span::styled(" Keys ", app.theme.strong()));
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
