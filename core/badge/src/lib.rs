//! Audio badges over BLE.
