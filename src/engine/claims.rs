//! Claims in a country: the queues of first and second instance (model 5.7).

use super::facilities::Procedure;
use super::keyed::Purpose;
use super::read_ahead::READ_TOGETHER;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::ClaimOrder;
use crate::world::{Cell, CountryId, Flow, Household, PlaceId, Queued, Record, Status, Wait};

impl Sim<'_> {
    /// A day of decisions everywhere.
    pub fn decide_claims(&mut self) {
        for country in 0..self.setup.countries.len() {
            let id = CountryId::at(country);
            let typed = &self.setup.countries[country].typed;
            let decisions_per_day = self.levers.decisions[country];
            if !self.world.countries[country].claims.is_empty() {
                let state = &mut self.world.countries[country];
                let (today, carry) = claim::decisions_today(state.decision_carry, decisions_per_day);
                state.decision_carry = carry;
                self.decide_in_turn(id, today, Status::Claimant);
            }
            if !self.world.countries[country].appeals.is_empty() {
                let state = &mut self.world.countries[country];
                let (today, carry) = claim::decisions_today(state.appeal_carry, typed.appeals_per_day);
                state.appeal_carry = carry;
                self.decide_in_turn(id, today, Status::Appellant);
            }
        }
    }

    /// So many decisions of one instance of a country, as far as there are claims.
    fn decide_in_turn(&mut self, country: CountryId, decisions: u32, status: Status) {
        for turn in 0..decisions {
            if (turn as usize).is_multiple_of(READ_TOGETHER) {
                self.read_claims(country, status, (decisions - turn) as usize);
            }
            let decided = match status {
                Status::Claimant => self.decide_first(country),
                _ => self.decide_appeal(country),
            };
            if !decided {
                return;
            }
        }
    }

    /// Read ahead the rows of those whose turn comes next, at most so many.
    fn read_claims(&self, country: CountryId, status: Status, most: usize) {
        let state = &self.world.countries[country.index()];
        let queue = if status == Status::Claimant { &state.claims } else { &state.appeals };
        let most = most.min(READ_TOGETHER).min(queue.len());
        let first = match self.setup.claim_order(country) {
            ClaimOrder::LastInFirstOut => queue.len() - most,
            ClaimOrder::FirstInFirstOut => 0,
        };
        self.read_ahead(queue.range(first..first + most).map(|queued| queued.household), status);
    }

    /// The next claim of a queue whose household is still pending there.
    fn next_claim(&mut self, country: CountryId, status: Status) -> Option<(Queued, Record, Cell)> {
        let last_first = self.setup.claim_order(country) == ClaimOrder::LastInFirstOut;
        loop {
            let state = &mut self.world.countries[country.index()];
            let queue = if status == Status::Claimant { &mut state.claims } else { &mut state.appeals };
            let queued = if last_first { queue.pop_back() } else { queue.pop_front() }?;
            let Some(slot) = self.rows(queued.household, status).next() else { continue };
            let cell = self.cell_at(queued.household, slot);
            if let Some(record) = self.still_queued(queued, status, cell.place()) {
                return Some((queued, record, cell));
            }
        }
    }

    /// Decide on the next claim of a country; whether there was one.
    fn decide_first(&mut self, country: CountryId) -> bool {
        let Some((queued, record, cell)) = self.next_claim(country, Status::Claimant) else { return false };
        self.decide_claim(queued, country, record, cell, Procedure::Regular);
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

    /// Decide on the next appeal of a country; whether there was one.
    fn decide_appeal(&mut self, country: CountryId) -> bool {
        let Some((queued, record, cell)) = self.next_claim(country, Status::Appellant) else { return false };
        let persons = self.present(queued.household, Status::Appellant);
        self.waited(Wait::Appeal, cell.place(), self.day().wrapping_sub(queued.since), persons);
        if self.determine(queued.household, country, record, Procedure::Appeal) {
            self.count_decision(queued.household, cell.place(), persons, true);
            self.protect(queued, record, cell, Status::Appellant);
        } else {
            self.refuse(queued, record, cell, Status::Appellant);
        }
        true
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
