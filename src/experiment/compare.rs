//! Worlds on common random numbers: what they differ by, and for whom.
//!
//! Every seed is run in every world, so that the same people with the same luck live in all of them. Seeds run in
//! parallel and are kept in their order.

use super::lives::Lives;
use super::member::with_seed;
use crate::model::burden::fate::Fate;
use crate::model::burden::paired::{Estimate, estimate, variance_reduction};
use crate::observe::Daily;
use crate::scenario::format::Measure;
use crate::scenario::setup::Setup;
use rayon::prelude::*;

/// What is compared: a quantity of one population or State over the whole period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub name: &'static str,
    /// Of which population or State.
    pub of: String,
    /// Unit.
    pub unit: &'static str,
}

/// A difference from the first world.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Mean in the first world.
    pub first: f64,
    /// Mean in the other.
    pub other: f64,
    /// The other less the first, by paired seeds.
    pub difference: Estimate,
    /// See [`variance_reduction`].
    pub variance_reduction: Option<f64>,
}

/// Persons by fate in the first world, then in the other.
pub type Crossing = [[u64; Fate::COUNT]; Fate::COUNT];

/// People of one population and claim in two worlds, by seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossings {
    /// Population.
    pub population: String,
    /// Whether the claim to protection is well-founded.
    pub well_founded: bool,
    /// By seed.
    pub seeds: Vec<Crossing>,
}

/// For whom two worlds differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Set out in the first world and not in the other.
    SetOutOnlyInFirst,
    /// Set out in the other world and not in the first.
    SetOutOnlyInOther,
    /// Protected in the first, returned or refouled in the other.
    ProtectedThenReturned,
    /// Returned or refouled in the first, protected in the other.
    ReturnedThenProtected,
    /// Alive in the first, dead in the other.
    DeadOnlyInOther,
    /// Dead in the first, alive in the other.
    DeadOnlyInFirst,
}

impl Who {
    /// All, in order.
    pub const ALL: [Who; 6] = [
        Who::SetOutOnlyInFirst,
        Who::SetOutOnlyInOther,
        Who::ProtectedThenReturned,
        Who::ReturnedThenProtected,
        Who::DeadOnlyInOther,
        Who::DeadOnlyInFirst,
    ];
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Who::SetOutOnlyInFirst => "set_out_only_in_first",
            Who::SetOutOnlyInOther => "set_out_only_in_other",
            Who::ProtectedThenReturned => "protected_in_first_returned_in_other",
            Who::ReturnedThenProtected => "returned_in_first_protected_in_other",
            Who::DeadOnlyInOther => "dead_only_in_other",
            Who::DeadOnlyInFirst => "dead_only_in_first",
        }
    }
    /// Whether a person of these fates, in the first world and in the other, is one of them.
    pub fn is(self, first: Fate, other: Fate) -> bool {
        let returned = |fate| matches!(fate, Fate::Returned | Fate::Refouled);
        match self {
            Who::SetOutOnlyInFirst => first != Fate::NeverSetOut && other == Fate::NeverSetOut,
            Who::SetOutOnlyInOther => first == Fate::NeverSetOut && other != Fate::NeverSetOut,
            Who::ProtectedThenReturned => first == Fate::Protected && returned(other),
            Who::ReturnedThenProtected => returned(first) && other == Fate::Protected,
            Who::DeadOnlyInOther => first != Fate::Dead && other == Fate::Dead,
            Who::DeadOnlyInFirst => first == Fate::Dead && other != Fate::Dead,
        }
    }
}

impl Crossings {
    /// Mean number of persons of two fates.
    pub fn mean(&self, first: Fate, other: Fate) -> f64 {
        let sum: u64 = self.seeds.iter().map(|s| s[first as usize][other as usize]).sum();
        sum as f64 / self.seeds.len().max(1) as f64
    }

    /// How many are who, with an interval over seeds.
    pub fn how_many(&self, who: Who) -> Estimate {
        let of_seed = |s: &Crossing| -> f64 {
            let mut persons = 0;
            for first in Fate::ALL {
                for other in Fate::ALL {
                    if who.is(first, other) {
                        persons += s[first as usize][other as usize];
                    }
                }
            }
            persons as f64
        };
        estimate(&self.seeds.iter().map(of_seed).collect::<Vec<f64>>())
    }
}

/// One of the worlds beside the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// By outcome.
    pub differences: Vec<Difference>,
    /// By population and claim; of people known in both worlds.
    pub crossings: Vec<Crossings>,
    /// Strata of the first world that the other does not have: their people are not in the crossings.
    pub strata_missing: usize,
}

/// A comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What was compared: what all worlds have.
    pub outcomes: Vec<Outcome>,
    /// Worlds after the first.
    pub others: Vec<Beside>,
}

/// Outcomes a world has.
fn outcomes(setup: &Setup) -> Vec<Outcome> {
    let mut all = Vec::new();
    for p in &setup.populations {
        let own = |name, unit| Outcome { name, of: p.name.clone(), unit };
        all.extend(Measure::ALL.iter().map(|m| own(m.name(), "persons")));
        all.extend(
            ["refoulements", "protected_at_end", "home_after_refoulement", "dead"]
                .map(|name| own(name, "persons")),
        );
    }
    let state = |c: &crate::scenario::setup::Country| Outcome {
        name: "responsibility",
        of: c.name.clone(),
        unit: "person-days",
    };
    all.extend(setup.countries.iter().map(state));
    all
}

