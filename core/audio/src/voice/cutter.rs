//! Where a conversation begins and ends: a pure machine over voice activity, presses of the
//! button and gaps, all in stream time. It keeps no sound; it says which sound to keep.

mod cut;
mod history;
mod orders;
mod policy;

use std::collections::VecDeque;

use confee_domain::{LossCause, MarkKind};

pub use cut::{Cut, Why};
pub use policy::{CutMode, CutPolicy};

use history::History;

/// Longest time that one voice frame counts for.
const FRAME_MOST_MS: u64 = 100;
/// Orders about sound that has not come yet; more are taken as of now.
const AHEAD_MOST: usize = 256;

/// What somebody wants at a time of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Mark(MarkKind),
    Start,
    Stop,
}

/// What a stretch of the stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    Speech,
    Silence,
    Muted,
}

/// The running conversation.
#[derive(Debug, Clone)]
struct Talk {
    begin: u64,
    /// Marked or asked for: never dropped.
    kept: bool,
    speech_ms: u64,
    silence_ms: u64,
    last_speech: u64,
    /// Latest time told of it; nothing earlier may follow.
    told: u64,
}

/// The last conversation that ended.
#[derive(Debug, Clone, Copy)]
struct Closed {
    end: u64,
    /// Newest sound when it was decided; marks up to here are its own.
    decided: u64,
    dropped: bool,
}

/// Cuts a stream of sound into conversations.
///
/// Feed it in order of stream time; marks and orders may come late or early. Read [`Cutter::next`]
/// after each input until it is empty: what waits there is all that can grow.
#[derive(Debug, Clone)]
pub struct Cutter {
    policy: CutPolicy,
    now: u64,
    voice_until: u64,
    /// Since when by the badge's marks.
    muted_mark: Option<u64>,
    /// Since when by the gap that is just being passed.
    muted_gap: Option<u64>,
    /// The last muted gap, which the next one may go on.
    last_muted: Option<(u64, u64)>,
    talk: Option<Talk>,
    closed: Option<Closed>,
    history: History,
    ahead: Vec<(u64, Order)>,
    cuts: VecDeque<Cut>,
    /// Beginning of the conversation whose end was not read yet.
    unread: Option<u64>,
}

impl Cutter {
    /// A cutter at the beginning of a stream.
    #[must_use]
    pub fn new(policy: CutPolicy) -> Self {
        Self {
            policy,
            now: 0,
            voice_until: 0,
            muted_mark: None,
            muted_gap: None,
            last_muted: None,
            talk: None,
            closed: None,
            history: History::default(),
            ahead: Vec::new(),
            cuts: VecDeque::new(),
            unread: None,
        }
    }

    /// One frame of voice activity that begins at `at_ms` and lasts until the next, 100 ms at
    /// most. Frames before the newest one are ignored.
    pub fn speech(&mut self, at_ms: u64, speech: bool) {
        if at_ms < self.now {
            return;
        }
        self.advance(at_ms);
        self.voice_until = if speech { at_ms.saturating_add(FRAME_MOST_MS) } else { at_ms };
    }

    /// A mark of the badge; late ones count at their time as far as that is still open.
    pub fn mark(&mut self, at_ms: u64, kind: MarkKind) {
        self.order(at_ms, Order::Mark(kind));
    }

    /// The app begins a conversation, ending the running one. Nothing before `at_ms` is taken.
    pub fn start(&mut self, at_ms: u64) {
        self.order(at_ms, Order::Start);
    }

    /// The app ends the conversation.
    pub fn stop(&mut self, at_ms: u64) {
        self.order(at_ms, Order::Stop);
    }

    /// A stretch without sound. Lost sound counts as silence, muted as neither speech nor silence.
    pub fn gap(&mut self, from_ms: u64, to_ms: u64, cause: LossCause) {
        self.advance(from_ms);
        self.voice_until = self.voice_until.min(from_ms);
        if cause != LossCause::Muted || to_ms <= self.now {
            self.advance(to_ms);
            return;
        }
        let near = |(_, end): &(u64, u64)| from_ms <= end.saturating_add(FRAME_MOST_MS);
        let since = self.last_muted.filter(near).map_or(from_ms, |(since, _)| since);
        self.muted_gap = Some(since);
        self.advance(to_ms);
        self.muted_gap = None;
        self.last_muted = Some((since, to_ms));
    }

