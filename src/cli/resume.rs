//! `landfall resume`: go on with a run that was stopped, from the most recent snapshot that is whole.

use super::drive::{Checkpoints, Wishes, drive, finished_run, refuse_other_tables, write};
use super::{CommandError, pool, print, tell};
use crate::files::{RealDisk, read_text};
use crate::scenario::Loaded;
use crate::session::{Found, RunDirectory, Session, SessionError};
use crate::snapshot::{Opened, PROGRAM, RunState, Snapshot, build, changed_keys};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Options of going on.
#[derive(Args, Debug)]
pub struct Options {
    /// Directory of the run.
    directory: PathBuf,
    /// Refuse when the most recent snapshot is damaged, instead of going on from an older one.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    checkpoints: Checkpoints,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
    /// No progress and no summary.
    #[arg(long, short)]
    quiet: bool,
}

/// Go on with a run.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let shown = options.directory.display();
    if !options.directory.is_dir() {
        return Err(CommandError::Other(format!("{shown} is not a directory: give that of a run")));
    }
    let directory = RunDirectory::claim(Arc::new(RealDisk), &options.directory)?;
    if finished_run(directory.path())?.is_some() {
        directory.remove_journal()?;
        print(&format!("the run in {shown} is finished\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(found) = directory.find(options.strict)? else {
        return Err(CommandError::Other(format!(
            "{shown} holds no snapshot to go on from: begin with `landfall run`, and with --checkpoint-every"
        )));
    };
    let scenario = directory.path().join("scenario.toml");
    if scenario.exists() {
        refuse_changed(&found, &read_text(&scenario)?, &scenario.display().to_string())?;
    } else {
        write(&directory, "scenario.toml", &found.opened.snapshot.scenario)?;
    }
    let (checkpoints, quiet) = (&options.checkpoints, options.quiet);
    let wishes = Wishes { checkpoints, profile: false, quiet, threads: 0, resumed_on: None };
    go_on(&directory, found, options.threads, wishes)
}

/// Go on with the run in a directory, which must be one of this scenario, and with tables as they are asked for.
pub fn resume_in(
    directory: &RunDirectory,
    loaded: &Loaded,
    asked: &RunState,
    wishes: Wishes<'_>,
    threads: Option<usize>,
) -> Result<ExitCode, CommandError> {
    let Some(found) = directory.find(false)? else {
        return Err(CommandError::Other(format!("{} holds no snapshot", directory.path().display())));
    };
    refuse_changed(&found, &loaded.resolved, "the scenario that was given")?;
    refuse_other_tables(&found.opened.snapshot.run, asked)?;
    go_on(directory, found, threads, wishes)
}

fn go_on(
    directory: &RunDirectory,
    found: Found,
    threads: Option<usize>,
    mut wishes: Wishes<'_>,
) -> Result<ExitCode, CommandError> {
    let Found { opened: Opened { snapshot, loaded }, passed_over, .. } = found;
    refuse_other_program(&snapshot)?;
    super::memory::refuse_too_many(&loaded.setup)?;
    let date = loaded.setup.calendar.date(snapshot.head.day);
    for warning in &passed_over {
        tell(format_args!("warning: {warning}"));
    }
    if !passed_over.is_empty() {
        tell(format_args!("warning: going on from an older snapshot, of {date}; --strict would refuse"));
    }
    directory.set_aside(&passed_over)?;
    wishes.checkpoints.check(&loaded.setup, snapshot.head.day)?;
    wishes.resumed_on = Some(snapshot.head.day);
    let run = snapshot.run.clone();
    let pool = pool(threads)?;
    wishes.threads = pool.current_num_threads();
    let session = Session::resume(directory, &loaded, snapshot, wishes.checkpoints.keep())?;
    pool.install(|| drive(session, directory, &loaded, &run, &wishes))
}

/// The rows before a snapshot and those after it must come from one program.
fn refuse_other_program(snapshot: &Snapshot) -> Result<(), CommandError> {
    let head = &snapshot.head;
    if head.version != PROGRAM {
        return Err(CommandError::Other(format!(
            "the run was begun with landfall {}, and this is landfall {PROGRAM}: the same results are promised within \
             a version only. Go on with that version, or begin another run with `landfall fork`",
            head.version
        )));
    }
    let machine = |build: &str| build.split(' ').nth(1).unwrap_or("").to_string();
    if machine(&head.build) != machine(&build()) {
        tell(format_args!(
            "warning: the run was begun on {} and goes on on {}: the same bytes are meant, and not promised",
            machine(&head.build),
            machine(&build())
        ));
    }
    Ok(())
}

/// A run goes on with the scenario it was begun with.
fn refuse_changed(found: &Found, scenario: &str, whose: &str) -> Result<(), CommandError> {
    let changed = changed_keys(&found.opened.snapshot.scenario, scenario);
    if changed.is_empty() {
        return Ok(());
    }
    let keys: Vec<String> = changed.iter().map(|c| format!("\n  {c}")).collect();
    Err(SessionError::Other(format!(
        "{whose} is not the one that the run was begun with; changed since:{}\nRestore it to go on, or begin another \
         future with `landfall fork {}`",
        keys.concat(),
        found.path.display()
    ))
    .into())
}
