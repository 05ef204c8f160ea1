use serde::{Deserialize, Serialize};

use crate::{Confidence, Evidence, Quote, Transcript};

/// A value with the words it came from. There is no way to make one without a [`Quote`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field<T> {
    value: T,
    confidence: Confidence,
    #[serde(flatten)]
    quote: Quote,
    #[serde(default = "Vec::new")]
    alternatives: Vec<Alternative<T>>,
}

impl<T> Field<T> {
    /// A value and the words that say it.
    pub fn new(value: T, confidence: Confidence, quote: Quote) -> Self {
        Self { value, confidence, quote, alternatives: Vec::new() }
    }

    /// Keeps the values that were also said but lost.
    #[must_use]
    pub fn with_alternatives(mut self, alternatives: Vec<Alternative<T>>) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// Lowers the confidence by how well the words could be heard.
    pub fn heard_in(&mut self, talk: &Transcript) {
        let trust = |s: &crate::EvidenceSpan| talk.trust_permille(s);
        let worst = self.evidence().spans().iter().map(trust).min().unwrap_or(1000);
        self.confidence = self.confidence.scaled(worst);
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// How sure we are.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The words, as they stand in the transcript.
    pub fn text(&self) -> &str {
        self.quote.text()
    }

    /// Where the words stand.
    pub fn evidence(&self) -> &Evidence {
        self.quote.evidence()
    }

    /// Other values that were said, each with why it lost.
    pub fn alternatives(&self) -> &[Alternative<T>] {
        &self.alternatives
    }
}

/// A value that was said but did not win.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative<T> {
    /// The value.
    pub value: T,
    /// How sure we were of it.
    pub confidence: Confidence,
    /// The words it came from.
    #[serde(flatten)]
    pub quote: Quote,
    /// Why another value stands.
    pub reason: Lost,
}

/// Why a value lost against the one that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// The speaker corrected it later.
    Superseded,
    /// It was said not to hold.
    Negated,
    /// It is the rep's own.
    Reps,
    /// It is somebody else's: another customer, a colleague, a boss.
    ThirdParty,
    /// Another reading is more likely.
    LessLikely,
}
