//! The promise: whatever happens to a run, it leaves nothing half written under a final name, it says what happened,
//! and it goes on from the last whole snapshot to the bytes it would have come to. The real program, really killed,
//! stopped, starved of room and started twice.
//!
//! `LANDFALL_FULL=1` makes it 200 kills instead of a handful.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "how long to wait for a child is about the clock")]

mod common;
#[path = "common/disk.rs"]
mod disk;

use common::{Numbers, RECORDED, SHORT, full};
use disk::Small;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const RESUMABLE: i32 = 75;

struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("short.toml"), SHORT).unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfall"));
        command.args(arguments.split(' ')).current_dir(self.dir.path()).stdin(Stdio::null());
        command
    }

    fn ends(&self, arguments: &str, code: i32) -> String {
        let output = self.command(arguments).output().unwrap();
        let text = told(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {text}");
        text
    }

    fn start(&self, arguments: &str) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn snapshots(&self, run: &str) -> Vec<PathBuf> {
        let directory = self.path(run).join("snapshots");
        let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
        paths.retain(|p| p.extension().is_some_and(|e| e == "snapshot"));
        paths.sort();
        paths
    }
}

fn told(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// What two runs of the same thing must have in common: everything but times, snapshots and the lock.
fn results(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).filter(|p| p.is_file());
    let named = files.map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(p).unwrap()));
    named.filter(|(name, _)| name != "times.json" && name != ".lock").collect()
}

fn same(found: &Path, expected: &Path, context: &str) {
    let (found, expected) = (results(found), results(expected));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{context}");
    let differ: Vec<&String> = expected.keys().filter(|k| found[*k] != expected[*k]).collect();
    assert!(differ.is_empty(), "{context}: {differ:?} differ");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

const RUN: &str = "run short.toml -q --format both --transitions --checkpoint-every 3d --out";

#[test]
fn a_run_killed_at_random_moments_ends_the_same() {
    let place = Place::new();
    let started = Instant::now();
    place.ends("run short.toml -q --format both --transitions --out whole", 0);
    let usual = started.elapsed().as_micros() as u64;
    let (wanted, mut kills, mut finished, mut resumed) = (if full() { 200 } else { 8 }, 0, 0, 0);
    let mut numbers = Numbers(std::process::id().into());
    while kills < wanted || finished == 0 {
        let run = format!("killed-{finished}");
        let arguments = if place.snapshots(&run).is_empty() {
            format!("{RUN} {run}")
        } else {
            format!("resume {run} -q --checkpoint-every 3d")
        };
        resumed += u32::from(arguments.starts_with("resume"));
        let mut child = place.start(&arguments);
        if kills < wanted {
            std::thread::sleep(Duration::from_micros(numbers.below(usual * 3 / 2)));
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let text = told(&output);
        kills += u32::from(output.status.code().is_none());
        // The newest whole snapshot opens; nothing half written stands under a final name.
        for snapshot in place.snapshots(&run) {
            place.ends(&format!("snapshot verify {}", snapshot.display()), 0);
        }
        match output.status.code() {
            None => {}
            Some(0) => {
                same(&place.path(&run), &place.path("whole"), &format!("after {kills} kills"));
                let leftovers = fs::read_dir(place.path(&run)).unwrap().map(|e| e.unwrap().file_name());
                let mut leftovers = leftovers.filter(|n| n.to_string_lossy().contains(".partial-"));
                assert!(leftovers.next().is_none(), "leftovers are swept");
                finished += 1;
            }
            Some(code) => panic!("exit code {code}: {text}"),
        }
    }
    println!("{kills} kills, {resumed} resumptions, {finished} runs came to their end");
}

#[test]
fn a_signal_ends_the_day_and_leaves_a_snapshot() {
    let place = Place::new();
    for name in ["TERM", "INT", "USR1", "HUP"] {
        // Under nohup, these tests have nothing to ask of it.
        if name == "HUP" && hang_up_is_ignored() {
            continue;
        }
        let child = place.start(&format!("run us_cuba -q --out {name}"));
        while !place.path(name).join("rows.journal").exists() {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(60));
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let text = told(&output);
        assert_eq!(output.status.code(), Some(RESUMABLE), "{name}: {text}");
        assert!(text.contains("landfall resume") && text.contains("snapshots"), "{text}");
        let snapshots = place.snapshots(name);
        assert_eq!(snapshots.len(), 1, "{name}");
        place.ends(&format!("snapshot verify {}", snapshots[0].display()), 0);
        assert!(!place.path(name).join("manifest.json").exists());
    }
    place.ends("run us_cuba -q --out whole_cuba", 0);
    place.ends("resume TERM -q --threads 1", 0);
    same(&place.path("TERM"), &place.path("whole_cuba"), "stopped by SIGTERM");
    let again = place.command("resume TERM -q").output().unwrap();
    assert!(again.status.success() && String::from_utf8_lossy(&again.stdout).contains("finished"));
}

/// Whether this process, and so its children, were told to outlive a terminal.
fn hang_up_is_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).map(str::trim);
    mask.is_none_or(|mask| u64::from_str_radix(mask, 16).unwrap() & 1 != 0)
}

