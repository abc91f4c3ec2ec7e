//! A database of claims and entries shared among States: who has claimed or been registered in one is found when they
//! claim in another (model 5.14, 5.9). Under a rule of responsibility more requests follow from it; without one, the
//! claim goes back to where it was lodged first, as far as that State takes it. Readmissions rise with it, which is
//! where sharing of information can become shifting of responsibility.

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::{Resolver, YEAR_DAYS};

tables! {
    /// A database of claims and entries shared among States.
    pub struct SharedDatabase {
        /// Members.
        members: Vec<Name>,
        /// Probability that an earlier claim or entry is found.
        matching: f64 = 0.8 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.9 matching" },
        /// Without a rule of responsibility: probability that one who is found is readmitted to the first member.
        readmitted: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Rate at which people who are readmitted are transferred.
        transfers_per_year: f64 = 1.0 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated" },
        /// Days over which it comes to that.
        build_up_days: f64 = 365.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What it costs a year in all.
        usd_per_year: f64 = 0.0 { unit: "USD/year", range: 0.0..=1e10, source: "neutral: no cost" },
    }
}

impl SharedDatabase {
    /// Matches among members.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let members = names.members(&format!("{at}.members"), &self.members);
        let found = Does::Match {
            members,
            probability: self.matching,
            readmitted: self.readmitted,
            transfer_per_day: self.transfers_per_year / YEAR_DAYS,
        };
        vec![Clause::plain(found).over(self.build_up_days).costing(self.usd_per_year)]
    }
}
