//! Live audio of one connection.

use std::collections::VecDeque;

use confee_domain::{AudioFrame, Codec, Mark, MarkKind, StreamId};

use super::identity::live_stream;
use super::numbering::Numbering;
use super::{Arrival, LiveAssembler, LiveFrame, LivePacket};
use crate::event::BadgeEvent;
use crate::session::{Cx, Taken};

/// Quiet time after which the frame that waits for its end is taken as it is. Much more than two
/// frames: a radio that stalls in the middle of a frame is common, and nothing waits for it.
const IDLE_MS: u64 = 250;
/// How often the wall clock is noted.
const ANCHOR_MS: u64 = 60_000;
/// Packets that may be lost before a new connection is heard, besides those of its outage.
const LOST_AROUND_OUTAGE: u64 = 512;
/// A longer outage is a new stream.
const LONGEST_OUTAGE_MS: u64 = 7 * 24 * 3_600_000;
/// Time without a link that the lost packets themselves explain.
const SHORT_OUTAGE_MS: u64 = 500;
/// Presses that wait for the first frame.
const MARKS: usize = 8;

/// When something came.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct When {
    pub(super) now_ms: u64,
    pub(super) unix_ms: i64,
}

impl When {
    pub(super) fn now(cx: &Cx<'_>) -> Self {
        Self { now_ms: cx.now_ms, unix_ms: cx.unix_ms }
    }

    /// Milliseconds since an earlier time: the monotonic clock may stand while a phone sleeps, so
    /// the wall clock counts where it says more.
    fn since(self, earlier: Self) -> u64 {
        let wall = self.unix_ms.saturating_sub(earlier.unix_ms);
        self.now_ms.saturating_sub(earlier.now_ms).max(u64::try_from(wall).unwrap_or(0))
    }
}

/// What goes on over connections: the numbering, and when the last packet came.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    pub(super) badge_id: u64,
    pub(super) last_number: u64,
    pub(super) at: When,
    pub(super) numbering: Numbering,
}

#[derive(Debug)]
pub(super) struct Flow {
    badge_id: u64,
    codec: Codec,
    assembler: LiveAssembler,
    numbers: Numbers,
}

#[derive(Debug, Default)]
struct Numbers {
    numbering: Option<Numbering>,
    /// Packet number of this connection's first frame.
    first: Option<u64>,
    last: Option<When>,
    anchor_due_ms: u64,
    marks: VecDeque<MarkKind>,
}

impl Flow {
    /// Goes on with the numbering of an earlier connection where it is the same badge and codec.
    pub(super) fn new(badge_id: u64, codec: Codec, carried: Option<Carried>) -> Self {
        let fits = |c: &Carried| c.badge_id == badge_id && c.numbering.frame_ms() == codec.frame_ms;
        let carried = carried.filter(fits);
        let assembler = carried
            .as_ref()
            .map_or_else(LiveAssembler::new, |c| LiveAssembler::after(c.last_number));
        let numbers = Numbers {
            last: carried.as_ref().map(|c| c.at),
            numbering: carried.map(|c| c.numbering),
            ..Numbers::default()
        };
        Self { badge_id, codec, assembler, numbers }
    }

    pub(super) fn carried(&self) -> Option<Carried> {
        Some(Carried {
            badge_id: self.badge_id,
            last_number: self.assembler.last_number()?,
            at: self.numbers.last?,
            numbering: self.numbers.numbering.clone()?,
        })
    }

    pub(super) fn badge_id(&self) -> u64 {
        self.badge_id
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    pub(super) fn numbering(&self) -> Option<&Numbering> {
        self.numbers.numbering.as_ref()
    }

    /// Packet number of a live packet id; unset before the first packet of this connection.
    pub(super) fn number_of(&self, id: u16) -> Option<u64> {
        self.numbers.first.and(self.assembler.number_of(id))
    }

    /// Packet number of this connection's first frame.
    pub(super) fn first_number(&self) -> Option<u64> {
        self.numbers.first
    }

    /// First packet number that frames stored without a link cannot have.
    pub(super) fn outage_number(&self) -> Option<u64> {
        self.numbers.first.or_else(|| self.assembler.last_number().map(|n| n + 1))
    }

    /// A live notification.
    pub(super) fn on_packet(&mut self, bytes: &[u8], when: When, cx: &mut Cx<'_>) {
        let Ok(packet) = LivePacket::parse(bytes) else {
            cx.counters.malformed += 1;
            return;
        };
        let most_lost = self.most_lost(when);
        let Self { badge_id, codec, assembler, numbers } = self;
        let before = assembler.incomplete();
        let at = (*badge_id, *codec, when);
        let mtu = cx.mtu;
        assembler.push(&packet, mtu, most_lost, &mut |arrival, frame| match frame {
            Some(frame) => numbers.on_frame(at, arrival, &frame, cx),
            None => numbers.on_arrival(arrival, cx),
        });
        cx.counters.incomplete += assembler.incomplete() - before;
        numbers.last = Some(when);
    }

    /// Ids go up only while there is a link, one per packet: more than fit in the time since the
    /// last one are a restart.
    fn most_lost(&self, when: When) -> u64 {
        match (self.numbers.first, self.numbers.last) {
            (None, Some(last)) => {
                let frames = when.since(last) / u64::from(self.codec.frame_ms.max(1));
                frames.saturating_mul(2).saturating_add(LOST_AROUND_OUTAGE)
            }
            _ => u64::MAX,
        }
    }

    pub(super) fn on_tick(&mut self, cx: &mut Cx<'_>) {
        let Self { badge_id, codec, assembler, numbers } = self;
        let Some(last) = numbers.last else { return };
        if numbers.first.is_some() && cx.now_ms.saturating_sub(last.now_ms) >= IDLE_MS {
            let at = (*badge_id, *codec, last);
            assembler.flush(&mut |arrival, frame| {
                if let Some(frame) = frame {
                    numbers.on_frame(at, arrival, &frame, cx);
                }
            });
        }
        numbers.give_marks(cx);
    }

    /// The button was pressed: marks the newest frame, or the first one that comes.
    pub(super) fn mark(&mut self, kind: MarkKind, cx: &mut Cx<'_>) {
        if self.numbers.marks.len() == MARKS {
            self.numbers.marks.pop_front();
        }
        self.numbers.marks.push_back(kind);
        self.numbers.give_marks(cx);
    }
}

impl Numbers {
    fn on_arrival(&mut self, arrival: Arrival, cx: &mut Cx<'_>) {
        match arrival {
            Arrival::Duplicate => cx.counters.duplicates += 1,
            Arrival::Reset => self.numbering = None,
            Arrival::Next | Arrival::Gap | Arrival::Late => {}
        }
    }

