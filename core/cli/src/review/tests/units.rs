//! Text, input and meaning of numbers.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::text::Span;

use super::super::{
    input::Input,
    text::{bar, clean, clip, clock, fit, graphemes, width, wrap},
    theme::{Sureness, Theme},
};

#[test]
fn confidence_has_three_words() {
    let table = [(1.0, "sure"), (0.85, "sure"), (0.849, "check"), (0.6, "check"), (0.59, "unsure")];
    for (confidence, word) in table {
        assert_eq!(Sureness::of(confidence).word(), word, "{confidence}");
    }
    assert_eq!(Sureness::of(f64::NAN), Sureness::Unsure);
}

#[test]
fn no_color_counts_when_it_is_not_empty() {
    assert!(Theme::new(None).colour);
    assert!(Theme::new(Some("".as_ref())).colour);
    assert!(!Theme::new(Some("1".as_ref())).colour);
}

#[test]
fn times_bars_and_clips() {
    assert_eq!(
        (clock(0), clock(65_999), clock(3_600_000)),
        ("0:00".into(), "1:05".into(), "60:00".into())
    );
    assert_eq!(bar(0.5, 4), ("━━".into(), "──".into()));
    assert_eq!(bar(f64::NAN, 2), (String::new(), "──".into()));
    assert_eq!(bar(7.0, 2), ("━━".into(), String::new()));
    assert_eq!(
        (clip("abc", 3), clip("abcd", 3), clip("abc", 0)),
        ("abc".into(), "ab…".into(), String::new())
    );
    assert_eq!(clip("日本語", 4), "日…");
    assert_eq!(fit("日本語", 4), "日… ");
    assert_eq!(clean("a\nb\x1b[2J\u{202e}c"), "a b [2Jc");
}

#[test]
fn wrapping_breaks_at_spaces_and_within_long_words() {
    let text = |t: &str, columns| {
        wrap(&[Span::raw(t.to_owned())], columns)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(text("one two three", 7), ["one two", "three"]);
    assert_eq!(text("one two", 4), ["one", "two"]);
    assert_eq!(text("abcdef", 4), ["abcd", "ef"]);
    assert_eq!(text("日本語", 4), ["日本", "語"]);
    assert_eq!(text("", 4), [""]);
}

fn typed(input: &mut Input, code: KeyCode) {
    input.on_key(KeyEvent::from(code));
}

#[test]
fn the_input_edits_what_a_person_sees_as_characters() {
    let mut i = Input::new("ne\u{301}e");
    typed(&mut i, KeyCode::Left);
    typed(&mut i, KeyCode::Backspace);
    assert_eq!(i.text(), "ne");
    typed(&mut i, KeyCode::Char('x'));
    typed(&mut i, KeyCode::Home);
    typed(&mut i, KeyCode::Delete);
    assert_eq!(i.text(), "xe");
    typed(&mut i, KeyCode::End);
    for c in " two words".chars() {
        typed(&mut i, KeyCode::Char(c));
    }
    i.on_key(KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL));
    assert_eq!(i.text(), "xe two ");
    let altgr = KeyModifiers::CONTROL | KeyModifiers::ALT;
    i.on_key(KeyEvent::new(KeyCode::Char('@'), altgr));
    assert_eq!(i.text(), "xe two @");
    i.on_key(KeyEvent::new(KeyCode::Char('a'), KeyModifiers::CONTROL));
    i.on_key(KeyEvent::new(KeyCode::Char('k'), KeyModifiers::CONTROL));
    assert_eq!(i.text(), "");
}

#[test]
fn the_input_shows_the_part_with_the_cursor() {
    let mut i = Input::new("abcdefgh");
    assert_eq!(i.window(20), ("abcdefgh".into(), 8));
    assert_eq!(i.window(4), ("fgh".into(), 3));
    typed(&mut i, KeyCode::Home);
    assert_eq!(i.window(4), ("abcd".into(), 0));
}

proptest! {
    #[test]
    fn nothing_is_wider_than_its_place(text in "\\PC{0,40}", columns in 0usize..30) {
        prop_assert!(width(&clip(&text, columns)) <= columns);
        prop_assert_eq!(width(&fit(&text, columns)), columns);
        for line in wrap(&[Span::raw(text.clone())], columns) {
            let one = graphemes(&line.to_string()).len() <= 1;
            prop_assert!(one || line.width() <= columns);
        }
        let (shown, cursor) = Input::new(&text).window(columns);
        prop_assert!(width(&shown) <= columns && cursor < columns.max(1));
    }

    #[test]
    fn wrapping_loses_only_blanks(text in "\\PC{0,40}", columns in 1usize..30) {
        let blanks_off = |t: &str| t.chars().filter(|c| *c != ' ').collect::<String>();
        let all: String =
            wrap(&[Span::raw(text.clone())], columns).iter().map(ToString::to_string).collect();
        prop_assert_eq!(blanks_off(&all), blanks_off(&text));
    }
}
