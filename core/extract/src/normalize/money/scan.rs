use super::bounds;
use super::context::{self, Reading};
use super::correction::takes_back;
use super::guards::{
    counted_aside, is_mass, is_reference, late_currency, looks_dated, marks_back, moved_to,
    sentence, sentence_ends,
};
use super::prepare::prepare;
use super::range::{Expression, expression_at};
use super::status::{Statement, statements};
use super::{About, Context, MoneySpan};
use crate::text::Token;
use confee_domain::{Budget, BudgetStatus, Period};

/// A span with what the choice between several needs.
pub(super) struct Candidate {
    pub(super) span: MoneySpan,
    pub(super) budget_word: bool,
    pub(super) replaced: bool,
    /// A statement about approval or a decision.
    pub(super) firm: bool,
    /// Only holds the sum back: "I can't tell you the number".
    pub(super) reticent: bool,
    /// The topic is money, its state untold.
    pub(super) guess: bool,
    /// Tokens of the segment after it.
    pub(super) tail: usize,
    /// First token.
    pub(super) at: usize,
    next: usize,
    scale: f64,
}

impl Candidate {
    pub(super) fn has_amount(&self) -> bool {
        self.span.budget.min.is_some() || self.span.budget.max.is_some()
    }

    /// A lower and an upper bound that follow each other: "at least 20 k, no more than 35 k".
    fn closes_with(&self, upper: &Candidate) -> bool {
        let (low, high) = (&self.span.budget, &upper.span.budget);
        low.max.is_none()
            && high.min.is_none()
            && low.min.is_some_and(|l| high.max.is_some_and(|h| l < h))
            && self.span.about == upper.span.about
            && upper.at <= self.next + 3
            && !upper.span.corrected
    }

    fn close(&mut self, upper: &Candidate) {
        let (low, high) = (&mut self.span.budget, &upper.span.budget);
        low.max = high.max;
        low.currency = high.currency.clone().or(low.currency.take());
        low.period = high.period.or(low.period);
        self.span.end = upper.span.end;
        self.span.has_currency |= upper.span.has_currency;
        self.span.scale_said |= upper.span.scale_said;
        self.budget_word |= upper.budget_word;
        self.tail = upper.tail;
        self.next = upper.next;
        self.scale = upper.scale;
    }
}

/// All candidates of one segment, in order.
pub(super) fn spans(text: &str, cx: &Context<'_>) -> Vec<Candidate> {
    let tokens = prepare(text);
    let raw = expressions(&tokens);
    let ends = sentence_ends(&tokens);
    let mut out: Vec<Candidate> = Vec::new();
    let mut previous_number: Option<usize> = None;
    for (i, e) in raw.iter().enumerate() {
        let edges = (
            raw[i.saturating_sub(8)..i]
                .iter()
                .rfind(|p| p.looks_like_money())
                .map_or(0, |p| p.next),
            raw[i + 1..]
                .iter()
                .take(8)
                .find(|n| n.looks_like_money())
                .map_or(tokens.len(), |n| n.start),
        );
        let made = candidate(&tokens, e.clone(), &ends, edges, out.last(), previous_number, cx);
        if let Some(c) = made {
            if c.span.corrected
                && let Some(last) = out.last_mut()
            {
                last.replaced = true;
            }
            match out.last_mut().filter(|l| l.closes_with(&c)) {
                Some(last) => last.close(&c),
                None => out.push(c),
            }
        }
        previous_number = Some(e.next);
    }
    let said: Vec<Candidate> =
        statements(&tokens).into_iter().filter_map(|s| stated(&tokens, s, &out)).collect();
    out.extend(said);
    out.sort_by_key(|c| c.at);
    out
}

fn expressions(tokens: &[Token]) -> Vec<Expression> {
    let (mut list, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        match expression_at(tokens, at) {
            Some(e) if e.next > at => {
                at = e.next;
                list.push(e);
            }
            _ => at += 1,
        }
    }
    list
}

