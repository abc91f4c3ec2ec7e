//! Scenario files: from a text to a value that cannot be wrong.

pub mod calendar;
pub mod check;
pub mod facts;
pub mod format;
pub mod ledger;
pub mod library;
pub mod read;
pub mod resolve;
pub mod setup;
pub mod synthetic;

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

impl Loaded {
    /// One of the other worlds that facts are compared with: the scenario with assignments laid over it, as by `--set`.
    pub fn variant(&self, index: usize) -> Result<Setup, Problems> {
        let mut layers = vec![Layer::file("the scenario", self.resolved.as_str())];
        layers.extend(self.setup.facts.variants[index].iter().map(|a| Layer::assignment(a.as_str())));
        load(&layers).map(|loaded| loaded.setup)
    }
}

/// Load a scenario from layers: a base, and what is laid over it. Everything that is wrong is told at once: mistakes of
/// reading and, as far as they do not rest on what could not be read, names that name nothing and contradictions.
pub fn load(layers: &[Layer<'_>]) -> Result<Loaded, Problems> {
    let (setup, (digest, resolved)) = load_described(layers, |scenario| {
        let resolved = toml::to_string(scenario).unwrap_or_default();
        let mut unseeded = scenario.clone();
        unseeded.scenario.seed = 0;
        let digest = blake3::hash(toml::to_string(&unseeded).unwrap_or_default().as_bytes());
        (digest.to_hex().to_string(), resolved)
    })?;
    Ok(Loaded { setup, digest, resolved })
}

/// The same without identity and resolved text, for those who load one scenario in thousands of variants.
pub fn load_setup(layers: &[Layer<'_>]) -> Result<Setup, Problems> {
    load_described(layers, |_| ()).map(|(setup, ())| setup)
}

fn load_described<T>(
    layers: &[Layer<'_>],
    describe: impl FnOnce(&Scenario) -> T,
) -> Result<(Setup, T), Problems> {
    let (read::Loaded { value: scenario, spans }, unread, doubts) = read::load_anyway::<Scenario>(layers);
    if doubts.is_blind() {
        return Err(unread.before_meaning());
    }
    let mut checks = check::Checks::beside(&spans, doubts);
    let description = describe(&scenario);
    let setup = resolve::resolve(scenario, &mut checks);
    let untold = checks.untold();
    let contradictions = checks.into_problems();
    match setup {
        Some(setup) if unread.is_empty() && contradictions.is_empty() => {
            Ok((crate::engine::prepare(setup), description))
        }
        _ => Err(Problems::new(unread.iter().cloned().chain(contradictions).collect(), untold)),
    }
}
