//! Approximate Bayesian computation by population Monte Carlo, with tolerances that adapt
//! (Beaumont, Cornuet, Marin and Robert 2009; Lenormand, Jabot and Deffuant 2013 for the schedule by quantiles; Filippi
//! and others 2013 for the kernel).
//!
//! Every particle of every round draws from a stream of its own, so that the result depends neither on threads nor on
//! interruptions. What is kept of a round are its particles without their weights, in a journal; everything else is
//! worked out from them again.
//!
//! Crates looked at: none on crates.io for approximate Bayesian computation is both released and kept up; `argmin` and
//! `cobyla` minimise and say nothing about uncertainty; general samplers (`nuts-rs`, `emcee`) need a likelihood, which
//! a simulation does not have. The algorithm is the two hundred lines below.

use super::journal::Journal;
use super::kernel::Kernel;
use super::row::{Outcome, Row};
use super::score::Target;
use super::statistics::{quantile, sorted};
use crate::files::{FileError, RealDisk, remove_file_on};
use crate::model::math;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Parameters.
    pub parameters: usize,
    /// Particles.
    pub particles: usize,
    /// Rounds at most, the first from the prior.
    pub rounds: usize,
    /// Share of particles of a round that set the tolerance of the next.
    pub keep: f64,
    /// Share of runs accepted below which no further round is begun.
    pub least_accepted: f64,
    /// Seed of proposals.
    pub seed: u64,
    /// Tries for one particle before it is given up and the round ends.
    pub most_tries: u32,
}

/// A particle: position in the unit cube of the prior, distance, weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// Position in the unit cube; the prior is uniform there.
    pub unit: Vec<f64>,
    /// Distance of its run from the record.
    pub distance: f64,
    /// Weight; the weights of a round sum to 1.
    pub weight: f64,
}

/// A posterior.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posterior {
    /// Particles of the last round.
    pub particles: Vec<Particle>,
    /// Tolerance of each round.
    pub tolerances: Vec<f64>,
    /// Runs in all.
    pub runs: u64,
    /// Whether it was asked to stop before its end.
    pub stopped: bool,
}

impl Posterior {
    /// Size of an unweighted sample that would say as much: 1 / Σ w².
    pub fn effective_size(&self) -> f64 {
        1.0 / self.particles.iter().map(|p| p.weight * p.weight).sum::<f64>()
    }
}

/// Distance of simulated figures from recorded ones: mean of |ln((x + c) / (y + c))|, so that errors count as
/// ratios; c keeps small figures from counting for more than they can tell.
pub fn distance(targets: &[Target], simulated: &[f64], offset: f64) -> f64 {
    let ratio = |t: &Target, s: &f64| math::ln((s + offset) / (t.value + offset)).abs();
    let sum: f64 = targets.iter().zip(simulated).map(|(t, s)| ratio(t, s)).sum();
    sum / targets.len().max(1) as f64
}

/// Where an estimation keeps what it has found: a directory of journals, or nothing.
#[derive(Clone, Debug)]
pub struct Keeping {
    directory: PathBuf,
    digest: String,
}

impl Keeping {
    /// In a directory that exists, for the experiment of a digest.
    pub fn in_directory(directory: &Path, digest: &str) -> Self {
        Self { directory: directory.to_path_buf(), digest: digest.to_string() }
    }