#[test]
fn what_is_to_outlive_its_terminal_does() {
    let place = Place::new();
    let mut shell = Command::new("sh");
    let script = "trap '' HUP; exec \"$0\" run us_cuba -q --out r";
    shell.args(["-c", script, env!("CARGO_BIN_EXE_landfall")]).current_dir(place.dir.path());
    let child = shell.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !place.path("r/rows.journal").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    signal(&child, "HUP");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn a_second_interrupt_leaves_at_once() {
    let place = Place::new();
    let mut seen = Vec::new();
    for attempt in 0..40 {
        let run = format!("r{attempt}");
        let child = place.start(&format!("run us_cuba -q --checkpoint-every 1d --out {run}"));
        while place.snapshots(&run).is_empty() {
            std::thread::sleep(Duration::from_millis(2));
        }
        // Both from one shell, so that the second comes while the first is being dealt with.
        let twice = format!("kill -INT {0}; kill -INT {0}", child.id());
        let _ = Command::new("sh").args(["-c", &twice]).stderr(Stdio::null()).status().unwrap();
        let output = child.wait_with_output().unwrap();
        told(&output);
        let code = output.status.code();
        assert!(code == Some(130) || code == Some(RESUMABLE), "{code:?}");
        place.ends(&format!("resume {run} -q --stop-at 2010-12-30"), RESUMABLE);
        seen.push(code);
        if code == Some(130) {
            return;
        }
    }
    panic!("never at once: {seen:?}");
}

#[test]
fn a_damaged_snapshot_is_passed_over_and_strictly_refused() {
    let place = Place::new();
    place.ends("run short.toml -q --format both --transitions --out whole", 0);
    let arguments =
        "run short.toml -q --format both --transitions --snapshot-at 2001-03-05 --snapshot-at 2001-04-09";
    place.ends(&format!("{arguments} --stop-at 2001-06-20 --out r"), RESUMABLE);
    let snapshots = place.snapshots("r");
    assert_eq!(snapshots.len(), 3, "{snapshots:?}");
    let newest = snapshots.iter().find(|p| p.to_string_lossy().contains("2001-06-20")).unwrap();
    let mut bytes = fs::read(newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(newest, bytes).unwrap();
    let refused = place.ends("resume r -q --strict", 2);
    assert!(refused.contains("2001-06-20") && refused.contains("damaged in section"), "{refused}");
    let warned = place.ends("resume r -q", 0);
    assert!(
        warned.contains("warning:") && warned.contains("damaged") && warned.contains("2001-04-09"),
        "{warned}"
    );
    assert!(!newest.exists(), "it is out of the way");
    same(&place.path("r"), &place.path("whole"), "from an older snapshot");
    // None is whole: refused, and nothing lost.
    place.ends("run short.toml -q --stop-at 2001-06-20 --out s", RESUMABLE);
    let only = place.snapshots("s").remove(0);
    fs::write(&only, b"").unwrap();
    let refused = place.ends("resume s -q", 2);
    assert!(refused.contains("no snapshot") && refused.contains("it is empty"), "{refused}");
    assert!(only.exists());
}

#[test]
fn a_damaged_journal_is_noticed() {
    let place = Place::new();
    place.ends("run short.toml -q --stop-at 2001-06-20 --out r", RESUMABLE);
    let journal = place.path("r/rows.journal");
    let mut bytes = fs::read(&journal).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&journal, &bytes).unwrap();
    let refused = place.ends("resume r -q", 2);
    assert!(refused.contains("rows.journal"), "{refused}");
}

#[test]
fn a_changed_scenario_is_refused_with_its_keys_unless_a_fork_is_asked_for() {
    let place = Place::new();
    place.ends("run short.toml -q --stop-at 2001-06-20 --out r", RESUMABLE);
    let scenario = place.path("r/scenario.toml");
    let text = fs::read_to_string(&scenario).unwrap();
    fs::write(&scenario, text.replace("exit_open_cost = 1.0", "exit_open_cost = 2.5")).unwrap();
    let refused = place.ends("resume r -q", 2);
    assert!(
        refused.contains("policy.exit_open_cost: 1.0 -> 2.5") && refused.contains("landfall fork"),
        "{refused}"
    );
    let refused = place.ends("run short.toml -q --out r", 2);
    assert!(refused.contains("unfinished run") && refused.contains("landfall resume r"), "{refused}");
    let refused = place.ends("run short.toml -q --out r --resume --seed 8", 2);
    assert!(refused.contains("scenario.seed: 7 -> 8"), "{refused}");
    let snapshot = place.snapshots("r").remove(0);
    let fork = format!("fork {} --set policy.exit_open_cost=2.5 --seed 8 --out f", snapshot.display());
    let shown = place.ends(&fork, 0);
    assert!(
        shown.contains("policy.exit_open_cost: 1.0 -> 2.5") && shown.contains("scenario.seed: 7 -> 8"),
        "{shown}"
    );
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(place.path("f/manifest.json")).unwrap()).unwrap();
    let parent = &manifest["lineage"][0];
    assert_eq!(
        (parent["date"].as_str(), parent["seed"].as_u64()),
        (Some("2001-06-20"), Some(7)),
        "{manifest}"
    );
    assert_eq!(parent["changed"].as_array().map(Vec::len), Some(2), "{manifest}");
    assert_eq!(manifest["recorded_from"], "2001-06-20");
    let refused = place.ends(&fork, 2);
    assert!(refused.contains("holds another run"), "{refused}");
    fs::write(&scenario, text).unwrap();
    place.ends("run short.toml -q --out r --resume", 0);
    place.ends("run short.toml -q --out whole", 0);
    same(&place.path("r"), &place.path("whole"), "restored and gone on with");
}

