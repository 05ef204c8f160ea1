//! What a dialect is to the client, and what the client is to a dialect.

use std::collections::VecDeque;

use confee_domain::{AudioFrame, BadgeProblem, LinkState, Mark, StreamId};
use uuid::Uuid;

use crate::event::{BadgeEvent, Counters};
use crate::link::LinkFault;
use crate::omi::OmiMemory;
use crate::received::Received;

/// Takes audio into the phone's custody. Calls must be quick: they copy into a bounded queue.
pub trait Intake {
    /// One frame, live or stored, in any order; false when the queue is full. A frame that was
    /// refused counts as not received and is asked for again where the badge stores it.
    fn frame(&mut self, frame: &AudioFrame<'_>) -> bool;
    /// A button press or mute; may come again.
    fn mark(&mut self, mark: Mark) -> bool;
    /// A pair of the badge's clock and the phone's.
    fn anchor(&mut self, stream: StreamId, badge_ms: u32, unix_ms: i64) -> bool;
}

/// One connection in one dialect. The client calls it with what the radio reports; it answers
/// through [`Cx`]. It is dropped with the link and begun anew with the next.
pub(crate) trait Session: Send {
    /// The services are known: start to negotiate.
    fn begin(&mut self, cx: &mut Cx<'_>);
    /// An operation that it had asked for ended; a read gives the value, others nothing.
    fn on_done(&mut self, tag: u16, result: Result<&[u8], LinkFault>, cx: &mut Cx<'_>);
    /// A notification.
    fn on_notified(&mut self, characteristic: Uuid, value: &[u8], cx: &mut Cx<'_>);
    /// The first `records` taken by the intake, counted from the client's start, are on disk.
    fn on_durable(&mut self, records: u64, cx: &mut Cx<'_>);
    /// Called at least every 250 ms.
    fn on_tick(&mut self, cx: &mut Cx<'_>);
    /// The wearer wants to mute or unmute.
    fn mute(&mut self, on: bool, cx: &mut Cx<'_>);
    /// Bulk transfer may go on, or must pause (low battery, heat).
    fn allow_drain(&mut self, on: bool, cx: &mut Cx<'_>);
    /// How far it is: `Securing`, `Negotiating`, `Subscribing`, `Draining` or `Streaming`.
    fn state(&self) -> LinkState;
    /// Why it cannot go on; the client then lets the link go.
    fn failure(&self) -> Option<BadgeProblem>;
    /// What the next connection has to know; unset where nothing.
    fn memory(&self) -> Option<OmiMemory> {
        None
    }
    /// Whether audio should be flowing: not muted, not paused in silence.
    fn expects_audio(&self) -> bool;
}

/// What a session works with during one call.
pub(crate) struct Cx<'a> {
    /// Monotonic milliseconds.
    pub(crate) now_ms: u64,
    /// The phone's wall clock.
    pub(crate) unix_ms: i64,
    /// ATT MTU of the link.
    pub(crate) mtu: u16,
    /// Operations for the radio; one is open at a time.
    pub(crate) ops: &'a mut GattOps,
    /// Where audio goes.
    pub(crate) custodian: Custodian<'a>,
    /// For the app.
    pub(crate) events: &'a mut VecDeque<BadgeEvent>,
    /// What was ignored.
    pub(crate) counters: &'a mut Counters,
}

/// The intake, with the memory of what it took.
pub(crate) struct Custodian<'a> {
    pub(crate) intake: &'a mut dyn Intake,
    pub(crate) received: &'a mut Received,
    /// Calls that the intake accepted since the client's start: the receipt number.
    pub(crate) taken: &'a mut u64,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    New,
    Duplicate,
    Refused,
}

impl Custodian<'_> {
    /// Offers a frame; one that is known is not offered again.
    pub(crate) fn frame(&mut self, frame: &AudioFrame<'_>) -> Taken {
        if self.received.contains(frame.stream, frame.seq) {
            return Taken::Duplicate;
        }
        if !self.intake.frame(frame) {
            return Taken::Refused;
        }
        *self.taken += 1;
        self.received.insert(frame.stream, frame.seq);
        Taken::New
    }

    /// Offers a mark.
    pub(crate) fn mark(&mut self, mark: Mark) -> bool {
        let taken = self.intake.mark(mark);
        *self.taken += u64::from(taken);
        taken
    }

    /// Offers a pair of clocks.
    pub(crate) fn anchor(&mut self, stream: StreamId, badge_ms: u32, unix_ms: i64) -> bool {
        let taken = self.intake.anchor(stream, badge_ms, unix_ms);
        *self.taken += u64::from(taken);
        taken
    }

    /// Number of records taken so far: once so many are durable, all of them are.
    pub(crate) fn receipt(&self) -> u64 {
        *self.taken
    }
}

/// What the client is to do first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    /// Stop and mute.
    Urgent,
    /// Negotiation and requests.
    Control,
    /// Acknowledgements of stored audio.
    Ack,
    /// Reads of stored audio.
    Bulk,
}

/// One GATT operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GattOp {
    pub(crate) priority: Priority,
    /// Comes back in `on_done`.
    pub(crate) tag: u16,
    pub(crate) characteristic: Uuid,
    pub(crate) kind: GattKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GattKind {
    Read,
    Write { value: Vec<u8>, confirmed: bool },
    Subscribe,
}

/// Operations that wait, most urgent first, in order within a priority.
#[derive(Debug, Default)]
pub(crate) struct GattOps(VecDeque<GattOp>);

impl GattOps {
    pub(crate) fn push(&mut self, op: GattOp) {
        let at = self.0.partition_point(|o| o.priority <= op.priority);
        self.0.insert(at, op);
    }

    pub(crate) fn read(&mut self, tag: u16, characteristic: Uuid) {
        let kind = GattKind::Read;
        self.push(GattOp { priority: Priority::Control, tag, characteristic, kind });
    }

    pub(crate) fn subscribe(&mut self, tag: u16, characteristic: Uuid) {
        let kind = GattKind::Subscribe;
        self.push(GattOp { priority: Priority::Control, tag, characteristic, kind });
    }

    pub(crate) fn write(&mut self, priority: Priority, tag: u16, to: Uuid, value: &[u8]) {
        let kind = GattKind::Write { value: value.to_vec(), confirmed: true };
        self.push(GattOp { priority, tag, characteristic: to, kind });
    }

    pub(crate) fn pop(&mut self) -> Option<GattOp> {
        self.0.pop_front()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
