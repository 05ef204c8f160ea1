//! The whole way from a talk to what a recogniser gets: booth, link, and what the phone does.

use anyhow::Result;
use confee_audio::array::{ArrayGeometry, BeamPolicy, Beamformer};
use confee_audio::voice::{Denoiser, VadPolicy, VoiceActivity};
use confee_domain::LossMap;
use serde::Serialize;

use crate::booth::{self, Mics, SPACING_M, Scene};
use crate::link::{self, Link};
use crate::talk::Talk;

/// What the voice detector decides on at once.
const VAD_FRAME: usize = 256;

/// Settings of a capture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Capture {
    /// The booth.
    pub scene: Scene,
    /// The radio.
    pub link: Link,
    /// Whether a pair is made into one signal by the beam; else its first microphone is taken.
    pub beam: bool,
    /// Whether noise is taken out.
    pub denoise: bool,
}

/// Runs a talk through the booth, the radio and the phone; the result is as long as the talk to
/// within a frame of 20 ms, and at the same time.
///
/// # Errors
/// See [`link::send`].
pub fn capture(
    talk: &Talk,
    voices: &[Vec<f32>],
    settings: &Capture,
) -> Result<(Vec<f32>, LossMap)> {
    let mix = booth::mix(talk, voices, &settings.scene);
    let received = link::send(&mix.mics, &settings.link)?;
    let mut pcm = match (received.mics.as_slice(), settings.scene.mics) {
        ([first, second], mics) if settings.beam => beamed([first, second], mics),
        (mics, _) => mics.first().cloned().unwrap_or_default(),
    };
    if settings.denoise {
        pcm = denoised(&pcm)?;
    }
    Ok((pcm, received.loss))
}

/// As the app does it: a voice detector on the first microphone says when anybody speaks.
fn beamed(mics: [&[f32]; 2], badge: Mics) -> Vec<f32> {
    let axis = badge.axis().unwrap_or(confee_audio::array::Axis::Vertical);
    let mut beam =
        Beamformer::new(ArrayGeometry { spacing_m: SPACING_M, axis }, BeamPolicy::default());
    let mut detector = VoiceActivity::new(VadPolicy::default());
    let mut out = Vec::with_capacity(mics[0].len());
    for (a, b) in mics[0].chunks(VAD_FRAME).zip(mics[1].chunks(VAD_FRAME)) {
        let speech = detector.push(a).last().is_some_and(|f| f.speech);
        drop(beam.process([a, b], speech, &mut out));
    }
    beam.finish(&mut out);
    out.drain(..Beamformer::DELAY.min(out.len()));
    out.truncate(mics[0].len());
    out
}

fn denoised(pcm: &[f32]) -> Result<Vec<f32>> {
    let mut denoiser = Denoiser::new()?;
    let mut out = Vec::with_capacity(pcm.len());
    denoiser.process(pcm, &mut out);
    denoiser.finish(&mut out);
    Ok(out)
}
