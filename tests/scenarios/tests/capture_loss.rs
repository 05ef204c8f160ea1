//! What happens to a recording when the app dies, the badge is away for long, or has no storage.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::sync::Arc;

use confee_companion::badge::LinkFault;
use confee_companion::badge::confee::{Features, Press};
use confee_companion::badge::simulated::{AirPlan, ConfeeBadge, ConfeeConfig, Happening, LinkDrop};
use confee_domain::{
    AudioFacts, LossCause, LossMap, LossSpan, Recording, RecordingState, Transcript,
};
use confee_scenarios::booth::Booth;
use confee_scenarios::phone::{Phone, kept};
use confee_scenarios::story::{FRAME_MS, LEAD_IN, Scribe, Story};

fn lossy(seed: u64) -> AirPlan {
    AirPlan {
        seed,
        loss: 0.03,
        duplicate: 0.01,
        reorder: 0.01,
        notice_ms: 2_000,
        ..AirPlan::default()
    }
}

/// A badge whose wearer ends the talk with the button.
fn badge(story: &Story) -> ConfeeBadge {
    let agenda = vec![(story.end_ms(), Happening::Press(Press::Long))];
    ConfeeBadge::new(ConfeeConfig { agenda, ..ConfeeConfig::default() }, story.source())
}

fn numbers(phone: Phone, recording: &Recording) -> Vec<u32> {
    let folder = phone.close();
    let mut numbers: Vec<u32> = kept(folder.path(), &recording.id).iter().map(|f| f.seq).collect();
    numbers.sort_unstable();
    numbers
}

/// Waits for the talk's one recording and checks that nothing is missing or twice in it.
fn all_is_kept(phone: Phone, booth: &Booth<ConfeeBadge>, story: &Story) -> String {
    let recording = phone.recordings(1, RecordingState::Waiting).remove(0);
    booth.until(booth.now_ms() + 20_000);
    let all = phone.summaries();
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(recording.audio.loss.spans(), []);
    assert!((LEAD_IN - 125..=LEAD_IN).contains(&recording.first_seq), "{}", recording.first_seq);
    assert!(recording.end_seq.abs_diff(story.end_seq()) <= 2, "{}", recording.end_seq);
    let folder = phone.close();
    let mut frames = kept(folder.path(), &recording.id);
    frames.sort_by_key(|f| f.seq);
    let seqs: Vec<u32> = frames.iter().map(|f| f.seq).collect();
    let missing: Vec<u32> =
        (recording.first_seq..recording.end_seq).filter(|n| !seqs.contains(n)).collect();
    assert_eq!(
        (missing, seqs.len()),
        (vec![], recording.end_seq as usize - recording.first_seq as usize)
    );
    assert!(frames.iter().all(|f| f.payload == story.packet(f.seq)), "another sound");
    recording.id
}

fn undisturbed(story: &Story) -> String {
    let booth = Booth::open(lossy(1), badge(story));
    all_is_kept(Phone::new(&booth, None), &booth, story)
}

#[test]
fn capture_that_ends_and_begins_again_and_again_loses_and_doubles_nothing() {
    let story = Story::first(60_000);
    let mut random = fastrand::Rng::with_seed(31);
    let booth = Booth::open(lossy(random.u64(..)), badge(&story));
    let phone = Phone::new(&booth, None);
    for _ in 0..5 {
        booth.until(booth.now_ms() + random.u64(3_000..9_000));
        phone.engine.detach_radio().unwrap();
        booth.until(booth.now_ms() + random.u64(0..3_000));
        phone.attach();
    }
    assert_eq!(all_is_kept(phone, &booth, &story), undisturbed(&story));
}

#[test]
fn an_app_that_dies_at_any_moment_loses_and_doubles_nothing() {
    let story = Story::first(60_000);
    let expected = undisturbed(&story);
    for seed in [41, 42] {
        let mut random = fastrand::Rng::with_seed(seed);
        let booth = Booth::open(lossy(seed), badge(&story));
        let mut phone = Phone::new(&booth, None);
        for _ in 0..4 {
            booth.until(booth.now_ms() + random.u64(500..18_000));
            let left = phone.die(&booth);
            booth.until(booth.now_ms() + random.u64(0..2_000));
            phone = Phone::start(left, &booth, None);
        }
        assert_eq!(all_is_kept(phone, &booth, &story), expected, "seed {seed}");
    }
}

