//! From words to values: one grammar a field. Each reads tokens of one segment and returns
//! values with the character span they were read from; `None` or nothing where there is none.

pub mod authority;
pub mod email;
pub mod money;
pub mod phone;
pub mod spelling;
pub mod time;
pub mod title;
