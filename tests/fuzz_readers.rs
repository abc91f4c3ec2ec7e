//! Readers of snapshots, scenarios, experiments and tables of results are given what was changed in all sorts of ways:
//! none panics, none takes memory without bound, and every answer is a value that is whole or a mistake that is told.
//!
//! Inputs are made by chains of changes from known beginnings, each change keyed by a number. An answer of a kind not
//! seen before makes its input a beginning of others; a kind is the words of a message without names and numbers. The
//! chains found in long searches are kept in `tests/corpus`, a line for each: they are all done again in every run, and
//! some are gone on from. `LANDFALL_FUZZ_SECONDS=N` searches for so long, `LANDFALL_FUZZ_KEEP=1` keeps what is found.
//!
//! Each search is done by a process of its own with a bounded address space.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "how long to go on is about the clock")]

#[path = "common/bytes.rs"]
mod bytes;
mod common;
mod sweeping;

use bytes::{DIGEST, ENTRY, HEAD, TRAILER, after, number, put, read, sign, small, with_section};
use common::{Numbers, SHORT, full};
use landfall::experiment::dataset::Paths;
use landfall::experiment::reading;
use landfall::experiment::study::{Draft, Study, Text};
use landfall::files::FileError;
use landfall::scenario::load;
use landfall::scenario::read::{Layer, Problems};
use landfall::snapshot::check_whole;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;
use sweeping::{GRID, Place, trivial};

/// Kibibytes of addresses a search may take: the program, its threads, and what the readers promise.
const ADDRESSES: u64 = 900_000;

/// Changes on the way to an input at most.
const LONGEST: usize = 8;

/// A reader, what it is given, and what it answers: nothing, or what is wrong.
struct Target<'t> {
    name: &'static str,
    beginnings: Vec<Vec<u8>>,
    change: &'t dyn Fn(&mut Vec<u8>, &mut Numbers),
    answer: &'t dyn Fn(&[u8]) -> Result<(), String>,
    rounds: u64,
}

/// A beginning and the numbers of the changes from it.
#[derive(Clone)]
struct Chain {
    from: usize,
    changes: Vec<u64>,
    bytes: Vec<u8>,
}

/// A message without what differs from case to case: names in quotes, numbers, what is added in brackets.
fn kind(answer: &Result<(), String>) -> String {
    let Err(message) = answer else { return "whole".into() };
    let mut kind = String::new();
    let mut quoted = false;
    // What stands in brackets, and after them, is of the input.
    let message = message.split(" (").next().unwrap_or_default();
    for c in message.chars().filter(|c| !c.is_ascii_digit()) {
        match c {
            '`' => quoted = !quoted,
            _ if quoted => {}
            c if c.is_control() => kind.push(' '),
            c => kind.push(c),
        }
    }
    kind.chars().take(160).collect()
}

