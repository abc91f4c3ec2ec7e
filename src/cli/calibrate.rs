//! `landfall calibrate`: estimate the factors of an experiment on the recorded figures that are marked for it, and no
//! others; then set runs drawn from the posterior beside every recorded figure.

use super::memory::refuse_too_large;
use super::progress::{duration_text, thousands};
use super::signals::{RESUMABLE, Signals};
use super::study::{self, Opened, What};
use super::summary::{plain_table, trim_lines};
use super::sweep::run_text;
use super::{CommandError, pool, print, tell};
use crate::experiment::calibrate::{Keeping, Plan, Posterior, RoundEnd, calibrate, distance, systematic};
use crate::experiment::factor::{Kind as FactorKind, Range, Setting};
use crate::experiment::member::run_member;
use crate::experiment::row::{Outcome, Row};
use crate::experiment::score::{Scored, Target, fitted_targets, targets};
use crate::experiment::statistics::{quantile, sorted};
use crate::experiment::study::Study;
use crate::files::{create_directory, write_atomically};
use crate::observe::table::{ColumnSpec, Format, Kind, TableSpec, TableWriter};
use crate::scenario::format::Use;
use crate::scenario::read::number;
use crate::scenario::{Setup, load_setup};
use clap::Args;
use comfy_table::CellAlignment;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::posterior::TIED;
pub use super::posterior::read_posterior;

/// Options of `calibrate`.
#[derive(Args, Debug)]
pub struct Options {
    /// The file of an experiment: its factors are the parameters, their ranges the priors.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Directory for the results [default: calibrations/NAME]. The same command again goes on where it stopped.
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
    /// No progress and no summary.
    #[arg(long, short)]
    quiet: bool,
    /// Say how many runs it would take at least and at most, and how long, and run none but one.
    #[arg(long)]
    dry_run: bool,
}

