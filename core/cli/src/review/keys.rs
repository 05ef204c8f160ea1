use confee_domain::{FieldKey, FieldState, LeadCard, RejectReason, ReviewAction};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    app::{App, Command, Mode, is_settled},
    input::Input,
    talk,
};

/// The reasons for a rejection: key, words, meaning.
pub(super) const REASONS: [(char, &str, RejectReason); 4] = [
    ('n', "not a lead", RejectReason::NotALead),
    ('d', "duplicate", RejectReason::Duplicate),
    ('b', "bad recording", RejectReason::BadRecording),
    ('o', "other", RejectReason::Other),
];

/// The fields a lead has once.
const SINGLE: [FieldKey; 9] = [
    FieldKey::Name,
    FieldKey::Title,
    FieldKey::Company,
    FieldKey::Email,
    FieldKey::Phone,
    FieldKey::Budget,
    FieldKey::Timeline,
    FieldKey::Authority,
    FieldKey::NextStep,
];

impl App {
    /// The deck after a key, and what has to happen outside.
    pub(super) fn on_key(&mut self, key: KeyEvent) -> Vec<Command> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        self.toast = None;
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return vec![Command::Quit];
        }
        match self.mode {
            Mode::Edit { .. } => self.edit_key(key),
            _ if !plain => Vec::new(),
            Mode::Card => self.card_key(key.code),
            Mode::Reject => self.reject_key(key.code),
            Mode::Add => self.add_key(key.code),
            Mode::Talk { scroll } => self.talk_key(key.code, scroll),
            Mode::Help => {
                self.mode = Mode::Card;
                Vec::new()
            }
        }
    }

    fn card_key(&mut self, code: KeyCode) -> Vec<Command> {
        match code {
            KeyCode::Char('q') => return vec![Command::Quit],
            KeyCode::Char('?') => self.mode = Mode::Help,
            KeyCode::Char('u') => return self.undo(),
            _ if self.card().is_none() => {}
            KeyCode::Right | KeyCode::Char('l') => return self.act(ReviewAction::Approve),
            KeyCode::Left | KeyCode::Char('h') => self.mode = Mode::Reject,
            KeyCode::Tab => return self.turn(true),
            KeyCode::BackTab => return self.turn(false),
            KeyCode::Char('a') => self.mode = Mode::Add,
            KeyCode::Char('t') => {
                self.mode = Mode::Talk { scroll: talk::first_cited(self) };
            }
            _ => return self.field_key(code),
        }
        Vec::new()
    }

    fn field_key(&mut self, code: KeyCode) -> Vec<Command> {
        match code {
            KeyCode::Up | KeyCode::Char('k') => self.step(false),
            KeyCode::Down | KeyCode::Char('j') => self.step(true),
            KeyCode::Enter | KeyCode::Char('c') => return self.confirm(),
            KeyCode::Char('e') => {
                if let Some(field) = self.chosen() {
                    let input = Input::new(&field.display);
                    self.mode = Mode::Edit { key: field.key, input };
                }
            }
            KeyCode::Char('x') => return self.clear(),
            KeyCode::Char(c @ '1'..='9') => return self.take(c),
            _ => {}
        }
        Vec::new()
    }

    fn act(&self, action: ReviewAction) -> Vec<Command> {
        let act = |c: &LeadCard| vec![Command::Act { id: c.id.clone(), action }];
        self.card().map_or(Vec::new(), act)
    }

    fn undo(&mut self) -> Vec<Command> {
        let Some(id) = self.undo_target() else {
            self.say("There is nothing to undo.");
            return Vec::new();
        };
        vec![Command::Act { id, action: ReviewAction::Undo }]
    }

    fn turn(&mut self, forward: bool) -> Vec<Command> {
        let Some(next) = self.neighbour(forward) else {
            self.say("This is the only card left.");
            return Vec::new();
        };
        self.show(next)
    }

    fn confirm(&mut self) -> Vec<Command> {
        let Some(field) = self.chosen() else { return Vec::new() };
        let (key, cleared) = (field.key, field.state == FieldState::Cleared);
        if cleared {
            self.complain("The field is empty; press e to type a value or u to undo.");
            return Vec::new();
        }
        if is_settled(field) {
            self.step(true);
            return Vec::new();
        }
        self.act(ReviewAction::Confirm { key })
    }

    fn clear(&mut self) -> Vec<Command> {
        let Some(field) = self.chosen() else { return Vec::new() };
        if field.state == FieldState::Cleared {
            self.say("The field is empty already.");
            return Vec::new();
        }
        let key = field.key;
        self.act(ReviewAction::Edit { key, value: None })
    }

    fn take(&mut self, digit: char) -> Vec<Command> {
        let Some(field) = self.chosen() else { return Vec::new() };
        let found = digit_index(digit).and_then(|i| field.alternatives.get(i));
        let Some(alternative) = found else {
            self.say(format!("This field has no alternative {digit}."));
            return Vec::new();
        };
        let (key, value) = (field.key, Some(alternative.value.clone()));
        self.act(ReviewAction::Edit { key, value })
    }

    fn reject_key(&mut self, code: KeyCode) -> Vec<Command> {
        let reason = REASONS.iter().find(|(c, ..)| code == KeyCode::Char(*c));
        if let Some((_, _, reason)) = reason {
            self.mode = Mode::Card;
            return self.act(ReviewAction::Reject { reason: *reason });
        }
        if matches!(code, KeyCode::Esc | KeyCode::Char('q')) {
            self.mode = Mode::Card;
        }
        Vec::new()
    }

    fn add_key(&mut self, code: KeyCode) -> Vec<Command> {
        let (pain, competitor, missing) = self.addable();
        let key = match code {
            KeyCode::Esc | KeyCode::Char('q') => {
                self.mode = Mode::Card;
                return Vec::new();
            }
            KeyCode::Char('p') => Some(pain),
            KeyCode::Char('c') => Some(competitor),
            KeyCode::Char(c) => digit_index(c).and_then(|i| missing.get(i).copied()),
            _ => None,
        };
        if let Some(key) = key {
            self.mode = Mode::Edit { key, input: Input::default() };
        }
        Vec::new()
    }

    /// The keys a person can add: the next pain and competitor, and what the card does not have.
    pub(super) fn addable(&self) -> (FieldKey, FieldKey, Vec<FieldKey>) {
        let fields = self.card().map_or(&[][..], |c| &c.fields);
        let next = |of: fn(FieldKey) -> Option<u32>| {
            fields.iter().filter_map(|f| of(f.key)).max().map_or(0, |i| i.saturating_add(1))
        };
        let pain = next(|k| if let FieldKey::Pain(i) = k { Some(i) } else { None });
        let rival = next(|k| if let FieldKey::Competitor(i) = k { Some(i) } else { None });
        let missing = SINGLE.into_iter().filter(|k| !fields.iter().any(|f| f.key == *k));
        (FieldKey::Pain(pain), FieldKey::Competitor(rival), missing.collect())
    }

    fn edit_key(&mut self, key: KeyEvent) -> Vec<Command> {
        match key.code {
            KeyCode::Esc => self.mode = Mode::Card,
            KeyCode::Enter => return self.save(),
            _ => {
                if let Mode::Edit { input, .. } = &mut self.mode {
                    input.on_key(key);
                }
            }
        }
        Vec::new()
    }

    fn save(&mut self) -> Vec<Command> {
        let (Mode::Edit { key, input }, Some(card)) = (&self.mode, self.card()) else {
            return Vec::new();
        };
        let (key, text) = (*key, input.text());
        let field = card.fields.iter().find(|f| f.key == key);
        let old = field.map_or(String::new(), |f| Input::new(&f.display).text());
        if text.trim() == old.trim() {
            self.mode = Mode::Card;
            self.say("Nothing has changed.");
            return Vec::new();
        }
        if text.trim().is_empty() {
            return self.act(ReviewAction::Edit { key, value: None });
        }
        vec![Command::Parse { id: card.id.clone(), key, text: text.trim().to_owned() }]
    }

    fn talk_key(&mut self, code: KeyCode, scroll: usize) -> Vec<Command> {
        let (page, last) = (talk::page(self), talk::last_scroll(self));
        let to = match code {
            KeyCode::Up | KeyCode::Char('k') => scroll.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => scroll.saturating_add(1),
            KeyCode::PageUp => scroll.saturating_sub(page),
            KeyCode::PageDown | KeyCode::Char(' ') => scroll.saturating_add(page),
            KeyCode::Home | KeyCode::Char('g') => 0,
            KeyCode::End | KeyCode::Char('G') => last,
            KeyCode::Esc | KeyCode::Char('t' | 'q') => {
                self.mode = Mode::Card;
                return Vec::new();
            }
            _ => scroll,
        };
        self.mode = Mode::Talk { scroll: to.min(last) };
        Vec::new()
    }
}

/// The place a digit from 1 to 9 stands for.
fn digit_index(digit: char) -> Option<usize> {
    let place = digit.to_digit(10)?.checked_sub(1)?;
    usize::try_from(place).ok()
}
