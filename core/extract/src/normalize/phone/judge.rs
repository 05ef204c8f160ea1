use super::digits::{group_at, homophone};
use super::lexicon::{CODE_WORDS, CUES, FILLERS, OTHER, UNITS, WEAK_CUES};
use super::run::{Part, Run, is_quantity};
use crate::text::Token;

/// A run that is a phone number.
pub(super) struct Judged {
    pub(super) first: usize,
    pub(super) next: usize,
    pub(super) number: String,
    pub(super) extension: Option<String>,
    pub(super) corrected: bool,
    pub(super) cued: bool,
    pub(super) score: u16,
}

const LONGEST: usize = 15;
const SHORTEST: usize = 7;

/// The phone numbers in a run: none, one, or two said one after the other.
pub(super) fn judge(tokens: &[Token], run: &Run) -> Vec<Judged> {
    pieces(run).iter().filter_map(|piece| judge_one(tokens, piece)).collect()
}

/// A run that is too long for one number is cut at its widest gaps, or is one number said twice.
fn pieces(run: &Run) -> Vec<Run> {
    let digits = run.digits();
    if digits.len() <= LONGEST {
        return vec![run.clone()];
    }
    let half = digits.len() / 2;
    let mut sum = 0;
    let cut = run.groups.iter().position(|g| {
        let here = sum;
        sum += g.digits.len();
        here == half && digits[..half] == digits[half..]
            || !g.close && (SHORTEST..=LONGEST).contains(&here) && digits.len() - here >= SHORTEST
    });
    let Some(cut) = cut.filter(|c| *c > 0) else { return Vec::new() };
    let part = |groups: &[Part], plus| Run {
        first: groups.first().map_or(run.first, |g| g.at),
        next: groups.last().map_or(run.next, |g| g.next),
        plus,
        corrected: run.corrected,
        groups: groups.to_vec(),
    };
    let first = Run { first: run.first, ..part(&run.groups[..cut], run.plus) };
    let second = part(&run.groups[cut..], false);
    if first.digits() == second.digits() { vec![first] } else { vec![first, second] }
}

fn judge_one(tokens: &[Token], run: &Run) -> Option<Judged> {
    let mut digits = run.digits();
    let cue = Cue::around(tokens, run);
    let area = before_words(tokens, run.first, 4);
    let country = area.iter().any(|w| w == "country") && area.iter().any(|w| w == "code");
    let plus = run.plus || country;
    let least = if cue == Cue::Strong { 6 } else { SHORTEST };
    if !(least..=LONGEST).contains(&digits.len()) || cue == Cue::Other {
        return None;
    }
    if !plausible(tokens, run, cue, plus) || counted(tokens, run) {
        return None;
    }
    let score = 500
        + if cue == Cue::Strong { 250 } else { 0 }
        + if cue == Cue::Weak { 120 } else { 0 }
        + if plus || digits.starts_with('0') { 120 } else { 0 }
        + if (9..=13).contains(&digits.len()) { 100 } else { 0 };
    if plus {
        digits.insert(0, '+');
    }
    let (extension, next) = match extension(tokens, run.next) {
        Some((ext, next)) => (Some(ext), next),
        None => (None, run.next),
    };
    let cued = matches!(cue, Cue::Strong | Cue::Weak);
    let corrected = run.corrected;
    Some(Judged { first: run.first, next, number: digits, extension, corrected, cued, score })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    None,
    Weak,
    Strong,
    Other,
}

fn before_words(tokens: &[Token], first: usize, most: usize) -> Vec<String> {
    tokens[first.saturating_sub(most)..first].iter().rev().map(|t| t.norm.clone()).collect()
}

impl Cue {
    /// The nearest word before the run that tells what it is; else the words after it.
    fn around(tokens: &[Token], run: &Run) -> Cue {
        let mut weak = false;
        for at in (run.first.saturating_sub(12)..run.first).rev() {
            let t = &tokens[at];
            let code = t.norm == "code" && at > 0 && tokens[at - 1].is(CODE_WORDS);
            if t.is(CUES) || code {
                return Cue::Strong;
            }
            let near = run.first - at <= 6;
            if near && t.is(OTHER) && !t.is(CODE_WORDS) || near && t.norm == "code" {
                return Cue::Other;
            }
            let own = at > 0 && tokens[at - 1].is(&["my", "your", "his", "her", "best", "a"]);
            if near && t.norm == "number" && own {
                return Cue::Strong;
            }
            weak |= t.is(WEAK_CUES) || near && t.is(&["me", "on", "him", "her"]);
        }
        let after = tokens.iter().skip(run.next).take(8);
        if after.clone().any(|t| t.is(CUES) || t.is(&["extension", "ext"])) {
            return Cue::Strong;
        }
        if after.take(5).any(|t| t.is(&["serial", "order", "ticket", "ip", "barcode"])) {
            return Cue::Other;
        }
        if weak { Cue::Weak } else { Cue::None }
    }
}

