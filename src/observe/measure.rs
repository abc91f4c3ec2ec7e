//! Measures by day and population, and what the facts of the scenario ask for beside them.

use super::journal::Rows;
use super::table::Cells;
use super::watch::Watch;
use crate::engine::Sim;
use crate::scenario::calendar::Calendar;
use crate::scenario::facts::Signal;
use crate::scenario::format::Measure;
use crate::scenario::setup::Setup;
use crate::world::counts::{at_position, position};
use crate::world::{Cell, Flow, PlaceId, Status, World};

/// A move of a ladder to a rung, or of an arrangement to a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Day.
    pub day: u32,
    /// Which: ladders in order, then arrangements.
    pub what: u16,
    /// Rung, or phase.
    pub to: u16,
}

/// Measures of a run, by day.
#[derive(Clone, Debug, Default)]
pub struct Daily {
    populations: usize,
    /// By measure, then population, then day: persons (a stock for [`Measure::HeldPeak`]).
    columns: Vec<Vec<u32>>,
    /// Moves of ladders and arrangements, in order.
    moves: Vec<Move>,
    /// Rungs and phases at the end of the day before.
    standing: Vec<u16>,
    /// By flow: one bit for each measure that counts it.
    measures_of: Vec<u32>,
    /// What the facts of the scenario ask for.
    watch: Watch,
    /// Days and moves that have been handed out.
    handed_out: (usize, usize),
}

/// Rungs and phases, ladders first.
fn standing(world: &World) -> Vec<u16> {
    let ladders = world.ladders.iter().map(|l| l.rung);
    let arrangements = world.arrangements.iter().map(|a| a.phase as u16);
    ladders.chain(arrangements).collect()
}

/// The flows a measure counts; none for a stock.
pub fn flows_of(measure: Measure) -> &'static [Flow] {
    match measure {
        Measure::Interdicted => &[Flow::Interdicted, Flow::Rescued],
        Measure::SetOut => &[Flow::SetOut, Flow::Reattempted],
        Measure::Landed => &[Flow::Landed],
        Measure::DiedAtSea => &[Flow::DiedAtSea],
        Measure::HeldPeak => &[],
        Measure::Resettled => &[Flow::Resettled],
        Measure::OrderlyEntries => &[Flow::OrderlyEntry],
        Measure::Returned => &[Flow::ReturnedDirectly, Flow::ReturnedAfterFinding, Flow::Removed],
    }
}

/// The measures that count a flow, one bit for each.
fn measures_of(flow: &Flow) -> u32 {
    let measures = Measure::ALL.iter().enumerate();
    measures.filter(|(_, measure)| flows_of(**measure).contains(flow)).map(|(m, _)| 1 << m).sum()
}

/// What a scenario watches when it asks for a measure of one population.
pub fn signal_of(setup: &Setup, measure: Measure, population: usize) -> Signal {
    let mut counted: Vec<usize> = Vec::new();
    for place in (0..setup.places.len()).map(PlaceId::at) {
        match measure {
            Measure::HeldPeak => counted.extend(Status::HELD.map(|status| Cell::of(place, status).index())),
            _ => counted.extend(flows_of(measure).iter().map(|&flow| setup.flow_at(flow, place))),
        }
    }
    let both = |of: usize| [false, true].map(|claim| (population as u32, position(of, claim) as u32));
    let mut positions: Vec<(u32, u32)> = counted.into_iter().flat_map(both).collect();
    positions.sort_unstable();
    if measure == Measure::HeldPeak { Signal::Stock(positions) } else { Signal::Flow(positions) }
}

impl Daily {
    /// No day yet.
    pub fn new(setup: &Setup) -> Self {
        let populations = setup.populations.len();
        let columns = Measure::ALL.len() * populations;
        Self {
            populations,
            columns: vec![Vec::with_capacity(setup.days as usize); columns],
            moves: Vec::new(),
            standing: Vec::new(),
            measures_of: Flow::ALL.iter().map(measures_of).collect(),
            watch: Watch::new(setup),
            handed_out: (0, 0),
        }
    }

    /// Measures that begin with the day after a world, from the days before which nothing is known: they count as 0.
    pub fn from(setup: &Setup, world: &World) -> Self {
        let mut daily = Self::from_day(setup, world.day);
        daily.stand_after(setup, world);
        daily
    }

    /// Measures that begin with a day.
    pub fn from_day(setup: &Setup, day: u32) -> Self {
        let mut daily = Self::new(setup);
        daily.columns.iter_mut().for_each(|column| column.resize(day as usize, 0));
        daily.watch.skip_to(day);
        daily.handed_out.0 = day as usize;
        daily
    }

    /// Go on from a world: what was in force, and what its tally had counted.
    pub fn stand_after(&mut self, setup: &Setup, world: &World) {
        if world.day > 0 {
            self.standing = standing(world);
        }
        self.watch.stand_after(setup, world);
    }

