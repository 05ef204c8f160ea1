#![no_main]
//! The small values of an Omi device.

use confee_badge::omi::{
    Button, Features, battery_percent, charging, clean_text, diagnostics, encode_diagnostics,
    firmware_version, parse_time,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Some(button)) = Button::parse(bytes) {
        assert_eq!(Button::parse(&button.encode()), Ok(Some(button)));
    }
    let _ = (battery_percent(bytes), charging(bytes), Features::parse(bytes), parse_time(bytes));
    if let Ok(counters) = diagnostics(bytes) {
        assert_eq!(diagnostics(&encode_diagnostics(&counters, 3900, true)), Ok(counters));
    }
    if let Some(text) = clean_text(bytes) {
        assert!(text.chars().count() <= 64 && !text.chars().any(char::is_control));
        let _ = firmware_version(&text);
    }
});
