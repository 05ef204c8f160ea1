use std::ops::Range;

use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};

/// A pain has at least this many words and at most the other.
const MIN_WORDS: usize = 3;
const MAX_WORDS: usize = 18;

/// Words and phrases of trouble with their weights.
const TROUBLE: &[(&str, u16)] = &[
    ("the problem", 300),
    ("problem is", 300),
    ("problem with", 250),
    ("our problem", 300),
    ("the trouble is", 300),
    ("the issue is", 300),
    ("issues with", 250),
    ("headache", 350),
    ("nightmare", 350),
    ("by hand", 400),
    ("on paper", 350),
    ("manually", 350),
    ("spreadsheet", 300),
    ("spreadsheets", 350),
    ("takes us", 400),
    ("it takes", 350),
    ("take us", 300),
    ("takes a", 250),
    ("too slow", 400),
    ("too long", 400),
    ("so slow", 400),
    ("too late", 350),
    ("very slow", 350),
    ("is slow", 350),
    ("too many", 300),
    ("too expensive", 150),
    ("costs us", 350),
    ("cost us", 350),
    ("we lose", 450),
    ("we're losing", 450),
    ("we are losing", 450),
    ("we lost", 300),
    ("loses", 300),
    ("lose the", 300),
    ("lose signal", 450),
    ("losing", 250),
    ("breaks", 350),
    ("breaks down", 450),
    ("broken", 350),
    ("keeps breaking", 450),
    ("broke down", 350),
    ("jams", 450),
    ("jam", 250),
    ("fails", 350),
    ("failed", 250),
    ("failing", 300),
    ("crashes", 450),
    ("crashed", 350),
    ("freezes", 400),
    ("stops", 300),
    ("stopped", 250),
    ("leaks", 400),
    ("leaking", 400),
    ("is down", 300),
    ("goes down", 350),
    ("downtime", 400),
    ("outage", 350),
    ("dead", 200),
    ("dies", 350),
    ("can't", 250),
    ("cannot", 250),
    ("can not", 250),
    ("couldn't", 200),
    ("not able to", 300),
    ("nobody knows", 400),
    ("nobody can", 400),
    ("nobody answers", 400),
    ("no idea", 250),
    ("no overview", 400),
    ("no visibility", 400),
    ("i see nothing", 400),
    ("we don't see", 350),
    ("don't know", 200),
    ("doesn't work", 450),
    ("don't work", 400),
    ("does not work", 450),
    ("not connected", 350),
    ("never connected", 400),
    ("wrong", 250),
    ("mistakes", 400),
    ("errors", 400),
    ("error", 250),
    ("mix up", 350),
    ("mixed up", 350),
    ("duplicate", 300),
    ("twice", 150),
    ("forgotten", 400),
    ("forget", 250),
    ("get lost", 400),
    ("gets lost", 400),
    ("missing", 300),
    ("miss", 200),
    ("missed", 250),
    ("complain", 400),
    ("complains", 350),
    ("complaints", 400),
    ("yell", 350),
    ("shout", 350),
    ("angry", 350),
    ("frustrating", 400),
    ("annoying", 400),
    ("hate", 350),
    ("sick of", 400),
    ("fed up", 400),
    ("drives us", 350),
    ("waste", 400),
    ("wasting", 400),
    ("wasted", 350),
    ("scrap", 300),
    ("shortage", 350),
    ("can't find", 400),
    ("hard to find", 400),
    ("struggle", 400),
    ("struggling", 400),
    ("stuck", 300),
    ("bottleneck", 400),
    ("queue", 250),
    ("waiting", 200),
    ("wait", 100),
    ("backlog", 350),
    ("delay", 300),
    ("delays", 350),
    ("late", 200),
    ("fades", 400),
    ("rust", 300),
    ("rusts", 400),
    ("wears out", 400),
    ("overheats", 400),
    ("incident", 300),
    ("accident", 300),
    ("was not heard", 400),
    ("cancelled", 250),
    ("every change", 250),
    ("workaround", 350),
    ("works around", 400),
    ("work around", 300),
    ("out of date", 350),
    ("outdated", 400),
    ("end of life", 350),
    ("not supported", 350),
    ("no longer supported", 400),
    ("spare parts", 350),
    ("unreliable", 400),
    ("half of them", 300),
    ("eats", 250),
    ("noise", 150),
    ("too loud", 350),
    ("too heavy", 350),
    ("takes up", 300),
    ("all the space", 300),
    ("gives away", 300),
    ("click on everything", 400),
    ("retype", 400),
    ("type everything", 400),
    ("types it in", 350),
    ("copy and paste", 400),
    ("double entry", 400),
    ("chasing", 350),
    ("chase", 300),
    ("overtime", 300),
    ("weekends", 200),
    ("sundays", 250),
    ("we correct", 350),
    ("have to correct", 350),
    ("swapping", 250),
    ("is not the", 150),
    ("only good for", 200),
    ("turnover", 200),
    ("sick days", 300),
    ("penalty", 350),
    ("penalties", 400),
    ("fines", 350),
    ("fined", 350),
    ("leaves early", 250),
    ("people leave", 350),
    ("customers leave", 400),
    ("walk away", 350),
    ("returns", 200),
];

