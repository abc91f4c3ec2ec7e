//! People moved under arrangements: every stream in force gathers those who may be moved, orders them, asks them where
//! consent is asked, and moves as many as there are places for (model 5.14). The place a household is offered, and
//! whether it is accepted, are its own luck: another arrangement does not change it.

use super::keyed::Purpose;
use super::levers::Effect;
use super::sim::{Change, Sim};
use crate::instruments::{Offer, Relocation};
use crate::model::burden::vulnerability::is_vulnerable;
use crate::model::math;
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{Cell, Flow, GroupId, Household, NO_RULE, PlaceId, Record, Status, Wait};

/// A household that may be moved, and where it stands.
#[derive(Clone, Copy)]
struct Candidate {
    household: Household,
    place: PlaceId,
    status: Status,
    record: Record,
}

/// What a household answered when asked.
enum Answer {
    Goes(usize),
    Declines,
    NoPlace,
}

impl Sim<'_> {
    /// Move people under every arrangement in force.
    pub fn relocate(&mut self) {
        if !self.setup.scenario.switches.arrangements {
            return;
        }
        for index in 0..self.setup.arrangements.len() {
            let a = &self.setup.arrangements[index];
            for (stream, (clause, relocation)) in a.streams().enumerate() {
                let effect =
                    super::levers::effect(self.setup, index, &self.world.arrangements[index], self.day());
                if !effect.applied {
                    continue;
                }
                let shares: Vec<f64> =
                    relocation.offers.iter().map(|o| offer_share(a, clause, &effect, o)).collect();
                self.run_stream(index, stream, relocation, &shares, clause.usd_per_person);
            }
        }
    }

    fn run_stream(&mut self, index: usize, at: usize, stream: &Relocation, shares: &[f64], usd: f64) {
        let quota = self.quota(index, at, stream, shares);
        if quota < 1 || self.moveable(stream) < 1.0 {
            return;
        }
        let mut left = quota;
        let candidates = self.candidates(stream);
        for candidate in candidates {
            if left == 0 {
                break;
            }
            // Somebody earlier in the list may have been of the same household.
            let persons = self.present(candidate.household, candidate.status);
            if persons == 0 {
                continue;
            }
            match self.ask(index, at, stream, shares, &candidate, persons) {
                Answer::Goes(offer) => {
                    let moved = self.carry_off(stream, offer, &candidate);
                    let state = &mut self.world.arrangements[index].streams[at];
                    state.moved[offer] += moved;
                    state.places[offer] -= f64::from(moved);
                    state.carry -= f64::from(moved);
                    left = left.saturating_sub(moved);
                    let taker = stream.offers[offer].by.index();
                    self.world.countries[taker].paid_usd += usd * f64::from(moved);
                }
                Answer::Declines | Answer::NoPlace => {}
            }
        }
    }

    /// How many may leave today: as transport allows, and as there are places.
    fn quota(&mut self, index: usize, at: usize, stream: &Relocation, shares: &[f64]) -> u32 {
        let state = &mut self.world.arrangements[index].streams[at];
        let per_day = stream.per_day.min(1e6);
        // What a day's transport leaves is not kept; a household that takes more than is left of it is not split, and
        // what it took is missing on the days after.
        state.carry = (state.carry + per_day).min(per_day.max(1.0));
        let mut places = 0.0;
        for (i, offer) in stream.offers.iter().enumerate() {
            // Nothing is delivered of it yet; places without a number times nothing would be no number.
            if shares[i] <= 0.0 {
                continue;
            }
            let a_day = offer.per_year * shares[i] / YEAR_DAYS;
            let of_year = if a_day.is_finite() {
                // Unused places are kept for a year.
                state.places[i] = (state.places[i] + a_day).min(offer.per_year.max(1.0));
                state.places[i]
            } else {
                f64::INFINITY
            };
            places += of_year.min(offer.total * shares[i] - f64::from(state.moved[i])).max(0.0);
        }
        state.carry.min(places).min(1e9) as u32
    }

    /// Those who may be moved, households in the order in which they are asked: the vulnerable first where that is the
    /// rule, then by a draw of their own.
    fn candidates(&self, stream: &Relocation) -> Vec<Candidate> {
        let setup = self.setup;
        let today = self.day() as u16;
        let mut found: Vec<((bool, u64), Candidate)> = Vec::new();
        for (g, group) in setup.groups.iter().enumerate() {
            if !stream.populations[group.population.index()] {
                continue;
            }
            let id = GroupId::at(g);
            for chunk in &self.world.groups[g].crowd.chunks {
                for row in 0..chunk.len() {
                    let cell = chunk.cell[row];
                    if cell == Cell::ENDED || !stream.statuses[cell.status() as usize] {
                        continue;
                    }
                    let waited = u32::from(today.wrapping_sub(chunk.spell_start[row]));
                    if waited < stream.least_wait_days
                        || !stream.from.contains(&cell.place())
                        || !chunk.leads(row)
                    {
                        continue;
                    }
                    let head = chunk.ordinal[row] - chunk.record[row].member();
                    let household = Household { group: id, head, size: self.household_size(id, head) };
                    let draw = self.luck.bits(Purpose::Resettlement, self.who(id, head), stream.key, 0);
                    let later = stream.vulnerable_first && !self.is_vulnerable(household);
                    let record = chunk.record[row];
                    let candidate =
                        Candidate { household, place: cell.place(), status: cell.status(), record };
                    found.push(((later, draw), candidate));
                }
            }
        }
        found.sort_by_key(|(order, c)| (*order, c.household.group.0, c.household.head));
        found.into_iter().map(|(_, c)| c).collect()
    }

    /// Whether the first of a household is vulnerable.
    pub fn is_vulnerable(&self, household: Household) -> bool {
        let population = self.setup.group(household.group).population;
        let share = self.setup.populations[population.index()].typed.vulnerable_share;
        let who = self.who(household.group, household.head);
        is_vulnerable(self.luck.uniform(Purpose::Vulnerability, who, 0, 0), share)
    }

    /// The place a household goes to: of those with room, the most attractive to it, by a Gumbel draw for each; or
    /// staying, where it is asked.
    fn ask(
        &self,
        index: usize,
        at: usize,
        stream: &Relocation,
        shares: &[f64],
        candidate: &Candidate,
        persons: u32,
    ) -> Answer {
        let who = self.who(candidate.household.group, candidate.household.head);
        let case = self.luck.uniform(Purpose::Case, who, stream.key, 0);
        if case >= stream.acceptance {
            return Answer::NoPlace;
        }
        let state = &self.world.arrangements[index].streams[at];
        let gumbel = |key: u64| self.luck.gumbel(Purpose::Consent, who, stream.key, key);
        let mut best = stream.consent.map_or((f64::NEG_INFINITY, None), |c| (c.stay + gumbel(0), None));
        let mut any = false;
        for (i, offer) in stream.offers.iter().enumerate() {
            let of_year = if offer.per_year.is_finite() { state.places[i] } else { f64::INFINITY };
            let of_total = offer.total * shares[i] - f64::from(state.moved[i]);
            // Places of a year may be overdrawn by a household, places in all may not.
            let free = of_year >= 1.0 && of_total >= f64::from(persons);
            let bound_for = self.setup.routes.get(usize::from(candidate.record.route)).map(|r| r.country);
            let forbidden = stream.never_the_destination && bound_for == Some(offer.by);
            if !free || forbidden || shares[i] <= 0.0 || !self.has_room(offer, persons) {
                continue;
            }
            any = true;
            let weight = if stream.consent.is_some() {
                offer.attraction
            } else {
                // Without being asked, people are spread as places are.
                math::ln(of_year.min(of_total).clamp(1e-9, 1e9))
            };
            let score = weight + gumbel(offer.key);
            if score > best.0 {
                best = (score, Some(i));
            }
        }
        match best.1 {
            Some(offer) => Answer::Goes(offer),
            None if any => Answer::Declines,
            None => Answer::NoPlace,
        }
    }

    fn has_room(&self, offer: &Offer, persons: u32) -> bool {
        let held = matches!(offer.status, Status::Held | Status::AwaitingResettlement | Status::Stranded);
        !held
            || f64::from(self.world.places[offer.to.index()].occupied + persons)
                <= self.levers.capacity[offer.to.index()]
    }

    /// Move a household, or part of it, to the place of an offer. Returns how many persons moved.
    fn carry_off(&mut self, stream: &Relocation, offer: usize, c: &Candidate) -> u32 {
        let setup = self.setup;
        let o = &stream.offers[offer];
        let (household, from) = (c.household, c.status);
        let present = self.present(household, from);
        let who = self.who(household.group, household.head);
        let split = present > 1 && self.luck.uniform(Purpose::Case, who, stream.key, 1) < stream.split_share;
        let country = setup.places[o.to.index()].country;
        let entered = self.day() as u16;
        let record = Record { rule: NO_RULE, responsible: country.0 as u8, entered, ..c.record };
        let mut change = Change::counted(stream.flow).record(record);
        change.due = self.due_at(o.to, o.status);
        let (_, since) = self.spell(household, from).unwrap_or((c.record, self.day()));
        if matches!(from, Status::Held | Status::AwaitingResettlement | Status::Stranded) {
            let wait = if from == Status::Held { Wait::Holding } else { Wait::Resettlement };
            self.waited(wait, c.place, self.day() - since, present);
        }
        let moved = if split {
            self.count(Flow::FamiliesSeparated, o.to, household.group, present);
            self.shift_some(household, from, Cell::of(o.to, o.status), change, present.div_ceil(2))
        } else {
            self.shift(household, from, Cell::of(o.to, o.status), change)
        };
        if let Some(score) = stream.score {
            let stopped = c.record.rule != NO_RULE || setup.zone_of_place(c.place).is_some();
            self.credit(household.group, c.record, stopped, score, moved);
        }
        self.taken_by(c.place, o.to, household, moved);
        moved
    }

    fn due_at(&self, place: PlaceId, status: Status) -> Option<u32> {
        let p = &self.setup.places[place.index()];
        let held = matches!(status, Status::Held | Status::AwaitingResettlement);
        p.longest_stay_days.filter(|_| held).map(|days| self.day() + u32::from(days))
    }

    /// People taken from one country are its relief, and arrivals where they come to.
    pub fn taken_by(&mut self, from: PlaceId, to: PlaceId, household: Household, persons: u32) {
        let (left, come) = (self.setup.places[from.index()].country, self.setup.places[to.index()].country);
        if left == come {
            return;
        }
        self.today.relief[left.index()] += f64::from(persons);
        let population = self.setup.group(household.group).population.index();
        self.today.arrivals[come.index() * self.setup.populations.len() + population] += f64::from(persons);
        let typed = &self.setup.countries[come.index()].typed;
        self.today.visible[come.index()] += typed.invited_visibility * f64::from(persons);
    }
}

/// Share of an offer that is there by now: what the country that makes it has pledged and delivered, or, where it is no
/// party, what the arrangement as a whole has.
fn offer_share(
    a: &crate::scenario::setup::Arrangement,
    clause: &crate::instruments::Clause,
    effect: &Effect<'_>,
    offer: &Offer,
) -> f64 {
    let by = if a.parties.contains(&offer.by) { Some(offer.by) } else { clause.by };
    effect.delivered(a, by) * crate::model::arrangement::built_share(effect.age_days, clause.build_up_days)
}
