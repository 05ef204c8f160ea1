//! What happens on a link: operations, notifications, its loss.

use uuid::Uuid;

use super::air::{Action, Air, Connection, Operation};
use super::peripheral::{Peripheral, lock};
use crate::link::{LinkEvent, LinkFault};

impl Air {
    pub(super) fn establish(&mut self, epoch: u32, station: usize) {
        let now_ms = self.now_ms();
        if self.plan.is_off(now_ms) {
            return self.report(LinkEvent::Disconnected { epoch, fault: LinkFault::Off });
        }
        if self.plan.is_busy(now_ms) {
            return self.report(LinkEvent::Disconnected { epoch, fault: LinkFault::Busy });
        }
        let badge = self.badge(station).filter(|b| lock(b).is_on());
        let Some(badge) = badge.filter(|_| !self.plan.out_of_range(now_ms)) else {
            let (fault, wait) = (LinkFault::Timeout, self.plan.connect_timeout_ms);
            return self.after(wait, Action::Report(LinkEvent::Disconnected { epoch, fault }));
        };
        let mtu = self.plan.mtu;
        lock(&badge).dropped_link();
        lock(&badge).connected(mtu);
        self.traffic.links += 1;
        self.link = Some(Connection { epoch, station, encrypted: false, mtu, up: true });
        self.report(LinkEvent::Connected { epoch });
        self.after(self.plan.interval_ms, Action::Interval { epoch });
    }

    pub(super) fn discover(&mut self, epoch: u32) {
        let Some((station, mtu)) = self.live(epoch) else { return };
        let Some(badge) = self.badge(station) else { return };
        let characteristics = lock(&badge).characteristics().iter().map(|c| c.uuid).collect();
        let delay = 100 + self.latency();
        let event = LinkEvent::Discovered { epoch, characteristics, mtu };
        self.after(delay, Action::Report(event));
    }

    /// Station and MTU of a link that is up.
    fn live(&self, epoch: u32) -> Option<(usize, u16)> {
        let link = self.link.as_ref().filter(|l| l.up && l.epoch == epoch)?;
        Some((link.station, link.mtu))
    }

    pub(super) fn start(&mut self, epoch: u32, request: u32, operation: Operation) {
        let known = self.link.as_ref().is_some_and(|l| l.epoch == epoch);
        if !known {
            let fault =
                if self.plan.is_off(self.now_ms()) { LinkFault::Off } else { LinkFault::Closed };
            return self.report(LinkEvent::Failed { epoch, request, fault });
        }
        let delay = self.latency();
        self.after(delay, Action::Operate { epoch, request, operation });
    }

    /// An operation reaches the badge; without a link it is never answered.
    pub(super) fn operate(&mut self, epoch: u32, request: u32, operation: Operation) {
        let Some((station, _)) = self.live(epoch) else { return };
        let Some(badge) = self.badge(station) else { return };
        let mut badge = lock(&badge);
        let characteristic = operation.characteristic();
        let mut delay = self.latency();
        let access = match self.admit(station, characteristic, &mut *badge) {
            Ok(pairing_ms) => {
                delay += pairing_ms;
                Ok(())
            }
            Err(fault) => Err(fault),
        };
        let result = access.and_then(|()| self.perform(operation, &mut *badge));
        drop(badge);
        let lost_keys = result == Err(LinkFault::PairingLost);
        self.answer(epoch, request, delay, result);
        if lost_keys {
            self.after(delay, Action::Drop(LinkFault::PairingLost));
        }
    }

    /// Encrypts the link where the value demands it; gives the time that pairing took.
    fn admit(
        &mut self,
        station: usize,
        characteristic: Uuid,
        badge: &mut dyn Peripheral,
    ) -> Result<u64, LinkFault> {
        let known = badge.characteristics().into_iter().find(|c| c.uuid == characteristic);
        let known = known.ok_or(LinkFault::Missing)?;
        if !known.protected || self.link.as_ref().is_some_and(|l| l.encrypted) {
            return Ok(0);
        }
        let takes_ms = match (self.has_keys(station), badge.is_bonded()) {
            (true, true) => 0,
            (true, false) => return Err(LinkFault::PairingLost),
            (false, _) if self.plan.refuse_pairing => return Err(LinkFault::NotSecure),
            (false, _) => {
                badge.set_bonded(true);
                self.keep_keys(station);
                self.traffic.pairings += 1;
                self.plan.pairing_takes_ms
            }
        };
        if let Some(link) = &mut self.link {
            link.encrypted = true;
        }
        Ok(takes_ms)
    }

