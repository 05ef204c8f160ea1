//! All statements about a decision in a run of words.

use std::collections::HashMap;
use std::sync::LazyLock;

use confee_domain::Authority::{self, DecisionMaker, Influencer, Shared};

use super::pattern::Pattern;
use super::phrases::{DECIDES, SHARED};
use super::phrases_others::{DECIDE_VERBS, INFLUENCES, NO_SAY, OTHERS};
use super::{clause, locus};
use crate::normalize::title::words::Word;

/// One statement, as word indices.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) authority: Authority,
    pub(super) weight: u16,
    pub(super) conditional: bool,
}

struct Entry {
    authority: Authority,
    weight: u16,
    pattern: Pattern,
}

/// The weight of "my boss decides", which tells of the speaker only that another decides.
pub(super) const ANOTHER: u16 = 500;

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = |authority, table: &'static [(u16, &'static str)]| {
        table.iter().map(move |(weight, text)| Entry {
            authority,
            weight: *weight,
            pattern: Pattern::new(text),
        })
    };
    rows(Shared, SHARED)
        .chain(rows(Authority::None, NO_SAY))
        .chain(rows(Influencer, INFLUENCES))
        .chain(rows(DecisionMaker, DECIDES))
        .collect()
});

static BY_FIRST: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut map: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (i, e) in ENTRIES.iter().enumerate() {
        for first in e.pattern.firsts() {
            map.entry(first).or_default().push(i);
        }
    }
    map
});

fn order(authority: Authority) -> u8 {
    match authority {
        Shared => 0,
        Authority::None => 1,
        Influencer => 2,
        DecisionMaker => 3,
    }
}

/// Statements in order; of overlapping ones the stricter reading stays.
pub(super) fn collect(words: &[Word]) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = Vec::new();
    let mut taken = vec![false; words.len()];
    for at in 0..words.len() {
        all.extend(clause::statement(words, at));
        all.extend(locus::statement(words, at));
        if let Some(off) = clause::trivial(words, at) {
            taken[off].fill(true);
        }
        let ids = BY_FIRST.get(words[at].norm.as_str()).map_or(&[][..], Vec::as_slice);
        all.extend(ids.iter().filter_map(|i| statement(words, at, &ENTRIES[*i])));
        all.extend(another(words, at));
    }
    all.sort_by_key(|e| {
        (e.weight <= ANOTHER, order(e.authority), std::cmp::Reverse(e.to - e.from), e.from)
    });
    let mut kept: Vec<Evidence> = Vec::new();
    for e in all {
        if !taken[e.from..e.to].contains(&true) {
            taken[e.from..e.to].fill(true);
            kept.push(e);
        }
    }
    kept.sort_by_key(|e| e.from);
    kept.extend(locus::joined(words, &kept));
    kept
}

fn statement(words: &[Word], at: usize, entry: &Entry) -> Option<Evidence> {
    let to = entry.pattern.end(words, at)?;
    let positive = matches!(entry.authority, DecisionMaker | Influencer);
    if words[at].question
        || asks(words, at)
        || guarded(words, at, positive)
        || positive && other_sense(words, at, to)
        || entry.authority == Shared && needless(words, at)
    {
        return None;
    }
    let conditional = entry.authority == DecisionMaker && conditional(words, at, to);
    Some(Evidence { from: at, to, authority: entry.authority, weight: entry.weight, conditional })
}

/// "does your boss have to ...", "are you the one who ...": a question without its mark.
fn asks(words: &[Word], at: usize) -> bool {
    const AUX: &[&str] =
        &["does", "do", "did", "is", "are", "can", "could", "would", "will", "has", "have"];
    const WHOM: &[&str] = &["you", "your", "anybody", "anyone", "somebody", "someone"];
    let low = at.saturating_sub(7);
    (low..at).any(|i| {
        let first =
            i == 0 || words[i].breaks() || words[i - 1].is(&["and", "so", "then", "okay", "well"]);
        first
            && words[i].is(AUX)
            && words[i + 1].is(WHOM)
            && (i + 1..=at).all(|k| !words[k].sentence)
    })
}

