//! The inside of the radio: a queue of what happens when, and the one link.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use fastrand::Rng;
use uuid::Uuid;

use super::peripheral::{Peripheral, lock};
use super::plan::AirPlan;
use super::radio::Traffic;
use crate::link::{AdapterState, LinkCommand, LinkEvent, LinkFault, LinkSink};

/// How often a badge advertises.
const ADVERTISE_MS: u64 = 200;

pub(super) struct Air {
    pub(super) plan: AirPlan,
    pub(super) rng: Rng,
    pub(super) sink: Option<Arc<dyn LinkSink>>,
    pub(super) traffic: Traffic,
    pub(super) link: Option<Connection>,
    pub(super) subscribe_failed: bool,
    now_ms: u64,
    order: u64,
    queue: BTreeMap<(u64, u64), Action>,
    reports: Vec<LinkEvent>,
    stations: Vec<Station>,
    scan: Option<Vec<Uuid>>,
    keys: BTreeSet<String>,
}

pub(super) struct Station {
    pub(super) peripheral: String,
    pub(super) badge: Arc<Mutex<dyn Peripheral>>,
}

/// The link as the phone sees it; `up` is unset from a loss until the phone notices.
pub(super) struct Connection {
    pub(super) epoch: u32,
    pub(super) station: usize,
    pub(super) encrypted: bool,
    pub(super) mtu: u16,
    pub(super) up: bool,
}

pub(super) enum Action {
    Report(LinkEvent),
    Arrive(LinkEvent),
    Establish { epoch: u32, station: usize },
    Operate { epoch: u32, request: u32, operation: Operation },
    Interval { epoch: u32 },
    Advertise,
    Drop(LinkFault),
    Noticed { epoch: u32, fault: LinkFault },
    Adapter(bool),
    Mtu(u16),
    ForgetBonds,
}

pub(super) enum Operation {
    Read(Uuid),
    Write(Uuid, Vec<u8>),
    Subscribe(Uuid),
}

impl Air {
    pub(super) fn new(plan: AirPlan) -> Self {
        let mut air = Self {
            rng: Rng::with_seed(plan.seed),
            plan,
            sink: None,
            traffic: Traffic::default(),
            link: None,
            subscribe_failed: false,
            now_ms: 0,
            order: 0,
            queue: BTreeMap::new(),
            reports: Vec::new(),
            stations: Vec::new(),
            scan: None,
            keys: BTreeSet::new(),
        };
        air.lay_out();
        air
    }

    /// Enters what the plan fixes in advance.
    fn lay_out(&mut self) {
        let plan = self.plan.clone();
        for drop in plan.drops {
            self.at(drop.at_ms, Action::Drop(drop.fault));
        }
        for off in plan.adapter_off {
            self.at(off.start, Action::Adapter(false));
            self.at(off.end, Action::Adapter(true));
        }
        for (at_ms, mtu) in plan.mtu_changes {
            self.at(at_ms, Action::Mtu(mtu));
        }
        if let Some(at_ms) = plan.forget_bond_at {
            self.at(at_ms, Action::ForgetBonds);
        }
    }

    pub(super) fn add(&mut self, peripheral: &str, badge: Arc<Mutex<dyn Peripheral>>) {
        lock(&badge).advance(self.now_ms);
        self.stations.push(Station { peripheral: peripheral.to_owned(), badge });
    }

    pub(super) fn forget_keys(&mut self, peripheral: &str) {
        self.keys.remove(peripheral);
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.now_ms
    }

    pub(super) fn next_at(&self) -> Option<u64> {
        self.queue.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn is_linked(&self) -> bool {
        self.link.as_ref().is_some_and(|l| l.up)
    }

    pub(super) fn take_reports(&mut self) -> Vec<LinkEvent> {
        std::mem::take(&mut self.reports)
    }

    /// Does the next thing due; false when there is none any more.
    pub(super) fn step(&mut self, until_ms: u64) -> bool {
        let due = self.queue.first_entry().filter(|e| e.key().0 <= until_ms);
        let Some(entry) = due else {
            self.now_ms = self.now_ms.max(until_ms);
            for station in &self.stations {
                lock(&station.badge).advance(self.now_ms);
            }
            return false;
        };
        let ((at_ms, _), action) = entry.remove_entry();
        self.now_ms = self.now_ms.max(at_ms);
        self.act(action);
        true
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Report(event) => self.reports.push(event),
            Action::Arrive(event) => self.arrive(event),
            Action::Establish { epoch, station } => self.establish(epoch, station),
            Action::Operate { epoch, request, operation } => {
                self.operate(epoch, request, operation);
            }
            Action::Interval { epoch } => self.interval(epoch),
            Action::Advertise => self.advertise(),
            Action::Drop(fault) => self.lose(fault),
            Action::Noticed { epoch, fault } => self.noticed(epoch, fault),
            Action::Adapter(on) => self.switch(on),
            Action::Mtu(mtu) => self.change_mtu(mtu),
            Action::ForgetBonds => {
                for station in &self.stations {
                    lock(&station.badge).set_bonded(false);
                }
            }
        }
    }

    pub(super) fn at(&mut self, at_ms: u64, action: Action) {
        self.order += 1;
        self.queue.insert((at_ms.max(self.now_ms), self.order), action);
    }

    pub(super) fn after(&mut self, delay_ms: u64, action: Action) {
        self.at(self.now_ms.saturating_add(delay_ms), action);
    }

