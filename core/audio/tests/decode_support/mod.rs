//! Speech-like sound made from a seed, libopus as the encoder and the reference, and measures.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

use std::f32::consts::TAU;

use confee_audio::decode::{Chunk, Pcm};
use confee_domain::{AudioFrame, Codec, Coding, StreamId};

pub const HZ: f32 = 16_000.0;

/// A resonance of a vocal tract: two poles.
struct Formant {
    a: f32,
    b: f32,
    gain: f32,
    y: [f32; 2],
}

impl Formant {
    fn new(hz: f32, width_hz: f32) -> Self {
        let radius = (-std::f32::consts::PI * width_hz / HZ).exp();
        let a = 2.0 * radius * (TAU * hz / HZ).cos();
        let b = -radius * radius;
        Self { a, b, gain: 1.0 - radius, y: [0.0; 2] }
    }

    fn tune(&mut self, hz: f32, width_hz: f32) {
        let y = self.y;
        *self = Self { y, ..Self::new(hz, width_hz) };
    }

    fn run(&mut self, x: f32) -> f32 {
        let y = self.gain * x + self.a * self.y[0] + self.b * self.y[1];
        self.y = [y, self.y[0]];
        y
    }
}

/// First three formants of five vowels, Hz.
const VOWELS: [[f32; 3]; 5] = [
    [730.0, 1090.0, 2440.0],
    [270.0, 2290.0, 3010.0],
    [530.0, 1840.0, 2480.0],
    [570.0, 840.0, 2410.0],
    [300.0, 870.0, 2240.0],
];

/// Syllables of vowels and hisses over a gliding pitch, with a pause after every eight; peak 0.5.
pub fn speech(seconds: f32, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut tract =
        [Formant::new(500.0, 80.0), Formant::new(1500.0, 100.0), Formant::new(2500.0, 140.0)];
    let mut out = Vec::new();
    let (mut phase, mut syllable) = (0.0_f32, 0_u32);
    while out.len() < (seconds * HZ) as usize {
        let vowel = VOWELS[rng.usize(..VOWELS.len())];
        tract
            .iter_mut()
            .zip(vowel)
            .zip([80.0, 100.0, 140.0])
            .for_each(|((t, hz), w)| t.tune(hz, w));
        let length = (HZ * (0.14 + 0.12 * rng.f32())) as usize;
        let hiss = (HZ * (0.03 + 0.05 * rng.f32())) as usize;
        let pitch = 100.0 + 60.0 * rng.f32();
        let glide = 30.0 * (rng.f32() - 0.5);
        for at in 0..hiss {
            let envelope = (std::f32::consts::PI * at as f32 / hiss as f32).sin();
            out.push(0.05 * envelope * (2.0 * rng.f32() - 1.0));
        }
        for at in 0..length {
            let part = at as f32 / length as f32;
            phase += (pitch + glide * part) / HZ;
            let pulse = if phase >= 1.0 { 1.0 } else { -0.01 };
            phase = phase.fract();
            let breath = 0.02 * (2.0 * rng.f32() - 1.0);
            let envelope = (std::f32::consts::PI * part).sin().sqrt();
            let voice: f32 = tract.iter_mut().map(|t| t.run(pulse + breath)).sum();
            out.push(envelope * voice);
        }
        syllable += 1;
        if syllable.is_multiple_of(8) {
            out.resize(out.len() + (HZ * 0.35) as usize, 0.0);
        }
    }
    out.truncate((seconds * HZ) as usize);
    let peak = out.iter().fold(1e-9_f32, |p, s| p.max(s.abs()));
    out.iter_mut().for_each(|s| *s *= 0.5 / peak);
    out
}

pub fn noise(seconds: f32, level: f32, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..(seconds * HZ) as usize).map(|_| level * (2.0 * rng.f32() - 1.0)).collect()
}

pub fn sine(hz: f32, rate: f32, seconds: f32, level: f32) -> Vec<f32> {
    let tau = std::f64::consts::TAU;
    let step = tau * f64::from(hz) / f64::from(rate);
    (0..(seconds * rate) as usize).map(|n| level * (step * n as f64).sin() as f32).collect()
}

