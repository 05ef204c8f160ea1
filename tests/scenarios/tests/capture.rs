//! From a badge to recordings and leads: what is kept of a talk over a bad link, what the button,
//! muting, drift and erasure do.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::sync::Arc;

use confee_companion::badge::LinkFault;
use confee_companion::badge::confee::Press;
use confee_companion::badge::simulated::{
    AirPlan, ConfeeBadge, ConfeeConfig, Happening, LinkDrop, OmiBadge, OmiConfig,
};
use confee_domain::{LossCause, Recording, RecordingState};
use confee_scenarios::booth::Booth;
use confee_scenarios::phone::{Phone, kept};
use confee_scenarios::rig::START_MS;
use confee_scenarios::story::{FRAME_MS, LEAD_IN, Scribe, Story, heard, text};

fn lossy(seed: u64, drops: Vec<LinkDrop>) -> AirPlan {
    AirPlan {
        seed,
        loss: 0.03,
        duplicate: 0.01,
        reorder: 0.01,
        notice_ms: 4_000,
        drops,
        ..AirPlan::default()
    }
}

fn away(at_ms: u64, for_ms: u64) -> LinkDrop {
    LinkDrop { at_ms, for_ms, fault: LinkFault::Timeout }
}

fn badge(story: &Story, agenda: Vec<(u64, Happening)>) -> ConfeeBadge {
    ConfeeBadge::new(ConfeeConfig { agenda, ..ConfeeConfig::default() }, story.source())
}

/// Whether a recording is the talk: from shortly before the first word to `end_seq`.
fn spans(recording: &Recording, end_seq: u32) {
    let Recording { first_seq, duration_ms, .. } = *recording;
    assert!((LEAD_IN - 125..=LEAD_IN).contains(&first_seq), "begins at {first_seq}");
    assert!(
        recording.end_seq.abs_diff(end_seq) <= 125,
        "ends at {} of {end_seq}",
        recording.end_seq
    );
    let frames = u64::from(recording.end_seq - first_seq);
    assert!(
        duration_ms.abs_diff(frames * FRAME_MS) <= 2 * FRAME_MS,
        "{duration_ms} ms, {frames} frames"
    );
}

/// Whether the file holds every packet once, in order, as the badge heard it.
fn is_complete(phone: Phone, story: &Story, recordings: &[Recording]) {
    let folder = phone.close();
    for r in recordings {
        let frames = kept(folder.path(), &r.id);
        let mut numbers: Vec<u32> = frames.iter().map(|f| f.seq).collect();
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(r.first_seq..r.end_seq), "{} frames", numbers.len());
        assert!(frames.iter().all(|f| f.payload == story.packet(f.seq)), "another sound");
    }
}

fn energy(pcm: &[f32], from_ms: u64, to_ms: u64) -> f32 {
    let at = |ms: u64| (ms as usize * 16).min(pcm.len());
    let part = &pcm[at(from_ms)..at(to_ms)];
    part.iter().map(|s| s * s).sum::<f32>() / part.len().max(1) as f32
}

