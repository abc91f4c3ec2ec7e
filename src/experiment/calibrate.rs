//! Approximate Bayesian computation by population Monte Carlo, with tolerances that adapt
//! (Beaumont, Cornuet, Marin and Robert 2009; Lenormand, Jabot and Deffuant 2013 for the schedule by quantiles).
//!
//! Every particle of every round draws from a stream of its own, so that the result does not depend on threads.

use super::score::Target;
use super::statistics::{quantile, sorted};
use crate::model::math;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

/// A parameter to estimate: a path into the scenario and a uniform prior, on the value or on its logarithm.
#[derive(Clone, Debug)]
pub struct Free {
    /// Path into the scenario.
    pub path: String,
    /// Least value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Whether the prior is uniform on the logarithm.
    pub log: bool,
}

impl Free {
    fn value(&self, u: f64) -> f64 {
        if self.log {
            math::exp(math::ln(self.low) + u * (math::ln(self.high) - math::ln(self.low)))
        } else {
            self.low + u * (self.high - self.low)
        }
    }
}

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Particles.
    pub particles: usize,
    /// Rounds, the first from the prior.
    pub rounds: usize,
    /// Share of particles of a round that set the tolerance of the next.
    pub keep: f64,
    /// Seed of proposals.
    pub seed: u64,
    /// Tries for one particle before it is given up and the round ends.
    pub most_tries: u32,
}

/// A particle: position in the unit cube, parameter values, distance, weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// Position in the unit cube.
    pub unit: Vec<f64>,
    /// Values of the parameters.
    pub values: Vec<f64>,
    /// Distance of its run from the record.
    pub distance: f64,
    /// Weight; the weights of a round sum to 1.
    pub weight: f64,
}

/// A posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Particles of the last round.
    pub particles: Vec<Particle>,
    /// Tolerance of each round.
    pub tolerances: Vec<f64>,
    /// Runs in all.
    pub runs: u64,
}

/// Distance of simulated figures from recorded ones: mean of |ln((x + c) / (y + c))|, so that errors count as
/// ratios; c keeps small figures from counting for more than they can tell.
pub fn distance(targets: &[Target], simulated: &[f64]) -> f64 {
    const C: f64 = 30.0;
    let sum: f64 = targets.iter().zip(simulated).map(|(t, s)| math::ln((s + C) / (t.value + C)).abs()).sum();
    sum / targets.len().max(1) as f64
}

/// Estimate. `run` takes parameter values and a seed, and gives the distance (or none, if they are not allowed).
pub fn calibrate(
    free: &[Free],
    plan: &Plan,
    run: impl Fn(&[f64], u64) -> Option<f64> + Sync,
    progress: impl Fn(usize, f64, u64),
) -> Posterior {
    let mut posterior = Posterior { particles: Vec::new(), tolerances: Vec::new(), runs: 0 };
    let mut tolerance = f64::INFINITY;
    for round in 0..plan.rounds {
        let scale = spreads(&posterior.particles, free.len());
        let found: Vec<(Option<Particle>, u64)> = (0..plan.particles)
            .into_par_iter()
            .map(|slot| propose(free, plan, round, slot, tolerance, &posterior.particles, &scale, &run))
            .collect();
        posterior.runs += found.iter().map(|f| f.1).sum::<u64>();
        let complete = found.iter().all(|f| f.0.is_some());
        if !complete && round > 0 {
            break;
        }
        let mut particles: Vec<Particle> = found.into_iter().filter_map(|f| f.0).collect();
        weigh(&mut particles, &posterior.particles, &scale);
        let distances = sorted(particles.iter().map(|p| p.distance).collect());
        posterior.particles = particles;
        posterior.tolerances.push(tolerance);
        tolerance = quantile(&distances, plan.keep);
        progress(round, tolerance, posterior.runs);
    }
    posterior
}