/// Whether the run has the shape of a phone number, given what is said around it.
fn plausible(tokens: &[Token], run: &Run, cue: Cue, plus: bool) -> bool {
    let figures = run.groups.iter().any(|g| is_quantity(&tokens[g.at]));
    let money = run.first.checked_sub(1).is_some_and(|i| tokens[i].is(&["€", "$", "£", "¥", "#"]));
    let unit = tokens.get(run.next).is_some_and(|t| t.is(UNITS) || t.is(&["%", "€", "$", "£"]));
    if figures || money || unit || dated(tokens, run) {
        return false;
    }
    let digits = run.digits();
    let zero = digits.starts_with('0');
    if cue == Cue::Strong || cue == Cue::Weak && digits.len() >= 8 || plus || zero {
        return true;
    }
    let spoken: Vec<&Part> = run.groups.iter().filter(|g| !g.written).collect();
    let singles = spoken.iter().filter(|g| g.single).map(|g| g.digits.len()).sum::<usize>();
    if !spoken.is_empty() {
        let written_single = run.groups.iter().filter(|g| g.written && g.single).count();
        return (singles + written_single) * 3 >= digits.len() * 2;
    }
    written_shape(tokens, run, &digits)
}

/// "555-1234", "416 555 0136", "4165550136"; not "50 60 70 80".
fn written_shape(tokens: &[Token], run: &Run, digits: &str) -> bool {
    if run.groups.iter().all(|g| g.single) {
        return true;
    }
    if run.groups.len() == 1 {
        return digits.len() >= 10;
    }
    let dashed = run.groups[1..].iter().all(|g| tokens[g.at - 1].is(&["-", ")", ".", "/"]));
    let first = run.groups.first().map_or(0, |g| g.digits.len());
    let last = run.groups.last().map_or(0, |g| g.digits.len());
    let round = run.groups.iter().all(|g| g.digits.ends_with('0'));
    dashed && last == 4 || digits.len() >= 10 && first <= 3 && last >= 4 && !round
}

/// A date or a year range: "12/05/2026", "2026-05-12", "2026 to 2027".
fn dated(tokens: &[Token], run: &Run) -> bool {
    let sizes: Vec<usize> = run.groups.iter().map(|g| g.digits.len()).collect();
    let marked = run.groups.iter().skip(1).all(|g| tokens[g.at - 1].is(&["-", "/", ".", "–"]));
    let year = |s: &str| s.len() == 4 && (s.starts_with("19") || s.starts_with("20"));
    let years = run.groups.iter().any(|g| g.written && year(&g.digits));
    let date = matches!(sizes.as_slice(), [1 | 2, 1 | 2, 4] | [4, 1 | 2, 1 | 2]);
    let dotted = run.groups.len() == 1
        && tokens[run.first].text.split(['.', ',']).count() == 3
        && tokens[run.first].text.split('.').any(year);
    date && marked && years
        || dotted
        || run.groups.len() > 1 && run.groups.iter().all(|g| year(&g.digits))
}

/// "one two three four five six seven": somebody counts.
fn counted(tokens: &[Token], run: &Run) -> bool {
    let digits = run.digits();
    let up = digits.as_bytes().windows(2).all(|w| w[1] == w[0] + 1);
    up && digits.len() < 10 && Cue::around(tokens, run) != Cue::Strong
}

/// "extension twelve", "ext. 4-1-2", "x412".
fn extension(tokens: &[Token], next: usize) -> Option<(String, usize)> {
    let mut at = next;
    while tokens
        .get(at)
        .is_some_and(|t| t.is(&[",", ".", "and", "the", "my", "-"]) || t.is(FILLERS))
    {
        at += 1;
    }
    let word = tokens.get(at)?;
    let short = word.norm == "x" && tokens.get(at + 1).is_some_and(|t| t.glued);
    if !(word.is(&["extension", "ext", "extn", "durchwahl"]) || short) {
        return None;
    }
    at += 1;
    while tokens.get(at).is_some_and(|t| t.is(&[".", ":", "number", "is", "no", "#", ","])) {
        at += 1;
    }
    let mut digits = String::new();
    let mut end = at;
    while digits.len() < 6 {
        let word = tokens.get(at).map_or("", |t| t.norm.as_str());
        let alike =
            homophone(word).filter(|_| group_at(tokens, skip_hyphen(tokens, at + 1)).is_some());
        if let Some(group) = group_at(tokens, at) {
            digits += &group.digits;
            end = group.next;
        } else if let Some(digit) = alike {
            digits += digit;
            end = at + 1;
        } else {
            break;
        }
        at = skip_hyphen(tokens, end);
    }
    (!digits.is_empty()).then_some((digits, end))
}

fn skip_hyphen(tokens: &[Token], at: usize) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|t| t.is(&["-", ","])))
}
