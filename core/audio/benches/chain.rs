//! Speed of the chain, each part over 60 s of sound. `items/s` is how many times faster than real
//! time in milliseconds of sound a second: 1 M item/s is a thousand times.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::LazyLock;

use confee_audio::decode::{Decoder, Pcm, Resampler, Timeline};
use confee_audio::voice::{Denoiser, LevelPolicy, Leveler, VadPolicy, VoiceActivity};
use divan::Bencher;
use divan::counter::ItemsCount;
use support::{Coder, codec, encode, frame, mix, noise, opus_channels, speech, voip_fec};

#[path = "../tests/decode_support/mod.rs"]
mod support;

const SECONDS: f32 = 60.0;
const MILLISECONDS: u32 = 60_000;

static SOUND: LazyLock<Vec<f32>> =
    LazyLock::new(|| mix(&speech(SECONDS, 1), &noise(SECONDS, 0.01, 2)));

/// What is coded: SILK with spare copies, and CELT alone as most badges send.
const FORMS: [&str; 4] = ["voip mono", "voip stereo", "lowdelay mono", "lowdelay stereo"];

fn coder(form: &str) -> Coder {
    let channels = if form.ends_with("stereo") { 2 } else { 1 };
    if form.starts_with("voip") {
        return voip_fec(channels, 20);
    }
    Coder { codec: codec(channels, 20), application: opus::Application::LowDelay, fec: false }
}

fn main() {
    if std::env::args().any(|a| a == "--bench")
        && let Ok(folder) = std::env::var("CHAIN_FILES")
    {
        for form in FORMS {
            let packets = encode(coder(form), &SOUND);
            let path =
                std::path::Path::new(&folder).join(format!("{}.opus", form.replace(' ', "-")));
            std::fs::write(path, support::ogg_opus(coder(form), &packets)).unwrap();
        }
    }
    divan::main();
}

#[divan::bench(args = FORMS)]
fn decode(bencher: Bencher, form: &str) {
    let coder = coder(form);
    let packets = encode(coder, &SOUND);
    let mut pcm = Pcm::new();
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let mut decoder = Decoder::new(coder.codec).unwrap();
        packets.iter().for_each(|p| decoder.decode(p, &mut pcm).unwrap());
    });
}

#[divan::bench(args = FORMS)]
fn decode_libopus(bencher: Bencher, form: &str) {
    let coder = coder(form);
    let packets = encode(coder, &SOUND);
    let mut pcm = vec![0; coder.codec.samples() * usize::from(coder.codec.channels)];
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let mut decoder = opus::Decoder::new(16_000, opus_channels(coder.codec)).unwrap();
        packets.iter().for_each(|p| {
            decoder.decode(p, &mut pcm, false).unwrap();
        });
    });
}

/// A tenth of the frames lost, so that recovery and concealment are in it.
#[divan::bench(args = FORMS)]
fn timeline_with_losses(bencher: Bencher, form: &str) {
    let coder = coder(form);
    let packets = encode(coder, &SOUND);
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let mut timeline = Timeline::new(coder.codec).unwrap();
        for (seq, packet) in (0..).zip(&packets).filter(|(seq, _)| seq % 10 != 3) {
            let frame = frame(coder.codec, seq, packet);
            timeline
                .push(&frame, &mut |c| {
                    divan::black_box(c);
                })
                .unwrap();
        }
    });
}

#[divan::bench]
fn voice_activity(bencher: Bencher) {
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let mut vad = VoiceActivity::new(VadPolicy::default());
        for chunk in SOUND.chunks(320) {
            divan::black_box(vad.push(chunk));
        }
    });
}

#[divan::bench]
fn denoise(bencher: Bencher) {
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let (mut denoiser, mut out) = (Denoiser::new().unwrap(), Vec::new());
        for chunk in SOUND.chunks(320) {
            out.clear();
            denoiser.process(chunk, &mut out);
        }
    });
}

#[divan::bench]
fn level(bencher: Bencher) {
    let mut sound = SOUND.clone();
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let mut leveler = Leveler::new(LevelPolicy::default());
        sound.chunks_mut(320).for_each(|c| leveler.process(c, true));
    });
}

#[divan::bench(args = [(48_000, 16_000), (16_000, 48_000), (44_100, 16_000)])]
fn resample(bencher: Bencher, (from, to): (u32, u32)) {
    let sound = noise(SECONDS * 3.0, 0.3, 3);
    let sound = &sound[..60 * from as usize];
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let (mut resampler, mut out) = (Resampler::new(from, to).unwrap(), Vec::new());
        for chunk in sound.chunks(from as usize / 50) {
            out.clear();
            resampler.process(chunk, &mut out);
        }
    });
}

/// Timeline, voice activity, denoiser and levels of the first channel, as for playback.
#[divan::bench(args = FORMS)]
fn whole_chain(bencher: Bencher, form: &str) {
    let coder = coder(form);
    let packets = encode(coder, &SOUND);
    bencher.counter(ItemsCount::new(MILLISECONDS)).bench_local(|| {
        let mut timeline = Timeline::new(coder.codec).unwrap();
        let mut vad = VoiceActivity::new(VadPolicy::default());
        let (mut denoiser, mut out) = (Denoiser::new().unwrap(), Vec::new());
        let mut leveler = Leveler::new(LevelPolicy::default());
        for (seq, packet) in (0..).zip(&packets) {
            let frame = frame(coder.codec, seq, packet);
            let mut sink = |c: confee_audio::decode::Chunk<'_>| {
                let speech = vad.push(&c.channels[0]).last().is_some_and(|f| f.speech);
                out.clear();
                denoiser.process(&c.channels[0], &mut out);
                leveler.process(&mut out, speech);
            };
            timeline.push(&frame, &mut sink).unwrap();
        }
    });
}
