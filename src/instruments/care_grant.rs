//! A grant for care and maintenance of people in a country of first asylum (model 5.14): costs met by partners, which
//! relieve domestic pressure (5.11) and so help to keep the border open.

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// A grant for care and maintenance.
    pub struct CareGrant {
        /// The country that receives it.
        to: Name,
        /// Who pays; absent: all other parties.
        by: Option<Name> = None,
        /// Money a year.
        usd_per_year: f64 { unit: "USD/year", range: 0.0..=1e11 },
    }
}

impl CareGrant {
    /// Money for care.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let country = names.country(&format!("{at}.to"), &self.to);
        let by = self.by.as_ref().map(|n| names.party(&format!("{at}.by"), n));
        let care = Clause::plain(Does::Care { country, usd_per_year: self.usd_per_year });
        vec![care.by(by).costing(self.usd_per_year).lightens(country, 0.0)]
    }
}

/// Share of the cost of care that money from partners meets.
///
/// ```text
/// min( 1, m / (c·n) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | m | `usd_per_year` | USD/year | ≥ 0 | money received |
/// | c | `usd_per_person_year` | USD/year | > 0 | cost of care of one person |
/// | n | `persons` | person | ≥ 0 | people in care |
///
/// Source: model 5.11, 5.13 ("money over unit cost").
/// Limits: money beyond the cost relieves nothing further; 0 where nobody is in care or nothing is paid.
pub fn share_met(usd_per_year: f64, usd_per_person_year: f64, persons: f64) -> f64 {
    let cost = usd_per_person_year * persons;
    if usd_per_year <= 0.0 || cost <= 0.0 { 0.0 } else { (usd_per_year / cost).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::share_met;

    #[test]
    fn money_meets_costs_and_no_more() {
        assert_eq!(share_met(500.0, 100.0, 10.0), 0.5);
        assert_eq!(share_met(5000.0, 100.0, 10.0), 1.0);
        assert_eq!(share_met(500.0, 100.0, 0.0), 0.0);
        assert_eq!(share_met(0.0, 100.0, 10.0), 0.0);
    }
}
