//! A sweep gives one row for each run and the same bytes whatever happens to it: any number of threads, any division
//! into shards, kills at any moment; and what fails in it is one row.

mod common;
mod sweeping;

use landfall::experiment::dataset::{Figures, Paths, Tables, write_segment};
use landfall::experiment::journal::Journal;
use landfall::experiment::reading::figures;
use landfall::experiment::row::{Outcome, Row as ResultRow};
use landfall::experiment::study::{Draft, Study, Text};
use landfall::scenario::read::Layer;
use parquet::record::{Field, Row};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;
use sweeping::{GRID, Place, differing, error_of, full, rows, trivial};

fn study(text: &str) -> Study {
    let draft = Draft::read(&Text { name: "grid.toml".into(), text: text.into() }).unwrap();
    draft.finish(&[Layer::file("trivial.toml", trivial())], None).unwrap()
}

fn field<'r>(row: &'r Row, name: &str) -> &'r Field {
    row.get_column_iter().find(|(n, _)| *n == name).map(|(_, f)| f).unwrap()
}

fn whole(row: &Row, name: &str) -> i64 {
    match field(row, name) {
        Field::Long(i) => *i,
        other => panic!("{name}: {other:?}"),
    }
}

fn real(row: &Row, name: &str) -> f64 {
    match field(row, name) {
        Field::Double(x) => *x,
        Field::Null => f64::NAN,
        other => panic!("{name}: {other:?}"),
    }
}

fn word<'r>(row: &'r Row, name: &str) -> &'r str {
    match field(row, name) {
        Field::Str(text) => text,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_run_is_a_row_with_its_factors_its_seed_and_its_figures() {
    let place = Place::new();
    let printed = place.done(&["sweep", "grid.toml", "--out", "s"]);
    assert!(printed.contains("120 runs"), "{printed}");
    let rows = rows(&place.path("s"));
    assert_eq!(rows.len(), 120);
    let mut by_rate: BTreeMap<i64, f64> = BTreeMap::new();
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(whole(row, "run"), n as i64);
        assert_eq!((whole(row, "point"), whole(row, "replicate")), (n as i64 / 10, n as i64 % 10));
        assert_eq!(whole(row, "seed"), 1 + n as i64 % 10, "the same seeds at every point");
        assert_eq!((word(row, "status"), word(row, "error")), ("done", ""));
        // The last factor moves fastest.
        assert_eq!(real(row, "rate"), [100.0, 250.0, 400.0][n / 40]);
        assert_eq!(word(row, "sizes"), ["alone", "pairs"][n / 20 % 2]);
        assert_eq!(word(row, "onward"), ["off", "on"][n / 10 % 2]);
        assert!(real(row, "january") < real(row, "out") && real(row, "january") > 0.0);
        *by_rate.entry(real(row, "rate") as i64).or_default() += real(row, "out");
    }
    let sums: Vec<f64> = by_rate.into_values().collect();
    assert!(sums[0] < sums[1] && sums[1] < sums[2], "{sums:?}");
    // Without onward movement in the scenario, its switch changes nothing: common random numbers show that exactly.
    for (off, on) in rows.chunks(20).flat_map(|c| c[..10].iter().zip(&c[10..])) {
        assert_eq!(real(off, "out"), real(on, "out"));
    }
}

#[test]
fn threads_change_no_byte() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "1", "--threads", "1"]);
    let one = place.contents("1");
    assert_eq!(one.keys().filter(|n| n.starts_with("runs/")).count(), 8, "{:?}", one.keys());
    for threads in ["2", "3", "8"] {
        place.done(&["sweep", "grid.toml", "-q", "--out", threads, "--threads", threads]);
        assert_eq!(differing(&one, &place.contents(threads)), [""; 0], "{threads} threads");
    }
}

#[test]
fn fresh_seeds_differ_at_every_point() {
    let place = Place::new();
    place.write(
        "fresh.toml",
        &GRID.replace("replicates = 10", "replicates = 10\nseeds = \"fresh\"\nfirst_seed = 50"),
    );
    place.done(&["sweep", "fresh.toml", "-q", "--out", "f"]);
    let seeds: Vec<i64> = rows(&place.path("f")).iter().map(|r| whole(r, "seed")).collect();
    assert!(seeds.iter().copied().eq(50..170), "{seeds:?}");
}

