use confee_audio::speaker::Speakers;
use confee_domain::Speaker;

use super::talk::Talk;

/// Samples of a step in which time is counted: 16 ms.
const STEP: usize = 256;
/// A step is speech from this share of its turn's mean power.
const SPEECH: f32 = 0.03;

#[derive(Clone, Copy, Default)]
struct Count {
    right: u32,
    wrong: u32,
    unknown: u32,
}

/// Time, words and segments by who was named.
#[derive(Clone, Default)]
pub(crate) struct Score {
    time: Count,
    words: Count,
    segments: Count,
}

pub(crate) fn head() {
    println!(
        "| wearer louder by | noise | microphones | named | right of named | wrong of all | words right / wrong / unknown | segments right / wrong / unknown |"
    );
    println!("|---|---|---|---|---|---|---|---|");
}

impl Score {
    /// Counts a talk; of the one who speaks `alone` only.
    pub(crate) fn add(&mut self, found: &Speakers, talk: &Talk, alone: Option<Speaker>) {
        let heard = talk.turns.iter().filter(|turn| alone.is_none_or(|who| turn.speaker == who));
        for turn in heard {
            let ms = |samples: usize| samples as u64 / 16;
            let named = |start, end| found.between(ms(start), ms(end)).0;
            self.segments.add(named(turn.start, turn.end), turn.speaker);
            for (start, end) in &turn.words {
                self.words.add(named(*start, *end), turn.speaker);
            }
            let sound = &talk.channels[0];
            let of = |from: usize, to: usize| {
                let part = sound.get(from..to.min(sound.len())).unwrap_or_default();
                part.iter().map(|x| x * x).sum::<f32>() / part.len().max(1) as f32
            };
            let mean = of(turn.start, turn.end);
            for start in (turn.start..turn.end).step_by(STEP) {
                if of(start, start + STEP) > SPEECH * mean {
                    self.time.add(named(start, start + STEP), turn.speaker);
                }
            }
        }
    }

    pub(crate) fn print(&self, louder: &str, noise: &str, mics: &str) {
        let [named, right, wrong] = self.time.shares();
        let all = |count: Count| {
            let sum = (count.right + count.wrong + count.unknown).max(1);
            let percent = |n: u32| 100.0 * n as f32 / sum as f32;
            format!(
                "{:.1} / {:.1} / {:.1}",
                percent(count.right),
                percent(count.wrong),
                percent(count.unknown)
            )
        };
        println!(
            "| {louder} | {noise} | {mics} | {named:.1} % | {right:.1} % | {wrong:.1} % | {} | {} |",
            all(self.words),
            all(self.segments)
        );
    }
}

impl Count {
    fn add(&mut self, named: Option<Speaker>, truth: Speaker) {
        match named {
            None => self.unknown += 1,
            Some(speaker) if speaker == truth => self.right += 1,
            Some(_) => self.wrong += 1,
        }
    }

    /// Named of all, right of named, wrong of all, in percent.
    fn shares(self) -> [f32; 3] {
        let named = self.right + self.wrong;
        let all = (named + self.unknown).max(1) as f32;
        [named as f32 / all, self.right as f32 / named.max(1) as f32, self.wrong as f32 / all]
            .map(|share| 100.0 * share)
    }
}
