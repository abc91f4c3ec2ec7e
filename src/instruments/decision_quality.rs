//! Quality of decisions: training that makes a State's procedure tell claims apart better, and hear them (model 5.14,
//! 5.7). "Enhanced capacity to deal with them properly reduces the likelihood of refoulement": through recognition of
//! those in need, and not by decree.

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Quality of decisions.
    pub struct DecisionQuality {
        /// The countries assisted.
        at: Vec<Name>,
        /// Who assists; absent: all parties.
        by: Option<Name> = None,
        /// Discriminability of status determination that it adds.
        discriminability: f64 { unit: "1", range: 0.0..=5.0, equation: "5.7 d_s" },
        /// Probability at least that a claim is heard.
        access_at_least: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: no effect", equation: "5.7 screening" },
        /// Days over which it is absorbed.
        absorption_days: f64 = 540.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What it costs a year, in each country.
        usd_per_year: f64 = 0.0 { unit: "USD/year", range: 0.0..=1e10, source: "neutral: no cost" },
    }
}

impl DecisionQuality {
    /// More discriminability of determination, and better access, in each country assisted.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let by = self.by.as_ref().map(|n| names.party(&format!("{at}.by"), n));
        let mut out = Vec::new();
        for country in names.countries_named(&format!("{at}.at"), &self.at) {
            let discern = Does::Discern { country, determination: self.discriminability, screening: 0.0 };
            let over = self.absorption_days;
            out.push(Clause::plain(discern).by(by).over(over).costing(self.usd_per_year));
            if self.access_at_least > 0.0 {
                let hear = Does::Hear { country, at_least: self.access_at_least, closed: 1.0 };
                out.push(Clause::plain(hear).by(by).over(over));
            }
        }
        out
    }
}
