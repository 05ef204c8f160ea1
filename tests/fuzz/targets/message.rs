#![no_main]
//! Answers and events: what is taken comes out again, the data of answers too.

use confee_badge::confee::{
    Advanced, Cleared, ClockData, DiagnosticsData, Flags, HelloData, Message, ReadGranted,
    Released, RingIdData, RingRangeData,
};
use libfuzzer_sys::fuzz_target;

macro_rules! same {
    ($data:expr, $($kind:ty),+) => {
        $(if let Ok(value) = <$kind>::parse($data) {
            assert_eq!(<$kind>::parse(&value.encode()), Ok(value));
        })+
    };
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = Message::parse(bytes) else { return };
    assert_eq!(Message::parse(&message.encode()), Ok(message));
    if let Message::Answer { data, .. } = message {
        same!(data, HelloData, ClockData, Flags, RingIdData, RingRangeData, ReadGranted);
        same!(data, Advanced, Released, Cleared, DiagnosticsData);
    }
});
