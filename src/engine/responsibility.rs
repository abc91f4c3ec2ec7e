//! Which State is responsible for a claim: requests, answers, transfers and what lapses, under a rule that an
//! arrangement brings (model 5.9). A household whose transfer is pending waits where it claimed.

use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::instruments::{Assignment, AssignmentRule, Does};
use crate::model::arrangement::key_share;
use crate::model::onward::{self, ClaimFacts, Regime};
use crate::world::{Cell, CountryId, Flow, Household, NO_RULE, NOBODY, PlaceId, Queued, Record, Status};

/// Marks, in the record's rule, a transfer that was asked for and not answered.
const ASKED: u16 = 0;
/// Marks a transfer that was accepted.
pub const ACCEPTED: u16 = 1;

impl Sim<'_> {
    /// Lodge a claim where the household is: there, or with another State asked to take responsibility.
    pub fn lodge_claim(&mut self, household: Household, place: PlaceId) {
        let Some(record) = self.record(household, Status::Undocumented) else { return };
        let country = self.setup.places[place.index()].country;
        let persons = self.present(household, Status::Undocumented);
        if let Some((to, asked, due)) = self.responsible_elsewhere(household, country, record, persons) {
            self.count(Flow::Claimed, place, household.group, persons);
            let rule = if asked { ASKED } else { ACCEPTED };
            let record = Record { rule, responsible: to.0 as u8, ..record };
            let change = Change::counted(Flow::TransferRequested).record(record).due(due);
            self.shift(household, Status::Undocumented, Cell::of(place, Status::TransferPending), change);
            if !asked {
                self.count(Flow::TransferAccepted, place, household.group, persons);
            }
            return;
        }
        self.queue_claim(household, Status::Undocumented, place, record, Some(Flow::Claimed));
    }

    /// Put a household into the queue of claims of a place's country, or before its accelerated procedure.
    fn queue_claim(
        &mut self,
        household: Household,
        from: Status,
        place: PlaceId,
        record: Record,
        flow: Option<Flow>,
    ) {
        let country = self.setup.places[place.index()].country;
        let record = Record { rule: NO_RULE, ..record }.under(country.0, self.day());
        let mut change = Change { flow, record: Some(record), ..Change::default() };
        let population = self.setup.group(household.group).population.index();
        let accelerated = self.levers.accelerated_days(self.setup, country, population);
        change.due = accelerated.map(|days| self.day() + days.round() as u32);
        self.shift(household, from, Cell::of(place, Status::Claimant), change);
        // Nobody waits for their turn where claims are decided by a day.
        if accelerated.is_none() {
            let queued = Queued { household, since: self.day() };
            self.queue_for_decision(country, queued);
        }
    }

    /// The other State that is to be responsible for a claim, whether it is yet to be asked, and the day by which.
    fn responsible_elsewhere(
        &mut self,
        household: Household,
        here: CountryId,
        record: Record,
        persons: u32,
    ) -> Option<(CountryId, bool, u32)> {
        let setup = self.setup;
        let Some((index, at)) = self.levers.assigned_by[here.index()] else {
            return self.readmitted(household, here, record);
        };
        let Does::Assign(assignment) = &setup.arrangements[index].clauses[at].does else { return None };
        let day = self.day();
        match &assignment.rule {
            AssignmentRule::FreeChoice => None,
            AssignmentRule::FirstEntry(regime) => {
                let to = self.first_entered(regime, assignment, here, record)?;
                let matching = self.database_with(here, to).unwrap_or(0.0).max(assignment.matching);
                let u = self.transfer_luck(household, record, assignment.key, 0);
                onward::matched(u, assignment.recorded_share, matching)
                    .then(|| (to, true, day + regime.reply_after_match_days.min(regime.reply_days)))
            }
            AssignmentRule::Key(weights) => {
                let sizes: Vec<_> = assignment.members.iter().map(|&m| self.size(m)).collect();
                let assigned = &self.world.arrangements[index].assigned;
                let all = f64::from(assigned.iter().sum::<u32>() + persons);
                let below = |m: usize| key_share(&sizes, m, weights) * all - f64::from(assigned[m]);
                let mut chosen = 0;
                for m in 1..assignment.members.len() {
                    if below(m) > below(chosen) {
                        chosen = m;
                    }
                }
                self.world.arrangements[index].assigned[chosen] += persons;
                let to = assignment.members[chosen];
                (to != here).then(|| (to, false, day + Regime::default().transfer_days))
            }
        }
    }

    /// The member first entered, if it is another and the entry has not lapsed.
    fn first_entered(
        &self,
        regime: &Regime,
        assignment: &Assignment,
        here: CountryId,
        record: Record,
    ) -> Option<CountryId> {
        if record.responsible == NOBODY {
            return None;
        }
        let days = u32::from((self.day() as u16).wrapping_sub(record.entered));
        let facts = ClaimFacts {
            irregular_entry: Some((u16::from(record.responsible), days)),
            ..ClaimFacts::default()
        };
        let to = CountryId(onward::responsible(regime, &facts)?);
        (to != here && assignment.members.contains(&to)).then_some(to)
    }

    /// Probability that a database shared by two countries finds a record of one in the other.
    fn database_with(&self, here: CountryId, there: CountryId) -> Option<f64> {
        let (index, at, probability) = self.levers.database[here.index()]?;
        let (other, there_at, _) = self.levers.database[there.index()]?;
        ((index, at) == (other, there_at)).then_some(probability)
    }

    /// Without a rule of responsibility, a database alone: one found in it is readmitted to where the first record is,
    /// as far as that State agrees.
    fn readmitted(
        &self,
        household: Household,
        here: CountryId,
        record: Record,
    ) -> Option<(CountryId, bool, u32)> {
        let to = CountryId(u16::from(record.responsible));
        if record.responsible == NOBODY || to == here {
            return None;
        }
        let probability = self.database_with(here, to)?;
        let (index, at, _) = self.levers.database[here.index()]?;
        let Does::Match { readmitted, .. } = &self.setup.arrangements[index].clauses[at].does else {
            return None;
        };
        let u = self.transfer_luck(household, record, self.setup.arrangements[index].key, 0);
        let due = self.day() + Regime::default().transfer_days;
        (u < probability * readmitted).then_some((to, false, due))
    }

    fn transfer_luck(&self, household: Household, record: Record, key: u64, which: u64) -> f64 {
        let who = self.who(household.group, household.head);
        self.luck.uniform(Purpose::Transfer, who, u64::from(record.attempts()) << 1 | which, key)
    }

    /// The day has come by which an answer, or a transfer, was due.
    pub fn transfer_due(&mut self, household: Household, place: PlaceId) {
        let Some(record) = self.record(household, Status::TransferPending) else { return };
        let here = self.setup.places[place.index()].country;
        let persons = self.present(household, Status::TransferPending);
        if record.rule == ASKED {
            // A rule that has ended binds nobody to answer.
            let (acceptance, key) = self.assignment_at(here).map_or((0.0, 0), |a| (a.acceptance, a.key));
            if self.transfer_luck(household, record, key, 1) < acceptance {
                let due = self.day() + self.transfer_days(here);
                let record = Record { rule: ACCEPTED, ..record };
                let change = Change::counted(Flow::TransferAccepted).record(record).due(due);
                let cell = Cell::of(place, Status::TransferPending);
                self.shift(household, Status::TransferPending, cell, change);
                return;
            }
            self.count(Flow::TransferRefused, place, household.group, persons);
        } else {
            self.count(Flow::TransferLapsed, place, household.group, persons);
        }
        // Responsibility stays, or comes back, where the claim was lodged.
        let record = Record { responsible: here.0 as u8, entered: self.day() as u16, ..record };
        self.queue_claim(household, Status::TransferPending, place, record, None);
    }

    /// Transfer a household to the country that accepted it.
    pub fn transfer(&mut self, household: Household, place: PlaceId) {
        let Some(record) = self.record(household, Status::TransferPending) else { return };
        let to = CountryId(u16::from(record.responsible));
        let Some(country) = self.setup.countries.get(to.index()) else { return };
        let territory = country.territory;
        let persons = self.present(household, Status::TransferPending);
        self.queue_claim(household, Status::TransferPending, territory, record, Some(Flow::Transferred));
        self.taken_by(place, territory, household, persons);
    }

    /// Hazard of being transferred, a day, of those whose transfer was accepted in a country.
    pub fn transfer_per_day(&self, country: CountryId) -> f64 {
        if let Some(assignment) = self.assignment_at(country) {
            return assignment.transfer_per_day;
        }
        let database = self.levers.database[country.index()];
        database.map_or(0.0, |(index, at, _)| match &self.setup.arrangements[index].clauses[at].does {
            Does::Match { transfer_per_day, .. } => *transfer_per_day,
            _ => 0.0,
        })
    }

    fn assignment_at(&self, country: CountryId) -> Option<&Assignment> {
        let (index, at) = self.levers.assigned_by[country.index()]?;
        match &self.setup.arrangements[index].clauses[at].does {
            Does::Assign(assignment) => Some(assignment),
            _ => None,
        }
    }

    fn transfer_days(&self, country: CountryId) -> u32 {
        match self.assignment_at(country).map(|a| &a.rule) {
            Some(AssignmentRule::FirstEntry(regime)) => regime.transfer_days,
            _ => Regime::default().transfer_days,
        }
    }
}
