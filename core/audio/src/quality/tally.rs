use super::frame::{FRAME, Frame, Levels};
use super::histogram::{FLOOR_DB, LevelHistogram, decibel, power};
use super::wada;

/// Frames in which a speaker surely takes breath: the power of the quietest 100 ms of 1.5 s is
/// that of the noise (minimum statistics, Martin 2001).
const BREATH: u32 = 75;
/// The quietest of several averages lies below their mean, in dB: by less for a fan, by more among
/// voices.
const MINIMUM_BIAS_DB: f32 = 1.0;
/// Half a second of pauses gives a noise level by itself.
const PAUSES: u32 = 25;
/// 300 ms of speech give a level.
const SPEECH: u32 = 15;
/// Levels of a steady noise scatter by this much, in dB.
const SCATTER_DB: f32 = 1.0;
/// Ratios outside are not told apart.
const SNR_RANGE_DB: std::ops::RangeInclusive<f32> = -10.0..=60.0;
/// WADA is exact enough up to here (Kim and Stern 2008).
const WADA_BEST_DB: f32 = 20.0;
/// Real speech has less contrast than the model: WADA finds this much too little, in dB.
const WADA_BIAS_DB: f32 = 2.0;
/// Where pauses were measured, WADA counts only if it differs by more than this, in dB.
const WADA_SLACK_DB: f32 = 8.0;

/// Numbers about a stretch of sound, before any judgement.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measures {
    /// Time that was not muted, in milliseconds.
    pub unmuted_ms: u64,
    /// Time that was neither muted nor lost, in milliseconds.
    pub heard_ms: u64,
    /// Share of the heard time with speech.
    pub speech_share: f32,
    /// Share of the heard samples at the limit, in runs.
    pub clipped_share: f32,
    /// Share of the unmuted time without sound.
    pub lost_share: f32,
    /// Share of the heard time with wind or handling noise.
    pub wind_share: f32,
    /// Level of active speech with the noise taken off, dBFS; unset below 0.3 s of speech.
    pub speech_dbfs: Option<f32>,
    /// Level between words, dBFS; unset before there was sound.
    pub noise_dbfs: Option<f32>,
    /// Speech over noise, dB, -10 to 60; unset without speech.
    pub snr_db: Option<f32>,
    /// The same by waveform amplitude distribution alone, -10 to 40: too high among voices.
    pub wada_snr_db: Option<f32>,
    /// Energy of speech above 2 kHz over all of it, dB; unset without speech.
    pub high_band_db: Option<f32>,
    /// Constant offset of the samples, -1 to 1.
    pub offset: f32,
}

/// Sums over frames, of constant size however many there were.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    samples: u64,
    muted: u64,
    lost: u64,
    speech: u64,
    clipped: u64,
    wind: u64,
    speech_levels: LevelHistogram,
    pause_levels: LevelHistogram,
    minima: LevelHistogram,
    band_levels: LevelHistogram,
    high_levels: LevelHistogram,
    lowest: Option<f32>,
    breath: u32,
    measured: u64,
    offset: f64,
    abs: f64,
    log: f64,
}

impl Tally {
    pub(super) fn add(&mut self, frame: &Frame) {
        self.samples += FRAME as u64;
        self.muted += u64::from(frame.muted);
        self.lost += u64::from(frame.lost);
        self.speech += u64::from(frame.speech);
        // A gust that drives the microphone to its limit is no loud voice.
        if frame.levels.is_none_or(|l| !l.wind) {
            self.clipped += u64::from(frame.clipped);
        }
        if let Some(levels) = &frame.levels {
            self.add_levels(levels);
        }
    }

    fn add_levels(&mut self, levels: &Levels) {
        self.measured += 1;
        self.offset += f64::from(levels.mean);
        if levels.wind {
            self.wind += FRAME as u64;
            return;
        }
        if levels.speech {
            self.speech_levels.add(levels.level_db);
            self.band_levels.add(levels.band_db);
            self.high_levels.add(levels.high_db);
            self.abs += levels.mean_abs;
            self.log += levels.mean_log;
        } else {
            self.pause_levels.add(levels.level_db);
        }
        if let Some(smooth) = levels.smooth_db {
            self.add_minimum(smooth);
        }
    }

