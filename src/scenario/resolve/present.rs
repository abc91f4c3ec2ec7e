//! People who are abroad already when a run begins.

use super::Resolver;
use crate::scenario::format::{self, PlaceKind};
use crate::scenario::setup::{Place, Population, Present, Route, RuleAction};
use crate::world::{Cell, PlaceId, PopulationId, RouteId, Status};

impl Resolver<'_, '_> {
    /// Resolve where people stand at the start.
    pub(super) fn present(
        &mut self,
        places: &[Place],
        routes: &[Route],
        actions: &[RuleAction],
        populations: &mut [Population],
    ) {
        let s = self.s;
        for (p, (name, typed)) in s.populations.iter().enumerate() {
            for (i, stock) in typed.present.iter().enumerate() {
                let path = format!("populations.{name}.present.{i}");
                let place = self.place(&format!("{path}.place"), &stock.place);
                let route =
                    self.route_of_those_present(&path, PopulationId::at(p), stock, place, places, routes);
                let status = stock.status.status();
                let action = actions.iter().position(|a| a.at == Some(place)).map(|at| at as u16);
                self.may_stand(&path, stock, places.get(place.index()), action.is_some());
                if let (Some(population), Some(route)) = (populations.get_mut(p), route) {
                    population.present.push(Present {
                        cell: Cell::of(place, status),
                        persons: stock.persons.round() as u32,
                        since_days: stock.since_days.round() as u32,
                        route,
                        action: action.filter(|_| status.takes_room()),
                    });
                }
            }
        }
    }

    /// The route by which they came.
    fn route_of_those_present(
        &mut self,
        path: &str,
        population: PopulationId,
        stock: &format::Present,
        place: PlaceId,
        places: &[Place],
        routes: &[Route],
    ) -> Option<RouteId> {
        let own = || routes.iter().enumerate().filter(|(_, r)| r.population == population);
        if let Some(name) = &stock.route {
            let named = self.route(&format!("{path}.route"), name);
            if own().all(|(at, _)| at != named.index()) {
                let at = format!("{path}.route");
                let given = [at.clone(), format!("routes.{name}.population")];
                self.checks.at_given(&at, &given, "a route of others", "a route of this population", "");
            }
            return Some(named);
        }
        let country = places.get(place.index()).map(|p| p.country);
        own()
            .find(|(_, r)| r.destination == place)
            .or_else(|| own().find(|(_, r)| Some(r.country) == country))
            .or_else(|| own().next())
            .map(|(at, _)| RouteId::at(at))
    }

    /// Whether people of a status can be where they are said to be.
    fn may_stand(
        &mut self,
        path: &str,
        stock: &format::Present,
        place: Option<&Place>,
        held_under_a_rule: bool,
    ) {
        let status = stock.status.status();
        let at = format!("{path}.place");
        let mut given = vec![at.clone(), format!("{path}.status"), format!("places.{}.kind", stock.place)];
        if status == Status::ReturnedHome {
            let help = "households at home are the number of households of the population";
            self.checks.at(
                &format!("{path}.status"),
                "people who are back home",
                "people who are abroad",
                help,
            );
            return;
        }
        let inside = status.takes_room();
        let facility = place.is_some_and(|p| p.kind == Some(PlaceKind::Facility));
        if place.is_some() && inside != facility {
            let (found, allowed) = match facility {
                true => ("a facility", "a territory"),
                false => ("a territory", "a facility"),
            };
            let allowed = format!("{allowed}, of status {}", status.name());
            self.checks.at_given(&at, &given, found, &allowed, "");
        } else if inside && !held_under_a_rule {
            let help = "what follows for people held there is said by the action under which they are";
            given.push("ladders.*.rungs.*.rules.*.actions.*.at".to_string());
            if self.checks.is_whole("") {
                let found = "a facility no rule holds at";
                self.checks.at_given(&at, &given, found, "one named by a rule", help);
            }
        }
    }
}
