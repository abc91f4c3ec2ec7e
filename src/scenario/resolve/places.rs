//! Places, zones, corridors, countries.

use super::Resolver;
use crate::scenario::format::{self, Mode, PlaceKind};
use crate::scenario::resolve::YEAR_DAYS;
use crate::scenario::setup::*;
use crate::world::{CountryId, PlaceId};

impl Resolver<'_, '_> {
    pub(super) fn places(&mut self) -> Vec<Place> {
        let s = self.s;
        let mut places = Vec::new();
        for (name, p) in s.places.iter() {
            let path = format!("places.{name}");
            let country = self.country(&format!("{path}.country"), &p.country);
            if p.kind == PlaceKind::Facility && p.release_to.is_none() {
                self.checks.at(
                    &format!("{path}.release_to"),
                    "a facility from which nobody could be released",
                    "a territory",
                    "say where people admitted or released from it go",
                );
            }
            let fallback = p.fallback.as_ref().map(|n| self.place(&format!("{path}.fallback"), n));
            let own = PlaceId::at(places.len());
            let release_to =
                p.release_to.as_ref().map_or(own, |n| self.place(&format!("{path}.release_to"), n));
            if p.kind == PlaceKind::Facility && p.release_to.is_some() {
                let target = p.release_to.as_ref().and_then(|n| s.places.get(&n.0));
                if target.is_some_and(|t| t.kind == PlaceKind::Facility) {
                    self.checks.at(&format!("{path}.release_to"), "a facility", "a territory", "");
                }
            }
            places.push(Place {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["place", name]),
                country,
                kind: Some(p.kind),
                capacity: p.capacity,
                longest_stay_days: p.longest_stay_days.map(|d| d as u16),
                stay_end: p.stay_end,
                screenings_per_day: p.screenings_per_day,
                voluntary_return_per_day: p.voluntary_return_per_year / YEAR_DAYS,
                cost_usd: p.cost_usd_per_person_day,
                fallback,
                release_to,
                openness: p.openness,
                turning_back_per_day: p.turning_back_per_day,
                waiting_death_per_day: p.waiting_death_per_day,
            });
        }
        self.fallbacks();
        places
    }

    pub(super) fn zones(&mut self, land_places: usize) -> Vec<Zone> {
        let s = self.s;
        let mut zones = Vec::new();
        for (i, (name, z)) in s.zones.iter().enumerate() {
            if s.places.names().any(|p| p == name) {
                let at = format!("zones.{name}");
                self.checks.at_given(&at, &[], "the name of a place", "a name of its own", "");
            }
            zones.push(Zone {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["zone", name]),
                place: PlaceId::at(land_places + i),
                country: self.country(&format!("zones.{name}.patrolled_by"), &z.patrolled_by),
                disembark_at: self.place(&format!("zones.{name}.disembark_at"), &z.disembark_at),
                typed: z.clone(),
            });
        }
        zones
    }

    pub(super) fn corridors(&mut self) -> Vec<Corridor> {
        let s = self.s;
        let mut corridors = Vec::new();
        for (name, c) in s.corridors.iter() {
            let path = format!("corridors.{name}");
            let (from, to) =
                (self.place(&format!("{path}.from"), &c.from), self.place(&format!("{path}.to"), &c.to));
            if from == to && c.from == c.to {
                self.checks.at(&format!("{path}.to"), "the place it starts from", "another place", "");
            }
            self.only_by_sea(&path, c);
            let (mut zone, mut vessel) = (0, 0);
            if c.mode == Mode::Sea {
                match &c.zone {
                    Some(n) => zone = self.zone(&format!("{path}.zone"), n),
                    None => {
                        let found = "a corridor by sea without a zone";
                        self.checks.at(&format!("{path}.zone"), found, "`zone = …`", "");
                    }
                }
                match &c.vessel {
                    Some(n) => {
                        let at = format!("{path}.vessel");
                        vessel = self.name(&at, "vessel", n, s.vessels.names(), "vessels");
                    }
                    None => {
                        let found = "a corridor by sea without a vessel";
                        self.checks.at(&format!("{path}.vessel"), found, "`vessel = …`", "");
                    }
                }
            }
            corridors.push(Corridor {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["corridor", name]),
                from,
                to,
                mode: c.mode,
                typed: c.clone(),
                zone,
                vessel,
            });
        }
        corridors
    }

    /// A zone, or a vessel, of a corridor that is not by sea.
    fn only_by_sea(&mut self, path: &str, c: &format::Corridor) {
        for (key, given) in [("zone", c.zone.is_some()), ("vessel", c.vessel.is_some())] {
            if given && c.mode != Mode::Sea {
                let keys = [format!("{path}.{key}"), format!("{path}.mode")];
                let found = format!("a {key} of a corridor by {}", c.mode);
                let help = format!("leave `{key}` out, or say that the corridor is by sea");
                self.checks.at_given(&keys[0], &keys, found, "only with `mode = \"sea\"`", &help);
            }
        }
    }

    /// A facility whose fallback is itself, or leads back to it by others; told once for each circle.
    fn fallbacks(&mut self) {
        let s = self.s;
        let next = |at: usize| {
            let fallback = s.places.at(at).and_then(|(_, p)| p.fallback.as_ref());
            fallback.and_then(|name| s.places.position(&name.0))
        };
        for (at, (name, _)) in s.places.iter().enumerate() {
            let mut circle = vec![at];
            while let Some(then) = circle.last().and_then(|&last| next(last)).filter(|n| !circle.contains(n))
            {
                circle.push(then);
            }
            let closes = circle.last().and_then(|&last| next(last)) == Some(at);
            if closes && circle.iter().all(|&other| at <= other) {
                let names: Vec<&str> =
                    circle.iter().filter_map(|&i| s.places.at(i)).map(|(n, _)| n).collect();
                let found = match names.as_slice() {
                    [_] => "the facility itself".to_string(),
                    some => format!("a way back: {}, {name}", some.join(", ")),
                };
                let given: Vec<String> = names.iter().map(|n| format!("places.{n}.fallback")).collect();
                let help = "whom there is no room for must end somewhere: leave one `fallback` out";
                self.checks.at_given(
                    &given[0],
                    &given,
                    found,
                    "a facility that does not send them back",
                    help,
                );
            }
        }
    }

    pub(super) fn countries(
        &mut self,
        places: &[Place],
        ladders: &[Ladder],
        arrangements: &[Arrangement],
    ) -> Vec<Country> {
        let s = self.s;
        let mut out = Vec::new();
        for (i, (name, c)) in s.countries.iter().enumerate() {
            let id = CountryId::at(i);
            let territory = places
                .iter()
                .position(|p| p.country == id && p.kind == Some(PlaceKind::Territory))
                .or_else(|| places.iter().position(|p| p.country == id))
                .unwrap_or_else(|| {
                    self.without_place(name);
                    0
                });
            out.push(Country {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["country", name]),
                typed: c.clone(),
                election_day: c.election.map(|d| self.calendar.day(d.0) as f64),
                ladders: (0..ladders.len()).filter(|&l| ladders[l].country == id).collect(),
                registers: arrangements.iter().any(|a| a.registering().any(|m| m == id)),
                territory: PlaceId::at(territory),
                places: Vec::new(),
            });
        }
        if out.len() > 255 {
            self.checks.at("countries", format!("{} countries", out.len()), "at most 255", "");
        }
        out
    }

    fn without_place(&mut self, country: &str) {
        // A table of a mistyped name may hold one.
        if self.checks.is_whole("") {
            let (at, given) = (format!("countries.{country}"), ["places.*.country".to_string()]);
            self.checks.at_given(&at, &given, "a country without any place", "at least one place", "");
        }
    }
}
