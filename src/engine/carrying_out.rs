//! What was decided about people is carried out: let in, held, sent home.

use super::apart::Sum;
use super::dispositions::{Decision, Disposed, Homeward};
use super::sim::{Change, Sim, Transition};
use crate::scenario::format::{Entry, PlaceKind};
use crate::world::{
    Cell, Flow, Household, Members, NEVER, NO_RULE, PlaceId, Queued, Record, Slot, Status, Wait,
};

impl Sim<'_> {
    /// Carry out what was decided about people.
    pub(super) fn carry_out_on(&mut self, one: &Disposed) {
        let Disposed { household, place, from, members, record, decision, .. } = *one;
        let persons = members.len() as u32;
        if one.tried && decision != Decision::Open {
            self.news_of_stop(record.route, record.epoch, household, persons, decision == Decision::Refused);
        }
        let change = Change::default();
        match decision {
            Decision::Open => {}
            Decision::Refused => {
                let cell = Cell::of(place, Status::WaitingAtBorder);
                self.shift_members(household, members, from, cell, Change::counted(Flow::RefusedAtBorder));
            }
            Decision::Left if from == Status::Undocumented => self.left_undocumented(one),
            Decision::Left => {}
            Decision::Granted => {
                self.score(one, 1.0);
                let record = Record { rule: NO_RULE, ..self.registered(record, place) };
                let to = Cell::of(place, Status::TemporarilyProtected);
                let change = Change::counted(Flow::GrantedTemporary).record(record);
                self.shift_members(household, members, from, to, change);
                self.arrived(household, place, persons, 1.0);
            }
            Decision::Admitted(flow) => self.admit(one, flow),
            Decision::Heard => {
                let to = self.territory(place);
                if from != Status::Undocumented || to != place {
                    let cell = Cell::of(to, Status::Undocumented);
                    self.shift_members(household, members, from, cell, change);
                }
                self.arrived(household, to, persons, 1.0);
                self.lodge_claim(household, to);
            }
            Decision::Undocumented => {
                if from != Status::Undocumented {
                    let cell = Cell::of(self.territory(place), Status::Undocumented);
                    self.shift_members(household, members, from, cell, change);
                }
                self.left_undocumented(one);
            }
            Decision::Held { at, action, screened_in } => {
                self.hold(one, at, action);
                if screened_in {
                    self.count(Flow::ScreenedIn, at, household.group, persons);
                }
            }
            Decision::HandedOver(at) => {
                self.score(one, 0.0);
                let cell = Cell::of(at, Status::Undocumented);
                self.shift_members(household, members, from, cell, Change::counted(Flow::Moved));
            }
            Decision::SentHome { how, screened_out } => {
                if let Some(at) = screened_out {
                    self.count(Flow::ScreenedOut, at, household.group, persons);
                }
                self.score(one, 0.0);
                self.send_home(household, members, from, how);
            }
        }
    }

    /// Where people wait for something after what was decided about them, in turn.
    pub(super) fn queue_up(&mut self, one: &Disposed) {
        let household = one.household;
        match one.decision {
            Decision::Refused => {
                let queued = Queued { household, since: self.day() };
                self.world.places[one.place.index()].at_border.push(queued);
            }
            Decision::Held { at, action, .. } => self.queue_held(household, at, action),
            _ => {}
        }
    }

    fn left_undocumented(&mut self, one: &Disposed) {
        let persons = one.members.len() as u32;
        let score = self.setup.scenario.beliefs.undocumented_score;
        self.credit(one.household.group, one.record, false, score, persons);
        self.arrived(one.household, one.place, persons, 1.0);
    }

    /// The record of people who come under the country of a place, if it registers them.
    pub fn registered(&self, record: Record, place: PlaceId) -> Record {
        let country = self.setup.places[place.index()].country;
        let registers = self.setup.countries[country.index()].registers;
        if registers { record.under(country.0, self.day()) } else { record }
    }

    /// The territory people go to from a place: its own, or where it releases to.
    pub fn territory(&self, place: PlaceId) -> PlaceId {
        let p = &self.setup.places[place.index()];
        match p.kind {
            Some(PlaceKind::Territory) => place,
            _ => p.release_to,
        }
    }

    /// An outcome, once stopped or once landed, as news for those at home.
    fn score(&mut self, one: &Disposed, score: f64) {
        let persons = one.members.len() as u32;
        self.credit(one.household.group, one.record, at_sea(one.on), score, persons);
    }

    /// Arrivals as a country's public sees them.
    fn arrived(&mut self, household: Household, place: PlaceId, persons: u32, visibility: f64) {
        let country = self.setup.places[place.index()].country.index();
        let population = self.setup.group(household.group).population.index();
        self.today.populations[population].arrivals[country] += persons;
        self.add(Sum::Visible, country, visibility * f64::from(persons));
    }

    fn admit(&mut self, one: &Disposed, flow: Flow) {
        let persons = one.members.len() as u32;
        self.score(one, 1.0);
        let to = self.territory(one.place);
        let record = Record { rule: NO_RULE, ..self.registered(one.record, to) };
        let change = Change::counted(flow).record(record);
        self.shift_members(one.household, one.members, one.from, Cell::of(to, Status::Tolerated), change);
        self.arrived(one.household, to, persons, 1.0);
        if at_sea(one.on) {
            let population = self.setup.group(one.household.group).population;
            self.today.populations[population.index()].admitted_at_sea += persons;
        }
    }

    /// Hold at a facility that has room, under an action.
    fn hold(&mut self, one: &Disposed, at: PlaceId, action: usize) {
        let persons = one.members.len() as u32;
        if self.setup.actions[action].held_is_refusal {
            self.score(one, 0.0);
        }
        let record = Record { rule: action as u16, ..one.record };
        self.put_in(one.household, one.members, one.from, at, record, Flow::Held);
        let country = self.setup.places[at.index()].country;
        let visibility = self.setup.countries[country.index()].typed.offshore_visibility;
        self.arrived(one.household, at, persons, visibility);
    }

    /// Put members of a household into a facility under the action that their record names.
    pub fn put_in(
        &mut self,
        household: Household,
        members: Members,
        from: Status,
        at: PlaceId,
        record: Record,
        flow: Flow,
    ) {
        let setup = self.setup;
        let counts = setup.scenario.beliefs.held_counts_after_days as u32;
        let longest = setup.places[at.index()].longest_stay_days;
        let first_due = longest.map_or(counts, |longest| counts.min(u32::from(longest)));
        let change =
            Change::counted(flow).record(self.registered(record, at)).due(self.day() + first_due.max(1));
        self.shift_members(household, members, from, Cell::of(at, Status::Held), change);
    }

    /// Put a household that is held from today on under an action into the queues of its facility.
    pub fn queue_held(&mut self, household: Household, at: PlaceId, action: usize) {
        let action = &self.setup.actions[action];
        let queued = Queued { household, since: self.day() };
        let state = &mut self.world.places[at.index()];
        if action.parolable {
            state.parolable.push_back(queued);
        } else {
            state.held.push_back(queued);
        }
        if action.examined {
            state.to_examine.push_back(queued);
        }
    }

    /// Bring those members of a household who have a status back home.
    pub fn go_home(&mut self, household: Household, from: Status, how: Homeward) {
        self.send_home(household, self.rows(household, from), from, how);
    }

    /// The same for members who were found to have that status; refoulement is counted by the event.
    pub fn send_home(&mut self, household: Household, members: Members, from: Status, how: Homeward) {
        let setup = self.setup;
        let Some(first) = self.first(household, from, members) else { return };
        let (record, left) = (first.record, first.cell.place());
        let group = setup.group(household.group);
        let home = setup.populations[group.population.index()].home;
        let due = self.day() + self.days_back();
        let flow = match how {
            Homeward::ByState(flow) => flow,
            Homeward::Freely | Homeward::FromHolding => Flow::ReturnedVoluntarily,
        };
        let change = Change::counted(flow).at(left).due(due).record(Record { rule: NO_RULE, ..record });
        let to = Cell::of(home, Status::ReturnedHome);
        let moved = self.shift_members(household, members, from, to, change);
        self.await_at_home(household);
        if group.well_founded && how != Homeward::Freely {
            self.count(Flow::Refouled, left, household.group, moved);
            if let Some(list) = &mut self.transitions {
                list.iter_mut().rev().take(moved as usize).for_each(|t| t.refouled = true);
            }
        }
    }

    /// The cell of a row.
    pub fn cell_at(&self, household: Household, slot: Slot) -> Cell {
        self.world.groups[household.group.index()].crowd.chunks[slot.chunk].people[slot.row].cell
    }

    /// Let one person die.
    pub fn die(&mut self, household: Household, slot: Slot, place: PlaceId, flow: Flow) {
        let chunk = &mut self.world.groups[household.group.index()].crowd.chunks[slot.chunk];
        let old = chunk.people[slot.row].cell;
        let ordinal = chunk.ordinal[slot.row];
        chunk.people[slot.row].cell = Cell::ENDED;
        chunk.people[slot.row].due = NEVER;
        chunk.ended += 1;
        self.wake_others(household.group, slot, old);
        let to = Cell::of(place, Status::Dead);
        self.stock(old, household.group, -1);
        self.stock(to, household.group, 1);
        self.count(flow, place, household.group, 1);
        if let Some(list) = &mut self.transitions {
            let day = self.world.day;
            list.push(Transition {
                day,
                group: household.group,
                ordinal,
                from: Some(old),
                to,
                flow: Some(flow),
                refouled: false,
            });
        }
    }

    /// Note how long a household was held.
    pub fn held_until_now(&mut self, household: Household, status: Status, members: Members) {
        if let Some(first) = self.first(household, status, members) {
            let (place, days) = (first.cell.place(), self.day().wrapping_sub(self.began(first)));
            let wait = if status == Status::Held { Wait::Holding } else { Wait::Resettlement };
            self.waited(wait, place, days, members.len() as u32);
        }
    }
}

/// Whether somebody comes under a State's authority at sea.
fn at_sea(on: Entry) -> bool {
    matches!(on, Entry::Interception | Entry::Rescue)
}
