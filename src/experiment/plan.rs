//! The file of an experiment: a scenario, what is varied, by which design, and what is kept of each run. Read with the
//! same checks as a scenario.

use crate::scenario::format::Measure;
use crate::scenario::read::{Date, Name, Raw, choices, tables};

choices! {
    /// Which combinations of factor values are run.
    pub enum DesignKind {
        /// Every combination of every level.
        FullFactorial = "full_factorial",
        /// The scenario as it is, then each level of each factor alone.
        OneAtATime = "one_at_a_time",
        /// Independent draws.
        Random = "random",
        /// One draw in each of as many strata as there are points, factor by factor.
        LatinHypercube = "latin_hypercube",
        /// Points of a Sobol sequence, shifted at random.
        Sobol = "sobol",
        /// Pairs of Sobol points with one factor exchanged at a time, for indices of sensitivity.
        Saltelli = "saltelli",
        /// Trajectories that change one factor at a time, for screening.
        Morris = "morris",
        /// Points of a CSV file, one column for each factor.
        Table = "table",
    }

    /// How values spread between the ends of a range.
    pub enum Distribution {
        /// Evenly.
        Uniform = "uniform",
        /// Evenly on the logarithm.
        LogUniform = "log_uniform",
        /// As a normal distribution with `mean` and `sd`, cut off at the ends.
        Normal = "normal",
    }

    /// Which seeds the replicates of a point have.
    pub enum Seeds {
        /// The same at every point, so that points differ by their factors and not by their luck.
        Common = "common",
        /// Others at every point.
        Fresh = "fresh",
    }

    /// The periods of a series.
    pub enum Every {
        /// Calendar years.
        Year = "year",
        /// Calendar months.
        Month = "month",
    }
}

tables! {
    /// An experiment.
    pub struct Experiment {
        /// What it is about and how it is laid out.
        experiment: About,
        /// What is varied.
        factors: Vec<Factor> = Vec::new(),
        /// Figures kept of each run; none given: every measure of every population over the whole run.
        outputs: Vec<Output> = Vec::new(),
        /// Series kept of each run.
        series: Vec<Series> = Vec::new(),
        /// How parameters are estimated: `landfall calibrate` takes the factors as parameters and their ranges as
        /// priors.
        calibration: Calibration,
    }

    /// What an experiment is about and how it is laid out.
    pub struct About {
        /// Title.
        title: String = String::new(),
        /// The scenario that everything is laid over: one that comes with the program, or a file beside this one.
        scenario: String,
        /// Changes to the scenario that hold in every run, written as in a scenario file.
        set: Option<Raw> = None,
        /// Mechanisms switched off in every run.
        without: Vec<Name> = Vec::new(),
        /// Which combinations of factor values are run.
        design: DesignKind = DesignKind::FullFactorial,
        /// Points of a random, Latin hypercube, Sobol or Saltelli design (of which each makes as many runs as
        /// there are factors, and two more).
        points: Option<u64> = None { unit: "point", range: 1..=1000000000 },
        /// Levels of a range in a full factorial, one-at-a-time or Morris design.
        levels: u32 = 4 { unit: "level", range: 2..=1000000 },
        /// Trajectories of a Morris design.
        trajectories: u32 = 20 { unit: "trajectory", range: 2..=1000000 },
        /// CSV file beside this one with the points of a table design.
        table: Option<String> = None,
        /// Seed of the draws of a design.
        design_seed: u64 = 1,
        /// Runs at each point, each with its own seed.
        replicates: u64 = 1 { unit: "run", range: 1..=1000000000 },
        /// Which seeds the replicates have.
        seeds: Seeds = Seeds::Common,
        /// Whether the value of each of the scenario's facts is kept of each run, those aside that compare two worlds.
        facts: bool = false,
        /// Seed of the first replicate.
        first_seed: u64 = 1 { range: 0..=1000000000000000000 },
    }

    /// Something that is varied: a range of numbers, a list of values, or a list of options.
    pub struct Factor {
        /// Name of its column; absent: its path with `_` between the keys.
        name: Option<String> = None,
        /// Path into the scenario, elements of lists by index or by their name.
        path: Option<String> = None,
        /// Further paths that take the same value.
        also: Vec<String> = Vec::new(),
        /// Least value of a range.
        low: Option<Raw> = None,
        /// Largest value of a range.
        high: Option<Raw> = None,
        /// How values spread between the ends of a range.
        distribution: Distribution = Distribution::Uniform,
        /// Mean of a normal distribution.
        mean: Option<f64> = None,
        /// Standard deviation of a normal distribution.
        sd: Option<f64> = None { range: 1e-300..=1e300 },
        /// Levels of the range in a full factorial or one-at-a-time design, where they differ from the experiment's.
        levels: Option<u32> = None { unit: "level", range: 2..=1000000 },
        /// Values in place of a range: numbers, words, lists, or whole tables that replace what stands at the path.
        values: Vec<Raw> = Vec::new(),
        /// Names of the values.
        names: Vec<String> = Vec::new(),
        /// Options in place of a path: each changes whatever it names.
        options: Vec<Choice> = Vec::new(),
    }

    /// One option of a factor.
    pub struct Choice {
        /// Its name.
        name: String,
        /// Changes, written as in a scenario file.
        set: Option<Raw> = None,
        /// Whole values or tables put in place of others.
        replace: Vec<Replacement> = Vec::new(),
        /// Mechanisms switched off.
        without: Vec<Name> = Vec::new(),
    }

    /// A whole value or table put in place of another.
    pub struct Replacement {
        /// Path into the scenario.
        path: String,
        /// What stands there instead.
        with: Raw,
    }

    /// A figure kept of each run.
    pub struct Output {
        /// Name of its column; absent: made from the others.
        name: Option<String> = None,
        /// What is measured.
        measure: Measure,
        /// Of which population; absent: of all.
        population: Option<Name> = None,
        /// First day; absent: the first of the run.
        from: Option<Date> = None,
        /// Last day; absent: the last of the run.
        to: Option<Date> = None,
    }

    /// A series kept of each run.
    pub struct Series {
        /// What is measured.
        measure: Measure,
        /// Of which population; absent: of each.
        population: Option<Name> = None,
        /// By which periods.
        every: Every = Every::Year,
    }

    /// Approximate Bayesian computation by population Monte Carlo.
    pub struct Calibration {
        /// Particles.
        particles: u32 = 200 { unit: "particle", range: 4..=1000000 },
        /// Rounds at most, the first from the prior.
        rounds: u32 = 8 { unit: "round", range: 1..=100 },
        /// Share of the particles of a round whose largest distance is the tolerance of the next.
        keep: f64 = 0.5 { unit: "share", range: 0.01..=0.99 },
        /// Share of runs accepted below which no further round is begun.
        least_accepted: f64 = 0.01 { unit: "share", range: 0.0..=1.0 },
        /// Runs for one particle before it is given up and the estimation ends with the round before.
        most_tries: u32 = 200 { unit: "run", range: 1..=1000000 },
        /// Figure added to both sides before ratios are taken, so that small figures do not count for more than
        /// they can tell.
        offset: f64 = 30.0 { unit: "persons", range: 0.0..=1e9 },
        /// Seed of proposals and of the luck of their runs.
        seed: u64 = 1,
        /// Runs drawn from the posterior to be set beside every recorded figure.
        predictive_runs: u32 = 200 { unit: "run", range: 1..=1000000 },
    }
}
