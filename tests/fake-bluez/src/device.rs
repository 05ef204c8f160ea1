use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use uuid::Uuid;
use zbus::{DBusError, Variant, interface};

use crate::adapter::Adapter;
use crate::gatt::{self, GattCharacteristic1, GattService1};
use crate::peripheral::{Characteristic, Notifier, Peripheral, Sent};
use crate::wire::{ADAPTER, BluezError, CHARACTERISTIC_INTERFACE, DEVICE_INTERFACE, changed};

/// How a badge shows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertised {
    /// Address, of a device that is near the only thing that tells two of a name apart.
    pub address: [u8; 6],
    /// Complete name.
    pub name: String,
    /// Services.
    pub services: Vec<Uuid>,
    /// Signal strength, dBm.
    pub rssi: i16,
    /// ATT MTU of a link.
    pub mtu: u16,
    /// Whether BlueZ knows it from before: it is listed without a scan.
    pub known: bool,
    /// Whether there is a bond already.
    pub paired: bool,
}

/// What goes wrong with a badge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Neither advertises nor answers.
    pub out_of_range: bool,
    /// BlueZ's words with which connecting fails.
    pub refuse_connect: Option<String>,
    /// Time until a connection stands.
    pub connect_takes: Duration,
    /// Time from the connection to known services.
    pub services_after: Duration,
    /// The link is lost after so many notifications.
    pub lose_link_after: Option<u64>,
    /// Pairing fails.
    pub refuse_pairing: bool,
    /// How a read shows up as a change of the value.
    pub read_echo: ReadEcho,
}

/// When BlueZ shows the value of a read to everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReadEcho {
    /// Before the answer.
    #[default]
    Before,
    /// After the answer.
    After,
    /// Never.
    No,
}

/// A badge within reach, with at most one link.
pub(crate) struct Device {
    adapter: Arc<Adapter>,
    advertised: Advertised,
    badge: Mutex<Box<dyn Peripheral>>,
    state: Mutex<State>,
    /// Links begin and end one after the other.
    gate: tokio::sync::Mutex<()>,
    cancelled: Notify,
}

#[derive(Default)]
struct State {
    shown: bool,
    paired: bool,
    link: Option<Link>,
    links: u64,
    resolved: bool,
    notified: u64,
    faults: Faults,
}

struct Link {
    number: u64,
    subscribed: HashMap<Uuid, String>,
    services: Vec<String>,
    characteristics: Vec<String>,
    /// Dropping it ends the link's task.
    _stop: oneshot::Sender<()>,
}

