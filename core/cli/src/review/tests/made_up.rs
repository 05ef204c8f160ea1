//! Made-up talks and a deck over the real review rules.

use std::collections::BTreeMap;

use confee_domain::{
    Alternative, Authority, Budget, BudgetStatus, Competitor, Confidence, Contact, DateWindow,
    Field, FieldKey, FieldValue, Lead, LeadCard, Lost, NextStep, Quote, Relation, Review,
    ReviewAction, SCHEMA_VERSION, Score, ScoreRules, Stage, StepKind, Tier, Transcript, Verdict,
};
use serde_json::json;

use super::super::Deck;

/// Leads over [`Review`], so that every rule of the real thing holds.
pub(super) struct TestDeck {
    leads: BTreeMap<String, (Review, Transcript)>,
    order: Vec<String>,
    /// Every call fails while this is set.
    pub(super) broken: bool,
}

impl TestDeck {
    pub(super) fn new(talks: Vec<(Lead, Transcript)>) -> Self {
        let order = talks.iter().map(|(_, t)| t.id().to_owned()).collect();
        let lead = |(lead, talk): (Lead, Transcript)| {
            (talk.id().to_owned(), (Review::captured().draft(lead).unwrap(), talk))
        };
        Self { leads: talks.into_iter().map(lead).collect(), order, broken: false }
    }

    /// So many short talks with the ids "0", "1", ...
    pub(super) fn of(count: usize) -> Self {
        Self::new((0..count).map(|i| short(&i.to_string())).collect())
    }

    pub(super) fn stage(&self, id: &str) -> Stage {
        self.leads[id].0.stage()
    }

    fn card(&self, id: &str) -> LeadCard {
        let (review, talk) = &self.leads[id];
        LeadCard::new(review, talk, &ScoreRules::shipped().unwrap())
    }

    fn check(&self) -> Result<(), String> {
        if self.broken { Err("The store is closed; open it again.".into()) } else { Ok(()) }
    }
}

impl Deck for TestDeck {
    fn cards(&mut self) -> Result<Vec<LeadCard>, String> {
        self.check()?;
        Ok(self.order.iter().map(|id| self.card(id)).collect())
    }

    fn transcript(&mut self, id: &str) -> Result<Transcript, String> {
        self.check()?;
        Ok(self.leads[id].1.clone())
    }

    fn act(&mut self, id: &str, action: ReviewAction) -> Result<LeadCard, String> {
        self.check()?;
        let (review, talk) = self.leads[id].clone();
        let (review, _) = review.apply(&action, 7).map_err(|e| e.to_string())?;
        self.leads.insert(id.to_owned(), (review, talk));
        Ok(self.card(id))
    }

    fn parse(&mut self, _: &str, key: FieldKey, text: &str) -> Result<FieldValue, String> {
        self.check()?;
        match key {
            FieldKey::Budget => {
                let amount = text.parse().map_err(|_| "Type an amount such as 50000.")?;
                Ok(FieldValue::Budget(euros(amount, amount)))
            }
            FieldKey::Competitor(_) => Ok(FieldValue::Competitor(Competitor {
                name: text.into(),
                relation: Relation::Evaluating,
            })),
            FieldKey::Timeline | FieldKey::Authority | FieldKey::NextStep => {
                Err("Type a day such as 2026-09-30.".into())
            }
            _ => Ok(FieldValue::Text(text.into())),
        }
    }
}

pub(super) fn euros(min: f64, max: f64) -> Budget {
    Budget {
        status: BudgetStatus::Available,
        min: Some(min),
        max: Some(max),
        currency: Some("EUR".into()),
        period: None,
    }
}

/// Turns of visitor ("v:") and rep ("r:"), six seconds each.
pub(super) fn talk(id: &str, turns: &[&str]) -> Transcript {
    let segment = |(i, turn): (usize, &&str)| {
        let (who, text) = turn.split_once(':').unwrap();
        let speaker = match who {
            "r" => json!("rep"),
            "v" => json!("prospect"),
            _ => json!(null),
        };
        json!({"start_ms": i * 6000, "end_ms": i * 6000 + 5800, "speaker": speaker, "text": text})
    };
    let segments: Vec<_> = turns.iter().enumerate().map(segment).collect();
    let at = "2026-05-19T10:12:00+02:00";
    serde_json::from_value(json!({"id": id, "captured_at": at, "segments": segments})).unwrap()
}

/// Cites the first place where the words stand.
pub(super) fn cite(talk: &Transcript, words: &str) -> Quote {
    let found = talk.segments().iter().enumerate().find_map(|(i, s)| {
        let at = s.text.find(words)?;
        let start = s.text[..at].chars().count();
        Some(talk.quote(i, start, start + words.chars().count()).unwrap())
    });
    found.unwrap()
}

