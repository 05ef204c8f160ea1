//! `confee models`, and the settings of speech that other commands share.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use confee_companion::models::ggml::TensorKind;
use confee_companion::recognition::{EngineKind, PromptBook};
use confee_companion::speech::{PullOptions, Shelf, SpeechConfig, SpeechEngines};
use confee_domain::{ModelAdvice, ModelCard, ModelPhase, ModelProgress};
use console::style;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::args::{Args, EngineArg, KindArg, ModelsArgs, ModelsCommand, SpeechArgs};
use crate::failure::Failure;
use crate::paint;

pub(crate) fn run(args: &Args, models: &ModelsArgs) -> Result<ExitCode, Failure> {
    let folder = folder(models.models_dir.as_ref())?;
    let shelf = Shelf::new(folder.clone());
    match &models.command {
        ModelsCommand::List => list(args, &shelf)?,
        ModelsCommand::Pull { model, mirror } => {
            pull(&shelf, model, mirror.clone())?;
            say(&format!("{model} is installed"));
        }
        ModelsCommand::Verify { model } => return verify(&shelf, model.as_deref()),
        ModelsCommand::Add { file, name } => add(&shelf, file, name.as_deref())?,
        ModelsCommand::Import { source, name, out, kind } => {
            import(&shelf, source, name.as_deref(), out.as_deref(), *kind)?;
        }
        ModelsCommand::Remove { model } => {
            shelf.remove(model)?;
            say(&format!("{model} is gone"));
        }
        ModelsCommand::Recommend { languages } => recommend(args, folder, languages)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder of the models: named, or in the user's cache.
pub(crate) fn folder(named: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    let from_env =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    named
        .cloned()
        .or_else(|| from_env("XDG_CACHE_HOME").map(|d| d.join("confee/models")))
        .or_else(|| from_env("HOME").map(|h| h.join(".cache/confee/models")))
        .ok_or_else(|| {
            Failure::Input("no home folder is set; name a folder with --models-dir".into())
        })
}

/// The settings that the arguments ask for.
pub(crate) fn speech_config(speech: &SpeechArgs) -> Result<SpeechConfig, Failure> {
    Ok(SpeechConfig {
        models_dir: Some(folder(speech.models_dir.as_ref())?),
        model: speech.model.clone(),
        engine: speech.engine.map(|engine| match engine {
            EngineArg::WhisperCpp => EngineKind::WhisperCpp,
            EngineArg::Candle => EngineKind::Candle,
        }),
        language: speech.language.clone(),
        threads: speech.threads,
        names: PromptBook { people: speech.names.clone(), ..PromptBook::default() },
        ..SpeechConfig::default()
    })
}

/// Fetches a model unless it is there, and says what it does.
pub(crate) fn ensure(shelf: &Shelf, model: &str) -> Result<(), Failure> {
    if shelf.is_installed(model) {
        return Ok(());
    }
    paint::note(&format!(
        "The speech model {model} is not on this machine yet. It is fetched and checked once, and \
         kept in {}.",
        shelf.folder().display()
    ));
    pull(shelf, model, None)
}

fn pull(shelf: &Shelf, model: &str, mirror: Option<String>) -> Result<(), Failure> {
    if shelf.is_installed(model) {
        return Ok(());
    }
    let bar = Arc::new(progress_bar());
    let shown = Arc::clone(&bar);
    // A computer's network is nobody's mobile plan.
    let options = PullOptions { allow_metered: true, mirror, network: None };
    let pulled = Runtime::new()?
        .block_on(shelf.pull(model, options, move |progress| show(&shown, &progress)));
    bar.finish_and_clear();
    Ok(pulled?)
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let look = "{msg:12} {wide_bar} {bytes} of {total_bytes}";
    bar.set_style(
        ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar
}

fn show(bar: &ProgressBar, progress: &ModelProgress) {
    bar.set_message(match progress.phase {
        ModelPhase::Connecting => "asking",
        ModelPhase::Downloading => "fetching",
        ModelPhase::Verifying => "checking",
        ModelPhase::Converting => "converting",
        ModelPhase::Done => "done",
    });
    bar.set_length(progress.total.unwrap_or(0));
    bar.set_position(progress.done);
}

fn list(args: &Args, shelf: &Shelf) -> Result<(), Failure> {
    let cards = shelf.cards(shelf.best(None).as_deref())?;
    if args.json {
        let all: Vec<_> = cards.iter().map(|card| card_json(shelf, card)).collect();
        say(&format!("{:#}", serde_json::Value::from(all)));
    } else {
        cards.iter().for_each(|card| say(&card_line(card)));
    }
    Ok(())
}

fn card_json(shelf: &Shelf, card: &ModelCard) -> serde_json::Value {
    json!({
        "id": card.id,
        "installed": card.installed,
        "active": card.active,
        "path": shelf.path(&card.id),
        "bytes": card.bytes,
        "memory_bytes": card.memory_bytes,
        "licence": card.licence,
        "languages": card.languages,
    })
}

fn card_line(card: &ModelCard) -> String {
    let mark = if card.active {
        style("*").green()
    } else if card.installed {
        style("+").green()
    } else {
        style(" ").dim()
    };
    let bytes = card.bytes.map_or("size unknown".into(), |b| HumanBytes(b).to_string());
    let languages = match &card.languages[..] {
        [only] => only.clone(),
        many => format!("{} languages", many.len()),
    };
    let memory = card.memory_bytes.map_or(String::new(), |b| format!("{} memory", HumanBytes(b)));
    format!("{mark} {:16} {bytes:>12}  {memory:>18}  {languages}", card.id)
}

fn verify(shelf: &Shelf, model: Option<&str>) -> Result<ExitCode, Failure> {
    let ids = match model {
        Some(id) => vec![id.to_owned()],
        None => shelf.installed()?,
    };
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        match shelf.verify(&id) {
            Ok(()) => say(&format!("{id} is sound")),
            Err(error) => {
                say(&format!("{id}: {error}"));
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

fn add(shelf: &Shelf, file: &std::path::Path, name: Option<&str>) -> Result<(), Failure> {
    let from_file = || {
        let stem = file.file_stem()?.to_str()?;
        Some(stem.trim_start_matches("ggml-").to_owned())
    };
    let unnamed = || Failure::Input("the file's name is no name for a model; give --name".into());
    let name = name.map(str::to_owned).or_else(from_file).ok_or_else(unnamed)?;
    shelf.add(file, &name)?;
    say(&format!("{name} is installed"));
    Ok(())
}

fn import(
    shelf: &Shelf,
    source: &std::path::Path,
    name: Option<&str>,
    out: Option<&std::path::Path>,
    kind: KindArg,
) -> Result<(), Failure> {
    let kind = match kind {
        KindArg::F16 => TensorKind::F16,
        KindArg::Q8_0 => TensorKind::Q8_0,
    };
    let spinner = paint::spinner("converting");
    let done = match (out, name) {
        (Some(out), _) => Shelf::convert(source, out, kind).map(|()| out.display().to_string()),
        (None, Some(name)) => shelf.import(source, name, kind).map(|()| name.to_owned()),
        (None, None) => return Err(Failure::Input("give --name or --out".into())),
    };
    spinner.finish_and_clear();
    say(&format!("{} is written and sound", done?));
    Ok(())
}

fn recommend(args: &Args, folder: PathBuf, languages: &[String]) -> Result<(), Failure> {
    let spinner = paint::spinner("measuring this machine");
    let config = SpeechConfig { models_dir: Some(folder), ..SpeechConfig::default() };
    let advice = SpeechEngines::new(config).recommend(languages);
    spinner.finish_and_clear();
    let advice = advice?;
    if args.json {
        say(&serde_json::to_string_pretty(&advice).unwrap_or_default());
    } else {
        advice.iter().for_each(|a| say(&advice_line(a)));
    }
    Ok(())
}

fn advice_line(advice: &ModelAdvice) -> String {
    let mark = if advice.fits { style("+").green() } else { style("-").red() };
    format!(
        "{mark} {:16} {:>6.3} of real time  {:>10}  {}",
        advice.id,
        advice.real_time_factor,
        HumanBytes(advice.memory_bytes).to_string(),
        advice.reason
    )
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn say(line: &str) {
    println!("{line}");
}
