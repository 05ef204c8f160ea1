//! Where a conversation begins and ends.
