//! What a scenario's facts need of a run: one number a day for each signal they ask for, and nothing else.

use super::table::Cells;
use crate::engine::Sim;
use crate::scenario::facts::Signal;
use crate::scenario::format::Level;
use crate::scenario::setup::Setup;
use crate::world::World;

/// The signals of a run, by day.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// By signal, then day.
    columns: Vec<Vec<f64>>,
    /// By signal: total of the tally of waits at the end of the day before.
    before: Vec<u64>,
    /// By population: positions in its flows that signals ask for, each with its signal, sorted.
    flows: Vec<Vec<(u32, u32)>>,
    /// By population, then position in its flows, up to the last that is asked for: where those with it begin.
    begins: Vec<Vec<u32>>,
}

impl Watch {
    /// No day yet.
    pub fn new(setup: &Setup) -> Self {
        let signals = setup.facts.signals.len();
        let mut flows: Vec<Vec<(u32, u32)>> = vec![Vec::new(); setup.populations.len()];
        for (i, signal) in (0..).zip(&setup.facts.signals) {
            if let Signal::Flow(positions) = signal {
                positions.iter().for_each(|&(population, at)| flows[population as usize].push((at, i)));
            }
        }
        flows.iter_mut().for_each(|own| own.sort_unstable());
        let begins = |own: &Vec<(u32, u32)>| {
            let end = own.last().map_or(0, |&(position, _)| position + 1);
            let before = |position| own.partition_point(|&(p, _)| p < position) as u32;
            (0..=end).map(before).collect()
        };
        let begins = flows.iter().map(begins).collect();
        let columns = vec![Vec::with_capacity(setup.days as usize); signals];
        Self { columns, before: vec![0; signals], flows, begins }
    }

    /// Take in a day, after it was simulated and before the tally is emptied.
    pub fn take(&mut self, sim: &Sim) {
        for (i, signal) in sim.setup.facts.signals.iter().enumerate() {
            let value = match waited(&sim.world, signal) {
                Some(total) => {
                    let today = total - self.before[i];
                    self.before[i] = total;
                    today as f64
                }
                None => standing(sim, signal),
            };
            self.columns[i].push(value);
        }
        for (today, (begins, flows)) in sim.today.populations.iter().zip(self.begins.iter().zip(&self.flows))
        {
            for (at, persons) in today.counted() {
                let &[begin, end] = begins.get(at..at + 2).unwrap_or(&[0, 0]) else {
                    continue;
                };
                for &(_, signal) in &flows[begin as usize..end as usize] {
                    if let Some(today) = self.columns[signal as usize].last_mut() {
                        *today += f64::from(persons);
                    }
                }
            }
        }
    }

    /// The tally has been emptied.
    pub fn emptied(&mut self) {
        self.before.fill(0);
    }

    /// Go on from a world, whose tally has counted something already.
    pub fn stand_after(&mut self, setup: &Setup, world: &World) {
        for (before, signal) in self.before.iter_mut().zip(&setup.facts.signals) {
            *before = waited(world, signal).unwrap_or(0);
        }
    }

    /// Pass over days of which nothing is known: they count as 0.
    pub fn skip_to(&mut self, day: u32) {
        self.columns.iter_mut().for_each(|column| column.resize(day as usize, 0.0));
    }

    /// The signals from a day on.
    pub fn cells_from(&self, day: usize) -> impl Iterator<Item = Cells> {
        self.columns.iter().map(move |column| Cells::Real(column[day.min(column.len())..].to_vec()))
    }

    /// Days that were taken from the watch of the same run; false if they are something else.
    pub fn push(&mut self, cells: &[Cells]) -> bool {
        let fits = cells.len() == self.columns.len() && cells.iter().all(|c| matches!(c, Cells::Real(_)));
        for (column, new) in self.columns.iter_mut().zip(cells).filter(|_| fits) {
            if let Cells::Real(numbers) = new {
                column.extend(numbers);
            }
        }
        fits
    }

