use serde::{Deserialize, Serialize};

/// What the phone says of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Whether there is one at all.
    pub online: bool,
    /// Mobile data, or a hotspot that counts bytes.
    pub metered: bool,
    /// The user asked the system to save data.
    pub low_data: bool,
}

impl Network {
    /// No connection.
    pub const OFFLINE: Self = Self { online: false, metered: false, low_data: false };
    /// Free Wi-Fi.
    pub const WIFI: Self = Self { online: true, metered: false, low_data: false };
    /// Mobile data.
    pub const MOBILE: Self = Self { online: true, metered: true, low_data: false };
}

/// What the user allows. Wi-Fi only by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncPolicy {
    /// Sync over mobile data too. The system's data saver still holds requests back.
    pub allow_metered: bool,
}

impl SyncPolicy {
    /// Whether a request may go out.
    #[must_use]
    pub fn allows(self, network: Network) -> bool {
        let free = !network.metered && !network.low_data;
        let paid = self.allow_metered && !network.low_data;
        network.online && (free || paid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metered_and_saving_networks_hold_back() {
        let (wifi_only, any) = (SyncPolicy::default(), SyncPolicy { allow_metered: true });
        let saver = Network { low_data: true, ..Network::WIFI };
        for (network, only, all) in [
            (Network::OFFLINE, false, false),
            (Network::WIFI, true, true),
            (Network::MOBILE, false, true),
            (saver, false, false),
        ] {
            assert_eq!((wifi_only.allows(network), any.allows(network)), (only, all));
        }
    }
}
