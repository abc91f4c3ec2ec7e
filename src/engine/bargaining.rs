//! Arrangements through their life: dated, or by what each party has to gain (model 5.13).

use super::keyed::Purpose;
use super::sim::Sim;
use crate::model::arrangement::{self, Phase};
use crate::model::belief::Belief;
use crate::model::math;
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::CountryId;

impl Sim<'_> {
    /// Dated events in the life of arrangements, and reviews of the others.
    pub fn negotiate(&mut self) {
        if !self.setup.scenario.switches.arrangements {
            return;
        }
        let day = self.day();
        let review_days = (self.setup.scenario.bargaining.review_days as u32).max(1);
        let mut moved = false;
        for index in 0..self.setup.arrangements.len() {
            let a = &self.setup.arrangements[index];
            if a.typed.barred {
                // Also where a world goes on from one in which it was in force.
                if self.world.arrangements[index].phase != Phase::Barred {
                    self.enter_phase(index, Phase::Barred);
                    moved = true;
                }
                continue;
            }
            let own = a.endogenous_from.is_some_and(|from| day >= from);
            let before = self.world.arrangements[index].phase;
            let regular = day % review_days == index as u32 % review_days;
            if regular {
                self.watch_compliance(index);
            }
            // In a crisis those who are not yet agreed meet every day.
            let agreed = self.world.arrangements[index].in_force_since.is_some();
            if own && (regular || (!agreed && self.in_crisis(index))) {
                self.review_arrangement(index);
            }
            if !own && let Some(&(_, phase)) = a.life.iter().find(|l| l.0 == i64::from(day)) {
                self.enter_phase(index, phase);
            }
            moved |= before != self.world.arrangements[index].phase;
        }
        if moved {
            self.pull_levers();
        }
    }

    /// Programmes build up with time, so that levers move slowly, week by week, even when no phase does.
    pub fn build_up(&mut self) {
        let day = self.day();
        let a_week_on = self.world.arrangements.iter().zip(&self.setup.arrangements).any(|(s, a)| {
            let build_up = a.typed.orderly_departure.as_ref().map_or(0.0, |o| o.build_up_days);
            s.in_force_since.is_some_and(|since| {
                let age = day - since;
                age.is_multiple_of(7) && f64::from(age) < build_up + 7.0
            })
        });
        if a_week_on {
            self.pull_levers();
        }
    }

    /// Whether some party is under pressure enough for a crisis.
    fn in_crisis(&self, index: usize) -> bool {
        let limit = self.setup.scenario.policy.crisis_pressure;
        let parties = &self.setup.arrangements[index].parties;
        parties.iter().any(|p| self.world.countries[p.index()].attention.share() > limit)
    }

    fn enter_phase(&mut self, index: usize, phase: Phase) {
        let day = self.day();
        let state = &mut self.world.arrangements[index];
        state.phase = phase;
        state.since = day;
        state.low_reviews = 0;
        if matches!(phase, Phase::InForce | Phase::Revived) && state.in_force_since.is_none() {
            state.in_force_since = Some(day);
            if let Some(route) = self.setup.arrangements[index].orderly {
                state.granted_before = self.world.routes[route.index()].granted;
            }
        }
        if phase == Phase::Ended {
            for party in &self.setup.arrangements[index].parties {
                self.world.countries[party.index()].successes += 1;
            }
        }
    }

    /// Delivered over promised since the last review, as far as it is seen, and the trust it leaves.
    fn watch_compliance(&mut self, index: usize) {
        let setup = self.setup;
        let b = &setup.scenario.bargaining;
        let a = &setup.arrangements[index];
        if !matches!(self.world.arrangements[index].phase, Phase::InForce | Phase::Revived | Phase::Suspended)
        {
            return;
        }
        let delivery = self.delivery(index);
        let seen = if a.monitoring_ends.is_some_and(|from| self.day() >= from) {
            a.typed.monitored_after
        } else {
            a.typed.monitored
        };
        let observed = arrangement::observed(delivery, seen);
        let state = &mut self.world.arrangements[index];
        state.delivery = observed;
        state.reviews += 1;
        let prior = Belief::prior(b.trust_prior, b.trust_prior_strength);
        state.trust =
            state.trust.forget(prior, b.trust_half_life_days, b.review_days).credit(observed, 1.0, 1.0);
    }

    /// Mean over the terms of delivered over promised.
    fn delivery(&self, index: usize) -> f64 {
        let a = &self.setup.arrangements[index];
        let age =
            self.world.arrangements[index].in_force_since.map_or(0.0, |since| f64::from(self.day() - since));
        let mut ratios = Vec::new();
        if let (Some(route), Some(terms)) = (a.orderly, &a.typed.orderly_departure) {
            let promised = terms.places_per_year * age / YEAR_DAYS;
            let since =
                self.world.routes[route.index()].granted - self.world.arrangements[index].granted_before;
            let granted = f64::from(since) * self.mean_household(route.index());
            ratios.push(arrangement::delivery_ratio(granted, promised));
        }
        if let Some(terms) = &a.typed.dissuasion {
            ratios.push(terms.delivered_share);
        }
        if let (Some(by), Some(terms)) = (a.readmission, &a.typed.readmission) {
            let punished = self.returnees_punished(by);
            let kept = 1.0 - (punished - terms.returnees_punished).max(0.0);
            ratios.push(kept);
        }
        if ratios.is_empty() { 1.0 } else { ratios.iter().sum::<f64>() / ratios.len() as f64 }
    }

    fn mean_household(&self, route: usize) -> f64 {
        let population = self.setup.routes[route].population;
        let shares = &self.setup.populations[population.index()].typed.household_size_shares;
        shares.iter().enumerate().map(|(i, s)| (i + 1) as f64 * s).sum()
    }

    /// The parties' own choice: propose, accept, suspend, revive.
    fn review_arrangement(&mut self, index: usize) {
        let setup = self.setup;
        let b = &setup.scenario.bargaining;
        let a = &setup.arrangements[index];
        let day = self.day();
        let gains: Vec<f64> = a.parties.iter().map(|&party| self.gain(index, party)).collect();
        let phase = self.world.arrangements[index].phase;
        let days_in_phase = f64::from(day - self.world.arrangements[index].since);
        self.world.arrangements[index].gains.clone_from(&gains);
        match phase {
            Phase::Proposed if day >= a.proposed_from => {
                let all_accept = a.parties.iter().zip(&gains).all(|(party, &gain)| {
                    let successes = self.world.countries[party.index()].successes;
                    let theta = arrangement::learned_threshold(b.threshold, successes, b.threshold_learning);
                    let p = arrangement::acceptance_probability(b.eta, gain, theta);
                    self.luck.uniform(
                        Purpose::Negotiation,
                        a.key,
                        u64::from(day),
                        setup.countries[party.index()].key,
                    ) < p
                });
                if all_accept {
                    self.enter_phase(index, Phase::Negotiating);
                }
            }
            Phase::Negotiating if days_in_phase >= a.typed.negotiation_days => {
                self.enter_phase(index, Phase::InForce);
            }
            Phase::InForce | Phase::Revived | Phase::Suspended => {
                let state = &self.world.arrangements[index];
                let trust = state.trust.mean();
                let low = if trust < b.trust_low { state.low_reviews + 1 } else { 0 };
                let next =
                    arrangement::next_phase(phase, trust, b.trust_low, b.trust_high, low, b.low_reviews);
                if next == phase {
                    self.world.arrangements[index].low_reviews = low;
                } else {
                    self.enter_phase(index, next);
                }
            }
            _ => {}
        }
    }

    /// What a party has to gain.
    pub fn gain(&self, index: usize, party: CountryId) -> f64 {
        let setup = self.setup;
        let b = &setup.scenario.bargaining;
        let a = &setup.arrangements[index];
        let state = &self.world.arrangements[index];
        let country = &self.world.countries[party.index()];
        let p = country.attention.share();
        let arrivals = country.arriving * YEAR_DAYS;
        let promised = self.promised_to(index, party);
        let memberships = |c: CountryId| &setup.countries[c.index()].typed.memberships;
        let others: Vec<CountryId> = a.parties.iter().copied().filter(|&o| o != party).collect();
        let mut overlap = 0.0;
        for &other in &others {
            overlap += arrangement::membership_overlap(memberships(party), memberships(other));
        }
        let community = if others.is_empty() { 0.0 } else { overlap / others.len() as f64 };
        let loads: Vec<f64> = a.parties.iter().map(|&c| self.load(c)).collect();
        let me = a.parties.iter().position(|&c| c == party).unwrap_or(0);
        let mut after = loads.clone();
        after[me] *= 1.0 - self.expected_relief(index, party);
        let relief = self.expected_relief(index, party);
        let with = arrangement::pressure_with_relief(p, relief, setup.scenario.pressure.rho_relief);
        let motives = arrangement::Motives {
            reciprocity: arrangement::reciprocity(
                state.trust.mean(),
                arrangement::promised_share(promised, arrivals),
            ),
            community,
            fairness: arrangement::fairness_gain(&after, &loads, me),
            crisis: arrangement::crisis_gain(p, with),
            commitment: arrangement::commitment(self.harm_avoided(party), self.load(party) > 1.0),
        };
        let weights = arrangement::Weights {
            reciprocity: b.w_reciprocity,
            community: b.w_community,
            fairness: b.w_fairness,
            crisis: b.w_crisis,
            commitment: b.w_commitment,
        };
        let years = state.in_force_since.map_or(0.0, |since| f64::from(self.day() - since) / YEAR_DAYS);
        arrangement::gain(&motives, &weights, a.typed.diplomatic_cost)
            + arrangement::linkage_gain(years, b.linkage_per_year)
    }

    /// Responsibility a country carries, over what it has room for.
    fn load(&self, country: CountryId) -> f64 {
        let terms = self.pressure_terms(country);
        terms.load
    }

    /// People a year whom others promise, by the arrangement, to take from a party or to keep from it.
    fn promised_to(&self, index: usize, party: CountryId) -> f64 {
        let a = &self.setup.arrangements[index];
        let mut promised = 0.0;
        if let (Some(route), Some(terms)) = (a.orderly, &a.typed.orderly_departure) {
            let route = &self.setup.routes[route.index()];
            if self.setup.populations[route.population.index()].country == party {
                promised += terms.places_per_year;
            }
        }
        if let (Some((by, _)), Some(terms)) = (&a.dissuasion, &a.typed.dissuasion)
            && *by != party
        {
            let arriving = self.world.countries[party.index()].arriving * YEAR_DAYS;
            promised += terms.share * terms.delivered_share * arriving;
        }
        if let (Some(at), Some(terms)) = (a.hosting, &a.typed.hosting)
            && self.setup.places[at.index()].country != party
        {
            promised += terms.capacity;
        }
        if let (Some((from, _)), Some(terms)) = (&a.resettlement, &a.typed.resettlement)
            && self.setup.places[from.index()].country == party
        {
            promised += terms.places_per_year;
        }
        promised
    }

    /// Share of a party's arrivals and stock that the arrangement would take off it.
    fn expected_relief(&self, index: usize, party: CountryId) -> f64 {
        let a = &self.setup.arrangements[index];
        let mut relief = 0.0_f64;
        if let (Some((by, _)), Some(terms)) = (&a.dissuasion, &a.typed.dissuasion)
            && *by != party
        {
            relief = relief.max(terms.share * terms.delivered_share);
        }
        let held: f64 = self
            .setup
            .places
            .iter()
            .zip(&self.world.places)
            .filter(|(p, _)| p.country == party)
            .map(|(_, s)| f64::from(s.occupied))
            .sum();
        if let (Some(at), Some(terms)) = (a.hosting, &a.typed.hosting)
            && self.setup.places[at.index()].country != party
        {
            relief = relief.max((terms.capacity / held.max(1.0)).min(1.0));
        }
        if let (Some((from, _)), Some(terms)) = (&a.resettlement, &a.typed.resettlement)
            && self.setup.places[from.index()].country == party
        {
            let waiting = self.world.places[from.index()].to_resettle.len() as f64;
            relief = relief.max(
                (terms.places_per_year / waiting.max(1.0)).min(1.0) * math::logistic(waiting / 50.0 - 2.0),
            );
        }
        relief
    }

    /// Harm that more protection would avoid for people on their way to a country: the believed risk of death.
    fn harm_avoided(&self, country: CountryId) -> f64 {
        let mut worst = 0.0_f64;
        for (route, state) in self.setup.routes.iter().zip(&self.world.routes) {
            if route.country == country {
                worst = worst.max(state.death.mean());
            }
        }
        worst
    }
}