    fn add_minimum(&mut self, smooth_db: f32) {
        self.lowest = Some(self.lowest.map_or(smooth_db, |l| l.min(smooth_db)));
        self.breath += 1;
        if self.breath >= BREATH {
            self.minima.add(self.lowest.take().unwrap_or(FLOOR_DB));
            self.breath = 0;
        }
    }

    /// What the sums say.
    pub(super) fn measures(&self) -> Measures {
        let unmuted = self.samples - self.muted;
        let heard = unmuted - self.lost;
        let noise_dbfs = self.noise_db();
        let noise = noise_dbfs.map_or(0.0, power);
        let speech = self
            .speech_levels
            .mean_power(f32::MAX)
            .map(|p| (p - noise).max(noise * power(*SNR_RANGE_DB.start())));
        let enough = self.speech_levels.len() >= SPEECH;
        let speech_dbfs = speech.filter(|_| enough).map(decibel);
        let wada_snr_db = if enough { self.wada_db() } else { None };
        Measures {
            unmuted_ms: milliseconds(unmuted),
            heard_ms: milliseconds(heard),
            speech_share: share(self.speech, heard),
            clipped_share: share(self.clipped, heard),
            lost_share: share(self.lost, unmuted),
            wind_share: share(self.wind, heard),
            speech_dbfs,
            noise_dbfs,
            snr_db: speech_dbfs.zip(noise_dbfs).map(|(s, n)| self.checked(s - n, wada_snr_db)),
            wada_snr_db,
            high_band_db: if enough { self.high_band_db() } else { None },
            offset: if self.measured == 0 {
                0.0
            } else {
                (self.offset / self.measured as f64) as f32
            },
        }
    }

    /// The level between words: the mean power of pauses that lie no further above their median
    /// than the 10th percentile lies below it, because what is louder is speech that the detector
    /// missed. Without pauses the quietest moments serve.
    fn noise_db(&self) -> Option<f32> {
        let pauses = &self.pause_levels;
        if pauses.len() < PAUSES {
            return self.minimum_db().or_else(|| pauses.percentile(0.5));
        }
        let (low, middle) = (pauses.percentile(0.1)?, pauses.percentile(0.5)?);
        pauses.mean_power(2.0 * middle - low + SCATTER_DB).map(decibel)
    }

    fn minimum_db(&self) -> Option<f32> {
        let lowest = if self.minima.len() >= 4 {
            self.minima.percentile(0.25)
        } else {
            self.minima.percentile(0.0).into_iter().chain(self.lowest).reduce(f32::min)
        };
        lowest.map(|l| l + MINIMUM_BIAS_DB)
    }

    /// The ratio of levels against the one of amplitudes. Voices around are no Gaussian noise, so
    /// WADA overrates them and may only lower the result: a little where pauses were measured,
    /// because noise that comes and goes with the speech is in none; at once where there was none.
    fn checked(&self, levels_db: f32, wada_db: Option<f32>) -> f32 {
        let paused = self.pause_levels.len() >= PAUSES;
        let checked = match wada_db.filter(|w| *w <= WADA_BEST_DB) {
            Some(wada) if !paused => levels_db.min(wada + WADA_BIAS_DB),
            Some(wada) if levels_db > wada + WADA_SLACK_DB => (levels_db + wada) / 2.0,
            _ => levels_db,
        };
        checked.clamp(*SNR_RANGE_DB.start(), *SNR_RANGE_DB.end())
    }

    fn wada_db(&self) -> Option<f32> {
        let frames = f64::from(self.speech_levels.len());
        wada::snr_db(self.abs / frames, self.log / frames)
    }

    fn high_band_db(&self) -> Option<f32> {
        let (high, all) =
            self.high_levels.mean_power(f32::MAX).zip(self.band_levels.mean_power(f32::MAX))?;
        Some(decibel(high) - decibel(all))
    }
}

fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64) as f32 }
}

fn milliseconds(samples: u64) -> u64 {
    samples * 1000 / u64::from(super::frame::RATE_HZ)
}
