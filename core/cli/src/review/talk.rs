use confee_domain::Transcript;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, BorderType, Padding, Paragraph},
};

use super::{
    app::App,
    evidence::{first_marked, turn},
    text,
};

/// Longer lines are hard to read.
const MAX_COLUMNS: usize = 100;

/// Rows of the talk that show at once.
pub(super) fn page(app: &App) -> usize {
    usize::from(app.size.1).saturating_sub(5).max(1)
}

/// How far the talk can be scrolled down.
pub(super) fn last_scroll(app: &App) -> usize {
    lines(app).len().saturating_sub(page(app))
}

/// Where to start so that the chosen field's words are in sight.
pub(super) fn first_cited(app: &App) -> usize {
    let line = first_marked(&lines(app), app.theme).unwrap_or(0);
    line.saturating_sub(page(app) / 3).min(last_scroll(app))
}

/// Draws the whole talk, scrolled down by so many lines.
pub(super) fn draw(frame: &mut Frame, area: Rect, app: &App, scroll: usize) {
    let title = app.card().map_or(String::new(), |c| c.headline.clone());
    let title = format!(" Talk with {} ", text::clip(&title, 60));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(app.theme.faint())
        .padding(Padding::horizontal(1))
        .title(Span::styled(title, app.theme.strong()));
    let (all, rows) = (lines(app), page(app));
    let part = format!(" {} of {} lines ", all.len().min(scroll + rows), all.len());
    let block = block.title_bottom(Line::styled(part, app.theme.faint()).right_aligned());
    let shown: Vec<Line> = all.into_iter().skip(scroll).take(rows).collect();
    frame.render_widget(Paragraph::new(shown).block(block), area);
}

fn lines(app: &App) -> Vec<Line<'static>> {
    let columns = usize::from(app.size.0).saturating_sub(4).min(MAX_COLUMNS);
    match app.talk() {
        Some(Ok(talk)) => turns(app, talk, columns),
        Some(Err(sentence)) => {
            text::wrap(&[Span::styled(text::clean(sentence), app.theme.bad())], columns)
        }
        None => vec![Line::raw("The talk is not there yet.")],
    }
}

fn turns(app: &App, talk: &Transcript, columns: usize) -> Vec<Line<'static>> {
    let cited = app.chosen().map_or(&[][..], |f| &f.evidence);
    let all = talk.segments().iter().enumerate();
    all.flat_map(|(i, s)| turn(s, i, cited, columns, app.theme)).collect()
}
