//! Writes the Kotlin, Swift and Python sources for the built library. Run by
//! `cargo xtask bindings`, which knows the right arguments.

fn main() {
    uniffi::uniffi_bindgen_main();
}
