use confee_domain::SeqRanges;

use super::StoragePacket;

/// Largest body of one read: 64 records of the largest frame.
const MAX_BYTES: u32 = 64 * (3 + 13 + 1280);

/// One read of stored records, until all of it is here and its checksum fits. What is missing
/// after one pass is filled by the next: records never change.
#[derive(Debug)]
pub(super) struct Read {
    request: u8,
    pub(super) from: u64,
    granted: u16,
    body: Vec<u8>,
    have: SeqRanges,
    pub(super) heard_ms: u64,
}

/// What a packet did to a read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes on.
    More,
    /// It is whole: the position after its last record.
    Whole(u64),
    /// It ended with holes: the same read again fills them.
    Holes,
    /// It is damaged and has to be done from the start.
    Damaged,
    /// The packet is not of this read.
    Stray,
}

impl Read {
    /// A read that the badge granted; none where it promises more than a read can have.
    pub(super) fn new(
        request: u8,
        from: u64,
        granted: u16,
        bytes: u32,
        now_ms: u64,
    ) -> Option<Self> {
        let possible = (1..=64).contains(&granted) && bytes <= MAX_BYTES;
        possible.then(|| {
            let body = vec![0; bytes as usize];
            Self { request, from, granted, body, have: SeqRanges::new(), heard_ms: now_ms }
        })
    }

    /// Goes on with what an earlier pass left, where the badge grants the same once more.
    pub(super) fn after(self, partial: Option<Self>) -> Self {
        match partial {
            Some(p) if p.is_like(&self) => Self { body: p.body, have: p.have, ..self },
            _ => self,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        let size = |r: &Self| (r.from, r.granted, r.body.len());
        size(self) == size(other)
    }

    pub(super) fn push(&mut self, packet: &StoragePacket<'_>, now_ms: u64) -> Step {
        match *packet {
            StoragePacket::Data { request, .. } | StoragePacket::End { request, .. }
                if request != self.request =>
            {
                Step::Stray
            }
            StoragePacket::Data { offset, bytes, .. } => {
                self.heard_ms = now_ms;
                self.put(offset, bytes)
            }
            StoragePacket::End { next, crc, bytes, .. } => {
                let length = self.body.len() as u64;
                if u64::from(bytes) != length || next != self.from + u64::from(self.granted) {
                    Step::Damaged
                } else if self.have.len() < length {
                    Step::Holes
                } else if crc32fast::hash(&self.body) == crc {
                    Step::Whole(next)
                } else {
                    Step::Damaged
                }
            }
        }
    }

    fn put(&mut self, offset: u32, bytes: &[u8]) -> Step {
        let from = offset as usize;
        let place = from.checked_add(bytes.len()).and_then(|to| self.body.get_mut(from..to));
        let (Some(place), Ok(length)) = (place, u32::try_from(bytes.len())) else {
            return Step::Damaged;
        };
        place.copy_from_slice(bytes);
        self.have.insert_range(offset..offset + length);
        Step::More
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn granted(&self) -> u16 {
        self.granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"0123456789";

    fn data(offset: u32, bytes: &[u8]) -> StoragePacket<'_> {
        StoragePacket::Data { request: 7, offset, bytes }
    }

    fn end(next: u64, body: &[u8]) -> StoragePacket<'static> {
        let bytes = u32::try_from(body.len()).unwrap();
        StoragePacket::End { request: 7, next, crc: crc32fast::hash(body), bytes }
    }

    fn run(packets: &[StoragePacket<'_>]) -> (Step, Read) {
        let mut read = Read::new(7, 100, 2, 10, 0).unwrap();
        let last = packets.iter().map(|p| read.push(p, 1)).last().unwrap();
        (last, read)
    }

    #[test]
    fn only_a_whole_read_counts() {
        let (a, b) = (data(0, &BODY[..4]), data(4, &BODY[4..]));
        assert_eq!(run(&[a, b, end(102, BODY)]).0, Step::Whole(102));
        assert_eq!(run(&[a, a, b, b, end(102, BODY)]).0, Step::Whole(102), "repeated packets");
        assert_eq!(run(&[b, a, end(102, BODY)]).0, Step::Whole(102), "swapped packets");
        assert_eq!(run(&[a, end(102, BODY)]).0, Step::Holes);
        assert_eq!(run(&[a, b, end(103, BODY)]).0, Step::Damaged, "another end");
        assert_eq!(run(&[a, b, end(102, b"012345678x")]).0, Step::Damaged, "wrong checksum");
        assert_eq!(run(&[a, data(4, b"4567890")]).0, Step::Damaged, "more than promised");
        assert_eq!(run(&[data(u32::MAX, b"4")]).0, Step::Damaged);
        assert!(Read::new(7, 0, 65, 10, 0).is_none());
        assert!(Read::new(7, 0, 1, MAX_BYTES + 1, 0).is_none());
    }

    #[test]
    fn the_next_pass_fills_the_holes_of_the_same_records() {
        let (_, partial) = run(&[data(0, &BODY[..4]), end(102, BODY)]);
        let again = |from| Read::new(7, from, 2, 10, 0).unwrap();
        let mut read = again(100).after(Some(partial));
        read.push(&data(4, &BODY[4..]), 2);
        assert_eq!(read.push(&end(102, BODY), 3), Step::Whole(102));
        let mut other = again(101).after(Some(read));
        assert_eq!(other.push(&end(103, BODY), 3), Step::Holes, "other records");
    }
}
