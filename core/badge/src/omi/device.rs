//! The small values: battery, charging, clock, counters, text.

use super::OmiError;
use super::cursor::le_u32;
use crate::event::Diagnostics;
use crate::text::clean;

/// Bytes of [`super::uuids::DIAGNOSTICS`] (firmware `diagnostics_packet.c`).
const DIAGNOSTICS_BYTES: usize = 25;
const DIAGNOSTICS_VERSION: u8 = 1;

/// Charge in percent.
///
/// # Errors
/// Not one byte, or over 100.
pub fn battery_percent(bytes: &[u8]) -> Result<u8, OmiError> {
    match bytes {
        [percent @ 0..=100] => Ok(*percent),
        [_] => Err(OmiError::Range { what: "charge" }),
        _ => Err(OmiError::Length { what: "a charge", got: bytes.len() }),
    }
}

/// Whether it charges.
///
/// # Errors
/// Not one byte, or neither 0 nor 1.
pub fn charging(bytes: &[u8]) -> Result<bool, OmiError> {
    match bytes {
        [0] => Ok(false),
        [1] => Ok(true),
        [_] => Err(OmiError::Range { what: "charging state" }),
        _ => Err(OmiError::Length { what: "a charging state", got: bytes.len() }),
    }
}

/// The value for [`super::uuids::TIME_WRITE`]: whole seconds, at the ends of its range beyond it.
#[must_use]
pub fn encode_time(unix_ms: i64) -> [u8; 4] {
    let seconds = unix_ms.div_euclid(1000);
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX).to_le_bytes()
}

/// Unix seconds written to [`super::uuids::TIME_WRITE`] or read from [`super::uuids::TIME_READ`].
///
/// # Errors
/// Not four bytes.
pub fn parse_time(bytes: &[u8]) -> Result<u32, OmiError> {
    let seconds = le_u32(bytes, 0).filter(|_| bytes.len() == 4);
    seconds.ok_or(OmiError::Length { what: "a time", got: bytes.len() })
}

/// Counters of version 1; longer values are read as far as they are known.
///
/// # Errors
/// Too short, or another version.
pub fn diagnostics(bytes: &[u8]) -> Result<Diagnostics, OmiError> {
    let length = OmiError::Length { what: "counters", got: bytes.len() };
    if bytes.len() < DIAGNOSTICS_BYTES {
        return Err(length);
    }
    if bytes.first() != Some(&DIAGNOSTICS_VERSION) {
        return Err(OmiError::Range { what: "version of its counters" });
    }
    let at = |offset| le_u32(bytes, offset).ok_or(length);
    Ok(Diagnostics {
        reset_cause: at(1)?,
        uptime_s: at(5)?,
        mic_overruns: at(13)?,
        tx_drops: at(17)?,
        storage_errors: at(21)?,
    })
}

/// The value of [`super::uuids::DIAGNOSTICS`].
#[must_use]
pub fn encode_diagnostics(of: &Diagnostics, battery_mv: u16, charging: bool) -> [u8; 25] {
    let mut out = [0; DIAGNOSTICS_BYTES];
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[DIAGNOSTICS_VERSION]);
    put(1, &of.reset_cause.to_le_bytes());
    put(5, &of.uptime_s.to_le_bytes());
    put(9, &battery_mv.to_le_bytes());
    put(11, &[u8::from(charging)]);
    put(13, &of.mic_overruns.to_le_bytes());
    put(17, &of.tx_drops.to_le_bytes());
    put(21, &of.storage_errors.to_le_bytes());
    out
}

/// Text of a device: without control and other invisible characters, trimmed, at most 64
/// characters; `None` where nothing is left.
#[must_use]
pub fn clean_text(bytes: &[u8]) -> Option<String> {
    Some(clean(bytes)).filter(|text| !text.is_empty())
}

/// Major, minor and patch of a firmware string such as `3.0.20` or `v2.0.10-beta`.
#[must_use]
pub fn firmware_version(text: &str) -> Option<(u16, u16, u16)> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let mut parts = text.get(..end)?.split('.').map(|p| p.parse::<u16>().ok());
    Some((parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0)))
}