    /// No more sound comes after `at_ms`: what runs ends there. Later input goes on from there.
    pub fn end_of_stream(&mut self, at_ms: u64) {
        self.advance(at_ms);
        for (_, order) in std::mem::take(&mut self.ahead) {
            self.apply(self.now, order);
        }
        self.end(self.now, Why::EndOfStream);
        self.voice_until = self.now;
        (self.muted_mark, self.last_muted) = (None, None);
    }

    /// The next decision that was not read yet.
    #[expect(clippy::should_implement_trait, reason = "more may come after none")]
    pub fn next(&mut self) -> Option<Cut> {
        let cut = self.cuts.pop_front()?;
        match cut {
            Cut::Begin { at_ms, .. } => self.unread = Some(at_ms),
            Cut::End { .. } | Cut::Drop { .. } => self.unread = None,
            Cut::Lead { .. } | Cut::LateLead { .. } => {}
        }
        Some(cut)
    }

    /// Where the running conversation began.
    #[must_use]
    pub fn open(&self) -> Option<u64> {
        self.talk.as_ref().map(|t| t.begin)
    }

    /// The oldest sound that may still be needed; everything before may be deleted. Never goes
    /// back.
    #[must_use]
    pub fn keep_from_ms(&self) -> u64 {
        let waiting = self.cuts.iter().filter_map(|cut| match cut {
            Cut::Begin { at_ms, .. } => Some(*at_ms),
            _ => None,
        });
        let needed = self.open().unwrap_or_else(|| self.earliest());
        waiting.chain(self.unread).fold(needed, u64::min)
    }

    /// The earliest that a conversation may begin now.
    fn earliest(&self) -> u64 {
        let floor = self.closed.map_or(0, |c| c.end);
        floor.max(self.now.saturating_sub(self.policy.back_ms()))
    }

    fn muted_since(&self) -> Option<u64> {
        self.muted_mark.into_iter().chain(self.muted_gap).min()
    }

    fn order(&mut self, at_ms: u64, order: Order) {
        if at_ms > self.now && self.ahead.len() < AHEAD_MOST {
            let place = self.ahead.partition_point(|(at, _)| *at <= at_ms);
            self.ahead.insert(place, (at_ms, order));
        } else {
            self.apply(at_ms.min(self.now), order);
        }
    }

    /// Moves the end of the known stream, stretch by stretch, and does on the way what is due.
    fn advance(&mut self, to: u64) {
        loop {
            while self.ahead.first().is_some_and(|(at, _)| *at <= self.now) {
                let (at, order) = self.ahead.remove(0);
                self.apply(at, order);
            }
            if self.now >= to {
                break;
            }
            let (stretch, until) = self.stretch(to);
            let from = std::mem::replace(&mut self.now, until);
            self.pass(stretch, from);
            self.cut_long();
        }
        self.history.forget(self.now.saturating_sub(self.policy.memory_ms()));
    }

    /// What comes next in the stream and up to where nothing else happens.
    fn stretch(&self, to: u64) -> (Stretch, u64) {
        let order = self.ahead.first().map(|(at, _)| *at);
        let longest = self.talk.as_ref().map(|t| t.begin.saturating_add(self.policy.longest_ms));
        let (stretch, own) = if let Some(since) = self.muted_since() {
            let due = since.saturating_add(self.policy.mute_ms);
            (Stretch::Muted, (due > self.now).then_some(due))
        } else if self.voice_until > self.now {
            (Stretch::Speech, Some(self.voice_until))
        } else {
            let ends = self.talk.as_ref().filter(|_| self.policy.mode != CutMode::Manual);
            let left = |t: &Talk| self.policy.silence_ms.saturating_sub(t.silence_ms);
            (Stretch::Silence, ends.map(|t| self.now.saturating_add(left(t))))
        };
        let until = [order, longest, own].into_iter().flatten().fold(to, u64::min);
        (stretch, until.max(self.now.saturating_add(1)))
    }

