use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::text::{clean, graphemes, width};

/// One line of typed text. The cursor stands before a grapheme or behind the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Input {
    graphemes: Vec<String>,
    cursor: usize,
}

impl Input {
    /// Starts with a text, the cursor behind it.
    pub(super) fn new(text: &str) -> Self {
        let graphemes = graphemes(&clean(text));
        Self { cursor: graphemes.len(), graphemes }
    }

    pub(super) fn text(&self) -> String {
        self.graphemes.concat()
    }

    /// Moves or edits; a key that means nothing here is ignored.
    pub(super) fn on_key(&mut self, key: KeyEvent) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Left => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Right => self.cursor = self.graphemes.len().min(self.cursor + 1),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.graphemes.len(),
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.graphemes.len(),
            KeyCode::Char('u') if control => self.remove(0, self.cursor),
            KeyCode::Char('k') if control => self.remove(self.cursor, self.graphemes.len()),
            KeyCode::Char('w') if control => self.remove(self.word_start(), self.cursor),
            KeyCode::Backspace if alt || control => self.remove(self.word_start(), self.cursor),
            KeyCode::Backspace => self.remove(self.cursor.saturating_sub(1), self.cursor),
            KeyCode::Delete => self.remove(self.cursor, self.cursor + 1),
            // AltGr arrives as both modifiers and types ordinary characters such as @.
            KeyCode::Char(c) if control == alt => self.insert(c),
            _ => {}
        }
    }

    fn insert(&mut self, c: char) {
        if clean(&c.to_string()) != c.to_string() {
            return;
        }
        let (before, after) = self.graphemes.split_at(self.cursor);
        let before = before.concat() + c.encode_utf8(&mut [0; 4]);
        let text = before.clone() + &after.concat();
        // A combining mark or a joiner melts into its neighbours.
        self.cursor = graphemes(&before).len();
        self.graphemes = graphemes(&text);
        self.cursor = self.cursor.min(self.graphemes.len());
    }

    fn remove(&mut self, from: usize, to: usize) {
        let to = to.min(self.graphemes.len());
        if from < to {
            self.graphemes.drain(from..to);
        }
        let before = self.graphemes.iter().take(from).map(String::as_str).collect::<String>();
        self.graphemes = graphemes(&self.text());
        self.cursor = graphemes(&before).len().min(self.graphemes.len());
    }

    fn word_start(&self) -> usize {
        let blank = |i: &usize| self.graphemes.get(*i).is_some_and(|g| g == " ");
        let end = (0..self.cursor).rev().find(|i| !blank(i)).map_or(0, |i| i + 1);
        (0..end).rev().find(blank).map_or(0, |i| i + 1)
    }

    /// The part of the text that shows in `columns` columns, and the cursor's column in it.
    pub(super) fn window(&self, columns: usize) -> (String, usize) {
        let wide = |from: usize| {
            self.graphemes.iter().take(self.cursor).skip(from).map(|g| width(g)).sum::<usize>()
        };
        let from = (0..=self.cursor).find(|f| wide(*f) < columns.max(1)).unwrap_or(self.cursor);
        let mut shown = String::new();
        for g in self.graphemes.iter().skip(from) {
            if width(&shown) + width(g) > columns {
                break;
            }
            shown.push_str(g);
        }
        (shown, wide(from))
    }
}
