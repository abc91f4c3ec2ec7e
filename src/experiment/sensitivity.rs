//! Sensitivity: which factors an output depends on. Indices of Sobol from a Saltelli design, effects from a Morris
//! design, both with bootstrap intervals.

use super::dataset::Figures;
use super::plan::DesignKind;
use super::row::Outcome;
use super::statistics::{quantile, sorted};
use super::study::Study;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Width of a 95 % interval up to which an index counts as converged (Sarrazin, Pianosi and Wagener 2016); of Morris
/// effects, as a share of the largest.
pub const CONVERGED_WIDTH: f64 = 0.05;

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    fn new(value: f64, resampled: Vec<f64>) -> Self {
        let resampled = sorted(resampled.into_iter().filter(|x| !x.is_nan()).collect());
        Self { value, low: quantile(&resampled, 0.025), high: quantile(&resampled, 0.975) }
    }

    /// Width of the interval.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// What one factor does to one output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Indices of Sobol.
    Sobol {
        /// Share of variance that goes when this factor alone is known.
        first: Estimate,
        /// Share of variance that is left when all but this factor are known.
        total: Estimate,
    },
    /// Elementary effects, on the unit scale of the factor.
    Morris {
        /// Mean.
        mean: f64,
        /// Mean of absolute values, μ*.
        absolute: Estimate,
        /// Standard deviation: large where the effect depends on the other factors or on the level.
        deviation: f64,
    },
}

/// The effects of every factor on one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// Position of the output.
    pub output: usize,
    /// By factor.
    pub effects: Vec<Effect>,
    /// Base points or trajectories used, and those left out because a run of theirs failed.
    pub used: usize,
    /// Left out.
    pub left_out: usize,
}

impl Effects {
    /// The widest interval, of Morris effects as a share of the largest effect.
    pub fn widest(&self) -> f64 {
        let largest = self.effects.iter().map(|e| match e {
            Effect::Sobol { .. } => 1.0,
            Effect::Morris { absolute, .. } => absolute.value,
        });
        let largest = largest.fold(0.0, f64::max);
        let widths = self.effects.iter().map(|e| match e {
            Effect::Sobol { first, total } => first.width().max(total.width()),
            Effect::Morris { absolute, .. } => absolute.width(),
        });
        let widest = widths.fold(0.0, f64::max);
        if largest > 0.0 { widest / largest } else { 0.0 }
    }
}

/// Analyses every output of a sweep over a Saltelli or a Morris design, with so many bootstrap samples.
pub fn analyse(study: &Study, figures: &Figures, samples: usize) -> Vec<Effects> {
    let k = study.factors.len();
    let size = if study.typed.experiment.design == DesignKind::Saltelli { k + 2 } else { k + 1 };
    let groups = study.design.group_count() as usize;
    let analyse_one = |output: usize| {
        let means = point_means(study, figures, output);
        // A group is used if every point of it has a run that was done.
        let whole: Vec<usize> =
            (0..groups).filter(|g| means[g * size..(g + 1) * size].iter().all(|x| x.is_finite())).collect();
        let effects = if study.typed.experiment.design == DesignKind::Saltelli {
            let sample = Sample::gather(&means, &whole, k);
            sample.effects(samples)
        } else {
            let position = |point: usize| study.design.unit(point as u64, k);
            let elementary = elementary(position, &means, &whole, k);
            elementary.iter().map(|e| morris(e, samples)).collect()
        };
        Effects { output, effects, used: whole.len(), left_out: groups - whole.len() }
    };
    (0..study.scalars.len()).map(analyse_one).collect()
}

/// Mean over the replicates of each point that were done; NaN where there is none.
fn point_means(study: &Study, figures: &Figures, output: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0u32); study.design.points() as usize];
    for (i, &run) in figures.runs.iter().enumerate() {
        let value = figures.scalars[output][i];
        if figures.outcomes[i] == Outcome::Done && value.is_finite() {
            let sum = &mut sums[study.place(run).0 as usize];
            *sum = (sum.0 + value, sum.1 + 1);
        }
    }
    sums.into_iter().map(|(sum, n)| if n > 0 { sum / f64::from(n) } else { f64::NAN }).collect()
}

/// Outputs of a Saltelli design, by base point.
#[derive(Clone, Debug)]
pub struct Sample {
    /// At A.
    pub a: Vec<f64>,
    /// At B.
    pub b: Vec<f64>,
    /// By factor: at A with that factor's coordinate of B.
    pub ab: Vec<Vec<f64>>,
}

impl Sample {
    /// From outputs in the order of the design, of those base points that are whole.
    pub fn gather(outputs: &[f64], whole: &[usize], factors: usize) -> Self {
        let at = |part: usize| whole.iter().map(|base| outputs[base * (factors + 2) + part]).collect();
        Self { a: at(0), b: at(factors + 1), ab: (1..=factors).map(at).collect() }
    }

