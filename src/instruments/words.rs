//! Words and small tables that several instruments use, and how they are resolved.

use super::clause::{Offer, Relocation};
use crate::scenario::read::{Name, choices, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{CountryId, Flow, Status};

choices! {
    /// By what a fund is allotted.
    pub enum AllocationRule {
        /// By how many people each member has in its care.
        BodyCount = "body_count",
        /// By how much that number rose within the year, over the member's capacity.
        Need = "need",
        /// By what the member lacks in capacity: people in care beyond places in reception.
        Capacity = "capacity",
        /// To members at the frontier first, by body count; what they do not need goes to the others.
        FrontlineFirst = "frontline_first",
    }
}

choices! {
    /// By what rule a member is responsible for a claim.
    pub enum ResponsibilityRule {
        /// The member first entered.
        FirstEntry = "first_entry",
        /// The member furthest below its fair share by population, area and product.
        DistributionKey = "distribution_key",
        /// The member where the claim is lodged.
        FreeChoice = "free_choice",
    }
}

choices! {
    /// The deadlines of a first-entry rule.
    pub enum RegimeYear {
        /// Dublin Convention, in force from 1997.
        Of1997 = "1997",
        /// Regulation (EC) 343/2003.
        Of2003 = "2003",
        /// Regulation (EU) 604/2013, applied from 2014.
        Of2014 = "2014",
        /// Regulation (EU) 2024/1351, applied from 2026.
        Of2026 = "2026",
    }
}

tables! {
    /// A place offered to people who are moved.
    pub struct OfferTerms {
        /// Where to; its country is the one that offers.
        to: Name,
        /// Places in all; absent: no limit of this kind.
        places: Option<f64> = None { unit: "person", range: 0.0..=1e8 },
        /// Places a year; absent: no limit of this kind.
        places_per_year: Option<f64> = None { unit: "person/year", range: 0.0..=1e8 },
        /// How attractive it is to those who are asked.
        attraction: f64 = 0.0 { unit: "utility", range: -20.0..=20.0, source: "assumption, not estimated" },
    }
}

impl Resolver<'_, '_> {
    /// The offers of an instrument to people of some places; an offer without any limit, or of one of those places, is
    /// refused.
    pub fn offers(
        &mut self,
        at: &str,
        name: &str,
        offers: &[OfferTerms],
        status: Status,
        from: &[Name],
    ) -> Vec<Offer> {
        if offers.is_empty() {
            self.checks.at(at, "no offer", "at least one place to go to", "");
        }
        let mut out = Vec::new();
        for (i, o) in offers.iter().enumerate() {
            let here = format!("{at}.{i}");
            let to = self.place(&format!("{here}.to"), &o.to);
            if from.contains(&o.to) {
                let found = format!("`{}`, from where people are taken", o.to);
                self.checks.at(&format!("{here}.to"), found, "another place", "name where they are to live");
            }
            if o.places.is_none() && o.places_per_year.is_none() {
                let found = "an offer without a number of places";
                let keys = ["places", "places_per_year"].map(|key| format!("{here}.{key}"));
                let allowed = "`places = …`, `places_per_year = …`, or both";
                self.checks.at_given(&keys[0], &keys, found, allowed, "");
            }
            out.push(Offer {
                key: crate::engine::keyed::name_key(&["offer", name, &o.to.0]),
                to,
                by: self.country_of(to),
                status,
                per_year: o.places_per_year.unwrap_or(f64::INFINITY),
                total: o.places.unwrap_or(f64::INFINITY),
                attraction: o.attraction,
            });
        }
        out
    }

    /// Flags of populations named; none named: all.
    pub fn populations_named(&mut self, at: &str, names: &[Name]) -> Vec<bool> {
        let mut flags = vec![names.is_empty(); self.s.populations.len()];
        for (i, n) in names.iter().enumerate() {
            let id = self.population(&format!("{at}.{i}"), n);
            if let Some(flag) = flags.get_mut(id.index()) {
                *flag = true;
            }
        }
        flags
    }

    /// A country named as one that undertakes something: a party of the arrangement at hand.
    pub fn party(&mut self, at: &str, name: &Name) -> CountryId {
        self.must_be_party(at, name, format!("`{name}`, which is no party"), Vec::new());
        self.country(at, name)
    }

    /// Countries named as members: parties of the arrangement at hand.
    pub fn members(&mut self, at: &str, names: &[Name]) -> Vec<CountryId> {
        names.iter().enumerate().map(|(i, n)| self.party(&format!("{at}.{i}"), n)).collect()
    }

    /// A problem, if the country that runs a place is no party of the arrangement at hand.
    pub fn must_be_run_by_party(&mut self, at: &str, place: &Name) {
        if let Some(owner) = self.s.places.get(&place.0).map(|p| p.country.clone()) {
            let found = format!("`{place}`, run by `{owner}`, which is no party");
            self.must_be_party(at, &owner, found, vec![format!("places.{place}.country")]);
        }
    }

    fn must_be_party(&mut self, at: &str, country: &Name, found: String, mut given: Vec<String>) {
        let Some((path, arrangement)) = &self.arrangement else { return };
        let parties = || arrangement.parties.iter().chain(&arrangement.optional);
        let declared = self.s.countries.get(&country.0).is_some();
        if parties().all(|p| p != country) && declared && self.checks.is_whole_up_from(path) {
            let allowed: Vec<&str> = parties().map(Name::as_str).collect();
            let allowed = format!("what a party undertakes: one of {}", allowed.join(", "));
            given.extend([at.to_string(), format!("{path}.parties"), format!("{path}.optional")]);
            let help = "name a party, or add it to `parties` or `optional`";
            self.checks.at_given(at, &given, found, &allowed, help);
        }
    }

    /// Countries named.
    pub fn countries_named(&mut self, at: &str, names: &[Name]) -> Vec<CountryId> {
        names.iter().enumerate().map(|(i, n)| self.country(&format!("{at}.{i}"), n)).collect()
    }

    /// Places named; at least one.
    pub fn places_named(&mut self, at: &str, names: &[Name]) -> Vec<crate::world::PlaceId> {
        if names.is_empty() {
            self.checks.at(at, "no place", "at least one place", "");
        }
        names.iter().enumerate().map(|(i, n)| self.place(&format!("{at}.{i}"), n)).collect()
    }
}

impl Relocation {
    /// A stream with the least that can be said of it: no case takes time, all are accepted, nobody is asked.
    pub fn new(
        name: &str,
        from: Vec<crate::world::PlaceId>,
        populations: Vec<bool>,
        offers: Vec<Offer>,
    ) -> Self {
        Self {
            key: crate::engine::keyed::name_key(&["relocation", name]),
            from,
            statuses: [false; Status::COUNT],
            populations,
            offers,
            per_day: f64::INFINITY,
            least_wait_days: 0,
            consent: None,
            split_share: 0.0,
            acceptance: 1.0,
            never_the_destination: false,
            vulnerable_first: false,
            flow: Flow::Resettled,
            score: None,
        }
    }

    /// The same for people of some statuses.
    pub fn of(mut self, statuses: &[Status]) -> Self {
        statuses.iter().for_each(|&s| self.statuses[s as usize] = true);
        self
    }

    /// Places a year and in all, as people a year: what is offered in all is reckoned as a year's.
    pub fn promised_per_year(&self) -> f64 {
        let places: f64 = self.offers.iter().map(|o| o.per_year.min(o.total)).sum();
        places.min(self.per_day * crate::scenario::resolve::YEAR_DAYS)
    }
}
