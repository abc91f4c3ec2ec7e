//! A sweep: many runs of one experiment, in one directory, that can be interrupted in any way and gone on with.

use super::dataset::{Paths, Segments, Tables, write_segment};
use super::halfway;
use super::journal::Journal;
use super::reading;
use super::row::{Ended, Outcome, Row, Step, Worker};
use super::study::Study;
use crate::files::{FileError, sweep_leftovers};
use crate::observe::table::TableError;
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A sweep, opened in its directory.
pub struct Sweep<'s> {
    study: &'s Study,
    tables: Tables,
    paths: Paths,
    segments: Segments,
    range: Range<u64>,
    state: Mutex<State>,
    finished_before: u64,
    /// Runs that an earlier process began and stored.
    halfway: BTreeSet<u64>,
    step: Step<'s>,
}

/// Whether a sweep is to end. A flag says so for runs in progress and runs to come at once.
pub trait Stopping: Sync {
    /// No other run is to be begun.
    fn asked(&self) -> bool;

    /// Runs in progress are to end after their present day, and to be stored.
    fn at_once(&self) -> bool {
        self.asked()
    }
}

impl Stopping for AtomicBool {
    fn asked(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// What is done and what is next.
struct State {
    /// Segments whose files are whole.
    whole: BTreeSet<u64>,
    open: BTreeMap<u64, Open>,
    /// The next run to hand out, unless it is done.
    next: u64,
    done: u64,
    failed: u64,
    /// The first thing that went wrong with the disk.
    error: Option<TableError>,
}

/// A segment that is not whole.
struct Open {
    journal: Journal,
    /// Runs that were done before this process began.
    before: BTreeSet<u64>,
}

/// How far a sweep has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Runs done, those before an interruption included.
    pub done: u64,
    /// Runs of those that failed.
    pub failed: u64,
}

/// How members share the threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Members that run at the same time.
    pub members: usize,
    /// Runs of one point handed to a worker at a time.
    pub batch: u64,
}

impl<'s> Sweep<'s> {
    /// Opens a sweep in a directory that this process holds; runs outside of `range` belong to other shards.
    pub fn open(study: &'s Study, paths: Paths, range: Range<u64>) -> Result<Self, TableError> {
        paths.make(!study.lines.is_empty())?;
        for directory in paths.directories().iter().filter(|d| d.is_dir()) {
            sweep_leftovers(directory)?;
        }
        let segments = Segments::of(study.runs());
        let sweep = Self {
            study,
            tables: Tables::of(study),
            paths,
            segments,
            range: range.clone(),
            state: Mutex::new(State {
                whole: BTreeSet::new(),
                open: BTreeMap::new(),
                next: range.start,
                done: 0,
                failed: 0,
                error: None,
            }),
            finished_before: 0,
            halfway: BTreeSet::new(),
            step: &|sim| sim.step(),
        };
        sweep.take_stock()
    }

    /// The same with days that are simulated in a way of its own.
    pub fn stepping(self, step: Step<'s>) -> Self {
        Self { step, ..self }
    }

