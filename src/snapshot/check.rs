//! The invariants of a world: what must be so before a day can be simulated without looking.

use super::clocks;
use super::finite::not_a_number;
use crate::engine::responsibility::ACCEPTED;
use crate::scenario::Setup;
use crate::scenario::setup::Group;
use crate::world::{
    ArrangementState, Cell, CountryState, Counts, Crowd, Flow, GroupState, Household, LadderState, NO_RULE,
    NOBODY, Person, PlaceId, PlaceState, Queued, Record, Status, Vessel, World,
};
use rayon::prelude::*;

/// What is wrong, in words; or nothing.
type Checked = Result<(), String>;

/// Largest household: its members have four bits in a record.
const LARGEST_HOUSEHOLD: u8 = 16;

#[inline(always)]
fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(problem()) }
}

/// Longest spell, in days: of the whole of the longest run, and of as long before it as people may have been there.
const LONGEST_SPELL: u32 = u16::MAX as u32;

/// Most attempts that are counted: they have four bits in a record.
const MOST_ATTEMPTS: usize = 15;

/// Check a world against its scenario.
pub fn check(setup: &Setup, world: &World) -> Checked {
    ensure(world.day <= setup.days, || format!("day {} of a scenario of {} days", world.day, setup.days))?;
    lengths(setup, world)?;
    // Each group by itself; of all that is wrong, what comes first in the world is told.
    let groups = setup.groups.par_iter().zip(&world.groups).enumerate();
    let (path, groups) = rayon::join(
        || not_a_number(world),
        || {
            let people = groups.map(|(g, (group, state))| {
                people(setup, group, state, world.day).map_err(|problem| format!("group {g}: {problem}"))
            });
            people.collect::<Vec<Checked>>()
        },
    );
    if let Some(path) = path {
        return Err(format!("world.{path} is not a number that a run comes to"));
    }
    groups.into_iter().collect::<Checked>()?;
    let whom = Whom { world };
    for vessel in &world.vessels {
        at_sea(setup, vessel, whom)?;
    }
    for zone in &world.zones {
        zone.aboard.iter().try_for_each(|a| whom.household(a.household))?;
    }
    for (place, state) in setup.places.iter().zip(&world.places) {
        queues_of_a_place(state, whom).map_err(|problem| format!("place {}: {problem}", place.name))?;
    }
    for (country, state) in setup.countries.iter().zip(&world.countries) {
        let populations = setup.populations.len();
        queues_of_a_country(state, populations, whom)
            .map_err(|problem| format!("country {}: {problem}", country.name))?;
    }
    for (ladder, state) in setup.ladders.iter().zip(&world.ladders) {
        rung(state, ladder.rungs.len(), world.day)
            .map_err(|problem| format!("ladder {}: {problem}", ladder.name))?;
    }
    let fresh = crate::engine::start::empty_world(setup);
    for ((arrangement, state), fresh) in
        setup.arrangements.iter().zip(&world.arrangements).zip(&fresh.arrangements)
    {
        phase(state, fresh, world.day)
            .map_err(|problem| format!("arrangement {}: {problem}", arrangement.name))?;
    }
    counts(setup, world)
}

fn lengths(setup: &Setup, world: &World) -> Checked {
    let (places, populations) = (setup.places.len(), setup.populations.len());
    let tally = crate::engine::start::empty_tally(setup);
    let expected = [
        ("populations", world.populations.len(), populations),
        ("groups", world.groups.len(), setup.groups.len()),
        ("routes", world.routes.len(), setup.routes.len()),
        ("zones", world.zones.len(), setup.zones.len()),
        ("supply", world.supply.len(), setup.vessels.len()),
        ("kind_found", world.kind_found.len(), setup.vessels.len()),
        ("places", world.places.len(), places),
        ("countries", world.countries.len(), setup.countries.len()),
        ("ladders", world.ladders.len(), setup.ladders.len()),
        ("arrangements", world.arrangements.len(), setup.arrangements.len()),
        ("tally.vessels", world.tally.vessels.len(), tally.vessels.len()),
        ("tally.waits", world.tally.waits.len(), tally.waits.len()),
        ("tally.held_peak", world.tally.held_peak.len(), tally.held_peak.len()),
    ];
    for (what, found, allowed) in expected {
        ensure(found == allowed, || format!("{found} {what} where the scenario has {allowed}"))?;
    }
    let (cells, flows) = (places * Status::COUNT, places * Flow::COUNT);
    let counts = [
        ("stocks", world.stocks.fits(populations, cells)),
        ("tally.flows", world.tally.flows.fits(populations, flows)),
        ("tally.person_days", world.tally.person_days.fits(populations, cells)),
    ];
    for (what, fits) in counts {
        ensure(fits, || format!("{what} of other populations, places or flows than those of the scenario"))?;
    }
    Ok(())
}

