//! The simulation: the setup, the world, and working memory that is rebuilt every day.

use super::apart::Apart;
use super::keyed::{Luck, Purpose};
use super::levers::{Levers, levers_of};
use super::today::Today;
use crate::model::math;
use crate::scenario::setup::{Group, Setup};
use crate::world::counts::{Counted, position};
use crate::world::{
    BACK_TOGETHER, CHUNK_PEOPLE, Cell, Crowd, Flow, GroupId, Household, Members, NEVER, NO_RULE, NOBODY,
    Person, PlaceId, Queued, Record, RouteId, Row, Slot, Status, Wait, World,
};
use std::sync::Arc;

/// A run in progress.
pub struct Sim<'s> {
    /// The scenario, resolved.
    pub setup: &'s Setup,
    /// What is true. Everything else here is rebuilt from it.
    pub world: World,
    /// All luck.
    pub luck: Luck,
    /// What people are; the same as `luck` except in a fork with another seed.
    pub traits: Luck,
    /// Levers in force.
    pub levers: Arc<Levers>,
    /// Working memory of the day.
    pub today: Today,
    /// Where every change of status is written, if somebody asked for it.
    pub transitions: Option<Vec<Transition>>,
    /// From so many people on to whom something happens at once, threads share the work; below, sharing costs more than
    /// it saves. No result depends on it.
    pub share_from: usize,
    /// Parts into which the world is taken apart where work is shared: room to work in.
    pub(super) parts: Vec<Sim<'s>>,
    /// In a part of the world, what it would add to what is shared where the order matters; else nothing.
    pub(super) apart: Option<Box<Apart>>,
}

/// What [`Sim::share_from`] is unless somebody sets it.
const SHARE_FROM: usize = 1024;

/// One change of status of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Day.
    pub day: u32,
    /// Who: group and ordinal.
    pub group: GroupId,
    /// Who: group and ordinal.
    pub ordinal: u32,
    /// From.
    pub from: Option<Cell>,
    /// To.
    pub to: Cell,
    /// What it was counted as.
    pub flow: Option<Flow>,
    /// Whether it was a refoulement.
    pub refouled: bool,
}

impl<'s> Sim<'s> {
    /// A simulation that goes on from a world.
    pub fn new(setup: &'s Setup, world: World) -> Self {
        let luck = Luck::new(setup.scenario.scenario.seed);
        let levers = Arc::new(levers_of(setup, &world));
        let mut today = Today::new(setup);
        for (counted, stock) in world.stocks.iter().filter(|(_, stock)| *stock > 0) {
            let Counted { of, population, well_founded } = counted;
            today.populations[population].note_people(position(of, well_founded));
            today.note_stock(Cell(of as u16), population, i64::from(stock));
        }
        let traits = Luck::new(world.traits_seed);
        let mut sim = Self {
            setup,
            world,
            luck,
            traits,
            levers,
            today,
            transitions: None,
            share_from: SHARE_FROM,
            parts: Vec::new(),
            apart: None,
        };
        sim.today.asked_from = sim.day();
        sim.reckon_cells();
        sim.wake_all();
        sim
    }

    /// The day being simulated.
    #[inline]
    pub fn day(&self) -> u32 {
        self.world.day
    }

    /// Identity of a person in the keyed randomness.
    #[inline]
    pub fn who(&self, group: GroupId, ordinal: u32) -> u64 {
        person_key(self.setup.group(group), ordinal)
    }

    /// Size of the household that begins at an ordinal: a pure function of identity.
    #[inline]
    pub fn household_size(&self, group: GroupId, head: u32) -> u8 {
        self.sizes(group)(head)
    }

