//! A rule of responsibility for claims among members: the first one entered, with requests, deadlines and transfers;
//! a distribution key by population, area and product; or free choice (model 5.14, 5.9).

use super::{Assignment, AssignmentRule, Clause, Does, RegimeYear, ResponsibilityRule};
use crate::model::arrangement::KeyWeights;
use crate::model::onward::Regime;
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::{Resolver, YEAR_DAYS};

tables! {
    /// A rule of responsibility for claims among members.
    pub struct ResponsibilityRuleTerms {
        /// Members.
        members: Vec<Name>,
        /// The rule.
        rule: ResponsibilityRule = ResponsibilityRule::FirstEntry,
        /// Deadlines and criteria of a first-entry rule.
        regime: RegimeYear = RegimeYear::Of2003,
        /// Weight of population in a distribution key.
        key_population: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "proposal of the German Presidency of 1994: population, area, product; that they weigh alike is assumed" },
        /// Weight of area in a distribution key.
        key_area: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "as key_population" },
        /// Weight of gross domestic product in a distribution key.
        key_gdp: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "as key_population" },
        /// Share of first entries that are recorded.
        recorded_share: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Probability that a record is found.
        matching: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Probability that a requested country accepts.
        acceptance: f64 = 0.8 { unit: "share", range: 0.0..=1.0, source: "model specification 5.9: about 80 % of decided requests, 2008-11" },
        /// Rate at which people whose transfer was accepted are transferred.
        transfers_per_year: f64 = 1.0 { unit: "1/year", range: 0.0..=100.0, source: "so that, with six months' time, about 40 % of acceptances are carried out (model specification 5.9)" },
    }
}

impl ResponsibilityRuleTerms {
    /// One assignment of claims among members.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let members = names.members(&format!("{at}.members"), &self.members);
        if members.len() < 2 {
            names.checks.at(&format!("{at}.members"), "fewer than two members", "two or more", "");
        }
        let rule = match self.rule {
            ResponsibilityRule::FirstEntry => AssignmentRule::FirstEntry(match self.regime {
                RegimeYear::Of1997 => Regime::of_1997(),
                RegimeYear::Of2003 => Regime::of_2003(),
                RegimeYear::Of2014 => Regime::of_2014(),
                RegimeYear::Of2026 => Regime::of_2026(),
            }),
            ResponsibilityRule::DistributionKey => AssignmentRule::Key(KeyWeights {
                population: self.key_population,
                area: self.key_area,
                gdp: self.key_gdp,
            }),
            ResponsibilityRule::FreeChoice => AssignmentRule::FreeChoice,
        };
        vec![Clause::plain(Does::Assign(Box::new(Assignment {
            key: crate::engine::keyed::name_key(&["assignment", name]),
            members,
            rule,
            recorded_share: self.recorded_share,
            matching: self.matching,
            acceptance: self.acceptance,
            transfer_per_day: self.transfers_per_year / YEAR_DAYS,
        })))]
    }
}
