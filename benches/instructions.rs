//! Instructions executed, where `valgrind` is installed: they do not depend on how busy a machine is.
//!
//! `cargo bench --bench instructions` runs the program itself on fixed work and prints, and writes to
//! `target/criterion/instructions.json`, how many instructions each took.

use serde_json::json;
use std::process::Command;

/// What is counted: a name and the arguments of the program.
const WORK: &[(&str, &[&str])] = &[
    ("the United States and Cuba, loading and one day", &["run", "--stop-at", "1991-01-02"]),
    ("the United States and Cuba, five years", &["run", "--stop-at", "1996-01-01"]),
    ("the United States and Cuba, twenty years", &["run"]),
];

fn main() {
    // `cargo test --benches` and `cargo bench --no-run` must not wait for it.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("no instructions counted: there is no valgrind here");
        return;
    }
    let mut rows = Vec::new();
    for (name, arguments) in WORK {
        match count(arguments) {
            Ok(n) => {
                println!("{:>8.3} thousand million instructions: {name}", n as f64 / 1e9);
                rows.push(json!({ "name": name, "instructions": n }));
            }
            Err(why) => println!("not counted: {name}: {why}"),
        }
    }
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let path = std::path::Path::new(&target).join("criterion/instructions.json");
    let text = serde_json::to_string_pretty(&json!({ "benchmark": "instructions", "measured": rows }));
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match made.and_then(|()| std::fs::write(&path, text.unwrap_or_default() + "\n")) {
        Ok(()) => println!("the same as JSON: {}", path.display()),
        Err(e) => println!("cannot write {}: {e}", path.display()),
    }
}

fn count(arguments: &[&str]) -> Result<u64, String> {
    let place = tempfile::tempdir().map_err(|e| e.to_string())?;
    let out = place.path().join("out");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", place.path().join("calls").display()))
        .arg(env!("CARGO_BIN_EXE_landfall"))
        .args(arguments)
        .args(["--threads", "1", "--quiet", "--out"])
        .arg(&out)
        .output()
        .map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|l| l.split_once("Collected :")).map(|(_, n)| n.trim().to_string());
    collected.and_then(|n| n.parse().ok()).ok_or_else(|| said.lines().last().unwrap_or("").to_string())
}
