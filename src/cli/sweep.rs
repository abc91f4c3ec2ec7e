//! `landfall sweep`: the runs of an experiment, all or a shard of them, begun or gone on with.

use super::machine::{available_bytes, memory_bytes};
use super::memory::refuse_too_large;
use super::progress::{duration_text, thousands};
use super::signals::{RESUMABLE, Signals};
use super::study::{self, Opened, What};
use super::sweep_progress::SweepProgress;
use super::{CommandError, pool, print, tell};
use crate::experiment::dataset::Paths;
use crate::experiment::halfway;
use crate::experiment::row::Worker;
use crate::experiment::sweep::{Progress, Sharing, Stopping, Sweep};
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long runs in progress may go on to their end once a signal has come; those that do not reach it are stored.
const PATIENCE: Duration = Duration::from_millis(200);

/// Options of `sweep`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    command: Option<Other>,
    #[command(flatten)]
    sweep: SweepOptions,
}

#[derive(Subcommand, Debug)]
enum Other {
    /// Say how far a sweep has come, running or stopped.
    Status(super::sweep_status::Options),
}

/// Options of a sweep itself.
#[derive(Args, Debug)]
pub struct SweepOptions {
    /// The file of an experiment (see docs/experiments.md), or the directory of a sweep to go on with.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Say how many runs there are, how long they would take and how large their results would be, and run none
    /// but one.
    #[arg(long)]
    dry_run: bool,
    /// Directory for the results [default: sweeps/NAME, of a shard sweeps/NAME/shards/I-of-N]. The same command again
    /// goes on where it stopped.
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
    /// Do only part I of N, as in `--shard 3/8`; `landfall merge` joins the parts.
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    shard: Option<(u64, u64)>,
    /// No progress and no summary.
    #[arg(long, short)]
    pub quiet: bool,
    /// Where the runs are done.
    #[arg(long, value_enum, default_value = "here")]
    engine: Engine,
    #[command(flatten)]
    pub slurm: super::slurm::SlurmOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// In this process.
    Here,
    /// In an array of Slurm jobs.
    Slurm,
}

fn parse_shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((i, n)) if 1 <= i && i <= n => Ok((i, n)),
        _ => Err("a part and the number of parts, as in 3/8, counted from 1".into()),
    }
}

/// A signal, and some patience with what is nearly done.
struct Stop {
    signals: Signals,
    since: OnceLock<Instant>,
}

impl Stopping for Stop {
    fn asked(&self) -> bool {
        self.signals.asked()
    }

    fn at_once(&self) -> bool {
        self.asked() && self.since.get_or_init(Instant::now).elapsed() >= PATIENCE
    }
}

/// Do what is asked.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    match &options.command {
        Some(Other::Status(o)) => super::sweep_status::run(o),
        None => sweep(&options.sweep),
    }
}

impl SweepOptions {
    /// The file of the experiment, or a directory of its results.
    pub fn file(&self) -> Result<&Path, CommandError> {
        let missing = || CommandError::Other("no experiment: give its file".into());
        self.file.as_deref().ok_or_else(missing)
    }
}

fn sweep(options: &SweepOptions) -> Result<ExitCode, CommandError> {
    let opened = study::read(options.file()?)?;
    if opened.study.is_estimation {
        let file = options.file()?.display();
        return Err(CommandError::Other(format!(
            "{file} says how its factors are estimated ([calibration]) and by no `design` which points to run: \
             landfall calibrate {file} estimates them; with experiment.design it can be swept"
        )));
    }
    refuse_too_large(&opened.study)?;
    let pool = pool(options.threads)?;
    if options.dry_run {
        return pool.install(|| dry_run(&opened, pool.current_num_threads()));
    }
    if options.engine == Engine::Slurm {
        let seconds = pool.install(|| pilot_seconds(&opened));
        return super::slurm::submit(options, &opened, seconds);
    }
    let out = out_directory(options)?;
    let (_lock, paths) = opened.claim(What::Sweep, &out, options.shard)?;
    let range = study::range(opened.study.runs(), options.shard);
    let sweep = Sweep::open(&opened.study, paths, range)?;
    // What is begun is finished or stored; a second interrupt loses it.
    let stop = Stop { signals: Signals::listen()?, since: OnceLock::new() };
    let progress = SweepProgress::new(options.quiet, sweep.total(), sweep.finished_before());
    let done = pool.install(|| go(&sweep, &stop, &progress, pool.current_num_threads()))?;
    progress.finish(done);
    finish(&opened, &out, options, &sweep, done)
}

