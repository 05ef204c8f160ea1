use confee_domain::{Quality, QualityReason, QualityVerdict};

use super::histogram::FLOOR_DB;
use super::policy::{Limits, MeterPolicy};
use super::tally::Measures;

/// All reasons; of two that are equally bad, the earlier is told first because it explains the
/// later or is easier to mend.
pub(super) const REASONS: [QualityReason; 8] = [
    QualityReason::LostFrames,
    QualityReason::Clipping,
    QualityReason::WindOrHandling,
    QualityReason::LoudSurroundings,
    QualityReason::TooQuiet,
    QualityReason::Muffled,
    QualityReason::MicrophoneFailed,
    QualityReason::NoSpeech,
];

/// What the measures say about each of [`REASONS`], in that order; unset where they say nothing.
pub(super) type Findings = [Option<QualityVerdict>; REASONS.len()];

/// Judges measures, reason by reason.
pub(super) fn judge(m: &Measures, microphone_failed: bool, policy: &MeterPolicy) -> Findings {
    let unmuted = m.unmuted_ms > 0;
    let heard = m.heard_ms > 0;
    let silent = m.speech_share < policy.speech_share_least;
    // Where nearly all is lost, nobody knows whether there was speech.
    let deaf = unmuted && m.lost_share >= 0.5;
    REASONS.map(|reason| match reason {
        QualityReason::LostFrames => above(m.lost_share, policy.lost_share, unmuted),
        QualityReason::Clipping => above(m.clipped_share, policy.clipped_share, heard),
        QualityReason::WindOrHandling => above(m.wind_share, policy.wind_share, heard),
        QualityReason::LoudSurroundings => below(m.snr_db, policy.snr_db),
        QualityReason::TooQuiet => below(m.speech_dbfs, policy.speech_dbfs),
        QualityReason::Muffled => below(m.high_band_db, policy.high_band_db),
        QualityReason::MicrophoneFailed if microphone_failed => Some(QualityVerdict::Fair),
        QualityReason::MicrophoneFailed => Some(QualityVerdict::Good),
        QualityReason::NoSpeech if deaf => None,
        QualityReason::NoSpeech if silent => Some(QualityVerdict::Poor),
        QualityReason::NoSpeech => Some(QualityVerdict::Good),
    })
}

fn above(value: f32, limits: Limits, known: bool) -> Option<QualityVerdict> {
    known.then_some(if value >= limits.poor {
        QualityVerdict::Poor
    } else if value >= limits.fair {
        QualityVerdict::Fair
    } else {
        QualityVerdict::Good
    })
}

fn below(value: Option<f32>, limits: Limits) -> Option<QualityVerdict> {
    above(-value?, Limits { fair: -limits.fair, poor: -limits.poor }, true)
}

/// The word on measures: verdict, reasons from the worst on, figures.
pub(super) fn quality(m: &Measures, findings: &Findings) -> Quality {
    let named = || findings.iter().zip(REASONS).filter_map(|(f, r)| Some(((*f)?, r)));
    let at = |v: QualityVerdict| named().filter(move |(f, _)| *f == v).map(|(_, r)| r);
    Quality {
        verdict: named().map(|(f, _)| f).min().unwrap_or(QualityVerdict::Good),
        reasons: at(QualityVerdict::Poor).chain(at(QualityVerdict::Fair)).collect(),
        speech_dbfs: m.speech_dbfs,
        noise_dbfs: m.noise_dbfs.unwrap_or(FLOOR_DB),
        snr_db: m.snr_db,
        speech_share: m.speech_share,
        clipped_share: m.clipped_share,
        lost_share: m.lost_share,
        wind_share: m.wind_share,
    }
}

#[cfg(test)]
mod tests {
    use QualityReason::*;
    use QualityVerdict::*;

    use super::*;

    fn good() -> Measures {
        Measures {
            unmuted_ms: 5_000,
            heard_ms: 5_000,
            speech_share: 0.5,
            speech_dbfs: Some(-25.0),
            noise_dbfs: Some(-60.0),
            snr_db: Some(35.0),
            high_band_db: Some(-18.0),
            ..Measures::default()
        }
    }

    #[test]
    fn each_measure_has_its_reason() {
        let cases: [(Measures, bool, QualityVerdict, &[QualityReason]); 14] = [
            (good(), false, Good, &[]),
            (good(), true, Fair, &[MicrophoneFailed]),
            (Measures { snr_db: Some(12.9), ..good() }, false, Fair, &[LoudSurroundings]),
            (Measures { snr_db: Some(8.0), ..good() }, false, Poor, &[LoudSurroundings]),
            (Measures { snr_db: Some(13.1), ..good() }, false, Good, &[]),
            (Measures { speech_dbfs: Some(-50.0), ..good() }, false, Fair, &[TooQuiet]),
            (Measures { speech_dbfs: Some(-60.0), ..good() }, false, Poor, &[TooQuiet]),
            (Measures { clipped_share: 0.02, ..good() }, false, Poor, &[Clipping]),
            (Measures { wind_share: 0.2, ..good() }, false, Fair, &[WindOrHandling]),
            (Measures { high_band_db: Some(-40.0), ..good() }, false, Poor, &[Muffled]),
            (Measures { lost_share: 0.05, ..good() }, true, Fair, &[LostFrames, MicrophoneFailed]),
            (
                Measures { lost_share: 0.05, snr_db: Some(0.0), ..good() },
                false,
                Poor,
                &[LoudSurroundings, LostFrames],
            ),
            (
                Measures { lost_share: 0.97, speech_share: 0.0, ..good() },
                false,
                Poor,
                &[LostFrames],
            ),
            (Measures::default(), false, Poor, &[NoSpeech]),
        ];
        for (measures, failed, verdict, reasons) in cases {
            let policy = MeterPolicy::default();
            let quality = quality(&measures, &judge(&measures, failed, &policy));
            assert_eq!((quality.verdict, &quality.reasons[..]), (verdict, reasons), "{measures:?}");
        }
    }
}
