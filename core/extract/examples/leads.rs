//! Prints the leads of a folder of conversations as JSON lines.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: leads FOLDER")?;
    let extractor = confee_extract::Extractor::with_rules()?;
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
        let talk = serde_json::from_slice(&std::fs::read(file)?)?;
        let lead = serde_json::to_string(&extractor.extract(&talk))?;
        std::io::Write::write_all(&mut std::io::stdout(), format!("{lead}\n").as_bytes())?;
    }
    Ok(())
}
