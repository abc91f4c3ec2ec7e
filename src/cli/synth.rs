//! `landfall synth`: a synthetic world of any size, written or run.

use super::run::{How, run_loaded};
use super::{CommandError, print};
use crate::scenario::load;
use crate::scenario::read::Layer;
use crate::scenario::synthetic::Numbers;
use clap::Args;
use std::process::ExitCode;

/// Options of `synth`.
#[derive(Args, Debug)]
pub struct Options {
    /// Countries, 2 to 190.
    #[arg(long, default_value_t = 20)]
    countries: u32,
    /// People abroad on the first day, from 1,000 on.
    #[arg(long, default_value_t = 100_000)]
    people: u32,
    /// Days.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// Seed of the world and of all luck in it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run it at once, with the options below as in `landfall run`; absent: the scenario is written to the file that
    /// `--out` names, or printed.
    #[arg(long)]
    run: bool,
    #[command(flatten)]
    how: How,
}

/// Write a synthetic world, or run it.
pub fn synth(options: &Options) -> Result<ExitCode, CommandError> {
    let Options { countries, people, days, seed, .. } = *options;
    let numbers = Numbers { countries, people, days, seed };
    if let Some(problem) = numbers.problem() {
        return Err(CommandError::Other(problem));
    }
    if options.run {
        let name = format!("synthetic-{countries}-{people}");
        let layer = Layer::file(format!("{name}.toml"), numbers.scenario());
        let loaded = load(&[layer]).map_err(|problems| CommandError::Scenario(problems.render(false)))?;
        return run_loaded(name, &loaded, &options.how);
    }
    match &options.how.out {
        Some(path) => crate::files::write_output(path, numbers.scenario().as_bytes())?,
        None => print(&numbers.scenario())?,
    }
    Ok(ExitCode::SUCCESS)
}