impl Target<'_> {
    fn file(&self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(format!("{}.txt", self.name))
    }

    fn changed(&self, mut chain: Chain, change: u64) -> Chain {
        (self.change)(&mut chain.bytes, &mut Numbers(change));
        chain.changes.push(change);
        chain
    }

    /// The chains that are kept: a beginning and changes on a line, then the kind of the answer they once had.
    fn kept(&self) -> Vec<Chain> {
        let text = fs::read_to_string(self.file()).unwrap_or_default();
        let mut chains = Vec::new();
        for line in text.lines() {
            let mut numbers = line.split_whitespace().map_while(|word| word.parse::<u64>().ok());
            let from = numbers.next().expect("a line of the corpus begins with a number") as usize;
            let begun = Chain { from, changes: Vec::new(), bytes: self.beginnings[from].clone() };
            chains.push(numbers.fold(begun, |chain, change| self.changed(chain, change)));
        }
        chains
    }

    fn search(&self) {
        let seconds: Option<u64> = std::env::var("LANDFALL_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
        let began = self.beginnings.iter().enumerate();
        let mut pool: Vec<Chain> =
            began.map(|(from, bytes)| Chain { from, changes: Vec::new(), bytes: bytes.clone() }).collect();
        for chain in &pool {
            assert_eq!((self.answer)(&chain.bytes), Ok(()), "{}: a beginning is refused", self.name);
        }
        let beginnings = pool.len() as u64;
        let mut kinds: BTreeMap<String, Chain> = BTreeMap::new();
        for chain in self.kept() {
            kinds.insert(kind(&(self.answer)(&chain.bytes)), chain.clone());
            pool.push(chain);
        }
        let (known, started, mut rounds, mut whole) = (kinds.len(), Instant::now(), 0_u64, 0_u64);
        let rounds_asked = if full() { 12 * self.rounds } else { self.rounds };
        // Another part of all changes where they are searched for long.
        let first = if seconds.is_some() { u64::from(std::process::id()) << 32 } else { 0 };
        while seconds.map_or(rounds < rounds_asked, |s| started.elapsed().as_secs() < s) {
            let mut numbers = Numbers(first + rounds);
            let pick = if numbers.below(2) == 0 {
                numbers.below(beginnings)
            } else {
                numbers.below(pool.len() as u64)
            };
            let chain = self.changed(pool[pick as usize].clone(), first + rounds);
            if seconds.is_some() {
                // What a process that ends here was given.
                let numbers: Vec<String> = chain.changes.iter().map(u64::to_string).collect();
                fs::write(trace(self.name), format!("{} {}", chain.from, numbers.join(" "))).unwrap();
            }
            let answer = (self.answer)(&chain.bytes);
            whole += u64::from(answer.is_ok());
            let kind = kind(&answer);
            if chain.changes.len() < LONGEST && !kinds.contains_key(&kind) {
                kinds.insert(kind, chain.clone());
                pool.push(chain);
            }
            rounds += 1;
        }
        println!(
            "{}: {rounds} rounds, {whole} of them whole, {} kinds of answers, {known} known",
            self.name,
            kinds.len()
        );
        assert!(whole > 0 && whole < rounds, "{}: {whole} of {rounds} are whole", self.name);
        if std::env::var_os("LANDFALL_FUZZ_KEEP").is_some_and(|v| v == "1") {
            let line = |(kind, chain): (&String, &Chain)| {
                let numbers: Vec<String> = chain.changes.iter().map(u64::to_string).collect();
                format!("{} {} # {kind}\n", chain.from, numbers.join(" "))
            };
            fs::create_dir_all(self.file().parent().unwrap()).unwrap();
            fs::write(self.file(), kinds.iter().map(line).collect::<String>()).unwrap();
        }
    }
}

/// Where a long search leaves what it is trying.
fn trace(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz_{name}"))
}

/// Runs a test of this file in a process of its own with bounded memory; true in that process.
fn in_a_bounded_process(test: &str) -> bool {
    const INSIDE: &str = "LANDFALL_FUZZ_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let script = format!("ulimit -v {ADDRESSES} && exec \"$0\" --exact \"$1\" --nocapture");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).arg(std::env::current_exe().unwrap()).arg(test);
    let output = shell.env(INSIDE, "1").stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    println!("{}", told.lines().find(|line| line.contains(" rounds, ")).unwrap_or_default());
    let error = String::from_utf8_lossy(&output.stderr);
    let error: String = error.chars().take(3_000).collect();
    let tried = fs::read_to_string(trace(test)).unwrap_or_default();
    assert!(output.status.success(), "{test}: {:?}, at chain {tried}\n{error}", output.status);
    false
}

/// Some bytes become others.
fn change_bytes(bytes: &mut Vec<u8>, numbers: &mut Numbers, least: usize) {
    for _ in 0..=numbers.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = numbers.below(bytes.len() as u64) as usize;
        match numbers.below(7) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.below(256) as u8,
            2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][numbers.below(5) as usize],
            3 => {
                let n = numbers.below(16) as usize;
                bytes.iter_mut().skip(at).take(n).for_each(|b| *b = 0xff);
            }
            4 => {
                let from = numbers.below(bytes.len() as u64) as usize;
                let n = (numbers.below(64) as usize).min(bytes.len() - from.max(at));
                bytes.copy_within(from..from + n, at);
            }
            5 => bytes.truncate(at.max(least)),
            _ => bytes.insert(at, numbers.below(256) as u8),
        }
    }
}