/// A run begun over the results of an earlier one takes their place at once: stopped, it is gone on with from its own
/// snapshot, and not taken for finished.
#[test]
fn a_run_over_finished_results_is_resumed_where_it_stopped() {
    let place = Place::new();
    place.ends("run short.toml -q --out whole", 0);
    for go_on in ["resume r -q", "run short.toml -q --out r --resume"] {
        place.ends("run short.toml -q --period day --out r", 0);
        let stopped = place.ends("run short.toml -q --out r --stop-at 2001-06-20", RESUMABLE);
        assert!(stopped.contains("landfall resume r"), "{stopped}");
        assert!(!place.path("r/manifest.json").exists() && !place.path("r/flows.parquet").exists());
        let output = place.command(go_on).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        let times = fs::read_to_string(place.path("r/times.json")).unwrap();
        assert!(times.contains("\"resumed_on\": \"2001-06-20\""), "{go_on}: {times}");
        same(&place.path("r"), &place.path("whole"), go_on);
        fs::remove_dir_all(place.path("r")).unwrap();
    }
}

/// The same command again and again, as batch systems give it.
#[test]
fn a_finished_run_that_is_to_be_resumed_is_left_as_it_is() {
    let place = Place::new();
    let command = "run short.toml -q --period day --out r --resume";
    place.ends(&format!("{command} --stop-at 2001-06-20"), RESUMABLE);
    let refused = place.ends("run short.toml -q --out r --resume", 2);
    let words = ["begun with --format parquet --period day,", "--format parquet --period month is asked for"];
    assert!(words.iter().all(|word| refused.contains(word)), "{refused}");
    let refused = place.ends(&format!("{command} --transitions"), 2);
    assert!(refused.contains("--period day --transitions is asked for"), "{refused}");
    place.ends(command, 0);
    let times = fs::read(place.path("r/times.json")).unwrap();
    let output = place.command(command).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("the run in r is finished"), "{printed}");
    assert!(times == fs::read(place.path("r/times.json")).unwrap(), "it was done again");
    for other in ["--format both", "--transitions"] {
        let refused = place.ends(&format!("{command} {other}"), 2);
        assert!(refused.contains("was begun with"), "{refused}");
    }
    let refused = place.ends(&format!("{command} --seed 8"), 2);
    assert!(refused.contains("results of another run"), "{refused}");
}