#[expect(clippy::too_many_arguments, reason = "one proposal needs all of the round")]
fn propose(
    free: &[Free],
    plan: &Plan,
    round: usize,
    slot: usize,
    tolerance: f64,
    before: &[Particle],
    scale: &[f64],
    run: &(impl Fn(&[f64], u64) -> Option<f64> + Sync),
) -> (Option<Particle>, u64) {
    let stream = (round as u64) << 32 | slot as u64;
    let mut rng = Pcg64::seed_from_u64(plan.seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut tries = 0;
    while tries < plan.most_tries {
        let unit: Vec<f64> = if before.is_empty() {
            (0..free.len()).map(|_| rng.random::<f64>()).collect()
        } else {
            let parent = pick(before, rng.random::<f64>());
            parent
                .unit
                .iter()
                .zip(scale)
                .map(|(u, s)| u + s * math::normal_quantile(rng.random::<f64>().clamp(1e-12, 1.0 - 1e-12)))
                .collect()
        };
        if unit.iter().any(|u| !(0.0..=1.0).contains(u)) {
            continue;
        }
        tries += 1;
        let values: Vec<f64> = free.iter().zip(&unit).map(|(f, &u)| f.value(u)).collect();
        let seed = rng.random::<u32>();
        if let Some(distance) = run(&values, u64::from(seed))
            && distance <= tolerance
        {
            return (Some(Particle { unit, values, distance, weight: 1.0 }), u64::from(tries));
        }
    }
    (None, u64::from(plan.most_tries))
}

fn pick(particles: &[Particle], u: f64) -> &Particle {
    let mut sum = 0.0;
    for p in particles {
        sum += p.weight;
        if u < sum {
            return p;
        }
    }
    &particles[particles.len() - 1]
}

/// Kernel widths: the square root of twice the weighted variance of each coordinate.
fn spreads(particles: &[Particle], n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| {
            let mean: f64 = particles.iter().map(|p| p.weight * p.unit[i]).sum();
            let variance: f64 =
                particles.iter().map(|p| p.weight * (p.unit[i] - mean) * (p.unit[i] - mean)).sum();
            (2.0 * variance).sqrt().max(1e-3)
        })
        .collect()
}

/// Importance weights: prior (uniform in the cube) over the mixture of kernels.
fn weigh(particles: &mut [Particle], before: &[Particle], scale: &[f64]) {
    if !before.is_empty() {
        for p in particles.iter_mut() {
            let mixture: f64 = before
                .iter()
                .map(|b| {
                    let z: f64 = p
                        .unit
                        .iter()
                        .zip(&b.unit)
                        .zip(scale)
                        .map(|((x, y), s)| ((x - y) / s) * ((x - y) / s))
                        .sum();
                    b.weight * math::exp(-z / 2.0)
                })
                .sum();
            p.weight = 1.0 / mixture.max(1e-300);
        }
    }
    let sum: f64 = particles.iter().map(|p| p.weight).sum();
    particles.iter_mut().for_each(|p| p.weight /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recovers the mean of a normal from one noisy observation: the posterior is known in closed form.
    #[test]
    fn it_recovers_a_known_posterior() {
        let free = [Free { path: "m".into(), low: -10.0, high: 10.0, log: false }];
        let plan = Plan { particles: 400, rounds: 6, keep: 0.5, seed: 7, most_tries: 10_000 };
        let run = |values: &[f64], seed: u64| {
            let u = Pcg64::seed_from_u64(seed).random::<f64>().clamp(1e-12, 1.0 - 1e-12);
            Some((values[0] + math::normal_quantile(u) - 2.0).abs())
        };
        let posterior = calibrate(&free, &plan, run, |_, _, _| {});
        let mean: f64 = posterior.particles.iter().map(|p| p.weight * p.values[0]).sum();
        let variance: f64 =
            posterior.particles.iter().map(|p| p.weight * (p.values[0] - mean) * (p.values[0] - mean)).sum();
        assert!((mean - 2.0).abs() < 0.25, "{mean}");
        assert!((variance - 1.0).abs() < 0.4, "{variance}");
        let again = calibrate(&free, &plan, run, |_, _, _| {});
        assert_eq!(posterior, again);
    }
}
