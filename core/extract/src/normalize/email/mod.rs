//! E-mail addresses as they are said, written, or half written by a recogniser.

mod domain;
mod lex;
mod local;
mod lost;
mod mend;
mod names;
#[cfg(test)]
mod tests;
mod tld;
mod words;

pub use mend::mend;

use domain::{Domain, domain_at};
use lex::{Part, Talk};
use local::{Local, local_before};

/// What is known of the contact; it fills "first dot last at acme dot com".
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// The contact's full name.
    pub name: Option<&'a str>,
    /// The contact's company.
    pub company: Option<&'a str>,
}

/// An address in running talk.
#[derive(Debug, Clone, PartialEq)]
pub struct EmailSpan {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The address in lower case.
    pub address: String,
    /// It replaces an address said before it.
    pub corrected: bool,
    /// Whether local part, at and a domain that ends in a known top-level domain were all said.
    pub complete: bool,
    /// How sure the reading is, in thousandths.
    pub score: u16,
}

/// Every address in one segment, in order.
#[must_use]
pub fn find(text: &str, cx: &Context) -> Vec<EmailSpan> {
    let talk = lex::read(text, cx);
    let mut found: Vec<(EmailSpan, usize)> = Vec::new();
    let mut orphan: Option<Local> = None;
    let mut at = 0;
    while at < talk.items.len() {
        let part = talk.items[at].part;
        if part != Part::At && part != Part::MaybeAt {
            at += 1;
            continue;
        }
        let after = found.last().map_or(0, |f| f.1);
        match address_at(&talk, at, after, &mut orphan) {
            Some((span, next)) => {
                at = next.max(at + 1);
                found.push((span, next));
            }
            None => at += 1,
        }
    }
    let mut spans: Vec<EmailSpan> = found.into_iter().map(|f| f.0).collect();
    if !spans.iter().any(|s| s.complete) {
        spans.extend(lost::find(&talk, cx));
    }
    finish(text, &talk, &mut spans);
    spans
}

/// The address of a phrase or sentence; of several, the one said last where one was taken back,
/// else the surest. `None` where no complete address was said.
#[must_use]
pub fn normalize(text: &str, cx: &Context) -> Option<String> {
    let spans: Vec<EmailSpan> = find(text, cx).into_iter().filter(|s| s.complete).collect();
    let from = spans.iter().rposition(|s| s.corrected).unwrap_or(0);
    let best = spans.get(from..)?.iter().rev().max_by_key(|s| s.score)?;
    Some(best.address.clone())
}

fn address_at(
    talk: &Talk,
    at: usize,
    after: usize,
    orphan: &mut Option<Local>,
) -> Option<(EmailSpan, usize)> {
    let items = &talk.items;
    let local = local_before(&items[..], at, talk.cued).filter(|l| l.first >= after);
    let domain = domain_at(items, at + 1);
    let (Some(local), Some(domain)) = (&local, &domain) else {
        return match (local, domain) {
            (Some(local), None) => {
                *orphan = Some(local).filter(|l| l.tied || talk.cued);
                None
            }
            (None, Some(domain)) => mended_domain(talk, at, domain, orphan.take()),
            _ => None,
        };
    };
    let item = &items[at];
    let maybe = item.part == Part::MaybeAt;
    if maybe && !(domain.complete && (local.tied || talk.cued)) {
        return None;
    }
    let sure = item.sure && !maybe;
    let backed = sure || local.tied;
    if domain.complete && local.doubtful && !(backed || talk.cued) {
        return None;
    }
    if !domain.complete && !backed {
        *orphan = Some(local.clone()).filter(|_| talk.cued);
        return None;
    }
    *orphan = Some(local.clone()).filter(|_| !domain.complete);
    Some((span(talk, local, domain, sure), domain.next))
}

/// "jane dot doe at acme, no, at apex dot com": the local part was said before the correction.
fn mended_domain(
    talk: &Talk,
    at: usize,
    domain: Domain,
    orphan: Option<Local>,
) -> Option<(EmailSpan, usize)> {
    let before = talk.items[..at].iter().rev().take(6);
    let back = before.filter(|i| i.part == Part::Word).any(|i| words::takes_back(&i.text));
    let local = orphan.filter(|_| back && domain.complete)?;
    let mut span = span(talk, &local, &domain, false);
    span.corrected = true;
    Some((span, domain.next))
}

fn span(talk: &Talk, local: &Local, domain: &Domain, sure: bool) -> EmailSpan {
    let score = 500
        + if sure { 150 } else { 0 }
        + if local.tied { 100 } else { 0 }
        + if talk.cued { 100 } else { 0 }
        + if domain.complete { 100 } else { 0 }
        - if domain.guessed { 150 } else { 0 }
        - if local.doubtful { 150 } else { 0 };
    EmailSpan {
        start: talk.items[local.first].start,
        end: talk.items[domain.next - 1].end,
        address: provider_mended(&local.text, &domain.text),
        corrected: false,
        complete: domain.complete,
        score: u16::try_from(score.clamp(50, 1000)).unwrap_or(50),
    }
}

fn provider_mended(local: &str, domain: &str) -> String {
    let (label, rest) = domain.split_once('.').unwrap_or((domain, ""));
    match tld::provider(label) {
        _ if domain == "tonline.de" => format!("{local}@t-online.de"),
        Some(name) if !rest.is_empty() => format!("{local}@{name}.{rest}"),
        _ => format!("{local}@{domain}"),
    }
}

/// Marks corrections and applies what was said of the spelling.
fn finish(text: &str, talk: &Talk, spans: &mut [EmailSpan]) {
    let chars: Vec<char> = text.chars().collect();
    for i in 0..spans.len() {
        let until = spans.get(i + 1).map_or(chars.len(), |s| s.start);
        let (start, end) = (spans[i].start, spans[i].end);
        let first = talk.asides.partition_point(|a| a.0 < start);
        for (_, hint) in talk.asides[first..].iter().take_while(|a| a.0 < end) {
            if let Some(better) = mend::mend_detail(&spans[i].address, hint) {
                spans[i].address = better;
            }
        }
        let tail: String = chars[end.min(until)..until].iter().take(240).collect();
        if spans[i].complete
            && let Some(better) = mend(&spans[i].address, &tail)
        {
            spans[i].address = better;
        }
        if i > 0 {
            let from = talk.items.partition_point(|t| t.start < spans[i - 1].end);
            let to = talk.items.partition_point(|t| t.start < start);
            let between = talk.items.get(from..to).unwrap_or_default();
            if between.last().is_some_and(|t| t.text == "not" || t.text == "never") {
                spans[i].score = 100;
            } else {
                let word = |t: &lex::Item| t.part == Part::Word && words::takes_back(&t.text);
                spans[i].corrected |= between.iter().any(word);
            }
        }
    }
}

/// Lower-case ASCII of a name's letters; German domains and names write "ü" as "ue".
fn fold_name(said: &str, german: bool) -> String {
    let lower = said.to_lowercase();
    let text = if german {
        lower.replace('ü', "ue").replace('ö', "oe").replace('ä', "ae")
    } else {
        lower
    };
    crate::normalize::spelling::fold(&text)
}