pub(super) fn field<T>(talk: &Transcript, value: T, permille: u16, words: &str) -> Field<T> {
    Field::new(value, Confidence::permille(permille), cite(talk, words))
}

fn lost<T>(talk: &Transcript, value: T, words: &str, reason: Lost) -> Alternative<T> {
    Alternative { value, confidence: Confidence::permille(400), quote: cite(talk, words), reason }
}

pub(super) fn empty(id: &str) -> Lead {
    Lead {
        schema: SCHEMA_VERSION,
        id: id.into(),
        is_lead: Verdict { value: true, confidence: Confidence::permille(900) },
        contact: Contact::default(),
        budget: None,
        timeline: None,
        authority: None,
        pains: vec![],
        competitors: vec![],
        next_step: None,
        score: Score { points: 0, tier: Tier::Cold, known: Confidence::permille(0), terms: vec![] },
    }
}

/// Name, company with an alternative, one pain.
pub(super) fn short(id: &str) -> (Lead, Transcript) {
    let talk = talk(
        id,
        &[
            "r:Hello, who are you with?",
            "v:Ines Holm, from Fjordworks. I used to be with Lakeworks.",
            "v:Our orders get lost between two systems.",
        ],
    );
    let mut lead = empty(id);
    lead.contact.name = Some(field(&talk, format!("Ines Holm {id}"), 950, "Ines Holm"));
    let past = lost(&talk, "Lakeworks".to_owned(), "with Lakeworks", Lost::Superseded);
    let company = field(&talk, "Fjordworks".to_owned(), 700, "Fjordworks");
    lead.contact.company = Some(company.with_alternatives(vec![past]));
    lead.pains = vec![field(&talk, "orders get lost".to_owned(), 500, "orders get lost")];
    (lead, talk)
}

const LONG: [&str; 12] = [
    "r:Hi, welcome. What brings you to our stand?",
    "v:Hello, I am Marit Solberg, head of operations at Tindra Cold Chain.",
    "r:Good to meet you. How do you plan your routes today?",
    "v:With spreadsheets. We lose two days a week on replanning, and drivers call us all morning.",
    "r:That sounds familiar. Are you looking at anything else?",
    "v:We have seen Routelane, and a colleague still likes Vectrio, which we dropped last year.",
    "r:And what have you set aside for it?",
    "v:Last year it was forty thousand euros. This year it is fifty to sixty thousand euros, if the \
     pilot works out.",
    "r:When would you want to be live?",
    "v:By the end of September, before the season starts. My board has to sign it with me.",
    "r:Then let me show it to you on your own routes. Next Thursday at ten?",
    "v:Thursday is fine. Call me if anything changes, 0 5 5 5 0 1 7 7 3 2.",
];

fn days(start: &str, end: &str) -> DateWindow {
    DateWindow { start: start.parse().unwrap(), end: end.parse().unwrap() }
}

/// A lead with nearly everything.
pub(super) fn long(id: &str) -> (Lead, Transcript) {
    let t = talk(id, &LONG);
    let text = |value: &str, sure, words| field(&t, value.to_owned(), sure, words);
    let mut lead = empty(id);
    lead.contact.name = Some(text("Marit Solberg", 970, "Marit Solberg"));
    lead.contact.title = Some(text("Head of Operations", 930, "head of operations"));
    lead.contact.company = Some(text("Tindra Cold Chain", 900, "Tindra Cold Chain"));
    lead.contact.phone = Some(text("0555017732", 640, "0 5 5 5 0 1 7 7 3 2"));
    let forty = lost(&t, euros(4e4, 4e4), "forty thousand euros", Lost::Superseded);
    let budget = field(&t, euros(5e4, 6e4), 880, "fifty to sixty thousand euros");
    lead.budget = Some(budget.with_alternatives(vec![forty]));
    let live = days("2026-09-01", "2026-09-30");
    lead.timeline = Some(field(&t, live, 810, "By the end of September"));
    lead.authority = Some(field(&t, Authority::Shared, 550, "My board has to sign it with me"));
    let replanning = "lose two days a week on replanning";
    lead.pains = vec![text(replanning, 920, replanning)];
    lead.pains.push(text("drivers call us all morning", 780, "drivers call us all morning"));
    let rival = |name: &str, relation| Competitor { name: name.into(), relation };
    lead.competitors = vec![
        field(&t, rival("Routelane", Relation::Evaluating), 860, "Routelane"),
        field(&t, rival("Vectrio", Relation::Past), 720, "Vectrio, which we dropped"),
    ];
    let due = Some(days("2026-05-28", "2026-05-28"));
    let quote = cite(&t, "Next Thursday at ten?").and(cite(&t, "Thursday is fine"));
    let step = NextStep { kind: StepKind::Demo, due };
    lead.next_step = Some(Field::new(step, Confidence::permille(940), quote));
    (lead, t)
}
