use confee_domain::{AudioFrame, Mark};

use super::{StoredRecord, stream_id};
use crate::session::{Cx, Taken};

/// What became of a stored record.
pub(super) enum Stored {
    Safe,
    /// The phone's queue is full.
    Refused,
    /// A newer app may be able to read it.
    Unknown,
}

impl Stored {
    fn when(taken: bool) -> Self {
        if taken { Self::Safe } else { Self::Refused }
    }
}

/// Hands one stored record to the phone.
pub(super) fn store(badge_id: u64, record: &StoredRecord<'_>, cx: &mut Cx<'_>) -> Stored {
    match *record {
        StoredRecord::Frame { session, seq, captured_ms, codec, payload } => {
            let Ok(codec) = codec else {
                cx.counters.malformed += 1;
                return Stored::Unknown;
            };
            let stream = stream_id(badge_id, session);
            let frame = AudioFrame { stream, seq, captured_ms, codec, payload };
            let taken = cx.custodian.frame(&frame);
            cx.counters.frames += u64::from(taken == Taken::New);
            cx.counters.duplicates += u64::from(taken == Taken::Duplicate);
            cx.counters.refused += u64::from(taken == Taken::Refused);
            Stored::when(taken != Taken::Refused)
        }
        StoredRecord::Mark { session, seq, captured_ms, what, .. } => {
            let stream = stream_id(badge_id, session);
            Stored::when(cx.custodian.mark(Mark { stream, seq, captured_ms, kind: what }))
        }
        StoredRecord::Clock { session, badge_ms, unix_ms } => {
            let unix_ms = i64::try_from(unix_ms).unwrap_or(i64::MAX);
            let stream = stream_id(badge_id, session);
            Stored::when(cx.custodian.anchor(stream, badge_ms, unix_ms))
        }
        StoredRecord::Unknown { .. } => Stored::Safe,
        StoredRecord::Damaged { .. } => {
            cx.counters.malformed += 1;
            Stored::Safe
        }
    }
}
