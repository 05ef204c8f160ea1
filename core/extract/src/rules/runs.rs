//! Runs of tokens that look like a person's or a firm's name.

use std::ops::Range;

use crate::lexicon::{is_acronym, is_common, is_company_noun, is_first_name, is_particle, is_stop};
use crate::talk::Turn;
use crate::text::{Kind, Token};

/// The longest name of a person, in words.
const MAX_PERSON: usize = 4;
/// The longest name of a firm, in words.
const MAX_COMPANY: usize = 6;

/// A person's name that starts at a token.
pub(crate) fn person_at(turn: &Turn, at: usize, cased: bool) -> Option<Range<usize>> {
    let tokens = &turn.tokens;
    let mut end = at;
    let mut words = 0;
    while let Some(t) = tokens.get(end) {
        let joined = t.is_mark('-')
            && t.glued
            && words > 0
            && tokens.get(end + 1).is_some_and(|n| n.glued && n.kind == Kind::Word);
        if joined {
            end += 2;
            continue;
        }
        let particle = words > 0
            && is_particle(&t.norm)
            && (end + 1..tokens.len())
                .find(|i| !is_particle(&tokens[*i].norm))
                .is_some_and(|i| name_word(&tokens[i], cased, true));
        if words >= MAX_PERSON || !(particle || name_word(t, cased, words > 0)) {
            break;
        }
        if t.glued && words > 0 && !tokens[end - 1].is_mark('-') {
            break;
        }
        words += 1;
        end += 1;
    }
    let lead = tokens.get(at)?;
    let plausible = words >= 2 || (words == 1 && lead.norm.chars().count() > 1);
    let firm = tokens[at..end].iter().any(|t| is_company_noun(&t.norm) && !is_first_name(&t.norm));
    (plausible && !(firm && cased) && !is_company_noun(&tokens[end - 1].norm)).then_some(at..end)
}

fn name_word(t: &Token, cased: bool, inner: bool) -> bool {
    if t.kind != Kind::Word {
        return false;
    }
    if cased && !t.is_capitalised() {
        return false;
    }
    let ordinary = is_common(&t.norm) && !is_first_name(&t.norm);
    if cased && inner { !is_stop(&t.norm) } else { !ordinary && !is_stop(&t.norm) }
}

/// A person's name that ends right before a token ("Ada Byron, CTO"). Marks and articles between
/// the name and the token are skipped, a sentence end is not.
pub(crate) fn person_before(turn: &Turn, before: usize, cased: bool) -> Option<Range<usize>> {
    let tokens = &turn.tokens;
    let mut end = before;
    while end > 0 {
        let t = &tokens[end - 1];
        let skip = t.is_mark(',')
            || t.is(&[
                "the", "a", "an", "i'm", "i", "am", "as", "our", "uh", "um", "new", "and", "yes",
                "here",
            ]);
        if !skip {
            break;
        }
        end -= 1;
    }
    let first = end.saturating_sub(MAX_PERSON);
    (first..end)
        .find_map(|start| person_at(turn, start, cased).filter(|r| r.end >= end && r.len() <= 6))
        .map(|r| r.start..end)
}

/// A firm's name that starts at a token.
pub(crate) fn company_at(turn: &Turn, at: usize, cased: bool) -> Option<Range<usize>> {
    let start = at + usize::from(turn.tokens.get(at)?.is(&["the", "a"]));
    let first = turn.tokens.get(start)?;
    let spelled = first.norm.chars().count() == 1
        && turn.tokens.get(start + 1).is_some_and(|n| n.is_mark('-') && n.glued);
    if spelled || cased && is_stop(&first.norm) {
        return None;
    }
    let end = if cased { cased_end(turn, start) } else { uncased_end(turn, start) };
    (end > start && is_firm(&turn.tokens[start..end], cased)).then_some(start..end)
}

fn is_firm(words: &[Token], cased: bool) -> bool {
    let named =
        |t: &Token| !is_common(&t.norm) || is_company_noun(&t.norm) || is_first_name(&t.norm);
    let plain: Vec<&Token> = words.iter().filter(|t| t.kind != Kind::Mark).collect();
    match plain.as_slice() {
        [] => false,
        [one] => {
            one.kind == Kind::Word
                && one.norm.chars().count() > 1
                && (!is_common(&one.norm) || (cased && one.is_capitalised() && !is_stop(&one.norm)))
        }
        many => many.iter().any(|t| named(t)) || cased,
    }
}

