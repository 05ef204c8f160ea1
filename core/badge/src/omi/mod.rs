//! stub
use uuid::{Uuid, uuid};
pub const SERVICE: Uuid = uuid!("19b10000-e8f2-537e-4f6c-d104768a1214");
pub const AUDIO_DATA: Uuid = uuid!("19b10001-e8f2-537e-4f6c-d104768a1214");
#[derive(Default, Clone, Debug)]
pub struct OmiMemory;
pub(crate) use crate::confee::ConfeeSession as OmiSession;
