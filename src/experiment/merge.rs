//! Joining the shards of an experiment: every run once, duplicates equal, nothing missing; and bytes equal to those of
//! a sweep that was never divided.

use super::dataset::{Figures, Paths, Segments, Tables, write_segment};
use super::journal::{Journal, same};
use super::reading;
use super::row::{Outcome, Row};
use super::study::Study;
use crate::files::{FileError, write_atomically};
use crate::observe::table::TableError;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why shards could not be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A table could not be written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Runs that none of the parts has.
    #[error("{count} of {total} runs are in none of the parts: {ranges}; finish them with `landfall sweep`")]
    Missing {
        /// How many.
        count: u64,
        /// Of how many.
        total: u64,
        /// Which.
        ranges: String,
    },
    /// A run that two parts have, with different results.
    #[error(
        "run {run} differs between {one} and {other}: they were not made by the same program, or one is damaged"
    )]
    Differ {
        /// The run; of whole segments the first.
        run: u64,
        /// Where one is.
        one: String,
        /// Where the other is.
        other: String,
    },
}

/// Sees that parts can be joined into a directory, which need not be there: every run is in one of them, and what more
/// than one has is the same. Nothing is written. Says how many runs failed.
pub fn examine(study: &Study, parts: &[Paths], out: &Paths) -> Result<u64, MergeError> {
    let segments = Segments::of(study.runs());
    find_missing(study, parts, segments)?;
    let mut failed = 0;
    for segment in 0..segments.count() {
        failed += match whole_in(parts, segment) {
            Some(part) => examine_whole(study, parts, part, out, segment)?,
            None => {
                let rows = rows_of(study, parts, segment)?;
                rows.values().filter(|(row, _)| row.outcome != Outcome::Done).count() as u64
            }
        };
    }
    Ok(failed)
}

/// Joins parts into a directory, once they have been examined.
pub fn merge(study: &Study, parts: &[Paths], out: &Paths) -> Result<(), MergeError> {
    out.make(!study.lines.is_empty())?;
    let tables = Tables::of(study);
    for segment in 0..Segments::of(study.runs()).count() {
        match whole_in(parts, segment) {
            Some(part) => copy_whole(study, part, out, segment)?,
            None => gather(study, parts, out, segment, &tables)?,
        }
    }
    Ok(())
}

/// The part that has a segment whole.
fn whole_in(parts: &[Paths], segment: u64) -> Option<&Paths> {
    parts.iter().find(|p| p.runs(segment).is_file())
}

fn find_missing(study: &Study, parts: &[Paths], segments: Segments) -> Result<(), MergeError> {
    let mut missing: Vec<std::ops::RangeInclusive<u64>> = Vec::new();
    let mut count = 0;
    for segment in (0..segments.count()).filter(|&s| whole_in(parts, s).is_none()) {
        let mut held = Vec::new();
        for journal in parts.iter().map(|p| p.journal(segment)).filter(|p| p.is_file()) {
            held.extend(Journal::read(&journal, &study.digest)?.within(&segments.range(segment))?.runs());
        }
        held.sort_unstable();
        for run in segments.range(segment).filter(|run| held.binary_search(run).is_err()) {
            count += 1;
            match missing.last_mut() {
                Some(last) if last.end() + 1 == run => *last = *last.start()..=run,
                _ => missing.push(run..=run),
            }
        }
    }
    if count == 0 {
        return Ok(());
    }
    const TOLD: usize = 10;
    let told = missing.iter().take(TOLD).map(|r| match r.start() == r.end() {
        true => r.start().to_string(),
        false => format!("{} to {}", r.start(), r.end()),
    });
    let mut ranges = told.collect::<Vec<_>>().join(", ");
    if missing.len() > TOLD {
        ranges += ", …";
    }
    Err(MergeError::Missing { count, total: study.runs(), ranges })
}

/// The files of a whole segment: of runs, and of series if there are any.
fn files_of(study: &Study, paths: &Paths, segment: u64) -> Vec<PathBuf> {
    let series = (!study.lines.is_empty()).then(|| paths.series(segment));
    [paths.runs(segment)].into_iter().chain(series).collect()
}

