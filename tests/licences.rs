//! Whose code is built in, and under what terms: read from the lock file and from what cargo knows, without a network.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Licences under which code may be built in: permissive, and compatible with MIT and with Apache-2.0.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn manifest() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
}

fn cargo(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO")).args(arguments).output().expect("cargo runs");
    assert!(done.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("cargo prints UTF-8")
}

/// The packages built on this platform, those of tests and benchmarks included.
fn packages() -> Vec<Value> {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|l| l.strip_prefix("host: ")).expect("cargo names its host");
    let manifest = manifest().to_string_lossy();
    let arguments = [
        "metadata",
        "--offline",
        "--locked",
        "--format-version=1",
        "--filter-platform",
        host,
        "--manifest-path",
        &manifest,
    ];
    let answer: Value = serde_json::from_str(&cargo(&arguments)).expect("cargo metadata prints JSON");
    answer["packages"].as_array().expect("a list of packages").clone()
}

/// Whether an SPDX expression can be met with the allowed licences alone. `/` is an old way to write `OR`.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at) && at == words.len()
}

/// Terms joined by `OR`. All are read, also after one is met, so that what follows stands at the right place.
fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut met = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at);
    }
    met
}

/// Terms joined by `AND`, which binds closer.
fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut met = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at);
    }
    met
}

/// A licence, with its exception where it has one, or an expression in parentheses.
fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let met = any_of(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    match words.get(*at..*at + 2) {
        Some(["WITH", exception]) => {
            *at += 2;
            ALLOWED.contains(&format!("{word} WITH {exception}").as_str())
        }
        _ => ALLOWED.contains(&word),
    }
}

#[test]
fn expressions_are_read_right() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "Unlicense OR MIT",
        "GPL-3.0 OR (MIT AND BSD-3-Clause)",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-2.0 WITH Classpath-exception-2.0 OR MIT",
    ] {
        assert!(allowed(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT",
        "MIT)",
        "MIT Apache-2.0",
        "GPL-3.0 AND (MIT OR Apache-2.0)",
        "GPL-2.0 WITH LLVM-exception",
    ] {
        assert!(!allowed(bad), "{bad}");
    }
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let packages = packages();
    assert!(packages.len() > 20, "only {} packages: cargo metadata was not read right", packages.len());
    let fault = |p: &Value| {
        let licence = p["license"].as_str().unwrap_or("");
        (!allowed(licence)).then(|| format!("{} {}: `{licence}`", p["name"], p["version"]))
    };
    let faults: Vec<String> = packages.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "licences not allowed:\n  {}", faults.join("\n  "));
}

/// The lock file covers every platform, so this holds also for what is not built here.
#[test]
fn every_dependency_comes_from_the_registry_with_its_digest() {
    let text =
        std::fs::read_to_string(manifest().with_file_name("Cargo.lock")).expect("Cargo.lock is committed");
    let lock: toml::Table = text.parse().expect("Cargo.lock is TOML");
    let packages = lock["package"].as_array().expect("a list of packages");
    let mut own = 0;
    for package in packages {
        let name = package["name"].as_str().unwrap_or("");
        match package.get("source").and_then(toml::Value::as_str) {
            None => {
                own += 1;
                assert_eq!(name, "landfall", "a dependency by path");
            }
            Some(source) => {
                assert_eq!(source, CRATES_IO, "{name} comes from elsewhere");
                let digest = package.get("checksum").and_then(toml::Value::as_str).unwrap_or("");
                assert_eq!(digest.len(), 64, "{name} has no digest in Cargo.lock");
            }
        }
    }
    assert_eq!(own, 1);
}

#[test]
fn the_licences_of_this_program_are_here() {
    let packages = packages();
    let own = packages.iter().find(|p| p["name"] == "landfall").expect("landfall itself");
    assert_eq!(own["license"], "MIT OR Apache-2.0");
    for (file, words) in
        [("LICENSE-MIT", "Permission is hereby granted"), ("LICENSE-APACHE", "Version 2.0, January")]
    {
        let text = std::fs::read_to_string(manifest().with_file_name(file)).expect(file);
        assert!(text.contains(words), "{file}");
    }
    let citation = std::fs::read_to_string(manifest().with_file_name("CITATION.cff")).expect("CITATION.cff");
    let version = format!("version: {}", own["version"].as_str().unwrap_or(""));
    assert!(citation.lines().any(|l| l == version), "CITATION.cff does not say `{version}`");
}
