//! Rows read ahead: where many are acted on in turn, their rows are read all together before, so that whoever acts does
//! not wait for memory at every turn. Nothing is changed.
//!
//! A row is looked for by its ordinal, and acted on in two columns more: one after another, as many waits for memory
//! that is far away. Read for some hundred households at once, first where their ordinals should be, then what stands
//! there, no read waits for another, and the processor has many of them under way at a time.

use super::sim::Sim;
use crate::world::{Crowd, Household, Status};

/// Households whose rows are read together: few enough for them to be near the processor still when their turn comes.
pub const READ_TOGETHER: usize = 256;
/// From so many turns on it is worth the while.
const TURNS: usize = 8;
/// Rows are far from the processor where there are so many for each of the acts from which on work is shared: 131,072.
const FAR: usize = 128;

impl Sim<'_> {
    /// Whether so many rows are far from the processor.
    pub fn far(&self, rows: usize) -> bool {
        rows / FAR >= self.share_from
    }

    /// Whether the rows of so many turns are worth reading ahead.
    pub fn reads_ahead(&self, turns: usize) -> bool {
        turns >= TURNS && self.today.far
    }

    /// Read the rows of some households who have a status, if that is worth the while, and remember where they are.
    pub fn read_ahead(&self, households: impl ExactSizeIterator<Item = Household>, status: Status) {
        if !self.reads_ahead(households.len()) {
            return;
        }
        let households: Vec<Household> = households.collect();
        let crowd = |household: &Household| -> &Crowd { self.crowd(household.group, status) };
        let ordinals = households.iter().map(|household| crowd(household).ordinal_near(household.head));
        std::hint::black_box(ordinals.fold(0, |all, ordinal| all ^ ordinal));
        let rows = households.iter().map(|household| {
            let crowd = crowd(household);
            let Some(slot) = crowd.place_of(household.head) else { return 0 };
            self.today.last_found.note(*household, slot);
            let chunk = &crowd.chunks[slot.chunk];
            let person = &chunk.people[slot.row];
            person.due ^ person.record.entered ^ chunk.wake.0[slot.row]
        });
        std::hint::black_box(rows.fold(0, |all, row| all ^ row));
    }
}
