//! How a badge breaks the protocol. Each way works on values that were right before.

use uuid::Uuid;

use super::super::mischief::Mischief;
use super::ConfeeBadge;
use crate::confee::{AUDIO, EVENT, ReadGranted, STORAGE};

/// How late a late answer is.
pub(super) const LATE_MS: u64 = 3_000;
/// Copies of a notification in a flood.
pub(super) const FLOOD: u8 = 10;
/// Records that were never stored.
pub(super) const INVENTED: u64 = 10_000;
/// How often a store is formatted behind the phone's back.
pub(super) const SWAP_MS: u64 = 17_000;
const UNKNOWN_CODEC: u8 = 0x7A;
const LONGEST_GARBAGE: usize = 244;

impl ConfeeBadge {
    /// Which of several places a badge of this seed spoils.
    fn flavour(&self, of: u64) -> u64 {
        self.config.seed % of
    }

    pub(super) fn spoil_capability(&self, mut value: Vec<u8>) -> Vec<u8> {
        if self.is(Mischief::WrongCodec) && self.flavour(3) == 0 {
            value.splice(8..17, [[1].as_slice(), &[UNKNOWN_CODEC; 8]].concat());
        }
        if self.is(Mischief::HugeLengths) && self.flavour(4) == 0 {
            value.splice(18..20, [0xFF; 2]);
        }
        value
    }

    /// The codec stands after session, sequence and capture time; the length of a record before.
    pub(super) fn spoil_record(&mut self, record: &mut [u8]) {
        if self.is(Mischief::WrongCodec)
            && self.flavour(3) == 1
            && let [1, _, _, body @ ..] = record
            && let Some(codec) = body.get_mut(12)
        {
            *codec = UNKNOWN_CODEC;
        }
        if self.is(Mischief::HugeLengths)
            && self.flavour(4) == 1
            && let [_, low, high, ..] = record
        {
            (*low, *high) = (0xFF, 0xFF);
        }
    }

    pub(super) fn spoil_grant(&self, granted: ReadGranted, asked: u16) -> ReadGranted {
        if self.is(Mischief::HugeLengths) && self.flavour(4) == 2 {
            return ReadGranted { records: u16::MAX, bytes: u32::MAX };
        }
        if self.is(Mischief::MoreThanStored) && granted.records < asked {
            return ReadGranted { records: asked, bytes: granted.bytes + 1_000 };
        }
        granted
    }

    /// A capture time as it is stored and sent.
    pub(super) fn spoil_time(&mut self, ms: u32) -> u32 {
        if self.is(Mischief::TimeTravel) && self.rng.u8(..) < 64 { self.rng.u32(..) } else { ms }
    }

    /// A badge time as it is answered.
    pub(super) fn spoiled_ms(&self, ms: u32) -> u32 {
        if self.is(Mischief::TimeTravel) {
            ms.wrapping_mul(2_654_435_761).wrapping_add(self.now_ms as u32)
        } else {
            ms
        }
    }

    /// The last thing before the air.
    pub(super) fn spoil_value(&mut self, characteristic: Uuid, value: &mut [u8]) {
        match (characteristic, value) {
            (AUDIO, [_, fragment, rest @ ..]) if *fragment & 0x7F == 0 => {
                if self.is(Mischief::WrongCodec)
                    && self.flavour(3) == 2
                    && let Some(codec) = rest.get_mut(12)
                {
                    *codec = UNKNOWN_CODEC;
                }
                if self.is(Mischief::HugeLengths)
                    && self.flavour(4) == 3
                    && let Some(length) = rest.get_mut(13..15)
                {
                    length.fill(0xFF);
                }
            }
            (STORAGE, [2, _, rest @ ..]) => {
                let once = self.is(Mischief::CrcOnce) && !self.crc_spoiled;
                if (once || self.is(Mischief::CrcAlways))
                    && let Some(crc) = rest.get_mut(8)
                {
                    *crc ^= 0x55;
                    self.crc_spoiled = true;
                }
            }
            _ => {}
        }
    }

    /// A copy of the last notification, or garbage.
    pub(super) fn mischievous_notification(&mut self) -> Option<(Uuid, Vec<u8>)> {
        let garbage = self.is(Mischief::Garbage) && self.rng.u8(..) < 64;
        let link = self.link.as_mut()?;
        if let Some((left, characteristic, value)) = link.repeat.take() {
            if left > 1 {
                link.repeat = Some((left - 1, characteristic, value.clone()));
            }
            return Some((characteristic, value));
        }
        let targets = [EVENT, AUDIO, STORAGE].map(|c| (c, link.subscribed.contains(&c)));
        let targets: Vec<Uuid> = targets.into_iter().filter(|t| t.1).map(|t| t.0).collect();
        if !garbage || targets.is_empty() {
            return None;
        }
        let characteristic = *targets.get(self.rng.usize(..targets.len()))?;
        let length = self.rng.usize(..LONGEST_GARBAGE);
        let mut value: Vec<u8> = std::iter::repeat_with(|| self.rng.u8(..)).take(length).collect();
        // Half of it begins like something real.
        if let [first, ..] = value.as_mut_slice()
            && self.rng.bool()
        {
            *first = *self.rng.choice(&[0x10, 1, 2, 3, 5, 6, 0x81, 0x92])?;
        }
        Some((characteristic, value))
    }
}
