//! The days of a run in a directory, with all that makes it possible to go on after any of them.

use super::SessionError;
use super::directory::{RunDirectory, snapshot_name};
use super::keeper::{Identity, Keeper, Order};
use crate::engine::{Sim, first_world};
use crate::observe::journal::{JournalError, Rows, replay};
use crate::observe::table::{Finished, Format};
use crate::observe::{Daily, Period, Recorder};
use crate::scenario::Loaded;
use crate::snapshot::{PROGRAM, RunState, Snapshot};
use crate::world::World;
use std::path::PathBuf;

/// Rows of a table that are waited for before they go to the journal, unless a snapshot is due.
const JOURNAL_ROWS: usize = 8_192;

/// A run in a directory.
pub struct Session<'s> {
    /// The simulation.
    pub sim: Sim<'s>,
    /// Measures by day.
    pub daily: Daily,
    directory: &'s RunDirectory,
    recorder: Recorder,
    keeper: Keeper,
    run: RunState,
    keep: usize,
}

/// A run that came to its end.
pub struct Done {
    /// Its tables.
    pub tables: Vec<Finished>,
    /// Measures by day.
    pub daily: Daily,
    /// Digest of the last world.
    pub digest: String,
}

/// Format and period of the tables of a run, by their names.
pub fn run_format(run: &RunState) -> Result<(Format, Period), SessionError> {
    let format = Format::ALL.into_iter().find(|f| f.name() == run.format);
    let period = Period::ALL.into_iter().find(|p| p.name() == run.period);
    format.zip(period).ok_or_else(|| {
        SessionError::Other(format!("tables as `{}` by `{}` are not known", run.format, run.period))
    })
}

impl<'s> Session<'s> {
    /// Begin on the first day.
    pub fn begin(
        directory: &'s RunDirectory,
        loaded: &'s Loaded,
        run: RunState,
        keep: usize,
    ) -> Result<Self, SessionError> {
        let world = first_world(&loaded.setup);
        let daily = Daily::new(&loaded.setup);
        directory.start_afresh()?;
        Self::start(directory, loaded, (world, daily), run, keep)
    }

    /// Begin with a world that another run came to. Its first snapshot is written at once, so that it can be resumed
    /// from its own directory.
    pub fn fork(
        directory: &'s RunDirectory,
        loaded: &'s Loaded,
        world: World,
        run: RunState,
        keep: usize,
    ) -> Result<Self, SessionError> {
        let daily = Daily::from(&loaded.setup, &world);
        directory.start_afresh()?;
        let mut session = Self::start(directory, loaded, (world, daily), run, keep)?;
        session.write_snapshot(false)?;
        Ok(session)
    }

    /// Go on from a snapshot in the directory: what was recorded before it is recorded again from the journal, and
    /// what was recorded after it is forgotten.
    pub fn resume(
        directory: &'s RunDirectory,
        loaded: &'s Loaded,
        snapshot: Snapshot,
        keep: usize,
    ) -> Result<Self, SessionError> {
        let Snapshot { world, run, .. } = snapshot;
        // Days before a fork are no part of its journal.
        let mut daily = Daily::from_day(&loaded.setup, run.recorded_from);
        daily.stand_after(&loaded.setup, &world);
        Self::start(directory, loaded, (world, daily), run, keep)
    }

    fn start(
        directory: &'s RunDirectory,
        loaded: &'s Loaded,
        (world, mut daily): (World, Daily),
        run: RunState,
        keep: usize,
    ) -> Result<Self, SessionError> {
        let setup = &loaded.setup;
        let (format, period) = run_format(&run)?;
        let metadata = metadata(loaded, &run);
        let period = (period, run.period_began);
        let (disk, path) = (directory.disk(), directory.path());
        let mut recorder = Recorder::create(disk, path, format, period, run.transitions, &metadata)?;
        let journal = directory.journal();
        replay(&journal, &run.journal, |rows| {
            let known =
                if rows.table >= Rows::MOVES { daily.push_rows(&rows) } else { recorder.push_rows(&rows)? };
            let unknown = || JournalError::Other {
                path: journal.clone(),
                problem: "it holds rows of a table that this run does not have".into(),
            };
            if known { Ok(()) } else { Err(unknown()) }
        })?;
        recorder.keep_new();
        let identity = Identity {
            seed: setup.scenario.scenario.seed,
            scenario_digest: loaded.digest.clone(),
            scenario: loaded.resolved.clone(),
        };
        let keeper = Keeper::start(directory, &run.journal, identity)?;
        let mut sim = Sim::new(setup, world);
        sim.transitions = run.transitions.then(Vec::new);
        Ok(Self { sim, daily, directory, recorder, keeper, run, keep })
    }

    /// Take down a day that was just simulated.
    pub fn take(&mut self) -> Result<(), SessionError> {
        self.daily.take(&self.sim);
        if self.recorder.take(&mut self.sim)? {
            self.daily.emptied();
        }
        let rows = self.recorder.take_new(JOURNAL_ROWS);
        self.keeper.rows(rows)
    }

    /// Whether days are left.
    pub fn goes_on(&self) -> bool {
        self.sim.world.day < self.sim.setup.days
    }

    /// Write a snapshot beside the run, unless one is still being written; says whether it will be.
    pub fn checkpoint(&mut self) -> Result<bool, SessionError> {
        if self.keeper.is_busy() {
            return Ok(false);
        }
        self.write_snapshot(false)?;
        Ok(true)
    }

    /// Write a snapshot that no later one replaces.
    pub fn keep_snapshot(&mut self) -> Result<PathBuf, SessionError> {
        self.write_snapshot(true)
    }

    /// Write a snapshot, wait for it, and end here.
    pub fn stop(mut self) -> Result<PathBuf, SessionError> {
        let path = self.write_snapshot(false)?;
        self.keeper.finish()?;
        Ok(path)
    }

    fn write_snapshot(&mut self, kept: bool) -> Result<PathBuf, SessionError> {
        let mut rows = self.recorder.take_new(1);
        rows.extend(self.daily.take_new());
        self.keeper.rows(rows)?;
        let day = self.sim.world.day;
        let name = snapshot_name(&self.sim.setup.calendar, day, kept);
        let path = self.directory.snapshots_path().join(name);
        let run = RunState { period_began: self.recorder.period_began(), ..self.run.clone() };
        let (world, keep) = (self.sim.world.clone(), (!kept).then_some(self.keep));
        self.keeper.snapshot(Order { world, run, path: path.clone(), keep })?;
        Ok(path)
    }

    /// Bring the tables to the disk under their names.
    pub fn finish(mut self) -> Result<Done, SessionError> {
        let tables = self.recorder.finish()?;
        // Last, so that a snapshot still being written is waited for beside the tables.
        self.keeper.finish()?;
        Ok(Done { tables, daily: self.daily, digest: crate::snapshot::last_digest(self.sim.world) })
    }
}

/// What Parquet files say of the run they are of.
fn metadata(loaded: &Loaded, run: &RunState) -> Vec<(String, String)> {
    let mut pairs = vec![
        ("scenario_digest".to_string(), loaded.digest.clone()),
        ("seed".to_string(), loaded.setup.scenario.scenario.seed.to_string()),
        ("landfall_version".to_string(), PROGRAM.to_string()),
    ];
    if let Some(parent) = run.lineage.last() {
        pairs.push(("forked_from".to_string(), parent.snapshot.clone()));
    }
    pairs
}
