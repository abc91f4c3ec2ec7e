//! `landfall summary` and `landfall sensitivity`: what a sweep says, printed and written beside it.

use super::progress::thousands;
use super::study;
use super::summary::{plain_table, trim_lines};
use super::{CommandError, print};
use crate::experiment::dataset::{Figures, Paths};
use crate::experiment::quantiles::{Group, groups};
use crate::experiment::reading;
use crate::experiment::sensitivity::{CONVERGED_WIDTH, Effect, Effects, analyse};
use crate::experiment::study::Study;
use crate::files::create_directory;
use crate::observe::table::{ColumnSpec, Format, Kind, TableSpec, TableWriter};
use clap::Args;
use comfy_table::CellAlignment;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `summary`.
#[derive(Args, Debug)]
pub struct Options {
    /// Directory of a sweep.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Show this output alone. May be repeated.
    #[arg(long, value_name = "NAME")]
    output: Vec<String>,
}

/// Options of `sensitivity`.
#[derive(Args, Debug)]
pub struct SensitivityOptions {
    /// Directory of a sweep over a Saltelli or a Morris design.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Show this output alone. May be repeated.
    #[arg(long, value_name = "NAME")]
    output: Vec<String>,
    /// Bootstrap samples.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    bootstrap: u32,
}

const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit: "", meaning }
}

/// Quantiles by factor.
const QUANTILES: TableSpec = TableSpec {
    name: "quantiles",
    meaning: "Quantiles of each output over all runs that were done, and by the levels of each factor.",
    columns: &[
        column("output", Kind::Text, "Output."),
        column("factor", Kind::Text, "Factor; empty: all runs."),
        column("level", Kind::Text, "Its level, or a part of its range."),
        column("runs", Kind::Integer, "Runs."),
        column("mean", Kind::Real, "Mean."),
        column("q05", Kind::Real, "5 % quantile."),
        column("q25", Kind::Real, "25 % quantile."),
        column("q50", Kind::Real, "Median."),
        column("q75", Kind::Real, "75 % quantile."),
        column("q95", Kind::Real, "95 % quantile."),
    ],
};

/// Indices of sensitivity.
const SENSITIVITY: TableSpec = TableSpec {
    name: "sensitivity",
    meaning: "What each factor does to each output, with 95 % bootstrap intervals.",
    columns: &[
        column("output", Kind::Text, "Output."),
        column("factor", Kind::Text, "Factor."),
        column(
            "index",
            Kind::Text,
            "first, total (Sobol); mean, mean_absolute, deviation (Morris, on the unit scale).",
        ),
        column("value", Kind::Real, "Estimate."),
        column("low", Kind::Real, "Lower end of its interval."),
        column("high", Kind::Real, "Upper end of its interval."),
    ],
};

/// The figures of a directory, its own or those of its shards.
fn read(directory: &Path) -> Result<(study::Opened, Figures), CommandError> {
    let opened = study::open(directory)?;
    let figures = reading::figures(&opened.study, &Paths::of(directory))?;
    if figures.runs.is_empty() {
        let shards = study::shards_in(directory);
        let join = if shards.is_empty() {
            String::new()
        } else {
            format!(": join its shards with landfall merge {0} --out {0}", directory.display())
        };
        return Err(CommandError::Other(format!("no run of {} is done yet{join}", directory.display())));
    }
    Ok((opened, figures))
}

/// Positions of the outputs asked for; all of them where none is.
fn chosen(study: &Study, names: &[String]) -> Result<Vec<usize>, CommandError> {
    if names.is_empty() {
        return Ok((0..study.scalars.len()).collect());
    }
    let known: Vec<&str> = study.scalars.iter().map(|s| s.name.as_str()).collect();
    let position = |name: &String| {
        known.iter().position(|k| k == name).ok_or_else(|| {
            CommandError::Other(format!("there is no output `{name}`; one of: {}", known.join(", ")))
        })
    };
    names.iter().map(position).collect()
}

/// What is done and what is not, in words.
fn stock(study: &Study, figures: &Figures, directory: &Path) -> String {
    let (runs, done) = (study.runs(), figures.runs.len() as u64);
    let mut text = format!("{} of {} runs", thousands(done), thousands(runs));
    if !figures.failures.is_empty() {
        text += &format!(", {} of them failed", thousands(figures.failures.len() as u64));
    }
    text += "\n";
    text + &super::sweep_status::failures_of(figures, directory, 3)
}

