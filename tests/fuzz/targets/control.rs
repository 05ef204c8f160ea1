#![no_main]
//! Requests as the badge gets them: what is taken is written with the same bytes.

use confee_badge::confee::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((id, request)) = Request::parse(bytes) {
        assert_eq!(request.encode(id), bytes);
        assert_eq!(Request::header(bytes), Some((request.op(), id)));
    }
});
