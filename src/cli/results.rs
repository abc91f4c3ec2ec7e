//! The directory an experiment leaves its tables in, with a manifest that says what they are of.

use super::CommandError;
use super::taken::refuse_other_things;
use crate::files::{DirectoryLock, create_directory, read_text, sweep_leftovers, write_atomically};
use crate::observe::table::{Finished, Format};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Format of tables, as an option.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FormatOption {
    /// Parquet.
    Parquet,
    /// CSV.
    Csv,
    /// Both.
    Both,
}

impl From<FormatOption> for Format {
    fn from(option: FormatOption) -> Self {
        match option {
            FormatOption::Parquet => Format::Parquet,
            FormatOption::Csv => Format::Csv,
            FormatOption::Both => Format::Both,
        }
    }
}

/// A directory for the results of one experiment, locked.
pub struct Results {
    directory: PathBuf,
    experiment: Value,
    _lock: DirectoryLock,
}

impl Results {
    /// Open a directory for an experiment; one that holds the results of something else, or anything else, is left
    /// alone.
    pub fn open(directory: &Path, experiment: Value) -> Result<Self, CommandError> {
        create_directory(directory)?;
        let lock = DirectoryLock::acquire(directory)?;
        let path = directory.join("manifest.json");
        if path.exists() {
            let held: Value = serde_json::from_str(&read_text(&path)?).unwrap_or_default();
            if held["experiment"] != experiment {
                return Err(CommandError::Other(format!(
                    "{} holds the results of something else; nothing was changed there. Give another directory \
                     with --out, or remove that one",
                    directory.display()
                )));
            }
        } else {
            refuse_other_things(directory, &[])?;
        }
        sweep_leftovers(directory)?;
        Ok(Self { directory: directory.to_path_buf(), experiment, _lock: lock })
    }

    /// Where the results go.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Metadata that Parquet files carry.
    pub fn metadata(&self) -> Vec<(String, String)> {
        vec![
            ("experiment".to_string(), self.experiment.to_string()),
            ("landfall_version".to_string(), env!("CARGO_PKG_VERSION").to_string()),
        ]
    }

    /// Write the manifest, once every table is in place.
    pub fn finish(self, tables: &[Finished]) -> Result<(), CommandError> {
        let name = |file: &PathBuf| file.file_name().map(|n| n.to_string_lossy().into_owned());
        let tables: Vec<Value> = tables
            .iter()
            .map(|t| json!({ "files": t.files.iter().filter_map(name).collect::<Vec<_>>(), "rows": t.rows }))
            .collect();
        let manifest = json!({
            "program": "landfall",
            "version": env!("CARGO_PKG_VERSION"),
            "experiment": self.experiment,
            "tables": tables,
        });
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
        Ok(write_atomically(&self.directory.join("manifest.json"), text.as_bytes())?)
    }
}