    /// Finds what is done; a journal that is whole becomes its segment's file.
    fn take_stock(mut self) -> Result<Self, TableError> {
        let mut whole = BTreeSet::new();
        let mut open = BTreeMap::new();
        let (mut done, mut failed) = (0, 0);
        for segment in 0..self.segments.count() {
            let (runs, path) = (self.segments.range(segment), self.paths.journal(segment));
            let file = self.paths.runs(segment);
            if file.is_file() {
                failed += reading::check(self.study, &self.paths, segment)?;
                whole.insert(segment);
                done += overlap(&runs, &self.range);
                remove(&path)?;
                continue;
            }
            if !path.is_file() {
                continue;
            }
            let mut journal = Journal::open(&path, &self.study.digest)?.within(&runs)?;
            let before: BTreeSet<u64> = journal.runs().collect();
            done += before.len() as u64;
            failed += journal.failed();
            if before.len() as u64 == runs.end - runs.start {
                write_segment(self.study, &self.tables, &self.paths, segment, &mut journal)?;
                remove(&path)?;
                whole.insert(segment);
            } else {
                open.insert(segment, Open { journal, before });
            }
        }
        self.finished_before = done;
        self.halfway = halfway::take_stock(&self.paths, |run| {
            let segment = self.segments.segment(run);
            whole.contains(&segment) || open.get(&segment).is_some_and(|o| o.before.contains(&run))
        })?;
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        (state.whole, state.open, state.done, state.failed) = (whole, open, done, failed);
        Ok(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held, and what it guards would still be whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs of this sweep or shard.
    pub fn total(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let state = self.state();
        Progress { done: state.done, failed: state.failed }
    }

    /// Runs that were done before this process began.
    pub fn finished_before(&self) -> u64 {
        self.finished_before
    }

    /// The next runs to do: of one point, following one another, at most `most`.
    fn take(&self, most: u64) -> Option<Range<u64>> {
        let mut state = self.state();
        if state.error.is_some() {
            return None;
        }
        while state.next < self.range.end {
            let (run, segment) = (state.next, self.segments.segment(state.next));
            if state.whole.contains(&segment) {
                state.next = self.segments.range(segment).end;
                continue;
            }
            let done = |run: u64| state.open.get(&segment).is_some_and(|o| o.before.contains(&run));
            if done(run) {
                state.next += 1;
                continue;
            }
            let (point, _) = self.study.place(run);
            let limit = self.range.end.min(self.segments.range(segment).end);
            let mut end = run + 1;
            while end < limit && end - run < most && self.study.place(end).0 == point && !done(end) {
                end += 1;
            }
            state.next = end;
            return Some(run..end);
        }
        None
    }

    /// Keeps a row; the last of a segment makes its file.
    fn try_keep(&self, row: &Row) -> Result<(), TableError> {
        let segment = self.segments.segment(row.run);
        let size = self.segments.range(segment).end - self.segments.range(segment).start;
        let mut state = self.state();
        let open = match state.open.entry(segment) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(place) => {
                let journal = Journal::open(&self.paths.journal(segment), &self.study.digest)?;
                place.insert(Open { journal, before: BTreeSet::new() })
            }
        };
        open.journal.append(row)?;
        let whole = open.journal.len() as u64 == size;
        state.done += 1;
        state.failed += u64::from(row.outcome != Outcome::Done);
        if !whole {
            return Ok(());
        }
        let Some(mut open) = state.open.remove(&segment) else { return Ok(()) };
        // Others go on meanwhile: no run of this segment is left to hand out.
        drop(state);
        write_segment(self.study, &self.tables, &self.paths, segment, &mut open.journal)?;
        remove(&self.paths.journal(segment))?;
        self.state().whole.insert(segment);
        Ok(())
    }

    /// Does one run, if any is left, and says which.
    pub fn pilot(&self, stop: &impl Stopping) -> Option<u64> {
        if stop.asked() {
            return None;
        }
        let run = self.take(1)?.start;
        self.go(&mut Worker::stepping(self.study, self.step), run, stop);
        Some(run)
    }

    /// Does a run, from where it was stopped if it was, and keeps its row; told to stop at once, stores it.
    fn go(&self, worker: &mut Worker<'_>, run: u64, stop: &impl Stopping) {
        let begun = self.halfway.contains(&run);
        let from =
            |setup: &_| begun.then(|| halfway::open_stored(self.study, &self.paths, run, setup)).flatten();
        let kept = match worker.run_until(run, from, || stop.at_once()) {
            Ended::Over(row) => self
                .try_keep(&row)
                .and_then(|()| if begun { Ok(halfway::remove(&self.paths, run)?) } else { Ok(()) }),
            Ended::Stopped(stopped) => halfway::store(self.study, &self.paths, run, *stopped),
        };
        if let Err(error) = kept {
            self.state().error.get_or_insert(error);
        }
    }

    /// Does all runs that are left, or as many as there is time for until it is to stop.
    pub fn work(
        &self,
        sharing: Sharing,
        stop: &impl Stopping,
        told: impl Fn(Progress) + Sync,
    ) -> Result<Progress, TableError> {
        rayon::scope(|scope| {
            for _ in 0..sharing.members {
                scope.spawn(|_| self.worker(sharing.batch, stop, &told));
            }
        });
        halfway::remove_empty(&self.paths);
        let error = self.state().error.take();
        error.map_or_else(|| Ok(self.progress()), Err)
    }

    fn worker(&self, batch: u64, stop: &impl Stopping, told: &(impl Fn(Progress) + Sync)) {
        let mut worker = Worker::stepping(self.study, self.step);
        while let Some(runs) = self.take(batch) {
            for run in runs {
                if stop.asked() {
                    return;
                }
                self.go(&mut worker, run, stop);
                told(self.progress());
            }
        }
    }
}

fn overlap(a: &Range<u64>, b: &Range<u64>) -> u64 {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// Removes a file, if it is there.
pub fn remove(path: &std::path::Path) -> Result<(), FileError> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(FileError::Failed {
            operation: crate::files::Operation::Remove,
            path: path.to_path_buf(),
            cause,
            written: 0,
            needed: None,
        }),
        _ => Ok(()),
    }
}

/// The runs of shard `i` of `n`, counted from 1.
pub fn shard(runs: u64, i: u64, n: u64) -> Range<u64> {
    let edge = |k: u64| (u128::from(runs) * u128::from(k) / u128::from(n)) as u64;
    edge(i - 1)..edge(i)
}