    fn perform(
        &mut self,
        operation: Operation,
        badge: &mut dyn Peripheral,
    ) -> Result<Outcome, LinkFault> {
        match operation {
            Operation::Read(c) => badge.read(c).map(Outcome::Read),
            Operation::Write(c, value) => badge.write(c, &value).map(|()| Outcome::Written),
            Operation::Subscribe(_) if self.plan.subscribe_fails_once && !self.subscribe_failed => {
                self.subscribe_failed = true;
                Err(LinkFault::Other)
            }
            Operation::Subscribe(c) => badge.subscribe(c).map(|()| Outcome::Subscribed),
        }
    }

    fn answer(&mut self, epoch: u32, request: u32, delay: u64, result: Result<Outcome, LinkFault>) {
        let event = match result {
            Ok(Outcome::Read(value)) => LinkEvent::Read { epoch, request, value },
            Ok(Outcome::Written) => LinkEvent::Written { epoch, request },
            Ok(Outcome::Subscribed) => LinkEvent::Subscribed { epoch, request },
            Err(fault) => LinkEvent::Failed { epoch, request, fault },
        };
        if self.chance(self.plan.unanswered) {
            return;
        }
        let (probability, by_ms) = self.plan.late;
        let delay = if self.chance(probability) { delay + by_ms } else { delay };
        if self.chance(self.plan.answers_twice) {
            let again = delay + self.latency();
            self.after(again, Action::Arrive(event.clone()));
        }
        self.after(delay, Action::Arrive(event));
    }

    /// Something that was under way comes out at the phone.
    pub(super) fn arrive(&mut self, event: LinkEvent) {
        let of = match &event {
            LinkEvent::Notified { epoch, .. }
            | LinkEvent::Read { epoch, .. }
            | LinkEvent::Written { epoch, .. }
            | LinkEvent::Subscribed { epoch, .. }
            | LinkEvent::Failed { epoch, .. } => Some(*epoch),
            _ => None,
        };
        if self.plan.stale || of.is_none_or(|epoch| self.live(epoch).is_some()) {
            self.report(event);
        }
    }

    /// One connection interval: the badge's turn to send.
    pub(super) fn interval(&mut self, epoch: u32) {
        let Some((station, _)) = self.live(epoch) else { return };
        let Some(badge) = self.badge(station) else { return };
        if lock(&badge).dropped_link() {
            return self.lose(LinkFault::Timeout);
        }
        for _ in 0..self.plan.per_interval {
            let Some((characteristic, value)) = lock(&badge).next_notification() else { break };
            self.carry(LinkEvent::Notified { epoch, characteristic, value });
            if self.plan.after_notifications == Some(self.traffic.sent) {
                return self.lose(LinkFault::Timeout);
            }
        }
        self.after(self.plan.interval_ms, Action::Interval { epoch });
    }

    fn carry(&mut self, event: LinkEvent) {
        self.traffic.sent += 1;
        if self.chance(self.plan.loss) {
            self.traffic.lost += 1;
            return;
        }
        // Fixed within a link, so that order changes only where the plan says so.
        let mut delay = *self.plan.latency_ms.start();
        if self.chance(self.plan.duplicate) {
            self.traffic.duplicated += 1;
            let again = delay + self.latency();
            self.after(again, Action::Arrive(event.clone()));
        }
        if self.chance(self.plan.reorder) {
            self.traffic.reordered += 1;
            delay += self.rng.u64(1..=3 * self.plan.interval_ms.max(1));
        }
        self.after(delay, Action::Arrive(event));
    }

    /// The badge's side of the link ends.
    pub(super) fn hang_up(&mut self) {
        let Some(link) = self.link.as_mut().filter(|l| l.up) else { return };
        link.up = false;
        let station = link.station;
        if let Some(badge) = self.badge(station) {
            lock(&badge).disconnected();
        }
    }

    /// The link is lost; the phone notices later.
    pub(super) fn lose(&mut self, fault: LinkFault) {
        let Some(epoch) = self.link.as_ref().filter(|l| l.up).map(|l| l.epoch) else { return };
        self.traffic.drops += 1;
        self.hang_up();
        self.after(self.plan.notice_ms, Action::Noticed { epoch, fault });
    }

    pub(super) fn noticed(&mut self, epoch: u32, fault: LinkFault) {
        if self.link.as_ref().is_some_and(|l| l.epoch == epoch) {
            self.link = None;
            self.report(LinkEvent::Disconnected { epoch, fault });
        }
    }

    pub(super) fn change_mtu(&mut self, mtu: u16) {
        let Some(link) = self.link.as_mut().filter(|l| l.up) else { return };
        link.mtu = mtu;
        let (epoch, station) = (link.epoch, link.station);
        if let Some(badge) = self.badge(station) {
            lock(&badge).mtu_changed(mtu);
        }
        self.report(LinkEvent::Mtu { epoch, mtu });
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Read(Vec<u8>),
    Written,
    Subscribed,
}

impl Operation {
    fn characteristic(&self) -> Uuid {
        match self {
            Self::Read(c) | Self::Write(c, _) | Self::Subscribe(c) => *c,
        }
    }
}
