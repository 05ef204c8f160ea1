use std::sync::Arc;

use confee_domain::BadgeProblem;
use uuid::Uuid;

/// What the core asks of a radio. Each command is answered by events that carry the same `epoch`,
/// the number of the connection attempt; the core ignores events of older epochs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LinkCommand {
    /// Report every peripheral that advertises one of the services as [`LinkEvent::Found`].
    Scan {
        /// 128-bit service UUIDs.
        services: Vec<Uuid>,
    },
    /// End the scan.
    StopScan,
    /// Connect, without a scan where the system allows. Answer: `Connected` or `Disconnected`.
    Connect {
        /// Number of the attempt.
        epoch: u32,
        /// As in [`LinkEvent::Found`].
        peripheral: String,
    },
    /// Find services and agree on the MTU. Answer: `Discovered` or `Disconnected`.
    Discover {
        /// Number of the attempt.
        epoch: u32,
    },
    /// Read a value, long ones too; pairs where the badge demands it. Answer: `Read` or `Failed`.
    Read {
        /// Number of the attempt.
        epoch: u32,
        /// Comes back in the answer.
        request: u32,
        /// What to read.
        characteristic: Uuid,
    },
    /// Write a value. Answer: `Written` (after the response where one is asked for) or `Failed`.
    Write {
        /// Number of the attempt.
        epoch: u32,
        /// Comes back in the answer.
        request: u32,
        /// Where to.
        characteristic: Uuid,
        /// What.
        value: Vec<u8>,
        /// Whether the badge has to confirm it.
        confirmed: bool,
    },
    /// Switch notifications on. Answer: `Subscribed` once the badge confirmed it, or `Failed`.
    Subscribe {
        /// Number of the attempt.
        epoch: u32,
        /// Comes back in the answer.
        request: u32,
        /// Of which value.
        characteristic: Uuid,
    },
    /// Let the link go. Answer: `Disconnected`.
    Disconnect {
        /// Number of the attempt.
        epoch: u32,
    },
}

/// What a radio reports.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LinkEvent {
    /// The phone's Bluetooth changed, or its state became known.
    Adapter {
        /// How it stands.
        state: AdapterState,
    },
    /// A peripheral advertises; may repeat.
    Found {
        /// The system's name for it, to connect with.
        peripheral: String,
        /// Advertised name.
        name: Option<String>,
        /// Signal strength, dBm.
        rssi: Option<i16>,
        /// Advertised services.
        services: Vec<Uuid>,
    },
    /// The link is up.
    Connected {
        /// Number of the attempt.
        epoch: u32,
    },
    /// Services are known.
    Discovered {
        /// Number of the attempt.
        epoch: u32,
        /// Every characteristic.
        characteristics: Vec<Uuid>,
        /// ATT MTU, 23 to 517.
        mtu: u16,
    },
    /// The MTU changed.
    Mtu {
        /// Number of the attempt.
        epoch: u32,
        /// ATT MTU, 23 to 517.
        mtu: u16,
    },
    /// The badge's services changed (after a firmware update): everything known is void.
    ServicesChanged {
        /// Number of the attempt.
        epoch: u32,
    },
    /// A value was read.
    Read {
        /// Number of the attempt.
        epoch: u32,
        /// Of the command.
        request: u32,
        /// The value.
        value: Vec<u8>,
    },
    /// A value was written.
    Written {
        /// Number of the attempt.
        epoch: u32,
        /// Of the command.
        request: u32,
    },
    /// Notifications are on.
    Subscribed {
        /// Number of the attempt.
        epoch: u32,
        /// Of the command.
        request: u32,
    },
    /// A read, write or subscription failed; the link may still be up.
    Failed {
        /// Number of the attempt.
        epoch: u32,
        /// Of the command.
        request: u32,
        /// Why.
        fault: LinkFault,
    },
    /// A notification.
    Notified {
        /// Number of the attempt.
        epoch: u32,
        /// Of which value.
        characteristic: Uuid,
        /// The value.
        value: Vec<u8>,
    },
    /// There is no link (any more); may repeat.
    Disconnected {
        /// Number of the attempt.
        epoch: u32,
        /// Why.
        fault: LinkFault,
    },
}

