//! Claims in a country: the queues of first and second instance (model 5.7).
//!
//! Whose turn it is, and what is decided, hangs on the queue of one country and on who its claimants are; what a decision
//! changes is a household's own. So countries are gone through first, each for itself, and nothing of the people is
//! changed; then decisions are carried out, population by population. Both can be shared among threads.

use super::facilities::Procedure;
use super::keyed::Purpose;
use super::read_ahead::READ_TOGETHER;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::ClaimOrder;
use crate::world::{
    Cell, CountryId, CountryState, Flow, Household, PlaceId, Queued, Record, Slot, Status, Wait,
};
use rayon::prelude::*;

/// What is decided on a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Protected,
    /// Refused, and appealed against.
    Appealed,
    Refused,
}

/// A decision on a household's claim.
#[derive(Clone, Copy, Debug)]
struct Decided {
    queued: Queued,
    record: Record,
    cell: Cell,
    /// Where the first of them stands.
    slot: Slot,
    decision: Decision,
}

impl<'s> Sim<'s> {
    /// A day of decisions everywhere.
    pub fn decide_claims(&mut self) {
        for status in [Status::Claimant, Status::Appellant] {
            let mut countries = std::mem::take(&mut self.world.countries);
            let expected = |(id, state): (usize, &CountryState)| {
                let queue = if status == Status::Claimant { &state.claims } else { &state.appeals };
                (self.decisions_per_day(CountryId::at(id), status) as usize).min(queue.len())
            };
            let many = countries.iter().enumerate().map(expected).sum::<usize>() >= self.share_from;
            let of_country = |(id, state): (usize, &mut CountryState)| {
                let mut decided: Vec<Decided> = Vec::new();
                self.decide_in_turn(CountryId::at(id), state, status, &mut decided);
                let appealed = decided.iter().filter(|one| one.decision == Decision::Appealed);
                state.appeals.extend(appealed.map(|one| Queued { since: self.day(), ..one.queued }));
                decided
            };
            let decided: Vec<Vec<Decided>> = if many {
                countries.par_iter_mut().enumerate().with_max_len(1).map(of_country).collect()
            } else {
                countries.iter_mut().enumerate().map(of_country).collect()
            };
            self.world.countries = countries;
            let group = |decided: &Decided| decided.queued.household.group;
            self.each_of(&decided.concat(), group, |sim, decided| sim.carry_out_decision(decided));
        }
    }

    fn decisions_per_day(&self, country: CountryId, status: Status) -> f64 {
        match status {
            Status::Claimant => self.levers.decisions[country.index()],
            _ => self.setup.countries[country.index()].typed.appeals_per_day,
        }
    }

    /// The day's decisions of one instance of a country, as far as there are claims.
    fn decide_in_turn(
        &self,
        country: CountryId,
        state: &mut CountryState,
        status: Status,
        decided: &mut Vec<Decided>,
    ) {
        let first_instance = status == Status::Claimant;
        let (queue, carry) = if first_instance {
            (&mut state.claims, &mut state.decision_carry)
        } else {
            (&mut state.appeals, &mut state.appeal_carry)
        };
        if queue.is_empty() {
            return;
        }
        let (decisions, left) = claim::decisions_today(*carry, self.decisions_per_day(country, status));
        *carry = left;
        let last_first = self.setup.claim_order(country) == ClaimOrder::LastInFirstOut;
        for turn in 0..decisions as usize {
            if turn.is_multiple_of(READ_TOGETHER) {
                let most = (decisions as usize - turn).min(READ_TOGETHER).min(queue.len());
                let first = if last_first { queue.len() - most } else { 0 };
                self.read_ahead(queue.range(first..first + most).map(|queued| queued.household), status);
            }
            let mut next = || if last_first { queue.pop_back() } else { queue.pop_front() };
            let Some(one) = std::iter::from_fn(&mut next).find_map(|q| self.decide_on(country, q, status))
            else {
                break;
            };
            decided.push(one);
        }
    }

    /// What is decided on a claim whose turn has come, if the household is still pending there.
    fn decide_on(&self, country: CountryId, queued: Queued, status: Status) -> Option<Decided> {
        let slot = self.rows(queued.household, status).leader()?;
        let cell = self.cell_at(queued.household, slot);
        let record = self.still_queued(queued, status, cell.place())?;
        let procedure = if status == Status::Claimant { Procedure::Regular } else { Procedure::Appeal };
        let decision = self.decision(queued.household, country, record, procedure);
        Some(Decided { queued, record, cell, slot, decision })
    }

    fn decision(
        &self,
        household: Household,
        country: CountryId,
        record: Record,
        procedure: Procedure,
    ) -> Decision {
        if self.determine(household, country, record, procedure) {
            return Decision::Protected;
        }
        let who = self.who(household.group, household.head);
        let appeals = procedure != Procedure::Appeal && {
            let u = self.luck.uniform(Purpose::Appeal, who, u64::from(record.attempts()), 1);
            u < self.setup.countries[country.index()].typed.appeal_share
        };
        if appeals { Decision::Appealed } else { Decision::Refused }
    }

    /// The day has come by which a claim in the accelerated procedure is decided.
    pub fn decide_accelerated(&mut self, household: Household, place: PlaceId) {
        let Some(slot) = self.rows(household, Status::Claimant).leader() else { return };
        let Some((record, since)) = self.spell(household, Status::Claimant) else { return };
        let country = self.setup.places[place.index()].country;
        let cell = Cell::of(place, Status::Claimant);
        let decision = self.decision(household, country, record, Procedure::Accelerated);
        if decision == Decision::Appealed {
            self.queue_for_appeal(country, Queued { household, since: self.day() });
        }
        let queued = Queued { household, since };
        self.carry_out_decision(Decided { queued, record, cell, slot, decision });
    }

    /// Let a decision take its effect.
    fn carry_out_decision(&mut self, decided: Decided) {
        let Decided { queued, record, cell, slot, decision } = decided;
        let (household, from, place) = (queued.household, cell.status(), cell.place());
        self.today.last_found.note(household, slot);
        let persons = self.present(household, from);
        let recognised = decision == Decision::Protected;
        let first_instance = from == Status::Claimant;
        let wait = if first_instance { Wait::Decision } else { Wait::Appeal };
        self.waited(wait, place, self.day().wrapping_sub(queued.since), persons);
        if first_instance || recognised {
            self.count_decision(household, place, persons, recognised);
        }
        let (to, change) = match decision {
            Decision::Protected => (Status::Protected, Change::default()),
            Decision::Appealed => (Status::Appellant, Change::counted(Flow::Appealed)),
            Decision::Refused => (Status::Rejected, Change::default()),
        };
        if decision != Decision::Appealed {
            let score = if recognised { 1.0 } else { 0.0 };
            self.credit(household.group, record, false, score, persons);
        }
        self.shift(household, from, Cell::of(place, to), change);
    }
}
