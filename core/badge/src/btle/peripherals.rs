//! A peripheral by the name under which it was reported.

use std::time::Duration;

use btleplug::Result;
use btleplug::api::{Central as _, Peripheral as _, ScanFilter};
use btleplug::platform::{Adapter, Peripheral};

/// How often a scan for one peripheral is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Finds it without a scan where the system knows it, else by one, for as long as the caller
/// waits; the caller ends that scan.
pub(super) async fn locate(adapter: &Adapter, name: &str) -> Result<Peripheral> {
    if let Some(peripheral) = remembered(adapter, name).await? {
        return Ok(peripheral);
    }
    if let Some(peripheral) = recall(adapter, name).await {
        return Ok(peripheral);
    }
    tracing::debug!("the system does not know the badge: looking for it");
    adapter.start_scan(ScanFilter::default()).await?;
    loop {
        if let Some(peripheral) = remembered(adapter, name).await? {
            return Ok(peripheral);
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn remembered(adapter: &Adapter, name: &str) -> Result<Option<Peripheral>> {
    let mut all = adapter.peripherals().await?.into_iter();
    Ok(all.find(|peripheral| peripheral.id().to_string() == name))
}

/// CoreBluetooth knows every peripheral that it has met by its identifier.
#[cfg(target_vendor = "apple")]
async fn recall(adapter: &Adapter, name: &str) -> Option<Peripheral> {
    let id = uuid::Uuid::parse_str(name).ok()?.into();
    let options =
        btleplug::api::RetrievePeripheralsOptions { identifiers: Some(vec![id]), services: None };
    adapter.retrieve_peripherals(options).await.ok()?.into_iter().next()
}

/// Android connects to any address. The crate's id has no constructor, but it can be read.
#[cfg(target_os = "android")]
async fn recall(adapter: &Adapter, name: &str) -> Option<Peripheral> {
    let id = serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()?;
    adapter.add_peripheral(&id).await.ok()
}

/// BlueZ lists everything that it knows.
#[cfg(not(any(target_vendor = "apple", target_os = "android")))]
async fn recall(_: &Adapter, _: &str) -> Option<Peripheral> {
    None
}

/// Ends a scan; that there is none is no error.
pub(super) async fn stop_scan(adapter: &Adapter) {
    if let Err(error) = adapter.stop_scan().await {
        tracing::debug!(%error, "the scan did not end");
    }
}
