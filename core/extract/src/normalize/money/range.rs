use super::amount::{Amount, amount_at};
use super::currency::{self, Said};
use crate::text::{Kind, Token};

/// An amount, a range or an open bound, before its place in the talk is judged.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) currency: Option<Said>,
    pub(super) scale: f64,
    pub(super) scale_said: bool,
    pub(super) grouped: bool,
    /// Tokens of the numbers themselves.
    pub(super) start: usize,
    pub(super) next: usize,
}

impl Expression {
    pub(super) fn looks_like_money(&self) -> bool {
        self.currency.is_some() || self.scale_said || self.grouped
    }
}

fn norm(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |t| t.norm.as_str())
}

/// The expression that starts at a token, bounds not yet read.
pub(super) fn expression_at(tokens: &[Token], at: usize) -> Option<Expression> {
    if let Some(e) = figures(tokens, at) {
        return Some(e);
    }
    if norm(tokens, at) == "between"
        && let Some(e) = between(tokens, at)
    {
        return Some(e);
    }
    let low = amount_at(tokens, at)?;
    Some(range_from(tokens, low).unwrap_or_else(|| single(low)))
}

fn single(a: Amount) -> Expression {
    Expression {
        min: Some(a.value),
        max: Some(a.value),
        currency: a.currency,
        scale: a.scale,
        scale_said: a.scale > 1.0,
        grouped: a.grouped,
        start: a.start,
        next: a.next,
    }
}

fn pair(low: Amount, high: Amount) -> Option<Expression> {
    let (l, h) = share_scale(&low, &high)?;
    Some(Expression {
        min: Some(l),
        max: Some(h),
        currency: high.currency.or(low.currency),
        scale: high.scale.max(low.scale),
        scale_said: high.scale > 1.0 || low.scale > 1.0,
        grouped: high.grouped || low.grouped,
        start: low.start,
        next: high.next,
    })
}

/// Both ends in units: the scale said once holds for both where that makes a range.
fn share_scale(low: &Amount, high: &Amount) -> Option<(f64, f64)> {
    let (l, h) = (low.value, high.value);
    if high.scale == 1.0 && !high.grouped && h < l && (low.scale > 1.0 || low.grouped) {
        let factor = if low.scale > 1.0 { low.scale } else { 1e3 };
        return (h * factor > l).then_some((l, h * factor));
    }
    if low.scale > 1.0 || low.grouped {
        return (l < h).then_some((l, h));
    }
    let factors: &[f64] = match high.scale {
        s if s >= 1e6 => &[1.0, 1e-3],
        s if s > 1.0 => &[100.0, 1.0],
        _ if high.grouped => &[1e3, 1.0],
        _ => &[1.0],
    };
    let base = if high.scale > 1.0 { high.scale } else { 1.0 };
    factors
        .iter()
        .map(|f| (f, l * f * base))
        .find(|(f, x)| *x < h && (**f != 100.0 || l < 10.0 && high.mantissa >= 100.0))
        .map(|(_, x)| (x, h))
}

fn between(tokens: &[Token], at: usize) -> Option<Expression> {
    let stop = tokens.len().min(at + 16);
    for mid in at + 2..stop {
        if !matches!(norm(tokens, mid), "and" | "to" | "or" | "-" | "–") {
            continue;
        }
        let Some(low) = amount_at(&tokens[..mid], at + 1).filter(|a| a.next == mid) else {
            continue;
        };
        let Some(high) = amount_at(tokens, skip_soft(tokens, mid + 1)) else { continue };
        if let Some(mut e) = pair(low, high) {
            e.start = at;
            return Some(e);
        }
    }
    None
}

fn skip_soft(tokens: &[Token], mut at: usize) -> usize {
    while matches!(
        norm(tokens, at),
        "maybe"
            | "perhaps"
            | "say"
            | "about"
            | "probably"
            | "max"
            | "maximum"
            | "like"
            | "even"
            | "around"
    ) {
        at += 1;
    }
    at
}

