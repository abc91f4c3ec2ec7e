//! Populations taken apart, so that what happens to their people can happen in parallel.
//!
//! Beliefs, ties, rows, clocks, stocks and flows are a population's own, and who acts today acts on nothing else that
//! others read: what is shared is only added to, or appended to. So each part of the world works on populations of its
//! own. What is shared and a whole number (room taken, people in care, waits) it counts from nothing, and that is added
//! up after; what hangs on the order it writes down, and the parts are put together in the order of populations, or,
//! where households of all populations have turns in one order, in the order of turns. Every sum is then made of the
//! same terms in the same order as by one thread, and the bytes are the same.

use super::read_ahead::READ_TOGETHER;
use super::sim::Sim;
use super::today::{GroupDay, PopulationDay, Today};
use crate::instruments::{AssignmentRule, Does};
use crate::model::departure::ThresholdClock;
use crate::world::{
    Back, CountryId, Counts, Crowd, GroupState, Household, PlaceState, Queued, Status, Tally, World,
};
use rayon::prelude::*;
use std::ops::Range;

/// Sums by country that several populations add to in a day.
#[derive(Clone, Copy, Debug)]
pub enum Sum {
    /// Departures towards a country.
    Heading,
    /// Arrivals in a country as its public sees them.
    Visible,
    /// People taken off a country.
    Relief,
}

/// What a part would have added to what is shared, where the order matters.
#[derive(Debug, Default)]
pub struct Apart {
    /// Whose turn it is, where households have turns.
    turn: u32,
    claims: Vec<(u32, CountryId, Queued)>,
    appeals: Vec<(u32, CountryId, Queued)>,
    sums: Vec<(u32, Sum, u32, f64)>,
}

/// What is done to a household in its turn costs so many times as much as what comes of a look at somebody.
const TURNS_FOR_ACTS: usize = 4;

impl<'s> Sim<'s> {
    /// Whether populations may be taken apart: where claims are assigned by how many were assigned before, what happens
    /// to people of one hangs on those of others.
    pub fn may_part(&self) -> bool {
        let counts =
            |does: &Does| matches!(does, Does::Assign(a) if matches!(a.rule, AssignmentRule::Key(_)));
        let assigned = self.setup.arrangements.iter().any(|a| a.clauses.iter().any(|c| counts(&c.does)));
        rayon::current_num_threads() > 1 && self.setup.populations.len() > 1 && !assigned
    }

    /// Groups of populations divided into ranges of about the same weight, as many as threads can share well.
    pub fn ranges(&self, weight: impl Fn(Range<usize>) -> usize) -> Vec<Range<usize>> {
        let populations = || self.setup.populations.iter().map(|p| p.groups.clone());
        let all: usize = populations().map(&weight).sum();
        let share = (all / (rayon::current_num_threads() * 4)).max(1);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut have = share;
        for groups in populations() {
            match ranges.last_mut() {
                Some(last) if have < share => last.end = groups.end,
                _ => {
                    have = 0;
                    ranges.push(groups.clone());
                }
            }
            have += weight(groups);
        }
        ranges
    }