fn people(setup: &Setup, group: &Group, state: &GroupState, day: u32) -> Checked {
    clocks::of_group(state)?;
    for (crowd, are_home) in [(&state.crowd, false), (&state.back.rows, true)] {
        columns(crowd)?;
        let mut last = None;
        for chunk in &crowd.chunks {
            for (&ordinal, &Person { cell, record, .. }) in chunk.ordinal.iter().zip(&chunk.people) {
                ensure(last.is_none_or(|l| l < ordinal), || format!("person {ordinal} is out of order"))?;
                ensure(ordinal < state.next_ordinal, || format!("person {ordinal} has not left home yet"))?;
                last = Some(ordinal);
                person(setup, group, ordinal, cell, record).map_err(|p| format!("person {ordinal}: {p}"))?;
                ensure(cell == Cell::ENDED || (cell.status() == Status::ReturnedHome) == are_home, || {
                    format!("person {ordinal} is among those back home, or should be")
                })?;
            }
        }
    }
    ensure(state.back.again.len() <= MOST_ATTEMPTS + 1, || {
        "clocks of more attempts than are counted".into()
    })?;
    for clock in state.back.again.iter().chain([&state.back.rejoining]) {
        ensure(clock.waiting.iter().all(|w| w.ordinal < state.next_ordinal), || {
            "somebody waits who never left".into()
        })?;
    }
    for applicant in &state.applicants {
        let end = applicant.head.checked_add(u32::from(applicant.size));
        ensure((1..=LARGEST_HOUSEHOLD).contains(&applicant.size), || "an applicant of no household".into())?;
        ensure(end.is_some_and(|end| end <= state.next_ordinal), || "an applicant not known".into())?;
        let route = setup.routes.get(usize::from(applicant.route));
        ensure(route.is_some_and(|r| r.population == group.population), || {
            "an applicant of no route".into()
        })?;
        ensure(applicant.since <= day, || "an applicant from a day to come".into())?;
    }
    Ok(())
}

fn columns(crowd: &Crowd) -> Checked {
    for chunk in &crowd.chunks {
        let same = chunk.ordinal.len() == chunk.people.len();
        ensure(same, || "columns of several lengths".into())?;
        let ended = chunk.people.iter().filter(|person| person.cell == Cell::ENDED).count();
        ensure(chunk.ended as usize == ended, || "rows of the ended are not counted right".into())?;
    }
    Ok(())
}

#[inline(always)]
fn person(setup: &Setup, group: &Group, ordinal: u32, cell: Cell, record: Record) -> Checked {
    if cell == Cell::ENDED {
        return Ok(());
    }
    ensure(cell.place().index() < setup.places.len(), || "at no place".into())?;
    ensure(cell.status().has_row(), || format!("of status {}", cell.status().name()))?;
    let route = setup.routes.get(usize::from(record.route));
    ensure(route.is_some_and(|r| r.population == group.population), || "by no route of theirs".into())?;
    ensure(route.is_some_and(|r| record.leg() < r.corridors.len().max(1)), || {
        "on no leg of the route".into()
    })?;
    let ruled = usize::from(record.rule) < setup.actions.len();
    let under = match cell.status() {
        // While a transfer is asked for, the rule says whether it was accepted.
        Status::TransferPending => record.rule <= ACCEPTED,
        Status::Held => ruled,
        _ => record.rule == NO_RULE || ruled,
    };
    ensure(under, || "under no rule".into())?;
    let responsible = record.responsible == NOBODY || usize::from(record.responsible) < setup.countries.len();
    ensure(responsible, || "under no State".into())?;
    ensure(record.member() <= ordinal, || "of no household".into())
}

/// Everybody who may be named.
#[derive(Clone, Copy)]
struct Whom<'w> {
    world: &'w World,
}

impl Whom<'_> {
    fn household(self, household: Household) -> Checked {
        let known = self.world.groups.get(household.group.index()).is_some_and(|group| {
            let end = household.head.checked_add(u32::from(household.size));
            (1..=LARGEST_HOUSEHOLD).contains(&household.size)
                && end.is_some_and(|end| end <= group.next_ordinal)
        });
        ensure(known, || "a household that is not known".into())
    }

    fn queue<'q>(self, queue: impl IntoIterator<Item = &'q Queued>) -> Checked {
        queue.into_iter().try_for_each(|entry| {
            self.household(entry.household)?;
            let days = self.world.day.wrapping_sub(entry.since);
            ensure(days <= LONGEST_SPELL, || "somebody who queues from a day to come".into())
        })
    }
}

