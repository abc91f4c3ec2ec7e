//! `landfall calibrate`: estimate parameters on the recorded figures that are marked for it, and no others.

use super::progress::thousands;
use super::source::Source;
use super::summary::{plain_table, trim_lines};
use super::{CommandError, pool, print};
use crate::experiment::calibrate::{Free, Plan, Posterior, calibrate, distance};
use crate::experiment::member::{run_member, with_seed};
use crate::experiment::plan::Estimation;
use crate::experiment::score::{Target, fitted_targets};
use crate::experiment::statistics::{quantile, sorted};
use crate::files::{read_text, write_atomically};
use crate::scenario::read::{self, Layer};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `calibrate`.
#[derive(Args, Debug)]
pub struct Options {
    /// The estimation: parameters with priors, particles, rounds.
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    #[command(flatten)]
    source: Source,
    /// File for the posterior, as CSV.
    #[arg(long, short, default_value = "posterior.csv")]
    out: PathBuf,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long)]
    threads: Option<usize>,
}

/// Estimate.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let text = read_text(&options.plan)?;
    let plan = read::load::<Estimation>(&[Layer::file(options.plan.display().to_string(), text)])
        .map_err(|p| CommandError::Scenario(p.render(false)))?
        .value;
    let free = free(&plan)?;
    let loaded = options.source.load()?;
    let used: Vec<Target> = fitted_targets(&loaded.setup);
    let Some(days) = used.iter().map(|t| t.to as u32 + 1).max() else {
        return Err(CommandError::Other(
            "no recorded figure of the scenario has `used_for = \"fit\"`".into(),
        ));
    };
    for f in &free {
        // Both ends of every prior must make a valid scenario.
        for value in [f.low, f.high] {
            options.source.load_with(&[format!("{}={value:?}", f.path)])?;
        }
    }
    let method = Plan {
        particles: plan.estimation.particles as usize,
        rounds: plan.estimation.rounds as usize,
        keep: plan.estimation.keep,
        seed: plan.estimation.seed,
        most_tries: plan.estimation.most_tries,
    };
    let posterior = pool(options.threads)?.install(|| {
        calibrate(
            &free,
            &method,
            |values, seed| {
                let setup =
                    with_seed(&options.source.load_with(&assignments(&free, values)).ok()?.setup, seed);
                let daily = run_member(&setup, days);
                let simulated: Vec<f64> = used.iter().map(|t| t.simulated(&setup, &daily)).collect();
                Some(distance(&used, &simulated))
            },
            |round, tolerance, runs| {
                eprintln!(
                    "round {:>2}: next tolerance {tolerance:.3}, {} runs so far",
                    round + 1,
                    thousands(runs)
                );
            },
        )
    });
    write_atomically(&options.out, csv(&free, &posterior)?.as_bytes())?;
    print(&report(&free, &posterior, &options.out))?;
    Ok(ExitCode::SUCCESS)
}

fn free(plan: &Estimation) -> Result<Vec<Free>, CommandError> {
    let mut free = Vec::new();
    for p in &plan.parameters {
        let positive = !p.log || p.low > 0.0;
        if p.low.partial_cmp(&p.high) != Some(std::cmp::Ordering::Less) || !positive {
            return Err(CommandError::Other(format!(
                "parameter `{}`: prior from {} to {}{}; `low` must be below `high`{}",
                p.path,
                p.low,
                p.high,
                if p.log { " on the logarithm" } else { "" },
                if p.log { " and above 0" } else { "" }
            )));
        }
        free.push(Free { path: p.path.clone(), low: p.low, high: p.high, log: p.log });
    }
    if free.is_empty() {
        return Err(CommandError::Other("no parameter to estimate".into()));
    }
    Ok(free)
}

fn assignments(free: &[Free], values: &[f64]) -> Vec<String> {
    free.iter().zip(values).map(|(f, v)| format!("{}={v:?}", f.path)).collect()
}

