//! From a recording to its text.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use chrono::{DateTime, FixedOffset};
use confee_audio::decode::{Chunk, DecodeError, Timeline};
use confee_domain::{
    AudioFrame, Codec, Microphones, Recording, RecordingState, StreamId, Transcript,
};
use confee_store::{Reader, Record};

use crate::desk::Desk;
use crate::error::{CompanionError, Result};

/// Turns a recording into text. Called on a thread of its own, one recording at a time; a slow one
/// loses nothing.
pub trait Recogniser: Send + Sync {
    /// What a recording says.
    ///
    /// # Errors
    /// A sentence for the log, without words of the talk.
    fn transcribe(
        &self,
        recording: &Recording,
        audio: &RecordingAudio,
    ) -> std::result::Result<Reading, String>;

    /// Capture ends: give up what is being read, it will be read again. Called from another thread.
    fn stop(&self) {}
}

/// What a recogniser makes of a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// The talk, with the recording's id.
    Talk(Box<Transcript>),
    /// Nobody says anything in it.
    Silent,
    /// It cannot be read now, such as for want of a model; it goes on waiting.
    Later,
}

/// The sound of a recording, still coded.
pub struct RecordingAudio {
    stream: StreamId,
    microphones: Option<Microphones>,
    frames: Vec<Frame>,
}

struct Frame {
    seq: u32,
    captured_ms: u32,
    codec: Codec,
    payload: Box<[u8]>,
}

impl RecordingAudio {
    /// Reads the file of a recording: a few kilobytes a second of talk.
    pub(crate) fn read(recording: &Recording, mut file: Reader) -> Result<Self> {
        let (stream, microphones) = (recording.stream, recording.audio.microphones);
        let mut frames = Vec::new();
        while let Some(record) = file.next()? {
            if let Record::Frame(f) = record
                && f.stream == stream
            {
                let payload = f.payload.into();
                let (seq, captured_ms, codec) = (f.seq, f.captured_ms, f.codec);
                frames.push(Frame { seq, captured_ms, codec, payload });
            }
        }
        frames.sort_by_key(|f| f.seq);
        frames.dedup_by_key(|f| f.seq);
        Ok(Self { stream, microphones, frames })
    }

    /// Form of the sound; unset where no frame is left.
    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        self.frames.first().map(|f| f.codec)
    }

    /// The badge's two microphones; unset with one.
    #[must_use]
    pub fn microphones(&self) -> Option<Microphones> {
        self.microphones
    }

    /// Decodes from the start: 16 kHz, one or two channels, holes filled with concealment or
    /// silence of their own length.
    ///
    /// # Errors
    /// The form cannot be decoded, or there is a hole of more than 10 minutes.
    pub fn decode(&self, sink: &mut dyn FnMut(Chunk<'_>)) -> std::result::Result<(), DecodeError> {
        let Some(codec) = self.codec() else { return Ok(()) };
        let mut timeline = Timeline::new(codec)?;
        for f in &self.frames {
            let (stream, seq, captured_ms, codec) = (self.stream, f.seq, f.captured_ms, f.codec);
            let frame = AudioFrame { stream, seq, captured_ms, codec, payload: &f.payload };
            timeline.push(&frame, sink)?;
        }
        timeline.finish(sink);
        Ok(())
    }
}

/// The thread that has recordings read. It ends when every clone is gone, or soon after
/// [`Readers::stop`].
#[derive(Clone)]
pub(super) struct Readers {
    queue: Option<Sender<Recording>>,
    recogniser: Option<Arc<dyn Recogniser>>,
    stopped: Arc<AtomicBool>,
}

impl Readers {
    /// Starts the thread where there is a recogniser.
    pub(super) fn start(
        desk: &Arc<Desk>,
        recogniser: Option<Arc<dyn Recogniser>>,
    ) -> Result<(Self, Option<JoinHandle<()>>)> {
        let stopped = Arc::new(AtomicBool::new(false));
        let Some(recogniser) = recogniser else {
            return Ok((Self { queue: None, recogniser: None, stopped }, None));
        };
        let (queue, recordings) = channel::<Recording>();
        let readers = Self {
            queue: Some(queue),
            recogniser: Some(Arc::clone(&recogniser)),
            stopped: Arc::clone(&stopped),
        };
        let desk = Arc::clone(desk);
        let thread = super::spawn("confee-read", move || {
            for recording in recordings {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                read(&desk, &*recogniser, &recording);
            }
        })?;
        Ok((readers, Some(thread)))
    }

    /// Gives up what is being read and what waits: it is still on the disk.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(recogniser) = &self.recogniser {
            recogniser.stop();
        }
    }

    /// Has a recording read.
    pub(super) fn read(&self, recording: Recording) {
        if let Some(queue) = &self.queue {
            // The thread ends only with this sender.
            let _ = queue.send(recording);
        }
    }

    /// Has everything read that still waits from before.
    pub(super) fn resume(&self, desk: &Desk) {
        match desk.store.recordings(RecordingState::Waiting) {
            Ok(waiting) => waiting.into_iter().for_each(|r| self.read(r)),
            Err(error) => tracing::warn!(%error, "waiting recordings cannot be listed"),
        }
    }
}

fn read(desk: &Desk, recogniser: &dyn Recogniser, recording: &Recording) {
    match try_read(desk, recogniser, recording) {
        Ok(true) => {}
        Ok(false) => tracing::info!(id = recording.id, "the recording waits for its text"),
        Err(error) => tracing::warn!(id = recording.id, %error, "a recording cannot be read"),
    }
}

fn try_read(desk: &Desk, recogniser: &dyn Recogniser, recording: &Recording) -> Result<bool> {
    let file = desk.talks.open(&recording.id)?;
    let audio = RecordingAudio::read(recording, file)?;
    match recogniser.transcribe(recording, &audio).map_err(CompanionError::Speech)? {
        Reading::Talk(talk) => desk.add(&talk).map(|_| true),
        Reading::Silent => {
            desk.store.set_recording_state(&recording.id, RecordingState::Silent)?;
            Ok(true)
        }
        Reading::Later => Ok(false),
    }
}

/// When a recording began, with an offset from UTC; unset where no clock was compared.
#[must_use]
pub fn started_at(recording: &Recording, offset: FixedOffset) -> Option<DateTime<FixedOffset>> {
    DateTime::from_timestamp_millis(recording.started_at_ms?).map(|at| at.with_timezone(&offset))
}