/// Estimate.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let opened = study::read(&options.file)?;
    let study = &opened.study;
    let ranges = ranges(study)?;
    let setup = load_setup(&study.layers(&vec![Setting::Base; study.factors.len()]))
        .map_err(|p| CommandError::Scenario(p.render(false)))?;
    let used = fitted_targets(&setup);
    if used.is_empty() {
        return Err(CommandError::Other(
            "no recorded figure of the scenario has `used_for = \"fit\"`".into(),
        ));
    }
    refuse_too_large(study)?;
    if options.dry_run {
        return pool(options.threads)?.install(|| dry_run(study, &setup, &used));
    }
    let out = options.out.clone().unwrap_or_else(|| {
        let stem = options.file.file_stem().map_or("experiment".into(), |s| s.to_string_lossy().into_owned());
        Path::new("calibrations").join(stem)
    });
    let (_lock, _) = opened.claim(What::Calibration, &out, None)?;
    let rounds = out.join("rounds");
    create_directory(&rounds)?;
    let keeping = Keeping::in_directory(&rounds, &study.digest);
    let signals = Signals::listen()?;
    let stop = signals.flag();
    let pool = pool(options.threads)?;
    let posterior = pool.install(|| estimate(&opened, &ranges, &used, &keeping, stop, options.quiet))?;
    if posterior.stopped {
        let out = out.display();
        tell(format_args!("stopped: what is done is kept under {out}; the same command goes on"));
        return Ok(ExitCode::from(RESUMABLE));
    }
    let all = targets(&setup);
    let Some(scored) = pool.install(|| predict(study, &ranges, &posterior, &all, &keeping, stop))? else {
        return Ok(ExitCode::from(RESUMABLE));
    };
    write_posterior(study, &ranges, &posterior, &out)?;
    write_predictive(study, &scored, &out)?;
    if !options.quiet {
        let text = report(study, &ranges, &posterior) + &checks(&scored, study);
        print(&format!("{text}written to {}: posterior, predictive\n", out.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn dry_run(study: &Study, setup: &Setup, used: &[Target]) -> Result<ExitCode, CommandError> {
    let (typed, threads) = (&study.typed.calibration, rayon::current_num_threads());
    let clock = Instant::now();
    let figures = simulated(setup, used);
    let seconds = clock.elapsed().as_secs_f64();
    let (particles, rounds) = (u64::from(typed.particles), u64::from(typed.rounds));
    let beside = u64::from(typed.predictive_runs);
    let most = u64::from(typed.most_tries);
    let near = distance(used, &figures, typed.offset);
    let mut text = format!(
        "{} parameters on {} recorded figures: {} particles, {} rounds at most, then {} runs beside the record\n\
         each some {}, on {threads} threads; the scenario as it is lies {near:.3} from the record\n",
        study.factors.len(),
        used.len(),
        thousands(particles),
        rounds,
        thousands(beside),
        run_text(seconds),
    );
    for (words, runs) in [
        ("at least, if it ends with the first round", particles + beside),
        (
            "if all rounds are done and one run in three is near enough",
            particles * (1 + 3 * (rounds - 1)) + beside,
        ),
        ("at most", particles * most * rounds + beside),
    ] {
        let time = duration_text(seconds * runs as f64 / threads as f64);
        text += &format!("{:>11} runs, about {time}: {words}\n", thousands(runs));
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The ranges of the factors, which are the priors.
fn ranges(study: &Study) -> Result<Vec<Range>, CommandError> {
    if study.factors.is_empty() {
        return Err(CommandError::Other(
            "no factor to estimate: add [[factors]] with `low` and `high`".into(),
        ));
    }
    let range = |f: &crate::experiment::factor::Factor| match &f.kind {
        FactorKind::Range(range) => Ok(range.as_ref().clone()),
        FactorKind::List { .. } => Err(CommandError::Other(format!(
            "the factor `{}` has no range: only a range with `low` and `high` can be estimated",
            f.name
        ))),
    };
    study.factors.iter().map(range).collect()
}

fn values(ranges: &[Range], unit: &[f64]) -> Vec<f64> {
    ranges.iter().zip(unit).map(|(range, &u)| range.at(u)).collect()
}

/// The scenario at values of the parameters, if there is one.
fn setup_at(study: &Study, values: &[f64], seed: u64) -> Option<Setup> {
    let settings: Vec<Setting> = values.iter().map(|&x| Setting::Number(x)).collect();
    let mut setup = load_setup(&study.layers(&settings)).ok()?;
    setup.scenario.scenario.seed = seed;
    Some(setup)
}

fn simulated(setup: &Setup, targets: &[Target]) -> Vec<f64> {
    let days = targets.iter().map(|t| t.to as u32 + 1).max().unwrap_or(0);
    let daily = run_member(setup, days);
    targets.iter().map(|t| t.simulated(setup, &daily)).collect()
}

fn estimate(
    opened: &Opened,
    ranges: &[Range],
    used: &[Target],
    keeping: &Keeping,
    stop: &AtomicBool,
    quiet: bool,
) -> Result<Posterior, CommandError> {
    let study = &opened.study;
    let typed = &study.typed.calibration;
    let plan = Plan {
        parameters: ranges.len(),
        particles: typed.particles as usize,
        rounds: typed.rounds as usize,
        keep: typed.keep,
        least_accepted: typed.least_accepted,
        seed: typed.seed,
        most_tries: typed.most_tries,
    };
    let run = |unit: &[f64], seed: u64| {
        let setup = setup_at(study, &values(ranges, unit), seed)?;
        Some(distance(used, &simulated(&setup, used), typed.offset)).filter(|d| d.is_finite())
    };
    let told = |end: RoundEnd| {
        if !quiet {
            tell(format_args!(
                "round {:>2}: next tolerance {:.3}, {:.0} % of runs accepted, {} runs so far",
                end.round + 1,
                end.tolerance,
                end.accepted * 100.0,
                thousands(end.runs)
            ));
        }
    };
    Ok(calibrate(&plan, Some(keeping), stop, run, told)?)
}

/// Runs drawn from the posterior, beside every recorded figure; none if it was asked to stop.
fn predict(
    study: &Study,
    ranges: &[Range],
    posterior: &Posterior,
    all: &[Target],
    keeping: &Keeping,
    stop: &AtomicBool,
) -> Result<Option<Vec<Scored>>, CommandError> {
    let typed = &study.typed.calibration;
    let weights: Vec<f64> = posterior.particles.iter().map(|p| p.weight).collect();
    let runs = typed.predictive_runs as usize;
    let drawn = systematic(&weights, runs);
    let work = |i: u64| {
        let unit = &posterior.particles[drawn[i as usize]].unit;
        // Other luck than that of the runs that were accepted.
        let seed = (1 << 32) + typed.seed.wrapping_mul(1_000_003) % (1 << 20) + i;
        let setup = setup_at(study, &values(ranges, unit), seed);
        let scalars = setup.map_or(Vec::new(), |s| simulated(&s, all));
        let row = Row { run: i, outcome: Outcome::Done, scalars, lines: Vec::new(), error: String::new() };
        Ok(Some(row))
    };
    let Some(rows) = Keeping::each(Some(keeping), "predictive", runs, stop, work)? else { return Ok(None) };
    let sample = |t: usize| rows.iter().filter_map(move |row| row.scalars.get(t).copied());
    let scored = |(t, target): (usize, &Target)| Scored {
        target: target.clone(),
        first: sample(t).next().unwrap_or(f64::NAN),
        sample: sorted(sample(t).filter(|x| x.is_finite()).collect()),
    };
    Ok(Some(all.iter().enumerate().map(scored).collect()))
}

const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit: "", meaning }
}

/// Writes the posterior as Parquet, its columns named as factors, and as CSV, its columns named by paths into the
/// scenario (several that take the same value are joined), which `--posterior` reads.
fn write_posterior(
    study: &Study,
    ranges: &[Range],
    posterior: &Posterior,
    out: &Path,
) -> Result<(), CommandError> {
    let mut columns = vec![
        column("weight", Kind::Real, "Weight; the weights sum to 1."),
        column("distance", Kind::Real, "Distance of its run from the record."),
    ];
    // Kept until the program ends, once.
    columns.extend(study.factors.iter().map(|f| {
        let meaning = format!("Parameter: {}.", f.paths().join(", "));
        column(f.name.clone().leak(), Kind::Real, meaning.leak())
    }));
    let meaning = "Particles of the posterior.";
    let spec = TableSpec { name: "posterior", meaning, columns: columns.leak() };
    let tolerance = posterior.tolerances.last().copied().unwrap_or(f64::INFINITY);
    let metadata = [
        ("experiment_digest".to_string(), study.digest.clone()),
        ("tolerance".to_string(), format!("{tolerance:?}")),
        ("runs".to_string(), posterior.runs.to_string()),
    ];
    let mut table = TableWriter::create(out, &spec, Format::Parquet, &metadata)?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| CommandError::Other(format!("cannot encode the posterior: {e}"));
    let mut header = vec!["weight".to_string(), "distance".to_string()];
    header.extend(study.factors.iter().map(|f| f.paths().join(TIED)));
    csv.write_record(&header).map_err(failed)?;
    for p in &posterior.particles {
        let mut row = table.row().real(p.weight).real(p.distance);
        let mut record = vec![format!("{:?}", p.weight), format!("{:?}", p.distance)];
        for (range, x) in ranges.iter().zip(values(ranges, &p.unit)) {
            row = row.real(x);
            record.push(if range.whole { format!("{x:.0}") } else { format!("{x:?}") });
        }
        row.end()?;
        csv.write_record(&record).map_err(failed)?;
    }
    table.finish()?;
    let bytes =
        csv.into_inner().map_err(|e| CommandError::Other(format!("cannot encode the posterior: {e}")))?;
    Ok(write_atomically(&out.join("posterior.csv"), &bytes)?)
}

/// Recorded figures beside the runs.
const PREDICTIVE: TableSpec = TableSpec {
    name: "predictive",
    meaning: "Recorded figures beside runs drawn from the posterior.",
    columns: &[
        column("series", Kind::Text, "Series."),
        column("period", Kind::Text, "Period."),
        column("use", Kind::Text, "Whether it was used in the estimation (fit) or held out (predict)."),
        column("recorded", Kind::Real, "Recorded figure."),
        column("q05", Kind::Real, "5 % quantile of the runs."),
        column("q50", Kind::Real, "Median of the runs."),
        column("q95", Kind::Real, "95 % quantile of the runs."),
        column("inside", Kind::Flag, "Whether the record lies between the two."),
        column(
            "log_crps",
            Kind::Real,
            "Continuous ranked probability score of ln(1 + figure); lower is better.",
        ),
    ],
};

fn write_predictive(study: &Study, scored: &[Scored], out: &Path) -> Result<(), CommandError> {
    let metadata = [("experiment_digest".to_string(), study.digest.clone())];
    let mut table = TableWriter::create(out, &PREDICTIVE, Format::Both, &metadata)?;
    for s in scored {
        let (low, median, high) = s.interval();
        let row = table.row().text(&s.target.name).text(&s.target.period).text(s.target.used_for.name());
        let row = row.real(s.target.value).real(low).real(median).real(high);
        row.flag(s.inside()).real(s.log_crps()).end()?;
    }
    table.finish()?;
    Ok(())
}

fn report(study: &Study, ranges: &[Range], posterior: &Posterior) -> String {
    let weights: Vec<f64> = posterior.particles.iter().map(|p| p.weight).collect();
    let picked = systematic(&weights, 1000);
    let mut table = plain_table();
    table.set_header(["parameter", "prior", "5 %", "median", "95 %"]);
    for (i, (factor, range)) in study.factors.iter().zip(ranges).enumerate() {
        let sample = sorted(picked.iter().map(|&k| range.at(posterior.particles[k].unit[i])).collect());
        let show = |p: f64| format!("{:.4}", quantile(&sample, p));
        let prior = format!("{} to {}", number(range.low), number(range.high));
        table.add_row([factor.name.clone(), prior, show(0.05), show(0.5), show(0.95)]);
    }
    let distances = sorted(posterior.particles.iter().map(|p| p.distance).collect());
    format!(
        "{}\n\n{} runs, {} rounds, {} particles (as good as {:.0} equal ones); distance {:.3} to {:.3}\n\n",
        trim_lines(&table.to_string()),
        thousands(posterior.runs),
        posterior.tolerances.len(),
        posterior.particles.len(),
        posterior.effective_size(),
        quantile(&distances, 0.0),
        quantile(&distances, 1.0),
    )
}

/// Posterior predictive checks: figures used and figures held out, apart.
fn checks(scored: &[Scored], study: &Study) -> String {
    let mut table = plain_table();
    table.set_header(["figures", "number", "inside 90 %", "mean score"]);
    for (used, words) in [(Use::Fit, "used"), (Use::Predict, "held out")] {
        let of: Vec<&Scored> = scored.iter().filter(|s| s.target.used_for == used).collect();
        if of.is_empty() {
            continue;
        }
        let inside = of.iter().filter(|s| s.inside()).count();
        let score = of.iter().map(|s| s.log_crps()).sum::<f64>() / of.len() as f64;
        table.add_row([words.into(), of.len().to_string(), inside.to_string(), format!("{score:.3}")]);
    }
    for i in 1..4 {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let runs = study.typed.calibration.predictive_runs;
    format!("{runs} runs drawn from the posterior beside the record:\n{}\n\n", trim_lines(&table.to_string()))
}
