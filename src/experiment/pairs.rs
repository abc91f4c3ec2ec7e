//! Two worlds with the same people: differences of responsibility by cell, and what they come to.
//!
//! A cell is (population, claim, cohort month). The cohort of a person who sets out in the reference world, the one
//! without any arrangement, is the month of doing so there, whatever the world: a departure that a policy delays is a
//! shorter time under a State, and not a burden taken from one cohort and given to another. The cohort of anybody else
//! is the month in the world at hand: choosing one of the two worlds would be choosing who had luck in it.

use super::lives::{Life, Lives};
use crate::model::burden::fate::{Avoided, avoided_as, preferred};
use crate::model::burden::sharing::{acceptance, shared};
use crate::model::burden::split::split;
use crate::scenario::setup::Setup;

/// How cells are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Months of the run.
    pub months: usize,
    /// Populations.
    pub populations: usize,
    /// States.
    pub states: usize,
}

impl Cells {
    /// Those of a setup.
    pub fn of(setup: &Setup) -> Self {
        let last = setup.days.saturating_sub(1);
        Self {
            months: setup.calendar.month_index(last) as usize + 1,
            populations: setup.populations.len(),
            states: setup.countries.len(),
        }
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.populations * 2 * self.months
    }

    /// The cell of a group's people of a cohort.
    pub fn index(self, setup: &Setup, group: usize, month: u16) -> usize {
        let g = &setup.groups[group];
        (g.population.index() * 2 + usize::from(g.well_founded)) * self.months + usize::from(month)
    }

    /// Population, claim and month of a cell.
    pub fn parts(self, cell: usize) -> (usize, bool, u32) {
        let kind = cell / self.months;
        (kind / 2, kind % 2 == 1, (cell % self.months) as u32)
    }
}

const NO_COHORT: u16 = u16::MAX;

/// Cohort months of the people who set out in the reference world, by group and ordinal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohorts {
    groups: Vec<Vec<u16>>,
}

impl Cohorts {
    /// Those of a reference world.
    pub fn of(setup: &Setup, reference: &Lives) -> Self {
        let month = |day: Option<u32>| day.map_or(NO_COHORT, |day| setup.calendar.month_index(day) as u16);
        let group = |lives: &Vec<Life>| lives.iter().map(|life| month(life.first)).collect();
        Self { groups: reference.groups.iter().map(group).collect() }
    }

    /// The cohort of a person in a world; none if the person sets out neither there nor in the reference world.
    fn month(&self, setup: &Setup, group: usize, ordinal: usize, life: &Life) -> Option<u16> {
        let known = self.groups[group].get(ordinal).copied().filter(|&m| m != NO_COHORT);
        known.or_else(|| life.first.map(|day| setup.calendar.month_index(day) as u16))
    }
}

/// Person-days of one world by cell, then State.
pub fn responsibility(setup: &Setup, cells: Cells, cohorts: &Cohorts, lives: &Lives) -> Vec<f64> {
    let mut sums = vec![0.0; cells.count() * cells.states];
    for (group, people) in lives.groups.iter().enumerate() {
        for (ordinal, life) in people.iter().enumerate() {
            let Some(month) = cohorts.month(setup, group, ordinal, life) else { continue };
            let at = cells.index(setup, group, month) * cells.states;
            for stint in &life.stints {
                sums[at + usize::from(stint.country)] += f64::from(stint.days);
            }
        }
    }
    sums
}

/// One person in two worlds.
struct Pair {
    /// By State: person-days without, and with.
    days: Vec<(i64, i64)>,
    /// Whether the person counts in one and the same cell in both.
    same_cell: bool,
    /// Whether the fate with is preferred to the one without.
    better: bool,
}

impl Pair {
    fn set(&mut self, before: &Life, after: &Life, same_cell: bool) {
        self.days.fill((0, 0));
        before.stints.iter().for_each(|s| self.days[usize::from(s.country)].0 += i64::from(s.days));
        after.stints.iter().for_each(|s| self.days[usize::from(s.country)].1 += i64::from(s.days));
        self.better = preferred(after.fate(), before.fate());
        self.same_cell = same_cell;
    }
}

