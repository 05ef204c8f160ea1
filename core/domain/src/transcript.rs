use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{AudioFacts, Evidence, EvidenceError, EvidenceSpan, Quote};

/// A transcript's text may have at most 1 MiB; an hour of talk has about 60 KiB.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The wearer of the badge.
    Rep,
    /// The visitor.
    Prospect,
}

/// The app's own user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Rep {
    /// Full name, unset where unknown.
    #[serde(default)]
    pub name: Option<String>,
    /// Employer, unset where unknown.
    #[serde(default)]
    pub company: Option<String>,
}

/// A stretch of talk by one speaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Segment {
    /// Start in milliseconds from the start of the recording.
    pub start_ms: u64,
    /// End in milliseconds, not before the start.
    pub end_ms: u64,
    /// Unset where it is not known who speaks.
    #[serde(default)]
    pub speaker: Option<Speaker>,
    /// What was said.
    pub text: String,
}

/// A recorded talk as text. Valid by construction: times run forward, the text is bounded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Transcript {
    id: String,
    captured_at: DateTime<FixedOffset>,
    rep: Rep,
    segments: Vec<Segment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<AudioFacts>,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    captured_at: DateTime<FixedOffset>,
    #[serde(default)]
    rep: Option<Rep>,
    segments: Vec<Segment>,
    #[serde(default)]
    audio: Option<AudioFacts>,
}

impl TryFrom<Raw> for Transcript {
    type Error = TranscriptError;

    fn try_from(raw: Raw) -> Result<Self, TranscriptError> {
        let rep = raw.rep.unwrap_or_default();
        let talk = Self::new(raw.id, raw.captured_at, rep, raw.segments)?;
        Ok(Self { audio: raw.audio, ..talk })
    }
}

impl Transcript {
    /// Checks and wraps a talk.
    ///
    /// # Errors
    /// Empty id or text, text over [`MAX_TEXT_BYTES`], or times that run backwards.
    pub fn new(
        id: String,
        captured_at: DateTime<FixedOffset>,
        rep: Rep,
        segments: Vec<Segment>,
    ) -> Result<Self, TranscriptError> {
        if id.trim().is_empty() {
            return Err(TranscriptError::NoId);
        }
        let bytes: usize = segments.iter().map(|s| s.text.len()).sum();
        if bytes > MAX_TEXT_BYTES {
            return Err(TranscriptError::TooLong { bytes });
        }
        if segments.iter().all(|s| s.text.trim().is_empty()) {
            return Err(TranscriptError::Empty);
        }
        let mut last = 0;
        for (index, s) in segments.iter().enumerate() {
            if s.start_ms < last || s.end_ms < s.start_ms {
                return Err(TranscriptError::Backwards { segment: index });
            }
            last = s.start_ms;
        }
        Ok(Self { id, captured_at, rep, segments, audio: None })
    }

    /// The same talk with what is known of its sound.
    #[must_use]
    pub fn with_audio(self, audio: AudioFacts) -> Self {
        Self { audio: Some(audio), ..self }
    }

    /// What is known of its sound; unset where the text did not come from a recording of ours.
    #[must_use]
    pub fn audio(&self) -> Option<&AudioFacts> {
        self.audio.as_ref()
    }

    /// The conversation's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the talk was recorded, with the place's offset from UTC.
    #[must_use]
    pub fn captured_at(&self) -> DateTime<FixedOffset> {
        self.captured_at
    }

