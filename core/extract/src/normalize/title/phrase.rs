//! The noun phrase of a title: words that qualify, one or more head nouns, what follows.

use confee_domain::Seniority::{
    self, CLevel, Director, Head, Individual, Intern, Manager, Owner, Student,
};

use super::complement::right;
use super::functions::{TAILS, THINGS};
use super::lexicon::{HeadNoun, function_of, head_at, is_modifier, is_stop};
use super::meaning::{function, rank};
use super::words::{Word, listed};

/// A title as it stands in the words `from..to`.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) from: usize,
    pub(super) to: usize,
    /// First and one past the last word of the head noun.
    pub(super) head: (usize, usize),
    pub(super) rank: Seniority,
    pub(super) function: Option<&'static str>,
    pub(super) plural: bool,
    /// A title by itself: a strong noun, or a weak one with a known word beside it.
    pub(super) sure: bool,
    /// "assistant to the CEO": where the other's title starts.
    pub(super) inner: Option<usize>,
}

/// Whether the segment was written with capitals, which tells names from words.
pub(super) fn is_cased(words: &[Word]) -> bool {
    words
        .iter()
        .filter(|w| w.capital() && !w.is(&["i"]) && w.text.chars().count() > 1)
        .any(|w| w.text.chars().any(char::is_lowercase))
}

/// The title whose first head noun stands at `at`; the caller goes on at `to`.
pub(super) fn parse(words: &[Word], at: usize, floor: usize, cased: bool) -> Option<Phrase> {
    let (head, noun, plural) = last_head(words, at)?;
    if words.get(head.1).is_some_and(|w| !w.breaks() && listed(TAILS, &w.norm)) {
        return None;
    }
    let from = left(words, at.min(head.0), floor, cased);
    if from < head.0 && thing(words, from, head.0) || verb(words, from) {
        return None;
    }
    let mut p = Phrase {
        from,
        to: head.1,
        head,
        rank: noun.rank,
        function: None,
        plural,
        sure: noun.strong,
        inner: None,
    };
    right(words, &mut p, cased);
    p.rank = rank(words, &p, noun);
    p.function = function(words, &p, noun);
    p.sure |= function_of(&words[p.from..head.0]).is_some()
        && !words[head.0].is(&["owner", "partner", "member"])
        || p.to > head.1
        || (from..head.0).any(|i| is_modifier(&words[i]) && !words[i].is(&["new", "private"]))
            && !words[head.0].among("owner partner driver operator member lead chair");
    Some(p)
}

/// Follows a chain such as "lead process engineer" or "student nurse" to its last noun.
fn last_head(words: &[Word], at: usize) -> Option<((usize, usize), HeadNoun, bool)> {
    if let Some(end) = chief_officer(words, at) {
        return Some(((at, end), HeadNoun { rank: CLevel, function: "", strong: true }, false));
    }
    let (len, noun, plural) = head_at(words, at)?;
    let mut best = ((at, at + len), noun, plural);
    let qualifies = matches!(noun.rank, Individual | Intern | Student | Head) || !noun.strong;
    let mut k = best.0.1;
    while let Some(w) = words.get(k).filter(|w| !w.breaks() && !plural) {
        if let Some((len, next, plural)) = head_at(words, k) {
            if len == 1 && w.among("pm she lead leads heads coaches guides") && k > best.0.1 {
                break;
            }
            best = ((k, k + len), next, plural);
            k += len;
        } else if qualifies && is_modifier(w) && k - at < 5 && !w.is(&["it", "she"]) {
            k += 1;
        } else {
            break;
        }
    }
    Some(best)
}

/// "chief medical information officer": one past its last word.
fn chief_officer(words: &[Word], at: usize) -> Option<usize> {
    if words[at].norm != "chief" {
        return None;
    }
    let inside = (at + 1..at + 6).take_while(|i| {
        words.get(*i).is_some_and(|w| !w.breaks() && (w.norm == "and" || !is_stop(w)))
    });
    inside
        .into_iter()
        .find(|i| *i > at + 1 && words[*i].is(&["officer", "offices", "officers"]))
        .map(|i| i + 1)
}

const SOFT: &str = "new good great current other own old big little actual";

