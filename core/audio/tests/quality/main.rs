//! The quality meter against scenes whose truth is known.

mod scenes;

use confee_audio::quality::{Meter, MeterPolicy, Sound};
use scenes::{Noise, RATE, Talk, noise, talk};

fn metered(talk: &Talk) -> Meter {
    let mut meter = Meter::new(MeterPolicy::default());
    feed(&mut meter, talk);
    meter
}

fn feed(meter: &mut Meter, talk: &Talk) {
    for (pcm, speech) in talk.pcm.chunks(160).zip(talk.speech.chunks(160)) {
        meter.push(pcm, Sound { speech: speech[0], ..Sound::default() });
    }
}

#[test]
fn explore() {
    for pause in [300..1200, 5..30] {
        for kind in [Noise::White, Noise::Pink, Noise::Babble] {
            for snr in [0, 10, 20, 25] {
                let mut line = format!("{pause:?} {kind:?} {snr:3}: ");
                for seed in 1..3 {
                    let m =
                        metered(&talk(seed, 20, pause.clone()).with_noise(kind, snr as f32, seed));
                    let (w, r) = (m.whole_measures(), m.recent_measures());
                    line += &format!(
                        "w {:5.1} r {:5.1} wada {:5.1} hi {:5.1} wind {:.2} | ",
                        w.snr_db.unwrap_or(f32::NAN),
                        r.snr_db.unwrap_or(f32::NAN),
                        w.wada_snr_db.unwrap_or(f32::NAN),
                        w.high_band_db.unwrap_or(f32::NAN),
                        w.wind_share
                    );
                }
                eprintln!("{line}");
            }
        }
    }
    let _ = (noise(Noise::White, 1, RATE), talk(1, 1, 5..10).muffled(500.0).with_wind(1.0, 1));
}
