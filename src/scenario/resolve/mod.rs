//! From what was typed to what is valid: names become identifiers, contradictions are found, all of them at once.

mod facts;
mod history;
mod ladders;
mod people;
mod places;
mod present;
mod quantity;

use super::calendar::Calendar;
use super::check::Checks;
use super::format::{self, Channel, Scenario};
use super::setup::*;
use crate::world::{CountryId, PlaceId, PopulationId, RouteId};

/// Days in a year.
pub const YEAR_DAYS: f64 = 365.25;

/// Days a period may have.
const LONGEST: u32 = 65_000;

/// The setup a scenario describes; problems are left in `checks`, and the setup is sound only if there are none.
pub fn resolve(scenario: Scenario, checks: &mut Checks<'_>) -> Option<Setup> {
    let period = Period::of(&scenario.scenario, checks);
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
    let calendar = Calendar::new(period.start, period.days);
    let mut r = Resolver { s: &scenario, checks, calendar: &calendar, period: &period, arrangement: None };
    let places = r.places();
    let zones = r.zones(places.len());
    let mut all_places = places.clone();
    all_places.extend(zones.iter().map(zone_as_place));
    if all_places.len() * crate::world::Status::COUNT >= usize::from(u16::MAX) {
        r.checks.at("places", format!("{} places and zones", all_places.len()), "at most 3,000", "");
    }
    let corridors = r.corridors();
    let mut populations = r.populations();
    let routes = r.routes(&corridors, &mut populations);
    let (ladders, rules, actions) = r.ladders();
    r.present(&places, &routes, &actions, &mut populations);
    let arrangements = r.arrangements();
    let events = r.events();
    let mut countries = r.countries(&places, &ladders, &arrangements);
    for (at, place) in all_places.iter().enumerate() {
        if let Some(country) = countries.get_mut(place.country.index()) {
            country.places.push(PlaceId::at(at));
        }
    }
    let facts = r.facts();
    let groups = groups(&mut populations);
    let vessels = scenario.vessels.iter().map(|(_, v)| v.clone()).collect();
    if checks.any() {
        return None;
    }
    let mut setup = Setup {
        days: period.days,
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
        facts,
        scenario,
    };
    if !setup.scenario.switches.orderly_channel {
        drop_orderly(&mut setup);
    }
    Some(setup)
}

/// The days simulated.
struct Period {
    /// The first.
    start: jiff::civil::Date,
    /// How many.
    days: u32,
    /// Whether the first is sure, and the last: where not, as many days are taken as there may be.
    sure: (bool, bool),
}

impl Period {
    fn of(header: &format::Header, checks: &mut Checks<'_>) -> Self {
        let (start, end) = (header.start.0, header.end.0);
        let sure = (checks.is_sure("scenario.start"), checks.is_sure("scenario.end"));
        let longest = |start, sure| Self { start, days: LONGEST, sure };
        match sure {
            (true, true) => {}
            (false, true) => return longest(super::calendar::before(end, LONGEST - 1), sure),
            _ => return longest(start, sure),
        }
        let length = super::calendar::days_between(start, end) + 1;
        if length < 1 {
            let found = format!("{end}, before the start {start}");
            checks.at("scenario.end", found, "a day not before `scenario.start`", "");
        } else if length > i64::from(LONGEST) {
            let found = format!("a period of {length} days");
            checks.at("scenario.end", found, "at most 65,000 days (178 years)", "");
        } else {
            return Self { start, days: length as u32, sure };
        }
        // Which of the two is wrong is not known.
        longest(start, (false, false))
    }
}

