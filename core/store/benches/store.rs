//! Placeholder, replaced in this branch.
fn main() {}
