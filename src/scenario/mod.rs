//! Scenario files: from a text to a value that cannot be wrong.

pub mod calendar;
pub mod check;
pub mod format;
pub mod instruments;
pub mod library;
pub mod read;
pub mod resolve;
pub mod setup;

pub use format::Scenario;
pub use setup::Setup;

use read::{Layer, Problems};

/// A scenario loaded: resolved, prepared, and with its identity.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the engine runs.
    pub setup: Setup,
    /// Digest of the resolved scenario, in hexadecimal, without its seed.
    pub digest: String,
    /// The resolved scenario: everything typed or left to its default, as TOML.
    pub resolved: String,
}

/// Load a scenario from layers: a base, and what is laid over it.
pub fn load(layers: &[Layer<'_>]) -> Result<Loaded, Problems> {
    let read::Loaded { value: scenario, spans } = read::load::<Scenario>(layers)?;
    let mut checks = check::Checks::new(&spans);
    let resolved = toml::to_string(&scenario).unwrap_or_default();
    let mut unseeded = scenario.clone();
    unseeded.scenario.seed = 0;
    let digest = blake3::hash(toml::to_string(&unseeded).unwrap_or_default().as_bytes()).to_hex().to_string();
    match resolve::resolve(scenario, &mut checks) {
        Some(setup) if !checks.any() => Ok(Loaded { setup: crate::engine::prepare(setup), digest, resolved }),
        _ => Err(Problems::new(checks.into_problems(), 0)),
    }
}
