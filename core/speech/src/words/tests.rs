use proptest::prelude::*;

use super::{TimedToken, words};

fn token(text: &[u8], at: u32, probability: f32) -> TimedToken {
    TimedToken { bytes: text.to_vec(), start_ms: at * 100, end_ms: (at + 1) * 100, probability }
}

/// Pieces said 100 ms apart.
fn said(pieces: &[&[u8]]) -> Vec<TimedToken> {
    pieces.iter().zip(0..).map(|(piece, at)| token(piece, at, 0.9)).collect()
}

/// Words as the transcript writes them, `_` for the space.
fn joined(pieces: &[&[u8]]) -> Vec<String> {
    let heard = words(&said(pieces));
    heard
        .iter()
        .map(|word| format!("{}{}", if word.spaced { "_" } else { "" }, word.text))
        .collect()
}

#[test]
fn tokens_become_words() {
    let table: &[(&[&[u8]], &[&str])] = &[
        (&[], &[]),
        (&[b" "], &[]),
        (&[b" And", b" so", b",", b" my"], &["_And", "_so,", "_my"]),
        (&[b"No", b" space"], &["No", "_space"]),
        (&[b" Fer", b"rote", b"c", b"."], &["_Ferrotec."]),
        (&[b" don", b"'t"], &["_don't"]),
        (&[b" twenty", b"-", b"five"], &["_twenty-five"]),
        (
            &[b" p", b".", b"ram", b"an", b"@", b"helix", b".", b"com", b","],
            &["_p.raman@helix.com,"],
        ),
        (&[b" \"", b"Yes", b".\""], &["_\"Yes.\""]),
        (&[b" (", b"laugh", b"s", b")"], &["_(laughs)"]),
        (&[b" well", b" -", b" you"], &["_well-", "_you"]),
        (&[b" -", b" Hello", b" there"], &["_-Hello", "_there"]),
        (&[b" see", b" (", b" this", b" )"], &["_see", "_(this)"]),
        (&[b" R", b" &", b" D"], &["_R", "_&", "_D"]),
        (&[b" 50", b"%", b" off"], &["_50%", "_off"]),
        (&[b" ...", b" ..."], &["_......"]),
        (&[b" two words", b" more"], &["_two", "_words", "_more"]),
        (&[b" a\0b\x07", b"c"], &["_abc"]),
    ];
    for (pieces, expected) in table {
        assert_eq!(joined(pieces), *expected, "{pieces:?}");
    }
}

#[test]
fn a_character_split_over_tokens_is_whole_again() {
    assert_eq!(joined(&[b" M", b"\xC3", b"\xBC", b"ller"]), ["_Müller"]);
    assert_eq!(joined(&[b" \xF0\x9F", b"\x98", b"\x80"]), ["_😀"]);
    assert_eq!(joined(&["今".as_bytes(), b"\xE5\xA4", b"\xA9"]), ["今", "天"]);
    assert_eq!(joined(&[b" bad", b"\xFF", b" \xC3"]), ["_bad\u{FFFD}", "_\u{FFFD}"]);
}

#[test]
fn scripts_without_spaces_split_at_tokens() {
    let table: &[(&[&str], &[&str])] = &[
        (&["我们", "今天", "，", "见", "面", "。"], &["我们", "今天，", "见", "面。"]),
        (&["我", "在", "ABB", "工作"], &["我", "在", "ABB", "工作"]),
        (&["「", "はい", "」", "と", "言う"], &["「はい」", "と", "言う"]),
        (&["コ", "ー", "ヒ", "ー"], &["コー", "ヒー"]),
        (&["ขอบคุณ", "คร", "ับ"], &["ขอบคุณ", "ครับ"]),
        (&[" 안", "녕", " 하", "세요"], &["_안녕", "_하세요"]),
    ];
    for (pieces, expected) in table {
        let pieces: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
        assert_eq!(joined(&pieces), *expected);
    }
}

#[test]
fn a_word_is_as_sure_as_its_least_sure_token_and_lasts_as_long_as_its_letters() {
    let pieces = [
        token(b" Lind", 1, 0.9),
        token(b"q", 2, 0.4),
        token(b"vist", 3, 0.8),
        token(b",", 9, 0.1),
        token(b" yes", 10, f32::NAN),
        token(b"...", 11, 0.3),
    ];
    let heard = words(&pieces);
    assert_eq!((heard[0].start_ms, heard[0].end_ms, heard[0].probability), (100, 400, 0.4));
    assert_eq!((heard[1].start_ms, heard[1].end_ms, heard[1].probability), (1000, 1100, 0.0));
    assert_eq!(words(&pieces[3..4])[0].probability, 0.1);
}

#[test]
fn times_that_run_back_are_put_in_order() {
    let back = |at| TimedToken { end_ms: 5000, ..token(b" x", at, 1.0) };
    let heard = words(&[back(20), back(5), back(30), back(30)]);
    let times: Vec<_> = heard.iter().map(|word| (word.start_ms, word.end_ms)).collect();
    assert_eq!(times, [(2000, 2000), (2000, 3000), (3000, 3000), (3000, 5000)]);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        " the", ",", " (", ")", "天", "天气", " -", "ü", "ับ", "!", "\0", " ", "", "ー", "😀", "%",
    ]);
    prop_oneof![
        known.prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ]
}

fn any_token() -> impl Strategy<Value = TimedToken> {
    (pieces(), any::<u32>(), any::<u32>(), any::<f32>()).prop_map(|(bytes, start_ms, end_ms, p)| {
        TimedToken { bytes, start_ms, end_ms, probability: p }
    })
}

proptest! {
    #[test]
    fn any_tokens_give_sound_words(tokens in prop::collection::vec(any_token(), 0..40)) {
        let heard = words(&tokens);
        for word in &heard {
            prop_assert!(!word.text.is_empty());
            prop_assert!(!word.text.contains(|c: char| c.is_whitespace() || c.is_control()));
            prop_assert!(word.start_ms <= word.end_ms);
            prop_assert!((0.0..=1.0).contains(&word.probability));
        }
        for pair in heard.windows(2) {
            prop_assert!(pair[0].end_ms <= pair[1].start_ms);
        }
    }

    #[test]
    fn no_character_is_lost(tokens in prop::collection::vec(any_token(), 0..40)) {
        let bytes: Vec<u8> = tokens.iter().flat_map(|token| token.bytes.clone()).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let kept = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
        };
        let all: String = words(&tokens).into_iter().map(|word| word.text).collect();
        prop_assert_eq!(all, kept(&text));
    }

    #[test]
    fn where_text_is_cut_into_tokens_changes_no_spaced_word(
        text in "( [a-zéü]{1,6}[,.]?){0,12}",
        cuts in prop::collection::vec(0_usize..80, 0..20),
    ) {
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c < text.len()).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|c| &text.as_bytes()[c[0]..c[1]]).collect();
        let heard: Vec<String> = words(&said(&pieces)).into_iter().map(|word| word.text).collect();
        let expected: Vec<&str> = text.split_whitespace().collect();
        prop_assert_eq!(heard, expected);
    }
}
