//! People who are abroad already when a run begins: their rows, and their turns in queues.
//!
//! Each stratum has its share of every stock by its share of the households at home. Which stock a household belongs
//! to is drawn as from an urn, so that people of all stocks stand mixed, as they would had they come one by one, and
//! every stock comes out exactly as it was stated. The last household of a stock may have fewer members there than it
//! has in all: the others count as back home for good.

use super::keyed::{Luck, Purpose};
use super::sim::{due_day, household_size, person_key};
use crate::scenario::setup::{Group, Present, Setup};
use crate::world::{
    Cell, Crowd, GroupId, Household, NEVER, NO_RULE, NOBODY, Person, Queued, Record, Row, Status, World,
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Those of one stratum.
struct Part {
    crowd: Crowd,
    next_ordinal: u32,
    residual: f64,
    /// Members of households of whom others are abroad.
    at_home: u32,
    /// By stock, who queues.
    queued: Vec<Vec<Queued>>,
}

/// A queue that people stand in from the first day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Queue {
    /// Of claims in a country.
    Claims(usize),
    /// Of appeals in a country.
    Appeals(usize),
    /// In front of the border of a place.
    AtBorder(usize),
    /// Of those held at a place who may be paroled.
    Parolable(usize),
    /// Of the others held there.
    Held(usize),
    /// Of those held there who are to be examined.
    ToExamine(usize),
}

/// Give everybody who is abroad at the start a row, and a turn where people wait in turn.
pub fn place(setup: &Setup, world: &mut World) {
    if setup.populations.iter().all(|p| p.present.iter().all(|stock| stock.persons == 0)) {
        return;
    }
    let luck = Luck::new(world.traits_seed);
    let shares: Vec<Vec<u32>> = (0..setup.groups.len()).map(|group| share(setup, group)).collect();
    let parts: Vec<Part> = (0..setup.groups.len())
        .into_par_iter()
        .with_max_len(1)
        .map(|g| part(setup, &luck, g, &shares[g]))
        .collect();
    for (queue, waiting) in queues(setup, &parts) {
        match queue {
            Queue::Claims(country) => world.countries[country].claims = waiting.into(),
            Queue::Appeals(country) => world.countries[country].appeals = waiting.into(),
            Queue::AtBorder(place) => world.places[place].at_border = waiting,
            Queue::Parolable(place) => world.places[place].parolable = waiting.into(),
            Queue::Held(place) => world.places[place].held = waiting.into(),
            Queue::ToExamine(place) => world.places[place].to_examine = waiting.into(),
        }
    }
    for (g, (part, share)) in parts.into_iter().zip(&shares).enumerate() {
        let group = &setup.groups[g];
        let stocks = &setup.populations[group.population.index()].present;
        for (stock, &persons) in stocks.iter().zip(share) {
            world.stocks[setup.stock_index(stock.cell, group)] += persons;
            if stock.cell.status().takes_room() {
                world.places[stock.cell.place().index()].occupied += persons;
            }
        }
        let home = setup.populations[group.population.index()].home;
        world.stocks[setup.stock_index(Cell::of(home, Status::Rejoined), group)] += part.at_home;
        let state = &mut world.groups[g];
        state.crowd = part.crowd;
        state.next_ordinal = part.next_ordinal;
        state.clock.residual = part.residual;
    }
}

/// Every queue, with who waits in it: those who have waited longest first, among them strata in order.
fn queues(setup: &Setup, parts: &[Part]) -> Vec<(Queue, Vec<Queued>)> {
    let mut lists: BTreeMap<Queue, Vec<&[Queued]>> = BTreeMap::new();
    for (part, group) in parts.iter().zip(&setup.groups) {
        let stocks = &setup.populations[group.population.index()].present;
        for (list, stock) in part.queued.iter().zip(stocks).filter(|(list, _)| !list.is_empty()) {
            for queue in queues_of(setup, stock) {
                lists.entry(queue).or_default().push(list);
            }
        }
    }
    let lists: Vec<(Queue, Vec<&[Queued]>)> = lists.into_iter().collect();
    let in_order = |(queue, lists): (Queue, Vec<&[Queued]>)| {
        let mut waiting = lists.concat();
        // Days before the first are counted down from 2^32: whoever came yesterday is before whoever comes on day 0.
        waiting.sort_unstable_by_key(|queued| {
            (queued.since.wrapping_sub(1), queued.household.group.0, queued.household.head)
        });
        (queue, waiting)
    };
    lists.into_par_iter().with_max_len(1).map(in_order).collect()
}

/// Fill the queues of claims of an empty world to the length they are expected to have, with nobody in particular: what
/// people reckon with is their length. It spares a scenario that is only loaded all its people.
pub fn expect_claims(setup: &Setup, world: &mut World) {
    for population in &setup.populations {
        let mean_size =
            1.0 + population.size_cumulative.iter().map(|below| (1.0 - below).max(0.0)).sum::<f64>();
        for stock in population.present.iter().filter(|stock| stock.cell.is(Status::Claimant)) {
            let country = setup.places[stock.cell.place().index()].country;
            let households = (f64::from(stock.persons) / mean_size).round() as usize;
            let nobody = Queued { household: Household { group: GroupId(0), head: 0, size: 1 }, since: 0 };
            world.countries[country.index()].claims.extend(std::iter::repeat_n(nobody, households));
        }
    }
}

