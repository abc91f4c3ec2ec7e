//! Dated events.

use super::choices::EventKind;
use crate::scenario::read::{Date, Name, tables};

tables! {
    /// A dated event.
    pub struct Event {
        /// First day.
        date: Date,
        /// What it is.
        kind: EventKind,
        /// The country concerned.
        country: Option<Name> = None,
        /// The route concerned.
        route: Option<Name> = None,
        /// The zone concerned.
        zone: Option<Name> = None,
        /// The ladder expected to change.
        ladder: Option<Name> = None,
        /// The rung it is expected to move to.
        rung: Option<Name> = None,
        /// The date an expected change is announced for; absent: a rumour without date.
        until: Option<Date> = None,
        /// Perceived hazard of the change, where it is a rumour.
        rumour_per_day: f64 = 0.0 { unit: "1/day", range: 0.0..=1.0, source: "neutral: no effect", equation: "5.1 ψ" },
        /// How long it lasts.
        days: f64 = 1.0 { unit: "day", range: 1.0..=36500.0, source: "neutral: that day alone" },
        /// Its strength.
        value: f64 = 0.0 { unit: "as the kind says", range: -100.0..=1e6, source: "neutral: no effect" },
        /// How far it is believed.
        credibility: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 c" },
        /// Where it is recorded.
        source: String = String::new(),
    }
}
