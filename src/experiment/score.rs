//! An ensemble beside the record: medians, intervals, proper scores.

use super::member::{run_member, with_seed};
use super::statistics::{crps, quantile, sorted};
use crate::observe::Daily;
use crate::scenario::facts::{Claim, Fact, Quantity, Series};
use crate::scenario::format::{Measure, Take, Use};
use crate::scenario::setup::Setup;
use rayon::prelude::*;

/// What a recorded figure is a figure of.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A series, over the days of the figure.
    Series(Series),
    /// A fact, over its own days.
    Fact(Fact),
}

/// A recorded figure, resolved.
#[derive(Clone, Debug)]
pub struct Target {
    /// Name of the series.
    pub name: String,
    /// What is measured.
    pub asked: Asked,
    /// First day.
    pub from: usize,
    /// Last day.
    pub to: usize,
    /// The recorded figure.
    pub value: f64,
    /// What it is used for.
    pub used_for: Use,
    /// The period in words.
    pub period: String,
}

impl Target {
    /// What a run has in its place.
    pub fn simulated(&self, setup: &Setup, daily: &Daily) -> f64 {
        match &self.asked {
            Asked::Series(series) => {
                let value = |q: &Quantity| daily.watch().value_over(setup, q, self.from, self.to);
                value(&series.quantity) / series.over.as_ref().map_or(1.0, value)
            }
            Asked::Fact(fact) => daily.watch().fact(setup, fact),
        }
    }
}

/// A figure with the ensemble beside it.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The figure.
    pub target: Target,
    /// Simulated values, sorted.
    pub sample: Vec<f64>,
    /// What the first run has.
    pub first: f64,
}

impl Scored {
    /// Median and the ends of the 90 % interval.
    pub fn interval(&self) -> (f64, f64, f64) {
        interval(&self.sample)
    }
    /// Whether the recorded figure lies within the interval.
    pub fn inside(&self) -> bool {
        let (low, _, high) = self.interval();
        (low..=high).contains(&self.target.value)
    }
    /// Score on the logarithm of one plus the figure: errors as ratios, so that no single year carries all.
    pub fn log_crps(&self) -> f64 {
        log_crps(&self.sample, self.target.value)
    }
}

/// Low end of the 90 % interval, median, high end, of a sorted sample.
pub fn interval(sample: &[f64]) -> (f64, f64, f64) {
    (quantile(sample, 0.05), quantile(sample, 0.5), quantile(sample, 0.95))
}

/// Continuous ranked probability score of ln(1 + value).
pub fn log_crps(sample: &[f64], value: f64) -> f64 {
    let log = |x: f64| crate::model::math::ln(1.0 + x);
    let sample: Vec<f64> = sample.iter().map(|&x| log(x)).collect();
    crps(&sample, log(value))
}

/// The figures of the recorded series of a scenario.
pub fn targets(setup: &Setup) -> Vec<Target> {
    let mut out = Vec::new();
    for (o, series) in setup.scenario.observed.iter().zip(&setup.facts.observed) {
        for f in &o.figures {
            let whole_year = f.from.0.day() == 1
                && f.from.0.month() == 1
                && f.to.0.month() == 12
                && f.to.0.day() == 31
                && f.from.0.year() == f.to.0.year();
            out.push(Target {
                name: o.name.clone(),
                asked: Asked::Series(series.clone()),
                from: setup.calendar.day(f.from.0).max(0) as usize,
                to: setup.calendar.day(f.to.0).max(0) as usize,
                value: f.value,
                used_for: f.used_for,
                period: if whole_year {
                    f.from.0.year().to_string()
                } else {
                    format!("{} to {}", f.from.0, f.to.0)
                },
            });
        }
    }
    out
}

/// What an estimation uses: the figures and recorded values marked for it.
pub fn fitted_targets(setup: &Setup) -> Vec<Target> {
    let mut out = targets(setup);
    for fact in &setup.facts.facts {
        let Claim::Recorded { value, .. } = fact.claim else { continue };
        out.push(Target {
            name: fact.statement.clone(),
            asked: Asked::Fact(fact.clone()),
            from: fact.quantity.from,
            to: fact.last_day(),
            value,
            used_for: fact.used_for,
            period: String::new(),
        });
    }
    out.retain(|t| t.used_for == Use::Fit);
    out
}

/// The standard measure a figure is of, and of which population: what the table of a run shows it beside.
pub fn standard_measure(setup: &Setup, target: &Target) -> Option<(Measure, usize)> {
    let Asked::Series(Series { quantity, over: None }) = &target.asked else { return None };
    let measures = Measure::ALL.iter().copied();
    measures.flat_map(|m| (0..setup.populations.len()).map(move |p| (m, p))).find(|&(measure, population)| {
        let take = if measure == Measure::HeldPeak { Take::Largest } else { Take::Total };
        let signal = crate::observe::measure::signal_of(setup, measure, population);
        quantity.take == take
            && matches!(quantity.parts.as_slice(), [one] if setup.facts.signals[*one] == signal)
    })
}

/// Run an ensemble of `setups`, each with its own seed, one member per thread, and keep what `keep` makes of each.
pub fn ensemble<T: Send>(
    setups: &[&Setup],
    runs: u64,
    first_seed: u64,
    days: u32,
    keep: impl Fn(&Setup, Daily) -> T + Sync,
) -> Vec<T> {
    (0..runs)
        .into_par_iter()
        .map(|run| {
            let setup = with_seed(setups[(run % setups.len() as u64) as usize], first_seed + run);
            let daily = run_member(&setup, days);
            keep(&setup, daily)
        })
        .collect()
}

/// Simulated values of targets, over an ensemble.
pub fn score(setups: &[&Setup], targets: &[Target], runs: u64, first_seed: u64) -> Vec<Scored> {
    let days = targets.iter().map(|t| t.to as u32 + 1).max().unwrap_or(0);
    let values: Vec<Vec<f64>> = ensemble(setups, runs, first_seed, days, |setup, daily| {
        targets.iter().map(|t| t.simulated(setup, &daily)).collect()
    });
    scored(targets, &values)
}

/// Targets with the values of all runs beside them.
pub fn scored(targets: &[Target], values: &[Vec<f64>]) -> Vec<Scored> {
    targets
        .iter()
        .enumerate()
        .map(|(i, target)| Scored {
            target: target.clone(),
            sample: sorted(values.iter().map(|v| v[i]).collect()),
            first: values.first().map_or(f64::NAN, |v| v[i]),
        })
        .collect()
}

/// Score of the naive forecast "as the figure before" and of "the mean of the figures before", on the same scale as
/// [`Scored::log_crps`]; none for the first of a series.
pub fn naive_scores(targets: &[Target], index: usize) -> Option<(f64, f64)> {
    let t = &targets[index];
    let before: Vec<&Target> =
        targets[..index].iter().filter(|o| o.name == t.name && o.to < t.from).collect();
    let last = before.last()?;
    let log = |x: f64| crate::model::math::ln(1.0 + x);
    let mean = before.iter().map(|o| o.value).sum::<f64>() / before.len() as f64;
    Some(((log(last.value) - log(t.value)).abs(), (log(mean) - log(t.value)).abs()))
}
