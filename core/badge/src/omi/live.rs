use confee_domain::{Codec, Coding};

use super::OmiError;

/// Bytes before the payload of a live packet.
pub const LIVE_HEADER: usize = 3;
/// Longest frame that is put together; an Opus packet at the highest rate.
pub const MAX_FRAME: usize = 1280;
/// ATT bytes of a notification that are not its value.
const ATT_HEADER: usize = 3;
/// How far behind a packet may come and still be a late one, not a restart of the device.
const LATE: u64 = 16;
const OPUS_10_MS: u8 = 20;
const OPUS_20_MS: u8 = 21;

/// The form of audio that an id of [`super::uuids::AUDIO_CODEC`] names.
///
/// # Errors
/// Every id but 20 (Opus, 10 ms) and 21 (Opus, 20 ms): PCM (0, 1) and mu-law (10, 11) of old
/// firmware are refused too. There is no default.
pub fn codec(id: u8) -> Result<Codec, OmiError> {
    match id {
        OPUS_10_MS => Ok(Codec { coding: Coding::Opus, channels: 1, frame_ms: 10 }),
        OPUS_20_MS => Ok(Codec::OPUS_MONO),
        _ => Err(OmiError::Codec { id }),
    }
}

/// The id of a form of audio; `None` where the dialect has none.
#[must_use]
pub fn codec_id(of: Codec) -> Option<u8> {
    [OPUS_10_MS, OPUS_20_MS].into_iter().find(|id| codec(*id) == Ok(of))
}

/// A notification of [`super::uuids::AUDIO_DATA`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LivePacket<'a> {
    /// Goes up by one per notification and wraps.
    pub id: u16,
    /// Fragment of a frame, from 0.
    pub index: u8,
    /// A piece of a coded frame.
    pub payload: &'a [u8],
}

impl<'a> LivePacket<'a> {
    /// Reads a notification.
    ///
    /// # Errors
    /// Nothing behind the header.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, OmiError> {
        match bytes {
            [low, high, index, payload @ ..] if !payload.is_empty() => {
                Ok(Self { id: u16::from_le_bytes([*low, *high]), index: *index, payload })
            }
            _ => Err(OmiError::Length { what: "a live packet", got: bytes.len() }),
        }
    }

    /// Appends the notification.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.id.to_le_bytes());
        out.push(self.index);
        out.extend_from_slice(self.payload);
    }
}

/// Writes fragment `index` of a frame as a notification with packet id `id` into `out` (cleared
/// first); false where the frame has no such fragment. `mtu` is the ATT MTU, at least 23.
pub fn fragment(id: u16, index: u8, frame: &[u8], mtu: u16, out: &mut Vec<u8>) -> bool {
    out.clear();
    let size = chunk(mtu).max(1);
    let Some(payload) = frame.chunks(size).nth(usize::from(index)) else { return false };
    LivePacket { id, index, payload }.encode(out);
    true
}

/// Payload of a full packet.
fn chunk(mtu: u16) -> usize {
    usize::from(mtu).saturating_sub(ATT_HEADER + LIVE_HEADER)
}

/// A frame put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveFrame<'a> {
    /// Packet number of its first fragment: the packet id, counted on over its wraps.
    pub number: u64,
    /// Packet ids that it took.
    pub ids: u32,
    /// The coded frame.
    pub payload: &'a [u8],
}

/// What a packet was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The next one.
    Next,
    /// Some before it did not come.
    Gap,
    /// It has come before.
    Duplicate,
    /// It came after a later one.
    Late,
    /// Numbers began anew: what follows is another stream.
    Reset,
}

/// Puts frames together from live packets. A frame is complete when the next packet begins another
/// one, after [`LiveAssembler::flush`], or at once where its last packet is not full and so cannot
/// be continued. A frame that still waits when packets are missing is given up. Holds one frame;
/// allocates nothing after [`LiveAssembler::new`].
#[derive(Debug, Clone)]
pub struct LiveAssembler {
    last: Option<Last>,
    /// First packet of this connection: the device may have restarted.
    fresh: bool,
    open: Option<Open>,
    buffer: Vec<u8>,
    /// Payload of a full packet as seen, where it is smaller than the MTU says.
    seen_chunk: usize,
    incomplete: u64,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    number: u64,
    index: u8,
    /// It ended a frame that was given out, this long.
    ended: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    number: u64,
    ids: u32,
}

impl Default for LiveAssembler {
    fn default() -> Self {
        Self::new()
    }
}

impl LiveAssembler {
    /// Packet number of id 0 in the first round: leaves room for packets that come late.
    pub const FIRST_NUMBER: u64 = 1 << 16;

    /// For a device that was never heard.
    #[must_use]
    pub fn new() -> Self {
        let buffer = Vec::with_capacity(MAX_FRAME);
        let (last, open) = (None, None);
        Self { last, fresh: true, open, buffer, seen_chunk: usize::MAX, incomplete: 0 }
    }

    /// For a device whose last packet had this number, in an earlier connection.
    #[must_use]
    pub fn after(number: u64) -> Self {
        Self { last: Some(Last { number, index: 0, ended: None }), ..Self::new() }
    }

    /// Number of the newest packet.
    #[must_use]
    pub fn last_number(&self) -> Option<u64> {
        self.last.map(|l| l.number)
    }

    /// Whether a frame waits for its end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Frames given up since the start, because a fragment is missing or they are too long.
    #[must_use]
    pub fn incomplete(&self) -> u64 {
        self.incomplete
    }

    /// Number of a packet id near the newest packet.
    #[must_use]
    pub fn number_of(&self, id: u16) -> Option<u64> {
        let last = self.last?.number;
        let delta = id.wrapping_sub(last as u16).cast_signed();
        last.checked_add_signed(i64::from(delta))
    }

