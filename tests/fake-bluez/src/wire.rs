//! Names, errors and signals of BlueZ.

use std::collections::HashMap;

use zbus::{Connection, DBusError, Variant};

use crate::GattError;

pub(crate) const ADAPTER: &str = "/org/bluez/hci0";
pub(crate) const ADAPTER_INTERFACE: &str = "org.bluez.Adapter1";
pub(crate) const DEVICE_INTERFACE: &str = "org.bluez.Device1";
pub(crate) const CHARACTERISTIC_INTERFACE: &str = "org.bluez.GattCharacteristic1";

/// BlueZ's errors.
#[derive(Debug, DBusError)]
#[zbus(prefix = "org.bluez.Error")]
pub(crate) enum BluezError {
    #[zbus(error)]
    Zbus(zbus::Error),
    Failed(String),
    InProgress(String),
    InvalidArguments(String),
    NotPermitted(String),
    NotReady(String),
    NotSupported(String),
    DoesNotExist(String),
}

impl BluezError {
    pub(crate) fn failed(words: &str) -> Self {
        Self::Failed(words.to_owned())
    }

    pub(crate) fn not_ready() -> Self {
        Self::NotReady("Resource Not Ready".to_owned())
    }

    pub(crate) fn in_progress() -> Self {
        Self::InProgress("Operation already in progress".to_owned())
    }

    pub(crate) fn not_paired() -> Self {
        Self::NotPermitted("Not paired".to_owned())
    }
}

impl From<GattError> for BluezError {
    fn from(error: GattError) -> Self {
        match error {
            GattError::Missing => Self::NotSupported("Operation is not supported".to_owned()),
            GattError::NotPaired => Self::not_paired(),
            GattError::Att(code) => {
                Self::Failed(format!("Operation failed with ATT error: {code:#04x}"))
            }
        }
    }
}

/// Says that properties of an object changed.
pub(crate) async fn changed(
    connection: &Connection,
    path: &str,
    interface: &str,
    properties: HashMap<&str, Variant<'_>>,
) -> zbus::Result<()> {
    let gone: Vec<&str> = Vec::new();
    connection
        .emit_signal(
            None::<&str>,
            path,
            "org.freedesktop.DBus.Properties",
            "PropertiesChanged",
            &(interface, properties, gone),
        )
        .await
}
