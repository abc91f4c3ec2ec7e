//! When somebody is to be looked at next: on the day of their next dated event, or of the next point of their luck that
//! is not above what the hazard can be where they are ([`Scatter`]).
//!
//! What a hazard can be is a ceiling, by cell and, where people may move on, by stratum and place. A ceiling that rises
//! has those under it woken anew; one that falls is lowered for those who come. Ceilings and days are working memory:
//! with others the same happens.
//!
//! What happens to a household happens by the luck, and on the dates, of the first of those who are together. To the
//! others nothing happens but what is their own, death or a family member who comes: most of them never have to be
//! looked at, until the first has gone and another speaks for them.

use super::people::PARALLEL_PEOPLE;
use super::scatter::Scatter;
use super::sim::{Sim, person_key};
use super::today::GroupDay;
use crate::world::{Cell, Chunk, GroupId, NEVER, Person, Slot, Status};
use rayon::prelude::*;
use std::sync::Arc;

/// Whoever has nothing ahead is looked at after so many days all the same: as far as two days of 16 bits are told
/// apart.
const FAR: u32 = 1 << 15;
/// A ceiling on moving on is set so many times as high as the hazard that broke it.
const HEADROOM: f64 = 2.0;
/// A ceiling so many times as high as the hazard under it sinks, by this share a day.
const TOO_HIGH: f64 = 8.0;
const SINKING: f64 = 0.97;
/// More than a sum of hazards in another order can differ by.
const ROUNDING: f64 = 1.0 + 1e-12;

