//! The review on a terminal: leads as a deck of cards that are swiped with the arrow keys.
//!
//! A pure reducer ([`app`], [`keys`]) turns keys into a new state and commands, a pure view
//! ([`view`]) draws the state, and the loop here carries the commands to a [`Deck`] and back.

mod app;
mod card;
mod evidence;
mod input;
mod keys;
mod talk;
mod text;
mod theme;
mod view;

#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    io::{self, IsTerminal as _},
};

use confee_domain::{FieldKey, FieldValue, LeadCard, ReviewAction, Transcript};
use crossterm::event::{self, Event};

use app::{App, Command};
use theme::Theme;

/// What the deck needs from the outside. Every error is a sentence to show to a person.
pub(crate) trait Deck {
    /// The open leads, newest first.
    fn cards(&mut self) -> Result<Vec<LeadCard>, String>;
    /// The talk of a lead.
    fn transcript(&mut self, id: &str) -> Result<Transcript, String>;
    /// Does something with a lead and returns its card as it stands then.
    fn act(&mut self, id: &str, action: ReviewAction) -> Result<LeadCard, String>;
    /// Typed text as the value of a field.
    fn parse(&mut self, id: &str, key: FieldKey, text: &str) -> Result<FieldValue, String>;
}

/// How many of the deck's cards ended where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Swiped right.
    pub(crate) approved: usize,
    /// Swiped left.
    pub(crate) rejected: usize,
    /// Not decided.
    pub(crate) left: usize,
}

/// Shows the deck until the person leaves. The terminal is put back whatever happens; Ctrl-C
/// leaves like `q`.
///
/// # Errors
/// The cards cannot be read, or the terminal cannot be set up or fails.
pub(crate) fn run(deck: &mut dyn Deck) -> io::Result<Summary> {
    if !io::stdout().is_terminal() {
        return Err(io::Error::other("the review needs a terminal; run it without a pipe"));
    }
    let cards = deck.cards().map_err(io::Error::other)?;
    let theme = Theme::new(std::env::var_os("NO_COLOR").as_deref());
    // Also hooks panics, so that their message lands on a usable terminal.
    let mut terminal = ratatui::try_init()?;
    let _restore = Restore;
    let size = terminal.size()?;
    let (app, commands) = App::new(cards, theme, (size.width, size.height));
    let mut draw = |app: &App| terminal.draw(|frame| view::draw(frame, app)).map(|_| ());
    play(app, commands, deck, &mut draw, &mut event::read)
}

struct Restore;

impl Drop for Restore {
    fn drop(&mut self) {
        // The hook has done it already; twice would put the cursor onto the panic's message.
        if !std::thread::panicking() {
            ratatui::restore();
        }
    }
}

fn play(
    mut app: App,
    commands: Vec<Command>,
    deck: &mut dyn Deck,
    draw: &mut dyn FnMut(&App) -> io::Result<()>,
    next: &mut dyn FnMut() -> io::Result<Event>,
) -> io::Result<Summary> {
    let mut going = carry_out(&mut app, commands, deck);
    while going {
        draw(&app)?;
        let commands = match next()? {
            Event::Key(key) => app.on_key(key),
            Event::Resize(columns, rows) => {
                app.size = (columns, rows);
                Vec::new()
            }
            _ => Vec::new(),
        };
        going = carry_out(&mut app, commands, deck);
    }
    Ok(app.summary())
}

/// Carries commands out, and those that follow from their answers. False: the person leaves.
fn carry_out(app: &mut App, commands: Vec<Command>, deck: &mut dyn Deck) -> bool {
    let mut queue = VecDeque::from(commands);
    while let Some(command) = queue.pop_front() {
        match command {
            Command::Act { id, action } => {
                let card = deck.act(&id, action.clone());
                queue.extend(app.acted(&id, &action, card));
            }
            Command::Parse { id, key, text } => {
                let value = deck.parse(&id, key, &text);
                queue.extend(app.parsed(&id, key, value));
            }
            Command::Transcript { id } => {
                let talk = deck.transcript(&id);
                app.loaded(&id, talk);
            }
            Command::Quit => return false,
        }
    }
    true
}