/// Print and write quantiles.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let directory = &options.directory;
    let (opened, figures) = read(directory)?;
    let study = &opened.study;
    let chosen = chosen(study, &options.output)?;
    let all = groups(study, &figures);
    let out = directory.join("summary");
    write_quantiles(study, &all, &out)?;
    let mut table = plain_table();
    table.set_header(["output", "factor", "level", "runs", "mean", "5 %", "25 %", "median", "75 %", "95 %"]);
    for g in all.iter().filter(|g| chosen.contains(&g.output)) {
        let mut cells = vec![
            study.scalars[g.output].name.clone(),
            g.factor.map_or("(all runs)".into(), |f| study.factors[f].name.clone()),
            g.level.clone(),
            thousands(g.runs),
        ];
        cells.extend([g.mean].iter().chain(&g.quantiles).map(|&x| figure(x)));
        table.add_row(cells);
    }
    right(&mut table, 3..10);
    let text = format!("{}\n\n{}", trim_lines(&table.to_string()), stock(study, &figures, directory));
    print(&format!("{text}written to {}/quantiles.parquet and .csv\n", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn write_quantiles(study: &Study, all: &[Group], out: &Path) -> Result<(), CommandError> {
    create_directory(out)?;
    let mut table = TableWriter::create(out, &QUANTILES, Format::Both, &digest(study))?;
    for g in all {
        let factor = g.factor.map_or("", |f| study.factors[f].name.as_str());
        let mut row = table.row().text(&study.scalars[g.output].name).text(factor).text(&g.level);
        row = row.integer(g.runs as i64).real(g.mean);
        for q in g.quantiles {
            row = row.real(q);
        }
        row.end()?;
    }
    table.finish()?;
    Ok(())
}

fn digest(study: &Study) -> [(String, String); 1] {
    [("experiment_digest".to_string(), study.digest.clone())]
}

/// Print and write indices of sensitivity.
pub fn sensitivity(options: &SensitivityOptions) -> Result<ExitCode, CommandError> {
    let directory = &options.directory;
    let (opened, figures) = read(directory)?;
    let study = &opened.study;
    if !study.is_screening() {
        return Err(CommandError::Other(format!(
            "the design of {} is {}: indices need `design = \"saltelli\"` or `design = \"morris\"`",
            directory.display(),
            study.typed.experiment.design.name()
        )));
    }
    let chosen = chosen(study, &options.output)?;
    let all = analyse(study, &figures, options.bootstrap as usize);
    let out = directory.join("summary");
    write_effects(study, &all, &out)?;
    let mut text = String::new();
    for effects in all.iter().filter(|e| chosen.contains(&e.output)) {
        text += &effects_text(study, effects);
    }
    text += &stock(study, &figures, directory);
    print(&format!("{text}written to {}/sensitivity.parquet and .csv\n", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn effects_text(study: &Study, effects: &Effects) -> String {
    let mut table = plain_table();
    let sobol = matches!(effects.effects.first(), Some(Effect::Sobol { .. }));
    table.set_header(if sobol {
        ["factor", "first order", "95 % interval", "total", "95 % interval"]
    } else {
        ["factor", "mean |effect|", "95 % interval", "mean", "deviation"]
    });
    for (factor, effect) in study.factors.iter().zip(&effects.effects) {
        let span =
            |e: &crate::experiment::sensitivity::Estimate| format!("{} to {}", figure(e.low), figure(e.high));
        table.add_row(match effect {
            Effect::Sobol { first, total } => {
                [factor.name.clone(), figure(first.value), span(first), figure(total.value), span(total)]
            }
            Effect::Morris { mean, absolute, deviation } => {
                let name = factor.name.clone();
                [name, figure(absolute.value), span(absolute), figure(*mean), figure(*deviation)]
            }
        });
    }
    right(&mut table, 1..5);
    let name = &study.scalars[effects.output].name;
    let mut text = format!("{name}\n{}\n", trim_lines(&table.to_string()));
    let unit = if sobol { "base points" } else { "trajectories" };
    if effects.left_out > 0 {
        text +=
            &format!("{} of the {unit} left out: a run of theirs failed or is missing\n", effects.left_out);
    }
    let widest = effects.widest();
    if widest > CONVERGED_WIDTH {
        let whole = if sobol { "" } else { " of the largest effect" };
        text += &format!(
            "not converged with {} {unit}: the widest interval is {widest:.2}{whole}, above {CONVERGED_WIDTH}\n",
            effects.used
        );
    }
    text + "\n"
}

fn write_effects(study: &Study, all: &[Effects], out: &Path) -> Result<(), CommandError> {
    create_directory(out)?;
    let mut table = TableWriter::create(out, &SENSITIVITY, Format::Both, &digest(study))?;
    for effects in all {
        for (factor, effect) in study.factors.iter().zip(&effects.effects) {
            let rows = match *effect {
                Effect::Sobol { first, total } => vec![
                    ("first", first.value, first.low, first.high),
                    ("total", total.value, total.low, total.high),
                ],
                Effect::Morris { mean, absolute, deviation } => vec![
                    ("mean", mean, f64::NAN, f64::NAN),
                    ("mean_absolute", absolute.value, absolute.low, absolute.high),
                    ("deviation", deviation, f64::NAN, f64::NAN),
                ],
            };
            for (index, value, low, high) in rows {
                let row = table.row().text(&study.scalars[effects.output].name).text(&factor.name);
                row.text(index).real(value).real(low).real(high).end()?;
            }
        }
    }
    table.finish()?;
    Ok(())
}

fn right(table: &mut comfy_table::Table, columns: std::ops::Range<usize>) {
    for i in columns {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// A figure with as many digits as are of use: whole ones with commas, small ones with three decimals.
fn figure(x: f64) -> String {
    if x.fract() == 0.0 && (0.0..1e15).contains(&x) {
        return thousands(x as u64);
    }
    if x.abs() >= 1000.0 && x.abs() < 1e15 {
        let sign = if x < 0.0 { "-" } else { "" };
        return format!("{sign}{}", thousands(x.abs().round() as u64));
    }
    format!("{x:.3}")
}
