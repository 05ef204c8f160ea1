use super::lex::{Item, Part, Talk};
use super::tld::{is_layer, is_tld};
use super::words::is_site;
use super::{Context, EmailSpan};
use crate::normalize::spelling::fold;

/// Addresses whose "at" a recogniser lost or wrote as a dot: "sarah.lindqvist.nordwind.com".
///
/// Only with talk of e-mail, or where the first labels are the contact's name.
pub(super) fn find(talk: &Talk, cx: &Context) -> Vec<EmailSpan> {
    let mut found = Vec::new();
    let site = talk.items.iter().any(|i| i.part == Part::Word && is_site(&i.text));
    let mut at = 0;
    while at < talk.items.len() {
        let labels = chain(&talk.items, at);
        let next = labels.last().map_or(at + 1, |l| l + 1);
        if (3..=8).contains(&labels.len()) {
            found.extend(split(talk, &labels, cx, site));
        }
        at = next;
    }
    found
}

/// Items of the labels in "a dot b dot c".
fn chain(items: &[Item], from: usize) -> Vec<usize> {
    let mut labels = Vec::new();
    let mut at = from;
    while let Some(item) = items.get(at) {
        if !matches!(item.part, Part::Word | Part::Digits | Part::Letters) {
            break;
        }
        labels.push(at);
        let next = items.get(at + 1);
        let dash = next.is_some_and(|i| i.part == Part::Dash);
        if !dash && next.is_none_or(|i| i.part != Part::Dot) {
            break;
        }
        at += 2;
    }
    labels
}

fn split(talk: &Talk, labels: &[usize], cx: &Context, site: bool) -> Option<EmailSpan> {
    let items = &talk.items;
    let text = |i: usize| items[labels[i]].text.as_str();
    let n = labels.len();
    if !is_tld(text(n - 1)) || text(0) == "www" {
        return None;
    }
    let tail = if n > 3 && is_layer(text(n - 2)) { 3 } else { 2 };
    let name = cx.name.map(fold).unwrap_or_default();
    let named = name.split_whitespace().any(|w| w == text(0));
    if !(named || talk.cued && !site) {
        return None;
    }
    let join = |from: usize, to: usize| {
        let mut out = String::new();
        for item in items.get(labels[from]..=labels[to - 1]).unwrap_or_default() {
            match item.part {
                Part::Dot => out.push('.'),
                Part::Dash => out.push('-'),
                _ => out.push_str(&item.text),
            }
        }
        out
    };
    let cut = dashes(items, labels, n - tail);
    if cut == 0 {
        return None;
    }
    let address = format!("{}@{}", join(0, cut), join(cut, n));
    address.is_ascii().then(|| EmailSpan {
        start: items[labels[0]].start,
        end: items[labels[n - 1]].end,
        address,
        corrected: false,
        complete: true,
        score: if named { 550 } else { 450 },
    })
}

/// The first label of the domain, back over its dashes.
fn dashes(items: &[Item], labels: &[usize], mut cut: usize) -> usize {
    while cut > 0 && items[labels[cut] - 1].part == Part::Dash {
        cut -= 1;
    }
    cut
}
