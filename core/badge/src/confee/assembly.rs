use confee_domain::Codec;

use super::frame::FRAGMENTS;
use super::{Fragment, FrameStart, MAX_FRAME, WireError};

/// Frames that are open at a time.
const OPEN: usize = 4;
/// An open frame is given up when the newest is so many sequences on.
const AGE: u32 = 8;

/// Puts frames together from their fragments, in whatever order these come and however often.
/// A frame is given whole and once, as long as it repeats within 64 sequences. Allocates nothing after [`Assembler::new`].
#[derive(Debug, Clone)]
pub struct Assembler {
    slots: Box<[Slot]>,
    /// Where a frame is put in order whose fragments came out of order.
    sorted: Box<[u8]>,
    ended: [Ended; 2],
    sessions: u32,
    incomplete: u64,
}

/// A whole frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assembled<'a> {
    /// Whose numbering.
    pub session: u32,
    /// Place in it.
    pub seq: u32,
    /// Milliseconds since the session began.
    pub captured_ms: u32,
    /// Form of the payload.
    pub codec: Codec,
    /// One coded frame, 1 to 1280 bytes.
    pub payload: &'a [u8],
}

impl Default for Assembler {
    fn default() -> Self {
        Self::new()
    }
}

impl Assembler {
    /// With nothing open.
    #[must_use]
    pub fn new() -> Self {
        Self {
            slots: vec![Slot::new(); OPEN].into_boxed_slice(),
            sorted: vec![0; MAX_FRAME].into_boxed_slice(),
            ended: [Ended::default(); 2],
            sessions: 0,
            incomplete: 0,
        }
    }

    /// Takes a notification; gives the frame that it completes. Repeated fragments, and those of
    /// frames that were given or given up, are ignored.
    ///
    /// # Errors
    /// Those of [`Fragment::parse`]; fragments of one frame that contradict each other: that frame
    /// is dropped, the others stay.
    pub fn push(&mut self, notification: &[u8]) -> Result<Option<Assembled<'_>>, WireError> {
        let fragment = Fragment::parse(notification)?;
        let (session, seq) = (fragment.session, fragment.seq);
        self.follow(session, seq);
        if self.ended(session).contains(seq) {
            return Ok(None);
        }
        let Some(at) = self.slot(session, seq) else {
            self.give_up_frame(session, seq);
            return Ok(None);
        };
        let Some(slot) = self.slots.get_mut(at) else { return Ok(None) };
        let whole = slot.add(&fragment).and_then(|()| slot.whole());
        if !matches!(whole, Ok(None)) {
            slot.open = false;
            self.ended(session).insert(seq);
        }
        let Some(start) = whole? else { return Ok(None) };
        let payload = self.slots.get(at).map_or(&[][..], |s| s.payload(&mut self.sorted));
        let FrameStart { captured_ms, codec, .. } = start;
        Ok(Some(Assembled { session, seq, captured_ms, codec, payload }))
    }

    /// Frames given up so far because a fragment was missing.
    #[must_use]
    pub const fn incomplete(&self) -> u64 {
        self.incomplete
    }

    /// Gives all open frames up: nothing has come for a while.
    pub fn expire(&mut self) {
        for at in 0..self.slots.len() {
            self.give_up(at);
        }
    }

    /// Lets the window of a session reach `seq` and gives up what falls out of it.
    fn follow(&mut self, session: u32, seq: u32) {
        let newest = self.ended(session).follow(seq);
        for at in 0..self.slots.len() {
            let old = self.slots.get(at).is_some_and(|s| {
                s.open && s.session == session && newest.saturating_sub(s.seq) >= AGE
            });
            if old {
                self.give_up(at);
            }
        }
    }

    /// The slot of a frame, a free one, or that of the oldest frame; nothing where the frame
    /// itself is the oldest.
    fn slot(&mut self, session: u32, seq: u32) -> Option<usize> {
        let session_number = self.ended(session).session_number;
        let mine = |s: &Slot| s.open && s.session == session && s.seq == seq;
        if let Some(at) = self.slots.iter().position(mine) {
            return Some(at);
        }
        let at = match self.slots.iter().position(|s| !s.open) {
            Some(free) => free,
            None => {
                let age = |s: &Slot| (s.session_number, s.seq);
                let (at, oldest) = self.slots.iter().enumerate().min_by_key(|(_, s)| age(s))?;
                if age(oldest) > (session_number, seq) {
                    return None;
                }
                self.give_up(at);
                at
            }
        };
        let slot = self.slots.get_mut(at)?;
        slot.begin(session, seq);
        slot.session_number = session_number;
        Some(at)
    }

    fn give_up(&mut self, at: usize) {
        let Some(slot) = self.slots.get_mut(at).filter(|s| s.open) else { return };
        slot.open = false;
        let (session, seq) = (slot.session, slot.seq);
        self.give_up_frame(session, seq);
    }

    fn give_up_frame(&mut self, session: u32, seq: u32) {
        self.incomplete = self.incomplete.saturating_add(1);
        self.ended(session).insert(seq);
    }

    /// What ended in a session. That of the session before the newest is kept too, so that its
    /// last fragments may come between those of the next one.
    fn ended(&mut self, session: u32) -> &mut Ended {
        let [newer, older] = &mut self.ended;
        if newer.session != session {
            std::mem::swap(newer, older);
            if newer.session != session {
                self.sessions = self.sessions.wrapping_add(1);
                let session_number = self.sessions;
                *newer = Ended { session, session_number, ..Ended::default() };
            }
        }
        newer
    }
}

