//! Populations, what drives them, the routes they choose among.

use super::choices::{Channel, GrantOrder, Standing};
use crate::scenario::read::{Date, Name, tables};

tables! {
    /// An index over time, that drives departures.
    pub struct Driver {
        /// Values; in between, interpolated in a straight line, or held where `steps` is set.
        values: Vec<DatedValue>,
        /// Hold each value until the next date instead of interpolating.
        steps: bool = false,
        /// First day of the period over which the index has mean 1.
        reference_start: Date,
        /// Last day of that period.
        reference_end: Date,
        /// Where the values are from.
        source: String,
    }
}

tables! {
    /// A value at a date.
    pub struct DatedValue {
        /// Date.
        date: Date,
        /// Value.
        value: f64 { unit: "index", range: 1e-9..=1e12 },
    }
}

tables! {
    /// A class of a population, by means or by aversion to risk.
    pub struct Class {
        /// Share of households in it.
        share: f64 { unit: "share", range: 0.0..=1.0 },
        /// What distinguishes it: means in USD, or the aversion to risk as a multiple of the average.
        value: f64 { unit: "USD or 1", range: 0.0..=1e7 },
    }
}

tables! {
    /// A response of departures to a driver.
    pub struct DriverTerm {
        /// The driver.
        driver: Name,
        /// Elasticity of departures to its index.
        elasticity: f64 { unit: "elasticity", range: -20.0..=20.0, equation: "5.1 driver_g" },
        /// Lag.
        lag_days: f64 = 0.0 { unit: "day", range: 0.0..=3650.0, source: "neutral: at once", equation: "5.1 driver_g" },
    }
}

tables! {
    /// A population of potential movers.
    pub struct Population {
        /// Where they live.
        home: Name,
        /// Households at home at the start.
        households: f64 { unit: "household", range: 1.0..=1e9 },
        /// Growth of their number.
        growth_per_year: f64 = 0.0 { unit: "1/year", range: -0.2..=0.2, source: "neutral: as many as at the start" },
        /// Shares of households of one, two, three … members.
        household_size_shares: Vec<f64> = vec![0.7, 0.15, 0.1, 0.05] { unit: "share", range: 0.0..=1.0, length: 1..=8, source: "assumption, not estimated" },
        /// Share of households whose claim to protection is well-founded.
        well_founded: f64 { unit: "share", range: 0.0..=1.0, equation: "2 stratum" },
        /// Classes by means: what a household can spend on the journey.
        means: Vec<Class>,
        /// Classes by aversion to risk.
        aversion: Vec<Class>,
        /// Departures at the reference, of a thousand households.
        departures_per_thousand_year: f64 { unit: "household per 1000 and year", range: 0.0..=1000.0, equation: "5.1 λ0" },
        /// The same for well-founded claims relative to the others.
        well_founded_factor: f64 = 1.0 { unit: "ratio", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.1 λ0" },
        /// Strength of the magnet for those whose claim is well-founded.
        magnet_well_founded: f64 = 0.8 { unit: "1", range: 0.0..=1.0, source: "swept, not identified from counts", equation: "5.1 μ_h" },
        /// Strength of the magnet for the others.
        magnet_other: f64 = 0.8 { unit: "1", range: 0.0..=1.0, source: "swept, not identified from counts", equation: "5.1 μ_h" },
        /// Mean strength of the evidence of those whose claim is well-founded.
        evidence_mean: f64 = 1.0 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.7 evidence" },
        /// Spread of that strength: it is uniform over the mean plus or minus the spread.
        evidence_spread: f64 = 0.5 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.7 evidence" },
        /// Share of people who are vulnerable: they weigh more in accounts of responsibility, and come first where
        /// an arrangement moves them first.
        vulnerable_share: f64 = 0.1 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.15" },
        /// What drives departures.
        driven_by: Vec<DriverTerm> = Vec::new(),
        /// People of it who are abroad already when the run begins; they are not among `households`.
        present: Vec<Present> = Vec::new(),
    }
}

tables! {
    /// People of a population who stand somewhere abroad when the run begins.
    pub struct Present {
        /// Where: a territory, or a facility for those who are held, await resettlement or are stranded.
        place: Name,
        /// Their status.
        status: Standing,
        /// How many.
        persons: f64 { unit: "person", range: 0.0..=1e9 },
        /// Days over which they came to stand there: their spells began evenly over so many days before the first.
        since_days: f64 = 0.0 { unit: "day", range: 0.0..=500.0, source: "assumption, not estimated" },
        /// The route by which they came; absent: the first that leads there, or else to that country, or else the
        /// first from home.
        route: Option<Name> = None,
    }
}

tables! {
    /// A route: one alternative in the choice of a population.
    pub struct Route {
        /// Whose route it is.
        population: Name,
        /// Where it starts; absent: at home.
        start: Option<Name> = None,
        /// Where it is meant to lead.
        destination: Name,
        /// The corridors, in order; none for an orderly route.
        corridors: Vec<Name> = Vec::new(),
        /// By what channel.
        channel: Channel = Channel::Irregular,
        /// Constant of the alternative.
        constant: f64 = 0.0 { unit: "utility", range: -50.0..=50.0, source: "neutral: no effect", equation: "5.3 asc" },
        /// Weight with which the destination is considered.
        consideration: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: considered by all", equation: "5.3 ω" },
        /// Size weight among routes of one destination.
        size: f64 = 1.0 { unit: "1", range: 0.0..=1000.0, source: "neutral: as much as any other", equation: "5.3 size" },
        /// Compatriots settled at the destination at the start.
        settled: f64 = 0.0 { unit: "person", range: 0.0..=1e8, source: "neutral: nobody", equation: "5.3 N" },
        /// Believed chance of being stopped, at the start.
        believed_stop: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 p̂_stop" },
        /// Believed risk of death, at the start.
        believed_death: f64 = 0.02 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 m̂" },
        /// Believed chance of protection or leave to stay once landed, at the start.
        believed_land: f64 = 0.9 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 q̂_land" },
        /// Believed chance of it once stopped, at the start.
        believed_stopped: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 q̂_stop" },
        /// Expected wait, at the start.
        believed_wait_years: f64 = 0.0 { unit: "year", range: 0.0..=50.0, source: "neutral: no wait", equation: "5.2 ŵ" },
        /// Share of departures the origin lets pass, where no rung says otherwise.
        exit: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: all are let pass", equation: "5.1 exit" },
        /// Ceiling of an orderly route, where no rung or arrangement says otherwise.
        ceiling_per_year: f64 = 0.0 { unit: "person/year", range: 0.0..=1e8, source: "neutral: no places until they are stated", equation: "5.1" },
        /// Order in which places of an orderly route are granted.
        grant_order: GrantOrder = GrantOrder::Lottery { equation: "5.1" },
    }
}
