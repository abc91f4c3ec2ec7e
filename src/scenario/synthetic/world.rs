//! Where countries lie, how large and rich they are, who leaves which, and where to.

use super::Numbers;
use crate::engine::keyed::{Luck, Purpose, name_key};
use crate::model::math;

/// Radius of the Earth.
const EARTH_KM: f64 = 6371.0;
/// Most populations that people come from.
const MOST_ORIGINS: usize = 48;
/// Destinations of a population: the nearest, then the most attractive of all.
const NEAREST: usize = 4;
const ATTRACTIVE: usize = 2;
/// Most zones of the sea.
const MOST_ZONES: usize = 16;
/// Up to so far people go by land, and up to so far by sea.
const BY_LAND_KM: f64 = 2500.0;
const BY_SEA_KM: f64 = 6000.0;

/// A country.
pub struct Country {
    /// Its name.
    pub name: String,
    /// Inhabitants, in millions.
    pub millions: f64,
    /// Income per head.
    pub income_usd: f64,
    /// Area.
    pub area_km2: f64,
    /// People it is host to on the first day.
    pub hosts: f64,
    /// Whether it has a facility.
    pub facility: bool,
    /// The zone of the sea it patrols.
    pub zone: Option<usize>,
    /// Its place on the sphere, as a unit vector.
    at: [f64; 3],
}

/// A zone of the sea, and who patrols it.
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Country.
    pub country: usize,
}

/// Where people of a population go.
pub struct Destination {
    /// Country.
    pub country: usize,
    /// How it is travelled.
    pub mode: &'static str,
    /// Share of its people abroad who stand there on the first day.
    pub share: f64,
}

/// A population that people come from.
pub struct Origin {
    /// Its name.
    pub name: String,
    /// Country.
    pub country: usize,
    /// People abroad on the first day.
    pub abroad: u32,
    /// Destinations, nearest first, then the most attractive.
    pub to: Vec<Destination>,
}

/// A synthetic world.
pub struct World {
    /// Countries.
    pub countries: Vec<Country>,
    /// Populations.
    pub origins: Vec<Origin>,
    zones: Vec<Zone>,
    /// Countries by income, the richest first.
    pub by_income: Vec<usize>,
}

impl World {
    /// The world of some numbers.
    pub fn new(numbers: &Numbers) -> Self {
        let luck = Luck::new(numbers.seed);
        let draw =
            |what: &str, n: usize| luck.uniform(Purpose::Noise, name_key(&["synthetic", what]), n as u64, 0);
        let n = numbers.countries as usize;
        let ranks = order(n, |i| draw("size", i));
        let mut countries: Vec<Country> = (0..n)
            .map(|i| {
                let (latitude, longitude) =
                    ((draw("latitude", i) * 1.6 - 0.6), draw("longitude", i) * std::f64::consts::TAU);
                let flat = (1.0 - latitude * latitude).max(0.0).sqrt();
                let rank = ranks.iter().position(|&r| r == i).unwrap_or(0) + 1;
                Country {
                    name: format!("c{i:03}"),
                    millions: (1400.0 / rank as f64).max(0.2),
                    income_usd: math::exp(math::ln(500.0) + draw("income", i) * math::ln(120.0)).round(),
                    area_km2: (3e6 * draw("area", i) / rank as f64).max(500.0).round(),
                    hosts: 0.0,
                    facility: false,
                    zone: None,
                    at: [flat * math_cos(longitude), flat * math_sin(longitude), latitude],
                }
            })
            .collect();
        let by_income = order(n, |i| -countries[i].income_usd);
        let zones = zones(&by_income, &mut countries);
        let origins = origins(numbers, &by_income, &mut countries);
        let mut world = Self { countries, origins, zones, by_income };
        world.build_facilities();
        world
    }

    /// Zones of the sea.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// Countries people go to, the richest first.
    pub fn destinations(&self) -> Vec<&Country> {
        let hosts = self.by_income.iter().map(|&i| &self.countries[i]);
        hosts.filter(|c| c.hosts > 0.0).collect()
    }

    /// A third of the hosts, those who hold most people, and all who patrol, have facilities.
    fn build_facilities(&mut self) {
        let by_hosts = order(self.countries.len(), |i| -self.countries[i].hosts);
        let hosts = self.countries.iter().filter(|c| c.hosts > 0.0).count();
        for &i in by_hosts.iter().take(hosts.div_ceil(3)) {
            self.countries[i].facility = true;
        }
        self.countries.iter_mut().filter(|c| c.zone.is_some()).for_each(|c| c.facility = true);
    }
}

/// Positions in the order of a value.
fn order(n: usize, value: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..n).collect();
    all.sort_by(|&a, &b| value(a).total_cmp(&value(b)).then(a.cmp(&b)));
    all
}

