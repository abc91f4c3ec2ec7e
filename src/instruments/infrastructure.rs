//! Infrastructure and services of places that receive people, often sub-national: schools, health, housing (model
//! 5.14). What is built stays; it raises what the place's country has room for.

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Infrastructure and services of a place.
    pub struct Infrastructure {
        /// The places served.
        at: Vec<Name>,
        /// Who pays; absent: all other parties.
        by: Option<Name> = None,
        /// Money a year for each place.
        usd_per_year: f64 { unit: "USD/year", range: 0.0..=1e11 },
        /// Cost of one place in reception, services included.
        usd_per_reception_place: f64 = 2000.0 { unit: "USD", range: 1.0..=1e6, source: "assumption, not estimated" },
        /// Years for which money is spent.
        years: f64 = 3.0 { unit: "year", range: 0.01..=50.0, source: "assumption, not estimated" },
        /// Openness to newcomers that is preserved where it is served.
        openness_at_least: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: no effect", equation: "5.4 b_s" },
        /// How much sooner people settle where it is served.
        settling_factor: f64 = 1.0 { unit: "ratio", range: 0.0..=20.0, source: "neutral: no effect" },
    }
}

impl Infrastructure {
    /// Places in reception that build up while money is spent, and what they preserve.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let by = self.by.as_ref().map(|n| names.party(&format!("{at}.by"), n));
        let built = places_built(self.usd_per_year, self.years, self.usd_per_reception_place);
        let over = self.years * crate::scenario::resolve::YEAR_DAYS;
        let mut out = Vec::new();
        for place in names.places_named(&format!("{at}.at"), &self.at) {
            let country = names.country_of(place);
            let reception = Does::Place { country, persons: built };
            let clause = Clause::plain(reception).by(by).over(over).costing(self.usd_per_year).spent_for(over);
            out.push(clause.lightens(country, built / self.years));
            if self.openness_at_least > 0.0 {
                let open = Does::Open { place, at_least: self.openness_at_least };
                out.push(Clause::plain(open).by(by));
            }
            if self.settling_factor != 1.0 {
                let (outcome, factor) = (super::Outcome::Settling, self.settling_factor);
                out.push(Clause::plain(Does::Outcomes { country, outcome, factor }).by(by).over(over));
            }
        }
        out
    }
}

/// Places in reception that money builds.
///
/// ```text
/// m·T / c
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | m | `usd_per_year` | USD/year | ≥ 0 | money a year |
/// | T | `years` | year | > 0 | for which it is spent |
/// | c | `usd_per_place` | USD | > 0 | cost of a place, services included |
///
/// Source: assumption, not estimated. Limits: proportional to what is spent; nothing decays.
pub fn places_built(usd_per_year: f64, years: f64, usd_per_place: f64) -> f64 {
    usd_per_year * years / usd_per_place
}

#[cfg(test)]
mod tests {
    #[test]
    fn money_builds_places() {
        assert_eq!(super::places_built(1e6, 3.0, 2000.0), 1500.0);
    }
}
