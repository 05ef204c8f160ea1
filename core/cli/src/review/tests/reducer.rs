//! What every key does in every mode, over the real review rules.

use confee_domain::{FieldKey, FieldState, RejectReason, ReviewAction, Stage};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use proptest::prelude::*;

use super::{
    super::app::{Command, Mode},
    loop_::Play,
    made_up::{TestDeck, long, short},
};

fn one() -> Play {
    Play::new(TestDeck::of(1))
}

fn company(p: &Play) -> (String, FieldState) {
    let field = p.app.cards[0].fields.iter().find(|f| f.key == FieldKey::Company).unwrap();
    (field.display.clone(), field.state)
}

#[test]
fn showing_a_card_opens_it_once() {
    let mut p = Play::new(TestDeck::of(2));
    assert_eq!((p.deck.stage("0"), p.deck.stage("1")), (Stage::InReview, Stage::Drafted));
    p.keys("\t");
    assert_eq!((p.app.at, p.deck.stage("1")), (1, Stage::InReview));
    let commands = p.app.on_key(KeyEvent::from(KeyCode::Tab));
    assert_eq!(commands, [Command::Transcript { id: "0".into() }]);
}

#[test]
fn right_approves_and_the_next_card_comes() {
    for code in [KeyCode::Right, KeyCode::Char('l')] {
        let mut p = Play::new(TestDeck::of(2));
        p.press(code);
        assert_eq!((p.deck.stage("0"), p.app.at), (Stage::Approved, 1));
        assert_eq!(p.toast(), "→ Approved: Ines Holm 0, Fjordworks. Press u to take it back.");
    }
}

#[test]
fn left_asks_for_the_reason() {
    let reasons = [
        ('n', RejectReason::NotALead),
        ('d', RejectReason::Duplicate),
        ('b', RejectReason::BadRecording),
        ('o', RejectReason::Other),
    ];
    for (c, reason) in reasons {
        for code in [KeyCode::Left, KeyCode::Char('h')] {
            let mut p = one();
            p.press(code).press(KeyCode::Char('z')).press(KeyCode::Right);
            assert_eq!((&p.app.mode, p.deck.stage("0")), (&Mode::Reject, Stage::InReview));
            let commands = p.app.on_key(KeyEvent::from(KeyCode::Char(c)));
            let action = ReviewAction::Reject { reason };
            assert_eq!(commands, [Command::Act { id: "0".into(), action }]);
        }
    }
    let mut p = one();
    p.keys("h\x1b");
    assert_eq!((&p.app.mode, p.deck.stage("0")), (&Mode::Card, Stage::InReview));
}

#[test]
fn undo_brings_a_swiped_card_back() {
    let mut p = Play::new(TestDeck::of(2));
    p.keys("lhdu");
    assert_eq!((p.app.at, p.deck.stage("1")), (1, Stage::InReview));
    assert_eq!(p.toast(), "Taken back: Ines Holm 1, Fjordworks.");
    p.keys("u");
    assert_eq!((p.app.at, p.deck.stage("0")), (0, Stage::InReview));
    assert_eq!(p.app.summary().left, 2);
}

#[test]
fn undo_goes_back_step_by_step_and_then_says_so() {
    let mut p = one();
    p.keys("cju");
    assert!(p.app.cards[0].fields.iter().all(|f| f.state == FieldState::Drafted));
    assert_eq!(p.app.field, 0, "the field that changed back is chosen");
    p.keys("u");
    assert_eq!(p.toast(), "There is nothing more to undo on this card.");
    p.keys("u");
    assert_eq!(p.toast(), "There is nothing to undo.");
}

#[test]
fn undo_takes_back_what_an_earlier_session_did() {
    let mut p = one();
    p.keys("jx");
    let mut again = Play::new(p.deck);
    assert_eq!(company(&again), (String::new(), FieldState::Cleared));
    again.keys("u");
    assert_eq!(company(&again), ("Fjordworks".into(), FieldState::Drafted));
}

#[test]
fn up_and_down_stay_on_the_card() {
    for (up, down) in [(KeyCode::Up, KeyCode::Down), (KeyCode::Char('k'), KeyCode::Char('j'))] {
        let mut p = one();
        p.press(up);
        assert_eq!(p.app.field, 0);
        p.press(down).press(down).press(down).press(down);
        assert_eq!(p.app.field, 2);
        p.press(up);
        assert_eq!(p.app.field, 1);
    }
}

#[test]
fn enter_confirms_and_goes_on() {
    let mut p = one();
    p.keys("\nc");
    let states: Vec<_> = p.app.cards[0].fields.iter().map(|f| f.state).collect();
    let (confirmed, drafted) = (FieldState::Confirmed, FieldState::Drafted);
    assert_eq!((states, p.app.field), (vec![confirmed, confirmed, drafted], 2));
    p.keys("k");
    assert_eq!(p.app.on_key(KeyEvent::from(KeyCode::Enter)), [], "it is confirmed already");
    p.keys("xc");
    assert!(p.toast().starts_with("The field is empty"), "{}", p.toast());
}

