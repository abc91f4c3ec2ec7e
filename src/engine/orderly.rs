//! The orderly channel: places under a ceiling, granted by lot or in turn (model 5.1).

use super::keyed::Purpose;
use super::sim::{Sim, Transition};
use crate::scenario::format::{Channel, GrantOrder};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{Cell, Flow, GroupId, GroupState, Household, RouteId, Status, Wait};

/// Persons of a household, about, as far as it matters how many households to foresee.
const PERSONS_FORESEEN: f64 = 2.0;

impl Sim<'_> {
    /// Grant the day's places of every orderly route.
    pub fn grant_places(&mut self) {
        for route in 0..self.setup.routes.len() {
            if self.setup.routes[route].channel == Channel::Orderly {
                self.grant(RouteId::at(route));
            }
        }
    }

    fn grant(&mut self, route: RouteId) {
        let ceiling = self.levers.ceiling[route.index()];
        let state = &mut self.world.routes[route.index()];
        state.grant_carry += ceiling / YEAR_DAYS;
        if state.applicants == 0 {
            state.grant_carry = state.grant_carry.min(ceiling / 12.0);
            return;
        }
        let setup = self.setup;
        let r = &setup.routes[route.index()];
        let queue = r.grant_order == GrantOrder::Queue;
        let groups = setup.populations[r.population.index()].groups.clone();
        let mut lottery = std::mem::take(&mut self.today.lottery);
        lottery.begin(groups.len());
        let from = Cell::of(r.start, Status::InCountryApplicant);
        let to = Cell::of(r.destination, Status::Settled);
        let (mut waited, mut entered) = (0, 0);
        while self.world.routes[route.index()].grant_carry >= 1.0 {
            if !queue && lottery.is_spent(self.world.routes[route.index()].granted) {
                self.fetch_applicants(route, groups.start, &mut lottery);
            }
            let next =
                if queue { self.first_applicant(route) } else { self.drawn_applicant(route, &mut lottery) };
            let Some((group, at)) = next else { break };
            let list = &mut self.world.groups[group.index()].applicants;
            let applicant = if queue { list.remove(at) } else { list.swap_remove(at) };
            let household = Household { group, head: applicant.head, size: applicant.size };
            let persons = u32::from(household.size);
            lottery.entered[group.index() - groups.start] += persons;
            self.note_entries(household, from, to);
            waited += u64::from(self.day() - applicant.since) * u64::from(persons);
            entered += persons;
            let state = &mut self.world.routes[route.index()];
            state.applicants -= persons;
            state.granted += 1;
            state.grant_carry -= f64::from(persons);
        }
        // What those who enter from one stratum add to is counted once for all of them.
        for (group, &persons) in groups.zip(&lottery.entered).filter(|(_, persons)| **persons > 0) {
            let group = GroupId::at(group);
            self.stock(from, group, -i64::from(persons));
            self.stock(to, group, i64::from(persons));
            self.count(Flow::OrderlyEntry, r.destination, group, persons);
            self.tie(group, r.destination, persons);
        }
        self.waited_in_all(Wait::Orderly, r.destination, waited, entered);
        self.today.lottery = lottery;
    }

    /// Draw the lots of about as many households as today's places will do for, and read where those stand who will
    /// be drawn by them, as far as can be told beforehand: in a long list, waiting for memory once is quicker than once
    /// for each.
    fn fetch_applicants(&self, route: RouteId, first_group: usize, lottery: &mut Lottery) {
        let state = &self.world.routes[route.index()];
        let (key, granted) = (self.setup.routes[route.index()].key, u64::from(state.granted));
        let households = (state.grant_carry / PERSONS_FORESEEN).min(1000.0) as u64 + 1;
        lottery.serial = granted;
        let lot = |n: u64| self.luck.uniform(Purpose::Lottery, key, granted + n, 0);
        lottery.lots.clear();
        lottery.lots.extend((0..households).map(lot));
        lottery.foreseen.clear();
        let groups = &self.world.groups[first_group..];
        lottery.count(groups);
        lottery.foresee();
        let read = |&(group, at): &(u32, u32)| groups[group as usize].applicants[at as usize].head;
        std::hint::black_box(lottery.foreseen.iter().map(read).fold(0, |all, head| all ^ head));
    }

    /// Write down the entries of a household's members, if somebody asked for every change of status.
    fn note_entries(&mut self, household: Household, from: Cell, to: Cell) {
        let (day, group) = (self.world.day, household.group);
        if let Some(list) = &mut self.transitions {
            let ordinals = household.head..household.head + u32::from(household.size);
            let (from, flow) = (Some(from), Some(Flow::OrderlyEntry));
            list.extend(ordinals.map(|ordinal| Transition {
                day,
                group,
                ordinal,
                from,
                to,
                flow,
                refouled: false,
            }));
        }
    }

    /// Whose turn it is where applications are taken in turn: the earliest.
    fn first_applicant(&self, route: RouteId) -> Option<(GroupId, usize)> {
        let r = &self.setup.routes[route.index()];
        let groups = self.setup.populations[r.population.index()].groups.clone();
        groups
            .filter_map(|g| {
                let list = &self.world.groups[g].applicants;
                let at = (0..list.len())
                    .filter(|&i| list[i].route == route.0)
                    .min_by_key(|&i| (list[i].since, list[i].head))?;
                Some((list[at].since, g, at))
            })
            .min()
            .map(|(_, g, at)| (GroupId::at(g), at))
    }

    /// Whose turn it is in a lottery: one drawn at random from all.
    fn drawn_applicant(&self, route: RouteId, lottery: &mut Lottery) -> Option<(GroupId, usize)> {
        let r = &self.setup.routes[route.index()];
        let first_group = self.setup.populations[r.population.index()].groups.start;
        let groups = &self.world.groups[first_group..];
        let serial = u64::from(self.world.routes[route.index()].granted);
        let found = |(group, at): (u32, u32)| {
            let here = groups[group as usize].applicants[at as usize].route == route.0;
            here.then_some((GroupId::at(first_group + group as usize), at as usize))
        };
        let foreseen = lottery.foreseen.get(serial.wrapping_sub(lottery.serial) as usize).copied();
        if let Some(next) = foreseen.and_then(found) {
            return Some(next);
        }
        // Applicants of other orderly routes of the population may be drawn; then the draw is repeated, and those after
        // stand elsewhere than was foreseen.
        lottery.foreseen.clear();
        lottery.count(groups);
        let draws = self.luck.draws(Purpose::Lottery, r.key, serial);
        (0..1000).find_map(|again| found(lottery.place(draws.uniform(again))?))
    }
}

