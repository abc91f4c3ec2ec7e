//! People moved under arrangements: every stream in force gathers those who may be moved, orders them, asks them where
//! consent is asked, and moves as many as there are places for (model 5.14). The place a household is offered, and
//! whether it is accepted, are its own luck: another arrangement does not change it.

use super::apart::Sum;
use super::keyed::Purpose;
use super::levers::Effect;
use super::line::{Line, Turn};
use super::sim::{Change, Sim};
use crate::instruments::{Offer, Relocation};
use crate::model::burden::vulnerability::is_vulnerable;
use crate::model::math;
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{Cell, Flow, Household, NO_RULE, PlaceId, Record, Status, Wait};

/// Households in the line of a stream, for each place it has today, and beside that.
const IN_LINE: (usize, usize) = (8, 256);

/// A household that is asked.
#[derive(Clone, Copy)]
struct Asked {
    household: Household,
    place: PlaceId,
    status: Status,
    record: Record,
}

impl Sim<'_> {
    /// Move people under every arrangement in force.
    pub fn relocate(&mut self) {
        if !self.setup.scenario.switches.arrangements {
            return;
        }
        self.line_up_newcomers();
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
        self.line_up_newcomers();
        self.today.lines.of.resize(self.setup.arrangements.len(), Vec::new());
        let lines = &mut self.today.lines.of[index];
        lines.resize(lines.len().max(at + 1), Line::default());
        let mut line = std::mem::take(&mut lines[at]);
        let enough = IN_LINE.0 * quota as usize + IN_LINE.1;
        if !line.made {
            line = self.line_up(stream, enough);
        }
        let mut left = i64::from(quota);
        let (mut next, mut gone) = (0, Vec::new());
        loop {
            while left > 0 && next < line.turns.len() {
                let Turn { group, head, .. } = line.turns[next];
                let household = Household { group, head, size: self.household_size(group, head) };
                let stands = self.stands(stream, household);
                if stands.is_empty() {
                    gone.push(next);
                }
                for (place, status, waited) in stands {
                    if left > 0 && waited >= stream.least_wait_days {
                        left -= i64::from(self.try_to_move(
                            index,
                            at,
                            stream,
                            shares,
                            (household, place, status),
                            usd,
                        ));
                    }
                }
                next += 1;
            }
            let Some(last) = line.up_to.filter(|_| left > 0) else { break };
            // Too few were in line.
            line = self.line_up(stream, 4 * line.turns.len().max(enough));
            next = line.turns.partition_point(|&turn| turn <= last);
            gone.clear();
        }
        let (mut turn, mut gone) = (0, gone.into_iter().peekable());
        line.turns.retain(|_| {
            turn += 1;
            gone.next_if_eq(&(turn - 1)).is_none()
        });
        if line.turns.len() > 4 * enough.max(next) {
            line.shorten(2 * enough.max(next));
        }
        self.today.lines.of[index][at] = line;
    }

    /// Where members of a household stand whom a stream may move, and the days that the first of them there has waited:
    /// in the order of places and statuses.
    fn stands(&self, stream: &Relocation, household: Household) -> Vec<(PlaceId, Status, u32)> {
        let today = self.day() as u16;
        let Household { group, head, size } = household;
        let people = &self.world.groups[group.index()];
        let rows = people.crowd.household(head, size).chain(people.back.rows.household(head, size));
        let mut stands: Vec<(PlaceId, Status, u32)> = Vec::new();
        for (cell, since) in rows.filter(|(cell, _)| *cell != Cell::ENDED) {
            let (place, status) = (cell.place(), cell.status());
            let named = stream.statuses[status as usize] && stream.from.contains(&place);
            if named && !stands.iter().any(|&(p, s, _)| (p, s) == (place, status)) {
                stands.push((place, status, u32::from(today.wrapping_sub(since))));
            }
        }
        stands.sort();
        stands
    }

    /// Ask a household, and move it if it goes. Returns how many persons moved.
    fn try_to_move(
        &mut self,
        index: usize,
        at: usize,
        stream: &Relocation,
        shares: &[f64],
        (household, place, status): (Household, PlaceId, Status),
        usd: f64,
    ) -> u32 {
        // Others of the household may have been moved before them.
        let persons = self.present(household, status);
        let Some(record) = self.record(household, status) else { return 0 };
        let asked = Asked { household, place, status, record };
        let Some(offer) = self.ask(index, at, stream, shares, &asked, persons) else { return 0 };
        let moved = self.carry_off(stream, offer, &asked);
        let state = &mut self.world.arrangements[index].streams[at];
        state.moved[offer] += moved;
        state.places[offer] -= f64::from(moved);
        state.carry -= f64::from(moved);
        self.world.countries[stream.offers[offer].by.index()].paid_usd += usd * f64::from(moved);
        moved
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

    /// Whether the first of a household is vulnerable.
    pub fn is_vulnerable(&self, household: Household) -> bool {
        let population = self.setup.group(household.group).population;
        let share = self.setup.populations[population.index()].typed.vulnerable_share;
        let who = self.who(household.group, household.head);
        is_vulnerable(self.traits.uniform(Purpose::Vulnerability, who, 0, 0), share)
    }

    /// The offer that a household goes to: of those with room, the most attractive to it, by a Gumbel draw for each;
    /// none where it stays, where its case is not accepted, or where there is no room for it.
    fn ask(
        &self,
        index: usize,
        at: usize,
        stream: &Relocation,
        shares: &[f64],
        candidate: &Asked,
        persons: u32,
    ) -> Option<usize> {
        let who = self.who(candidate.household.group, candidate.household.head);
        let case = self.luck.uniform(Purpose::Case, who, stream.key, 0);
        if case >= stream.acceptance {
            return None;
        }
        let state = &self.world.arrangements[index].streams[at];
        let gumbel = |key: u64| self.luck.gumbel(Purpose::Consent, who, stream.key, key);
        let mut best = stream.consent.map_or((f64::NEG_INFINITY, None), |c| (c.stay + gumbel(0), None));
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
        best.1
    }

    fn has_room(&self, offer: &Offer, persons: u32) -> bool {
        !offer.status.is_held() || self.room_at(offer.to, persons)
    }

    /// Move a household, or part of it, to the place of an offer. Returns how many persons moved.
    fn carry_off(&mut self, stream: &Relocation, offer: usize, c: &Asked) -> u32 {
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
        if from.is_held() {
            let wait = if from == Status::Held { Wait::Holding } else { Wait::Resettlement };
            self.waited(wait, c.place, self.day().wrapping_sub(since), present);
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
        self.add(Sum::Relief, left.index(), f64::from(persons));
        let population = self.setup.group(household.group).population.index();
        self.today.populations[population].arrivals[come.index()] += persons;
        let visibility = self.setup.countries[come.index()].typed.invited_visibility;
        self.add(Sum::Visible, come.index(), visibility * f64::from(persons));
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
