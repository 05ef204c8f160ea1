//! How well the wearer is told from the visitor: spoken talks put into rooms, heard by a badge.
//!
//! ```sh
//! cargo run -p confee-audio --example who -- TALK.opus|TALK.wav ... [--seeds 2]
//! cargo run -p confee-audio --example who -- --recorded BADGE.wav ...
//! ```
//!
//! Beside each sound lies a JSON of the same name with `segments` of `start_ms`, `end_ms` and
//! `speaker`. Talks are dry, both voices apart in time; the rooms are made here. `--recorded` judges
//! sound as it is, of one or two channels.
#![allow(clippy::print_stdout, reason = "it prints its findings")]

mod booth;
mod score;
mod talk;

use booth::{Booth, Pair};
use confee_audio::array::{ArrayGeometry, Axis, BeamPolicy, Beamformer};
use confee_audio::speaker::{SpeakerPolicy, Speakers, WhoSpeaks};
use confee_audio::voice::{VadPolicy, VoiceActivity};
use confee_domain::Speaker;
use score::Score;
use talk::Talk;

type Error = Box<dyn std::error::Error>;

/// As the decoder gives them: 20 ms.
const CHUNK: usize = 320;

/// One way to hear a talk.
#[derive(Clone, Copy)]
struct Scene {
    /// How much louder the wearer is, in dB.
    louder_db: f32,
    /// Visitor over babble in dB.
    babble_db: Option<f32>,
    /// The one who speaks, where it is not both.
    alone: Option<Speaker>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mics {
    One,
    Vertical,
    Side,
}

fn main() -> Result<(), Error> {
    let mut seeds = 1;
    let (mut paths, mut recorded) = (Vec::new(), false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seeds" => seeds = args.next().ok_or("--seeds needs a number")?.parse()?,
            "--recorded" => recorded = true,
            _ => paths.push(std::path::PathBuf::from(arg)),
        }
    }
    let talks: Vec<Talk> = paths.iter().map(|path| Talk::load(path)).collect::<Result<_, _>>()?;
    if talks.is_empty() {
        return Err("name the talks to judge, see the head of this example".into());
    }
    score::head();
    if recorded {
        for talk in &talks {
            let mut score = Score::default();
            score.add(&hear(&talk.channels, Mics::of(&talk.channels)), talk, None);
            score.print(
                &talk.name,
                "as it is",
                if talk.channels.len() == 2 { "two" } else { "one" },
            );
        }
        return Ok(());
    }
    simulate(&talks, seeds);
    Ok(())
}

fn scenes() -> Vec<Scene> {
    let quiet = |louder_db| Scene { louder_db, babble_db: None, alone: None };
    let babble = |db| Scene { louder_db: 10.0, babble_db: Some(db), alone: None };
    let mut all: Vec<Scene> = [16.0, 10.0, 6.0, 3.0, 0.0, -3.0].map(quiet).to_vec();
    all.extend([20.0, 10.0, 5.0].map(babble));
    let alone = |who| Scene { alone: Some(who), ..quiet(10.0) };
    all.extend([Speaker::Rep, Speaker::Prospect].map(alone));
    all
}

fn simulate(talks: &[Talk], seeds: u64) {
    let axes = [
        (Mics::One, Axis::Vertical),
        (Mics::Vertical, Axis::Vertical),
        (Mics::Side, Axis::Horizontal),
    ];
    let scenes = scenes();
    let mut scores = vec![[Score::default(), Score::default(), Score::default()]; scenes.len()];
    for (number, talk) in talks.iter().enumerate() {
        for seed in 0..seeds {
            for (column, (mics, axis)) in axes.into_iter().enumerate() {
                let booth = Booth::new(101 * number as u64 + seed, axis);
                let heard = booth.talk(talk, talks, number);
                for (scene, scores) in scenes.iter().zip(&mut scores) {
                    let mix = heard.mix(scene.louder_db, scene.babble_db, scene.alone);
                    let found = hear(&mix, mics);
                    scores[column].add(&found, talk, scene.alone);
                }
            }
        }
    }
    for (scene, scores) in scenes.iter().zip(&scores) {
        let noise =
            scene.babble_db.map_or("quiet".to_owned(), |db| format!("babble at {db:.0} dB"));
        let louder = match scene.alone {
            Some(Speaker::Rep) => "wearer alone".to_owned(),
            Some(Speaker::Prospect) => "visitor alone".to_owned(),
            None => format!("{:.0} dB", scene.louder_db),
        };
        for (score, (mics, _)) in scores.iter().zip(axes) {
            score.print(&louder, &noise, mics.name());
        }
    }
}

impl Mics {
    fn of(channels: &[Vec<f32>]) -> Self {
        if channels.len() == 2 { Self::Vertical } else { Self::One }
    }

    fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Vertical => "vertical",
            Self::Side => "side by side",
        }
    }
}

/// Hears a recording as the app does.
fn hear(channels: &[Vec<f32>], mics: Mics) -> Speakers {
    let mut voice = VoiceActivity::new(VadPolicy::default());
    let mut who = WhoSpeaks::new(SpeakerPolicy::default());
    let [first, second, ..] = channels else {
        for chunk in channels[0].chunks(CHUNK) {
            who.push(chunk, voice.push(chunk), &[]);
        }
        return who.finish();
    };
    if mics == Mics::One {
        return hear(std::slice::from_ref(first), mics);
    }
    let axis = if mics == Mics::Side { Axis::Horizontal } else { Axis::Vertical };
    let geometry = ArrayGeometry { spacing_m: booth::SPACING_M, axis };
    let mut beam = Beamformer::new(geometry, BeamPolicy::default());
    let mut speech = false;
    for (a, b) in first.chunks(CHUNK).zip(second.chunks(CHUNK)) {
        let mut out = Vec::new();
        let hints: Vec<_> = beam.process([a, b], speech, &mut out).map(|f| f.hint).collect();
        let frames = voice.push(&out);
        speech = frames.last().map_or(speech, |f| f.speech);
        who.push(&out, frames, &hints);
    }
    who.finish()
}

/// What both microphones hear of a talk: wearer, visitor and babble apart.
struct Heard {
    wearer: Pair,
    visitor: Pair,
    babble: Pair,
}

impl Heard {
    fn mix(&self, louder_db: f32, babble_db: Option<f32>, alone: Option<Speaker>) -> Vec<Vec<f32>> {
        booth::mix(self, louder_db, babble_db, alone)
    }
}
