use confee_domain::QualityVerdict;

/// Where a measure stops being good and where it becomes bad. Which side of a limit is the bad
/// one depends on the measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// From here on some words will be misheard.
    pub fair: f32,
    /// From here on many words will be lost.
    pub poor: f32,
}

impl Limits {
    const fn new(fair: f32, poor: f32) -> Self {
        Self { fair, poor }
    }
}

/// Every threshold of the quality meter. Shares are 0 to 1; levels are dB of mean square relative
/// to 1.0, so that a full-scale sine has -3 dBFS.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterPolicy {
    /// Speech over noise in dB; less is worse. Measured with Whisper tiny.en among six talkers: real
    /// voices have 3 % word errors in silence, 5 % at 20 dB, 12 % at 10 dB, 57 % at 5 dB. The
    /// limits lie 3 dB higher because the meter errs by as much among voices. Larger models fall
    /// off at lower ratios (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak
    /// Supervision").
    pub snr_db: Limits,
    /// Level of speech; less is worse. Recognisers normalise levels, so only what comes near the
    /// self-noise of a small microphone after 16 bit coding (some -70 dBFS) does harm.
    pub speech_dbfs: Limits,
    /// Share of samples at the limit; more is worse. 0.1 % is 1 ms of distortion in a second, which
    /// is heard as crackle; at 1 % most stressed vowels have flat tops.
    pub clipped_share: Limits,
    /// Share of time without sound; more is worse. The transmission planning model ITU-T G.107
    /// calls 1-2 % random loss audible for concealed speech codecs; at 10 % a word of 300 ms has
    /// a hole more often than not.
    pub lost_share: Limits,
    /// Share of time with wind or handling noise; more is worse. A word or two in a sentence of
    /// ten is lost at the first limit, every third at the second.
    pub wind_share: Limits,
    /// Energy of speech above 2 kHz over all of it, in dB; less is worse. The long-term average
    /// spectrum of speech (Byrne et al. 1994) puts it near -14 dB in front of the mouth; at the
    /// chest 6 to 10 dB are missing (microphone makers' guidance), a layer of cloth takes 10 to 20
    /// more.
    pub high_band_db: Limits,
    /// A recording with a smaller share of speech has none worth transcribing.
    pub speech_share_least: f32,
    /// A sample of at least this size is at the limit...
    pub clip_level: f32,
    /// ...where as many neighbours of the same sign are, which a loud sine alone never has.
    pub clip_run: u32,
    /// Below this frequency wind and rubbing have their energy, in Hz; voices start there.
    pub wind_below_hz: f32,
    /// Share of a frame's energy below `wind_below_hz` that makes it wind; a deep voice close to
    /// the microphone comes near.
    pub wind_low_share: f32,
    /// Below this frequency no voice has anything, in Hz: the deepest fundamental, some 80 Hz,
    /// still leaks into what lies just below it.
    pub wind_deep_hz: f32,
    /// Share of the low energy that must lie below `wind_deep_hz`; a deep voice has less.
    pub wind_deep_share: f32,
    /// Wind comes in bursts: dB of a frame's low energy over the lowest of the last seconds. Hum
    /// and rumble of a building stay below.
    pub wind_burst_db: f32,
    /// Low energy below this level disturbs nobody.
    pub wind_dbfs: f32,
    /// Trouble of this length makes a warning appear, in milliseconds.
    pub warn_after_ms: u32,
    /// Good sound of this length takes it away, in milliseconds.
    pub clear_after_ms: u32,
    /// Without evidence for or against (nobody speaks) a warning goes after this, in milliseconds.
    pub forget_after_ms: u32,
    /// Unmuted time without any speech that makes the warning of no speech appear, in
    /// milliseconds. Long: nobody talks all the time.
    pub no_speech_ms: u32,
    /// What deserves a warning: by default only what ruins the transcript, because a hall is never
    /// quiet and a warning that is always there is not read.
    pub warn_from: QualityVerdict,
}

impl Default for MeterPolicy {
    fn default() -> Self {
        Self {
            snr_db: Limits::new(13.0, 8.0),
            speech_dbfs: Limits::new(-48.0, -56.0),
            clipped_share: Limits::new(0.001, 0.01),
            lost_share: Limits::new(0.02, 0.10),
            wind_share: Limits::new(0.10, 0.30),
            high_band_db: Limits::new(-29.0, -36.0),
            speech_share_least: 0.03,
            clip_level: 0.99,
            clip_run: 3,
            wind_below_hz: 150.0,
            wind_low_share: 0.7,
            wind_deep_hz: 60.0,
            wind_deep_share: 0.4,
            wind_burst_db: 9.0,
            wind_dbfs: -50.0,
            warn_after_ms: 3_000,
            clear_after_ms: 5_000,
            forget_after_ms: 15_000,
            no_speech_ms: 60_000,
            warn_from: QualityVerdict::Poor,
        }
    }
}
