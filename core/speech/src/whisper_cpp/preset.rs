use confee_models::ggml::WhisperShape;
use whisper_rs::{DtwMode, DtwModelPreset, DtwParameters};

/// Bytes for a token's alignment: 224 tokens over 1500 positions, four copies for each head.
const ALIGNMENT_MEMORY: usize = 128 << 20;

/// Which attention heads follow the sound, for the shapes that OpenAI published. Large models
/// before v3 look alike, so they have none.
pub(super) fn of(shape: &WhisperShape) -> Option<DtwParameters<'static>> {
    let model_preset = preset(shape)?;
    Some(DtwParameters {
        mode: DtwMode::ModelPreset { model_preset },
        dtw_mem_size: ALIGNMENT_MEMORY,
    })
}

fn preset(shape: &WhisperShape) -> Option<DtwModelPreset> {
    use DtwModelPreset as P;
    let layers = (shape.audio_layers, shape.text_layers);
    Some(match (layers, shape.audio_state, shape.mels, shape.english_only()) {
        ((4, 4), 384, 80, true) => P::TinyEn,
        ((4, 4), 384, 80, false) => P::Tiny,
        ((6, 6), 512, 80, true) => P::BaseEn,
        ((6, 6), 512, 80, false) => P::Base,
        ((12, 12), 768, 80, true) => P::SmallEn,
        ((12, 12), 768, 80, false) => P::Small,
        ((24, 24), 1024, 80, true) => P::MediumEn,
        ((24, 24), 1024, 80, false) => P::Medium,
        ((32, 32), 1280, 128, false) => P::LargeV3,
        ((32, 4), 1280, 128, false) => P::LargeV3Turbo,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(vocab: i32, state: i32, audio: i32, text: i32, mels: i32) -> WhisperShape {
        let heads = state / 64;
        let header = [vocab, 1500, state, heads, audio, 448, state, heads, text, mels, 1];
        WhisperShape::from_header(header).unwrap()
    }

    #[test]
    fn the_preset_follows_from_the_shape() {
        let table = [
            (shape(51_864, 384, 4, 4, 80), "TinyEn"),
            (shape(51_865, 384, 4, 4, 80), "Tiny"),
            (shape(51_864, 512, 6, 6, 80), "BaseEn"),
            (shape(51_865, 768, 12, 12, 80), "Small"),
            (shape(51_866, 1280, 32, 32, 128), "LargeV3"),
            (shape(51_866, 1280, 32, 4, 128), "LargeV3Turbo"),
            (shape(51_865, 1280, 32, 32, 80), ""),
            (shape(51_864, 384, 4, 2, 80), ""),
            (shape(51_864, 64, 4, 4, 80), ""),
        ];
        for (shape, expected) in table {
            let name = preset(&shape).map(|preset| format!("{preset:?}")).unwrap_or_default();
            assert_eq!(name, expected, "{shape:?}");
        }
    }
}
