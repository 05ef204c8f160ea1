//! From a badge's audio to a draft through real Whisper: what is heard, what waits for a model, what
//! a model's removal and bad sound do.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests are tests")]

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use confee_acoustics::words::edits;
use confee_companion::badge::LinkFault;
use confee_companion::badge::confee::Press;
use confee_companion::badge::simulated::{AirPlan, ConfeeBadge, ConfeeConfig, Happening, LinkDrop};
use confee_companion::{Companion, CompanionError, Config};
use confee_domain::{FieldKey, LeadCard, RecordingState, Segment, Stage, Transcript};
use confee_scenarios::booth::Booth;
use confee_scenarios::phone::Phone;
use confee_scenarios::rig::runtime;
use confee_scenarios::story::{FRAME_MS, LEAD_IN, Story, text};

const MODEL: &str = "tiny.en-q8_0";
const STORY: &str = "../../core/cli/src/demo/story.opus";

/// The weights; without them the test is skipped unless `CONFEE_REQUIRE_MODELS=1` demands them.
fn weights() -> Option<PathBuf> {
    let path = std::env::var_os("CONFEE_WHISPER_MODEL").map(PathBuf::from);
    let required = std::env::var("CONFEE_REQUIRE_MODELS").is_ok_and(|value| value == "1");
    assert!(path.is_some() || !required, "set CONFEE_WHISPER_MODEL to a ggml file of tiny.en");
    if path.is_none() {
        eprintln!("skipped: CONFEE_WHISPER_MODEL is not set");
    }
    path
}

fn lossy() -> AirPlan {
    let drop = LinkDrop { at_ms: 40_000, for_ms: 14_000, fault: LinkFault::Timeout };
    AirPlan {
        seed: 5,
        loss: 0.03,
        reorder: 0.01,
        notice_ms: 4_000,
        drops: vec![drop],
        ..AirPlan::default()
    }
}

