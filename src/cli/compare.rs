//! `landfall compare`: worlds on common random numbers, what they differ by, and for whom.

use super::results::{FormatOption, Results};
use super::source::{Source, days_until};
use super::summary::{plain_table, trim_lines};
use super::{CommandError, at_once, pool, print};
use crate::experiment::compare::{Beside, Comparison, Crossings, Who, compare};
use crate::model::burden::fate::Fate;
use crate::model::burden::paired::Estimate;
use crate::observe::burden_tables as specs;
use crate::observe::table::{Finished, Format, TableWriter};
use crate::scenario::{Loaded, Setup};
use clap::{Args, Parser};
use comfy_table::{CellAlignment, Table};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `compare`.
#[derive(Args, Debug)]
pub struct Options {
    /// The worlds, the first being the one the others are compared with. Each is a scenario, or a scenario with
    /// changes in quotes, as in "us_cuba --bar us_cuba_accord" or "us_cuba --set choice.beta_protection=4".
    #[arg(required = true, value_name = "WORLD")]
    worlds: Vec<String>,
    /// One more world: the first with this parameter changed. May be repeated; the changes go together.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The same with a mechanism switched off.
    #[arg(long, value_name = "SWITCH")]
    without: Vec<String>,
    /// The same with an arrangement ruled out.
    #[arg(long, value_name = "ARRANGEMENT")]
    bar: Vec<String>,
    /// Paired seeds, at most 100,000.
    #[arg(long, default_value_t = 20, value_parser = super::bounds::runs)]
    runs: u64,
    /// The first of them [default: that of the first world].
    #[arg(long)]
    seed: Option<u64>,
    /// Follow people up to this day only, as 1997-12-31 [default: the last that all worlds have].
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Directory for the tables [default: runs/compare-SCENARIO-SEED].
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value = "parquet")]
    format: FormatOption,
    /// Threads [default: all]; the results do not depend on it.
    #[arg(long, value_parser = super::bounds::threads)]
    threads: Option<usize>,
    /// No summary.
    #[arg(long, short)]
    quiet: bool,
}

/// A world as written on the command line.
#[derive(Parser, Debug)]
#[command(no_binary_name = true)]
struct World {
    #[command(flatten)]
    source: Source,
}

/// What is wrong with a world, in the first paragraph of what the parser of options says.
fn cause(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    first.strip_prefix("error: ").unwrap_or(first).trim_end().to_string()
}

/// Whether a change is one of the seed.
fn sets_seed(change: &str) -> bool {
    change.split('=').next().is_some_and(|path| path.trim() == "scenario.seed")
}

/// Whether a world is given a seed of its own.
fn names_seed(source: &Source) -> bool {
    source.seed.is_some() || source.set.iter().any(|change| sets_seed(change))
}

fn own_seed(world: &str) -> CommandError {
    CommandError::Other(format!(
        "world `{world}`: worlds that are compared share their luck, so only the first may be given a seed, or all by \
         --seed outside of the quotes"
    ))
}

/// The worlds with their names.
fn worlds(options: &Options) -> Result<Vec<(String, Source)>, CommandError> {
    let mut all = Vec::new();
    for text in &options.worlds {
        let world = World::try_parse_from(text.split_whitespace())
            .map_err(|e| CommandError::Other(format!("world `{text}`: {}", cause(&e))))?;
        if !all.is_empty() && names_seed(&world.source) {
            return Err(own_seed(text));
        }
        all.push((text.clone(), world.source));
    }
    if !(options.set.is_empty() && options.without.is_empty() && options.bar.is_empty()) {
        let mut source = all[0].1.clone();
        let mut name = all[0].0.clone();
        for (option, values, list) in [
            ("--set", &options.set, &mut source.set),
            ("--without", &options.without, &mut source.without),
            ("--bar", &options.bar, &mut source.bar),
        ] {
            values.iter().for_each(|value| name.push_str(&format!(" {option} {value}")));
            list.extend(values.iter().cloned());
        }
        if options.set.iter().any(|change| sets_seed(change)) {
            return Err(own_seed(&name));
        }
        all.push((name, source));
    }
    if all.len() < 2 {
        return Err(CommandError::Other(
            "one world: give another, or a change of it with --set, --without or --bar".into(),
        ));
    }
    Ok(all)
}

