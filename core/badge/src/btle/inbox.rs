use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::link::{LinkEvent, LinkSink};

/// Values held back while a read is open. The core has one read open, so that more than its echo
/// and a few real notifications cannot wait here; what is beyond is passed on unfiltered.
const HELD: usize = 64;

/// The way of values from the radio to the sink. BlueZ shows the value of every read as a change
/// of the characteristic, exactly as it shows a notification; only what the core subscribed to
/// may pass, and of those the echo of a read may not.
pub(super) struct Inbox {
    sink: Arc<dyn LinkSink>,
    /// Events go out under this lock: nothing of a link can follow its `Disconnected`.
    open: Mutex<Option<Open>>,
}

struct Open {
    epoch: u32,
    peripheral: String,
    filter: Filter,
}

impl Inbox {
    pub(super) fn new(sink: Arc<dyn LinkSink>) -> Self {
        Self { sink, open: Mutex::new(None) }
    }

    /// A link begins; nothing is subscribed.
    pub(super) fn begin(&self, epoch: u32, peripheral: &str) {
        let peripheral = peripheral.to_owned();
        *self.lock() = Some(Open { epoch, peripheral, filter: Filter::default() });
    }

    /// The link ended: values of it that are still on their way are dropped.
    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    /// Values of a characteristic are notifications from now on. Before the badge is asked, since
    /// its first notification may overtake its confirmation.
    pub(super) fn subscribe(&self, characteristic: Uuid) {
        if let Some(open) = self.lock().as_mut() {
            open.filter.subscribed.insert(characteristic);
        }
    }

    /// It was refused.
    pub(super) fn unsubscribe(&self, characteristic: Uuid) {
        if let Some(open) = self.lock().as_mut() {
            open.filter.subscribed.remove(&characteristic);
        }
    }

    /// A read begins.
    pub(super) fn read_begins(&self, characteristic: Uuid) {
        if let Some(open) = self.lock().as_mut() {
            open.filter.read_begins(characteristic);
        }
    }

    /// The read ended, with a value or without.
    pub(super) fn read_ends(&self, value: Option<&[u8]>) {
        let mut lock = self.lock();
        let Some(open) = lock.as_mut() else { return };
        let epoch = open.epoch;
        for (characteristic, value) in open.filter.read_ends(value) {
            self.sink.on_event(LinkEvent::Notified { epoch, characteristic, value });
        }
    }

