use super::digits::{Group, group_at, homophone};
use super::lexicon::{AROUND_CORRECTION, CODE_WORDS, CONNECTORS, CORRECTIONS, FILLERS};
use crate::text::{Kind, Token};

/// Groups of digits with only marks, fillers and corrections between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    /// Token of the first group (or of the plus).
    pub(super) first: usize,
    /// Token after the last group.
    pub(super) next: usize,
    pub(super) plus: bool,
    pub(super) corrected: bool,
    pub(super) groups: Vec<Part>,
}

/// One group, and whether punctuation stood before it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) digits: String,
    pub(super) single: bool,
    pub(super) written: bool,
    /// Only white space to the group before, or a hyphen.
    pub(super) close: bool,
    pub(super) at: usize,
    pub(super) next: usize,
}

impl Run {
    pub(super) fn digits(&self) -> String {
        self.groups.iter().map(|g| g.digits.as_str()).collect()
    }

    fn push(&mut self, group: Group, at: usize) {
        let close = self.groups.is_empty() || at <= self.next + 1;
        self.next = group.next;
        self.groups.push(Part {
            digits: group.digits,
            single: group.single,
            written: group.written,
            close,
            at,
            next: group.next,
        });
    }
}

const MOST_GROUPS: usize = 40;

/// The run that starts at a token, or `None` where no digit does.
pub(super) fn run_at(tokens: &[Token], at: usize) -> Option<Run> {
    let mut run = Run { first: at, next: at, ..Run::default() };
    let mut start = at;
    if tokens.get(at)?.is(&["+", "plus"]) {
        run.plus = true;
        start += 1;
        while tokens.get(start).is_some_and(|t| t.is(FILLERS) || t.is(&[",", "sign"])) {
            start += 1;
        }
    } else if tokens[at].is_mark('(') {
        start += 1;
    }
    if tokens.get(start).is_some_and(|t| t.is_mark('+')) {
        run.plus = true;
        start += 1;
    }
    let group = group_at(tokens, start)?;
    run.push(group, start);
    while run.groups.len() < MOST_GROUPS && extend(tokens, &mut run) {}
    Some(run)
}

fn extend(tokens: &[Token], run: &mut Run) -> bool {
    let from = run.next;
    if trunk_zero(tokens, from) && run.plus {
        run.next = from + 3;
        return true;
    }
    let at = gap(tokens, from);
    if let Some(group) = group_at(tokens, at) {
        run.push(group, at);
        return true;
    }
    if let Some(digit) = sound_alike(tokens, run, at) {
        run.push(Group { digits: digit.into(), next: at + 1, single: true, written: false }, at);
        return true;
    }
    joined(tokens, run) || corrected(tokens, run)
}

/// The zero in "+44 (0) 20" is not dialled after a plus.
fn trunk_zero(tokens: &[Token], at: usize) -> bool {
    let is = |i: usize, m: &str| tokens.get(i).is_some_and(|t| t.norm == m);
    is(at, "(") && is(at + 1, "0") && is(at + 2, ")")
}

fn gap(tokens: &[Token], mut at: usize) -> usize {
    let from = at;
    while let Some(t) = tokens.get(at).filter(|_| at < from + 6) {
        let mark = t.is(&["-", "–", "—", ",", ".", "/", "(", ")", "…", "‑", "·"]);
        let filler =
            t.is(FILLERS) && !t.is(&["so"]) || t.is(&["so"]) && group_at(tokens, at + 1).is_some();
        if !(mark || filler) {
            break;
        }
        at += 1;
    }
    at
}

/// "five for nine": a sound-alike between two single digits.
fn sound_alike(tokens: &[Token], run: &Run, at: usize) -> Option<&'static str> {
    let digit = homophone(&tokens.get(at)?.norm)?;
    let last = run.groups.last()?;
    let after = gap(tokens, at + 1);
    let follows = group_at(tokens, after).map(|g| g.single || g.written && g.digits.len() > 2);
    let then_alike = tokens.get(after).and_then(|t| homophone(&t.norm)).is_some()
        && group_at(tokens, gap(tokens, after + 1)).is_some_and(|g| g.single);
    let ends = tokens.get(at + 1).is_none_or(Token::ends_sentence) && run.digits().len() >= 6;
    let long = run.groups.len() >= 2 || run.plus || last.digits == "0" || then_alike;
    (last.single && (follows == Some(true) || then_alike || ends) && (long || ends))
        .then_some(digit)
}