/// A snapshot changed anywhere, or in one section, whichever is the shortest as likely as the longest; then mostly
/// signed again, so that no checksum stands before what is behind it.
fn change_snapshot(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let count = number(bytes, 12, 4) as usize;
    let table = HEAD + count.saturating_mul(ENTRY);
    if numbers.below(4) > 0 && bytes.len() > table + DIGEST + TRAILER && count > 0 {
        let row = HEAD + numbers.below(count as u64) as usize * ENTRY;
        let range = (number(bytes, row + 40, 8) as usize, number(bytes, row + 48, 8) as usize);
        let room = table + DIGEST..bytes.len() - TRAILER;
        let end = range.0.checked_add(range.1).filter(|&end| range.0 >= room.start && end <= room.end);
        if let Some(end) = end.filter(|_| range.1 > 0) {
            let mut held = bytes[range.0..end].to_vec();
            change_bytes(&mut held, numbers, 0);
            let name = String::from_utf8_lossy(&bytes[row..row + 32]).trim_end_matches('\0').to_string();
            let (kind, plain) = (number(bytes, row + 32, 4), number(bytes, row + 56, 8));
            // What is stored as it is has the length it is said to have.
            let plain = if kind == 0 { held.len() as u64 } else { plain };
            let first = (0..count)
                .map(|i| HEAD + i * ENTRY)
                .find(|&at| bytes[at..].starts_with(&bytes[row..row + 32]));
            if first == Some(row) && !name.is_empty() && held.len() == range.1 {
                bytes[range.0..end].copy_from_slice(&held);
                sign(bytes);
                return;
            }
            if first == Some(row) && bytes[row..].starts_with(format!("{name}\0").as_bytes()) {
                *bytes = with_section(bytes, &name, &held, plain, kind);
                return;
            }
        }
    }
    change_bytes(bytes, numbers, HEAD);
    if numbers.below(8) > 0 && bytes.len() > HEAD + ENTRY + DIGEST + TRAILER {
        let length = bytes.len() as u64;
        put(bytes, 16, length, 8);
        sign(bytes);
    }
}

/// Changes that leave TOML whole: a number becomes an awkward one, a value or a line comes twice, moves or goes, a table
/// comes twice.
fn change_words(text: &mut Vec<u8>, numbers: &mut Numbers) {
    const AWKWARD: [&str; 18] = [
        "nan",
        "inf",
        "-1.0",
        "0",
        "1",
        "0.5",
        "1e308",
        "1e-308",
        "9223372036854775807",
        "\"\"",
        "[]",
        "{}",
        "true",
        "1994-08-19",
        "[1.0]",
        "[[]]",
        "0x7fffffff",
        "\"\\u0000\"",
    ];
    let whole = String::from_utf8_lossy(text).into_owned();
    let mut lines: Vec<String> = whole.lines().map(str::to_string).collect();
    if lines.is_empty() {
        return;
    }
    let at = numbers.below(lines.len() as u64) as usize;
    let other = numbers.below(lines.len() as u64) as usize;
    let value = |line: &str| line.split_once(" = ").map(|(key, value)| (key.to_string(), value.to_string()));
    match numbers.below(6) {
        0 | 1 => {
            if let Some((key, _)) = value(&lines[at]) {
                lines[at] = format!("{key} = {}", AWKWARD[numbers.below(AWKWARD.len() as u64) as usize]);
            }
        }
        2 => {
            if let (Some((key, _)), Some((_, value))) = (value(&lines[at]), value(&lines[other])) {
                lines[at] = format!("{key} = {value}");
            }
        }
        3 => lines.insert(at, lines[other].clone()),
        4 => lines.swap(at, other),
        _ => drop(lines.remove(at)),
    }
    *text = lines.join("\n").into_bytes();
}

fn change_text(text: &mut Vec<u8>, numbers: &mut Numbers) {
    if numbers.below(4) == 0 { change_bytes(text, numbers, 0) } else { change_words(text, numbers) }
}

/// The first of some mistakes, and that all of them can be told.
fn first(problems: &Problems) -> String {
    assert!(!problems.render(false).is_empty());
    problems.iter().next().map_or(String::new(), |p| format!("{}; {}", p.found, p.allowed))
}

