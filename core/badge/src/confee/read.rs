use super::StoragePacket;

/// Largest body of one read: 64 records of the largest frame.
const MAX_BYTES: u32 = 64 * (3 + 13 + 1280);

/// One read of stored records, until its end is seen and its checksum fits.
#[derive(Debug)]
pub(super) struct Read {
    request: u8,
    pub(super) from: u64,
    granted: u16,
    bytes: u32,
    body: Vec<u8>,
    hole: bool,
    pub(super) heard_ms: u64,
}

/// What a packet did to a read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes on.
    More,
    /// It is whole: the position after its last record.
    Whole(u64),
    /// It is damaged and has to be done again.
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
            let body = Vec::with_capacity(bytes as usize);
            Self { request, from, granted, bytes, body, hole: false, heard_ms: now_ms }
        })
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
                self.append(offset, bytes);
                Step::More
            }
            StoragePacket::End { next, crc, bytes, .. } => {
                let whole = !self.hole
                    && bytes == self.bytes
                    && self.body.len() == self.bytes as usize
                    && next == self.from + u64::from(self.granted)
                    && crc32fast::hash(&self.body) == crc;
                if whole { Step::Whole(next) } else { Step::Damaged }
            }
        }
    }

    fn append(&mut self, offset: u32, bytes: &[u8]) {
        let offset = offset as usize;
        let fits = offset + bytes.len() <= self.bytes as usize;
        match offset.cmp(&self.body.len()) {
            std::cmp::Ordering::Equal if fits => self.body.extend_from_slice(bytes),
            // A repeated notification.
            std::cmp::Ordering::Less => {}
            _ => self.hole = true,
        }
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

    fn data(offset: u32, bytes: &[u8]) -> StoragePacket<'_> {
        StoragePacket::Data { request: 7, offset, bytes }
    }

    fn end(next: u64, body: &[u8]) -> StoragePacket<'static> {
        let bytes = u32::try_from(body.len()).unwrap();
        StoragePacket::End { request: 7, next, crc: crc32fast::hash(body), bytes }
    }

    #[test]
    fn only_a_whole_read_counts() {
        let body = b"0123456789";
        let run = |packets: &[StoragePacket<'_>]| {
            let mut read = Read::new(7, 100, 2, 10, 0).unwrap();
            packets.iter().map(|p| read.push(p, 1)).last().unwrap()
        };
        let (a, b) = (data(0, &body[..4]), data(4, &body[4..]));
        assert_eq!(run(&[a, b, end(102, body)]), Step::Whole(102));
        assert_eq!(run(&[a, a, b, b, end(102, body)]), Step::Whole(102), "repeated packets");
        assert_eq!(run(&[b, a, end(102, body)]), Step::Damaged, "swapped packets");
        assert_eq!(run(&[a, end(102, body)]), Step::Damaged, "a hole");
        assert_eq!(run(&[a, b, end(103, body)]), Step::Damaged, "another end");
        assert_eq!(run(&[a, b, end(102, b"012345678x")]), Step::Damaged, "wrong checksum");
        let more = data(4, b"4567890");
        assert_eq!(run(&[a, more, end(102, body)]), Step::Damaged, "more than promised");
        assert_eq!(Read::new(7, 0, 65, 10, 0).map(|_| ()), None);
        assert_eq!(Read::new(7, 0, 1, MAX_BYTES + 1, 0).map(|_| ()), None);
    }
}
