use std::io::{BufRead as _, BufWriter, Write as _};
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset, Local};
use confee_companion::normalize::{authority, email, money, phone, time, title};
use serde_json::{Value, json};

use crate::args::{NormalizeArgs, NormalizeField};
use crate::failure::Failure;

/// A phrase a line in, a JSON value a line out; `null` where a phrase says nothing of the kind.
pub(crate) fn run(args: &NormalizeArgs) -> Result<ExitCode, Failure> {
    let at = args.at.unwrap_or_else(|| Local::now().fixed_offset());
    let mut out = BufWriter::new(std::io::stdout().lock());
    if args.phrases.is_empty() {
        for (line, number) in std::io::stdin().lock().split(b'\n').zip(1..) {
            let phrase = String::from_utf8(line?).map_err(|_| {
                Failure::Input(format!(
                    "standard input, line {number}: not UTF-8; save it as UTF-8"
                ))
            })?;
            writeln!(out, "{}", value(args, phrase.trim_end_matches('\r'), at))?;
        }
    }
    for phrase in &args.phrases {
        writeln!(out, "{}", value(args, phrase, at))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn value(args: &NormalizeArgs, phrase: &str, at: DateTime<FixedOffset>) -> Value {
    let money_context = money::Context { default_currency: args.currency.as_deref() };
    match args.field {
        NormalizeField::Time => {
            json!(time::normalize(phrase, &time::Context { day: at.date_naive() }))
        }
        NormalizeField::Money => json!(money::normalize(phrase, &money_context)),
        NormalizeField::Email => json!(email::normalize(phrase, &email::Context::default())),
        NormalizeField::Phone => json!(phone::normalize(phrase)),
        NormalizeField::Title => json!(title::normalize(phrase)),
        NormalizeField::Authority => json!(authority::normalize(phrase)),
    }
}
