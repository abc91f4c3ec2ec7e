//! Payment for containment: a State is paid to keep people from moving on, and to detain those who would (model 5.14).
//! It adds holding where there was none, so that paired runs can say what of the responsibility the payee then carries
//! would not exist without the payment: created, and so shifted (5.15).

use super::{Clause, Does, Offer, Relocation};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// Payment for containment.
    pub struct Containment {
        /// Who pays.
        by: Name,
        /// The country that contains.
        to: Name,
        /// Money a year.
        usd_per_year: f64 { unit: "USD/year", range: 0.0..=1e11 },
        /// Routes on which departures are prevented.
        routes: Vec<Name>,
        /// Share of departures prevented.
        share: f64 { unit: "share", range: 0.0..=1.0 },
        /// The facility where people are detained; absent: nobody is.
        detained_at: Option<Name> = None,
        /// Where they are taken from.
        from: Vec<Name> = Vec::new(),
        /// People detained a day at the most.
        detentions_per_day: f64 = 0.0 { unit: "person/day", range: 0.0..=1e6, source: "neutral: nobody is detained" },
        /// People there is room for.
        room: f64 = 0.0 { unit: "person", range: 0.0..=1e8, source: "neutral: no room until it is stated" },
    }
}

impl Containment {
    /// Departures prevented; people detained; money for it.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let payer = names.party(&format!("{at}.by"), &self.by);
        let payee = names.party(&format!("{at}.to"), &self.to);
        let routes: Vec<_> = self
            .routes
            .iter()
            .enumerate()
            .map(|(j, n)| names.route(&format!("{at}.routes.{j}"), n))
            .collect();
        let prevent = Does::Dissuade { routes, share: self.share };
        let mut out = vec![
            Clause::plain(prevent).by(Some(payee)),
            Clause::plain(Does::Care { country: payee, usd_per_year: self.usd_per_year })
                .by(Some(payer))
                .costing(self.usd_per_year),
        ];
        if let Some(facility) = &self.detained_at {
            let to = names.facility(&format!("{at}.detained_at"), facility);
            let from = names.places_named(&format!("{at}.from"), &self.from);
            let offer = Offer {
                key: crate::engine::keyed::name_key(&["offer", name, &facility.0]),
                to,
                by: payee,
                status: Status::Held,
                per_year: f64::INFINITY,
                total: f64::INFINITY,
                attraction: 0.0,
            };
            let everybody = vec![true; names.s.populations.len()];
            let mut stream = Relocation::new(name, from, everybody, vec![offer])
                .of(&[Status::Undocumented, Status::Tolerated, Status::Rejected]);
            stream.per_day = self.detentions_per_day;
            stream.flow = Flow::Detained;
            stream.score = Some(0.0);
            out.push(Clause::plain(Does::Room { place: to, persons: self.room }).by(Some(payee)));
            out.push(Clause::plain(Does::Relocate(Box::new(stream))).by(Some(payee)));
        }
        out
    }
}
