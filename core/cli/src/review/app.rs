use confee_domain::{
    FieldCard, FieldKey, FieldState, FieldValue, LeadCard, ReviewAction, Stage, Transcript,
};

use super::{Summary, input::Input, theme::Theme};

/// What the loop has to do outside; the answer comes back through the method of the same name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    /// Answer with [`App::acted`].
    Act { id: String, action: ReviewAction },
    /// Answer with [`App::parsed`].
    Parse { id: String, key: FieldKey, text: String },
    /// Answer with [`App::loaded`].
    Transcript { id: String },
    /// Leave.
    Quit,
}

/// What the keys mean at the moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mode {
    /// Swipe, choose and change.
    Card,
    /// Which reason?
    Reject,
    /// Which field to add?
    Add,
    /// A value is being typed.
    Edit { key: FieldKey, input: Input },
    /// The whole talk, scrolled down by so many lines.
    Talk { scroll: usize },
    /// The list of keys.
    Help,
}

/// A sentence that stays until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Toast {
    pub(super) text: String,
    pub(super) error: bool,
}

/// The deck as it stands. Keys and answers change it; nothing else does.
#[derive(Debug)]
pub(super) struct App {
    /// All cards of this session in the deck's order, decided ones too.
    pub(super) cards: Vec<LeadCard>,
    /// The card on top.
    pub(super) at: usize,
    /// The chosen field of that card.
    pub(super) field: usize,
    pub(super) mode: Mode,
    /// The talk of the card with this id, or why it cannot be shown.
    pub(super) talk: Option<(String, Result<Transcript, String>)>,
    pub(super) toast: Option<Toast>,
    pub(super) theme: Theme,
    /// Columns and rows of the terminal.
    pub(super) size: (u16, u16),
    /// Ids of the cards acted on, oldest first: what undo takes back.
    done: Vec<String>,
}

pub(super) fn is_open(card: &LeadCard) -> bool {
    !matches!(card.stage, Stage::Approved | Stage::Rejected)
}

impl App {
    /// The deck with its first card on top, and what that card needs.
    pub(super) fn new(
        cards: Vec<LeadCard>,
        theme: Theme,
        size: (u16, u16),
    ) -> (Self, Vec<Command>) {
        let first = cards.iter().position(is_open);
        let mut app = Self {
            cards,
            at: 0,
            field: 0,
            mode: Mode::Card,
            talk: None,
            toast: None,
            theme,
            size,
            done: Vec::new(),
        };
        let commands = first.map_or(Vec::new(), |i| app.show(i));
        (app, commands)
    }

    /// The card on top, unless all are decided.
    pub(super) fn card(&self) -> Option<&LeadCard> {
        self.cards.get(self.at).filter(|c| is_open(c))
    }

    /// The chosen field of the card on top; none while a new one is being typed.
    pub(super) fn chosen(&self) -> Option<&FieldCard> {
        let fields = &self.card()?.fields;
        match &self.mode {
            Mode::Edit { key, .. } => fields.iter().find(|f| f.key == *key),
            _ => fields.get(self.field),
        }
    }

    /// The talk of the card on top.
    pub(super) fn talk(&self) -> Option<&Result<Transcript, String>> {
        let card = self.card()?;
        self.talk.as_ref().filter(|(id, _)| *id == card.id).map(|(_, talk)| talk)
    }

