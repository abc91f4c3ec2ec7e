//! A regional solidarity programme with three pillars: resettlement within the region, cities that integrate, border
//! regions that are developed for newcomers and hosts (model 5.14). The model is the Mexico Plan of Action.

use super::{Clause, Consent, Does, OfferTerms, Outcome, Relocation};
use crate::scenario::format::Standing;
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// A regional solidarity programme.
    pub struct SolidarityProgramme {
        /// Where people are resettled from.
        from: Vec<Name>,
        /// Of which populations; none: all.
        populations: Vec<Name> = Vec::new(),
        /// Of which statuses.
        statuses: Vec<Standing> = vec![Standing::Protected, Standing::Tolerated, Standing::Claimant],
        /// Places of the countries that resettle.
        resettlement: Vec<OfferTerms>,
        /// Days a case takes; two on a fast track of 48 hours.
        processing_days: f64 = 90.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// Value of staying to those who are asked.
        stay_attraction: f64 = 0.0 { unit: "utility", range: -20.0..=20.0, source: "assumption, not estimated" },
        /// Territories whose cities integrate.
        cities: Vec<Name> = Vec::new(),
        /// How much sooner people settle in their countries.
        settling_factor: f64 = 1.5 { unit: "ratio", range: 0.0..=20.0, source: "assumption, not estimated" },
        /// Territories whose border regions are developed.
        borders: Vec<Name> = Vec::new(),
        /// Their openness at least.
        border_openness_at_least: f64 = 0.9 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.4 b_s" },
        /// Places in reception that development adds in each.
        border_reception_places: f64 = 0.0 { unit: "person", range: 0.0..=1e8, source: "neutral: no effect" },
        /// Days until cities and borders are developed.
        build_up_days: f64 = 730.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What it costs a year in all.
        usd_per_year: f64 = 0.0 { unit: "USD/year", range: 0.0..=1e11, source: "neutral: no cost" },
    }
}

impl SolidarityProgramme {
    /// A stream for the first pillar, sooner settling for the second, openness and places for the third.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let from = names.places_named(&format!("{at}.from"), &self.from);
        let populations = names.populations_named(&format!("{at}.populations"), &self.populations);
        let path = format!("{at}.resettlement");
        let offers = names.offers(&path, name, &self.resettlement, Status::Resettled, &self.from);
        let statuses: Vec<Status> = self.statuses.iter().map(|s| s.status()).collect();
        let mut stream = Relocation::new(name, from.clone(), populations, offers).of(&statuses);
        stream.least_wait_days = self.processing_days as u32;
        stream.consent = Some(Consent { stay: self.stay_attraction });
        stream.vulnerable_first = true;
        stream.flow = Flow::Resettled;
        let promised = stream.promised_per_year();
        let mut out = Vec::new();
        if let Some(&first) = from.first() {
            let country = names.country_of(first);
            let clause = Clause::plain(Does::Relocate(Box::new(stream))).costing(self.usd_per_year);
            out.push(clause.lightens(country, promised));
        }
        for (i, n) in self.cities.iter().enumerate() {
            let place = names.place(&format!("{at}.cities.{i}"), n);
            let country = names.country_of(place);
            let (outcome, factor) = (Outcome::Settling, self.settling_factor);
            out.push(Clause::plain(Does::Outcomes { country, outcome, factor }).over(self.build_up_days));
        }
        for (i, n) in self.borders.iter().enumerate() {
            let place = names.place(&format!("{at}.borders.{i}"), n);
            let country = names.country_of(place);
            out.push(Clause::plain(Does::Open { place, at_least: self.border_openness_at_least }));
            let added = Does::Place { country, persons: self.border_reception_places };
            out.push(Clause::plain(added).over(self.build_up_days));
        }
        out
    }
}
