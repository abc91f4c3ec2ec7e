//! What States decide about those who come under their authority: the rung's actions, in order, the first that can be
//! taken (model 5.4, 5.6, 5.10). How it is carried out is in `carrying_out.rs`.
//!
//! Whether a facility has room hangs on who was put there before, and nothing else that is decided hangs on others. So
//! those for whom it does not hang on room are dealt with first, several populations at once, and the others after them.

use super::keyed::Purpose;
use super::sim::{Change, Sim};
use super::today::EntryNow;
use crate::model::{border, claim, math};
use crate::scenario::format::{Action, Entry, PlaceKind};
use crate::world::{Aboard, Cell, CountryId, Flow, Household, Members, PlaceId, Record, Status};

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

/// What is decided about people who came under a State's authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is yet to be decided.
    Open,
    /// They are not let in, and wait at the border.
    Refused,
    /// No action can be taken.
    Left,
    /// Temporary protection on arrival.
    Granted,
    /// Let in, and how that is counted.
    Admitted(Flow),
    /// Let in to lodge a claim.
    Heard,
    /// Left without status on the territory.
    Undocumented,
    /// Held at a facility under an action; whether screened in before.
    Held { at: PlaceId, action: usize, screened_in: bool },
    /// Handed over to another State, on its territory.
    HandedOver(PlaceId),
    /// Brought home, and where they were screened out before.
    SentHome { how: Homeward, screened_out: Option<PlaceId> },
}

/// People who came under a State's authority, and what it does with them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disposed {
    pub(super) household: Household,
    pub(super) on: Entry,
    /// Zone, or place of landing or border.
    pub(super) place: PlaceId,
    /// Their status until now.
    pub(super) from: Status,
    /// Whether they tried a border now.
    pub(super) tried: bool,
    pub(super) members: Members,
    /// The first member's.
    pub(super) record: Record,
    pub(super) decision: Decision,
}