    pub(super) fn summary(&self) -> Summary {
        let count = |stage| self.cards.iter().filter(|c| c.stage == stage).count();
        let (approved, rejected) = (count(Stage::Approved), count(Stage::Rejected));
        Summary { approved, rejected, left: self.cards.len() - approved - rejected }
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.toast = Some(Toast { text: text.into(), error: false });
    }

    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.toast = Some(Toast { text: text.into(), error: true });
    }

    /// Puts a card on top.
    pub(super) fn show(&mut self, at: usize) -> Vec<Command> {
        (self.at, self.field, self.mode) = (at, 0, Mode::Card);
        let Some(card) = self.card() else { return Vec::new() };
        let mut commands = vec![Command::Transcript { id: card.id.clone() }];
        if card.stage == Stage::Drafted {
            commands.push(Command::Act { id: card.id.clone(), action: ReviewAction::Open });
        }
        commands
    }

    /// The next open card after the one on top, or the one before it; the deck goes round.
    pub(super) fn neighbour(&self, forward: bool) -> Option<usize> {
        let after = (self.at + 1..self.cards.len()).chain(0..self.at);
        let open = |i: &usize| self.cards.get(*i).is_some_and(is_open);
        if forward { after.into_iter().find(open) } else { after.rev().find(open) }
    }

    /// The card whose last action undo takes back.
    pub(super) fn undo_target(&self) -> Option<String> {
        let last = self.done.last().cloned();
        last.or_else(|| self.card().filter(|c| c.can_undo).map(|c| c.id.clone()))
    }

    /// Takes in a talk.
    pub(super) fn loaded(&mut self, id: &str, talk: Result<Transcript, String>) {
        self.talk = Some((id.to_owned(), talk));
    }

    /// Takes in what typed text means.
    pub(super) fn parsed(
        &mut self,
        id: &str,
        key: FieldKey,
        value: Result<FieldValue, String>,
    ) -> Vec<Command> {
        match value {
            Err(sentence) => self.complain(sentence),
            Ok(value) if self.holds(key, &value) => {
                self.mode = Mode::Card;
                self.say("Nothing has changed.");
            }
            Ok(value) => {
                let action = ReviewAction::Edit { key, value: Some(value) };
                return vec![Command::Act { id: id.to_owned(), action }];
            }
        }
        Vec::new()
    }

    fn holds(&self, key: FieldKey, value: &FieldValue) -> bool {
        let field = self.card().and_then(|c| c.fields.iter().find(|f| f.key == key));
        field.is_some_and(|f| f.value.as_ref() == Some(value))
    }

    /// Takes in the card after an action, or the sentence that says why not.
    pub(super) fn acted(
        &mut self,
        id: &str,
        action: &ReviewAction,
        result: Result<LeadCard, String>,
    ) -> Vec<Command> {
        let Some(at) = self.cards.iter().position(|c| c.id == id) else { return Vec::new() };
        let card = match result {
            Ok(card) => card,
            Err(sentence) => {
                self.failed(at, action);
                self.complain(sentence);
                return Vec::new();
            }
        };
        let chosen = self.chosen().map(|f| f.key);
        let before = std::mem::replace(&mut self.cards[at], card);
        match action {
            ReviewAction::Open => Vec::new(),
            ReviewAction::Undo => self.undone(at, &before, chosen),
            _ => {
                self.done.push(id.to_owned());
                if is_open(&self.cards[at]) {
                    self.changed(action, chosen)
                } else {
                    self.swiped(at)
                }
            }
        }
    }

    /// A step that can never be taken back must not stand in the way of those before it.
    fn failed(&mut self, at: usize, action: &ReviewAction) {
        let card = &self.cards[at];
        if *action == ReviewAction::Undo && !card.can_undo && self.done.last() == Some(&card.id) {
            self.done.pop();
        }
    }

    fn swiped(&mut self, at: usize) -> Vec<Command> {
        let card = &self.cards[at];
        let headline = &card.headline;
        let text = match card.stage {
            Stage::Approved => format!("→ Approved: {headline}. Press u to take it back."),
            _ => format!("← Rejected: {headline}. Press u to take it back."),
        };
        self.say(text);
        self.at = at;
        self.mode = Mode::Card;
        self.neighbour(true).map_or(Vec::new(), |next| self.show(next))
    }

    fn changed(&mut self, action: &ReviewAction, chosen: Option<FieldKey>) -> Vec<Command> {
        self.mode = Mode::Card;
        match action {
            ReviewAction::Confirm { key } => {
                self.choose(Some(*key));
                self.step(true);
            }
            ReviewAction::Edit { key, .. } => self.choose(Some(*key)),
            _ => self.choose(chosen),
        }
        Vec::new()
    }

    fn undone(&mut self, at: usize, before: &LeadCard, chosen: Option<FieldKey>) -> Vec<Command> {
        let card = &self.cards[at];
        if self.done.last() == Some(&card.id) {
            self.done.pop();
        }
        let headline = card.headline.clone();
        let same = card.fields == before.fields && is_open(card) == is_open(before);
        if same {
            self.say("There is nothing more to undo on this card.");
        } else {
            self.say(format!("Taken back: {headline}."));
        }
        if at == self.at && is_open(before) {
            self.choose(changed_field(before, &self.cards[at]).or(chosen));
            return Vec::new();
        }
        self.show(at)
    }

    /// Chooses a field by its key, or the nearest place where it is gone.
    fn choose(&mut self, key: Option<FieldKey>) {
        let Some(card) = self.card() else { return };
        let found = card.fields.iter().position(|f| Some(f.key) == key);
        self.field = found.unwrap_or(self.field.min(card.fields.len().saturating_sub(1)));
    }

    /// Chooses the next field or the one before; stays at the ends.
    pub(super) fn step(&mut self, down: bool) {
        let last = self.card().map_or(0, |c| c.fields.len().saturating_sub(1));
        self.field = if down { last.min(self.field + 1) } else { self.field.saturating_sub(1) };
    }
}

fn changed_field(before: &LeadCard, after: &LeadCard) -> Option<FieldKey> {
    let differs = |f: &&FieldCard| !before.fields.contains(f);
    after.fields.iter().find(differs).map(|f| f.key)
}

/// Whether a tap on "right" would change nothing.
pub(super) fn is_settled(field: &FieldCard) -> bool {
    matches!(field.state, FieldState::Confirmed | FieldState::Edited)
}