/// Killed over the results of an earlier run before its first snapshot, it is begun again: what the earlier run was to
/// keep is not taken for a part of it.
#[test]
fn snapshots_of_an_earlier_run_do_not_stand_in_the_way() {
    let place = Place::new();
    place.ends("run short.toml -q --out whole", 0);
    place.ends("run short.toml -q --snapshot-at 2001-03-05 --out r", 0);
    fs::remove_file(place.path("r/manifest.json")).unwrap();
    fs::write(place.path("r/rows.journal"), "").unwrap();
    let nothing = place.ends("resume r -q", 2);
    assert!(nothing.contains("no snapshot to go on from"), "{nothing}");
    place.ends("run short.toml -q --out r --resume", 0);
    same(&place.path("r"), &place.path("whole"), "begun again");
    assert_eq!(place.snapshots("r").len(), 1, "what was to be kept is kept");
}

#[test]
fn two_processes_on_one_directory_do_not_meet() {
    let place = Place::new();
    let mut first = place.start("run us_cuba -q --out r");
    while !place.path("r/rows.journal").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    for second in ["run us_cuba -q --out r", "resume r -q"] {
        let refused = place.ends(second, 2);
        assert!(refused.contains(&format!("in use by process {}", first.id())), "{refused}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let free = place.ends("resume r -q", 2);
    assert!(free.contains("no snapshot"), "the lock died with its holder: {free}");
}

#[test]
fn a_full_disk_is_named_and_the_run_goes_on_once_there_is_room() {
    let place = Place::new();
    place.ends("run short.toml -q --format both --transitions --out whole", 0);
    for kib in [60, 100, 140, 200, 260, 320] {
        let Some(small) = Small::mount(place.path(&format!("disk{kib}")), kib) else { return };
        let run = format!("disk{kib}/r");
        let output = place.command(&format!("{RUN} {run}")).output().unwrap();
        let text = told(&output);
        assert_eq!(output.status.code(), Some(2), "{kib} KiB: {text}");
        assert!(text.contains("cannot") && text.contains(&format!("disk{kib}/")), "{kib} KiB: {text}");
        assert!(text.contains("free"), "{kib} KiB: what is needed is not said: {text}");
        for snapshot in place.snapshots(&run) {
            place.ends(&format!("snapshot verify {}", snapshot.display()), 0);
        }
        let (held, whole) = (results(&place.path(&run)), results(&place.path("whole")));
        let tables = held.iter().filter(|(n, _)| n.ends_with(".csv") || n.ends_with(".parquet"));
        for (name, bytes) in tables.filter(|(n, _)| !n.starts_with('.')) {
            assert!(whole[name] == *bytes, "{kib} KiB: {name} is half written");
        }
        small.grow(20_000);
        let snapshots = place.snapshots(&run).len();
        println!("{kib} KiB: {snapshots} snapshots were there");
        let again = if snapshots == 0 { format!("{RUN} {run}") } else { format!("resume {run} -q") };
        place.ends(&again, 0);
        same(&place.path(&run), &place.path("whole"), &format!("a disk of {kib} KiB"));
    }
}

#[test]
fn more_people_than_memory_holds_are_refused_before_the_first() {
    let place = Place::new();
    let started = Instant::now();
    let mut arguments = "run short.toml -q --out r".to_string();
    for population in ["south", "west"] {
        for (key, value) in [("households", "1e9"), ("departures_per_thousand_year", "900.0")] {
            arguments += &format!(" --set populations.{population}.{key}={value}");
        }
    }
    let refused = place.ends(&arguments, 2);
    assert!(refused.contains("people") && refused.contains("households"), "{refused}");
    assert!(started.elapsed() < Duration::from_secs(5) && !place.path("r").exists());
}

/// The same for every command that runs worlds. A run that was begun where there was room is gone on with, and forked,
/// where there is not.
#[cfg(target_os = "linux")]
#[test]
fn every_command_looks_at_the_memory_first() {
    let place = Place::new();
    let started = Instant::now();
    let change =
        "populations.south.households=1e9 --set populations.south.departures_per_thousand_year=900.0";
    let world = format!("short.toml --set {change}");
    let mut commands: Vec<Vec<String>> = [
        format!("run {world} --out r"),
        format!("score {world} --runs 2"),
        format!("attribute {world} --runs 2 --out r"),
    ]
    .map(|line| line.split(' ').map(str::to_string).collect())
    .to_vec();
    let compare = ["compare", "short.toml", &world, "--runs", "2", "--out", "r"];
    commands.push(compare.map(str::to_string).to_vec());
    let experiment = "[experiment]\nscenario = \"short.toml\"\n[calibration]\nparticles = 10\n\
                      [[factors]]\npath = \"populations.south.households\"\nlow = 100.0\nhigh = 1e9\n\
                      [[factors]]\npath = \"populations.south.departures_per_thousand_year\"\n\
                      low = 10.0\nhigh = 900.0\n";
    fs::write(place.path("short.toml"), format!("{SHORT}{RECORDED}")).unwrap();
    fs::write(place.path("estimate.toml"), experiment).unwrap();
    let sweep = experiment.replace("[calibration]\nparticles = 10\n", "design = \"sobol\"\npoints = 8\n");
    fs::write(place.path("sweep.toml"), sweep).unwrap();
    for line in ["calibrate estimate.toml --out r", "sweep sweep.toml --out r", "sweep sweep.toml --dry-run"]
    {
        commands.push(line.split(' ').map(str::to_string).collect());
    }
    for arguments in commands {
        let mut command = place.command("");
        let program = command.get_program().to_os_string();
        command = Command::new(program);
        let output = command.args(&arguments).current_dir(place.dir.path()).output().unwrap();
        let text = told(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains("people") && text.contains("households"), "{arguments:?}: {text}");
        assert!(!place.path("r").exists(), "{arguments:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(30));
    // Some 40 million people in all, of whom few have left after two days.
    let some = "populations.south.households=2e7 --set populations.south.departures_per_thousand_year=900.0";
    place.ends(&format!("run short.toml --set {some} -q --stop-at 2001-01-03 --out big"), RESUMABLE);
    let snapshot = place.snapshots("big").pop().unwrap();
    let within = |arguments: &str| {
        let script = format!("ulimit -v 800000 && exec \"$0\" {arguments}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_landfall")]).current_dir(place.dir.path());
        shell.output().unwrap()
    };
    for arguments in ["resume big -q", &format!("fork {} --out f -q", snapshot.display())] {
        let output = within(arguments);
        let text = told(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {text}");
        assert!(text.contains("MB of memory"), "{arguments}: {text}");
    }
    assert!(place.snapshots("big").contains(&snapshot), "what was there is there");
}

#[test]
fn surroundings_change_no_byte() {
    let place = Place::new();
    place.ends("run short.toml -q --format both --out plain", 0);
    place.ends("run short.toml -q --format both --out many --threads 64", 0);
    same(&place.path("many"), &place.path("plain"), "64 threads");
    let mut odd = place.command("run short.toml -q --format both --out odd");
    odd.env("LC_ALL", "de_DE.UTF-8").env("LANG", "tr_TR.UTF-8").env("TZ", "Pacific/Kiritimati");
    odd.env("SOURCE_DATE_EPOCH", "1");
    assert!(odd.status().unwrap().success());
    same(&place.path("odd"), &place.path("plain"), "another locale and time zone");
    let script = "umask 077 && exec \"$0\" run short.toml -q --format both --out masked";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_landfall")]).current_dir(place.dir.path());
    assert!(shell.status().unwrap().success());
    same(&place.path("masked"), &place.path("plain"), "another mask");
}

#[test]
fn the_last_so_many_snapshots_are_kept_and_those_that_were_asked_for() {
    let place = Place::new();
    place.ends("run short.toml -q --checkpoint-every 2d --keep 2 --snapshot-at 2001-02-03 --out r", 0);
    let names: Vec<String> =
        place.snapshots("r").iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let kept: Vec<&String> = names.iter().filter(|n| n.starts_with("kept-")).collect();
    assert_eq!(kept, ["kept-0000033-2001-02-03.snapshot"]);
    assert!(names.len() - kept.len() <= 2 && names.len() > 1, "{names:?}");
    let bad = place.ends("run short.toml -q --snapshot-at 2005-01-01 --out x", 2);
    assert!(bad.contains("2001-12-31"), "{bad}");
    place.ends("run short.toml -q --checkpoint-every soon --out x", 2);
    place.ends("run short.toml -q --keep 0 --checkpoint-every 1d --out x", 2);
    let nothing = place.ends("resume nowhere", 2);
    assert!(nothing.contains("not a directory"), "{nothing}");
}

#[test]
fn snapshots_can_be_looked_at() {
    let place = Place::new();
    place.ends("run short.toml -q --snapshot-at 2001-03-05 --snapshot-at 2001-09-09 --out r", 0);
    let [one, other] = <[PathBuf; 2]>::try_from(place.snapshots("r")).unwrap();
    let print = |arguments: String, code: i32| {
        let output = place.command(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments}: {}", told(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let info = print(format!("snapshot info {}", one.display()), 0);
    for word in
        ["format           1", "seed             7", "days simulated   63", "crowd.ordinal", "world.stocks"]
    {
        assert!(info.contains(word), "no `{word}` in:\n{info}");
    }
    assert!(print(format!("snapshot verify {}", one.display()), 0).contains("whole"));
    assert_eq!(print(format!("snapshot diff {0} {0}", one.display()), 0), "no difference\n");
    let diff = print(format!("snapshot diff {} {}", one.display(), other.display()), 1);
    assert!(diff.contains("day: 63 -> 251") && diff.contains("people of group"), "{diff}");
    let dump: serde_json::Value =
        serde_json::from_str(&print(format!("snapshot dump {}", one.display()), 0)).unwrap();
    assert_eq!(dump["world"]["day"], 63);
    let people = print(format!("snapshot dump --people {}", one.display()), 0);
    assert!(people.starts_with("group,population,") && people.lines().count() > 10, "{people}");
    let refused = place.ends("snapshot info short.toml", 2);
    assert!(refused.contains("it is text"), "{refused}");
}
