//! The promise: same scenario, seed and version, byte-identical results, straight through or stopped and resumed any
//! number of times at any day, on any number of threads, whatever the disk did in between.

mod common;

use common::{Numbers, SHORT, full};
use landfall::files::{Disk, DiskFile, RealDisk};
use landfall::scenario::read::Layer;
use landfall::scenario::{Loaded, load};
use landfall::session::{RunDirectory, Session, SessionError, graft};
use landfall::snapshot::{Opened, RunState, check, open};
use rayon::ThreadPoolBuilder;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// The real disk without waiting for it, of which the N-th operation may fail.
struct TestDisk {
    count: Arc<AtomicU32>,
    fails_at: u32,
    for_good: bool,
}

impl TestDisk {
    fn sound() -> Arc<dyn Disk> {
        Self::failing(u32::MAX, false).0
    }

    fn failing(fails_at: u32, for_good: bool) -> (Arc<dyn Disk>, Arc<AtomicU32>) {
        let count = Arc::new(AtomicU32::new(0));
        (Arc::new(Self { count: count.clone(), fails_at, for_good }), count)
    }

    fn step(&self) -> io::Result<()> {
        step(&self.count, self.fails_at, self.for_good)
    }
}

fn step(count: &AtomicU32, fails_at: u32, for_good: bool) -> io::Result<()> {
    let n = count.fetch_add(1, Ordering::SeqCst) + 1;
    if n == fails_at || (for_good && n > fails_at) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
}

struct TestFile {
    file: Box<dyn DiskFile>,
    count: Arc<AtomicU32>,
    fails_at: u32,
    for_good: bool,
}

impl Write for TestFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        step(&self.count, self.fails_at, self.for_good)?;
        self.file.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl DiskFile for TestFile {
    fn sync(&mut self) -> io::Result<()> {
        step(&self.count, self.fails_at, self.for_good)
    }
}

impl TestDisk {
    fn wrap(&self, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let (count, fails_at, for_good) = (self.count.clone(), self.fails_at, self.for_good);
        Box::new(TestFile { file, count, fails_at, for_good })
    }
}

impl Disk for TestDisk {
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step()?;
        Ok(self.wrap(RealDisk.create_new(path)?))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.remove(path)
    }
    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        self.step()
    }
    fn open_growing(&self, path: &Path, length: u64) -> io::Result<Box<dyn DiskFile>> {
        self.step()?;
        Ok(self.wrap(RealDisk.open_growing(path, length)?))
    }
}

fn loaded(changes: &[&str]) -> Loaded {
    let mut layers = vec![Layer::file("short.toml", SHORT)];
    layers.extend(changes.iter().map(|&change| Layer::assignment(change)));
    load(&layers).unwrap_or_else(|problems| panic!("{problems}"))
}

fn asked() -> RunState {
    let (name, format, period) = ("short".into(), "both".into(), "month".into());
    RunState { name, format, period, transitions: true, ..RunState::default() }
}

/// The result files of a run by name: its tables and their metadata, and the digest of its last world.
type Results = BTreeMap<String, Vec<u8>>;

fn tables_in(directory: &Path) -> Results {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let tables = files.filter(|p| p.extension().is_some_and(|e| e == "parquet" || e == "csv"));
    tables.map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(p).unwrap())).collect()
}

fn go_to(session: &mut Session<'_>, day: u32) -> Result<(), SessionError> {
    while session.sim.world.day < day {
        session.sim.step();
        session.take()?;
    }
    Ok(())
}

fn to_the_end(mut session: Session<'_>, directory: &Path) -> Result<Results, SessionError> {
    let days = session.sim.setup.days;
    go_to(&mut session, days)?;
    let done = session.finish()?;
    let mut results = tables_in(directory);
    results.insert("(last world)".into(), done.digest.into_bytes());
    results.insert("(measures)".into(), format!("{:?}", done.daily.moves()).into_bytes());
    Ok(results)
}

fn claim(disk: Arc<dyn Disk>, path: &Path) -> RunDirectory {
    RunDirectory::claim(disk, path).unwrap()
}

fn straight_through(loaded: &Loaded) -> Results {
    let dir = tempfile::tempdir().unwrap();
    let directory = claim(TestDisk::sound(), dir.path());
    to_the_end(Session::begin(&directory, loaded, asked(), 3).unwrap(), dir.path()).unwrap()
}

fn resume(directory: &RunDirectory, to: Option<u32>) -> Results {
    let Opened { snapshot, loaded } = directory.find(true).unwrap().expect("a snapshot").opened;
    let mut session = Session::resume(directory, &loaded, snapshot, 1000).unwrap();
    match to {
        None => to_the_end(session, directory.path()).unwrap(),
        Some(day) => {
            go_to(&mut session, day).unwrap();
            session.stop().unwrap();
            Results::new()
        }
    }
}

