//! A sweep of long runs that is told to stop stores those in progress and goes on from there, however often it is told,
//! on however many threads, killed in the midst of storing or not: the bytes are those of a sweep that nobody stopped.
//! So are those of one that ran out of room, or whose runs are very many; and a run that panics is a row.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "how long to wait for a child is about the clock")]

mod common;
#[path = "common/disk.rs"]
mod disk;
mod sweeping;

use common::Numbers;
use disk::Small;
use landfall::experiment::row::quiet_caught_panics;
use landfall::experiment::study::{Draft, Study, Text};
use landfall::experiment::sweep::{Sharing, Sweep};
use landfall::scenario::read::Layer;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use sweeping::{GRID, Place, differing, error_of, full, rows, trivial};

const RESUMABLE: Option<i32> = Some(75);

/// Three runs of a second or so each: a hundred years of a scenario in which nearly everything happens.
const LONG: &str = r#"
[experiment]
scenario = "long.toml"
design = "random"
points = 3
replicates = 1

[[factors]]
path = "populations.south.departures_per_thousand_year"
low = 100.0
high = 300.0

[[outputs]]
name = "out"
measure = "set_out"

[[series]]
measure = "set_out"
every = "month"
"#;

fn place() -> Place {
    let place = Place::new();
    // Many households, so that a run is long on a quick machine too: what is over at once cannot be stopped.
    let more =
        [("end = 2001-12-31", "end = 2100-12-31"), ("= 8000.0", "= 48000.0"), ("= 6000.0", "= 36000.0")];
    let text = more.iter().fold(common::SHORT.to_string(), |text, (old, new)| text.replace(old, new));
    place.write("long.toml", &text);
    place.write("runs.toml", LONG);
    place
}

fn tell(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Stored runs under a directory, by their snapshots.
fn stored(place: &Place, out: &str) -> Vec<String> {
    let names = place.contents(out).into_keys().filter(|name| name.starts_with("halfway/"));
    names.filter(|name| name.ends_with(".snapshot")).collect()
}

#[test]
fn runs_in_progress_are_stored_and_gone_on_with() {
    let place = place();
    let started = Instant::now();
    place.done(&["sweep", "runs.toml", "-q", "--out", "whole", "--threads", "1"]);
    let one = started.elapsed() / 3;
    assert!(one > Duration::from_millis(400), "a run takes {one:?}: too short to be stored");
    let (mut stops, mut gone_on) = (0, 0);
    for turn in 0.. {
        assert!(turn < 40, "it comes to no end");
        let (threads, signal) = (["2", "1", "3"][turn % 3], ["-USR1", "-TERM", "-INT"][turn % 3]);
        let before = stored(&place, if turn == 0 { "whole" } else { "s" });
        gone_on += usize::from(!before.is_empty());
        let command = ["sweep", "runs.toml", "-q", "--out", "s", "--threads", threads];
        let child = place.command(&command).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(one.mul_f64(0.4));
        tell(&child, signal);
        let told = Instant::now();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            break;
        }
        assert_eq!(output.status.code(), RESUMABLE, "{signal}: {}", error_of(&output));
        assert!(told.elapsed() < one + Duration::from_secs(5), "it went on for {:?}", told.elapsed());
        let names = stored(&place, "s");
        let message = error_of(&output);
        let said = format!("{} that had begun are stored", names.len());
        assert!(message.contains(&said) || names.is_empty(), "{message}");
        // Each is a snapshot like any other.
        for name in &names {
            place.done(&["snapshot", "verify", &format!("s/{name}")]);
        }
        let status = place.done(&["sweep", "status", "s"]);
        assert!(status.contains(&format!("{} begun", names.len())) || names.is_empty(), "{status}");
        stops += usize::from(!names.is_empty());
    }
    assert!(stops > 1 && gone_on > 1, "stopped {stops} times with runs in progress");
    assert_eq!(differing(&place.contents("whole"), &place.contents("s")), [""; 0]);
    assert!(!place.path("s/halfway").exists(), "nothing is left over");
}