/// Which of the last 64 sequences of a session were given or given up.
#[derive(Debug, Clone, Copy, Default)]
struct Ended {
    session: u32,
    /// Sessions seen before it.
    session_number: u32,
    newest: u32,
    /// Bit n: the sequence n below the newest.
    bits: u64,
}

impl Ended {
    /// Moves on to `seq` where it is newer; begins anew where it is so much older that the badge
    /// must have begun anew. Gives the newest.
    fn follow(&mut self, seq: u32) -> u32 {
        if let Some(ahead) = seq.checked_sub(self.newest) {
            self.bits = self.bits.checked_shl(ahead).unwrap_or(0);
            self.newest = seq;
        } else if self.newest - seq >= u64::BITS {
            (self.newest, self.bits) = (seq, 0);
        }
        self.newest
    }

    fn contains(&self, seq: u32) -> bool {
        self.bit(seq).is_some_and(|bit| self.bits & bit != 0)
    }

    fn insert(&mut self, seq: u32) {
        self.bits |= self.bit(seq).unwrap_or(0);
    }

    fn bit(&self, seq: u32) -> Option<u64> {
        1_u64.checked_shl(self.newest.checked_sub(seq)?)
    }
}

/// A frame whose fragments are being collected.
#[derive(Debug, Clone)]
struct Slot {
    open: bool,
    session: u32,
    session_number: u32,
    seq: u32,
    start: Option<FrameStart>,
    last: Option<u8>,
    /// Bit n: fragment n is here.
    have: u128,
    /// Where the fragments are in `bytes`, by index: from, to.
    places: [(u16, u16); FRAGMENTS],
    /// Payloads in the order they came, the first `used` bytes.
    bytes: [u8; MAX_FRAME],
    used: usize,
    in_order: bool,
}

impl Slot {
    const fn new() -> Self {
        Self {
            open: false,
            session: 0,
            session_number: 0,
            seq: 0,
            start: None,
            last: None,
            have: 0,
            places: [(0, 0); FRAGMENTS],
            bytes: [0; MAX_FRAME],
            used: 0,
            in_order: true,
        }
    }

    fn begin(&mut self, session: u32, seq: u32) {
        (self.open, self.session, self.seq) = (true, session, seq);
        (self.start, self.last, self.have) = (None, None, 0);
        (self.used, self.in_order) = (0, true);
    }

    fn add(&mut self, fragment: &Fragment<'_>) -> Result<(), WireError> {
        let bit = 1 << fragment.index;
        if self.have & bit != 0 {
            return self.same(fragment);
        }
        self.agree_on_last(fragment)?;
        let to = self.used + fragment.payload.len();
        let Some(place) = self.bytes.get_mut(self.used..to) else {
            return Err(WireError::Length { what: "frame", stated: MAX_FRAME, got: to });
        };
        place.copy_from_slice(fragment.payload);
        if let Some(place) = self.places.get_mut(usize::from(fragment.index)) {
            // Both are at most `MAX_FRAME`.
            *place = (self.used as u16, to as u16);
        }
        self.in_order &= u32::from(fragment.index) == self.have.count_ones();
        self.start = self.start.or(fragment.start);
        self.have |= bit;
        self.used = to;
        Ok(())
    }

    /// Whether a fragment that came again says the same again.
    fn same(&self, fragment: &Fragment<'_>) -> Result<(), WireError> {
        let same_last = fragment.last == (self.last == Some(fragment.index));
        let same_start = fragment.index != 0 || fragment.start == self.start;
        if !same_last || !same_start || self.part(fragment.index) != fragment.payload {
            return Err(WireError::FragmentConflict { what: "repeated fragment" });
        }
        Ok(())
    }

    fn agree_on_last(&mut self, fragment: &Fragment<'_>) -> Result<(), WireError> {
        let index = fragment.index;
        let highest = (u128::BITS - self.have.leading_zeros()).saturating_sub(1);
        let beyond = self.last.is_some_and(|last| fragment.last || index > last);
        if beyond || (fragment.last && highest > u32::from(index)) {
            return Err(WireError::FragmentConflict { what: "last fragment" });
        }
        if fragment.last {
            self.last = Some(index);
        }
        Ok(())
    }

    /// The start of a frame that is complete.
    fn whole(&self) -> Result<Option<FrameStart>, WireError> {
        let (Some(start), Some(last)) = (self.start, self.last) else { return Ok(None) };
        if self.have.count_ones() != u32::from(last) + 1 {
            return Ok(None);
        }
        let stated = usize::from(start.length);
        if stated != self.used {
            return Err(WireError::Length { what: "frame", stated, got: self.used });
        }
        Ok(Some(start))
    }

    fn payload<'a>(&'a self, sorted: &'a mut [u8]) -> &'a [u8] {
        if self.in_order {
            return self.bytes.get(..self.used).unwrap_or_default();
        }
        let mut used = 0;
        for index in 0..=self.last.unwrap_or(0) {
            let part = self.part(index);
            if let Some(place) = sorted.get_mut(used..used + part.len()) {
                place.copy_from_slice(part);
            }
            used += part.len();
        }
        sorted.get(..used).unwrap_or_default()
    }

    fn part(&self, index: u8) -> &[u8] {
        let place = self.places.get(usize::from(index)).copied().unwrap_or_default();
        self.bytes.get(usize::from(place.0)..usize::from(place.1)).unwrap_or_default()
    }
}
