use std::collections::VecDeque;

use confee_domain::StreamId;

use crate::omi::identity::stored_stream;

/// Starts of reads that are not freed yet.
const STARTS: usize = 64;
/// Clocks of two records that differ by more than their audio are a pause or a set clock.
const JUMP_MS: i64 = 3_000;
/// A stream ends before its capture time would leave 31 bits.
const MAX_MS: u32 = 1 << 31;
/// Frames between two notes of the clock: a minute at 20 ms.
const NOTE_FRAMES: u32 = 3_000;
/// 2020: what is older is a clock that was not set.
const OLDEST_UNIX_S: u32 = 1_577_836_800;

/// Numbers of stored frames that cannot be placed in the live stream: a run is records without a
/// break, is a stream of its own, and counts its frames from 0. Number and content belong together
/// whatever is read again, because a run is named by its first record.
#[derive(Debug, Clone, Default)]
pub(in crate::omi) struct Runs {
    current: Option<Run>,
    /// How it stood where reads began, to read them again.
    starts: VecDeque<(u64, Option<Run>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::omi) struct Run {
    pub(in crate::omi) stream: StreamId,
    /// The record that would go on.
    next_record: u64,
    /// The number of the next frame.
    pub(in crate::omi) seq: u32,
    /// The last record with a clock, and the number of its first frame.
    clock: Option<(u32, u32)>,
    /// Frame at which the clock was noted last.
    noted: Option<u32>,
}

/// A record about to be numbered.
#[derive(Debug, Clone, Copy)]
pub(in crate::omi) struct StoredAt {
    pub(in crate::omi) badge_id: u64,
    pub(in crate::omi) ring: u64,
    pub(in crate::omi) record: u64,
    /// CRC-32 of its bytes.
    pub(in crate::omi) print: u32,
    pub(in crate::omi) unix_s: u32,
    pub(in crate::omi) frame_ms: u8,
    pub(in crate::omi) frames: u32,
}

impl Runs {
    /// A read begins here; where it began before, numbers go on as they did then.
    pub(in crate::omi) fn read_from(&mut self, record: u64) {
        if let Some((_, run)) = self.starts.iter().find(|(r, _)| *r == record) {
            self.current = *run;
            return;
        }
        if self.starts.len() == STARTS {
            self.starts.pop_front();
        }
        self.starts.push_back((record, self.current));
    }

    /// Records below are freed and never read again.
    pub(in crate::omi) fn freed(&mut self, below: u64) {
        self.starts.retain(|(record, _)| *record >= below);
    }

    #[cfg(test)]
    pub(in crate::omi) fn footprint(&self) -> usize {
        self.starts.len()
    }

    /// Where the frames of a record belong, and whether that is a new run.
    pub(in crate::omi) fn number(&mut self, at: &StoredAt) -> (Run, bool) {
        let goes_on = self.current.filter(|run| run.goes_on(at));
        let mut run = goes_on.unwrap_or_else(|| Run {
            stream: stored_stream(at.badge_id, at.ring, at.record, at.print),
            next_record: at.record,
            seq: 0,
            clock: None,
            noted: None,
        });
        let here = run;
        if let Some(unix_s) = clock(at.unix_s) {
            run.clock = Some((unix_s, run.seq));
            if run.is_clock_due() {
                run.noted = Some(run.seq);
            }
        }
        run.next_record = at.record.saturating_add(1);
        run.seq = run.seq.saturating_add(at.frames);
        self.current = Some(run);
        (here, goes_on.is_none())
    }
}

impl Run {
    /// Whether the clock of this record is worth a note.
    pub(in crate::omi) fn is_clock_due(&self) -> bool {
        self.noted.is_none_or(|seq| self.seq - seq >= NOTE_FRAMES)
    }

    fn goes_on(&self, at: &StoredAt) -> bool {
        let ms = u32::from(at.frame_ms);
        let room = self.seq.saturating_add(at.frames).saturating_mul(ms) < MAX_MS;
        let jump = match (self.clock, clock(at.unix_s)) {
            (Some((then, seq)), Some(now)) => {
                let audio = i64::from(self.seq - seq) * i64::from(ms);
                ((i64::from(now) - i64::from(then)) * 1000 - audio).abs() > JUMP_MS
            }
            _ => false,
        };
        self.next_record == at.record && room && !jump
    }
}

/// A clock that was set.
pub(in crate::omi) fn clock(unix_s: u32) -> Option<u32> {
    (unix_s >= OLDEST_UNIX_S).then_some(unix_s)
}