/// Persons of each stock who are of a stratum: the strata of a population share them by their households.
fn share(setup: &Setup, group: usize) -> Vec<u32> {
    let population = &setup.populations[setup.groups[group].population.index()];
    let households = |groups: std::ops::Range<usize>| -> f64 {
        setup.groups[groups].iter().map(|g| g.households.max(1) as f64).sum()
    };
    let (first, end) = (population.groups.start, population.groups.end);
    let all = households(first..end);
    let (before, after) = (households(first..group) / all, households(first..group + 1) / all);
    let up_to = |share: f64, persons: u32| (share * f64::from(persons)).round() as u32;
    population.present.iter().map(|s| up_to(after, s.persons) - up_to(before, s.persons)).collect()
}

/// Households of a stratum, until all its shares are there.
fn part(setup: &Setup, luck: &Luck, index: usize, share: &[u32]) -> Part {
    let group = &setup.groups[index];
    let stocks = &setup.populations[group.population.index()].present;
    let mut left = share.to_vec();
    let mut remaining: u64 = left.iter().map(|&n| u64::from(n)).sum();
    let mut part = Part {
        crowd: Crowd::default(),
        next_ordinal: 0,
        residual: 0.0,
        at_home: 0,
        queued: vec![Vec::new(); stocks.len()],
    };
    while remaining > 0 {
        let head = part.next_ordinal;
        let size = household_size(setup, luck, group, head);
        let draws = luck.draws(Purpose::Present, person_key(group, head), 0);
        let mut drawn = (draws.uniform(0) * remaining as f64) as u64;
        let at = left.iter().position(|&n| {
            let here = drawn < u64::from(n);
            drawn = drawn.wrapping_sub(if here { 0 } else { u64::from(n) });
            here
        });
        let Some(at) = at else { break };
        let stock = &stocks[at];
        let ago = (draws.uniform(1) * f64::from(stock.since_days + 1)) as u32;
        let ago = of_this_stay(setup, stock, ago);
        let members = u32::from(size).min(left[at]) as u8;
        part.crowd.append(head, members, row(setup, group, stock, ago));
        if waits_in_turn(stock.cell.status()) {
            let household = Household { group: GroupId::at(index), head, size };
            part.queued[at].push(Queued { household, since: 0_u32.wrapping_sub(ago) });
        }
        left[at] -= u32::from(members);
        remaining -= u64::from(members);
        part.next_ordinal += u32::from(size);
        part.at_home += u32::from(size - members);
    }
    part.residual = luck.exponential(Purpose::Threshold, person_key(group, part.next_ordinal), 0, 0);
    part
}

/// Days since a spell began that may end by a longest stay: one that would have ended is one begun anew.
fn of_this_stay(setup: &Setup, stock: &Present, ago: u32) -> u32 {
    let longest = setup.places[stock.cell.place().index()].longest_stay_days;
    match (stock.cell.status(), longest) {
        (Status::Held | Status::AwaitingResettlement, Some(longest)) => ago % u32::from(longest.max(1)),
        _ => ago,
    }
}

/// The row of somebody whose spell began so many days before the first.
fn row(setup: &Setup, group: &Group, stock: &Present, ago: u32) -> Row {
    let place = &setup.places[stock.cell.place().index()];
    let longest = place.longest_stay_days.map(u32::from);
    let counts = setup.scenario.beliefs.held_counts_after_days as u32;
    let due = match stock.cell.status() {
        // The day on which being held counts as a refusal, then the longest stay.
        Status::Held => {
            let first = longest.map_or(counts, |longest| counts.min(longest)).max(1);
            if ago < first { Some(first - ago) } else { longest.map(|longest| longest - ago) }
        }
        Status::AwaitingResettlement => longest.map(|longest| longest - ago),
        _ => None,
    };
    let legs = setup.routes[stock.route.index()].corridors.len();
    let record = Record {
        route: stock.route.0,
        rule: stock.action.unwrap_or(NO_RULE),
        responsible: NOBODY,
        entered: 0,
        counts: 0,
        member_leg: 0,
        epoch: 0,
    };
    let record = record.with_leg(legs.saturating_sub(1)).after_attempt();
    let registers = setup.countries[place.country.index()].registers;
    let since = 0_u32.wrapping_sub(ago);
    debug_assert!(setup.routes[stock.route.index()].population == group.population);
    let person = Person {
        due: due.map_or(NEVER, due_day),
        spell_start: since as u16,
        spell: 0,
        cell: stock.cell,
        record: if registers { record.under(place.country.0, since) } else { record },
    };
    Row { person, wake: 0 }
}

/// Whether people of a status wait in turn.
fn waits_in_turn(status: Status) -> bool {
    matches!(status, Status::Claimant | Status::Appellant | Status::Held | Status::WaitingAtBorder)
}

/// The queues that people of a stock stand in.
fn queues_of(setup: &Setup, stock: &Present) -> Vec<Queue> {
    let place = stock.cell.place().index();
    let country = setup.places[place].country.index();
    let action = stock.action.map(|at| &setup.actions[usize::from(at)]);
    match stock.cell.status() {
        Status::Claimant => vec![Queue::Claims(country)],
        Status::Appellant => vec![Queue::Appeals(country)],
        Status::WaitingAtBorder => vec![Queue::AtBorder(place)],
        Status::Held => {
            let parolable = action.is_some_and(|a| a.parolable);
            let mut queues = vec![if parolable { Queue::Parolable(place) } else { Queue::Held(place) }];
            if action.is_some_and(|a| a.examined) {
                queues.push(Queue::ToExamine(place));
            }
            queues
        }
        _ => Vec::new(),
    }
}
