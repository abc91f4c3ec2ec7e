//! Takes down the world at the end of every period, into tables.

use super::journal::Rows;
use super::table::{Finished, Format, TableError, TableWriter, days_since_1970};
use super::tables;
use crate::engine::Sim;
use crate::engine::start::empty_tally;
use crate::files::Disk;
use crate::scenario::setup::Setup;
use crate::world::counts::Counted;
use crate::world::{Cell, Flow, Wait};
use std::path::Path;
use std::sync::Arc;

/// How often the world is taken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// At the end of every day.
    Day,
    /// At the end of every month.
    Month,
}

impl Period {
    /// All.
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];

    /// The name on the command line and in snapshots.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// The tables of a run, being written.
pub struct Recorder {
    period: Period,
    /// First day of the period that is not in the tables yet.
    first: u32,
    flows: TableWriter,
    stocks: TableWriter,
    waits: TableWriter,
    countries: TableWriter,
    ladders: TableWriter,
    routes: TableWriter,
    arrangements: TableWriter,
    zones: TableWriter,
    transitions: Option<TableWriter>,
}

/// What a period's rows begin with.
#[derive(Clone, Copy)]
struct Head {
    date: i32,
    days: i64,
}

impl Recorder {
    /// Start the tables in a directory, with the period that begins on a day.
    pub fn create(
        disk: &Arc<dyn Disk>,
        directory: &Path,
        format: Format,
        (period, first): (Period, u32),
        transitions: bool,
        metadata: &[(String, String)],
    ) -> Result<Self, TableError> {
        let table = |spec| TableWriter::create_for(disk, directory, spec, format, metadata);
        Ok(Self {
            period,
            first,
            flows: table(&tables::FLOWS)?,
            stocks: table(&tables::STOCKS)?,
            waits: table(&tables::WAITS)?,
            countries: table(&tables::COUNTRIES)?,
            ladders: table(&tables::LADDERS)?,
            routes: table(&tables::ROUTES)?,
            arrangements: table(&tables::ARRANGEMENTS)?,
            zones: table(&tables::ZONES)?,
            transitions: if transitions { Some(table(&tables::TRANSITIONS)?) } else { None },
        })
    }

    /// First day of the period that is not in the tables yet.
    pub fn period_began(&self) -> u32 {
        self.first
    }

    /// Every table, in an order that does not change during a run.
    fn tables(&mut self) -> Vec<&mut TableWriter> {
        let mut tables = vec![
            &mut self.flows,
            &mut self.stocks,
            &mut self.waits,
            &mut self.countries,
            &mut self.ladders,
            &mut self.routes,
            &mut self.arrangements,
            &mut self.zones,
        ];
        tables.extend(&mut self.transitions);
        tables
    }

    /// From now on, new rows are kept until they are taken.
    pub fn keep_new(&mut self) {
        self.tables().into_iter().for_each(TableWriter::keep_new);
    }

    /// The new rows of tables that have at least so many.
    pub fn take_new(&mut self, at_least: usize) -> Vec<Rows> {
        let mut taken = Vec::new();
        for (table, writer) in self.tables().into_iter().enumerate() {
            if writer.new_rows() >= at_least.max(1) {
                let rows = writer.take_new().into_iter();
                taken.extend(rows.map(|columns| Rows { table: table as u16, columns }));
            }
        }
        taken
    }

    /// Rows taken from the recorder of the same run; false if there is no such table.
    pub fn push_rows(&mut self, rows: &Rows) -> Result<bool, TableError> {
        let mut tables = self.tables();
        let Some(writer) = tables.get_mut(usize::from(rows.table)) else { return Ok(false) };
        writer.push_rows(&rows.columns)?;
        Ok(true)
    }

    /// Take in a day that was just simulated; true if it ended a period, and the tally was emptied.
    pub fn take(&mut self, sim: &mut Sim) -> Result<bool, TableError> {
        self.take_transitions(sim)?;
        let day = sim.world.day - 1;
        let ends = match self.period {
            Period::Day => true,
            Period::Month => sim.setup.calendar.ends_month(day),
        };
        if !ends {
            return Ok(false);
        }
        let head = Head {
            date: days_since_1970(sim.setup.calendar.date(self.first)),
            days: i64::from(sim.world.day - self.first),
        };
        self.take_flows(sim, head)?;
        self.take_stocks(sim, head)?;
        self.take_waits(sim, head)?;
        self.take_politics(sim, head)?;
        self.take_routes(sim, head)?;
        self.take_zones(sim, head)?;
        sim.world.tally = empty_tally(sim.setup);
        self.first = sim.world.day;
        Ok(true)
    }

    fn take_flows(&mut self, sim: &Sim, head: Head) -> Result<(), TableError> {
        let setup = sim.setup;
        let counted = in_order(sim.world.tally.flows.iter().filter(|(_, persons)| *persons > 0));
        for (Counted { of, population, well_founded }, persons) in counted {
            let (flow, place) = (of / setup.places.len(), &setup.places[of % setup.places.len()]);
            self.flows
                .row()
                .date(head.date)
                .integer(head.days)
                .text(Flow::ALL[flow].name())
                .text(&setup.populations[population].name)
                .flag(well_founded)
                .text(&place.name)
                .text(&setup.countries[place.country.index()].name)
                .integer(i64::from(persons))
                .end()?;
        }
        Ok(())
    }

