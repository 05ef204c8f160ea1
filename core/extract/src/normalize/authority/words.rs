//! Words for the authority patterns: contractions made one, recogniser spellings mended.

use crate::normalize::title::words::{Word, base};

/// Two words that are one: "i am" -> "i'm".
const JOINED: &[(&str, &str, &str)] = &[
    ("i", "am", "i'm"),
    ("it", "is", "it's"),
    ("that", "is", "that's"),
    ("do", "not", "don't"),
    ("does", "not", "doesn't"),
    ("i", "have", "i have"),
    ("can", "not", "can't"),
    ("is", "not", "isn't"),
    ("we", "are", "we're"),
    ("did", "not", "didn't"),
    ("no", "one", "nobody"),
    ("have", "not", "haven't"),
    ("i", "m", "i'm"),
    ("i", "would", "i'd"),
    ("need", "not", "needn't"),
    ("coal", "league", "colleague"),
    ("rubber", "stamp", "rubber-stamp"),
    ("rubber", "stamps", "rubber-stamps"),
    ("short", "list", "shortlist"),
    ("green", "lights", "greenlights"),
];

/// A word that is meant as another everywhere in talk of decisions.
const MENDED: &[(&str, &str)] = &[
    ("its", "it's"),
    ("dont", "don't"),
    ("doesnt", "doesn't"),
    ("cant", "can't"),
    ("wont", "won't"),
    ("isnt", "isn't"),
    ("im", "i'm"),
    ("ive", "i've"),
    ("thats", "that's"),
    ("sine", "sign"),
    ("sines", "signs"),
    ("syne", "sign"),
    ("sighn", "sign"),
    ("sined", "signed"),
    ("desides", "decides"),
    ("deside", "decide"),
    ("decides", "decides"),
    ("descides", "decides"),
    ("bored", "board"),
    ("reccomend", "recommend"),
    ("recommand", "recommend"),
    ("permision", "permission"),
    ("finale", "final"),
    ("comitee", "committee"),
    ("commitee", "committee"),
    ("committe", "committee"),
    ("wright", "write"),
    ("aye", "i"),
    ("disides", "decides"),
    ("approval's", "approval"),
    ("noone", "nobody"),
    ("headoffice", "office"),
    ("cannot", "can't"),
    ("evaluates", "evaluates"),
    ("signiture", "signature"),
    ("buyed", "bought"),
    ("recomend", "recommend"),
    ("procurment", "procurement"),
];

/// A word that is meant as another after or before certain words.
struct Near {
    heard: &'static str,
    meant: &'static str,
    after: &'static [&'static str],
    before: &'static [&'static str],
}

const NEAR: &[Near] = &[
    Near {
        heard: "know",
        meant: "no",
        after: &[],
        before: &["i", "say", "i'm", "it's", "my", "not", "one", "authority", "the"],
    },
    Near { heard: "coal", meant: "call", after: &["my", "your", "their"], before: &[] },
    Near { heard: "cole", meant: "call", after: &["my", "your", "their"], before: &[] },
    Near {
        heard: "booth",
        meant: "both",
        after: &["manager", "we", "director"],
        before: &["have", "sign", "decide", "need", "must", "of"],
    },
    Near {
        heard: "right",
        meant: "write",
        after: &["i", "just", "only"],
        before: &["the", "a", "which", "my", "up"],
    },
    Near { heard: "right", meant: "write", after: &["and"], before: &["which", "up", "the"] },
    Near {
        heard: "boat",
        meant: "vote",
        after: &["one", "my", "a", "we", "to", "council"],
        before: &[],
    },
    Near { heard: "boats", meant: "votes", after: &["board", "council", "committee"], before: &[] },
    Near { heard: "won", meant: "one", after: &[], before: &["vote", "of"] },
    Near {
        heard: "to",
        meant: "two",
        after: &["needs", "need", "takes", "the", "us"],
        before: &["signatures", "people", "of", "signature"],
    },
    Near { heard: "too", meant: "two", after: &[], before: &["signatures", "people", "of"] },
    Near { heard: "for", meant: "four", after: &[], before: &["of", "eyes"] },
    Near { heard: "knot", meant: "not", after: &[], before: &["my", "up", "me", "alone"] },
    Near {
        heard: "hour",
        meant: "our",
        after: &[],
        before: &["decision", "board", "boss", "director", "cfo", "finance", "ceo"],
    },
    Near {
        heard: "eye",
        meant: "i",
        after: &[],
        before: &["sign", "decide", "recommend", "write"],
    },
    Near { heard: "sighing", meant: "signing", after: &[], before: &[] },
    Near { heard: "sign", meant: "sign", after: &[], before: &[] },
    Near { heard: "buy", meant: "by", after: &["decided", "made", "done"], before: &[] },
    Near { heard: "signing", meant: "sign in", after: &["to"], before: &[] },
];

/// The sounds of the letters in "CEO", "CFO", "CTO", "CIO" and "COO".
const SOUNDS: &[(&str, &str)] = &[
    ("c see sea cee", "c"),
    ("e ee he", "e"),
    ("f eff ef if", "f"),
    ("t tee tea", "t"),
    ("i eye aye", "i"),
    ("o oh owe ow", "o"),
];

/// Spelled officers made one word: "sea eff oh" -> "cfo".
fn officers(words: Vec<Word>) -> Vec<Word> {
    let sound = |w: &Word| SOUNDS.iter().find(|(list, _)| w.among(list)).map_or("", |(_, l)| *l);
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for w in words {
        out.push(w);
        let Some(at) = out.len().checked_sub(3) else { continue };
        let spelled = out[at..].iter().map(sound).collect::<String>();
        let whole = matches!(spelled.as_str(), "ceo" | "cfo" | "cto" | "cio" | "coo");
        if whole && !out[at + 1].breaks() && !out[at + 2].breaks() {
            let end = out[at + 2].end;
            out.truncate(at + 1);
            out[at].norm = spelled;
            out[at].end = end;
        }
    }
    out
}

/// The words of a segment as the patterns see them.
pub(super) fn read(text: &str) -> Vec<Word> {
    let mut words = officers(base(text));
    for w in &mut words {
        if let Some((_, meant)) = MENDED.iter().find(|(heard, _)| *heard == w.norm) {
            w.norm = (*meant).to_owned();
        }
    }
    for i in 0..words.len() {
        if let Some(meant) = near(&words, i) {
            words[i].norm = meant.to_owned();
        }
    }
    join(words)
}

fn near(words: &[Word], i: usize) -> Option<&'static str> {
    let before = i.checked_sub(1).map_or("", |b| words[b].norm.as_str());
    let after = words.get(i + 1).map_or("", |a| a.norm.as_str());
    NEAR.iter()
        .filter(|n| n.heard == words[i].norm && n.meant != "sign in")
        .find(|n| {
            (n.after.is_empty() || n.after.contains(&before))
                && (n.before.is_empty() || n.before.contains(&after))
        })
        .map(|n| n.meant)
}

fn join(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for w in words {
        let pair = out.last().filter(|_| !w.breaks()).and_then(|l| {
            JOINED.iter().find(|(a, b, m)| *a == l.norm && *b == w.norm && !m.contains(' '))
        });
        match (pair, out.last_mut()) {
            (Some((_, _, meant)), Some(last)) => {
                last.norm = (*meant).to_owned();
                last.end = w.end;
            }
            _ => out.push(w),
        }
    }
    out
}