impl Device {
    pub(crate) fn new(
        adapter: Arc<Adapter>,
        advertised: Advertised,
        badge: Box<dyn Peripheral>,
    ) -> Arc<Self> {
        let state = State { paired: advertised.paired, ..State::default() };
        Arc::new(Self {
            adapter,
            advertised,
            badge: Mutex::new(badge),
            state: Mutex::new(state),
            gate: tokio::sync::Mutex::default(),
            cancelled: Notify::new(),
        })
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    pub(crate) fn path(&self) -> String {
        let [a, b, c, d, e, f] = self.advertised.address;
        format!("{ADAPTER}/dev_{a:02X}_{b:02X}_{c:02X}_{d:02X}_{e:02X}_{f:02X}")
    }

    pub(crate) fn name(&self) -> String {
        self.path().trim_start_matches("/org/bluez/").to_owned()
    }

    pub(crate) fn mtu(&self) -> u16 {
        self.advertised.mtu
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.state().link.is_some()
    }

    pub(crate) fn is_known_from_before(&self) -> bool {
        self.advertised.known
    }

    pub(crate) fn notified(&self) -> u64 {
        self.state().notified
    }

    pub(crate) fn advertises(&self, wanted: &[String]) -> bool {
        if !self.badge().is_on() {
            return false;
        }
        let state = self.state();
        let matches = |uuid: &Uuid| wanted.contains(&uuid.to_string());
        !state.faults.out_of_range
            && state.link.is_none()
            && (wanted.is_empty() || self.advertised.services.iter().any(matches))
    }

    /// An advertisement came in.
    pub(crate) async fn heard(self: &Arc<Self>) -> zbus::Result<()> {
        if !self.state().shown {
            return self.show().await;
        }
        self.tell("RSSI", Variant::from(self.advertised.rssi)).await
    }

    pub(crate) async fn show(self: &Arc<Self>) -> zbus::Result<()> {
        self.state().shown = true;
        let server = self.adapter.connection.object_server();
        server.at(self.path(), Device1(self.clone())).await.map(drop)
    }

    pub(crate) async fn remove(&self) -> zbus::Result<()> {
        self.lose_link(1).await?;
        self.state().shown = false;
        let server = self.adapter.connection.object_server();
        server.remove::<Device1, _>(self.path()).await.map(drop)
    }

    async fn connect(self: &Arc<Self>) -> Result<(), DeviceError> {
        if !self.adapter.is_on() {
            return Err(BluezError::not_ready().into());
        }
        let faults = self.state().faults.clone();
        let wait = async {
            tokio::time::sleep(faults.connect_takes).await;
            if faults.out_of_range || !self.badge().is_on() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = wait => {}
            () = self.cancelled.notified() => {
                return Err(BluezError::failed("le-connection-abort-by-local").into());
            }
        }
        if let Some(words) = &faults.refuse_connect {
            return Err(BluezError::failed(words).into());
        }
        let _gate = self.gate.lock().await;
        let Some((number, values, stop)) = self.begin_link() else {
            return Err(DeviceError::AlreadyConnected("Already Connected".to_owned()));
        };
        self.tell("Connected", Variant::from(true)).await?;
        tokio::spawn(self.clone().resolve(number, faults.services_after));
        tokio::spawn(self.clone().carry(number, values, stop));
        Ok(())
    }

    #[allow(clippy::type_complexity)]
    fn begin_link(&self) -> Option<(u64, mpsc::UnboundedReceiver<Sent>, oneshot::Receiver<()>)> {
        let (notifier, values) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel();
        let number = {
            let mut state = self.state();
            if state.link.is_some() {
                return None;
            }
            state.links += 1;
            state.notified = 0;
            let number = state.links;
            state.link = Some(Link {
                number,
                subscribed: HashMap::new(),
                services: Vec::new(),
                characteristics: Vec::new(),
                _stop: stop,
            });
            number
        };
        self.badge().connected(Notifier(notifier));
        Some((number, values, stopped))
    }

    /// Shows the services after a while.
    async fn resolve(self: Arc<Self>, number: u64, after: Duration) {
        tokio::time::sleep(after).await;
        let _gate = self.gate.lock().await;
        if !self.is_link(number) {
            return;
        }
        let shown = async {
            self.show_services().await?;
            self.state().resolved = true;
            self.tell("ServicesResolved", Variant::from(true)).await
        };
        if let Err(error) = shown.await {
            tracing::warn!(%error, "the services were not shown");
        }
    }

    async fn show_services(self: &Arc<Self>) -> zbus::Result<()> {
        let server = self.adapter.connection.object_server();
        let services = self.badge().services();
        for (s, service) in services.into_iter().enumerate() {
            let path = format!("{}/service{s:04x}", self.path());
            let shown = GattService1 { uuid: service.uuid, device: self.path() };
            server.at(path.clone(), shown).await?;
            for (c, characteristic) in service.characteristics.into_iter().enumerate() {
                let path = format!("{path}/char{c:04x}");
                let shown = GattCharacteristic1::new(self.clone(), path.clone(), characteristic);
                server.at(path.clone(), shown).await?;
                self.with_link(|link| link.characteristics.push(path));
            }
            self.with_link(|link| link.services.push(path));
        }
        Ok(())
    }

    /// Sends what the badge notifies, until the link ends.
    async fn carry(
        self: Arc<Self>,
        number: u64,
        mut values: mpsc::UnboundedReceiver<Sent>,
        mut stop: oneshot::Receiver<()>,
    ) {
        loop {
            let sent = tokio::select! {
                biased;
                _ = &mut stop => return,
                sent = values.recv() => sent,
            };
            let more = match sent {
                Some(Sent::Value(uuid, value)) => self.send(number, uuid, value).await,
                Some(Sent::Bye) => self.lose_link(1).await.map(|()| false),
                // The badge dropped its notifier: it stays linked and silent.
                None => return,
            };
            match more {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, "a notification was not sent");
                    return;
                }
            }
        }
    }

    async fn send(&self, number: u64, uuid: Uuid, value: Vec<u8>) -> zbus::Result<bool> {
        let path = {
            let mut state = self.state();
            let link = state.link.as_ref().filter(|l| l.number == number);
            let Some(link) = link else { return Ok(false) };
            let Some(path) = link.subscribed.get(&uuid).cloned() else { return Ok(true) };
            state.notified += 1;
            path
        };
        self.show_value(&path, value).await?;
        let lost = {
            let state = self.state();
            state.faults.lose_link_after.is_some_and(|after| state.notified >= after)
        };
        if lost {
            self.lose_link(1).await?;
        }
        Ok(!lost)
    }

    pub(crate) async fn show_value(&self, path: &str, value: Vec<u8>) -> zbus::Result<()> {
        let properties = HashMap::from([("Value", Variant::from(value))]);
        changed(&self.adapter.connection, path, CHARACTERISTIC_INTERFACE, properties).await
    }

    pub(crate) async fn lose_link(&self, times: u32) -> zbus::Result<()> {
        self.cancelled.notify_waiters();
        let _gate = self.gate.lock().await;
        let link = {
            let mut state = self.state();
            state.resolved = false;
            state.link.take()
        };
        let Some(link) = link else { return Ok(()) };
        for _ in 0..times {
            self.tell("ServicesResolved", Variant::from(false)).await?;
            self.tell("Connected", Variant::from(false)).await?;
        }
        self.badge().disconnected();
        let server = self.adapter.connection.object_server();
        for path in &link.characteristics {
            server.remove::<GattCharacteristic1, _>(path.as_str()).await?;
        }
        for path in &link.services {
            server.remove::<GattService1, _>(path.as_str()).await?;
        }
        Ok(())
    }

    /// Pairs where that is needed and possible.
    pub(crate) async fn secure(&self, what: &Characteristic) -> Result<(), BluezError> {
        let (paired, refused) = {
            let state = self.state();
            (state.paired, state.faults.refuse_pairing)
        };
        if paired || !what.needs_bond() {
            return Ok(());
        }
        if refused {
            return Err(BluezError::not_paired());
        }
        self.state().paired = true;
        self.badge().paired();
        Ok(self.tell("Paired", Variant::from(true)).await?)
    }

    pub(crate) fn badge(&self) -> MutexGuard<'_, Box<dyn Peripheral>> {
        self.badge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read_echo(&self) -> ReadEcho {
        self.state().faults.read_echo
    }

    /// Notes a subscription; false when there was one.
    pub(crate) fn subscribe(&self, uuid: Uuid, path: &str) -> Result<bool, BluezError> {
        let fresh = |link: &mut Link| link.subscribed.insert(uuid, path.to_owned()).is_none();
        self.with_link(fresh).ok_or_else(gatt::not_connected)
    }

    /// Forgets one; false when there was none.
    pub(crate) fn unsubscribe(&self, uuid: Uuid) -> bool {
        self.with_link(|link| link.subscribed.remove(&uuid)).flatten().is_some()
    }

    pub(crate) fn is_subscribed(&self, uuid: Uuid) -> bool {
        self.with_link(|link| link.subscribed.contains_key(&uuid)) == Some(true)
    }

    fn is_link(&self, number: u64) -> bool {
        self.with_link(|link| link.number == number) == Some(true)
    }

    fn with_link<T>(&self, look: impl FnOnce(&mut Link) -> T) -> Option<T> {
        self.state().link.as_mut().map(look)
    }

    async fn tell(&self, property: &str, value: Variant<'_>) -> zbus::Result<()> {
        let properties = HashMap::from([(property, value)]);
        changed(&self.adapter.connection, &self.path(), DEVICE_INTERFACE, properties).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Errors that only `Device1` has.
#[derive(Debug, DBusError)]
#[zbus(prefix = "org.bluez.Error")]
enum DeviceError {
    #[zbus(error)]
    Zbus(zbus::Error),
    AlreadyConnected(String),
    Failed(String),
    NotReady(String),
}

impl From<BluezError> for DeviceError {
    fn from(error: BluezError) -> Self {
        match error {
            BluezError::NotReady(words) => Self::NotReady(words),
            other => Self::Failed(other.description().unwrap_or_default().to_owned()),
        }
    }
}

/// `org.bluez.Device1`.
struct Device1(Arc<Device>);

#[interface(name = "org.bluez.Device1")]
impl Device1 {
    async fn connect(&self) -> Result<(), DeviceError> {
        self.0.connect().await
    }

    async fn disconnect(&self) -> Result<(), DeviceError> {
        Ok(self.0.lose_link(1).await?)
    }

    #[zbus(property)]
    async fn address(&self) -> String {
        self.0.advertised.address.map(|byte| format!("{byte:02X}")).join(":")
    }

    #[zbus(property)]
    async fn address_type(&self) -> String {
        "random".to_owned()
    }

    #[zbus(property)]
    async fn name(&self) -> String {
        self.0.advertised.name.clone()
    }

    #[zbus(property)]
    async fn alias(&self) -> String {
        self.0.advertised.name.clone()
    }

    #[zbus(property)]
    async fn adapter(&self) -> zbus::OwnedObjectPath {
        gatt::object_path(ADAPTER)
    }

    #[zbus(property, name = "RSSI")]
    async fn rssi(&self) -> i16 {
        self.0.advertised.rssi
    }

    #[zbus(property, name = "UUIDs")]
    async fn uuids(&self) -> Vec<String> {
        self.0.advertised.services.iter().map(Uuid::to_string).collect()
    }

    #[zbus(property)]
    async fn paired(&self) -> bool {
        self.0.state().paired
    }

    #[zbus(property)]
    async fn connected(&self) -> bool {
        self.0.is_connected()
    }

    #[zbus(property)]
    async fn services_resolved(&self) -> bool {
        self.0.state().resolved
    }

    #[zbus(property)]
    async fn trusted(&self) -> bool {
        false
    }

    #[zbus(property)]
    async fn blocked(&self) -> bool {
        false
    }

    #[zbus(property)]
    async fn legacy_pairing(&self) -> bool {
        false
    }
}
