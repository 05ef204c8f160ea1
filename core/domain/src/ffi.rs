//! How the types that UniFFI does not know cross the bindings: dates as `YYYY-MM-DD`.

use chrono::NaiveDate;

uniffi::custom_type!(NaiveDate, String, {
    remote,
    lower: |date| date.to_string(),
    try_lift: |text| Ok(text.parse()?),
});
