use super::OmiError;
use super::cursor::le_u32;

/// What a device says it can do (firmware `features.h`); bits that are not known are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    /// A loudspeaker.
    pub const SPEAKER: u32 = 1;
    /// An accelerometer.
    pub const ACCELEROMETER: u32 = 1 << 1;
    /// A button.
    pub const BUTTON: u32 = 1 << 2;
    /// The charge is told.
    pub const BATTERY: u32 = 1 << 3;
    /// USB.
    pub const USB: u32 = 1 << 4;
    /// A vibration motor.
    pub const HAPTIC: u32 = 1 << 5;
    /// It keeps audio while there is no phone; says nothing about the generation of the store.
    pub const STORAGE: u32 = 1 << 6;
    /// The light can be dimmed.
    pub const LED_DIMMING: u32 = 1 << 7;
    /// The microphone's gain can be set.
    pub const MIC_GAIN: u32 = 1 << 8;
    /// It remembers a name.
    pub const NAME: u32 = 1 << 10;

    /// Reads the value of [`super::uuids::FEATURES`]; bytes after the fourth are ignored.
    ///
    /// # Errors
    /// Fewer than four bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, OmiError> {
        let bits = le_u32(bytes, 0);
        bits.map(Self).ok_or(OmiError::Length { what: "features", got: bytes.len() })
    }

    /// The value of [`super::uuids::FEATURES`].
    #[must_use]
    pub fn encode(self) -> [u8; 4] {
        self.0.to_le_bytes()
    }

    /// Whether all of some bits are set.
    #[must_use]
    pub fn has(self, bits: u32) -> bool {
        self.0 & bits == bits
    }
}
