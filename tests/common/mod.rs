//! What the tests by contract share: a tiny scenario in which every mechanism of the model has something to do, a
//! bare one in which almost nothing has, and ways to load and run them.

#![allow(dead_code, reason = "each test file takes from here what it needs")]

use landfall::engine::{Sim, Transition, first_world};
use landfall::scenario::format::Switches;
use landfall::scenario::read::Layer;
use landfall::scenario::{Setup, load};
use landfall::world::{Cell, Counts, PlaceId, Status};

/// Two origins, two countries of destination and a partner, a strait with patrols, a camp, a land border, an orderly
/// channel, onward movement, dated and own policy, and arrangements of which one holds, one ends and one is bargained
/// over.
pub const TINY: &str = r#"
[scenario]
title = "Tiny"
question = "Do the promises of the engine hold?"
limits = "Nothing in it is meant to be like anywhere."
start = 2001-01-01
end = 2002-12-31
seed = 7

[setting_out]
application_years = 1.0

[journeys]
returned_years = 0.4
onward_per_year = 0.6

[drivers.hardship]
source = "made up"
reference_start = 2001-01-01
reference_end = 2001-12-31
values = [{ date = 2000-12-01, value = 1.0 }, { date = 2001-07-01, value = 1.5 }, { date = 2002-12-31, value = 0.7 }]

[countries.NOR]
population_millions = 5.0
gdp_per_head_usd = 30000.0
decisions_per_day = 0.6
appeals_per_day = 0.3
removals_per_day = 0.4
usual_per_million_day = 0.2
election = 2002-06-01
memberships = ["U"]
[countries.NOR.outcomes]
lodging_per_year = 2.0
found_per_year = 1.5
absconding_per_year = 0.5

[countries.EST]
population_millions = 3.0
gdp_per_head_usd = 12000.0
decisions_per_day = 0.5
memberships = ["U"]
[countries.EST.outcomes]
lodging_per_year = 3.0
found_per_year = 1.0
removal_per_year = 4.0

[countries.PAR]
population_millions = 1.0
gdp_per_head_usd = 9000.0
memberships = ["U"]

[countries.SUD]
population_millions = 4.0
gdp_per_head_usd = 2000.0
returnees_punished = 0.3

[countries.OUE]
population_millions = 4.0
gdp_per_head_usd = 3000.0

[places.south]
country = "SUD"
[places.west]
country = "OUE"
[places.north]
country = "NOR"
[places.east]
country = "EST"
openness = 0.6
waiting_death_per_day = 0.002
[places.partner]
country = "PAR"
[places.camp]
kind = "facility"
country = "NOR"
capacity = 15.0
screenings_per_day = 0.7
longest_stay_days = 200
stay_end = "stranded"
voluntary_return_per_year = 0.5
release_to = "north"
fallback = "annex"
[places.annex]
kind = "facility"
country = "NOR"
capacity = 20.0
release_to = "north"
longest_stay_days = 90
stay_end = "release"

[zones.strait]
area_km2 = 20000.0
patrolled_by = "NOR"
disembark_at = "north"
patrol_hours_per_day = 60.0
places_aboard = 30.0
weather_by_month = [0.4, 0.5, 0.6, 0.8, 0.9, 1.0, 1.0, 0.9, 0.8, 0.6, 0.5, 0.4]

[vessels.raft]
persons_mean = 4.0
persons_safe = 3.0
distress_per_day = 0.1
boat_usd = 100.0
[vessels.launch]
persons_mean = 9.0
persons_safe = 9.0
detectability = 0.6
boat_usd = 3000.0
variable_usd = 50.0
seizure = 0.5
smuggled = true
supply_start = 0.3

[corridors.raft]
from = "south"
to = "north"
mode = "sea"
zone = "strait"
vessel = "raft"
duration_days = 3.0
distance_km = 150.0
[corridors.launch]
from = "south"
to = "north"
mode = "sea"
zone = "strait"
vessel = "launch"
duration_days = 0.8
distance_km = 150.0
[corridors.road]
from = "west"
to = "east"
mode = "land"
duration_days = 4.0
distance_km = 400.0
fare_usd = 100.0
death_per_day = 0.002
[corridors.rail]
from = "east"
to = "north"
mode = "land"
duration_days = 2.0
distance_km = 300.0
fare_usd = 50.0

[populations.south]
home = "south"
households = 20000.0
growth_per_year = 0.1
household_size_shares = [0.5, 0.2, 0.2, 0.1]
well_founded = 0.4
departures_per_thousand_year = 60.0
means = [{ share = 0.6, value = 500.0 }, { share = 0.4, value = 4000.0 }]
aversion = [{ share = 1.0, value = 1.0 }]
driven_by = [{ driver = "hardship", elasticity = 1.0 }]