    /// A value came. Called by the task that does nothing else.
    pub(super) fn value(&self, peripheral: &str, characteristic: Uuid, value: Vec<u8>) {
        let mut lock = self.lock();
        let Some(open) = lock.as_mut().filter(|o| o.peripheral == peripheral) else { return };
        if let Some(value) = open.filter.value(characteristic, value) {
            let epoch = open.epoch;
            self.sink.on_event(LinkEvent::Notified { epoch, characteristic, value });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which values are notifications.
///
/// A value of a characteristic that is not subscribed is never one. Of a subscribed one, values
/// that come while it is read are held until the read's result is known, and one that equals the
/// result is taken for the echo; so is the next value after the read where it equals the result
/// and no echo was seen before. A true notification of the very value that was read just then is
/// lost with it, once: harmless for a state such as a battery's charge, and streams are not read.
#[derive(Debug, Default)]
struct Filter {
    subscribed: HashSet<Uuid>,
    read: Option<Read>,
}

#[derive(Debug)]
struct Read {
    characteristic: Uuid,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Open { held: Vec<Vec<u8>> },
    Echo { expected: Vec<u8> },
}

impl Filter {
    fn read_begins(&mut self, characteristic: Uuid) {
        self.read = Some(Read { characteristic, stage: Stage::Open { held: Vec::new() } });
    }

    /// Gives what turned out to be notifications.
    fn read_ends(&mut self, value: Option<&[u8]>) -> Vec<(Uuid, Vec<u8>)> {
        let Some(Read { characteristic, stage: Stage::Open { mut held } }) = self.read.take()
        else {
            return Vec::new();
        };
        let echo = held.iter().position(|h| Some(h.as_slice()) == value);
        match (echo, value) {
            (Some(at), _) => drop(held.remove(at)),
            (None, Some(value)) => {
                let stage = Stage::Echo { expected: value.to_vec() };
                self.read = Some(Read { characteristic, stage });
            }
            (None, None) => {}
        }
        held.into_iter().map(|value| (characteristic, value)).collect()
    }

    /// Gives the value back where it is a notification that may pass now.
    fn value(&mut self, characteristic: Uuid, value: Vec<u8>) -> Option<Vec<u8>> {
        if !self.subscribed.contains(&characteristic) {
            return None;
        }
        let Some(read) = self.read.as_mut().filter(|r| r.characteristic == characteristic) else {
            return Some(value);
        };
        match &mut read.stage {
            Stage::Open { held } if held.len() < HELD => {
                held.push(value);
                None
            }
            Stage::Open { .. } => Some(value),
            Stage::Echo { expected } => {
                let echo = *expected == value;
                self.read = None;
                (!echo).then_some(value)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUDIO: Uuid = Uuid::from_u128(1);
    const BATTERY: Uuid = Uuid::from_u128(2);

    fn subscribed(to: &[Uuid]) -> Filter {
        Filter { subscribed: to.iter().copied().collect(), read: None }
    }

    #[test]
    fn only_what_is_subscribed_passes() {
        let mut filter = subscribed(&[AUDIO]);
        assert_eq!(filter.value(AUDIO, vec![1]), Some(vec![1]));
        assert_eq!(filter.value(BATTERY, vec![80]), None);
    }

    #[test]
    fn the_echo_of_a_read_is_dropped_before_and_after_its_answer() {
        for echo_first in [true, false] {
            let mut filter = subscribed(&[BATTERY]);
            filter.read_begins(BATTERY);
            if echo_first {
                assert_eq!(filter.value(BATTERY, vec![80]), None);
            }
            assert!(filter.read_ends(Some(&[80])).is_empty());
            if !echo_first {
                assert_eq!(filter.value(BATTERY, vec![80]), None);
            }
            assert_eq!(filter.value(BATTERY, vec![80]), Some(vec![80]), "{echo_first}");
        }
    }

    #[test]
    fn notifications_during_a_read_are_kept_in_order() {
        let mut filter = subscribed(&[BATTERY, AUDIO]);
        filter.read_begins(BATTERY);
        for value in [81, 80, 79] {
            assert_eq!(filter.value(BATTERY, vec![value]), None);
        }
        assert_eq!(filter.value(AUDIO, vec![1]), Some(vec![1]), "others do not wait");
        let kept = filter.read_ends(Some(&[80]));
        assert_eq!(kept, [(BATTERY, vec![81]), (BATTERY, vec![79])]);
    }

    #[test]
    fn a_failed_read_holds_nothing_back() {
        let mut filter = subscribed(&[BATTERY]);
        filter.read_begins(BATTERY);
        assert_eq!(filter.value(BATTERY, vec![80]), None);
        assert_eq!(filter.read_ends(None), [(BATTERY, vec![80])]);
        assert_eq!(filter.value(BATTERY, vec![80]), Some(vec![80]));
    }

    #[test]
    fn where_reads_have_no_echo_other_values_pass() {
        let mut filter = subscribed(&[BATTERY]);
        filter.read_begins(BATTERY);
        assert!(filter.read_ends(Some(&[80])).is_empty());
        assert_eq!(filter.value(BATTERY, vec![79]), Some(vec![79]));
        assert_eq!(filter.value(BATTERY, vec![80]), Some(vec![80]));
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut filter = subscribed(&[AUDIO]);
        filter.read_begins(AUDIO);
        let passed = (0..100_u8).filter(|n| filter.value(AUDIO, vec![*n]).is_some()).count();
        assert_eq!(passed, 100 - HELD);
    }
}
