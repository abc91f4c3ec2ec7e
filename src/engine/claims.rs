//! Claims in a country: the queues of first and second instance (model 5.7).

use super::facilities::Procedure;
use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::ClaimOrder;
use crate::world::{Cell, CountryId, Flow, Household, Members, PlaceId, Queued, Record, Status, Wait};

impl Sim<'_> {
    /// A day of decisions everywhere.
    pub fn decide_claims(&mut self) {
        let all = 0..self.setup.countries.len();
        let mut decisions = vec![0; all.len()];
        for country in all.clone() {
            let per_day = self.levers.decisions[country];
            let state = &mut self.world.countries[country];
            if !state.claims.is_empty() {
                (decisions[country], state.decision_carry) =
                    claim::decisions_today(state.decision_carry, per_day);
            }
        }
        self.decide_in_turn(&mut decisions, Status::Claimant);
        decisions.fill(0);
        for country in all {
            let per_day = self.setup.countries[country].typed.appeals_per_day;
            let state = &mut self.world.countries[country];
            if !state.appeals.is_empty() {
                (decisions[country], state.appeal_carry) =
                    claim::decisions_today(state.appeal_carry, per_day);
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
        let Some(pending) = self.pending(queued.household, status) else { return false };
        if pending.since as u16 != queued.since as u16 {
            return false;
        }
        match status {
            Status::Claimant => self.decide_claim(pending, country, Procedure::Regular),
            _ => self.decide_appeal(pending, country),
        }
        true
    }

    /// The day has come by which a claim in the accelerated procedure is decided.
    pub fn decide_accelerated(&mut self, household: Household, place: PlaceId) {
        let Some(pending) = self.pending(household, Status::Claimant) else { return };
        let country = self.setup.places[place.index()].country;
        self.decide_claim(pending, country, Procedure::Accelerated);
    }

    /// The claim or appeal of a household, if there is one.
    fn pending(&self, household: Household, status: Status) -> Option<Pending> {
        let members = self.rows(household, status);
        let first = self.first(household, status, members)?;
        let (record, place, since) = (first.record, first.cell.place(), self.began(first));
        Some(Pending { household, status, members, record, place, since })
    }

    /// Decide on a claim at first instance.
    fn decide_claim(&mut self, pending: Pending, country: CountryId, procedure: Procedure) {
        let Pending { household, record, place, since, .. } = pending;
        let persons = pending.persons();
        self.waited(Wait::Decision, place, self.day().wrapping_sub(since), persons);
        let recognised = self.determine(household, country, record, procedure);
        self.count_decision(household, place, persons, recognised);
        if recognised {
            self.conclude(pending, Status::Protected);
            return;
        }
        let who = self.who(household.group, household.head);
        let u = self.luck.uniform(Purpose::Appeal, who, u64::from(record.attempts()), 1);
        if u < self.setup.countries[country.index()].typed.appeal_share {
            let to = Cell::of(place, Status::Appellant);
            let change = Change::counted(Flow::Appealed);
            self.shift_members(household, pending.members, Status::Claimant, to, change);
            self.queue_for_appeal(country, Queued { household, since: self.day() });
        } else {
            self.conclude(pending, Status::Rejected);
        }
    }

    /// Decide on an appeal.
    fn decide_appeal(&mut self, pending: Pending, country: CountryId) {
        let Pending { household, record, place, since, .. } = pending;
        let persons = pending.persons();
        self.waited(Wait::Appeal, place, self.day().wrapping_sub(since), persons);
        let recognised = self.determine(household, country, record, Procedure::Appeal);
        if recognised {
            self.count_decision(household, place, persons, true);
        }
        self.conclude(pending, if recognised { Status::Protected } else { Status::Rejected });
    }

    /// A claim ends with a status, which is news for those at home.
    fn conclude(&mut self, pending: Pending, status: Status) {
        let Pending { household, members, record, place, .. } = pending;
        let score = f64::from(u8::from(status == Status::Protected));
        self.credit(household.group, record, false, score, pending.persons());
        self.shift_members(household, members, pending.status, Cell::of(place, status), Change::default());
    }
}

/// A claim or an appeal that waits to be decided.
#[derive(Clone, Copy)]
struct Pending {
    household: Household,
    /// That of a claimant or of an appellant.
    status: Status,
    members: Members,
    /// The first member's.
    record: Record,
    place: PlaceId,
    /// Day on which it was lodged; modulo 2^32 where that was before the first.
    since: u32,
}

impl Pending {
    fn persons(&self) -> u32 {
        self.members.len() as u32
    }
}