[populations.west]
home = "west"
households = 15000.0
household_size_shares = [0.6, 0.3, 0.1]
well_founded = 0.3
departures_per_thousand_year = 60.0
means = [{ share = 1.0, value = 2000.0 }]
aversion = [{ share = 0.5, value = 1.3 }, { share = 0.5, value = 0.7 }]

[routes.south_raft]
population = "south"
destination = "north"
corridors = ["raft"]
settled = 5000.0
believed_stop = 0.5
believed_stopped = 0.6
[routes.south_launch]
population = "south"
destination = "north"
corridors = ["launch"]
settled = 5000.0
[routes.south_orderly]
population = "south"
destination = "north"
channel = "orderly"
settled = 5000.0
ceiling_per_year = 150.0
constant = -0.5
[routes.west_road]
population = "west"
destination = "east"
corridors = ["road"]
settled = 3000.0
[routes.west_through]
population = "west"
destination = "north"
corridors = ["road", "rail"]
settled = 3000.0
[routes.west_onward]
population = "west"
start = "east"
destination = "north"
corridors = ["rail"]
settled = 3000.0

[ladders.sea]
country = "NOR"
domain = "sea"
steering = "dated"
schedule = [
  { date = 2001-04-01, rung = "hold", credibility = 0.5 },
  { date = 2001-10-01, rung = "screen", credibility = 0.7 },
  { date = 2002-06-01, rung = "offer", credibility = 0.7 },
]
[[ladders.sea.rungs]]
name = "rescue_and_admit"
[[ladders.sea.rungs.rules]]
on = "interception"
actions = [{ action = "admit" }]
[[ladders.sea.rungs.rules]]
on = "rescue"
actions = [{ action = "admit" }]
[[ladders.sea.rungs]]
name = "hold"
patrol_hours_per_day = { strait = 150.0 }
ramp_days = 10.0
parole_per_day = { camp = 0.5 }
[[ladders.sea.rungs.rules]]
on = "interception"
actions = [{ action = "hold", at = "camp", parolable = true, held_is_refusal = true }]
[[ladders.sea.rungs.rules]]
on = "rescue"
actions = [{ action = "hold", at = "camp", examined = true, recognised = "admit", refused = "hold" }]
[[ladders.sea.rungs]]
name = "screen"
patrol_hours_per_day = { strait = 150.0 }
capacity = { camp = 80.0 }
repatriation_per_day = { camp = 0.5 }
[[ladders.sea.rungs.rules]]
on = "interception"
actions = [
  { action = "screen_then_return", at = "camp", examined = true, recognised = "resettle", refused = "return" },
  { action = "turn_back" },
]
[[ladders.sea.rungs.rules]]
on = "rescue"
actions = [{ action = "hold", at = "camp", examined = true, recognised = "resettle" }, { action = "hand_over", at = "partner" }]
[[ladders.sea.rungs.rules]]
on = "landing"
actions = [{ action = "return" }, { action = "undocumented" }]
[[ladders.sea.rungs]]
name = "offer"
patrol_hours_per_day = { strait = 80.0 }
[[ladders.sea.rungs.rules]]
on = "interception"
actions = [{ action = "offer", at = "camp", examined = true, recognised = "admit" }, { action = "return" }]
[[ladders.sea.rungs.rules]]
on = "landing"
actions = [{ action = "parole" }]

[ladders.border]
country = "EST"
domain = "border"
steering = "dated"
schedule = [{ date = 2001-06-01, rung = "narrow" }, { date = 2002-03-01, rung = "wide" }]
[[ladders.border.rungs]]
name = "wide"
openness = { east = 0.8 }
[[ladders.border.rungs]]
name = "narrow"
openness = { east = 0.4, north = 0.7 }

[ladders.procedure]
country = "NOR"
domain = "procedure"
steering = "endogenous"
[[ladders.procedure.rungs]]
name = "generous"
standard_of_proof = 0.3
[[ladders.procedure.rungs]]
name = "strict"
standard_of_proof = 1.5
access = 0.6

[ladders.exit]
country = "SUD"
domain = "exit"
populations = ["south"]
steering = "mixed"
endogenous_from = 2002-01-01
initial = "obstructed"
schedule = [{ date = 2001-08-01, rung = "open" }]
[[ladders.exit.rungs]]
name = "open"
exit = { south_raft = 1.0 }
[[ladders.exit.rungs]]
name = "obstructed"
exit = { south_raft = 0.2 }

