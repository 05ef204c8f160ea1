use serde::{Deserialize, Serialize};

/// How sure we are of a value, in thousandths: 0 is a blind guess, 1000 is certain.
///
/// An integer, so that scores computed from it are the same to the last bit on every device.
/// Serialised as a number from 0 to 1 with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "f64", from = "f64")]
pub struct Confidence(u16);

impl Confidence {
    /// Certain: a person said so.
    pub const CERTAIN: Self = Self(1000);

    /// From thousandths; more than 1000 is taken as 1000.
    #[must_use]
    pub const fn permille(value: u16) -> Self {
        Self(if value > 1000 { 1000 } else { value })
    }

    /// This much of it, in thousandths.
    #[must_use]
    pub const fn scaled(self, permille: u16) -> Self {
        let scaled = (self.0 as u32 * permille as u32 + 500) / 1000;
        Self::permille(if scaled > 1000 { 1000 } else { scaled as u16 })
    }

    /// In thousandths, 0 to 1000.
    #[must_use]
    pub const fn as_permille(self) -> u16 {
        self.0
    }
}

impl From<Confidence> for f64 {
    fn from(c: Confidence) -> Self {
        Self::from(c.0) / 1000.0
    }
}

impl From<f64> for Confidence {
    /// Out-of-range numbers are clamped, NaN is 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
    fn from(v: f64) -> Self {
        Self((v.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialises_as_a_fraction() {
        let c = Confidence::permille(940);
        assert_eq!(serde_json::to_string(&c).unwrap(), "0.94");
        assert_eq!(serde_json::from_str::<Confidence>("0.94").unwrap(), c);
    }

    #[test]
    fn clamps() {
        assert_eq!(Confidence::from(7.0), Confidence::CERTAIN);
        assert_eq!(Confidence::from(f64::NAN), Confidence::permille(0));
    }
}