fn same(found: &Results, expected: &Results, context: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{context}");
    let differ: Vec<&String> = expected.keys().filter(|k| found[*k] != expected[*k]).collect();
    assert!(differ.is_empty(), "{context}: {differ:?} differ");
}

#[test]
fn a_run_stopped_every_day_and_resumed_on_other_threads_each_time_ends_the_same() {
    let loaded = loaded(&[]);
    let expected = straight_through(&loaded);
    assert!(expected.len() > 15 && expected["transitions.csv"].len() > 10_000);
    let dir = tempfile::tempdir().unwrap();
    let directory = claim(TestDisk::sound(), dir.path());
    Session::begin(&directory, &loaded, asked(), 2).unwrap().stop().unwrap();
    let pools: Vec<_> =
        [1, 2, 3, 8].map(|n| ThreadPoolBuilder::new().num_threads(n).build().unwrap()).into_iter().collect();
    for day in 1..loaded.setup.days {
        pools[day as usize % 4].install(|| resume(&directory, Some(day)));
        assert!(tables_in(dir.path()).is_empty(), "no table before the end");
    }
    same(&resume(&directory, None), &expected, "stopped every day");
}

/// A directory as it would be after the run was killed with the snapshot of a day as its last.
fn left_at(source: &Path, snapshot: &Path) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("snapshots")).unwrap();
    fs::copy(source.join("rows.journal"), dir.path().join("rows.journal")).unwrap();
    fs::copy(snapshot, dir.path().join("snapshots").join(snapshot.file_name().unwrap())).unwrap();
    dir
}

#[test]
fn a_run_resumed_from_any_day_ends_the_same() {
    let loaded = loaded(&[]);
    let expected = straight_through(&loaded);
    let dir = tempfile::tempdir().unwrap();
    let directory = claim(TestDisk::sound(), dir.path());
    let mut session = Session::begin(&directory, &loaded, asked(), 1000).unwrap();
    for day in 1..loaded.setup.days {
        go_to(&mut session, day).unwrap();
        session.keep_snapshot().unwrap();
    }
    session.stop().unwrap();
    let snapshots: Vec<PathBuf> = directory.snapshots().unwrap();
    assert!(snapshots.len() as u32 >= loaded.setup.days - 1);
    let (step, threads) = if full() { (1, &[1, 2, 3, 8][..]) } else { (9, &[1, 2][..]) };
    for threads in threads {
        let pool = ThreadPoolBuilder::new().num_threads(*threads).build().unwrap();
        for snapshot in snapshots.iter().skip(*threads).step_by(step) {
            let left = left_at(dir.path(), snapshot);
            let directory = claim(TestDisk::sound(), left.path());
            let context = format!("{} on {threads} threads", snapshot.display());
            same(&pool.install(|| resume(&directory, None)), &expected, &context);
        }
    }
}

/// One run with two checkpoints on a disk of which an operation may fail.
fn on(disk: Arc<dyn Disk>, path: &Path, loaded: &Loaded) -> Result<Results, SessionError> {
    let directory = RunDirectory::claim(disk, path)?;
    let mut session = Session::begin(&directory, loaded, asked(), 2)?;
    for day in [20, 40, 60] {
        go_to(&mut session, day)?;
        session.keep_snapshot()?;
        session.checkpoint()?;
    }
    to_the_end(session, path)
}

/// Every operation on the disk fails once, for every N, and then stays away from the N-th on: never a panic, never a
/// wrong file under a valid name, and once there is room the run goes on to the same bytes.
#[test]
fn whichever_operation_fails_the_run_can_be_resumed() {
    let loaded = loaded(&["scenario.end=2001-12-31", "populations.south.households=900.0"]);
    let expected = straight_through(&loaded);
    let (sound, count) = TestDisk::failing(u32::MAX, false);
    let dir = tempfile::tempdir().unwrap();
    same(&on(sound, dir.path(), &loaded).unwrap(), &expected, "nothing fails");
    let operations = count.load(Ordering::SeqCst);
    assert!(operations > 100, "{operations}");
    let mut numbers = Numbers(3);
    let (mut n, mut failed) = (1, 0);
    while n <= operations + 20 {
        let dir = tempfile::tempdir().unwrap();
        let (disk, _) = TestDisk::failing(n, n % 2 == 0);
        match on(disk, dir.path(), &loaded) {
            Ok(results) => same(&results, &expected, &format!("operation {n}")),
            Err(error) => {
                failed += 1;
                let text = error.to_string();
                assert!(text.contains(&*dir.path().to_string_lossy()), "{n}: no file is named in: {text}");
                let left = tables_in(dir.path());
                assert!(left.iter().all(|(name, bytes)| expected[name] == *bytes), "{n}: half a table");
                let directory = claim(TestDisk::sound(), dir.path());
                for snapshot in directory.snapshots().unwrap() {
                    open(&snapshot).unwrap_or_else(|e| panic!("{n}: {e}"));
                }
                let again = match directory.find(false).unwrap() {
                    Some(_) => resume(&directory, None),
                    None => to_the_end(Session::begin(&directory, &loaded, asked(), 3).unwrap(), dir.path())
                        .unwrap(),
                };
                same(&again, &expected, &format!("resumed after operation {n} failed"));
            }
        }
        n += if full() { 1 } else { 1 + numbers.below(9) as u32 };
    }
    assert!(failed > 20, "{failed} of {operations}");
}

