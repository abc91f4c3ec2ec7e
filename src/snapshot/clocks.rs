//! The invariants of clocks: that no more households are at home than there can be, and that no threshold is further
//! off, or further behind, than one that was drawn. A day sends off as many as its clocks say, and would otherwise take
//! memory without bound.

use super::run_state::{Ancestor, Changed};
use crate::model::departure::{ExposureClock, ThresholdClock};
use crate::model::math::exp;
use crate::scenario::Setup;
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{GroupState, World};

/// Beyond the largest unit exponential that is drawn, ln 2^53.
const LARGEST_THRESHOLD: f64 = 37.0;

/// Households of growth that wait until every stratum can get its share, and households that rounding may make.
const CARRIED: f64 = 2000.0;

/// What is wrong with the clocks of a stratum, if anything.
pub(super) fn of_group(state: &GroupState) -> Result<(), &'static str> {
    let drawn = |clock: &ThresholdClock| (0.0..=LARGEST_THRESHOLD).contains(&clock.residual);
    if !drawn(&state.clock) || !drawn(&state.applicant_clock) {
        return Err("a threshold that is never drawn");
    }
    if state.clock.emitted > u64::from(state.next_ordinal) {
        return Err("more households have left than people");
    }
    state.back.again.iter().chain([&state.back.rejoining]).try_for_each(exposure)
}

fn exposure(clock: &ExposureClock) -> Result<(), &'static str> {
    if !(clock.shows.is_finite() && clock.shows >= 0.0) {
        return Err("a clock of those at home that shows no time");
    }
    let in_turn =
        (1..clock.waiting.len()).all(|at| clock.waiting[(at - 1) / 2].until <= clock.waiting[at].until);
    if !in_turn {
        return Err("those who wait at home are not in turn");
    }
    // The first waits for the earliest; the last of all is somewhere.
    if clock.waiting.iter().any(|w| !w.until.is_finite() || w.until < clock.shows) {
        return Err("somebody waits at home for a time that is past or never comes");
    }
    Ok(())
}

/// No population has more households at home than it began with, those who were abroad then, and what they have grown
/// by. Under a fork, how it began is in the scenario of an ancestor, of which the lineage tells what was different.
pub(super) fn at_home(setup: &Setup, world: &World, lineage: &[Ancestor]) -> Result<(), String> {
    for ((population, (name, typed)), state) in
        setup.populations.iter().zip(setup.scenario.populations.iter()).zip(&world.populations)
    {
        let before = Before::of(name, lineage);
        let present: f64 = typed.present.iter().map(|stock| stock.persons).sum();
        let began = typed.households.max(before.households) + present + before.present;
        let growth = typed.growth_per_year.max(before.growth).max(0.0);
        let most = began * exp(growth / YEAR_DAYS * f64::from(world.day)) + CARRIED;
        let groups = &world.groups[population.groups.clone()];
        let found: f64 = groups.iter().map(|g| g.clock.households_at_home as f64).sum();
        if found > most || state.growth_carry.abs() > most {
            return Err(format!("population {name}: more households at home than there can be"));
        }
    }
    Ok(())
}

/// What ancestors had of a population, where it was more.
#[derive(Default)]
struct Before {
    households: f64,
    growth: f64,
    present: f64,
}

impl Before {
    fn of(population: &str, lineage: &[Ancestor]) -> Self {
        let start = format!("populations.{population}.");
        let mut before = Self::default();
        for Changed { key, from, .. } in lineage.iter().flat_map(|ancestor| &ancestor.changed) {
            let value = from.as_deref().and_then(|from| from.parse::<f64>().ok()).filter(|v| v.is_finite());
            let (Some(key), Some(value)) = (key.strip_prefix(&start), value) else { continue };
            match key {
                "households" => before.households = before.households.max(value),
                "growth_per_year" => before.growth = before.growth.max(value),
                _ if key.starts_with("present.") && key.ends_with(".persons") => before.present += value,
                _ => {}
            }
        }
        before
    }
}
