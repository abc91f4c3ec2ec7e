//! People moved under arrangements: every stream in force gathers those who may be moved, orders them, asks them where
//! consent is asked, and moves as many as there are places for (model 5.14). The place a household is offered, and
//! whether it is accepted, are its own luck: another arrangement does not change it.

use super::apart::Sum;
use super::keyed::Purpose;
use super::levers::Effect;
use super::sim::{Change, Sim};
use crate::instruments::{Offer, Relocation};
use crate::model::burden::vulnerability::is_vulnerable;
use crate::model::math;
use crate::scenario::resolve::YEAR_DAYS;
use crate::scenario::setup::Group;
use crate::world::{Cell, Chunk, Flow, GroupId, Household, NO_RULE, PlaceId, Record, Status, Wait};
use rayon::prelude::*;

/// From so many chunks on, several threads look for those who may be moved.
const PARALLEL_CHUNKS: usize = 64;
/// Rows that are asked together whether anybody among them may be moved.
const BLOCK: usize = 64;

/// A household that may be moved, in the order in which it is asked, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    later: bool,
    draw: u64,
    group: GroupId,
    head: u32,
    place: PlaceId,
    status: Status,
}

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
        let mut left = i64::from(quota);
        let mut candidates = self.candidates(stream);
        let mut asked = 0;
        // Most are never asked: the order is made for as many as are likely to be, and for more when that was too few.
        while left > 0 && asked < candidates.len() {
            let rest = &mut candidates[asked..];
            let batch = rest.len().min(4 * quota as usize + 64);
            if batch < rest.len() {
                rest.select_nth_unstable(batch);
            }
            rest[..batch].sort_unstable();
            for candidate in &candidates[asked..asked + batch] {
                if left <= 0 {
                    break;
                }
                left -= i64::from(self.try_to_move(index, at, stream, shares, candidate, usd));
            }
            asked += batch;
        }
    }

    /// Ask a household, and move it if it goes. Returns how many persons moved.
    fn try_to_move(
        &mut self,
        index: usize,
        at: usize,
        stream: &Relocation,
        shares: &[f64],
        candidate: &Candidate,
        usd: f64,
    ) -> u32 {
        let (group, head) = (candidate.group, candidate.head);
        let household = Household { group, head, size: self.household_size(group, head) };
        // Somebody earlier in the list may have been of the same household.
        let persons = self.present(household, candidate.status);
        let Some(record) = self.record(household, candidate.status) else { return 0 };
        let asked = Asked { household, place: candidate.place, status: candidate.status, record };
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

    /// Those who may be moved. Their order, which is that of the fields, is the one in which they are asked: the
    /// vulnerable first where that is the rule, then by a draw of their own.
    fn candidates(&self, stream: &Relocation) -> Vec<Candidate> {
        let setup = self.setup;
        let mut chunks: Vec<(GroupId, &Chunk)> = Vec::new();
        let mut cells: Vec<Vec<Cell>> = Vec::new();
        for (g, group) in setup.groups.iter().enumerate() {
            cells.push(self.cells_to_move(stream, group));
            if !cells[g].is_empty() {
                let people = &self.world.groups[g];
                let all = people.crowd.chunks.iter().chain(&people.back.rows.chunks);
                chunks.extend(all.map(|chunk| (GroupId::at(g), chunk)));
            }
        }
        let look = |&(id, chunk): &(GroupId, &Chunk)| {
            let mut found = Vec::new();
            self.candidates_of(stream, id, chunk, &cells[id.index()], &mut found);
            found
        };
        if chunks.len() >= PARALLEL_CHUNKS {
            let lists: Vec<Vec<Candidate>> = chunks.par_iter().map(look).collect();
            lists.concat()
        } else {
            chunks.iter().flat_map(look).collect()
        }
    }

    /// Cells of people whom a stream may move and where some of a group's population stand.
    fn cells_to_move(&self, stream: &Relocation, group: &Group) -> Vec<Cell> {
        if !stream.populations[group.population.index()] {
            return Vec::new();
        }
        let statuses = || Status::ALL.iter().filter(|&&status| stream.statuses[status as usize]);
        let cells = stream.from.iter().flat_map(|&place| statuses().map(move |&s| Cell::of(place, s)));
        cells.filter(|&cell| self.world.stocks[self.setup.stock_index(cell, group)] > 0).collect()
    }

    /// Those of a chunk.
    fn candidates_of(
        &self,
        stream: &Relocation,
        id: GroupId,
        chunk: &Chunk,
        cells: &[Cell],
        found: &mut Vec<Candidate>,
    ) {
        let today = self.day() as u16;
        let population = self.setup.group(id).population;
        let share = self.setup.populations[population.index()].typed.vulnerable_share;
        for (block, rows) in chunk.cell.chunks(BLOCK).enumerate() {
            // In a block of rows there is mostly nobody.
            if !any_in(rows, cells) {
                continue;
            }
            for (in_block, &cell) in rows.iter().enumerate() {
                if !cells.contains(&cell) {
                    continue;
                }
                let row = block * BLOCK + in_block;
                let waited = u32::from(today.wrapping_sub(chunk.spell_start[row]));
                let first = chunk.record[row].member() == 0 || chunk.leads(row);
                if waited < stream.least_wait_days || !first {
                    continue;
                }
                let head = chunk.ordinal[row] - chunk.record[row].member();
                let who = self.who(id, head);
                let draw = self.luck.bits(Purpose::Resettlement, who, stream.key, 0);
                // What people are: the same in a fork with other luck.
                let trait_draw = || self.traits.uniform(Purpose::Vulnerability, who, 0, 0);
                let later = stream.vulnerable_first && !is_vulnerable(trait_draw(), share);
                let (place, status) = (cell.place(), cell.status());
                found.push(Candidate { later, draw, group: id, head, place, status });
            }
        }
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
        let held = matches!(offer.status, Status::Held | Status::AwaitingResettlement | Status::Stranded);
        !held
            || f64::from(self.world.places[offer.to.index()].occupied + persons)
                <= self.levers.capacity[offer.to.index()]
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
        if matches!(from, Status::Held | Status::AwaitingResettlement | Status::Stranded) {
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
        let at = come.index() * self.setup.populations.len() + population;
        self.add(Sum::Arrivals, at, f64::from(persons));
        let visibility = self.setup.countries[come.index()].typed.invited_visibility;
        self.add(Sum::Visible, come.index(), visibility * f64::from(persons));
    }
}

/// Whether anybody of a block of rows stands in one of some cells.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw", "x86_64+avx2"))]
fn any_in(rows: &[Cell], cells: &[Cell]) -> bool {
    cells.iter().any(|here| rows.iter().fold(0, |any, cell| any | u16::from(cell == here)) != 0)
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
