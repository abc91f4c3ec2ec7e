//! What the tests of sweeps share: a scenario that runs in a millisecond, experiments over it, and the real binary.

#![allow(dead_code, reason = "each test file takes from here what it needs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The bare scenario of the tests by contract, cut to sixty days.
pub fn trivial() -> String {
    let text = super::common::BARE.replace("end = 2002-12-31", "end = 2001-03-01");
    assert!(text.contains("end = 2001-03-01"));
    text
}

/// Twelve points of ten replicates: a range, a list of words, options that switch something off.
pub const GRID: &str = r#"
[experiment]
title = "Grid"
scenario = "trivial.toml"
design = "full_factorial"
replicates = 10

[[factors]]
name = "rate"
path = "populations.people.departures_per_thousand_year"
low = 100.0
high = 400.0
levels = 3

[[factors]]
name = "sizes"
path = "populations.people.household_size_shares"
values = [[1.0], [0.5, 0.5]]
names = ["alone", "pairs"]

[[factors]]
name = "onward"
options = [{ name = "off" }, { name = "on", set = { switches.onward = true } }]

[[outputs]]
name = "out"
measure = "set_out"

[[outputs]]
name = "january"
measure = "set_out"
population = "people"
from = 2001-01-01
to = 2001-01-31

[[series]]
measure = "set_out"
every = "month"
"#;

/// A directory with the scenario and experiments in it.
pub struct Place {
    dir: TempDir,
}

impl Place {
    /// With the scenario and [`GRID`] as `grid.toml`.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Self { dir };
        place.write("trivial.toml", &trivial());
        place.write("grid.toml", GRID);
        place
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// The program with arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfall"));
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        command
    }

    /// Runs it.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs what must succeed, and returns what it printed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", error_of(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs what must end with a code, and returns the message.
    pub fn refused(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", error_of(&output));
        error_of(&output)
    }

    /// Every file of a directory of results by its path, the lock and reruns left out.
    pub fn contents(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(name);
        let mut found = BTreeMap::new();
        let mut open = vec![root.clone()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(&directory).unwrap() {
                let path = entry.unwrap().path();
                let inside = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                if inside == ".lock" || inside == "shards" || inside == "slurm" {
                } else if path.is_dir() {
                    open.push(path);
                } else {
                    found.insert(inside, fs::read(&path).unwrap());
                }
            }
        }
        found
    }
}

/// What a program said on standard error; it must not have panicked.
pub fn error_of(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!text.contains("panicked at"), "{text}");
    text
}

/// Whether the long forms of tests are asked for.
pub fn full() -> bool {
    std::env::var_os("LANDFALL_FULL").is_some_and(|v| v == "1")
}

/// The names of two sets of files that differ.
pub fn differing(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names.into_iter().filter(|n| a.get(*n) != b.get(*n)).cloned().collect()
}

/// Rows of runs under a directory.
pub fn rows(directory: &Path) -> Vec<parquet::record::Row> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let mut files: Vec<PathBuf> =
        fs::read_dir(directory.join("runs")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let open = |path: &PathBuf| SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let each =
        |path: &PathBuf| open(path).get_row_iter(None).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    files.iter().flat_map(each).collect()
}