fn at_sea(setup: &Setup, vessel: &Vessel, whom: Whom<'_>) -> Checked {
    let corridor = setup.corridors.get(usize::from(vessel.corridor));
    let sails = corridor.is_some_and(|c| c.mode == crate::scenario::format::Mode::Sea);
    ensure(sails, || "a vessel on no corridor of the sea".into())?;
    ensure(u32::from(vessel.days_out) <= whom.world.day, || "a vessel at sea since before the run".into())?;
    ensure(!vessel.households.is_empty(), || "a vessel with nobody aboard".into())?;
    vessel.households.iter().try_for_each(|&household| whom.household(household))
}

fn queues_of_a_place(state: &PlaceState, whom: Whom<'_>) -> Checked {
    ensure((0.0..1.0).contains(&state.screening_carry), || {
        "more than a part of a decision carried over".into()
    })?;
    whom.queue(&state.parolable)?;
    whom.queue(&state.held)?;
    whom.queue(&state.to_examine)?;
    whom.queue(&state.at_border)
}

fn queues_of_a_country(state: &CountryState, populations: usize, whom: Whom<'_>) -> Checked {
    let kept = [state.peak.len(), state.flow.len()];
    ensure(kept == [populations; 2], || "figures by population for another number of them".into())?;
    let begun = [state.decision_carry, state.appeal_carry];
    ensure(begun.iter().all(|carry| (0.0..1.0).contains(carry)), || {
        "more than a part of a decision carried over".into()
    })?;
    whom.queue(&state.claims)?;
    whom.queue(&state.appeals)
}

fn rung(state: &LadderState, rungs: usize, day: u32) -> Checked {
    ensure(usize::from(state.rung) < rungs, || format!("rung {} of {rungs}", state.rung))?;
    ensure(state.since <= day, || "a rung in force from a day to come".into())
}

/// What an arrangement keeps by party, member, stream or offer has as many entries as on the first day.
fn phase(state: &ArrangementState, fresh: &ArrangementState, day: u32) -> Checked {
    let lengths = |state: &ArrangementState| {
        let own = [state.gains.len(), state.pledged.len(), state.allotted.len(), state.in_care_before.len()];
        let streams = state.streams.iter().flat_map(|s| [s.places.len(), s.moved.len()]);
        own.into_iter()
            .chain([state.assigned.len(), state.streams.len()])
            .chain(streams)
            .collect::<Vec<usize>>()
    };
    ensure(lengths(state) == lengths(fresh), || "figures by party, member or offer for others".into())?;
    ensure(state.since <= day, || "a phase that begins on a day to come".into())
}

/// What is counted agrees with whom it counts.
fn counts(setup: &Setup, world: &World) -> Checked {
    let kinds = setup.populations.len() * 2;
    let mut found = Counts::<u32>::new(setup.populations.len(), setup.places.len() * Status::COUNT);
    let mut left = vec![0_u64; kinds];
    let mut applied = vec![0_u64; setup.routes.len()];
    for (group, state) in setup.groups.iter().zip(&world.groups) {
        left[group.population.index() * 2 + usize::from(group.well_founded)] += u64::from(state.next_ordinal);
        let chunks = state.crowd.chunks.iter().chain(&state.back.rows.chunks);
        let cells = chunks.flat_map(|c| &c.people).map(|person| person.cell);
        for cell in cells.filter(|&cell| cell != Cell::ENDED) {
            found[setup.stock_index(cell, group)] += 1;
        }
        for applicant in &state.applicants {
            let home = setup.routes[usize::from(applicant.route)].start;
            let cell = Cell::of(home, Status::InCountryApplicant);
            found[setup.stock_index(cell, group)] += u32::from(applicant.size);
            applied[usize::from(applicant.route)] += u64::from(applicant.size);
        }
    }
    for ((route, state), &applied) in setup.routes.iter().zip(&world.routes).zip(&applied) {
        ensure(u64::from(state.applicants) == applied, || {
            format!("{} applicants counted for route {}, {applied} found", state.applicants, route.name)
        })?;
    }
    let mut standing = vec![0_u64; kinds];
    for ((counted, stock), (_, people)) in world.stocks.iter().zip(found.iter()) {
        let cell = Cell(counted.of as u16);
        standing[counted.population * 2 + usize::from(counted.well_founded)] += u64::from(stock);
        ensure(!cell.status().is_active() || stock == people, || {
            let place = &setup.places[cell.place().index()].name;
            format!("{stock} people counted as {} at {place}, {people} found", cell.status().name())
        })?;
    }
    ensure(left == standing, || "those who left home are not those who are counted anywhere".into())?;
    for (place, state) in world.places.iter().enumerate() {
        let held = Status::ALL.iter().filter(|status| status.takes_room());
        let inside: u32 =
            held.map(|&status| found.of_all(Cell::of(PlaceId::at(place), status).index())).sum();
        ensure(state.occupied == inside, || {
            format!("room for {} taken at {}, {inside} found", state.occupied, setup.places[place].name)
        })?;
    }
    Ok(())
}