/// Sums over seeds of what two worlds differ by.
#[derive(Clone, Debug, PartialEq)]
pub struct Differences {
    /// Seeds summed.
    pub seeds: usize,
    /// By cell, then State: person-days with less without.
    pub net: Vec<f64>,
    /// By cell, then State: person by person, what the State gained.
    gained: Vec<f64>,
    /// The same, weighted by acceptance.
    accepted: Vec<f64>,
    /// By cell, then what it came to: person by person, what all States together lost.
    lost: Vec<f64>,
}

impl Differences {
    /// None yet.
    pub fn none(cells: Cells) -> Self {
        let by_state = vec![0.0; cells.count() * cells.states];
        Self {
            seeds: 0,
            net: by_state.clone(),
            gained: by_state.clone(),
            accepted: by_state,
            lost: vec![0.0; cells.count() * Avoided::COUNT],
        }
    }

    /// Those of one pair.
    pub fn of_pair(setup: &Setup, cells: Cells, cohorts: &Cohorts, without: &Lives, with: &Lives) -> Self {
        let mut sums = Self { seeds: 1, ..Self::none(cells) };
        let mut pair = Pair { days: vec![(0, 0); cells.states], same_cell: true, better: false };
        for (group, g) in setup.groups.iter().enumerate() {
            let people = without.groups[group].len().max(with.groups[group].len());
            for ordinal in 0..people {
                let (before, after) = (without.person(group, ordinal), with.person(group, ordinal));
                if before.stints.is_empty() && after.stints.is_empty() {
                    continue;
                }
                let cell = |life: &Life| {
                    let month = cohorts.month(setup, group, ordinal, life);
                    month.map(|month| cells.index(setup, group, month))
                };
                let (from, to) = (cell(before), cell(after));
                pair.set(before, after, from == to || from.is_none() || to.is_none());
                if let Some(cell) = to {
                    sums.add_with(cells, cell, &pair, after);
                }
                if let Some(cell) = from {
                    sums.add_without(setup, cells, cell, &pair, after, g.well_founded);
                }
            }
        }
        sums
    }

    /// A person in the cell of the world with the arrangement.
    fn add_with(&mut self, cells: Cells, cell: usize, pair: &Pair, after: &Life) {
        for (state, &(without, with)) in pair.days.iter().enumerate() {
            let at = cell * cells.states + state;
            self.net[at] += with as f64;
            let gained = with - if pair.same_cell { without } else { 0 };
            if gained > 0 {
                let stint = after.stints.iter().find(|s| usize::from(s.country) == state);
                let (yes, no) = stint.map_or((0, 0), |s| (s.accepted, s.imposed));
                let share = acceptance(u32::from(yes), u32::from(no), pair.better);
                self.gained[at] += gained as f64;
                self.accepted[at] += gained as f64 * share;
            }
        }
    }

    /// A person in the cell of the world without it.
    fn add_without(
        &mut self,
        setup: &Setup,
        cells: Cells,
        cell: usize,
        pair: &Pair,
        after: &Life,
        in_need: bool,
    ) {
        for (state, &(without, _)) in pair.days.iter().enumerate() {
            self.net[cell * cells.states + state] -= without as f64;
        }
        let (before_days, after_days) =
            pair.days.iter().fold((0, 0), |(a, b), &(without, with)| (a + without, b + with));
        let lost = &mut self.lost[cell * Avoided::COUNT..(cell + 1) * Avoided::COUNT];
        if before_days > after_days {
            let loser = (0..cells.states).max_by_key(|&s| pair.days[s].0 - pair.days[s].1);
            let here = after.country(setup).map(|c| c.index()) == loser;
            lost[avoided_as(after.fate(), in_need, here) as usize] += (before_days - after_days) as f64;
        }
        if !pair.same_cell {
            lost[Avoided::OtherCohort as usize] += before_days.min(after_days) as f64;
        }
    }

    /// Add those of other seeds.
    pub fn add(&mut self, other: &Differences) {
        self.seeds += other.seeds;
        let sum = |to: &mut Vec<f64>, from: &[f64]| to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        sum(&mut self.net, &other.net);
        sum(&mut self.gained, &other.gained);
        sum(&mut self.accepted, &other.accepted);
        sum(&mut self.lost, &other.lost);
    }

    /// Take those of some seeds out again. All are whole numbers, or weighted by shares: exact but for the last bits.
    pub fn without(&self, other: &Differences) -> Differences {
        let less = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
        Differences {
            seeds: self.seeds - other.seeds,
            net: less(&self.net, &other.net),
            gained: less(&self.gained, &other.gained),
            accepted: less(&self.accepted, &other.accepted),
            lost: less(&self.lost, &other.lost),
        }
    }

