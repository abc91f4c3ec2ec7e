//! Populations, their drivers and routes.

use super::Resolver;
use crate::scenario::format::{self, Channel, Mode};
use crate::scenario::setup::*;
use crate::world::{CountryId, PlaceId, PopulationId, RouteId};

impl Resolver<'_, '_> {
    pub(super) fn shares(&mut self, path: &str, shares: impl Iterator<Item = f64>) {
        let sum: f64 = shares.sum();
        if (sum - 1.0).abs() > 1e-6 {
            self.checks.at(path, format!("shares that sum to {sum:.6}"), "shares that sum to 1", "");
        }
    }

    pub(super) fn populations(&mut self) -> Vec<Population> {
        let s = self.s;
        let mut populations = Vec::new();
        for (name, p) in s.populations.iter() {
            let path = format!("populations.{name}");
            let home = self.place(&format!("{path}.home"), &p.home);
            for (field, magnet) in
                [("magnet_well_founded", p.magnet_well_founded), ("magnet_other", p.magnet_other)]
            {
                let feedback = magnet * s.choice.beta_network;
                if feedback >= 1.0 {
                    let found =
                        format!("{magnet}, which with `choice.beta_network` makes a feedback of {feedback}");
                    let help = "at 1 and above every arrival would bring more than one other";
                    let at = format!("{path}.{field}");
                    let given = [at.clone(), "choice.beta_network".to_string()];
                    self.checks.at_given(&at, &given, found, "a product below 1", help);
                }
            }
            self.shares(&format!("{path}.household_size_shares"), p.household_size_shares.iter().copied());
            self.shares(&format!("{path}.means"), p.means.iter().map(|c| c.share));
            self.shares(&format!("{path}.aversion"), p.aversion.iter().map(|c| c.share));
            let mut driver_by_day = vec![1.0; self.calendar.days() as usize];
            for (i, term) in p.driven_by.iter().enumerate() {
                let at = format!("{path}.driven_by.{i}.driver");
                let k = self.name(&at, "driver", &term.driver, s.drivers.names(), "drivers");
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
                tied_routes: vec![Vec::new(); s.countries.iter().count()],
                driver_by_day,
                present: Vec::new(),
            });
        }
        populations
    }

    /// Multiply a driver's response into a population's series: (index / its mean over the reference)^elasticity.
    pub(super) fn driver_into(
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
            let at = format!("{path}.reference_end");
            let given = [at.clone(), format!("{path}.reference_start")];
            self.checks.at_given(&at, &given, "a day before `reference_start`", "a later day", "");
            return;
        }
        let mean = (first..=last).map(at).sum::<f64>() / (last - first + 1) as f64;
        for (day, value) in by_day.iter_mut().enumerate() {
            let index = at(day as i64 - term.lag_days as i64) / mean;
            *value *= crate::model::departure::driver_multiplier(index, term.elasticity);
        }
    }

    pub(super) fn routes(&mut self, corridors: &[Corridor], populations: &mut [Population]) -> Vec<Route> {
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
                let at = format!("{path}.corridors.{i}");
                legs.push(self.name(&at, "corridor", n, s.corridors.names(), "corridors"));
            }
            if r.channel == Channel::Irregular {
                self.legs(&path, r, &legs, corridors, (start, destination));
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
            self.settled_alike(&path, r, (population, destination), &routes);
            let id = RouteId::at(routes.len());
            if let Some(p) = populations.get_mut(population.index()) {
                if let Some(there) = p.tied_routes.get_mut(country.index()) {
                    there.push(id);
                }
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
            if p.home_routes.is_empty() {
                self.without_route(s.populations.names().nth(i).unwrap_or_default());
            }
        }
        routes
    }

    /// Who is settled at a place is a tie for every route of a population that ends there, and as many for each.
    fn settled_alike(
        &mut self,
        path: &str,
        r: &format::Route,
        ends: (PopulationId, PlaceId),
        before: &[Route],
    ) {
        let Some(other) = before.iter().find(|b| (b.population, b.destination) == ends) else { return };
        if other.typed.settled == r.settled {
            return;
        }
        let at = format!("{path}.settled");
        let mut given = vec![at.clone(), format!("routes.{}.settled", other.name)];
        for route in [path, &format!("routes.{}", other.name)] {
            given.extend(["population", "destination"].map(|key| format!("{route}.{key}")));
        }
        let found = format!(
            "{} settled where `{}`, to the same place, has {}",
            r.settled, other.name, other.typed.settled
        );
        let allowed = "as many on every route of a population to one place";
        self.checks.at_given(
            &at,
            &given,
            found,
            allowed,
            "who is settled there is a tie whatever route is taken",
        );
    }

    fn without_route(&mut self, population: &str) {
        // A table of a mistyped name may hold one.
        if self.checks.is_whole("") {
            let at = format!("populations.{population}");
            let given = ["routes.*.population", "routes.*.start", "populations.*.home"].map(str::to_string);
            let found = "a population without any route from home";
            self.checks.at_given(&at, &given, found, "at least one route", "");
        }
    }

    /// The corridors of a route have to join, from its start to its destination.
    fn legs(
        &mut self,
        path: &str,
        route: &format::Route,
        legs: &[usize],
        corridors: &[Corridor],
        (start, destination): (PlaceId, PlaceId),
    ) {
        let at = format!("{path}.corridors");
        let mut place = start;
        for corridor in legs.iter().filter_map(|&leg| corridors.get(leg)) {
            if corridor.from != place {
                let found = format!("`{}`, which does not start where the route then is", corridor.name);
                self.checks.at_given(&at, &legs_rest_on(path, route), found, "corridors that join", "");
                return;
            }
            place = corridor.to;
        }
        if place != destination {
            let (found, allowed) = ("corridors that end elsewhere", "corridors that lead to `destination`");
            self.checks.at_given(&at, &legs_rest_on(path, route), found, allowed, "");
        }
    }
}

/// Where it stands what a route's corridors are to join: its ends, and theirs.
fn legs_rest_on(path: &str, route: &format::Route) -> Vec<String> {
    let keys = ["population", "start", "destination", "corridors.*", "channel"];
    let mut given: Vec<String> = keys.iter().map(|key| format!("{path}.{key}")).collect();
    given.push(format!("populations.{}.home", route.population));
    for corridor in &route.corridors {
        given.extend(["from", "to"].map(|end| format!("corridors.{corridor}.{end}")));
    }
    given
}