impl Sim<'_> {
    /// Decide on everybody who came under a State's authority today, and on those still aboard patrols.
    pub fn dispose(&mut self) {
        self.dispose_of_those_aboard();
        let entries = std::mem::take(&mut self.today.entries);
        self.decide_on(&entries, Status::Undocumented, true);
        self.today.entries = entries;
        self.today.entries.clear();
        self.retry_borders();
    }

    /// Decide on those aboard patrols; those on whom nothing can be decided stay aboard.
    fn dispose_of_those_aboard(&mut self) {
        let mut entries = Vec::new();
        for (zone, state) in self.setup.zones.iter().zip(&mut self.world.zones) {
            entries.extend(state.aboard.drain(..).map(|Aboard { household, rescued }| {
                let on = if rescued { Entry::Rescue } else { Entry::Interception };
                EntryNow { household, on, place: zone.place }
            }));
        }
        let turns = self.decide_on(&entries, Status::AboardPatrol, false);
        for &Disposed { household, on, place, .. } in turns.iter().filter(|t| t.decision == Decision::Left) {
            let zone =
                self.setup.zones.iter().zip(&mut self.world.zones).find(|(zone, _)| zone.place == place);
            if let Some((_, state)) = zone {
                state.aboard.push(Aboard { household, rescued: on == Entry::Rescue });
            }
        }
    }

    /// Decide on people who came under a State's authority and have a status, and carry it out: first on those for whom
    /// it does not hang on room. Those who come to a border may have passed it before. Returns whom it met there.
    fn decide_on(&mut self, entries: &[EntryNow], from: Status, tries: bool) -> Vec<Disposed> {
        let household = |entry: &EntryNow| entry.household;
        let met = self.each_in_turn(entries, from, household, |sim, entry| {
            let mut one = sim.meet(entry, from, tries)?;
            one.decision = sim.decide(&one, &mut |_| None).unwrap_or(Decision::Open);
            sim.carry_out_on(&one);
            Some(one)
        });
        let mut met: Vec<Disposed> = met.into_iter().flatten().collect();
        for one in &mut met {
            if one.decision == Decision::Open && self.still_there(one) {
                one.decision = self.decide_by_room(one);
                self.carry_out_on(one);
            }
            self.queue_up(one);
        }
        met
    }

    /// Those of some people who are there.
    fn meet(&self, entry: &EntryNow, from: Status, tries: bool) -> Option<Disposed> {
        let &EntryNow { household, on, place } = entry;
        let members = self.rows(household, from);
        let record = self.first(household, from, members)?.record;
        let tried = on == Entry::Border && tries;
        Some(Disposed { household, on, place, from, tried, members, record, decision: Decision::Open })
    }

    /// Whether people who were met are there still: others of their household who came on the same day may have been
    /// dealt with since, and they along with them.
    fn still_there(&self, one: &Disposed) -> bool {
        self.first(one.household, one.from, one.members).is_some_and(|first| first.cell.is(one.from))
    }

    /// What is decided about people, as places have room.
    fn decide_by_room(&mut self, one: &Disposed) -> Decision {
        let persons = one.members.len() as u32;
        let mut full: Vec<PlaceId> = Vec::new();
        let mut room = |at: PlaceId| {
            let fits = self.room_at(at, persons);
            full.extend((!fits).then_some(at));
            Some(fits)
        };
        let decision = self.decide(one, &mut room).unwrap_or(Decision::Left);
        full.into_iter().for_each(|at| self.count(Flow::PassedOn, at, one.household.group, persons));
        decision
    }

    /// Whether a place has room for so many more.
    pub(super) fn room_at(&self, at: PlaceId, persons: u32) -> bool {
        f64::from(self.world.places[at.index()].occupied + persons) <= self.levers.capacity[at.index()]
    }

    /// What is decided about people: the first action of the rule in force that can be taken. None where that hangs on
    /// whether a place has room, and nobody can tell.
    fn decide(&self, one: &Disposed, room: &mut impl FnMut(PlaceId) -> Option<bool>) -> Option<Decision> {
        let setup = self.setup;
        if one.tried && !self.passes_border(one.household, one.place) {
            return Some(Decision::Refused);
        }
        let population = setup.group(one.household.group).population;
        let country = setup.places[one.place.index()].country;
        let enters = matches!(one.on, Entry::Landing | Entry::Border);
        if enters && self.levers.grants[country.index() * setup.populations.len() + population.index()] {
            return Some(Decision::Granted);
        }
        let Some(rule) = self.levers.rule(setup, country, population.index(), one.on) else {
            return Some(if enters { Decision::Left } else { Decision::Admitted(Flow::Admitted) });
        };
        for action in setup.rules[rule.index()].actions.clone() {
            let decision = self.take(one, action, room)?;
            if decision != Decision::Left {
                return Some(decision);
            }
        }
        Some(Decision::Left)
    }

    /// What an action does; nothing if it cannot be taken. None where that hangs on room and nobody can tell.
    fn take(
        &self,
        one: &Disposed,
        action: usize,
        room: &mut impl FnMut(PlaceId) -> Option<bool>,
    ) -> Option<Decision> {
        let a = &self.setup.actions[action];
        let mut hold = |screened_in: bool| {
            let Some(at) = a.at else { return Some(Decision::Left) };
            Some(if room(at)? { Decision::Held { at, action, screened_in } } else { Decision::Left })
        };
        let home = |how, screened_out| Some(Decision::SentHome { how, screened_out });
        let takes_back = self.takes_back(one.household);
        match a.action {
            Action::Admit => Some(Decision::Admitted(Flow::Admitted)),
            Action::Parole => Some(Decision::Admitted(Flow::Paroled)),
            Action::Hear => Some(Decision::Heard),
            Action::Undocumented => Some(Decision::Undocumented),
            Action::Hold => hold(false),
            Action::Offer if takes_back && self.chooses_return(one) => home(Homeward::FromHolding, None),
            Action::Offer => hold(false),
            Action::ScreenThenReturn => {
                let Some(at) = a.at else { return Some(Decision::Left) };
                let hearing = self.setup.places[at.index()].country;
                let screened_in = self.screened_in(one.household, hearing, one.record);
                if screened_in || !takes_back {
                    hold(screened_in)
                } else {
                    home(Homeward::ByState(Flow::ReturnedAfterFinding), Some(at))
                }
            }
            Action::Return if takes_back => home(Homeward::ByState(Flow::ReturnedDirectly), None),
            Action::Return => Some(Decision::Left),
            Action::TurnBack => home(Homeward::ByState(Flow::TurnedBack), None),
            // Into its facility, as far as there is room, or onto its territory.
            Action::HandOver => match a.at {
                None => Some(Decision::Left),
                Some(at) if self.setup.places[at.index()].kind == Some(PlaceKind::Facility) => hold(false),
                Some(at) => Some(Decision::HandedOver(at)),
            },
        }
    }

    /// Return or holding, offered: the household weighs what holding may lead to.
    fn chooses_return(&self, one: &Disposed) -> bool {
        let setup = self.setup;
        let j = &setup.scenario.journeys;
        let population = setup.group(one.household.group).population.index();
        let country = setup.places[one.place.index()].country;
        let hope = self.outlook(population, country).stopped.protection;
        let who = self.who(one.household.group, one.household.head);
        let u = self.luck.uniform(Purpose::Voluntary, who, u64::from(one.record.attempts()), 0);
        u < math::logistic(j.offer_return_log_odds - j.offer_protection_weight * hope)
    }

    /// Whether a household's claim is heard and screened in.
    pub fn screened_in(&self, household: Household, country: CountryId, record: Record) -> bool {
        let group = self.setup.group(household.group);
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

    /// One draw for each household, border and episode: admitted, or waiting there.
    fn passes_border(&self, household: Household, place: PlaceId) -> bool {
        let who = self.who(household.group, household.head);
        let episode = u64::from(self.world.places[place.index()].border_episode);
        let u = self.luck.uniform(Purpose::Border, who, episode, self.setup.places[place.index()].key);
        border::admitted(u, self.levers.openness[place.index()])
    }

    /// Those who wait at a border try again when a new episode has begun.
    fn retry_borders(&mut self) {
        let mut passed = Vec::new();
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
                let Some((_, members)) = still else { continue };
                if self.passes_border(queued.household, id) {
                    let cell = Cell::of(id, Status::Undocumented);
                    let from = Status::WaitingAtBorder;
                    self.shift_members(queued.household, members, from, cell, Change::default());
                    let household = queued.household;
                    passed.push(EntryNow { household, on: Entry::Border, place: id });
                } else {
                    self.world.places[place].at_border.push(queued);
                }
            }
        }
        self.decide_on(&passed, Status::Undocumented, false);
    }
}