    /// What a packet is, and its number.
    fn judge(&self, packet: &LivePacket<'_>, most_lost: u64) -> (Arrival, u64) {
        let first = Self::FIRST_NUMBER + u64::from(packet.id);
        let Some(last) = self.last else { return (Arrival::Next, first) };
        let ahead = u64::from(packet.id.wrapping_sub(last.number as u16));
        let number = last.number + ahead;
        match ahead {
            0 if packet.index == last.index => (Arrival::Duplicate, number),
            0 if packet.index == last.index.wrapping_add(1) => (Arrival::Next, number),
            1 => (Arrival::Next, number),
            2..0x8000 if ahead <= most_lost => (Arrival::Gap, number),
            _ => {
                let behind = u64::from((last.number as u16).wrapping_sub(packet.id));
                if !self.fresh && behind <= LATE {
                    return (Arrival::Late, last.number.saturating_sub(behind));
                }
                (Arrival::Reset, first)
            }
        }
    }

    /// Takes a packet and gives out what is complete now: the frame before, then this one.
    ///
    /// `mtu` is the ATT MTU. `most_lost` is how many packets can have been lost at most: a larger
    /// step forward is a restart of the device (`u64::MAX` where that cannot be told).
    /// `sink` is told what the packet was, without a frame, and each frame that is complete; a
    /// frame after [`Arrival::Reset`] belongs to the new numbering.
    pub fn push(
        &mut self,
        packet: &LivePacket<'_>,
        mtu: u16,
        most_lost: u64,
        sink: &mut dyn FnMut(Arrival, Option<LiveFrame<'_>>),
    ) {
        let (arrival, number) = self.judge(packet, most_lost);
        match arrival {
            Arrival::Duplicate => sink(arrival, None),
            Arrival::Late => self.late(packet, number, mtu, sink),
            _ if packet.index == 0 => {
                if arrival == Arrival::Next {
                    self.close(sink);
                } else {
                    // Only a frame whose last packet was full is open: its end is likely lost,
                    // and half a packet decodes to noise.
                    self.give_up();
                }
                sink(arrival, None);
                self.start(packet, number);
                self.end_if_short(packet, mtu, sink);
            }
            _ => self.go_on(arrival, packet, number, mtu, sink),
        }
    }

    /// Gives out the open frame: nothing came for a while.
    pub fn flush(&mut self, sink: &mut dyn FnMut(Arrival, Option<LiveFrame<'_>>)) {
        self.close(sink);
    }

    fn start(&mut self, packet: &LivePacket<'_>, number: u64) {
        self.fresh = false;
        self.last = Some(Last { number, index: 0, ended: None });
        self.buffer.clear();
        self.open = Some(Open { number, ids: 1 });
        self.append(packet.payload);
    }

    fn append(&mut self, payload: &[u8]) {
        if self.buffer.len() + payload.len() > MAX_FRAME {
            self.give_up();
            return;
        }
        self.buffer.extend_from_slice(payload);
    }

    fn give_up(&mut self) {
        self.incomplete += u64::from(self.open.take().is_some());
        self.buffer.clear();
    }

    /// A fragment that is not the first of its frame.
    fn go_on(
        &mut self,
        arrival: Arrival,
        packet: &LivePacket<'_>,
        number: u64,
        mtu: u16,
        sink: &mut dyn FnMut(Arrival, Option<LiveFrame<'_>>),
    ) {
        let last = self.last;
        let fits = arrival == Arrival::Next
            && last.is_some_and(|l| packet.index == l.index.wrapping_add(1));
        sink(arrival, None);
        self.fresh = false;
        self.last = Some(Last { number, index: packet.index, ended: None });
        match &mut self.open {
            Some(open) if fits => {
                open.ids = u32::try_from(number - open.number + 1).unwrap_or(u32::MAX);
                self.append(packet.payload);
                self.end_if_short(packet, mtu, sink);
            }
            Some(_) => self.give_up(),
            None => self.orphan(fits, last),
        }
    }

    /// A fragment without its frame. Where the frame had just been given out, full packets are
    /// smaller than the MTU says: from now on that length waits for the next packet.
    fn orphan(&mut self, fits: bool, before: Option<Last>) {
        let ended = before.and_then(|l| l.ended).filter(|_| fits);
        if let Some(length) = ended {
            self.seen_chunk = self.seen_chunk.min(length);
        }
        self.incomplete += u64::from(ended.is_some());
    }

    fn end_if_short(
        &mut self,
        packet: &LivePacket<'_>,
        mtu: u16,
        sink: &mut dyn FnMut(Arrival, Option<LiveFrame<'_>>),
    ) {
        if packet.payload.len() < chunk(mtu).min(self.seen_chunk) {
            self.close(sink);
            if let Some(last) = &mut self.last {
                last.ended = Some(packet.payload.len());
            }
        }
    }

    fn close(&mut self, sink: &mut dyn FnMut(Arrival, Option<LiveFrame<'_>>)) {
        if let Some(Open { number, ids }) = self.open.take() {
            let frame = LiveFrame { number, ids, payload: &self.buffer };
            sink(Arrival::Next, Some(frame));
        }
    }

    /// Only a frame of one packet can be used when it comes late.
    fn late(
        &mut self,
        packet: &LivePacket<'_>,
        number: u64,
        mtu: u16,
        sink: &mut dyn FnMut(Arrival, Option<LiveFrame<'_>>),
    ) {
        let whole = packet.index == 0 && packet.payload.len() < chunk(mtu).min(self.seen_chunk);
        sink(Arrival::Late, None);
        if whole && packet.payload.len() <= MAX_FRAME {
            sink(Arrival::Late, Some(LiveFrame { number, ids: 1, payload: packet.payload }));
        }
    }
}
