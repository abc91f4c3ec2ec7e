//! `landfall score`: an ensemble beside the record, and the same with each mechanism off.

use super::ensemble::{By, over_time};
use super::facts::{facts_table, worlds};
use super::ledger::{score_all, write_one};
use super::source::Source;
use super::summary::{plain_table, trim_lines};
use super::{CommandError, pool, print};
use crate::cli::progress::thousands;
use crate::experiment::facts::score_facts;
use crate::experiment::score::{Scored, Target, naive_scores, score, targets};
use crate::scenario::facts::number_text;
use crate::scenario::format::{Switches, Use};
use crate::scenario::{Loaded, Setup, library};
use clap::Args;
use comfy_table::CellAlignment;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `score`.
#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// Runs, at most 100,000 [default: 200; with --all 20].
    #[arg(long, value_parser = super::bounds::runs)]
    runs: Option<u64>,
    /// Score every scenario that comes with the program instead.
    #[arg(long, group = "what", conflicts_with_all = ["set", "without", "bar", "seed", "posterior", "plot"])]
    all: bool,
    /// Put the results into a file that `landfall document ledger` shows.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "set", "without", "bar", "seed", "posterior", "without_each", "yearly", "monthly", "moves"
        ]
    )]
    write: Option<PathBuf>,
    /// Posterior of an estimation: runs take their parameters from its rows in turn.
    #[arg(long, value_name = "FILE")]
    posterior: Option<PathBuf>,
    /// Score recorded figures only, and not facts, which may ask for runs of other worlds.
    #[arg(long, group = "what", conflicts_with = "write")]
    figures: bool,
    /// Show medians with each mechanism switched off in turn.
    #[arg(long, group = "what")]
    without_each: bool,
    /// Show a measure by year instead, for every population.
    #[arg(long, group = "what", value_name = "MEASURE")]
    yearly: Option<String>,
    /// The same by month.
    #[arg(long, group = "what", value_name = "MEASURE")]
    monthly: Option<String>,
    /// Show when ladders and arrangements moved instead, and in how many runs.
    #[arg(long, group = "what")]
    moves: bool,
    /// Draw the yearly figures beside the record into an SVG file.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
}

