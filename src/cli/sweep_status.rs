//! `landfall sweep status`: how far a sweep has come, from what is on the disk alone.

use super::progress::thousands;
use super::study::{self, manifest, range, shard_of, shards_in};
use super::summary::{plain_table, trim_lines};
use super::{CommandError, print};
use crate::experiment::dataset::{Figures, Paths, Segments};
use crate::experiment::halfway;
use crate::experiment::journal::Journal;
use crate::experiment::reading;
use crate::experiment::study::Study;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `sweep status`.
#[derive(Args, Debug)]
pub struct Options {
    /// Directory of a sweep.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Runs done and failed in one directory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Runs done.
    pub done: u64,
    /// Runs of those that failed.
    pub failed: u64,
}

/// Counts what a directory holds, without disturbing whoever is at work there.
pub fn count(study: &Study, directory: &Path, runs: &std::ops::Range<u64>) -> Result<Count, CommandError> {
    let paths = Paths::of(directory);
    let segments = Segments::of(study.runs());
    let mut count = Count::default();
    let first = segments.segment(runs.start);
    for segment in first..segments.count() {
        let here = segments.range(segment);
        if here.start >= runs.end {
            break;
        }
        let (file, journal) = (paths.runs(segment), paths.journal(segment));
        if file.is_file() {
            count.failed += reading::check(study, &paths, segment)?;
            count.done += here.end - here.start;
        } else if journal.is_file() {
            // It may become a file at this very moment; then the next look finds it.
            if let Ok(journal) = Journal::read(&journal, &study.digest) {
                let journal = journal.within(&here)?;
                count.done += journal.len() as u64;
                count.failed += journal.failed();
            }
        }
    }
    Ok(count)
}

/// Print how far a sweep has come.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let directory = &options.directory;
    let opened = study::open(directory)?;
    let study = &opened.study;
    let mut table = plain_table();
    table.set_header(["directory", "part", "runs", "done", "failed", "state"]);
    let mut all = Count::default();
    let own = count(study, directory, &range(study.runs(), shard_of(&manifest(directory)?)))?;
    let shards = shards_in(directory);
    let parts = if shards.is_empty() || own.done > 0 { vec![directory.clone()] } else { shards };
    for part in &parts {
        let held = manifest(part)?;
        let shard = shard_of(&held);
        let runs = range(study.runs(), shard);
        let found = count(study, part, &runs)?;
        let total = runs.end - runs.start;
        let state = match () {
            () if super::sweep::busy(part) => "running",
            () if found.done == total => "complete",
            () if found.done == 0 => "not begun",
            () => "stopped",
        };
        table.add_row([
            part.display().to_string(),
            shard.map_or("all".into(), |(i, n)| format!("{i}/{n}")),
            thousands(total),
            thousands(found.done),
            thousands(found.failed),
            state.into(),
        ]);
        all = Count { done: all.done + found.done, failed: all.failed + found.failed };
    }
    let runs = study.runs();
    let mut begun = 0;
    for part in &parts {
        begun += halfway::stored(&Paths::of(part))?.len() as u64;
    }
    let begun = if begun > 0 { format!(", {} begun and stored", thousands(begun)) } else { String::new() };
    let mut text = format!("{}\n\n", trim_lines(&table.to_string()));
    text += &format!(
        "{} of {} runs done, {} failed{begun}\n",
        thousands(all.done),
        thousands(runs),
        thousands(all.failed)
    );
    for part in &parts {
        text += &failures(study, part, 5)?;
    }
    text += &super::slurm::queue(directory);
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The first failures in a directory, each with the command that reproduces it.
pub fn failures(study: &Study, directory: &Path, most: usize) -> Result<String, CommandError> {
    let found = reading::failures(study, &Paths::of(directory), most)?;
    Ok(failures_of(&found, directory, most))
}

/// The same of figures already read.
pub fn failures_of(figures: &Figures, directory: &Path, most: usize) -> String {
    let mut text = String::new();
    for (run, outcome, error) in figures.failures.iter().take(most) {
        let first = error.lines().next().unwrap_or("");
        text += &format!("run {run} {}: {first}\n", outcome.name());
        text += &format!("  again: landfall rerun {} {run}\n", directory.display());
    }
    if figures.failures.len() > most {
        text += "and more that failed\n";
    }
    text
}
