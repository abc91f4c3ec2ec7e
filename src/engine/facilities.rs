//! Facilities: screening and determination, parole, what happens when one closes (model 5.6, 5.7).

use super::apart::Sum;
use super::dispositions::Homeward;
use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::Finding;
use crate::world::Cell;
use crate::world::{CountryId, Flow, Household, Members, PlaceId, Queued, Record, Status};

/// How a claim is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Procedure {
    /// At first instance.
    Regular,
    /// At first instance, in haste.
    Accelerated,
    /// At second instance.
    Appeal,
}

impl Sim<'_> {
    /// A day at every facility.
    pub fn run_facilities(&mut self) {
        let is_facility = |place: &usize| {
            self.setup.places[*place].kind == Some(crate::scenario::format::PlaceKind::Facility)
        };
        let facilities: Vec<PlaceId> =
            (0..self.setup.land_places).filter(is_facility).map(PlaceId::at).collect();
        self.examine(&facilities);
        for id in facilities {
            self.parole(id);
            self.repatriate(id);
            self.relieve(id);
            self.spend(id);
        }
    }

    /// Take the next of a queue whose entry still holds.
    fn next_queued(
        &mut self,
        place: PlaceId,
        status: Status,
        pop: impl Fn(&mut crate::world::PlaceState) -> Option<Queued>,
    ) -> Option<(Queued, Record, Members)> {
        while let Some(queued) = pop(&mut self.world.places[place.index()]) {
            if let Some((record, members)) = self.still_queued(queued, status, place) {
                return Some((queued, record, members));
            }
        }
        None
    }

    /// Screening and status determination of people held, first come first served, as far as there is capacity.
    fn examine(&mut self, facilities: &[PlaceId]) {
        let mut left = vec![0.0; facilities.len()];
        for (place, left) in facilities.iter().zip(&mut left) {
            let carry = &mut self.world.places[place.index()].screening_carry;
            let (today, later) = claim::decisions_today(*carry, self.levers.screenings[place.index()]);
            (*left, *carry) = (f64::from(today), later);
        }
        self.take_turns(
            &mut left,
            Status::Held,
            |world, at| world.places[facilities[at].index()].to_examine.pop_front(),
            |queued| (queued.household, 1),
            |sim, at, queued| sim.examine_next(queued, facilities[at]).into(),
        );
        // What is not used for want of people is not kept for later.
        for (place, _) in facilities.iter().zip(left).filter(|(_, left)| *left > 0.0) {
            self.world.places[place.index()].screening_carry = 0.0;
        }
    }

    /// Examine a household whose turn it is, if it still holds; whether it did.
    fn examine_next(&mut self, queued: Queued, place: PlaceId) -> bool {
        let Some((record, members)) = self.still_queued(queued, Status::Held, place) else { return false };
        self.examine_one(queued.household, record, members, place);
        true
    }

    fn examine_one(&mut self, household: Household, record: Record, members: Members, place: PlaceId) {
        let setup = self.setup;
        let country = setup.places[place.index()].country;
        let action = &setup.actions[usize::from(record.rule)];
        let persons = members.len() as u32;
        let screened_before = action.action == crate::scenario::format::Action::ScreenThenReturn;
        let screened_in = screened_before || self.screened_in(household, country, record);
        if !screened_before {
            let flow = if screened_in { Flow::ScreenedIn } else { Flow::ScreenedOut };
            self.count(flow, place, household.group, persons);
        }
        let recognised = screened_in && self.determine(household, country, record, Procedure::Regular);
        if screened_in {
            self.count_decision(household, place, persons, recognised);
        }
        let finding = if recognised { action.recognised } else { action.refused };
        self.carry_out(household, record, members, place, finding);
    }

    /// Count a decision on a claim.
    pub fn count_decision(&mut self, household: Household, place: PlaceId, persons: u32, recognised: bool) {
        let well_founded = self.setup.group(household.group).well_founded;
        let flow = if recognised { Flow::Recognised } else { Flow::Refused };
        self.count(flow, place, household.group, persons);
        if recognised && !well_founded {
            self.count(Flow::WronglyRecognised, place, household.group, persons);
        }
    }

    /// Status determination: the signal against the standard of proof. An accelerated procedure tells claims apart less
    /// well; an appeal mixes in the luck of the first decision.
    pub fn determine(
        &self,
        household: Household,
        country: CountryId,
        record: Record,
        procedure: Procedure,
    ) -> bool {
        let setup = self.setup;
        let group = setup.group(household.group);
        if !setup.scenario.switches.determination {
            return group.well_founded;
        }
        let who = self.who(household.group, household.head);
        let attempt = u64::from(record.attempts());
        let first = self.luck.normal(Purpose::Decision, who, attempt, 0);
        let noise = if procedure == Procedure::Appeal {
            let fresh = self.luck.normal(Purpose::Appeal, who, attempt, 0);
            claim::appeal_luck(first, fresh, setup.scenario.journeys.appeal_correlation)
        } else {
            first
        };
        let accelerated = procedure == Procedure::Accelerated;
        let discriminability = self.levers.discriminability_of(setup, country, accelerated);
        let signal =
            claim::evidence_signal(discriminability, self.evidence(household), group.well_founded, noise);
        claim::recognised(signal, self.levers.standard[country.index()])
    }

    fn carry_out(
        &mut self,
        household: Household,
        record: Record,
        members: Members,
        place: PlaceId,
        finding: Finding,
    ) {
        let persons = members.len() as u32;
        match finding {
            Finding::Admit => {
                self.held_until_now(household, Status::Held, members);
                self.credit(household.group, record, true, 1.0, persons);
                let to = Cell::of(self.territory(place), Status::Protected);
                let change = Change::counted(Flow::Admitted).at(place);
                self.shift_members(household, members, Status::Held, to, change);
                self.let_in(place, persons);
            }
            Finding::Resettle => {
                let due = self.setup.places[place.index()].longest_stay_days;
                let change = Change { due: due.map(|d| self.day() + u32::from(d)), ..Change::default() };
                self.held_until_now(household, Status::Held, members);
                let to = Cell::of(place, Status::AwaitingResettlement);
                self.shift_members(household, members, Status::Held, to, change);
            }
            Finding::Return if self.takes_back(household) => {
                self.held_until_now(household, Status::Held, members);
                self.credit(household.group, record, true, 0.0, persons);
                self.go_home(household, Status::Held, Homeward::ByState(Flow::ReturnedAfterFinding));
            }
            Finding::Return | Finding::Hold => {}
        }
    }

    /// People who come into the country from a facility: its public sees them now in full. They were counted as
    /// arrivals when they were first held.
    fn let_in(&mut self, place: PlaceId, persons: u32) {
        let country = self.setup.places[place.index()].country.index();
        let typed = &self.setup.countries[country].typed;
        self.add(Sum::Visible, country, (1.0 - typed.offshore_visibility) * f64::from(persons));
    }

    /// Parole those who may be, in the order in which they were first held.
    fn parole(&mut self, place: PlaceId) {
        let rate = self.levers.parole[place.index()];
        let state = &mut self.world.places[place.index()];
        state.parole_carry =
            if rate > 0.0 && !state.parolable.is_empty() { state.parole_carry + rate } else { 0.0 };
        while self.world.places[place.index()].parole_carry >= 1.0 {
            let next = self.next_queued(place, Status::Held, |s| s.parolable.pop_front());
            let Some((Queued { household, .. }, record, members)) = next else { return };
            self.held_until_now(household, Status::Held, members);
            let persons = members.len() as u32;
            self.credit(household.group, record, true, 1.0, persons);
            let to = Cell::of(self.territory(place), Status::Tolerated);
            let change = Change::counted(Flow::Paroled).at(place);
            self.shift_members(household, members, Status::Held, to, change);
            self.let_in(place, persons);
            self.world.places[place.index()].parole_carry -= f64::from(persons);
        }
    }

    /// Return those held without prospect of parole, where a rung says so and the origin takes them back.
    fn repatriate(&mut self, place: PlaceId) {
        let rate = self.levers.repatriation[place.index()];
        let state = &mut self.world.places[place.index()];
        let any = rate > 0.0 && !state.held.is_empty();
        state.repatriation_carry = if any { state.repatriation_carry + rate } else { 0.0 };
        let mut kept = Vec::new();
        while self.world.places[place.index()].repatriation_carry >= 1.0 {
            let next = self.next_queued(place, Status::Held, |s| s.held.pop_front());
            let Some((queued, record, members)) = next else { break };
            let examined = self.setup.actions[usize::from(record.rule)].examined;
            if examined || !self.takes_back(queued.household) {
                kept.push(queued);
                continue;
            }
            let persons = members.len() as u32;
            self.held_until_now(queued.household, Status::Held, members);
            self.go_home(queued.household, Status::Held, Homeward::ByState(Flow::ReturnedDirectly));
            self.world.places[place.index()].repatriation_carry -= f64::from(persons);
        }
        let held = &mut self.world.places[place.index()].held;
        kept.into_iter().rev().for_each(|queued| held.push_front(queued));
    }

    /// When a facility has less room than people, they are moved to its fallback as far as that has room, longest held
    /// first; and when the fallback of another is this one, it is the other that sends.
    fn relieve(&mut self, place: PlaceId) {
        let Some(fallback) = self.setup.places[place.index()].fallback else { return };
        let room = self.levers.capacity[place.index()];
        let mut over = f64::from(self.world.places[place.index()].occupied) - room;
        // Transfers take boats and days: at most a twentieth of those held, or 500 people, a day.
        let most = (f64::from(self.world.places[place.index()].occupied) / 20.0).max(500.0);
        over = over.min(most);
        while over > 0.0 {
            let next = self
                .next_queued(place, Status::Held, |s| s.parolable.pop_front().or_else(|| s.held.pop_front()));
            let Some((queued, record, members)) = next else { return };
            let persons = members.len() as u32;
            if !self.room_at(fallback, persons) {
                let state = &mut self.world.places[place.index()];
                let parolable = self.setup.actions[usize::from(record.rule)].parolable;
                let queue = if parolable { &mut state.parolable } else { &mut state.held };
                queue.push_front(queued);
                return;
            }
            self.put_in(queued.household, members, Status::Held, fallback, record, Flow::Moved);
            over -= f64::from(persons);
        }
    }

    fn spend(&mut self, place: PlaceId) {
        let p = &self.setup.places[place.index()];
        let held = f64::from(self.world.places[place.index()].occupied);
        self.world.countries[p.country.index()].spent_usd += held * p.cost_usd;
    }
}
