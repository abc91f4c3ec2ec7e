//! Setting out: what people reckon with today, the clocks of those at home, and the first leg (model 5.1 to 5.3).

use super::ahead::People;
use super::apart::Sum;
use super::keyed::{Draws, Purpose};
use super::levers::Levers;
use super::outlook::ExpectedLevers;
use super::sim::{Change, Sim};
use super::today::{GroupDay, RouteDay};
use super::wake::MOVING_ON;
use crate::model::choice::Forest;
use crate::model::{belief, choice, departure, math, outcome, sea};
use crate::scenario::format::{Channel, Domain, Entry, Mode};
use crate::scenario::resolve::YEAR_DAYS;
use crate::scenario::setup::Group;
use crate::world::{Applicant, Cell, Flow, GroupId, Household, PlaceId, Record, RouteId, Status};
use rayon::prelude::*;

/// To reckon for a stratum costs so many times as much as what comes of a look at somebody.
const STRATA_FOR_ACTS: usize = 16;

impl Sim<'_> {
    /// Conditions of every route today, as its population knows them.
    pub fn reckon_routes(&mut self) {
        for index in 0..self.setup.routes.len() {
            self.today.routes[index] = self.route_day(index);
        }
    }

    fn route_day(&self, index: usize) -> RouteDay {
        let setup = self.setup;
        let switches = &setup.scenario.switches;
        let route = &setup.routes[index];
        let state = &self.world.routes[index];
        let country = route.country.index();
        let mut day = RouteDay {
            reception: self.levers.reception[country],
            log_settled: choice::network_value(
                if switches.networks { state.settled } else { route.typed.settled },
                1.0,
            ),
            size: route.typed.size,
            passage: 1.0,
            ..RouteDay::default()
        };
        if route.channel == Channel::Orderly {
            let ceiling = self.levers.ceiling[index];
            let applicants = f64::from(state.applicants);
            day.protection = departure::orderly_chance_per_year(ceiling, applicants);
            day.wait_years = if ceiling > 0.0 { (applicants / ceiling).min(50.0) } else { 50.0 };
            day.passage = f64::from(u8::from(ceiling > 0.0));
            return day;
        }
        let typed = &route.typed;
        let (stop, death, land, stopped) = if switches.magnet {
            (state.stop.mean(), state.death.mean(), state.land.mean(), state.stopped.mean())
        } else {
            (typed.believed_stop, typed.believed_death, typed.believed_land, typed.believed_stopped)
        };
        let punished = self.world.populations[route.population.index()].believed_punished;
        let returned = stop * (1.0 - stopped);
        let chance = belief::protection_chance(stop, death, land, stopped);
        let weight = self.punishment_weight();
        day.protection = outcome::protection_less_punishment(chance, weight, punished, returned);
        day.death = death;
        day.wait_years = typed.believed_wait_years + self.claims_wait_years(route);
        day.passage = departure::effective_exit(
            if switches.exit_learning { state.known_exit } else { 1.0 },
            self.levers.exit[index],
        );
        for &corridor in &route.corridors {
            let c = &setup.corridors[corridor];
            if c.mode == Mode::Sea {
                let vessel = &setup.vessels[c.vessel];
                let seized = if switches.smuggling { stop * vessel.seizure } else { 0.0 };
                day.fare_usd += sea::fare_usd(
                    vessel.boat_usd,
                    vessel.persons_mean,
                    vessel.variable_usd,
                    stop,
                    seized / stop.max(1e-9),
                );
                if vessel.smuggled {
                    day.size *= self.world.supply[c.vessel].max(1e-9);
                }
            } else {
                day.fare_usd += c.typed.fare_usd;
            }
        }
        if let (Some(zone), true) = (route.zone, switches.weather) {
            day.passage *= self.today.weather[zone];
        }
        day
    }

    /// Elasticity to the chance of protection.
    pub fn beta_chance(&self) -> f64 {
        let scenario = &self.setup.scenario;
        if scenario.switches.chance_elasticity { scenario.choice.beta_chance } else { 0.0 }
    }

    /// How much of a punishment of those returned is held against the chance of protection.
    fn punishment_weight(&self) -> f64 {
        let scenario = &self.setup.scenario;
        if scenario.switches.returnee_treatment { scenario.beliefs.punishment_weight } else { 0.0 }
    }

    /// Years that claims pending in the destination's country will take, where people are let in to lodge one.
    fn claims_wait_years(&self, route: &crate::scenario::setup::Route) -> f64 {
        let on = if route.zone.is_some() { Entry::Landing } else { Entry::Border };
        if !self.hears(&self.levers, route.country, route.population.index(), on) {
            return 0.0;
        }
        let population = route.population.index();
        if let Some(days) = self.levers.accelerated_days(self.setup, route.country, population) {
            return days / YEAR_DAYS;
        }
        let pending = self.world.countries[route.country.index()].claims.len() as f64;
        (pending / self.levers.decisions[route.country.index()].max(1e-6) / YEAR_DAYS).min(20.0)
    }

    /// Tastes of those whose claims are well-founded or not.
    fn tastes(&self, founded: bool) -> choice::Tastes {
        let c = &self.setup.scenario.choice;
        choice::Tastes {
            beta_protection: c.beta_protection,
            beta_chance: self.beta_chance(),
            beta_network: c.beta_network,
            beta_income: c.beta_income,
            beta_distance: c.beta_distance,
            beta_fare: c.beta_fare,
            beta_risk: c.beta_risk,
            beta_wait: if founded { c.beta_wait_well_founded } else { c.beta_wait_other },
            beta_reception: c.beta_reception,
        }
    }

    /// What some routes are worth to each of some groups: inclusive values, and the share of each route, are left in
    /// the forest. A route beyond the means of a group, or an orderly one that grants no places, is worth −∞ to it.
    pub fn choose_among(
        &self,
        groups: std::ops::Range<usize>,
        routes: &[RouteId],
        days: &[RouteDay],
        forest: &mut Forest,
    ) {
        let tastes = [false, true].map(|founded| self.tastes(founded));
        let groups = &self.setup.groups[groups];
        forest.leaves.clear();
        forest.shares.clear();
        forest.shares.resize(groups.len() * routes.len(), f64::NEG_INFINITY);
        forest.trees = groups.len();
        for (at, &route) in routes.iter().enumerate() {
            let r = &self.setup.routes[route.index()];
            let day = &days[route.index()];
            let nest_weight = r.typed.consideration;
            forest.leaves.push(choice::Leaf { nest: r.nest, value: 0.0, size: day.size, nest_weight });
            if r.channel == Channel::Orderly && day.passage <= 0.0 {
                continue;
            }
            let attraction = choice::Attraction {
                constant: r.typed.constant,
                protection: day.protection,
                log_settled: day.log_settled,
                log_income_ratio: r.log_income_ratio,
                log_distance_km: r.log_distance_km,
                fare_usd: day.fare_usd,
                wealth_usd: 0.0,
                aversion: 0.0,
                death_risk: day.death,
                wait_years: day.wait_years,
                reception: day.reception,
            };
            // Tastes differ in the weight of the wait, which is not among the common terms.
            let common = choice::common_utility(&tastes[0], &attraction);
            let values = forest.shares[at * groups.len()..].iter_mut();
            for (value, g) in values.zip(groups).filter(|(_, g)| day.fare_usd <= g.means_usd) {
                let of = choice::Attraction { wealth_usd: g.means_usd, aversion: g.aversion, ..attraction };
                *value = choice::utility_beyond(common, &tastes[usize::from(g.well_founded)], &of);
            }
        }
        forest.choose(self.setup.scenario.choice.nest_scale);
    }

    /// Hazards of departure of every group today.
    pub fn reckon_groups(&mut self) {
        let setup = self.setup;
        if setup.scenario.switches.anticipation {
            self.expect_levers();
        }
        let mut groups = std::mem::take(&mut self.today.groups);
        let mut forest = std::mem::take(&mut self.today.forest);
        let mut days: Vec<&mut [GroupDay]> = Vec::with_capacity(setup.populations.len());
        let mut rest = groups.as_mut_slice();
        for population in &setup.populations {
            let (own, others) = rest.split_at_mut(population.groups.len());
            days.push(own);
            rest = others;
        }
        if rayon::current_num_threads() > 1 && setup.groups.len() >= self.share_from / STRATA_FOR_ACTS {
            let days = days.par_iter_mut().enumerate();
            days.for_each_init(Forest::default, |forest, (p, days)| self.reckon_population(p, days, forest));
        } else {
            days.iter_mut().enumerate().for_each(|(p, days)| self.reckon_population(p, days, &mut forest));
        }
        self.today.groups = groups;
        self.today.forest = forest;
        self.set_onward_ceilings();
    }

    /// Hazards of departure of a population's groups today.
    fn reckon_population(&self, p: usize, days: &mut [GroupDay], forest: &mut Forest) {
        let setup = self.setup;
        let (population, state) = (&setup.populations[p], &self.world.populations[p]);
        let switches = &setup.scenario.switches;
        let driver = if switches.drivers { population.driver_by_day[self.day() as usize] } else { 1.0 };
        let noise = if switches.noise {
            departure::noise_multiplier(state.log_noise, setup.scenario.setting_out.noise_sd)
        } else {
            1.0
        };
        self.choose_among(population.groups.clone(), &population.home_routes, &self.today.routes, forest);
        for (day, &value) in days.iter_mut().zip(&forest.values) {
            day.value = value;
        }
        for (at, day) in days.iter_mut().enumerate() {
            forest.shares_of(at, &mut day.per_day);
        }
        let pulls = self.pulls(p, days, forest);
        for ((day, g), pull) in days.iter_mut().zip(&setup.groups[population.groups.clone()]).zip(pulls) {
            self.reckon_group(g, driver * noise, pull, day);
        }
        self.reckon_onward(p, days, forest);
    }

    /// By group of a population: how much more, or less, its households set out than at the reference.
    fn pulls(&self, population: usize, days: &[GroupDay], forest: &mut Forest) -> Vec<f64> {
        let setup = self.setup;
        let p = &setup.populations[population];
        let forward = self.forward(population, days, forest);
        let mut pulls: Vec<f64> = Vec::with_capacity(days.len());
        for (at, (day, g)) in days.iter().zip(&setup.groups[p.groups.clone()]).enumerate() {
            let magnet = if setup.scenario.switches.magnet { g.magnet } else { 0.0 };
            let forward = forward.get(at).copied().unwrap_or(0.0);
            pulls.push(if day.value.is_finite() {
                departure::pull_exponent(magnet, day.value - g.reference_value, forward)
            } else {
                f64::NEG_INFINITY
            });
        }
        math::exp_each(&mut pulls);
        pulls
    }

    fn reckon_group(&self, g: &Group, environment: f64, pull: f64, day: &mut GroupDay) {
        let setup = self.setup;
        let routes = &setup.populations[g.population.index()].home_routes;
        day.irregular = 0.0;
        let mut total = 0.0;
        for (share, &route) in day.per_day.iter_mut().zip(routes) {
            let passage = self.today.routes[route.index()].passage;
            *share = departure::intensity_per_day(g.base_per_day, environment, passage, *share, pull);
            total += *share;
            if setup.routes[route.index()].channel == Channel::Irregular {
                day.irregular += *share;
            }
        }
        let bound = departure::capped(total, setup.scenario.setting_out.max_per_day);
        if total > bound {
            let scale = bound / total;
            day.per_day.iter_mut().for_each(|s| *s *= scale);
            day.irregular *= scale;
        }
        day.total = bound;
    }

    /// By group of a population: what bringing departure forward adds to the exponent. Nothing where no change is
    /// expected.
    fn forward(&self, population: usize, days: &[GroupDay], forest: &mut Forest) -> Vec<f64> {
        let setup = self.setup;
        let p = &setup.populations[population];
        let lead = setup.scenario.setting_out.lead_days;
        let mut most: Vec<f64> = Vec::new();
        for e in self.expected_changes(population) {
            most.resize(days.len(), 0.0);
            self.choose_among(p.groups.clone(), &p.home_routes, &e.routes, forest);
            let groups = setup.groups[p.groups.clone()].iter().zip(days).zip(&forest.values);
            for (most, ((g, day), &after)) in most.iter_mut().zip(groups) {
                let magnet = if setup.scenario.switches.magnet { g.magnet } else { 0.0 };
                let forward = match e.until {
                    Some(until) => departure::forward_announced(
                        magnet,
                        f64::from(until) - f64::from(self.day()),
                        lead,
                        day.value,
                        after,
                    ),
                    None => departure::forward_rumour(magnet, e.rumour_per_day, lead, day.value, after),
                };
                *most = most.max(forward);
            }
        }
        most
    }

    /// Changes of policy that a population expects today, with the routes as they would then be.
    fn expected_changes(&self, population: usize) -> Vec<Expected> {
        if !self.setup.scenario.switches.anticipation {
            return Vec::new();
        }
        let mut out = Vec::new();
        for event in &self.setup.events {
            let Some((ladder, rung)) = event.expected_on(self.day()) else { continue };
            let there = self.world.ladders[ladder].rung == rung;
            if there || !self.setup.ladders[ladder].concerns[population] {
                continue;
            }
            let same = |e: &&ExpectedLevers| (e.ladder, e.rung) == (ladder, rung);
            let Some(expected) = self.today.expected.iter().find(same) else { continue };
            let routes = self.routes_under(population, ladder, &expected.levers);
            out.push(Expected { until: event.until, rumour_per_day: event.rumour_per_day, routes });
        }
        out
    }

    /// The day's routes, with the chances of a population as they would be with a ladder on another rung.
    fn routes_under(&self, population: usize, ladder: usize, levers: &Levers) -> Vec<RouteDay> {
        let mut routes = self.today.routes.clone();
        let country = self.setup.ladders[ladder].country;
        let outlook = super::outlook::outlook(self.setup, levers, population, country);
        let punished = self.world.populations[population].believed_punished;
        let weight = self.punishment_weight();
        for &id in &self.setup.populations[population].home_routes {
            let r = &self.setup.routes[id.index()];
            if r.channel != Channel::Irregular || r.country != country {
                continue;
            }
            let state = &self.world.routes[id.index()];
            // By land it is the border that stops people, and how open it will be is said.
            let (stop, landed, stopped) = if r.zone.is_some() {
                (state.stop.mean(), outlook.landed.protection, outlook.stopped.protection)
            } else if self.setup.ladders[ladder].domain == Domain::Border {
                let closed = 1.0 - levers.openness[r.destination.index()];
                (closed, outlook.border.protection, outlook.refused.protection)
            } else {
                (state.stop.mean(), outlook.border.protection, outlook.refused.protection)
            };
            let chance = belief::protection_chance(stop, state.death.mean(), landed, stopped);
            let returned = stop * (1.0 - stopped);
            routes[id.index()].protection =
                outcome::protection_less_punishment(chance, weight, punished, returned);
            routes[id.index()].reception = levers.reception[country.index()];
        }
        routes
    }

    /// Run the clocks of those at home for a day, and send off those whose time has come.
    pub fn depart(&mut self) {
        let groups = 0..self.setup.groups.len();
        // Those who are expected to set out or apply today, and something for those who come home and go.
        let leaving = |groups: std::ops::Range<usize>| -> usize {
            let of = |g: usize| {
                let state = &self.world.groups[g];
                let at_home = state.clock.households_at_home as f64 * self.today.groups[g].total;
                at_home as usize + state.back.rows.chunks.len() + state.applicants.len() / 256
            };
            groups.map(of).sum()
        };
        if leaving(groups.clone()) >= self.share_from && self.may_part() {
            let ranges = self.ranges(leaving);
            self.each_apart(ranges, Self::depart_from);
        } else {
            self.depart_from(groups);
        }
    }

    /// The same for some groups. Who leaves is settled for all of them first, so that memory of the long lists of those
    /// who wait is waited for once; then they set out, group by group.
    fn depart_from(&mut self, groups: std::ops::Range<usize>) {
        let mut leaving = std::mem::take(&mut self.today.leaving);
        let mut setting_out = std::mem::take(&mut self.today.setting_out);
        let mut lots = std::mem::take(&mut self.today.leaving_lots);
        let mut drawn = std::mem::take(&mut self.today.drawn);
        for group in groups.clone() {
            let id = GroupId::at(group);
            self.run_clock(id, &mut leaving);
            self.leave_home_together(id, &leaving, &mut setting_out);
            leaving.clear();
            lots.push(self.run_clock_of_applicants(id, &mut drawn));
        }
        let read = |&(group, at): &(u32, u32)| self.world.groups[group as usize].applicants[at as usize].head;
        std::hint::black_box(drawn.iter().map(read).fold(0, |all, head| all ^ head));
        let mut next = setting_out.iter().copied().peekable();
        for (group, lots) in groups.zip(&lots) {
            let id = GroupId::at(group);
            while let Some((household, route)) = next.next_if(|(household, _)| household.group == id) {
                self.set_out(household, route);
            }
            self.applicants_leave(id, lots.clone());
            self.pass_day_at_home(id);
        }
        setting_out.clear();
        lots.clear();
        drawn.clear();
        self.today.leaving = leaving;
        self.today.setting_out = setting_out;
        self.today.leaving_lots = lots;
        self.today.drawn = drawn;
    }

    /// Run the clock of those of a group who are at home.
    fn run_clock(&mut self, id: GroupId, leaving: &mut Vec<(Household, Draws)>) {
        let day = &mut self.today.groups[id.index()];
        let total = day.total;
        if total <= 0.0 {
            return;
        }
        let g = self.setup.group(id);
        let sizes = &self.setup.populations[g.population.index()].size_cumulative;
        let people = People { luck: self.luck, traits: self.traits, group: g, sizes };
        let state = &mut self.world.groups[id.index()];
        let mut next = state.next_ordinal;
        // The threshold of a household is keyed by its first ordinal: who it is, not when it is asked.
        state.clock.advance_each(total, |_| {
            let (size, draws) = day.households.who(&people, next);
            leaving.push((Household { group: id, head: next, size }, draws));
            next += u32::from(size);
            day.households.threshold(&people, next)
        });
        state.next_ordinal = next;
    }

    /// The route a household takes from home: the first in a race of its routes.
    pub fn pick_route(&self, household: Household, attempt: u32, irregular_only: bool) -> RouteId {
        let group = self.setup.group(household.group);
        let routes = &self.setup.populations[group.population.index()].home_routes;
        let rates = &self.today.groups[household.group.index()].per_day;
        self.pick(household, attempt, routes, rates, irregular_only)
    }

    /// The first in a race of routes at some rates, with one draw for each by its identity.
    fn pick(
        &self,
        household: Household,
        attempt: u32,
        routes: &[RouteId],
        rates: &[f64],
        irregular_only: bool,
    ) -> RouteId {
        let who = self.who(household.group, household.head);
        let draws = self.luck.draws(Purpose::Choice, who, u64::from(attempt));
        let route = |at: usize| &self.setup.routes[routes[at].index()];
        let uniform = |at: usize| draws.uniform(route(at).key);
        let any_orderly = irregular_only && (0..routes.len()).any(|at| route(at).channel == Channel::Orderly);
        let first = if any_orderly {
            let rate = |at: usize| if route(at).channel == Channel::Orderly { 0.0 } else { rates[at] };
            let irregular: Vec<f64> = (0..routes.len()).map(rate).collect();
            choice::first_of(&irregular, uniform)
        } else {
            choice::first_of(rates, uniform)
        };
        first.map_or(RouteId(0), |at| routes[at])
    }

    /// Households of a group leave home, each by the first in a race of its routes. Those who apply for an orderly
    /// channel, often most, are counted together; the others are to set out.
    fn leave_home_together(
        &mut self,
        group: GroupId,
        leaving: &[(Household, Draws)],
        setting_out: &mut Vec<(Household, RouteId)>,
    ) {
        if leaving.is_empty() {
            return;
        }
        let setup = self.setup;
        let g = setup.group(group);
        let population = g.population.index();
        let routes = &setup.populations[population].home_routes;
        let rates = std::mem::take(&mut self.today.groups[group.index()].per_day);
        let race = choice::Race::of(&rates);
        let mut applied = std::mem::take(&mut self.today.applied);
        applied.clear();
        applied.resize(routes.len(), 0);
        for &(household, draws) in leaving {
            let Some(race) = race else { break };
            let keys = &self.today.home_keys[population];
            let at = race.first(|at| draws.uniform(keys[at]));
            let route = routes[at];
            if setup.routes[route.index()].channel == Channel::Orderly {
                applied[at] += u32::from(household.size);
                let Household { head, size, .. } = household;
                let applicant = Applicant { head, size, route: route.0, since: self.day() };
                self.world.groups[group.index()].applicants.push(applicant);
            } else {
                setting_out.push((household, route));
            }
        }
        self.today.groups[group.index()].per_day = rates;
        for (&persons, &route) in applied.iter().zip(routes).filter(|(persons, _)| **persons > 0) {
            let r = &setup.routes[route.index()];
            self.world.routes[route.index()].applicants += persons;
            self.stock(Cell::of(r.start, Status::InCountryApplicant), group, i64::from(persons));
            self.count(Flow::Applied, r.destination, group, persons);
        }
        self.today.applied = applied;
    }

    /// A household sets out for the first time.
    fn set_out(&mut self, household: Household, route: RouteId) {
        let destination = self.setup.routes[route.index()].destination;
        let record = self.first_record(household, route).after_attempt();
        self.count(Flow::SetOut, destination, household.group, u32::from(household.size));
        self.note_departure(household, route);
        let (cell, due) = self.first_cell(household, route, 1);
        self.enter(household, cell, record, due);
    }

    /// Word of a departure: towards which country, and that the exit let it pass. Those whom a border as it stands
    /// will not
    /// let in are no arrivals in prospect: a closed border would otherwise never cease to feel threatened.
    pub fn note_departure(&mut self, household: Household, route: RouteId) {
        let r = &self.setup.routes[route.index()];
        let by_sea = r.corridors.last().is_some_and(|&c| self.setup.corridors[c].mode == Mode::Sea);
        let let_in = if by_sea { 1.0 } else { self.levers.openness[r.destination.index()] };
        self.add(Sum::Heading, r.country.index(), f64::from(household.size) * let_in);
        self.world.routes[route.index()].left_yesterday += 1;
    }

    /// Cell and due day with which a household begins leg 0 of a route; those who go by sea embark.
    pub fn first_cell(&mut self, household: Household, route: RouteId, attempt: u32) -> (Cell, Option<u32>) {
        self.leg_cell(household, route, 0, attempt)
    }

    /// The same for any leg.
    pub fn leg_cell(
        &mut self,
        household: Household,
        route: RouteId,
        leg: usize,
        attempt: u32,
    ) -> (Cell, Option<u32>) {
        let setup = self.setup;
        let r = &setup.routes[route.index()];
        let Some(&corridor) = r.corridors.get(leg) else {
            return (Cell::of(r.destination, Status::Travelling), Some(self.day() + 1));
        };
        let c = &setup.corridors[corridor];
        if c.mode == Mode::Sea {
            self.today.embarked.push((corridor, household));
            (Cell::of(setup.zones[c.zone].place, Status::AtSea), None)
        } else {
            let who = self.who(household.group, household.head);
            let days = self.leg_days(corridor, who, attempt).ceil().clamp(1.0, 1000.0);
            (Cell::of(c.to, Status::Travelling), Some(self.day() + days as u32))
        }
    }

    /// Hazards per day of an applicant of a group: of leaving by another route, and of letting the application lapse.
    fn applicant_hazards(&self, group: GroupId) -> (f64, f64) {
        let setting = &self.setup.scenario.setting_out;
        let by_sea = setting.applicant_factor * self.today.groups[group.index()].irregular;
        (by_sea, 1.0 / (setting.application_years * YEAR_DAYS))
    }

    /// Run the clock of those of a group who wait for an orderly channel: the lots of those who leave today. Where they
    /// stand in the list, as far as can be told beforehand, is added to `drawn`.
    fn run_clock_of_applicants(
        &mut self,
        group: GroupId,
        drawn: &mut Vec<(u32, u32)>,
    ) -> std::ops::Range<u64> {
        let (by_sea, lapse) = self.applicant_hazards(group);
        let state = &mut self.world.groups[group.index()];
        let first = state.applicant_clock.emitted;
        let waiting = state.applicants.len();
        if waiting == 0 {
            return first..first;
        }
        let (key, luck) = (self.setup.group(group).key, self.luck);
        let lots = &mut self.today.groups[group.index()].lots;
        lots.make(&luck, key, first);
        state.applicant_clock.households_at_home = waiting as u64;
        state.applicant_clock.advance_each(by_sea + lapse, |rank| lots.threshold(&luck, key, rank));
        let leaving = first..state.applicant_clock.emitted;
        drawn.extend(leaving.clone().zip((0..waiting).rev()).map(|(serial, others)| {
            let at = (lots.which(&luck, key, serial) * (others + 1) as f64) as usize;
            (group.0.into(), at.min(others) as u32)
        }));
        leaving
    }

    /// Those whose lots are drawn wait no longer for an orderly channel: some leave by another route, some let the
    /// application lapse.
    fn applicants_leave(&mut self, group: GroupId, leaving: std::ops::Range<u64>) {
        if leaving.is_empty() {
            return;
        }
        let (by_sea, lapse) = self.applicant_hazards(group);
        let (key, luck) = (self.setup.group(group).key, self.luck);
        let lots = std::mem::take(&mut self.today.groups[group.index()].lots);
        let mut lapsed = (0, 0);
        for serial in leaving {
            let list = &mut self.world.groups[group.index()].applicants;
            let at = ((lots.which(&luck, key, serial) * list.len() as f64) as usize).min(list.len() - 1);
            let Applicant { head, size, route, .. } = list.swap_remove(at);
            self.world.routes[usize::from(route)].applicants -= u32::from(size);
            if lots.whither(&luck, key, serial) * (by_sea + lapse) < by_sea {
                let household = Household { group, head, size };
                self.withdraw(group, u32::from(size));
                let route = self.pick_route(household, 0, true);
                self.set_out(household, route);
            } else {
                lapsed = (lapsed.0 + u32::from(size), lapsed.1 + 1);
            }
        }
        self.today.groups[group.index()].lots = lots;
        self.let_lapse(group, lapsed.0, lapsed.1);
    }

    /// Persons of a group are applicants no longer.
    fn withdraw(&mut self, group: GroupId, persons: u32) {
        let home = self.setup.populations[self.setup.group(group).population.index()].home;
        self.stock(Cell::of(home, Status::InCountryApplicant), group, -i64::from(persons));
        self.count(Flow::Withdrew, home, group, persons);
    }

    /// The applications of some households lapse: they are again like any other at home.
    fn let_lapse(&mut self, group: GroupId, persons: u32, households: u64) {
        if households == 0 {
            return;
        }
        self.withdraw(group, persons);
        let home = self.setup.populations[self.setup.group(group).population.index()].home;
        self.stock(Cell::of(home, Status::Rejoined), group, i64::from(persons));
        self.count(Flow::Rejoined, home, group, persons);
        self.world.groups[group.index()].clock.rejoin(households);
    }

    /// A household back home sets out again.
    pub fn set_out_again(&mut self, household: Household, record: Record) {
        let attempt = record.attempts() + 1;
        let route = self.pick_route(household, attempt, true);
        let fresh = self.first_record(household, route);
        let record = Record { counts: record.counts, ..fresh }.after_attempt();
        let (cell, due) = self.first_cell(household, route, attempt);
        self.note_departure(household, route);
        let change = Change {
            flow: Some(Flow::Reattempted),
            at: Some(self.setup.routes[route.index()].destination),
            due,
            record: Some(record),
        };
        self.shift(household, Status::ReturnedHome, cell, change);
    }
}

