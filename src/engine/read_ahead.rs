//! Rows read ahead: where many are acted on in turn, all threads read their rows first, so that the one that acts does
//! not wait for memory at every turn. Nothing is changed.

use super::sim::Sim;
use crate::world::{Household, Status};
use rayon::prelude::*;

/// Households whose rows one thread reads together.
const READ_TOGETHER: usize = 256;

impl Sim<'_> {
    /// Whether so many turns are worth reading rows ahead.
    pub fn reads_ahead(&self, turns: usize) -> bool {
        turns >= self.share_from && rayon::current_num_threads() > 1
    }

    /// Read the rows of those members of households who have a status.
    pub fn read_ahead(&self, households: &[Household], status: Status) {
        households.par_chunks(READ_TOGETHER).for_each(|households| {
            let read = |all: u32, household: &Household| {
                let crowd = &self.world.groups[household.group.index()].crowd;
                let slot = crowd.members(household.head, household.size, status, None).leader();
                all ^ slot.map_or(0, |slot| {
                    let chunk = &crowd.chunks[slot.chunk];
                    u32::from(chunk.record[slot.row].route)
                        ^ u32::from(chunk.spell_start[slot.row])
                        ^ u32::from(chunk.due[slot.row])
                        ^ u32::from(chunk.spell[slot.row])
                })
            };
            std::hint::black_box(households.iter().fold(0, read));
        });
    }
}
