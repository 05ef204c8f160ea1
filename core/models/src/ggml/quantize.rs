use half::f16;

/// Numbers of a block.
const BLOCK: usize = 32;

/// Appends blocks of q8_0, bit by bit those of ggml's `quantize_row_q8_0_ref`: the scale is the
/// largest magnitude over 127. Numbers beyond the last whole block are left out.
pub(super) fn q8_0(numbers: &[f32], out: &mut Vec<u8>) {
    for block in numbers.as_chunks::<BLOCK>().0 {
        let largest = block.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
        let scale = largest / 127.0;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "at most 127")]
        out.extend(block.map(|number| ((number * inverse).round() as i8).cast_unsigned()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn restored(bytes: &[u8]) -> Vec<f32> {
        let block = |block: &[u8; 34]| {
            let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
            block[2..].iter().map(|byte| f32::from(byte.cast_signed()) * scale).collect::<Vec<_>>()
        };
        bytes.as_chunks::<34>().0.iter().flat_map(block).collect()
    }

    #[test]
    fn a_block_of_zeros_stays_zero() {
        let mut out = Vec::new();
        q8_0(&[0.0; 64], &mut out);
        assert_eq!(out, [0; 68]);
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let mut numbers = [0.0; 32];
        numbers[..4].copy_from_slice(&[127.0, 0.5, -0.5, -1.5]);
        let mut out = Vec::new();
        q8_0(&numbers, &mut out);
        assert_eq!(out[..6], [0x00, 0x3c, 127, 1, 255, 254]);
    }

    proptest! {
        #[test]
        fn what_is_restored_is_near(numbers in prop::collection::vec(-100.0_f32..100.0, 96)) {
            let mut out = Vec::new();
            q8_0(&numbers, &mut out);
            let restored = restored(&out);
            for (block, again) in numbers.chunks(32).zip(restored.chunks(32)) {
                let largest = block.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
                for (number, again) in block.iter().zip(again) {
                    prop_assert!((number - again).abs() <= largest * 0.005, "{number} {again}");
                }
            }
        }
    }
}