/// The phone's Bluetooth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum AdapterState {
    /// Ready.
    On,
    /// Switched off.
    Off,
    /// The app has no permission.
    Unauthorized,
    /// There is none.
    Unsupported,
}

/// Why a radio operation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LinkFault {
    /// Bluetooth was switched off.
    Off,
    /// The app lost its permission.
    PermissionDenied,
    /// No answer, or the supervision timeout.
    Timeout,
    /// The badge ended the link.
    PeerClosed,
    /// We did.
    Closed,
    /// One side forgot the keys.
    PairingLost,
    /// The badge has a bond with another phone.
    BondedElsewhere,
    /// The badge has no free connection.
    Busy,
    /// The badge wants an encrypted link and pairing was refused.
    NotSecure,
    /// The badge has no such value.
    Missing,
    /// Anything else.
    Other,
}

impl LinkFault {
    /// What it means for the wearer.
    #[must_use]
    pub fn problem(self) -> BadgeProblem {
        match self {
            Self::Off => BadgeProblem::BluetoothOff,
            Self::PermissionDenied => BadgeProblem::PermissionDenied,
            Self::Timeout | Self::PeerClosed => BadgeProblem::OutOfRange,
            Self::PairingLost | Self::NotSecure => BadgeProblem::PairingLost,
            Self::BondedElsewhere => BadgeProblem::BondedElsewhere,
            Self::Busy => BadgeProblem::Busy,
            Self::Missing => BadgeProblem::UnknownProtocol,
            Self::Closed | Self::Other => BadgeProblem::Other,
        }
    }

    /// From an error code of the `CBErrorDomain` (`CBError.Code`).
    #[must_use]
    pub fn from_core_bluetooth(code: i32) -> Self {
        match code {
            5 => Self::Closed,
            6 | 10 => Self::Timeout,
            7 => Self::PeerClosed,
            11 => Self::Busy,
            14 => Self::PairingLost,
            15 => Self::NotSecure,
            _ => Self::Other,
        }
    }

    /// From the status of `BluetoothGattCallback.onConnectionStateChange`.
    #[must_use]
    pub fn from_android_gatt(status: i32) -> Self {
        match status {
            5 | 15 => Self::NotSecure,
            8 | 147 => Self::Timeout,
            19 => Self::PeerClosed,
            22 => Self::BondedElsewhere,
            137 => Self::PairingLost,
            _ => Self::Other,
        }
    }
}

/// Takes what a radio reports. Only copies and returns: safe to call from a Bluetooth callback.
pub trait LinkSink: Send + Sync {
    /// Something happened.
    fn on_event(&self, event: LinkEvent);
}

/// A radio. Calls return at once; what comes of them is reported to the sink, from any thread.
pub trait Link: Send + Sync {
    /// Where to report; called once, before anything else. The adapter's state is reported then.
    fn attach(&self, sink: Arc<dyn LinkSink>);

    /// Starts an operation. The core has at most one read, write or subscription open at a time.
    fn submit(&self, command: LinkCommand);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_codes_become_what_a_person_can_act_on() {
        let table = [
            (LinkFault::from_core_bluetooth(14), BadgeProblem::PairingLost),
            (LinkFault::from_core_bluetooth(6), BadgeProblem::OutOfRange),
            (LinkFault::from_core_bluetooth(11), BadgeProblem::Busy),
            (LinkFault::from_android_gatt(137), BadgeProblem::PairingLost),
            (LinkFault::from_android_gatt(22), BadgeProblem::BondedElsewhere),
            (LinkFault::from_android_gatt(8), BadgeProblem::OutOfRange),
            (LinkFault::from_android_gatt(133), BadgeProblem::Other),
        ];
        for (fault, problem) in table {
            assert_eq!(fault.problem(), problem, "{fault:?}");
        }
    }
}
