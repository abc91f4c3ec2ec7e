//! Hosting: a partner provides room for people held by another State (model 5.14).

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Hosting: a partner takes in people held at a facility of another.
    pub struct Hosting {
        /// The facility it provides.
        at: Name,
        /// The country that provides it; absent: the one that runs the facility.
        by: Option<Name> = None,
        /// Its capacity while the clause is in force.
        capacity: f64 { unit: "person", range: 0.0..=1e8, equation: "5.14" },
    }
}

impl Hosting {
    /// Room at the facility; it lightens what the State that holds people there would have to find room for.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let place = names.facility(&format!("{at}.at"), &self.at);
        let runs = names.country_of(place);
        let by = self.by.as_ref().map_or(runs, |n| names.party(&format!("{at}.by"), n));
        if self.by.is_none() {
            names.must_be_run_by_party(&format!("{at}.at"), &self.at);
        }
        let room = Clause::plain(Does::Room { place, persons: self.capacity }).by(Some(by));
        vec![if by == runs { room } else { room.lightens(runs, self.capacity) }]
    }
}
