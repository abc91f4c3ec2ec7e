//! `landfall attribute`: what each arrangement did to the burden of each State: shared, shifted, created, avoided.

use super::attribute_report::{report, write_tables};
use super::results::{FormatOption, Results};
use super::source::{Source, days_until};
use super::{CommandError, at_once, pool, print, tell};
use crate::experiment::attribute::{Plan, attribute};
use crate::scenario::Setup;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Most arrangements that are told apart: a coalition is a number of 64 bits.
const MOST_PLAYERS: usize = 63;

/// Options of `attribute`.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// Paired seeds, at most 100,000; the first is the scenario's.
    #[arg(long, default_value_t = 20, value_parser = super::bounds::runs)]
    runs: u64,
    /// Only these arrangements are barred in turn; the others stay as they are.
    #[arg(long, value_name = "ARRANGEMENT", num_args = 1..)]
    bar_only: Vec<String>,
    /// Follow people up to this day only, as 1997-12-31 [default: the scenario's last].
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// With more than six arrangements: pairs of an order of joining and its reverse drawn for each seed.
    #[arg(long, default_value_t = 2, value_parser = super::bounds::orders)]
    orders: usize,
    /// Directory for the tables [default: runs/attribute-SCENARIO-SEED].
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value = "parquet")]
    format: FormatOption,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
    /// No progress and no summary.
    #[arg(long, short)]
    quiet: bool,
}

/// Attribute.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let loaded = options.source.load()?;
    let setup = &loaded.setup;
    let pool = pool(options.threads)?;
    super::memory::refuse_too_many_at_once(&[setup], at_once(&pool, options.runs))?;
    let seed = setup.scenario.scenario.seed;
    let plan = Plan {
        players: players(setup, &options.bar_only)?,
        days: days_until(setup, options.until.as_deref())?,
        runs: options.runs,
        first_seed: seed,
        pairs_of_orders: options.orders,
    };
    let names: Vec<&str> = plan.players.iter().map(|&p| setup.arrangements[p].name.as_str()).collect();
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("attribute-{}-{seed}", options.source.name())));
    let results = Results::open(
        &out,
        json!({
            "command": "attribute",
            "scenario": { "name": options.source.name(), "digest": loaded.digest },
            "arrangements": names,
            "first_seed": seed,
            "runs": plan.runs,
            "days": plan.days,
            "orders": plan.pairs_of_orders,
        }),
    )?;
    let quiet = options.quiet;
    let attribution = pool.install(|| {
        attribute(setup, &plan, |done| {
            if !quiet {
                tell(format_args!("{done} of {} seeds", plan.runs));
            }
        })
    });
    let tables = write_tables(&results, options.format.into(), setup, &plan, &attribution)?;
    results.finish(&tables)?;
    if !quiet {
        let tail = format!("\ntables under {}\n", out.display());
        print(&(report(setup, &plan, &attribution) + &tail))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Positions of the arrangements concerned: those named, or all that are not barred anyway.
fn players(setup: &Setup, only: &[String]) -> Result<Vec<usize>, CommandError> {
    let open: Vec<usize> =
        (0..setup.arrangements.len()).filter(|&a| !setup.arrangements[a].typed.barred).collect();
    let name = |a: &usize| setup.arrangements[*a].name.as_str();
    let known = || open.iter().map(name).collect::<Vec<_>>().join(", ");
    if open.is_empty() {
        return Err(CommandError::Other("the scenario has no arrangement that is not barred".into()));
    }
    for wanted in only {
        if !open.iter().any(|a| name(a) == wanted) {
            return Err(CommandError::Other(format!(
                "--bar-only {wanted}: there is no such arrangement, or it is barred already; one of: {}",
                known()
            )));
        }
    }
    let chosen: Vec<usize> =
        open.iter().copied().filter(|a| only.is_empty() || only.iter().any(|n| n == name(a))).collect();
    if chosen.len() > MOST_PLAYERS {
        return Err(CommandError::Other(format!(
            "{} arrangements: at most {MOST_PLAYERS} are told apart; choose some with --bar-only",
            chosen.len()
        )));
    }
    Ok(chosen)
}
