//! Orderly departure: places a year for direct entry from the origin (model 5.14).

use super::{Clause, Does};
use crate::scenario::format::Channel;
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Orderly departure: places a year for direct entry from the origin.
    pub struct OrderlyDeparture {
        /// The route it opens, of channel `orderly`.
        route: Name,
        /// Places promised a year.
        places_per_year: f64 { unit: "person/year", range: 0.0..=1e8, equation: "5.14" },
        /// Share of them that obstacles on either side leave to be used.
        delivered_share: f64 = 0.9 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 delivered over promised" },
        /// Days until the programme runs at that level.
        build_up_days: f64 = 180.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated", equation: "5.14" },
    }
}

impl OrderlyDeparture {
    /// More places by the route; they lighten what the origin has to let go.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let path = format!("{at}.route");
        let route = names.route(&path, &self.route);
        let Some((_, typed)) = names.s.routes.iter().nth(route.index()) else { return Vec::new() };
        if typed.channel != Channel::Orderly {
            let given = [path.clone(), format!("routes.{}.channel", self.route)];
            let allowed = "a route of channel `orderly`";
            names.checks.at_given(&path, &given, "an irregular route", allowed, "");
        }
        let origin = names.home_country(&typed.population);
        let ceiling = Does::Ceiling { route, per_year: places_usable(self.places_per_year, self.delivered_share) };
        vec![Clause::plain(ceiling).over(self.build_up_days).lightens(origin, self.places_per_year)]
    }
}

/// Places of a programme that can be used once it has built up.
///
/// ```text
/// K · δ
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | K | `promised_per_year` | person/year | ≥ 0 | places promised |
/// | δ | `delivered_share` | share | 0 to 1 | share that obstacles on either side leave to be used |
///
/// Source: GAO/NSIAD-95-211 (16,305 approved in the first nine months of the accord of September 1994); that both
/// sides leave obstacles is the source paper's account of later years.
/// Limits: with δ below 1 the promise is never met, whatever the demand.
pub fn places_usable(promised_per_year: f64, delivered_share: f64) -> f64 {
    promised_per_year * delivered_share
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_obstacles_leave() {
        assert_eq!(super::places_usable(20_000.0, 0.9), 18_000.0);
    }
}
