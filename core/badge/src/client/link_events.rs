//! What the radio reports.

use confee_domain::{BadgeProblem, DialectName, FoundBadge};
use uuid::Uuid;

use super::{BadgeClient, Now, Stage};
use crate::event::BadgeEvent;
use crate::link::{AdapterState, LinkCommand, LinkEvent, LinkFault};
use crate::session::Intake;
use crate::{confee, omi};

/// MTU below which nothing can be sent at all, and the largest that BLE has.
const MTU: std::ops::RangeInclusive<u16> = 23..=517;

impl BadgeClient {
    /// Takes one event of the radio. Events of older attempts are counted and ignored.
    pub fn on_link(&mut self, event: LinkEvent, now: Now, intake: &mut dyn Intake) {
        if let Some(epoch) = epoch_of(&event)
            && epoch != self.epoch
        {
            self.counters.stray += 1;
            return;
        }
        match event {
            LinkEvent::Adapter { state } => self.on_adapter(state, now),
            LinkEvent::Found { peripheral, name, rssi, services } => {
                self.on_found(peripheral, name, rssi, &services);
            }
            LinkEvent::Connected { epoch } => self.on_connected(epoch, now),
            LinkEvent::Discovered { characteristics, mtu, .. } => {
                self.on_discovered(&characteristics, mtu, now, intake);
            }
            LinkEvent::Mtu { mtu, .. } => self.mtu = mtu.clamp(*MTU.start(), *MTU.end()),
            LinkEvent::ServicesChanged { .. } => self.lost(BadgeProblem::Other, now),
            LinkEvent::Read { request, value, .. } => {
                self.on_done(request, Ok(&value), now, intake);
            }
            LinkEvent::Written { request, .. } | LinkEvent::Subscribed { request, .. } => {
                self.on_done(request, Ok(&[]), now, intake);
            }
            LinkEvent::Failed { request, fault, .. } => {
                self.on_done(request, Err(fault), now, intake);
            }
            LinkEvent::Notified { characteristic, value, .. } => {
                self.counters.notifications += 1;
                self.with_session(now, intake, |session, cx| {
                    session.on_notified(characteristic, &value, cx);
                });
            }
            LinkEvent::Disconnected { fault, .. } => self.lost(fault.problem(), now),
        }
        self.report();
    }

    fn on_adapter(&mut self, state: AdapterState, now: Now) {
        self.adapter = match state {
            AdapterState::On => None,
            AdapterState::Off => Some(BadgeProblem::BluetoothOff),
            AdapterState::Unauthorized => Some(BadgeProblem::PermissionDenied),
            AdapterState::Unsupported => Some(BadgeProblem::Unsupported),
        };
        match (self.adapter, self.stage) {
            (None, Stage::Lost { .. }) => {
                self.attempt = 0;
                self.try_connect(now);
            }
            (Some(problem), stage) if stage != Stage::Idle => self.lost(problem, now),
            _ => {}
        }
    }

    fn on_found(
        &mut self,
        peripheral: String,
        name: Option<String>,
        rssi: Option<i16>,
        services: &[Uuid],
    ) {
        if self.stage == Stage::Scanning
            && let Some(dialect) = dialect(services, confee::SERVICE, omi::uuids::AUDIO_SERVICE)
        {
            let name = name.map(|n| crate::text::clean(n.as_bytes()));
            let found = FoundBadge { peripheral, name, rssi, dialect };
            self.events.push_back(BadgeEvent::Found(found));
        }
    }

    fn on_connected(&mut self, epoch: u32, now: Now) {
        if let Stage::Connecting { .. } = self.stage {
            let until = now.mono_ms + self.config.timeouts.discover_ms;
            self.stage = Stage::Discovering { until };
            self.commands.push_back(LinkCommand::Discover { epoch });
        }
    }

    fn on_discovered(
        &mut self,
        characteristics: &[Uuid],
        mtu: u16,
        now: Now,
        intake: &mut dyn Intake,
    ) {
        let Stage::Discovering { .. } = self.stage else {
            self.counters.stray += 1;
            return;
        };
        let Some(dialect) = dialect(characteristics, confee::CAPABILITY, omi::uuids::AUDIO_DATA)
        else {
            return self.lost(BadgeProblem::UnknownProtocol, now);
        };
        self.mtu = mtu.clamp(*MTU.start(), *MTU.end());
        let until = now.mono_ms + self.config.timeouts.negotiate_ms;
        self.stage = Stage::Session { until, ready_since: None };
        self.begin_session(dialect, characteristics);
        self.with_session(now, intake, |session, cx| session.begin(cx));
    }

    fn on_done(
        &mut self,
        request: u32,
        result: Result<&[u8], LinkFault>,
        now: Now,
        intake: &mut dyn Intake,
    ) {
        match self.open.take_if(|open| open.request == request) {
            None => self.counters.stray += 1,
            Some(open) => {
                let tag = open.tag;
                self.with_session(now, intake, |session, cx| session.on_done(tag, result, cx));
            }
        }
    }
}

/// The dialect whose mark is among `uuids`; ours where a badge has both.
fn dialect(uuids: &[Uuid], ours: Uuid, theirs: Uuid) -> Option<DialectName> {
    if uuids.contains(&ours) {
        Some(DialectName::Confee)
    } else {
        uuids.contains(&theirs).then_some(DialectName::Omi)
    }
}

fn epoch_of(event: &LinkEvent) -> Option<u32> {
    match event {
        LinkEvent::Adapter { .. } | LinkEvent::Found { .. } => None,
        LinkEvent::Connected { epoch }
        | LinkEvent::Discovered { epoch, .. }
        | LinkEvent::Mtu { epoch, .. }
        | LinkEvent::ServicesChanged { epoch }
        | LinkEvent::Read { epoch, .. }
        | LinkEvent::Written { epoch, .. }
        | LinkEvent::Subscribed { epoch, .. }
        | LinkEvent::Failed { epoch, .. }
        | LinkEvent::Notified { epoch, .. }
        | LinkEvent::Disconnected { epoch, .. } => Some(*epoch),
    }
}
