//! The facts of a scenario, held against an ensemble of runs and, where a fact asks for it, against the same runs in
//! another world.

use super::member::{run_member, with_seed};
use super::score::{Scored, Target, interval, log_crps, scored};
use super::statistics::sorted;
use crate::scenario::facts::{Claim, Fact};
use crate::scenario::format::Compare;
use crate::scenario::read::Problems;
use crate::scenario::{Loaded, Setup};
use rayon::prelude::*;

/// A fact with the ensemble beside it.
#[derive(Clone, Debug)]
pub struct FactScored {
    /// The fact.
    pub fact: Fact,
    /// Simulated values, sorted; what is undefined stands last.
    pub sample: Vec<f64>,
    /// What the first run has.
    pub first: f64,
}

impl FactScored {
    /// Low end of the 90 % interval, median, high end.
    pub fn interval(&self) -> (f64, f64, f64) {
        interval(&self.sample)
    }

    /// Share of runs whose value agrees with the claim.
    pub fn share(&self) -> f64 {
        let agreeing = self.sample.iter().filter(|&&x| self.fact.claim.agrees(x)).count();
        agreeing as f64 / self.sample.len().max(1) as f64
    }

    /// Whether the fact holds: a recorded value, as far as its tolerance leaves it, must lie within the 90 %
    /// interval; anything else must hold in the share of runs the fact names.
    pub fn holds(&self) -> bool {
        match self.fact.claim {
            Claim::Recorded { low, high, .. } if self.fact.by_interval() => {
                let (from, _, to) = self.interval();
                from <= high && low <= to
            }
            _ => self.share() >= self.fact.holds_in,
        }
    }

    /// Score of the ensemble as a forecast of a recorded value, as for series; none without one, and none where a
    /// value of the ensemble is negative, infinite or undefined.
    pub fn log_crps(&self) -> Option<f64> {
        let Claim::Recorded { value, .. } = self.fact.claim else { return None };
        let scorable = value >= 0.0 && self.sample.iter().all(|x| x.is_finite() && *x >= 0.0);
        (scorable && !self.fact.is_day()).then(|| log_crps(&self.sample, value))
    }
}

/// The worlds of an ensemble: one scenario, or one for each row of a posterior, each with the other worlds of its
/// facts.
pub struct Worlds {
    /// The scenario, or the scenarios in turn.
    pub base: Vec<Setup>,
    /// By scenario, then by variant.
    pub variants: Vec<Vec<Setup>>,
}

impl Worlds {
    /// The worlds of scenarios loaded, with the other worlds of their facts.
    pub fn new(loaded: Vec<Loaded>) -> Result<Self, Problems> {
        let mut worlds = Self { base: Vec::new(), variants: Vec::new() };
        for loaded in loaded {
            let count = loaded.setup.facts.variants.len();
            worlds.variants.push((0..count).map(|i| loaded.variant(i)).collect::<Result<_, _>>()?);
            worlds.base.push(loaded.setup);
        }
        Ok(worlds)
    }

    /// The scenario all of them are of.
    pub fn first(&self) -> &Setup {
        &self.base[0]
    }
}

/// What an ensemble comes to.
pub struct Outcome {
    /// Figures of recorded series.
    pub figures: Vec<Scored>,
    /// Facts.
    pub facts: Vec<FactScored>,
}

impl Outcome {
    /// Whether every figure lies inside and every fact holds.
    pub fn all_hold(&self) -> bool {
        self.figures.iter().all(Scored::inside) && self.facts.iter().all(FactScored::holds)
    }
}

/// Run an ensemble, and its variants under the same luck.
pub fn score_facts(worlds: &Worlds, targets: &[Target], runs: u64, first_seed: u64) -> Outcome {
    let facts = &worlds.first().facts.facts;
    let last = facts.iter().map(Fact::last_day).chain(targets.iter().map(|t| t.to)).max().unwrap_or(0);
    let of_pairs = facts.iter().filter(|f| f.against.is_some()).map(Fact::last_day).max().unwrap_or(0);
    let values: Vec<(Vec<f64>, Vec<f64>)> = (0..runs)
        .into_par_iter()
        .map(|run| {
            let row = (run % worlds.base.len() as u64) as usize;
            let seed = first_seed + run;
            let setup = with_seed(&worlds.base[row], seed);
            let daily = run_member(&setup, last as u32 + 1);
            let figures = targets.iter().map(|t| t.simulated(&setup, &daily)).collect();
            let mut values: Vec<f64> = facts.iter().map(|f| daily.watch().fact(&setup, f)).collect();
            for (variant, other) in worlds.variants[row].iter().enumerate() {
                let other = with_seed(other, seed);
                let daily = run_member(&other, of_pairs as u32 + 1);
                for (fact, value) in facts.iter().zip(&mut values) {
                    match fact.against {
                        Some((v, Compare::Difference)) if v == variant => {
                            *value -= daily.watch().fact(&other, fact);
                        }
                        Some((v, Compare::Ratio)) if v == variant => {
                            *value /= daily.watch().fact(&other, fact);
                        }
                        _ => {}
                    }
                }
            }
            (figures, values)
        })
        .collect();
    let (figures, by_run): (Vec<Vec<f64>>, Vec<Vec<f64>>) = values.into_iter().unzip();
    let facts = facts.iter().enumerate().map(|(i, fact)| FactScored {
        fact: fact.clone(),
        sample: sorted(by_run.iter().map(|v| last_if_undefined(v[i])).collect()),
        first: by_run.first().map_or(f64::NAN, |v| last_if_undefined(v[i])),
    });
    Outcome { figures: scored(targets, &figures), facts: facts.collect() }
}

/// What is undefined is sorted last, whatever sign the processor gave it.
fn last_if_undefined(x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { x }
}