    /// The local day of the talk: every relative date counts from it.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.captured_at.date_naive()
    }

    /// The app's own user.
    #[must_use]
    pub fn rep(&self) -> &Rep {
        &self.rep
    }

    /// What was said, in order.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Cites characters `start..end` (Unicode scalar values) of a segment.
    ///
    /// # Errors
    /// No such segment, an empty span, or a span past the text's end.
    pub fn quote(&self, segment: usize, start: usize, end: usize) -> Result<Quote, EvidenceError> {
        let Some(s) = self.segments.get(segment) else {
            return Err(EvidenceError::NoSuchSegment { segment, segments: self.segments.len() });
        };
        if start >= end {
            return Err(EvidenceError::Empty);
        }
        let text: String = s.text.chars().skip(start).take(end - start).collect();
        let length = s.text.chars().count();
        if end > length {
            return Err(EvidenceError::PastEnd { segment, end, length });
        }
        let at = |chars: usize| s.start_ms + (s.end_ms - s.start_ms) * chars as u64 / length as u64;
        let (Ok(segment_index), Ok(from), Ok(to)) =
            (u32::try_from(segment), u32::try_from(start), u32::try_from(end))
        else {
            return Err(EvidenceError::PastEnd { segment, end, length });
        };
        let span = EvidenceSpan {
            segment: segment_index,
            start: from,
            end: to,
            start_ms: at(start),
            end_ms: at(end),
        };
        Ok(Quote { text, evidence: Evidence::single(span) })
    }
}

/// Why a talk cannot be read. Sentences carry no words of the talk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TranscriptError {
    /// No id.
    #[error("the conversation has no id; give it one")]
    NoId,
    /// No words.
    #[error("the conversation has no words; record again or check the file")]
    Empty,
    /// More text than any talk has.
    #[error("the text has {bytes} bytes, more than the 1 MiB allowed; split the recording")]
    TooLong {
        /// Size of the text.
        bytes: usize,
    },
    /// Times run backwards.
    #[error(
        "times run backwards at segment {segment}; sort the segments and check start_ms and end_ms"
    )]
    Backwards {
        /// The first segment whose times are wrong.
        segment: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(segments: Vec<Segment>) -> Result<Transcript, TranscriptError> {
        let at = DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap();
        Transcript::new("t1".into(), at, Rep::default(), segments)
    }

    fn said(start_ms: u64, end_ms: u64, text: &str) -> Segment {
        Segment { start_ms, end_ms, speaker: None, text: text.into() }
    }

    #[test]
    fn quotes_count_characters_not_bytes() {
        let t = talk(vec![said(0, 1000, "Jiří, née Žižka")]).unwrap();
        let q = t.quote(0, 6, 9).unwrap();
        assert_eq!(q.text(), "née");
        assert_eq!((q.evidence().spans()[0].start_ms, q.evidence().spans()[0].end_ms), (400, 600));
    }

    #[test]
    fn quotes_stay_within_the_text() {
        let t = talk(vec![said(0, 1000, "hello")]).unwrap();
        assert!(matches!(t.quote(0, 0, 6), Err(EvidenceError::PastEnd { length: 5, .. })));
        assert!(matches!(t.quote(1, 0, 1), Err(EvidenceError::NoSuchSegment { .. })));
        assert!(matches!(t.quote(0, 2, 2), Err(EvidenceError::Empty)));
    }

    #[test]
    fn bad_talks_are_refused() {
        assert_eq!(talk(vec![]), Err(TranscriptError::Empty));
        assert_eq!(talk(vec![said(0, 1, "  ")]), Err(TranscriptError::Empty));
        let back = talk(vec![said(50, 60, "a"), said(10, 20, "b")]);
        assert_eq!(back, Err(TranscriptError::Backwards { segment: 1 }));
        let long = talk(vec![said(0, 1, &"x".repeat(MAX_TEXT_BYTES + 1))]);
        assert!(matches!(long, Err(TranscriptError::TooLong { .. })));
    }

    #[test]
    fn json_is_checked_like_code() {
        let json = r#"{"id":"a","captured_at":"2026-03-18T10:12:00+01:00",
            "segments":[{"start_ms":9,"end_ms":3,"text":"x"}]}"#;
        let err = serde_json::from_str::<Transcript>(json).unwrap_err();
        assert!(err.to_string().contains("backwards at segment 0"), "{err}");
    }
}