    /// The same for many households of a group.
    #[inline]
    pub fn sizes(&self, group: GroupId) -> impl Fn(u32) -> u8 + use<'s> {
        let (setup, g, traits) = (self.setup, self.setup.group(group), self.traits);
        move |head| household_size(setup, &traits, g, head)
    }

    /// Count persons of a group in a flow at a place.
    pub fn count(&mut self, flow: Flow, place: PlaceId, group: GroupId, persons: u32) {
        let (population, at) = self.setup.flow_index(flow, place, self.setup.group(group));
        self.world.tally.flows[(population, at)] += persons;
        self.today.populations[population].note_counted(at, persons);
        if matches!(flow, Flow::Refouled | Flow::DiedAtSea | Flow::DiedOnLand) {
            let country = self.setup.places[place.index()].country;
            self.today.harmed[country.index()] += f64::from(persons);
        }
    }

    /// Note a wait that has ended.
    pub fn waited(&mut self, wait: Wait, place: PlaceId, days: u32, persons: u32) {
        self.waited_in_all(wait, place, u64::from(days) * u64::from(persons), persons);
    }

    /// Note waits of several persons that have ended, by the sum of their days.
    pub(super) fn waited_in_all(&mut self, wait: Wait, place: PlaceId, person_days: u64, persons: u32) {
        let (sum, n) = &mut self.world.tally.waits[wait as usize * self.setup.places.len() + place.index()];
        *sum += person_days;
        *n += persons;
    }

    /// Change the stock of a cell.
    pub fn stock(&mut self, cell: Cell, group: GroupId, change: i64) {
        let (population, at) = self.setup.stock_index(cell, self.setup.group(group));
        self.today.note_stock(cell, population, change);
        if cell.takes_room() {
            let occupied = &mut self.world.places[cell.place().index()].occupied;
            *occupied = (i64::from(*occupied) + change) as u32;
        }
        let stock = &mut self.world.stocks[(population, at)];
        if *stock == 0 {
            self.today.populations[population].note_people(at);
        }
        *stock = (i64::from(*stock) + change) as u32;
    }

    /// Rows of the members of a household who have a status now; they stand together in one chunk.
    #[inline]
    pub fn rows(&self, household: Household, status: Status) -> Members {
        let crowd = self.crowd(household.group, status);
        let guess = self.today.last_found.of(household);
        let members = crowd.members(household.head, household.size, status, guess);
        if let Some(slot) = members.first() {
            self.today.last_found.note(household, slot);
        }
        members
    }

    /// Where people of a group who have a status stand.
    #[inline]
    pub fn crowd(&self, group: GroupId, status: Status) -> &Crowd {
        let state = &self.world.groups[group.index()];
        if status == Status::ReturnedHome { &state.back.rows } else { &state.crowd }
    }

    /// How many members of a household have a status now.
    pub fn present(&self, household: Household, status: Status) -> u32 {
        self.rows(household, status).count() as u32
    }

    /// The first of some members, found by a status that they have now.
    #[inline]
    pub fn first(&self, household: Household, status: Status, members: Members) -> Option<&Person> {
        let slot = members.leader()?;
        Some(&self.crowd(household.group, status).chunks[slot.chunk].people[slot.row])
    }

    /// The first of the members of a household who have a status now, and their rows; nothing if nobody has.
    #[inline]
    pub fn first_and_rows(&self, household: Household, status: Status) -> Option<(&Person, Members)> {
        let members = self.rows(household, status);
        Some((self.first(household, status, members)?, members))
    }

    /// The record of the first member who has a status now.
    pub fn record(&self, household: Household, status: Status) -> Option<Record> {
        self.first_and_rows(household, status).map(|(first, _)| first.record)
    }

    /// The record and the day in the run on which the spell began, of the first member of that status. Of those who
    /// were there before the first day it is a day below 0, modulo 2^32.
    pub fn spell(&self, household: Household, status: Status) -> Option<(Record, u32)> {
        let (first, _) = self.first_and_rows(household, status)?;
        Some((first.record, self.began(first)))
    }

    /// The day in the run on which somebody's spell began; modulo 2^32 where it is before the first.
    pub fn began(&self, person: &Person) -> u32 {
        let ago = (self.day() as u16).wrapping_sub(person.spell_start);
        self.day().wrapping_sub(u32::from(ago))
    }

    /// Those of whom a queue's entry still holds, with the record of the first: they have the status, since that day.
    pub fn still_queued(&self, entry: Queued, status: Status, place: PlaceId) -> Option<(Record, Members)> {
        let (first, members) = self.first_and_rows(entry.household, status)?;
        let holds = first.spell_start == entry.since as u16 && first.cell.place() == place;
        holds.then_some((first.record, members))
    }

    /// Move those members of a household who have status `from` to a cell, and count them in a flow at the place they
    /// leave (or, for flows of arrival, the place they come to: the caller says). Returns how many moved.
    pub fn shift(&mut self, household: Household, from: Status, to: Cell, change: Change) -> u32 {
        self.shift_members(household, self.rows(household, from), from, to, change)
    }

    /// The same for at most so many of them, the first: a household that is split.
    pub fn shift_some(
        &mut self,
        household: Household,
        from: Status,
        to: Cell,
        change: Change,
        most: u32,
    ) -> u32 {
        let moved = self.shift_members(household, self.rows(household, from).at_most(most), from, to, change);
        // Among those who have the status may be those who moved, elsewhere.
        if from != Status::ReturnedHome {
            for slot in self.rows(household, from) {
                self.wake_others(household.group, slot, self.cell_at(household, slot));
            }
        }
        moved
    }

    /// The same for members who were found to have that status.
    pub(super) fn shift_members(
        &mut self,
        household: Household,
        members: Members,
        from: Status,
        to: Cell,
        change: Change,
    ) -> u32 {
        let moved = members.len() as u32;
        if moved == 0 {
            return 0;
        }
        if from == Status::ReturnedHome || to.status() == Status::ReturnedHome {
            self.shift_to_or_from_home(household, members, from, to, change);
            // Those who stay at home where the first of a household leaves wait for themselves.
            if from == Status::ReturnedHome {
                self.await_at_home(household);
            }
        } else {
            self.shift_in_place(household, members, to, change);
        }
        self.today.lines.note(household, to);
        self.stock(to, household.group, i64::from(moved));
        if let Some(flow) = change.flow {
            self.count(flow, change.at.unwrap_or(to.place()), household.group, moved);
        }
        moved
    }

    fn shift_in_place(&mut self, household: Household, members: Members, to: Cell, change: Change) {
        let (day, group) = (self.day(), household.group);
        let has_row = to.status().has_row();
        let due = change.due.map_or(NEVER, due_day);
        let cell = if has_row { to } else { Cell::ENDED };
        let mut left = (Cell::ENDED, 0);
        for (n, slot) in members.enumerate() {
            let chunk = &self.world.groups[group.index()].crowd.chunks[slot.chunk];
            let (ordinal, before) = (chunk.ordinal[slot.row], chunk.people[slot.row]);
            let (old, record) = (before.cell, change.edit(before.record));
            let spell = before.spell.wrapping_add(1);
            let person = Person { due, spell_start: day as u16, spell, cell, record };
            // Whoever comes first is the first of the household there, or is found not to be when that is asked.
            let wake = if has_row { self.wake_of(group, ordinal, &person, n == 0) } else { day as u16 };
            let chunk = &mut self.world.groups[group.index()].crowd.chunks[slot.chunk];
            chunk.people[slot.row] = person;
            chunk.wake.0[slot.row] = wake;
            chunk.ended += u32::from(!has_row);
            self.leave_cell(group, old, &mut left);
            self.note(group, ordinal, old, to, change.flow);
        }
        self.leave_stock(group, left);
    }

    /// Give a row another dated event.
    pub fn set_due(&mut self, group: GroupId, slot: Slot, day: u32) {
        let due = due_day(day);
        let chunk = &mut self.world.groups[group.index()].crowd.chunks[slot.chunk];
        chunk.people[slot.row].due = due;
        let chunk = &self.world.groups[group.index()].crowd.chunks[slot.chunk];
        let wake = self.wake_of_row(group, chunk, slot.row);
        self.world.groups[group.index()].crowd.chunks[slot.chunk].wake.0[slot.row] = wake;
    }

    /// A person of a group leaves the stock of a cell, together with those who left the same before.
    fn leave_cell(&mut self, group: GroupId, cell: Cell, left: &mut (Cell, i64)) {
        if cell != left.0 {
            self.leave_stock(group, *left);
            *left = (cell, 0);
        }
        left.1 += 1;
    }

    /// Some persons of a group leave the stock of a cell.
    fn leave_stock(&mut self, group: GroupId, (cell, persons): (Cell, i64)) {
        if persons > 0 {
            self.stock(cell, group, -persons);
        }
    }

    /// Those who come home, or leave it again, change from one list of rows to the other.
    fn shift_to_or_from_home(
        &mut self,
        household: Household,
        members: Members,
        from: Status,
        to: Cell,
        change: Change,
    ) {
        let (day, group) = (self.day(), household.group);
        let state = &mut self.world.groups[group.index()];
        let rows = if from == Status::ReturnedHome { &mut state.back.rows } else { &mut state.crowd };
        let mut released = std::mem::take(&mut self.today.released);
        released.clear();
        rows.release(members, &mut released);
        let mut left = (Cell::ENDED, 0);
        for (n, &(ordinal, row)) in released.iter().enumerate() {
            let (spell, spell_start) = (row.spell.wrapping_add(1), day as u16);
            let due = change.due.map_or(NEVER, due_day);
            let record = change.edit(row.record);
            let person = Person { due, spell_start, spell, cell: to, record };
            // Nobody looks at those who are back home.
            let back = to.status() == Status::ReturnedHome;
            let wake = if back { spell_start } else { self.wake_of(group, ordinal, &person, n == 0) };
            let new = Row { person, wake };
            let state = &mut self.world.groups[group.index()];
            let slot = if back {
                Some(state.back.rows.put(household, ordinal, new, BACK_TOGETHER))
            } else if to.status().has_row() {
                Some(state.crowd.put(household, ordinal, new, CHUNK_PEOPLE))
            } else {
                None
            };
            if let Some(slot) = slot.filter(|_| ordinal == released[0].0) {
                self.today.last_found.note(household, slot);
            }
            self.leave_cell(group, row.cell, &mut left);
            self.note(group, ordinal, row.cell, to, change.flow);
        }
        self.leave_stock(group, left);
        self.today.released = released;
    }

    /// Write down a change of status, if somebody asked for them.
    fn note(&mut self, group: GroupId, ordinal: u32, from: Cell, to: Cell, flow: Option<Flow>) {
        let day = self.world.day;
        if let Some(list) = &mut self.transitions {
            list.push(Transition { day, group, ordinal, from: Some(from), to, flow, refouled: false });
        }
    }

    /// Enter the rows of a household that leaves home, or an applicant's list.
    pub fn enter(&mut self, household: Household, cell: Cell, record: Record, due: Option<u32>) {
        let (due, start) = (due.map_or(NEVER, due_day), self.day() as u16);
        let person = Person { due, spell_start: start, spell: 0, cell, record };
        let row = Row { person, wake: start };
        let crowd = &mut self.world.groups[household.group.index()].crowd;
        let first = crowd.enter(household.head, household.size, row);
        for member in 0..u32::from(household.size) {
            let wake = self.wake_of(household.group, household.head + member, &person, member == 0);
            let crowd = &mut self.world.groups[household.group.index()].crowd;
            crowd.chunks[first.chunk].wake.0[first.row + member as usize] = wake;
        }
        self.today.last_found.note(household, first);
        self.today.lines.note(household, cell);
        self.stock(cell, household.group, i64::from(household.size));
        if let Some(list) = &mut self.transitions {
            for member in 0..u32::from(household.size) {
                let ordinal = household.head + member;
                let day = self.world.day;
                list.push(Transition {
                    day,
                    group: household.group,
                    ordinal,
                    from: None,
                    to: cell,
                    flow: None,
                    refouled: false,
                });
            }
        }
    }

    /// A first record for a household that sets out by a route.
    pub fn first_record(&self, household: Household, route: RouteId) -> Record {
        let population = self.setup.group(household.group).population;
        Record {
            route: route.0,
            rule: NO_RULE,
            responsible: NOBODY,
            entered: 0,
            counts: 0,
            member_leg: 0,
            epoch: self.world.populations[population.index()].epoch,
        }
    }

    /// Score an outcome in the beliefs of those at home about a route, once stopped or once landed, if the policy under
    /// which the journey began is still in force.
    pub fn credit(&mut self, group: GroupId, record: Record, stopped: bool, score: f64, persons: u32) {
        let population = self.setup.group(group).population;
        if record.epoch != self.world.populations[population.index()].epoch {
            return;
        }
        let news = &mut self.world.routes[usize::from(record.route)].news;
        let component = if stopped { &mut news.stopped } else { &mut news.land };
        component.0 += score * f64::from(persons);
        component.1 += f64::from(persons);
    }

    /// Evidence of a person's need of protection: uniform over the population's mean plus or minus its spread.
    pub fn evidence(&self, household: Household) -> f64 {
        let group = self.setup.group(household.group);
        let typed = &self.setup.populations[group.population.index()].typed;
        let u = self.traits.uniform(Purpose::Evidence, person_key(group, household.head), 0, 0);
        typed.evidence_mean + typed.evidence_spread * (2.0 * u - 1.0)
    }

    /// Days a leg takes: log-normal about the corridor's mean, keyed by the journey.
    pub fn leg_days(&self, corridor: usize, who: u64, attempt: u32) -> f64 {
        let typed = &self.setup.corridors[corridor].typed;
        let sd = typed.duration_log_sd;
        let normal =
            self.luck.normal(Purpose::Transit, who, u64::from(attempt), self.setup.corridors[corridor].key);
        typed.duration_days * math::exp(sd * normal - sd * sd / 2.0)
    }
}