/// A day's lottery among the applicants of a population's strata: room to work in.
#[derive(Clone, Debug, Default)]
pub struct Lottery {
    /// By stratum: applicants of it and of those before it.
    ends: Vec<u32>,
    /// By stratum: persons who enter.
    entered: Vec<u32>,
    /// Serial number of the first of the lots.
    serial: u64,
    /// First lots of places to come.
    lots: Vec<f64>,
    /// Where those stand who will be drawn by them, if each lot finds one whose turn it can be: stratum, place in its
    /// list.
    foreseen: Vec<(u32, u32)>,
}

impl Lottery {
    /// Nobody has entered yet from some strata, and nothing is foreseen.
    fn begin(&mut self, strata: usize) {
        self.lots.clear();
        self.foreseen.clear();
        self.entered.clear();
        self.entered.resize(strata, 0);
    }

    /// Whether the lots that were drawn do not reach to one with a serial number.
    fn is_spent(&self, serial: u32) -> bool {
        u64::from(serial).wrapping_sub(self.serial) >= self.lots.len() as u64
    }

    /// Count the applicants of the strata.
    fn count(&mut self, groups: &[GroupState]) {
        self.ends.clear();
        self.ends.extend(groups[..self.entered.len()].iter().scan(0, |all, group| {
            *all += group.applicants.len() as u32;
            Some(*all)
        }));
    }

    /// Work out where those stand who will be drawn. Each leaves the list, so that those after it move up.
    fn foresee(&mut self) {
        for &lot in &self.lots {
            let Some((stratum, at)) = self.place(lot) else { return };
            self.foreseen.push((stratum, at));
            // Where whoever is drawn has left, lists that end after the place end one sooner.
            self.ends[stratum as usize..].iter_mut().for_each(|end| *end -= 1);
        }
    }

    /// The stratum, and the place in its list, of a share of all who wait.
    fn place(&self, share: f64) -> Option<(u32, u32)> {
        let total = self.ends.last().copied()?;
        let at = ((share * f64::from(total)) as u32).min(total.checked_sub(1)?);
        let (mut stratum, mut start) = (0, 0);
        for &end in &self.ends {
            let before = end <= at;
            stratum += u32::from(before);
            start = if before { end } else { start };
        }
        Some((stratum, at - start))
    }
}
