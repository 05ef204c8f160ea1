//! Faults of the systems in our terms.

use btleplug::Error;

use crate::link::LinkFault;

/// What an operation's error means.
pub(super) fn fault_of(error: &Error) -> LinkFault {
    match error {
        Error::PermissionDenied => LinkFault::PermissionDenied,
        Error::NoAdapterAvailable => LinkFault::Off,
        // BlueZ forgets a badge it has not seen for a while.
        Error::DeviceNotFound | Error::TimedOut(_) => LinkFault::Timeout,
        Error::NotConnected => LinkFault::PeerClosed,
        Error::NoSuchCharacteristic | Error::UnexpectedCharacteristic | Error::NotSupported(_) => {
            LinkFault::Missing
        }
        Error::RuntimeError(message) => of_message(message),
        Error::Other(inner) => of_system(inner.as_ref()),
        _ => LinkFault::Other,
    }
}

#[cfg(target_os = "linux")]
fn of_system(error: &(dyn std::error::Error + Send + Sync + 'static)) -> LinkFault {
    use bluez_async::BluetoothError;
    match error.downcast_ref::<BluetoothError>() {
        Some(BluetoothError::DbusError(error)) => {
            of_bluez(error.name().unwrap_or_default(), error.message().unwrap_or_default())
        }
        Some(BluetoothError::ServiceDiscoveryTimedOut) => LinkFault::Timeout,
        Some(BluetoothError::NoBluetoothAdapters) => LinkFault::Off,
        // One word that bluez-async does not know hides all services.
        Some(BluetoothError::FlagParseError(_) | BluetoothError::UuidNotFound { .. }) => {
            LinkFault::Missing
        }
        Some(_) => LinkFault::Other,
        None => of_message(&error.to_string()),
    }
}

#[cfg(not(target_os = "linux"))]
fn of_system(error: &(dyn std::error::Error + Send + Sync + 'static)) -> LinkFault {
    of_message(&error.to_string())
}

/// From a D-Bus error of BlueZ: `org.bluez.Error.*`, `org.freedesktop.DBus.Error.*`. Its words
/// are those of BlueZ's `src/error.c` and `src/gatt-client.c`.
#[cfg(target_os = "linux")]
fn of_bluez(name: &str, message: &str) -> LinkFault {
    let short = name.rsplit('.').next().unwrap_or_default();
    match short {
        "NotReady" => LinkFault::Off,
        "AccessDenied" => LinkFault::PermissionDenied,
        "NotAuthorized" | "AuthenticationRejected" | "AuthenticationCanceled" => {
            LinkFault::NotSecure
        }
        "AuthenticationFailed" | "AuthenticationTimeout" => LinkFault::PairingLost,
        "NotPermitted" if message.ends_with("not permitted") => LinkFault::Missing,
        "NotPermitted" => LinkFault::NotSecure,
        "NotSupported" | "InvalidArguments" | "InvalidArgs" => LinkFault::Missing,
        "InProgress" => LinkFault::Busy,
        "NotConnected" => LinkFault::PeerClosed,
        "ConnectionAttemptFailed"
        | "DoesNotExist"
        | "UnknownObject"
        | "UnknownMethod"
        | "NoReply"
        | "Timeout"
        | "TimedOut" => LinkFault::Timeout,
        _ => of_message(message),
    }
}

/// Whether a connection failed only because there is one.
pub(super) fn already_connected(error: &Error) -> bool {
    #[cfg(target_os = "linux")]
    if let Error::Other(inner) = error
        && let Some(bluez_async::BluetoothError::DbusError(error)) = inner.downcast_ref()
    {
        return error.name() == Some("org.bluez.Error.AlreadyConnected");
    }
    let _ = error;
    false
}

/// From words, where a system gives nothing else: BlueZ's `Failed`, CoreBluetooth's localised
/// text (English only), Android's exceptions with a GATT status.
fn of_message(message: &str) -> LinkFault {
    const WORDS: &[(&str, LinkFault)] = &[
        ("att error: 0x05", LinkFault::NotSecure),
        ("att error: 0x0c", LinkFault::NotSecure),
        ("att error: 0x0f", LinkFault::NotSecure),
        ("att error: 0x0a", LinkFault::Missing),
        ("att error 5.", LinkFault::NotSecure),
        ("att error 15.", LinkFault::NotSecure),
        ("removed pairing", LinkFault::PairingLost),
        ("insufficient", LinkFault::NotSecure),
        ("not paired", LinkFault::NotSecure),
        ("not connected", LinkFault::PeerClosed),
        ("disconnected", LinkFault::PeerClosed),
        ("not powered", LinkFault::Off),
        ("not ready", LinkFault::Off),
        ("permission", LinkFault::PermissionDenied),
        ("abort-by-remote", LinkFault::Busy),
        ("connection-refused", LinkFault::Busy),
        ("timed out", LinkFault::Timeout),
        ("timeout", LinkFault::Timeout),
        ("abort", LinkFault::Timeout),
        ("not present", LinkFault::Timeout),
    ];
    let message = message.to_lowercase();
    let known = WORDS.iter().find(|(word, _)| message.contains(word));
    known.map_or(LinkFault::Other, |(_, fault)| *fault)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn errors_become_what_a_person_can_act_on() {
        let table = [
            (Error::PermissionDenied, LinkFault::PermissionDenied),
            (Error::NoAdapterAvailable, LinkFault::Off),
            (Error::DeviceNotFound, LinkFault::Timeout),
            (Error::TimedOut(Duration::from_secs(1)), LinkFault::Timeout),
            (Error::NotConnected, LinkFault::PeerClosed),
            (Error::NoSuchCharacteristic, LinkFault::Missing),
            (Error::RuntimeError("Encryption is insufficient.".into()), LinkFault::NotSecure),
            (Error::RuntimeError("(ATT error 15.)".into()), LinkFault::NotSecure),
            (
                Error::RuntimeError("Peer removed pairing information".into()),
                LinkFault::PairingLost,
            ),
            (Error::RuntimeError("something new".into()), LinkFault::Other),
            (Error::Other("Channel closed".into()), LinkFault::Other),
        ];
        for (error, fault) in table {
            assert_eq!(fault_of(&error), fault, "{error}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn bluez_errors_keep_their_meaning() {
        let table = [
            ("org.bluez.Error.NotReady", "Resource Not Ready", LinkFault::Off),
            ("org.bluez.Error.NotPermitted", "Not paired", LinkFault::NotSecure),
            ("org.bluez.Error.NotPermitted", "Read not permitted", LinkFault::Missing),
            ("org.bluez.Error.NotAuthorized", "Operation Not Authorized", LinkFault::NotSecure),
            ("org.bluez.Error.AuthenticationFailed", "", LinkFault::PairingLost),
            ("org.bluez.Error.AuthenticationRejected", "", LinkFault::NotSecure),
            ("org.bluez.Error.InProgress", "Operation already in progress", LinkFault::Busy),
            ("org.bluez.Error.Failed", "Not connected", LinkFault::PeerClosed),
            ("org.bluez.Error.Failed", "le-connection-abort-by-remote", LinkFault::Busy),
            ("org.bluez.Error.Failed", "le-connection-abort-by-local", LinkFault::Timeout),
            (
                "org.bluez.Error.Failed",
                "Operation failed with ATT error: 0x0f",
                LinkFault::NotSecure,
            ),
            ("org.freedesktop.DBus.Error.UnknownObject", "", LinkFault::Timeout),
            ("org.freedesktop.DBus.Error.NoReply", "", LinkFault::Timeout),
            ("org.freedesktop.DBus.Error.AccessDenied", "", LinkFault::PermissionDenied),
            ("org.bluez.Error.Failed", "no idea", LinkFault::Other),
        ];
        for (name, message, fault) in table {
            let inner = bluez_async::BluetoothError::from(dbus::Error::new_custom(name, message));
            assert_eq!(fault_of(&Error::Other(Box::new(inner))), fault, "{name} {message}");
        }
        let flag = bluez_async::BluetoothError::FlagParseError("telepathy".into());
        assert_eq!(fault_of(&Error::Other(Box::new(flag))), LinkFault::Missing);
    }
}