/// Capitalised words, numbers, and what joins them ("Bank of Scotland", "Marks & Spencer").
fn cased_end(turn: &Turn, start: usize) -> usize {
    let tokens = &turn.tokens;
    let mut end = start;
    let mut words = 0;
    while let Some(t) = tokens.get(end) {
        let next_capital =
            tokens.get(end + 1).is_some_and(|n| n.is_capitalised() && !is_stop(&n.norm));
        let joins = t.is(&[
            "of", "and", "de", "du", "da", "del", "di", "für", "y", "e", "&", "-", "the", "'",
        ]) && next_capital
            && words > 0;
        let abbreviation = t.is_mark('.')
            && end > start
            && tokens[end - 1].is(&["st", "dr", "mt"])
            && next_capital;
        let named = t.is_capitalised() && !t.is(&["i", "i'm", "we", "it's", "i've", "we're"]);
        let number = t.kind == Kind::Number && words > 0 && t.text.len() < 4;
        if words >= MAX_COMPANY || !(named || joins || abbreviation || number) {
            break;
        }
        words += usize::from(named);
        end += 1;
    }
    while end > start
        && (tokens[end - 1].kind == Kind::Mark || tokens[end - 1].is(&["of", "and", "the"]))
    {
        end -= 1;
    }
    end
}

/// Words up to a stop word; "of" is kept after "city", "town", "university" and the like.
fn uncased_end(turn: &Turn, start: usize) -> usize {
    let tokens = &turn.tokens;
    let mut end = start;
    while let Some(t) = tokens.get(end) {
        let civic = t.norm == "of"
            && end > start
            && tokens[end - 1].is(&[
                "town",
                "city",
                "university",
                "bank",
                "county",
                "ministry",
                "state",
                "port",
                "council",
                "college",
                "institute",
            ]);
        if t.kind == Kind::Mark && !(t.is_mark('-') || t.is_mark('&')) {
            break;
        }
        if end - start >= MAX_COMPANY || (is_stop(&t.norm) && !civic) {
            break;
        }
        let after_noun = end > start && is_company_noun(&tokens[end - 1].norm);
        if after_noun && is_common(&t.norm) && !is_company_noun(&t.norm) && !civic {
            break;
        }
        end += 1;
    }
    end
}

/// How a name said in these words is written: as it stands where it has capitals, else with
/// capital first letters; small words stay small, known acronyms become capitals.
pub(crate) fn present(text: &str, cased: bool) -> String {
    if cased && text.chars().any(char::is_uppercase) {
        return text.to_owned();
    }
    let words: Vec<String> = text
        .split_whitespace()
        .enumerate()
        .map(|(i, w)| match w.to_lowercase() {
            w if i > 0
                && matches!(w.as_str(), "of" | "and" | "the" | "de" | "van" | "von" | "der") =>
            {
                w
            }
            w if is_acronym(&w) => w.to_uppercase(),
            w => w.split('-').map(capital).collect::<Vec<_>>().join("-"),
        })
        .collect();
    words.join(" ")
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::Talk;
    use confee_domain::{Rep, Segment, Transcript};

    fn with_turn<T>(text: &str, read: impl Fn(&Turn) -> T) -> T {
        let at = chrono::DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap();
        let s = Segment { start_ms: 0, end_ms: 9, speaker: None, text: text.into(), words: vec![] };
        let t = Transcript::new("t".into(), at, Rep::default(), vec![s]).unwrap();
        let talk = Talk::new(&t);
        read(&talk.turns[0])
    }

    fn words(text: &str, range: Option<Range<usize>>) -> Option<String> {
        range.map(|r| {
            with_turn(text, |t| {
                let c = t.chars(&r);
                text.chars().skip(c.start).take(c.len()).collect()
            })
        })
    }

    #[test]
    fn persons() {
        for (text, cased, want) in [
            ("Joost van der Berg, director", true, Some("Joost van der Berg")),
            ("Anne-Marie Dupont here", true, Some("Anne-Marie Dupont")),
            ("kenji watanave plant manager", false, Some("kenji watanave")),
            ("looking for something", false, None),
            ("Looking good", true, None),
        ] {
            let got = with_turn(text, |t| person_at(t, 0, cased));
            assert_eq!(words(text, got).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn companies() {
        for (text, cased, want) in [
            ("the City of Pecan Bluff, we", true, Some("City of Pecan Bluff")),
            ("St. Colman's Hospital in Galway", true, Some("St. Colman's Hospital")),
            ("al noor gulf hospital in sharja", false, Some("al noor gulf hospital")),
            ("the town of elmridge", false, Some("town of elmridge")),
            ("a place where we go", false, None),
        ] {
            let got = with_turn(text, |t| company_at(t, 0, cased));
            assert_eq!(words(text, got).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn names_are_written_with_capitals() {
        assert_eq!(present("town of elmridge", false), "Town of Elmridge");
        assert_eq!(present("anne-marie", false), "Anne-Marie");
        assert_eq!(present("tu munich", false), "TU Munich");
    }
}
