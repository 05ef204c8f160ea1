use crate::omi::{Features, StorageStatus, firmware_version};

/// Firmware from which on the store is a ring (generation 3).
const RING_FIRMWARE: (u16, u16, u16) = (3, 0, 20);

/// Why stored audio of a badge is not fetched. Live audio goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StorageTrouble {
    /// It has no store.
    #[error("this badge keeps no audio: keep the phone near it")]
    NoStorage,
    /// Generation 1 or 2.
    #[error(
        "this badge's firmware is too old to fetch stored audio from: update it to 3.0.20 or later"
    )]
    OldFirmware,
    /// Neither its features nor its firmware version say which generation.
    #[error("this badge does not say how it stores audio: update its firmware")]
    UnknownVersion,
    /// It is silent.
    #[error("the badge does not answer about stored audio: switch it off and on")]
    NoAnswer,
    /// Reads stay damaged.
    #[error("stored audio arrives damaged: keep the badge closer to the phone")]
    Damaged,
    /// What it says of its store cannot be.
    #[error("the badge's store is in an unknown form: update its firmware")]
    UnknownForm,
}

/// What is known of a store before the first command.
#[derive(Debug, Clone, Default)]
pub(in crate::omi) struct Signs {
    /// Whether there is a characteristic for commands, and notifications are on.
    pub(in crate::omi) reachable: bool,
    pub(in crate::omi) features: Option<Features>,
    /// The value of the status characteristic, where it could be read.
    pub(in crate::omi) status: Option<Vec<u8>>,
    pub(in crate::omi) firmware: Option<String>,
}

impl Signs {
    /// Whether to ask the store how it stands. Capabilities decide; the firmware version only
    /// where they are silent. A device of generation 1 or 2 is sent no command at all.
    pub(in crate::omi) fn access(&self) -> Result<(), StorageTrouble> {
        let ring_status = self.status.as_deref().map(|s| StorageStatus::parse(s).is_ok());
        match (self.features.map(|f| f.has(Features::STORAGE)), ring_status) {
            _ if !self.reachable => Err(StorageTrouble::NoStorage),
            (Some(false), _) => Err(StorageTrouble::NoStorage),
            (_, Some(false)) => Err(StorageTrouble::OldFirmware),
            (Some(true), Some(true)) => Ok(()),
            _ => self.by_firmware(),
        }
    }

    /// What silence of the store means.
    pub(in crate::omi) fn silence(&self) -> StorageTrouble {
        self.by_firmware().err().unwrap_or(StorageTrouble::NoAnswer)
    }

    fn by_firmware(&self) -> Result<(), StorageTrouble> {
        match self.firmware.as_deref().and_then(firmware_version) {
            Some(version) if version >= RING_FIRMWARE => Ok(()),
            Some(_) => Err(StorageTrouble::OldFirmware),
            None => Err(StorageTrouble::UnknownVersion),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_decide_and_the_version_is_the_last_resort() {
        use StorageTrouble::{NoStorage, OldFirmware, UnknownVersion};
        let (with, without) = (Some(Features(Features::STORAGE)), Some(Features(0)));
        let (ring, files) = (Some(vec![0; 16]), Some(vec![0; 8]));
        let table = [
            (with, ring.clone(), Some("2.0.0"), Ok(())),
            (with, ring.clone(), None, Ok(())),
            (with, files.clone(), Some("3.0.20"), Err(OldFirmware)),
            (without, ring.clone(), Some("3.0.20"), Err(NoStorage)),
            (None, ring, Some("3.0.20"), Ok(())),
            (None, None, Some("3.1.0"), Ok(())),
            (with, None, Some("3.0.19"), Err(OldFirmware)),
            (None, None, Some("nightly"), Err(UnknownVersion)),
            (None, None, None, Err(UnknownVersion)),
        ];
        for (features, status, firmware, expected) in table {
            let firmware = firmware.map(str::to_owned);
            let mut signs = Signs { reachable: true, features, status, firmware };
            assert_eq!(signs.access(), expected, "{signs:?}");
            signs.reachable = false;
            assert_eq!(signs.access(), Err(NoStorage));
        }
        let signs = Signs { firmware: Some("3.0.20".to_owned()), ..Signs::default() };
        assert_eq!(signs.silence(), StorageTrouble::NoAnswer);
    }
}
