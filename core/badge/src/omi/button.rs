use super::OmiError;
use super::cursor::le_u32;

/// A button event (firmware `button.c`): two `i32`, the first says what, the second is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Pressed once, shortly.
    Single,
    /// Pressed twice within 600 ms.
    Double,
    /// Held.
    Long,
    /// Went down.
    Down,
    /// Came up.
    Up,
}

impl Button {
    /// Reads a notification of [`super::uuids::BUTTON`]; `None` where nothing happened yet (0).
    ///
    /// # Errors
    /// Fewer than four bytes, or an event that is not known.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, OmiError> {
        let length = OmiError::Length { what: "a button event", got: bytes.len() };
        match le_u32(bytes, 0).ok_or(length)?.cast_signed() {
            0 => Ok(None),
            1 => Ok(Some(Self::Single)),
            2 => Ok(Some(Self::Double)),
            3 => Ok(Some(Self::Long)),
            4 => Ok(Some(Self::Down)),
            5 => Ok(Some(Self::Up)),
            event => Err(OmiError::Button { event }),
        }
    }

    /// The notification.
    #[must_use]
    pub fn encode(self) -> [u8; 8] {
        let event: u8 = match self {
            Self::Single => 1,
            Self::Double => 2,
            Self::Long => 3,
            Self::Down => 4,
            Self::Up => 5,
        };
        [event, 0, 0, 0, 0, 0, 0, 0]
    }
}