[[arrangements]]
name = "migration_accord"
parties = ["NOR", "SUD"]
in_force = 2001-09-01
suspended = 2002-02-01
revived = 2002-07-01
[arrangements.orderly_departure]
route = "south_orderly"
places_per_year = 400.0
[arrangements.readmission]
by = "SUD"
returnees_punished = 0.05
[arrangements.dissuasion]
by = "SUD"
routes = ["south_raft"]
share = 0.5

[[arrangements]]
name = "hosting"
parties = ["NOR", "PAR"]
in_force = 2001-05-01
ends = 2001-12-01
[arrangements.hosting]
at = "annex"
capacity = 15.0

[[arrangements]]
name = "resettlement"
parties = ["NOR", "PAR"]
steering = "endogenous"
[arrangements.resettlement]
from = ["camp"]
offers = [{ to = "partner", places_per_year = 6.0 }]

[[events]]
date = 2001-03-01
kind = "announcement"
route = "south_raft"
value = 0.1
credibility = 0.5
[[events]]
date = 2001-03-10
kind = "expected_change"
ladder = "sea"
rung = "hold"
until = 2001-04-01
days = 22
[[events]]
date = 2001-07-01
kind = "weather"
zone = "strait"
value = 0.1
days = 5
[[events]]
date = 2001-11-01
kind = "pressure"
country = "NOR"
value = 1.0
days = 20
[[events]]
date = 2001-11-15
kind = "provocation"
country = "SUD"
value = 1.0
"#;

/// One origin, one land route to one country of destination, people who travel alone; whatever feeds back from
/// outcomes to departures is switched off, and so is chance that people share.
pub const BARE: &str = r#"
[scenario]
title = "Bare"
question = "What does one process do when it is alone?"
limits = "Everything else is left out."
start = 2001-01-01
end = 2002-12-31
seed = 1

[switches]
magnet = false
drivers = false
noise = false
exit_control = false
exit_learning = false
learning = false
announcements = false
anticipation = false
networks = false
weather = false
policy = false
pressure = false
onward = false

[countries.HOM]
population_millions = 1.0
gdp_per_head_usd = 2000.0
[countries.DES]
population_millions = 1.0
gdp_per_head_usd = 30000.0
appeal_share = 0.0

[places.home]
country = "HOM"
[places.there]
country = "DES"

[corridors.road]
from = "home"
to = "there"
mode = "land"
duration_days = 3.0
distance_km = 100.0

[populations.people]
home = "home"
households = 3000.0
household_size_shares = [1.0]
well_founded = 1.0
departures_per_thousand_year = 400.0
means = [{ share = 1.0, value = 1000.0 }]
aversion = [{ share = 1.0, value = 1.0 }]

[routes.road]
population = "people"
destination = "there"
corridors = ["road"]
"#;

/// A text with assignments laid over it (`path=value`).
pub fn scenario(text: &str, changes: &[&str]) -> Setup {
    let mut layers = vec![Layer::file("test.toml", text)];
    layers.extend(changes.iter().map(|&change| Layer::assignment(change)));
    load(&layers).unwrap_or_else(|problems| panic!("{problems}")).setup
}

/// The tiny scenario, with assignments laid over it.
pub fn tiny(changes: &[&str]) -> Setup {
    scenario(TINY, changes)
}

/// The bare scenario, with assignments laid over it.
pub fn bare(changes: &[&str]) -> Setup {
    scenario(BARE, changes)
}

/// The United States and Cuba, with assignments laid over it.
pub fn us_cuba(changes: &[&str]) -> Setup {
    scenario(include_str!("../../configs/us_cuba.toml"), changes)
}

/// All switches, as assignments that switch one thing off.
pub fn each_switch_off() -> Vec<String> {
    Switches::names().into_iter().map(|name| format!("switches.{name}=false")).collect()
}

/// A simulation on its first day.
pub fn begin(setup: &Setup) -> Sim<'_> {
    Sim::new(setup, first_world(setup))
}

/// A simulation after some days.
pub fn run(setup: &Setup, days: u32) -> Sim<'_> {
    let mut sim = begin(setup);
    (0..days).for_each(|_| sim.step());
    sim
}

/// Every change of status of everybody over some days, in the order in which they happened.
pub fn transitions(setup: &Setup, days: u32) -> Vec<Transition> {
    let mut sim = begin(setup);
    sim.transitions = Some(Vec::new());
    (0..days).for_each(|_| sim.step());
    sim.transitions.unwrap_or_default()
}

