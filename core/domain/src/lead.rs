use serde::{Deserialize, Serialize};

use crate::Transcript;
use crate::{
    Authority, Budget, BudgetStatus, Competitor, Confidence, DateWindow, Field, NextStep, Period,
    Relation, Score, StepKind,
};

/// Version of the lead's JSON. Within a version, members are only added.
pub const SCHEMA_VERSION: u32 = 1;

/// Who the visitor is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// As full as spoken.
    pub name: Option<Field<String>>,
    /// Job title as said, without articles.
    pub title: Option<Field<String>>,
    /// Employer, in its natural spelling.
    pub company: Option<Field<String>>,
    /// Normalised address.
    pub email: Option<Field<String>>,
    /// Digits as spoken, with `+` where a country code was said.
    pub phone: Option<Field<String>>,
}

/// Whether the talk is a lead at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Students, job seekers and vendors who pitch to us are none.
    pub value: bool,
    /// How sure we are.
    pub confidence: Confidence,
}

/// What a disciplined rep would have typed, each value with its words. "Not said" is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// [`SCHEMA_VERSION`] when it was written.
    pub schema: u32,
    /// The conversation's id.
    pub id: String,
    /// Whether it is a lead.
    pub is_lead: Verdict,
    /// The visitor.
    pub contact: Contact,
    /// Money they can spend.
    pub budget: Option<Field<Budget>>,
    /// When they mean to decide, buy or go live.
    pub timeline: Option<Field<DateWindow>>,
    /// What the visitor may decide.
    pub authority: Option<Field<Authority>>,
    /// Problems, as verbatim phrases.
    pub pains: Vec<Field<String>>,
    /// Rivals.
    pub competitors: Vec<Field<Competitor>>,
    /// What both agreed to.
    pub next_step: Option<Field<NextStep>>,
    /// Additive score by the rule file.
    pub score: Score,
}

impl Lead {
    /// Lowers the confidence of every field by how well its words could be heard.
    pub fn heard_in(&mut self, talk: &Transcript) {
        let contact = &mut self.contact;
        let texts = [
            &mut contact.name,
            &mut contact.title,
            &mut contact.company,
            &mut contact.email,
            &mut contact.phone,
        ];
        texts.into_iter().flatten().chain(&mut self.pains).for_each(|f| f.heard_in(talk));
        self.competitors.iter_mut().for_each(|f| f.heard_in(talk));
        self.budget.iter_mut().for_each(|f| f.heard_in(talk));
        self.timeline.iter_mut().for_each(|f| f.heard_in(talk));
        self.authority.iter_mut().for_each(|f| f.heard_in(talk));
        self.next_step.iter_mut().for_each(|f| f.heard_in(talk));
    }
}

/// Names one field of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum FieldKey {
    /// The visitor's name.
    Name,
    /// Their job title.
    Title,
    /// Their employer.
    Company,
    /// Their e-mail address.
    Email,
    /// Their telephone number.
    Phone,
    /// Money they can spend.
    Budget,
    /// When they mean to buy.
    Timeline,
    /// What they may decide.
    Authority,
    /// The n-th pain; one past the last adds one.
    Pain(u32),
    /// The n-th competitor; one past the last adds one.
    Competitor(u32),
    /// What both agreed to.
    NextStep,
}

impl FieldKey {
    /// The name in the lead's JSON, without the index.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Title => "title",
            Self::Company => "company",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Budget => "budget",
            Self::Timeline => "timeline",
            Self::Authority => "authority",
            Self::Pain(_) => "pains",
            Self::Competitor(_) => "competitors",
            Self::NextStep => "next_step",
        }
    }

    /// What a person calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Title => "Title",
            Self::Company => "Company",
            Self::Email => "E-mail",
            Self::Phone => "Phone",
            Self::Budget => "Budget",
            Self::Timeline => "Timeline",
            Self::Authority => "Authority",
            Self::Pain(_) => "Pain",
            Self::Competitor(_) => "Competitor",
            Self::NextStep => "Next step",
        }
    }

    /// Whether a value has the type this field holds.
    #[must_use]
    pub fn accepts(self, value: &FieldValue) -> bool {
        matches!(
            (self, value),
            (
                Self::Name
                    | Self::Title
                    | Self::Company
                    | Self::Email
                    | Self::Phone
                    | Self::Pain(_),
                FieldValue::Text(_)
            ) | (Self::Budget, FieldValue::Budget(_))
                | (Self::Timeline, FieldValue::Window(_))
                | (Self::Authority, FieldValue::Authority(_))
                | (Self::Competitor(_), FieldValue::Competitor(_))
                | (Self::NextStep, FieldValue::NextStep(_))
        )
    }
}

/// A value of any field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Competitor.
    Competitor(Competitor),
    /// Next step.
    NextStep(NextStep),
    /// Budget.
    Budget(Budget),
    /// Timeline.
    Window(DateWindow),
    /// Authority.
    Authority(Authority),
    /// Name, title, company, e-mail, phone or a pain.
    Text(String),
}

impl FieldValue {
    /// The bare value, as it stands in the lead's JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Competitor(v) => serde_json::json!(v),
            Self::NextStep(v) => serde_json::json!(v),
            Self::Budget(v) => serde_json::json!(v),
            Self::Window(v) => serde_json::json!(v),
            Self::Authority(v) => serde_json::json!(v),
            Self::Text(v) => serde_json::json!(v),
        }
    }

    /// The value as a person would write it, in English.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Text(t) => t.clone(),
            Self::Budget(b) => display_budget(b),
            Self::Window(w) if w.start == w.end => w.start.to_string(),
            Self::Window(w) => format!("{} – {}", w.start, w.end),
            Self::Authority(a) => display_authority(*a).to_owned(),
            Self::Competitor(c) => format!("{} ({})", c.name, display_relation(c.relation)),
            Self::NextStep(s) => match s.due {
                None => display_step(s.kind).to_owned(),
                Some(due) => format!("{}, {}", display_step(s.kind), Self::Window(due).display()),
            },
        }
    }
}

