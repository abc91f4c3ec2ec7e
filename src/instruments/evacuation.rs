//! Temporary humanitarian evacuation: people leave a first country of asylum for places that others offer for a time
//! (model 5.14). It is voluntary, a household chooses among the places on offer, and families stay together; what it
//! takes off the first country relieves its pressure and so keeps its border open (5.11, 5.4).

use super::{Clause, Consent, Does, OfferTerms, Relocation};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// Temporary humanitarian evacuation.
    pub struct Evacuation {
        /// Where people are evacuated from.
        from: Vec<Name>,
        /// Of which populations; none: all.
        populations: Vec<Name> = Vec::new(),
        /// Places on offer.
        offers: Vec<OfferTerms>,
        /// Departures a day that transport and reception allow.
        departures_per_day: f64 { unit: "person/day", range: 0.0..=1e6 },
        /// Value of staying to those who are asked, on the scale of the attraction of places.
        stay_attraction: f64 = -2.0 { unit: "utility", range: -20.0..=20.0, source: "assumption, not estimated" },
        /// Whether vulnerable people go first.
        vulnerable_first: bool = true,
        /// What a place costs the country that offers it.
        usd_per_person: f64 = 10000.0 { unit: "USD", range: 0.0..=1e6, source: "assumption, not estimated" },
    }
}

impl Evacuation {
    /// One stream from the places named to those on offer, by consent, for each country evacuated from.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let from = names.places_named(&format!("{at}.from"), &self.from);
        let populations = names.populations_named(&format!("{at}.populations"), &self.populations);
        let path = format!("{at}.offers");
        let offers = names.offers(&path, name, &self.offers, Status::TemporarilyProtected, &self.from);
        let mut stream = Relocation::new(name, from.clone(), populations, offers).of(&[
            Status::Undocumented,
            Status::Claimant,
            Status::Tolerated,
            Status::TemporarilyProtected,
            Status::Held,
        ]);
        stream.per_day = self.departures_per_day;
        stream.consent = Some(Consent { stay: self.stay_attraction });
        stream.vulnerable_first = self.vulnerable_first;
        stream.flow = Flow::Evacuated;
        let promised = stream.promised_per_year();
        let first = from.first().map(|&p| names.country_of(p));
        let mut clause = Clause::plain(Does::Relocate(Box::new(stream)));
        clause.usd_per_person = self.usd_per_person;
        first.map(|country| clause.lightens(country, promised)).into_iter().collect()
    }
}
