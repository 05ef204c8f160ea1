//! Whole screens, and what must hold on each.

use std::{env, fs, path::Path};

use confee_domain::{Competitor, Confidence, Field, Relation};
use crossterm::event::KeyCode;
use proptest::prelude::*;
use ratatui::style::{Color, Modifier};

use super::{
    super::theme::Theme,
    loop_::{COLOUR, Play},
    made_up::{TestDeck, cite, empty, euros, field, long, short, talk},
};

fn at(size: (u16, u16)) -> Play {
    Play::sized(TestDeck::new(vec![long("a"), short("b")]), COLOUR, size)
}

/// Compares with the screen that is kept; run with `UPDATE_PICTURES=1` after a wanted change.
fn same(name: &str, play: &Play) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/review/tests/screens").join(name);
    let drawn = play.screen();
    if env::var_os("UPDATE_PICTURES").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "{name} is kept as\n{kept}\nbut drawn as\n{drawn}");
}

#[test]
fn a_card_on_a_small_terminal() {
    same("small.txt", at((80, 24)).keys("cjjj"));
}

#[test]
fn a_card_on_a_wide_terminal() {
    same("wide.txt", at((120, 34)).keys("jjjjj"));
}

#[test]
fn a_value_is_typed_in_its_row() {
    same("edit.txt", at((80, 24)).keys("je and Fleet"));
}

#[test]
fn a_new_pain_has_a_row_of_its_own() {
    same("add.txt", at((80, 24)).keys("apno overview"));
}

#[test]
fn what_can_be_added_is_listed() {
    same("add_prompt.txt", Play::new(TestDeck::of(1)).keys("a"));
}

#[test]
fn the_keys_are_listed() {
    same("help.txt", at((80, 24)).keys("?"));
}

#[test]
fn the_reasons_are_asked_for() {
    same("reject.txt", at((80, 24)).keys("h"));
}

#[test]
fn the_whole_talk_can_be_read() {
    same("talk.txt", at((80, 24)).keys("t"));
}

#[test]
fn nothing_to_review() {
    same("empty.txt", Play::new(TestDeck::of(0)).keys("lhcetajx\t\n1"));
}

#[test]
fn all_cards_decided() {
    same("done.txt", Play::new(TestDeck::of(2)).keys("lhb"));
}

#[test]
fn changes_show_the_old_value_and_a_word() {
    let mut p = Play::new(TestDeck::of(1));
    p.keys("ckje AS\njx");
    let screen = p.screen();
    for row in ["✓ Name", "✎ Company    Fjordworks AS  Fjordworks", "✗ Pain       (empty)"] {
        assert!(screen.contains(row), "{row} in\n{screen}");
    }
    for word in ["confirmed", "edited", "cleared"] {
        assert!(screen.contains(word), "{word} in\n{screen}");
    }
    let buffer = p.draw();
    let struck = buffer.content.iter().filter(|c| c.modifier.contains(Modifier::CROSSED_OUT));
    let struck: String = struck.map(|c| c.symbol().to_owned()).collect();
    assert_eq!(struck, "Fjordworksorders get lostorders get lost", "two rows, and above the words");
}

#[test]
fn the_cited_words_are_marked() {
    let marked = |play: &Play| {
        let cells = play.draw().content;
        let marked = cells.iter().filter(|c| c.style().patch(play.app.theme.mark()) == c.style());
        marked.map(|c| c.symbol().to_owned()).collect::<String>()
    };
    let mut p = at((80, 24));
    assert_eq!(marked(&p), "Marit Solberg");
    p.press(KeyCode::Char('t'));
    assert_eq!(marked(&p), "Marit Solberg");
    p.app.theme = Theme { colour: false };
    assert_eq!(marked(&p), "Marit Solberg");
}

