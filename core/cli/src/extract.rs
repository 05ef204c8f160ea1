use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

use confee_companion::Extractor;

use crate::args::{Args, ExtractArgs};
use crate::failure::Failure;
use crate::{input, paint};

/// Prints leads as JSON; what cannot be read is reported and the rest still goes through.
pub(crate) fn run(args: &Args, extract: &ExtractArgs) -> Result<ExitCode, Failure> {
    let extractor = Extractor::with_rules()
        .map_err(|e| Failure::Other(e.to_string()))?
        .default_currency(extract.context.currency.clone());
    let items = input::read(&extract.source, extract.context.captured_at);
    let bar = paint::bar(items.len(), "extracting");
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut bad = 0;
    for item in items {
        match item {
            Ok(talk) => {
                let lead = extractor.extract(&talk);
                if extract.jsonl || args.json {
                    serde_json::to_writer(&mut out, &lead).map_err(std::io::Error::from)?;
                } else {
                    serde_json::to_writer_pretty(&mut out, &lead).map_err(std::io::Error::from)?;
                }
                writeln!(out)?;
            }
            Err(problem) => {
                bad += 1;
                bar.suspend(|| Failure::Input(problem).print());
            }
        }
        bar.inc(1);
    }
    out.flush()?;
    bar.finish_and_clear();
    if bad > 0 { Err(Failure::Reported) } else { Ok(ExitCode::SUCCESS) }
}
