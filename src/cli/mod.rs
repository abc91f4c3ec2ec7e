//! The command line.

mod attribute;
mod attribute_report;
mod bounds;
#[expect(clippy::disallowed_methods, reason = "how long a run takes is what a dry run is asked for")]
mod calibrate;
mod compare;
mod describe;
#[expect(
    clippy::disallowed_methods,
    reason = "when a run began, how long it took and when a snapshot is due, kept apart from its results"
)]
mod drive;
mod ensemble;
mod facts;
mod fork;
mod ledger;
mod machine;
mod memory;
mod merge;
mod plot;
mod posterior;
#[expect(clippy::disallowed_methods, reason = "days per second and the time left are about the clock")]
mod progress;
mod rerun;
mod results;
mod resume;
mod run;
mod score;
mod signals;
mod slurm;
mod snapshot;
mod source;
mod study;
mod summary;
#[expect(clippy::disallowed_methods, reason = "how long a run takes decides how runs share the threads")]
mod sweep;
#[expect(clippy::disallowed_methods, reason = "runs per second and the time left are about the clock")]
mod sweep_progress;
mod sweep_status;
mod sweep_summary;
mod synth;
mod taken;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A laboratory of people seeking asylum and the States that respond.
#[derive(Parser, Debug)]
#[command(name = "landfall", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run a scenario and leave its tables in a directory.
    Run(run::Options),
    /// Go on with a run that was stopped.
    Resume(resume::Options),
    /// Begin another future from a snapshot: other luck, or another policy from its day on.
    Fork(fork::Options),
    /// Look at snapshots.
    #[command(subcommand)]
    Snapshot(snapshot::What),
    /// Write or run a synthetic world of any size, to measure scale on.
    Synth(synth::Options),
    /// Check a scenario file and explain every mistake in it.
    Check(describe::CheckOptions),
    /// Print a JSON schema of scenario files, for editors.
    Schema,
    /// Explain a parameter: meaning, unit, range, default, source, equation.
    Explain(describe::ExplainOptions),
    /// List the scenarios that come with the program.
    List,
    /// Run an ensemble and set it beside the recorded figures.
    Score(score::Options),
    /// Run worlds on common random numbers: what they differ by, and for whom.
    Compare(compare::Options),
    /// What each arrangement did to the burden of each State: shared, shifted, created, avoided.
    Attribute(attribute::Options),
    /// Estimate parameters on the recorded figures marked for it.
    Calibrate(calibrate::Options),
    /// Do the runs of an experiment, or go on with them.
    Sweep(Box<sweep::Options>),
    /// Join the shards of a sweep.
    Merge(merge::Options),
    /// Do one run of a sweep again, in full.
    Rerun(rerun::Options),
    /// Quantiles of the outputs of a sweep, by factor.
    Summary(sweep_summary::Options),
    /// Which factors the outputs of a sweep depend on: Sobol indices, Morris effects.
    Sensitivity(sweep_summary::SensitivityOptions),
    /// Print a page of the documentation that is generated from the code.
    Document(describe::DocumentOptions),
}

/// What can go wrong in a command, as told to its user.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The scenario is not valid.
    #[error("{0}")]
    Scenario(String),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] crate::files::FileError),
    /// A table could not be written.
    #[error(transparent)]
    Table(#[from] crate::observe::table::TableError),
    /// A run could not go on.
    #[error(transparent)]
    Session(#[from] crate::session::SessionError),
    /// A snapshot cannot be opened.
    #[error(transparent)]
    Snapshot(#[from] crate::snapshot::SnapshotError),
    /// Anything else: what was found, what is allowed, what to do.
    #[error("{0}")]
    Other(String),
}

/// Run the command of the process's arguments.
pub fn main() -> ExitCode {
    crate::experiment::row::quiet_caught_panics();
    match dispatch(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            match error {
                // Problems of a scenario say themselves that they are errors, each with its place.
                CommandError::Scenario(problems) => tell(problems),
                other => tell(format_args!("error: {other}")),
            }
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<ExitCode, CommandError> {
    match arguments.command {
        Command::Run(o) => run::run(&o),
        Command::Resume(o) => resume::run(&o),
        Command::Fork(o) => fork::run(&o),
        Command::Snapshot(what) => snapshot::run(&what),
        Command::Synth(o) => synth::synth(&o),
        Command::Check(o) => describe::check(&o),
        Command::Schema => describe::schema(),
        Command::Explain(o) => describe::explain(&o),
        Command::List => describe::list(),
        Command::Score(o) => score::run(&o),
        Command::Compare(o) => compare::run(&o),
        Command::Attribute(o) => attribute::run(&o),
        Command::Calibrate(o) => calibrate::run(&o),
        Command::Sweep(o) => sweep::run(&o),
        Command::Merge(o) => merge::run(&o),
        Command::Rerun(o) => rerun::run(&o),
        Command::Summary(o) => sweep_summary::run(&o),
        Command::Sensitivity(o) => sweep_summary::sensitivity(&o),
        Command::Document(o) => describe::document(&o),
    }
}

/// The command of other arguments than the process's, for commands that end in another.
fn command_of(arguments: &[String]) -> Result<ExitCode, CommandError> {
    let parsed = Arguments::try_parse_from(arguments).map_err(|e| CommandError::Other(e.to_string()))?;
    dispatch(parsed)
}

/// Tell a line on standard error, beside what is printed. Where nobody reads it, or there is no room for it, the work
/// that it tells of goes on.
fn tell(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Print to standard output; a closed pipe ends the program quietly, another failure is an error.
fn print(text: &str) -> Result<(), CommandError> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(CommandError::Other(format!("cannot write to standard output: {e}"))),
        Ok(()) => Ok(()),
    }
}

/// A pool of threads for a command; results do not depend on how many.
fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, CommandError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .map_err(|e| CommandError::Other(format!("cannot start threads: {e}")))
}

/// How many of so many runs are in progress at a time.
fn at_once(pool: &rayon::ThreadPool, runs: u64) -> usize {
    pool.current_num_threads().min(runs.try_into().unwrap_or(usize::MAX))
}
