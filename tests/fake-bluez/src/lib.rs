//! A Bluetooth daemon without Bluetooth: `org.bluez` as btleplug's Linux side sees it, on a
//! private D-Bus daemon, with badges that are models. What is not there: attribute protocol
//! timing, pairing itself, connection parameters.
//!
//! libdbus remembers the address of the system bus for the life of a process. A client therefore
//! belongs into a process that was started with `DBUS_SYSTEM_BUS_ADDRESS` set to
//! [`PrivateBus::address`]; the fake may live in the same one ([`FakeBluez::serve`]) or in another.

#![cfg(target_os = "linux")]

mod adapter;
mod bus;
mod device;
mod gatt;
mod modelled;
mod peripheral;
mod sound;
mod wire;

use std::sync::Arc;

use zbus::connection::Builder;
use zbus::fdo::ObjectManager;

pub use bus::{BusError, PrivateBus};
pub use device::{Advertised, Faults, ReadEcho};
pub use modelled::Modelled;
pub use peripheral::{Characteristic, GattError, Notifier, Peripheral, Service};
pub use sound::{OpusLoop, SoundError};

use adapter::{Adapter, Adapter1};
use device::Device;

/// A failure of the fake itself.
#[derive(Debug, thiserror::Error)]
pub enum FakeError {
    /// The private bus.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// D-Bus.
    #[error("the fake Bluetooth daemon has no bus: {0}")]
    Zbus(#[from] zbus::Error),
}

/// The fake daemon with one adapter, `hci0`. Must be used inside a tokio runtime; ends with it,
/// or when dropped.
pub struct FakeBluez {
    adapter: Arc<Adapter>,
    /// Where it owns the bus, too.
    bus: Option<PrivateBus>,
}

impl FakeBluez {
    /// Starts a private bus and serves on it.
    ///
    /// # Errors
    /// When `dbus-daemon` is missing or does not start.
    pub async fn start() -> Result<Self, FakeError> {
        let bus = PrivateBus::start()?;
        let fake = Self::serve(bus.address()).await?;
        Ok(Self { bus: Some(bus), ..fake })
    }

    /// Serves on a bus that is there.
    ///
    /// # Errors
    /// When the bus cannot be reached or has an `org.bluez` already.
    pub async fn serve(address: &str) -> Result<Self, FakeError> {
        let connection = Builder::address(address).serve_at("/", ObjectManager).build().await?;
        let adapter = Adapter::new(connection.clone());
        connection.object_server().at(wire::ADAPTER, Adapter1(adapter.clone())).await?;
        connection.request_name("org.bluez").await?;
        Ok(Self { adapter, bus: None })
    }

    /// Address of the bus, where the fake started it.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.bus.as_ref().map(PrivateBus::address)
    }

    /// Puts a badge within reach.
    ///
    /// # Errors
    /// When D-Bus fails.
    pub async fn add(
        &self,
        advertised: Advertised,
        badge: impl Peripheral + 'static,
    ) -> Result<FakeDevice, FakeError> {
        let device = Device::new(self.adapter.clone(), advertised, Box::new(badge));
        self.adapter.add(device.clone()).await?;
        Ok(FakeDevice(device))
    }

    /// Switches the adapter on or off; links are lost.
    ///
    /// # Errors
    /// When D-Bus fails.
    pub async fn power(&self, on: bool) -> Result<(), FakeError> {
        Ok(self.adapter.power(on).await?)
    }

    /// Whether a client scans.
    #[must_use]
    pub fn is_scanning(&self) -> bool {
        self.adapter.is_scanning()
    }

    /// How often a client began to scan.
    #[must_use]
    pub fn scans(&self) -> u32 {
        self.adapter.scans()
    }
}

/// A badge within reach.
#[derive(Clone)]
pub struct FakeDevice(Arc<Device>);

impl FakeDevice {
    /// What goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.0.set_faults(faults);
    }

    /// What a client calls it: `hci0/dev_...`.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Whether there is a link.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.is_connected()
    }

    /// Notifications that went out over the present or last link.
    #[must_use]
    pub fn notified(&self) -> u64 {
        self.0.notified()
    }

    /// The link is lost, and said so `times`.
    ///
    /// # Errors
    /// When D-Bus fails.
    pub async fn lose_link(&self, times: u32) -> Result<(), FakeError> {
        Ok(self.0.lose_link(times).await?)
    }

    /// BlueZ forgets it: after a while without a bond, or at a person's word. A scan finds it
    /// again.
    ///
    /// # Errors
    /// When D-Bus fails.
    pub async fn remove(&self) -> Result<(), FakeError> {
        Ok(self.0.remove().await?)
    }
}
