use serde::{Deserialize, Serialize};

/// Words of one transcript segment, and when they were spoken.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct EvidenceSpan {
    /// Index into the transcript's segments.
    pub segment: u32,
    /// First character, counted in Unicode scalar values within the segment's text.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// Milliseconds from the start of the recording; interpolated within the segment.
    pub start_ms: u64,
    /// End of the span in milliseconds.
    pub end_ms: u64,
}

/// One or more spans. There is no empty evidence: neither code nor stored JSON can make one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<EvidenceSpan>", into = "Vec<EvidenceSpan>")]
pub struct Evidence(Vec<EvidenceSpan>);

impl Evidence {
    /// The spans, at least one, in the order they were cited.
    #[must_use]
    pub fn spans(&self) -> &[EvidenceSpan] {
        &self.0
    }

    pub(crate) fn single(span: EvidenceSpan) -> Self {
        Self(vec![span])
    }
}

impl TryFrom<Vec<EvidenceSpan>> for Evidence {
    type Error = EvidenceError;

    fn try_from(spans: Vec<EvidenceSpan>) -> Result<Self, EvidenceError> {
        if spans.is_empty() || spans.iter().any(|s| s.start >= s.end) {
            return Err(EvidenceError::Empty);
        }
        Ok(Self(spans))
    }
}

impl From<Evidence> for Vec<EvidenceSpan> {
    fn from(e: Evidence) -> Self {
        e.0
    }
}

/// The words a value came from. Only [`Transcript::quote`](crate::Transcript::quote) makes one,
/// so a quote is always really in a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub(crate) text: String,
    pub(crate) evidence: Evidence,
}

impl Quote {
    /// The words, as they stand in the transcript; several spans are joined by " … ".
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the words stand.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// This quote with another one behind it, for a value said in two places.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.evidence.0.iter().any(|s| other.evidence.0.contains(s)) {
            return self;
        }
        self.text.push_str(" … ");
        self.text.push_str(&other.text);
        self.evidence.0.extend(other.evidence.0);
        self
    }
}

/// Why words cannot be cited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// No words at all.
    #[error("evidence must name at least one character of the transcript")]
    Empty,
    /// The transcript has no such segment.
    #[error("evidence names segment {segment}, but the transcript has {segments} segments")]
    NoSuchSegment {
        /// The segment that was asked for.
        segment: usize,
        /// How many there are.
        segments: usize,
    },
    /// The span reaches past the text.
    #[error("evidence ends at character {end} of segment {segment}, which has only {length}")]
    PastEnd {
        /// The segment.
        segment: usize,
        /// The end that was asked for.
        end: usize,
        /// The segment's length in characters.
        length: usize,
    },
}
