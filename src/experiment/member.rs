//! One run of an ensemble.

use crate::engine::{Sim, first_world};
use crate::observe::Daily;
use crate::scenario::setup::Setup;

/// Run a setup up to a day (or its end) and hand back its measures by day.
pub fn run_member(setup: &Setup, days: u32) -> Daily {
    let mut sim = Sim::new(setup, first_world(setup));
    let mut daily = Daily::new(setup);
    for _ in 0..days.min(setup.days) {
        sim.step();
        daily.take(&sim);
    }
    daily
}

/// The same setup with other luck.
pub fn with_seed(setup: &Setup, seed: u64) -> Setup {
    let mut setup = setup.clone();
    setup.scenario.scenario.seed = seed;
    setup
}
