//! Who decides: what a person says of their part in a purchase.
//!
//! `decision_maker` signs or decides alone, `shared` is one of several who decide, `influencer`
//! evaluates or recommends while another decides, `none` has no say. "My boss decides" alone is
//! `none` with a low weight (500): the person's own part was not said. A title tells nothing.

mod acts;
mod answer;
mod clause;
mod evidence;
mod locus;
mod pattern;
mod phrases;
mod phrases_others;
#[cfg(test)]
mod tests;
mod words;

use confee_domain::Authority;

use evidence::{ANOTHER, Evidence};

/// A statement about who decides in one segment.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthoritySpan {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// What it says of the speaker.
    pub authority: Authority,
    /// How strongly the phrase tells, in permille; 500 and less where only another was named.
    pub weight: u16,
    /// Holds only up to an amount or within a limit.
    pub conditional: bool,
}

/// All statements of one segment, in order. Questions, wishes and the past are none.
#[must_use]
pub fn find(text: &str) -> Vec<AuthoritySpan> {
    let words = words::read(text);
    let span = |e: &Evidence| AuthoritySpan {
        start: words[e.from].start,
        end: words[e.to - 1].end,
        authority: e.authority,
        weight: e.weight,
        conditional: e.conditional,
    };
    evidence::collect(&words).iter().map(span).collect()
}

/// The one statement that holds where several were made: several who decide, then the speaker's
/// own decision, then a part in it ("I recommend, purchasing decides"), then no say.
#[must_use]
pub fn resolve(spans: &[AuthoritySpan]) -> Option<AuthoritySpan> {
    let last = |a: Authority| spans.iter().rfind(|s| s.authority == a && s.weight > ANOTHER);
    let (shared, own) = (last(Authority::Shared), last(Authority::DecisionMaker));
    let (part, none) = (last(Authority::Influencer), last(Authority::None));
    let own = own.filter(|d| d.conditional || none.is_none_or(|n| n.start < d.start));
    let limited = own.filter(|d| d.conditional);
    let another = spans.iter().find(|s| s.weight <= ANOTHER);
    limited.or(shared).or(own).or(part).or(none).or(another).cloned()
}

/// What a phrase or sentence says of its speaker; a question may stand before the answer.
#[must_use]
pub fn normalize(text: &str) -> Option<Authority> {
    if let Some((question, answer)) = text.split_once('?') {
        let answered = from_answer(question, answer).map(|s| s.authority);
        if answered.is_some() {
            return answered;
        }
    }
    resolve(&find(text)).map(|s| s.authority).or_else(|| {
        let words = words::read(text);
        let first = words.first().filter(|w| w.is(&["me", "both", "myself"]))?;
        answer::parties(&words)
            .filter(|_| {
                !first.question
                    && words.len() > 1
                    && (first.is(&["me", "myself"]) || words.len() < 5)
            })
            .filter(|p| p.0 == Authority::Shared)
            .map(|p| p.0)
    })
}

/// Reads an answer in the light of the question before it; offsets into the answer. `None`
/// where the question is not about who decides and the answer says nothing of it either.
#[must_use]
pub fn from_answer(question: &str, answer: &str) -> Option<AuthoritySpan> {
    let own = resolve(&find(answer));
    if own.as_ref().is_some_and(|s| s.weight > ANOTHER) {
        return own;
    }
    let words = words::read(answer);
    let short = answer::asked(question).and_then(|asked| answer::short(asked, &words));
    let Some((authority, weight, taken)) = short else { return own };
    Some(AuthoritySpan {
        start: words.first()?.start,
        end: words.get(taken.max(1) - 1).or(words.last())?.end,
        authority,
        weight,
        conditional: authority == Authority::DecisionMaker
            && words.iter().take(6).any(|w| w.is(&["up", "under", "below", "within"])),
    })
}
