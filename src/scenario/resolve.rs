//! From what was typed to what is valid: names become identifiers, contradictions are found, all of them at once.

use super::calendar::Calendar;
use super::check::Checks;
use super::format::{self, Channel, EventKind, Mode, PlaceKind, Scenario, Steering};
use super::setup::*;
use crate::model::arrangement::Phase;
use crate::world::{CountryId, PlaceId, PopulationId, RouteId, RuleId};

/// Days in a year.
pub const YEAR_DAYS: f64 = 365.25;

/// The setup a scenario describes; problems are left in `checks`, and the setup is sound only if there are none.
pub fn resolve(scenario: Scenario, checks: &mut Checks<'_>) -> Option<Setup> {
    let (start, end) = (scenario.scenario.start.0, scenario.scenario.end.0);
    let length = super::calendar::days_between(start, end) + 1;
    if length < 1 {
        checks.at(
            "scenario.end",
            format!("{end}, before the start {start}"),
            "a day not before `scenario.start`",
            "",
        );
        return None;
    }
    if length > 65_000 {
        checks.at(
            "scenario.end",
            format!("a period of {length} days"),
            "at most 65,000 days (178 years)",
            "",
        );
        return None;
    }
    for (path, empty) in [
        ("countries", scenario.countries.is_empty()),
        ("places", scenario.places.is_empty()),
        ("populations", scenario.populations.is_empty()),
        ("routes", scenario.routes.is_empty()),
    ] {
        if empty {
            checks.at(path, "nothing", "at least one", "");
        }
    }
    let calendar = Calendar::new(start, length as u32);
    let mut r = Resolver { s: &scenario, checks, calendar: &calendar };
    let places = r.places();
    let zones = r.zones(places.len());
    let mut all_places = places.clone();
    all_places.extend(zones.iter().map(|z| zone_as_place(z)));
    if all_places.len() * crate::world::Status::COUNT >= usize::from(u16::MAX) {
        r.checks.at("places", format!("{} places and zones", all_places.len()), "at most 3,000", "");
    }
    let corridors = r.corridors();
    let mut populations = r.populations();
    let routes = r.routes(&corridors, &mut populations);
    let (ladders, rules, actions) = r.ladders();
    let arrangements = r.arrangements();
    let events = r.events();
    let countries = r.countries(&places, &ladders);
    r.observed();
    let groups = groups(&mut populations);
    let vessels = scenario.vessels.iter().map(|(_, v)| v.clone()).collect();
    if checks.any() {
        return None;
    }
    let mut setup = Setup {
        days: length as u32,
        calendar,
        countries,
        land_places: places.len(),
        places: all_places,
        zones,
        vessels,
        corridors,
        populations,
        groups,
        routes,
        ladders,
        rules,
        actions,
        arrangements,
        events,
        scenario,
    };
    if !setup.scenario.switches.orderly_channel {
        drop_orderly(&mut setup);
    }
    Some(setup)
}

/// Without orderly channels nobody can choose one; the routes stay known by name.
fn drop_orderly(setup: &mut Setup) {
    let orderly: Vec<bool> = setup.routes.iter().map(|r| r.channel == Channel::Orderly).collect();
    for population in &mut setup.populations {
        population.home_routes.retain(|r| !orderly[r.index()]);
    }
}

fn zone_as_place(zone: &Zone) -> Place {
    Place {
        name: zone.name.clone(),
        key: zone.key,
        country: zone.country,
        kind: None,
        capacity: zone.typed.places_aboard,
        longest_stay_days: None,
        stay_end: format::StayEnd::Extend,
        screenings_per_day: 0.0,
        voluntary_return_per_day: 0.0,
        cost_usd: 0.0,
        fallback: None,
        release_to: zone.disembark_at,
        openness: 1.0,
        turning_back_per_day: 0.0,
        waiting_death_per_day: 0.0,
    }
}

struct Resolver<'a, 'c> {
    s: &'a Scenario,
    checks: &'a mut Checks<'c>,
    calendar: &'a Calendar,
}

