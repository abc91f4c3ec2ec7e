//! The orderly channel: places under a ceiling, granted by lot or in turn (model 5.1).

use super::keyed::Purpose;
use super::sim::{Sim, Transition};
use crate::scenario::format::{Channel, GrantOrder};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{Cell, Flow, GroupId, Household, RouteId, Status, Wait};

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
        lottery.begin(self.world.groups[groups.clone()].iter().map(|g| g.applicants.len()));
        if !queue {
            self.fetch_applicants(route, groups.start, &mut lottery);
        }
        let from = Cell::of(r.start, Status::InCountryApplicant);
        let to = Cell::of(r.destination, Status::Settled);
        let (mut waited, mut entered) = (0, 0);
        while self.world.routes[route.index()].grant_carry >= 1.0 {
            let next =
                if queue { self.first_applicant(route) } else { self.drawn_applicant(route, &lottery) };
            let Some((group, at)) = next else { break };
            let list = &mut self.world.groups[group.index()].applicants;
            let applicant = if queue { list.remove(at) } else { list.swap_remove(at) };
            let household = Household { group, head: applicant.head, size: applicant.size };
            let persons = u32::from(household.size);
            lottery.take(group.index() - groups.start, persons);
            self.note_entries(household, from, to);
            waited += u64::from(self.day() - applicant.since) * u64::from(persons);
            entered += persons;
            let state = &mut self.world.routes[route.index()];
            state.applicants -= persons;
            state.granted += 1;
            state.grant_carry -= f64::from(persons);
            state.settled += f64::from(persons);
        }
        // What those who enter from one stratum add to is counted once for all of them.
        for (group, &persons) in groups.zip(&lottery.entered).filter(|(_, persons)| **persons > 0) {
            let group = GroupId::at(group);
            self.stock(from, group, -i64::from(persons));
            self.stock(to, group, i64::from(persons));
            self.count(Flow::OrderlyEntry, r.destination, group, persons);
        }
        self.waited_in_all(Wait::Orderly, r.destination, waited, entered);
        self.today.lottery = lottery;
    }

    /// Draw the lots of today's places, and read where those stand who will be drawn by them, as far as can be told
    /// beforehand: in a long list, waiting for memory once is quicker than once for each.
    fn fetch_applicants(&self, route: RouteId, first_group: usize, lottery: &mut Lottery) {
        let state = &self.world.routes[route.index()];
        let (key, granted) = (self.setup.routes[route.index()].key, u64::from(state.granted));
        let places = state.grant_carry.min(1000.0) as u64;
        lottery.serial = granted;
        let lot = |n: u64| self.luck.uniform(Purpose::Lottery, key, granted + n, 0);
        lottery.lots.extend((0..places).map(lot));
        lottery.foresee();
        let groups = &self.world.groups[first_group..];
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
    fn drawn_applicant(&self, route: RouteId, lottery: &Lottery) -> Option<(GroupId, usize)> {
        let r = &self.setup.routes[route.index()];
        let first_group = self.setup.populations[r.population.index()].groups.start;
        let serial = u64::from(self.world.routes[route.index()].granted);
        let drawn = |lot: f64| {
            let (group, at) = lottery.place(lot)?;
            let here = self.world.groups[first_group + group].applicants[at].route == route.0;
            here.then_some((GroupId::at(first_group + group), at))
        };
        let lot = lottery.lots.get(serial.wrapping_sub(lottery.serial) as usize).copied();
        if let Some(found) = lot.and_then(drawn) {
            return Some(found);
        }
        // Applicants of other orderly routes of the population may be drawn; then the draw is repeated.
        let draws = self.luck.draws(Purpose::Lottery, r.key, serial);
        (0..1000).find_map(|again| drawn(draws.uniform(again)))
    }
}

/// A day's lottery among the applicants of a population's strata: room to work in.
#[derive(Clone, Debug, Default)]
pub struct Lottery {
    /// By stratum: applicants of it and of those before it.
    ends: Vec<usize>,
    /// By stratum: persons who enter.
    entered: Vec<u32>,
    /// Serial number of the first of the lots.
    serial: u64,
    /// First lots of places to come.
    lots: Vec<f64>,
    /// Room to work in: what `ends` will be, and where those stand who will be drawn.
    later: Vec<usize>,
    foreseen: Vec<(u32, u32)>,
}

impl Lottery {
    /// Nobody has entered yet, of lists of some lengths.
    fn begin(&mut self, lengths: impl Iterator<Item = usize>) {
        self.lots.clear();
        self.ends.clear();
        self.ends.extend(lengths.scan(0, |all, length| {
            *all += length;
            Some(*all)
        }));
        self.entered.clear();
        self.entered.resize(self.ends.len(), 0);
    }

    /// A household leaves the list of a stratum, and enters.
    fn take(&mut self, stratum: usize, persons: u32) {
        self.ends[stratum..].iter_mut().for_each(|end| *end -= 1);
        self.entered[stratum] += persons;
    }

    /// Where those stand who will be drawn, if each lot finds one whose turn it can be.
    fn foresee(&mut self) {
        self.foreseen.clear();
        self.later.clone_from(&self.ends);
        for &lot in &self.lots {
            let Some((stratum, at)) = Self::place_in(&self.later, lot) else { return };
            self.foreseen.push((stratum as u32, at as u32));
            self.later[stratum..].iter_mut().for_each(|end| *end -= 1);
        }
    }

    /// The stratum, and the place in its list, of a share of all who wait.
    fn place(&self, share: f64) -> Option<(usize, usize)> {
        Self::place_in(&self.ends, share)
    }

    /// The same where lists end at some numbers.
    fn place_in(ends: &[usize], share: f64) -> Option<(usize, usize)> {
        let total = ends.last().copied()?;
        let at = ((share * total as f64) as usize).min(total.checked_sub(1)?);
        let stratum = ends.iter().map(|&end| usize::from(at >= end)).sum::<usize>();
        Some((stratum, at - stratum.checked_sub(1).map_or(0, |before| ends[before])))
    }
}
