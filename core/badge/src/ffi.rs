//! How the types that UniFFI does not know cross the bindings: UUIDs as text.

use uuid::Uuid;

uniffi::custom_type!(Uuid, String, {
    remote,
    lower: |uuid| uuid.to_string(),
    try_lift: |text| Ok(Uuid::parse_str(&text)?),
});
