use std::path::Path;

use confee_badge::simulated::FrameSource;
use confee_domain::Codec;
use ropus::{Application, Bitrate, Channels, Encoder};

/// Samples of a frame of 20 ms.
const FRAME: usize = 320;
/// What Omi badges use.
const BITS_PER_SECOND: u32 = 32_000;
/// A packet of 20 ms of silence (RFC 6716): what is sent where a frame cannot be coded.
const SILENCE: [u8; 3] = [0x58, 0xFF, 0xFE];

/// Why there is no sound for a simulated badge.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// The file.
    #[error("the WAV file cannot be read: {0}")]
    Wav(#[from] hound::Error),
    /// Its form.
    #[error("the WAV file must have one channel of 16 bits at 16 kHz and 20 ms or more of sound")]
    Form,
    /// The encoder.
    #[error("Opus cannot be encoded: {0}")]
    Opus(String),
}

/// Sound that a simulated badge captures over and over, coded while it does, Opus mono 20 ms.
pub struct OpusLoop {
    samples: Vec<i16>,
    encoder: Encoder,
}

impl OpusLoop {
    /// A tone of 440 Hz that comes and goes twice a second.
    ///
    /// # Errors
    /// When there is no encoder.
    pub fn tone() -> Result<Self, SoundError> {
        let rate = Codec::RATE_HZ as f32;
        let sample = |n: u16| {
            let seconds = f32::from(n) / rate;
            let loud = (std::f32::consts::TAU * 2.0 * seconds).sin().max(0.0);
            (8_000.0 * loud * (std::f32::consts::TAU * 440.0 * seconds).sin()) as i16
        };
        Self::new((0..16_000).map(sample).collect())
    }

    /// A recording.
    ///
    /// # Errors
    /// When the file cannot be read or has another form than one channel of 16 bits at 16 kHz.
    pub fn wav(path: &Path) -> Result<Self, SoundError> {
        let mut wav = hound::WavReader::open(path)?;
        let form = wav.spec();
        if (form.channels, form.sample_rate, form.bits_per_sample) != (1, Codec::RATE_HZ, 16) {
            return Err(SoundError::Form);
        }
        Self::new(wav.samples().collect::<Result<_, _>>()?)
    }

    fn new(samples: Vec<i16>) -> Result<Self, SoundError> {
        if samples.len() < FRAME {
            return Err(SoundError::Form);
        }
        let encoder = Encoder::builder(Codec::RATE_HZ, Channels::Mono, Application::Voip)
            .bitrate(Bitrate::Bits(BITS_PER_SECOND))
            .complexity(3)
            .build()
            .map_err(|error| SoundError::Opus(error.to_string()))?;
        Ok(Self { samples, encoder })
    }
}

impl FrameSource for OpusLoop {
    fn frame(&mut self, _session: u32, seq: u32, _codec: Codec) -> Vec<u8> {
        let at = seq as usize % (self.samples.len() / FRAME) * FRAME;
        let mut packet = vec![0; 1275];
        let coded =
            self.samples.get(at..at + FRAME).map(|pcm| self.encoder.encode(pcm, &mut packet));
        match coded {
            Some(Ok(length)) => {
                packet.truncate(length);
                packet
            }
            _ => SILENCE.to_vec(),
        }
    }
}
