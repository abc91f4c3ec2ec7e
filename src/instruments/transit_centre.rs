//! Emergency transit centre: beds in a State that lets people in danger enter without a visa, for a stay of some
//! months, on the guarantee that third countries take them from there (model 5.14).

use super::{Clause, Consent, Does, OfferTerms, Relocation};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// Emergency transit centre.
    pub struct TransitCentre {
        /// The centre: a facility. Its longest stay is that of the place.
        at: Name,
        /// Beds.
        beds: f64 { unit: "person", range: 0.0..=1e6 },
        /// Where people in danger are taken from.
        from: Vec<Name>,
        /// Of which populations; none: all.
        populations: Vec<Name> = Vec::new(),
        /// People taken in a year, as cases are referred.
        referrals_per_year: f64 { unit: "person/year", range: 0.0..=1e7 },
        /// Days until people can enter: none where no visa is asked for.
        entry_days: f64 = 0.0 { unit: "day", range: 0.0..=3650.0, source: "neutral: at once" },
        /// Third countries that guarantee to take people on.
        onward: Vec<OfferTerms>,
        /// Days a third country takes for a case.
        processing_days: f64 = 150.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
        /// What a bed costs the State that runs the centre, a year.
        usd_per_bed_year: f64 = 10000.0 { unit: "USD/year", range: 0.0..=1e6, source: "assumption, not estimated" },
    }
}

impl TransitCentre {
    /// Room at the centre, a stream into it, and a stream out of it to the countries that guarantee.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let centre = names.facility(&format!("{at}.at"), &self.at);
        let host = names.country_of(centre);
        let from = names.places_named(&format!("{at}.from"), &self.from);
        let populations = names.populations_named(&format!("{at}.populations"), &self.populations);
        let inward = vec![super::Offer {
            key: crate::engine::keyed::name_key(&["offer", name, &self.at.0]),
            to: centre,
            by: host,
            status: Status::AwaitingResettlement,
            per_year: self.referrals_per_year,
            total: f64::INFINITY,
            attraction: 0.0,
        }];
        let mut into =
            Relocation::new(&format!("{name} in"), from.clone(), populations.clone(), inward).of(&[
                Status::WaitingAtBorder,
                Status::Held,
                Status::Undocumented,
                Status::Claimant,
                Status::Appellant,
                Status::Protected,
                Status::TemporarilyProtected,
                Status::Tolerated,
                Status::Rejected,
                Status::Stranded,
            ]);
        into.least_wait_days = self.entry_days as u32;
        into.consent = Some(Consent { stay: -4.0 });
        into.vulnerable_first = true;
        into.flow = Flow::Evacuated;
        let centre_alone = std::slice::from_ref(&self.at);
        let path = format!("{at}.onward");
        let offers = names.offers(&path, name, &self.onward, Status::Resettled, centre_alone);
        let mut out = Relocation::new(&format!("{name} onward"), vec![centre], populations, offers)
            .of(&[Status::AwaitingResettlement, Status::Stranded]);
        out.least_wait_days = self.processing_days as u32;
        out.flow = Flow::Resettled;
        let onward = out.promised_per_year();
        let mut clauses = vec![
            Clause::plain(Does::Room { place: centre, persons: self.beds })
                .by(Some(host))
                .costing(self.beds * self.usd_per_bed_year),
            Clause::plain(Does::Relocate(Box::new(out))).lightens(host, onward),
        ];
        if let Some(&first) = from.first() {
            let country = names.country_of(first);
            let stream = Clause::plain(Does::Relocate(Box::new(into)));
            clauses.push(stream.lightens(country, self.referrals_per_year));
        }
        clauses
    }
}