/// "used to be", "if I", "where do I sign", "not ...": no statement of what is.
fn guarded(words: &[Word], at: usize, positive: bool) -> bool {
    let left = |back: usize| {
        at.checked_sub(back)
            .filter(|i| (*i + 1..=at).all(|k| !words[k].sentence))
            .map_or("", |i| words[i].norm.as_str())
    };
    let past = left(1) == "to" && left(2) == "used"
        || left(2) == "to" && left(3) == "used"
        || matches!(left(1), "wish" | "formerly");
    let supposed = matches!(
        left(1),
        "if" | "when"
            | "where"
            | "how"
            | "did"
            | "unless"
            | "wish"
            | "before"
            | "until"
            | "once"
            | "do"
            | "should"
            | "why"
            | "would"
    ) && words[at].is(&["i", "we", "i'm", "it's"]);
    let wished = positive && (left(1) == "wish" || left(2) == "wish") || words[at].norm == "was";
    let negated = positive
        && matches!(
            left(1),
            "not"
                | "don't"
                | "never"
                | "doesn't"
                | "isn't"
                | "can't"
                | "won't"
                | "nor"
                | "cannot"
                | "wouldn't"
                | "didn't"
                | "couldn't"
                | "isnt"
        );
    let theirs = words[at].among("sign decide approve choose make do have")
        && matches!(
            left(1),
            "you"
                | "they"
                | "he"
                | "she"
                | "them"
                | "him"
                | "customers"
                | "people"
                | "you'd"
                | "you'll"
                | "can't"
        );
    past || supposed && left(1) != "would" || wished || negated || positive && theirs
}

/// "I don't need a second signature".
fn needless(words: &[Word], at: usize) -> bool {
    words[at].among("need needs take takes require requires have has")
        && at
            .checked_sub(1)
            .is_some_and(|i| words[i].is(&["don't", "doesn't", "never", "needn't", "no"]))
}

/// "I sign up", "I decide to come": not about buying.
fn other_sense(words: &[Word], at: usize, to: usize) -> bool {
    let last = words[to - 1].norm.as_str();
    let next = words.get(to).filter(|w| !w.breaks()).map_or("", |w| w.norm.as_str());
    let verb = matches!(last, "sign" | "decide" | "choose");
    let then = words.get(to + 1).map_or("", |w| w.norm.as_str());
    let odd = next == "up" && then != "to"
        || matches!(next, "in" | "to" | "language" | "language's")
        || next == "for"
            && last == "sign"
            && words.get(to + 1).is_some_and(|w| {
                w.is(&["parcels", "packages", "deliveries", "delivery", "the", "it"])
            });
    let tool = words[at..to].iter().any(|w| w.is(&["it", "that", "this"])) && last == "up";
    let alone = last == "me" && matches!(next, "and" | "here" | "today" | "with" | "from" | "at");
    verb && odd || tool || alone
}

const AMOUNTS: &str = "k thousand grand million hundred euros euro dollars pounds bucks francs limit \
    amount threshold lakh lakhs crore kroner zloty ten twenty fifty budget level \
    ceiling";