/// The richest patrol a zone each.
fn zones(by_income: &[usize], countries: &mut [Country]) -> Vec<Zone> {
    let n = (by_income.len() / 12).clamp(1, MOST_ZONES);
    let patrols = by_income.iter().take(n).enumerate();
    patrols
        .map(|(zone, &country)| {
            countries[country].zone = Some(zone);
            Zone { name: format!("sea{zone:02}"), country }
        })
        .collect()
}

/// The poorest are those whom people leave, in numbers by Zipf's law.
fn origins(numbers: &Numbers, by_income: &[usize], countries: &mut [Country]) -> Vec<Origin> {
    let n = countries.len().div_ceil(4).clamp(1, MOST_ORIGINS);
    let whole: f64 = (1..=n).map(|rank| 1.0 / rank as f64).sum();
    let mut left = numbers.people;
    let mut origins = Vec::new();
    for (rank, &country) in by_income.iter().rev().take(n).enumerate().rev() {
        let share = 1.0 / (rank + 1) as f64 / whole;
        // The largest takes what rounding leaves.
        let abroad = if rank == 0 { left } else { ((f64::from(numbers.people) * share) as u32).min(left) };
        left -= abroad;
        let to = destinations(country, countries);
        for d in &to {
            countries[d.country].hosts += d.share * f64::from(abroad);
        }
        origins.push(Origin { name: format!("from_{}", countries[country].name), country, abroad, to });
    }
    origins.reverse();
    origins
}

/// Where people of a country go: to the nearest, and to the most attractive for their distance.
fn destinations(from: usize, countries: &[Country]) -> Vec<Destination> {
    let km = |to: usize| distance_km(countries[from].at, countries[to].at).max(100.0);
    let near = order(countries.len(), |i| if i == from { f64::INFINITY } else { km(i) });
    let mut to: Vec<usize> = near.iter().copied().filter(|&i| i != from).take(NEAREST).collect();
    let worth = |i: usize| -countries[i].income_usd / km(i).sqrt();
    let attractive = order(countries.len(), worth);
    let others: Vec<usize> = attractive.into_iter().filter(|i| *i != from && !to.contains(i)).collect();
    to.extend(others.into_iter().take(ATTRACTIVE));
    let whole: f64 = (1..=to.len()).map(|rank| 1.0 / rank as f64).sum();
    let destination = |(rank, &country): (usize, &usize)| Destination {
        country,
        mode: mode(km(country), &countries[country]),
        share: 1.0 / (rank + 1) as f64 / whole,
    };
    to.iter().enumerate().map(destination).collect()
}

/// How far it is from one country to another.
pub fn way(world: &World, from: usize, to: usize) -> (f64, &'static str) {
    let km = distance_km(world.countries[from].at, world.countries[to].at).max(100.0).round();
    (km, mode(km, &world.countries[to]))
}

fn mode(km: f64, to: &Country) -> &'static str {
    match to.zone {
        Some(_) if km <= BY_SEA_KM => "sea",
        _ if km <= BY_LAND_KM => "land",
        _ => "air",
    }
}

/// Length of the chord between two places, which grows with the distance along the surface.
fn distance_km(a: [f64; 3], b: [f64; 3]) -> f64 {
    let squares: f64 = a.iter().zip(&b).map(|(x, y)| (x - y) * (x - y)).sum();
    EARTH_KM * squares.sqrt()
}

/// The cosine of an angle, to more digits than a map needs, by operations that are the same everywhere.
fn math_cos(angle: f64) -> f64 {
    math_sin(angle + std::f64::consts::FRAC_PI_2)
}

/// The sine of an angle, by its series about the nearest multiple of π.
fn math_sin(angle: f64) -> f64 {
    let turns = (angle / std::f64::consts::PI).round();
    let x = angle - turns * std::f64::consts::PI;
    let mut term = x;
    let mut sum = x;
    for n in 1..10_u32 {
        term *= -x * x / f64::from(2 * n * (2 * n + 1));
        sum += term;
    }
    if turns as i64 % 2 == 0 { sum } else { -sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_turned_into_places_on_the_sphere() {
        for i in -40..40 {
            let angle = f64::from(i) * 0.31;
            assert!((math_sin(angle) - libm::sin(angle)).abs() < 1e-9, "{angle}");
            assert!((math_cos(angle) - libm::cos(angle)).abs() < 1e-9, "{angle}");
        }
    }

    #[test]
    fn everybody_stands_somewhere_and_sizes_have_a_heavy_tail() {
        let numbers = Numbers { countries: 100, people: 1_000_003, days: 10, seed: 3 };
        let world = World::new(&numbers);
        let abroad: u32 = world.origins.iter().map(|o| o.abroad).sum();
        assert_eq!((abroad, world.origins.len()), (1_000_003, 25));
        assert!(world.origins[0].abroad > 9 * world.origins[9].abroad);
        for origin in &world.origins {
            assert_eq!(origin.to.len(), NEAREST + ATTRACTIVE);
            assert!(origin.to.iter().all(|d| d.country != origin.country));
            assert!((origin.to.iter().map(|d| d.share).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
