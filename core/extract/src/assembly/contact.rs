use confee_domain::{Contact, Field, Lost};

use super::settle::{Candidate, settle};
use crate::normalize::title::{self, TitleOwner};
use crate::normalize::{email, phone, spelling};
use crate::rules::{employer_key, present};
use crate::similar::{fold, same_name, sounds_like};
use crate::tagger::{Owner, Span, Tag};
use crate::talk::{Role, Talk};

/// A spelling belongs to a name said at most this many turns before or after.
const SPELLED_WITHIN: usize = 4;

pub(super) fn assemble(talk: &Talk<'_>, spans: &[Span]) -> Contact {
    let name = name(talk, spans);
    let said_name = name.as_ref().map(|f| f.value().clone());
    let email = emails(talk, said_name.as_deref());
    let company = company(talk, spans, email.as_ref().map(|f| f.value().as_str()));
    Contact { title: title(talk, name.as_ref()), name, company, email, phone: phones(talk) }
}

fn said(talk: &Talk<'_>, span: &Span) -> String {
    talk.text(span.turn).chars().skip(span.start).take(span.end - span.start).collect()
}

fn lost(owner: Owner) -> Option<Lost> {
    match owner {
        Owner::Prospect => None,
        Owner::Rep => Some(Lost::Reps),
        Owner::Third => Some(Lost::ThirdParty),
    }
}

fn name(talk: &Talk<'_>, spans: &[Span]) -> Option<Field<String>> {
    let candidates = spans
        .iter()
        .filter(|s| s.tag == Tag::Name)
        .map(|s| {
            let value = spelled(talk, s.turn, present(&said(talk, s), talk.cased));
            let first = value.split(' ').next().unwrap_or_default().to_owned();
            let greeted =
                talk.by(Role::Rep).any(|t| t.tokens.iter().any(|w| sounds_like(&w.norm, &first)));
            let score = s.score + if greeted && s.owner == Owner::Prospect { 40 } else { 0 };
            let fuller = u16::from(value.contains(' ')) * 20;
            Candidate {
                value,
                turn: s.turn,
                start: s.start,
                end: s.end,
                score: (score + fuller).min(980),
                lost: lost(s.owner),
            }
        })
        .collect();
    settle(talk, candidates, 560, |a, b| same_name(a, b))
}

/// The value with a word replaced by its spelling, where letters were said nearby.
fn spelled(talk: &Talk<'_>, turn: usize, value: String) -> String {
    let from = turn.saturating_sub(1);
    let to = (turn + SPELLED_WITHIN + 1).min(talk.turns.len());
    let mut value = value;
    for near in from..to {
        for run in spelling::find(talk.text(near)) {
            if let Some(mended) = spelling::repair(&value, &run.letters) {
                value = present(&mended, false);
            }
        }
    }
    value
}

fn title(talk: &Talk<'_>, name: Option<&Field<String>>) -> Option<Field<String>> {
    let name_turn = name.and_then(|f| f.evidence().spans().first()).map(|s| s.segment as usize);
    let candidates = talk
        .by(Role::Prospect)
        .flat_map(|turn| title::find(talk.text(turn.index)).into_iter().map(move |t| (turn, t)))
        .filter(|(_, t)| t.title.title.is_some())
        .map(|(turn, t)| {
            let beside = name_turn.is_some_and(|n| n.abs_diff(turn.index) <= 1);
            let score = match (t.owner, t.cued, beside) {
                (TitleOwner::Speaker, true, _) => 880,
                (TitleOwner::Speaker, false, true) => 860,
                (_, _, true) => 800,
                (TitleOwner::Speaker, false, false) => 640,
                _ => 420,
            };
            let lost = match t.owner {
                TitleOwner::Other => Some(Lost::ThirdParty),
                TitleOwner::Former => Some(Lost::Superseded),
                TitleOwner::Speaker | TitleOwner::Unclear => None,
            };
            Candidate { value: t.said, turn: turn.index, start: t.start, end: t.end, score, lost }
        })
        .collect();
    settle(talk, candidates, 560, |a: &String, b| a.eq_ignore_ascii_case(b))
}