    fn take_stocks(&mut self, sim: &Sim, head: Head) -> Result<(), TableError> {
        let setup = sim.setup;
        let both = sim.world.stocks.iter().zip(sim.world.tally.person_days.iter());
        let both = both.map(|((of, persons), (_, days))| (of, (persons, days)));
        let counted = in_order(both.filter(|(_, (persons, days))| *persons > 0 || *days > 0));
        for (Counted { of, population, well_founded }, (persons, days)) in counted {
            let cell = Cell(of as u16);
            let place = &setup.places[cell.place().index()];
            self.stocks
                .row()
                .date(head.date)
                .integer(head.days)
                .text(&setup.populations[population].name)
                .flag(well_founded)
                .text(&place.name)
                .text(&setup.countries[place.country.index()].name)
                .text(cell.status().name())
                .integer(i64::from(persons))
                .integer(days as i64)
                .end()?;
        }
        Ok(())
    }

    fn take_waits(&mut self, sim: &Sim, head: Head) -> Result<(), TableError> {
        let setup = sim.setup;
        for wait in Wait::ALL {
            for (p, place) in setup.places.iter().enumerate() {
                let (days, persons) = sim.world.tally.waits[wait as usize * setup.places.len() + p];
                if persons == 0 {
                    continue;
                }
                self.waits
                    .row()
                    .date(head.date)
                    .integer(head.days)
                    .text(wait.name())
                    .text(&place.name)
                    .text(&setup.countries[place.country.index()].name)
                    .integer(i64::from(persons))
                    .real(days as f64 / f64::from(persons))
                    .end()?;
            }
        }
        Ok(())
    }

    fn take_politics(&mut self, sim: &Sim, head: Head) -> Result<(), TableError> {
        let setup = sim.setup;
        let date = |day: u32| days_since_1970(setup.calendar.date(day));
        for (country, state) in setup.countries.iter().zip(&sim.world.countries) {
            self.countries
                .row()
                .date(head.date)
                .integer(head.days)
                .text(&country.name)
                .real(state.attention.pressure)
                .real(state.attention.share())
                .real(state.attention.noticed)
                .real(state.attention.usual)
                .real(state.arriving)
                .real(state.heading_here)
                .real(state.relief)
                .real(state.magnet_belief)
                .real(state.spent_usd)
                .end()?;
        }
        for (ladder, state) in setup.ladders.iter().zip(&sim.world.ladders) {
            self.ladders
                .row()
                .date(head.date)
                .integer(head.days)
                .text(&ladder.name)
                .text(&setup.countries[ladder.country.index()].name)
                .text(&ladder.rungs[usize::from(state.rung)].name)
                .integer(i64::from(state.rung))
                .date(date(state.since))
                .end()?;
        }
        for (arrangement, state) in setup.arrangements.iter().zip(&sim.world.arrangements) {
            self.arrangements
                .row()
                .date(head.date)
                .integer(head.days)
                .text(&arrangement.name)
                .text(state.phase.name())
                .date(date(state.since))
                .real(state.trust.mean())
                .real(state.delivery)
                .end()?;
        }
        Ok(())
    }

    fn take_routes(&mut self, sim: &Sim, head: Head) -> Result<(), TableError> {
        for (route, state) in sim.setup.routes.iter().zip(&sim.world.routes) {
            self.routes
                .row()
                .date(head.date)
                .integer(head.days)
                .text(&sim.setup.populations[route.population.index()].name)
                .text(&route.name)
                .real(state.stop.mean())
                .real(state.death.mean())
                .real(state.land.mean())
                .real(state.stopped.mean())
                .real(state.known_exit)
                .real(state.settled)
                .integer(i64::from(state.applicants))
                .end()?;
        }
        Ok(())
    }

    fn take_zones(&mut self, sim: &Sim, head: Head) -> Result<(), TableError> {
        for ((zone, state), vessels) in
            sim.setup.zones.iter().zip(&sim.world.zones).zip(&sim.world.tally.vessels)
        {
            let mut row = self
                .zones
                .row()
                .date(head.date)
                .integer(head.days)
                .text(&zone.name)
                .real(state.patrol_hours)
                .real(state.overspent_hours);
            for &n in vessels {
                row = row.integer(i64::from(n));
            }
            row.end()?;
        }
        Ok(())
    }

    fn take_transitions(&mut self, sim: &mut Sim) -> Result<(), TableError> {
        let (Some(table), Some(list)) = (&mut self.transitions, &mut sim.transitions) else { return Ok(()) };
        let setup: &Setup = sim.setup;
        for t in list.drain(..) {
            let group = setup.group(t.group);
            let place = |cell: Cell| setup.places[cell.place().index()].name.as_str();
            table
                .row()
                .date(days_since_1970(setup.calendar.date(t.day)))
                .text(&setup.populations[group.population.index()].name)
                .flag(group.well_founded)
                .integer(i64::from(t.group.0))
                .integer(i64::from(t.ordinal))
                .text(t.from.map_or("", place))
                .text(t.from.map_or("", |c| c.status().name()))
                .text(place(t.to))
                .text(t.to.status().name())
                .text(t.flow.map_or("", Flow::name))
                .end()?;
        }
        Ok(())
    }

    /// Bring every table to disk under its name.
    pub fn finish(self) -> Result<Vec<Finished>, TableError> {
        let mut finished = Vec::new();
        for table in [
            self.flows,
            self.stocks,
            self.waits,
            self.countries,
            self.ladders,
            self.routes,
            self.arrangements,
            self.zones,
        ] {
            finished.push(table.finish()?);
        }
        if let Some(table) = self.transitions {
            finished.push(table.finish()?);
        }
        Ok(finished)
    }
}

/// Counts in the order of tables.
fn in_order<T>(counts: impl Iterator<Item = (Counted, T)>) -> impl Iterator<Item = (Counted, T)> {
    let mut all: Vec<(Counted, T)> = counts.collect();
    all.sort_by_key(|(counted, _)| *counted);
    all.into_iter()
}