    /// Takes the stretch from `from` to now.
    fn pass(&mut self, stretch: Stretch, from: u64) {
        match stretch {
            Stretch::Speech => self.pass_speech(from),
            Stretch::Silence => self.pass_silence(from),
            Stretch::Muted => {
                let since = self.muted_since().unwrap_or(from);
                if self.now.saturating_sub(since) >= self.policy.mute_ms {
                    self.end(since, Why::Muted);
                }
            }
        }
    }

    fn pass_speech(&mut self, from: u64) {
        self.history.push(from, self.now);
        if let Some(talk) = &mut self.talk {
            talk.speech_ms += self.now - from;
            talk.silence_ms = 0;
            talk.last_speech = self.now;
        } else if self.policy.mode == CutMode::Automatic {
            self.begin_at_onset(from);
        }
    }

    fn pass_silence(&mut self, from: u64) {
        let Some(talk) = &mut self.talk else { return };
        talk.silence_ms += self.now - from;
        if talk.silence_ms >= self.policy.silence_ms && self.policy.mode != CutMode::Manual {
            let end = talk.last_speech.saturating_add(self.policy.tail_ms);
            self.end(end.min(self.now), Why::Silence);
        }
    }

    /// Begins a conversation where speech up to some moment since `from` is enough. The first such
    /// moment is searched for, so that longer frames do not change the beginning.
    fn begin_at_onset(&mut self, from: u64) {
        let floor = self.closed.map_or(0, |c| c.end);
        let window = |to: u64| to.saturating_sub(self.policy.onset_window_ms).max(floor);
        let enough = |to| self.history.speech_ms(window(to), to) >= self.policy.onset_speech_ms;
        if !enough(self.now) {
            return;
        }
        let (mut before, mut moment) = (from, self.now);
        while moment - before > 1 {
            let middle = before + (moment - before) / 2;
            if enough(middle) { moment = middle } else { before = middle }
        }
        let onset = self.history.onset(window(moment), moment).unwrap_or(moment);
        self.begin(onset.saturating_sub(self.policy.preroll_ms), moment, Why::Speech, false);
    }

    /// Ends a conversation that is too long at a silence and goes on with the next.
    fn cut_long(&mut self) {
        let Some(talk) = &self.talk else { return };
        if self.now - talk.begin < self.policy.longest_ms {
            return;
        }
        let from = self.now.saturating_sub(self.policy.longest_search_ms).max(talk.told);
        let at = self.history.longest_pause(from, self.now).unwrap_or(self.now);
        let (kept, silence_ms) = (talk.kept, talk.silence_ms);
        self.end(at, Why::MaxLength);
        let dropped = self.closed.is_some_and(|c| c.dropped);
        self.go_on(self.now, Why::MaxLength, kept || !dropped);
        if let Some(next) = &mut self.talk {
            next.silence_ms = silence_ms;
        }
    }

    /// Begins a conversation at `at`, wanted at `moment`: silence counts from there.
    fn begin(&mut self, at: u64, moment: u64, why: Why, kept: bool) {
        self.open_at(at.clamp(self.earliest().min(self.now), self.now), moment, why, kept);
    }

    /// Begins a conversation where the last one just ended.
    fn go_on(&mut self, moment: u64, why: Why, kept: bool) {
        self.open_at(self.closed.map_or(moment, |c| c.end), moment, why, kept);
    }

    fn open_at(&mut self, begin: u64, moment: u64, why: Why, kept: bool) {
        let last_speech = self.history.last(begin, self.now).unwrap_or(begin);
        self.talk = Some(Talk {
            begin,
            kept,
            speech_ms: self.history.speech_ms(begin, self.now),
            silence_ms: self.now - last_speech.max(moment.min(self.now)),
            last_speech,
            told: begin,
        });
        self.cuts.push_back(Cut::Begin { at_ms: begin, why });
    }

    /// Ends what runs at `at`, or at the latest time told of it.
    fn end(&mut self, at: u64, why: Why) {
        let Some(talk) = self.talk.take() else { return };
        let at_ms = at.max(talk.told);
        let speech_ms = talk.speech_ms.saturating_sub(self.history.speech_ms(at_ms, self.now));
        let dropped = !talk.kept && speech_ms < self.policy.least_speech_ms;
        self.closed = Some(Closed { end: at_ms, decided: self.now, dropped });
        self.cuts.push_back(if dropped {
            Cut::Drop { at_ms, why }
        } else {
            Cut::End { at_ms, why }
        });
    }
}