/// "under one million I sign": an amount bounds it, in the same sentence.
pub(super) fn conditional(words: &[Word], at: usize, to: usize) -> bool {
    let low = (at.saturating_sub(9)..=at)
        .rev()
        .find(|i| words[*i].sentence)
        .unwrap_or(at.saturating_sub(9));
    let high = (to..(to + 9).min(words.len()))
        .find(|i| words[*i].sentence)
        .unwrap_or((to + 9).min(words.len()));
    let part = &words[low..high];
    let amount = |w: &Word| w.among(AMOUNTS) || w.norm.starts_with(|c: char| c.is_ascii_digit());
    part.iter().enumerate().any(|(i, w)| {
        let next = part.get(i + 1).map_or("", |n| n.norm.as_str());
        let bound = w.is(&["under", "below", "within", "beneath", "underneath", "unless"])
            || w.norm == "up" && next == "to"
            || w.is(&["less", "smaller", "lower", "cheaper"]) && next == "than"
            || w.is(&["above", "over", "beyond"]) && matches!(next, "that" | "this" | "it")
            || w.norm == "until" && part.iter().any(amount)
            || w.norm == "to"
                && next == "a"
                && part.get(i + 2).is_some_and(|n| n.is(&["limit", "certain", "point"]));
        bound && (part.iter().skip(i).take(7).any(amount) || matches!(next, "that" | "this"))
    })
}

/// "my boss decides", "purchasing has the last word", "it's up to the board".
fn another(words: &[Word], at: usize) -> Option<Evidence> {
    let has = |list: &str, w: &Word| {
        list.split('|').any(|x| x == w.norm || Some(x) == w.norm.strip_suffix("'s"))
    };
    let theirs = (at.saturating_sub(2)..at)
        .any(|i| words[i].is(&["their", "your"]) && !words[i + 1].breaks());
    if theirs || words[at].question || asks(words, at) {
        return None;
    }
    let pronoun = words[at].norm == "it"
        && words[at].text != "IT"
        && !at.checked_sub(1).is_some_and(|i| words[i].is(&["our", "the", "but", "and"]));
    let to = if has(OTHERS, &words[at]) && !pronoun {
        decides(words, at, &has)?
    } else if words[at].is(&["to", "by", "through", "with", "from", "for"]) && at > 0 {
        let before = words[at - 1].among(
            "up down decided goes go lies rests made done approval signature handled sits \
            is has approved signed bought",
        ) && !words[at].breaks();
        let other = (at + 1..(at + 5).min(words.len()))
            .take_while(|i| !words[*i].breaks())
            .find(|i| has(OTHERS, &words[*i]))?;
        let own = words[at..other].iter().any(|w| w.is(&["me", "us", "my"]) && !w.is(&["my"]));
        let vague = words[at - 1].is(&["is", "go", "goes"])
            && !words[at].is(&["through", "with"])
            && !words[other].is(&["board", "council", "committee", "procurement", "purchasing"]);
        (before && !own && !vague).then_some(other + 1)?
    } else {
        return None;
    };
    Some(Evidence { from: at, to, authority: Authority::None, weight: ANOTHER, conditional: false })
}

fn decides(words: &[Word], at: usize, has: &impl Fn(&str, &Word) -> bool) -> Option<usize> {
    let end = (at + 1 + 9).min(words.len());
    if words[at].norm.ends_with("'s")
        && !words[at].is(&["it's"])
        && words
            .get(at + 1)
            .is_some_and(|w| w.is(&["decision", "call", "job", "choice", "signature"]))
    {
        return Some(at + 2);
    }
    let verb = (at + 1..(at + 5).min(words.len()))
        .take_while(|i| !words[*i].sentence)
        .find(|i| has(DECIDE_VERBS, &words[*i]))?;
    let between = &words[at + 1..verb];
    if between.iter().any(|w| {
        w.among("i i'm not doesn't don't never and me but you we to who's") && w.norm != "to"
    }) {
        return None;
    }
    let plain = words[verb].among(
        "decides decide signs approves approve votes vote chooses picks authorises \
            authorizes deciding awards sign",
    );
    let full = (verb + 1..end.min(verb + 6)).take_while(|i| !words[*i].sentence).find(|i| {
        words[*i].among(
            "final last say decision decisions word yes approve sign veto green decide \
            signature choice buying purse ok okay purchasing agree contracts contract \
            orders purchases procurement",
        )
    });
    if plain { Some(verb + 1) } else { full.map(|i| i + 1) }
}