/// The directory of results.
pub fn out_directory(options: &SweepOptions) -> Result<PathBuf, CommandError> {
    if let Some(out) = &options.out {
        return Ok(out.clone());
    }
    let file = options.file()?;
    let stem = file.file_stem().map_or("experiment".into(), |s| s.to_string_lossy().into_owned());
    let all = if file.is_dir() { file.to_path_buf() } else { Path::new("sweeps").join(stem) };
    Ok(options.shard.map_or(all.clone(), |(i, n)| shard_directory(&all, i, n)))
}

/// The directory of a shard.
pub fn shard_directory(all: &Path, i: u64, n: u64) -> PathBuf {
    let width = n.to_string().len();
    all.join("shards").join(format!("{i:0width$}-of-{n}"))
}

/// Measures one run, settles how members share the threads, and does the rest.
fn go(
    sweep: &Sweep<'_>,
    stop: &Stop,
    progress: &SweepProgress,
    threads: usize,
) -> Result<Progress, CommandError> {
    let (before, clock) = (memory_bytes(), Instant::now());
    if sweep.pilot(stop).is_none() {
        // Nothing is left, or there was no time.
        return Ok(sweep.work(Sharing { members: 1, batch: 1 }, stop, |_| {})?);
    }
    let seconds = clock.elapsed().as_secs_f64();
    let grown = before.zip(memory_bytes()).map(|(before, after)| after.1.saturating_sub(before.0));
    let left = sweep.total() - sweep.progress().done;
    let sharing = sharing(threads, left, seconds, grown.zip(available_bytes()));
    Ok(sweep.work(sharing, stop, |p| progress.tell(p))?)
}

/// How members share the threads: one member a thread, but no more than there are runs, and no more than memory holds
/// to judge by the first. Threads that have no member of their own help in the passes of those that run. A worker
/// takes some 20 ms of work at a time, so that replicates of a point share its scenario.
fn sharing(threads: usize, left: u64, seconds: f64, memory: Option<(u64, u64)>) -> Sharing {
    /// Growth below which memory is no concern.
    const SMALL: u64 = 64 << 20;
    const SHARE_OF_MEMORY: f64 = 0.8;
    let fit = match memory {
        Some((grown, available)) if grown > SMALL => {
            (available as f64 * SHARE_OF_MEMORY / grown as f64) as usize
        }
        _ => threads,
    };
    let members = threads.min(left.try_into().unwrap_or(usize::MAX)).min(fit).max(1);
    let batch = (0.02 / seconds.max(1e-6)).clamp(1.0, 256.0) as u64;
    Sharing { members, batch }
}

