//! Sessions against a device of a few lines.

mod bench;
mod capture;
mod device;
mod hostile;
mod live;
mod storage;