/// "and then", and the words around a dialling code.
fn joined(tokens: &[Token], run: &mut Run) -> bool {
    let mut at = run.next;
    let (mut code, mut connector) = (false, false);
    while let Some(t) = tokens.get(at).filter(|_| at < run.next + 7) {
        if t.is(CODE_WORDS) {
            code = true;
        } else if t.is(CONNECTORS) {
            connector = true;
        } else if !(t.is(&["the", "number", "is", "my", "rest"]) || t.is_mark(',') || t.is(FILLERS))
        {
            break;
        }
        at += 1;
    }
    let after_code = run.first.checked_sub(1).is_some_and(|i| tokens[i].is(CODE_WORDS))
        || run.first > 1 && tokens[run.first - 2].is(CODE_WORDS);
    let two = run.digits().len() >= 2 || run.plus;
    let words_ok = after_code || code || connector && plain_connector(tokens, run.next, at);
    let lone_and = at == run.next + 1 && tokens[run.next].norm == "and";
    let written = run.groups.last().is_some_and(|g| g.written);
    let fits = at > run.next && two && words_ok && !(lone_and && written && !after_code);
    let Some(group) = group_at(tokens, at).filter(|_| fits) else {
        return false;
    };
    run.push(group, at);
    true
}

/// Only connectors, no "the number is": those begin another number.
fn plain_connector(tokens: &[Token], from: usize, to: usize) -> bool {
    tokens[from..to].iter().all(|t| t.is(CONNECTORS) || t.is(FILLERS) || t.is_mark(','))
}

/// "oh one seven, no sorry, one eight": the digits after the cue replace the last ones alike.
fn corrected(tokens: &[Token], run: &mut Run) -> bool {
    let mut at = run.next;
    let mut cue = false;
    while let Some(t) = tokens.get(at).filter(|_| at < run.next + 9) {
        let part = t.is(CORRECTIONS);
        let digit_word = t.is(&["oh", "one"]) && cue;
        if digit_word && group_at(tokens, at + 1).is_some_and(|g| g.single) {
            break;
        }
        let around = t.is(AROUND_CORRECTION) || t.is(FILLERS) || t.is(&[",", ".", "-", "–", "—"]);
        if !(part || around) {
            break;
        }
        cue |= part;
        at += 1;
    }
    let plus = tokens.get(at).is_some_and(|t| t.is(&["plus", "+"]));
    let Some(group) = group_at(tokens, at + usize::from(plus)).filter(|_| cue) else {
        return false;
    };
    let words = &tokens[run.next..at];
    let pause = words.iter().any(|t| t.is(&["let", "second", "sec", "hold", "hang"]))
        && !words.iter().any(|t| t.is(CORRECTIONS) && t.norm != "wait");
    if pause {
        run.push(group, at);
    } else {
        take_back(tokens, run, &group, at, plus);
    }
    true
}

fn take_back(tokens: &[Token], run: &mut Run, group: &Group, at: usize, plus: bool) {
    let full = said_ahead(tokens, at + usize::from(plus));
    let had = run.digits();
    let restart = plus || full.len() >= 7 && (had.len() >= 7 || full[..1] == had[..1]);
    let keep = if restart { 0 } else { kept(&had, &full) };
    let mut left = keep;
    run.groups.retain_mut(|g| {
        let n = g.digits.len().min(left);
        g.digits.truncate(n);
        left -= n;
        n > 0
    });
    run.corrected = true;
    if restart {
        run.plus = plus;
        run.first = at;
    }
    run.push(group.clone(), at + usize::from(plus));
}

/// How many of the digits stay when these replace the end of them.
fn kept(had: &str, full: &str) -> usize {
    let whole = full.len().min(had.len());
    let window = had.len().saturating_sub(4.max(whole.min(6)));
    let same = (window..had.len()).rev().filter(|i| had[*i..].starts_with(&full[..1]));
    let aligned = same.max_by_key(|i| {
        let alike = had[*i..].bytes().zip(full.bytes()).filter(|(a, b)| a == b).count();
        (alike, *i)
    });
    aligned.unwrap_or(had.len().saturating_sub(if full.len() <= 4 { full.len() } else { 1 }))
}

/// The digits from here to the next break, without corrections.
fn said_ahead(tokens: &[Token], mut at: usize) -> String {
    let mut digits = String::new();
    while let Some(group) = group_at(tokens, at).filter(|_| digits.len() < 20) {
        digits += &group.digits;
        at = gap(tokens, group.next);
    }
    digits
}

/// Whether a token is a figure with thousands separators, decimals or an address of a network.
pub(super) fn is_quantity(t: &Token) -> bool {
    if t.kind != Kind::Number {
        return false;
    }
    let dots: Vec<&str> = t.text.split('.').collect();
    let network = dots.len() == 4
        && dots.iter().all(|p| p.len() <= 3 && p.parse::<u16>().is_ok_and(|n| n < 256));
    let commas: Vec<&str> = t.text.split(',').collect();
    let grouped =
        commas.len() > 1 && commas[1..].iter().all(|p| p.len() == 3) && commas[0].len() < 4;
    network || grouped
}
