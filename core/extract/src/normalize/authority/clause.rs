//! Who does what: a subject before an act, its negation, its company and its limits.

use confee_domain::Authority::{self, DecisionMaker, Influencer, Shared};

use super::acts::{Act, act, beside};
use super::evidence::{ANOTHER, Evidence, conditional};
use super::phrases_others::OTHERS;
use crate::normalize::title::words::Word;

/// Whose act it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Own,
    Group,
    We,
    Other,
    Nobody,
}

/// The words between a subject and its act.
#[derive(Debug, Clone, Copy, Default)]
struct Manner {
    negated: bool,
    supposed: bool,
    past: bool,
    too: bool,
}

const BETWEEN: &str = "do does can could will would shall must may might have has had to get gets got just only \
    really actually also always usually normally simply mostly probably definitely often personally alone \
    myself himself herself still basically finally ultimately then even is are am be being going gonna need \
    needs the one guy person man woman who that then well all both each in end themselves typically generally merely \
    mainly own now officially formally first today here every single always wants want gotta either so honestly we've that's \
    afraid allowed authorised authorized able supposed i'm it's that's there responsible for role job my quickly \
    sometimes";
const PEERS: &str = "wife husband sister brother partner partners cofounder co-founder founder father mother co-owner \
    owner she he works";
const NOT: &[&str] = &[
    "not", "never", "don't", "doesn't", "can't", "cannot", "won't", "isn't", "aren't", "didn't",
    "wouldn't", "couldn't", "neither", "nor", "hardly", "haven't",
];
const SUPPOSED: &[&str] =
    &["if", "whether", "should", "suppose", "unless", "wish", "where", "how", "why"];
const OUTSIDE: &str = "your you you'd you'll you're their customers customer clients client users user patients software \
    machine machines system app computer robot algorithm model fda government law people nobody's guests \
    doctors driver drivers what whatever which competitors competitor daughter son kids \
    friend visitors family it this these those lets let please ai sensor tool scanner camera";

/// A statement whose act starts at a word.
pub(super) fn statement(words: &[Word], at: usize) -> Option<Evidence> {
    let (act, to) = act(words, at)?;
    if words[at].question || words[at].norm.ends_with("ed") {
        return None;
    }
    let (head, manner) = head(words, at)?;
    let (subject, from) = subject(words, head, words[at].norm.ends_with('s'))?;
    if beside(words, at, to)
        || manner.supposed
        || manner.past
        || subject != Subject::Group && asked(words, from)
    {
        return None;
    }
    let (authority, weight) = reading(words, subject, act, manner, at, to)?;
    let conditional = authority == DecisionMaker && conditional(words, from, to);
    Some(Evidence { from, to, authority, weight, conditional })
}

/// The statements of trivial acts, which no other pattern may read: "I sign for deliveries".
pub(super) fn trivial(words: &[Word], at: usize) -> Option<std::ops::Range<usize>> {
    const HABIT: &str = "every daily nightly hourly weekly each shift";
    let tested = words[at].among("test check try run")
        && words[at + 1..].iter().take(6).take_while(|w| !w.breaks()).any(|w| w.among(HABIT));
    if tested {
        return Some(at.saturating_sub(2)..(at + 2).min(words.len()));
    }
    let (_, to) = act(words, at)?;
    beside(words, at, to).then(|| at.saturating_sub(2)..(to + 2).min(words.len()))
}

/// Walks back from an act over auxiliaries and adverbs to the word that does it.
fn head(words: &[Word], at: usize) -> Option<(usize, Manner)> {
    let mut manner = Manner::default();
    let mut i = at;
    while i > 0 && at - i < 9 && !words[i].sentence {
        i -= 1;
        let w = &words[i];
        manner.negated |= w.is(NOT);
        manner.supposed |= w.is(&["should"]);
        manner.too |= w.is(&["also", "both"]);
        if w.norm == "used" && words[i + 1].norm == "to" {
            manner.past = true;
        } else if own(w) || !w.among(BETWEEN) && !w.is(NOT) && w.norm != "used" {
            return Some((i, manner));
        }
    }
    None
}

