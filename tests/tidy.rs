//! The shape of the source: long lines, long files, things kept to one place, and words that have no business here.

use std::fs;
use std::path::{Path, PathBuf};

const LONGEST_LINE_CHARS: usize = 120;
const LONGEST_FILE_CODE_LINES: usize = 900;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files under a directory, or the file itself, with one of the endings.
fn files(under: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(under)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn rust(under: &str) -> Vec<(String, String)> {
    let named = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&path).unwrap())
    };
    let found: Vec<_> = files(under, &["rs"]).into_iter().map(named).collect();
    assert!(!found.is_empty(), "no Rust file under {under}");
    found
}

/// What comes before the tests inside a file.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Code without comments, roughly: no string in the source holds `//` that matters here.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(i, line)| (i + 1, line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//") && !line.trim().is_empty())
}

fn report(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn lines_are_readable() {
    let mut faults = Vec::new();
    for (name, text) in rust("src") {
        for (i, line) in text.lines().enumerate() {
            let start = line.trim_start();
            // A row of a table cannot be broken; a parameter is declared in one line, its source included.
            let exempt =
                start.starts_with("/// |") || start.starts_with("//! |") || is_declaration(&name, start);
            if line.chars().count() > LONGEST_LINE_CHARS && !exempt {
                faults.push(format!("{name}:{}", i + 1));
            }
        }
    }
    report("lines over 120 characters", &faults);
}

/// A parameter of a scenario file: `name: type = default { unit: …, source: … }`.
fn is_declaration(name: &str, line: &str) -> bool {
    (name.starts_with("src/scenario/") || name.starts_with("src/instruments/"))
        && line.contains(": ")
        && line.trim_end().ends_with("},")
}

#[test]
fn files_can_be_read_at_a_sitting() {
    let mut faults = Vec::new();
    for (name, text) in ["src", "tests"].iter().flat_map(|d| rust(d)) {
        let lines = code_lines(&text).count();
        if lines > LONGEST_FILE_CODE_LINES {
            faults.push(format!("{name}: {lines} lines of code"));
        }
    }
    report("files over 900 lines of code", &faults);
}

#[test]
fn every_module_says_what_it_is() {
    let bare = |(_, text): &(String, String)| !text.starts_with("//!");
    let faults: Vec<String> =
        ["src", "tests"].iter().flat_map(|d| rust(d)).filter(bare).map(|(name, _)| name).collect();
    report("files that do not start with `//!`", &faults);
}

#[test]
fn nothing_is_left_unfinished_or_points_to_one_machine() {
    // In pieces, so that this file does not hold them.
    let words = [
        ["to", "do!"],
        ["unimple", "mented!"],
        ["db", "g!("],
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X"],
        ["/ho", "me/"],
        ["/ro", "ot/"],
        ["/wo", "rk/"],
        ["/Us", "ers/"],
        ["C:\\", "Users"],
    ]
    .map(|w| w.concat());
    let endings = ["rs", "toml", "md", "cff", "csv", "svg"];
    let texts =
        ["src", "tests", "benches", "configs", "docs", "README.md", "ARCHITECTURE.md", "CHANGELOG.md"];
    let mut faults = Vec::new();
    for path in texts.iter().flat_map(|t| files(t, &endings)).filter(|p| p.exists()) {
        let text = fs::read_to_string(&path).unwrap();
        for (i, line) in text.lines().enumerate() {
            for word in words.iter().filter(|w| line.contains(w.as_str())) {
                faults.push(format!("{}:{}: {word}", path.display(), i + 1));
            }
        }
    }
    report("words that have no business here", &faults);
}

/// Lines of code under `src` that hold `what`, in files not allowed to.
fn outside(what: &str, allowed: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, text) in rust("src") {
        if allowed.iter().any(|a| name.starts_with(a)) {
            continue;
        }
        for (i, line) in code_lines(&text) {
            if line.contains(what) {
                faults.push(format!("{name}:{i}: {}", line.trim()));
            }
        }
    }
    faults
}

#[test]
fn no_order_is_left_to_a_hash() {
    report("hash maps", &outside("HashMap", &[]));
    report("hash sets", &outside("HashSet", &[]));
}

#[test]
fn one_file_knows_the_binary_format() {
    report("bincode elsewhere", &outside("bincode", &["src/snapshot/encode.rs"]));
}

#[test]
fn one_file_knows_the_compressor() {
    // The Parquet encoder has a word of that name of its own.
    report("zstd elsewhere", &outside("zstd::", &["src/snapshot/squeeze.rs"]));
}

#[test]
fn threads_are_kept_to_the_engine_the_experiments_snapshots_and_the_command_line() {
    report(
        "rayon elsewhere",
        &outside("rayon", &["src/engine/", "src/experiment/", "src/snapshot/", "src/cli/"]),
    );
    // The bounds of the command line ask how many threads the machine runs, and start none.
    let allowed = ["src/session/keeper.rs", "src/files.rs", "src/cli/bounds.rs"];
    report("threads elsewhere", &outside("std::thread", &allowed));
}

#[test]
fn only_the_command_line_prints_or_ends_the_process() {
    for what in ["println!", "eprintln!", "print!(", "process::exit"] {
        report(what, &outside(what, &["src/cli/", "src/main.rs"]));
    }
}

#[test]
fn the_science_stands_alone() {
    let mut faults = Vec::new();
    for (name, text) in rust("src/model") {
        for (i, line) in code_lines(without_tests(&text)) {
            for after in line.split("crate::").skip(1).filter(|after| !after.starts_with("model")) {
                faults.push(format!("{name}:{i}: crate::{after}"));
            }
            let Some(used) = line.trim_start().strip_prefix("use ") else { continue };
            let first = used.split([':', ';', ' ']).next().unwrap_or("");
            if !["crate", "super", "self", "std", "core", "serde"].contains(&first)
                && !own_module(&text, first)
            {
                faults.push(format!("{name}:{i}: {}", line.trim()));
            }
        }
    }
    report("model/ uses more than model, serde and std", &faults);
}

/// `mod rates; pub use rates::…`: a file's own module.
fn own_module(text: &str, name: &str) -> bool {
    text.contains(&format!("mod {name};"))
}

#[test]
fn dependencies_between_layers_point_inwards() {
    let layers = [
        "model",
        "world",
        "instruments",
        "scenario",
        "engine",
        "snapshot",
        "observe",
        "experiment",
        "session",
        "cli",
    ];
    // `scenario` ends in a prepared set-up, which the engine makes, and names keys by the engine's rule.
    // Terms of instruments are read and resolved as a scenario is.
    let known = [
        ("scenario", "engine"),
        ("world", "scenario"),
        ("instruments", "scenario"),
        ("instruments", "engine"),
    ];
    let mut faults = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        for (name, text) in rust(&format!("src/{layer}")) {
            for (i, line) in code_lines(without_tests(&text)) {
                for after in line.split("crate::").skip(1) {
                    let to = after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
                    let outwards = layers.iter().position(|l| *l == to).is_some_and(|p| p > at);
                    if outwards && !known.contains(&(*layer, to)) {
                        faults.push(format!("{name}:{i}: {}", line.trim()));
                    }
                }
            }
        }
    }
    report("dependencies that point outwards", &faults);
}