#[test]
fn death_around_the_end_of_a_talk_keeps_one_recording() {
    let story = Story::first(20_000);
    let expected = undisturbed(&story);
    for seed in [51, 52, 53] {
        let mut random = fastrand::Rng::with_seed(seed);
        let booth = Booth::open(lossy(seed), badge(&story));
        let mut phone = Phone::new(&booth, None);
        booth.until(story.end_ms() - 500);
        for _ in 0..4 {
            booth.until(booth.now_ms() + random.u64(100..1_500));
            phone = Phone::start(phone.die(&booth), &booth, None);
        }
        assert_eq!(all_is_kept(phone, &booth, &story), expected, "seed {seed}");
    }
}

/// What is missing between the numbers, as a loss map from the first.
fn holes(numbers: &[u32]) -> LossMap {
    let place = |seq: u32| u64::from(seq - numbers[0]) * FRAME_MS;
    let pairs = numbers.windows(2).filter(|w| w[1] > w[0] + 1);
    pairs
        .map(|w| LossSpan {
            start_ms: place(w[0] + 1),
            end_ms: place(w[1]),
            cause: LossCause::Lost,
        })
        .collect()
}

/// Whether the loss map has exactly the holes; it counts from the cut, which lies within a frame.
fn is_loss_of(recording: &Recording, numbers: &[u32]) {
    let (holes, loss) = (holes(numbers), &recording.audio.loss);
    assert_eq!(holes.spans().len(), loss.spans().len(), "{holes:?} {loss:?}");
    for (hole, span) in holes.spans().iter().zip(loss.spans()) {
        assert_eq!(hole.end_ms - hole.start_ms, span.end_ms - span.start_ms);
        assert!(hole.start_ms.abs_diff(span.start_ms) < FRAME_MS, "{hole:?} {span:?}");
        assert_eq!(hole.cause, span.cause);
    }
}

#[test]
fn gaps_of_a_badge_without_storage_are_known_and_lower_what_is_trusted() {
    let story = Story::whole();
    let agenda = vec![(story.end_ms(), Happening::Press(Press::Long))];
    let features = Features::BUTTON.with(Features::CLOCK);
    let config = ConfeeConfig { agenda, features, ..ConfeeConfig::default() };
    let plan = AirPlan { seed: 3, loss: 0.002, reorder: 0.01, ..AirPlan::default() };
    let booth = Booth::open(plan, ConfeeBadge::new(config, story.source()));
    let phone = Phone::new(&booth, Some(Arc::new(Scribe)));
    let recording = phone.recordings(1, RecordingState::Read).remove(0);
    let talk = phone.wait(phone.engine.transcript(&recording.id)).unwrap();
    let facts = talk.audio().unwrap().clone();
    let loss = facts.loss.clone();
    assert_eq!(loss, recording.audio.loss);

    // The same words, heard without a gap.
    let (at, rep) = (talk.captured_at(), talk.rep().clone());
    let whole = Transcript::new("whole".into(), at, rep, talk.segments().to_vec()).unwrap();
    let whole = whole.with_audio(AudioFacts { loss: LossMap::default(), ..facts });
    let whole = phone.wait(phone.engine.add_conversation(whole)).unwrap();
    let card = phone.wait(phone.engine.lead(&recording.id)).unwrap();
    let near = |f: &confee_domain::FieldCard| {
        f.evidence.iter().any(|e| loss.lost_ms(e.start_ms.saturating_sub(300), e.end_ms + 300) > 0)
    };
    let (mut lower, mut equal) = (0, 0);
    for (heard, clear) in card.fields.iter().zip(&whole.fields) {
        assert_eq!((heard.key, &heard.display), (clear.key, &clear.display));
        if near(heard) {
            assert!(heard.confidence < clear.confidence, "{:?}", heard.key);
            lower += 1;
        } else {
            assert_eq!(heard.confidence, clear.confidence, "{:?}", heard.key);
            equal += 1;
        }
    }
    assert!(lower > 0 && equal > 0, "{lower} lower, {equal} equal; {loss:?}");
    let numbers = numbers(phone, &recording);
    assert!(numbers.len() < (recording.end_seq - recording.first_seq) as usize);
    is_loss_of(&recording, &numbers);
}

