//! What follows a head noun and belongs to the title: "of global sales", "to the CEO".

use confee_domain::Seniority::{Director, Head, Manager, Vp};

use super::lexicon::{function_at, function_of, head_at, is_modifier, is_stop};
use super::phrase::{Phrase, parse};
use super::words::Word;

/// Extends a title over what follows its head noun.
pub(super) fn right(words: &[Word], p: &mut Phrase, cased: bool) {
    let e = p.to;
    let next = words.get(e);
    let open = next.is_some_and(|w| !w.breaks());
    let leads = matches!(p.rank, Vp | Director | Head | Manager)
        || words[p.head.0].among(
            "lead head president engineer officer assistant buyer specialist secretary \
            coordinator analyst professor leader administrator master partner minister",
        );
    if open && next.is_some_and(|w| w.norm == "to") {
        to_whom(words, p, cased);
    } else if open && leads && next.is_some_and(|w| w.norm == "of") {
        p.to = of_phrase(words, p, cased).unwrap_or(e);
    } else if open && leads && next.is_some_and(|w| w.norm == "for") {
        p.to = bare_nouns(words, e + 1, true).unwrap_or(e);
    } else if matches!(p.rank, Vp | Director | Head)
        || words[p.head.0].is(&["manager", "mgr", "president"])
            && function_of(&words[p.from..p.head.0]).is_none()
    {
        let comma = next.is_some_and(|w| w.comma && !w.sentence);
        if open || comma && function_of(&words[p.from..p.head.0]).is_none() {
            p.to = bare_nouns(words, e, comma).unwrap_or(e);
        }
    }
}

fn to_whom(words: &[Word], p: &mut Phrase, cased: bool) {
    let aide = words[p.head.1 - 1]
        .among("assistant pa ea secretary advisor adviser deputy aide counsel staff consultant");
    if !aide {
        return;
    }
    let mut k = p.to + 1;
    while words
        .get(k)
        .is_some_and(|w| w.is(&["the", "our", "my", "a", "an", "their"]) && !w.breaks())
    {
        k += 1;
    }
    let head = (k..(k + 4).min(words.len()))
        .take_while(|i| !words[*i].breaks())
        .find(|i| head_at(words, *i).is_some());
    if let Some(other) = head.and_then(|h| parse(words, h, k, cased)) {
        p.inner = Some(other.from.max(k));
        p.to = other.to;
    }
}

/// What follows "head of", "director of", ...: its end, or none where an employer follows.
fn of_phrase(words: &[Word], p: &Phrase, cased: bool) -> Option<usize> {
    let mut k = p.to + 1;
    while words
        .get(k)
        .is_some_and(|w| !w.breaks() && w.among("the our all my their its global both"))
    {
        k += 1;
    }
    if words.get(k)?.breaks() {
        return None;
    }
    let head = words[p.head.0]
        .among("head vp svp evp vice avp professor lecturer minister teacher dean secretary");
    let end = noun_list(words, k);
    let article = words[k - 1].is(&["the", "our", "my", "their"]);
    if end > k {
        let unknown = words.get(end).is_some_and(|w| !w.breaks() && !is_stop(w));
        let team = words.get(end).filter(|w| {
            !w.breaks() && w.among("department team division office group section side area")
        });
        if team.is_some() {
            return Some(end + 1);
        }
        let named = function_at(words, k).is_some() || head;
        let employer =
            unknown && (!named || cased && words[end].capital() && words[k].capital()) && !head;
        return (!employer && (named || !article)).then_some(end);
    }
    unknown_of(words, k, head, article, cased)
}

/// "head of pastry": words no table knows, where they can hardly be an employer.
fn unknown_of(words: &[Word], k: usize, head: bool, article: bool, cased: bool) -> Option<usize> {
    let end = (k..(k + 4).min(words.len()))
        .take_while(|i| !is_stop(&words[*i]) && (*i == k || !words[*i].breaks()))
        .last()?
        + 1;
    if end - k > 3 || article && !words[end - 1].is(&["department", "team", "division"]) {
        return None;
    }
    let employer_next = words.get(end).is_some_and(|w| !w.breaks() && w.is(&["at", "with", "for"]));
    let lower = cased && !words[k].capital();
    (head && (!cased || lower || employer_next || end - k == 1)
        || lower && end - k < 3
        || employer_next && end - k < 3)
        .then_some(end)
}

/// Known words joined by "and", "/" or commas; the end of the run.
fn noun_list(words: &[Word], at: usize) -> usize {
    let known = |i: usize| {
        words.get(i).is_some_and(|w| {
            (is_modifier(w) || function_at(words, i).is_some())
                && !w.sentence
                && (head_at(words, i).is_none() || function_at(words, i).is_some())
        })
    };
    let mut k = at;
    while k - at < 8 && known(k) && (k == at || !words[k].comma || in_list(words, k)) {
        let joiner = words.get(k + 1).is_some_and(|w| !w.sentence && w.is(&["and", "/", "or"]));
        if joiner
            && known(k + 2)
            && function_at(words, k + 2).is_some_and(|_| !it_subject(words, k + 2))
        {
            k += 2;
        } else {
            k += 1;
        }
    }
    k
}

/// "head of sales, marketing and service": a comma inside a list that ends with "and".
fn in_list(words: &[Word], at: usize) -> bool {
    (at + 1..at + 4).any(|i| words.get(i).is_some_and(|w| w.is(&["and"]) && !w.sentence))
        && function_at(words, at).is_some()
}

/// "... and it is", "... and sales are": the start of the next clause.
fn it_subject(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_some_and(|w| {
        !w.breaks()
            && w.among(
                "is was has are were will takes would does can says decides needs wants sign \
            signs",
            )
    })
}

/// Function or region words right after a head noun: "VP engineering", "director sales EMEA".
fn bare_nouns(words: &[Word], at: usize, strict: bool) -> Option<usize> {
    let first = words.get(at)?;
    let region = first.among(
        "europe emea dach apac asia germany france uk us nordics benelux americas \
            africa iberia latam global international",
    );
    let (len, _) = function_at(words, at).or(region.then_some((1, "")))?;
    let end = noun_list(words, at).max(at + len);
    let next = words.get(end).filter(|w| !w.breaks());
    let closed = next.is_none_or(|w| w.among("at for with and here in from over of"));
    let pronoun = first.norm == "it" && first.text != "IT" && !closed;
    let employer = next.is_some_and(|w| !is_stop(w));
    let clause = it_subject(words, end - 1);
    (!pronoun && !clause && !(strict && (!closed || employer)) && head_at(words, end).is_none())
        .then_some(end)
}