fn kept_at(loaded: &Loaded, day: u32) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let directory = claim(TestDisk::sound(), dir.path());
    let mut session = Session::begin(&directory, loaded, asked(), 3).unwrap();
    go_to(&mut session, day).unwrap();
    let path = session.keep_snapshot().unwrap();
    session.stop().unwrap();
    (dir, path)
}

/// The last world of a future, every day of it checked.
fn future(parent: &Path, loaded: &Loaded) -> String {
    let Opened { snapshot, loaded: before } = open(parent).unwrap();
    let day = snapshot.head.day;
    let world = graft(snapshot.world, &before.setup, &loaded.setup).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let directory = claim(TestDisk::sound(), dir.path());
    let run = RunState { recorded_from: day, period_began: snapshot.run.period_began, ..asked() };
    let mut session = Session::fork(&directory, loaded, world, run, 3).unwrap();
    for day in day..loaded.setup.days {
        go_to(&mut session, day + 1).unwrap();
        check(&loaded.setup, &session.sim.world).unwrap_or_else(|e| panic!("day {day}: {e}"));
    }
    session.finish().unwrap().digest
}

#[test]
fn a_fork_that_changes_nothing_is_the_same_future_and_one_that_changes_something_is_another() {
    let plain = loaded(&[]);
    let end = String::from_utf8(straight_through(&plain).remove("(last world)").unwrap()).unwrap();
    let (_dir, parent) = kept_at(&plain, 150);
    assert_eq!(future(&parent, &plain), end);
    let mut seen = vec![end];
    for change in [
        // Other luck: what people are stays as it was, and everybody is still accounted for on every day.
        "scenario.seed=99",
        "ladders.sea.schedule.1.rung=\"rescue_and_admit\"",
        "switches.onward=false",
        "places.camp.capacity=0.0",
    ] {
        let digest = future(&parent, &loaded(&[change]));
        assert!(!seen.contains(&digest), "{change} changed nothing");
        seen.push(digest);
    }
}

/// What a scenario says from a day on may as well be said from the start: the fork is the run.
#[test]
fn a_policy_changed_by_a_fork_is_the_policy_that_was_meant_all_along() {
    let (plain, changed) = (loaded(&[]), loaded(&["ladders.sea.schedule.1.date=2001-11-01"]));
    let meant = String::from_utf8(straight_through(&changed).remove("(last world)").unwrap()).unwrap();
    let (_dir, parent) = kept_at(&plain, 200);
    assert_eq!(future(&parent, &changed), meant);
}

#[test]
fn ladders_and_arrangements_may_come_and_go_and_nothing_else_may() {
    let plain = loaded(&[]);
    let (_dir, parent) = kept_at(&plain, 100);
    let graft_onto = |text: &str| {
        let Opened { snapshot, loaded: before } = open(&parent).unwrap();
        let onto = load(&[Layer::file("new.toml", text)]).unwrap_or_else(|problems| panic!("{problems}"));
        graft(snapshot.world, &before.setup, &onto.setup).map(|world| world.arrangements.len())
    };
    let pact = "\n[[arrangements]]\nname = \"pact\"\nparties = [\"NOR\", \"EST\"]\nin_force = 2001-08-01\n\
                [arrangements.readmission]\nby = \"EST\"\n";
    let before = plain.setup.arrangements.len();
    let more = SHORT.replacen("\n[[events]]", &format!("{pact}\n[[events]]"), 1);
    assert_eq!(graft_onto(&more), Ok(before + 1));
    for (from, to, told) in [
        ("[routes.west_road]", "[routes.west_street]", "routes must stay the same"),
        ("name = \"wide\"", "name = \"broad\"", "rung `wide`"),
        ("start = 2001-01-01", "start = 2000-12-30", "scenario.start"),
        ("end = 2001-12-31", "end = 2002-01-31", ""),
    ] {
        let text = SHORT.replace(from, to).replace("rung = \"wide\"", "rung = \"narrow\"");
        match graft_onto(&text) {
            Ok(_) => assert!(told.is_empty(), "{to}"),
            Err(problem) => assert!(!told.is_empty() && problem.contains(told), "{to}: {problem}"),
        }
    }
}
