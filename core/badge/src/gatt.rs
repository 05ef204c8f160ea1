//! Characteristics that the Bluetooth SIG numbered, used by every dialect.

use uuid::{Uuid, uuid};

/// Battery level in percent.
pub(crate) const BATTERY_LEVEL: Uuid = uuid!("00002a19-0000-1000-8000-00805f9b34fb");
/// Model number.
pub(crate) const MODEL: Uuid = uuid!("00002a24-0000-1000-8000-00805f9b34fb");
/// Serial number.
pub(crate) const SERIAL: Uuid = uuid!("00002a25-0000-1000-8000-00805f9b34fb");
/// Firmware revision.
pub(crate) const FIRMWARE: Uuid = uuid!("00002a26-0000-1000-8000-00805f9b34fb");
