//! Capacity building: caseworkers for a State whose procedure lacks them, absorbed with a lag (model 5.14).

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Capacity building: caseworkers, absorbed with a lag.
    pub struct CapacityBuilding {
        /// The countries assisted.
        at: Vec<Name>,
        /// Who assists; absent: all parties.
        by: Option<Name> = None,
        /// Caseworkers trained in each.
        caseworkers: f64 { unit: "caseworker", range: 0.0..=1e5 },
        /// Decisions a caseworker takes a year.
        decisions_per_caseworker_year: f64 = 150.0 { unit: "claim/year", range: 0.0..=1e4, source: "assumption, not estimated" },
        /// Share of those trained who leave again.
        turnover: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Days over which they come to work.
        absorption_days: f64 = 540.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What a caseworker costs a year.
        usd_per_caseworker_year: f64 = 20000.0 { unit: "USD/year", range: 0.0..=1e6, source: "assumption, not estimated" },
    }
}

impl CapacityBuilding {
    /// More decisions a day in each country assisted, built up over the time of absorption.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let by = self.by.as_ref().map(|n| names.party(&format!("{at}.by"), n));
        let countries = names.countries_named(&format!("{at}.at"), &self.at);
        let per_day = decisions_added_per_day(self.caseworkers, self.decisions_per_caseworker_year, self.turnover);
        countries
            .into_iter()
            .map(|country| {
                Clause::plain(Does::Decide { country, per_day })
                    .by(by)
                    .over(self.absorption_days)
                    .costing(self.caseworkers * self.usd_per_caseworker_year)
            })
            .collect()
    }
}

/// Decisions a day that assistance adds once it is absorbed.
///
/// ```text
/// ΔK = n·(1 − τ)·k / 365.25
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | n | `caseworkers` | caseworker | ≥ 0 | trained |
/// | τ | `turnover` | share | 0 to 1 | of those trained who leave again |
/// | k | `per_caseworker_year` | claim/year | ≥ 0 | decisions of one caseworker |
///
/// Source: assumption, not estimated. Limits: nothing is left of it where all who are trained leave.
pub fn decisions_added_per_day(caseworkers: f64, per_caseworker_year: f64, turnover: f64) -> f64 {
    caseworkers * (1.0 - turnover) * per_caseworker_year / crate::scenario::resolve::YEAR_DAYS
}

#[cfg(test)]
mod tests {
    use super::decisions_added_per_day;

    #[test]
    fn turnover_takes_its_share() {
        assert!((decisions_added_per_day(10.0, 365.25, 0.0) - 10.0).abs() < 1e-12);
        assert!((decisions_added_per_day(10.0, 365.25, 0.3) - 7.0).abs() < 1e-12);
        assert_eq!(decisions_added_per_day(10.0, 200.0, 1.0), 0.0);
    }
}
