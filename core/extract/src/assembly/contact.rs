use confee_domain::{Contact, Field, Lost};

use super::calibration::{COMPANY, EMAIL, NAME, PHONE, TITLE};
use super::heard::Heard;
use super::settle::{Candidate, settle};
use crate::normalize::title::TitleOwner;
use crate::normalize::{email, phone, spelling};
use crate::rules::{employer_key, present};
use crate::similar::{fold, same_name, sounds_like};
use crate::tagger::{Owner, Span, Tag};
use crate::talk::{Role, Talk};

/// A spelling belongs to a name said at most this many turns before or after.
const SPELLED_WITHIN: usize = 4;

pub(super) fn assemble(heard: &Heard<'_>) -> Contact {
    let plain = emails(heard, None);
    let address = plain.as_ref().map(|f| f.value().clone());
    let name = name(heard, address.as_deref());
    // "First dot last at" can only be read once the name is known.
    let email = plain.or_else(|| emails(heard, name.as_ref().map(|f| f.value().as_str())));
    let company = company(heard, address.as_deref(), name.as_ref());
    Contact { title: title(heard, name.as_ref()), name, company, email, phone: phones(heard) }
}

fn lost(owner: Owner) -> Option<Lost> {
    match owner {
        Owner::Prospect => None,
        Owner::Rep => Some(Lost::Reps),
        Owner::Third => Some(Lost::ThirdParty),
    }
}

fn name(heard: &Heard<'_>, email: Option<&str>) -> Option<Field<String>> {
    let talk = heard.talk;
    let local = email.and_then(|e| e.split_once('@')).map(|(local, _)| local.to_owned());
    let titled: Vec<usize> = talk
        .by(Role::Prospect)
        .filter(|t| talk.titles(t.index).iter().any(|t| t.owner != TitleOwner::Other))
        .map(|t| t.index)
        .collect();
    let candidates = heard
        .spans(|tag| tag == Tag::Name)
        .iter()
        .map(|(s, source)| {
            let said = present(&talk.said(s), talk.cased);
            let value = spelled(talk, s.turn, said.clone());
            let mut score = i32::from(s.score);
            score += if value != said || is_spelled_out(talk, s.turn, &value) { 160 } else { 0 };
            score +=
                if local.as_deref().is_some_and(|l| fits_address(&value, l)) { 220 } else { 0 };
            score += if addressed(talk, s.turn, &value) { 60 } else { 0 };
            score += if titled.iter().any(|t| t.abs_diff(s.turn) == 0) { 100 } else { 0 };
            score += if value.contains(' ') { 20 } else { -40 };
            Candidate {
                value,
                turn: s.turn,
                start: s.start,
                end: s.end,
                score: u16::try_from(score.clamp(0, 980)).unwrap_or(0),
                model: None,
                lost: lost(s.owner),
            }
            .by(*source, heard.reading.is_some())
        })
        .collect();
    settle(talk, candidates, &NAME, |a, b| same_name(a, b) || fuller(a, b))
}

/// Whether one is the other's given name ("Aizhan", then "Aizhan Sarsenova").
fn fuller(a: &str, b: &str) -> bool {
    let first = |name: &str| name.split(' ').next().map(fold).unwrap_or_default();
    a.contains(' ') != b.contains(' ') && first(a) == first(b)
}

/// Whether the local part of an address is made of the name ("w.kamande", "gwen").
fn fits_address(name: &str, local: &str) -> bool {
    let local = fold(local);
    name.split(' ').map(fold).any(|part| {
        part.len() >= 3 && (local.contains(&part) || (local.len() >= 3 && part.starts_with(&local)))
    })
}

/// Whether letters said nearby spell one of the name's words.
fn is_spelled_out(talk: &Talk<'_>, turn: usize, name: &str) -> bool {
    let to = (turn + SPELLED_WITHIN + 1).min(talk.turns.len());
    (turn..to).any(|near| {
        talk.spelled(near).iter().any(|run| name.split(' ').any(|word| fold(word) == run.letters))
    })
}

/// Whether the rep calls the visitor by this name later on.
fn addressed(talk: &Talk<'_>, turn: usize, name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    let later = talk.turns.get(turn + 1..).unwrap_or_default();
    later
        .iter()
        .filter(|t| t.role == Role::Rep)
        .any(|t| t.tokens.iter().any(|w| sounds_like(&w.norm, first)))
}

/// The value with a word replaced by its spelling, where letters were said nearby.
fn spelled(talk: &Talk<'_>, turn: usize, value: String) -> String {
    let from = turn.saturating_sub(1);
    let to = (turn + SPELLED_WITHIN + 1).min(talk.turns.len());
    let mut value = value;
    for near in from..to {
        for run in talk.spelled(near) {
            if let Some(mended) = spelling::repair(&value, &run.letters) {
                value = present(&mended, false);
            }
        }
    }
    value
}

fn title(heard: &Heard<'_>, name: Option<&Field<String>>) -> Option<Field<String>> {
    let name_turn = name.and_then(|f| f.evidence().spans().first()).map(|s| s.segment as usize);
    let mut candidates = titles_by_rules(heard.talk, name_turn);
    for candidate in &mut candidates {
        let asked = |tag| matches!(tag, Tag::Title | Tag::Name | Tag::Company);
        let said = heard.model_on(candidate.turn, candidate.start, candidate.end, asked);
        let title = said.filter(|s| s.tag == Tag::Title);
        candidate.model = heard.reading.map(|_| title.map_or(0, |s| s.score));
        candidate.lost = title.map_or(candidate.lost, |s| lost(s.owner));
    }
    candidates.extend(titles_by_model(heard));
    settle(heard.talk, candidates, &TITLE, |a: &String, b| a.eq_ignore_ascii_case(b))
}

