//! Coercive relocation: people are moved out of a first country of asylum without being asked, many without knowing
//! where to, and families are split (model 5.14). The dark twin of the evacuation: the same stream without consent.

use super::{Clause, Does, OfferTerms, Relocation};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// Coercive relocation.
    pub struct CoerciveRelocation {
        /// Where people are taken from.
        from: Vec<Name>,
        /// Of which populations; none: all.
        populations: Vec<Name> = Vec::new(),
        /// Where they are taken, whether asked for or not.
        offers: Vec<OfferTerms>,
        /// People moved a day.
        persons_per_day: f64 { unit: "person/day", range: 0.0..=1e6 },
        /// Share of households of several members that are split.
        split_share: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
    }
}

impl CoerciveRelocation {
    /// One stream without consent; those moved arrive without a status.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let from = names.places_named(&format!("{at}.from"), &self.from);
        let populations = names.populations_named(&format!("{at}.populations"), &self.populations);
        let path = format!("{at}.offers");
        let offers = names.offers(&path, name, &self.offers, Status::Undocumented, &self.from);
        let mut stream = Relocation::new(name, from.clone(), populations, offers).of(&[
            Status::WaitingAtBorder,
            Status::Undocumented,
            Status::Claimant,
            Status::Tolerated,
            Status::TemporarilyProtected,
        ]);
        stream.per_day = self.persons_per_day;
        stream.split_share = self.split_share;
        stream.flow = Flow::MovedByForce;
        let promised = stream.promised_per_year();
        let first = from.first().map(|&p| names.country_of(p));
        let clause = |country| {
            Clause::plain(Does::Relocate(Box::new(stream))).by(Some(country)).lightens(country, promised)
        };
        first.map(clause).into_iter().collect()
    }
}
