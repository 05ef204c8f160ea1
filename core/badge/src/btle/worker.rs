//! The radio's one task that decides: takes commands and events, starts operations, answers.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;

use btleplug::api::{CentralEvent, Peripheral as _, ValueNotification, WriteType};
use btleplug::platform::Peripheral;
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::BtleTimeouts;
use super::central::{Radio, answer, state_behind, state_of};
use super::fault::fault_of;
use super::inbox::Inbox;
use super::operation::{Characteristics, Operation, Outcome};
use super::peripherals::stop_scan;
use crate::link::{AdapterState, LinkCommand, LinkEvent, LinkFault, LinkSink};

/// Smallest and largest ATT MTU.
const MTU: (u16, u16) = (23, 517);

pub(super) enum Input {
    Command(LinkCommand),
    Central(CentralEvent),
    Done {
        operation: u64,
        outcome: Outcome,
    },
    /// The stream of a peripheral's notifications ended, with the system's Bluetooth service.
    Deaf {
        peripheral: String,
    },
}

pub(super) struct Worker {
    sink: Arc<dyn LinkSink>,
    inbox: Arc<Inbox>,
    input: mpsc::WeakUnboundedSender<Input>,
    timeouts: BtleTimeouts,
    radio: Option<Radio>,
    reported: Option<AdapterState>,
    /// Peripherals whose notifications are listened to: from their first connection on, since a
    /// stream survives reconnects, and ending one can fail inside bluez-async.
    heard: HashMap<String, Peripheral>,
    listeners: JoinSet<()>,
    link: Option<Attempt>,
    operations: u64,
}

/// One connection attempt and what became of it.
struct Attempt {
    epoch: u32,
    name: String,
    peripheral: Option<Peripheral>,
    stage: Stage,
    characteristics: Characteristics,
    running: Option<(u64, JoinHandle<()>)>,
    waiting: VecDeque<Operation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Locating,
    /// The system's event may come before the operation's end; only then can an end be one.
    Connecting {
        seen: bool,
    },
    Up,
}

type Notifications = Pin<Box<dyn Stream<Item = ValueNotification> + Send>>;

impl Worker {
    pub(super) fn new(
        sink: Arc<dyn LinkSink>,
        input: mpsc::WeakUnboundedSender<Input>,
        timeouts: BtleTimeouts,
    ) -> Self {
        let inbox = Arc::new(Inbox::new(sink.clone()));
        Self {
            sink,
            inbox,
            input,
            timeouts,
            radio: None,
            reported: None,
            heard: HashMap::new(),
            listeners: JoinSet::new(),
            link: None,
            operations: 0,
        }
    }