/// The signal comes, and then, while runs are being stored, the kill.
#[test]
fn a_kill_while_runs_are_stored_costs_no_byte() {
    let place = place();
    place.done(&["sweep", "runs.toml", "-q", "--out", "whole"]);
    let whole = place.contents("whole");
    let mut numbers = Numbers(std::process::id().into());
    let (mut killed, kills) = (0, if full() { 40 } else { 6 });
    for turn in 0..kills {
        let child = place.command(&["sweep", "runs.toml", "-q", "--out", "k"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150 + numbers.below(300)));
        tell(&child, "-TERM");
        // Patience is 200 ms, and storing takes next to nothing on a quick machine: every other kill comes as patience
        // ends or just before, so that some are in time, the others in the midst of storing or after it.
        let (from, within) = if turn % 2 == 0 { (150_000, 55_000) } else { (195_000, 65_000) };
        std::thread::sleep(Duration::from_micros(from + numbers.below(within)));
        tell(&child, "-KILL");
        let mut child = child;
        killed += u32::from(child.wait().unwrap().code().is_none());
        for name in stored(&place, "k") {
            place.done(&["snapshot", "verify", &format!("k/{name}")]);
        }
        assert!(turn > 0 || !place.contents("k").keys().any(|name| name.starts_with("runs/")));
    }
    assert!(killed > 0, "no kill came in time");
    println!("{killed} of {kills} killed");
    place.done(&["sweep", "runs.toml", "-q", "--out", "k"]);
    assert_eq!(differing(&whole, &place.contents("k")), [""; 0]);
    assert!(!place.path("k/halfway").exists());
}

/// What is stored and does not fit is done again from its beginning, and removed.
#[test]
fn stored_runs_that_do_not_fit_are_begun_again() {
    let place = place();
    place.done(&["sweep", "runs.toml", "-q", "--out", "whole"]);
    let whole = place.contents("whole");
    // One byte changed, cut short, empty.
    for (ending, change) in [("snapshot", 'b'), ("rows", 'c'), ("snapshot", 'e')] {
        let mut names = Vec::new();
        // On a machine that is busy the moment may be missed.
        for _ in 0..20 {
            let mut child = place.command(&["sweep", "runs.toml", "-q", "--out", "d"]).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(150));
            tell(&child, "-USR1");
            assert_eq!(child.wait().unwrap().code(), RESUMABLE);
            names = stored(&place, "d");
            if !names.is_empty() {
                break;
            }
        }
        assert!(!names.is_empty());
        for name in &names {
            let path = place.path(&format!("d/{}", name.replace("snapshot", ending)));
            let mut bytes = std::fs::read(&path).unwrap();
            match change {
                'b' => bytes[300] ^= 1,
                'c' => bytes.truncate(60),
                _ => bytes.clear(),
            }
            std::fs::write(&path, bytes).unwrap();
        }
        place.write("d/halfway/run_00000099.rows", "of no run");
        place.done(&["sweep", "runs.toml", "-q", "--out", "d"]);
        std::fs::remove_file(place.path("d/halfway/run_00000099.rows")).unwrap_or_default();
        assert_eq!(differing(&whole, &place.contents("d")), [""; 0]);
        std::fs::remove_dir_all(place.path("d")).unwrap();
    }
}

fn study(text: &str) -> Study {
    let draft = Draft::read(&Text { name: "grid.toml".into(), text: text.into() }).unwrap();
    draft.finish(&[Layer::file("trivial.toml", trivial())], None).unwrap()
}

/// Days that panic in some runs of a sweep: those runs are rows with the reason and the command that does each again,
/// the others are what they would have been, and the program tells of it.
#[test]
fn a_panic_in_a_run_is_a_row_and_the_rest_goes_on() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "whole"]);
    // The directory as the program makes it, without the results.
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    std::fs::remove_dir_all(place.path("s/runs")).unwrap();
    std::fs::remove_dir_all(place.path("s/series")).unwrap();
    let study = study(GRID);
    let paths = landfall::experiment::dataset::Paths::of(&place.path("s"));
    quiet_caught_panics();
    let failing = |sim: &mut landfall::engine::Sim<'_>| {
        let seed = sim.setup.scenario.scenario.seed;
        assert!(seed != 4 || sim.world.day < 20, "the boats of day {} were lost", sim.world.day);
        sim.step();
    };
    let sweep = Sweep::open(&study, paths, 0..study.runs()).unwrap().stepping(&failing);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let sharing = Sharing { members: 3, batch: 4 };
    let done = pool.install(|| sweep.work(sharing, &AtomicBool::new(false), |_| {})).unwrap();
    assert_eq!((done.done, done.failed), (120, 12));
    drop(sweep);
    // The same seed at each of twelve points.
    let (found, whole) = (rows(&place.path("s")), rows(&place.path("whole")));
    for (n, (found, whole)) in found.iter().zip(&whole).enumerate() {
        let text = found.to_string();
        if n % 10 == 3 {
            assert!(text.contains("status: \"panicked\""), "{text}");
            assert!(
                text.contains("the boats of day 20 were lost") && text.contains("sweep_stops.rs"),
                "{text}"
            );
        } else {
            assert_eq!(text, whole.to_string());
        }
    }
    let message = place.refused(&["sweep", "grid.toml", "-q", "--out", "s"], 1);
    assert!(message.contains("run 3 panicked: ") && message.contains("landfall rerun s 3"), "{message}");
    let status = place.done(&["sweep", "status", "s"]);
    assert!(
        status.contains("120 of 120 runs done, 12 failed") && status.contains("landfall rerun s 13"),
        "{status}"
    );
    // The command does that run again; in the program as it is, the run has no fault.
    place.done(&["rerun", "s", "3", "--", "-q"]);
    let differs = place.refused(&["rerun", "s", "3", "--check"], 2);
    assert!(differs.contains("ended as done, panicked before"), "{differs}");
}

