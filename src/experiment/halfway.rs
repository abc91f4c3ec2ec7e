//! Runs of a sweep that were stopped before their end: each a snapshot, and a journal of its measures up to there, from
//! which a later process goes on.
//!
//! The snapshot is one like any other, and `landfall snapshot` reads it. It is written after the journal and names its
//! place in it. A run that is stopped again lets the journal grow, so that the snapshot before stays good until the new
//! one is whole under its name.

use super::dataset::Paths;
use super::study::Study;
use crate::files::{
    Disk, FileError, RealDisk, create_directory, list_directory, remove_file_on, sweep_leftovers,
};
use crate::observe::Daily;
use crate::observe::journal::{Journal, JournalError, replay};
use crate::observe::table::TableError;
use crate::scenario::read::Layer;
use crate::scenario::{Loaded, Setup, load};
use crate::snapshot::{Content, JournalPosition, PROGRAM, RunState, open, pack};
use crate::world::World;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the names of snapshots end with.
const SNAPSHOT: &str = "snapshot";
/// What the names of journals end with.
const ROWS: &str = "rows";

/// A run as far as it has come.
pub struct Halfway {
    /// Its world, after some days.
    pub world: World,
    /// Its measures of those days.
    pub daily: Daily,
    /// How far the measures are in its journal already.
    pub at: JournalPosition,
}

fn path(paths: &Paths, run: u64, ending: &str) -> PathBuf {
    paths.halfway().join(format!("run_{run:08}.{ending}"))
}

/// The run of a snapshot or journal, by its name.
fn run_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_prefix("run_")?;
    let (run, ending) = name.split_once('.')?;
    [SNAPSHOT, ROWS].contains(&ending).then(|| run.parse().ok())?
}

/// Runs that are stored, whether they can be gone on with or not.
pub fn stored(paths: &Paths) -> Result<BTreeSet<u64>, FileError> {
    if !paths.halfway().is_dir() {
        return Ok(BTreeSet::new());
    }
    Ok(list_directory(&paths.halfway())?.iter().filter_map(|path| run_of(path)).collect())
}

/// Clears away what killed processes left half written, and every stored run that `done` says is done; returns the
/// others.
pub fn take_stock(paths: &Paths, done: impl Fn(u64) -> bool) -> Result<BTreeSet<u64>, FileError> {
    if paths.halfway().is_dir() {
        sweep_leftovers(&paths.halfway())?;
    }
    let (over, left): (BTreeSet<u64>, BTreeSet<u64>) = stored(paths)?.into_iter().partition(|&run| done(run));
    over.into_iter().try_for_each(|run| remove(paths, run))?;
    remove_empty(paths);
    Ok(left)
}

/// Removes a stored run.
pub fn remove(paths: &Paths, run: u64) -> Result<(), FileError> {
    // The snapshot first: without its journal it would be of no use.
    [SNAPSHOT, ROWS].into_iter().try_for_each(|ending| remove_file_on(&RealDisk, &path(paths, run, ending)))
}

/// Removes the directory of stored runs, if there are none.
pub fn remove_empty(paths: &Paths) {
    // One that holds something else stays, which is no fault.
    let _ = std::fs::remove_dir(paths.halfway());
}

/// The scenario of a run, its seed with it.
fn loaded(study: &Study, run: u64) -> Option<Loaded> {
    let (point, _) = study.place(run);
    let mut layers = study.layers(&study.settings(point));
    layers.push(Layer::assignment(format!("scenario.seed={}", study.seed(run))));
    load(&layers).ok()
}

/// Brings a run to the disk as far as it has come.
pub fn store(study: &Study, paths: &Paths, run: u64, halfway: Halfway) -> Result<(), TableError> {
    let Halfway { world, mut daily, at } = halfway;
    let target = path(paths, run, SNAPSHOT);
    let encode = |problem: String| TableError::Encode { path: target.clone(), problem };
    let of_journal = |error: JournalError| match error {
        JournalError::File(e) => e.into(),
        JournalError::Table(e) => e,
        other => encode(other.to_string()),
    };
    let loaded = loaded(study, run).ok_or_else(|| encode("its scenario cannot be loaded again".into()))?;
    create_directory(&paths.halfway())?;
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let rows = path(paths, run, ROWS);
    let mut journal = Journal::open(&disk, &rows, &at).map_err(of_journal)?;
    daily.take_new().iter().try_for_each(|new| journal.append(&rows, new)).map_err(of_journal)?;
    let journal = journal.sync().map_err(of_journal)?;
    let state = RunState {
        name: study.typed.experiment.scenario.clone(),
        format: "parquet".into(),
        period: "month".into(),
        journal,
        ..RunState::default()
    };
    let packed = pack(Content {
        world,
        seed: study.seed(run),
        scenario_digest: &loaded.digest,
        scenario: &loaded.resolved,
        run: &state,
    });
    Ok(packed.map_err(|e| encode(e.0))?.write(disk, &target)?)
}

/// A stored run, if it is whole and of this scenario and this program.
pub fn open_stored(study: &Study, paths: &Paths, run: u64, setup: &Setup) -> Option<Halfway> {
    let opened = open(&path(paths, run, SNAPSHOT)).ok()?;
    let head = &opened.snapshot.head;
    let same = head.version == PROGRAM && head.seed == study.seed(run) && head.day <= setup.days;
    if !same || loaded(study, run)?.digest != opened.loaded.digest {
        return None;
    }
    let (world, at) = (opened.snapshot.world, opened.snapshot.run.journal);
    let mut daily = Daily::new(setup);
    daily.stand_after(setup, &world);
    let rows = path(paths, run, ROWS);
    let misfit = || JournalError::Other { path: rows.clone(), problem: "it holds other rows".into() };
    replay(&rows, &at, |new| if daily.push_rows(&new) { Ok(()) } else { Err(misfit()) }).ok()?;
    (daily.days() == world.day as usize).then_some(Halfway { world, daily, at })
}
