//! Operations of one link: one is open at a time, each has its time.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use btleplug::api::{Characteristic, Peripheral as _, WriteType};
use btleplug::platform::{Adapter, Peripheral};
use btleplug::{Error, Result};
use uuid::Uuid;

use super::BtleTimeouts;
use super::fault::already_connected;
use super::peripherals::{locate, stop_scan};

/// What a characteristic's UUID stands for on this link. Where two services have the same one,
/// the first counts.
pub(super) type Characteristics = HashMap<Uuid, Characteristic>;

/// What became of an operation.
pub(super) enum Outcome {
    Located(Result<Peripheral>),
    Connected(Result<()>),
    Discovered(Result<(Characteristics, u16)>),
    Read { request: u32, value: Result<Vec<u8>> },
    Written { request: u32, done: Result<()> },
    Subscribed { request: u32, characteristic: Uuid, done: Result<()> },
}

/// One operation.
pub(super) enum Operation {
    Locate { adapter: Adapter, name: String },
    Connect(Peripheral),
    Discover(Peripheral),
    Read { on: Peripheral, request: u32, what: Characteristic },
    Write { on: Peripheral, request: u32, what: Characteristic, value: Vec<u8>, how: WriteType },
    Subscribe { on: Peripheral, request: u32, what: Characteristic },
}

impl Operation {
    pub(super) async fn run(self, timeouts: BtleTimeouts) -> Outcome {
        match self {
            Self::Locate { adapter, name } => {
                let found = within(timeouts.connect, locate(&adapter, &name)).await;
                if found.is_err() {
                    stop_scan(&adapter).await;
                }
                Outcome::Located(found)
            }
            Self::Connect(peripheral) => {
                let done = within(timeouts.connect, peripheral.connect()).await;
                let up = done.as_ref().is_err_and(already_connected);
                Outcome::Connected(if up { Ok(()) } else { done })
            }
            Self::Discover(peripheral) => {
                let found = within(timeouts.discover, discover(&peripheral)).await;
                Outcome::Discovered(found)
            }
            Self::Read { on, request, what } => {
                Outcome::Read { request, value: within(timeouts.gatt, on.read(&what)).await }
            }
            Self::Write { on, request, what, value, how } => {
                let done = within(timeouts.gatt, on.write(&what, &value, how)).await;
                Outcome::Written { request, done }
            }
            Self::Subscribe { on, request, what } => {
                let done = within(timeouts.gatt, on.subscribe(&what)).await;
                Outcome::Subscribed { request, characteristic: what.uuid, done }
            }
        }
    }
}

async fn discover(peripheral: &Peripheral) -> Result<(Characteristics, u16)> {
    peripheral.discover_services().await?;
    let mut found = Characteristics::new();
    for characteristic in peripheral.characteristics() {
        found.entry(characteristic.uuid).or_insert(characteristic);
    }
    Ok((found, peripheral.mtu()))
}

async fn within<T>(time: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(time, work).await.unwrap_or(Err(Error::TimedOut(time)))
}
