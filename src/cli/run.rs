//! `landfall run`: one run, its progress, its tables, its summary.

use super::drive::{Checkpoints, Wishes, drive, finished_run, write};
use super::source::Source;
use super::taken::refuse_other_things;
use super::{CommandError, pool, resume};
use crate::files::RealDisk;
use crate::scenario::Loaded;
use crate::session::{RunDirectory, Session};
use crate::snapshot::RunState;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Options of a run.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    how: How,
}

/// How a scenario is run, whatever it is.
#[derive(Args, Debug)]
pub struct How {
    /// Directory for the results [default: runs/SCENARIO-SEED].
    #[arg(long, short)]
    pub out: Option<PathBuf>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value = "parquet")]
    format: FormatOption,
    /// Period of the tables.
    #[arg(long, value_enum, default_value = "month")]
    period: PeriodOption,
    /// Record every change of status of every person as well.
    #[arg(long)]
    transitions: bool,
    #[command(flatten)]
    checkpoints: Checkpoints,
    /// Go on with the unfinished run of this scenario in the directory, if there is one; else begin.
    #[arg(long)]
    resume: bool,
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

/// Format of the tables.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FormatOption {
    /// Parquet files.
    Parquet,
    /// CSV files.
    Csv,
    /// Both.
    Both,
}

/// Period of the tables.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PeriodOption {
    /// A row a day.
    Day,
    /// A row a month.
    Month,
}

/// The word for an option.
pub fn word(option: &impl ValueEnum) -> String {
    option.to_possible_value().map_or_else(String::new, |v| v.get_name().to_string())
}

/// Run a scenario.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    run_loaded(options.source.name(), &options.source.load()?, &options.how)
}

/// Run what was loaded under a name.
pub fn run_loaded(name: String, loaded: &Loaded, options: &How) -> Result<ExitCode, CommandError> {
    let seed = loaded.setup.scenario.scenario.seed;
    options.checkpoints.check(&loaded.setup, 0)?;
    super::memory::refuse_too_many(&loaded.setup)?;
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(format!("{name}-{seed}")));
    let directory = RunDirectory::claim(Arc::new(RealDisk), &out)?;
    if !refuse_another(&directory, loaded, options.resume)? {
        return resume::resume_in(&directory, loaded, options.wishes(0), options.threads);
    }
    let pool = pool(options.threads)?;
    let wishes = options.wishes(pool.current_num_threads());
    let run = RunState {
        name,
        format: word(&options.format),
        period: word(&options.period),
        transitions: options.transitions,
        ..RunState::default()
    };
    pool.install(|| {
        let session = Session::begin(&directory, loaded, run.clone(), options.checkpoints.keep())?;
        write(&directory, "scenario.toml", &loaded.resolved)?;
        drive(session, &directory, loaded, &run, &wishes)
    })
}

impl How {
    fn wishes(&self, threads: usize) -> Wishes<'_> {
        let (checkpoints, profile, quiet) = (&self.checkpoints, self.profile, self.quiet);
        Wishes { checkpoints, profile, quiet, threads, resumed_on: None }
    }
}

/// A directory in which no run was begun must hold nothing else.
pub fn refuse_foreign(directory: &RunDirectory) -> Result<(), CommandError> {
    if directory.was_begun() { Ok(()) } else { refuse_other_things(directory.path(), &[]) }
}

/// A directory that holds the results of something else is left alone, and so is an unfinished run. True where a run
/// may begin, false where the one in the directory is to go on.
fn refuse_another(directory: &RunDirectory, loaded: &Loaded, resume: bool) -> Result<bool, CommandError> {
    let seed = loaded.setup.scenario.scenario.seed;
    let out = directory.path().display();
    if let Some(held) = finished_run(directory.path())? {
        if held["scenario"]["digest"] == loaded.digest.as_str()
            && held["seed"] == seed
            && held["lineage"].is_null()
        {
            return Ok(true);
        }
        return Err(CommandError::Other(format!(
            "{out} holds the results of another run (scenario digest {}, seed {}); nothing was changed there. \
             Give another directory with --out, or remove that one",
            held["scenario"]["digest"].as_str().unwrap_or("unknown").get(..12).unwrap_or("unknown"),
            held["seed"]
        )));
    }
    if directory.snapshots()?.is_empty() {
        refuse_foreign(directory)?;
        return Ok(true);
    }
    if resume {
        return Ok(false);
    }
    Err(CommandError::Other(format!(
        "{out} holds an unfinished run; nothing was changed there. `landfall resume {out}` goes on with it. To begin \
         anew, give another directory with --out, or remove that one"
    )))
}
