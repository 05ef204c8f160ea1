//! GATT of Omi devices (firmware `transport.c`, `button.c`, `storage.c`, and Bluetooth SIG ids).

use uuid::Uuid;

use crate::gatt;

const fn omi(short: u16) -> Uuid {
    Uuid::from_u128(0x19B1_0000_E8F2_537E_4F6C_D104_768A_1214 | ((short as u128) << 96))
}

const fn sig(short: u16) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_1000_8000_0080_5F9B_34FB | ((short as u128) << 96))
}

/// Audio service; in the advertisement.
pub const AUDIO_SERVICE: Uuid = omi(0x0000);
/// Live packets: notify.
pub const AUDIO_DATA: Uuid = omi(0x0001);
/// Codec id: read, one byte.
pub const AUDIO_CODEC: Uuid = omi(0x0002);
/// Whether it charges: read and notify, one byte.
pub const CHARGING: Uuid = omi(0x0013);
/// What it can do: read, `u32`.
pub const FEATURES: Uuid = omi(0x0021);
/// Clock: write, `u32` unix seconds.
pub const TIME_WRITE: Uuid = omi(0x0031);
/// Clock: read, `u32` unix seconds.
pub const TIME_READ: Uuid = omi(0x0032);
/// Counters: read, 25 bytes.
pub const DIAGNOSTICS: Uuid = omi(0x0041);

/// Button service.
pub const BUTTON_SERVICE: Uuid = Uuid::from_u128(0x23BA_7924_0000_1000_7450_346E_AC49_2E92);
/// Button: read and notify, two `i32`.
pub const BUTTON: Uuid = Uuid::from_u128(0x23BA_7925_0000_1000_7450_346E_AC49_2E92);

/// Storage service.
pub const STORAGE_SERVICE: Uuid = Uuid::from_u128(0x3029_5780_4301_EABD_2904_2849_ADFE_AE43);
/// Commands in (write), answers and data out (notify).
pub const STORAGE_DATA: Uuid = Uuid::from_u128(0x3029_5781_4301_EABD_2904_2849_ADFE_AE43);
/// Status: read.
pub const STORAGE_STATUS: Uuid = Uuid::from_u128(0x3029_5782_4301_EABD_2904_2849_ADFE_AE43);

/// Battery Level: read and notify, one byte.
pub const BATTERY: Uuid = gatt::BATTERY_LEVEL;
/// Model Number String.
pub const MODEL: Uuid = gatt::MODEL;
/// Serial Number String.
pub const SERIAL: Uuid = gatt::SERIAL;
/// Firmware Revision String.
pub const FIRMWARE: Uuid = gatt::FIRMWARE;
/// Hardware Revision String.
pub const HARDWARE: Uuid = sig(0x2A27);
/// Manufacturer Name String.
pub const MAKER: Uuid = sig(0x2A29);