    /// Outputs about their mean and over their standard deviation: estimates of outputs far from 0 would be biased.
    fn standardised(&self) -> Self {
        let all = || self.a.iter().chain(&self.b).chain(self.ab.iter().flatten());
        let n = all().count() as f64;
        let mean = all().sum::<f64>() / n;
        let sd = (all().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n).sqrt();
        // An output that never changes has no variance to share out.
        let sd = if sd > 0.0 { sd } else { 1.0 };
        let each = |ys: &[f64]| ys.iter().map(|y| (y - mean) / sd).collect::<Vec<f64>>();
        Self { a: each(&self.a), b: each(&self.b), ab: self.ab.iter().map(|ys| each(ys)).collect() }
    }

    /// First-order and total index of a factor over some base points (Saltelli and others 2010, Table 2, b and f).
    ///
    /// ```text
    /// S  = mean(B (AB − A)) / V        T = mean((A − AB)²) / (2 V)        V = variance of A and B together
    /// ```
    fn indices(&self, factor: usize, at: &[usize]) -> (f64, f64) {
        let n = at.len() as f64;
        let (a, b, ab) = (&self.a, &self.b, &self.ab[factor]);
        let mean = at.iter().map(|&i| a[i] + b[i]).sum::<f64>() / (2.0 * n);
        let square = |x: f64| x * x;
        let variance = at.iter().map(|&i| square(a[i] - mean) + square(b[i] - mean)).sum::<f64>() / (2.0 * n);
        if variance <= f64::EPSILON {
            return (0.0, 0.0);
        }
        let first = at.iter().map(|&i| b[i] * (ab[i] - a[i])).sum::<f64>() / n;
        let total = at.iter().map(|&i| square(a[i] - ab[i])).sum::<f64>() / (2.0 * n);
        (first / variance, total / variance)
    }

    /// First-order and total index of every factor.
    pub fn estimates(&self) -> Vec<(f64, f64)> {
        let (sample, all) = (self.standardised(), (0..self.a.len()).collect::<Vec<_>>());
        (0..self.ab.len()).map(|factor| sample.indices(factor, &all)).collect()
    }

    fn effects(&self, samples: usize) -> Vec<Effect> {
        let sample = self.standardised();
        let draws = resamples(self.a.len(), samples);
        let of_factor = |(factor, (first, total)): (usize, (f64, f64))| {
            let drawn: Vec<(f64, f64)> = draws.iter().map(|at| sample.indices(factor, at)).collect();
            Effect::Sobol {
                first: Estimate::new(first, drawn.iter().map(|d| d.0).collect()),
                total: Estimate::new(total, drawn.iter().map(|d| d.1).collect()),
            }
        };
        self.estimates().into_iter().enumerate().map(of_factor).collect()
    }
}

/// By factor: the elementary effect on each trajectory, the change of the output over the change of the one factor that
/// moved, on the unit scale. `position` is where a point lies in the unit cube.
pub fn elementary(
    position: impl Fn(usize) -> Vec<f64>,
    outputs: &[f64],
    whole: &[usize],
    factors: usize,
) -> Vec<Vec<f64>> {
    let mut out = vec![Vec::new(); factors];
    for point in whole.iter().flat_map(|t| t * (factors + 1) + 1..(t + 1) * (factors + 1)) {
        let (before, after) = (position(point - 1), position(point));
        let change = |&factor: &usize| after[factor] - before[factor];
        if let Some(factor) = (0..factors).find(|f| change(f) != 0.0) {
            out[factor].push((outputs[point] - outputs[point - 1]) / change(&factor));
        }
    }
    out
}

/// Mean, mean of absolute values and standard deviation of elementary effects (Morris 1991; Campolongo and others
/// 2007).
pub fn morris(elementary: &[f64], samples: usize) -> Effect {
    let n = elementary.len() as f64;
    let mean = elementary.iter().sum::<f64>() / n;
    let square = |x: f64| x * x;
    let variance = elementary.iter().map(|e| square(e - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    let absolute = elementary.iter().map(|e| e.abs()).sum::<f64>() / n;
    let draws = resamples(elementary.len(), samples);
    let resampled = draws.iter().map(|at| at.iter().map(|&i| elementary[i].abs()).sum::<f64>() / n);
    Effect::Morris {
        mean,
        absolute: Estimate::new(absolute, resampled.collect()),
        deviation: variance.sqrt(),
    }
}

/// Bootstrap samples of positions, the same for every output and factor.
fn resamples(n: usize, samples: usize) -> Vec<Vec<usize>> {
    let mut rng = Pcg64::seed_from_u64(0x626f_6f74);
    (0..samples).map(|_| (0..n).map(|_| rng.random_range(0..n.max(1))).collect()).collect()
}