#[test]
fn words_from_far_apart_are_both_shown() {
    let turns = ["v:It costs us days.", "r:Oh.", "r:Well.", "r:So.", "v:Days, I say.", "r:Yes."];
    let t = talk("a", &turns);
    let quote = cite(&t, "costs us days").and(cite(&t, "Days, I say"));
    let mut lead = empty("a");
    lead.pains = vec![Field::new("days lost".to_owned(), Confidence::permille(800), quote)];
    let screen = Play::new(TestDeck::new(vec![(lead, t)])).screen();
    let shown = ["It costs us days.", "Oh.", "⋮", "So.", "Days, I say.", "Yes."];
    let places: Vec<_> = shown.iter().map(|w| screen.find(w)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{screen}");
    assert!(!screen.contains("Well."), "{screen}");
}

#[test]
fn without_the_talk_the_quote_still_stands() {
    let mut p = Play::new(TestDeck::of(2));
    p.deck.broken = true;
    let screen = p.keys("\tjj").screen();
    assert!(screen.contains("“orders get lost”"), "{screen}");
    assert!(screen.contains("The store is closed"), "{screen}");
}

#[test]
fn no_color_means_no_colour_on_any_screen() {
    for keys in ["", "h", "a", "je", "t", "?", "c", "x", "lll", "j1"] {
        for size in [(80, 24), (130, 40)] {
            let deck = TestDeck::new(vec![long("a"), short("b")]);
            let mut p = Play::sized(deck, Theme { colour: false }, size);
            p.keys(keys);
            let plain = |c: &ratatui::buffer::Cell| c.fg == Color::Reset && c.bg == Color::Reset;
            assert!(p.draw().content.iter().all(plain), "after {keys:?}");
        }
    }
}

#[test]
fn colours_follow_the_confidence() {
    let p = at((80, 24));
    let colour = |word: &str| {
        let screen = p.screen();
        let (y, row) = screen.lines().enumerate().find(|(_, r)| r.ends_with(word)).unwrap();
        let x = row.chars().position(|c| c == '━').unwrap();
        p.draw()[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].fg
    };
    assert_eq!(colour("sure   │"), Color::Green);
    assert_eq!(colour("check  │"), Color::Yellow);
}

#[test]
fn a_tiny_window_says_so() {
    let p = at((40, 10));
    assert!(p.screen().contains("too small"), "{}", p.screen());
}

/// Emoji with joiners, wide characters, right-to-left text, marks, escapes and long words.
fn odd() -> Play {
    let said = "v:我是王小明，来自“東京デザイン株式会社”。 👩‍👩‍👧 שלום, אני מנהל e\u{301}quipe \u{1b}[31m\u{202e}";
    let long_word = format!("v:{}", "Donaudampfschifffahrt".repeat(12));
    let t = talk("a", &["r:?", said, &long_word, "?:…"]);
    let mut lead = empty("a");
    lead.contact.name = Some(field(&t, "王小明 👩‍👩‍👧".to_owned(), 900, "王小明"));
    let company = "東京デザイン株式会社東京デザイン株式会社東京デザイン株式会社".to_owned();
    lead.contact.company = Some(field(&t, company, 650, "東京デザイン株式会社"));
    lead.contact.title = Some(field(&t, "מנהל\u{202e}\u{1b}[31m\n!".to_owned(), 300, "אני מנהל"));
    lead.budget = Some(field(&t, euros(1e15, 2e15), 300, "שלום"));
    let word = "Donaudampfschifffahrt".repeat(12);
    lead.pains = vec![field(&t, word.clone(), 880, &word)];
    let rival = Competitor { name: "ع".repeat(90), relation: Relation::Current };
    lead.competitors = vec![field(&t, rival, 700, "e\u{301}quipe")];
    Play::new(TestDeck::new(vec![(lead, t)]))
}

#[test]
fn text_of_any_script_stays_in_its_place() {
    for size in [(80, 24), (50, 16), (110, 30)] {
        let mut p = odd();
        p.app.size = size;
        for keys in ["", "j", "j", "j", "j", "j", "t", "G", "\x1be", "x\x1b", "ap界界", "\x1b?"] {
            p.keys(keys);
            let buffer = p.draw();
            assert!(!buffer.content.iter().any(|c| c.symbol().contains(['\x1b', '\u{202e}'])));
            let edge = |y| buffer[(size.0 - 1, y)].symbol() == "│";
            assert!((2..size.1 - 4).all(edge), "after {keys:?} at {size:?}:\n{}", p.screen());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_at_any_size_is_drawn(
        words in "\\PC{1,60}",
        columns in 1u16..200,
        rows in 1u16..60,
        keys in "[jketahx?]{0,6}",
    ) {
        let words = format!("v:{}x", words.replace(':', ";"));
        let t = talk("a", &["r:Hm?", &words]);
        let mut lead = empty("a");
        lead.contact.name = Some(field(&t, words.clone(), 500, words.split_once(':').unwrap().1));
        Play::sized(TestDeck::new(vec![(lead, t)]), COLOUR, (columns, rows)).keys(&keys).draw();
    }
}
