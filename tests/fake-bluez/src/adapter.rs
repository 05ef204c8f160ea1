use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use zbus::{Connection, OwnedObjectPath, OwnedVariant, Variant, interface};

use crate::device::Device;
use crate::wire::{ADAPTER, ADAPTER_INTERFACE, BluezError, changed};

/// How often a badge in reach is reported during a scan.
const ADVERTISING: Duration = Duration::from_millis(100);

/// The adapter and what is within its reach.
pub(crate) struct Adapter {
    pub(crate) connection: Connection,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    off: bool,
    scan: Option<JoinHandle<()>>,
    scans: u32,
    filter: Vec<String>,
    devices: Vec<Arc<Device>>,
}

impl Adapter {
    pub(crate) fn new(connection: Connection) -> Arc<Self> {
        Arc::new(Self { connection, state: Mutex::default() })
    }

    pub(crate) fn is_on(&self) -> bool {
        !self.state().off
    }

    pub(crate) fn is_scanning(&self) -> bool {
        self.state().scan.is_some()
    }

    pub(crate) fn scans(&self) -> u32 {
        self.state().scans
    }

    pub(crate) async fn add(&self, device: Arc<Device>) -> zbus::Result<()> {
        self.state().devices.push(device.clone());
        if device.is_known_from_before() { device.show().await } else { Ok(()) }
    }

    pub(crate) async fn power(&self, on: bool) -> zbus::Result<()> {
        self.set_power(on).await?;
        self.tell("Powered", on).await
    }

    /// Without the signal, which zbus sends after a client set the property.
    async fn set_power(&self, on: bool) -> zbus::Result<()> {
        self.state().off = !on;
        if !on {
            self.stop_scan().await?;
            let devices = self.state().devices.clone();
            for device in devices {
                device.lose_link(1).await?;
            }
        }
        Ok(())
    }

    async fn tell(&self, property: &str, value: bool) -> zbus::Result<()> {
        let properties = HashMap::from([(property, Variant::from(value))]);
        changed(&self.connection, ADAPTER, ADAPTER_INTERFACE, properties).await
    }

    async fn start_scan(self: &Arc<Self>) -> Result<(), BluezError> {
        if !self.is_on() {
            return Err(BluezError::not_ready());
        }
        {
            let mut state = self.state();
            if state.scan.is_some() {
                return Err(BluezError::in_progress());
            }
            state.scans += 1;
            let adapter = self.clone();
            state.scan = Some(tokio::spawn(async move { adapter.hear().await }));
        }
        Ok(self.tell("Discovering", true).await?)
    }

    async fn stop_scan(&self) -> zbus::Result<bool> {
        let Some(scan) = self.state().scan.take() else { return Ok(false) };
        scan.abort();
        self.tell("Discovering", false).await?;
        Ok(true)
    }

    /// Reports every badge that advertises what is looked for, over and over.
    async fn hear(&self) {
        loop {
            let (devices, filter) = {
                let state = self.state();
                (state.devices.clone(), state.filter.clone())
            };
            for device in devices.iter().filter(|d| d.advertises(&filter)) {
                if let Err(error) = device.heard().await {
                    tracing::warn!(%error, "an advertisement was not reported");
                }
            }
            tokio::time::sleep(ADVERTISING).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `org.bluez.Adapter1`.
pub(crate) struct Adapter1(pub(crate) Arc<Adapter>);

#[interface(name = "org.bluez.Adapter1")]
impl Adapter1 {
    async fn set_discovery_filter(&self, filter: HashMap<String, OwnedVariant>) {
        let services = filter.get("UUIDs").cloned().map(Vec::<String>::try_from);
        self.0.state().filter = services.and_then(Result::ok).unwrap_or_default();
    }

    async fn start_discovery(&self) -> Result<(), BluezError> {
        self.0.start_scan().await
    }

    async fn stop_discovery(&self) -> Result<(), BluezError> {
        match self.0.stop_scan().await? {
            true => Ok(()),
            false => Err(BluezError::failed("No discovery started")),
        }
    }

    async fn remove_device(&self, device: OwnedObjectPath) -> Result<(), BluezError> {
        let devices = self.0.state().devices.clone();
        let Some(device) = devices.iter().find(|d| d.path() == device.as_str()) else {
            return Err(BluezError::DoesNotExist("Does Not Exist".to_owned()));
        };
        Ok(device.remove().await?)
    }

    #[zbus(property)]
    async fn address(&self) -> String {
        "00:00:5E:00:53:01".to_owned()
    }

    #[zbus(property)]
    async fn address_type(&self) -> String {
        "public".to_owned()
    }

    #[zbus(property)]
    async fn name(&self) -> String {
        "fake".to_owned()
    }

    #[zbus(property)]
    async fn alias(&self) -> String {
        "fake".to_owned()
    }

    #[zbus(property)]
    async fn modalias(&self) -> String {
        "usb:v1D6Bp0246d0548".to_owned()
    }

    #[zbus(property)]
    async fn discovering(&self) -> bool {
        self.0.is_scanning()
    }

    #[zbus(property)]
    async fn powered(&self) -> bool {
        self.0.is_on()
    }

    #[zbus(property)]
    async fn set_powered(&self, on: bool) -> zbus::fdo::Result<()> {
        Ok(self.0.set_power(on).await?)
    }
}