    pub(super) fn report(&mut self, event: LinkEvent) {
        self.after(0, Action::Report(event));
    }

    pub(super) fn latency(&mut self) -> u64 {
        self.rng.u64(self.plan.latency_ms.clone())
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        let calm = self.plan.calm_after.is_some_and(|at| self.now_ms >= at);
        !calm && probability > 0.0 && self.rng.f64() < probability
    }

    pub(super) fn badge(&self, station: usize) -> Option<Arc<Mutex<dyn Peripheral>>> {
        let badge = self.stations.get(station).map(|s| Arc::clone(&s.badge))?;
        lock(&badge).advance(self.now_ms);
        Some(badge)
    }

    pub(super) fn has_keys(&self, station: usize) -> bool {
        self.stations.get(station).is_some_and(|s| self.keys.contains(&s.peripheral))
    }

    pub(super) fn keep_keys(&mut self, station: usize) {
        if let Some(station) = self.stations.get(station) {
            self.keys.insert(station.peripheral.clone());
        }
    }

    /// The app begins, or begins anew: the system lets the old one's link go.
    pub(super) fn attach(&mut self, sink: Arc<dyn LinkSink>) {
        self.hang_up();
        self.link = None;
        self.scan = None;
        self.reports.clear();
        self.queue.retain(|_, a| !a.is_of_the_app());
        self.sink = Some(sink);
        let state = self.adapter();
        self.report(LinkEvent::Adapter { state });
    }

    fn adapter(&self) -> AdapterState {
        if self.plan.is_off(self.now_ms) { AdapterState::Off } else { AdapterState::On }
    }

    pub(super) fn submit(&mut self, command: LinkCommand) {
        match command {
            LinkCommand::Scan { services } => {
                self.scan = Some(services);
                self.after(ADVERTISE_MS, Action::Advertise);
            }
            LinkCommand::StopScan => self.scan = None,
            LinkCommand::Connect { epoch, peripheral } => self.connect(epoch, &peripheral),
            LinkCommand::Discover { epoch } => self.discover(epoch),
            LinkCommand::Read { epoch, request, characteristic } => {
                self.start(epoch, request, Operation::Read(characteristic));
            }
            LinkCommand::Write { epoch, request, characteristic, value, confirmed: _ } => {
                self.start(epoch, request, Operation::Write(characteristic, value));
            }
            LinkCommand::Subscribe { epoch, request, characteristic } => {
                self.start(epoch, request, Operation::Subscribe(characteristic));
            }
            LinkCommand::Disconnect { epoch } => {
                if self.link.as_ref().is_some_and(|l| l.epoch == epoch) {
                    self.hang_up();
                    self.link = None;
                }
                self.queue
                    .retain(|_, a| !matches!(a, Action::Establish { epoch: e, .. } if *e == epoch));
                self.report(LinkEvent::Disconnected { epoch, fault: LinkFault::Closed });
            }
        }
    }

    fn connect(&mut self, epoch: u32, peripheral: &str) {
        if let Some(old) = self.link.as_ref().map(|l| l.epoch) {
            self.hang_up();
            self.link = None;
            self.report(LinkEvent::Disconnected { epoch: old, fault: LinkFault::Closed });
        }
        if self.plan.is_off(self.now_ms) {
            return self.report(LinkEvent::Disconnected { epoch, fault: LinkFault::Off });
        }
        match self.stations.iter().position(|s| s.peripheral == peripheral) {
            Some(station) => {
                let takes_ms = self.plan.connect_takes_ms;
                self.after(takes_ms, Action::Establish { epoch, station });
            }
            None => self.give_up(epoch),
        }
    }

    fn give_up(&mut self, epoch: u32) {
        let fault = LinkFault::Timeout;
        let waits_ms = self.plan.connect_timeout_ms;
        self.after(waits_ms, Action::Report(LinkEvent::Disconnected { epoch, fault }));
    }

    fn advertise(&mut self) {
        let Some(wanted) = self.scan.clone() else { return };
        let out_of_range = self.plan.is_off(self.now_ms) || self.plan.out_of_range(self.now_ms);
        for index in 0..self.stations.len() {
            let linked = self.link.as_ref().is_some_and(|l| l.station == index);
            let Some(badge) = self.badge(index).filter(|_| !linked && !out_of_range) else {
                continue;
            };
            let badge = lock(&badge);
            let services = badge.services();
            if badge.is_on() && services.iter().any(|s| wanted.contains(s)) {
                self.reports.push(LinkEvent::Found {
                    peripheral: self
                        .stations
                        .get(index)
                        .map_or_else(String::new, |s| s.peripheral.clone()),
                    name: badge.name(),
                    rssi: Some(-50 - i16::from(self.rng.u8(0..40))),
                    services,
                });
            }
        }
        self.after(ADVERTISE_MS, Action::Advertise);
    }

    fn switch(&mut self, on: bool) {
        let state = if on { AdapterState::On } else { AdapterState::Off };
        if !on {
            self.hang_up();
            if let Some(link) = self.link.take() {
                let fault = LinkFault::Off;
                self.report(LinkEvent::Disconnected { epoch: link.epoch, fault });
            }
        }
        self.report(LinkEvent::Adapter { state });
    }
}

impl Action {
    /// Whether it ends with the app that asked for it.
    fn is_of_the_app(&self) -> bool {
        !matches!(self, Self::Drop(_) | Self::Adapter(_) | Self::Mtu(_) | Self::ForgetBonds)
    }
}
