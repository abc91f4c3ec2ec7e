//! What States do with those who come under their authority: the rung's actions, in order, the first that can be taken
//! (model 5.4, 5.6, 5.10).

use super::keyed::Purpose;
use super::read_ahead::READ_TOGETHER;
use super::sim::{Change, Sim};
use super::today::EntryNow;
use crate::model::{border, claim, math};
use crate::scenario::format::{Action, Entry};
use crate::world::{Cell, Flow, Household, Members, NO_RULE, PlaceId, Queued, Record, Slot, Status, Wait};

/// How somebody comes home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Homeward {
    /// By a State, and how that is counted.
    ByState(Flow),
    /// By their own choice, from freedom.
    Freely,
    /// By their own choice, as far as holding without end leaves one.
    FromHolding,
}

impl Sim<'_> {
    /// Decide on everybody who came under a State's authority today, and on those still aboard patrols.
    pub fn dispose(&mut self) {
        for zone in 0..self.world.zones.len() {
            let aboard = std::mem::take(&mut self.world.zones[zone].aboard);
            let place = self.setup.zones[zone].place;
            for entry in aboard {
                let Some(record) = self.record(entry.household, Status::AboardPatrol) else { continue };
                let on = if entry.rescued { Entry::Rescue } else { Entry::Interception };
                if !self
                    .decide(EntryNow { household: entry.household, on, place, record }, Status::AboardPatrol)
                {
                    self.world.zones[zone].aboard.push(entry);
                }
            }
        }
        let entries = std::mem::take(&mut self.today.entries);
        for (turn, &entry) in entries.iter().enumerate() {
            if turn.is_multiple_of(READ_TOGETHER) {
                let next = entries[turn..].iter().take(READ_TOGETHER);
                self.read_ahead(next.map(|entry| entry.household), Status::Undocumented);
            }
            if entry.on == Entry::Border && !self.admitted_at_border(entry) {
                continue;
            }
            if !self.decide(entry, Status::Undocumented) {
                self.left_undocumented(entry);
            }
        }
        self.today.entries = entries;
        self.today.entries.clear();
        self.retry_borders();
    }

    /// Whether a place has room for so many more.
    pub(super) fn room_at(&self, at: PlaceId, persons: u32) -> bool {
        debug_assert!(self.apart.is_none(), "a part of the world does not know how much room is taken");
        f64::from(self.world.places[at.index()].occupied + persons) <= self.levers.capacity[at.index()]
    }

    fn left_undocumented(&mut self, entry: EntryNow) {
        let persons = self.present(entry.household, Status::Undocumented);
        let score = self.setup.scenario.beliefs.undocumented_score;
        self.credit(entry.household.group, entry.record, false, score, persons);
        self.arrived(entry.household, entry.place, persons, 1.0);
    }

    /// The record of people who come under the country of a place, if it registers them.
    pub fn registered(&self, record: Record, place: PlaceId) -> Record {
        let country = self.setup.places[place.index()].country;
        let registers = self.setup.countries[country.index()].registers;
        if registers { record.under(country.0, self.day()) } else { record }
    }

    /// Grant temporary protection on arrival, where a programme does.
    fn granted(&mut self, entry: EntryNow, from: Status) -> bool {
        let population = self.setup.group(entry.household.group).population;
        let country = self.setup.places[entry.place.index()].country;
        let at = country.index() * self.setup.populations.len() + population.index();
        if !matches!(entry.on, Entry::Landing | Entry::Border) || !self.levers.grants[at] {
            return false;
        }
        let members = self.score_stop_or_landing(entry, 1.0, from);
        let record = Record { rule: NO_RULE, ..self.registered(entry.record, entry.place) };
        let to = Cell::of(entry.place, Status::TemporarilyProtected);
        let change = Change::counted(Flow::GrantedTemporary).record(record);
        let persons = self.shift_members(entry.household, members, from, to, change);
        self.arrived(entry.household, entry.place, persons, 1.0);
        true
    }

    /// Hear the claim: the household enters the procedure of the country where it is.
    fn hear(&mut self, entry: EntryNow, from: Status) -> bool {
        let to = self.territory(entry.place);
        let persons = self.present(entry.household, from);
        if from != Status::Undocumented || to != entry.place {
            self.shift(entry.household, from, Cell::of(to, Status::Undocumented), Change::default());
        }
        self.arrived(entry.household, to, persons, 1.0);
        self.lodge_claim(entry.household, to);
        true
    }

    /// Try the actions of the rule in force; false if none could be taken.
    fn decide(&mut self, entry: EntryNow, from: Status) -> bool {
        let setup = self.setup;
        if self.granted(entry, from) {
            return true;
        }
        let population = setup.group(entry.household.group).population;
        let country = setup.places[entry.place.index()].country;
        let Some(rule) = self.levers.rule(setup, country, population.index(), entry.on) else {
            return match entry.on {
                Entry::Interception | Entry::Rescue => self.admit(entry, from, Flow::Admitted),
                Entry::Landing | Entry::Border => false,
            };
        };
        for index in setup.rules[rule.index()].actions.clone() {
            if self.act(entry, from, index) {
                return true;
            }
        }
        false
    }

    fn act(&mut self, entry: EntryNow, from: Status, index: usize) -> bool {
        let a = &self.setup.actions[index];
        match a.action {
            Action::Admit => self.admit(entry, from, Flow::Admitted),
            Action::Parole => self.admit(entry, from, Flow::Paroled),
            Action::Hear => self.hear(entry, from),
            Action::Undocumented => {
                if from != Status::Undocumented {
                    let to = self.territory(entry.place);
                    self.shift(entry.household, from, Cell::of(to, Status::Undocumented), Change::default());
                }
                self.left_undocumented(entry);
                true
            }
            Action::Hold => a.at.is_some_and(|at| self.hold(entry, from, at, index)),
            Action::Offer => self.offer(entry, from, index),
            Action::ScreenThenReturn => self.screen_aboard(entry, from, index),
            Action::Return => {
                self.takes_back(entry.household) && {
                    self.score_stop_or_landing(entry, 0.0, from);
                    self.go_home(entry.household, from, Homeward::ByState(Flow::ReturnedDirectly));
                    true
                }
            }
            Action::TurnBack => {
                self.score_stop_or_landing(entry, 0.0, from);
                self.go_home(entry.household, from, Homeward::ByState(Flow::TurnedBack));
                true
            }
            Action::HandOver => a.at.is_some_and(|at| self.hand_over(entry, from, at, index)),
        }
    }

    /// Hand over to another State: into its facility, as far as there is room, or onto its territory.
    fn hand_over(&mut self, entry: EntryNow, from: Status, at: PlaceId, index: usize) -> bool {
        if self.setup.places[at.index()].kind == Some(crate::scenario::format::PlaceKind::Facility) {
            return self.hold(entry, from, at, index);
        }
        self.score_stop_or_landing(entry, 0.0, from);
        self.shift(entry.household, from, Cell::of(at, Status::Undocumented), Change::counted(Flow::Moved));
        true
    }

    /// The territory people go to from a place: its own, or where it releases to.
    pub fn territory(&self, place: PlaceId) -> PlaceId {
        let p = &self.setup.places[place.index()];
        match p.kind {
            Some(crate::scenario::format::PlaceKind::Territory) => place,
            _ => p.release_to,
        }
    }

    /// An outcome as news for those at home; those whose outcome it is.
    fn score_stop_or_landing(&mut self, entry: EntryNow, score: f64, from: Status) -> Members {
        let members = self.rows(entry.household, from);
        let persons = members.len() as u32;
        let stopped = matches!(entry.on, Entry::Interception | Entry::Rescue);
        self.credit(entry.household.group, entry.record, stopped, score, persons);
        members
    }

    /// Arrivals as a country's public sees them.
    fn arrived(&mut self, household: Household, place: PlaceId, persons: u32, visibility: f64) {
        let country = self.setup.places[place.index()].country.index();
        let population = self.setup.group(household.group).population.index();
        self.today.populations[population].arrivals[country] += persons;
        self.today.visible[country] += visibility * f64::from(persons);
    }

    fn admit(&mut self, entry: EntryNow, from: Status, flow: Flow) -> bool {
        let members = self.score_stop_or_landing(entry, 1.0, from);
        let to = self.territory(entry.place);
        let record = Record { rule: NO_RULE, ..self.registered(entry.record, to) };
        let change = Change::counted(flow).record(record);
        let cell = Cell::of(to, Status::Tolerated);
        let persons = self.shift_members(entry.household, members, from, cell, change);
        self.arrived(entry.household, to, persons, 1.0);
        if matches!(entry.on, Entry::Interception | Entry::Rescue) {
            let population = self.setup.group(entry.household.group).population;
            self.today.populations[population.index()].admitted_at_sea += persons;
        }
        true
    }

    /// Hold at a facility if it has room; else counted as passed on.
    fn hold(&mut self, entry: EntryNow, from: Status, at: PlaceId, index: usize) -> bool {
        let members = self.rows(entry.household, from);
        let persons = members.len() as u32;
        if !self.room_at(at, persons) {
            self.count(Flow::PassedOn, at, entry.household.group, persons);
            return false;
        }
        if self.setup.actions[index].held_is_refusal {
            self.score_stop_or_landing(entry, 0.0, from);
        }
        let record = Record { rule: index as u16, ..entry.record };
        self.put_in(entry.household, members, from, at, record, Flow::Held);
        let country = self.setup.places[at.index()].country;
        let visibility = self.setup.countries[country.index()].typed.offshore_visibility;
        self.arrived(entry.household, at, persons, visibility);
        true
    }

    /// Put members of a household into a facility under the action that their record names, and into its queues.
    pub fn put_in(
        &mut self,
        household: Household,
        members: Members,
        from: Status,
        at: PlaceId,
        record: Record,
        flow: Flow,
    ) {
        debug_assert!(self.apart.is_none(), "a part of the world has no queues");
        let setup = self.setup;
        let place = &setup.places[at.index()];
        let counts = setup.scenario.beliefs.held_counts_after_days as u32;
        let first_due = place.longest_stay_days.map_or(counts, |longest| counts.min(u32::from(longest)));
        let change =
            Change::counted(flow).record(self.registered(record, at)).due(self.day() + first_due.max(1));
        self.shift_members(household, members, from, Cell::of(at, Status::Held), change);
        let queued = Queued { household, since: self.day() };
        let state = &mut self.world.places[at.index()];
        let action = &setup.actions[usize::from(record.rule)];
        if action.parolable {
            state.parolable.push_back(queued);
        } else {
            state.held.push_back(queued);
        }
        if action.examined {
            state.to_examine.push_back(queued);
        }
    }

    /// Return or holding, offered: the household weighs what holding may lead to.
    fn offer(&mut self, entry: EntryNow, from: Status, index: usize) -> bool {
        let setup = self.setup;
        let j = &setup.scenario.journeys;
        let population = setup.group(entry.household.group).population.index();
        let country = setup.places[entry.place.index()].country;
        let hope = self.outlook(population, country).stopped.protection;
        let who = self.who(entry.household.group, entry.household.head);
        let u = self.luck.uniform(Purpose::Voluntary, who, u64::from(entry.record.attempts()), 0);
        let p = math::logistic(j.offer_return_log_odds - j.offer_protection_weight * hope);
        if u < p && self.takes_back(entry.household) {
            self.score_stop_or_landing(entry, 0.0, from);
            self.go_home(entry.household, from, Homeward::FromHolding);
            return true;
        }
        setup.actions[index].at.is_some_and(|at| self.hold(entry, from, at, index))
    }

    /// Screening aboard: heard at all, and found to have a case; else returned.
    fn screen_aboard(&mut self, entry: EntryNow, from: Status, index: usize) -> bool {
        let setup = self.setup;
        let a = &setup.actions[index];
        let Some(at) = a.at else { return false };
        let country = setup.places[at.index()].country;
        let persons = self.present(entry.household, from);
        if self.screened_in(entry.household, country, entry.record) {
            let held = self.hold(entry, from, at, index);
            if held {
                self.count(Flow::ScreenedIn, at, entry.household.group, persons);
            }
            return held;
        }
        if !self.takes_back(entry.household) {
            return self.hold(entry, from, at, index);
        }
        self.count(Flow::ScreenedOut, at, entry.household.group, persons);
        self.score_stop_or_landing(entry, 0.0, from);
        self.go_home(entry.household, from, Homeward::ByState(Flow::ReturnedAfterFinding));
        true
    }

    /// Whether a household's claim is heard and screened in.
    pub fn screened_in(
        &self,
        household: Household,
        country: crate::world::CountryId,
        record: Record,
    ) -> bool {
        let group = self.setup.group(household.group);
        if !self.setup.scenario.switches.determination {
            return group.well_founded;
        }
        let who = self.who(household.group, household.head);
        let attempt = u64::from(record.attempts());
        let heard =
            self.luck.uniform(Purpose::Screening, who, attempt, 0) < self.levers.access[country.index()];
        let noise = self.luck.normal(Purpose::Screening, who, attempt, 1);
        let signal = claim::evidence_signal(
            self.levers.screening_discriminability[country.index()],
            self.evidence(household),
            group.well_founded,
            noise,
        );
        heard && claim::recognised(signal, self.levers.screening_standard[country.index()])
    }

    /// Whether the country of a household's home takes back those returned.
    pub fn takes_back(&self, household: Household) -> bool {
        let population = self.setup.group(household.group).population;
        let home = self.setup.populations[population.index()].country;
        self.levers.takes_back[home.index()]
    }

    /// Bring those members of a household who have a status back home; refoulement is counted by the event.
    pub fn go_home(&mut self, household: Household, from: Status, how: Homeward) {
        let setup = self.setup;
        let Some((first, members)) = self.first_and_rows(household, from) else { return };
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
        chunk.people[slot.row].due = crate::world::NEVER;
        chunk.ended += 1;
        self.wake_others(household.group, slot, old);
        let to = Cell::of(place, Status::Dead);
        self.stock(old, household.group, -1);
        self.stock(to, household.group, 1);
        self.count(flow, place, household.group, 1);
        if let Some(list) = &mut self.transitions {
            let day = self.world.day;
            list.push(super::sim::Transition {
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

    /// One draw for each person, border and episode: admitted, or waiting there.
    fn admitted_at_border(&mut self, entry: EntryNow) -> bool {
        let passes = self.passes_border(entry.household, entry.place);
        let members = self.rows(entry.household, Status::Undocumented);
        let (route, epoch) = (entry.record.route, entry.record.epoch);
        self.news_of_stop(route, epoch, entry.household, members.len() as u32, !passes);
        if passes {
            return true;
        }
        let cell = Cell::of(entry.place, Status::WaitingAtBorder);
        let change = Change::counted(Flow::RefusedAtBorder);
        self.shift_members(entry.household, members, Status::Undocumented, cell, change);
        let queued = Queued { household: entry.household, since: self.day() };
        self.world.places[entry.place.index()].at_border.push(queued);
        false
    }

    fn passes_border(&self, household: Household, place: PlaceId) -> bool {
        let who = self.who(household.group, household.head);
        let episode = u64::from(self.world.places[place.index()].border_episode);
        let u = self.luck.uniform(Purpose::Border, who, episode, self.setup.places[place.index()].key);
        border::admitted(u, self.levers.openness[place.index()])
    }

    /// Those who wait at a border try again when a new episode has begun.
    fn retry_borders(&mut self) {
        for place in 0..self.setup.land_places {
            let id = PlaceId::at(place);
            let state = &mut self.world.places[place];
            let tried = std::mem::replace(&mut state.tried_episode, state.border_episode);
            if tried == state.border_episode || state.at_border.is_empty() {
                continue;
            }
            let waiting = std::mem::take(&mut self.world.places[place].at_border);
            for queued in waiting {
                let still = self.still_queued(queued, Status::WaitingAtBorder, id);
                let Some((record, members)) = still else { continue };
                if self.passes_border(queued.household, id) {
                    let cell = Cell::of(id, Status::Undocumented);
                    let from = Status::WaitingAtBorder;
                    self.shift_members(queued.household, members, from, cell, Change::default());
                    let entry =
                        EntryNow { household: queued.household, on: Entry::Border, place: id, record };
                    if !self.decide(entry, Status::Undocumented) {
                        self.left_undocumented(entry);
                    }
                } else {
                    self.world.places[place].at_border.push(queued);
                }
            }
        }
    }
}
