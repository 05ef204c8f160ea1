use super::*;

#[test]
fn the_built_in_list_is_sound_and_complete() {
    let manifest = Manifest::built_in().unwrap();
    assert_eq!(manifest.multilingual.len(), 99);
    for size in ["tiny", "base", "small"] {
        for language in ["", ".en"] {
            for kind in ["", "-q8_0", "-q5_1"] {
                let id = format!("{size}{language}{kind}");
                let model = manifest.model(&id).unwrap();
                assert_eq!(model.file, format!("ggml-{id}.bin"));
                assert!(model.sources[0].url.ends_with(&model.file), "{id}");
                assert_eq!(model.languages == Languages::English, language == ".en", "{id}");
                assert_eq!(model.kind == TensorKind::F16, kind.is_empty(), "{id}");
                assert!(model.sha256.is_some() && model.sha1.is_some(), "{id}");
            }
        }
    }
    let hashes: std::collections::HashSet<_> = manifest.models.iter().map(|m| &m.sha256).collect();
    assert_eq!(hashes.len(), manifest.models.len(), "a hash stands at two models");
}

/// Lengths follow from the shapes but for the vocabulary, which all models of a language share.
#[test]
fn lengths_agree_with_the_shapes() {
    let manifest = Manifest::built_in().unwrap();
    for language in ["", ".en"] {
        let rest = |size: &str, width: u64, layers: u64, kind: &str, numerator: u64, per: u64| {
            let model = manifest.model(&format!("{size}{language}{kind}")).unwrap();
            let tokens = if language == ".en" { 51_864 } else { 51_865 };
            let matrices = width * tokens + layers * (12 + 16) * width * width;
            let convolutions = (80 * 3 + 3 * width) * width * 2;
            let positions = (1500 + 448) * width * 4;
            // Per layer, encoder: 3 attention biases, 2 norms of 2, mlp 4 + 1; decoder adds 3 + 2.
            let vectors = (layers * (12 + 17) + 6) * width * 4;
            let names = names(layers);
            model.bytes.unwrap()
                - matrices * numerator / per
                - convolutions
                - positions
                - vectors
                - names
        };
        let all: Vec<u64> = [("tiny", 384, 4), ("base", 512, 6), ("small", 768, 12)]
            .into_iter()
            .flat_map(|(size, width, layers)| {
                [("", 2, 1), ("-q8_0", 34, 32), ("-q5_1", 24, 32)]
                    .map(|(kind, n, per)| rest(size, width, layers, kind, n, per))
            })
            .collect();
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{language:?}: {all:?}");
    }
}

/// Bytes of the tensors' names and their own headers.
fn names(layers: u64) -> u64 {
    let attention = |name: &str| -> Vec<(String, u64)> {
        let mut all = Vec::new();
        for part in ["query", "key", "value", "out"] {
            all.push((format!("{name}.{part}.weight"), 2));
            if part != "key" {
                all.push((format!("{name}.{part}.bias"), 1));
            }
        }
        all.extend([(format!("{name}_ln.weight"), 1), (format!("{name}_ln.bias"), 1)]);
        all
    };
    let mut all: Vec<(String, u64)> = [
        ("encoder.positional_embedding", 2),
        ("encoder.conv1.weight", 3),
        ("encoder.conv1.bias", 2),
        ("encoder.conv2.weight", 3),
        ("encoder.conv2.bias", 2),
        ("encoder.ln_post.weight", 1),
        ("encoder.ln_post.bias", 1),
        ("decoder.positional_embedding", 2),
        ("decoder.token_embedding.weight", 2),
        ("decoder.ln.weight", 1),
        ("decoder.ln.bias", 1),
    ]
    .map(|(name, rank)| (name.to_owned(), rank))
    .to_vec();
    for side in ["encoder", "decoder"] {
        for layer in 0..layers {
            let mut block = attention("attn");
            if side == "decoder" {
                block.extend(attention("cross_attn"));
            }
            for (part, rank) in [("0.weight", 2), ("0.bias", 1), ("2.weight", 2), ("2.bias", 1)] {
                block.push((format!("mlp.{part}"), rank));
            }
            block.extend([("mlp_ln.weight".to_owned(), 1), ("mlp_ln.bias".to_owned(), 1)]);
            let prefix = format!("{side}.blocks.{layer}.");
            all.extend(block.into_iter().map(|(name, rank)| (format!("{prefix}{name}"), rank)));
        }
    }
    all.iter().map(|(name, rank)| 12 + 4 * rank + name.len() as u64).sum()
}

