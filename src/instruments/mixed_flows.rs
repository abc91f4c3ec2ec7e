//! A joint programme for mixed flows: officials of all members are trained to tell claims apart and to refer them to
//! the procedure, and return of one's own choice is assisted (model 5.14).

use super::{Clause, Does, Outcome};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// A joint programme for mixed flows.
    pub struct MixedFlows {
        /// Members.
        members: Vec<Name>,
        /// Who trains; absent: all parties.
        by: Option<Name> = None,
        /// Discriminability of screening that training adds.
        screening_discriminability: f64 = 0.3 { unit: "1", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.7 screening" },
        /// Discriminability of status determination that training adds.
        discriminability: f64 = 0.3 { unit: "1", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.7 d_s" },
        /// How much sooner a claim is lodged where people are referred.
        referral_factor: f64 = 1.5 { unit: "ratio", range: 0.0..=20.0, source: "assumption, not estimated" },
        /// How much sooner people return of their own choice where return is assisted.
        assisted_return_factor: f64 = 1.5 { unit: "ratio", range: 0.0..=20.0, source: "assumption, not estimated" },
        /// Days until it works.
        build_up_days: f64 = 365.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What it costs a year in all.
        usd_per_year: f64 = 0.0 { unit: "USD/year", range: 0.0..=1e11, source: "neutral: no cost" },
    }
}

impl MixedFlows {
    /// Training, referral and assisted return in each member.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let by = self.by.as_ref().map(|n| names.party(&format!("{at}.by"), n));
        let members = names.members(&format!("{at}.members"), &self.members);
        let each = self.usd_per_year / members.len().max(1) as f64;
        let (determination, screening) = (self.discriminability, self.screening_discriminability);
        let mut out = Vec::new();
        for country in members {
            let train = Clause::plain(Does::Discern { country, determination, screening }).costing(each);
            out.push(train.by(by).over(self.build_up_days));
            for (outcome, factor) in [
                (Outcome::Lodging, self.referral_factor),
                (Outcome::VoluntaryReturn, self.assisted_return_factor),
            ] {
                let follows = Clause::plain(Does::Outcomes { country, outcome, factor });
                out.push(follows.by(by).over(self.build_up_days));
            }
        }
        out
    }
}