    /// The days `from` to `to` of a signal, both included, as far as they were simulated.
    pub fn days(&self, signal: usize, from: usize, to: usize) -> &[f64] {
        let all = &self.columns[signal];
        &all[from.min(all.len())..(to + 1).min(all.len()).max(from.min(all.len()))]
    }
}

/// What waits that ended since the tally was emptied add up to; none for what is no wait.
fn waited(world: &World, signal: &Signal) -> Option<u64> {
    let waits = |positions: &[u32], of: fn(&(u64, u32)) -> u64| {
        positions.iter().map(|&p| of(&world.tally.waits[p as usize])).sum()
    };
    match signal {
        Signal::WaitDays(positions) => Some(waits(positions, |wait| wait.0)),
        Signal::WaitsEnded(positions) => Some(waits(positions, |wait| u64::from(wait.1))),
        Signal::Flow(_) | Signal::Stock(_) | Signal::Level(..) | Signal::Rung(..) | Signal::Phase(..) => None,
    }
}

/// What stands at the end of the day; of a flow, nothing yet.
fn standing(sim: &Sim, signal: &Signal) -> f64 {
    let world = &sim.world;
    match signal {
        Signal::Stock(positions) => {
            let stock = |&(population, at): &(u32, u32)| world.stocks[(population as usize, at as usize)];
            positions.iter().map(|at| u64::from(stock(at))).sum::<u64>() as f64
        }
        Signal::Level(level, of) => standing_level(sim, *level, *of),
        Signal::Rung(ladder, rungs) => f64::from(u8::from(rungs.contains(&world.ladders[*ladder].rung))),
        Signal::Phase(arrangements, phases) => {
            arrangements.iter().filter(|&&a| phases.contains(&world.arrangements[a].phase)).count() as f64
        }
        Signal::Flow(_) | Signal::WaitDays(_) | Signal::WaitsEnded(_) => 0.0,
    }
}

fn standing_level(sim: &Sim, level: Level, of: usize) -> f64 {
    let (world, levers) = (&sim.world, &sim.levers);
    let (route, country) = (|| &world.routes[of], || &world.countries[of]);
    match level {
        Level::Openness => levers.openness[of],
        Level::Capacity => levers.capacity[of],
        Level::Exit => levers.exit[of],
        Level::Ceiling => levers.ceiling[of],
        Level::KnownExit => route().known_exit,
        Level::BelievedStop => route().stop.mean(),
        Level::BelievedDeath => route().death.mean(),
        Level::BelievedLand => route().land.mean(),
        Level::BelievedStopped => route().stopped.mean(),
        Level::Settled => route().settled,
        Level::PatrolHours => world.zones[of].patrol_hours,
        Level::Access => levers.access[of],
        Level::StandardOfProof => levers.standard[of],
        Level::ScreeningStandard => levers.screening_standard[of],
        Level::Reception => levers.reception[of],
        Level::Removals => levers.removals[of],
        Level::ReturneesPunished => levers.punished[of],
        Level::Pressure => country().attention.pressure,
        Level::PressureShare => country().attention.share(),
        Level::Arriving => country().arriving,
        Level::Relief => country().relief,
        Level::MagnetBelief => country().magnet_belief,
        Level::SpentOnHolding => country().spent_usd,
        Level::Received => country().received_usd,
        Level::Paid => country().paid_usd,
        Level::Decisions => levers.decisions[of],
        Level::Discriminability => levers.discriminability[of],
        Level::ReceptionPlaces => levers.reception_places[of],
        Level::CareMet => sim.care_met(crate::world::CountryId::at(of)),
        Level::Pledgers => world.arrangements[of].pledged.iter().filter(|p| **p > 0.0).count() as f64,
        Level::Trust => world.arrangements[of].trust.mean(),
        Level::Delivery => world.arrangements[of].delivery,
    }
}