/// Compare.
pub fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let named = worlds(options)?;
    let loaded = named.iter().map(|(_, s)| s.load()).collect::<Result<Vec<Loaded>, CommandError>>()?;
    let setups: Vec<&Setup> = loaded.iter().map(|l| &l.setup).collect();
    let pool = pool(options.threads)?;
    super::memory::refuse_too_many_at_once(&setups, at_once(&pool, options.runs))?;
    let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    let start = setups[0].calendar.date(0);
    if let Some(other) = setups.iter().position(|s| s.calendar.date(0) != start) {
        return Err(CommandError::Other(format!(
            "`{}` starts on {} and `{}` on {start}: worlds that are compared start on one day",
            names[other],
            setups[other].calendar.date(0),
            names[0]
        )));
    }
    let mut days = u32::MAX;
    for setup in &setups {
        days = days.min(days_until(setup, options.until.as_deref())?);
    }
    let seed = options.seed.unwrap_or(setups[0].scenario.scenario.seed);
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("compare-{}-{seed}", named[0].1.name())));
    let identity: Vec<_> =
        names.iter().zip(&loaded).map(|(name, l)| json!({ "world": name, "digest": l.digest })).collect();
    let results = Results::open(
        &out,
        json!({ "command": "compare", "worlds": identity, "first_seed": seed, "runs": options.runs, "days": days }),
    )?;
    let comparison = pool.install(|| compare(&setups, options.runs, seed, days));
    let tables = write_tables(&results, options.format.into(), &names, &comparison)?;
    results.finish(&tables)?;
    if !options.quiet {
        let end = setups[0].calendar.date(days.saturating_sub(1));
        let head = format!(
            "{} paired seeds from {seed}, {start} to {end}, mean over seeds; ± half of the 95 % interval\n",
            options.runs
        );
        let tail = format!("\ntables under {}\n", out.display());
        print(&(head + &report(&names, &comparison) + &tail))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A number for reading: whole when it is large.
fn short(value: f64) -> String {
    if value.is_nan() {
        return "?".into();
    }
    if value != 0.0 && value.abs() < 10.0 {
        return format!("{value:.2}");
    }
    let digits = super::progress::thousands(value.abs().round() as u64);
    if value.round() < 0.0 { format!("-{digits}") } else { digits }
}

fn rendered(mut table: Table, text_columns: usize, columns: usize) -> String {
    for i in text_columns..columns {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    trim_lines(&table.to_string()) + "\n"
}

fn report(names: &[&str], comparison: &Comparison) -> String {
    let mut out = format!("first: {}\n", names[0]);
    for (name, beside) in names[1..].iter().zip(&comparison.others) {
        out.push_str(&format!("\nother: {name}\n"));
        out.push_str(&differences(comparison, beside));
        if beside.strata_missing > 0 {
            out.push_str(&format!(
                "\n{} strata of the first world are not in this one: their people cannot be followed\n",
                beside.strata_missing
            ));
        }
        out.push_str(&people(beside));
        for crossings in &beside.crossings {
            out.push_str(&crossing_text(crossings));
        }
    }
    out
}

fn differences(comparison: &Comparison, beside: &Beside) -> String {
    let mut table = plain_table();
    table.set_header(["outcome", "of", "unit", "first", "other", "difference", "±", "variance reduction"]);
    for (outcome, d) in comparison.outcomes.iter().zip(&beside.differences) {
        if d.first == 0.0 && d.other == 0.0 {
            continue;
        }
        table.add_row([
            outcome.name.to_string(),
            outcome.of.clone(),
            outcome.unit.to_string(),
            short(d.first),
            short(d.other),
            short(d.difference.mean),
            short(d.difference.half_width),
            d.variance_reduction.map_or(String::new(), reduction),
        ]);
    }
    rendered(table, 3, 8)
}

/// Pairs that differ by exactly nothing, or by a constant, have no variance at all.
fn reduction(factor: f64) -> String {
    if factor.is_infinite() { "no variance left".into() } else { short(factor) }
}

fn people(beside: &Beside) -> String {
    let mut table = plain_table();
    table.set_header(["persons", "of", "claim", "mean", "±"]);
    for who in Who::ALL {
        for c in &beside.crossings {
            let e = c.how_many(who);
            if e.mean == 0.0 {
                continue;
            }
            table.add_row([
                who.name().replace('_', " "),
                c.population.clone(),
                claim(c.well_founded).to_string(),
                short(e.mean),
                short(e.half_width),
            ]);
        }
    }
    format!("\nFor whom\n{}", rendered(table, 3, 5))
}

fn claim(well_founded: bool) -> &'static str {
    if well_founded { "well-founded" } else { "not" }
}

fn crossing_text(c: &Crossings) -> String {
    let mut table = plain_table();
    let mut header = vec!["first, down; other, across".to_string()];
    header.extend(Fate::ALL.iter().map(|f| f.name().replace('_', " ")));
    table.set_header(header);
    for first in Fate::ALL {
        let mut row = vec![first.name().replace('_', " ")];
        row.extend(Fate::ALL.iter().map(|&other| match c.mean(first, other) {
            0.0 => "-".into(),
            mean => short(mean),
        }));
        table.add_row(row);
    }
    let title = format!(
        "\n{}, claim {}: persons by fate at the end\n",
        c.population,
        match c.well_founded {
            true => "well-founded",
            false => "not well-founded",
        }
    );
    title + &rendered(table, 1, Fate::COUNT + 1)
}

fn write_tables(
    results: &Results,
    format: Format,
    names: &[&str],
    comparison: &Comparison,
) -> Result<Vec<Finished>, CommandError> {
    let metadata = results.metadata();
    let create = |spec| TableWriter::create(results.directory(), spec, format, &metadata);
    let mut differences = create(&specs::COMPARISON)?;
    let mut crossings = create(&specs::CROSSINGS)?;
    let mut people = create(&specs::PEOPLE)?;
    for (name, beside) in names[1..].iter().zip(&comparison.others) {
        for (outcome, d) in comparison.outcomes.iter().zip(&beside.differences) {
            let Estimate { mean, error, half_width } = d.difference;
            let row = differences.row().text(name).text(outcome.name).text(&outcome.of).text(outcome.unit);
            let row = row.real(d.first).real(d.other).real(mean).real(error).real(half_width);
            row.real_or_missing(d.variance_reduction).end()?;
        }
        for c in &beside.crossings {
            for first in Fate::ALL {
                for other in Fate::ALL {
                    let row = crossings.row().text(name).text(&c.population).flag(c.well_founded);
                    row.text(first.name()).text(other.name()).real(c.mean(first, other)).end()?;
                }
            }
            for who in Who::ALL {
                let e = c.how_many(who);
                let row = people.row().text(name).text(&c.population).flag(c.well_founded).text(who.name());
                row.real(e.mean).real(e.error).real(e.half_width).end()?;
            }
        }
    }
    Ok(vec![differences.finish()?, crossings.finish()?, people.finish()?])
}
