//! The days of a run, from wherever it stands to its end or until it is asked to stop; and what is left behind then.

use super::progress::{Mode, Progress, thousands};
use super::signals::{RESUMABLE, Signals};
use super::summary::summary_table;
use super::{CommandError, print, tell};
use crate::engine::DAY;
use crate::files::{Disk, remove_file_on, write_atomically_on};
use crate::observe::table::Finished;
use crate::scenario::{Loaded, Setup};
use crate::session::{Done, RunDirectory, Session};
use crate::snapshot::{PROGRAM, RunState};
use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// When snapshots are written.
#[derive(Args, Debug, Clone)]
pub struct Checkpoints {
    /// Write a snapshot every so often: simulated days (`30d`), or time on the clock (`90s`, `10m`, `2h`).
    #[arg(long, value_name = "EVERY", value_parser = parse_every)]
    checkpoint_every: Option<Every>,
    /// How many of them to keep: the last K.
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    keep: u32,
    /// Write a snapshot on the morning of a date and keep it, to fork from. May be repeated.
    #[arg(long, value_name = "DATE")]
    snapshot_at: Vec<Date>,
    /// Stop on the morning of a date, with a snapshot, to be resumed.
    #[arg(long, value_name = "DATE")]
    stop_at: Option<Date>,
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Every {
    Days(u32),
    Time(Duration),
}

fn parse_every(text: &str) -> Result<Every, String> {
    let allowed =
        "a whole number above 0 and a unit is allowed: d (simulated days), or s, m, h (on the clock)";
    let split = text.len() - text.chars().last().map_or(0, char::len_utf8);
    let (number, unit) = text.split_at(split);
    let number = number.parse::<u32>().ok().filter(|&n| n > 0).ok_or(allowed)?;
    match unit {
        "d" => Ok(Every::Days(number)),
        "s" => Ok(Every::Time(Duration::from_secs(u64::from(number)))),
        "m" => Ok(Every::Time(Duration::from_secs(u64::from(number) * 60))),
        "h" => Ok(Every::Time(Duration::from_secs(u64::from(number) * 3600))),
        _ => Err(allowed.into()),
    }
}

impl Checkpoints {
    /// How many snapshots to keep.
    pub fn keep(&self) -> usize {
        self.keep as usize
    }

    /// Refuse dates outside of the run.
    pub fn check(&self, setup: &Setup, from: u32) -> Result<(), CommandError> {
        let named = self.snapshot_at.iter().map(|d| ("--snapshot-at", d));
        for (option, date) in named.chain(self.stop_at.iter().map(|d| ("--stop-at", d))) {
            let day = setup.calendar.day(*date);
            if day <= i64::from(from) || day >= i64::from(setup.days) {
                return Err(CommandError::Other(format!(
                    "{option} {date}: a date after {} and up to {} is allowed",
                    setup.calendar.date(from),
                    setup.calendar.date(setup.days - 1)
                )));
            }
        }
        Ok(())
    }
}

/// Snapshots that are due.
struct Schedule {
    every: Option<Every>,
    snapshot_days: Vec<u32>,
    stop_day: Option<u32>,
    last_day: u32,
    last_time: Instant,
    began: Instant,
    /// What the run has waited for snapshots so far.
    waited: Duration,
    /// What it waited for the last of them.
    waited_last: Duration,
}

/// The part of the time of a run that may go into copying worlds: one in so many.
const COPYING_ONE_IN: u32 = 200;

impl Schedule {
    fn new(options: &Checkpoints, setup: &Setup, day: u32) -> Self {
        let day_of = |date: &Date| u32::try_from(setup.calendar.day(*date)).unwrap_or(0);
        let now = Instant::now();
        Self {
            every: options.checkpoint_every,
            snapshot_days: options.snapshot_at.iter().map(day_of).collect(),
            stop_day: options.stop_at.as_ref().map(day_of),
            last_day: day,
            last_time: now,
            began: now,
            waited: Duration::ZERO,
            waited_last: Duration::ZERO,
        }
    }

    fn due(&self, day: u32) -> bool {
        let asked = match self.every {
            Some(Every::Days(days)) => day - self.last_day >= days,
            Some(Every::Time(time)) => self.last_time.elapsed() >= time,
            None => false,
        };
        // The next takes about as long as the last.
        asked && (self.waited + self.waited_last) * COPYING_ONE_IN <= self.began.elapsed()
    }

