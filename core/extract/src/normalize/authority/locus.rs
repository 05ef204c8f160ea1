//! Where a decision lies: "that decision sits with me", "it's up to the board", "it comes from
//! headquarters", "you'd have to ask Ingrid".

use confee_domain::Authority::{self, DecisionMaker, Shared};

use super::clause::{asked, other};
use super::evidence::{ANOTHER, Evidence, conditional};
use crate::normalize::title::words::Word;

const MATTER: &str = "decision decisions call choice word it it's that that's this say-so purchase order purchasing \
    buying budget money signature approval say authority responsibility everything all those they these which \
    that'd it'd thing stuff procurement";
const LIES: &str = "is are is's sits sit lies lie rests rest stays stay remains ends stops lands falls belongs comes \
    come goes go has have gets handled made taken decided done bought approved signed handles it's that's would'd \
    will would be 'll that'd it'd need needs from run managed to ordered down just all entirely only still \
    always usually ultimately finally basically completely really first then up in past not back right that this those like such kind size things";
const TOWARDS: &[&str] =
    &["with", "by", "to", "from", "through", "past", "passed", "before", "at", "in"];
const FIXED: &[&str] =
    &["decision", "decisions", "choice", "word", "say-so", "approval", "signature"];

const WHEN: &str = "january february march april may june july august september october november december \
    spring summer autumn fall winter advance principle theory time our my the house cash private \
    secret quarter";

/// A matter, a verb of lying and a party, from a word on.
pub(super) fn statement(words: &[Word], at: usize) -> Option<Evidence> {
    if !words[at].among(MATTER) || words[at].question || asked(words, at) {
        return None;
    }
    let end = (at + 10).min(words.len());
    let verb_end = (at + 1..end)
        .take_while(|i| !words[*i].breaks())
        .find(|i| !words[*i].among(LIES) || words[*i].is(&["to"]) && party(words, *i + 1).is_some())
        .unwrap_or(end);
    let low = at.saturating_sub(2);
    let denied = (low..verb_end).any(|i| words[i].is(&["not", "isn't", "never", "used", "wasn't"]));
    if denied {
        return None;
    }
    let towards = words.get(verb_end).filter(|w| !w.breaks() && w.is(TOWARDS));
    let last = verb_end.checked_sub(1).filter(|i| *i > at).map(|i| words[i].norm.as_str());
    let start = match (towards, last) {
        (Some(_), Some(_)) => verb_end + 1,
        (None, Some("to" | "past" | "in")) => verb_end,
        _ => return None,
    };
    let verb = &words[at + 1..start];
    let vague = words[at].among("it it's that that's this they those these all everything which");
    let telling = verb.iter().any(|w| {
        w.among("sits lies rests stays remains ends stops handled decided approved signed up down past passed through bought run")
    });
    let heads = telling || words[at].is(FIXED);
    let place = words[start - 1].is(&["in", "at"])
        && verb.iter().any(|w| w.among("made taken decided done handled approved"))
        && words.get(start).is_some_and(|w| !w.breaks() && !w.among(WHEN) && w.norm.len() > 2);
    let past = words[start - 1].is(&["past", "passed"])
        && verb.iter().any(|w| w.is(&["go", "goes"]))
        && words
            .get(start)
            .is_some_and(|w| !w.breaks() && w.norm.len() > 2 && !w.among("the me us"));
    let place = place || past;
    let (authority, to) = party(words, start).or(place.then_some((Authority::None, start + 1)))?;
    let obliged = verb.iter().any(|w| w.is(&["goes", "go", "come", "comes"]))
        && words[to - 1]
            .among("board council committee headquarters hq procurement purchasing office");
    if !(heads || past || obliged && vague) {
        return None;
    }
    let weight = if authority == Authority::None { ANOTHER } else { 920 };
    let conditional = authority == DecisionMaker && conditional(words, at, to);
    Some(Evidence { from: at, to, authority, weight, conditional })
}

/// The party at a word: the speaker, several with the speaker, or another.
fn party(words: &[Word], at: usize) -> Option<(Authority, usize)> {
    let w = words.get(at).filter(|w| !w.breaks())?;
    let next = words.get(at + 1);
    let joined = next.is_some_and(|n| n.is(&["and", "plus"]) && !n.breaks())
        && words.get(at + 2).is_some_and(|n| n.among("my our the") || other(n, false));
    if w.is(&["me", "mine", "myself"]) || w.norm == "my" && next.is_some_and(|n| n.norm == "hands")
    {
        return Some((if joined { Shared } else { DecisionMaker }, at + 1));
    }
    let all = w.is(&["both", "all", "us"])
        && (at + 1..at + 4).any(|i| words.get(i).is_some_and(|n| n.norm == "us"))
        || w.norm == "us" && next.is_some_and(|n| n.is(&["two", "three", "both", "all"]));
    if all {
        return Some((Shared, at + 2));
    }
    let phrase = (at..(at + 5).min(words.len())).take_while(|i| *i == at || !words[*i].breaks());
    for i in phrase {
        if words[i].among("your you me us our's their") && i == at {
            return None;
        }
        if other(&words[i], false) && !words[i].among("it i i'm i'd") {
            let me = words.get(i + 1).is_some_and(|n| n.norm == "and")
                && words.get(i + 2).is_some_and(|n| n.is(&["me", "myself"]));
            return Some((if me { Shared } else { Authority::None }, i + 1));
        }
    }
    None
}

/// The speaker's decision and another's, joined by "and": several decide.
pub(super) fn joined(words: &[Word], found: &[Evidence]) -> Option<Evidence> {
    found.windows(2).find_map(|p| {
        let [own, then] = p else { return None };
        let between = words.get(own.to..then.from.max(own.to))?;
        let linked = own.authority == DecisionMaker
            && own.weight > ANOTHER
            && !own.conditional
            && then.authority == Authority::None
            && then.weight <= ANOTHER
            && between.iter().any(|w| w.norm == "and" && !w.sentence)
            && !between.iter().any(|w| w.is(&["but", "not"]) || w.sentence)
            && between.len() < 8;
        linked.then_some(Evidence {
            from: own.from,
            to: then.to,
            authority: Shared,
            weight: 850,
            conditional: false,
        })
    })
}
