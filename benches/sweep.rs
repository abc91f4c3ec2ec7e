//! What a sweep costs beside its runs: members alone and through the machinery of a sweep, on one thread and on two; and
//! a million runs of next to nothing, killed in the middle and gone on with.
//!
//! `cargo bench --bench sweep` prints a line of a table for each; medians, what is compared being measured in turn.
#![allow(clippy::disallowed_methods, reason = "a benchmark is about the clock")]

#[path = "../tests/common/mod.rs"]
mod common;

use landfall::experiment::dataset::Paths;
use landfall::experiment::row::Worker;
use landfall::experiment::study::{Draft, Study, Text};
use landfall::experiment::sweep::{Sharing, Sweep};
use landfall::scenario::library;
use landfall::scenario::read::Layer;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Runs of the shipped scenario over its first months, some 20 ms each, four at a point.
const MONTHS: &str = r#"
[experiment]
scenario = "us_cuba"
design = "latin_hypercube"
points = 32
replicates = 4
[[factors]]
name = "half_life_days"
path = "beliefs.half_life_days"
low = 20.0
high = 200.0
[[outputs]]
measure = "interdicted"
population = "cuba"
from = 1991-01-01
to = 1992-06-30
"#;

/// A million runs over ten households and five days.
const MILLION: &str = r#"
[experiment]
scenario = "few.toml"
design = "latin_hypercube"
points = 10000
replicates = 100
[[factors]]
name = "rate"
path = "populations.people.departures_per_thousand_year"
low = 100.0
high = 400.0
[[outputs]]
name = "out"
measure = "set_out"
"#;

fn study() -> Option<Study> {
    let draft = Draft::read(&Text { name: "bench.toml".into(), text: MONTHS.into() }).ok()?;
    draft.finish(&[Layer::file("us_cuba.toml", library::SHIPPED[0].text)], None).ok()
}

/// Seconds of something.
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let clock = Instant::now();
    black_box(work());
    clock.elapsed().as_secs_f64()
}

fn median(mut sample: Vec<f64>) -> f64 {
    sample.sort_by(f64::total_cmp);
    sample[sample.len() / 2]
}

/// A whole sweep, in a directory that is thrown away.
fn sweep(study: &Study, threads: usize) -> u64 {
    let (Ok(place), Ok(pool)) =
        (tempfile::tempdir(), rayon::ThreadPoolBuilder::new().num_threads(threads).build())
    else {
        return 0;
    };
    let Ok(sweep) = Sweep::open(study, Paths::of(place.path()), 0..study.runs()) else { return 0 };
    let sharing = Sharing { members: threads, batch: 4 };
    pool.install(|| sweep.work(sharing, &AtomicBool::new(false), |_| {})).map_or(0, |p| p.done)
}

fn small_members() {
    let Some(study) = study() else { return };
    let runs = study.runs();
    let (mut alone, mut one, mut two) = (vec![], vec![], vec![]);
    for _ in 0..7 {
        alone.push(timed(|| {
            let mut worker = Worker::new(&study);
            (0..runs).for_each(|run| _ = black_box(worker.run(run)));
        }));
        one.push(timed(|| sweep(&study, 1)));
        two.push(timed(|| sweep(&study, 2)));
    }
    let (alone, one, two) = (median(alone), median(one), median(two));
    let each = |seconds: f64| seconds * 1e3 / runs as f64;
    println!("| what | beside | measured | ratio | aim |");
    println!("| --- | --- | --- | --- | --- |");
    println!(
        "| members through the machinery of a sweep | {:.2} ms each alone | {:.2} ms each | {:.1} % more | below 3 % |",
        each(alone),
        each(one),
        100.0 * (one / alone - 1.0)
    );
    println!(
        "| the same on two threads | {:.2} ms each on one | {:.2} ms each on two | {:.0} % efficiency | at least 85 % |",
        each(one),
        each(two),
        100.0 * one / (2.0 * two)
    );
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Memory a process holds, in megabytes.
fn memory(child: &Child, key: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap_or(f64::NAN) / 1024.0
}

fn a_million() -> std::io::Result<()> {
    let place = tempfile::tempdir()?;
    let few = common::BARE
        .replace("end = 2002-12-31", "end = 2001-01-05")
        .replace("households = 3000.0", "households = 10.0");
    fs::write(place.path().join("few.toml"), few)?;
    fs::write(place.path().join("million.toml"), MILLION)?;
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfall"));
        command.args(["sweep", "million.toml", "--quiet", "--out", "s", "--threads", "2"]);
        command.current_dir(place.path()).stdin(Stdio::null()).stdout(Stdio::null()).spawn()
    };
    let whole = || files(&place.path().join("s/runs")).len();
    let wait_for = |n: usize, child: &mut Child| -> std::io::Result<()> {
        while whole() < n && child.try_wait()?.is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    };
    let clock = Instant::now();
    let mut child = start()?;
    wait_for(25, &mut child)?;
    let early = memory(&child, "VmRSS:");
    wait_for(128, &mut child)?;
    child.kill()?;
    child.wait()?;
    let first = clock.elapsed().as_secs_f64();
    let (done, clock) = (whole(), Instant::now());
    let mut child = start()?;
    wait_for(done + 1, &mut child)?;
    let again = clock.elapsed().as_secs_f64();
    wait_for(250, &mut child)?;
    let late = memory(&child, "VmHWM:");
    let success = child.wait()?.success();
    let seconds = first + clock.elapsed().as_secs_f64();
    let all = files(&place.path().join("s"));
    let bytes: u64 = all.iter().filter_map(|path| fs::metadata(path).ok()).map(|about| about.len()).sum();
    println!("| what | measured | aim |");
    println!("| --- | --- | --- |");
    println!(
        "| a million runs of ten households and five days, two threads, killed in the middle | {seconds:.0} s in all \
         (success: {success}); {early:.0} MB after a tenth, {late:.0} MB at most; {} files, {:.1} MB | minutes; memory \
         flat; directory small |",
        all.len(),
        bytes as f64 / 1e6
    );
    println!(
        "| from its start after the kill to the next whole file of 3,907 runs | {again:.1} s | seconds |"
    );
    Ok(())
}

fn main() {
    // A name on the command line chooses benchmarks, as elsewhere.
    let chosen = std::env::args().skip(1).filter(|a| !a.starts_with('-')).all(|a| "sweep".contains(&a));
    if chosen {
        small_members();
        if let Err(error) = a_million() {
            println!("a million runs: {error}");
        }
    }
}