#[test]
fn a_full_disk_ends_a_sweep_and_costs_no_byte() {
    let place = Place::new();
    place.write("grid.toml", &GRID.replace("replicates = 10", "replicates = 40"));
    place.done(&["sweep", "grid.toml", "-q", "--out", "whole"]);
    let whole = place.contents("whole");
    for kib in [24, 48, 72, 96] {
        let Some(small) = Small::mount(place.path(&format!("disk{kib}")), kib) else { return };
        let out = format!("disk{kib}/s");
        let message = place.refused(&["sweep", "grid.toml", "-q", "--out", &out], 2);
        assert!(
            message.contains("cannot") && message.contains(&format!("disk{kib}/")),
            "{kib} KiB: {message}"
        );
        assert!(message.contains("space") || message.contains("free"), "{kib} KiB: {message}");
        // What stands under its name is whole.
        for (name, bytes) in place.contents(&out).iter().filter(|(name, _)| name.starts_with("runs/runs")) {
            assert!(whole[name] == *bytes, "{kib} KiB: {name}");
        }
        small.grow(20_000);
        place.done(&["sweep", "grid.toml", "-q", "--out", &out]);
        assert_eq!(differing(&whole, &place.contents(&out)), [""; 0], "{kib} KiB");
    }
}

/// Runs of ten households and five days: `LANDFALL_FULL=1` makes it a million.
#[cfg(target_os = "linux")]
#[test]
fn very_many_runs_are_few_files_and_take_no_more_memory() {
    let place = Place::new();
    let few = common::BARE.replace("end = 2002-12-31", "end = 2001-01-05");
    place.write("trivial.toml", &few.replace("households = 3000.0", "households = 10.0"));
    let experiment = |points: u64| {
        let design = GRID.replace(
            "full_factorial\"\nreplicates = 10",
            &format!("random\"\npoints = {points}\nreplicates = 100"),
        );
        let without = design.find("[[outputs]]\nname = \"january\"").unwrap();
        design[..without].to_string()
    };
    place.write("some.toml", &experiment(10));
    place.write("many.toml", &experiment(if full() { 10_000 } else { 400 }));
    // The most that a sweep held, in kB; killed once so many files are whole.
    let held = |file: &str, out: &str, until: usize| {
        let mut child = place.command(&["sweep", file, "-q", "--out", out]).spawn().unwrap();
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
            most = most.max(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
            let whole = std::fs::read_dir(place.path(out).join("runs")).map_or(0, Iterator::count);
            if whole >= until {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        most
    };
    let some = held("some.toml", "some", usize::MAX);
    let many = [100, usize::MAX].map(|until| held("many.toml", "many", until));
    println!("{some} kB for 1,000 runs, {many:?} kB for many");
    assert!(many.iter().all(|&most| most < some + 16_384), "{many:?} kB, {some} kB for few runs");
    let files = place.contents("many");
    let of_runs: Vec<_> = files.keys().filter(|name| name.starts_with("runs/")).collect();
    assert!(of_runs.len() <= 256 && files.len() <= of_runs.len() + 3, "{:?}", files.keys());
    let runs = rows(&place.path("many")).len();
    assert_eq!(runs, if full() { 1_000_000 } else { 40_000 });
}
