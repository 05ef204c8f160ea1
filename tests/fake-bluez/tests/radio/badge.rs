//! A badge that counts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use confee_fake_bluez::{Advertised, Characteristic, GattError, Notifier, Peripheral, Service};
use uuid::Uuid;

pub(crate) const SERVICE: Uuid = Uuid::from_u128(0xC0FE0000_B4D6_4E0A_9F1C_7A3D5E2B8C10);
pub(crate) const CAPABILITY: Uuid = Uuid::from_u128(0xC0FE0001_B4D6_4E0A_9F1C_7A3D5E2B8C10);
pub(crate) const CONTROL: Uuid = Uuid::from_u128(0xC0FE0002_B4D6_4E0A_9F1C_7A3D5E2B8C10);
pub(crate) const AUDIO: Uuid = Uuid::from_u128(0xC0FE0004_B4D6_4E0A_9F1C_7A3D5E2B8C10);
pub(crate) const BATTERY: Uuid = Uuid::from_u128(0x00002A19_0000_1000_8000_00805F9B34FB);

/// Sends numbers as audio, `burst` of them every 10 ms, going on after a link was lost.
#[derive(Default)]
pub(crate) struct Counting {
    pub(crate) burst: u32,
    pub(crate) flags: Vec<String>,
    pub(crate) written: Arc<Mutex<Vec<(Vec<u8>, bool)>>>,
    pub(crate) next: Arc<Mutex<u32>>,
    pub(crate) notifier: Option<Notifier>,
}

pub(crate) fn named(name: &str, last: u8) -> Advertised {
    Advertised {
        address: [0xC0, 0xFE, 0, 0, 0, last],
        name: name.to_owned(),
        services: vec![SERVICE],
        rssi: -60,
        mtu: 247,
        known: true,
        paired: false,
    }
}

impl Peripheral for Counting {
    fn services(&self) -> Vec<Service> {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        let ours = vec![
            Characteristic::open(CAPABILITY, &["read"]),
            Characteristic::protected(CONTROL, &["write", "write-without-response", "read"]),
            Characteristic::open(AUDIO, &[&["notify"], flags.as_slice()].concat()),
        ];
        let battery = vec![Characteristic::open(BATTERY, &["read", "notify"])];
        let battery_service = Uuid::from_u128(0x0000180F_0000_1000_8000_00805F9B34FB);
        vec![
            Service { uuid: SERVICE, characteristics: ours },
            Service { uuid: battery_service, characteristics: battery },
        ]
    }

    fn connected(&mut self, notifier: Notifier) {
        self.notifier = Some(notifier);
    }

    fn disconnected(&mut self) {
        self.notifier = None;
    }

    fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, GattError> {
        match characteristic {
            CAPABILITY => Ok((0..32).collect()),
            CONTROL => Ok(vec![7]),
            BATTERY => Ok(vec![80]),
            _ => Err(GattError::Missing),
        }
    }

    fn write(&mut self, to: Uuid, value: &[u8], confirmed: bool) -> Result<(), GattError> {
        if to != CONTROL || value == b"refuse" {
            return Err(GattError::Att(0x80));
        }
        self.written.lock().unwrap().push((value.to_vec(), confirmed));
        Ok(())
    }

    fn subscribed(&mut self, characteristic: Uuid) -> Result<(), GattError> {
        let Some(notifier) = self.notifier.clone() else { return Ok(()) };
        if characteristic == BATTERY {
            notifier.notify(BATTERY, vec![79]);
        }
        if characteristic == AUDIO && self.burst > 0 {
            tokio::spawn(count(notifier, self.burst, self.next.clone()));
        }
        Ok(())
    }
}

async fn count(notifier: Notifier, burst: u32, next: Arc<Mutex<u32>>) {
    let mut beat = tokio::time::interval(Duration::from_millis(10));
    while !notifier.is_closed() {
        beat.tick().await;
        let mut next = next.lock().unwrap();
        for _ in 0..burst {
            // 200 bytes: a frame of Opus.
            let mut value = vec![0; 200];
            value[..4].copy_from_slice(&next.to_le_bytes());
            if !notifier.notify(AUDIO, value) {
                return;
            }
            *next += 1;
        }
    }
}
