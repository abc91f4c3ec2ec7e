//! Projects in a third country that hosts: money of one State for the integration of people in another (model 5.14).
//! Paid through an international organisation it needs no approval by parliament, which the arrangement's `approval`
//! says.

use super::{Clause, Does, Outcome};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Projects in a third country that hosts.
    pub struct ThirdCountryProjects {
        /// The country that hosts.
        to: Name,
        /// Who pays.
        by: Name,
        /// Money a year.
        usd_per_year: f64 { unit: "USD/year", range: 0.0..=1e11 },
        /// How much sooner people settle there.
        settling_factor: f64 = 1.5 { unit: "ratio", range: 0.0..=20.0, source: "assumption, not estimated" },
        /// Days until projects work.
        build_up_days: f64 = 365.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
    }
}

impl ThirdCountryProjects {
    /// Money for care, and settling that comes sooner.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let country = names.country(&format!("{at}.to"), &self.to);
        let by = Some(names.party(&format!("{at}.by"), &self.by));
        let care = Clause::plain(Does::Care { country, usd_per_year: self.usd_per_year });
        let settle = Does::Outcomes { country, outcome: Outcome::Settling, factor: self.settling_factor };
        let care = care.by(by).costing(self.usd_per_year).lightens(country, 0.0);
        vec![care, Clause::plain(settle).by(by).over(self.build_up_days)]
    }
}