/// Persons of every population counted so far in a flow, at a place or anywhere.
pub fn counted(sim: &Sim, flow: landfall::world::Flow, place: Option<&str>) -> u32 {
    let named = |p: &usize| place.is_none_or(|name| sim.setup.places[*p].name == name);
    let places = (0..sim.setup.places.len()).filter(named).map(landfall::world::PlaceId::at);
    places.map(|place| sim.world.tally.flows.of_all(sim.setup.flow_at(flow, place))).sum()
}

/// Persons of a status anywhere, of every population.
pub fn persons(sim: &Sim, status: Status) -> u64 {
    let of = |place: usize| {
        let cell = landfall::world::Cell::of(landfall::world::PlaceId::at(place), status);
        u64::from(sim.world.stocks.of_all(cell.index()))
    };
    (0..sim.setup.places.len()).map(of).sum()
}

/// Stocks recounted from the rows of people and the lists of applicants; those of statuses that end stay 0.
fn recount(sim: &Sim) -> Counts<u32> {
    let setup = sim.setup;
    let mut stocks = Counts::new(setup.populations.len(), setup.places.len() * Status::COUNT);
    for (group, state) in setup.groups.iter().zip(&sim.world.groups) {
        let chunks = state.crowd.chunks.iter().chain(&state.back.rows.chunks);
        let cells = chunks.flat_map(|c| &c.people).map(|person| person.cell);
        for cell in cells.filter(|&cell| cell != Cell::ENDED) {
            stocks[setup.stock_index(cell, group)] += 1;
        }
        for applicant in &state.applicants {
            let home = setup.routes[usize::from(applicant.route)].start;
            let cell = Cell::of(home, Status::InCountryApplicant);
            stocks[setup.stock_index(cell, group)] += u32::from(applicant.size);
        }
    }
    stocks
}

/// What is counted of every population in every status, and the room taken in every place, are those of the rows.
pub fn stocks_agree_with_rows(sim: &Sim, context: &str) {
    let setup = sim.setup;
    let day = sim.world.day;
    let found = recount(sim);
    for ((of, counted), (_, rows)) in sim.world.stocks.iter().zip(found.iter()) {
        let cell = Cell(of.of as u16);
        if cell.status().is_active() {
            let place = &setup.places[cell.place().index()].name;
            assert_eq!(counted, rows, "{context}, day {day}: {place}, {}", cell.status().name());
        }
    }
    for (place, state) in sim.world.places.iter().enumerate() {
        let held = [Status::Held, Status::AwaitingResettlement, Status::Stranded, Status::AboardPatrol];
        let inside: u32 =
            held.iter().map(|&status| found.of_all(Cell::of(PlaceId::at(place), status).index())).sum();
        assert_eq!(
            state.occupied, inside,
            "{context}, day {day}: room taken at {}",
            setup.places[place].name
        );
    }
}

/// Position of a place by its name.
pub fn place(setup: &Setup, name: &str) -> landfall::world::PlaceId {
    let at = setup.places.iter().position(|p| p.name == name);
    landfall::world::PlaceId::at(at.unwrap_or_else(|| panic!("no place {name}")))
}

/// A cell by the name of its place.
pub fn cell(setup: &Setup, name: &str, status: Status) -> Cell {
    Cell::of(place(setup, name), status)
}

/// Mean and variance of a sample.
pub fn mean_variance(sample: &[f64]) -> (f64, f64) {
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    (mean, sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0))
}

/// By how many standard errors the means of two samples differ; 0 where both are constant and equal.
pub fn z_between(a: &[f64], b: &[f64]) -> f64 {
    let ((ma, va), (mb, vb)) = (mean_variance(a), mean_variance(b));
    let error = (va / a.len() as f64 + vb / b.len() as f64).sqrt();
    if ma == mb { 0.0 } else { (ma - mb) / error }
}

/// A year in which every mechanism has something to do.
pub const SHORT: &str = include_str!("short.toml");

/// Whether the whole of the long tests is wanted: `LANDFALL_FULL=1`.
pub fn full() -> bool {
    std::env::var_os("LANDFALL_FULL").is_some_and(|v| v != "0")
}

/// A recorded figure of a population of [`TINY`] and [`SHORT`], on which it can be estimated and scored.
pub const RECORDED: &str = r#"
[[observed]]
name = "Left from the south"
measure = { flow = ["set_out", "reattempted"], population = "south" }
source = "made up"
figures = [{ from = 2001-01-01, to = 2001-01-31, value = 60, used_for = "fit" }]
"#;

/// A small sequence of numbers that look random, for tests that need many cases.
pub struct Numbers(pub u64);

impl Numbers {
    /// The next, below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }
}
