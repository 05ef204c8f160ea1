use std::sync::Arc;

use confee_companion::badge::{Link, LinkCommand, LinkEvent, LinkFault, LinkSink};

/// A radio of the host's: CoreBluetooth with state restoration, android.bluetooth with a
/// foreground service. Calls return at once; what comes of them is reported to the events.
#[uniffi::export(foreign)]
pub trait BadgeRadio: Send + Sync {
    /// Keep the events and report to them from now on; report the adapter's state at once.
    fn attach(&self, events: Arc<RadioEvents>);

    /// Start an operation. At most one read, write or subscription is open at a time.
    fn submit(&self, command: LinkCommand);
}

/// Where a host's radio reports. Safe to call from Bluetooth callbacks: it only copies.
#[derive(uniffi::Object)]
pub struct RadioEvents(Arc<dyn LinkSink>);

#[uniffi::export]
impl RadioEvents {
    /// Something happened.
    pub fn on_event(&self, event: LinkEvent) {
        self.0.on_event(event);
    }
}

/// What an error of CoreBluetooth (`CBError.Code`) means.
#[uniffi::export]
pub fn fault_of_core_bluetooth(code: i32) -> LinkFault {
    LinkFault::from_core_bluetooth(code)
}

/// What a status of Android's `onConnectionStateChange` means.
#[uniffi::export]
pub fn fault_of_android_gatt(status: i32) -> LinkFault {
    LinkFault::from_android_gatt(status)
}

/// A host's radio as the core's.
pub(crate) struct HostRadio(pub(crate) Arc<dyn BadgeRadio>);

impl Link for HostRadio {
    fn attach(&self, sink: Arc<dyn LinkSink>) {
        self.0.attach(Arc::new(RadioEvents(sink)));
    }

    fn submit(&self, command: LinkCommand) {
        self.0.submit(command);
    }
}