/// Score a scenario.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let runs = options.runs.unwrap_or(if options.all { 20 } else { 200 });
    let posterior = match &options.posterior {
        Some(path) => super::calibrate::read_posterior(path)?,
        None => vec![Vec::new()],
    };
    let pool = pool(options.threads)?;
    if options.all {
        if options.source.scenario != library::SHIPPED[0].name {
            return Err(CommandError::Other(
                "--all scores every shipped scenario: leave SCENARIO out".into(),
            ));
        }
        return pool.install(|| score_all(runs, options.write.as_deref()));
    }
    if options.without_each {
        return pool.install(|| without_each(options, &posterior, runs));
    }
    for (measure, by) in [(&options.yearly, By::Year), (&options.monthly, By::Month)] {
        if let Some(measure) = measure {
            return pool.install(|| over_time(&options.source, &posterior, runs, measure, by));
        }
    }
    if options.moves {
        return pool.install(|| super::ensemble::moves(&options.source, &posterior, runs));
    }
    let mut loaded = pool.install(|| load_rows(&options.source, &posterior, runs))?;
    if options.figures {
        loaded.iter_mut().for_each(|loaded| loaded.setup.facts.facts.clear());
    }
    let worlds = worlds(loaded)?;
    let setup = worlds.first();
    let targets = targets(setup);
    if targets.is_empty() && setup.facts.facts.is_empty() {
        return Err(nothing_recorded(&options.source));
    }
    let seed = setup.scenario.scenario.seed;
    let outcome = pool.install(|| score_facts(&worlds, &targets, runs, seed));
    if let Some(path) = &options.plot {
        let picture = super::plot::picture(&outcome.figures).map_err(CommandError::Other)?;
        crate::files::write_output(path, picture.as_bytes())?;
    }
    if let Some(path) = &options.write {
        write_one(path, &options.source.name(), setup, runs, &outcome)?;
    }
    let mut parts = Vec::new();
    if !targets.is_empty() {
        parts.push(table(&targets, &outcome.figures));
    }
    if !outcome.facts.is_empty() {
        parts.push(facts_table(setup, &outcome.facts));
    }
    print(&parts.join("\n"))?;
    Ok(if outcome.all_hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn nothing_recorded(source: &Source) -> CommandError {
    let name = &source.scenario;
    CommandError::Other(format!("`{name}` has nothing on record: add [[observed]] or [[facts]] tables"))
}

/// One scenario for each row of a posterior, as many as there are runs.
pub fn load_rows(source: &Source, posterior: &[Vec<String>], runs: u64) -> Result<Vec<Loaded>, CommandError> {
    let loaded: Vec<Loaded> =
        posterior.iter().take(runs as usize).map(|row| source.load_with(row)).collect::<Result<_, _>>()?;
    let at_once = rayon::current_num_threads().min(runs.try_into().unwrap_or(usize::MAX));
    for one in &loaded {
        super::memory::refuse_too_many_at_once(&[&one.setup], at_once)?;
    }
    Ok(loaded)
}

fn scored(
    source: &Source,
    posterior: &[Vec<String>],
    runs: u64,
) -> Result<(Vec<Target>, Vec<Scored>), CommandError> {
    let loaded = load_rows(source, posterior, runs)?;
    let setups: Vec<&Setup> = loaded.iter().map(|l| &l.setup).collect();
    let targets = targets(setups[0]);
    if targets.is_empty() {
        return Err(nothing_recorded(source));
    }
    let first_seed = setups[0].scenario.scenario.seed;
    let scored = score(&setups, &targets, runs, first_seed);
    Ok((targets, scored))
}

fn table(targets: &[Target], scored: &[Scored]) -> String {
    let mut out = String::new();
    let mut table = plain_table();
    table.set_header([
        "series", "period", "recorded", "median", "5 %", "95 %", "inside", "use", "score", "last", "mean",
    ]);
    let mut sums = [(0.0, 0.0, 0.0, 0u32); 2];
    for (i, s) in scored.iter().enumerate() {
        let (low, median, high) = s.interval();
        let naive = naive_scores(targets, i);
        let used = s.target.used_for;
        // Counts are shown whole, and series of fractions, on record or in runs, as such.
        let of_series = scored.iter().filter(|other| other.target.name == s.target.name);
        let whole = of_series
            .flat_map(|other| other.sample.iter().chain([&other.target.value]))
            .all(|value| value.fract() == 0.0);
        let show = |x: f64| if whole { thousands(x as u64) } else { number_text(x) };
        if let Some((last, mean)) = naive {
            let sum = &mut sums[usize::from(used == Use::Predict)];
            *sum = (sum.0 + s.log_crps(), sum.1 + last, sum.2 + mean, sum.3 + 1);
        }
        table.add_row([
            s.target.name.clone(),
            s.target.period.clone(),
            show(s.target.value),
            show(median),
            show(low),
            show(high),
            if s.inside() { "yes" } else { "no" }.to_string(),
            used.name().to_string(),
            format!("{:.2}", s.log_crps()),
            naive.map_or(String::new(), |n| format!("{:.2}", n.0)),
            naive.map_or(String::new(), |n| format!("{:.2}", n.1)),
        ]);
    }
    for i in [2, 3, 4, 5, 8, 9, 10] {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    out.push_str(&trim_lines(&table.to_string()));
    out.push_str("\n\nscore: continuous ranked probability score of ln(1 + figure), lower is better; ");
    out.push_str("last, mean: the same of\n");
    out.push_str("the naive forecasts \"as the figure before\" and \"the mean of the figures before\".\n");
    for (sum, what) in sums.iter().zip(["fitted", "predicted"]) {
        if sum.3 > 0 {
            let n = f64::from(sum.3);
            out.push_str(&format!(
                "{what} figures with a naive forecast: {}; mean score {:.2}, last {:.2}, mean {:.2}\n",
                sum.3,
                sum.0 / n,
                sum.1 / n,
                sum.2 / n
            ));
        }
    }
    let inside = scored.iter().filter(|s| s.inside()).count();
    out.push_str(&format!("{inside} of {} recorded figures lie inside the 90 % interval\n", scored.len()));
    out
}

/// Medians with each mechanism off.
fn without_each(options: &Options, posterior: &[Vec<String>], runs: u64) -> Result<ExitCode, CommandError> {
    let (targets, all_on) = scored(&options.source, posterior, runs)?;
    let mut header = vec!["switched off".to_string()];
    let shown: Vec<usize> = (0..targets.len()).filter(|&i| targets[i].period.len() == 4).collect();
    let short =
        |i: usize| format!("{} {}", targets[i].name.split(' ').next().unwrap_or(""), targets[i].period);
    header.extend(shown.iter().map(|&i| short(i)));
    header.push("mean score".into());
    let mut table = plain_table();
    table.set_header(header);
    let row = |title: &str, scored: &[Scored]| {
        let mut cells = vec![title.to_string()];
        cells.extend(shown.iter().map(|&i| thousands(scored[i].interval().1 as u64)));
        let mean = shown.iter().map(|&i| scored[i].log_crps()).sum::<f64>() / shown.len().max(1) as f64;
        cells.push(format!("{mean:.2}"));
        cells
    };
    let mut recorded = vec!["(recorded)".to_string()];
    recorded.extend(shown.iter().map(|&i| thousands(targets[i].value as u64)));
    recorded.push(String::new());
    table.add_row(recorded);
    table.add_row(row("(nothing)", &all_on));
    for switch in Switches::names() {
        let mut source = options.source.clone();
        source.without.push(switch.clone());
        let (_, off) = scored(&source, posterior, runs)?;
        table.add_row(row(&switch, &off));
    }
    for i in 1..=shown.len() + 1 {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    print(&(trim_lines(&table.to_string()) + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