fn display_relation(r: Relation) -> &'static str {
    match r {
        Relation::Current => "in use",
        Relation::Evaluating => "being looked at",
        Relation::Past => "used before",
    }
}

fn display_authority(a: Authority) -> &'static str {
    match a {
        Authority::DecisionMaker => "decides",
        Authority::Shared => "decides with others",
        Authority::Influencer => "recommends",
        Authority::None => "no say",
    }
}

fn display_step(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Demo => "Demo",
        StepKind::Call => "Call",
        StepKind::Meeting => "Meeting",
        StepKind::Email => "Send e-mail",
        StepKind::Proposal => "Send proposal",
        StepKind::Trial => "Trial",
        StepKind::Sample => "Send sample",
        StepKind::Intro => "Introduction",
        StepKind::Visit => "Visit",
    }
}

fn display_budget(b: &Budget) -> String {
    let amount = match (b.min, b.max) {
        (Some(min), Some(max)) if (min - max).abs() < f64::EPSILON => thousands(min),
        (Some(min), Some(max)) => format!("{} – {}", thousands(min), thousands(max)),
        (Some(min), None) => format!("from {}", thousands(min)),
        (None, Some(max)) => format!("up to {}", thousands(max)),
        (None, None) => match b.status {
            BudgetStatus::Available => return "available".into(),
            BudgetStatus::None => return "none".into(),
            BudgetStatus::Undecided => return "not decided".into(),
        },
    };
    let currency = b.currency.as_deref().map_or(String::new(), |c| format!(" {c}"));
    let period = match b.period {
        Some(Period::Month) => " a month",
        Some(Period::Year) => " a year",
        Some(Period::OneOff) | None => "",
    };
    let status = match b.status {
        BudgetStatus::Available => "",
        BudgetStatus::None => " (none)",
        BudgetStatus::Undecided => " (not decided)",
    };
    format!("{amount}{currency}{period}{status}")
}

fn thousands(v: f64) -> String {
    let plain = if v.fract() == 0.0 { format!("{v:.0}") } else { format!("{v:.2}") };
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && c.is_ascii_digit() && !out.ends_with('-')
        {
            out.push(',');
        }
        out.push(c);
    }
    rest.map_or(out.clone(), |r| format!("{out}.{r}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Rep, ScoreRules, Segment, Tier, Transcript, Verdict};
    use chrono::NaiveDate;

    pub(crate) fn talk() -> Transcript {
        let at = chrono::DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap();
        let text = "I am Ada of Acme and we lose time".to_owned();
        let s = Segment { start_ms: 0, end_ms: 1000, speaker: None, text, words: vec![] };
        Transcript::new("t1".into(), at, Rep::default(), vec![s]).unwrap()
    }

    fn field<T>(value: T) -> Option<Field<T>> {
        Some(Field::new(value, Confidence::permille(700), talk().quote(0, 0, 4).unwrap()))
    }

    pub(crate) fn no_budget() -> Option<Field<Budget>> {
        let (min, max, currency, period) = (None, None, None, None);
        field(Budget { status: BudgetStatus::None, min, max, currency, period })
    }

    /// A lead with every field.
    pub(crate) fn full_lead() -> Lead {
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
        let due = Some(DateWindow::day(day));
        let text = |t: &str| field(t.to_owned());
        Lead {
            schema: SCHEMA_VERSION,
            id: "t1".into(),
            is_lead: Verdict { value: true, confidence: Confidence::permille(900) },
            contact: Contact {
                name: text("Ada Byron"),
                title: text("CTO"),
                company: text("Acme"),
                email: text("ada@acme.io"),
                phone: text("+4915550100"),
            },
            budget: field(Budget {
                status: BudgetStatus::Available,
                min: Some(50_000.0),
                max: Some(60_000.0),
                currency: Some("EUR".into()),
                period: None,
            }),
            timeline: field(DateWindow::day(day)),
            authority: field(Authority::DecisionMaker),
            pains: vec![text("we lose time").unwrap()],
            competitors: field(Competitor { name: "Rival".into(), relation: Relation::Past })
                .into_iter()
                .collect(),
            next_step: field(NextStep { kind: StepKind::Demo, due }),
            score: Score {
                points: 0,
                tier: Tier::Cold,
                known: Confidence::permille(0),
                terms: vec![],
            },
        }
    }

    #[test]
    fn a_lead_survives_json() {
        let mut lead = full_lead();
        lead.score = ScoreRules::shipped().unwrap().score(&lead, talk().day());
        let json = serde_json::to_value(&lead).unwrap();
        assert_eq!(json["budget"]["value"]["min"], serde_json::json!(50000));
        assert_eq!(json["budget"]["evidence"][0]["end"], serde_json::json!(4));
        assert_eq!(serde_json::from_value::<Lead>(json).unwrap(), lead);
    }

    #[test]
    fn json_without_evidence_is_no_field() {
        let json = r#"{"value":"x","confidence":0.5,"text":"x","evidence":[],"alternatives":[]}"#;
        assert!(serde_json::from_str::<Field<String>>(json).is_err());
    }

    #[test]
    fn values_read_well() {
        let lead = full_lead();
        let budget = FieldValue::Budget(lead.budget.unwrap().value().clone());
        assert_eq!(budget.display(), "50,000 – 60,000 EUR");
        let step = FieldValue::NextStep(lead.next_step.unwrap().value().clone());
        assert_eq!(step.display(), "Demo, 2026-04-01");
    }
}
