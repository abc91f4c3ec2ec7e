//! `landfall run`: one run, its progress, its tables, its summary.

use super::drive::{Checkpoints, Wishes, drive, finished_run, refuse_other_tables, remove_results, write};
use super::source::Source;
use super::taken::refuse_other_things;
use super::{CommandError, pool, print, resume};
use crate::files::RealDisk;
use crate::scenario::Loaded;
use crate::session::{RunDirectory, Session};
use crate::snapshot::RunState;
use clap::{Args, ValueEnum};
use serde_json::Value;
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
    #[arg(long, value_parser = super::bounds::threads)]
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
    let mut run = options.tables();
    run.name = name;
    let before = match what_to_do(&directory, loaded, &run, options.resume)? {
        ToDo::Begin { before } => before,
        ToDo::GoOn => {
            return resume::resume_in(&directory, loaded, &run, options.wishes(0), options.threads);
        }
        ToDo::Nothing => {
            print(&format!("the run in {} is finished: nothing is left to do\n", out.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let pool = pool(options.threads)?;
    let wishes = options.wishes(pool.current_num_threads());
    pool.install(|| {
        let session = Session::begin(&directory, loaded, run.clone(), options.checkpoints.keep())?;
        remove_results(&directory, &before)?;
        write(&directory, "scenario.toml", &loaded.resolved)?;
        drive(session, &directory, loaded, &run, &wishes)
    })
}

impl How {
    /// How tables are recorded.
    fn tables(&self) -> RunState {
        let (format, period) = (word(&self.format), word(&self.period));
        RunState { format, period, transitions: self.transitions, ..RunState::default() }
    }

    fn wishes(&self, threads: usize) -> Wishes<'_> {
        let (checkpoints, profile, quiet) = (&self.checkpoints, self.profile, self.quiet);
        Wishes { checkpoints, profile, quiet, threads, resumed_on: None }
    }
}

/// What is to be done in the directory of a run.
enum ToDo {
    /// Begin, over the results of which this is the manifest, if there are any.
    Begin { before: Value },
    /// Go on with the run that is there.
    GoOn,
    /// It is done.
    Nothing,
}

/// A directory that holds anything else than this run is left alone, and so is an unfinished run that is not to be
/// gone on with.
fn what_to_do(
    directory: &RunDirectory,
    loaded: &Loaded,
    asked: &RunState,
    resume: bool,
) -> Result<ToDo, CommandError> {
    if let Some(before) = finished_run(directory.path())? {
        refuse_other_results(directory, loaded, &before)?;
        if !resume {
            return Ok(ToDo::Begin { before });
        }
        refuse_other_tables(&tables_of(&before), asked)?;
        return Ok(ToDo::Nothing);
    }
    if !directory.can_go_on()? {
        refuse_foreign(directory)?;
        return Ok(ToDo::Begin { before: Value::Null });
    }
    if resume {
        return Ok(ToDo::GoOn);
    }
    let out = directory.path().display();
    Err(CommandError::Other(format!(
        "{out} holds an unfinished run; nothing was changed there. `landfall resume {out}` goes on with it. To begin \
         anew, give another directory with --out, or remove that one"
    )))
}

/// A directory in which no run was begun must hold nothing else.
pub fn refuse_foreign(directory: &RunDirectory) -> Result<(), CommandError> {
    if directory.was_begun() { Ok(()) } else { refuse_other_things(directory.path(), &[]) }
}

/// How the tables of a finished run were recorded, by its manifest.
fn tables_of(manifest: &Value) -> RunState {
    let word = |key: &str| manifest[key].as_str().unwrap_or("unknown").to_string();
    let transitions = manifest["transitions"].as_bool().unwrap_or(false);
    RunState { format: word("format"), period: word("period"), transitions, ..RunState::default() }
}

/// Results of something else are left alone.
fn refuse_other_results(directory: &RunDirectory, loaded: &Loaded, held: &Value) -> Result<(), CommandError> {
    let digest = held["scenario"]["digest"].as_str().unwrap_or("unknown");
    let same = digest == loaded.digest && held["seed"] == loaded.setup.scenario.scenario.seed;
    if same && held["lineage"].is_null() {
        return Ok(());
    }
    Err(CommandError::Other(format!(
        "{} holds the results of another run (scenario digest {}, seed {}); nothing was changed there. Give another \
         directory with --out, or remove that one",
        directory.path().display(),
        digest.get(..12).unwrap_or("unknown"),
        held["seed"]
    )))
}
