//! `landfall calibrate`.
use super::CommandError;
pub use super::posterior::read_posterior;
use clap::Args;
use std::process::ExitCode;
/// Options of `calibrate`.
#[derive(Args, Debug)]
pub struct Options {}
/// Estimate.
pub fn run(_options: &Options) -> Result<ExitCode, CommandError> {
    Ok(ExitCode::SUCCESS)
}
