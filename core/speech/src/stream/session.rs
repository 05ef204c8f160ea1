use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

use super::agreement::{Agreement, Glimpse, PREVIEW_MOST_MS};
use super::cutter::{Cutter, Utterance};
use super::held::SAMPLES_PER_MS;
use super::rest;
use super::settle::settle;
use super::shared::{Job, Peek, Shared};
use super::{Check, Preview, Sound, Spoken, Transcriber, TranscriberConfig, Voice};
use crate::{Ask, Engine, Heard, RATE, SpeechError, Stop, estimate_tokens};

/// Sound is cut a second at a time, however much is pushed.
const STEP: usize = RATE;
/// New sound between two previews.
const PEEK_EVERY: u64 = RATE as u64;

/// A talk that is being transcribed by one engine on a thread of its own.
///
/// Memory besides the engine's: at most 5 utterances of 29 s (the one that grows with what is not
/// decided yet, one that is ready, two that wait and one that is heard; 1.8 MB each), two previews
/// of 15 s where there are previews, and words that were not read yet.
///
/// Dropped, it stops; its thread ends by itself as soon as the engine notices.
pub struct Session {
    cutter: Cutter,
    shared: Arc<Shared>,
    origin_ms: u64,
    previews: bool,
    peeked: u64,
    worker: Option<JoinHandle<Box<dyn Engine>>>,
}

/// How a session ended.
pub struct Ended {
    /// The utterances that were not read yet, or why there are none.
    pub spoken: Result<Vec<Spoken>, SpeechError>,
    /// The engine; none where it panicked.
    pub engine: Option<Box<dyn Engine>>,
}

impl Session {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(engine: Box<dyn Engine>, config: TranscriberConfig) -> Result<Self, SpeechError> {
        let shared = Arc::new(Shared::new());
        let ask = Ask {
            language: config.language,
            prompt: config.prompt.prompt(&estimate_tokens),
            without_times: false,
        };
        let work = Work {
            engine,
            ask,
            check: config.check,
            previews: config.preview,
            agreement: None,
            shared: Arc::clone(&shared),
        };
        let builder = Builder::new().name("confee-speech".into());
        let worker = builder
            .spawn(move || work.run())
            .map_err(|e| SpeechError::Engine(format!("no thread for it: {}", e.kind())))?;
        Ok(Self {
            cutter: Cutter::new(config.cut, config.start_ms),
            shared,
            origin_ms: config.start_ms,
            previews: config.preview,
            peeked: 0,
            worker: Some(worker),
        })
    }

    /// As [`Transcriber::finish`], and gives the engine back for the next talk.
    #[must_use]
    pub fn end(mut self) -> Ended {
        self.cutter.finish();
        let sent = self.send_ready();
        self.shared.close();
        let engine = self.worker.take().and_then(|worker| worker.join().ok());
        let heard = match &engine {
            Some(_) => sent.and_then(|()| self.shared.check_end()),
            None => Err(SpeechError::Engine("it panicked".into())),
        };
        Ended { spoken: heard.map(|()| self.shared.take_done()), engine }
    }

    fn send_ready(&mut self) -> Result<(), SpeechError> {
        while let Some(utterance) = self.cutter.next() {
            self.shared.send(utterance)?;
        }
        Ok(())
    }

    /// Offers the running utterance for a preview when it has grown by a second.
    fn offer(&mut self) {
        let samples = self.cutter.samples();
        if !self.previews || samples - self.peeked < PEEK_EVERY {
            return;
        }
        let Some((utterance_ms, pcm)) = self.cutter.running() else { return };
        self.peeked = samples;
        let end_ms = utterance_ms + pcm.len() as u64 / SAMPLES_PER_MS;
        let least_ms = end_ms.saturating_sub(PREVIEW_MOST_MS);
        let from_ms = self.shared.peek_from(utterance_ms).clamp(least_ms.max(utterance_ms), end_ms);
        let skip = ((from_ms - utterance_ms) * SAMPLES_PER_MS) as usize;
        let pcm = pcm.get(skip..).unwrap_or_default().to_vec();
        self.shared.offer(Peek { utterance_ms, from_ms, pcm });
    }
}

impl Transcriber for Session {
    fn push(&mut self, sound: Sound<'_>) -> Result<(), SpeechError> {
        self.shared.check()?;
        let (mut pcm, mut voice) = (sound.pcm, sound.voice);
        loop {
            let (now, later) = pcm.split_at(pcm.len().min(STEP));
            let end = self.cutter.samples() + now.len() as u64;
            let known = voices_before(voice, self.origin_ms + end / SAMPLES_PER_MS, later);
            self.cutter.push(&Sound { pcm: now, voice: &voice[..known], ..sound });
            (pcm, voice) = (later, &voice[known..]);
            self.send_ready()?;
            self.offer();
            if pcm.is_empty() {
                return Ok(());
            }
        }
    }

