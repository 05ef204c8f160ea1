//! How the types that UniFFI does not know cross the bindings: dates as `YYYY-MM-DD`, how sure we
//! are as a number from 0 to 1.

use chrono::NaiveDate;

use crate::Confidence;

uniffi::custom_type!(NaiveDate, String, {
    remote,
    lower: |date| date.to_string(),
    try_lift: |text| Ok(text.parse()?),
});

uniffi::custom_type!(Confidence, f64, {
    lower: |confidence| confidence.into(),
    try_lift: |number| Ok(number.into()),
});
