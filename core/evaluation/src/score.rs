use std::collections::BTreeMap;
use std::ops::AddAssign;

use confee_domain::{Field, Lead, Rep};

use crate::compare::{
    same_budget, same_company, same_due, same_name, same_pain, same_phone, same_timeline,
    same_title,
};
use crate::confidence::Observation;
use crate::gold::Gold;

/// Outcomes of a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Filled as in the gold lead.
    pub right: usize,
    /// Filled otherwise.
    pub wrong: usize,
    /// Empty, though gold has a value.
    pub missed: usize,
    /// Filled, though gold has none.
    pub invented: usize,
    /// Rightly empty.
    pub empty: usize,
}

impl Tally {
    /// Share of the filled that is right; 1 where nothing is filled.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong + self.invented)
    }

    /// Share of gold's values that is found; 1 where there are none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.right + self.wrong + self.missed)
    }

    /// Harmonic mean of both; 0 where nothing is right.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let filled = self.right + self.wrong + self.invented;
        let there = self.right + self.wrong + self.missed;
        2.0 * self.right as f64 / (filled + there).max(1) as f64
    }

    /// Share of gold's empty fields that was filled.
    #[must_use]
    pub fn invented_rate(&self) -> f64 {
        self.invented as f64 / (self.invented + self.empty).max(1) as f64
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.invented += other.invented;
        self.empty += other.empty;
    }
}

/// What became of some talks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// By field; pains and competitors count each entry.
    pub fields: BTreeMap<&'static str, Tally>,
    /// Every filled value with its confidence.
    pub observations: Vec<Observation>,
    /// Talks.
    pub talks: usize,
    /// Talks rightly taken for a lead or none.
    pub leads_right: usize,
    /// The rep's own name or firm given as the visitor's.
    pub attribution_errors: usize,
    /// Values whose words stand in the talk.
    pub grounded: usize,
    /// Rivals that were found, and those whose relation is right.
    pub relations: (usize, usize),
}

impl Scores {
    /// All fields together.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.fields.values().fold(Tally::default(), |mut sum, tally| {
            sum += *tally;
            sum
        })
    }

    fn scalar<F, G>(
        &mut self,
        name: &'static str,
        (found, gold): (Option<&Field<F>>, Option<&G>),
        same: impl Fn(&F, &G) -> bool,
    ) {
        let right = found.zip(gold).map(|(found, gold)| same(found.value(), gold));
        let tally = self.fields.entry(name).or_default();
        match (right, found.is_some(), gold.is_some()) {
            (Some(true), ..) => tally.right += 1,
            (Some(false), ..) => tally.wrong += 1,
            (None, true, _) => tally.invented += 1,
            (None, false, true) => tally.missed += 1,
            (None, false, false) => tally.empty += 1,
        }
        if let Some(found) = found {
            self.observe(name, found, right == Some(true));
        }
    }

    fn list<F, G>(
        &mut self,
        name: &'static str,
        (found, gold): (&[Field<F>], &[G]),
        same: impl Fn(&Field<F>, &G) -> bool,
        mut hit: impl FnMut(&mut Self, &F, &G),
    ) {
        let mut left: Vec<&G> = gold.iter().collect();
        let mut tally = Tally::default();
        tally.empty += usize::from(found.is_empty() && gold.is_empty());
        for field in found {
            let at = left.iter().position(|gold| same(field, gold));
            match at {
                Some(at) => {
                    tally.right += 1;
                    hit(self, field.value(), left.remove(at));
                }
                None => tally.invented += 1,
            }
            self.observe(name, field, at.is_some());
        }
        tally.missed = left.len();
        *self.fields.entry(name).or_default() += tally;
    }

    fn observe<T>(&mut self, field: &'static str, found: &Field<T>, right: bool) {
        let confidence = f64::from(found.confidence().as_permille()) / 1000.0;
        self.observations.push(Observation { field, confidence, right });
        self.grounded += usize::from(!found.evidence().spans().is_empty());
    }
}

impl AddAssign for Scores {
    fn add_assign(&mut self, other: Self) {
        for (field, tally) in other.fields {
            *self.fields.entry(field).or_default() += tally;
        }
        self.observations.extend(other.observations);
        self.talks += other.talks;
        self.leads_right += other.leads_right;
        self.attribution_errors += other.attribution_errors;
        self.grounded += other.grounded;
        self.relations.0 += other.relations.0;
        self.relations.1 += other.relations.1;
    }
}

/// Compares the lead of a talk with gold.
#[must_use]
pub fn score(lead: &Lead, rep: &Rep, gold: &Gold) -> Scores {
    let leads_right = usize::from(lead.is_lead.value == gold.is_lead);
    let mut scores = Scores { talks: 1, leads_right, ..Scores::default() };
    let (contact, wanted) = (&lead.contact, &gold.contact);
    let text = |same: fn(&str, &str) -> bool| move |a: &String, b: &String| same(a, b);
    scores.scalar("name", (contact.name.as_ref(), wanted.name.as_ref()), text(same_name));
    scores.scalar("title", (contact.title.as_ref(), wanted.title.as_ref()), text(same_title));
    scores.scalar(
        "company",
        (contact.company.as_ref(), wanted.company.as_ref()),
        text(same_company),
    );
    let email = (contact.email.as_ref(), wanted.email.as_ref());
    scores.scalar("email", email, |a, b| a.eq_ignore_ascii_case(b));
    scores.scalar("phone", (contact.phone.as_ref(), wanted.phone.as_ref()), text(same_phone));
    scores.scalar("budget", (lead.budget.as_ref(), gold.budget.as_ref()), same_budget);
    scores.scalar("timeline", (lead.timeline.as_ref(), gold.timeline.as_ref()), same_timeline);
    scores.scalar("authority", (lead.authority.as_ref(), gold.authority.as_ref()), |a, b| a == b);
    let step = (lead.next_step.as_ref(), gold.next_step.as_ref());
    scores.scalar("next_step", step, |a, b| a.kind == b.kind && same_due(a.due, b.due));
    scores.list("pains", (&lead.pains, &gold.pains), |a, b| same_pain(a.value(), b), |_, _, _| ());
    let rivals = (lead.competitors.as_slice(), gold.competitors.as_slice());
    scores.list(
        "competitors",
        rivals,
        |a, b| same_company(&a.value().name, &b.name),
        |s, a, b| {
            s.relations.0 += 1;
            s.relations.1 += usize::from(a.relation == b.relation);
        },
    );
    let mine =
        |own: Option<&String>, found: Option<&Field<String>>, same: fn(&str, &str) -> bool| {
            own.zip(found).is_some_and(|(own, found)| same(own, found.value()))
        };
    let errors = [
        mine(rep.name.as_ref(), contact.name.as_ref(), same_name),
        mine(rep.company.as_ref(), contact.company.as_ref(), same_company),
    ];
    scores.attribution_errors = errors.into_iter().filter(|error| *error).count();
    scores
}