    fn preview(&mut self) -> Option<Preview> {
        self.shared.take_shown()
    }

    fn spoken(&mut self) -> Vec<Spoken> {
        self.shared.take_done()
    }

    fn finish(self: Box<Self>) -> Result<Vec<Spoken>, SpeechError> {
        self.end().spoken
    }

    fn stop(&self) -> Stop {
        self.shared.stop().clone()
    }
}

/// How many decisions go with the sound up to a time; all with the last.
fn voices_before(voice: &[Voice], end_ms: u64, later: &[f32]) -> usize {
    if later.is_empty() { voice.len() } else { voice.partition_point(|v| v.start_ms < end_ms) }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.worker.is_some() {
            self.shared.stop().stop();
            self.shared.close();
        }
    }
}

/// The engine's thread.
struct Work {
    engine: Box<dyn Engine>,
    ask: Ask,
    check: Option<Check>,
    previews: bool,
    agreement: Option<(u64, Agreement)>,
    shared: Arc<Shared>,
}

/// Tells the caller's thread that this one ends, also by a panic.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Work {
    fn run(mut self) -> Box<dyn Engine> {
        let _ending = Ending(Arc::clone(&self.shared));
        while let Some(job) = self.shared.next() {
            match job {
                Job::Hear(utterance) => self.hear(&utterance),
                Job::Peek(peek, stop) => self.peek(&peek, &stop),
            }
        }
        self.engine
    }

    fn hear(&mut self, utterance: &Utterance) {
        let started = Instant::now();
        match self.whole(utterance) {
            Ok(mut heard) => {
                let length_ms = utterance.pcm.len() as u64 / SAMPLES_PER_MS;
                let took_ms = started.elapsed().as_millis();
                let Heard { tokens, temperature, .. } = heard;
                tracing::debug!(length_ms, took_ms, tokens, temperature, "utterance heard");
                let check = self.check.as_mut();
                let removed = check.map_or(0, |check| check(&mut heard, &utterance.facts));
                let spoken = settle(&heard, &utterance.facts, removed);
                let some = !spoken.words.is_empty() || spoken.removed > 0;
                self.shared.deliver(some.then_some(spoken), self.previews);
            }
            Err(error) => self.shared.fail(error),
        }
    }

    /// All of an utterance, also where the engine's text ends early.
    fn whole(&mut self, utterance: &Utterance) -> Result<Heard, SpeechError> {
        let Self { engine, ask, shared, .. } = self;
        let stop = shared.stop();
        let mut heard = twice(engine.as_mut(), &utterance.pcm, ask, stop)?;
        // The prompt is what most often ends a text too early.
        let ask = Ask { prompt: String::new(), ..ask.clone() };
        let mut from_ms = 0;
        for _ in 0..rest::MOST_PASSES {
            let voice = &utterance.facts.voice;
            let Some(until_ms) = rest::left(&heard, from_ms, voice) else { break };
            let skip = (u64::from(until_ms) * SAMPLES_PER_MS) as usize;
            let pcm = utterance.pcm.get(skip..).unwrap_or_default();
            let rest = twice(engine.as_mut(), pcm, &ask, stop)?;
            tracing::debug!(until_ms, words = rest.words.len(), "voice was left behind the text");
            rest::join(&mut heard, rest, until_ms);
            from_ms = until_ms;
        }
        Ok(heard)
    }

    fn peek(&mut self, peek: &Peek, stop: &Stop) {
        let Ok(heard) = self.engine.hear(&peek.pcm, &self.ask, stop) else {
            self.shared.unshown();
            return;
        };
        let time = |ms: u32| peek.from_ms + u64::from(ms);
        let words = heard.words.into_iter().map(|w| Glimpse {
            start_ms: time(w.start_ms),
            end_ms: time(w.end_ms),
            text: w.text.trim().to_owned(),
            spaced: w.spaced,
        });
        let end_ms = peek.from_ms + peek.pcm.len() as u64 / SAMPLES_PER_MS;
        let known = self.agreement.take().filter(|(utterance, _)| *utterance == peek.utterance_ms);
        let mut agreement =
            known.map_or_else(|| Agreement::new(peek.utterance_ms), |(_, agreement)| agreement);
        let preview = agreement.hear(words.filter(|w| !w.text.is_empty()).collect(), end_ms);
        self.shared.show((peek.utterance_ms, agreement.begin_ms()), preview, stop);
        self.agreement = Some((peek.utterance_ms, agreement));
    }
}

/// An engine that fails once may have been short of memory.
fn twice(
    engine: &mut dyn Engine,
    pcm: &[f32],
    ask: &Ask,
    stop: &Stop,
) -> Result<Heard, SpeechError> {
    match engine.hear(pcm, ask, stop) {
        Err(SpeechError::Engine(why)) if !stop.is_stopped() => {
            tracing::warn!(why, "the recogniser failed; once more");
            engine.hear(pcm, ask, stop)
        }
        result => result,
    }
}