fn csv(free: &[Free], posterior: &Posterior) -> Result<String, CommandError> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| CommandError::Other(format!("cannot encode the posterior: {e}"));
    let mut header = vec!["weight".to_string(), "distance".to_string()];
    header.extend(free.iter().map(|f| f.path.clone()));
    out.write_record(&header).map_err(failed)?;
    for p in &posterior.particles {
        let mut row = vec![format!("{:?}", p.weight), format!("{:?}", p.distance)];
        row.extend(p.values.iter().map(|v| format!("{v:?}")));
        out.write_record(&row).map_err(failed)?;
    }
    let bytes =
        out.into_inner().map_err(|e| CommandError::Other(format!("cannot encode the posterior: {e}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn report(free: &[Free], posterior: &Posterior, out: &Path) -> String {
    let mut table = plain_table();
    table.set_header(["parameter", "prior", "5 %", "median", "95 %"]);
    for (i, f) in free.iter().enumerate() {
        let values = resampled(posterior, 1000, i);
        let show = |x: f64| format!("{x:.4}");
        table.add_row([
            f.path.clone(),
            format!("{} to {}{}", f.low, f.high, if f.log { ", log" } else { "" }),
            show(quantile(&values, 0.05)),
            show(quantile(&values, 0.5)),
            show(quantile(&values, 0.95)),
        ]);
    }
    let distances = sorted(posterior.particles.iter().map(|p| p.distance).collect());
    format!(
        "{}\n\n{} runs, {} rounds, {} particles; distance {:.3} to {:.3}; written to {}\n",
        trim_lines(&table.to_string()),
        thousands(posterior.runs),
        posterior.tolerances.len(),
        posterior.particles.len(),
        quantile(&distances, 0.0),
        quantile(&distances, 1.0),
        out.display()
    )
}

/// A coordinate of the posterior, resampled to equal weights, sorted.
fn resampled(posterior: &Posterior, n: usize, coordinate: usize) -> Vec<f64> {
    let weights: Vec<f64> = posterior.particles.iter().map(|p| p.weight).collect();
    sorted(systematic(&weights, n).into_iter().map(|k| posterior.particles[k].values[coordinate]).collect())
}

/// Systematic resampling: `n` positions, each weight taken as often as it is large (Kitagawa 1996).
fn systematic(weights: &[f64], n: usize) -> Vec<usize> {
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

/// Read a posterior: one list of assignments for each of 200 rows resampled by weight, spread so that any number of
/// first rows covers it.
pub fn read_posterior(path: &Path) -> Result<Vec<Vec<String>>, CommandError> {
    let wrong = |what: String| CommandError::Other(format!("{}: {what}", path.display()));
    let text = read_text(path)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| wrong(e.to_string()))?.clone();
    if header.get(0) != Some("weight") || header.len() < 3 {
        return Err(wrong("not a posterior: the first columns must be `weight` and `distance`".into()));
    }
    let (mut rows, mut weights) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|e| wrong(e.to_string()))?;
        let weight: f64 = record
            .get(0)
            .and_then(|w| w.parse().ok())
            .filter(|w: &f64| w.is_finite() && *w >= 0.0)
            .ok_or_else(|| wrong(format!("row {}: no weight", rows.len() + 1)))?;
        weights.push(weight);
        rows.push(header.iter().zip(&record).skip(2).map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        return Err(wrong("no rows".into()));
    }
    const ROWS: usize = 200;
    let order = systematic(&weights, ROWS);
    // A stride coprime to the number of rows visits them all, far apart.
    Ok((0..ROWS).map(|i| rows[order[i * 89 % ROWS]].clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::systematic;

    #[test]
    fn resampling_takes_each_as_often_as_it_weighs() {
        let picked = systematic(&[0.5, 0.25, 0.25], 8);
        let count = |k| picked.iter().filter(|&&p| p == k).count();
        assert_eq!((count(0), count(1), count(2)), (4, 2, 2));
    }
}
