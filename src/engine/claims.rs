//! Claims in a country: the queues of first and second instance (model 5.7).

use super::facilities::Procedure;
use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::ClaimOrder;
use crate::world::{Cell, CountryId, Flow, Household, PlaceId, Queued, Record, Status, Wait};

impl Sim<'_> {
    /// A day of decisions everywhere.
    pub fn decide_claims(&mut self) {
        let all = 0..self.setup.countries.len();
        let mut decisions = vec![0; all.len()];
        for country in all.clone() {
            let per_day = self.levers.decisions[country];
            let state = &mut self.world.countries[country];
            if !state.claims.is_empty() {
                (decisions[country], state.decision_carry) = claim::decisions_today(state.decision_carry, per_day);
            }
        }
        self.decide_in_turn(&mut decisions, Status::Claimant);
        decisions.fill(0);
        for country in all {
            let per_day = self.setup.countries[country].typed.appeals_per_day;
            let state = &mut self.world.countries[country];
            if !state.appeals.is_empty() {
                (decisions[country], state.appeal_carry) = claim::decisions_today(state.appeal_carry, per_day);
            }
        }
        self.decide_in_turn(&mut decisions, Status::Appellant);
    }

    /// So many decisions of one instance by country, as far as there are claims. As many claims as there are decisions
    /// left are taken from every queue and looked at, until none is found that no longer holds.
    fn decide_in_turn(&mut self, decisions: &mut [u32], status: Status) {
        loop {
            let mut turns: Vec<(CountryId, Queued)> = Vec::new();
            for (country, left) in decisions.iter_mut().enumerate().filter(|(_, left)| **left > 0) {
                let country = CountryId::at(country);
                let order = self.setup.claim_order(country);
                let state = &mut self.world.countries[country.index()];
                let queue = if status == Status::Claimant { &mut state.claims } else { &mut state.appeals };
                let next = (*left as usize).min(queue.len());
                match order {
                    ClaimOrder::FirstInFirstOut => turns.extend(queue.drain(..next).map(|q| (country, q))),
                    ClaimOrder::LastInFirstOut => {
                        turns.extend(queue.drain(queue.len() - next..).rev().map(|q| (country, q)));
                    }
                }
            }
            if turns.is_empty() {
                return;
            }
            let decided = self.each_in_turn(
                &turns,
                status,
                |turn| turn.1.household,
                |sim, &(country, queued)| sim.decide_next(country, queued, status),
            );
            for ((country, _), decided) in turns.iter().zip(decided) {
                decisions[country.index()] -= u32::from(decided);
            }
        }
    }

    /// Decide on a claim or an appeal that was queued, if it still holds; whether it did.
    fn decide_next(&mut self, country: CountryId, queued: Queued, status: Status) -> bool {
        let Some(slot) = self.rows(queued.household, status).next() else { return false };
        let cell = self.cell_at(queued.household, slot);
        let Some(record) = self.still_queued(queued, status, cell.place()) else { return false };
        match status {
            Status::Claimant => self.decide_claim(queued, country, record, cell, Procedure::Regular),
            _ => self.decide_appeal(queued, country, record, cell),
        }
        true
    }

    /// The day has come by which a claim in the accelerated procedure is decided.
    pub fn decide_accelerated(&mut self, household: Household, place: PlaceId) {
        let Some((record, since)) = self.spell(household, Status::Claimant) else { return };
        let country = self.setup.places[place.index()].country;
        let cell = Cell::of(place, Status::Claimant);
        self.decide_claim(Queued { household, since }, country, record, cell, Procedure::Accelerated);
    }

    /// Decide on a claim at first instance.
    fn decide_claim(
        &mut self,
        queued: Queued,
        country: CountryId,
        record: Record,
        cell: Cell,
        procedure: Procedure,
    ) {
        let household = queued.household;
        let place = cell.place();
        let persons = self.present(household, Status::Claimant);
        self.waited(Wait::Decision, place, self.day().wrapping_sub(queued.since), persons);
        let recognised = self.determine(household, country, record, procedure);
        self.count_decision(household, place, persons, recognised);
        if recognised {
            self.protect(queued, record, cell, Status::Claimant);
            return;
        }
        let who = self.who(household.group, household.head);
        let u = self.luck.uniform(Purpose::Appeal, who, u64::from(record.attempts()), 1);
        if u < self.setup.countries[country.index()].typed.appeal_share {
            let to = Cell::of(place, Status::Appellant);
            self.shift(household, Status::Claimant, to, Change::counted(Flow::Appealed));
            self.queue_for_appeal(country, Queued { household, since: self.day() });
        } else {
            self.refuse(queued, record, cell, Status::Claimant);
        }
    }

    /// Decide on an appeal.
    fn decide_appeal(&mut self, queued: Queued, country: CountryId, record: Record, cell: Cell) {
        let persons = self.present(queued.household, Status::Appellant);
        self.waited(Wait::Appeal, cell.place(), self.day().wrapping_sub(queued.since), persons);
        if self.determine(queued.household, country, record, Procedure::Appeal) {
            self.count_decision(queued.household, cell.place(), persons, true);
            self.protect(queued, record, cell, Status::Appellant);
        } else {
            self.refuse(queued, record, cell, Status::Appellant);
        }
    }

    fn protect(&mut self, queued: Queued, record: Record, cell: Cell, from: Status) {
        let persons = self.present(queued.household, from);
        self.credit(queued.household.group, record, false, 1.0, persons);
        let to = Cell::of(cell.place(), Status::Protected);
        self.shift(queued.household, from, to, Change::default());
    }

    fn refuse(&mut self, queued: Queued, record: Record, cell: Cell, from: Status) {
        let persons = self.present(queued.household, from);
        self.credit(queued.household.group, record, false, 0.0, persons);
        let to = Cell::of(cell.place(), Status::Rejected);
        self.shift(queued.household, from, to, Change::default());
    }
}