#[test]
fn a_talk_over_a_bad_link_is_kept_as_if_there_were_none() {
    let story = Story::whole();
    let end_ms = story.end_ms();
    let agenda = vec![(end_ms, Happening::Press(Press::Long))];
    let drops = vec![away(40_000, 14_000)];
    let booth = Booth::open(lossy(20, drops), badge(&story, agenda));
    let phone = Phone::new(&booth, Some(Arc::new(Scribe)));
    let recording = phone.recordings(1, RecordingState::Read).remove(0);
    booth.until(booth.now_ms() + 20_000);
    assert_eq!(phone.summaries().len(), 1);
    let traffic = booth.radio.traffic();
    assert!(traffic.lost > 50 && traffic.drops == 1, "{traffic:?}");

    spans(&recording, story.end_seq());
    assert_eq!(recording.audio.loss.spans(), []);
    let (_, audio) = phone.wait(phone.engine.recording(&recording.id)).unwrap();
    let pcm = heard(&audio);
    assert!(pcm == story.decoded(recording.first_seq..recording.end_seq), "another sound");

    let talk = phone.wait(phone.engine.transcript(&recording.id)).unwrap();
    assert_eq!(talk.audio(), Some(&recording.audio));
    assert!(recording.audio.quality.is_some());
    assert_eq!(talk.segments().len(), text().segments().len());
    let pauses: f32 = talk
        .segments()
        .windows(2)
        .filter(|w| w[1].start_ms > w[0].end_ms + 250)
        .map(|w| energy(&pcm, w[0].end_ms + 100, w[1].start_ms - 100))
        .fold(0.0, f32::max);
    let card = phone.wait(phone.engine.lead(&recording.id)).unwrap();
    assert!(card.fields.len() >= 10, "{} fields", card.fields.len());
    for field in &card.fields {
        for e in &field.evidence {
            assert!(e.start_ms < e.end_ms && e.end_ms <= recording.duration_ms, "{:?}", field.key);
            let voice = energy(&pcm, e.start_ms, e.end_ms);
            assert!(voice > 10.0 * pauses, "{:?} lies in silence: {voice} of {pauses}", field.key);
        }
    }
    is_complete(phone, &story, &[recording]);
}

#[test]
fn the_button_marks_splits_and_ends_and_muted_time_is_empty() {
    let story = Story::whole();
    let press = |at_s: u64, press| (at_s * 1_000, Happening::Press(press));
    let agenda = vec![
        press(20, Press::Short),
        (35_000, Happening::Mute(true)),
        (43_000, Happening::Mute(false)),
        press(65, Press::Double),
        press(100, Press::Long),
        (102_000, Happening::Silence(true)),
    ];
    let booth = Booth::open(lossy(4, Vec::new()), badge(&story, agenda));
    let phone = Phone::new(&booth, None);
    let recordings = phone.recordings(2, RecordingState::Waiting);
    booth.until(booth.now_ms() + 70_000);
    assert_eq!(phone.summaries().len(), 2);
    let [first, second] = recordings.try_into().unwrap();
    assert!(first.marked && !second.marked);
    assert_eq!(first.end_seq, second.first_seq);

    // Eight seconds were muted: numbers after it are 400 behind the time.
    let seq_at = |ms: u64| (ms / FRAME_MS) as u32;
    let (split, end) = (seq_at(65_000 - 8_000), seq_at(100_000 - 8_000));
    assert!(second.first_seq.abs_diff(split) <= 2, "split at {} of {split}", second.first_seq);
    assert!(second.end_seq.abs_diff(end) <= 2, "ended at {} of {end}", second.end_seq);
    assert_eq!(second.audio.loss.spans(), []);
    let [muted] = first.audio.loss.spans() else { panic!("{:?}", first.audio.loss) };
    assert_eq!(muted.cause, LossCause::Muted);
    let from = 35_000 - u64::from(first.first_seq) * FRAME_MS;
    assert!(muted.start_ms.abs_diff(from) <= 40, "{muted:?} of {from}");
    assert!((muted.end_ms - muted.start_ms).abs_diff(8_000) <= 40, "{muted:?}");
    let (id, pair) = (first.id.clone(), [first, second]);
    let folder = phone.folder.path().to_owned();
    let frames = {
        phone.engine.detach_radio().unwrap();
        kept(&folder, &id)
    };
    let quiet = 35_000..42_980;
    assert!(!frames.iter().any(|f| quiet.contains(&f.captured_ms)), "sound of muted time");
    is_complete(phone, &story, &pair);
}

