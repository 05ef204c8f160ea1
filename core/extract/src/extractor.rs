use confee_domain::{Lead, RuleError, ScoreRules, Transcript};

use crate::assembly::assemble;
use crate::rules::RuleTagger;
use crate::tagger::Tagger;
use crate::talk::Talk;

/// Reads a talk into a lead draft. Deterministic: the same talk gives the same draft everywhere.
pub struct Extractor {
    tagger: Box<dyn Tagger>,
    rules: ScoreRules,
    currency: Option<String>,
}

impl Extractor {
    /// An extractor with the rule tagger and the shipped score rules.
    ///
    /// # Errors
    /// The shipped score rules cannot be read.
    pub fn with_rules() -> Result<Self, RuleError> {
        Ok(Self::new(Box::new(RuleTagger), ScoreRules::shipped()?))
    }

    /// An extractor with a tagger and score rules of one's own.
    #[must_use]
    pub fn new(tagger: Box<dyn Tagger>, rules: ScoreRules) -> Self {
        Self { tagger, rules, currency: None }
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
        let talk = Talk::new(transcript);
        let spans = self.tagger.tag(&talk);
        assemble(&talk, &spans, self.currency.as_deref(), &self.rules)
    }
}
