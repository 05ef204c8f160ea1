use super::GgmlError;

/// The sizes of a Whisper network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhisperShape {
    /// Tokens that the decoder tells apart: 51864 for English only, 51865 or more otherwise.
    pub vocab: usize,
    /// Positions of the encoder: 1500, 20 ms each.
    pub audio_ctx: usize,
    /// Width of the encoder.
    pub audio_state: usize,
    /// Heads of its attention.
    pub audio_heads: usize,
    /// Its layers.
    pub audio_layers: usize,
    /// Positions of the decoder: 448.
    pub text_ctx: usize,
    /// Width of the decoder.
    pub text_state: usize,
    /// Heads of its attention.
    pub text_heads: usize,
    /// Its layers.
    pub text_layers: usize,
    /// Bands of the mel spectrogram: 80, or 128 for large-v3.
    pub mels: usize,
    /// ggml's file type: 1 f16, 2007 q8_0, 2009 q5_1.
    pub file_type: i32,
}

impl WhisperShape {
    /// From the eleven numbers of the header, in their order.
    ///
    /// # Errors
    /// A size that no Whisper model has.
    pub fn from_header(n: [i32; 11]) -> Result<Self, GgmlError> {
        let sizes = n.map(|v| usize::try_from(v).unwrap_or(0));
        let [vocab, audio_ctx, audio_state, audio_heads, audio_layers, ..] = sizes;
        let [.., text_ctx, text_state, text_heads, text_layers, mels, _] = sizes;
        let shape = Self {
            vocab,
            audio_ctx,
            audio_state,
            audio_heads,
            audio_layers,
            text_ctx,
            text_state,
            text_heads,
            text_layers,
            mels,
            file_type: n[10],
        };
        if shape.is_sound() {
            return Ok(shape);
        }
        Err(GgmlError::Damaged("its sizes are not those of a Whisper model".into()))
    }

    /// Whether it knows English only.
    #[must_use]
    pub fn english_only(&self) -> bool {
        self.vocab < 51_865
    }

    fn is_sound(&self) -> bool {
        let heads = |state: usize, heads: usize| heads > 0 && state == heads * 64;
        (51_864..=51_866).contains(&self.vocab)
            && self.audio_ctx == 1500
            && self.text_ctx == 448
            && (64..=1280).contains(&self.audio_state)
            && self.text_state == self.audio_state
            && heads(self.audio_state, self.audio_heads)
            && heads(self.text_state, self.text_heads)
            && (1..=32).contains(&self.audio_layers)
            && (1..=32).contains(&self.text_layers)
            && matches!(self.mels, 80 | 128)
    }
}

/// What turns a power spectrum into mel bands.
#[derive(Debug, Clone, PartialEq)]
pub struct MelFilters {
    /// Rows.
    pub mels: usize,
    /// Bins of the spectrum a row weighs: 201.
    pub bins: usize,
    /// Row by row.
    pub weights: Vec<f32>,
}
