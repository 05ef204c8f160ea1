use confee_domain::{Lead, RuleError, ScoreRules, Transcript};

use crate::assembly::assemble;
use crate::rules;
use crate::tagger::Tagger;
use crate::talk::Talk;

/// Reads a talk into a lead draft. Deterministic: the same talk gives the same draft everywhere.
pub struct Extractor {
    tagger: Option<Box<dyn Tagger>>,
    sources: Sources,
    rules: ScoreRules,
    currency: Option<String>,
}

/// Who may propose values; for comparing them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sources {
    /// Rules and model.
    #[default]
    Both,
    /// Rules alone.
    Rules,
    /// The model alone, with the grammars that turn its words into values.
    Model,
}

impl Extractor {
    /// An extractor with the rule tagger and the shipped score rules.
    ///
    /// # Errors
    /// The shipped score rules cannot be read.
    pub fn with_rules() -> Result<Self, RuleError> {
        let rules = ScoreRules::shipped()?;
        Ok(Self { tagger: None, sources: Sources::default(), rules, currency: None })
    }

    /// An extractor with a learned tagger beside the rules, and the shipped score rules.
    ///
    /// # Errors
    /// The shipped score rules cannot be read.
    pub fn with_tagger(tagger: Box<dyn Tagger>) -> Result<Self, RuleError> {
        Ok(Self { tagger: Some(tagger), ..Self::with_rules()? })
    }

    /// Restricts who proposes values.
    #[must_use]
    pub fn sources(mut self, sources: Sources) -> Self {
        self.sources = sources;
        self
    }

    /// Sets the ISO 4217 code for amounts said without a currency: the event's or the device's.
    #[must_use]
    pub fn default_currency(mut self, code: Option<String>) -> Self {
        self.currency = code;
        self
    }

    /// The draft of a talk.
    #[must_use]
    pub fn extract(&self, transcript: &Transcript) -> Lead {
        let mut talk = Talk::new(transcript);
        let tagger = self.tagger.as_ref().filter(|_| self.sources != Sources::Rules);
        let reading = tagger.map(|tagger| tagger.tag(&talk));
        if let Some(reading) = &reading {
            talk.hear(&reading.visitor);
        }
        let rules = match self.sources {
            Sources::Model => Vec::new(),
            Sources::Both | Sources::Rules => rules::tag(&talk),
        };
        assemble(&talk, (&rules, reading.as_ref()), self.currency.as_deref(), &self.rules)
    }
}