#[test]
fn a_recording_begins_at_the_right_time_by_a_clock_that_drifts() {
    let story = Story::first(20_000);
    // Ninety minutes of silence: the badge runs more than a second fast by then.
    let pause = (1_000, 5_401_000);
    let drift_ppm = 200;
    let agenda = vec![
        (pause.0, Happening::Silence(true)),
        (pause.1, Happening::Silence(false)),
        (pause.1 + story.end_ms(), Happening::Press(Press::Long)),
    ];
    let config = ConfeeConfig { agenda, drift_ppm, ..ConfeeConfig::default() };
    let booth = Booth::open(lossy(5, Vec::new()), ConfeeBadge::new(config, story.source()));
    let phone = Phone::new(&booth, None);
    booth.until(2_000);
    booth.speed(1_000);
    booth.until(pause.1 - 1_000);
    booth.speed(40);
    let recording = phone.recordings(1, RecordingState::Waiting).remove(0);
    // Frames of before the pause have numbers too.
    let folder = phone.close();
    let frames = kept(folder.path(), &recording.id);
    let first = frames.iter().min_by_key(|f| f.seq).unwrap();
    let since = f64::from(first.captured_ms) / (1.0 + f64::from(drift_ppm) / 1e6);
    let truth = START_MS + since as i64;
    let said = recording.started_at_ms.unwrap();
    assert!((said - truth).abs() <= 1_000, "{} ms off", said - truth);
    assert!(since > 5_400_000.0, "began at {since}");
}

#[test]
fn an_erased_lead_has_no_sound_and_does_not_come_back() {
    let story = Story::first(30_000);
    let agenda = vec![(story.end_ms(), Happening::Press(Press::Long))];
    let booth = Booth::open(lossy(6, Vec::new()), badge(&story, agenda));
    let phone = Phone::new(&booth, Some(Arc::new(Scribe)));
    let id = phone.recordings(1, RecordingState::Read).remove(0).id;
    let file = phone.folder.path().join("audio/talks").join(format!("{id}.log"));
    assert!(file.is_file());
    phone.wait(phone.engine.erase(&id)).unwrap();
    assert!(!file.exists());
    assert!(phone.wait(phone.engine.recording(&id)).is_err());
    phone.attach();
    booth.until(booth.now_ms() + 30_000);
    let all = phone.summaries();
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0].id, all[0].state), (&id, RecordingState::Erased));
    assert!(!file.exists());
    let _folder = phone.close();
}

/// What an Omi device with custody brings of the talk: recordings and notes for a failing test.
fn omi(drops: Vec<LinkDrop>) -> (Vec<Recording>, String) {
    let story = Story::whole();
    let config = OmiConfig { custody: true, crc: true, ..OmiConfig::default() };
    let booth = Booth::open(lossy(8, drops), OmiBadge::new(config, story.source()));
    // A slow machine must not look like a badge without audio.
    booth.speed(20);
    let phone = Phone::new(&booth, None);
    booth.until(story.end_ms() + 90_000);
    let all: Vec<_> = phone.summaries().iter().map(|r| phone.recording(&r.id)).collect();
    let part = |r: &Recording| (r.stream, r.first_seq..r.end_seq, r.audio.loss.clone());
    let parts: Vec<_> = all.iter().map(part).collect();
    let _folder = phone.close();
    let text = format!("{parts:?}");
    (all, format!("{:?} {}", booth.radio.traffic(), &text[..text.len().min(500)]))
}

fn is_one_talk((recordings, notes): (Vec<Recording>, String)) {
    let truth = u64::from(Story::whole().packets()) * FRAME_MS;
    let [recording] = recordings.as_slice() else { panic!("not one recording: {notes}") };
    let length = recording.duration_ms;
    assert!((truth..truth + 5_000).contains(&length), "{length} of {truth} ms: {notes}");
    assert_eq!(recording.audio.loss.lost_ms(0, length), 0, "{notes}");
}

#[test]
fn an_omi_device_with_custody_is_one_recording_too() {
    is_one_talk(omi(Vec::new()));
}

#[test]
#[ignore = "shows: what an Omi device stored while it was away is a stream, and so a recording, of its own"]
fn an_omi_device_that_was_away_for_a_moment_is_one_recording_too() {
    is_one_talk(omi(vec![away(50_000, 10_000)]));
}
