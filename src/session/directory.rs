//! The directory of a run: who may write in it, what its snapshots are called, which of them are kept, and from which
//! one a run can go on.

use super::SessionError;
use crate::files::{
    DirectoryLock, Disk, FileError, create_directory, list_directory, remove_file_on, rename_on,
    sweep_leftovers,
};
use crate::observe::journal::replay;
use crate::scenario::calendar::Calendar;
use crate::snapshot::{Opened, open};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where snapshots are.
const SNAPSHOTS: &str = "snapshots";
/// What their names end with.
const ENDING: &str = ".snapshot";
/// What the names of those begin with that no later one replaces.
const KEPT: &str = "kept-";
/// The journal of rows.
const JOURNAL: &str = "rows.journal";

/// The directory of a run, held by this process.
pub struct RunDirectory {
    path: PathBuf,
    disk: Arc<dyn Disk>,
    _lock: DirectoryLock,
}

/// A snapshot from which a run can go on, and the more recent ones that cannot be used, with the reason.
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// The snapshot.
    pub opened: Opened,
    /// What had to be passed over.
    pub passed_over: Vec<Warning>,
}

/// A snapshot that cannot be used.
#[derive(Debug)]
pub struct Warning {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub why: SessionError,
}

impl Warning {
    /// Whether it was to be kept and is whole, and its journal is gone: it can be forked from, and nothing else.
    fn is_of_no_journal(&self) -> bool {
        matches!(self.why, SessionError::Journal(_)) && day_of(&self.path).is_some_and(|(_, kept)| kept)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.why)
    }
}

/// The name of the snapshot before a day: it sorts by day, and says the date.
pub fn snapshot_name(calendar: &Calendar, day: u32, kept: bool) -> String {
    let kept = if kept { KEPT } else { "" };
    format!("{kept}{day:07}-{}{ENDING}", calendar.date(day))
}

/// The day in the name of a snapshot, and whether it is one that no later one replaces.
fn day_of(path: &Path) -> Option<(u32, bool)> {
    let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let (rest, kept) = name.strip_prefix(KEPT).map_or((name, false), |rest| (rest, true));
    Some((rest.split('-').next()?.parse().ok()?, kept))
}

impl RunDirectory {
    /// Take the directory, made if there is none, and clear away what killed processes left half written.
    pub fn claim(disk: Arc<dyn Disk>, path: &Path) -> Result<Self, FileError> {
        create_directory(path)?;
        let lock = DirectoryLock::acquire(path)?;
        let directory = Self { path: path.to_path_buf(), disk, _lock: lock };
        sweep_leftovers(path)?;
        if directory.snapshots_path().is_dir() {
            sweep_leftovers(&directory.snapshots_path())?;
        }
        Ok(directory)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The disk it is on.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// The journal of rows.
    pub fn journal(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    /// Where snapshots are.
    pub fn snapshots_path(&self) -> PathBuf {
        self.path.join(SNAPSHOTS)
    }

    /// The snapshots by day, the most recent last.
    pub fn snapshots(&self) -> Result<Vec<PathBuf>, FileError> {
        snapshots_in(&self.snapshots_path())
    }

    /// Forget how far an earlier run came here: all its snapshots but those that were to be kept. Its journal is begun
    /// anew when it is opened, and stays until then: by it a directory is known as one that a run was begun in.
    pub fn start_afresh(&self) -> Result<(), FileError> {
        retain(&*self.disk, &self.snapshots_path(), 0)
    }

    /// Whether a run was begun here that has not come to its end: its journal is there.
    pub fn was_begun(&self) -> bool {
        self.journal().exists()
    }

    /// Whether there is a run to go on with. Snapshots that an earlier run was to keep are no part of a later one.
    pub fn can_go_on(&self) -> Result<bool, SessionError> {
        let rolling = |path: &PathBuf| day_of(path).is_some_and(|(_, kept)| !kept);
        Ok(self.snapshots()?.iter().any(rolling) || self.find(false)?.is_some())
    }

    /// Remove the journal: the tables are whole.
    pub fn remove_journal(&self) -> Result<(), FileError> {
        remove_file_on(&*self.disk, &self.journal())
    }

    /// The most recent snapshot that is whole and whose journal is. None if there is no snapshot, or only such as an
    /// earlier run was to keep; an error if none can be used, or if the most recent cannot and nothing less will do.
    pub fn find(&self, strict: bool) -> Result<Option<Found>, SessionError> {
        let mut passed_over: Vec<Warning> = Vec::new();
        for path in self.snapshots()?.into_iter().rev() {
            match self.try_open(&path) {
                Ok(opened) => return Ok(Some(Found { path, opened, passed_over })),
                // Another version is no damage: an older snapshot would not do better.
                Err(SessionError::Snapshot(e)) if !e.is_damage() => return Err(e.into()),
                Err(why) if strict => return Err(why),
                Err(why) => passed_over.push(Warning { path, why }),
            }
        }
        match passed_over.into_iter().find(|warning| !warning.is_of_no_journal()) {
            None => Ok(None),
            Some(Warning { why, .. }) => {
                let path = self.snapshots_path();
                Err(SessionError::Other(format!("no snapshot under {} can be used; {why}", path.display())))
            }
        }
    }

    fn try_open(&self, path: &Path) -> Result<Opened, SessionError> {
        let opened = open(path)?;
        replay(&self.journal(), &opened.snapshot.run.journal, |_| Ok(()))?;
        Ok(opened)
    }

    /// Put snapshots that cannot be used out of the way, under another name. One that was to be kept and is whole
    /// stays: its journal is gone, and it can still be forked from.
    pub fn set_aside(&self, unusable: &[Warning]) -> Result<(), FileError> {
        for Warning { path, .. } in unusable.iter().filter(|w| !w.is_of_no_journal()) {
            let mut aside = path.clone().into_os_string();
            aside.push(".unusable");
            rename_on(&*self.disk, path, Path::new(&aside))?;
        }
        Ok(())
    }
}

fn snapshots_in(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let mut found: Vec<PathBuf> =
        list_directory(directory)?.into_iter().filter(|path| day_of(path).is_some()).collect();
    found.sort_by_key(|path| day_of(path));
    Ok(found)
}

/// Removes all snapshots but the last so many, and those that are to be kept.
pub(super) fn retain(disk: &dyn Disk, directory: &Path, last: usize) -> Result<(), FileError> {
    let mut rolling = snapshots_in(directory)?;
    rolling.retain(|path| day_of(path).is_some_and(|(_, kept)| !kept));
    let over = rolling.len().saturating_sub(last);
    rolling[..over].iter().try_for_each(|path| remove_file_on(disk, path))
}