fn own(w: &Word) -> bool {
    w.is(&["i", "i'm", "i'll", "i'd", "i've", "me"])
}

/// Whether a word names another party: a role, or a name.
pub(super) fn other(w: &Word, first: bool) -> bool {
    let bare = w.norm.strip_suffix("'s").unwrap_or(&w.norm);
    let name = w.capital() && !first && !w.among(OUTSIDE) && !w.norm.starts_with("i'");
    OTHERS.split('|').any(|o| o == bare || bare.strip_suffix('s') == Some(o)) && !w.among(OUTSIDE)
        || name
}

fn subject(words: &[Word], head: usize, third: bool) -> Option<(Subject, usize)> {
    let w = &words[head];
    let back = |n: usize| head.checked_sub(n).map_or("", |i| words[i].norm.as_str());
    let joined = !w.sentence && matches!(back(1), "and" | "plus") && head >= 2;
    if own(w) {
        let company = joined && !words[head - 1].breaks() && {
            let before = &words[head - 2];
            let verbless = (head.saturating_sub(6)..head - 1)
                .rev()
                .take_while(|i| *i == head - 2 || !words[*i + 1].sentence);
            (other(before, false) || before.capital() || w.norm == "me")
                && !verbless.clone().any(|i| act(words, i).is_some() || own(&words[i]))
        };
        return Some((if company { Subject::Group } else { Subject::Own }, head));
    }
    if w.is(&["and", "then"]) && !w.sentence {
        return carried(words, head).filter(|_| !third);
    }
    if w.is(&["we", "we're", "we'll"]) {
        return Some((Subject::We, head));
    }
    if w.norm == "us" && back(1) == "of" {
        let none = matches!(back(2), "none" | "neither");
        return (!none).then_some((Subject::Group, head - 1));
    }
    if w.is(&["nobody", "else"]) && (w.norm == "nobody" || matches!(back(1), "nobody" | "one")) {
        return Some((Subject::Nobody, head));
    }
    if matches!(back(1), "in" | "at" | "from") && matches!(back(2), "we" | "i") {
        return Some((if back(2) == "we" { Subject::We } else { Subject::Own }, head - 2));
    }
    if w.among(OUTSIDE) {
        return None;
    }
    let first = w.sentence;
    let article = matches!(back(1), "the" | "a" | "an" | "this" | "that" | "each" | "every");
    let named = third
        && !article
        && !w.among("and but or as it there here he's machine")
        && w.norm.len() > 2;
    if !(other(w, first) || named) {
        return None;
    }
    let low = (head.saturating_sub(6)..head).rev().take_while(|i| !words[*i + 1].breaks());
    let phrase: Vec<usize> = low.take_while(|i| act(words, *i).is_none()).collect();
    if phrase.iter().any(|i| words[*i].among("your their you if whether did does")) {
        return None;
    }
    let with_me = phrase
        .iter()
        .find(|i| words[**i].is(&["me", "i", "myself"]) && words[**i + 1].is(&["and", "plus"]));
    Some(with_me.map_or((Subject::Other, head), |i| (Subject::Group, *i)))
}

/// "I test them and send the results on": the subject of the clause before holds on.
fn carried(words: &[Word], and: usize) -> Option<(Subject, usize)> {
    let low = and.saturating_sub(7);
    let mut before = (low..and).rev().take_while(|i| !words[*i + 1].sentence);
    let at =
        before.find(|i| own(&words[*i]) || words[*i].norm == "we" || other(&words[*i], false))?;
    let found = if words[at].norm == "we" { Subject::We } else { Subject::Own };
    (own(&words[at]) && words[at].norm != "me" || words[at].norm == "we").then_some((found, at))
}

