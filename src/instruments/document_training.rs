//! Training in the detection of false documents, for mixed flows: screening tells claims apart better (model 5.14,
//! 5.7). It works on both errors: fewer are screened in without a claim, and fewer in need are taken for frauds.

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Training in the detection of false documents.
    pub struct DocumentTraining {
        /// The countries trained.
        at: Vec<Name>,
        /// Who trains; absent: all parties.
        by: Option<Name> = None,
        /// Discriminability of screening that it adds.
        screening_discriminability: f64 { unit: "1", range: 0.0..=5.0, equation: "5.7 screening" },
        /// Discriminability of status determination that it adds.
        discriminability: f64 = 0.0 { unit: "1", range: 0.0..=5.0, source: "neutral: no effect", equation: "5.7 d_s" },
        /// Days over which it is absorbed.
        absorption_days: f64 = 365.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What it costs a year, in each country.
        usd_per_year: f64 = 0.0 { unit: "USD/year", range: 0.0..=1e10, source: "neutral: no cost" },
    }
}

impl DocumentTraining {
    /// More discriminability of screening in each country trained.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let by = self.by.as_ref().map(|n| names.party(&format!("{at}.by"), n));
        let (screening, determination) = (self.screening_discriminability, self.discriminability);
        let countries = names.countries_named(&format!("{at}.at"), &self.at);
        let clause = |country| {
            Clause::plain(Does::Discern { country, determination, screening })
                .by(by)
                .over(self.absorption_days)
                .costing(self.usd_per_year)
        };
        countries.into_iter().map(clause).collect()
    }
}
