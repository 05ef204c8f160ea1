use super::{GgmlError, TensorKind};

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
    /// ggml's file type, such as 1 f16, 2007 q8_0, 2009 q5_1; see [`TensorKind::file_type`].
    pub file_type: i32,
}

impl WhisperShape {
    /// From the eleven numbers of the header, in their order.
    ///
    /// # Errors
    /// A size that no Whisper model has, or a kind of weights that no engine here runs.
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
        if !shape.is_sound() {
            return Err(GgmlError::damaged("its sizes are not those of a Whisper model"));
        }
        if shape.kind().is_none() {
            return Err(GgmlError::Unsupported("has weights of a kind that is not run here"));
        }
        Ok(shape)
    }

    /// The eleven numbers of the header.
    #[must_use]
    pub fn to_header(&self) -> [i32; 11] {
        let number = |n: usize| i32::try_from(n).unwrap_or(0);
        [
            number(self.vocab),
            number(self.audio_ctx),
            number(self.audio_state),
            number(self.audio_heads),
            number(self.audio_layers),
            number(self.text_ctx),
            number(self.text_state),
            number(self.text_heads),
            number(self.text_layers),
            number(self.mels),
            self.file_type,
        ]
    }

    /// The shape of OpenAI's models of one width: 384 and 4 layers tiny, 512 and 6 base, 768 and
    /// 12 small. 51864 tokens are the English-only ones, 51865 the multilingual.
    #[must_use]
    pub fn standard(vocab: usize, state: usize, layers: usize, kind: TensorKind) -> Self {
        Self {
            vocab,
            audio_ctx: 1500,
            audio_state: state,
            audio_heads: state / 64,
            audio_layers: layers,
            text_ctx: 448,
            text_state: state,
            text_heads: state / 64,
            text_layers: layers,
            mels: 80,
            file_type: kind.file_type(),
        }
    }

    /// The same network with its matrices in another kind.
    #[must_use]
    pub fn with_kind(self, kind: TensorKind) -> Self {
        Self { file_type: kind.file_type(), ..self }
    }

    /// How its matrices are stored; none for a kind that no engine here runs. whisper.cpp aborts
    /// the process on convolutions of 32-bit floats, which a file of type 0 has.
    #[must_use]
    pub fn kind(&self) -> Option<TensorKind> {
        TensorKind::MATRICES.into_iter().find(|kind| kind.file_type() == self.file_type)
    }

    /// Tokens that files spell out: those of the byte-pair encoding and one more, `<|endoftext|>`
    /// of English-only models or an empty one. The special tokens above have numbers only.
    pub const SPELT: usize = 50_257;

    /// Whether it knows English only.
    #[must_use]
    pub fn english_only(&self) -> bool {
        self.vocab < 51_865
    }

    pub(crate) fn is_sound(&self) -> bool {
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
