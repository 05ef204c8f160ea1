//! A talk whose sound says which words are in it, and engines that read them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use confee_domain::LossCause;
use confee_speech::stream::{Sound, Transcriber, Voice};
use confee_speech::{
    Ask, Engine, EngineFacts, EngineKind, Heard, HeardWord, SpeechError, Stop, WINDOW,
};

/// Words are held levels of a multiple of this; 0 is silence.
const STEP: f32 = 1.0 / 4096.0;
const NAMES: u64 = 2000;

/// A word of the script in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) start_ms: u64,
    pub(crate) end_ms: u64,
}

/// A script: words in order, and stretches without sound.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) words: Vec<Said>,
    pub(crate) missing: Vec<(u64, u64, LossCause)>,
    pub(crate) length_ms: u64,
}

impl Script {
    /// Phrases of `(pause before, words, milliseconds of a word)`, 40 ms between words.
    pub(crate) fn of(phrases: &[(u64, u64, u64)]) -> Self {
        let mut script = Self::default();
        for (pause_ms, count, word_ms) in phrases {
            script.length_ms += pause_ms;
            for _ in 0..*count {
                let start_ms = script.length_ms;
                script.words.push(Said { start_ms, end_ms: start_ms + word_ms });
                script.length_ms += word_ms + 40;
            }
        }
        script
    }

    pub(crate) fn name(index: usize) -> String {
        format!("w{}", index as u64 % NAMES)
    }

    fn missing_at(&self, ms: u64) -> Option<LossCause> {
        self.missing.iter().find(|m| m.0 <= ms && ms < m.1).map(|m| m.2)
    }

    fn word_at(&self, ms: u64) -> Option<usize> {
        let place = self.words.partition_point(|w| w.end_ms <= ms);
        self.words.get(place).filter(|w| w.start_ms <= ms).map(|_| place)
    }

    /// The level at a millisecond.
    fn level(&self, ms: u64) -> f32 {
        match self.word_at(ms) {
            Some(word) if self.missing_at(ms).is_none() => (word as u64 % NAMES + 1) as f32 * STEP,
            _ => 0.0,
        }
    }

    /// What the voice detector of the project says: 3 frames of onset, 400 ms of hangover.
    fn voice(&self, start_ms: u64, onset: &mut u32, heard_ms: &mut Option<u64>) -> Voice {
        let voiced = self.level(start_ms + 8) > 0.0;
        *onset = if voiced { *onset + 1 } else { 0 };
        if *onset >= 3 || (voiced && heard_ms.is_some()) {
            *heard_ms = Some(start_ms);
        }
        if heard_ms.is_some_and(|at| start_ms - at > 400) {
            *heard_ms = None;
        }
        let probability = if voiced { 0.95 } else { 0.02 };
        Voice { start_ms, speech: heard_ms.is_some(), probability }
    }

    /// Feeds the talk in chunks of some milliseconds, `each` is called
    /// after every chunk with the time.
    pub(crate) fn feed<T: Transcriber + ?Sized>(
        &self,
        to: &mut T,
        chunk_ms: u64,
        origin_ms: u64,
        mut each: impl FnMut(&mut T, u64),
    ) -> Result<(), SpeechError> {
        let (mut onset, mut heard_ms, mut frame_ms) = (0, None, 0);
        let (mut pcm, mut voice) = (Vec::new(), Vec::new());
        let mut at_ms = 0;
        while at_ms < self.length_ms {
            let missing = self.missing_at(at_ms);
            pcm.clear();
            let mut end_ms = at_ms;
            while end_ms < (at_ms + chunk_ms).min(self.length_ms)
                && self.missing_at(end_ms) == missing
            {
                pcm.extend([self.level(end_ms); 16]);
                end_ms += 1;
            }
            // Decisions come a chunk late as far as half a second allows.
            if chunk_ms <= 400 {
                to.push(Sound { pcm: &pcm, voice: &voice, missing, quality: None })?;
                voice.clear();
            }
            while frame_ms + 16 <= end_ms {
                let mut decision = self.voice(frame_ms, &mut onset, &mut heard_ms);
                decision.start_ms += origin_ms;
                voice.push(decision);
                frame_ms += 16;
            }
            if chunk_ms > 400 {
                to.push(Sound { pcm: &pcm, voice: &voice, missing, quality: None })?;
                voice.clear();
            }
            at_ms = end_ms;
            each(to, at_ms);
        }
        to.push(Sound { voice: &voice, ..Sound::default() })
    }
}

/// What an engine was given.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) calls: AtomicUsize,
    pub(crate) stopped: AtomicUsize,
    /// Milliseconds of each call.
    pub(crate) lengths: Mutex<Vec<u64>>,
    pub(crate) asks: Mutex<Vec<Ask>>,
    /// Milliseconds of sound without a word at the edges and in the middle, the most of a call.
    pub(crate) silent_ms: AtomicUsize,
}

/// Reads the words out of the sound.
#[derive(Default)]
pub(crate) struct Reader {
    pub(crate) log: Arc<Log>,
    pub(crate) gate: Option<Arc<Gate>>,
    /// Calls that fail, counted from 0.
    pub(crate) failing: Vec<usize>,
    pub(crate) panics: bool,
}

/// Holds an engine until it is opened.
#[derive(Default)]
pub(crate) struct Gate {
    open: Mutex<bool>,
    bell: Condvar,
}

impl Gate {
    pub(crate) fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.bell.notify_all();
    }

    fn pass(&self, stop: &Stop) -> Result<(), SpeechError> {
        let mut open = self.open.lock().unwrap();
        while !*open {
            if stop.is_stopped() {
                return Err(SpeechError::Stopped);
            }
            open = self.bell.wait_timeout(open, std::time::Duration::from_millis(2)).unwrap().0;
        }
        Ok(())
    }
}

impl Engine for Reader {
    fn facts(&self) -> EngineFacts {
        EngineFacts { kind: EngineKind::Host, english_only: true }
    }

    fn hear(&mut self, pcm: &[f32], ask: &Ask, stop: &Stop) -> Result<Heard, SpeechError> {
        assert!(pcm.len() <= WINDOW);
        let call = self.log.calls.fetch_add(1, Ordering::SeqCst);
        self.log.lengths.lock().unwrap().push(pcm.len() as u64 / 16);
        self.log.asks.lock().unwrap().push(ask.clone());
        assert!(!self.panics, "as told");
        if let Some(gate) = &self.gate
            && let Err(error) = gate.pass(stop)
        {
            self.log.stopped.fetch_add(1, Ordering::SeqCst);
            return Err(error);
        }
        if self.failing.contains(&call) {
            return Err(SpeechError::Engine("as told".into()));
        }
        let words = read(pcm);
        let spoken: u32 = words.iter().map(|w| w.end_ms - w.start_ms + 40).sum();
        let silent = (pcm.len() / 16).saturating_sub(spoken as usize);
        self.log.silent_ms.fetch_max(silent, Ordering::SeqCst);
        Ok(Heard { words, language: "en".into(), ..Heard::default() })
    }
}

fn read(pcm: &[f32]) -> Vec<HeardWord> {
    let mut words = Vec::new();
    let mut at = 0;
    for run in pcm.chunk_by(|a, b| a == b) {
        let (start, end) = (at, at + run.len());
        at = end;
        if run[0] > 0.0 {
            let name = ((run[0] / STEP).round() as u64).saturating_sub(1);
            words.push(HeardWord {
                text: format!("w{name}"),
                spaced: true,
                start_ms: (start / 16) as u32,
                end_ms: (end / 16) as u32,
                probability: 1.0,
            });
        }
    }
    words
}