/// Words in which trouble is somebody else's, long gone, or no trouble.
const HARMLESS: &[&str] = &[
    "no problem",
    "not a problem",
    "no issue",
    "no worries",
    "can't wait",
    "can't complain",
    "why not",
    "sorry",
    "wait a minute",
    "no wait",
    "don't know if",
    "i can't buy",
    "can't sign",
    "don't know yet",
    "budget",
    "i sign",
    "decides",
    "decide",
    "call me",
    "send me",
    "my boss",
    "thank you",
    "thanks",
    "let me",
    "i'll take",
    "see you",
    "dot com",
];

/// Clauses in which the visitor says what hurts.
pub(super) fn tag(talk: &Talk<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for turn in talk.by(Role::Prospect) {
        for clause in turn.clauses() {
            let asks = turn.tokens.get(clause.end).is_some_and(|t| t.is_mark('?'));
            let Some(score) = trouble(turn, &clause).filter(|_| !asks) else { continue };
            let range = trim(turn, clause);
            if !(MIN_WORDS..=MAX_WORDS * 2).contains(&range.len()) {
                continue;
            }
            let chars = turn.chars(&range);
            spans.push(Span {
                tag: Tag::Pain,
                turn: turn.index,
                start: chars.start,
                end: chars.end,
                owner: Owner::Prospect,
                polarity: Polarity::Stated,
                score,
            });
        }
    }
    spans
}

fn trouble(turn: &Turn, clause: &Range<usize>) -> Option<u16> {
    let within =
        |phrase: &str| turn.find_from(phrase, clause.start).is_some_and(|r| r.end <= clause.end);
    if HARMLESS.iter().any(|p| within(p)) {
        return None;
    }
    let mut weights: Vec<u16> =
        TROUBLE.iter().filter(|(p, _)| within(p)).map(|(_, w)| *w).collect();
    weights.sort_unstable_by(|a, b| b.cmp(a));
    let sum: u16 = weights.iter().take(3).sum();
    let ours = turn.tokens[clause.clone()].iter().any(|t| {
        t.is(&["we", "our", "us", "they", "it", "my", "people", "nobody", "i", "customers"])
    });
    let sum = sum + if ours { 80 } else { 0 };
    (sum >= 330).then_some((350 + sum / 2).min(850))
}

/// Cuts openers such as "because", "yes", "well" and answers before the clause proper.
fn trim(turn: &Turn, clause: Range<usize>) -> Range<usize> {
    const OPENERS: [&str; 24] = [
        "yes", "yeah", "well", "so", "because", "that", "oh", "uh", "um", "no", "honestly", "look",
        "you", "know", "like", "i", "mean", "right", "then", "okay", "ok", "and", "but", "also",
    ];
    let mut start = clause.start;
    while start + MIN_WORDS < clause.end && turn.tokens[start].is(&OPENERS) {
        let kept = turn.tokens[start].is(&["i", "that", "you", "no"])
            && !turn.tokens[start + 1].is(&["mean", "know", "is", "and", "no"]);
        if kept {
            break;
        }
        start += 1;
    }
    start..clause.end.min(start + MAX_WORDS)
}
