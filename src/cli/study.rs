//! Experiments as commands find them: a file of the user's, or a directory that holds one with its results.

use super::CommandError;
use super::source::layers_beside;
use super::taken::refuse_other_things;
use crate::experiment::dataset::{Paths, Segments};
use crate::experiment::study::{Draft, Study, Text};
use crate::files::{DirectoryLock, create_directory, read_text, sweep_leftovers, write_atomically};
use crate::scenario::read::{Layer, Problems};
use serde_json::json;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The file of an experiment in a directory of its results.
const EXPERIMENT: &str = "experiment.toml";

/// The scenario everything is laid over.
const SCENARIO: &str = "scenario.toml";

/// The points of a table design.
const POINTS: &str = "points.csv";

/// What a directory of results is.
const MANIFEST: &str = "experiment.json";

/// What is done with an experiment in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Its runs.
    Sweep,
    /// Its factors are estimated.
    Calibration,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::Calibration => "calibration",
        }
    }
}

/// An experiment with the texts it was read from.
pub struct Opened {
    /// The experiment.
    pub study: Study,
    /// Its file as typed.
    text: String,
    /// Its points as typed, where it has a table of them.
    points: Option<String>,
}

fn told(problems: Problems) -> CommandError {
    CommandError::Scenario(problems.render(false))
}

/// Reads an experiment from a file of the user's, or from a directory that holds its results.
pub fn read(path: &Path) -> Result<Opened, CommandError> {
    if path.is_dir() {
        return open(path);
    }
    let text = read_text(path)?;
    let draft = Draft::read(&Text { name: path.display().to_string(), text: text.clone() }).map_err(told)?;
    let beside = path.parent().unwrap_or(Path::new(""));
    let scenario = layers_beside(beside, &draft.typed.experiment.scenario)?;
    let table = match &draft.typed.experiment.table {
        Some(name) => {
            let path = beside.join(name);
            Some(Text { name: path.display().to_string(), text: read_text(&path)? })
        }
        None => None,
    };
    finish(draft, &scenario, text, table)
}

/// Reads the experiment that a directory holds the results of.
pub fn open(directory: &Path) -> Result<Opened, CommandError> {
    let file = |name: &str| -> Result<Text, CommandError> {
        let path = directory.join(name);
        Ok(Text { name: path.display().to_string(), text: read_text(&path)? })
    };
    if !directory.join(MANIFEST).is_file() {
        return Err(CommandError::Other(format!(
            "{} does not hold the results of an experiment: it has no {MANIFEST}",
            directory.display()
        )));
    }
    let experiment = file(EXPERIMENT)?;
    let draft = Draft::read(&experiment).map_err(told)?;
    let scenario = file(SCENARIO)?;
    let scenario = [Layer::file(scenario.name, scenario.text)];
    let table = if directory.join(POINTS).is_file() { Some(file(POINTS)?) } else { None };
    let opened = finish(draft, &scenario, experiment.text, table)?;
    let held = manifest(directory)?;
    if held["digest"] != opened.study.digest.as_str() {
        let path = directory.display();
        return Err(CommandError::Other(format!(
            "{path}: {EXPERIMENT}, {SCENARIO} or {POINTS} is not what the results there were made with"
        )));
    }
    Ok(opened)
}

