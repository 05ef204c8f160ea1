//! The adapter: its state, its events, scans.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use btleplug::api::{Central, CentralEvent, CentralState, Manager as _, Peripheral as _};
use btleplug::api::{PeripheralProperties, ScanFilter};
use btleplug::platform::{Adapter, Manager, PeripheralId};
use btleplug::{Error, Result};
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::peripherals::stop_scan;
use super::worker::Input;
use crate::link::{AdapterState, LinkEvent, LinkFault, LinkSink};

/// Advertisements that wait to be looked at; more are dropped, they repeat anyway.
const ADVERTISEMENTS: usize = 64;
/// Patience with a question to the system that needs no radio.
pub(super) const QUESTION: Duration = Duration::from_secs(3);

/// The adapter and the tasks that listen to it, which end with it.
pub(super) struct Radio {
    pub(super) adapter: Adapter,
    scan: Wanted,
    _tasks: JoinSet<()>,
    _manager: Manager,
}

/// Services that are looked for; none when there is no scan.
type Wanted = Arc<Mutex<Option<Vec<Uuid>>>>;

impl Radio {
    /// Takes the first adapter that is on, else the first.
    pub(super) async fn open(
        sink: Arc<dyn LinkSink>,
        input: mpsc::WeakUnboundedSender<Input>,
    ) -> Result<Self> {
        let manager = Manager::new().await?;
        let adapter = choose(manager.adapters().await?).await?;
        let mut events = adapter.events().await?;
        let scan = Wanted::default();
        let (seen, advertisements) = mpsc::channel(ADVERTISEMENTS);
        let mut tasks = JoinSet::new();
        tasks.spawn(report(adapter.clone(), scan.clone(), advertisements, sink));
        let wanted = scan.clone();
        tasks.spawn(async move {
            while let Some(event) = events.next().await {
                match advertiser(event) {
                    Ok(id) if is_scanning(&wanted) => drop(seen.try_send(id)),
                    Ok(_) => {}
                    Err(event) => {
                        let Some(input) = input.upgrade() else { return };
                        let _ = input.send(Input::Central(event));
                    }
                }
            }
        });
        Ok(Self { adapter, scan, _tasks: tasks, _manager: manager })
    }

    pub(super) async fn state(&self) -> AdapterState {
        state_of(&answer(self.adapter.adapter_state()).await.unwrap_or(CentralState::Unknown))
    }

    /// # Errors
    /// When the system refuses.
    pub(super) async fn scan(&self, services: Vec<Uuid>) -> Result<()> {
        self.stop_scan().await;
        *lock(&self.scan) = Some(services.clone());
        self.adapter.start_scan(ScanFilter { services }).await
    }

    pub(super) async fn stop_scan(&self) {
        if lock(&self.scan).take().is_some() {
            stop_scan(&self.adapter).await;
        }
    }
}

/// A question to the system that may hang.
///
/// # Errors
/// Those of the question, and the timeout.
pub(super) async fn answer<T>(question: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(QUESTION, question).await.unwrap_or(Err(Error::TimedOut(QUESTION)))
}

/// Android does not tell its state; a command then says what is wrong.
pub(super) fn state_of(state: &CentralState) -> AdapterState {
    match state {
        CentralState::PoweredOff => AdapterState::Off,
        CentralState::PoweredOn | CentralState::Unknown => AdapterState::On,
    }
}

/// What a failure at opening or scanning says of the adapter; unset where nothing.
pub(super) fn state_behind(fault: LinkFault) -> Option<AdapterState> {
    match fault {
        LinkFault::Off => Some(AdapterState::Off),
        LinkFault::PermissionDenied => Some(AdapterState::Unauthorized),
        _ => None,
    }
}

async fn choose(adapters: Vec<Adapter>) -> Result<Adapter> {
    let mut known = Vec::new();
    for adapter in adapters {
        let off = !matches!(adapter.adapter_state().await, Ok(CentralState::PoweredOn));
        known.push((off, adapter.adapter_info().await.unwrap_or_default(), adapter));
    }
    known.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    known.into_iter().next().map(|(_, _, adapter)| adapter).ok_or(Error::NoAdapterAvailable)
}

/// Who advertises, or the event back.
fn advertiser(event: CentralEvent) -> std::result::Result<PeripheralId, CentralEvent> {
    match event {
        CentralEvent::DeviceDiscovered(id)
        | CentralEvent::DeviceUpdated(id)
        | CentralEvent::ManufacturerDataAdvertisement { id, .. }
        | CentralEvent::ServiceDataAdvertisement { id, .. }
        | CentralEvent::ServicesAdvertisement { id, .. }
        | CentralEvent::RssiUpdate { id, .. } => Ok(id),
        other => Err(other),
    }
}

/// Turns advertisements into reports; asks the system for each one's properties.
async fn report(
    adapter: Adapter,
    wanted: Wanted,
    mut advertisements: mpsc::Receiver<PeripheralId>,
    sink: Arc<dyn LinkSink>,
) {
    while let Some(id) = advertisements.recv().await {
        let properties = answer(async { adapter.peripheral(&id).await?.properties().await }).await;
        let Ok(Some(properties)) = properties else { continue };
        // Under the lock: nothing is reported after the scan's end.
        let wanted = lock(&wanted);
        if wanted.as_ref().is_some_and(|wanted| matches(wanted, &properties)) {
            sink.on_event(found(&id, properties));
        }
    }
}

fn matches(wanted: &[Uuid], properties: &PeripheralProperties) -> bool {
    wanted.is_empty() || wanted.iter().any(|service| properties.services.contains(service))
}

fn found(id: &PeripheralId, properties: PeripheralProperties) -> LinkEvent {
    LinkEvent::Found {
        peripheral: id.to_string(),
        name: properties.advertisement_name.or(properties.local_name),
        rssi: properties.rssi,
        services: properties.services,
    }
}

fn is_scanning(wanted: &Wanted) -> bool {
    lock(wanted).is_some()
}

fn lock(wanted: &Wanted) -> std::sync::MutexGuard<'_, Option<Vec<Uuid>>> {
    wanted.lock().unwrap_or_else(PoisonError::into_inner)
}