impl Resolver<'_, '_> {
    fn name<'n>(
        &mut self,
        path: &str,
        what: &str,
        name: &super::read::Name,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> usize {
        if let Some(at) = known.clone().position(|k| k == name.0) {
            return at;
        }
        self.checks.unknown_name(path, what, &name.0, known);
        0
    }
    fn country(&mut self, path: &str, name: &super::read::Name) -> CountryId {
        let s = self.s;
        CountryId::at(self.name(path, "country", name, s.countries.names()))
    }
    fn place(&mut self, path: &str, name: &super::read::Name) -> PlaceId {
        let s = self.s;
        PlaceId::at(self.name(path, "place", name, s.places.names()))
    }
    fn route(&mut self, path: &str, name: &super::read::Name) -> RouteId {
        let s = self.s;
        RouteId::at(self.name(path, "route", name, s.routes.names()))
    }
    fn population(&mut self, path: &str, name: &super::read::Name) -> PopulationId {
        let s = self.s;
        PopulationId::at(self.name(path, "population", name, s.populations.names()))
    }
    fn zone(&mut self, path: &str, name: &super::read::Name) -> usize {
        let s = self.s;
        self.name(path, "zone", name, s.zones.names())
    }

    /// A day within the period, or a problem.
    fn day(&mut self, path: &str, date: super::read::Date) -> u32 {
        let day = self.calendar.day(date.0);
        if !(0..i64::from(self.calendar.days())).contains(&day) {
            let (first, last) = (self.calendar.date(0), self.calendar.date(self.calendar.days() - 1));
            self.checks.at(
                path,
                format!("{}, outside the period", date.0),
                &format!("{first} to {last}"),
                "",
            );
        }
        day.clamp(0, i64::from(self.calendar.days()) - 1) as u32
    }

