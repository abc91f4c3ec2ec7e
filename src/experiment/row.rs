//! What is kept of one run, and how it is made.

use super::halfway::Halfway;
use super::plan::Every;
use super::study::{Asked, Line, Scalar, Study};
use crate::engine::{Sim, first_world};
use crate::observe::Daily;
use crate::observe::table::days_since_1970;
use crate::scenario::Setup;
use crate::snapshot::JournalPosition;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It came to its end.
    Done,
    /// Its scenario is not valid: factors that are each within their ranges contradict one another.
    Refused,
    /// The program failed in it.
    Panicked,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Done, Self::Refused, Self::Panicked];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Panicked => "panicked",
        }
    }
}

/// What is kept of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number.
    pub run: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Its figures; none of a run that failed.
    pub scalars: Vec<f64>,
    /// Of each series its periods: first day, as days since 1970, and value.
    pub lines: Vec<Vec<(i32, f64)>>,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

impl Row {
    fn failed(run: u64, outcome: Outcome, error: String) -> Self {
        Self { run, outcome, scalars: Vec::new(), lines: Vec::new(), error }
    }
}

/// How a day is simulated.
pub type Step<'s> = &'s (dyn Fn(&mut Sim<'_>) + Sync);

/// What became of a run.
pub enum Ended {
    /// It is over, well or badly.
    Over(Row),
    /// It was told to stop after this day.
    Stopped(Box<Halfway>),
}

/// A worker: it keeps the scenario of the last point it ran, because replicates share it.
pub struct Worker<'s> {
    study: &'s Study,
    step: Step<'s>,
    loaded: Option<(u64, Result<Setup, String>)>,
}

impl<'s> Worker<'s> {
    /// A worker that has done nothing yet.
    pub fn new(study: &'s Study) -> Self {
        Self::stepping(study, &|sim| sim.step())
    }

    /// One that simulates days in a way of its own.
    pub fn stepping(study: &'s Study, step: Step<'s>) -> Self {
        Self { study, step, loaded: None }
    }

    /// One run, whatever comes of it.
    pub fn run(&mut self, run: u64) -> Row {
        match self.run_until(run, |_| None, || false) {
            Ended::Over(row) => row,
            Ended::Stopped(_) => Row::failed(run, Outcome::Refused, "it was stopped".into()),
        }
    }

    /// One run, from where it was stopped if it was, until its end or until `stop` says that it is to end after its
    /// present day.
    pub fn run_until(
        &mut self,
        run: u64,
        from: impl FnOnce(&Setup) -> Option<Halfway>,
        stop: impl Fn() -> bool,
    ) -> Ended {
        let (point, _) = self.study.place(run);
        if self.loaded.as_ref().is_none_or(|(at, _)| *at != point) {
            self.loaded = Some((point, self.study.setup(point).map_err(|p| p.to_string())));
        }
        match &mut self.loaded {
            Some((_, Ok(setup))) => {
                setup.scenario.scenario.seed = self.study.seed(run);
                let (study, step) = (self.study, self.step);
                guarded(run, || {
                    let from = from(setup);
                    match simulated(setup, days_needed(study, setup), from, step, stop) {
                        Ok(daily) => Ended::Over(measured(study, setup, run, &daily)),
                        Err(halfway) => Ended::Stopped(halfway),
                    }
                })
            }
            Some((_, Err(problems))) => Ended::Over(Row::failed(run, Outcome::Refused, problems.clone())),
            None => Ended::Over(Row::failed(run, Outcome::Refused, String::new())),
        }
    }
}

/// The measures of so many days, or how far they came.
fn simulated(
    setup: &Setup,
    days: u32,
    from: Option<Halfway>,
    step: Step<'_>,
    stop: impl Fn() -> bool,
) -> Result<Daily, Box<Halfway>> {
    let (world, mut daily, at) = match from {
        Some(Halfway { world, daily, at }) => (world, daily, at),
        None => (first_world(setup), Daily::new(setup), JournalPosition::default()),
    };
    let mut sim = Sim::new(setup, world);
    while sim.world.day < days.min(setup.days) {
        if sim.world.day > 0 && stop() {
            return Err(Box::new(Halfway { world: sim.world, daily, at }));
        }
        step(&mut sim);
        daily.take(&sim);
    }
    Ok(daily)
}

/// The days a run must go on for.
fn days_needed(study: &Study, setup: &Setup) -> u32 {
    let ends = study.scalars.iter().map(|s| match &s.asked {
        Asked::Measure { to, .. } => to.map(|to| setup.calendar.day(to) + 1),
        Asked::Fact { at, .. } => Some(setup.facts.facts.get(*at).map_or(0, |f| f.last_day() as i64 + 1)),
    });
    match ends.collect::<Option<Vec<i64>>>() {
        Some(ends) if study.lines.is_empty() => {
            ends.into_iter().max().unwrap_or(0).clamp(0, i64::from(setup.days)) as u32
        }
        _ => setup.days,
    }
}

fn measured(study: &Study, setup: &Setup, run: u64, daily: &Daily) -> Row {
    let scalars = study.scalars.iter().map(|s| scalar(s, setup, daily)).collect();
    let lines = study.lines.iter().map(|l| line(l, setup, daily)).collect();
    Row { run, outcome: Outcome::Done, scalars, lines, error: String::new() }
}

fn population(setup: &Setup, name: &str) -> Option<usize> {
    setup.populations.iter().position(|p| p.name == name)
}

fn scalar(s: &Scalar, setup: &Setup, daily: &Daily) -> f64 {
    let (measure, population_name, from, to) = match &s.asked {
        Asked::Measure { measure, population, from, to } => (*measure, population, *from, *to),
        Asked::Fact { at, statement } => {
            // A factor may have put other facts in its place.
            let fact =
                setup.facts.facts.get(*at).filter(|f| f.statement == *statement && f.against.is_none());
            return fact.map_or(f64::NAN, |fact| daily.watch().fact(setup, fact));
        }
    };
    let last = setup.days.saturating_sub(1) as usize;
    let from = from.map_or(0, |d| setup.calendar.day(d).max(0) as usize);
    let to = to.map_or(last as i64, |d| setup.calendar.day(d));
    if to < from as i64 || from > last {
        return f64::NAN;
    }
    let of = match population_name {
        None => None,
        Some(name) => match population(setup, name) {
            None => return f64::NAN,
            some => some,
        },
    };
    daily.over(measure, of, from, to as usize)
}

fn line(l: &Line, setup: &Setup, daily: &Daily) -> Vec<(i32, f64)> {
    let Some(of) = population(setup, &l.population) else { return Vec::new() };
    let mut out = Vec::new();
    let mut first = 0;
    for day in 0..setup.days {
        let next_year = || setup.calendar.date(day + 1).year() != setup.calendar.date(day).year();
        let ends = setup.calendar.ends_month(day) && (l.every == Every::Month || next_year());
        if ends || day + 1 == setup.days {
            let value = daily.over(l.measure, Some(of), first as usize, day as usize);
            out.push((days_since_1970(setup.calendar.date(first)), value));
            first = day + 1;
        }
    }
    out
}

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs a member; a panic in it becomes a row that says so.
fn guarded(run: u64, member: impl FnOnce() -> Ended) -> Ended {
    caught(member).unwrap_or_else(|error| Ended::Over(Row::failed(run, Outcome::Panicked, error)))
}

/// Does something; a panic in it becomes its message, with its place in the source.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = CAUGHT.with(|flag| flag.replace(true));
    let result = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.with(|flag| flag.set(before));
    result.map_err(|cause| {
        let said = cause.downcast_ref::<String>().map(String::as_str);
        let said = said.or(cause.downcast_ref::<&str>().copied()).unwrap_or("no message");
        let place = PLACE.with(RefCell::take);
        if place.is_empty() { said.to_string() } else { format!("{said} ({place})") }
    })
}

/// Keeps panics that are [`caught`] off the terminal; to be called once.
pub fn quiet_caught_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if CAUGHT.with(Cell::get) {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            PLACE.with(|p| *p.borrow_mut() = place);
        } else {
            before(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_row() {
        let over = |ended| match ended {
            Ended::Over(row) => row,
            Ended::Stopped(_) => panic!("nothing stopped it"),
        };
        let row = over(guarded(7, || {
            let none: Vec<u32> = Vec::new();
            Ended::Over(Row::failed(u64::from(none[3]), Outcome::Done, String::new()))
        }));
        assert_eq!((row.run, row.outcome), (7, Outcome::Panicked));
        assert!(row.error.contains("index out of bounds"), "{}", row.error);
        let fine = over(guarded(8, || Ended::Over(Row::failed(8, Outcome::Done, String::new()))));
        assert_eq!(fine.outcome, Outcome::Done);
    }
}
