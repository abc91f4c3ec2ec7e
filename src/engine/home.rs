//! Those who are back home: they set out again, or are in the end like any other household at home (model 5.10).
//!
//! Nobody asks them every day. Each waits for a threshold of their own, keyed by who they are and by the spell, on a
//! clock of exposure that they share with those of the same stratum who have made as many attempts.

use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::model::departure::{ExposureClock, Waiting};
use crate::model::outcome;
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{Cell, Flow, GroupId, Household, Record, Status};

impl Sim<'_> {
    /// Days for which those who come home today are still among those who may set out again.
    pub fn days_back(&self) -> u32 {
        (self.setup.scenario.journeys.returned_years * YEAR_DAYS) as u32
    }

    /// Set the clocks for the first of those of a household who are back home.
    pub fn await_at_home(&mut self, household: Household) {
        let Some(slot) = self.rows(household, Status::ReturnedHome).leader() else { return };
        let chunk = &self.crowd(household.group, Status::ReturnedHome).chunks[slot.chunk];
        let (ordinal, spell) = (chunk.ordinal[slot.row], chunk.people[slot.row].spell);
        let already = u32::from((self.day() as u16).wrapping_sub(chunk.people[slot.row].spell_start));
        let days = f64::from(self.days_back().saturating_sub(already));
        let attempts = attempts_counted(chunk.people[slot.row].record);
        let who = self.who(household.group, ordinal);
        let threshold = self.luck.exponential(Purpose::Again, who, u64::from(spell), 0);
        let back = &mut self.world.groups[household.group.index()].back;
        back.rejoining.expose(days, ordinal, spell);
        if back.again.len() <= attempts {
            back.again.resize(attempts + 1, ExposureClock::default());
        }
        back.again[attempts].expose(threshold, ordinal, spell);
    }

    /// A day of those of a group who are back home: some rejoin those who never left, some set out again.
    pub fn pass_day_at_home(&mut self, group: GroupId) {
        let back = &mut self.world.groups[group.index()].back;
        if back.rows.chunks.is_empty() {
            return;
        }
        back.rejoining.run(1.0);
        while let Some(waiting) = self.world.groups[group.index()].back.rejoining.next_reached() {
            if let Some((household, _)) = self.leads_at_home(group, waiting) {
                self.rejoin(household, waiting.ordinal);
            }
        }
        let irregular = self.today.groups[group.index()].irregular;
        for attempts in 0..self.world.groups[group.index()].back.again.len() {
            if self.world.groups[group.index()].back.again[attempts].waiting.is_empty() {
                continue;
            }
            let hazard = self.reattempt_hazard(irregular, attempts as u32);
            self.world.groups[group.index()].back.again[attempts].run(hazard);
            while let Some(waiting) = self.world.groups[group.index()].back.again[attempts].next_reached() {
                if let Some((household, record)) = self.leads_at_home(group, waiting) {
                    self.set_out_again(household, record);
                }
            }
        }
    }

    /// The household and the record of one whose time has come, if they are still at home in that spell and the first
    /// of the household who is. Whoever is not is taken along by the first.
    fn leads_at_home(&self, group: GroupId, waiting: Waiting) -> Option<(Household, Record)> {
        let rows = self.crowd(group, Status::ReturnedHome);
        let slot = rows.find(waiting.ordinal)?;
        let chunk = &rows.chunks[slot.chunk];
        let record = chunk.people[slot.row].record;
        let head = waiting.ordinal - record.member();
        let household = Household { group, head, size: self.household_size(group, head) };
        (chunk.people[slot.row].spell == waiting.spell && chunk.leads(slot.row))
            .then_some((household, record))
    }

    fn rejoin(&mut self, household: Household, leader: u32) {
        let home = self.setup.populations[self.setup.group(household.group).population.index()].home;
        let change = Change::counted(Flow::Rejoined);
        self.shift(household, Status::ReturnedHome, Cell::of(home, Status::Rejoined), change);
        // A household whose members come home apart is again one household, with its first member.
        if leader == household.head {
            self.world.groups[household.group.index()].clock.rejoin(1);
        }
    }

    /// Hazard per day of setting out again after some attempts, where those of the stratum who never left set out by
    /// irregular routes at another.
    pub fn reattempt_hazard(&self, irregular_per_day: f64, attempts: u32) -> f64 {
        if !self.setup.scenario.switches.reattempts {
            return 0.0;
        }
        let j = &self.setup.scenario.journeys;
        outcome::reattempt_hazard_per_day(
            irregular_per_day,
            j.reattempt_factor,
            j.reattempt_experience,
            attempts,
            j.reattempt_max_per_day,
        )
    }
}

/// Attempts made, of which whoever is back home has made at least one.
fn attempts_counted(record: Record) -> usize {
    record.attempts().max(1) as usize
}
