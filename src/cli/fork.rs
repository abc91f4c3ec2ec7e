//! `landfall fork`: another future from a snapshot, under other luck or another policy from its day on.

use super::drive::{Checkpoints, Wishes, drive, finished_run, write};
use super::run::{FormatOption, PeriodOption, refuse_foreign, word};
use super::source::{Source, refuse_extends};
use super::{CommandError, pool, tell};
use crate::files::RealDisk;
use crate::scenario::read::Layer;
use crate::scenario::{Loaded, load};
use crate::session::{RunDirectory, Session, graft};
use crate::snapshot::{Ancestor, Opened, RunState, changed_keys, hex, open};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Options of a fork.
#[derive(Args, Debug)]
pub struct Options {
    /// The snapshot to begin from.
    snapshot: PathBuf,
    /// Directory for the results.
    #[arg(long, short)]
    out: PathBuf,
    /// Seed of all luck from the snapshot on [default: that of the snapshot].
    #[arg(long)]
    seed: Option<u64>,
    /// Change a parameter from the snapshot on: PATH=VALUE. May be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Switch a mechanism off from the snapshot on. May be repeated.
    #[arg(long, value_name = "SWITCH")]
    without: Vec<String>,
    /// Another scenario from the snapshot on, of the same places, populations and routes.
    #[arg(long, value_name = "SCENARIO")]
    scenario: Option<String>,
    /// Format of the tables [default: as in the run of the snapshot].
    #[arg(long, value_enum)]
    format: Option<FormatOption>,
    /// Period of the tables [default: as in the run of the snapshot].
    #[arg(long, value_enum)]
    period: Option<PeriodOption>,
    /// Record every change of status of every person as well.
    #[arg(long)]
    transitions: bool,
    #[command(flatten)]
    checkpoints: Checkpoints,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
    /// No progress and no summary.
    #[arg(long, short)]
    quiet: bool,
}

/// Begin another future.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let Opened { snapshot, loaded: parent } = open(&options.snapshot)?;
    let loaded = options.load(&snapshot.scenario, snapshot.head.seed)?;
    super::memory::refuse_too_many(&loaded.setup)?;
    let changed = changed_keys(&snapshot.scenario, &loaded.resolved);
    let day = snapshot.head.day;
    let world = graft(snapshot.world, &parent.setup, &loaded.setup).map_err(|problem| {
        CommandError::Other(format!(
            "this scenario cannot go on from {}: {problem}",
            options.snapshot.display()
        ))
    })?;
    options.checkpoints.check(&loaded.setup, day)?;
    let date = parent.setup.calendar.date(day).to_string();
    if !options.quiet {
        let changed = listed(&changed);
        tell(format_args!("forking on the morning of {date}; changed from then on:{changed}"));
    }
    let mut run = RunState {
        recorded_from: day,
        journal: Default::default(),
        transitions: options.transitions || snapshot.run.transitions,
        ..snapshot.run
    };
    run.format = options.format.as_ref().map_or(run.format, word);
    run.period = options.period.as_ref().map_or(run.period, word);
    run.lineage.push(Ancestor {
        snapshot: snapshot.digest,
        scenario_digest: hex(&snapshot.head.scenario),
        seed: snapshot.head.seed,
        day,
        date,
        version: snapshot.head.version,
        changed,
    });
    let directory = RunDirectory::claim(Arc::new(RealDisk), &options.out)?;
    refuse_taken(&directory)?;
    let pool = pool(options.threads)?;
    let (checkpoints, threads) = (&options.checkpoints, pool.current_num_threads());
    let wishes = Wishes { checkpoints, profile: false, quiet: options.quiet, threads, resumed_on: None };
    let session = Session::fork(&directory, &loaded, world, run.clone(), checkpoints.keep())?;
    write(&directory, "scenario.toml", &loaded.resolved)?;
    pool.install(|| drive(session, &directory, &loaded, &run, &wishes))
}

impl Options {
    /// The scenario from here on. Without another seed, luck goes on as it was, whatever seed a scenario names.
    fn load(&self, snapshot: &str, seed: u64) -> Result<Loaded, CommandError> {
        refuse_extends(&self.set)?;
        let mut layers = match &self.scenario {
            Some(scenario) => Source { scenario: scenario.clone(), ..Source::default() }.layers()?,
            None => vec![Layer::file("the scenario of the snapshot", snapshot.to_string())],
        };
        layers.extend(self.without.iter().map(|s| Layer::assignment(format!("switches.{s}=false"))));
        layers.extend(self.set.iter().map(|s| Layer::assignment(s.clone())));
        layers.push(Layer::assignment(format!("scenario.seed={}", self.seed.unwrap_or(seed))));
        load(&layers).map_err(|problems| CommandError::Scenario(problems.render(false)))
    }
}

fn listed(changed: &[crate::snapshot::Changed]) -> String {
    const SHOWN: usize = 20;
    let mut lines: Vec<String> = changed.iter().take(SHOWN).map(|c| format!("\n  {c}")).collect();
    if changed.len() > SHOWN {
        lines.push(format!("\n  and {} more", changed.len() - SHOWN));
    }
    if lines.is_empty() { " nothing".into() } else { lines.concat() }
}

fn refuse_taken(directory: &RunDirectory) -> Result<(), CommandError> {
    if finished_run(directory.path())?.is_none() && directory.snapshots()?.is_empty() {
        return refuse_foreign(directory);
    }
    Err(CommandError::Other(format!(
        "{} holds another run; nothing was changed there. Give another directory with --out",
        directory.path().display()
    )))
}
