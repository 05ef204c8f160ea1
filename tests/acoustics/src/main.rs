//! Measures what of a booth talk is left for a recogniser.

fn main() {}