    /// Person-days by State, with less without, per seed.
    pub fn by_state(&self, cells: Cells) -> Vec<f64> {
        let n = self.seeds.max(1) as f64;
        (0..cells.states).map(|s| self.net.iter().skip(s).step_by(cells.states).sum::<f64>() / n).collect()
    }

    /// What the mean differences come to.
    pub fn ledger(&self, cells: Cells) -> Ledger {
        let n = self.seeds.max(1) as f64;
        let mut ledger = Ledger::empty(cells.states);
        for cell in 0..cells.count() {
            let at = cell * cells.states..(cell + 1) * cells.states;
            let net: Vec<f64> = self.net[at.clone()].iter().map(|d| d / n).collect();
            if net.iter().all(|&d| d == 0.0) {
                continue;
            }
            let parts = split(&net);
            for (state, row) in ledger.states.iter_mut().enumerate() {
                let here = at.start + state;
                let (yes, no) = shared(parts.moved_in[state], self.gained[here], self.accepted[here]);
                row.difference += net[state];
                row.shared += yes;
                row.shifted += no;
                row.created += parts.created[state];
                row.moved_out += parts.moved_out[state];
                row.avoided += parts.avoided[state];
            }
            let avoided: f64 = parts.avoided.iter().sum();
            let lost = &self.lost[cell * Avoided::COUNT..(cell + 1) * Avoided::COUNT];
            let all: f64 = lost.iter().sum();
            if all > 0.0 {
                ledger.avoided.iter_mut().zip(lost).for_each(|(sum, part)| *sum += avoided * part / all);
            }
        }
        ledger
    }
}

/// What an arrangement did to one State's responsibility, in person-days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StateLedger {
    /// With less without.
    pub difference: f64,
    /// Moved in, and accepted by the people concerned or better for them.
    pub shared: f64,
    /// Moved in otherwise.
    pub shifted: f64,
    /// Borne here, and by nobody without the arrangement: shifted onto this State.
    pub created: f64,
    /// Moved out to other States.
    pub moved_out: f64,
    /// Borne here without the arrangement, and by nobody with it.
    pub avoided: f64,
}

impl StateLedger {
    /// Not to be told.
    pub const UNKNOWN: StateLedger = StateLedger {
        difference: f64::NAN,
        shared: f64::NAN,
        shifted: f64::NAN,
        created: f64::NAN,
        moved_out: f64::NAN,
        avoided: f64::NAN,
    };
    /// The quantities, in the order of [`StateLedger::NAMES`].
    pub fn values(&self) -> [f64; 6] {
        [self.difference, self.shared, self.shifted, self.created, self.moved_out, self.avoided]
    }
    fn add(&mut self, other: &StateLedger, share: f64) {
        self.difference += share * other.difference;
        self.shared += share * other.shared;
        self.shifted += share * other.shifted;
        self.created += share * other.created;
        self.moved_out += share * other.moved_out;
        self.avoided += share * other.avoided;
    }
    /// Their names in tables.
    pub const NAMES: [&'static str; 6] =
        ["difference", "moved_in_shared", "moved_in_shifted", "created", "moved_out", "avoided"];
}

/// The ledger of one arrangement.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// By State.
    pub states: Vec<StateLedger>,
    /// What was avoided, by what it came to ([`Avoided`]).
    pub avoided: [f64; Avoided::COUNT],
}

impl Ledger {
    /// Nothing.
    pub fn empty(states: usize) -> Self {
        Self { states: vec![StateLedger::default(); states], avoided: [0.0; Avoided::COUNT] }
    }

    /// Add a share of another.
    pub fn add(&mut self, other: &Ledger, share: f64) {
        self.states.iter_mut().zip(&other.states).for_each(|(to, from)| to.add(from, share));
        self.avoided.iter_mut().zip(other.avoided).for_each(|(to, from)| *to += share * from);
    }

    /// Sums over States.
    pub fn total(&self) -> StateLedger {
        let mut total = StateLedger::default();
        for state in &self.states {
            total.add(state, 1.0);
        }
        total
    }

    /// All quantities in a row: those of States, one after the other, then what was avoided.
    pub fn flat(&self) -> Vec<f64> {
        self.states.iter().flat_map(|s| s.values()).chain(self.avoided).collect()
    }
}
