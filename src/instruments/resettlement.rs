//! Resettlement under a quota: third countries take recognised people from a country of first asylum, from a facility,
//! or from inside the origin (model 5.14).

use super::{Clause, Consent, Does, OfferTerms, Relocation};
use crate::scenario::format::Standing;
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// Resettlement under a quota.
    pub struct Resettlement {
        /// Where people are resettled from.
        from: Vec<Name>,
        /// Of which populations; none: all.
        populations: Vec<Name> = Vec::new(),
        /// Of which statuses.
        statuses: Vec<Standing> = vec![
            Standing::AwaitingResettlement,
            Standing::Protected,
            Standing::TemporarilyProtected,
            Standing::Stranded
        ],
        /// Places of each country that resettles.
        offers: Vec<OfferTerms>,
        /// Days a case takes; two on a fast track of 48 hours.
        processing_days: f64 = 0.0 { unit: "day", range: 0.0..=3650.0, source: "neutral: at once" },
        /// Probability that a receiving State accepts a case.
        acceptance: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: every case" },
        /// Value of staying to those who are asked; absent: nobody stays who could go.
        stay_attraction: Option<f64> = None { unit: "utility", range: -20.0..=20.0 },
        /// Whether vulnerable people go first.
        vulnerable_first: bool = false,
        /// What a place costs the country that offers it.
        usd_per_person: f64 = 10000.0 { unit: "USD", range: 0.0..=1e6, source: "assumption, not estimated" },
    }
}

impl Resettlement {
    /// One stream from the places named to the countries that resettle.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let from = names.places_named(&format!("{at}.from"), &self.from);
        let populations = names.populations_named(&format!("{at}.populations"), &self.populations);
        let offers = names.offers(&format!("{at}.offers"), name, &self.offers, Status::Resettled, &self.from);
        let statuses: Vec<Status> = self.statuses.iter().map(|s| s.status()).collect();
        let mut stream = Relocation::new(name, from.clone(), populations, offers).of(&statuses);
        stream.least_wait_days = self.processing_days as u32;
        stream.acceptance = self.acceptance;
        stream.consent = self.stay_attraction.map(|stay| Consent { stay });
        stream.vulnerable_first = self.vulnerable_first;
        stream.flow = Flow::Resettled;
        stream.score = Some(names.s.beliefs.resettled_elsewhere);
        let promised = stream.promised_per_year();
        let first = from.first().map(|&p| names.country_of(p));
        let mut clause = Clause::plain(Does::Relocate(Box::new(stream)));
        clause.usd_per_person = self.usd_per_person;
        first.map(|country| clause.lightens(country, promised)).into_iter().collect()
    }
}
