use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{AudioFacts, Confidence, Evidence, EvidenceError, EvidenceSpan, Quote};

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

/// When a word of a segment was said, and how sure the recogniser is of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Word {
    /// First character in the segment's text (Unicode scalar values).
    pub start: u32,
    /// First character after it.
    pub end: u32,
    /// Start in milliseconds from the start of the recording.
    pub start_ms: u64,
    /// End in milliseconds, not before the start.
    pub end_ms: u64,
    /// How sure the recogniser is, lowered where sound was missing or bad. Certain where a person
    /// wrote the words.
    #[serde(default = "certain")]
    pub confidence: Confidence,
}

fn certain() -> Confidence {
    Confidence::CERTAIN
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
    /// Its words in order, not overlapping; empty where the recogniser gave none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "uniffi", uniffi(default = []))]
    pub words: Vec<Word>,
}

impl Segment {
    /// Whether the words lie in order within the text.
    fn words_fit(&self) -> bool {
        let length = self.text.chars().count() as u64;
        let (mut at, mut at_ms) = (0, 0);
        self.words.iter().all(|w| {
            let fits = w.start >= at && w.end > w.start && u64::from(w.end) <= length;
            let forward = w.start_ms >= at_ms && w.end_ms >= w.start_ms;
            (at, at_ms) = (w.end, w.start_ms);
            fits && forward
        })
    }

    /// When characters `start..end` were said: from the words where there are any, else as if
    /// every character took the same time. `length` is the text's.
    fn said(&self, start: usize, end: usize, length: usize) -> (u64, u64) {
        let within = |w: &&Word| (w.start as usize) < end && (w.end as usize) > start;
        let first = self.words.iter().find(within);
        match (first, self.words.iter().rev().find(within)) {
            (Some(first), Some(last)) => (first.start_ms, last.end_ms.max(first.start_ms)),
            _ => {
                let span = self.end_ms - self.start_ms;
                let at = |chars: usize| self.start_ms + span * chars as u64 / length as u64;
                (at(start), at(end))
            }
        }
    }
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
    /// Empty id or text, text over [`MAX_TEXT_BYTES`], times that run backwards, or words that do
    /// not lie in their text.
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
            if !s.words_fit() {
                return Err(TranscriptError::Words { segment: index });
            }
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

    /// How well the words of a span could be heard, in thousandths: the recogniser's own word for
    /// it where it gave one, else what the gaps and the quality of the sound let expect.
    #[must_use]
    pub fn trust_permille(&self, span: &EvidenceSpan) -> u16 {
        let words = self.segments.get(span.segment as usize).map_or(&[][..], |s| &s.words);
        let said = words.iter().filter(|w| w.start < span.end && w.end > span.start);
        let (sum, count) = said.fold((0_u32, 0_u32), |(sum, count), w| {
            (sum + u32::from(w.confidence.as_permille()), count + 1)
        });
        match sum.checked_div(count) {
            Some(mean) => u16::try_from(mean).unwrap_or(1000),
            None => {
                let trust = |a: &AudioFacts| a.trust_permille(span.start_ms, span.end_ms);
                self.audio.as_ref().map_or(1000, trust)
            }
        }
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
        let (start_ms, end_ms) = s.said(start, end, length);
        let (Ok(segment_index), Ok(from), Ok(to)) =
            (u32::try_from(segment), u32::try_from(start), u32::try_from(end))
        else {
            return Err(EvidenceError::PastEnd { segment, end, length });
        };
        let span = EvidenceSpan { segment: segment_index, start: from, end: to, start_ms, end_ms };
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
    /// Words that do not lie in the text.
    #[error(
        "the words of segment {segment} do not lie in order in its text; check start and end, or leave them out"
    )]
    Words {
        /// The first segment whose words are wrong.
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
        Segment { start_ms, end_ms, speaker: None, text: text.into(), words: vec![] }
    }

    fn word(start: u32, end: u32, start_ms: u64, end_ms: u64) -> Word {
        Word { start, end, start_ms, end_ms, confidence: Confidence::permille(900) }
    }

    #[test]
    fn words_tell_when_a_quote_was_said() {
        let mut s = said(0, 1000, "né là oui");
        s.words = vec![word(0, 2, 0, 100), word(3, 5, 600, 650), word(6, 9, 650, 1000)];
        let q = talk(vec![s]).unwrap().quote(0, 3, 9).unwrap();
        assert_eq!((q.evidence().spans()[0].start_ms, q.evidence().spans()[0].end_ms), (600, 1000));
    }

    #[test]
    fn words_outside_their_text_are_refused() {
        let bad = [
            vec![word(0, 3, 0, 1)],
            vec![word(1, 1, 0, 1)],
            vec![word(0, 2, 0, 1), word(1, 2, 0, 1)],
            vec![word(0, 1, 9, 9), word(1, 2, 0, 1)],
        ];
        for words in bad {
            let s = Segment { words, ..said(0, 10, "ab") };
            assert_eq!(talk(vec![s]), Err(TranscriptError::Words { segment: 0 }));
        }
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
