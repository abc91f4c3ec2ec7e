//! What is written about the program is held to the program.
//!
//! The pages under `docs` that are generated are refreshed by
//!
//! ```text
//! cargo run -- document parameters > docs/parameters.md
//! cargo run -- document tables > docs/tables.md
//! cargo run -- document day > docs/day.md
//! cargo run -- document ledger > docs/ledger.md
//! cargo run -- document layout > docs/layout.md
//! ```

use landfall::engine::DAY;
use landfall::scenario::Scenario;
use landfall::scenario::read::{defaults_out_of_range, defaults_without_source};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_landfall")).args(["document", name]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn generated_pages_are_up_to_date() {
    for name in ["parameters", "tables", "day", "ledger", "layout"] {
        let path = root().join(format!("docs/{name}.md"));
        let held = fs::read_to_string(&path).unwrap_or_default();
        let fresh = page(name);
        let differs = held.lines().zip(fresh.lines()).position(|(a, b)| a != b);
        let line = differs.unwrap_or(held.lines().count().min(fresh.lines().count())) + 1;
        assert!(
            held == fresh,
            "docs/{name}.md is behind the code from line {line} on; refresh it: \
             cargo run -- document {name} > docs/{name}.md"
        );
    }
}

#[test]
fn every_default_that_is_a_number_says_where_it_comes_from() {
    assert_eq!(defaults_without_source::<Scenario>(), [""; 0]);
    assert_eq!(defaults_out_of_range::<Scenario>(), [""; 0]);
}

/// Words between single backquotes, outside of fenced blocks.
fn quoted(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            words.extend(line.split('`').skip(1).step_by(2).map(str::to_string));
        }
    }
    words
}

/// Targets of links to files: `[text](docs/model.md#part)`.
fn linked(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|after| after.split(')').next());
    let local = targets.filter(|t| !t.contains("://") && !t.starts_with('#') && !t.starts_with("mailto:"));
    local.map(|t| t.split('#').next().unwrap_or(t).to_string()).collect()
}

/// Whether a quoted word names a file of this project: what a run leaves behind is not one.
fn is_path(word: &str) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let ours =
        ["src/", "tests/", "benches/", "configs/", "docs/", ".ci/"].iter().any(|d| word.starts_with(d));
    plain && ours
}

#[test]
fn every_path_named_exists() {
    let mut pages: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "src/engine/README.md"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    if let Ok(entries) = fs::read_dir(root().join("docs")) {
        pages
            .extend(entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "md")));
    }
    let mut missing = Vec::new();
    for path in pages.iter().filter(|p| p.exists()) {
        let text = fs::read_to_string(path).unwrap();
        let beside = path.parent().unwrap_or(root());
        for word in quoted(&text).into_iter().filter(|w| is_path(w)) {
            if !root().join(&word).exists() {
                missing.push(format!("{}: `{word}`", path.display()));
            }
        }
        for target in linked(&text).into_iter().filter(|t| !t.is_empty()) {
            if !beside.join(&target).exists() {
                missing.push(format!("{}: link to {target}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "named, but not there:\n  {}", missing.join("\n  "));
}

/// The place of each process among those a text names as `| n | name |` or `` `name` ``, in the order of the text.
fn assert_order(text: &str, whose: &str) {
    let mut from = 0;
    for process in DAY {
        let marks =
            [format!("| {} |", process.name), format!("`{}`", process.name), format!("**{}**", process.name)];
        let at = marks.iter().filter_map(|m| text[from..].find(m.as_str())).min();
        let Some(at) = at else {
            panic!(
                "{whose} does not name the process `{}` after those before it in engine::DAY",
                process.name
            )
        };
        from += at + 1;
    }
}

#[test]
fn the_order_of_a_day_is_documented_as_it_is() {
    assert_order(&page("day"), "docs/day.md");
    let path = root().join("docs/model.md");
    if path.exists() {
        let text = fs::read_to_string(path).unwrap();
        // The last heading about the day's order, so that names used earlier in passing do not count.
        let heading = text.lines().find(|l| l.starts_with('#') && l.to_lowercase().contains("day"));
        let from = heading.and_then(|h| text.find(h)).unwrap_or(0);
        assert_order(&text[from..], "docs/model.md");
    }
}

#[test]
fn the_readers_of_these_tests_read_right() {
    assert_eq!(quoted("a `b` c `d`\n```\n`e`\n```\n`f`"), ["b", "d", "f"]);
    assert_eq!(linked("[a](b.md#c) [d](https://e) [f](#g)"), ["b.md"]);
    assert!(is_path("src/lib.rs") && !is_path("runs/a") && !is_path("src/*.rs") && !is_path("cargo run"));
}

/// Every fault has its tests, and every test that the list names is there.
#[test]
fn the_tests_of_faults_are_there() {
    let text = fs::read_to_string(root().join("tests/README.md")).unwrap();
    let rows: Vec<&str> = text.lines().filter(|l| l.starts_with("| ") && l.contains(".rs`")).collect();
    assert_eq!(rows.len(), 23);
    let mut missing = Vec::new();
    for row in rows {
        let mut held = String::new();
        for word in quoted(row.splitn(3, '|').nth(2).unwrap()) {
            if word.ends_with(".rs") {
                held = fs::read_to_string(root().join("tests").join(&word)).unwrap_or_default();
                assert!(held.contains("#[test]"), "{word}");
            } else if !held.contains(&format!("fn {word}()")) {
                missing.push(word);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