fn candidate(
    tokens: &[Token],
    mut e: Expression,
    marks: &[usize],
    edges: (usize, usize),
    last: Option<&Candidate>,
    previous_number: Option<usize>,
    cx: &Context<'_>,
) -> Option<Candidate> {
    let (floor, roof) = sentence(marks, e.start);
    let roof = roof.max(e.next);
    let corrected_number = previous_number.is_some_and(|p| takes_back(tokens, p, e.start));
    let replaces = last.filter(|l| l.has_amount() && takes_back(tokens, l.next, e.start));
    let (start, next) = (e.start, e.next);
    if next <= start || is_reference(tokens, &e, floor) {
        return None;
    }
    let per_unit = context::per_unit(tokens, &e, floor, roof);
    let counts = e.currency.is_none() && context::counts_things(tokens, next);
    let core = e.clone();
    bounds::apply(tokens, &mut e, floor);
    if moved_to(tokens, start, floor) {
        e.max = core.max;
        e.min = core.max;
    }
    let refused = start > floor && tokens[start - 1].norm == "not" && e.start == start;
    let period = bounds::period(tokens, &mut e, edges.0.max(floor), edges.1.min(roof));
    bounds::apply_after(tokens, &mut e);
    late_currency(tokens, &mut e, floor, roof);
    let reading = context::read(tokens, &core, marks_back(marks, floor), roof, edges);
    let money = e.currency.is_some() || e.scale_said;
    let whole = start == 0 && e.next == tokens.len() && e.grouped;
    let bare_ok = whole || replaces.is_some() || bare_is_money(&e, reading, period);
    let no_money = !money && (counts || !bare_ok || looks_dated(tokens, start, next));
    if no_money || e.max == Some(0.0) && e.currency.is_none() {
        return None;
    }
    let mut reading = reading;
    if let Some(old) = replaces {
        let scaled = money || e.grouped;
        inherit(&mut e, old, scaled);
        if reading.weight < 0 {
            reading.about = old.span.about;
        }
    }
    let vague = reading.weight <= -10 && period.is_none() && counted_aside(tokens, &e, edges.0);
    let about = if counts || refused || vague || is_mass(tokens, &e) {
        About::Other
    } else if per_unit {
        About::PerUnit
    } else {
        reading.about
    };
    Some(build(tokens, &e, about, period, reading, replaces, corrected_number, cx))
}

/// Whether the words near a number without currency and scale make it money.
fn bare_is_money(e: &Expression, reading: Reading, period: Option<Period>) -> bool {
    let near_have = e.grouped && reading.about == About::Spend && reading.weight >= -1;
    let large = e.grouped || e.min.or(e.max) >= Some(1000.0);
    let bounded = e.min.is_none() || e.max.is_none();
    let said = large || bounded && e.min.or(e.max) >= Some(100.0);
    near_have || reading.budget_word || said && period.is_some()
}

fn inherit(e: &mut Expression, old: &Candidate, scaled: bool) {
    if scaled || old.scale <= 1.0 {
        return;
    }
    for v in [&mut e.min, &mut e.max].into_iter().flatten() {
        if *v < 1000.0 {
            *v *= old.scale;
        }
    }
    e.scale = old.scale;
}

#[expect(clippy::too_many_arguments, reason = "one place joins what was read")]
fn build(
    tokens: &[Token],
    e: &Expression,
    about: About,
    period: Option<Period>,
    reading: Reading,
    replaces: Option<&Candidate>,
    corrected: bool,
    cx: &Context<'_>,
) -> Candidate {
    let said = e.currency.map(|c| c.resolve(cx.default_currency));
    let kept =
        replaces.filter(|r| r.span.has_currency).and_then(|r| r.span.budget.currency.clone());
    let has_currency = said.is_some() || kept.is_some();
    let currency = said.or(kept).or_else(|| cx.default_currency.map(str::to_uppercase));
    let period = period.or_else(|| replaces.and_then(|r| r.span.budget.period));
    let budget =
        Budget { status: BudgetStatus::Available, min: e.min, max: e.max, currency, period };
    Candidate {
        span: MoneySpan {
            start: tokens[e.start].start,
            end: tokens[e.next - 1].end,
            budget,
            about,
            corrected: corrected || replaces.is_some(),
            has_currency,
            scale_said: e.scale_said,
        },
        budget_word: reading.budget_word,
        replaced: false,
        firm: false,
        reticent: false,
        guess: false,
        tail: tokens.len() - e.next,
        at: e.start,
        next: e.next,
        scale: e.scale,
    }
}

fn stated(tokens: &[Token], s: Statement, amounts: &[Candidate]) -> Option<Candidate> {
    let before = amounts.partition_point(|c| c.at < s.end);
    let inside = before.checked_sub(1).is_some_and(|i| s.start < amounts[i].next);
    if inside || s.end == s.start {
        return None;
    }
    let budget = Budget { status: s.status, min: None, max: None, currency: None, period: None };
    Some(Candidate {
        span: MoneySpan {
            start: tokens[s.start].start,
            end: tokens[s.end - 1].end,
            budget,
            about: About::Spend,
            corrected: false,
            has_currency: false,
            scale_said: false,
        },
        budget_word: s.budget_word,
        replaced: false,
        firm: s.firm,
        reticent: s.reticent,
        guess: s.guess,
        tail: tokens[s.end..]
            .iter()
            .take(20)
            .take_while(|t| !t.ends_sentence() && !t.is_mark(','))
            .count(),
        at: s.start,
        next: s.end,
        scale: 1.0,
    })
}