/// "fifty to sixty k", "50-60k", "fifty sixty k", "forty, fifty thousand", "fifty or sixty k".
fn range_from(tokens: &[Token], low: Amount) -> Option<Expression> {
    let mark = tokens.get(low.next);
    let word = norm(tokens, low.next);
    let (joined, from) = match word {
        "to" | "-" | "–" | "—" | "or" | "till" | "until" | "through" | "two" | "too" | "up"
        | "bis" => {
            let up_to = word == "up" && norm(tokens, low.next + 1) == "to";
            (true, low.next + 1 + usize::from(up_to))
        }
        "," => (false, low.next + 1),
        "maybe" | "perhaps" | "max" | "maximum" => (false, low.next),
        _ => (false, low.next),
    };
    let from = skip_soft(
        tokens,
        from + usize::from(joined && norm(tokens, from) == "up" && norm(tokens, from + 1) == "to")
            * 2,
    );
    let high = amount_at(tokens, from)?;
    let spaced_group = !joined && mark.is_some_and(|t| t.kind == Kind::Number) && high.scale == 1.0;
    if spaced_group {
        return None;
    }
    let twin = low.scale > 1.0
        && low.scale == high.scale
        && high.value > low.value
        && high.value <= 2.0 * low.value;
    if twin && (joined || matches!(word, "," | "maybe" | "perhaps" | "max") || from == low.next) {
        return pair(low, high);
    }
    if !joined && (low.scale > 1.0 || low.grouped || low.currency.is_some()) && word != "," {
        return None;
    }
    let e = pair(low, high)?;
    let (l, h) = (e.min?, e.max?);
    let near = h / l.max(1.0) <= 4.0;
    let money = e.scale_said || e.grouped || e.currency.is_some();
    let plain = joined && word != "," && l < h;
    let loose = near && money && low.scale == 1.0 && low.mantissa >= 1.0 && !low.grouped;
    let hedged =
        from > low.next + 1 && h <= 2.0 * l && high.scale == 1.0 && high.value.fract() != 0.0;
    let thing = tokens.get(high.next).is_some_and(|t| super::lexicon::is_unit_noun(&t.norm));
    let raised = from > low.next + 1
        && word == ","
        && (low.scale > 1.0 && high.scale == 1.0 && h <= 2.0 * l && !thing);
    (plain || loose || hedged || raised).then_some(e)
}

/// "low six figures": the table of the decided policies, carried over to other lengths.
fn figures(tokens: &[Token], at: usize) -> Option<Expression> {
    let mut i = at;
    let mut bounds: Option<(f64, f64)> = None;
    while let Some((lo, hi)) = level(norm(tokens, i)).filter(|_| i < at + 5) {
        bounds = Some(bounds.map_or((lo, hi), |b| (b.0.min(lo), b.1.max(hi))));
        i += 1;
        i += usize::from(
            matches!(norm(tokens, i), "to" | "or" | ",") && level(norm(tokens, i + 1)).is_some(),
        );
    }
    let digits: u8 = match norm(tokens, i) {
        "four" | "4" => 4,
        "five" | "5" => 5,
        "six" | "6" | "sicks" => 6,
        "seven" | "7" => 7,
        "eight" | "8" => 8,
        _ => return None,
    };
    i += 1 + usize::from(norm(tokens, i + 1) == "-");
    if !matches!(norm(tokens, i), "figure" | "figures" | "figured" | "digit" | "digits") {
        return None;
    }
    let next = i + 1;
    let unit = 10f64.powi(i32::from(digits) - 1);
    let (lo, hi) = bounds.unwrap_or((1.0, 10.0));
    let said = currency::at(tokens, next)
        .or_else(|| (norm(tokens, next) == "in").then(|| currency::at(tokens, next + 1)).flatten());
    Some(Expression {
        min: Some(lo * unit),
        max: Some(hi * unit),
        currency: said.map(|s| s.0),
        scale: unit,
        scale_said: true,
        grouped: true,
        start: at,
        next: said.map_or(next, |s| s.1),
    })
}

fn level(norm: &str) -> Option<(f64, f64)> {
    Some(match norm {
        "low" | "lower" => (1.0, 4.0),
        "mid" | "middle" | "medium" => (3.0, 7.0),
        "high" | "higher" | "upper" => (6.0, 10.0),
        _ => return None,
    })
}