impl Sim<'_> {
    /// Have everybody looked at on the day to come, as they are on the first of a simulation.
    pub fn wake_all(&mut self) {
        let day = self.day() as u16;
        // Those back home too, at whom nobody looks: columns of a chunk are of one length.
        let crowds = self.world.groups.iter_mut().flat_map(|group| [&mut group.crowd, &mut group.back.rows]);
        for chunk in crowds.flat_map(|crowd| &mut crowd.chunks) {
            chunk.wake.0.clear();
            chunk.wake.0.resize(chunk.ordinal.len(), day);
        }
    }

    /// What the hazard of people of a group in a cell can be, of the first of a household there or of others.
    #[inline]
    pub fn ceiling(&self, group: GroupId, cell: Cell, leads: bool) -> f64 {
        let [fixed, own] = self.today.cell_ceilings[cell.index()];
        if !leads {
            return own;
        }
        if !moves_on(cell.status()) {
            return fixed;
        }
        let onward =
            self.onward_list(group, cell).map_or(0.0, |at| self.today.groups[group.index()].onward_most[at]);
        (fixed + onward) * ROUNDING
    }

    /// Which of the lists of routes onward, with its ceiling, is that of a cell's place, if people of a group may move
    /// on from there.
    #[inline]
    pub fn onward_list(&self, group: GroupId, cell: Cell) -> Option<usize> {
        let population = self.setup.group(group).population;
        let lists = &self.setup.populations[population.index()].onward_routes;
        let most = self.today.groups[group.index()].onward_most.len();
        lists.iter().position(|(place, _)| *place == cell.place()).filter(|&at| at < most)
    }

    /// The day on which to look at a person next, not before the next day of which everybody is asked.
    #[inline]
    pub fn wake_of(&self, group: GroupId, ordinal: u32, person: &Person, leads: bool) -> u16 {
        let asked = self.today.asked_from as u16;
        let ceiling = self.ceiling(group, person.cell, leads);
        asked.wrapping_add(self.days_until(group, ordinal, person, leads, ceiling, asked) as u16)
    }

    /// Days from one on until a person is to be looked at: until something dated, or a point of their luck that is not
    /// above a ceiling.
    #[inline]
    pub fn days_until(
        &self,
        group: GroupId,
        ordinal: u32,
        person: &Person,
        leads: bool,
        ceiling: f64,
        from: u16,
    ) -> u32 {
        let dated = leads && person.due != NEVER;
        let until_due = if dated { u32::from(person.due.wrapping_sub(from)) } else { FAR };
        let until = until_due.min(self.days_ahead());
        if ceiling <= 0.0 || until == 0 {
            return until;
        }
        let who = person_key(self.setup.group(group), ordinal);
        let scatter = Scatter::new(self.luck, who, person.spell);
        scatter.quiet_days(from.wrapping_sub(person.spell_start), ceiling, until)
    }

    /// Days to the end of the run, as far as anybody looks ahead. Whoever has nothing before it is not looked at again.
    #[inline]
    fn days_ahead(&self) -> u32 {
        match self.setup.days.saturating_sub(self.day()) {
            0 => FAR,
            left => left.min(FAR),
        }
    }

    /// The same as [`Self::wake_of`], for a row.
    #[inline]
    pub fn wake_of_row(&self, group: GroupId, chunk: &Chunk, row: usize) -> u16 {
        self.wake_of(group, chunk.ordinal[row], &chunk.people[row], chunk.leads(row))
    }

    /// Have those looked at anew who are left of a row's household where its person was: another speaks for them now.
    pub fn wake_others(&mut self, group: GroupId, slot: Slot, cell: Cell) {
        let asked = self.today.asked_from as u16;
        let chunk = &mut self.world.groups[group.index()].crowd.chunks[slot.chunk];
        for row in chunk.household_rows(slot.row) {
            if chunk.people[row].cell == cell {
                chunk.wake.0[row] = asked;
            }
        }
    }

    /// Raise, or lower, the ceilings of a cell to what the hazards of the first of a household and of others are now;
    /// whether those in it have to be woken anew.
    pub fn set_ceiling(&mut self, cell: Cell, hazards: [f64; 2]) -> bool {
        let ceilings = self.today.cell_ceilings[cell.index()];
        let rises = (0..2).any(|of| hazards[of] > ceilings[of]);
        if rises || (0..2).any(|of| hazards[of] < ceilings[of] / 2.0) {
            // Parts that shared the ceilings of days before get those of today.
            Arc::make_mut(&mut self.today.cell_ceilings)[cell.index()] = hazards;
        }
        rises
    }

    /// Wake anew those in some cells, by position.
    pub fn wake_in(&mut self, cells: &[bool]) {
        if cells.contains(&true) {
            let all = |_| (0..cells.len()).filter(|&at| cells[at]).map(|at| Cell(at as u16)).collect();
            let again = (0..self.setup.groups.len()).map(all).collect();
            self.wake_again(again);
        }
    }

    /// See to it that ceilings are above today's hazards of moving on.
    pub fn set_onward_ceilings(&mut self) {
        let setup = self.setup;
        let mut again: Vec<Vec<Cell>> = vec![Vec::new(); setup.groups.len()];
        for ((day, g), cells) in self.today.groups.iter_mut().zip(&setup.groups).zip(&mut again) {
            let GroupDay { onward, onward_most, .. } = day;
            onward_most.resize(onward.len(), 0.0);
            let lists = &setup.populations[g.population.index()].onward_routes;
            for (((hazard, _), most), &(place, _)) in onward.iter().zip(onward_most).zip(lists) {
                if *hazard > *most {
                    *most = *hazard * HEADROOM;
                    cells.extend(MOVING_ON.map(|status| Cell::of(place, status)));
                } else if *hazard * TOO_HIGH < *most {
                    *most *= SINKING;
                }
            }
        }
        if again.iter().any(|cells| !cells.is_empty()) {
            self.wake_again(again);
        }
    }

    /// Wake anew those in some cells, by group.
    fn wake_again(&mut self, mut again: Vec<Vec<Cell>>) {
        let mut columns: Vec<(GroupId, usize, Vec<u16>)> = Vec::new();
        for ((g, group), cells) in self.world.groups.iter_mut().enumerate().zip(&mut again) {
            let stock = |cell| self.world.stocks[self.setup.stock_index(cell, &self.setup.groups[g])];
            cells.retain(|&cell| stock(cell) > 0);
            if !cells.is_empty() {
                let chunks = group.crowd.chunks.iter_mut().enumerate();
                columns.extend(chunks.map(|(at, c)| (GroupId::at(g), at, std::mem::take(&mut c.wake.0))));
            }
        }
        let sim = &*self;
        let asked = sim.today.asked_from as u16;
        let again = |(group, at, wakes): &mut (GroupId, usize, Vec<u16>)| {
            let chunk = &sim.world.groups[group.index()].crowd.chunks[*at];
            let cells = &again[group.index()];
            for (row, (wake, person)) in wakes.iter_mut().zip(&chunk.people).enumerate() {
                if *wake != asked && cells.contains(&person.cell) {
                    *wake = sim.wake_of_row(*group, chunk, row);
                }
            }
        };
        if sim.today.rows >= PARALLEL_PEOPLE {
            columns.par_iter_mut().for_each(again);
        } else {
            columns.iter_mut().for_each(again);
        }
        for (group, at, wakes) in columns {
            self.world.groups[group.index()].crowd.chunks[at].wake.0 = wakes;
        }
    }
}

/// Statuses of those who may move on.
pub const MOVING_ON: [Status; 4] =
    [Status::Undocumented, Status::Claimant, Status::Tolerated, Status::Rejected];

/// Whether people of a status may move on.
#[inline]
pub fn moves_on(status: Status) -> bool {
    MOVING_ON.contains(&status)
}
