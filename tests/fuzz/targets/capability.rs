#![no_main]
//! The capability: what is taken comes out again.

use confee_badge::confee::Capability;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(capability) = Capability::parse(bytes) {
        assert_eq!(Capability::parse(&capability.encode()), Ok(capability));
    }
});