/// "do you sign", "if I decide", "who decides": no statement.
pub(super) fn asked(words: &[Word], from: usize) -> bool {
    let low = from.saturating_sub(3);
    let near = (low..from).rev().take_while(|i| !words[*i + 1].breaks());
    near.clone().any(|i| words[i].is(SUPPOSED))
        || from.checked_sub(1).is_some_and(|i| {
            !words[from].breaks() && words[i].is(&["do", "did", "can", "before", "until"])
        })
}

/// "..., that's me and Karin", "and I'm one of them" after another's act.
fn includes_speaker(words: &[Word], to: usize) -> bool {
    let tail = &words[to..(to + 10).min(words.len())];
    tail.windows(2).any(|p| {
        p[0].norm == "me" && p[1].norm == "and"
            || p[0].is(&["and", "including", "plus"]) && p[1].is(&["me", "myself"])
            || p[0].norm == "i'm" && p[1].is(&["one", "among", "part", "on", "in", "there"])
            || p[0].is(&["me", "myself"]) && p[1].norm == "included"
    })
}

/// "our chairman also signs", "she has to agree": the speaker decides too.
fn as_well(words: &[Word], at: usize, tail: &[&Word]) -> bool {
    let before = words[at.saturating_sub(9)..at].iter().rev();
    let clause = before.take_while(|w| !w.breaks()).any(|w| w.among("also another"));
    let peer = words[at.saturating_sub(5)..at].iter().any(|w| w.among(PEERS));
    clause
        || tail.iter().any(|w| w.among("too also aswell"))
        || tail.windows(2).any(|p| p[0].norm == "as" && p[1].norm == "well")
        || peer && words[at].norm.starts_with("agree")
}

fn reading(
    words: &[Word],
    subject: Subject,
    act: Act,
    manner: Manner,
    at: usize,
    to: usize,
) -> Option<(Authority, u16)> {
    let tail: Vec<&Word> = words[to..]
        .iter()
        .take(8)
        .take_while(|w| !w.sentence && !w.is(&["but", "because"]))
        .collect();
    let near = |list: &str| tail.iter().any(|w| w.among(list));
    let together = near("together jointly unanimously collectively")
        || tail
            .windows(2)
            .any(|p| p[0].norm == "with" && (p[1].capital() || p[1].among("my our the a his her")))
            && act == Act::Decide;
    let alone = near("alone single-handedly without")
        || tail.windows(2).any(|p| p[0].norm == "by" && p[1].norm == "myself");
    let stamp = words[to - 1].norm.starts_with("rubber");
    if words[at].norm.starts_with("agree") && matches!(subject, Subject::Own | Subject::We) {
        return None;
    }
    match (subject, act) {
        (Subject::Group, Act::Decide) if !manner.negated || alone => Some((Shared, 950)),
        (Subject::We, Act::Decide) if together && !manner.negated => Some((Shared, 950)),
        (Subject::Own, Act::Decide) if manner.negated && alone => Some((Shared, 950)),
        (Subject::Own, Act::Decide) if manner.negated => Some((Authority::None, 900)),
        (Subject::Own, Act::Decide) if together => Some((Shared, 950)),
        (Subject::Own, Act::Decide) => Some((DecisionMaker, 850)),
        (Subject::Nobody, Act::Decide) if !manner.negated => Some((DecisionMaker, 800)),
        (Subject::Other, Act::Decide) if !manner.negated && includes_speaker(words, to) => {
            Some((Shared, 900))
        }
        (Subject::Other, Act::Decide)
            if !manner.negated && (manner.too || as_well(words, at, &tail)) =>
        {
            Some((Shared, 850))
        }
        (Subject::Other, Act::Decide) if !manner.negated => {
            let obeys = tail
                .windows(2)
                .any(|p| p[0].among("what whatever whichever everything") && p[1].is(&["i", "we"]));
            Some(match (stamp, obeys) {
                (true, true) => (DecisionMaker, 850),
                (false, true) => (Influencer, 900),
                _ => (Authority::None, ANOTHER),
            })
        }
        (Subject::Own | Subject::We | Subject::Group, Act::Advise) if !manner.negated => {
            Some((Influencer, 900))
        }
        _ => None,
    }
}
