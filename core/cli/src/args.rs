use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use tracing::level_filters::LevelFilter;

/// From a spoken sales conversation to a clean CRM lead, on the device.
#[derive(Debug, Parser)]
#[command(name = "confee", version, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 bad input, 3 something waits for a person."
)]
pub(crate) struct Args {
    /// Folder of the database [default: the user's data folder; `demo` uses a temporary one]
    #[arg(long, global = true, env = "CONFEE_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Log lines on the standard error
    #[arg(long, global = true, value_name = "LEVEL", default_value = "off")]
    pub(crate) log: Level,

    /// Print JSON for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Level {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Level {
    pub(crate) fn filter(self) -> Option<LevelFilter> {
        match self {
            Self::Off => None,
            Self::Error => Some(LevelFilter::ERROR),
            Self::Warn => Some(LevelFilter::WARN),
            Self::Info => Some(LevelFilter::INFO),
            Self::Debug => Some(LevelFilter::DEBUG),
            Self::Trace => Some(LevelFilter::TRACE),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take a recorded conversation the whole way: draft, approval, sandbox CRM
    Demo(DemoArgs),
    /// Audio badges, over this computer's Bluetooth
    Badge(BadgeArgs),
    /// Print what a sound file says
    Transcribe(TranscribeArgs),
    /// Speech models: what there is, fetch, check, import
    Models(ModelsArgs),
    /// Print the lead of a conversation as JSON
    Extract(ExtractArgs),
    /// Compare leads with gold leads: a folder of conversations that carry both
    Eval(EvalArgs),
    /// Turn words into values: a phrase a line in, a JSON value a line out
    Normalize(NormalizeArgs),
    /// Store conversations and draft their leads
    Add(AddArgs),
    /// List leads, newest first
    Leads(ListArgs),
    /// Show one lead
    Show {
        /// The lead's id
        id: String,
    },
    /// Swipe through the drafts
    Review,
    /// Send approved leads to the connected CRMs
    Sync(SyncArgs),
    /// Stand-ins for the CRMs
    Sandbox {
        #[command(subcommand)]
        command: SandboxCommand,
    },
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    /// Another conversation than the built-in one (JSON or text)
    #[arg(value_name = "FILE")]
    pub(crate) conversation: Option<PathBuf>,
    /// Show the talk line by line, as it was spoken but faster
    #[arg(long)]
    pub(crate) play: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EvalArgs {
    /// Folder of conversations (JSON) with gold leads
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// An extraction model's file
    #[arg(long, value_name = "FILE")]
    pub(crate) tagger: Option<PathBuf>,
    /// Write the reliability diagram
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Fail if the figures are worse than the last of this file by more than chance
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// Add the figures to the history under this name
    #[arg(long, value_name = "RELEASE", requires = "history")]
    pub(crate) record: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct BadgeArgs {
    #[command(subcommand)]
    pub(crate) command: BadgeCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BadgeCommand {
    /// List the badges around
    Scan {
        /// How long to look
        #[arg(long, default_value_t = 5, value_name = "SECONDS")]
        seconds: u64,
    },
    /// Connect and say what the badge is
    Info {
        /// As `scan` lists it [default: the only one around]
        badge: Option<String>,
    },
    /// Take live audio into the audio log
    Stream {
        /// As `scan` lists it [default: the only one around]
        badge: Option<String>,
        /// For how long
        #[arg(long, default_value_t = 60, value_name = "SECONDS")]
        seconds: u64,
    },
    /// Fetch what the badge has stored
    Drain {
        /// As `scan` lists it [default: the only one around]
        badge: Option<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TranscribeArgs {
    /// A sound file: WAV or Ogg/Opus
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) speech: SpeechArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SpeechArgs {
    /// What recognises [default: what suits this machine]
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<EngineArg>,
    /// A model's name, as `models list` prints it, or a model's file [default: the best that is
    /// installed]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) model: Option<String>,
    /// Folder of the models [default: models in the user's cache folder]
    #[arg(long, env = "CONFEE_MODELS_DIR", value_name = "DIR")]
    pub(crate) models_dir: Option<PathBuf>,
    /// Language of the talk (ISO 639-1) [default: en, or what a multilingual model finds]
    #[arg(long, value_name = "CODE")]
    pub(crate) language: Option<String>,
    /// Names that may occur: people, firms, products
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) names: Vec<String>,
    /// Threads that recognise [default: one less than there are cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EngineArg {
    WhisperCpp,
    Candle,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ModelsArgs {
    /// Folder of the models [default: models in the user's cache folder]
    #[arg(long, global = true, env = "CONFEE_MODELS_DIR", value_name = "DIR")]
    pub(crate) models_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: ModelsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// List the models there are and those that are installed
    List,
    /// Fetch a model, check it and install it
    Pull {
        /// Its name, such as tiny.en-q8_0
        model: String,
        /// Ask this server instead of the makers'
        #[arg(long, env = "CONFEE_MODELS_MIRROR", value_name = "URL")]
        mirror: Option<String>,
    },
    /// Check installed models: size, hash, contents
    Verify {
        /// Only this one
        model: Option<String>,
    },
    /// Install a model's file that is on this machine
    Add {
        /// A ggml file
        file: PathBuf,
        /// Its name [default: the file's]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// Convert a model of another format: CTranslate2 or Hugging Face folder, or a wheel of one
    Import {
        /// Folder or file
        source: PathBuf,
        /// Install it under this name
        #[arg(long, value_name = "NAME", required_unless_present = "out")]
        name: Option<String>,
        /// Write a file instead of installing it
        #[arg(long, value_name = "FILE", conflicts_with = "name")]
        out: Option<PathBuf>,
        /// How its numbers are stored
        #[arg(long, value_name = "KIND", default_value = "q8_0")]
        kind: KindArg,
    },
    /// Delete an installed model
    Remove {
        /// Its name
        model: String,
    },
    /// Measure this machine for a second or two and say which model suits it
    Recommend {
        /// Languages to be spoken (ISO 639-1)
        #[arg(long, value_name = "CODE,...", value_delimiter = ',', default_value = "en")]
        languages: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KindArg {
    #[value(name = "f16")]
    F16,
    #[value(name = "q8_0")]
    Q8_0,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExtractArgs {
    /// A conversation (JSON or text), a folder of them, or - for the standard input
    #[arg(value_name = "FILE|DIR|-")]
    pub(crate) source: PathBuf,
    /// One line a lead
    #[arg(long)]
    pub(crate) jsonl: bool,
    #[command(flatten)]
    pub(crate) context: ContextArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ContextArgs {
    /// When the talk was, where the input does not say (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) captured_at: Option<DateTime<FixedOffset>>,
    /// Currency of amounts said without one (ISO 4217)
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NormalizeArgs {
    /// What the phrases say
    pub(crate) field: NormalizeField,
    /// When they were said (RFC 3339, or a day) [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<DateTime<FixedOffset>>,
    /// Currency of amounts said without one (ISO 4217)
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<String>,
    /// Phrases instead of the standard input
    #[arg(value_name = "PHRASE")]
    pub(crate) phrases: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum NormalizeField {
    Time,
    Money,
    Email,
    Phone,
    Title,
    Authority,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AddArgs {
    /// Conversations (JSON or text), folders of them, or - for the standard input
    #[arg(required = true, value_name = "FILE|DIR|-")]
    pub(crate) sources: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) context: ContextArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ListArgs {
    /// Only leads of this stage
    #[arg(long)]
    pub(crate) stage: Option<StageArg>,
    /// Only leads whose name or company contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) find: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum StageArg {
    Captured,
    Drafted,
    InReview,
    Approved,
    Rejected,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SyncArgs {
    /// HubSpot's address; a sandbox's for trying out
    #[arg(long, value_name = "URL", default_value = "https://api.hubapi.com")]
    pub(crate) hubspot_url: String,
    /// Token of a HubSpot private app; without it HubSpot is left out
    #[arg(long, env = "CONFEE_HUBSPOT_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) hubspot_token: Option<String>,
    /// A webhook's address; without it no webhook is called
    #[arg(long, env = "CONFEE_WEBHOOK_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) webhook_url: Option<String>,
    /// The webhook's signing secret (whsec_...)
    #[arg(long, env = "CONFEE_WEBHOOK_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub(crate) webhook_secret: Option<String>,
    /// Let the webhook be in the local network and without TLS
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// The event's name, for deals and notes
    #[arg(long, value_name = "NAME")]
    pub(crate) event: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Serve a fake HubSpot and a webhook receiver on this machine until Ctrl-C
    Serve(ServeArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    pub(crate) port: u16,
}

fn time(text: &str) -> Result<DateTime<FixedOffset>, String> {
    let day = || DateTime::parse_from_rfc3339(&format!("{text}T12:00:00Z"));
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| day())
        .map_err(|_| "write it like 2026-03-18T10:12:00+01:00 or 2026-03-18".to_owned())
}

fn currency(text: &str) -> Result<String, String> {
    let code = text.to_uppercase();
    let sound = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if sound { Ok(code) } else { Err("write a code of three letters, such as EUR".to_owned()) }
}