#[test]
fn edit_starts_with_the_value_and_saves() {
    let mut p = one();
    p.keys("je AS\n");
    assert_eq!(company(&p), ("Fjordworks AS".into(), FieldState::Edited));
    assert_eq!(p.app.cards[0].fields[1].old_display.as_deref(), Some("Fjordworks"));
    assert_eq!((&p.app.mode, p.app.field), (&Mode::Card, 1));
    p.keys("e!!\x1b");
    assert_eq!(company(&p).0, "Fjordworks AS");
    p.keys("e\n");
    assert_eq!(p.toast(), "Nothing has changed.");
    p.keys("e").key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)).keys("\n");
    assert_eq!(company(&p), (String::new(), FieldState::Cleared));
}

#[test]
fn text_that_means_nothing_keeps_the_input() {
    let mut p = Play::new(TestDeck::new(vec![long("a")]));
    let budget = p.app.cards[0].fields.iter().position(|f| f.key == FieldKey::Budget).unwrap();
    p.keys(&"j".repeat(budget)).keys("e?\n");
    assert_eq!(p.toast(), "Type an amount such as 50000.");
    assert!(matches!(p.app.mode, Mode::Edit { key: FieldKey::Budget, .. }));
    p.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)).keys("70000\n");
    assert_eq!(p.app.chosen().unwrap().display, "70,000 EUR");
}

#[test]
fn digits_take_alternatives() {
    let mut p = one();
    p.keys("j1");
    assert_eq!(company(&p), ("Lakeworks".into(), FieldState::Edited));
    p.keys("9");
    assert_eq!(p.toast(), "This field has no alternative 9.");
    p.keys("0");
    assert_eq!(p.toast(), "");
}

#[test]
fn x_clears_once() {
    let mut p = one();
    p.keys("jx");
    assert_eq!(company(&p), (String::new(), FieldState::Cleared));
    p.keys("x");
    assert_eq!(p.toast(), "The field is empty already.");
}

#[test]
fn a_adds_pains_competitors_and_missing_fields() {
    let mut p = one();
    p.keys("apno overview\n");
    assert_eq!(p.app.chosen().unwrap().key, FieldKey::Pain(1));
    assert_eq!(p.app.chosen().unwrap().display, "no overview");
    p.keys("acOrderly\n");
    assert_eq!(p.app.chosen().unwrap().key, FieldKey::Competitor(0));
    let (.., missing) = p.app.addable();
    assert_eq!(missing[0], FieldKey::Title);
    p.keys("a1buyer\n");
    assert_eq!(p.app.chosen().unwrap().key, FieldKey::Title);
    let count = p.app.cards[0].fields.len();
    p.keys("az\x1bap\n").keys("ap  \n");
    assert_eq!((p.app.cards[0].fields.len(), &p.app.mode), (count, &Mode::Card));
}

#[test]
fn tab_goes_round_the_open_cards() {
    let mut p = Play::new(TestDeck::of(3));
    p.keys("\tl");
    assert_eq!(p.app.at, 2);
    p.keys("\t");
    assert_eq!(p.app.at, 0);
    p.press(KeyCode::BackTab);
    assert_eq!(p.app.at, 2, "the approved card is passed over");
    p.keys("l\t");
    assert_eq!((p.app.at, p.toast()), (0, "This is the only card left."));
}

#[test]
fn the_talk_scrolls_within_its_ends() {
    let mut p = Play::sized(TestDeck::new(vec![long("a")]), super::loop_::COLOUR, (60, 16));
    p.keys("t");
    let scroll = |p: &Play| if let Mode::Talk { scroll } = p.app.mode { scroll } else { 999 };
    assert_eq!(scroll(&p), 0);
    p.press(KeyCode::End);
    let last = scroll(&p);
    assert!(last > 3);
    p.press(KeyCode::Down).press(KeyCode::PageDown).keys("j ");
    assert_eq!(scroll(&p), last);
    p.press(KeyCode::Up);
    assert_eq!(scroll(&p), last - 1);
    p.press(KeyCode::Home).press(KeyCode::PageUp).keys("k");
    assert_eq!(scroll(&p), 0);
    p.keys("jGgx");
    assert_eq!(scroll(&p), 0);
    p.keys("t");
    assert_eq!(p.app.mode, Mode::Card);
}

#[test]
fn the_talk_opens_at_the_chosen_words() {
    let mut p = Play::sized(TestDeck::new(vec![long("a")]), super::loop_::COLOUR, (60, 16));
    let last = p.app.cards[0].fields.len() - 1;
    p.keys(&"j".repeat(last)).keys("t");
    assert!(p.screen().contains("Next Thursday at ten?"), "{}", p.screen());
}

