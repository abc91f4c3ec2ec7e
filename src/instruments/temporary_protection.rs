//! Temporary protection: a State grants a status to groups of people on arrival, as long as they are few (model 5.14).
//! New grants end when domestic pressure passes a threshold; those who hold the status keep it.

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Temporary protection granted on arrival.
    pub struct TemporaryProtection {
        /// The country that grants it.
        by: Name,
        /// To which populations; none: all.
        populations: Vec<Name> = Vec::new(),
        /// Pressure, as p in [0, 1], above which the programme ends; 1: never.
        ends_above_pressure: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Yearly rate at which people who hold the status return of their own choice, relative to others.
        return_factor: f64 = 1.0 { unit: "ratio", range: 0.0..=100.0, source: "neutral: as others" },
    }
}

impl TemporaryProtection {
    /// Grants on arrival, and how soon people return.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let country = names.party(&format!("{at}.by"), &self.by);
        let populations = names.populations_named(&format!("{at}.populations"), &self.populations);
        let ends_above_pressure = self.ends_above_pressure;
        let grant = Does::Grant { country, populations, ends_above_pressure };
        let mut clauses = vec![Clause::plain(grant).by(Some(country))];
        if self.return_factor != 1.0 {
            let (outcome, factor) = (super::Outcome::VoluntaryReturn, self.return_factor);
            clauses.push(Clause::plain(Does::Outcomes { country, outcome, factor }));
        }
        clauses
    }
}