/// How far the title reaches to the left: known words always, unknown ones up to a determiner.
fn left(words: &[Word], head: usize, floor: usize, cased: bool) -> usize {
    let mut k = head;
    while k > floor && !words[k].breaks() {
        let w = &words[k - 1];
        let joined = w.is(&["and", "/"]) && k >= floor + 2 && joins(words, k - 2, k);
        let noun = head_at(words, k - 1).is_some_and(|(n, h, plural)| {
            n == 1 && !plural && !(h.strong && matches!(h.rank, Owner | CLevel))
        });
        if joined {
            k -= 2;
        } else if !it_pronoun(words, k - 1) && (is_modifier(w) && !w.is(&["it's"]) || noun) {
            k -= 1;
        } else {
            break;
        }
    }
    k = trim(words, k, head);
    reach(words, k, head, floor, cased).unwrap_or(k)
}

/// Words that must not start a title, such as the "and" or "full" of another clause.
fn trim(words: &[Word], mut k: usize, head: usize) -> usize {
    while k < head
        && (words[k].is(&["part", "full", "time"]) && words[k + 1].is(&["time"])
            || words[k].norm == "time")
    {
        k += 1;
    }
    k
}

fn joins(words: &[Word], a: usize, b: usize) -> bool {
    let known = |i: usize| function_of(&words[i..=i]).is_some() || is_modifier(&words[i]);
    known(a)
        && (known(b)
            || head_at(words, b).is_some_and(|h| {
                matches!(h.1.rank, Manager | Head | Director | Individual)
                    && h.1.function.is_empty()
            }))
        && !it_pronoun(words, a)
}

/// "it" that follows a verb or starts a clause is the pronoun.
fn it_pronoun(words: &[Word], at: usize) -> bool {
    let w = &words[at];
    if w.norm != "it" || w.text == "IT" {
        return false;
    }
    let before = at.checked_sub(1).map(|i| &words[i]).filter(|_| !w.breaks());
    before.is_some_and(|b| {
        is_stop(b)
            && !b.among(
                "the an a our my your their his her as of and i'm he's she's is new current \
            former own other am no was be been in become for",
            )
    })
}

/// Takes up to three unknown words where a determiner or a cue stands before them.
fn reach(words: &[Word], known: usize, head: usize, floor: usize, cased: bool) -> Option<usize> {
    let titled = words[head].capital();
    let mut k = known;
    while known - k < 3 && k > floor && !words[k].breaks() {
        let w = &words[k - 1];
        if is_stop(w) {
            break;
        }
        if cased && w.capital() && !titled && !w.text.chars().all(char::is_uppercase) {
            return None;
        }
        k -= 1;
    }
    if k == known {
        return None;
    }
    let before = k.checked_sub(1).map(|i| &words[i]).filter(|_| !words[k].breaks());
    let opened = before.is_some_and(|b| {
        b.among("a an the our as their his her i'm is became plus and been was") || b.among(SOFT)
    });
    let alone = before.is_none()
        && known - k == 1
        && (words[k].comma || k == 0)
        && !(cased && words[k].capital() && !words[k].sentence);
    let short = opened
        && (known - k < 3 || known == head)
        && !before.is_some_and(|b| b.is(&["and", "i'm"]) && known - k > 1);
    (short || alone && known == head && words.len() - head < 6).then_some(k)
}

/// "password manager", "voice assistant", "good lead".
fn thing(words: &[Word], from: usize, head: usize) -> bool {
    let before = &words[head - 1];
    let weak = words[head].among(
        "assistant lead leads head heads driver drivers operator agent agents owner \
            owners coach writer host guide hand",
    );
    let manager = words[head].is(&["manager", "managers", "cleaner", "editor", "engineer"])
        && before.among(
            "password file task device package download boot window tag cookie session \
            layout memory queue profile font passwords reverse",
        );
    let digital =
        words[head].among("assistant agent agents coach lead leads head heads owner owners");
    let trade = words[head].is(&["driver", "drivers"]) && before.is(&["train", "power"]);
    from < head
        && (manager
            || weak
                && !trade
                && listed(THINGS, &before.norm)
                && (digital || words[head].is(&["driver", "drivers", "guide"])))
}

/// "we engineer", "to coach": a verb, not a noun.
fn verb(words: &[Word], from: usize) -> bool {
    let Some(before) = from.checked_sub(1).filter(|_| !words[from].breaks()) else { return false };
    let to_rank = words[before].norm == "to"
        && before > 0
        && !words[before - 1].among("want like need have able going us used");
    words[before].among("we they you to will can must should would could who don't i'll we'll i'd")
        && !(words[from].is(&["head"]))
        && !to_rank
        || words[before].is(&["i"])
            && words[from].among(
                "head lead engineer coach chair captain partner cook host guide tutor nurse \
            doctor temp volunteer super pilot",
            )
}
