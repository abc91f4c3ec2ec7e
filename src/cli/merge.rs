//! `landfall merge`: the shards of a sweep joined into one directory.

use super::progress::thousands;
use super::study::{self, shards_in};
use super::{CommandError, print};
use crate::experiment::dataset::Paths;
use crate::experiment::merge::{MergeError, examine, merge};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `merge`.
#[derive(Args, Debug)]
pub struct Options {
    /// Directories of shards, or directories that have them under shards/.
    #[arg(value_name = "DIR", required = true)]
    parts: Vec<PathBuf>,
    /// Directory for the whole; it may be the one whose shards these are.
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
}

/// Join them.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let mut parts: Vec<PathBuf> = Vec::new();
    for part in &options.parts {
        let shards = shards_in(part);
        if shards.is_empty() { parts.push(part.clone()) } else { parts.extend(shards) }
    }
    let Some(first) = parts.first() else {
        return Err(CommandError::Other("no directory to join".into()));
    };
    let opened = study::open(first)?;
    for part in &parts {
        let held = study::manifest(part)?;
        let same = held["digest"] == opened.study.digest.as_str();
        if !same || held["version"] != env!("CARGO_PKG_VERSION") {
            return Err(CommandError::Other(format!(
                "{} does not belong to the experiment of {}, or was made by another version of the program",
                part.display(),
                first.display()
            )));
        }
    }
    let paths: Vec<Paths> = parts.iter().map(|p| Paths::of(p)).collect();
    let told = |e: MergeError| CommandError::Other(e.to_string());
    // All of it is looked at before the first file is written.
    let failed = examine(&opened.study, &paths, &Paths::of(&options.out)).map_err(told)?;
    let (_lock, out) = opened.claim(study::What::Sweep, &options.out, None)?;
    merge(&opened.study, &paths, &out).map_err(told)?;
    let runs = thousands(opened.study.runs());
    let (parts, out) = (parts.len(), options.out.display());
    print(&format!("{runs} runs of {parts} parts, {} of them failed, under {out}\n", thousands(failed)))?;
    Ok(ExitCode::SUCCESS)
}
