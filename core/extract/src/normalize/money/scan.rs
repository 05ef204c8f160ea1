use super::bounds;
use super::context::{self, Reading};
use super::correction::takes_back;
use super::currency;
use super::prepare::prepare;
use super::range::{Expression, expression_at};
use super::status::{Statement, statements};
use super::{About, Context, MoneySpan};
use crate::text::{Kind, Token};
use confee_domain::{Budget, BudgetStatus, Period};

/// A span with what the choice between several needs.
pub(super) struct Candidate {
    pub(super) span: MoneySpan,
    pub(super) budget_word: bool,
    pub(super) replaced: bool,
    /// A statement about approval or a decision.
    pub(super) firm: bool,
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
            out.push(c);
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

/// For each token the bounds of its sentence.
fn sentence_ends(tokens: &[Token]) -> Vec<usize> {
    let mut marks = vec![0];
    for (i, t) in tokens.iter().enumerate() {
        let inner = tokens.get(i + 1).is_some_and(|n| n.glued || n.kind == Kind::Mark);
        let short =
            i.checked_sub(1).is_some_and(|p| tokens[p].is(&["rs", "approx", "p", "a", "ca"]));
        if t.ends_sentence() && !inner && !short {
            marks.push(i + 1);
        }
    }
    marks.push(tokens.len());
    marks
}

fn sentence(marks: &[usize], at: usize) -> (usize, usize) {
    let i = marks.partition_point(|m| *m <= at);
    (marks[i.saturating_sub(1)], marks.get(i).copied().unwrap_or(at + 1))
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
    let near_have = e.grouped && reading.about == About::Spend && reading.weight >= -1;
    let bare_ok = near_have
        || reading.budget_word
        || replaces.is_some()
        || whole
        || (e.grouped || e.min.or(e.max) >= Some(1000.0)) && period.is_some();
    if !money && (counts || !bare_ok || looks_dated(tokens, start, next)) {
        return None;
    }
    let scaled = money || e.grouped;
    if e.max == Some(0.0) && e.currency.is_none() {
        return None;
    }
    let mut reading = reading;
    if let Some(old) = replaces {
        inherit(&mut e, old, scaled);
        if reading.weight < 0 {
            reading.about = old.span.about;
        }
    }
    let about = if counts || refused {
        About::Other
    } else if per_unit {
        About::PerUnit
    } else {
        reading.about
    };
    Some(build(tokens, &e, about, period, reading, replaces, corrected_number, cx))
}

/// "forty k a year australian", "fifty thousand a year in euros".
fn late_currency(tokens: &[Token], e: &mut Expression, floor: usize, roof: usize) {
    let shared = e.currency.is_some_and(|c| !c.family.is_empty());
    if e.scale <= 1.0 && !e.grouped || e.currency.is_some() && !shared {
        return;
    }
    for at in e.next..roof.min(e.next + 4) {
        let led = tokens[at - 1].is(&["in", "of"]);
        if tokens[at].norm == "us" && at > e.next {
            continue;
        }
        let said = currency::nation_alone(tokens, at)
            .or_else(|| currency::at(tokens, at).filter(|c| c.1 > at && (led || at == e.next)));
        if let Some((said, next)) = said {
            let fits = e.currency.is_none_or(|c| c.family.contains(&said.iso));
            if fits {
                e.currency = Some(said);
                e.next = if at <= e.next + 1 { next } else { e.next };
            }
            return;
        }
    }
    for at in floor.max(e.start.saturating_sub(5))..e.start {
        let led = at > floor && tokens[at - 1].norm == "in";
        if let Some((said, _)) =
            currency::at(&tokens[..e.start], at).filter(|_| led && e.currency.is_none())
        {
            e.currency = Some(said);
        }
    }
}

/// "raised from fifty to seventy k" tells the new amount.
fn moved_to(tokens: &[Token], start: usize, floor: usize) -> bool {
    const MOVES: [&str; 12] = [
        "raised",
        "increased",
        "went",
        "cut",
        "reduced",
        "lowered",
        "bumped",
        "changed",
        "grew",
        "gone",
        "upped",
        "moved",
    ];
    start > floor
        && tokens[start - 1].norm == "from"
        && (floor.max(start.saturating_sub(5))..start).any(|i| tokens[i].is(&MOVES))
}

/// Cues may stand in the sentence before ("Budget? Fifty k.").
fn marks_back(marks: &[usize], floor: usize) -> usize {
    let i = marks.partition_point(|m| *m < floor);
    i.checked_sub(1).map_or(0, |p| marks[p])
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

/// Phone digits, clock times, ordinals, "Q3", "hall 4", "number 5".
fn is_reference(tokens: &[Token], e: &Expression, floor: usize) -> bool {
    let prev = e.start.checked_sub(1).filter(|p| *p >= floor).map(|p| &tokens[p]);
    let next = tokens.get(e.next);
    let written = tokens[e.start].kind == Kind::Number;
    let bare = e.currency.is_none() && !e.scale_said && written && e.next == e.start + 1;
    let digits = |t: Option<&Token>| {
        t.is_some_and(|t| t.kind == Kind::Number && !t.text.contains([',', '.']))
    };
    let text = tokens[e.start].text.as_str();
    let idiom =
        tokens[e.start].norm == "a" && e.currency.is_none() && prev.is_some_and(|p| p.norm == "in")
            || next.is_some_and(|n| n.is(&["thanks", "apologies", "reasons"]));
    if idiom
        || bare
            && (text.len() > 1 && text.starts_with('0')
                || digits(next)
                || digits(prev)
                || prev.is_some_and(|p| p.is_mark('+')))
    {
        return true;
    }
    let glued_before = written
        && tokens[e.start].glued
        && prev.is_some_and(|p| {
            p.kind == Kind::Word || p.is_mark(':') || p.is_mark('/') || p.is_mark('@')
        });
    let clock = next.is_some_and(|n| {
        n.glued && n.is_mark(':')
            || n.is(&["pm", "am", "o'clock"])
            || n.glued && n.is(&["st", "nd", "rd", "th"])
    });
    let named = prev.is_some_and(|p| {
        p.is(&[
            "q",
            "hall",
            "booth",
            "number",
            "stand",
            "room",
            "version",
            "aisle",
            "extension",
            "series",
            "model",
            "iso",
        ])
    });
    glued_before && e.currency.is_none() || clock || named && !e.scale_said && e.currency.is_none()
}

/// A year or a day: "in 2027", "by June 5".
fn looks_dated(tokens: &[Token], start: usize, next: usize) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = tokens[start].text.as_str();
    let year =
        next == start + 1 && text.len() == 4 && (text.starts_with("20") || text.starts_with("19"));
    let spoken_year = tokens[start].is(&["nineteen", "twenty"])
        && start > 0
        && tokens[start - 1].is(&["in", "since", "for", "by"]);
    let near = |i: Option<&Token>| i.is_some_and(|t| MONTHS.contains(&t.norm.as_str()));
    let year_word = start.checked_sub(1).is_some_and(|p| {
        tokens[p].is(&["in", "since", "for", "by", "from", "until", "of", "year", "fy"])
    });
    year && year_word
        || spoken_year
        || near(tokens.get(next))
        || start > 0 && near(tokens.get(start - 1))
}