    /// Does numbered pieces of work, each once even across interruptions, in parallel; those done before are read.
    /// None if it was asked to stop before all were done; a piece of work that gives none has stopped.
    pub fn each(
        this: Option<&Self>,
        name: &str,
        count: usize,
        stop: &AtomicBool,
        work: impl Fn(u64) -> Result<Option<Row>, FileError> + Sync + Send,
    ) -> Result<Option<Vec<Row>>, FileError> {
        let Some(keeping) = this else {
            return (0..count as u64).into_par_iter().map(&work).collect();
        };
        let path = keeping.directory.join(format!("{name}.rows"));
        let mut journal = Journal::open(&path, &keeping.digest)?;
        let mut done: BTreeMap<u64, Row> = BTreeMap::new();
        journal.each(|row| -> Result<(), FileError> {
            done.insert(row.run, row);
            Ok(())
        })?;
        let left: Vec<u64> = (0..count as u64).filter(|n| !done.contains_key(n)).collect();
        let journal = Mutex::new(journal);
        let new: Vec<Option<Row>> = left
            .into_par_iter()
            .with_max_len(1)
            .map(|n| {
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let Some(row) = work(n)? else { return Ok(None) };
                journal.lock().unwrap_or_else(PoisonError::into_inner).append(&row)?;
                Ok(Some(row))
            })
            .collect::<Result<_, FileError>>()?;
        done.extend(new.into_iter().flatten().map(|row| (row.run, row)));
        Ok((done.len() == count).then(|| done.into_values().collect()))
    }
}

/// How often particles were tried in vain before they were stopped: a round may need many runs for one.
struct Tries {
    path: PathBuf,
    journal: Mutex<Journal>,
    before: BTreeMap<u64, u32>,
}

impl Tries {
    /// Those of a round.
    fn open(keeping: &Keeping, name: &str) -> Result<Self, FileError> {
        let path = keeping.directory.join(format!("{name}.tries"));
        let mut journal = Journal::open(&path, &keeping.digest)?;
        let mut before = BTreeMap::new();
        journal.each(|row| -> Result<(), FileError> {
            let tries = row.scalars.first().map_or(0, |&t| t as u32);
            let most = before.entry(row.run).or_insert(0);
            *most = tries.max(*most);
            Ok(())
        })?;
        Ok(Self { path, journal: Mutex::new(journal), before })
    }

    fn keep(&self, slot: u64, tries: u32) -> Result<(), FileError> {
        let scalars = vec![f64::from(tries)];
        let row =
            Row { run: slot, outcome: Outcome::Refused, scalars, lines: Vec::new(), error: String::new() };
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).append(&row)
    }
}

/// A round as it ended, for whoever waits.
#[derive(Clone, Copy, Debug)]
pub struct RoundEnd {
    /// Which, counted from 0.
    pub round: usize,
    /// Tolerance of the next.
    pub tolerance: f64,
    /// Share of its runs that were accepted.
    pub accepted: f64,
    /// Runs so far.
    pub runs: u64,
}

/// Estimate. `run` takes a position in the unit cube of the prior and a seed, and gives the distance (or none, if the
/// scenario there is not valid).
pub fn calibrate(
    plan: &Plan,
    keeping: Option<&Keeping>,
    stop: &AtomicBool,
    run: impl Fn(&[f64], u64) -> Option<f64> + Sync,
    told: impl Fn(RoundEnd),
) -> Result<Posterior, FileError> {
    let mut posterior = Posterior::default();
    let mut tolerance = f64::INFINITY;
    for round in 0..plan.rounds {
        let kernel = Kernel::about(&posterior.particles, plan.parameters);
        let proposer = Proposer { plan, round, tolerance, before: &posterior.particles, kernel: &kernel };
        let name = format!("round_{round:02}");
        let tries = keeping.map(|keeping| Tries::open(keeping, &name)).transpose()?;
        let work = |slot: u64| {
            let before = tries.as_ref().and_then(|t| t.before.get(&slot)).copied().unwrap_or(0);
            let stopped = || tries.is_some() && stop.load(Ordering::Relaxed);
            match (proposer.propose(slot, before, &stopped, &run), &tries) {
                (Err(so_far), Some(tries)) => tries.keep(slot, so_far).map(|()| None),
                (found, _) => Ok(found.ok()),
            }
        };
        let Some(rows) = Keeping::each(keeping, &name, plan.particles, stop, work)? else {
            posterior.stopped = true;
            break;
        };
        if let Some(tries) = tries {
            remove_file_on(&RealDisk, &tries.path)?;
        }
        let tries: u64 = rows.iter().map(|row| row.scalars.last().map_or(0, |&t| t as u64)).sum();
        posterior.runs += tries;
        let complete = rows.iter().all(|row| row.outcome == Outcome::Done);
        if !complete && round > 0 {
            break;
        }
        let mut particles: Vec<Particle> = rows.iter().filter_map(particle).collect();
        weigh(&mut particles, &posterior.particles, &kernel);
        let distances = sorted(particles.iter().map(|p| p.distance).collect());
        posterior.particles = particles;
        posterior.tolerances.push(tolerance);
        tolerance = quantile(&distances, plan.keep);
        let accepted = plan.particles as f64 / tries.max(1) as f64;
        told(RoundEnd { round, tolerance, accepted, runs: posterior.runs });
        if accepted < plan.least_accepted {
            break;
        }
    }
    Ok(posterior)
}