    /// Write a snapshot if one is due and the last is on the disk.
    fn checkpoint(&mut self, session: &mut Session<'_>, day: u32) -> Result<(), CommandError> {
        if !self.due(day) {
            return Ok(());
        }
        let now = Instant::now();
        if session.checkpoint()? {
            (self.last_day, self.last_time) = (day, now);
            self.waited_last = now.elapsed();
            self.waited += self.waited_last;
        }
        Ok(())
    }
}

/// How the command line wants a run.
pub struct Wishes<'o> {
    /// When snapshots are written.
    pub checkpoints: &'o Checkpoints,
    /// Whether the time of every process is told.
    pub profile: bool,
    /// No progress and no summary.
    pub quiet: bool,
    /// Threads in use.
    pub threads: usize,
    /// The day of the snapshot it goes on from, if it does.
    pub resumed_on: Option<u32>,
}

/// Simulate what is left of a run, and leave its results or a snapshot.
pub fn drive(
    mut session: Session<'_>,
    directory: &RunDirectory,
    loaded: &Loaded,
    run: &RunState,
    wishes: &Wishes<'_>,
) -> Result<ExitCode, CommandError> {
    let signals = Signals::listen()?;
    let (started, clock) = (SystemTime::now(), Instant::now());
    let mut spent = Spent { seconds: vec![0.0; DAY.len()], person_days: 0 };
    if !simulate(&mut session, loaded, wishes, &signals, &mut spent)? {
        let date = loaded.setup.calendar.date(session.sim.world.day);
        let path = session.stop()?;
        tell(format_args!(
            "stopped on the morning of {date} with {}; `landfall resume {}` goes on",
            path.display(),
            directory.path().display()
        ));
        return Ok(ExitCode::from(RESUMABLE));
    }
    let days = session.sim.world.day - wishes.resumed_on.unwrap_or(run.recorded_from);
    let done = session.finish()?;
    let took = clock.elapsed().as_secs_f64();
    leave(directory, loaded, run, &done)?;
    let started = jiff::Timestamp::try_from(started).map(|t| t.to_string()).unwrap_or_default();
    let mut times = json!({ "started": started, "seconds": took, "threads": wishes.threads });
    if let Some(day) = wishes.resumed_on {
        times["resumed_on"] = loaded.setup.calendar.date(day).to_string().into();
    }
    write(directory, "times.json", &pretty(&times))?;
    directory.remove_journal()?;
    if wishes.profile {
        print(&profile(&spent, f64::from(days.max(1)), took))?;
    }
    if !wishes.quiet {
        let rows: u64 = done.tables.iter().map(|t| t.rows).sum();
        let tail = format!(
            "\n{} days in {took:.2} s; {} rows in {} tables under {}\n",
            thousands(u64::from(days)),
            thousands(rows),
            done.tables.len(),
            directory.path().display()
        );
        let mut head = String::new();
        if run.recorded_from > 0 {
            let date = loaded.setup.calendar.date(run.recorded_from);
            head = format!(
                "forked on {date}: figures of years before, and of that year up to then, are not here\n"
            );
        }
        print(&(head + &summary_table(&loaded.setup, &done.daily) + &tail))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What a run is told to have spent.
struct Spent {
    /// Seconds, by process of the day.
    seconds: Vec<f64>,
    /// People with a row, summed over days.
    person_days: u64,
}

/// Simulate days; true if it came to the end, false if it was asked to stop before.
fn simulate(
    session: &mut Session<'_>,
    loaded: &Loaded,
    wishes: &Wishes<'_>,
    signals: &Signals,
    spent: &mut Spent,
) -> Result<bool, CommandError> {
    let setup = &loaded.setup;
    let mode = if wishes.quiet { Mode::Quiet } else { Mode::Auto };
    let mut progress = Progress::new(mode, u64::from(setup.days), "people active");
    let mut schedule = Schedule::new(wishes.checkpoints, setup, session.sim.world.day);
    let clock = Instant::now();
    while session.goes_on() {
        if wishes.profile {
            session.sim.step_profiled(&mut spent.seconds, || clock.elapsed().as_secs_f64());
            spent.person_days += session.sim.world.active() as u64;
        } else {
            session.sim.step();
        }
        session.take()?;
        let day = session.sim.world.day;
        progress.tick(u64::from(day - 1), setup.calendar.date(day - 1), session.sim.world.active() as u64);
        if !session.goes_on() {
            break;
        }
        if schedule.snapshot_days.contains(&day) {
            session.keep_snapshot()?;
        }
        if signals.asked() || schedule.stop_day == Some(day) {
            return Ok(false);
        }
        schedule.checkpoint(session, day)?;
    }
    progress.finish();
    Ok(true)
}

/// Write a file of the run.
pub fn write(directory: &RunDirectory, name: &str, text: &str) -> Result<(), CommandError> {
    let disk: Arc<dyn Disk> = directory.disk().clone();
    Ok(write_atomically_on(disk, &directory.path().join(name), text.as_bytes())?)
}

/// Remove the results of an earlier run once another was begun in their directory. The manifest goes first: without it
/// they are no results.
pub fn remove_results(directory: &RunDirectory, manifest: &serde_json::Value) -> Result<(), CommandError> {
    let tables = super::taken::listed_tables(manifest);
    for name in ["manifest.json", "times.json"].into_iter().chain(tables.iter().map(String::as_str)) {
        remove_file_on(&**directory.disk(), &directory.path().join(name))?;
    }
    Ok(())
}

/// The options by which a run's tables are what they are.
pub fn table_options(run: &RunState) -> String {
    let transitions = if run.transitions { " --transitions" } else { "" };
    format!("--format {} --period {}{transitions}", run.format, run.period)
}

/// A run that goes on, or is done already, has its tables as it was begun.
pub fn refuse_other_tables(begun: &RunState, asked: &RunState) -> Result<(), CommandError> {
    let (begun, asked) = (table_options(begun), table_options(asked));
    if begun == asked {
        return Ok(());
    }
    Err(CommandError::Other(format!(
        "the run was begun with {begun}, and {asked} is asked for; nothing was changed. Give the options that it was \
         begun with, or another directory with --out"
    )))
}

/// The manifest: what makes a directory hold a finished run.
fn leave(directory: &RunDirectory, loaded: &Loaded, run: &RunState, done: &Done) -> Result<(), CommandError> {
    write(directory, "manifest.json", &pretty(&manifest(loaded, run, &done.tables, &done.digest)))
}

fn manifest(loaded: &Loaded, run: &RunState, tables: &[Finished], digest: &str) -> serde_json::Value {
    let setup = &loaded.setup;
    let name = |file: &PathBuf| file.file_name().map(|n| n.to_string_lossy().into_owned());
    let tables: Vec<serde_json::Value> = tables
        .iter()
        .map(|t| json!({ "files": t.files.iter().filter_map(name).collect::<Vec<_>>(), "rows": t.rows }))
        .collect();
    let mut manifest = json!({
        "program": "landfall",
        "version": PROGRAM,
        "build": {
            "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
            "architecture": std::env::consts::ARCH,
            "system": std::env::consts::OS,
        },
        "scenario": {
            "name": run.name,
            "title": setup.scenario.scenario.title,
            "digest": loaded.digest,
            "start": setup.calendar.date(0).to_string(),
            "end": setup.calendar.date(setup.days - 1).to_string(),
        },
        "seed": setup.scenario.scenario.seed,
        "days": setup.days,
        "format": run.format,
        "period": run.period,
        "transitions": run.transitions,
        "tables": tables,
        "final_world": digest,
    });
    if !run.lineage.is_empty() {
        manifest["recorded_from"] = setup.calendar.date(run.recorded_from).to_string().into();
        manifest["lineage"] = serde_json::to_value(&run.lineage).unwrap_or_default();
    }
    manifest
}

/// Whether a directory holds a finished run, and of what.
pub fn finished_run(path: &Path) -> Result<Option<serde_json::Value>, CommandError> {
    let path = path.join("manifest.json");
    if !path.exists() {
        return Ok(None);
    }
    let text = crate::files::read_text(&path)?;
    Ok(Some(serde_json::from_str(&text).unwrap_or_default()))
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn profile(spent: &Spent, days: f64, took: f64) -> String {
    let mut table = super::summary::plain_table();
    table.set_header(["process", "what it does", "seconds", "microseconds a day", "share"]);
    for (process, s) in DAY.iter().zip(&spent.seconds) {
        table.add_row([
            process.name.to_string(),
            process.does.to_string(),
            format!("{s:.4}"),
            format!("{:.2}", s / days * 1e6),
            format!("{:.1} %", s / took * 100.0),
        ]);
    }
    let inside: f64 = spent.seconds.iter().sum();
    let people = spent.person_days as f64;
    format!(
        "{table}\nprocesses {inside:.3} s of {took:.3} s; the rest is observation, tables and start\n{} people a day, \
         {:.3} million person-days a second, {:.2} ns each\n\n",
        thousands((people / days) as u64),
        people / inside.max(1e-9) / 1e6,
        inside * 1e9 / people.max(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_days_or_time() {
        assert_eq!(parse_every("30d"), Ok(Every::Days(30)));
        assert_eq!(parse_every("10m"), Ok(Every::Time(Duration::from_secs(600))));
        assert_eq!(parse_every("2h"), Ok(Every::Time(Duration::from_secs(7200))));
        for bad in ["", "d", "0d", "30", "-1d", "1.5h", "30 d", "10µ", "99999999999s"] {
            assert!(parse_every(bad).unwrap_err().contains("simulated days"), "{bad}");
        }
    }
}
