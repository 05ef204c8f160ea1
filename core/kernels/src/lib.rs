//! What our networks are made of, in `f32`: dense layers and attention on candle's products, and
//! what lies between them in vectors. Rows stand one after the other in a slice.
//!
//! Everything runs in the calling thread's rayon pool and gives the same for any number of threads.

mod attention;
mod dense;
mod norm;
pub mod simd;

pub use attention::{Heads, attend};
pub use candle_core::Error;
pub use dense::{Dense, Then, with_slice};
pub use norm::Norm;