/// Compares a segment that a part has whole with what the others have of it; how many of its runs failed.
fn examine_whole(
    study: &Study,
    parts: &[Paths],
    part: &Paths,
    out: &Paths,
    segment: u64,
) -> Result<u64, MergeError> {
    let figures = reading::segment(study, part, segment)?;
    for other in parts.iter().chain([out]).filter(|p| p.runs(segment).is_file()) {
        let pairs = files_of(study, part, segment).into_iter().zip(files_of(study, other, segment));
        for (file, theirs) in pairs.filter(|(file, theirs)| file != theirs) {
            if read(&file)? != read(&theirs)? {
                let run = Segments::of(study.runs()).range(segment).start;
                let (one, other) = (file.display().to_string(), theirs.display().to_string());
                return Err(MergeError::Differ { run, one, other });
            }
        }
    }
    compare_with_journals(study, parts, part, segment, &figures)?;
    Ok(figures.failures.len() as u64)
}

/// Copies a segment that a part has whole.
fn copy_whole(study: &Study, part: &Paths, out: &Paths, segment: u64) -> Result<(), MergeError> {
    let pairs = files_of(study, part, segment).into_iter().zip(files_of(study, out, segment));
    // Series first: where the file of runs is, the segment is whole.
    for (file, target) in pairs.rev().filter(|(_, target)| !target.is_file()) {
        write_atomically(&target, &read(&file)?)?;
    }
    Ok(())
}

/// Rows of journals that a whole segment has as well must be the same.
fn compare_with_journals(
    study: &Study,
    parts: &[Paths],
    part: &Paths,
    segment: u64,
    figures: &Figures,
) -> Result<(), MergeError> {
    let runs = Segments::of(study.runs()).range(segment);
    for path in parts.iter().map(|p| p.journal(segment)).filter(|p| p.is_file()) {
        Journal::read(&path, &study.digest)?.within(&runs)?.each(|row| {
            let Ok(at) = figures.runs.binary_search(&row.run) else { return Ok(()) };
            let equal = |(i, x): (usize, &f64)| x.to_bits() == figures.scalars[i][at].to_bits();
            if row.outcome == figures.outcomes[at] && row.scalars.iter().enumerate().all(equal) {
                return Ok(());
            }
            let one = part.runs(segment).display().to_string();
            Err(MergeError::Differ { run: row.run, one, other: path.display().to_string() })
        })?;
    }
    Ok(())
}

/// The rows that several parts have in their journals, each with where it stands.
fn rows_of(study: &Study, parts: &[Paths], segment: u64) -> Result<BTreeMap<u64, (Row, String)>, MergeError> {
    let mut rows: BTreeMap<u64, (Row, String)> = BTreeMap::new();
    let runs = Segments::of(study.runs()).range(segment);
    for path in parts.iter().map(|p| p.journal(segment)).filter(|p| p.is_file()) {
        Journal::read(&path, &study.digest)?.within(&runs)?.each(|row| {
            let here = path.display().to_string();
            if let Some((other, there)) = rows.get(&row.run) {
                if same(&row, other) {
                    return Ok(());
                }
                return Err(MergeError::Differ { run: row.run, one: there.clone(), other: here });
            }
            rows.insert(row.run, (row, here));
            Ok(())
        })?;
    }
    Ok(rows)
}

/// Makes a segment from rows that several parts have in their journals.
fn gather(
    study: &Study,
    parts: &[Paths],
    out: &Paths,
    segment: u64,
    tables: &Tables,
) -> Result<(), MergeError> {
    let target = out.journal(segment);
    // Of an earlier attempt, unless the directory is itself one of the parts.
    let rows = rows_of(study, parts, segment)?;
    let mut journal = Journal::open(&target, &study.digest)?;
    let held: Vec<u64> = journal.runs().collect();
    for (run, (row, _)) in &rows {
        if !held.contains(run) {
            journal.append(row)?;
        }
    }
    write_segment(study, tables, out, segment, &mut journal)?;
    drop(journal);
    super::sweep::remove(&target)?;
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(|cause| FileError::Failed {
        operation: crate::files::Operation::Read,
        path: path.to_path_buf(),
        cause,
        written: 0,
        needed: None,
    })
}
