use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;
use zbus::{OwnedObjectPath, OwnedVariant, interface};

use crate::device::{Device, ReadEcho};
use crate::peripheral::Characteristic;
use crate::wire::BluezError;

pub(crate) fn not_connected() -> BluezError {
    BluezError::failed("Not connected")
}

/// Of one of our own, well-formed paths.
pub(crate) fn object_path(path: &str) -> OwnedObjectPath {
    OwnedObjectPath::try_from(path.to_owned()).unwrap_or_default()
}

/// `org.bluez.GattService1`.
pub(crate) struct GattService1 {
    pub(crate) uuid: Uuid,
    pub(crate) device: String,
}

#[interface(name = "org.bluez.GattService1")]
impl GattService1 {
    #[zbus(property, name = "UUID")]
    async fn uuid(&self) -> String {
        self.uuid.to_string()
    }

    #[zbus(property)]
    async fn primary(&self) -> bool {
        true
    }

    #[zbus(property)]
    async fn device(&self) -> OwnedObjectPath {
        object_path(&self.device)
    }
}

/// `org.bluez.GattCharacteristic1`.
pub(crate) struct GattCharacteristic1 {
    device: Arc<Device>,
    path: String,
    what: Characteristic,
}

impl GattCharacteristic1 {
    pub(crate) fn new(device: Arc<Device>, path: String, what: Characteristic) -> Self {
        Self { device, path, what }
    }

    fn may(&self, flags: &[&str], words: &str) -> Result<(), BluezError> {
        if !self.device.is_connected() {
            return Err(not_connected());
        }
        let has = |flag: &String| flags.iter().any(|wanted| flag.ends_with(wanted));
        match self.what.flags.iter().any(has) {
            true => Ok(()),
            false => Err(BluezError::NotPermitted(words.to_owned())),
        }
    }
}

#[interface(name = "org.bluez.GattCharacteristic1")]
impl GattCharacteristic1 {
    async fn read_value(
        &self,
        options: HashMap<String, OwnedVariant>,
    ) -> Result<Vec<u8>, BluezError> {
        let _ = options;
        self.may(&["read"], "Read not permitted")?;
        self.device.secure(&self.what).await?;
        let value = self.device.badge().read(self.what.uuid)?;
        match self.device.read_echo() {
            ReadEcho::Before => self.device.show_value(&self.path, value.clone()).await?,
            ReadEcho::After => {
                let (device, path, value) = (self.device.clone(), self.path.clone(), value.clone());
                // After the answer, which is sent when this call returns.
                tokio::spawn(async move {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    let _ = device.show_value(&path, value).await;
                });
            }
            ReadEcho::No => {}
        }
        Ok(value)
    }

    async fn write_value(
        &self,
        value: Vec<u8>,
        options: HashMap<String, OwnedVariant>,
    ) -> Result<(), BluezError> {
        self.may(&["write", "write-without-response"], "Write not permitted")?;
        self.device.secure(&self.what).await?;
        let kind = options.get("type").cloned().map(String::try_from);
        let confirmed = !matches!(kind, Some(Ok(kind)) if kind == "command");
        Ok(self.device.badge().write(self.what.uuid, &value, confirmed)?)
    }

    async fn start_notify(&self) -> Result<(), BluezError> {
        self.may(&["notify", "indicate"], "Notify not permitted")?;
        self.device.secure(&self.what).await?;
        // First, so that what the badge sends at once is not lost.
        if !self.device.subscribe(self.what.uuid, &self.path)? {
            return Err(BluezError::in_progress());
        }
        let subscribed = self.device.badge().subscribed(self.what.uuid);
        subscribed.map_err(|error| {
            self.device.unsubscribe(self.what.uuid);
            error.into()
        })
    }

    async fn stop_notify(&self) -> Result<(), BluezError> {
        match self.device.unsubscribe(self.what.uuid) {
            true => Ok(()),
            false => Err(BluezError::failed("No notify session started")),
        }
    }

    #[zbus(property, name = "UUID")]
    async fn uuid(&self) -> String {
        self.what.uuid.to_string()
    }

    #[zbus(property)]
    async fn flags(&self) -> Vec<String> {
        self.what.flags.clone()
    }

    #[zbus(property)]
    async fn notifying(&self) -> bool {
        self.device.is_subscribed(self.what.uuid)
    }

    #[zbus(property, name = "MTU")]
    async fn mtu(&self) -> u16 {
        self.device.mtu()
    }

    #[zbus(property)]
    async fn value(&self) -> Vec<u8> {
        Vec::new()
    }
}