#[test]
fn shards_in_any_division_and_order_make_the_same_whole() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "all"]);
    let all = place.contents("all");
    for n in if full() { vec![1, 2, 3, 5, 7, 120, 200] } else { vec![3, 7] } {
        let mut parts: Vec<String> = (1..=n).map(|i| format!("{i}/{n}")).collect();
        parts.reverse();
        for part in &parts {
            place.done(&["sweep", "grid.toml", "-q", "--shard", part, "--out", &format!("of{n}/{part}")]);
        }
        parts.rotate_left(n / 2);
        let mut arguments = vec!["merge".to_string()];
        arguments.extend(parts.iter().map(|part| format!("of{n}/{part}")));
        arguments.extend(["--out".to_string(), format!("merged{n}")]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        place.done(&arguments);
        assert_eq!(differing(&all, &place.contents(&format!("merged{n}"))), [""; 0], "{n} shards");
    }
}

#[test]
fn a_merge_tells_what_is_missing_and_takes_duplicates_that_are_equal() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--shard", "1/3", "--out", "a"]);
    place.done(&["sweep", "grid.toml", "-q", "--shard", "3/3", "--out", "c"]);
    let message = place.refused(&["merge", "a", "c", "--out", "m"], 2);
    assert!(message.contains("40 of 120 runs") && message.contains("40 to 79"), "{message}");
    // Halves overlap with thirds: every duplicate is compared.
    place.done(&["sweep", "grid.toml", "-q", "--shard", "1/2", "--out", "h1"]);
    place.done(&["sweep", "grid.toml", "-q", "--shard", "2/2", "--out", "h2"]);
    place.done(&["merge", "a", "h2", "h1", "c", "--out", "m"]);
    place.done(&["sweep", "grid.toml", "-q", "--out", "all"]);
    assert_eq!(differing(&place.contents("all"), &place.contents("m")), [""; 0]);
    // A shard of another experiment is refused.
    place.write("other.toml", &GRID.replace("high = 400.0", "high = 401.0"));
    place.done(&["sweep", "other.toml", "-q", "--shard", "2/3", "--out", "b"]);
    let message = place.refused(&["merge", "a", "b", "c", "--out", "n"], 2);
    assert!(message.contains("does not belong"), "{message}");
}

/// Kills a sweep at moments spread over its length, and goes on each time.
#[test]
fn a_sweep_killed_again_and_again_is_the_same_in_the_end() {
    let place = Place::new();
    let text = GRID.replace("replicates = 10", "replicates = 60");
    place.write("long.toml", &text);
    place.done(&["sweep", "long.toml", "-q", "--out", "all"]);
    let (kills, mut interrupted) = (if full() { 20 } else { 5 }, 0);
    for kill in 0..kills {
        let mut child = place.command(&["sweep", "long.toml", "-q", "--out", "k"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 + 37 * (kill * 7 % kills)));
        child.kill().unwrap();
        interrupted += u32::from(!child.wait().unwrap().success());
    }
    assert!(interrupted > 0, "no kill came before the end");
    let status = place.done(&["sweep", "status", "k"]);
    assert!(status.contains("of 720 runs done"), "{status}");
    place.done(&["sweep", "long.toml", "-q", "--out", "k"]);
    assert_eq!(differing(&place.contents("all"), &place.contents("k")), [""; 0]);
    let mut runs: Vec<i64> = rows(&place.path("k")).iter().map(|r| whole(r, "run")).collect();
    runs.sort_unstable();
    assert!(runs.into_iter().eq(0..720), "every run exactly once");
}

#[cfg(unix)]
#[test]
fn a_signal_keeps_what_is_finished_and_says_that_more_is_left() {
    let place = Place::new();
    place.write("long.toml", &GRID.replace("replicates = 10", "replicates = 400"));
    for signal in ["-USR1", "-TERM", "-INT"] {
        let child =
            place.command(&["sweep", "long.toml", "--out", "k"]).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let id = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(75), "{signal}: {}", error_of(&output));
        assert!(error_of(&output).contains("the same command goes on"));
    }
}

#[test]
fn runs_that_fail_are_rows_and_the_rest_goes_on() {
    let place = Place::new();
    // Each is allowed alone; together people would be kept who have nowhere to be.
    let text = r#"
[experiment]
scenario = "trivial.toml"
replicates = 20
[[factors]]
name = "share"
options = [{ name = "whole" }, { name = "cut", set = { populations.people.household_size_shares = [0.5, 0.5] } }]
[[factors]]
name = "end"
path = "scenario.end"
values = [2001-03-01, 2001-04-01]
[[factors]]
name = "start"
path = "scenario.start"
values = [2001-01-01, 2001-03-15]
[[outputs]]
name = "out"
measure = "set_out"
"#;
    // The start after the first end is a contradiction that no level has alone: 2001-03-15 alone ends on 2001-03-01.
    place.write("bad.toml", text);
    let message = place.refused(&["sweep", "bad.toml", "--out", "s"], 2);
    assert!(message.contains("bad.toml:") && message.contains("2001-03-15"), "{message}");
    place.write("bad.toml", &text.replace("2001-03-15", "2001-02-15").replace("2001-04-01", "2001-02-01"));
    let message = place.refused(&["sweep", "bad.toml", "--out", "s"], 1);
    assert!(message.contains("refused") && message.contains("landfall rerun s "), "{message}");
    let rows = rows(&place.path("s"));
    assert_eq!(rows.len(), 160);
    let failed: Vec<&Row> = rows.iter().filter(|r| word(r, "status") != "done").collect();
    assert_eq!(failed.len(), 40);
    for row in failed {
        assert!(real(row, "out").is_nan() && !word(row, "error").is_empty());
    }
    let status = place.done(&["sweep", "status", "s"]);
    assert!(status.contains("160 of 160 runs done, 40 failed") && status.contains("rerun"), "{status}");
    // The command that is told does reproduce it.
    let run = message.lines().find_map(|l| l.trim().strip_prefix("again: landfall rerun s ")).unwrap();
    let again = place.refused(&["rerun", "s", run], 2);
    assert!(again.contains("2001-02-01") || again.contains("end"), "{again}");
}

