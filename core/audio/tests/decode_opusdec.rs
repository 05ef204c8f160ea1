//! Our sound against that of `opusdec` (opus-tools) from the same packets; nothing is tested where
//! it is not installed. It decodes to 48 kHz, so both are compared below 4 kHz, where neither the
//! edge of our band nor a resampler's filter is heard.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod decode_support;

use std::path::PathBuf;
use std::process::Command;

use confee_audio::decode::{Decoder, Pcm, Resampler};
use decode_support::{Coder, codec, encode, ogg_opus, snr, speech, to_float, voip_fec};

/// 16 bit samples of the first channel at 48 kHz; nothing without the program.
fn opusdec(name: &str, file: &[u8], channels: usize) -> Option<Vec<f32>> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (input, output) = (folder.join(format!("{name}.opus")), folder.join(format!("{name}.raw")));
    std::fs::write(&input, file).unwrap();
    let mut command = Command::new("opusdec");
    command.args(["--quiet", "--no-dither", "--rate", "48000"]).arg(&input).arg(&output);
    let status = command.status().ok()?;
    assert!(status.success(), "opusdec: {status}");
    let bytes = std::fs::read(&output).unwrap();
    let (pairs, _) = bytes.as_chunks::<2>();
    let samples: Vec<i16> = pairs.iter().map(|p| i16::from_le_bytes(*p)).collect();
    Some(to_float(&samples.into_iter().step_by(channels).collect::<Vec<_>>()))
}

fn ours(coder: Coder, packets: &[Vec<u8>]) -> Vec<f32> {
    let (mut decoder, mut pcm) = (Decoder::new(coder.codec).unwrap(), Pcm::new());
    let mut out = Vec::new();
    for packet in packets {
        decoder.decode(packet, &mut pcm).unwrap();
        out.extend_from_slice(pcm.first());
    }
    out
}

fn resampled(from_hz: u32, to_hz: u32, sound: &[f32]) -> Vec<f32> {
    let (mut resampler, mut out) = (Resampler::new(from_hz, to_hz).unwrap(), Vec::new());
    resampler.process(sound, &mut out);
    resampler.finish(&mut out);
    out
}

/// Only what is below 4 kHz, at 48 kHz so that delays show.
fn narrow(from_hz: u32, sound: &[f32]) -> Vec<f32> {
    resampled(8_000, 48_000, &resampled(from_hz, 8_000, sound))
}

#[test]
fn it_sounds_as_opusdec_does() {
    let low = |frame_ms| Coder {
        codec: codec(1, frame_ms),
        application: opus::Application::LowDelay,
        fec: false,
    };
    for coder in [low(10), low(20), voip_fec(1, 20), voip_fec(2, 20)] {
        let packets = encode(coder, &speech(2.0, 31));
        let name =
            format!("{:?}-{}-{}", coder.application, coder.codec.channels, coder.codec.frame_ms);
        let file = ogg_opus(coder, &packets);
        let Some(theirs) = opusdec(&name, &file, coder.codec.channels.into()) else {
            eprintln!("opusdec is not installed; nothing was compared");
            return;
        };
        let theirs = narrow(48_000, &theirs);
        let ours = narrow(16_000, &ours(coder, &packets));
        assert_eq!(theirs.len(), ours.len());
        // The decoder's last step to 16 kHz has another delay than that to 48 kHz.
        let ratio = |lag: usize| {
            snr(&theirs[lag..theirs.len() - 2_000], &ours[..ours.len() - 2_000 - lag])
                .max(snr(&theirs[..theirs.len() - 2_000 - lag], &ours[lag..ours.len() - 2_000]))
        };
        let lag = (0..10).max_by(|a, b| ratio(*a).total_cmp(&ratio(*b))).unwrap();
        println!("{name}: {:.1} dB at a lag of {lag} samples of 48 kHz", ratio(lag));
        assert!(ratio(lag) > 30.0, "{name}: {:.1} dB", ratio(lag));
    }
}