/// The app dies while the badge is out of range in the middle of the talk, for eleven minutes.
/// Gives the recordings of before and of what the badge stored meanwhile, and the first's frames.
fn eleven_minutes_away(air: AirPlan) -> ([Recording; 2], Vec<u32>) {
    let story = Story::whole();
    let drop = LinkDrop { at_ms: 60_000, for_ms: 660_000, fault: LinkFault::Timeout };
    let booth = Booth::open(AirPlan { drops: vec![drop], ..air }, badge(&story));
    let phone = Phone::new(&booth, None);
    phone.engine.allow_drain(false).unwrap();
    booth.until(70_000);
    let left = phone.die(&booth);
    let phone = Phone::start(left, &booth, None);
    booth.speed(400);
    booth.until(600_000);
    assert_eq!(phone.summaries(), [], "given up too early");
    booth.until(710_000);
    booth.speed(40);
    let early = phone.recordings(1, RecordingState::Waiting).remove(0);
    booth.until(760_000);
    let [first, second] = phone.recordings(2, RecordingState::Waiting).try_into().unwrap();
    assert_eq!(first, early, "changed by what came later");
    let end_seq = (60_000 / FRAME_MS) as u32;
    assert!(first.first_seq <= LEAD_IN, "{}", first.first_seq);
    assert!(first.end_seq.abs_diff(end_seq) <= 150, "{}", first.end_seq);
    let numbers = numbers(phone, &first);
    ([first, second], numbers)
}

#[test]
fn a_badge_that_stays_away_ends_the_talk_and_its_storage_is_the_next_one() {
    let ([first, second], _) = eleven_minutes_away(AirPlan::default());
    assert_eq!(first.audio.loss.spans(), []);
    assert_eq!(second.audio.loss.spans(), []);
    assert!(second.first_seq.abs_diff(first.end_seq) <= 150, "{}", second.first_seq);
}

#[test]
fn a_badge_that_stays_away_ends_the_talk_with_its_gaps() {
    let ([first, _], numbers) = eleven_minutes_away(lossy(7));
    assert!(!first.audio.loss.spans().is_empty());
    is_loss_of(&first, &numbers);
}

#[test]
fn a_badge_that_is_away_for_longer_than_quiet_lasts_does_not_end_the_talk() {
    let story = Story::whole();
    for (seed, for_ms) in [(61, 65_000), (62, 75_000)] {
        let drop = LinkDrop { at_ms: 20_000, for_ms, fault: LinkFault::Timeout };
        let booth = Booth::open(AirPlan { drops: vec![drop], ..lossy(seed) }, badge(&story));
        all_is_kept(Phone::new(&booth, None), &booth, &story);
    }
}

#[test]
fn after_a_long_pause_of_the_badge_lost_frames_are_still_fetched() {
    let story = Story::whole();
    let (pause, on) = (60_000, 150_000);
    let agenda = vec![
        (pause, Happening::Silence(true)),
        (on, Happening::Silence(false)),
        (on + 40_000, Happening::Press(Press::Long)),
    ];
    let config = ConfeeConfig { agenda, ..ConfeeConfig::default() };
    let booth = Booth::open(lossy(9), ConfeeBadge::new(config, story.source()));
    let phone = Phone::new(&booth, None);
    for recording in phone.recordings(2, RecordingState::Waiting) {
        assert_eq!(recording.audio.loss.lost_ms(0, recording.duration_ms), 0, "{recording:?}");
    }
    let _folder = phone.close();
}
