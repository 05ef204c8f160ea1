//! The rank and the function a title tells.

use confee_domain::Seniority::{
    self, CLevel, Director, Head, Individual, Intern, Manager, Owner, Student, Vp,
};

use super::lexicon::{HeadNoun, function_at, function_of, head_at, strong_function};
use super::phrase::Phrase;
use super::words::Word;

/// The rank of the head noun, as the words before it change it.
pub(super) fn rank(words: &[Word], p: &Phrase, noun: HeadNoun) -> Seniority {
    let before = &words[p.from..p.head.0];
    let has = |list: &[&str]| before.iter().any(|w| w.is(list));
    let head = &words[p.head.0];
    if has(&["intern", "trainee", "apprentice"]) {
        return Intern;
    }
    if has(&["student"]) && noun.rank != Manager && noun.rank != Director {
        return if head.is(&["intern", "assistant"]) { Intern } else { Student };
    }
    match noun.rank {
        Individual if has(&["chief", "head"]) => Head,
        CLevel if has(&["founder", "co-founder", "owner", "founding", "co-owner"]) => Owner,
        CLevel if head.is(&["president", "chair"]) && has(&["vice"]) => Vp,
        CLevel if head.is(&["md", "president", "chief"]) && has(&["assistant"]) => Individual,
        Owner
            if head.is(&["partner"])
                && has(&[
                    "account",
                    "business",
                    "channel",
                    "hr",
                    "people",
                    "technology",
                    "delivery",
                    "implementation",
                ]) =>
        {
            Individual
        }
        Owner
            if head.is(&["owner"])
                && has(&[
                    "process",
                    "product",
                    "system",
                    "data",
                    "application",
                    "service",
                    "it",
                    "platform",
                ]) =>
        {
            Individual
        }
        Head if head.is(&["lead"])
            && has(&[
                "team",
                "shift",
                "tech",
                "technical",
                "line",
                "project",
                "crew",
                "squad",
                "section",
                "cell",
            ]) =>
        {
            Manager
        }
        Manager if head.is(&["super", "leader", "captain", "skipper"]) => Manager,
        other => other,
    }
}

/// The function, from what follows, then what stands before, then the noun itself.
pub(super) fn function(words: &[Word], p: &Phrase, noun: HeadNoun) -> Option<&'static str> {
    let body = &words[p.from..p.head.0];
    let after = if p.inner.is_some() { &[][..] } else { &words[p.head.1..p.to] };
    if noun.rank == Student || words[p.head.0].is(&["md", "ceo", "gm"]) {
        return None;
    }
    if words[p.head.0].norm == "chief" && noun.function.is_empty() {
        return chief_function(&words[p.head.0 + 1..p.head.1]);
    }
    let plain = (!noun.function.is_empty()).then_some(noun.function);
    let general = matches!(
        plain,
        Some("engineering" | "design" | "clinical" | "logistics" | "production" | "research")
    );
    let compound = p.head.1 - p.head.0 > 1 || matches!(noun.rank, CLevel);
    if plain.is_some() && (!general || compound) {
        return plain;
    }
    let chained = (p.from..p.head.0)
        .find_map(|i| head_at(words, i).filter(|h| h.0 == 1 && !h.1.function.is_empty()));
    let inside = words
        .get(p.to)
        .filter(|w| w.norm == "in" && !w.breaks())
        .and_then(|_| function_at(words, p.to + 1));
    let inside = inside.filter(|_| p.inner.is_none()).map(|f| f.1);
    let chained = chained.map(|h| h.1.function);
    if noun.rank == Owner && words[p.head.0].norm != "partner" {
        return chained;
    }
    strong_function(after)
        .or_else(|| strong_function(body))
        .or(chained)
        .or(plain)
        .or_else(|| function_of(after))
        .or_else(|| function_of(body))
        .or(inside)
}

/// CEO none, COO operations, CTO technology, CIO it, CISO security, ...
fn chief_function(middle: &[Word]) -> Option<&'static str> {
    let has = |w: &str| middle.iter().any(|m| m.norm == w);
    Some(match () {
        () if has("executive") && !has("operating") => return None,
        () if has("security") => "security",
        () if has("medical") || has("nursing") => "clinical",
        () if has("information") => "it",
        () if has("experience") => "customer service",
        () if has("administrative") => "administration",
        () => return function_of(middle),
    })
}
