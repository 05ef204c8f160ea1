//! A helper that plays keys like a person, and tests of the loop itself.

use std::io;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};

use super::{
    super::{Deck, Summary, app::App, carry_out, play, theme::Theme, view},
    made_up::TestDeck,
};

pub(super) const COLOUR: Theme = Theme { colour: true };

/// A deck with the reducer on top.
pub(super) struct Play {
    pub(super) app: App,
    pub(super) deck: TestDeck,
    pub(super) going: bool,
}

impl Play {
    pub(super) fn new(deck: TestDeck) -> Self {
        Self::sized(deck, COLOUR, (80, 24))
    }

    pub(super) fn sized(mut deck: TestDeck, theme: Theme, size: (u16, u16)) -> Self {
        let (mut app, commands) = App::new(deck.cards().unwrap(), theme, size);
        let going = carry_out(&mut app, commands, &mut deck);
        Self { app, deck, going }
    }

    pub(super) fn key(&mut self, key: KeyEvent) -> &mut Self {
        let commands = self.app.on_key(key);
        self.going = carry_out(&mut self.app, commands, &mut self.deck);
        self
    }

    pub(super) fn press(&mut self, code: KeyCode) -> &mut Self {
        self.key(KeyEvent::from(code))
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for c in keys.chars() {
            self.press(match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '\x1b' => KeyCode::Esc,
                c => KeyCode::Char(c),
            });
        }
        self
    }

    /// What stands on the line below the card for now.
    pub(super) fn toast(&self) -> &str {
        self.app.toast.as_ref().map_or("", |t| &t.text)
    }

    pub(super) fn draw(&self) -> Buffer {
        let (columns, rows) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view::draw(frame, &self.app)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen's rows as text; the second half of a wide character is left out.
    pub(super) fn screen(&self) -> String {
        let buffer = self.draw();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                out.push_str(symbol);
                x += u16::try_from(super::super::text::width(symbol).max(1)).unwrap();
            }
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
        }
        out
    }
}

fn run(deck: &mut TestDeck, events: Vec<Event>) -> (io::Result<Summary>, usize) {
    let (app, commands) = App::new(deck.cards().unwrap(), COLOUR, (80, 24));
    let (mut events, mut drawn) = (events.into_iter(), 0);
    let mut next = || events.next().ok_or_else(|| io::Error::other("no more keys"));
    let mut draw = |app: &App| {
        drawn += 1;
        let mut terminal = Terminal::new(TestBackend::new(app.size.0, app.size.1)).unwrap();
        terminal.draw(|frame| view::draw(frame, app)).unwrap();
        Ok(())
    };
    let summary = play(app, commands, deck, &mut draw, &mut next);
    (summary, drawn)
}

fn key(code: KeyCode) -> Event {
    Event::Key(KeyEvent::from(code))
}

#[test]
fn the_loop_ends_with_the_counts() {
    let events = vec![
        key(KeyCode::Right),
        Event::Resize(100, 30),
        key(KeyCode::Left),
        key(KeyCode::Char('d')),
        key(KeyCode::Char('q')),
    ];
    let (summary, drawn) = run(&mut TestDeck::of(3), events);
    assert_eq!(summary.unwrap(), Summary { approved: 1, rejected: 1, left: 1 });
    assert_eq!(drawn, 5);
}

#[test]
fn control_c_leaves_from_anywhere() {
    for before in ["", "h", "a", "e", "t", "?"] {
        let mut events: Vec<_> = before.chars().map(|c| key(KeyCode::Char(c))).collect();
        let leave = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        events.push(Event::Key(leave));
        let (summary, _) = run(&mut TestDeck::of(2), events);
        assert_eq!(summary.unwrap(), Summary { approved: 0, rejected: 0, left: 2 });
    }
}

#[test]
fn a_terminal_that_fails_ends_the_review_with_its_error() {
    let (summary, _) = run(&mut TestDeck::of(1), vec![key(KeyCode::Down)]);
    assert_eq!(summary.unwrap_err().to_string(), "no more keys");
}
