//! One stream behind the log: brought into order, heard, cut into conversations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use confee_audio::voice::cutter::{Cut, CutPolicy, Cutter};
use confee_badge::{MergePolicy, Merged, Merger};
use confee_domain::{AudioFacts, AudioFrame, Codec, Mark, MarkKind, Microphones, StreamId};
use confee_store::{Position, Spool};

use super::fetch::Fetch;
use super::index::{Entry, Index};
use super::sound::{Sound, Step, lost_ms, part};

/// Marks that are remembered; a badge that floods pushes out the oldest.
const MARKS: usize = 1024;

/// A conversation found in a stream.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Talk {
    pub(super) stream: StreamId,
    pub(super) first_seq: u32,
    pub(super) end_seq: u32,
    /// Of its first frame, on the badge's clock.
    pub(super) captured_ms: u32,
    pub(super) duration_ms: u64,
    pub(super) marked: bool,
    pub(super) audio: AudioFacts,
    /// Everything of it lies at or behind this place of the log.
    pub(super) from: Position,
}

/// Where a frame lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    position: Position,
    captured_ms: u32,
}

/// One stream.
pub(super) struct Ear {
    stream: StreamId,
    codec: Codec,
    pair: Option<Microphones>,
    policy: CutPolicy,
    merge: MergePolicy,
    merger: Merger<Place>,
    /// One past the last frame that was heard.
    next_seq: u32,
    /// Where what follows the last end begins: frames before it are too late.
    from_seq: u32,
    fetch: Fetch,
    marks: BTreeMap<(u32, u32), MarkKind>,
    /// Every mark that came: the same press is told live and by the store.
    known_marks: BTreeSet<(u32, u32)>,
    muted_from: Option<u32>,
    run: Run,
    payload: Vec<u8>,
    /// When the last frame came, on the phone's clock.
    pub(super) heard_ms: u64,
    /// Sound that runs before this one lost, in milliseconds.
    lost_before_ms: u64,
    talks: Vec<Talk>,
}

/// What begins anew after a hole that no conversation spans.
struct Run {
    sound: Sound,
    cutter: Cutter,
    index: Index,
    /// Capture time of its first frame.
    origin_ms: Option<u32>,
    open: Option<Open>,
    /// The last conversation that ended: a mark of it may still come.
    ended: Option<Talk>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    begin_ms: u64,
    marked: bool,
}

impl Run {
    fn new(codec: Codec, pair: Option<Microphones>, policy: &CutPolicy) -> Option<Self> {
        let sound = match Sound::new(codec, pair) {
            Ok(sound) => sound,
            Err(error) => {
                tracing::warn!(%error, "a stream cannot be decoded");
                return None;
            }
        };
        let index = Index::new(codec.frame_ms);
        let cutter = Cutter::new(policy.clone());
        Some(Self { sound, cutter, index, origin_ms: None, open: None, ended: None })
    }
}

impl Ear {
    /// An ear for a stream; none where its form cannot be decoded.
    pub(super) fn new(
        stream: StreamId,
        codec: Codec,
        pair: Option<Microphones>,
        merge: MergePolicy,
        cut: &CutPolicy,
        spool: Arc<Mutex<Spool>>,
    ) -> Option<Self> {
        Some(Self {
            stream,
            codec,
            pair,
            policy: cut.clone(),
            merge,
            merger: Merger::new(merge),
            next_seq: 0,
            from_seq: 0,
            fetch: Fetch::new(spool),
            marks: BTreeMap::new(),
            known_marks: BTreeSet::new(),
            muted_from: None,
            run: Run::new(codec, pair, cut)?,
            payload: Vec::new(),
            heard_ms: 0,
            lost_before_ms: 0,
            talks: Vec::new(),
        })
    }

    /// A frame is in the log.
    pub(super) fn frame(&mut self, frame: &AudioFrame<'_>, position: Position, now_ms: u64) {
        if frame.seq < self.from_seq {
            return;
        }
        let place = Place { position, captured_ms: frame.captured_ms };
        if self.merger.push(frame.seq, place, now_ms) {
            self.heard_ms = now_ms;
        }
    }

    /// A mark is in the log; the same one may come again.
    pub(super) fn mark(&mut self, mark: &Mark) {
        let place = (mark.seq, mark.captured_ms);
        if !self.known_marks.insert(place) {
            return;
        }
        self.marks.insert(place, mark.kind);
        if self.known_marks.len() > MARKS {
            self.known_marks.pop_first();
            self.marks.pop_first();
        }
    }

    /// Frames below a number that are not in the log exist nowhere.
    pub(super) fn gone(&mut self, below: u32) {
        self.merger.gone(below);
    }

    /// Hears everything that is certain by now and gives the conversations that ended.
    pub(super) fn advance(&mut self, now_ms: u64) -> Vec<Talk> {
        while let Some(merged) = self.merger.pop(now_ms) {
            if let Merged::Frame { seq, token } = merged {
                self.hear(seq, token);
            }
        }
        std::mem::take(&mut self.talks)
    }

    /// Ends the conversation that runs: nothing more will come for a while.
    pub(super) fn end(&mut self, now_ms: u64) -> Vec<Talk> {
        self.merger.end();
        let mut talks = self.advance(now_ms);
        self.apply_marks(u32::MAX);
        self.restart();
        talks.append(&mut self.talks);
        // The stream may go on, and what is missing then may be on the badge.
        self.from_seq = self.next_seq;
        self.merger = Merger::new(self.merge);
        self.merger.gone(self.next_seq);
        talks
    }

