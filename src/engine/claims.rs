//! Claims in a country: the queues of first and second instance (model 5.7).

use super::facilities::Procedure;
use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::ClaimOrder;
use crate::world::{
    Cell, CountryId, CountryState, Flow, Household, Members, PlaceId, Queued, Record, Status, Wait, World,
};
use std::collections::VecDeque;

impl Sim<'_> {
    /// A day of decisions everywhere.
    pub fn decide_claims(&mut self) {
        self.decide_in_turn(Status::Claimant);
        self.decide_in_turn(Status::Appellant);
    }

    /// A day of decisions of one instance, as far as there are claims.
    fn decide_in_turn(&mut self, status: Status) {
        let setup = self.setup;
        let mut left = vec![0.0; setup.countries.len()];
        for (country, left) in left.iter_mut().enumerate() {
            let per_day = match status {
                Status::Claimant => self.levers.decisions[country],
                _ => setup.countries[country].typed.appeals_per_day,
            };
            let (queue, carry) = docket(&mut self.world.countries[country], status);
            if !queue.is_empty() {
                let (today, later) = claim::decisions_today(*carry, per_day);
                (*left, *carry) = (f64::from(today), later);
            }
        }
        let next = |world: &mut World, country: usize| {
            let (queue, _) = docket(&mut world.countries[country], status);
            match setup.claim_order(CountryId::at(country)) {
                ClaimOrder::FirstInFirstOut => queue.pop_front(),
                ClaimOrder::LastInFirstOut => queue.pop_back(),
            }
        };
        self.take_turns(
            &mut left,
            status,
            next,
            |queued| (queued.household, 1),
            |sim, country, queued| sim.decide_next(CountryId::at(country), queued, status).into(),
        );
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
        let (first, members) = self.first_and_rows(household, status)?;
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

/// What waits for one instance in a country, and what it carried over of decisions.
fn docket(state: &mut CountryState, status: Status) -> (&mut VecDeque<Queued>, &mut f64) {
    match status {
        Status::Claimant => (&mut state.claims, &mut state.decision_carry),
        _ => (&mut state.appeals, &mut state.appeal_carry),
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
