//! What a State has to gain by an arrangement: the five motives, each from what the model knows (model 5.13).

use super::sim::Sim;
use crate::instruments::{Assignment, AssignmentRule, Clause, Does, Relocation, care_grant};
use crate::model::arrangement::{self, Size};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{CountryId, Status};

impl Sim<'_> {
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
        let relief = self.expected_relief(index, party);
        let with = arrangement::pressure_with_relief(p, relief, setup.scenario.pressure.rho_relief);
        let (before, after, me) = self.loads_with_and_without(index, party);
        let motives = arrangement::Motives {
            reciprocity: arrangement::reciprocity(
                state.trust.mean(),
                arrangement::promised_share(promised, arrivals),
            ),
            community: self.community(index, party),
            fairness: arrangement::fairness_gain(&after, &before, me),
            crisis: arrangement::crisis_gain(p, with),
            commitment: arrangement::commitment(
                self.harm_avoided(index),
                a.parties.iter().any(|&c| self.past_breaking_point(c)),
            ),
        };
        let weights = arrangement::Weights {
            reciprocity: b.w_reciprocity,
            community: b.w_community,
            fairness: b.w_fairness,
            crisis: b.w_crisis,
            commitment: b.w_commitment,
        };
        let years = state.in_force_since.map_or(0.0, |since| f64::from(self.day() - since) / YEAR_DAYS);
        arrangement::gain(&motives, &weights, self.cost_share(index, party))
            + arrangement::linkage_gain(years, b.linkage_per_year)
    }

    /// Mean overlap of a party's memberships with the others'.
    fn community(&self, index: usize, party: CountryId) -> f64 {
        let memberships = |c: CountryId| &self.setup.countries[c.index()].typed.memberships;
        let others: Vec<CountryId> =
            self.setup.arrangements[index].parties.iter().copied().filter(|&other| other != party).collect();
        let overlap: f64 = others
            .iter()
            .map(|&other| arrangement::membership_overlap(memberships(party), memberships(other)))
            .sum();
        if others.is_empty() { 0.0 } else { overlap / others.len() as f64 }
    }

    /// Cost to a party, as a gain forgone: diplomacy, approval, money and places over its budget.
    fn cost_share(&self, index: usize, party: CountryId) -> f64 {
        use crate::instruments::Approval;
        let a = &self.setup.arrangements[index];
        let mut usd = 0.0;
        for clause in &a.clauses {
            usd += clause.usd_per_year * clause.paid_by(party, &a.parties);
            // Places without a number are places that cost nothing.
            if let (Does::Relocate(stream), true) = (&clause.does, clause.usd_per_person > 0.0) {
                usd += offered_by(stream, party) * clause.usd_per_person;
            }
        }
        let budget = self.setup.countries[party.index()].typed.budget_million_usd * 1e6;
        let approval = if a.typed.approval == Approval::Parliament { a.typed.approval_cost } else { 0.0 };
        a.typed.diplomatic_cost + approval + usd / budget
    }

    /// Whether a country has more people than places for them: in its care, or in front of its border. A system that
    /// has shut the door is past breaking point as well.
    fn past_breaking_point(&self, country: CountryId) -> bool {
        let waiting = self.stock_of(country, Status::WaitingAtBorder);
        self.stock_in_care(country) + waiting > self.levers.reception_places[country.index()]
    }

    /// Loads of the parties as fairness weighs them, without the arrangement and with it, and which is the
    /// party's.
    fn loads_with_and_without(&self, index: usize, party: CountryId) -> (Vec<f64>, Vec<f64>, usize) {
        let a = &self.setup.arrangements[index];
        let sizes: Vec<Size> = a.parties.iter().map(|&c| self.size(c)).collect();
        let weights = arrangement::KeyWeights::default();
        let keys: Vec<f64> =
            (0..sizes.len()).map(|me| arrangement::key_share(&sizes, me, &weights)).collect();
        let before: Vec<f64> = a.parties.iter().map(|&c| self.stock_in_care(c)).collect();
        let mut after = before.clone();
        let at = |country| a.parties.iter().position(|&p| p == country);
        for clause in &a.clauses {
            if let Does::Assign(assignment) = &clause.does
                && let AssignmentRule::Key(weights) = &assignment.rule
            {
                self.assign_by_key(assignment, weights, &a.parties, &mut after);
                continue;
            }
            let Some(from) = clause.lightens.and_then(at) else { continue };
            if let Does::Relocate(stream) = &clause.does {
                let offered: f64 = stream.offers.iter().map(|o| o.per_year.min(o.total)).sum();
                let taken = clause.persons_per_year.min(after[from]);
                after[from] -= taken;
                for offer in &stream.offers {
                    if let Some(to) = at(offer.by) {
                        after[to] += taken * offer.per_year.min(offer.total) / offered.max(1e-9);
                    }
                }
            } else {
                after[from] -= clause.persons_per_year.min(after[from]);
            }
        }
        let me = at(party).unwrap_or(0);
        let millions = sizes.iter().map(|size| size.population_millions).sum();
        let scale = self.setup.scenario.pressure.stock_scale_per_million;
        let loads = |r: &[f64]| arrangement::felt_loads(r, &keys, millions, scale);
        (loads(&before), loads(&after), me)
    }

    /// People in the care of parties as they would be, had a key assigned the claims of a year among its members.
    fn assign_by_key(
        &self,
        assignment: &Assignment,
        weights: &arrangement::KeyWeights,
        parties: &[CountryId],
        in_care: &mut [f64],
    ) {
        let members = &assignment.members;
        let sizes: Vec<Size> = members.iter().map(|&m| self.size(m)).collect();
        let keys: Vec<f64> = (0..members.len()).map(|m| arrangement::key_share(&sizes, m, weights)).collect();
        let at = |member| parties.iter().position(|&p| p == member);
        let carried: Vec<f64> =
            members.iter().map(|&m| at(m).map_or_else(|| self.stock_in_care(m), |i| in_care[i])).collect();
        let claims: Vec<f64> =
            members.iter().zip(&carried).map(|(&m, &r)| self.claims_of_a_year(m).min(r)).collect();
        for (&member, after) in members.iter().zip(arrangement::after_key(&carried, &claims, &keys)) {
            if let Some(i) = at(member) {
                in_care[i] = after;
            }
        }
    }

    /// People who came to a country within a year, as arrivals stand, and are in its care by a claim: those
    /// protected as a group lodge none.
    fn claims_of_a_year(&self, country: CountryId) -> f64 {
        let arrivals = self.world.countries[country.index()].arriving * YEAR_DAYS;
        arrivals.min(self.stock_in_care(country) - self.stock_of(country, Status::TemporarilyProtected))
    }

    /// What makes a country able to take responsibility.
    pub fn size(&self, country: CountryId) -> Size {
        let typed = &self.setup.countries[country.index()].typed;
        Size {
            population_millions: typed.population_millions,
            area_km2: typed.area_km2,
            gdp_usd: typed.population_millions * 1e6 * typed.gdp_per_head_usd,
        }
    }

    /// People a year whom others promise, by the arrangement, to take from a party or to keep from it, and
    /// costs met as people whose care they pay.
    fn promised_to(&self, index: usize, party: CountryId) -> f64 {
        let typed = &self.setup.countries[party.index()].typed;
        let mut promised = 0.0;
        for clause in &self.setup.arrangements[index].clauses {
            if clause.lightens == Some(party) && clause.by != Some(party) {
                promised += clause.persons_per_year;
            }
            match &clause.does {
                Does::Dissuade { share, .. } if self.dissuades_towards(clause, party) => {
                    promised += share * self.world.countries[party.index()].arriving * YEAR_DAYS;
                }
                Does::Care { country, usd_per_year } if *country == party && clause.by != Some(party) => {
                    promised += usd_per_year / typed.care_usd_per_person_year.max(1.0);
                }
                Does::Allot { members, usd_per_year, .. } if members.iter().any(|m| m.country == party) => {
                    promised += usd_per_year / members.len() as f64 / typed.care_usd_per_person_year.max(1.0);
                }
                _ => {}
            }
        }
        promised
    }

    /// Whether a clause keeps people from setting out towards a party, which is not the one that does so.
    fn dissuades_towards(&self, clause: &Clause, party: CountryId) -> bool {
        let Does::Dissuade { routes, .. } = &clause.does else { return false };
        clause.by != Some(party) && routes.iter().any(|r| self.setup.routes[r.index()].country == party)
    }

    /// Share of a party's arrivals, stock or costs that the arrangement would take off it.
    fn expected_relief(&self, index: usize, party: CountryId) -> f64 {
        let held: f64 = self
            .setup
            .places
            .iter()
            .zip(&self.world.places)
            .filter(|(p, _)| p.country == party)
            .map(|(_, s)| f64::from(s.occupied))
            .sum();
        let typed = &self.setup.countries[party.index()].typed;
        let mut relief = 0.0_f64;
        for clause in &self.setup.arrangements[index].clauses {
            let share = match &clause.does {
                Does::Dissuade { share, .. } if self.dissuades_towards(clause, party) => *share,
                Does::Room { persons, .. } if clause.lightens == Some(party) => {
                    (persons / held.max(1.0)).min(1.0)
                }
                Does::Relocate(stream) if clause.lightens == Some(party) => {
                    let waiting = self.moveable(stream);
                    (clause.persons_per_year / waiting.max(1.0)).min(1.0)
                        * crate::model::math::logistic(waiting / 50.0 - 2.0)
                }
                Does::Care { country, usd_per_year } if *country == party => care_grant::share_met(
                    *usd_per_year,
                    typed.care_usd_per_person_year,
                    self.stock_in_care(party),
                ),
                _ => 0.0,
            };
            relief = relief.max(share);
        }
        relief
    }

    /// People whom a stream could move, as stocks stand.
    pub fn moveable(&self, stream: &Relocation) -> f64 {
        let mut persons = 0;
        for &place in &stream.from {
            for &status in Status::ALL.iter().filter(|&&s| stream.statuses[s as usize]) {
                let cell = crate::world::Cell::of(place, status).index();
                let named =
                    (0..stream.populations.len()).filter(|&population| stream.populations[population]);
                persons += named.map(|population| self.world.stocks.of(population, cell)).sum::<u32>();
            }
        }
        f64::from(persons)
    }

    /// Refoulements and deaths an arrival to the party worst off, as far as more protection would avoid them.
    fn harm_avoided(&self, index: usize) -> f64 {
        let rate = |c: &CountryId| {
            let state = &self.world.countries[c.index()];
            (state.harmed / (state.arriving + state.harmed).max(1e-9)).min(1.0)
        };
        self.setup.arrangements[index].parties.iter().map(rate).fold(0.0, f64::max)
    }
}

/// People a year whom a party offers to take under a stream.
fn offered_by(stream: &Relocation, party: CountryId) -> f64 {
    stream.offers.iter().filter(|o| o.by == party).map(|o| o.per_year.min(o.total)).sum()
}
