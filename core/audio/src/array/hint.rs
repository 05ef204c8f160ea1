use confee_domain::Speaker;
use realfft::num_complex::Complex32;

use crate::array::gcc::Direction;
use crate::array::geometry::{ArrayGeometry, Axis, Target};
use crate::array::health::{power, ratio_db};
use crate::array::stft::WINDOW;

/// Who may be speaking, as far as two microphones can tell; one every 16 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hint {
    /// The wearer ([`Speaker::Rep`]) or the visitor ([`Speaker::Prospect`]); none without speech,
    /// where it is not clear, and always from a horizontal pair, which hears both at one angle.
    pub speaker: Option<Speaker>,
    /// How likely it is the wearer, 0 to 1; 0.5 where nothing is known.
    pub probability: f32,
    /// Where the sound comes from now.
    pub direction: Direction,
    /// Level in microphone 0 over microphone 1, less what is due to the parts, in dB.
    pub level_difference_db: f32,
}

/// Bins of voices, 300 Hz to 3 kHz.
const VOICE: std::ops::Range<usize> = 300 * WINDOW / 16_000..3_000 * WINDOW / 16_000;
/// Share of the past in the evidence: some 200 ms.
const MEMORY: f32 = 0.92;
/// Weight of the delay and of the level, in logits for a source right at one of the two places.
const DELAY_WEIGHT: f32 = 5.0;
const LEVEL_WEIGHT: f32 = 1.0;
/// From which probability a speaker is named.
const SURE: f32 = 0.68;
/// Directions that agree less than this say nothing.
const FAINT: f32 = 0.12;

/// Tells the wearer from the visitor by delay and level between the microphones.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    middle: f32,
    half: f32,
    middle_db: f32,
    half_db: f32,
    levels: [f32; 2],
    evidence: f32,
    silence: u32,
}

/// Frames without speech after which the evidence is dropped (0.3 s).
const FORGET: u32 = 20;

impl Listener {
    /// None of the evidence exists for a horizontal pair.
    pub(crate) fn new(geometry: ArrayGeometry) -> Self {
        let (wearer, front) = (geometry.steering(Target::Wearer), geometry.steering(Target::Front));
        let vertical = geometry.axis == Axis::Vertical;
        let level = wearer.level_difference_db();
        Self {
            middle: 0.5 * (wearer.delay + front.delay),
            half: if vertical { 0.5 * (wearer.delay - front.delay) } else { f32::INFINITY },
            middle_db: 0.5 * level,
            half_db: if vertical { 0.5 * level } else { f32::INFINITY },
            levels: [0.0; 2],
            evidence: 0.0,
            silence: 0,
        }
    }

    /// Whether the frame's sound comes from where the wearer's mouth is.
    pub(crate) fn near(&self, direction: Direction) -> bool {
        direction.delay_samples - self.middle > 0.2 * self.half
    }

    pub(crate) fn update(
        &mut self,
        spectra: [&[Complex32]; 2],
        direction: Direction,
        match_db: f32,
        speech: bool,
    ) -> Hint {
        for (level, spectrum) in self.levels.iter_mut().zip(spectra) {
            *level = 0.8 * *level + 0.2 * power(&spectrum[VOICE]);
        }
        let level_difference_db = ratio_db(self.levels[0], self.levels[1]) - match_db;
        if speech {
            self.silence = 0;
            let place = ((direction.delay_samples - self.middle) / self.half).clamp(-1.0, 1.0);
            let level = ((level_difference_db - self.middle_db) / self.half_db).clamp(-1.0, 1.0);
            let trust = ((direction.strength - FAINT) / 0.4).clamp(0.0, 1.0);
            let now = trust * (DELAY_WEIGHT * place + LEVEL_WEIGHT * level);
            self.evidence = MEMORY * self.evidence + (1.0 - MEMORY) * now;
        } else {
            self.silence = self.silence.saturating_add(1);
            if self.silence > FORGET {
                self.evidence = 0.0;
            }
        }
        let probability = 1.0 / (1.0 + (-self.evidence).exp());
        let speaker = match probability {
            _ if !speech => None,
            p if p > SURE => Some(Speaker::Rep),
            p if p < 1.0 - SURE => Some(Speaker::Prospect),
            _ => None,
        };
        Hint { speaker, probability, direction, level_difference_db }
    }
}
