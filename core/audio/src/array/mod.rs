//! Two microphones: where a voice comes from, and a beam towards it.