    /// Whether frames are here that wait for earlier ones.
    pub(super) fn is_waiting(&self) -> bool {
        self.merger.waiting() > 0
    }

    pub(super) fn in_conversation(&self) -> bool {
        self.run.open.is_some()
    }

    /// Milliseconds of this stream that nobody has.
    pub(super) fn lost_ms(&self) -> u64 {
        self.lost_before_ms + lost_ms(self.run.sound.loss())
    }

    /// Nothing before this place of the log is needed any more; unset where nothing is at all.
    pub(super) fn keep_from(&mut self) -> Option<Position> {
        let keep_ms = self.run.cutter.keep_from_ms();
        self.run.index.forget_before(keep_ms);
        let waits = self.merger.tokens().map(|place| place.position).min();
        waits.into_iter().chain(self.run.index.position_at(keep_ms)).min()
    }

    fn hear(&mut self, seq: u32, place: Place) {
        self.next_seq = seq.saturating_add(1);
        self.apply_marks(seq);
        let Self { fetch, payload, stream, .. } = self;
        let read = fetch.frame(place.position, *stream, seq, |frame| {
            payload.clear();
            payload.extend_from_slice(frame.payload);
        });
        match read {
            Ok(true) => self.push(seq, place),
            Ok(false) => tracing::warn!("a frame is no longer in the audio log"),
            Err(error) => tracing::warn!(%error, "a frame cannot be read from the audio log"),
        }
    }

    fn push(&mut self, seq: u32, place: Place) {
        if self.try_push(seq, place).is_err() {
            // A hole too long to bridge, or another form: what was running has ended.
            self.restart();
            if let Err(error) = self.try_push(seq, place) {
                tracing::warn!(%error, "a frame cannot be heard");
            }
        }
        self.read_cuts();
    }

    fn try_push(
        &mut self,
        seq: u32,
        place: Place,
    ) -> Result<(), confee_audio::decode::DecodeError> {
        let (stream, codec, captured_ms) = (self.stream, self.codec, place.captured_ms);
        let frame = AudioFrame { stream, seq, captured_ms, codec, payload: &self.payload };
        let Run { sound, cutter, index, origin_ms, .. } = &mut self.run;
        sound.push(&frame, &mut |step| match step {
            Step::At { start_ms } => {
                index.push(Entry { at_ms: start_ms, seq, position: place.position });
            }
            Step::Speech { start_ms, speech } => cutter.speech(start_ms, speech),
        })?;
        origin_ms.get_or_insert(captured_ms);
        Ok(())
    }

    /// Marks up to a frame go to the cutter, mutes to the timeline.
    fn apply_marks(&mut self, seq: u32) {
        let later = self.marks.split_off(&(seq.saturating_add(1), 0));
        for ((_, captured_ms), kind) in std::mem::replace(&mut self.marks, later) {
            match kind {
                MarkKind::Muted => self.muted_from = Some(captured_ms),
                MarkKind::Unmuted => {
                    if let Some(from_ms) = self.muted_from.take() {
                        self.run.sound.muted(from_ms, captured_ms);
                    }
                }
                MarkKind::Lead | MarkKind::Start | MarkKind::Stop => {}
            }
            let origin_ms = self.run.origin_ms.unwrap_or(captured_ms);
            self.run.cutter.mark(captured_ms.saturating_sub(origin_ms).into(), kind);
        }
        self.read_cuts();
    }

    fn read_cuts(&mut self) {
        while let Some(cut) = self.run.cutter.next() {
            match cut {
                Cut::Begin { at_ms, .. } => {
                    self.run.sound.meter().reset();
                    self.run.open = Some(Open { begin_ms: at_ms, marked: false });
                }
                Cut::Lead { .. } => {
                    if let Some(open) = &mut self.run.open {
                        open.marked = true;
                    }
                }
                Cut::End { at_ms, .. } => {
                    if let Some(open) = self.run.open.take() {
                        self.run.ended = self.talk(open, at_ms);
                        self.talks.extend(self.run.ended.clone());
                    }
                }
                // The same conversation once more, now marked.
                Cut::LateLead { .. } => {
                    let ended = self.run.ended.take().filter(|talk| !talk.marked);
                    self.talks.extend(ended.map(|talk| Talk { marked: true, ..talk }));
                }
                Cut::Drop { .. } => self.run.open = None,
            }
        }
    }

    fn talk(&mut self, open: Open, end_ms: u64) -> Option<Talk> {
        let Run { sound, index, origin_ms, .. } = &mut self.run;
        let Open { begin_ms, marked } = open;
        let first_seq = index.seq_at(begin_ms)?;
        let end_seq = index.seq_at(end_ms)?.max(first_seq + 1);
        let quality = Some(sound.meter().whole());
        let begin = u32::try_from(begin_ms).unwrap_or(u32::MAX);
        Some(Talk {
            stream: self.stream,
            first_seq,
            end_seq,
            captured_ms: origin_ms.unwrap_or(0).saturating_add(begin),
            duration_ms: end_ms.saturating_sub(begin_ms),
            marked,
            audio: AudioFacts {
                loss: part(sound.loss(), begin_ms, end_ms),
                quality,
                microphones: self.pair.filter(|_| self.codec.channels == 2),
            },
            from: index.position_at(begin_ms)?,
        })
    }

    fn restart(&mut self) {
        let end_ms = self.run.sound.duration_ms();
        self.run.cutter.end_of_stream(end_ms);
        self.read_cuts();
        self.lost_before_ms += lost_ms(self.run.sound.loss());
        if let Some(run) = Run::new(self.codec, self.pair, &self.policy) {
            self.run = run;
        }
    }
}
