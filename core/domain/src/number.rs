//! Whole amounts are written `50000`, not `50000.0`: the lead is read by people and by CRMs.

use serde::Serializer;

/// Largest magnitude below which every whole `f64` is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

#[expect(clippy::cast_possible_truncation, reason = "bounded by EXACT, and the fraction is zero")]
pub(crate) fn serialize<S: Serializer>(value: &Option<f64>, out: S) -> Result<S::Ok, S::Error> {
    match *value {
        None => out.serialize_none(),
        Some(v) if v.fract() == 0.0 && v.abs() < EXACT => out.serialize_i64(v as i64),
        Some(v) => out.serialize_f64(v),
    }
}