/// Without orderly channels nobody can choose one; the routes stay known by name.
fn drop_orderly(setup: &mut Setup) {
    let orderly: Vec<bool> = setup.routes.iter().map(|r| r.channel == Channel::Orderly).collect();
    for population in &mut setup.populations {
        let tied_routes = population.tied_routes.iter_mut();
        let lists = tied_routes.chain([&mut population.home_routes]);
        lists.for_each(|list| list.retain(|r| !orderly[r.index()]));
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

/// What names are resolved against.
pub struct Resolver<'a, 'c> {
    /// What was typed.
    pub s: &'a Scenario,
    /// What is found wrong.
    pub checks: &'a mut Checks<'c>,
    calendar: &'a Calendar,
    period: &'a Period,
    /// The arrangement whose clauses are resolved, with its path.
    pub arrangement: Option<(String, &'a format::Arrangement)>,
}

impl Resolver<'_, '_> {
    /// The position of a name among those known, which are declared under a path; empty: by the program.
    fn name<'n>(
        &mut self,
        path: &str,
        what: &str,
        name: &super::read::Name,
        known: impl Iterator<Item = &'n str> + Clone,
        declared_in: &str,
    ) -> usize {
        if let Some(at) = known.clone().position(|k| k == name.0) {
            return at;
        }
        self.checks.unknown_name(path, what, &name.0, known, declared_in);
        0
    }

    /// The position of a rung on a ladder, both by name; of a ladder that is not there, nothing is said.
    fn rung_of(&mut self, path: &str, what: &str, rung: &super::read::Name, ladder: &str) -> usize {
        let Some(l) = self.s.ladders.get(ladder) else { return 0 };
        let known = l.rungs.iter().map(|r| r.name.as_str());
        self.name(path, what, rung, known, &format!("ladders.{ladder}.rungs"))
    }

    /// A country by its name.
    pub fn country(&mut self, path: &str, name: &super::read::Name) -> CountryId {
        let s = self.s;
        CountryId::at(self.name(path, "country", name, s.countries.names(), "countries"))
    }

    /// A place by its name.
    pub fn place(&mut self, path: &str, name: &super::read::Name) -> PlaceId {
        let s = self.s;
        PlaceId::at(self.name(path, "place", name, s.places.names(), "places"))
    }

    /// A route by its name.
    pub fn route(&mut self, path: &str, name: &super::read::Name) -> RouteId {
        let s = self.s;
        RouteId::at(self.name(path, "route", name, s.routes.names(), "routes"))
    }

    /// A population by its name.
    pub fn population(&mut self, path: &str, name: &super::read::Name) -> PopulationId {
        let s = self.s;
        PopulationId::at(self.name(path, "population", name, s.populations.names(), "populations"))
    }

    fn zone(&mut self, path: &str, name: &super::read::Name) -> usize {
        let s = self.s;
        self.name(path, "zone", name, s.zones.names(), "zones")
    }

    fn ladder(&mut self, path: &str, name: &super::read::Name) -> usize {
        let s = self.s;
        self.name(path, "ladder", name, s.ladders.names(), "ladders")
    }

    /// A facility by its name; a territory is refused.
    pub fn facility(&mut self, path: &str, name: &super::read::Name) -> PlaceId {
        let id = self.place(path, name);
        self.must_be_facility(path, name);
        id
    }

    /// A problem, if the place of a name is a territory.
    fn must_be_facility(&mut self, path: &str, name: &super::read::Name) {
        if self.s.places.get(&name.0).is_some_and(|p| p.kind == format::PlaceKind::Territory) {
            let given = [path.to_string(), format!("places.{name}.kind")];
            self.checks.at_given(path, &given, "a territory", "a facility", "");
        }
    }

    /// The country of a place; a name that names none is told where the place is declared.
    pub fn country_of(&self, place: PlaceId) -> CountryId {
        let owner = self.s.places.iter().nth(place.index()).map(|(_, p)| &p.country.0);
        CountryId::at(
            self.s.countries.names().position(|c| Some(c) == owner.map(String::as_str)).unwrap_or(0),
        )
    }

    /// The country in which a population lives.
    pub fn home_country(&self, population: &super::read::Name) -> CountryId {
        let home = self.s.populations.iter().find(|(name, _)| *name == population.0).map(|(_, p)| &p.home.0);
        let place = self.s.places.names().position(|p| Some(p) == home.map(String::as_str));
        self.country_of(PlaceId::at(place.unwrap_or(0)))
    }

    /// A day within the period, or a problem.
    fn day(&mut self, path: &str, date: super::read::Date) -> u32 {
        let day = self.calendar.day(date.0);
        let end = i64::from(self.calendar.days()) - 1;
        let (first_sure, last_sure) = self.period.sure;
        if day < 0 && first_sure || day > end && last_sure {
            let (first, last) = (self.calendar.date(0), self.calendar.date(end as u32));
            let allowed = match (first_sure, last_sure) {
                (true, true) => format!("{first} to {last}"),
                (true, false) => format!("{first} or later"),
                _ => format!("{last} or earlier"),
            };
            self.checks.at(path, format!("{}, outside the period", date.0), &allowed, "");
        }
        day.clamp(0, end) as u32
    }

    /// A problem for each date that is not after the one before.
    fn dates_in_order(&mut self, dates: &[super::read::Date], path: impl Fn(usize) -> String) {
        for (i, pair) in dates.windows(2).enumerate() {
            if pair[0].0 >= pair[1].0 {
                let (at, given) = (path(i + 1), [path(i), path(i + 1)]);
                self.checks.at_given(&at, &given, "a date not after the one before", "dates in order", "");
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
