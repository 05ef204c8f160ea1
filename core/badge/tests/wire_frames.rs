//! Frames of the Confee protocol cut into notifications and put together again.

use confee_badge::confee::{Assembler, FrameOut, fragment};
use confee_domain::Codec;

fn notifications(frame: &FrameOut<'_>, mtu: u16) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let cut = |index| fragment(frame, mtu, index, &mut out).expect("fits").then(|| out.clone());
    (0..=127).map_while(cut).collect()
}

#[test]
fn a_frame_comes_once_in_any_order_of_its_fragments() {
    let payload: Vec<u8> = (0..200).collect();
    let codec = Codec::OPUS_MONO;
    let frame = FrameOut { session: 7, seq: 3, captured_ms: 60, codec, payload: &payload };
    let mut parts = notifications(&frame, 40);
    assert_eq!(parts.len(), 8);
    parts.reverse();
    let mut assembler = Assembler::new();
    for part in &parts[..7] {
        assert_eq!(assembler.push(part), Ok(None));
    }
    let whole = assembler.push(&parts[7]).expect("good").expect("whole");
    assert_eq!((whole.session, whole.seq, whole.captured_ms), (7, 3, 60));
    assert_eq!(whole.payload, payload);
    for part in &parts {
        assert_eq!(assembler.push(part), Ok(None));
    }
    assert_eq!(assembler.incomplete(), 0);
}
