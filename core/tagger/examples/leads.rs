//! Prints the leads of a folder of conversations as JSON lines: `leads MODEL.gguf FOLDER
//! [both|rules|model]`.

use std::io::Write as _;

use confee_extract::{Extractor, Sources};
use confee_tagger::LearnedTagger;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [model, folder, rest @ ..] = args.as_slice() else {
        return Err("usage: leads MODEL.gguf FOLDER [both|rules|model]".into());
    };
    let sources = match rest.first().map(String::as_str) {
        Some("rules") => Sources::Rules,
        Some("model") => Sources::Model,
        _ => Sources::Both,
    };
    let tagger = LearnedTagger::load(std::fs::read(model)?, None)?;
    let extractor = Extractor::with_tagger(Box::new(tagger))?.sources(sources);
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    let mut out = std::io::stdout().lock();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
        let talk = serde_json::from_slice(&std::fs::read(file)?)?;
        writeln!(out, "{}", serde_json::to_string(&extractor.extract(&talk))?)?;
    }
    Ok(())
}