fn titles_by_rules(talk: &Talk<'_>, name_turn: Option<usize>) -> Vec<Candidate<String>> {
    talk.by(Role::Prospect)
        .flat_map(|turn| talk.titles(turn.index).iter().map(move |t| (turn, t)))
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
            let (value, turn) = (t.said.clone(), turn.index);
            Candidate { value, turn, start: t.start, end: t.end, score, model: None, lost }
        })
        .collect()
}

/// What the model takes for a title where the grammar sees none.
fn titles_by_model(heard: &Heard<'_>) -> Vec<Candidate<String>> {
    let titles = heard.model().iter().filter(|s| s.tag == Tag::Title);
    let known = |s: &Span| {
        let titles = heard.talk.titles(s.turn).iter();
        titles.clone().any(|t| t.start < s.end && s.start < t.end)
    };
    let new = titles.filter(|s| !known(s));
    new.map(|s| Candidate {
        value: without_article(&heard.talk.said(s)),
        turn: s.turn,
        start: s.start,
        end: s.end,
        score: 0,
        model: Some(s.score),
        lost: lost(s.owner),
    })
    .collect()
}

fn without_article(title: &str) -> String {
    let (first, rest) = title.split_once(' ').unwrap_or((title, ""));
    let article = ["the", "a", "an", "our"].contains(&first.to_lowercase().as_str());
    if article && !rest.is_empty() { rest.to_owned() } else { title.to_owned() }
}

fn company(
    heard: &Heard<'_>,
    email: Option<&str>,
    name: Option<&Field<String>>,
) -> Option<Field<String>> {
    let talk = heard.talk;
    let domain =
        email.and_then(|e| e.split_once('@')).map(|(_, d)| fold(d.split('.').next().unwrap_or(d)));
    let person = name.map(|f| f.value().as_str()).unwrap_or_default();
    let candidates: Vec<Candidate<String>> = heard
        .spans(|tag| tag == Tag::Company)
        .iter()
        .map(|(s, source)| {
            let said = present(&talk.said(s), talk.cased);
            let mended = spelled(talk, s.turn, said.clone());
            let persons = person.split(' ').any(|p| mended.contains(p)) && !said.contains(person);
            let value = if persons { said } else { mended };
            let key = employer_key(&value);
            let confirmed = domain.as_deref().is_some_and(|d| {
                key.len() > 2 && (d.contains(&key) || (d.len() > 3 && key.contains(d)))
            });
            let score = (s.score + if confirmed { 240 } else { 0 }).min(980);
            let its_person = same_name(&value, person).then_some(Lost::LessLikely);
            let lost = lost(s.owner).or(its_person);
            let (turn, start, end) = (s.turn, s.start, s.end);
            Candidate { value, turn, start, end, score, model: None, lost }
                .by(*source, heard.reading.is_some())
        })
        .collect();
    settle(talk, lengthened(candidates), &COMPANY, |a, b| employer_key(a) == employer_key(b))
}

/// "Even Keel. Even Keel Properties": the longer form takes the shorter one's score and place.
fn lengthened(candidates: Vec<Candidate<String>>) -> Vec<Candidate<String>> {
    let standing: Vec<Candidate<String>> = candidates
        .iter()
        .filter(|c| c.lost.is_none() && c.joint(&COMPANY) >= 300)
        .cloned()
        .collect();
    let longest = |c: &Candidate<String>| {
        standing
            .iter()
            .filter(|o| o.value.starts_with(&format!("{} ", c.value)))
            .max_by_key(|o| o.value.len())
            .map(|o| Candidate {
                score: o.score.max(c.score).saturating_add(40),
                model: o.model.max(c.model),
                ..o.clone()
            })
    };
    candidates.iter().map(|c| longest(c).unwrap_or_else(|| c.clone())).collect()
}

fn emails(heard: &Heard<'_>, name: Option<&str>) -> Option<Field<String>> {
    let talk = heard.talk;
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
            let model = heard.model_on(turn.index, e.start, e.end, |tag| tag == Tag::Email);
            candidates.push(Candidate {
                value,
                turn: turn.index,
                start: e.start,
                end: e.end,
                score,
                model: heard.reading.map(|_| model.map_or(0, |s| s.score)),
                lost: reps.then_some(Lost::Reps).or(model.and_then(|s| lost(s.owner))),
            });
        }
    }
    settle(talk, candidates, &EMAIL, |a, b| a == b)
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

fn phones(heard: &Heard<'_>) -> Option<Field<String>> {
    let talk = heard.talk;
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
            let model = heard.model_on(turn.index, p.start, p.end, |tag| tag == Tag::Phone);
            candidates.push(Candidate {
                value: p.number,
                turn: turn.index,
                start: p.start,
                end: p.end,
                score,
                model: heard.reading.map(|_| model.map_or(0, |s| s.score)),
                lost: model.and_then(|s| lost(s.owner)),
            });
        }
    }
    settle(talk, candidates, &PHONE, |a, b| a.ends_with(b.as_str()) || b.ends_with(a.as_str()))
}