/// Their values, in the same order.
fn values(setup: &Setup, days: u32, lives: &Lives, daily: &Daily) -> Vec<f64> {
    let mut all = Vec::new();
    let last = days.saturating_sub(1) as usize;
    for (p, population) in setup.populations.iter().enumerate() {
        all.extend(Measure::ALL.iter().map(|&m| daily.over(m, Some(p), 0, last)));
        let mut fates = [0_u64; Fate::COUNT];
        for group in population.groups.clone() {
            for life in &lives.groups[group] {
                fates[life.fate() as usize] += 1;
            }
        }
        all.push(lives.refoulements[p] as f64);
        all.extend([Fate::Protected, Fate::Refouled, Fate::Dead].map(|f| fates[f as usize] as f64));
    }
    all.extend(lives.by_state().0);
    all
}

/// Position in another world of each stratum of the first, by identity.
fn strata(first: &Setup, other: &Setup) -> Vec<Option<usize>> {
    first.groups.iter().map(|g| other.groups.iter().position(|o| o.key == g.key)).collect()
}

/// Persons by fate in both worlds, by population and claim of the first.
fn cross(first: &Setup, strata: &[Option<usize>], one: &Lives, two: &Lives) -> Vec<Crossing> {
    let mut tables = vec![[[0; Fate::COUNT]; Fate::COUNT]; first.populations.len() * 2];
    for (group, counterpart) in strata.iter().enumerate() {
        let Some(counterpart) = *counterpart else { continue };
        let g = &first.groups[group];
        let table = &mut tables[g.population.index() * 2 + usize::from(g.well_founded)];
        let people = one.groups[group].len().max(two.groups[counterpart].len());
        for ordinal in 0..people {
            let (a, b) = (one.person(group, ordinal).fate(), two.person(counterpart, ordinal).fate());
            table[a as usize][b as usize] += 1;
        }
    }
    // Ordinals are given out to applicants too, of whom some set out in neither world.
    for table in &mut tables {
        table[Fate::NeverSetOut as usize][Fate::NeverSetOut as usize] = 0;
    }
    tables
}

/// One seed in every world: values by world, and crossings by world after the first.
type Seeded = (Vec<Vec<f64>>, Vec<Vec<Crossing>>);

fn one_seed(worlds: &[&Setup], strata: &[Vec<Option<usize>>], days: u32, seed: u64) -> Seeded {
    let mut all_values = Vec::new();
    let mut crossings = Vec::new();
    let mut first: Option<Lives> = None;
    for (w, world) in worlds.iter().enumerate() {
        let setup = with_seed(world, seed);
        let (lives, daily) = Lives::follow_measured(&setup, days);
        all_values.push(values(&setup, days, &lives, &daily));
        match &first {
            None => first = Some(lives),
            Some(one) => crossings.push(cross(worlds[0], &strata[w - 1], one, &lives)),
        }
    }
    (all_values, crossings)
}

/// Compare worlds with the first of them.
pub fn compare(worlds: &[&Setup], runs: u64, first_seed: u64, days: u32) -> Comparison {
    let strata: Vec<Vec<Option<usize>>> = worlds[1..].iter().map(|w| strata(worlds[0], w)).collect();
    let seeds: Vec<Seeded> = (0..runs)
        .into_par_iter()
        .map(|k| one_seed(worlds, &strata, days, first_seed.wrapping_add(k)))
        .collect();
    let kinds: Vec<Vec<Outcome>> = worlds.iter().map(|w| outcomes(w)).collect();
    let common: Vec<Outcome> =
        kinds[0].iter().filter(|o| kinds.iter().all(|k| k.contains(o))).cloned().collect();
    let sample = |world: usize, outcome: &Outcome| -> Vec<f64> {
        let at = kinds[world].iter().position(|o| o == outcome).unwrap_or(0);
        seeds.iter().map(|(values, _)| values[world][at]).collect()
    };
    let others = (1..worlds.len())
        .map(|w| Beside {
            differences: common.iter().map(|o| difference(&sample(0, o), &sample(w, o))).collect(),
            crossings: gather(worlds[0], &seeds, w - 1),
            strata_missing: strata[w - 1].iter().filter(|s| s.is_none()).count(),
        })
        .collect();
    Comparison { outcomes: common, others }
}

fn difference(first: &[f64], other: &[f64]) -> Difference {
    let differences: Vec<f64> = first.iter().zip(other).map(|(a, b)| b - a).collect();
    Difference {
        first: estimate(first).mean,
        other: estimate(other).mean,
        difference: estimate(&differences),
        variance_reduction: variance_reduction(first, other),
    }
}

fn gather(first: &Setup, seeds: &[Seeded], other: usize) -> Vec<Crossings> {
    let mut all = Vec::new();
    for (p, population) in first.populations.iter().enumerate() {
        for well_founded in [false, true] {
            let kind = p * 2 + usize::from(well_founded);
            all.push(Crossings {
                population: population.name.clone(),
                well_founded,
                seeds: seeds.iter().map(|(_, crossings)| crossings[other][kind]).collect(),
            });
        }
    }
    all
}
