//! What the tests of stylised facts share: two worlds that differ in one thing, lived with the same luck over a number of
//! seeds; what happened in them; and by how many standard errors the pairs differ.

#![allow(dead_code, reason = "each test file takes from here what it needs")]

use crate::common::{begin, cell, mean_variance};
use landfall::engine::Sim;
use landfall::experiment::member::with_seed;
use landfall::scenario::Setup;
use landfall::world::counts::position;
use landfall::world::{Flow, PlaceId, Status};

/// Two free-standing States within reach of one origin, by land, alike in everything; both hear claims at their border.
/// Beliefs start at what the procedures give, so that nothing moves before a policy does. Exodus is a driver that stands at
/// 1 and may be made another from the second year on, or for the first two months of it.
pub const NEIGHBOURS: &str = r#"
[scenario]
title = "Neighbours"
question = "What does one State's policy do to another?"
limits = "Nothing in it is meant to be like anywhere."
start = 2001-01-01
end = 2004-12-31
seed = 1

[switches]
anticipation = false
onward = false

[countries.HOM]
population_millions = 10.0
gdp_per_head_usd = 2000.0
[countries.ONE]
population_millions = 5.0
receiving_population_millions = 5.0
gdp_per_head_usd = 20000.0
usual_per_million_day = 0.5
[countries.ONE.outcomes]
[countries.TWO]
population_millions = 5.0
receiving_population_millions = 5.0
gdp_per_head_usd = 20000.0
usual_per_million_day = 0.5
[countries.TWO.outcomes]

[places.home]
country = "HOM"
[places.one]
country = "ONE"
[places.two]
country = "TWO"

[corridors.road_one]
from = "home"
to = "one"
mode = "land"
duration_days = 5.0
distance_km = 500.0
fare_usd = 300.0
[corridors.road_two]
from = "home"
to = "two"
mode = "land"
duration_days = 5.0
distance_km = 500.0
fare_usd = 300.0

[populations.people]
home = "home"
households = 50000.0
household_size_shares = [1.0]
well_founded = 0.5
departures_per_thousand_year = 40.0
means = [{ share = 1.0, value = 3000.0 }]
aversion = [{ share = 1.0, value = 1.0 }]
driven_by = [{ driver = "exodus", elasticity = 1.0 }]

[drivers.exodus]
source = "made up"
steps = true
reference_start = 2001-01-01
reference_end = 2001-12-31
values = [
  { date = 2000-12-01, value = 1.0 },
  { date = 2002-01-01, value = 1.0 },
  { date = 2002-03-01, value = 1.0 },
]

[routes.to_one]
population = "people"
destination = "one"
corridors = ["road_one"]
settled = 1000.0
believed_stop = 0.02
believed_death = 0.0
believed_land = 0.49
[routes.to_two]
population = "people"
destination = "two"
corridors = ["road_two"]
settled = 1000.0
believed_stop = 0.02
believed_death = 0.0
believed_land = 0.49

[ladders.one]
country = "ONE"
domain = "procedure"
[[ladders.one.rungs]]
name = "first"
[[ladders.one.rungs.rules]]
on = "border"
actions = [{ action = "hear" }]
[ladders.two]
country = "TWO"
domain = "procedure"
[[ladders.two.rungs]]
name = "first"
[[ladders.two.rungs.rules]]
on = "border"
actions = [{ action = "hear" }]
"#;

/// Persons in a flow since the first day, at a place or anywhere, with a claim of one kind or any.
pub fn persons_in(sim: &Sim, flow: Flow, place: Option<&str>, well_founded: Option<bool>) -> f64 {
    let named = |p: &usize| place.is_none_or(|name| sim.setup.places[*p].name == name);
    let claims = [false, true].into_iter().filter(|&claim| well_founded.is_none_or(|only| only == claim));
    let mut persons = 0;
    for p in (0..sim.setup.places.len()).filter(named) {
        for claim in claims.clone() {
            let at = position(sim.setup.flow_at(flow, PlaceId::at(p)), claim);
            let populations = 0..sim.setup.populations.len();
            persons += populations.map(|population| sim.world.tally.flows[(population, at)]).sum::<u32>();
        }
    }
    f64::from(persons)
}

/// The same anywhere, of any claim.
pub fn all_in(sim: &Sim, flow: Flow) -> f64 {
    persons_in(sim, flow, None, None)
}

/// Persons of a status at a place now.
pub fn standing(sim: &Sim, place: &str, status: Status) -> f64 {
    f64::from(sim.world.stocks.of_all(cell(sim.setup, place, status).index()))
}

/// Days of persons in a status at a place so far.
pub fn person_days(sim: &Sim, place: &str, status: Status) -> f64 {
    sim.world.tally.person_days.of_all(cell(sim.setup, place, status).index()) as f64
}

/// Position of a country by its name.
pub fn country(setup: &Setup, name: &str) -> usize {
    setup.countries.iter().position(|c| c.name == name).unwrap_or_else(|| panic!("no country {name}"))
}

/// A number of lives of one setup: one for each seed, each with what `look` sees. `live` is told the simulation before
/// its first day and steps it.
pub fn lives<const N: usize>(
    setup: &Setup,
    seeds: u64,
    live: impl Fn(&mut Sim) -> [f64; N],
) -> Vec<[f64; N]> {
    (0..seeds)
        .map(|seed| {
            let setup = with_seed(setup, 1000 + seed);
            let mut sim = begin(&setup);
            live(&mut sim)
        })
        .collect()
}

/// Step to a day.
pub fn until(sim: &mut Sim, day: u32) {
    while sim.world.day < day {
        sim.step();
    }
}

/// One column of what lives came to.
pub fn column<const N: usize>(lives: &[[f64; N]], at: usize) -> Vec<f64> {
    lives.iter().map(|l| l[at]).collect()
}

/// Differences of pairs with the same seed: second less first.
pub fn differences(first: &[f64], second: &[f64]) -> Vec<f64> {
    assert_eq!(first.len(), second.len());
    second.iter().zip(first).map(|(b, a)| b - a).collect()
}

/// Mean.
pub fn mean(sample: &[f64]) -> f64 {
    mean_variance(sample).0
}

/// By how many standard errors the mean of a sample lies above a value; infinite where the sample does not vary.
pub fn errors_above(sample: &[f64], value: f64) -> f64 {
    let (mean, variance) = mean_variance(sample);
    if mean == value { 0.0 } else { (mean - value) / (variance / sample.len() as f64).sqrt() }
}

/// How many standard errors a direction must be away from nothing before a test claims it.
pub const SURE: f64 = 5.0;

/// A claim that one world has more of something than another, pair by pair.
pub fn assert_more(what: &str, less: &[f64], more: &[f64]) {
    let z = errors_above(&differences(less, more), 0.0);
    assert!(z > SURE, "{what}: {} and {}, {z:.1} standard errors", mean(less), mean(more));
}

/// A claim that the mean of a sample lies above a value.
pub fn assert_above(what: &str, sample: &[f64], value: f64) {
    let z = errors_above(sample, value);
    assert!(z > SURE, "{what}: {} and {value}, {z:.1} standard errors", mean(sample));
}
