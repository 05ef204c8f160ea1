//! Coded frames to PCM: decoding, error correction, concealment, resampling.