#[test]
fn one_run_can_be_done_again_in_full() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    assert!(place.done(&["rerun", "s", "77", "--check"]).contains("every figure the same"));
    let printed = place.done(&["rerun", "s", "77", "--", "--format", "csv"]);
    assert!(printed.contains("set out"), "{printed}");
    let flows = std::fs::read_to_string(place.path("s/reruns/run_77/flows.csv")).unwrap();
    let out: f64 = flows
        .lines()
        .filter(|l| l.contains(",set_out,") || l.contains(",reattempted,"))
        .map(|l| l.rsplit(',').next().unwrap().parse::<f64>().unwrap())
        .sum();
    assert_eq!(out, real(&rows(&place.path("s"))[77], "out"));
    let message = place.refused(&["rerun", "s", "120"], 2);
    assert!(message.contains("from 0 to 119"), "{message}");
}

#[test]
fn a_directory_of_something_else_is_left_alone() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    let before = place.contents("s");
    place.write("other.toml", &GRID.replace("high = 400.0", "high = 401.0"));
    let message = place.refused(&["sweep", "other.toml", "--out", "s"], 2);
    assert!(message.contains("another experiment") && message.contains("--out"), "{message}");
    let message = place.refused(&["sweep", "grid.toml", "--shard", "1/2", "--out", "s"], 2);
    assert!(message.contains("all runs") && message.contains("1/2"), "{message}");
    assert_eq!(differing(&before, &place.contents("s")), [""; 0]);
    std::fs::create_dir(place.path("mine")).unwrap();
    place.write("mine/notes.txt", "mine");
    let message = place.refused(&["sweep", "grid.toml", "--out", "mine"], 2);
    assert!(message.contains("notes.txt"), "{message}");
    assert!(place.path("mine/notes.txt").exists());
    // The same again does nothing over, and comments do not make another experiment.
    place.write("grid.toml", &format!("# A comment.\n{GRID}"));
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    assert_eq!(differing(&before, &place.contents("s")), [""; 0]);
}

#[test]
fn two_processes_do_not_share_a_directory() {
    let place = Place::new();
    std::fs::create_dir(place.path("s")).unwrap();
    let lock = landfall::files::DirectoryLock::acquire(&place.path("s")).unwrap();
    let message = place.refused(&["sweep", "grid.toml", "--out", "s"], 2);
    assert!(message.contains(&format!("in use by process {}", std::process::id())), "{message}");
    drop(lock);
}

#[test]
fn a_damaged_file_of_results_is_named() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    let all = place.contents("s");
    place.write("s/runs/runs_00003.parquet", "not what it was");
    let message = place.refused(&["sweep", "grid.toml", "--out", "s"], 2);
    assert!(message.contains("runs_00003.parquet") && message.contains("remove it"), "{message}");
    std::fs::remove_file(place.path("s/runs/runs_00003.parquet")).unwrap();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    assert_eq!(differing(&all, &place.contents("s")), [""; 0]);
}

