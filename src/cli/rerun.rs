//! `landfall rerun`: one run of an experiment in full, with its tables.

use super::study;
use super::{CommandError, print};
use crate::experiment::dataset::Paths;
use crate::experiment::reading;
use crate::experiment::row::Worker;
use crate::files::{create_directory, write_atomically};
use crate::scenario::Loaded;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `rerun`.
#[derive(Args, Debug)]
pub struct Options {
    /// Directory of a sweep.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Number of the run.
    #[arg(value_name = "RUN")]
    run: u64,
    /// Directory for the tables [default: DIR/reruns/run_RUN].
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Compare its figures with those of the sweep, bit by bit, instead of writing its tables.
    #[arg(long)]
    check: bool,
    /// Options of `landfall run`, after `--`, such as `-- --format csv --transitions`.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Run it again.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let opened = study::open(&options.directory)?;
    let study = &opened.study;
    if options.run >= study.runs() {
        let last = study.runs() - 1;
        return Err(CommandError::Other(format!(
            "there is no run {}: they go from 0 to {last}",
            options.run
        )));
    }
    if options.check {
        return check(options, &opened);
    }
    let (point, _) = study.place(options.run);
    let seed = study.seed(options.run);
    let Loaded { setup, .. } = study.loaded(point).map_err(|p| CommandError::Scenario(p.render(false)))?;
    let mut scenario = setup.scenario;
    scenario.scenario.seed = seed;
    let text = toml::to_string(&scenario)
        .map_err(|e| CommandError::Other(format!("cannot write the scenario of run {}: {e}", options.run)))?;
    let directory = options.directory.join("reruns");
    create_directory(&directory)?;
    let file = directory.join(format!("run_{}.toml", options.run));
    write_atomically(&file, text.as_bytes())?;
    let out = options.out.clone().unwrap_or_else(|| directory.join(format!("run_{}", options.run)));
    let mut arguments: Vec<String> = vec!["landfall".into(), "run".into()];
    arguments.push(file.to_string_lossy().into_owned());
    arguments.extend(["--out".into(), out.to_string_lossy().into_owned()]);
    arguments.extend(options.rest.iter().cloned());
    super::command_of(&arguments)
}

fn check(options: &Options, opened: &study::Opened) -> Result<ExitCode, CommandError> {
    let figures = reading::figures(&opened.study, &Paths::of(&options.directory))?;
    let Ok(at) = figures.runs.binary_search(&options.run) else {
        return Err(CommandError::Other(format!("run {} is not among those done there", options.run)));
    };
    let row = Worker::new(&opened.study).run(options.run);
    let same = |i: usize| {
        let again = row.scalars.get(i).copied().unwrap_or(f64::NAN);
        let kept = figures.scalars[i][at];
        again.to_bits() == kept.to_bits() || (again.is_nan() && kept.is_nan())
    };
    let differ: Vec<&str> = (0..opened.study.scalars.len())
        .filter(|&i| !same(i))
        .map(|i| opened.study.scalars[i].name.as_str())
        .collect();
    if differ.is_empty() && row.outcome == figures.outcomes[at] {
        print(&format!("run {}: {}, every figure the same\n", options.run, row.outcome.name()))?;
        return Ok(ExitCode::SUCCESS);
    }
    Err(CommandError::Other(format!(
        "run {} ended as {}, {} before; figures that differ: {}",
        options.run,
        row.outcome.name(),
        figures.outcomes[at].name(),
        if differ.is_empty() { "none".into() } else { differ.join(", ") }
    )))
}