    /// Let households that have a status have turns, queue by queue, as far as what is left for each goes. Those have
    /// one for whom there is enough whoever of those before them is still there; then it is known what they took, and
    /// others follow, until nothing is left or nobody waits. `next` takes the next out of a queue, `of` says who that
    /// is and what the turn takes at most, `work` carries it out and says what it took: nothing if it no longer held.
    /// What is done must not hang on what is done to others, and may neither embark anybody nor bring anybody under
    /// another authority.
    pub fn take_turns<T: Copy + Sync>(
        &mut self,
        left: &mut [f64],
        status: Status,
        mut next: impl FnMut(&mut World, usize) -> Option<T>,
        of: impl Fn(&T) -> (Household, u8) + Sync,
        work: impl Fn(&mut Sim<'s>, usize, T) -> f64 + Sync,
    ) {
        loop {
            let mut turns: Vec<(usize, T)> = Vec::new();
            for (queue, mut left) in left.iter().copied().enumerate() {
                while left >= 1.0
                    && let Some(turn) = next(&mut self.world, queue)
                {
                    left -= f64::from(of(&turn).1);
                    turns.push((queue, turn));
                }
            }
            if turns.is_empty() {
                return;
            }
            let took = self.each_in_turn(
                &turns,
                status,
                |(_, turn)| of(turn).0,
                |sim, &(queue, turn)| work(sim, queue, turn),
            );
            turns.iter().zip(took).for_each(|(&(queue, _), took)| left[queue] -= took);
        }
    }

    /// Let something be done to each of some households that have a status, in turn: where they are many, to those of
    /// several populations at once. By turn, what came of it.
    fn each_in_turn<T: Sync>(
        &mut self,
        turns: &[T],
        status: Status,
        household: impl Fn(&T) -> Household + Sync,
        work: impl Fn(&mut Sim<'s>, &T) -> f64 + Sync,
    ) -> Vec<f64> {
        if turns.len() < self.share_from / TURNS_FOR_ACTS || self.transitions.is_some() || !self.may_part() {
            let mut done = Vec::with_capacity(turns.len());
            for together in turns.chunks(READ_TOGETHER) {
                self.read_ahead(together.iter().map(&household), status);
                done.extend(together.iter().map(|turn| work(self, turn)));
            }
            return done;
        }
        let some = |part: &mut Sim<'s>, at: &[u32]| -> Vec<f64> {
            let mut done = Vec::with_capacity(at.len());
            for together in at.chunks(READ_TOGETHER) {
                part.read_ahead(together.iter().map(|&turn| household(&turns[turn as usize])), status);
                for &turn in together {
                    if let Some(apart) = &mut part.apart {
                        apart.turn = turn;
                    }
                    done.push(work(part, &turns[turn as usize]));
                }
            }
            done
        };
        let mut by_group = vec![0; self.world.groups.len()];
        turns.iter().for_each(|turn| by_group[household(turn).group.index()] += 1);
        let ranges = self.ranges(|groups| by_group[groups].iter().sum());
        let mut part_of = vec![0; by_group.len()];
        ranges.iter().enumerate().for_each(|(part, groups)| part_of[groups.clone()].fill(part));
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); ranges.len()];
        for (at, turn) in (0..).zip(turns) {
            lists[part_of[household(turn).group.index()]].push(at);
        }
        let done = self.each_apart(ranges, |part, groups| some(part, &lists[part_of[groups.start]]));
        let mut results = vec![0.0; turns.len()];
        for (&turn, result) in lists.iter().flatten().zip(done.into_iter().flatten()) {
            results[turn as usize] = result;
        }
        results
    }

    /// Let work be done on ranges of groups, each apart from the others, and put the world together again. By range,
    /// what came of it.
    pub fn each_apart<R: Send>(
        &mut self,
        ranges: Vec<Range<usize>>,
        work: impl Fn(&mut Sim<'s>, Range<usize>) -> R + Sync,
    ) -> Vec<R> {
        let mut parts = std::mem::take(&mut self.parts);
        while parts.len() < ranges.len() {
            parts.push(self.part_of_nobody());
        }
        for (part, range) in parts.iter_mut().zip(&ranges) {
            self.lend(part);
            self.exchange(part, range.clone());
        }
        let working = parts[..ranges.len()].par_iter_mut().zip(&ranges).with_max_len(1);
        let done = working.map(|(part, range)| work(part, range.clone())).collect();
        for (part, range) in parts.iter_mut().zip(&ranges) {
            self.exchange(part, range.clone());
            self.put_together(part);
        }
        self.put_together_in_turn(&mut parts[..ranges.len()]);
        self.parts = parts;
        done
    }

    /// A part of the world with nobody in it, and nothing of what is shared. It is kept from day to day.
    fn part_of_nobody(&self) -> Sim<'s> {
        let nobody = || GroupState {
            clock: ThresholdClock { households_at_home: 0, emitted: 0, residual: 0.0 },
            next_ordinal: 0,
            crowd: Crowd::default(),
            back: Back::default(),
            applicants: Vec::new(),
            applicant_clock: ThresholdClock { households_at_home: 0, emitted: 0, residual: 0.0 },
        };
        let mut groups: Vec<GroupState> = Vec::new();
        groups.resize_with(self.world.groups.len(), nobody);
        let world = World {
            day: self.world.day,
            traits_seed: self.world.traits_seed,
            populations: Vec::new(),
            groups,
            routes: self.world.routes.clone(),
            zones: Vec::new(),
            supply: Vec::new(),
            kind_found: Vec::new(),
            vessels: Vec::new(),
            places: vec![PlaceState::default(); self.setup.places.len()],
            countries: Vec::new(),
            ladders: Vec::new(),
            arrangements: Vec::new(),
            stocks: Counts::new(self.setup.populations.len(), 0),
            tally: Tally {
                flows: Counts::new(self.setup.populations.len(), 0),
                person_days: Counts::new(self.setup.populations.len(), 0),
                vessels: Vec::new(),
                waits: vec![(0, 0); self.world.tally.waits.len()],
                held_peak: Vec::new(),
            },
        };
        let today = Today {
            home_keys: self.today.home_keys.clone(),
            groups: vec![GroupDay::default(); self.today.groups.len()],
            populations: vec![PopulationDay::default(); self.today.populations.len()],
            in_care: vec![0; self.today.in_care.len()],
            harmed: vec![0.0; self.today.harmed.len()],
            ..Today::default()
        };
        Sim {
            setup: self.setup,
            world,
            luck: self.luck,
            traits: self.traits,
            levers: self.levers.clone(),
            today,
            transitions: None,
            share_from: usize::MAX,
            parts: Vec::new(),
            apart: Some(Box::default()),
        }
    }

    /// Let a part read what it reads of the whole.
    fn lend(&self, part: &mut Sim<'s>) {
        part.world.day = self.world.day;
        part.world.populations.clone_from(&self.world.populations);
        part.levers = self.levers.clone();
        part.transitions = self.transitions.as_ref().map(|_| Vec::new());
        part.today.asked_from = self.today.asked_from;
        part.today.far = self.today.far;
        part.today.cell_ceilings = self.today.cell_ceilings.clone();
        part.today.lines.watched = self.today.lines.watched.clone();
    }

    /// Exchange some groups, and what is their population's own, between a part and the whole.
    fn exchange(&mut self, part: &mut Sim<'s>, range: Range<usize>) {
        self.world.groups[range.clone()].swap_with_slice(&mut part.world.groups[range.clone()]);
        self.today.groups[range.clone()].swap_with_slice(&mut part.today.groups[range.clone()]);
        let all = self.setup.populations.iter().enumerate();
        for (p, population) in all.filter(|(_, p)| range.contains(&p.groups.start)) {
            self.world.stocks.exchange(&mut part.world.stocks, p);
            self.world.tally.flows.exchange(&mut part.world.tally.flows, p);
            std::mem::swap(&mut self.today.populations[p], &mut part.today.populations[p]);
            let onward = population.onward_routes.iter().flat_map(|(_, routes)| routes);
            for route in population.home_routes.iter().chain(onward).map(|route| route.index()) {
                std::mem::swap(&mut self.world.routes[route], &mut part.world.routes[route]);
            }
        }
    }

    /// Take over what a part would have added to what is shared.
    fn put_together(&mut self, part: &mut Sim<'s>) {
        self.today.embarked.append(&mut part.today.embarked);
        self.today.entries.append(&mut part.today.entries);
        self.today.removals.append(&mut part.today.removals);
        self.today.lines.came.append(&mut part.today.lines.came);
        if let (Some(list), Some(more)) = (&mut self.transitions, &mut part.transitions) {
            list.append(more);
        }
        // Whole numbers, whose sum is the same in any order. What a part took off is below nothing, modulo 2^32.
        for (place, part) in self.world.places.iter_mut().zip(&mut part.world.places) {
            place.occupied = place.occupied.wrapping_add(std::mem::take(&mut part.occupied));
        }
        for (in_care, part) in self.today.in_care.iter_mut().zip(&mut part.today.in_care) {
            *in_care = in_care.wrapping_add(std::mem::take(part));
        }
        for (harmed, part) in self.today.harmed.iter_mut().zip(&mut part.today.harmed) {
            *harmed += std::mem::take(part);
        }
        for ((days, persons), part) in self.world.tally.waits.iter_mut().zip(&mut part.world.tally.waits) {
            let (more_days, more) = std::mem::take(part);
            (*days, *persons) = (*days + more_days, *persons + more);
        }
    }

    /// Take over what parts would have added where the order matters: by turn, and without turns by part.
    fn put_together_in_turn(&mut self, parts: &mut [Sim<'s>]) {
        fn in_turn<T>(logs: impl Iterator<Item = T>, turn: impl Fn(&T) -> u32) -> Vec<T> {
            let mut all: Vec<T> = logs.collect();
            all.sort_by_key(turn);
            all
        }
        let mut parts: Vec<&mut Apart> =
            parts.iter_mut().filter_map(|part| part.apart.as_deref_mut()).collect();
        for (_, country, queued) in in_turn(parts.iter_mut().flat_map(|p| p.claims.drain(..)), |c| c.0) {
            self.world.countries[country.index()].claims.push_back(queued);
        }
        for (_, country, queued) in in_turn(parts.iter_mut().flat_map(|p| p.appeals.drain(..)), |c| c.0) {
            self.world.countries[country.index()].appeals.push_back(queued);
        }
        for (_, sum, at, amount) in in_turn(parts.iter_mut().flat_map(|p| p.sums.drain(..)), |s| s.0) {
            self.add(sum, at as usize, amount);
        }
        parts.iter_mut().for_each(|part| part.turn = 0);
    }

    /// Add to a sum of the day that several populations add to.
    pub fn add(&mut self, sum: Sum, at: usize, amount: f64) {
        if let Some(apart) = &mut self.apart {
            apart.sums.push((apart.turn, sum, at as u32, amount));
            return;
        }
        let sums = match sum {
            Sum::Heading => &mut self.today.heading,
            Sum::Visible => &mut self.today.visible,
            Sum::Relief => &mut self.today.relief,
        };
        sums[at] += amount;
    }

    /// Put a household into the queue of claims of a country.
    pub fn queue_for_decision(&mut self, country: CountryId, queued: Queued) {
        match &mut self.apart {
            Some(apart) => apart.claims.push((apart.turn, country, queued)),
            None => self.world.countries[country.index()].claims.push_back(queued),
        }
    }

    /// Put a household into the queue of appeals of a country.
    pub fn queue_for_appeal(&mut self, country: CountryId, queued: Queued) {
        match &mut self.apart {
            Some(apart) => apart.appeals.push((apart.turn, country, queued)),
            None => self.world.countries[country.index()].appeals.push_back(queued),
        }
    }
}
