use serde::{Deserialize, Serialize};

/// How far the sound can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum QualityVerdict {
    /// Words will be missed or misheard often.
    Poor,
    /// Some words will be misheard.
    Fair,
    /// Nothing stands in the way.
    Good,
}

/// What is wrong with the sound; the worst first in a [`Quality`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum QualityReason {
    /// The hall is almost as loud as the speakers.
    LoudSurroundings,
    /// Speech is too quiet for the microphone.
    TooQuiet,
    /// The microphone is driven beyond its range.
    Clipping,
    /// Frames are missing.
    LostFrames,
    /// Wind, or cloth rubbing on the badge.
    WindOrHandling,
    /// High tones are missing: something covers the badge.
    Muffled,
    /// One of two microphones gives nothing useful.
    MicrophoneFailed,
    /// There was hardly any speech.
    NoSpeech,
}

impl QualityReason {
    /// One sentence for the wearer: what it is and what to do.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::LoudSurroundings => "Loud hall: move the badge up or step closer.",
            Self::TooQuiet => "Too quiet: move the badge closer to your face.",
            Self::Clipping => "Too loud for the microphone: move the badge down a little.",
            Self::LostFrames => "Sound is missing: keep the phone closer to the badge.",
            Self::WindOrHandling => "Something rubs on the badge: let it hang free.",
            Self::Muffled => "The badge is covered: put it outside your jacket.",
            Self::MicrophoneFailed => "One microphone is blocked: clean the openings of the badge.",
            Self::NoSpeech => "No speech heard: check that the badge is not muted.",
        }
    }
}

/// How good a recording, or the last seconds of it, sounds. Levels are in dB relative to full
/// scale, shares are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Quality {
    /// The verdict.
    pub verdict: QualityVerdict,
    /// Why it is not better, worst first; empty when it is good.
    pub reasons: Vec<QualityReason>,
    /// Level of speech, dBFS; unset without speech.
    pub speech_dbfs: Option<f32>,
    /// Level between words, dBFS.
    pub noise_dbfs: f32,
    /// Speech over noise, dB; unset without speech.
    pub snr_db: Option<f32>,
    /// Share of time with speech.
    pub speech_share: f32,
    /// Share of samples at the limit.
    pub clipped_share: f32,
    /// Share of time without sound, muting left out.
    pub lost_share: f32,
    /// Share of time with wind or handling noise.
    pub wind_share: f32,
}

impl Quality {
    /// The verdict as one sentence with what to do.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match self.reasons.first() {
            Some(reason) => reason.advice(),
            None => "The sound is good.",
        }
    }

    /// What such sound leaves of the confidence in heard words, in thousandths.
    #[must_use]
    pub fn trust_permille(&self) -> u16 {
        match self.verdict {
            QualityVerdict::Good => 1000,
            QualityVerdict::Fair => 900,
            QualityVerdict::Poor => 700,
        }
    }
}