    fn places(&mut self) -> Vec<Place> {
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
            if p.kind == PlaceKind::Facility {
                let target = s.places.iter().nth(release_to.index());
                if target.is_some_and(|(_, t)| t.kind == PlaceKind::Facility) {
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
        places
    }

    fn zones(&mut self, land_places: usize) -> Vec<Zone> {
        let s = self.s;
        let mut zones = Vec::new();
        for (i, (name, z)) in s.zones.iter().enumerate() {
            if s.places.names().any(|p| p == name) {
                self.checks.at(&format!("zones.{name}"), "the name of a place", "a name of its own", "");
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

    fn corridors(&mut self) -> Vec<Corridor> {
        let s = self.s;
        let mut corridors = Vec::new();
        for (name, c) in s.corridors.iter() {
            let path = format!("corridors.{name}");
            let (from, to) =
                (self.place(&format!("{path}.from"), &c.from), self.place(&format!("{path}.to"), &c.to));
            if from == to && c.from == c.to {
                self.checks.at(&format!("{path}.to"), "the place it starts from", "another place", "");
            }
            let (mut zone, mut vessel) = (0, 0);
            if c.mode == Mode::Sea {
                match &c.zone {
                    Some(n) => zone = self.zone(&format!("{path}.zone"), n),
                    None => self.checks.at(&path, "a corridor by sea without a zone", "`zone = …`", ""),
                }
                match &c.vessel {
                    Some(n) => vessel = self.name(&format!("{path}.vessel"), "vessel", n, s.vessels.names()),
                    None => self.checks.at(&path, "a corridor by sea without a vessel", "`vessel = …`", ""),
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

    fn shares(&mut self, path: &str, shares: impl Iterator<Item = f64>) {
        let sum: f64 = shares.sum();
        if (sum - 1.0).abs() > 1e-6 {
            self.checks.at(path, format!("shares that sum to {sum}"), "shares that sum to 1", "");
        }
    }

    fn populations(&mut self) -> Vec<Population> {
        let s = self.s;
        let mut populations = Vec::new();
        for (name, p) in s.populations.iter() {
            let path = format!("populations.{name}");
            let home = self.place(&format!("{path}.home"), &p.home);
            self.shares(&format!("{path}.household_size_shares"), p.household_size_shares.iter().copied());
            self.shares(&format!("{path}.means"), p.means.iter().map(|c| c.share));
            self.shares(&format!("{path}.aversion"), p.aversion.iter().map(|c| c.share));
            let mut driver_by_day = vec![1.0; self.calendar.days() as usize];
            for (i, term) in p.driven_by.iter().enumerate() {
                let at = format!("{path}.driven_by.{i}.driver");
                let k = self.name(&at, "driver", &term.driver, s.drivers.names());
                if let Some((driver_name, driver)) = s.drivers.iter().nth(k) {
                    self.driver_into(&mut driver_by_day, driver_name, driver, term);
                }
            }
            let mut sum = 0.0;
            let size_cumulative = p.household_size_shares.iter().map(|x| {
                sum += x;
                sum
            });
            populations.push(Population {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["population", name]),
                home,
                country: s.places.iter().nth(home.index()).map_or(CountryId(0), |(_, place)| {
                    CountryId::at(s.countries.names().position(|c| c == place.country.0).unwrap_or(0))
                }),
                size_cumulative: size_cumulative.collect(),
                typed: p.clone(),
                groups: 0..0,
                home_routes: Vec::new(),
                onward_routes: Vec::new(),
                driver_by_day,
            });
        }
        populations
    }

    /// Multiply a driver's response into a population's series: (index / its mean over the reference)^elasticity.
    fn driver_into(
        &mut self,
        by_day: &mut [f64],
        name: &str,
        driver: &format::Driver,
        term: &format::DriverTerm,
    ) {
        let path = format!("drivers.{name}");
        if driver.values.is_empty() || driver.values.windows(2).any(|w| w[0].date.0 >= w[1].date.0) {
            self.checks.at(
                &format!("{path}.values"),
                "no values, or dates not rising",
                "dated values in order",
                "",
            );
            return;
        }
        let points: Vec<(i64, f64)> =
            driver.values.iter().map(|v| (self.calendar.day(v.date.0), v.value)).collect();
        let at = |day: i64| -> f64 {
            let next = points.partition_point(|&(d, _)| d <= day);
            if next == 0 {
                return points[0].1;
            }
            let (d0, v0) = points[next - 1];
            match points.get(next) {
                Some(&(d1, v1)) if !driver.steps => v0 + (v1 - v0) * (day - d0) as f64 / (d1 - d0) as f64,
                _ => v0,
            }
        };
        let (first, last) =
            (self.calendar.day(driver.reference_start.0), self.calendar.day(driver.reference_end.0));
        if last < first {
            self.checks.at(
                &format!("{path}.reference_end"),
                "a day before `reference_start`",
                "a later day",
                "",
            );
            return;
        }
        let mean = (first..=last).map(at).sum::<f64>() / (last - first + 1) as f64;
        for (day, value) in by_day.iter_mut().enumerate() {
            let index = at(day as i64 - term.lag_days as i64) / mean;
            *value *= crate::model::departure::driver_multiplier(index, term.elasticity);
        }
    }

    fn routes(&mut self, corridors: &[Corridor], populations: &mut [Population]) -> Vec<Route> {
        let s = self.s;
        let mut routes: Vec<Route> = Vec::new();
        for (name, r) in s.routes.iter() {
            let path = format!("routes.{name}");
            let population = self.population(&format!("{path}.population"), &r.population);
            let home = populations.get(population.index()).map_or(PlaceId(0), |p| p.home);
            let start = r.start.as_ref().map_or(home, |n| self.place(&format!("{path}.start"), n));
            let destination = self.place(&format!("{path}.destination"), &r.destination);
            let mut legs = Vec::new();
            for (i, n) in r.corridors.iter().enumerate() {
                legs.push(self.name(&format!("{path}.corridors.{i}"), "corridor", n, s.corridors.names()));
            }
            if r.channel == Channel::Irregular && !self.checks.any() {
                self.legs(&path, &legs, corridors, start, destination);
            }
            if legs.len() > 15 {
                self.checks.at(&format!("{path}.corridors"), "more than 15 legs", "at most 15", "");
            }
            let of = |place: PlaceId| s.places.iter().nth(place.index()).map(|(_, p)| p.country.0.clone());
            let income = |country: Option<String>| {
                country.and_then(|c| s.countries.get(&c)).map_or(1.0, |c| c.gdp_per_head_usd)
            };
            let country = of(destination)
                .and_then(|c| s.countries.names().position(|n| n == c))
                .map_or(CountryId(0), CountryId::at);
            let id = RouteId::at(routes.len());
            if let Some(p) = populations.get_mut(population.index()) {
                if start == home {
                    p.home_routes.push(id);
                } else if let Some((_, list)) = p.onward_routes.iter_mut().find(|(at, _)| *at == start) {
                    list.push(id);
                } else {
                    p.onward_routes.push((start, vec![id]));
                }
            }
            routes.push(Route {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["route", name]),
                population,
                start,
                destination,
                country,
                nest: 0,
                zone: legs
                    .first()
                    .and_then(|&c| corridors.get(c))
                    .filter(|c| c.mode == Mode::Sea)
                    .map(|c| c.zone),
                log_distance_km: crate::model::math::ln(
                    legs.iter()
                        .filter_map(|&c| corridors.get(c))
                        .map(|c| c.typed.distance_km)
                        .sum::<f64>()
                        .max(1.0),
                ),
                corridors: legs,
                channel: r.channel,
                log_income_ratio: crate::model::math::ln(income(of(destination)) / income(of(home))),
                grant_order: r.grant_order,
                typed: r.clone(),
            });
        }
        for population in populations.iter_mut() {
            let lists = std::iter::once(&mut population.home_routes)
                .chain(population.onward_routes.iter_mut().map(|(_, l)| l));
            for list in lists {
                // Routes of one nest stand together; nests in the order of their first route.
                let mut nests: Vec<(PlaceId, Channel)> = Vec::new();
                for &id in list.iter() {
                    let nest = (routes[id.index()].destination, routes[id.index()].channel);
                    let at = nests.iter().position(|&n| n == nest).unwrap_or_else(|| {
                        nests.push(nest);
                        nests.len() - 1
                    });
                    routes[id.index()].nest = at as u16;
                }
                list.sort_by_key(|id| (routes[id.index()].nest, id.0));
            }
        }
        for (i, p) in populations.iter().enumerate() {
            if p.home_routes.is_empty() && !self.checks.any() {
                let path = format!("populations.{}", s.populations.names().nth(i).unwrap_or_default());
                self.checks.at(&path, "a population without any route from home", "at least one route", "");
            }
        }
        routes
    }

    fn legs(
        &mut self,
        path: &str,
        legs: &[usize],
        corridors: &[Corridor],
        start: PlaceId,
        destination: PlaceId,
    ) {
        let path = format!("{path}.corridors");
        let mut at = start;
        for &leg in legs {
            if corridors[leg].from != at {
                let found =
                    format!("`{}`, which does not start where the route then is", corridors[leg].name);
                self.checks.at(&path, found, "corridors that join", "");
                return;
            }
            at = corridors[leg].to;
        }
        if at != destination {
            self.checks.at(&path, "corridors that end elsewhere", "corridors that lead to `destination`", "");
        }
    }

    fn ladders(&mut self) -> (Vec<Ladder>, Vec<Rule>, Vec<RuleAction>) {
        let s = self.s;
        let (mut ladders, mut rules, mut actions) = (Vec::new(), Vec::new(), Vec::new());
        for (name, l) in s.ladders.iter() {
            let path = format!("ladders.{name}");
            if l.rungs.is_empty() {
                self.checks.at(&format!("{path}.rungs"), "a ladder without rungs", "at least one rung", "");
            }
            let known: Vec<&str> = l.rungs.iter().map(|r| r.name.as_str()).collect();
            let mut rungs = Vec::new();
            for (i, rung) in l.rungs.iter().enumerate() {
                rungs.push(self.rung(&format!("{path}.rungs.{i}"), rung, &mut rules, &mut actions));
            }
            let mut schedule: Vec<(i64, u16, f64)> = Vec::new();
            for (i, m) in l.schedule.iter().enumerate() {
                let at = format!("{path}.schedule.{i}");
                let rung =
                    self.name(&format!("{at}.rung"), "rung of this ladder", &m.rung, known.iter().copied());
                let day = i64::from(self.day(&format!("{at}.date"), m.date));
                if schedule.last().is_some_and(|&(before, ..)| before >= day) {
                    self.checks.at(
                        &format!("{at}.date"),
                        "a date not after the one before",
                        "dates in order",
                        "",
                    );
                }
                schedule.push((day, rung as u16, m.credibility));
            }
            let endogenous_from = l.endogenous_from.map(|d| self.day(&format!("{path}.endogenous_from"), d));
            if l.steering == Steering::Mixed && endogenous_from.is_none() {
                self.checks.at(
                    &path,
                    "a mixed ladder without `endogenous_from`",
                    "`endogenous_from = …`",
                    "",
                );
            }
            let mut concerns = vec![l.populations.is_empty(); s.populations.len()];
            for (i, n) in l.populations.iter().enumerate() {
                let id = self.population(&format!("{path}.populations.{i}"), n);
                if let Some(c) = concerns.get_mut(id.index()) {
                    *c = true;
                }
            }
            ladders.push(Ladder {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["ladder", name]),
                country: self.country(&format!("{path}.country"), &l.country),
                domain: l.domain,
                concerns,
                steering: l.steering,
                endogenous_from: match l.steering {
                    Steering::Dated => None,
                    Steering::Endogenous => Some(0),
                    Steering::Mixed => endogenous_from,
                },
                initial: l.initial.as_ref().map_or(0, |n| {
                    self.name(&format!("{path}.initial"), "rung of this ladder", n, known.iter().copied())
                        as u16
                }),
                credibility: l.credibility,
                rungs,
                schedule,
            });
        }
        (ladders, rules, actions)
    }

    fn rung(
        &mut self,
        path: &str,
        rung: &format::Rung,
        rules: &mut Vec<Rule>,
        actions: &mut Vec<RuleAction>,
    ) -> Rung {
        let s = self.s;
        let mut ids = Vec::new();
        for (i, rule) in rung.rules.iter().enumerate() {
            let at = format!("{path}.rules.{i}");
            let population =
                rule.population.as_ref().map(|n| self.population(&format!("{at}.population"), n));
            let first = actions.len();
            if rule.actions.is_empty() {
                self.checks.at(&format!("{at}.actions"), "no action", "at least one", "");
            }
            for (j, a) in rule.actions.iter().enumerate() {
                let here = format!("{at}.actions.{j}");
                let needs_place = matches!(
                    a.action,
                    format::Action::Hold
                        | format::Action::Offer
                        | format::Action::ScreenThenReturn
                        | format::Action::HandOver
                );
                if needs_place && a.at.is_none() {
                    self.checks.at(&here, format!("`{}` without a place", a.action.name()), "`at = …`", "");
                }
                let place = a.at.as_ref().map(|n| self.place(&format!("{here}.at"), n));
                if let (Some(place), true) = (place, needs_place && a.action != format::Action::HandOver) {
                    let kind = s.places.iter().nth(place.index()).map(|(_, p)| p.kind);
                    if kind == Some(PlaceKind::Territory) {
                        self.checks.at(&format!("{here}.at"), "a territory", "a facility", "");
                    }
                }
                actions.push(RuleAction {
                    action: a.action,
                    at: place,
                    examined: a.examined,
                    recognised: a.recognised,
                    refused: a.refused,
                    parolable: a.parolable,
                    held_is_refusal: a.held_is_refusal,
                });
            }
            ids.push(RuleId::at(rules.len()));
            rules.push(Rule { population, on: rule.on, actions: first..actions.len() });
        }
        let arrangements: Vec<&str> = s.arrangements.iter().map(|a| a.name.as_str()).collect();
        let mut levers = |field: &str, what: &str, named: &super::read::Named<f64>, kind: u8| {
            let mut out = Vec::new();
            for (n, &value) in named.iter() {
                let name = super::read::Name(n.to_string());
                let at = format!("{path}.{field}.{n}");
                let index = match kind {
                    0 => self.zone(&at, &name),
                    1 => self.route(&at, &name).index(),
                    _ => self.place(&at, &name).index(),
                };
                let _ = what;
                out.push((index, value));
            }
            out
        };
        let patrol_hours = levers("patrol_hours_per_day", "zone", &rung.patrol_hours_per_day, 0);
        let by_route = |list: Vec<(usize, f64)>| list.into_iter().map(|(i, v)| (RouteId::at(i), v)).collect();
        let by_place = |list: Vec<(usize, f64)>| list.into_iter().map(|(i, v)| (PlaceId::at(i), v)).collect();
        let exit = by_route(levers("exit", "route", &rung.exit, 1));
        let ceiling = by_route(levers("ceiling_per_year", "route", &rung.ceiling_per_year, 1));
        let openness = by_place(levers("openness", "place", &rung.openness, 2));
        let parole = by_place(levers("parole_per_day", "place", &rung.parole_per_day, 2));
        let repatriation = by_place(levers("repatriation_per_day", "place", &rung.repatriation_per_day, 2));
        let capacity = by_place(levers("capacity", "place", &rung.capacity, 2));
        let screenings = by_place(levers("screenings_per_day", "place", &rung.screenings_per_day, 2));
        let mut requires = Vec::new();
        for (i, n) in rung.requires.iter().enumerate() {
            requires.push(self.name(
                &format!("{path}.requires.{i}"),
                "arrangement",
                n,
                arrangements.iter().copied(),
            ));
        }
        Rung {
            name: rung.name.clone(),
            patrol_hours,
            ramp_days: rung.ramp_days,
            exit,
            openness,
            ceiling,
            parole,
            repatriation,
            capacity,
            screenings,
            standard: rung.standard_of_proof,
            access: rung.access,
            screening_standard: rung.screening_standard,
            reception: rung.reception,
            removals: rung.removals_per_day,
            requires,
            rules: ids,
        }
    }

    fn arrangements(&mut self) -> Vec<Arrangement> {
        let s = self.s;
        let mut out = Vec::new();
        for (i, a) in s.arrangements.iter().enumerate() {
            let path = format!("arrangements.{i}");
            let mut parties = Vec::new();
            for (j, n) in a.parties.iter().enumerate() {
                parties.push(self.country(&format!("{path}.parties.{j}"), n));
            }
            if parties.is_empty() {
                self.checks.at(&format!("{path}.parties"), "no party", "at least one country", "");
            }
            if s.arrangements[..i].iter().any(|b| b.name == a.name) {
                self.checks.at(&format!("{path}.name"), "a name already used", "a name of its own", "");
            }
            let mut life: Vec<(i64, Phase)> = Vec::new();
            for (field, date, phase) in [
                ("in_force", a.in_force, Phase::InForce),
                ("suspended", a.suspended, Phase::Suspended),
                ("revived", a.revived, Phase::Revived),
                ("ends", a.ends, Phase::Ended),
            ] {
                let Some(date) = date else { continue };
                let day = i64::from(self.day(&format!("{path}.{field}"), date));
                if life.last().is_some_and(|&(before, _)| before >= day) {
                    self.checks.at(
                        &format!("{path}.{field}"),
                        "a date not after the one before",
                        "dates in order",
                        "",
                    );
                }
                life.push((day, phase));
            }
            if a.steering != Steering::Endogenous && a.in_force.is_none() {
                let found = "an arrangement that never comes into force";
                self.checks.at(&path, found, "`in_force = …`, or `steering = \"endogenous\"`", "");
            }
            let endogenous_from = a.endogenous_from.map(|d| self.day(&format!("{path}.endogenous_from"), d));
            if a.steering == Steering::Mixed && endogenous_from.is_none() {
                self.checks.at(
                    &path,
                    "a mixed arrangement without `endogenous_from`",
                    "`endogenous_from = …`",
                    "",
                );
            }
            let orderly = a.orderly_departure.as_ref().map(|o| {
                let at = format!("{path}.orderly_departure.route");
                let id = self.route(&at, &o.route);
                if s.routes.iter().nth(id.index()).is_some_and(|(_, r)| r.channel != Channel::Orderly) {
                    self.checks.at(&at, "an irregular route", "a route of channel `orderly`", "");
                }
                id
            });
            let dissuasion = a.dissuasion.as_ref().map(|d| {
                let by = self.country(&format!("{path}.dissuasion.by"), &d.by);
                let routes = d
                    .routes
                    .iter()
                    .enumerate()
                    .map(|(j, n)| self.route(&format!("{path}.dissuasion.routes.{j}"), n))
                    .collect();
                (by, routes)
            });
            let readmission =
                a.readmission.as_ref().map(|r| self.country(&format!("{path}.readmission.by"), &r.by));
            let hosting = a.hosting.as_ref().map(|h| self.place(&format!("{path}.hosting.at"), &h.at));
            let resettlement = a.resettlement.as_ref().map(|q| {
                let from = self.place(&format!("{path}.resettlement.from"), &q.from);
                let by =
                    q.by.iter()
                        .enumerate()
                        .map(|(j, n)| self.country(&format!("{path}.resettlement.by.{j}"), n))
                        .collect();
                (from, by)
            });
            out.push(Arrangement {
                name: a.name.clone(),
                key: crate::engine::keyed::name_key(&["arrangement", &a.name]),
                parties,
                life,
                endogenous_from: match a.steering {
                    Steering::Dated => None,
                    Steering::Endogenous => Some(0),
                    Steering::Mixed => endogenous_from,
                },
                proposed_from: a.proposed_from.map_or(0, |d| self.day(&format!("{path}.proposed_from"), d)),
                orderly,
                dissuasion,
                readmission,
                hosting,
                resettlement,
                monitoring_ends: a.monitoring_ends.map(|d| self.day(&format!("{path}.monitoring_ends"), d)),
                typed: a.clone(),
            });
        }
        out
    }

    fn events(&mut self) -> Vec<Event> {
        let s = self.s;
        let mut out = Vec::new();
        for (i, e) in s.events.iter().enumerate() {
            let path = format!("events.{i}");
            let first = self.day(&format!("{path}.date"), e.date);
            let needs = |kind: EventKind| -> &[&str] {
                match kind {
                    EventKind::Announcement => &["route"],
                    EventKind::ExpectedChange => &["ladder", "rung"],
                    EventKind::Pressure | EventKind::Provocation | EventKind::ReturneeTreatment => {
                        &["country"]
                    }
                    EventKind::Weather => &["zone"],
                }
            };
            for &need in needs(e.kind) {
                let present = match need {
                    "route" => e.route.is_some(),
                    "ladder" => e.ladder.is_some(),
                    "rung" => e.rung.is_some(),
                    "country" => e.country.is_some(),
                    _ => e.zone.is_some(),
                };
                if !present {
                    let found = format!("an event of kind `{}` without `{need}`", e.kind.name());
                    self.checks.at(&path, found, &format!("`{need} = …`"), "");
                }
            }
            let expected = match (&e.ladder, &e.rung) {
                (Some(l), Some(r)) => {
                    let ladder = self.name(&format!("{path}.ladder"), "ladder", l, s.ladders.names());
                    let rungs: Vec<&str> = s
                        .ladders
                        .iter()
                        .nth(ladder)
                        .map_or(Vec::new(), |(_, l)| l.rungs.iter().map(|r| r.name.as_str()).collect());
                    let rung =
                        self.name(&format!("{path}.rung"), "rung of that ladder", r, rungs.iter().copied());
                    Some((ladder, rung as u16))
                }
                _ => None,
            };
            out.push(Event {
                first,
                last: (first + (e.days as u32).max(1) - 1).min(self.calendar.days() - 1),
                kind: e.kind,
                country: e.country.as_ref().map(|n| self.country(&format!("{path}.country"), n)),
                route: e.route.as_ref().map(|n| self.route(&format!("{path}.route"), n)),
                zone: e.zone.as_ref().map(|n| self.zone(&format!("{path}.zone"), n)),
                expected,
                until: e.until.map(|d| self.day(&format!("{path}.until"), d)),
                rumour_per_day: e.rumour_per_day,
                value: e.value,
                credibility: e.credibility,
            });
        }
        out.sort_by_key(|e| e.first);
        out
    }

    fn countries(&mut self, places: &[Place], ladders: &[Ladder]) -> Vec<Country> {
        let s = self.s;
        let mut out = Vec::new();
        for (i, (name, c)) in s.countries.iter().enumerate() {
            let id = CountryId::at(i);
            let territory = places
                .iter()
                .position(|p| p.country == id && p.kind == Some(PlaceKind::Territory))
                .or_else(|| places.iter().position(|p| p.country == id))
                .unwrap_or_else(|| {
                    let path = format!("countries.{name}");
                    self.checks.at(&path, "a country without any place", "at least one place", "");
                    0
                });
            out.push(Country {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["country", name]),
                typed: c.clone(),
                election_day: c.election.map(|d| self.calendar.day(d.0) as f64),
                ladders: (0..ladders.len()).filter(|&l| ladders[l].country == id).collect(),
                territory: PlaceId::at(territory),
            });
        }
        if out.len() > 255 {
            self.checks.at("countries", format!("{} countries", out.len()), "at most 255", "");
        }
        out
    }

    fn observed(&mut self) {
        let s = self.s;
        for (i, o) in s.observed.iter().enumerate() {
            let path = format!("observed.{i}");
            if let Some(n) = &o.population {
                self.population(&format!("{path}.population"), n);
            }
            for (j, f) in o.figures.iter().enumerate() {
                self.day(&format!("{path}.figures.{j}.from"), f.from);
                self.day(&format!("{path}.figures.{j}.to"), f.to);
                if f.to.0 < f.from.0 {
                    self.checks.at(
                        &format!("{path}.figures.{j}.to"),
                        "a day before `from`",
                        "a later day",
                        "",
                    );
                }
            }
        }
    }
}

/// Strata: claim × means × aversion, each with its share of the households.
fn groups(populations: &mut [Population]) -> Vec<Group> {
    let mut groups = Vec::new();
    for (p, population) in populations.iter_mut().enumerate() {
        let first = groups.len();
        let t = &population.typed;
        let base = t.departures_per_thousand_year / 1000.0 / YEAR_DAYS;
        // The factor leaves the population's mean rate as it is.
        let other = base / (t.well_founded * t.well_founded_factor + 1.0 - t.well_founded).max(1e-9);
        for well_founded in [false, true] {
            let claim_share = if well_founded { t.well_founded } else { 1.0 - t.well_founded };
            for (w, means) in t.means.iter().enumerate() {
                for (a, aversion) in t.aversion.iter().enumerate() {
                    let label = format!("{}.{w}.{a}", u8::from(well_founded));
                    groups.push(Group {
                        key: crate::engine::keyed::name_key(&["stratum", &population.name, &label]),
                        population: PopulationId::at(p),
                        well_founded,
                        means_usd: means.value,
                        aversion: aversion.value,
                        households: (t.households * claim_share * means.share * aversion.share).round()
                            as u64,
                        base_per_day: if well_founded { other * t.well_founded_factor } else { other },
                        magnet: if well_founded { t.magnet_well_founded } else { t.magnet_other },
                        reference_value: 0.0,
                        onward_reference: Vec::new(),
                    });
                }
            }
        }
        population.groups = first..groups.len();
    }
    groups
}