pub fn mix(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

pub fn power(x: &[f32]) -> f64 {
    x.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / x.len().max(1) as f64
}

pub fn dbfs(x: &[f32]) -> f64 {
    10.0 * power(x).max(1e-20).log10()
}

/// How far `test` is from `reference`, dB; 200 where they are equal.
pub fn snr(reference: &[f32], test: &[f32]) -> f64 {
    let wrong: f64 = reference.iter().zip(test).map(|(r, t)| f64::from(r - t).powi(2)).sum();
    let right: f64 = reference.iter().map(|r| f64::from(*r).powi(2)).sum();
    if wrong == 0.0 { 200.0 } else { 10.0 * (right / wrong).log10() }
}

/// How a badge might code.
#[derive(Debug, Clone, Copy)]
pub struct Coder {
    pub codec: Codec,
    pub application: opus::Application,
    pub fec: bool,
}

pub const fn codec(channels: u8, frame_ms: u8) -> Codec {
    Codec { coding: Coding::Opus, channels, frame_ms }
}

pub fn coders() -> Vec<Coder> {
    let mut all = Vec::new();
    for channels in [1, 2] {
        for frame_ms in [10, 20] {
            for (application, fec) in [
                (opus::Application::LowDelay, false),
                (opus::Application::Voip, false),
                (opus::Application::Voip, true),
            ] {
                all.push(Coder { codec: codec(channels, frame_ms), application, fec });
            }
        }
    }
    all
}

pub fn voip_fec(channels: u8, frame_ms: u8) -> Coder {
    Coder { codec: codec(channels, frame_ms), application: opus::Application::Voip, fec: true }
}

pub fn opus_channels(codec: Codec) -> opus::Channels {
    if codec.channels == 2 { opus::Channels::Stereo } else { opus::Channels::Mono }
}

/// Interleaves `sound` and, for two channels, the same sound one sample later and with noise.
pub fn interleave(sound: &[f32], channels: u8, seed: u64) -> Vec<i16> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let quantise = |s: f32| (s * 32_767.0).clamp(-32_768.0, 32_767.0) as i16;
    let mut out = Vec::new();
    for (at, sample) in sound.iter().enumerate() {
        out.push(quantise(*sample));
        if channels == 2 {
            let before = at.checked_sub(1).map_or(0.0, |b| sound[b]);
            out.push(quantise(0.8 * before + 0.01 * (rng.f32() - 0.5)));
        }
    }
    out
}

/// 32 kbit/s packets of whole frames, made by libopus.
pub fn encode(coder: Coder, sound: &[f32]) -> Vec<Vec<u8>> {
    let mut encoder =
        opus::Encoder::new(16_000, opus_channels(coder.codec), coder.application).unwrap();
    encoder.set_bitrate(opus::Bitrate::Bits(32_000)).unwrap();
    encoder.set_inband_fec(coder.fec).unwrap();
    encoder.set_packet_loss_perc(if coder.fec { 20 } else { 0 }).unwrap();
    let size = coder.codec.samples() * usize::from(coder.codec.channels);
    let pcm = interleave(sound, coder.codec.channels, 7);
    pcm.chunks_exact(size).map(|f| encoder.encode_vec(f, 1_275).unwrap()).collect()
}

/// An Ogg/Opus file (RFC 7845) of the packets, without pre-skip so that nothing is cut off.
pub fn ogg_opus(coder: Coder, packets: &[Vec<u8>]) -> Vec<u8> {
    use ogg::writing::{PacketWriteEndInfo, PacketWriter};
    let mut head = b"OpusHead\x01".to_vec();
    head.push(coder.codec.channels);
    head.extend([0, 0, 0x80, 0x3E, 0, 0, 0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend([0; 8]);
    let mut writer = PacketWriter::new(std::io::Cursor::new(Vec::new()));
    let page = PacketWriteEndInfo::EndPage;
    writer.write_packet(head, 1, page, 0).unwrap();
    writer.write_packet(tags, 1, page, 0).unwrap();
    for (at, packet) in packets.iter().enumerate() {
        let end = match at + 1 {
            n if n == packets.len() => PacketWriteEndInfo::EndStream,
            n if n % 50 == 0 => PacketWriteEndInfo::EndPage,
            _ => PacketWriteEndInfo::NormalPacket,
        };
        let granule = (at as u64 + 1) * u64::from(coder.codec.frame_ms) * 48;
        writer.write_packet(packet.as_slice(), 1, end, granule).unwrap();
    }
    writer.into_inner().into_inner()
}

/// Interleaved 16 bit samples of a frame; exact, since the decoder divides by a power of two.
pub fn samples(pcm: &Pcm) -> Vec<i16> {
    let channels = pcm.channels();
    let length = pcm.first().len();
    (0..length).flat_map(|at| channels.iter().map(move |c| (c[at] * 32_768.0) as i16)).collect()
}

pub fn to_float(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|s| f32::from(*s) / 32_768.0).collect()
}

pub fn frame(codec: Codec, seq: u32, payload: &[u8]) -> AudioFrame<'_> {
    let captured_ms = seq.saturating_mul(codec.frame_ms.into());
    AudioFrame { stream: StreamId(1), seq, captured_ms, codec, payload }
}

/// The first channel of everything that comes out of a timeline, and the chunks' facts.
#[derive(Default)]
pub struct Heard {
    pub pcm: Vec<f32>,
    pub chunks: Vec<(u64, confee_audio::decode::Origin)>,
}

impl Heard {
    pub fn take(&mut self, chunk: Chunk<'_>) {
        self.pcm.extend_from_slice(&chunk.channels[0]);
        self.chunks.push((chunk.start_ms, chunk.origin));
    }
}
