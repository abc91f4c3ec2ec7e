//! `landfall run`: one run, its progress, its tables, its summary.

use super::progress::{Mode, Progress, thousands};
use super::source::Source;
use super::summary::summary_table;
use super::{CommandError, pool, print};
use crate::engine::{DAY, Sim, first_world};
use crate::files::{DirectoryLock, create_directory, sweep_leftovers, write_atomically};
use crate::observe::table::{Finished, Format};
use crate::observe::{Daily, Period, Recorder};
use crate::scenario::Loaded;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

/// Options of a run.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// Directory for the results [default: runs/SCENARIO-SEED].
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value = "parquet")]
    format: FormatOption,
    /// Period of the tables.
    #[arg(long, value_enum, default_value = "month")]
    period: PeriodOption,
    /// Record every change of status of every person as well.
    #[arg(long)]
    transitions: bool,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long)]
    threads: Option<usize>,
    /// Print the time each process of the day took.
    #[arg(long)]
    profile: bool,
    /// No progress and no summary.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatOption {
    Parquet,
    Csv,
    Both,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PeriodOption {
    Day,
    Month,
}

/// Run a scenario.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let loaded = options.source.load()?;
    let seed = loaded.setup.scenario.scenario.seed;
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-{seed}", options.source.name())));
    create_directory(&out)?;
    let _lock = DirectoryLock::acquire(&out)?;
    refuse_another(&out, &loaded, seed)?;
    sweep_leftovers(&out)?;
    let (started, clock) = (SystemTime::now(), Instant::now());
    let pool = pool(options.threads)?;
    let threads = pool.current_num_threads();
    let (tables, daily, digest, seconds) = pool.install(|| simulate(options, &loaded, &out))?;
    let manifest = manifest(options, &loaded, seed, &tables, &digest);
    write_atomically(&out.join("scenario.toml"), loaded.resolved.as_bytes())?;
    write_atomically(&out.join("manifest.json"), pretty(&manifest).as_bytes())?;
    let took = clock.elapsed().as_secs_f64();
    let started = jiff::Timestamp::try_from(started).map(|t| t.to_string()).unwrap_or_default();
    let times = json!({ "started": started, "seconds": took, "threads": threads });
    write_atomically(&out.join("times.json"), pretty(&times).as_bytes())?;
    if options.profile {
        print(&profile(&seconds, &daily, took))?;
    }
    if !options.quiet {
        let rows: u64 = tables.iter().map(|t| t.rows).sum();
        let tail = format!(
            "\n{} days in {took:.2} s; {} rows in {} tables under {}\n",
            thousands(u64::from(loaded.setup.days)),
            thousands(rows),
            tables.len(),
            out.display()
        );
        print(&(summary_table(&loaded.setup, &daily) + &tail))?;
    }
    Ok(ExitCode::SUCCESS)
}

type Simulated = (Vec<Finished>, Daily, String, Vec<f64>);

fn simulate(options: &Options, loaded: &Loaded, out: &Path) -> Result<Simulated, CommandError> {
    let setup = &loaded.setup;
    let mode = if options.quiet { Mode::Quiet } else { Mode::Auto };
    let mut progress = Progress::new(mode, u64::from(setup.days), "people active");
    let format = match options.format {
        FormatOption::Parquet => Format::Parquet,
        FormatOption::Csv => Format::Csv,
        FormatOption::Both => Format::Both,
    };
    let period = match options.period {
        PeriodOption::Day => Period::Day,
        PeriodOption::Month => Period::Month,
    };
    let metadata = [
        ("scenario_digest".to_string(), loaded.digest.clone()),
        ("seed".to_string(), setup.scenario.scenario.seed.to_string()),
        ("landfall_version".to_string(), env!("CARGO_PKG_VERSION").to_string()),
    ];
    let mut recorder = Recorder::create(out, format, period, options.transitions, &metadata)?;
    let mut sim = Sim::new(setup, first_world(setup));
    sim.transitions = options.transitions.then(Vec::new);
    let mut daily = Daily::new(setup);
    let mut seconds = vec![0.0; DAY.len()];
    let clock = Instant::now();
    for day in 0..setup.days {
        if options.profile {
            sim.step_profiled(&mut seconds, || clock.elapsed().as_secs_f64());
        } else {
            sim.step();
        }
        daily.take(&sim);
        if recorder.take(&mut sim)? {
            daily.emptied();
        }
        progress.tick(u64::from(day), setup.calendar.date(day), sim.world.active() as u64);
    }
    progress.finish();
    let tables = recorder.finish()?;
    Ok((tables, daily, crate::snapshot::digest(&sim.world), seconds))
}

/// A directory that holds the results of something else is left alone.
fn refuse_another(out: &Path, loaded: &Loaded, seed: u64) -> Result<(), CommandError> {
    let path = out.join("manifest.json");
    if !path.exists() {
        return Ok(());
    }
    let text = crate::files::read_text(&path)?;
    let held: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let same = held["scenario"]["digest"] == loaded.digest.as_str() && held["seed"] == seed;
    if same {
        return Ok(());
    }
    Err(CommandError::Other(format!(
        "{} holds the results of another run (scenario digest {}, seed {}); nothing was changed there. \
         Give another directory with --out, or remove that one",
        out.display(),
        held["scenario"]["digest"].as_str().unwrap_or("unknown").get(..12).unwrap_or("unknown"),
        held["seed"]
    )))
}

fn manifest(
    options: &Options,
    loaded: &Loaded,
    seed: u64,
    tables: &[Finished],
    digest: &str,
) -> serde_json::Value {
    let setup = &loaded.setup;
    let tables: Vec<serde_json::Value> = tables
        .iter()
        .map(|t| {
            let files: Vec<String> = t
                .files
                .iter()
                .filter_map(|f| f.file_name().map(|n| n.to_string_lossy().into_owned()))
                .collect();
            json!({ "files": files, "rows": t.rows })
        })
        .collect();
    json!({
        "program": "landfall",
        "version": env!("CARGO_PKG_VERSION"),
        "build": {
            "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
            "architecture": std::env::consts::ARCH,
            "system": std::env::consts::OS,
        },
        "scenario": {
            "name": options.source.name(),
            "title": setup.scenario.scenario.title,
            "digest": loaded.digest,
            "start": setup.calendar.date(0).to_string(),
            "end": setup.calendar.date(setup.days - 1).to_string(),
        },
        "seed": seed,
        "days": setup.days,
        "tables": tables,
        "final_world": digest,
    })
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn profile(seconds: &[f64], daily: &Daily, took: f64) -> String {
    let days = daily.days().max(1) as f64;
    let mut table = super::summary::plain_table();
    table.set_header(["process", "what it does", "seconds", "microseconds a day", "share"]);
    for (process, s) in DAY.iter().zip(seconds) {
        table.add_row([
            process.name.to_string(),
            process.does.to_string(),
            format!("{s:.4}"),
            format!("{:.2}", s / days * 1e6),
            format!("{:.1} %", s / took * 100.0),
        ]);
    }
    let inside: f64 = seconds.iter().sum();
    format!("{table}\nprocesses {inside:.3} s of {took:.3} s; the rest is observation, tables and start\n\n")
}
