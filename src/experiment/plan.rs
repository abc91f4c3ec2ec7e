//! The file of an estimation: which parameters, which priors, how many runs. Read with the same checks as a scenario.

use crate::scenario::read::tables;

tables! {
    /// An estimation.
    pub struct Estimation {
        /// How it goes about it.
        estimation: Method,
        /// The parameters, each with its prior.
        parameters: Vec<Parameter>,
    }
}

tables! {
    /// Approximate Bayesian computation by population Monte Carlo.
    pub struct Method {
        /// Particles.
        particles: u32 = 200 { unit: "particle", range: 4..=1000000 },
        /// Rounds, the first from the prior.
        rounds: u32 = 8 { unit: "round", range: 1..=100 },
        /// Share of the particles of a round whose largest distance is the tolerance of the next.
        keep: f64 = 0.5 { unit: "share", range: 0.01..=0.99 },
        /// Runs for one particle before it is given up and the estimation ends with the round before.
        most_tries: u32 = 200 { unit: "run", range: 1..=1000000 },
        /// Seed of proposals.
        seed: u64 = 1,
    }
}

tables! {
    /// A parameter to estimate.
    pub struct Parameter {
        /// Its path in the scenario.
        path: String,
        /// Least value.
        low: f64,
        /// Largest value.
        high: f64,
        /// Whether the prior is uniform on the logarithm rather than on the value.
        log: bool = false,
    }
}