/// A particle from what was kept: its position, its distance, its tries.
fn particle(row: &Row) -> Option<Particle> {
    let [unit @ .., distance, _] = row.scalars.as_slice() else { return None };
    let done = row.outcome == Outcome::Done;
    done.then(|| Particle { unit: unit.to_vec(), distance: *distance, weight: 1.0 })
}

/// What all proposals of a round share.
struct Proposer<'a> {
    plan: &'a Plan,
    round: usize,
    tolerance: f64,
    before: &'a [Particle],
    kernel: &'a Kernel,
}

impl Proposer<'_> {
    /// Tries positions until the run of one is near enough, the first `before` of them having been tried in vain; the
    /// number of tries if it was stopped between two of them.
    fn propose(
        &self,
        slot: u64,
        before: u32,
        stopped: &impl Fn() -> bool,
        run: &(impl Fn(&[f64], u64) -> Option<f64> + Sync),
    ) -> Result<Row, u32> {
        let stream = (self.round as u64) << 32 | slot;
        let mut rng = Pcg64::seed_from_u64(self.plan.seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut tries = 0;
        while tries < self.plan.most_tries {
            let unit = self.position(&mut rng);
            if unit.iter().any(|u| !(0.0..=1.0).contains(u)) {
                continue;
            }
            if tries > before && stopped() {
                return Err(tries);
            }
            tries += 1;
            let seed = u64::from(rng.random::<u32>());
            if tries > before
                && let Some(distance) = run(&unit, seed)
                && distance <= self.tolerance
            {
                let mut scalars = unit;
                scalars.extend([distance, f64::from(tries)]);
                return Ok(Row {
                    run: slot,
                    outcome: Outcome::Done,
                    scalars,
                    lines: Vec::new(),
                    error: String::new(),
                });
            }
        }
        let scalars = vec![f64::from(tries)];
        let error = "no run was near enough".to_string();
        Ok(Row { run: slot, outcome: Outcome::Refused, scalars, lines: Vec::new(), error })
    }

    /// From the prior in the first round, then about a particle of the round before.
    fn position(&self, rng: &mut Pcg64) -> Vec<f64> {
        if self.before.is_empty() {
            return (0..self.plan.parameters).map(|_| rng.random::<f64>()).collect();
        }
        let parent = pick(self.before, rng.random::<f64>());
        let mut one = || math::normal_quantile(rng.random::<f64>().clamp(1e-12, 1.0 - 1e-12));
        let normal: Vec<f64> = parent.unit.iter().map(|_| one()).collect();
        self.kernel.moved(&parent.unit, &normal, rng.random::<f64>())
    }
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

/// Importance weights: prior (uniform in the cube) over the mixture of kernels.
fn weigh(particles: &mut [Particle], before: &[Particle], kernel: &Kernel) {
    if !before.is_empty() {
        for p in particles.iter_mut() {
            let kernel = |b: &Particle| b.weight * kernel.density(&p.unit, &b.unit);
            let mixture: f64 = before.iter().map(kernel).sum();
            p.weight = 1.0 / mixture.max(1e-300);
        }
    }
    let sum: f64 = particles.iter().map(|p| p.weight).sum();
    particles.iter_mut().for_each(|p| p.weight /= sum);
}

/// Systematic resampling: `n` positions, each weight taken as often as it is large (Kitagawa 1996).
pub fn systematic(weights: &[f64], n: usize) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let (mut out, mut at, mut sum) = (Vec::with_capacity(n), 0, weights.first().copied().unwrap_or(0.0));
    for i in 0..n {
        let target = (i as f64 + 0.5) / n as f64 * total;
        while sum < target && at + 1 < weights.len() {
            at += 1;
            sum += weights[at];
        }
        out.push(at);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recovers the mean of a normal from one noisy observation: the posterior is known in closed form.
    #[test]
    fn it_recovers_a_known_posterior() {
        let plan = Plan {
            parameters: 1,
            particles: 400,
            rounds: 6,
            keep: 0.5,
            least_accepted: 0.0,
            seed: 7,
            most_tries: 10_000,
        };
        let value = |unit: f64| -10.0 + 20.0 * unit;
        let run = |unit: &[f64], seed: u64| {
            let u = Pcg64::seed_from_u64(seed).random::<f64>().clamp(1e-12, 1.0 - 1e-12);
            Some((value(unit[0]) + math::normal_quantile(u) - 2.0).abs())
        };
        let go = || calibrate(&plan, None, &AtomicBool::new(false), run, |_| {}).unwrap();
        let posterior = go();
        let mean: f64 = posterior.particles.iter().map(|p| p.weight * value(p.unit[0])).sum();
        let square = |x: f64| x * x;
        let variance: f64 =
            posterior.particles.iter().map(|p| p.weight * square(value(p.unit[0]) - mean)).sum();
        assert!((mean - 2.0).abs() < 0.25, "{mean}");
        assert!((variance - 1.0).abs() < 0.4, "{variance}");
        assert_eq!(posterior, go());
    }

    /// Interrupted between any two particles it comes to the same.
    #[test]
    fn an_interrupted_estimation_comes_to_the_same() {
        let plan = Plan {
            parameters: 2,
            particles: 12,
            rounds: 3,
            keep: 0.5,
            least_accepted: 0.0,
            seed: 3,
            most_tries: 1_000,
        };
        let run = |unit: &[f64], _: u64| Some((unit[0] - 0.3).abs() + (unit[1] - 0.6).abs());
        let whole = calibrate(&plan, None, &AtomicBool::new(false), run, |_| {}).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let keeping = Keeping::in_directory(dir.path(), &"d".repeat(64));
        let left = std::sync::atomic::AtomicI64::new(0);
        let done = std::sync::atomic::AtomicU64::new(0);
        let mut interruptions = 0;
        loop {
            let stop = AtomicBool::new(false);
            left.store(17, Ordering::Relaxed);
            let counted = |unit: &[f64], seed: u64| {
                done.fetch_add(1, Ordering::Relaxed);
                if left.fetch_sub(1, Ordering::Relaxed) <= 1 {
                    stop.store(true, Ordering::Relaxed);
                }
                run(unit, seed)
            };
            let found = calibrate(&plan, Some(&keeping), &stop, counted, |_| {}).unwrap();
            if !found.stopped {
                assert_eq!(found, whole);
                break;
            }
            interruptions += 1;
        }
        assert!(interruptions > 1, "{interruptions}");
        // Tries in vain were not done again: no more runs than those of an estimation that nobody stopped.
        assert_eq!(done.load(Ordering::Relaxed), whole.runs);
        assert!(!dir.path().join("round_00.tries").exists());
    }

    #[test]
    fn resampling_takes_each_as_often_as_it_weighs() {
        let picked = systematic(&[0.5, 0.25, 0.25], 8);
        let count = |k| picked.iter().filter(|&&p| p == k).count();
        assert_eq!((count(0), count(1), count(2)), (4, 2, 2));
    }
}
