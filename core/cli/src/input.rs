//! Conversations from files, folders and the standard input.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Local};
use confee_domain::{Rep, Segment, Speaker, Transcript};

/// Larger files are refused unread: the largest allowed talk fits many times.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// Length given to a line of a plain text, which has no times.
const LINE_MS: u64 = 4_000;

/// A conversation, or one line that names place and mend.
pub(crate) type Item = Result<Transcript, String>;

/// Everything in a file, a folder (its `.json` and `.txt` files by name) or `-`.
pub(crate) fn read(source: &Path, at: Option<DateTime<FixedOffset>>) -> Vec<Item> {
    let at = at.unwrap_or_else(|| Local::now().fixed_offset());
    if source == Path::new("-") {
        return match load(std::io::stdin().lock(), "standard input") {
            Ok(text) => parse(&text, "standard input", at),
            Err(e) => vec![Err(e)],
        };
    }
    match files(source) {
        Ok(files) => files.iter().flat_map(|f| read_file(f, at)).collect(),
        Err(e) => vec![Err(e)],
    }
}

fn files(source: &Path) -> Result<Vec<PathBuf>, String> {
    let shown = source.display();
    if !source.is_dir() {
        return Ok(vec![source.to_owned()]);
    }
    let entries = fs::read_dir(source).map_err(|e| format!("{shown}: cannot be read ({e})"))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "json" || e == "txt"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{shown}: no .json or .txt file in this folder; name another one"));
    }
    Ok(files)
}

fn read_file(path: &Path, at: DateTime<FixedOffset>) -> Vec<Item> {
    let shown = path.display().to_string();
    let opened =
        File::open(path).map_err(|e| format!("{shown}: cannot be opened ({e}); check the path"));
    match opened.and_then(|file| load(file, &shown)) {
        Ok(text) => parse(&text, &shown, at),
        Err(e) => vec![Err(e)],
    }
}

fn load(from: impl Read, shown: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("{shown}: cannot be read ({e})"))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("{shown}: larger than 16 MiB; split the recording"));
    }
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        format!("{shown}: not UTF-8 at byte {at}; save the file as UTF-8")
    })
}

fn parse(text: &str, shown: &str, at: DateTime<FixedOffset>) -> Vec<Item> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with('{') && !start.starts_with('[') {
        return vec![plain(start, shown, at)];
    }
    let lines: Vec<&str> = start.lines().filter(|l| !l.trim().is_empty()).collect();
    let each_is_one =
        lines.len() > 1 && lines.iter().all(|l| l.starts_with('{') && l.ends_with('}'));
    if !each_is_one {
        return vec![json(start).map_err(|e| format!("{shown}: {e}"))];
    }
    let numbered = lines.iter().enumerate();
    numbered.map(|(i, l)| json(l).map_err(|e| format!("{shown}, line {}: {e}", i + 1))).collect()
}

/// Errors name the place, never what stands there.
fn json(text: &str) -> Result<Transcript, String> {
    let mut from = serde_json::Deserializer::from_str(text);
    let talk = serde_path_to_error::deserialize(&mut from).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        let place = format!("line {}, column {}", inner.line(), inner.column());
        if !inner.is_data() {
            return format!("not JSON at {place}; check quotes, commas and brackets there");
        }
        let said = inner.to_string();
        let quotes_input = [
            "invalid type",
            "invalid value",
            "unknown variant",
            "premature end",
            "input ",
            "invalid length",
        ]
        .iter()
        .any(|p| said.starts_with(p));
        let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
        match (path.as_str(), quotes_input) {
            (".", true) => format!("not a conversation object at {place}; see the lead contract"),
            (".", false) => what.to_owned(),
            (path, true) => format!("{path} has the wrong type or value ({place}); correct it"),
            (path, false) => format!("{path}: {what} ({place})"),
        }
    })?;
    from.end().map_err(|e| {
        format!("more text after the object at line {}; put one conversation into a file", e.line())
    })?;
    Ok(talk)
}

/// A segment a line, with an optional `rep:` or `prospect:` before it.
fn plain(text: &str, shown: &str, at: DateTime<FixedOffset>) -> Item {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let segments = lines.zip(0u64..).map(|(line, i)| {
        let (speaker, said) = speaker(line);
        Segment {
            start_ms: i * LINE_MS,
            end_ms: (i + 1) * LINE_MS,
            speaker,
            text: said.to_owned(),
            words: vec![],
        }
    });
    let id =
        Path::new(shown).file_stem().map_or("text".into(), |s| s.to_string_lossy().into_owned());
    Transcript::new(id, at, Rep::default(), segments.collect()).map_err(|e| format!("{shown}: {e}"))
}

fn speaker(line: &str) -> (Option<Speaker>, &str) {
    let Some((label, rest)) = line.split_once(':') else { return (None, line) };
    match label.trim().to_lowercase().as_str() {
        "rep" => (Some(Speaker::Rep), rest.trim()),
        "prospect" => (Some(Speaker::Prospect), rest.trim()),
        _ => (None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap()
    }

    #[test]
    fn plain_text_is_a_segment_a_line() {
        let items = parse("rep: Hello\nProspect: Hi there: yes\n\nno label", "dir/x.txt", at());
        let talk = items[0].as_ref().unwrap();
        assert_eq!((talk.id(), talk.segments().len()), ("x", 3));
        assert_eq!(talk.segments()[1].speaker, Some(Speaker::Prospect));
        assert_eq!(talk.segments()[1].text, "Hi there: yes");
    }

    #[test]
    fn errors_name_the_place_and_not_the_content() {
        let good = r#"{"id":"a","captured_at":"2026-03-18T10:12:00+01:00","segments":[{"start_ms":0,"end_ms":1,"text":"hi"}]}"#;
        for (text, part) in [
            (good.replace("0,", "\"secret\","), "segments[0].start_ms has the wrong type"),
            (good.replace("\"id\":\"a\",", ""), "missing field `id`"),
            (good.replace("\"end_ms\":1", "\"end_ms\":-1"), "segments[0].end_ms"),
            (
                good.replace("{\"start_ms\":0", "{\"start_ms\":5"),
                "times run backwards at segment 0",
            ),
            (good.replace("]}", "]"), "not JSON at line 1"),
            (good.replace("2026-03-18", "secret"), "captured_at"),
            (format!("{good} {{}}"), "one conversation"),
            ("[]".to_owned(), "not a conversation"),
        ] {
            let items = parse(&text, "f.json", at());
            let error = items[0].as_ref().unwrap_err();
            assert!(error.starts_with("f.json: ") && error.contains(part), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(parse(good, "f.json", at())[0].is_ok());
        assert_eq!(parse(&format!("{good}\n{good}\n"), "f.jsonl", at()).len(), 2);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_located() {
        let error = load(&b"abc\xff"[..], "x").unwrap_err();
        assert!(error.contains("byte 3"), "{error}");
    }
}
