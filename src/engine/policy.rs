//! Ladders: dated moves, and the State's own choice at reviews (model 5.12).

use super::keyed::Purpose;
use super::levers::levers_of;
use super::outlook::outlook;
use super::sim::Sim;
use crate::instruments::{Clause, Does};
use crate::model::{belief, choice, ladder, math, sea};
use crate::scenario::format::{Action, Doctrine, Domain, Entry};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{CountryId, Watched};
use std::sync::Arc;

/// What a State reckons for one on the way to it.
#[derive(Clone, Copy, Debug, Default)]
struct Prospect {
    protection: f64,
    admitted: f64,
    refouled: f64,
    held_days: f64,
    hears: bool,
}

impl Sim<'_> {
    /// Levers anew, after a ladder or an arrangement has moved; an episode begins at borders whose openness changed.
    pub fn pull_levers(&mut self) {
        let before = std::mem::replace(&mut self.levers, Arc::new(levers_of(self.setup, &self.world)));
        let rates_moved = before.outcomes != self.levers.outcomes
            || before.assigned_by != self.levers.assigned_by
            || before.database != self.levers.database;
        if rates_moved {
            let risen = self.reckon_cells();
            self.wake_in(&risen);
        }
        for place in 0..self.setup.places.len() {
            if before.openness[place] != self.levers.openness[place] {
                self.world.places[place].border_episode += 1;
            }
        }
    }

    /// Dated moves of today.
    pub fn move_dated(&mut self) {
        if !self.setup.scenario.switches.policy {
            return;
        }
        let day = self.day();
        for index in 0..self.setup.ladders.len() {
            let l = &self.setup.ladders[index];
            let own = l.endogenous_from.is_some_and(|from| day >= from);
            let today = l.schedule.iter().find(|m| m.0 == i64::from(day));
            if let (Some(&(_, rung, credibility)), false) = (today, own) {
                self.move_ladder(index, rung, credibility);
            }
        }
    }

    fn move_ladder(&mut self, index: usize, rung: u16, credibility: f64) {
        if self.world.ladders[index].rung == rung {
            return;
        }
        let country = self.setup.ladders[index].country;
        let watched = (self.setup.ladders[index].domain != Domain::Exit).then(|| Watched {
            day: self.world.day,
            before: self.world.countries[country.index()].arriving,
            value_change: self.value_change(index, rung).0,
            share_here: self.value_change(index, rung).1,
        });
        let state = &mut self.world.ladders[index];
        state.rung = rung;
        state.since = self.world.day;
        state.moves += 1;
        state.watched = watched;
        self.pull_levers();
        if self.setup.ladders[index].domain != Domain::Exit {
            self.announce_rung(index, credibility);
        }
    }

    /// Reviews of ladders that States move by their own choice.
    pub fn review(&mut self) {
        if !self.setup.scenario.switches.policy {
            return;
        }
        self.learn_of_magnet();
        let day = self.day();
        for index in 0..self.setup.ladders.len() {
            let l = &self.setup.ladders[index];
            if l.endogenous_from.is_none_or(|from| day < from) {
                continue;
            }
            if let Some(rung) = self.next_rung(index) {
                self.move_ladder(index, rung, l.credibility);
            }
        }
    }

    /// The rung a State moves to today, if it does.
    fn next_rung(&self, index: usize) -> Option<u16> {
        let policy = &self.setup.scenario.policy;
        let l = &self.setup.ladders[index];
        let state = &self.world.ladders[index];
        let p = self.world.countries[l.country.index()].attention.share();
        let crisis = p > policy.crisis_pressure;
        let rate = if crisis { policy.crisis_reviews_per_year } else { policy.reviews_per_year } / YEAR_DAYS;
        let u = self.luck.uniform(Purpose::Review, l.key, u64::from(self.day()), 0);
        // Without a review no rung has to be weighed; the margin is far more than rounding.
        if u > math::event_probability(rate) * (1.0 + 1e-9) {
            return None;
        }
        let dwelt = f64::from(self.day() - state.since);
        let allowed = |rung: i32| -> bool {
            let upward = rung > i32::from(state.rung);
            rung >= 0
                && (rung as usize) < l.rungs.len()
                && ladder::dwell_allows(dwelt, policy.least_dwell_days, crisis, upward)
                && self.rung_available(index, rung as u16)
        };
        let here = i32::from(state.rung);
        let utility = |rung: i32| -> f64 {
            if rung == here || allowed(rung) {
                self.rung_utility(index, rung as u16, p)
            } else {
                f64::NEG_INFINITY
            }
        };
        let utilities = [utility(here - 1), utility(here), utility(here + 1)];
        let [down, _, up] = ladder::step_probabilities(utilities, policy.eta, rate, 1.0);
        if u < down {
            Some((here - 1) as u16)
        } else if u < down + up {
            Some((here + 1) as u16)
        } else {
            None
        }
    }

    /// Whether a rung can be taken: an arrangement it needs is in force, and none in force forbids it.
    fn rung_available(&self, index: usize, rung: u16) -> bool {
        let l = &self.setup.ladders[index];
        let applied =
            |a: usize| super::levers::effect(self.setup, a, &self.world.arrangements[a], self.day()).applied;
        let needs = &l.rungs[rung as usize].requires;
        if !needs.is_empty() && !needs.iter().any(|&a| applied(a)) {
            return false;
        }
        // An origin that has promised to dissuade does not open its exit.
        let opening = rung < self.world.ladders[index].rung;
        let promised = self.setup.arrangements.iter().enumerate().any(|(a, arrangement)| {
            let dissuades = |c: &Clause| matches!(c.does, Does::Dissuade { .. }) && c.by == Some(l.country);
            arrangement.clauses.iter().any(dissuades) && applied(a)
        });
        !(l.domain == Domain::Exit && opening && promised)
    }

    /// Utility of a rung to its State.
    pub fn rung_utility(&self, index: usize, rung: u16, pressure: f64) -> f64 {
        let l = &self.setup.ladders[index];
        let policy = &self.setup.scenario.policy;
        let step = f64::from((i32::from(rung) - i32::from(self.world.ladders[index].rung)).abs());
        if l.domain == Domain::Exit {
            return self.exit_utility(index, rung) - policy.kappa_step * step;
        }
        let levers = self.levers_under(index, rung);
        let country = &self.setup.countries[l.country.index()].typed;
        let mut groups = Vec::new();
        let (mut refouled, mut held, mut flow_all) = (0.0, 0.0, 0.0);
        for population in 0..self.setup.populations.len() {
            if !l.concerns[population] {
                continue;
            }
            let (response, then) = self.response(population, index, &levers);
            let coming = response.flow;
            refouled += coming * then.refouled;
            held += coming * then.held_days;
            flow_all += coming;
            groups.push(response);
        }
        let anticipated =
            ladder::anticipated_arrivals(&groups) * YEAR_DAYS / country.receiving_population_millions;
        let per_arrival = if flow_all > 0.0 { refouled / flow_all } else { 0.0 };
        let c = &self.setup.scenario.choice;
        let reception = levers.reception[l.country.index()];
        let owed = self.reception_owed(l.country);
        let harm = per_arrival
            + ladder::reception_harm(
                owed,
                reception,
                c.beta_reception,
                c.beta_protection + self.beta_chance(),
            );
        let cost_usd = held * YEAR_DAYS * self.mean_cost(l.country);
        let cost = cost_usd / (country.budget_million_usd * 1e6);
        ladder::posture_utility(
            pressure,
            anticipated,
            policy.arrivals_scale_per_million,
            policy.omega_refoulement,
            harm,
            policy.phi_cost,
            cost,
            policy.kappa_step,
            step,
        )
    }

    /// Reception as a State owes it: under the rungs on which its ladders began.
    fn reception_owed(&self, country: CountryId) -> f64 {
        let own = self.setup.ladders.iter().filter(|l| l.country == country);
        own.filter_map(|l| l.rungs[usize::from(l.initial)].reception)
            .next_back()
            .unwrap_or(self.setup.countries[country.index()].typed.reception)
    }

    fn mean_cost(&self, country: crate::world::CountryId) -> f64 {
        let costs: Vec<f64> = self
            .setup
            .places
            .iter()
            .filter(|p| p.country == country && p.cost_usd > 0.0)
            .map(|p| p.cost_usd)
            .collect();
        if costs.is_empty() { 0.0 } else { costs.iter().sum::<f64>() / costs.len() as f64 }
    }

    /// How arrivals of a population would respond to other levers, as the State believes; with what follows then.
    fn response(
        &self,
        population: usize,
        index: usize,
        levers: &super::levers::Levers,
    ) -> (ladder::GroupResponse, Prospect) {
        let country = self.setup.ladders[index].country;
        let then = self.prospect(population, country, levers);
        let now = self.prospect(population, country, &self.levers);
        let c = &self.setup.scenario.choice;
        let at = country.index();
        let waiting = self.world.countries[at].claims.len() as f64 / YEAR_DAYS;
        let wait = |l: &super::levers::Levers| {
            let accelerated = l.accelerated_days(self.setup, country, population);
            accelerated.map_or(waiting / l.decisions[at].max(1e-6), |days| days / YEAR_DAYS)
        };
        let founded = self.setup.populations[population].typed.well_founded;
        let beta_wait = founded * c.beta_wait_well_founded + (1.0 - founded) * c.beta_wait_other;
        let hears = now.hears || then.hears;
        let longer = if hears { (wait(levers) - wait(&self.levers)).clamp(-20.0, 20.0) } else { 0.0 };
        let delta_v = c.beta_protection * (then.protection - now.protection)
            + choice::chance_worth(self.beta_chance(), then.protection)
            - choice::chance_worth(self.beta_chance(), now.protection)
            + c.beta_reception * (levers.reception[at] - self.levers.reception[at])
            - beta_wait * longer;
        let state = &self.world.countries[at];
        let all: f64 = self.world.countries.iter().map(|c| c.flow[population]).sum();
        let response = ladder::GroupResponse {
            flow: state.peak[population],
            admit_ratio: (then.admitted / now.admitted.max(0.02)).min(50.0),
            delta_v,
            share_here: if all > 0.0 { state.flow[population] / all } else { 1.0 },
            mu_hat: state.magnet_belief,
        };
        (response, then)
    }

    /// What follows for people of a population on their way to a country under some levers, over its routes there as
    /// they were used lately.
    fn prospect(&self, population: usize, country: CountryId, levers: &super::levers::Levers) -> Prospect {
        let setup = self.setup;
        let o = outlook(setup, levers, population, country);
        let routes = self.routes_to(population, country);
        let used = self.use_of(&routes);
        let mut sum = Prospect::default();
        for (&r, weight) in routes.iter().zip(used) {
            let route = &setup.routes[r];
            let (stop, stopped, landed) = match route.zone {
                Some(_) => (self.stop_chance(r, levers), &o.stopped, &o.landed),
                None => (1.0 - levers.openness[route.destination.index()], &o.refused, &o.border),
            };
            // On its territory every State answers for those it returns; at sea and at its border, those that say so.
            let controls = setup.countries[country.index()].typed.doctrine == Doctrine::EffectiveControl;
            let outside = if controls { stop * stopped.refoulement } else { 0.0 };
            sum.protection +=
                weight * belief::protection_chance(stop, 0.0, landed.protection, stopped.protection);
            sum.admitted += weight * (stop * stopped.admitted + (1.0 - stop) * landed.admitted);
            sum.refouled += weight * (outside + (1.0 - stop) * landed.refoulement);
            sum.held_days += weight * stop * stopped.held_days;
            let on = if route.zone.is_some() { Entry::Landing } else { Entry::Border };
            sum.hears |= self.hears(levers, country, population, on);
        }
        sum
    }

    /// Whether people who enter are let in to lodge a claim.
    pub fn hears(
        &self,
        levers: &super::levers::Levers,
        country: CountryId,
        population: usize,
        on: Entry,
    ) -> bool {
        let Some(rule) = levers.rule(self.setup, country, population, on) else { return false };
        let actions = self.setup.rules[rule.index()].actions.clone();
        self.setup.actions[actions].first().is_some_and(|a| a.action == Action::Hear)
    }

    /// Share of those who lately set out by some routes who took each; alike where nobody did.
    fn use_of(&self, routes: &[usize]) -> Vec<f64> {
        let used: Vec<f64> = routes.iter().map(|&r| self.world.routes[r].used).collect();
        let total: f64 = used.iter().sum();
        let alike = 1.0 / routes.len().max(1) as f64;
        used.iter().map(|u| if total > 0.0 { u / total } else { alike }).collect()
    }

    /// Chance of being stopped on a route by sea under the patrol hours of some levers, as patrols reckon it.
    fn stop_chance(&self, route: usize, levers: &super::levers::Levers) -> f64 {
        let route = &self.setup.routes[route];
        let Some(zone) = route.zone else { return 0.0 };
        let z = &self.setup.zones[zone].typed;
        let days = self.setup.corridors[route.corridors[0]].typed.duration_days;
        let rate = sea::detection_rate_per_hour(1.0, z.sweep_width_km, z.patrol_speed_kmh, z.area_km2);
        sea::koopman_found_share(rate, levers.patrol_hours[zone].0 * days) * z.boarding
    }

    /// Change of the value of coming that a State reckons a rung brings, and the share of those on the move who come to
    /// it, over the populations concerned.
    fn value_change(&self, index: usize, rung: u16) -> (f64, f64) {
        let levers = self.levers_under(index, rung);
        let (mut sum, mut share, mut weight) = (0.0, 0.0, 0.0);
        for population in 0..self.setup.populations.len() {
            if self.setup.ladders[index].concerns[population] {
                let (response, _) = self.response(population, index, &levers);
                let w = response.flow.max(1e-6);
                sum += w * response.delta_v;
                share += w * response.share_here;
                weight += w;
            }
        }
        if weight > 0.0 { (sum / weight, share / weight) } else { (0.0, 1.0) }
    }

    /// An origin's exit: grievance against what an open exit costs it.
    fn exit_utility(&self, index: usize, rung: u16) -> f64 {
        let policy = &self.setup.scenario.policy;
        let l = &self.setup.ladders[index];
        let open: f64 = l.rungs[rung as usize].exit.iter().map(|e| e.1).fold(0.0, f64::max);
        let grievance: f64 = (0..self.setup.populations.len())
            .filter(|&p| l.concerns[p])
            .map(|p| self.world.populations[p].grievance)
            .fold(0.0, f64::max);
        ladder::grievance_push(policy.grievance_weight, grievance, open) - policy.exit_open_cost * open
    }

    /// States learn of the magnet from what followed their own changes: post hoc, ergo propter hoc.
    fn learn_of_magnet(&mut self) {
        let policy = &self.setup.scenario.policy;
        let day = self.day();
        for index in 0..self.world.ladders.len() {
            let Some(watched) = self.world.ladders[index].watched else { continue };
            if f64::from(day - watched.day) < policy.attribution_days {
                continue;
            }
            self.world.ladders[index].watched = None;
            let state = &mut self.world.countries[self.setup.ladders[index].country.index()];
            if watched.value_change.abs() < 0.05 {
                continue;
            }
            let ratio = math::ln((state.arriving + 0.5) / (watched.before + 0.5));
            let (observed, gain) = ladder::magnet_evidence(ratio, watched.value_change, watched.share_here);
            let (mean, variance) = ladder::kalman_update(
                state.magnet_belief,
                state.magnet_variance,
                observed,
                gain,
                policy.magnet_noise_variance,
            );
            state.magnet_belief = mean.clamp(0.0, 2.0);
            state.magnet_variance = variance;
        }
    }
}
