use std::process::ExitCode;

use confee_domain::{
    FieldKey, FieldValue, LeadCard, LeadQuery, LeadSummary, Lost, ReviewAction, Stage, Transcript,
};
use console::style;

use crate::args::{AddArgs, Args, ListArgs, StageArg};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::{input, paint, review};

/// Stores conversations and drafts their leads.
pub(crate) fn add(args: &Args, add: &AddArgs) -> Result<ExitCode, Failure> {
    let folder = Engine::folder(args)?;
    let engine = Engine::open_at(folder, add.context.currency.clone())?;
    let sources = add.sources.iter();
    let items: Vec<_> = sources.flat_map(|s| input::read(s, add.context.captured_at)).collect();
    let bar = paint::bar(items.len(), "drafting");
    let mut bad = 0;
    for item in items {
        let added = item
            .map_err(Failure::Input)
            .and_then(|talk| Ok(engine.wait(engine.companion.add_conversation(talk))?));
        match added {
            Ok(card) => bar.suspend(|| print_row(args, &card))?,
            Err(failure) => {
                bad += 1;
                bar.suspend(|| failure.print());
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if bad > 0 { Err(Failure::Reported) } else { Ok(ExitCode::SUCCESS) }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_row(args: &Args, card: &LeadCard) -> Result<(), Failure> {
    if args.json {
        println!("{}", serde_json::to_string(card).map_err(std::io::Error::from)?);
    } else {
        let (id, headline) = (style(&card.id).dim(), style(&card.headline).bold());
        println!("{id}  {headline}  {} {}", paint::tier(card.tier), card.points);
    }
    Ok(())
}

/// Lists leads, newest first.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub(crate) fn list(args: &Args, list: &ListArgs) -> Result<ExitCode, Failure> {
    let engine = Engine::open(args)?;
    let stages = list.stage.map(stage).into_iter().collect();
    let query = LeadQuery { stages, text: list.find.clone(), limit: list.limit, after: None };
    let rows = engine.wait(engine.companion.leads(query))?;
    for row in &rows {
        if args.json {
            println!("{}", serde_json::to_string(row).map_err(std::io::Error::from)?);
        } else {
            println!("{}", line(row));
        }
    }
    if rows.is_empty() && !args.json {
        println!("No leads here. Add a conversation with `confee add FILE`.");
    }
    Ok(ExitCode::SUCCESS)
}

fn line(row: &LeadSummary) -> String {
    let who =
        [row.name.as_deref(), row.company.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    let who = if who.is_empty() { "Unknown visitor".to_owned() } else { who.join(", ") };
    let points = row.points.map_or("  ".into(), |p| format!("{p:>3}"));
    let sync = match (row.sync.total, row.sync.needs_person) {
        (0, _) => String::new(),
        (_, 1..) => style("  needs you").red().to_string(),
        (total, _) => style(format!("  CRM {}/{total}", row.sync.done)).dim().to_string(),
    };
    let stage = format!("{:?}", row.stage).to_lowercase();
    format!("{}  {stage:9} {points}  {}{sync}", style(&row.id).dim(), style(who).bold())
}

fn stage(arg: StageArg) -> Stage {
    match arg {
        StageArg::Captured => Stage::Captured,
        StageArg::Drafted => Stage::Drafted,
        StageArg::InReview => Stage::InReview,
        StageArg::Approved => Stage::Approved,
        StageArg::Rejected => Stage::Rejected,
    }
}

/// Shows one lead with its evidence.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub(crate) fn show(args: &Args, id: &str) -> Result<ExitCode, Failure> {
    let engine = Engine::open(args)?;
    if args.json {
        println!("{}", engine.wait(engine.companion.lead_json(id))?);
        return Ok(ExitCode::SUCCESS);
    }
    let card = engine.wait(engine.companion.lead(id))?;
    let talk = engine.wait(engine.companion.transcript(id))?;
    println!("{}", card_text(&card, &talk));
    Ok(ExitCode::SUCCESS)
}

/// A card as lines of text.
pub(crate) fn card_text(card: &LeadCard, talk: &Transcript) -> String {
    let known = (card.known * 100.0).round();
    let mut lines = vec![format!(
        "{}   {} {} points, {known} % of what one wants to know",
        style(&card.headline).bold(),
        paint::tier(card.tier),
        card.points,
    )];
    for field in &card.fields {
        let label = style(format!("{:>10}", field.label)).dim();
        let value = style(&field.display).bold();
        let sure = paint::confidence(field.confidence);
        lines.push(format!("{label}  {sure}  {value}{}", paint::state(field)));
        lines.extend(paint::in_context(field, talk).map(|quote| format!("{:24}{quote}", "")));
        for other in &field.alternatives {
            let text = format!("{:24}not {}: {}", "", other.display, why(other.reason));
            lines.push(style(text).dim().to_string());
        }
    }
    if !card.unknown.is_empty() {
        lines.push(format!("{} {}", style("not said:").dim(), card.unknown.join(", ")));
    }
    lines.join("\n")
}

fn why(reason: Lost) -> &'static str {
    match reason {
        Lost::Superseded => "corrected or said anew later",
        Lost::Negated => "said not to hold",
        Lost::Reps => "the rep's own",
        Lost::ThirdParty => "somebody else's",
        Lost::LessLikely => "less likely",
    }
}

/// The swipe deck.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub(crate) fn review(args: &Args) -> Result<ExitCode, Failure> {
    let mut deck = EngineDeck(Engine::open(args)?);
    let summary = review::run(&mut deck)?;
    println!(
        "{} approved, {} rejected, {} left. `confee sync` sends what is approved.",
        summary.approved, summary.rejected, summary.left
    );
    Ok(ExitCode::SUCCESS)
}

struct EngineDeck(Engine);

impl EngineDeck {
    fn ask<T>(&self, call: impl Future<Output = confee_companion::Result<T>>) -> Result<T, String> {
        self.0.wait(call).map_err(|e| e.to_string())
    }
}

impl review::Deck for EngineDeck {
    fn cards(&mut self) -> Result<Vec<LeadCard>, String> {
        let stages = vec![Stage::Drafted, Stage::InReview];
        let query = LeadQuery { stages, limit: 500, ..LeadQuery::default() };
        let rows = self.ask(self.0.companion.leads(query))?;
        rows.iter().map(|row| self.ask(self.0.companion.lead(&row.id))).collect()
    }

    fn transcript(&mut self, id: &str) -> Result<Transcript, String> {
        self.ask(self.0.companion.transcript(id))
    }

    fn act(&mut self, id: &str, action: ReviewAction) -> Result<LeadCard, String> {
        self.ask(self.0.companion.review(id, action))
    }

    fn parse(&mut self, id: &str, key: FieldKey, text: &str) -> Result<FieldValue, String> {
        self.ask(self.0.companion.parse_value(id, key, text))
    }
}
