//! Ensembles without a record: a measure by year, and when policies moved.

use super::progress::thousands;
use super::score::load_rows;
use super::source::Source;
use super::summary::{plain_table, trim_lines};
use super::{CommandError, print};
use crate::experiment::score::ensemble;
use crate::experiment::statistics::{quantile, sorted};
use crate::model::arrangement::Phase;
use crate::observe::Move;
use crate::scenario::Setup;
use crate::scenario::format::Measure;
use comfy_table::CellAlignment;
use std::process::ExitCode;

/// By which periods a measure is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Calendar years.
    Year,
    /// Calendar months.
    Month,
}

/// Periods of a run: label, first day, last day.
fn periods(setup: &Setup, by: By) -> Vec<(String, usize, usize)> {
    let mut out: Vec<(String, usize, usize)> = Vec::new();
    for day in 0..setup.days {
        let date = setup.calendar.date(day);
        let label = match by {
            By::Year => date.year().to_string(),
            By::Month => format!("{}-{:02}", date.year(), date.month()),
        };
        match out.last_mut() {
            Some(last) if last.0 == label => last.2 = day as usize,
            _ => out.push((label, day as usize, day as usize)),
        }
    }
    out
}

/// Median and 90 % interval of a measure, by period and population.
pub fn over_time(
    source: &Source,
    posterior: &[Vec<String>],
    runs: u64,
    measure: &str,
    by: By,
) -> Result<ExitCode, CommandError> {
    let Some(measure) = Measure::from_name(measure) else {
        let known: Vec<&str> = Measure::ALL.iter().map(|m| m.name()).collect();
        return Err(CommandError::Other(format!(
            "there is no measure `{measure}`; one of: {}",
            known.join(", ")
        )));
    };
    let loaded = load_rows(source, posterior, runs)?;
    let setups: Vec<&Setup> = loaded.iter().map(|l| &l.setup).collect();
    let setup = setups[0];
    let (populations, periods) = (setup.populations.len(), periods(setup, by));
    let seed = setup.scenario.scenario.seed;
    let values: Vec<Vec<f64>> = ensemble(&setups, runs, seed, setup.days, |_, daily| {
        let mut row = Vec::new();
        for population in 0..populations {
            row.extend(periods.iter().map(|&(_, from, to)| daily.over(measure, Some(population), from, to)));
        }
        row
    });
    let mut table = plain_table();
    table.set_header(["population", "period", "median", "5 %", "95 %"]);
    for (p, population) in setup.populations.iter().enumerate() {
        for (k, (label, ..)) in periods.iter().enumerate() {
            let sample = sorted(values.iter().map(|v| v[p * periods.len() + k]).collect());
            let at = |q: f64| thousands(quantile(&sample, q).round() as u64);
            table.add_row([population.name.clone(), label.clone(), at(0.5), at(0.05), at(0.95)]);
        }
    }
    for i in 1..5 {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    print(&format!("{}, {runs} runs\n{}\n", measure.name(), trim_lines(&table.to_string())))?;
    Ok(ExitCode::SUCCESS)
}

/// When ladders and arrangements first came to each rung and phase, and in how many runs.
pub fn moves(source: &Source, posterior: &[Vec<String>], runs: u64) -> Result<ExitCode, CommandError> {
    let loaded = load_rows(source, posterior, runs)?;
    let setups: Vec<&Setup> = loaded.iter().map(|l| &l.setup).collect();
    let setup = setups[0];
    let seed = setup.scenario.scenario.seed;
    let all: Vec<Vec<Move>> = ensemble(&setups, runs, seed, setup.days, |_, daily| daily.moves().to_vec());
    let mut table = plain_table();
    table.set_header(["what", "to", "runs", "moves a run", "first: median", "5 %", "95 %"]);
    let ladders = setup
        .ladders
        .iter()
        .map(|l| (l.name.clone(), l.rungs.iter().map(|r| r.name.clone()).collect::<Vec<_>>()));
    let phases: Vec<String> = Phase::ALL.iter().map(|p| p.name().to_string()).collect();
    let arrangements = setup.arrangements.iter().map(|a| (a.name.clone(), phases.clone()));
    for (what, (name, rungs)) in ladders.chain(arrangements).enumerate() {
        for (to, rung) in rungs.iter().enumerate() {
            let here = |m: &&Move| usize::from(m.what) == what && usize::from(m.to) == to;
            let firsts: Vec<f64> =
                all.iter().filter_map(|run| run.iter().find(here)).map(|m| f64::from(m.day)).collect();
            if firsts.is_empty() {
                continue;
            }
            let count: usize = all.iter().map(|run| run.iter().filter(here).count()).sum();
            let share = format!("{} of {runs}", firsts.len());
            let firsts = sorted(firsts);
            let date = |q: f64| setup.calendar.date(quantile(&firsts, q) as u32).to_string();
            table.add_row([
                name.clone(),
                rung.clone(),
                share,
                format!("{:.2}", count as f64 / runs as f64),
                date(0.5),
                date(0.05),
                date(0.95),
            ]);
        }
    }
    print(&(trim_lines(&table.to_string()) + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
