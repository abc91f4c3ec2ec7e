//! Offshore processing: a State has people held and examined at a facility outside its territory, and third countries
//! are sought for those recognised (model 5.14). Who is brought there is said by the rungs of its ladders.

use super::{Clause, Does, OfferTerms, Relocation};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// Offshore processing with a search for third countries.
    pub struct OffshoreProcessing {
        /// The facility.
        at: Name,
        /// The State on whose behalf people are held and examined, and that pays.
        on_behalf_of: Name,
        /// People it has room for.
        room: f64 { unit: "person", range: 0.0..=1e8 },
        /// Claims examined a day.
        examined_per_day: f64 { unit: "claim/day", range: 0.0..=1e6 },
        /// Third countries sought, with the places they give.
        third_countries: Vec<OfferTerms>,
        /// Days until a third country is found for a case.
        search_days: f64 = 365.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// Probability that a third country accepts a case.
        acceptance: f64 = 0.7 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// What the facility costs that State a year.
        usd_per_year: f64 = 0.0 { unit: "USD/year", range: 0.0..=1e11, source: "neutral: no cost" },
    }
}

impl OffshoreProcessing {
    /// Room, examinations, and a stream to third countries.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let place = names.facility(&format!("{at}.at"), &self.at);
        let payer = names.party(&format!("{at}.on_behalf_of"), &self.on_behalf_of);
        let everybody = vec![true; names.s.populations.len()];
        let path = format!("{at}.third_countries");
        let from = std::slice::from_ref(&self.at);
        let offers = names.offers(&path, name, &self.third_countries, Status::Resettled, from);
        let mut stream = Relocation::new(name, vec![place], everybody, offers)
            .of(&[Status::AwaitingResettlement, Status::Stranded]);
        stream.least_wait_days = self.search_days as u32;
        stream.acceptance = self.acceptance;
        stream.never_the_destination = true;
        stream.flow = Flow::Resettled;
        stream.score = Some(names.s.beliefs.resettled_elsewhere);
        let promised = stream.promised_per_year();
        vec![
            Clause::plain(Does::Room { place, persons: self.room })
                .by(Some(names.country_of(place)))
                .lightens(payer, self.room),
            Clause::plain(Does::Examine { place, per_day: self.examined_per_day })
                .by(Some(payer))
                .costing(self.usd_per_year),
            Clause::plain(Does::Relocate(Box::new(stream))).lightens(payer, promised),
        ]
    }
}
