//! Arrangements through their life: dated, or by what each party has to gain (model 5.13). What a party has to gain is
//! in `gains.rs`.

use super::keyed::Purpose;
use super::sim::Sim;
use crate::instruments::{Does, fund};
use crate::model::arrangement::{self, Phase};
use crate::model::belief::Belief;
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
                moved |= self.end_grants(index);
            }
            // In a crisis those who are not yet agreed meet every day.
            let agreed = self.world.arrangements[index].in_force_since.is_some();
            if own && (regular || (!agreed && self.in_crisis(index))) {
                self.review_arrangement(index);
            }
            // Parties that choose for themselves do so until the date on which it ends.
            if let Some(&(_, phase)) = a.life.iter().find(|l| l.0 == i64::from(day))
                && (!own || phase == Phase::Ended)
            {
                self.enter_phase(index, phase);
            }
            if regular && agreed {
                moved |= self.others_join(index);
            }
            moved |= before != self.world.arrangements[index].phase;
            moved |= self.allot_fund(index);
        }
        if moved {
            self.pull_levers();
        }
    }

    /// Programmes build up with time, so that levers move slowly, week by week, even when no phase does.
    pub fn build_up(&mut self) {
        let day = self.day();
        let a_week_on = self.world.arrangements.iter().zip(&self.setup.arrangements).any(|(s, a)| {
            let longest = a.clauses.iter().map(|c| c.build_up_days).fold(0.0, f64::max);
            // Delivery comes closer to its end as an exponential does, and never stands still.
            let longest = if a.typed.delivery_days > 0.0 { f64::INFINITY } else { longest };
            s.in_force_since.is_some_and(|since| {
                let age = day - since;
                age.is_multiple_of(7) && f64::from(age) < longest + 7.0
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
        let a = &self.setup.arrangements[index];
        let state = &mut self.world.arrangements[index];
        let kept = matches!(state.phase, Phase::InForce | Phase::Revived);
        state.phase = phase;
        state.since = day;
        state.low_reviews = 0;
        if matches!(phase, Phase::InForce | Phase::Revived) && state.in_force_since.is_none() {
            state.in_force_since = Some(day);
            // Those without whom there is none are bound to its terms in full; the others pledge.
            state.pledged[..a.required].fill(1.0);
            state.pledged_since[..a.required].fill(day);
            if let Some((route, _)) = a.orderly() {
                state.granted_before = self.world.routes[route.index()].granted;
            }
            self.others_join(index);
        }
        // One that was suspended when it ended has not run its course; who never joined has no record of it.
        if phase == Phase::Ended && kept {
            let pledged = &self.world.arrangements[index].pledged;
            for (party, _) in a.parties.iter().zip(pledged).filter(|(_, pledged)| **pledged > 0.0) {
                self.world.countries[party.index()].successes += 1;
            }
        }
    }

    /// Parties that may join and have not weigh whether to, and how much to pledge in view of what others pledged.
    fn others_join(&mut self, index: usize) -> bool {
        let setup = self.setup;
        let a = &setup.arrangements[index];
        if a.required == a.parties.len()
            || !matches!(self.world.arrangements[index].phase, Phase::InForce | Phase::Revived)
        {
            return false;
        }
        let day = self.day();
        let key_all: f64 = (a.required..a.parties.len()).map(|i| self.part_of(index, i)).sum();
        let mut joined = false;
        for party in a.required..a.parties.len() {
            if self.world.arrangements[index].pledged[party] > 0.0 {
                continue;
            }
            let gain = self.gain(index, a.parties[party]);
            self.world.arrangements[index].gains[party] = gain;
            let accept = self.willingness(a.parties[party], gain);
            if self.negotiation_luck(index, a.parties[party]) >= accept {
                continue;
            }
            let others: f64 = (a.required..a.parties.len())
                .filter(|&i| i != party)
                .map(|i| self.world.arrangements[index].pledged[i] * self.part_of(index, i))
                .sum();
            let rest = key_all - self.part_of(index, party);
            let by_others = if rest > 0.0 { others / rest } else { 1.0 };
            let chi = a.typed.pledge_conditionality;
            let pledge = arrangement::pledge(1.0, 1.0, accept, chi, by_others);
            let state = &mut self.world.arrangements[index];
            state.pledged[party] = pledge;
            state.pledged_since[party] = day;
            joined |= pledge > 0.0;
        }
        joined
    }

    /// The part of a party: places it would offer, or an equal part where its clauses offer none.
    fn part_of(&self, index: usize, party: usize) -> f64 {
        let a = &self.setup.arrangements[index];
        let offered: f64 = a
            .streams()
            .flat_map(|(_, s)| &s.offers)
            .filter(|o| o.by == a.parties[party])
            .map(|o| o.per_year.min(o.total))
            .sum();
        if offered > 0.0 { offered } else { 1.0 }
    }

    fn willingness(&self, party: CountryId, gain: f64) -> f64 {
        let b = &self.setup.scenario.bargaining;
        let successes = self.world.countries[party.index()].successes;
        let theta = arrangement::learned_threshold(b.threshold, successes, b.threshold_learning);
        arrangement::acceptance_probability(b.eta, gain, theta)
    }

    fn negotiation_luck(&self, index: usize, party: CountryId) -> f64 {
        let key = self.setup.arrangements[index].key;
        let who = self.setup.countries[party.index()].key;
        self.luck.uniform(Purpose::Negotiation, key, u64::from(self.day()), who)
    }

    /// A programme of temporary protection ends when the pressure on the State that grants it is too high.
    fn end_grants(&mut self, index: usize) -> bool {
        let a = &self.setup.arrangements[index];
        if !matches!(self.world.arrangements[index].phase, Phase::InForce | Phase::Revived) {
            return false;
        }
        let ends = a.clauses.iter().any(|clause| match &clause.does {
            Does::Grant { country, ends_above_pressure, .. } => {
                self.world.countries[country.index()].attention.share() > *ends_above_pressure
            }
            _ => false,
        });
        if ends {
            let state = &mut self.world.arrangements[index];
            state.phase = Phase::Ended;
            state.since = self.world.day;
        }
        ends
    }

    /// Once a year a fund is allotted anew by its rule.
    fn allot_fund(&mut self, index: usize) -> bool {
        let a = &self.setup.arrangements[index];
        let Some(since) = self.world.arrangements[index].in_force_since else { return false };
        if !(self.day() - since).is_multiple_of(365) {
            return false;
        }
        let Some((members, usd, rule)) = a.clauses.iter().find_map(|clause| match &clause.does {
            Does::Allot { members, usd_per_year, rule, .. } => Some((members, *usd_per_year, *rule)),
            _ => None,
        }) else {
            return false;
        };
        // In its first year nothing is known of the year before, and so of no growth.
        let first = self.day() == since;
        let before = &self.world.arrangements[index].in_care_before;
        let standings: Vec<fund::Standing> = members
            .iter()
            .zip(before)
            .map(|(member, &stock_before)| {
                let stock = self.stock_in_care(member.country);
                let typed = &self.setup.countries[member.country.index()].typed;
                fund::Standing {
                    stock,
                    stock_before: if first { stock } else { stock_before },
                    capacity: self.levers.reception_places[member.country.index()],
                    frontier: member.frontier,
                    cost_usd: stock * typed.care_usd_per_person_year,
                }
            })
            .collect();
        let state = &mut self.world.arrangements[index];
        state.allotted = fund::shares(rule, &standings, usd);
        state.in_care_before = standings.iter().map(|s| s.stock).collect();
        true
    }

    /// Delivered over promised, and the trust that is left by what of it is seen.
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
        let state = &mut self.world.arrangements[index];
        state.delivery = delivery;
        state.reviews += 1;
        let prior = Belief::prior(b.trust_prior, b.trust_prior_strength);
        let (half_life, elapsed) = (b.trust_half_life_days, b.review_days);
        state.trust = arrangement::trust_after_review(state.trust, prior, half_life, elapsed, delivery, seen);
    }

    /// Mean over the terms of delivered over promised.
    fn delivery(&self, index: usize) -> f64 {
        let a = &self.setup.arrangements[index];
        let state = &self.world.arrangements[index];
        let age = state.in_force_since.map_or(0.0, |since| f64::from(self.day() - since));
        let effect = super::levers::effect(self.setup, index, state, self.day());
        let mut ratios = Vec::new();
        for clause in &a.clauses {
            match &clause.does {
                Does::Ceiling { route, .. } => {
                    let promised = clause.persons_per_year * age / YEAR_DAYS;
                    let since = self.world.routes[route.index()].granted - state.granted_before;
                    let granted = f64::from(since) * self.mean_household(route.index());
                    ratios.push(arrangement::delivery_ratio(granted, promised));
                }
                Does::TakeBack { country, punished } => {
                    let practice = self.returnees_punished(*country);
                    ratios.push(1.0 - (practice - punished).max(0.0));
                }
                Does::Dissuade { .. } => {
                    ratios.push(a.typed.dissuasion.as_ref().map_or(1.0, |d| d.delivered_share));
                }
                // What was pledged and is not delivered is seen by those who count on it; to have pledged little, or
                // nothing, breaks no word.
                _ => ratios.extend(effect.word_kept(a, clause.by)),
            }
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
                let needed = a.parties.iter().zip(&gains).take(a.required);
                let all_accept = needed.into_iter().all(|(&party, &gain)| {
                    self.negotiation_luck(index, party) < self.willingness(party, gain)
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
}