#[test]
fn any_key_closes_the_help() {
    let mut p = one();
    p.keys("?");
    assert_eq!(p.app.mode, Mode::Help);
    p.keys("l");
    assert_eq!((&p.app.mode, p.deck.stage("0")), (&Mode::Card, Stage::InReview));
}

#[test]
fn q_leaves_only_from_the_card() {
    for (before, leaves) in [("", true), ("h", false), ("a", false), ("e", false), ("t", false)] {
        let mut p = one();
        p.keys(before).keys("q");
        assert_eq!(p.going, !leaves, "after {before:?}");
    }
}

#[test]
fn modified_and_released_keys_swipe_nothing() {
    let mut p = one();
    for modifier in [KeyModifiers::CONTROL, KeyModifiers::ALT] {
        for code in [KeyCode::Char('l'), KeyCode::Char('h'), KeyCode::Right, KeyCode::Char('x')] {
            p.key(KeyEvent::new(code, modifier));
        }
    }
    let released =
        KeyEvent::new_with_kind(KeyCode::Right, KeyModifiers::NONE, KeyEventKind::Release);
    p.key(released);
    assert_eq!((p.deck.stage("0"), &p.app.mode), (Stage::InReview, &Mode::Card));
}

#[test]
fn errors_are_shown_and_change_nothing() {
    let mut p = Play::new(TestDeck::new(vec![short("a"), long("b")]));
    p.deck.broken = true;
    for keys in ["l", "hn", "c", "x", "j1", "u"] {
        p.keys(keys);
        assert_eq!(p.toast(), "The store is closed; open it again.", "after {keys}");
        assert_eq!((p.app.at, p.app.summary().left), (0, 2));
    }
    p.keys("exyz\n");
    assert!(matches!(p.app.mode, Mode::Edit { .. }), "what was typed stays");
    p.keys("\x1b\tt");
    assert!(p.screen().contains("The store is closed"), "{}", p.screen());
    p.deck.broken = false;
    p.keys("\x1bl");
    assert_eq!(p.deck.stage("b"), Stage::Approved);
}

#[test]
fn a_card_of_nobody_is_not_approved() {
    let mut p = one();
    p.keys("xjxl");
    assert!(p.toast().starts_with("nobody can follow this lead up"), "{}", p.toast());
    assert_eq!(p.app.summary().left, 1);
}

#[test]
fn a_step_that_cannot_be_taken_back_does_not_block_the_others() {
    let mut p = Play::new(TestDeck::of(2));
    p.keys("c\t");
    let card = &mut p.app.cards[1];
    card.can_undo = false;
    let id = card.id.clone();
    let again = card.clone();
    p.app.acted(&id, &ReviewAction::Confirm { key: FieldKey::Name }, Ok(again));
    p.app.acted(&id, &ReviewAction::Undo, Err("gone".into()));
    assert_eq!(p.app.undo_target().as_deref(), Some("0"));
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let plain: Vec<char> = "lhkjjcexaauut?ndbopc123zé界 ".chars().collect();
    let code = prop_oneof![
        8 => proptest::sample::select(plain).prop_map(KeyCode::Char),
        1 => any::<char>().prop_map(KeyCode::Char),
        6 => proptest::sample::select(vec![
            KeyCode::Left, KeyCode::Right, KeyCode::Up, KeyCode::Down, KeyCode::Enter,
            KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Backspace, KeyCode::Delete,
            KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown,
        ]),
    ];
    let modifiers = prop_oneof![
        9 => Just(KeyModifiers::NONE),
        1 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
    ];
    (code, modifiers).prop_map(|(code, modifiers)| KeyEvent::new(code, modifiers))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_keys_lose_no_card(
        keys in prop::collection::vec((any_key(), prop::bool::weighted(0.1)), 0..80),
        columns in 1u16..140,
        rows in 1u16..40,
    ) {
        let mut p = Play::sized(
            TestDeck::new(vec![short("a"), long("b"), short("c")]),
            super::loop_::COLOUR,
            (columns, rows),
        );
        for (key, broken) in keys {
            p.deck.broken = broken;
            p.key(key);
            prop_assert_eq!(p.app.cards.len(), 3);
            for card in &p.app.cards {
                prop_assert_eq!(card.stage, p.deck.stage(&card.id));
            }
            let sum = p.app.summary();
            prop_assert_eq!(sum.approved + sum.rejected + sum.left, 3);
            prop_assert_eq!(p.app.card().is_some(), sum.left > 0);
            if let Some(card) = p.app.card() {
                prop_assert!(p.app.field < card.fields.len());
            }
        }
        p.draw();
    }
}