    /// Until the radio's owner drops it; then the link is let go.
    pub(super) async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) {
        self.open_radio().await;
        let mut check = interval(self.timeouts.check);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                input = inputs.recv() => match input {
                    Some(input) => self.handle(input).await,
                    None => break,
                },
                _ = check.tick() => self.look().await,
            }
        }
        self.end_link(LinkFault::Closed, true).await;
        if let Some(radio) = &self.radio {
            radio.stop_scan().await;
        }
    }

    async fn handle(&mut self, input: Input) {
        match input {
            Input::Command(command) => self.obey(command).await,
            Input::Central(event) => self.on_central(event).await,
            Input::Done { operation, outcome } => self.on_done(operation, outcome).await,
            Input::Deaf { peripheral } => {
                self.heard.remove(&peripheral);
                if self.link.as_ref().is_some_and(|l| l.name == peripheral) {
                    self.end_link(LinkFault::Other, true).await;
                }
            }
        }
    }

    async fn obey(&mut self, command: LinkCommand) {
        match command {
            LinkCommand::Scan { services } => self.scan(services).await,
            LinkCommand::StopScan => {
                if let Some(radio) = &self.radio {
                    radio.stop_scan().await;
                }
            }
            LinkCommand::Connect { epoch, peripheral } => self.connect(epoch, peripheral).await,
            LinkCommand::Discover { epoch } => self.discover(epoch),
            LinkCommand::Read { epoch, request, characteristic } => {
                let read = |on, what| Operation::Read { on, request, what };
                self.gatt(epoch, request, characteristic, read);
            }
            LinkCommand::Write { epoch, request, characteristic, value, confirmed } => {
                let how =
                    if confirmed { WriteType::WithResponse } else { WriteType::WithoutResponse };
                let write = |on, what| Operation::Write { on, request, what, value, how };
                self.gatt(epoch, request, characteristic, write);
            }
            LinkCommand::Subscribe { epoch, request, characteristic } => {
                let subscribe = |on, what| Operation::Subscribe { on, request, what };
                self.gatt(epoch, request, characteristic, subscribe);
            }
            LinkCommand::Disconnect { epoch } => self.disconnect(epoch).await,
        }
    }

    async fn open_radio(&mut self) {
        if self.radio.is_none() {
            match answer(Radio::open(self.sink.clone(), self.input.clone())).await {
                Ok(radio) => self.radio = Some(radio),
                Err(error) => {
                    tracing::info!(%error, "there is no Bluetooth adapter to use");
                    let state = state_behind(fault_of(&error));
                    let state = state.filter(|s| *s == AdapterState::Unauthorized);
                    self.adapter_is(state.unwrap_or(AdapterState::Unsupported));
                    return;
                }
            }
        }
        if let Some(radio) = &self.radio {
            let state = radio.state().await;
            self.adapter_is(state);
        }
    }

    fn adapter_is(&mut self, state: AdapterState) {
        if self.reported != Some(state) {
            self.reported = Some(state);
            self.sink.on_event(LinkEvent::Adapter { state });
        }
    }

    async fn scan(&mut self, services: Vec<Uuid>) {
        self.open_radio().await;
        let Some(radio) = self.radio.as_ref().filter(|_| self.reported == Some(AdapterState::On))
        else {
            return;
        };
        if let Err(error) = radio.scan(services).await {
            tracing::warn!(%error, "the scan was refused");
            radio.stop_scan().await;
            if let Some(state) = state_behind(fault_of(&error)) {
                self.adapter_is(state);
            }
        }
    }

    async fn connect(&mut self, epoch: u32, name: String) {
        self.end_link(LinkFault::Closed, true).await;
        self.open_radio().await;
        let Some(radio) = self.radio.as_ref().filter(|_| self.reported == Some(AdapterState::On))
        else {
            let denied = self.reported == Some(AdapterState::Unauthorized);
            let fault = if denied { LinkFault::PermissionDenied } else { LinkFault::Off };
            self.sink.on_event(LinkEvent::Disconnected { epoch, fault });
            return;
        };
        radio.stop_scan().await;
        let adapter = radio.adapter.clone();
        self.inbox.begin(epoch, &name);
        self.link = Some(Attempt {
            epoch,
            name: name.clone(),
            peripheral: None,
            stage: Stage::Locating,
            characteristics: Characteristics::new(),
            running: None,
            waiting: VecDeque::new(),
        });
        self.start(Operation::Locate { adapter, name });
    }

    fn open_link(&mut self, peripheral: Peripheral) {
        let Some(link) = &mut self.link else { return };
        link.peripheral = Some(peripheral.clone());
        link.stage = Stage::Connecting { seen: false };
        self.start(Operation::Connect(peripheral));
    }

    fn discover(&mut self, epoch: u32) {
        match self.up(epoch) {
            Some(peripheral) => self.start(Operation::Discover(peripheral)),
            None => self.refuse(epoch),
        }
    }

    /// A command of a link that is not there. An old number is answered too: nobody listens.
    fn refuse(&self, epoch: u32) {
        let fault = LinkFault::Closed;
        self.sink.on_event(LinkEvent::Disconnected { epoch, fault });
    }

    fn gatt(
        &mut self,
        epoch: u32,
        request: u32,
        characteristic: Uuid,
        operation: impl FnOnce(Peripheral, btleplug::api::Characteristic) -> Operation,
    ) {
        let Some(peripheral) = self.up(epoch) else {
            let fault = LinkFault::Closed;
            self.sink.on_event(LinkEvent::Failed { epoch, request, fault });
            return;
        };
        let what = self.link.as_ref().and_then(|l| l.characteristics.get(&characteristic));
        match what.cloned() {
            Some(what) => self.start(operation(peripheral, what)),
            None => {
                let fault = LinkFault::Missing;
                self.sink.on_event(LinkEvent::Failed { epoch, request, fault });
            }
        }
    }

    fn up(&self, epoch: u32) -> Option<Peripheral> {
        let link = self.link.as_ref().filter(|l| l.epoch == epoch && l.stage == Stage::Up)?;
        link.peripheral.clone()
    }

    async fn disconnect(&mut self, epoch: u32) {
        match &self.link {
            Some(link) if link.epoch == epoch => self.end_link(LinkFault::Closed, true).await,
            // Of an attempt that was followed by another one, which stays.
            _ => self.refuse(epoch),
        }
    }

    /// Runs an operation, or queues it behind the one that runs.
    fn start(&mut self, operation: Operation) {
        let Some(link) = &mut self.link else { return };
        if link.running.is_some() {
            link.waiting.push_back(operation);
            return;
        }
        match &operation {
            Operation::Read { what, .. } => self.inbox.read_begins(what.uuid),
            Operation::Subscribe { what, .. } => self.inbox.subscribe(what.uuid),
            _ => {}
        }
        self.operations += 1;
        let number = self.operations;
        let (input, timeouts) = (self.input.clone(), self.timeouts);
        let task = tokio::spawn(async move {
            let outcome = operation.run(timeouts).await;
            if let Some(input) = input.upgrade() {
                let _ = input.send(Input::Done { operation: number, outcome });
            }
        });
        link.running = Some((number, task));
    }

    async fn on_done(&mut self, operation: u64, outcome: Outcome) {
        let Some(link) = &mut self.link else { return };
        if link.running.as_ref().is_none_or(|(number, _)| *number != operation) {
            return;
        }
        link.running = None;
        let epoch = link.epoch;
        match outcome {
            Outcome::Located(Ok(peripheral)) => self.on_located(peripheral).await,
            Outcome::Connected(Ok(())) => {
                link.stage = Stage::Up;
                self.sink.on_event(LinkEvent::Connected { epoch });
            }
            Outcome::Discovered(Ok((found, mtu))) => {
                let characteristics = found.keys().copied().collect();
                link.characteristics = found;
                let mtu = mtu.clamp(MTU.0, MTU.1);
                self.sink.on_event(LinkEvent::Discovered { epoch, characteristics, mtu });
            }
            Outcome::Located(Err(error))
            | Outcome::Connected(Err(error))
            | Outcome::Discovered(Err(error)) => {
                tracing::info!(fault = ?fault_of(&error), "no link to the badge");
                self.end_link(fault_of(&error), true).await;
            }
            Outcome::Read { .. } | Outcome::Written { .. } | Outcome::Subscribed { .. } => {
                self.answer_gatt(epoch, outcome);
            }
        }
        if let Some(link) = &mut self.link
            && link.running.is_none()
            && let Some(next) = link.waiting.pop_front()
        {
            self.start(next);
        }
    }

    fn answer_gatt(&self, epoch: u32, outcome: Outcome) {
        let event = match outcome {
            Outcome::Read { request, value } => {
                self.inbox.read_ends(value.as_deref().ok());
                value
                    .map(|value| LinkEvent::Read { epoch, request, value })
                    .map_err(|error| (request, error))
            }
            Outcome::Written { request, done } => {
                done.map(|()| LinkEvent::Written { epoch, request }).map_err(|e| (request, e))
            }
            Outcome::Subscribed { request, characteristic, done } => {
                if done.is_err() {
                    self.inbox.unsubscribe(characteristic);
                }
                done.map(|()| LinkEvent::Subscribed { epoch, request }).map_err(|e| (request, e))
            }
            _ => return,
        };
        self.sink.on_event(event.unwrap_or_else(|(request, error)| {
            tracing::debug!(fault = ?fault_of(&error), "an operation on the badge failed");
            LinkEvent::Failed { epoch, request, fault: fault_of(&error) }
        }));
    }

    /// Listens before it connects.
    async fn on_located(&mut self, peripheral: Peripheral) {
        if let Some(radio) = &self.radio {
            // The scan for this one badge, if there was one.
            stop_scan(&radio.adapter).await;
        }
        let name = peripheral.id().to_string();
        if let Some(heard) = self.heard.get(&name).cloned() {
            // Its handle shares with the stream what is known of the services.
            self.open_link(heard);
            return;
        }
        match answer(peripheral.notifications()).await {
            Ok(stream) => {
                let listener = listen(stream, name.clone(), self.inbox.clone(), self.input.clone());
                self.listeners.spawn(listener);
                self.heard.insert(name, peripheral.clone());
                self.open_link(peripheral);
            }
            Err(error) => self.end_link(fault_of(&error), false).await,
        }
    }

    async fn on_central(&mut self, event: CentralEvent) {
        match event {
            CentralEvent::StateUpdate(state) => {
                self.adapter_is(state_of(&state));
                if self.reported == Some(AdapterState::Off) {
                    self.end_link(LinkFault::Off, false).await;
                }
            }
            CentralEvent::DeviceConnected(id) => {
                if let Some(link) = self.link.as_mut().filter(|l| l.name == id.to_string())
                    && let Stage::Connecting { seen } = &mut link.stage
                {
                    *seen = true;
                }
            }
            CentralEvent::DeviceDisconnected(id) => {
                let ours = self.link.as_ref().filter(|l| l.name == id.to_string());
                if ours.is_some_and(Attempt::was_up) {
                    self.verify().await;
                }
            }
            CentralEvent::DeviceServicesModified(id) => {
                if let Some(link) = self.link.as_mut().filter(|l| l.name == id.to_string()) {
                    link.characteristics.clear();
                    self.sink.on_event(LinkEvent::ServicesChanged { epoch: link.epoch });
                }
            }
            _ => {}
        }
    }

    /// The regular look: events can be lost.
    async fn look(&mut self) {
        if self.radio.is_none() {
            self.open_radio().await;
        }
        if self.link.as_ref().is_some_and(Attempt::was_up) {
            self.verify().await;
        }
    }

    /// An event may be old or repeated: the system is asked.
    async fn verify(&mut self) {
        let Some(peripheral) = self.link.as_ref().and_then(|l| l.peripheral.clone()) else {
            return;
        };
        match answer(peripheral.is_connected()).await {
            Ok(true) | Err(btleplug::Error::TimedOut(_)) => {}
            Ok(false) => self.lost(LinkFault::Timeout).await,
            Err(error) => self.lost(fault_of(&error)).await,
        }
    }

    /// The radio being off is the better reason; its own event may come later.
    async fn lost(&mut self, fault: LinkFault) {
        let off = match &self.radio {
            Some(radio) => radio.state().await == AdapterState::Off,
            None => false,
        };
        self.end_link(if off { LinkFault::Off } else { fault }, false).await;
    }

    /// Ends what there is of a link and says so, once.
    async fn end_link(&mut self, fault: LinkFault, let_go: bool) {
        let Some(link) = self.link.take() else { return };
        self.inbox.end();
        if let Some((_, task)) = &link.running {
            task.abort();
        }
        match (&link.peripheral, &self.radio) {
            (Some(peripheral), _) if let_go => {
                if let Err(error) = answer(peripheral.disconnect()).await {
                    tracing::debug!(%error, "the link was not there to be let go");
                }
            }
            (None, Some(radio)) => stop_scan(&radio.adapter).await,
            _ => {}
        }
        self.sink.on_event(LinkEvent::Disconnected { epoch: link.epoch, fault });
    }
}

impl Attempt {
    fn was_up(&self) -> bool {
        matches!(self.stage, Stage::Up | Stage::Connecting { seen: true })
    }
}

/// Copies notifications to the sink and does nothing else.
async fn listen(
    mut stream: Notifications,
    peripheral: String,
    inbox: Arc<Inbox>,
    input: mpsc::WeakUnboundedSender<Input>,
) {
    while let Some(notification) = stream.next().await {
        inbox.value(&peripheral, notification.uuid, notification.value);
    }
    if let Some(input) = input.upgrade() {
        let _ = input.send(Input::Deaf { peripheral });
    }
}
