//! Zones of the sea, vessels, corridors.

use super::choices::Mode;
use crate::scenario::read::{Name, tables};

tables! {
    /// A zone of the sea.
    pub struct Zone {
        /// Area searched.
        area_km2: f64 { unit: "km²", range: 1.0..=1e8, equation: "5.5 A_z" },
        /// Width swept by a patrol.
        sweep_width_km: f64 = 10.0 { unit: "km", range: 0.0..=500.0, source: "assumption, not estimated", equation: "5.5 W" },
        /// Speed of a patrol.
        patrol_speed_kmh: f64 = 30.0 { unit: "km/h", range: 0.1..=1000.0, source: "assumption, not estimated", equation: "5.5 v" },
        /// Patrol hours a day, where no rung says otherwise.
        patrol_hours_per_day: f64 = 24.0 { unit: "h/day", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.5 B_z" },
        /// Hours spent on each vessel found.
        handling_hours_per_vessel: f64 = 3.0 { unit: "h", range: 0.0..=1000.0, source: "assumption, not estimated", equation: "5.5 h0" },
        /// Hours spent on each person taken aboard.
        handling_hours_per_person: f64 = 0.05 { unit: "h", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.5 h1" },
        /// Probability that a vessel found is boarded.
        boarding: f64 = 0.95 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5 p_board" },
        /// People patrols can have aboard at once.
        places_aboard: f64 = 5000.0 { unit: "person", range: 0.0..=1e9, source: "assumption, not estimated", equation: "5.5" },
        /// How strongly vessels seek a patrol that brings admission, or evade one that brings return.
        seek_strength: f64 = 1.0 { unit: "1", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.5 seek" },
        /// Mean weather by month, from January: 1 fair, 0 nothing sails.
        weather_by_month: Vec<f64> = vec![1.0; 12] { unit: "share", range: 0.0..=1.0, length: 12..=12, source: "neutral: always fair", equation: "5.5" },
        /// Standard deviation of the daily weather about it.
        weather_sd: f64 = 0.2 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// Probability of rescue from distress without a patrol near.
        rescue_base: f64 = 0.2 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// What patrols add to it, at full density.
        rescue_by_patrols: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// Share of those aboard who die in a distress without rescue.
        death_share: f64 = 0.7 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// The country whose patrols these are.
        patrolled_by: Name,
        /// Where people picked up are brought when they are admitted.
        disembark_at: Name,
    }
}

tables! {
    /// A kind of vessel.
    pub struct VesselKind {
        /// Mean number of people aboard.
        persons_mean: f64 = 6.0 { unit: "person", range: 1.0..=1e4, source: "assumption, not estimated", equation: "5.5" },
        /// Standard deviation of the logarithm of that number.
        persons_log_sd: f64 = 0.5 { unit: "log", range: 0.0..=2.0, source: "assumption, not estimated", equation: "5.5" },
        /// Number it is built for; a higher load raises distress.
        persons_safe: f64 = 6.0 { unit: "person", range: 1.0..=1e4, source: "assumption, not estimated", equation: "5.5" },
        /// Ease of detection relative to the sweep width.
        detectability: f64 = 1.0 { unit: "ratio", range: 0.0..=10.0, source: "neutral: as the sweep width says", equation: "5.5" },
        /// Hazard of distress in fair weather at the safe load.
        distress_per_day: f64 = 0.05 { unit: "1/day", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.5" },
        /// Elasticity of distress to the load.
        load_elasticity: f64 = 1.0 { unit: "elasticity", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.5" },
        /// Cost of the boat.
        boat_usd: f64 = 0.0 { unit: "USD", range: 0.0..=1e7, source: "neutral: no cost", equation: "5.5 fare" },
        /// Cost for each passenger.
        variable_usd: f64 = 0.0 { unit: "USD", range: 0.0..=1e6, source: "neutral: no cost", equation: "5.5 fare" },
        /// Share of boats stopped that are seized.
        seizure: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: nothing is seized", equation: "5.5 fare" },
        /// Whether smugglers supply it, so that its supply adapts.
        smuggled: bool = false { equation: "5.5" },
        /// Share of demand that smugglers could meet at the start.
        supply_start: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: all demand is met", equation: "5.5" },
        /// Rate at which suppliers enter where all succeeds.
        supply_entry_per_year: f64 = 0.5 { unit: "1/year", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.5" },
        /// Elasticity of entry to the fare over its cost.
        supply_elasticity: f64 = 1.0 { unit: "elasticity", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.5" },
        /// Rate at which they leave where all are stopped.
        supply_exit_per_year: f64 = 0.5 { unit: "1/year", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.5" },
    }
}

tables! {
    /// A directed link between two places.
    pub struct Corridor {
        /// Where it starts.
        from: Name,
        /// Where it ends.
        to: Name,
        /// How it is travelled.
        mode: Mode,
        /// Mean duration.
        duration_days: f64 { unit: "day", range: 0.01..=365.0 },
        /// Standard deviation of the logarithm of the duration.
        duration_log_sd: f64 = 0.3 { unit: "log", range: 0.0..=2.0, source: "assumption, not estimated" },
        /// Length.
        distance_km: f64 { unit: "km", range: 1.0..=40000.0 },
        /// Fare, on land or by air; at sea it follows from the vessel.
        fare_usd: f64 = 0.0 { unit: "USD", range: 0.0..=1e6, source: "neutral: no fare" },
        /// Hazard of death on land.
        death_per_day: f64 = 0.0 { unit: "1/day", range: 0.0..=1.0, source: "neutral: no such deaths" },
        /// The zone crossed, at sea.
        zone: Option<Name> = None,
        /// The kind of vessel, at sea.
        vessel: Option<Name> = None,
    }
}
