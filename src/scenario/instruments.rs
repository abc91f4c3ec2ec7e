//! Terms of the instruments an arrangement may hold, as a scenario states them. What each does to the levers in
//! force stands in `model/instruments/`, one file for each.

use super::read::{Name, tables};

tables! {
    /// Orderly departure: places a year for direct entry from the origin.
    pub struct OrderlyDeparture {
        /// The route it opens, of channel `orderly`.
        route: Name,
        /// Places promised a year.
        places_per_year: f64 { unit: "person/year", range: 0.0..=1e8, equation: "5.14" },
        /// Share of them that obstacles on either side leave to be used.
        delivered_share: f64 = 0.9 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 delivered over promised" },
        /// Days until the programme runs at that level.
        build_up_days: f64 = 180.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated", equation: "5.14" },
    }
}

tables! {
    /// Dissuasion: the origin keeps its people from departing by some routes.
    pub struct Dissuasion {
        /// The country that dissuades.
        by: Name,
        /// The routes concerned.
        routes: Vec<Name>,
        /// Share of departures it promises to prevent.
        share: f64 { unit: "share", range: 0.0..=1.0, equation: "5.14" },
        /// Share of that promise it keeps.
        delivered_share: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 delivered over promised" },
    }
}

tables! {
    /// Readmission: the origin takes back those returned, and how it treats them.
    pub struct Readmission {
        /// The country that takes people back.
        by: Name,
        /// Share of returnees it punishes while the clause is in force.
        returnees_punished: f64 = 0.0 { unit: "share", range: 0.0..=1.0, equation: "5.10" },
    }
}

tables! {
    /// Hosting: a partner takes in people held at a facility of another.
    pub struct Hosting {
        /// The facility it provides.
        at: Name,
        /// Its capacity while the clause is in force.
        capacity: f64 { unit: "person", range: 0.0..=1e8, equation: "5.14" },
    }
}

tables! {
    /// Resettlement of people recognised at a facility, by partners.
    pub struct ResettlementQuota {
        /// The facility they leave.
        from: Name,
        /// The partners, in whose turn people are accepted.
        by: Vec<Name>,
        /// Places a year in all.
        places_per_year: f64 { unit: "person/year", range: 0.0..=1e7, equation: "5.14" },
    }
}