    fn on_frame(
        &mut self,
        (badge_id, codec, when): (u64, Codec, When),
        arrival: Arrival,
        frame: &LiveFrame<'_>,
        cx: &mut Cx<'_>,
    ) {
        cx.counters.live += 1;
        let placed = match arrival {
            Arrival::Late => self.numbering.as_ref().and_then(|n| {
                let seq = n.seq_of(frame.number)?;
                self.first.is_some_and(|first| frame.number >= first).then_some((n.stream, seq))
            }),
            _ => Some(self.place(badge_id, codec, when, frame, cx)),
        };
        let Some((stream, seq)) = placed else {
            cx.counters.stray += 1;
            return;
        };
        if let Some(numbering) = &mut self.numbering {
            numbering.remember(seq, frame.payload);
        }
        let captured_ms = seq.saturating_mul(u32::from(codec.frame_ms));
        let whole = AudioFrame { stream, seq, captured_ms, codec, payload: frame.payload };
        count(cx.custodian.frame(&whole), cx);
        if arrival != Arrival::Late && when.now_ms >= self.anchor_due_ms {
            let began = when.unix_ms - i64::from(codec.frame_ms);
            if cx.custodian.anchor(stream, captured_ms, began) {
                self.anchor_due_ms = when.now_ms + ANCHOR_MS;
            }
        }
        self.give_marks(cx);
    }

    /// Stream and number of the next frame; the stream is told once per connection.
    fn place(
        &mut self,
        badge_id: u64,
        codec: Codec,
        when: When,
        frame: &LiveFrame<'_>,
        cx: &mut Cx<'_>,
    ) -> (StreamId, u32) {
        let fresh = self.first.is_none();
        let outage_ms = match self.last.filter(|_| fresh) {
            Some(last) => when.since(last),
            None => 0,
        };
        let counted = if outage_ms < SHORT_OUTAGE_MS { 0 } else { outage_ms };
        let known = self.numbering.as_mut().filter(|_| outage_ms < LONGEST_OUTAGE_MS);
        let placed = known.and_then(|n| n.place(frame, counted).map(|seq| (n.stream, seq)));
        self.first = Some(self.first.unwrap_or(frame.number));
        let begun = placed.is_none();
        let (stream, seq) = placed.unwrap_or_else(|| {
            let stream = live_stream(badge_id, when.unix_ms);
            self.numbering = Some(Numbering::new(stream, codec.frame_ms, frame));
            self.first = Some(frame.number);
            (stream, 0)
        });
        if fresh || begun {
            self.anchor_due_ms = when.now_ms;
            cx.events.push_back(BadgeEvent::Stream { stream, codec });
        }
        (stream, seq)
    }

    fn give_marks(&mut self, cx: &mut Cx<'_>) {
        let (Some(numbering), Some(_)) = (&self.numbering, self.first) else { return };
        let (stream, seq) = (numbering.stream, numbering.newest());
        while let Some(kind) = self.marks.front() {
            let captured_ms = numbering.captured_ms(seq);
            if !cx.custodian.mark(Mark { stream, seq, captured_ms, kind: *kind }) {
                return;
            }
            self.marks.pop_front();
        }
    }
}

/// Counts what became of a frame; false where it was refused.
pub(super) fn count(taken: Taken, cx: &mut Cx<'_>) -> bool {
    match taken {
        Taken::New => cx.counters.frames += 1,
        Taken::Duplicate => cx.counters.duplicates += 1,
        Taken::Refused => cx.counters.refused += 1,
    }
    taken != Taken::Refused
}
