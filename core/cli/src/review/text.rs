use ratatui::{
    style::Style,
    text::{Line, Span},
};

/// Columns a text takes on the terminal.
pub(super) fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// One line of harmless text: no control characters, and none that reverse the reading direction
/// of what stands beside the text.
pub(super) fn clean(text: &str) -> String {
    let reverses = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !reverses(c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What a person sees as one character each.
pub(super) fn graphemes(text: &str) -> Vec<String> {
    Span::raw(text).styled_graphemes(Style::new()).map(|g| g.symbol.to_owned()).collect()
}

/// At most `max` columns, with "…" where something was cut off.
pub(super) fn clip(text: &str, max: usize) -> String {
    let text = clean(text);
    if width(&text) <= max {
        return text;
    }
    let mut out = String::new();
    let mut used = 1;
    for g in graphemes(&text) {
        used += width(&g);
        if used > max {
            break;
        }
        out.push_str(&g);
    }
    if max > 0 {
        out.truncate(out.trim_end().len());
        out.push('…');
    }
    out
}

/// Exactly `columns` columns: clipped or filled with blanks.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let mut out = clip(text, columns);
    out.push_str(&" ".repeat(columns.saturating_sub(width(&out))));
    out
}

/// Minutes and seconds of a time in the recording.
pub(super) fn clock(ms: u64) -> String {
    let seconds = ms / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A bar of `columns` columns, filled to `share` (0 to 1): its heavy and its light part.
pub(super) fn bar(share: f64, columns: usize) -> (String, String) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a few columns; not a number becomes 0"
    )]
    let full = (share.clamp(0.0, 1.0) * columns as f64).round() as usize;
    ("━".repeat(full), "─".repeat(columns.saturating_sub(full)))
}

type Piece = (String, Style);

/// Breaks styled text into lines of at most `columns` columns, at spaces where there are any.
pub(super) fn wrap(spans: &[Span<'_>], columns: usize) -> Vec<Line<'static>> {
    let pieces = spans.iter().flat_map(|s| {
        graphemes(&s.content).into_iter().map(|g| (g, s.style)).collect::<Vec<Piece>>()
    });
    let (mut lines, mut line, mut used) = (Vec::new(), Vec::<Piece>::new(), 0);
    for piece in pieces {
        let wide = width(&piece.0);
        if used + wide > columns && !line.is_empty() {
            if piece.0 == " " {
                lines.push(join(std::mem::take(&mut line)));
                used = 0;
                continue;
            }
            let rest = line.iter().rposition(|p| p.0 == " ").map_or(Vec::new(), |space| {
                let rest = line.split_off(space + 1);
                line.pop();
                rest
            });
            lines.push(join(std::mem::replace(&mut line, rest)));
            used = line.iter().map(|p| width(&p.0)).sum();
        }
        used += wide;
        line.push(piece);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(join(line));
    }
    lines
}

fn join(pieces: Vec<Piece>) -> Line<'static> {
    let mut spans = Vec::<Span<'static>>::new();
    for (symbol, style) in pieces {
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(&symbol),
            _ => spans.push(Span::styled(symbol, style)),
        }
    }
    Line::from(spans)
}