/// A file with numbers of runs that are not its own, as one changed bit makes them: some beyond the design, for which
/// some designs have no point.
#[test]
fn runs_that_are_not_of_a_file_are_refused_by_every_command() {
    let place = Place::new();
    let text = GRID.replace("\"full_factorial\"", "\"latin_hypercube\"\npoints = 12");
    place.write("cube.toml", &text);
    for out in ["s", "d"] {
        place.done(&["sweep", "cube.toml", "-q", "--out", out]);
    }
    let study = study(&text);
    let paths = Paths::of(&place.path("d"));
    for first in [100, 120, 1 << 40] {
        let path = paths.journal(2);
        let mut journal = Journal::open(&path, &study.digest).unwrap();
        let scalars = vec![1.0; study.scalars.len()];
        for run in (first..).take(16) {
            let (lines, error) = (vec![Vec::new()], String::new());
            let row = ResultRow { run, outcome: Outcome::Done, scalars: scalars.clone(), lines, error };
            journal.append(&row).unwrap();
        }
        write_segment(&study, &Tables::of(&study), &paths, 2, &mut journal).unwrap();
        drop(journal);
        std::fs::remove_file(path).unwrap();
        let commands = ["summary d", "sweep status d", "sweep cube.toml --out d", "rerun d 5 --check"];
        for command in commands.iter().chain(&["merge d --out all"]) {
            let message = place.refused(&command.split(' ').collect::<Vec<_>>(), 2);
            assert!(message.contains("runs_00002.parquet") && message.contains("runs 32 to 47"), "{message}");
            assert!(message.contains("remove it to have its runs done again"), "{command}: {message}");
        }
        assert!(!place.path("all").exists(), "a merge that cannot be done leaves nothing");
    }
    std::fs::remove_file(paths.runs(2)).unwrap();
    place.done(&["sweep", "cube.toml", "-q", "--out", "d"]);
    assert_eq!(differing(&place.contents("s"), &place.contents("d")), [""; 0]);
}

/// Bits changed anywhere in a file of runs: whatever still reads gives the figures that were written.
#[test]
fn a_changed_bit_in_a_file_of_runs_changes_no_figure() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    let (study, paths) = (study(GRID), Paths::of(&place.path("s")));
    let whole = figures(&study, &paths).unwrap();
    let bytes = std::fs::read(paths.runs(2)).unwrap();
    let (mut refused, mut read) = (0, 0);
    landfall::experiment::row::quiet_caught_panics();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        std::fs::write(paths.runs(2), changed).unwrap();
        match figures(&study, &paths) {
            Ok(found) => {
                read += 1;
                let bits = |figures: &Figures| -> Vec<u64> {
                    figures.scalars.iter().flatten().map(|x| x.to_bits()).collect()
                };
                assert_eq!((bits(&found), found.runs), (bits(&whole), whole.runs.clone()), "byte {at}");
            }
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains("runs_00002.parquet"), "byte {at}: {error}");
            }
        }
    }
    println!("{refused} refused, {read} of no consequence");
    assert!(refused > read / 4);
}

/// Files that are missing or stand in another's place are named by every command, and what is removed is done again.
#[test]
fn files_of_a_segment_that_are_missing_or_exchanged_are_refused() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    let whole = place.contents("s");
    let refused = |words: &[&str]| {
        let commands = ["summary s", "sweep status s", "sweep grid.toml --out s", "rerun s 5 --check"];
        for command in commands.iter().chain(&["merge s --out all"]) {
            let message = place.refused(&command.split(' ').collect::<Vec<_>>(), 2);
            assert!(words.iter().all(|word| message.contains(word)), "{command}: {message}");
        }
        assert!(!place.path("all").exists(), "a merge that cannot be done leaves nothing");
    };
    let (runs, series) =
        (place.path("s/runs/runs_00003.parquet"), place.path("s/series/series_00003.parquet"));
    std::fs::remove_file(&series).unwrap();
    refused(&["cannot read s/series/series_00003.parquet", "remove s/runs/runs_00003.parquet"]);
    std::fs::copy(place.path("s/series/series_00004.parquet"), &series).unwrap();
    refused(&["series_00003.parquet: it does not hold runs 48 to 63", "remove s/runs/runs_00003.parquet"]);
    std::fs::write(&series, &whole["series/series_00003.parquet"]).unwrap();
    std::fs::copy(place.path("s/runs/runs_00004.parquet"), &runs).unwrap();
    refused(&["runs_00003.parquet: it does not hold runs 48 to 63", "remove it"]);
    std::fs::remove_file(&runs).unwrap();
    let paths = Paths::of(&place.path("s"));
    let mut journal = Journal::open(&paths.journal(3), &study(GRID).digest).unwrap();
    let (scalars, lines, error) = (vec![1.0; 2], vec![Vec::new()], String::new());
    journal.append(&ResultRow { run: 64, outcome: Outcome::Done, scalars, lines, error }).unwrap();
    refused(&["segment_00003.rows: it holds other runs than 48 to 63", "remove it to have"]);
    std::fs::remove_file(paths.journal(3)).unwrap();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    assert_eq!(differing(&whole, &place.contents("s")), [""; 0]);
}

#[test]
fn a_dry_run_counts_and_leaves_nothing() {
    let place = Place::new();
    let printed = place.done(&["sweep", "grid.toml", "--dry-run"]);
    for words in ["12 points (full_factorial) of 10 replicates: 120 runs", "each some", "about"] {
        assert!(printed.contains(words), "no `{words}` in:\n{printed}");
    }
    assert!(!place.path("sweeps").exists());
}
