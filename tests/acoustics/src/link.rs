//! From the microphones over the radio: Opus, lost frames, concealment.

use anyhow::{Context as _, Result};
use confee_audio::decode::Timeline;
use confee_domain::{AudioFrame, Codec, LossMap, StreamId};
use fastrand::Rng;
use serde::Serialize;

/// How the sound is coded and what the radio loses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Link {
    /// Bits a second for each microphone.
    pub bitrate: i32,
    /// Share of frames that are lost, 0 to 0.9.
    pub loss: f32,
    /// Mean number of frames that are lost in a row; at most 1 means one by one, by chance.
    pub burst: f32,
    /// Of the losses.
    pub seed: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self { bitrate: 24_000, loss: 0.0, burst: 1.0, seed: 1 }
    }
}

/// What came out at the phone.
#[derive(Debug, Clone)]
pub struct Received {
    /// One signal a microphone, whole frames of 20 ms.
    pub mics: Vec<Vec<f32>>,
    /// Where it is concealed or silent.
    pub loss: LossMap,
}

/// Sends one or two signals of equal length over the link. The encoder is libopus, the decoder
/// and its concealment are the app's own; the first and the last frame always come, so that no
/// end is missing.
///
/// # Errors
/// The encoder refuses the bitrate, or there are not 1 or 2 signals.
pub fn send(mics: &[Vec<f32>], link: &Link) -> Result<Received> {
    let codec = if mics.len() == 2 { Codec::OPUS_STEREO } else { Codec::OPUS_MONO };
    let packets = encode(mics, codec, link.bitrate)?;
    let mut timeline = Timeline::new(codec)?;
    let mut out = vec![Vec::new(); mics.len()];
    let mut take = |chunk: confee_audio::decode::Chunk<'_>| {
        for (out, channel) in out.iter_mut().zip(chunk.channels) {
            out.extend_from_slice(channel);
        }
    };
    let lost = losses(packets.len(), link);
    for (seq, (packet, lost)) in (0_u32..).zip(packets.iter().zip(lost)) {
        if lost {
            continue;
        }
        let captured_ms = seq.saturating_mul(codec.frame_ms.into());
        let frame = AudioFrame { stream: StreamId(1), seq, captured_ms, codec, payload: packet };
        timeline.push(&frame, &mut take)?;
    }
    timeline.finish(&mut take);
    let loss = timeline.loss().clone();
    Ok(Received { mics: out, loss })
}

fn encode(mics: &[Vec<f32>], codec: Codec, bitrate: i32) -> Result<Vec<Vec<u8>>> {
    let first = mics.first().filter(|_| mics.len() <= 2).context("give one or two signals")?;
    let channels = if mics.len() == 2 { opus::Channels::Stereo } else { opus::Channels::Mono };
    let mut encoder = opus::Encoder::new(Codec::RATE_HZ, channels, opus::Application::Voip)?;
    let all = bitrate.saturating_mul(codec.channels.into());
    encoder.set_bitrate(opus::Bitrate::Bits(all)).context("use 6 to 250 kbit/s")?;
    let quantise = |s: f32| (s * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16;
    let sample = |at: usize| mics.iter().map(move |m| m.get(at).copied().map_or(0, quantise));
    let interleaved: Vec<i16> = (0..first.len()).flat_map(sample).collect();
    let frame = codec.samples() * usize::from(codec.channels);
    let frames = interleaved.chunks_exact(frame);
    frames.map(|f| Ok(encoder.encode_vec(f, 1_275)?)).collect()
}

/// Which of `frames` are lost: a chain of two states (Gilbert, 1960) with the rate and the mean
/// length of bursts asked for.
#[must_use]
pub fn losses(frames: usize, link: &Link) -> Vec<bool> {
    let rate = link.loss.clamp(0.0, 0.9);
    // The chance to go on losing; by chance alone it is the rate itself.
    let stay = if link.burst > 1.0 { 1.0 - 1.0 / link.burst } else { rate };
    let enter = (rate * (1.0 - stay) / (1.0 - rate)).min(1.0);
    let mut rng = Rng::with_seed(link.seed);
    let mut lost = false;
    let mut chain: Vec<bool> = (0..frames)
        .map(|_| {
            lost = rng.f32() < if lost { stay } else { enter };
            lost
        })
        .collect();
    for end in [0, frames.saturating_sub(1)] {
        chain.iter_mut().skip(end).take(1).for_each(|l| *l = false);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loses_as_much_as_asked() {
        for (loss, burst) in [(0.0, 1.0), (0.01, 1.0), (0.1, 1.0), (0.05, 5.0), (0.1, 6.0)] {
            let link = Link { loss, burst, ..Link::default() };
            let lost = losses(200_000, &link);
            let count = lost.iter().filter(|l| **l).count() as f32;
            assert!((count / 200_000.0 - loss).abs() < 0.1 * loss + 1e-6, "{loss}: {count}");
            let bursts = lost.windows(2).filter(|w| !w[0] && w[1]).count() as f32;
            if loss > 0.0 {
                let mean = count / bursts;
                assert!((mean / burst.max(1.0 / (1.0 - loss)) - 1.0).abs() < 0.1, "{mean}");
            }
        }
    }

    #[test]
    fn time_does_not_shift_and_the_map_tells_what_is_missing() {
        let tone = |hz: f32| -> Vec<f32> {
            (0..32_000).map(|n| 0.3 * (n as f32 * hz / 2_546.0).sin()).collect()
        };
        let link = Link { loss: 0.1, ..Link::default() };
        for mics in [vec![tone(300.0)], vec![tone(300.0), tone(500.0)]] {
            let got = send(&mics, &link).unwrap();
            assert_eq!(got.mics.len(), mics.len());
            assert!(got.mics.iter().all(|m| m.len() == 32_000));
            let lost = losses(100, &link).iter().filter(|l| **l).count() as u64;
            assert_eq!(got.loss.lost_ms(0, 2_000), 20 * lost);
            assert_eq!(got.mics, send(&mics, &link).unwrap().mics);
        }
        assert!(send(&[], &link).is_err());
    }
}
