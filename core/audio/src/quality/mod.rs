//! How good the sound is, and why it is not better.