const SMALLEST: &str = r#"
version = 1
multilingual = ["en", "de"]
[[model]]
id = "x"
file = "x.bin"
size = "tiny"
kind = "f16"
languages = "multilingual"
licence = "MIT"
memory_mb = 1
tier = "entry"
[[model.source]]
kind = "ggml"
url = "https://example.org/x.bin"
"#;

#[test]
fn unsound_lists_are_refused_with_the_reason() {
    Manifest::from_bytes(SMALLEST.as_bytes()).unwrap();
    let table = [
        ("version = 1", "version = 2", "update the app"),
        ("id = \"x\"", "id = \"../x\"", "malformed"),
        ("id = \"x\"", "id = \".x\"", "malformed"),
        ("id = \"x\"", "id = \"X\"", "malformed"),
        ("kind = \"f16\"", "kind = \"q2\"", "f16, q8_0 or q5_1"),
        ("https:", "http:", "https"),
        ("https://example.org", "https://a:b@example.org", "https"),
        ("https://example.org/x.bin", "file:///etc/passwd", "https"),
        ("memory_mb = 1", "memory_mb = 1\nsha256 = \"ab\"", "malformed hash"),
        ("memory_mb = 1", "memory_mb = 1\nbytes = 0", "length"),
        ("memory_mb = 1", "memory_mb = 1\nsurprise = 1", "unknown field"),
        ("kind = \"ggml\"", "kind = \"ggml\"\nbytes = 5", "belong to the model"),
        ("kind = \"ggml\"", "kind = \"torrent\"", "unknown variant"),
    ];
    for (from, to, reason) in table {
        let text = SMALLEST.replacen(from, to, 1);
        let error = Manifest::from_bytes(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(reason), "{to}: {error}");
    }
    let twice = format!("{SMALLEST}\n{}", &SMALLEST[SMALLEST.find("[[model]]").unwrap()..]);
    assert!(Manifest::from_bytes(twice.as_bytes()).unwrap_err().to_string().contains("twice"));
    assert!(Manifest::from_bytes(&[0xff, 0xfe]).is_err());
    assert!(Manifest::from_bytes(&vec![b' '; 2 << 20]).is_err());
}

#[test]
fn a_mirror_takes_the_place_of_the_host() {
    let manifest = Manifest::from_bytes(SMALLEST.as_bytes()).unwrap();
    let source = &manifest.models[0].sources[0];
    let table = [
        ("https://mirror.test", "https://mirror.test/x.bin"),
        ("https://mirror.test:8443/", "https://mirror.test:8443/x.bin"),
        ("https://mirror.test/models/", "https://mirror.test/models/x.bin"),
    ];
    for (base, expected) in table {
        let url = Mirrors::new(base, false).unwrap().resolve(source).unwrap();
        assert_eq!(url.as_str(), expected);
    }
    assert_eq!(Mirrors::default().resolve(source).unwrap().as_str(), source.url);
    for bad in ["http://mirror.test", "mirror", "https://", "ftp://x"] {
        assert!(Mirrors::new(bad, false).is_err(), "{bad}");
    }
    assert!(Mirrors::new("http://127.0.0.1:80", true).is_ok());
}

#[test]
fn languages() {
    let manifest = Manifest::built_in().unwrap();
    let knows = |id: &str, languages: &[&str]| {
        let languages: Vec<String> = languages.iter().map(|l| (*l).to_owned()).collect();
        manifest.knows(manifest.model(id).unwrap(), &languages)
    };
    assert!(knows("tiny.en", &["en"]) && knows("tiny.en", &[]) && knows("tiny", &["de", "en"]));
    assert!(!knows("tiny.en", &["de"]) && !knows("tiny", &["xx"]));
}
