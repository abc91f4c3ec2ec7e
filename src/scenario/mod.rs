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
/// reading and, as far as the tables themselves are whole, contradictions among them.
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
    let (read::Loaded { value: scenario, spans }, unread) = read::load_anyway::<Scenario>(layers);
    // A table that is missing, or not a table, would make everything that names its contents look wrong.
    let whole = unread.len() == unread.iter().count()
        && unread.iter().all(|p| p.path.split('.').filter(|part| !part.is_empty()).count() > 2);
    if !unread.is_empty() && !whole {
        return Err(unread);
    }
    let mut checks = check::Checks::new(&spans);
    let description = describe(&scenario);
    let setup = resolve::resolve(scenario, &mut checks);
    let contradictions = checks.into_problems();
    match setup {
        Some(setup) if unread.is_empty() && contradictions.is_empty() => {
            Ok((crate::engine::prepare(setup), description))
        }
        _ => {
            let standing_in = |path: &str| {
                unread.iter().any(|p| {
                    path == p.path
                        || path.starts_with(&(p.path.clone() + "."))
                        || p.path.starts_with(&format!("{path}."))
                })
            };
            let mut all: Vec<read::Problem> = unread.iter().cloned().collect();
            all.extend(contradictions.into_iter().filter(|c| !standing_in(&c.path)));
            Err(Problems::new(all, 0))
        }
    }
}