#[test]
fn snapshots() {
    if in_a_bounded_process("snapshots") {
        let packed = [small(), after(SHORT, 90), after(SHORT, 330)];
        let plain: Vec<Vec<u8>> = packed.iter().map(|bytes| bytes::unsqueezed(bytes)).collect();
        let answer = |bytes: &[u8]| match read(bytes).and_then(check_whole) {
            // What is believed can be run.
            Ok(opened) => {
                let mut sim = landfall::engine::Sim::new(&opened.loaded.setup, opened.snapshot.world);
                if sim.world.day < opened.loaded.setup.days {
                    sim.step();
                }
                Ok(())
            }
            Err(fault) => Err(fault.to_string()),
        };
        let beginnings = packed.into_iter().chain(plain).collect();
        Target { name: "snapshots", beginnings, change: &change_snapshot, answer: &answer, rounds: 2_000 }
            .search();
    }
}

#[test]
fn scenarios() {
    if in_a_bounded_process("scenarios") {
        let beginnings = [SHORT, common::BARE, common::TINY].map(|text| text.as_bytes().to_vec()).to_vec();
        let answer = |text: &[u8]| match load(&[Layer::file("changed.toml", String::from_utf8_lossy(text))]) {
            Ok(_) => Ok(()),
            Err(problems) => Err(first(&problems)),
        };
        Target { name: "scenarios", beginnings, change: &change_text, answer: &answer, rounds: 1_000 }
            .search();
    }
}

fn study(text: String) -> Result<Study, Problems> {
    let draft = Draft::read(&Text { name: "changed.toml".into(), text })?;
    draft.finish(&[Layer::file("trivial.toml", trivial())], None)
}

#[test]
fn experiments() {
    if in_a_bounded_process("experiments") {
        let lists = GRID.find("[[factors]]\nname = \"sizes\"").unwrap();
        let ranges = [&GRID[..lists], &GRID[GRID.find("[[outputs]]").unwrap()..]].concat();
        let morris =
            ranges.replace("full_factorial", "morris").replace("replicates = 10", "trajectories = 3");
        let sobol = ranges.replace("full_factorial", "sobol").replace("replicates = 10", "points = 8");
        let beginnings = [GRID, &morris, &sobol].map(|text| text.as_bytes().to_vec()).to_vec();
        // What is whole has points, of which the first and the last can be said.
        let answer = |text: &[u8]| match study(String::from_utf8_lossy(text).into_owned()) {
            Ok(study) => {
                let last = study.design.points() - 1;
                let settings = [0, last].map(|point| study.settings(point).len());
                assert_eq!(settings, [study.factors.len(); 2]);
                Ok(())
            }
            Err(problems) => Err(first(&problems)),
        };
        Target { name: "experiments", beginnings, change: &change_text, answer: &answer, rounds: 500 }
            .search();
    }
}

#[test]
fn tables() {
    if in_a_bounded_process("tables") {
        let place = Place::new();
        let text = GRID.replace("replicates = 10", "replicates = 1");
        landfall::experiment::row::quiet_caught_panics();
        place.write("one.toml", &text);
        place.done(&["sweep", "one.toml", "-q", "--out", "s"]);
        let paths = Paths::of(&place.path("s"));
        let study = study(text).unwrap();
        let beginnings = vec![fs::read(paths.runs(0)).unwrap()];
        let answer = |bytes: &[u8]| {
            fs::write(paths.runs(0), bytes).unwrap();
            let file = paths.runs(0);
            let told = |e: FileError| e.to_string().replace(&file.display().to_string(), "the file");
            let checked = reading::check(&study, &paths, 0).map_err(told);
            let found = reading::figures(&study, &paths).map_err(told)?;
            assert_eq!(found.runs.len(), found.scalars[0].len());
            checked.map(|_| ())
        };
        let change = |bytes: &mut Vec<u8>, numbers: &mut Numbers| change_bytes(bytes, numbers, 0);
        Target { name: "tables", beginnings, change: &change, answer: &answer, rounds: 4_000 }.search();
    }
}
