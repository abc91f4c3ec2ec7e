//! The thread beside a run that writes its journal and its snapshots. It computes nothing: what it is given are rows
//! and copies of the world, and the run goes on while it compresses them and waits for the disk.

use super::SessionError;
use super::directory::{RunDirectory, retain};
use crate::files::{Disk, create_directory};
use crate::observe::journal::{Journal, Rows};
use crate::snapshot::{Content, JournalPosition, RunState, pack};
use crate::world::World;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Orders that may wait: a run that is faster than the disk waits for it when there are so many.
const MOST_WAITING: usize = 64;

/// A snapshot to write.
pub(super) struct Order {
    /// The world.
    pub(super) world: World,
    /// The run, but for its place in the journal.
    pub(super) run: RunState,
    /// The file.
    pub(super) path: PathBuf,
    /// How many snapshots to keep after it; none: it counts for itself.
    pub(super) keep: Option<usize>,
}

enum Task {
    Rows(Vec<Rows>),
    Snapshot(Box<Order>),
}

/// What the thread needs of the scenario.
pub(super) struct Identity {
    pub(super) seed: u64,
    pub(super) scenario_digest: String,
    pub(super) scenario: String,
}

/// The run's end of the thread.
pub(super) struct Keeper {
    orders: Option<SyncSender<Task>>,
    thread: Option<JoinHandle<Result<(), SessionError>>>,
    busy: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
}

impl Keeper {
    /// Start it, with the journal at a place.
    pub(super) fn start(
        directory: &RunDirectory,
        at: &JournalPosition,
        identity: Identity,
    ) -> Result<Self, SessionError> {
        let path = directory.journal();
        let writer = Writer {
            journal: Journal::open(directory.disk(), &path, at)?,
            path,
            snapshots: directory.snapshots_path(),
            disk: directory.disk().clone(),
            identity,
        };
        let (busy, failed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (orders, waiting) = sync_channel(MOST_WAITING);
        let (seen_busy, seen_failed) = (busy.clone(), failed.clone());
        let work = move || {
            let done = writer.work(&waiting, &seen_busy);
            seen_failed.store(done.is_err(), Ordering::Release);
            done
        };
        let thread = std::thread::Builder::new().name("keeper".into()).spawn(work);
        let thread = thread.map_err(|e| SessionError::Other(format!("cannot start a thread: {e}")))?;
        Ok(Self { orders: Some(orders), thread: Some(thread), busy, failed })
    }

    /// Whether a snapshot is still being written.
    pub(super) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Acquire)
    }

    /// Hand over rows for the journal.
    pub(super) fn rows(&mut self, rows: Vec<Rows>) -> Result<(), SessionError> {
        if rows.is_empty() && !self.failed.load(Ordering::Acquire) {
            Ok(())
        } else {
            self.order(Task::Rows(rows))
        }
    }

    /// Hand over a snapshot to write, after the rows handed over before.
    pub(super) fn snapshot(&mut self, order: Order) -> Result<(), SessionError> {
        self.busy.store(true, Ordering::Release);
        self.order(Task::Snapshot(Box::new(order)))
    }

    fn order(&mut self, task: Task) -> Result<(), SessionError> {
        let sent = self.orders.as_ref().is_some_and(|orders| orders.send(task).is_ok());
        if sent && !self.failed.load(Ordering::Acquire) {
            return Ok(());
        }
        self.finish()?;
        Err(SessionError::Other("the thread that writes snapshots has ended".into()))
    }

    /// Wait until all that was handed over is on the disk.
    pub(super) fn finish(&mut self) -> Result<(), SessionError> {
        self.orders = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(done)) => done,
            Some(Err(_)) => Err(SessionError::Other("the thread that writes snapshots has failed".into())),
            None => Ok(()),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // A run that is given up must not leave a thread that writes in its directory. Its error, if there is one, has
        // been told or comes second.
        let _ = self.finish();
    }
}

/// What the thread works with.
struct Writer {
    journal: Journal,
    path: PathBuf,
    snapshots: PathBuf,
    disk: Arc<dyn Disk>,
    identity: Identity,
}

impl Writer {
    fn work(mut self, orders: &Receiver<Task>, busy: &AtomicBool) -> Result<(), SessionError> {
        for task in orders {
            match task {
                Task::Rows(rows) => rows.iter().try_for_each(|rows| self.journal.append(&self.path, rows))?,
                Task::Snapshot(order) => {
                    self.write(*order)?;
                    busy.store(false, Ordering::Release);
                }
            }
        }
        Ok(())
    }

    /// The journal first: a snapshot that is whole must find all rows it counts on.
    fn write(&mut self, order: Order) -> Result<(), SessionError> {
        let Order { world, mut run, path, keep } = order;
        run.journal = self.journal.sync()?;
        let Identity { seed, scenario_digest, scenario } = &self.identity;
        let packed = pack(Content { world, seed: *seed, scenario_digest, scenario, run: &run })?;
        create_directory(&self.snapshots)?;
        packed.write(self.disk.clone(), &path)?;
        if let Some(keep) = keep {
            retain(&*self.disk, &self.snapshots, keep)?;
        }
        Ok(())
    }
}