fn words(talk: &Transcript) -> String {
    talk.segments().iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Share of the time of what was heard that goes to the one who spoke.
fn rightly_attributed(heard: &[Segment], first_seq: u32) -> f64 {
    let shift = (u64::from(first_seq) * FRAME_MS).abs_diff(u64::from(LEAD_IN) * FRAME_MS);
    let (mut right, mut all) = (0, 0);
    for s in heard {
        let middle = (s.start_ms + s.end_ms) / 2;
        let length = s.end_ms - s.start_ms;
        let talk = text();
        let truth = talk.segments().iter().find(|t| t.end_ms + shift > middle).unwrap();
        all += length;
        right += if s.speaker == truth.speaker { length } else { 0 };
    }
    right as f64 / all.max(1) as f64
}

/// The lead of a recording, once it is more than its words.
fn drafted(phone: &Phone, id: &str) -> LeadCard {
    loop {
        let card = phone.wait(phone.engine.lead(id)).unwrap();
        if card.stage != Stage::Captured {
            return card;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_talk_waits_for_a_model_and_becomes_a_draft() {
    let Some(weights) = weights() else { return };
    let story = Story::whole();
    let agenda = vec![(story.end_ms(), Happening::Press(Press::Long))];
    let badge = ConfeeBadge::new(ConfeeConfig { agenda, ..Default::default() }, story.source());
    let booth = Booth::open(lossy(), badge);
    let phone = Phone::new(&booth, None);
    let waiting = phone.recordings(1, RecordingState::Waiting).remove(0);
    booth.until(booth.now_ms() + 10_000);
    assert_eq!(phone.recording(&waiting.id).state, RecordingState::Waiting);

    phone.wait(phone.engine.import_model(weights, MODEL)).unwrap();
    let recording = phone.recordings(1, RecordingState::Read).remove(0);
    let talk = phone.wait(phone.engine.transcript(&recording.id)).unwrap();
    let errors = edits(&words(&text()), &words(&talk));
    assert!(errors.rate() < 0.2, "{errors:?}: {}", words(&talk));
    let heard = talk.segments();
    assert!(heard.iter().all(|s| !s.words.is_empty() && s.end_ms <= recording.duration_ms));
    let right = rightly_attributed(heard, recording.first_seq);
    assert!(right > 0.9, "{right}");

    let card = drafted(&phone, &recording.id);
    let has = |key| card.fields.iter().any(|f| f.key == key);
    for key in [FieldKey::Company, FieldKey::Budget, FieldKey::Timeline, FieldKey::NextStep] {
        assert!(has(key), "{key:?} of {:?}", card.fields.iter().map(|f| f.key).collect::<Vec<_>>());
    }
    for evidence in card.fields.iter().flat_map(|f| &f.evidence) {
        assert!(evidence.start_ms < evidence.end_ms && evidence.end_ms <= recording.duration_ms);
    }
}

/// An engine that knows one model.
fn engine(folder: &Path, weights: PathBuf) -> Companion {
    let engine = Companion::open(Config::new(folder)).unwrap();
    runtime().block_on(engine.import_model(weights, MODEL)).unwrap();
    engine
}

fn noon() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-05-05T12:00:00+02:00").unwrap()
}

#[test]
fn a_model_that_is_removed_while_it_hears_hears_to_the_end() {
    let Some(weights) = weights() else { return };
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), weights.clone());
    let runtime = runtime();
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join(STORY);
    std::thread::scope(|scope| {
        let (engine, story) = (&engine, &story);
        let first = scope.spawn(move || {
            confee_scenarios::rig::runtime().block_on(engine.add_sound_file(
                "first",
                story.clone(),
                noon(),
            ))
        });
        std::thread::sleep(Duration::from_secs(2));
        runtime.block_on(engine.remove_model(MODEL)).unwrap();
        assert!(!first.is_finished(), "removed too late to show anything");
        let card = first.join().unwrap().unwrap();
        assert!(card.fields.len() >= 4);
    });
    let second = runtime.block_on(engine.add_sound_file("second", story.clone(), noon()));
    assert!(matches!(second, Err(CompanionError::Speech(_))), "{second:?}");
    runtime.block_on(engine.import_model(weights, MODEL)).unwrap();
    assert!(runtime.block_on(engine.add_sound_file("second", story, noon())).is_ok());
    engine.shutdown();
}

/// A WAV of floats.
fn wav(folder: &Path, name: &str, rate: u32, sound: impl Iterator<Item = f32>) -> PathBuf {
    let path = folder.join(name);
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    sound.for_each(|s| writer.write_sample(s).unwrap());
    writer.finalize().unwrap();
    path
}

#[test]
fn sound_without_speech_makes_no_lead() {
    let Some(weights) = weights() else { return };
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&folder.path().join("data"), weights);
    let runtime = runtime();
    let tone = |n: u32| (n as f32 * 440.0 * TAU / 16_000.0).sin();
    let mut noise = fastrand::Rng::with_seed(1);
    let sounds: [(&str, Box<dyn Iterator<Item = f32>>); 8] = [
        ("nothing", Box::new(std::iter::empty())),
        ("10-ms", Box::new((0..160).map(tone))),
        ("silence", Box::new(std::iter::repeat_n(0.0, 60 * 16_000))),
        ("direct-current", Box::new(std::iter::repeat_n(0.7, 20 * 16_000))),
        ("clipped", Box::new((0..20 * 16_000).map(move |n| (9.0 * tone(n)).clamp(-1.0, 1.0)))),
        ("noise", Box::new((0..20 * 16_000).map(move |_| 0.2 * (2.0 * noise.f32() - 1.0)))),
        ("not-numbers", Box::new(std::iter::repeat_n(f32::NAN, 10 * 16_000))),
        (
            "endless",
            Box::new((0..10 * 16_000).map(|n| if n % 2 == 0 { f32::INFINITY } else { -1e30 })),
        ),
    ];
    for (name, sound) in sounds {
        let file = wav(folder.path(), name, 16_000, sound);
        let added = runtime.block_on(engine.add_sound_file(name, file, noon()));
        assert!(added.is_err(), "{name}");
    }
    engine.shutdown();
}