/// How members of a household change cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// What it is counted as.
    pub flow: Option<Flow>,
    /// Place it is counted at; absent: the place moved to.
    pub at: Option<PlaceId>,
    /// Day of the next dated event.
    pub due: Option<u32>,
    /// New record; the place in the household is kept.
    pub record: Option<Record>,
}

impl Change {
    /// A change counted as a flow.
    pub fn counted(flow: Flow) -> Self {
        Self { flow: Some(flow), ..Self::default() }
    }
    /// The same, counted at a place.
    pub fn at(self, place: PlaceId) -> Self {
        Self { at: Some(place), ..self }
    }
    /// The same, with a dated event ahead.
    pub fn due(self, day: u32) -> Self {
        Self { due: Some(day), ..self }
    }
    /// The same, with a new record.
    pub fn record(self, record: Record) -> Self {
        Self { record: Some(record), ..self }
    }
    /// A member's record after the change.
    fn edit(self, before: Record) -> Record {
        let member = before.member_leg & 15;
        self.record.map_or(before, |new| Record { member_leg: (new.member_leg & 0xf0) | member, ..new })
    }
}

/// A day as stored in the `due` column; the value that means "never" is stepped over.
pub fn due_day(day: u32) -> u16 {
    let due = day as u16;
    if due == NEVER { 0 } else { due }
}

/// Size of the household of a group that begins at an ordinal, by the luck of what people are.
#[inline]
pub fn household_size(setup: &Setup, traits: &Luck, group: &Group, head: u32) -> u8 {
    let u = traits.uniform(Purpose::HouseholdSize, person_key(group, head), 0, 0);
    let sizes = &setup.populations[group.population.index()].size_cumulative;
    (sizes.iter().position(|&c| u < c).unwrap_or(sizes.len() - 1) + 1) as u8
}

/// Bits by which an ordinal is moved up in the identity of a person.
pub(super) const PERSON_SHIFT: u32 = 20;

/// Identity of a person: the group's key and the ordinal.
#[inline]
pub fn person_key(group: &Group, ordinal: u32) -> u64 {
    group.key ^ (u64::from(ordinal) << PERSON_SHIFT)
}