fn company(talk: &Talk<'_>, spans: &[Span], email: Option<&str>) -> Option<Field<String>> {
    let domain =
        email.and_then(|e| e.split_once('@')).map(|(_, d)| fold(d.split('.').next().unwrap_or(d)));
    let candidates = spans
        .iter()
        .filter(|s| s.tag == Tag::Company)
        .map(|s| {
            let value = spelled(talk, s.turn, present(&said(talk, s), talk.cased));
            let key = employer_key(&value);
            let confirmed = domain.as_deref().is_some_and(|d| {
                key.len() > 2 && (d.contains(&key) || (d.len() > 3 && key.contains(d)))
            });
            let score = (s.score + if confirmed { 150 } else { 0 }).min(980);
            Candidate {
                value,
                turn: s.turn,
                start: s.start,
                end: s.end,
                score,
                lost: lost(s.owner),
            }
        })
        .collect();
    settle(talk, candidates, 540, |a, b| employer_key(a) == employer_key(b))
}

fn emails(talk: &Talk<'_>, name: Option<&str>) -> Option<Field<String>> {
    let rep_key = talk.transcript.rep().company.as_deref().map(employer_key).unwrap_or_default();
    let context = email::Context { name, company: None };
    let mut candidates: Vec<Candidate<String>> = Vec::new();
    for turn in &talk.turns {
        for e in email::find(talk.text(turn.index), &context) {
            let domain = e.address.split_once('@').map(|(_, d)| fold(d)).unwrap_or_default();
            let reps = rep_key.len() > 2 && domain.contains(&rep_key);
            let repeated = turn.role == Role::Rep;
            let base = if e.complete { 760 + e.score / 5 } else { e.score / 2 };
            let score = if repeated { base.saturating_sub(200) } else { base }.min(970);
            if e.corrected && !reps {
                supersede(&mut candidates);
            }
            let value = mended(talk, turn.index, e.end, e.address);
            candidates.push(Candidate {
                value,
                turn: turn.index,
                start: e.start,
                end: e.end,
                score,
                lost: reps.then_some(Lost::Reps),
            });
        }
    }
    settle(talk, candidates, 560, |a, b| a == b)
}

fn supersede<T>(candidates: &mut [Candidate<T>]) {
    for c in candidates.iter_mut().filter(|c| c.lost.is_none()) {
        c.lost = Some(Lost::Superseded);
    }
}

/// Hints such as spelled letters or "all one word" in the rest of the turn and the next two.
fn mended(talk: &Talk<'_>, turn: usize, end: usize, address: String) -> String {
    let rest: String = talk.text(turn).chars().skip(end).collect();
    let later = talk.turns[turn + 1..].iter().take(2).map(|t| talk.text(t.index).to_owned());
    let mut address = address;
    for hint in std::iter::once(rest).chain(later) {
        if let Some(better) = email::mend(&address, &hint) {
            address = better;
        }
    }
    address
}

fn phones(talk: &Talk<'_>) -> Option<Field<String>> {
    let mut candidates: Vec<Candidate<String>> = Vec::new();
    for turn in &talk.turns {
        let asked = talk.question_before(turn.index).is_some_and(|q| {
            q.says(&[
                "number",
                "phone",
                "mobile",
                "telephone",
                "cell",
                "whatsapp",
                "reach you",
                "call you",
            ])
        });
        for p in phone::find(talk.text(turn.index)) {
            let cue = if asked || p.cued { 200 } else { 0 };
            let repeated = if turn.role == Role::Rep { 250 } else { 0 };
            let score = (500 + p.score / 4 + cue).saturating_sub(repeated).min(970);
            if p.corrected {
                supersede(&mut candidates);
            }
            candidates.push(Candidate {
                value: p.number,
                turn: turn.index,
                start: p.start,
                end: p.end,
                score,
                lost: None,
            });
        }
    }
    settle(talk, candidates, 560, |a, b| a.ends_with(b.as_str()) || b.ends_with(a.as_str()))
}
