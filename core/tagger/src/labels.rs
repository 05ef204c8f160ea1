//! What the outputs of the network stand for. The file names them; unknown names are refused.

use confee_domain::{Authority, BudgetStatus, Relation, StepKind};
use confee_extract::{MoneyRole, Owner, Polarity, Tag, TimeRole};

use crate::error::TaggerError;
use crate::file::{ModelFile, damaged};

/// A layer of labels that do not overlap: classes that are told apart token by token, and kinds of
/// each.
pub(crate) struct Layer {
    /// Names of the classes.
    pub(crate) classes: Vec<String>,
    /// What a kind is, and which class it belongs to.
    pub(crate) kinds: Vec<Kind>,
}

/// A kind of span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kind {
    pub(crate) class: usize,
    pub(crate) tag: Tag,
    pub(crate) owner: Owner,
}

impl Layer {
    /// The layer whose classes and kinds stand under these keys.
    pub(crate) fn read(file: &ModelFile, classes: &str, kinds: &str) -> Result<Self, TaggerError> {
        let classes = file.words(classes)?;
        let names = file.words(kinds)?;
        let found = names.iter().map(|name| kind(name, &classes).ok_or_else(|| damaged(name)));
        Ok(Self { kinds: found.collect::<Result<_, _>>()?, classes })
    }
}

fn kind(name: &str, classes: &[String]) -> Option<Kind> {
    let (head, detail) = name.split_once('.').unwrap_or((name, ""));
    let owner = match detail {
        "rep" => Owner::Rep,
        "third" => Owner::Third,
        _ => Owner::Prospect,
    };
    let class = if matches!(head, "rival" | "tool") { "product" } else { head };
    let class = classes.iter().position(|c| c == class)?;
    Some(Kind { class, tag: tag(head, detail)?, owner })
}

fn tag(head: &str, detail: &str) -> Option<Tag> {
    Some(match (head, detail) {
        ("name", "" | "rep" | "third") => Tag::Name,
        ("title", "" | "third") => Tag::Title,
        ("company", "" | "rep" | "third") => Tag::Company,
        ("email", "" | "third") => Tag::Email,
        ("phone", "" | "third") => Tag::Phone,
        ("spell", _) => Tag::Spelled,
        ("money", role) => Tag::Money(money(role)?),
        ("time", role) => Tag::Time(time(role)?),
        ("rival", relation) => Tag::Competitor(rival(relation)?),
        ("tool", "") => Tag::Tool,
        ("pain", "") => Tag::Pain,
        ("step", kind) => Tag::NextStep(step(kind)?),
        ("auth", authority) => Tag::Authority(self::authority(authority)?),
        ("fund", status) => Tag::Funds(funds(status)?),
        ("nolead", "") => Tag::NotALead,
        _ => return None,
    })
}

fn money(role: &str) -> Option<MoneyRole> {
    Some(match role {
        "budget" => MoneyRole::Budget,
        "old" => MoneyRole::Old,
        "price" => MoneyRole::Price,
        "cost" => MoneyRole::Cost,
        "other" => MoneyRole::Other,
        _ => return None,
    })
}

fn time(role: &str) -> Option<TimeRole> {
    Some(match role {
        "buy" => TimeRole::Purchase,
        "old" => TimeRole::Old,
        "due" => TimeRole::Due,
        "other" => TimeRole::Other,
        _ => return None,
    })
}

fn rival(relation: &str) -> Option<Relation> {
    Some(match relation {
        "current" => Relation::Current,
        "evaluating" => Relation::Evaluating,
        "past" => Relation::Past,
        _ => return None,
    })
}

fn step(kind: &str) -> Option<StepKind> {
    Some(match kind {
        "demo" => StepKind::Demo,
        "call" => StepKind::Call,
        "meeting" => StepKind::Meeting,
        "email" => StepKind::Email,
        "proposal" => StepKind::Proposal,
        "trial" => StepKind::Trial,
        "sample" => StepKind::Sample,
        "intro" => StepKind::Intro,
        "visit" => StepKind::Visit,
        _ => return None,
    })
}

fn authority(name: &str) -> Option<Authority> {
    Some(match name {
        "decision_maker" => Authority::DecisionMaker,
        "shared" => Authority::Shared,
        "influencer" => Authority::Influencer,
        "none" => Authority::None,
        _ => return None,
    })
}

fn funds(name: &str) -> Option<BudgetStatus> {
    Some(match name {
        "available" => BudgetStatus::Available,
        "none" => BudgetStatus::None,
        "undecided" => BudgetStatus::Undecided,
        _ => return None,
    })
}

/// What a next step's state stands for, in the order of the file.
pub(crate) fn states(file: &ModelFile) -> Result<Vec<Polarity>, TaggerError> {
    let state = |name: &String| match name.as_str() {
        "step" => Ok(Polarity::Stated),
        "stepalso" => Ok(Polarity::Besides),
        "stepopen" => Ok(Polarity::Open),
        "stepno" => Ok(Polarity::Negated),
        other => Err(damaged(other)),
    };
    file.words("state")?.iter().map(state).collect()
}