/// A change of policy that is expected.
struct Expected {
    until: Option<u32>,
    rumour_per_day: f64,
    routes: Vec<RouteDay>,
}

impl Sim<'_> {
    /// Hazards of moving on from places where people of a population's groups may be (model 5.9).
    fn reckon_onward(&self, population: usize, days: &mut [GroupDay], forest: &mut Forest) {
        let setup = self.setup;
        let p = &setup.populations[population];
        let lists = &p.onward_routes;
        days.iter_mut().for_each(|day| day.onward.resize(lists.len(), (0.0, Vec::new())));
        if !setup.scenario.switches.onward || lists.is_empty() {
            return;
        }
        let staying = self.values_of_staying(population);
        let journeys = &setup.scenario.journeys;
        let (most, base) = (journeys.onward_max_per_year / YEAR_DAYS, journeys.onward_per_year / YEAR_DAYS);
        for (i, (place, routes)) in lists.iter().enumerate() {
            if !self.anybody_moves_on_from(population, *place) {
                days.iter_mut().for_each(|day| day.onward[i].0 = 0.0);
                continue;
            }
            self.choose_among(p.groups.clone(), routes, &self.today.routes, forest);
            let groups = setup.groups[p.groups.clone()].iter().zip(&forest.values).enumerate();
            for (day, (at, (g, &value))) in days.iter_mut().zip(groups) {
                let (hazard, shares) = &mut day.onward[i];
                let value = value - staying[i][usize::from(g.well_founded)];
                let reference = g.onward_reference.get(i).copied().unwrap_or(value);
                *hazard = if value.is_finite() {
                    let response = journeys.onward_response;
                    crate::model::onward::onward_hazard_per_day(most, base, response, value, reference)
                } else {
                    0.0
                };
                forest.shares_of(at, shares);
                let mut passage = 0.0;
                for (share, &route) in shares.iter_mut().zip(routes) {
                    *share *= self.today.routes[route.index()].passage;
                    passage += *share;
                }
                *hazard *= passage.min(1.0);
            }
        }
    }

    /// Whether anybody of a population is at a place in a status from which people move on. Whoever comes there is not
    /// asked before tomorrow.
    fn anybody_moves_on_from(&self, population: usize, place: PlaceId) -> bool {
        let groups = &self.setup.groups[self.setup.populations[population].groups.clone()];
        MOVING_ON.iter().any(|&status| {
            let stock = |g| self.world.stocks[self.setup.stock_index(Cell::of(place, status), g)];
            groups.iter().any(|g| stock(g) > 0)
        })
    }

    /// What staying is worth to people of a population, by place with onward routes, to claims not well-founded and
    /// well-founded.
    pub fn values_of_staying(&self, population: usize) -> Vec<[f64; 2]> {
        let lists = &self.setup.populations[population].onward_routes;
        lists.iter().map(|&(place, _)| self.value_of_staying(population, place)).collect()
    }

    /// What staying at a place is worth: protection, wait and crowding there.
    fn value_of_staying(&self, population: usize, place: PlaceId) -> [f64; 2] {
        let setup = self.setup;
        let country = setup.places[place.index()].country;
        let (_, recognised) = super::outlook::procedure(setup, &self.levers, population, country);
        let state = &self.world.countries[country.index()];
        let decisions = self.levers.decisions[country.index()];
        let regular = if decisions > 0.0 { state.claims.len() as f64 / decisions / YEAR_DAYS } else { 0.0 };
        let accelerated = self.levers.accelerated_days(setup, country, population);
        let wait_years = accelerated.map_or(regular, |days| days / YEAR_DAYS);
        let journeys = &setup.scenario.journeys;
        let tastes = crate::model::onward::StayTastes {
            beta_protection: journeys.stay_protection,
            beta_wait_per_year: journeys.stay_wait_per_year,
            beta_crowding: journeys.stay_crowding,
            ..crate::model::onward::StayTastes::default()
        };
        let load = self.reception_load(country);
        recognised.map(|protection| {
            crate::model::onward::value_of_staying(&tastes, protection, 0.0, wait_years, load)
        })
    }

    /// A household moves on from a first place of arrival.
    pub fn move_on(&mut self, household: Household, from: Status, place: PlaceId, record: Record) {
        let setup = self.setup;
        let population = &setup.populations[setup.group(household.group).population.index()];
        let Some(at) = population.onward_routes.iter().position(|(p, _)| *p == place) else { return };
        let attempt = record.attempts() + 1;
        let routes = &population.onward_routes[at].1;
        let shares = &self.today.groups[household.group.index()].onward[at].1;
        let route = self.pick(household, attempt, routes, shares, true);
        let fresh = self.first_record(household, route);
        // Where they first came under a country stays with them.
        let (responsible, entered) = (record.responsible, record.entered);
        let record = Record { counts: record.counts, responsible, entered, ..fresh }.after_attempt();
        let (cell, due) = self.first_cell(household, route, attempt);
        let change = Change { flow: Some(Flow::MovedOn), at: Some(place), due, record: Some(record) };
        self.shift(household, from, cell, change);
        self.note_departure(household, route);
    }
}
