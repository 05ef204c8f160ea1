use std::collections::HashSet;

use serde::{Deserialize, Deserializer};

use super::{Manifest, ModelEntry, SourceKind};
use crate::ggml::TensorKind;
use crate::library::is_id;

const LARGEST: u64 = 8 << 30;

pub(super) fn tensor_kind<'de, D: Deserializer<'de>>(from: D) -> Result<TensorKind, D::Error> {
    match String::deserialize(from)?.as_str() {
        "f16" => Ok(TensorKind::F16),
        "q8_0" => Ok(TensorKind::Q8_0),
        "q5_1" => Ok(TensorKind::Q5_1),
        _ => Err(serde::de::Error::custom("a model's kind is f16, q8_0 or q5_1")),
    }
}

/// Says what is wrong with a list.
pub(super) fn check(manifest: &Manifest, with_http: bool) -> Result<(), String> {
    if manifest.version != 1 {
        return Err("it is of a newer kind; update the app".into());
    }
    let mut ids = HashSet::new();
    for model in &manifest.models {
        if !is_id(&model.id) || !ids.insert(&model.id) {
            return Err(format!("the name {:?} is malformed or there twice", model.id));
        }
        entry(model, with_http).map_err(|what| format!("{} {what}", model.id))?;
    }
    Ok(())
}

fn entry(model: &ModelEntry, with_http: bool) -> Result<(), String> {
    if model.sources.is_empty() {
        return Err("has no source".into());
    }
    let hex = |hash: &Option<String>, length: usize| {
        hash.as_ref().is_none_or(|hash| {
            hash.len() == length && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
    };
    let size = |bytes: Option<u64>| bytes.is_none_or(|bytes| (1..=LARGEST).contains(&bytes));
    let sound = hex(&model.sha256, 64) && hex(&model.sha1, 40) && size(model.bytes);
    if !sound {
        return Err("has a malformed hash or length".into());
    }
    for source in &model.sources {
        let sound = hex(&source.sha256, 64) && hex(&source.result_sha256, 64);
        if !sound || !size(source.bytes) || !size(source.result_bytes) {
            return Err("has a source with a malformed hash or length".into());
        }
        let own =
            source.bytes.is_some() || source.sha256.is_some() || source.result_bytes.is_some();
        if source.kind == SourceKind::Ggml && (own || source.result_sha256.is_some()) {
            return Err("has hashes at a ggml source; they belong to the model".into());
        }
        if !super::mirrors::is_allowed(&source.url, with_http) {
            return Err("has a source without a plain https address".into());
        }
    }
    Ok(())
}