    /// Days and moves that were not handed out yet, to be kept in a journal.
    pub fn take_new(&mut self) -> Vec<Rows> {
        let (days, moves) = self.handed_out;
        self.handed_out = (self.days(), self.moves.len());
        let integers =
            |column: &Vec<u32>| Cells::Integer(column[days..].iter().map(|&x| i64::from(x)).collect());
        let mut rows = Vec::new();
        if self.days() > days {
            let mut columns: Vec<Cells> = self.columns.iter().map(integers).collect();
            columns.extend(self.watch.cells_from(days));
            rows.push(Rows { table: Rows::MEASURES, columns });
        }
        if self.moves.len() > moves {
            let new = &self.moves[moves..];
            let column = |of: fn(&Move) -> i64| Cells::Integer(new.iter().map(of).collect());
            let columns = vec![
                column(|m| i64::from(m.day)),
                column(|m| i64::from(m.what)),
                column(|m| i64::from(m.to)),
            ];
            rows.push(Rows { table: Rows::MOVES, columns });
        }
        rows
    }

    /// Days or moves that were handed out; false if these rows are something else.
    pub fn push_rows(&mut self, rows: &Rows) -> bool {
        let columns: Vec<&Vec<i64>> = rows
            .columns
            .iter()
            .filter_map(|c| if let Cells::Integer(c) = c { Some(c) } else { None })
            .collect();
        match rows.table {
            Rows::MEASURES if columns.len() == self.columns.len() => {
                if !self.watch.push(&rows.columns[columns.len()..]) {
                    return false;
                }
                for (column, new) in self.columns.iter_mut().zip(columns) {
                    column.extend(new.iter().map(|&x| x as u32));
                }
            }
            Rows::MOVES if columns.len() == 3 => {
                for ((&day, &what), &to) in columns[0].iter().zip(columns[1]).zip(columns[2]) {
                    self.moves.push(Move { day: day as u32, what: what as u16, to: to as u16 });
                }
            }
            _ => return false,
        }
        self.handed_out = (self.days(), self.moves.len());
        true
    }

    /// What the facts of the scenario ask for.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Moves of ladders and arrangements, in order.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Take down what moved since the day before: ladders first, then arrangements.
    fn take_moves(&mut self, sim: &Sim) {
        let world = &sim.world;
        let now = standing(world);
        for (what, &to) in now.iter().enumerate() {
            if self.standing.get(what).is_some_and(|&from| from != to) {
                self.moves.push(Move { day: world.day - 1, what: what as u16, to });
            }
        }
        self.standing = now;
    }

    /// Take in a day, after it was simulated and before the tally is emptied.
    pub fn take(&mut self, sim: &Sim) {
        self.take_moves(sim);
        self.watch.take(sim);
        let (setup, n, day) = (sim.setup, self.populations, self.days());
        for (m, &measure) in Measure::ALL.iter().enumerate() {
            for (column, today) in self.columns[m * n..][..n].iter_mut().zip(&sim.today.populations) {
                column.push(if measure == Measure::HeldPeak { today.held } else { 0 });
            }
        }
        for (population, today) in sim.today.populations.iter().enumerate() {
            for (at, persons) in today.counted() {
                let flow = at_position(at).0 / setup.places.len();
                for m in (0..Measure::ALL.len()).filter(|m| self.measures_of[flow] >> m & 1 == 1) {
                    self.columns[m * n + population][day] += persons;
                }
            }
        }
    }

    /// The tally has been emptied.
    pub fn emptied(&mut self) {
        self.watch.emptied();
    }

    /// Days taken in.
    pub fn days(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// The value of a measure over days `from` to `to`, both included: a sum, or the largest stock.
    pub fn over(&self, measure: Measure, population: Option<usize>, from: usize, to: usize) -> f64 {
        let m = Measure::ALL.iter().position(|&x| x == measure).unwrap_or(0);
        let range = population.map_or(0..self.populations, |p| p..p + 1);
        let days = |column: usize| {
            let all = &self.columns[column];
            &all[from.min(all.len())..(to + 1).min(all.len())]
        };
        if measure == Measure::HeldPeak {
            let columns: Vec<&[u32]> = range.map(|p| days(m * self.populations + p)).collect();
            let length = columns.first().map_or(0, |c| c.len());
            return (0..length)
                .map(|day| columns.iter().map(|c| u64::from(c[day])).sum::<u64>())
                .max()
                .unwrap_or(0) as f64;
        }
        range.map(|p| days(m * self.populations + p).iter().map(|&x| u64::from(x)).sum::<u64>()).sum::<u64>()
            as f64
    }

    /// The same over a calendar year.
    pub fn over_year(&self, calendar: &Calendar, measure: Measure, population: usize, year: i16) -> f64 {
        let first = calendar.day(jiff::civil::date(year, 1, 1)).max(0) as usize;
        let last = calendar.day(jiff::civil::date(year, 12, 31));
        if last < 0 { 0.0 } else { self.over(measure, Some(population), first, last as usize) }
    }
}