fn finish(
    draft: Draft,
    scenario: &[Layer<'static>],
    text: String,
    table: Option<Text>,
) -> Result<Opened, CommandError> {
    let study = draft.finish(scenario, table.as_ref()).map_err(told)?;
    Ok(Opened { study, text, points: table.map(|t| t.text) })
}

/// What a directory says it holds.
pub fn manifest(directory: &Path) -> Result<serde_json::Value, CommandError> {
    let path = directory.join(MANIFEST);
    serde_json::from_str(&read_text(&path)?)
        .map_err(|e| CommandError::Other(format!("{} is damaged: {e}", path.display())))
}

/// The shard whose results a directory holds, as i of n.
pub fn shard_of(manifest: &serde_json::Value) -> Option<(u64, u64)> {
    Some((manifest["shard"][0].as_u64()?, manifest["shard"][1].as_u64()?))
}

/// The runs of a shard; all of them without one.
pub fn range(runs: u64, shard: Option<(u64, u64)>) -> Range<u64> {
    shard.map_or(0..runs, |(i, n)| crate::experiment::sweep::shard(runs, i, n))
}

impl Opened {
    /// Makes a directory that of this experiment, or sees that it is; the lock is held as long as what is returned.
    pub fn claim(
        &self,
        what: What,
        directory: &Path,
        shard: Option<(u64, u64)>,
    ) -> Result<(DirectoryLock, Paths), CommandError> {
        create_directory(directory)?;
        let lock = DirectoryLock::acquire(directory)?;
        if directory.join(MANIFEST).is_file() {
            self.refuse_another(what, directory, shard)?;
            sweep_leftovers(directory)?;
        } else {
            refuse_other_things(directory, &[EXPERIMENT, SCENARIO, POINTS])?;
            sweep_leftovers(directory)?;
            write_atomically(&directory.join(EXPERIMENT), self.text.as_bytes())?;
            write_atomically(&directory.join(SCENARIO), self.study.resolved.as_bytes())?;
            if let Some(points) = &self.points {
                write_atomically(&directory.join(POINTS), points.as_bytes())?;
            }
            // Last: a directory that has it is whole.
            write_atomically(&directory.join(MANIFEST), self.manifest(what, shard).as_bytes())?;
        }
        Ok((lock, Paths::of(directory)))
    }

    fn manifest(&self, what: What, shard: Option<(u64, u64)>) -> String {
        let (study, runs) = (&self.study, self.study.runs());
        let segments = Segments::of(runs);
        let about = &study.typed.experiment;
        let mut value = json!({
            "program": "landfall",
            "version": env!("CARGO_PKG_VERSION"),
            "what": what.name(),
            "title": about.title,
            "scenario": about.scenario,
            "digest": study.digest,
        });
        let sweep = json!({
            "design": about.design.name(),
            "points": study.design.points(),
            "replicates": about.replicates,
            "runs": runs,
            "runs_of_a_segment": segments.size,
            "segments": segments.count(),
            "shard": shard.map(|(i, n)| [i, n]),
        });
        if let (What::Sweep, Some(all), Some(more)) = (what, value.as_object_mut(), sweep.as_object()) {
            all.extend(more.clone());
        }
        serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
    }

    fn refuse_another(
        &self,
        what: What,
        directory: &Path,
        shard: Option<(u64, u64)>,
    ) -> Result<(), CommandError> {
        let held = manifest(directory)?;
        let refuse = |words: String| {
            Err(CommandError::Other(format!(
                "{} {words}; nothing was changed there. Give another directory with --out, or remove that one",
                directory.display()
            )))
        };
        if held["what"] != what.name() {
            return refuse(format!("holds a {}, not a {}", held["what"], what.name()));
        }
        if held["digest"] != self.study.digest.as_str() {
            let digest = held["digest"].as_str().unwrap_or("unknown").get(..12).unwrap_or("unknown");
            return refuse(format!("holds the results of another experiment (digest {digest})"));
        }
        if held["version"] != env!("CARGO_PKG_VERSION") {
            let version = &held["version"];
            return refuse(format!(
                "holds results of version {version} of the program, whose runs may differ"
            ));
        }
        if shard_of(&held) != shard {
            let words =
                |s: Option<(u64, u64)>| s.map_or("all runs".into(), |(i, n)| format!("shard {i}/{n}"));
            let (there, here) = (words(shard_of(&held)), words(shard));
            return refuse(format!("holds {there} of this experiment, and {here} are asked for"));
        }
        Ok(())
    }
}

/// Directories of shards inside a directory, in the order of their names.
pub fn shards_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(listed) = std::fs::read_dir(directory.join("shards")) else { return Vec::new() };
    let mut found: Vec<PathBuf> = listed.flatten().map(|e| e.path()).collect();
    found.retain(|path| path.join(MANIFEST).is_file());
    found.sort();
    found
}
