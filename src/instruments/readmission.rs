//! Readmission: a State takes back those returned to it, and promises how it treats them (model 5.14).

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Readmission: the origin takes back those returned, and how it treats them.
    pub struct Readmission {
        /// The country that takes people back.
        by: Name,
        /// Share of returnees it punishes while the clause is in force.
        returnees_punished: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.10" },
    }
}

impl Readmission {
    /// Returns are taken; the share punished is at most what was promised.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let country = names.party(&format!("{at}.by"), &self.by);
        let punished = self.returnees_punished;
        vec![Clause::plain(Does::TakeBack { country, punished }).by(Some(country))]
    }
}

/// Share of returnees punished under a promise.
///
/// ```text
/// min( practice, promise )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | practice | `practice` | share | 0 to 1 | share punished without the clause |
/// | promise | `promise` | share | 0 to 1 | share punished under it |
///
/// Source: the source paper, "Cuba agreed not to punish returnees for illegal departure"; form assumed.
/// Limits: a promise of worse than the practice changes nothing.
pub fn punished_share(practice: f64, promise: f64) -> f64 {
    practice.min(promise)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_promise_never_makes_it_worse() {
        assert_eq!(super::punished_share(0.4, 0.05), 0.05);
        assert_eq!(super::punished_share(0.02, 0.05), 0.02);
    }
}
