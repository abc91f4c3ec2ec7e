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
        self.fetch_applicants(route);
        while self.world.routes[route.index()].grant_carry >= 1.0 {
            let Some((group, at)) = self.next_applicant(route) else { return };
            let list = &mut self.world.groups[group.index()].applicants;
            let queue = self.setup.routes[route.index()].grant_order == GrantOrder::Queue;
            let applicant = if queue { list.remove(at) } else { list.swap_remove(at) };
            let household = Household { group, head: applicant.head, size: applicant.size };
            let persons = u32::from(household.size);
            let r = &self.setup.routes[route.index()];
            let from = Cell::of(r.start, Status::InCountryApplicant);
            let to = Cell::of(r.destination, Status::Settled);
            self.stock(from, group, -i64::from(persons));
            self.stock(to, group, i64::from(persons));
            self.note_entries(household, from, to);
            self.count(Flow::OrderlyEntry, r.destination, group, persons);
            self.waited(Wait::Orderly, r.destination, self.day() - applicant.since, persons);
            let state = &mut self.world.routes[route.index()];
            state.applicants -= persons;
            state.granted += 1;
            state.grant_carry -= f64::from(persons);
            state.settled += f64::from(persons);
        }
    }

    /// Read where the applicants stand who will be drawn today, as far as can be told beforehand. Changes nothing: in a
    /// long list, waiting for memory once is quicker than once for each.
    fn fetch_applicants(&self, route: RouteId) {
        let r = &self.setup.routes[route.index()];
        if r.grant_order == GrantOrder::Queue {
            return;
        }
        let groups = &self.world.groups[self.setup.populations[r.population.index()].groups.clone()];
        let total: usize = groups.iter().map(|g| g.applicants.len()).sum();
        let state = &self.world.routes[route.index()];
        let mut read = 0;
        for serial in (0..state.grant_carry.min(1000.0) as u64).map(|n| u64::from(state.granted) + n) {
            let u = self.luck.uniform(Purpose::Lottery, r.key, serial, 0);
            let mut at = (u * total as f64) as usize;
            for g in groups {
                if let Some(applicant) = g.applicants.get(at) {
                    read ^= applicant.head;
                    break;
                }
                at -= g.applicants.len();
            }
        }
        std::hint::black_box(read);
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

    /// Whose turn it is: the earliest application, or one drawn at random from all.
    fn next_applicant(&self, route: RouteId) -> Option<(GroupId, usize)> {
        let r = &self.setup.routes[route.index()];
        let groups = self.setup.populations[r.population.index()].groups.clone();
        if r.grant_order == GrantOrder::Queue {
            return groups
                .filter_map(|g| {
                    let list = &self.world.groups[g].applicants;
                    let at = (0..list.len())
                        .filter(|&i| list[i].route == route.0)
                        .min_by_key(|&i| (list[i].since, list[i].head))?;
                    Some((list[at].since, g, at))
                })
                .min()
                .map(|(_, g, at)| (GroupId::at(g), at));
        }
        let all = &self.world.groups[groups.clone()];
        let total: usize = all.iter().map(|g| g.applicants.len()).sum();
        let serial = u64::from(self.world.routes[route.index()].granted);
        let draws = self.luck.draws(Purpose::Lottery, r.key, serial);
        // Applicants of other orderly routes of the population may be drawn; then the draw is repeated.
        for again in 0..1000 {
            let mut at = ((draws.uniform(again) * total as f64) as usize).min(total.checked_sub(1)?);
            for (g, group) in groups.clone().zip(all) {
                if let Some(applicant) = group.applicants.get(at) {
                    if applicant.route == route.0 {
                        return Some((GroupId::at(g), at));
                    }
                    break;
                }
                at -= group.applicants.len();
            }
        }
        None
    }
}
