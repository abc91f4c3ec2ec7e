//! Minimum standards: members hold their procedures and reception to a common floor, as far as they transpose it
//! (model 5.14, 5.12). A floor caps the race to be least attractive; slack makes of it "more of a patchwork … than a
//! unified whole".

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Minimum standards.
    pub struct MinimumStandards {
        /// Members.
        members: Vec<Name>,
        /// Standard of proof at the most.
        standard_of_proof_at_most: f64 = 10.0 { unit: "1", range: -10.0..=10.0, source: "neutral: no effect, the end of its range", equation: "5.7 z_s" },
        /// Probability at least that a claim is heard.
        access_at_least: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: no effect", equation: "5.7 screening" },
        /// Reception conditions at least.
        reception_at_least: f64 = 0.0 { unit: "index", range: 0.0..=1.0, source: "neutral: no effect", equation: "5.3" },
        /// Share of the gap to the floor that members leave in transposing it.
        transposition_slack: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Days over which it is transposed.
        transposition_days: f64 = 730.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
    }
}

impl MinimumStandards {
    /// For each member, a floor under access and reception and a ceiling on the standard of proof. What is left of the
    /// gap by slack is left by the share of delivery.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let mut out = Vec::new();
        let over = self.transposition_days;
        for country in names.members(&format!("{at}.members"), &self.members) {
            let closed = 1.0 - self.transposition_slack;
            for does in [
                Does::Prove { country, at_most: self.standard_of_proof_at_most, closed },
                Does::Hear { country, at_least: self.access_at_least, closed },
                Does::Receive { country, at_least: self.reception_at_least, closed },
            ] {
                out.push(Clause::plain(does).over(over));
            }
        }
        out
    }
}

/// A lever brought towards a floor.
///
/// ```text
/// x + c·max(0, f − x)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `own` | as the lever | ℝ | what it would be |
/// | f | `floor` | as the lever | ℝ | the least it should be |
/// | c | `closed` | share | 0 to 1 | share of the gap that is closed |
///
/// Source: assumption, not estimated. Limits: one who is above the floor is left alone; c = 1 holds the floor, c = 0
/// leaves everything as it is. For a ceiling both are negated.
pub fn towards_floor(own: f64, floor: f64, closed: f64) -> f64 {
    own + closed * (floor - own).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::towards_floor;

    #[test]
    fn a_floor_lifts_those_below_it_only() {
        assert_eq!(towards_floor(0.2, 0.6, 1.0), 0.6);
        assert_eq!(towards_floor(0.2, 0.6, 0.5), 0.4);
        assert_eq!(towards_floor(0.8, 0.6, 1.0), 0.8);
        assert_eq!(-towards_floor(-2.0, -1.0, 1.0), 1.0);
        // A common floor lowers the spread.
        let spread = |c: f64| towards_floor(0.9, 0.6, c) - towards_floor(0.1, 0.6, c);
        assert!(spread(0.7) < spread(0.0));
    }
}