/// Says how it ended.
fn finish(
    opened: &Opened,
    out: &Path,
    options: &SweepOptions,
    sweep: &Sweep<'_>,
    done: Progress,
) -> Result<ExitCode, CommandError> {
    let what = options.shard.map_or(String::new(), |(i, n)| format!(" of shard {i}/{n}"));
    if done.done < sweep.total() {
        let begun = match halfway::stored(&Paths::of(out))?.len() {
            0 => String::new(),
            n => format!(", {n} that had begun are stored"),
        };
        tell(format_args!(
            "stopped: {} of {} runs{what} are done and kept under {}{begun}; the same command goes on",
            thousands(done.done),
            thousands(sweep.total()),
            out.display()
        ));
        return Ok(ExitCode::from(RESUMABLE));
    }
    if done.failed > 0 {
        tell(super::sweep_status::failures(&opened.study, out, 5)?.trim_end());
        return Ok(ExitCode::FAILURE);
    }
    if !options.quiet {
        let next = match options.shard {
            Some(_) => "join the shards with landfall merge",
            None => "read them with landfall summary",
        };
        print(&format!("{} runs{what} under {}: {next}\n", thousands(sweep.total()), out.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Seconds of the first run, by one thread.
fn pilot_seconds(opened: &Opened) -> f64 {
    let clock = Instant::now();
    let _ = Worker::new(&opened.study).run(0);
    clock.elapsed().as_secs_f64()
}

fn dry_run(opened: &Opened, threads: usize) -> Result<ExitCode, CommandError> {
    let study = &opened.study;
    let (before, clock) = (memory_bytes(), Instant::now());
    let mut worker = Worker::new(study);
    let row = worker.run(0);
    let first = clock.elapsed().as_secs_f64();
    let clock = Instant::now();
    let mut repeated = 0u32;
    // Some more of a short one, for the first bears the cost of whatever is done once.
    while repeated < 20 && clock.elapsed().as_secs_f64() < 0.5 {
        let _ = worker.run(0);
        repeated += 1;
    }
    let seconds = if repeated > 0 { clock.elapsed().as_secs_f64() / f64::from(repeated) } else { first };
    let grown = before.zip(memory_bytes()).map(|(before, after)| after.1.saturating_sub(before.0));
    let runs = study.runs();
    let share = sharing(threads, runs, seconds, grown.zip(available_bytes()));
    let total = seconds * runs as f64 / share.members as f64;
    let cells = row.lines.iter().map(Vec::len).sum::<usize>() as f64;
    // Measured on sweeps of the shipped scenario: some 5 bytes a figure of a row, some 4 a row of a series.
    let bytes = runs as f64 * (6.0 + 5.0 * (study.scalars.len() + study.factors.len()) as f64 + 4.0 * cells);
    let about = &study.typed.experiment;
    let mut text = format!(
        "{} points ({}) of {} replicates: {} runs, none of them kept by a dry run\n",
        thousands(study.design.points()),
        about.design.name(),
        thousands(about.replicates),
        thousands(runs)
    );
    let each = run_text(seconds);
    text += &format!("each some {each}: about {} on {threads} threads, ", duration_text(total));
    text += &format!("{} at a time\n", share.members);
    let columns = 6 + study.factors.len() + study.scalars.len();
    text += &format!("each a row of {columns} columns and {cells} figures of series: ");
    text += &format!("about {} in all\n", size_text(bytes));
    if !row.error.is_empty() {
        text += &format!("the first run failed: {}\n", row.error);
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// How long a run takes.
pub fn run_text(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => duration_text(s),
    }
}

fn size_text(bytes: f64) -> String {
    match bytes {
        b if b < 1e6 => format!("{:.0} kB", (b / 1e3).ceil()),
        b if b < 1e9 => format!("{:.0} MB", (b / 1e6).ceil()),
        b => format!("{:.1} GB", b / 1e9),
    }
}

/// Whether a process is at work in a directory. The lock itself is tried only where somebody has left a name in it, so
/// that looking never keeps a process from starting.
pub fn busy(directory: &Path) -> bool {
    let named = std::fs::metadata(directory.join(".lock")).is_ok_and(|about| about.len() > 0);
    let in_use = || {
        matches!(crate::files::DirectoryLock::acquire(directory), Err(crate::files::FileError::InUse { .. }))
    };
    named && in_use()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_share_threads_by_runs_and_memory() {
        let members = |threads, left, memory| sharing(threads, left, 1.0, memory).members;
        assert_eq!(members(8, 1_000, None), 8);
        assert_eq!(members(8, 3, None), 3);
        assert_eq!(members(8, 1_000, Some((1 << 20, 1 << 21))), 8, "small ones are no concern");
        assert_eq!(members(8, 1_000, Some((1 << 30, 5 << 30))), 4);
        assert_eq!(members(8, 1_000, Some((1 << 34, 1 << 30))), 1, "one always runs");
        assert_eq!(sharing(2, 9, 0.001, None).batch, 20);
        assert_eq!(sharing(2, 9, 30.0, None).batch, 1);
    }

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!(parse_shard("3/8"), Ok((3, 8)));
        for bad in ["0/8", "9/8", "3", "a/b", "3/0", "-1/2"] {
            assert!(parse_shard(bad).is_err(), "{bad}");
        }
        assert_eq!(shard_directory(Path::new("x"), 3, 12), Path::new("x/shards/03-of-12"));
    }
}
