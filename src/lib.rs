//! Landfall: a laboratory in which people seeking asylum and the States that respond to them are simulated together.
//!
//! The map, from the science outwards (dependencies point this way only):
//!
//! - [`model`]: the science, as pure functions of numbers; one file for each submodel.
//! - [`world`]: what is true on a day. Data only.
//! - [`instruments`]: cooperation between States: terms, equations and clauses, one file for each kind.
//! - [`scenario`]: a text file, checked, resolved to a value that cannot be wrong.
//! - [`engine`]: the day: keyed randomness, people in parallel, competition for scarce things.
//! - [`snapshot`]: the world as bytes.
//! - [`observe`]: what is recorded, and the tables it becomes.
//! - [`experiment`]: many runs: ensembles beside the record, sweeps over designs, sensitivity, estimation.
//! - [`session`]: a run in a directory, that can be stopped, resumed and forked.
//! - [`cli`]: commands, progress, messages.

#![deny(clippy::print_stderr, reason = "it panics where nobody reads: the command line has its own function")]

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod files;
pub mod instruments;
pub mod model;
pub mod observe;
pub mod scenario;
pub mod session;
pub mod snapshot;
pub mod world;
