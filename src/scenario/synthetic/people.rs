//! Corridors, populations with those who are abroad already, and routes.

use super::world::{Country, Destination, Origin, World, way};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Mean number of members of a household, by the shares below.
const MEAN_SIZE: f64 = 1.53;
/// Households at home, as a multiple of those abroad.
const AT_HOME: f64 = 5.0;

/// Of people in a country that is a neighbour, in thousandths: by status. The last three need a facility.
const AMONG_NEIGHBOURS: [(&str, u32); 11] = [
    ("temporarily_protected", 300),
    ("protected", 250),
    ("undocumented", 220),
    ("tolerated", 120),
    ("claimant", 60),
    ("rejected", 20),
    ("waiting_at_border", 3),
    ("appellant", 7),
    ("held", 12),
    ("awaiting_resettlement", 7),
    ("stranded", 1),
];

/// The same far away.
const FAR_AWAY: [(&str, u32); 11] = [
    ("protected", 400),
    ("tolerated", 180),
    ("claimant", 140),
    ("undocumented", 120),
    ("temporarily_protected", 60),
    ("rejected", 50),
    ("appellant", 30),
    ("waiting_at_border", 2),
    ("held", 13),
    ("awaiting_resettlement", 4),
    ("stranded", 1),
];

/// Statuses of people in a facility.
const INSIDE: [&str; 3] = ["held", "awaiting_resettlement", "stranded"];

/// Write corridors, populations and routes.
pub fn write(text: &mut String, world: &World) {
    let mut corridors: BTreeMap<String, String> = BTreeMap::new();
    let mut routes = String::new();
    for origin in &world.origins {
        population(text, world, origin);
        for d in &origin.to {
            let corridor = corridor(&mut corridors, world, origin.country, d.country);
            route(&mut routes, world, origin, d, &corridor);
        }
        onward(&mut routes, &mut corridors, world, origin);
        orderly(&mut routes, world, origin);
    }
    corridors.values().for_each(|corridor| text.push_str(corridor));
    text.push_str(&routes);
}

fn population(text: &mut String, world: &World, origin: &Origin) {
    let households = (f64::from(origin.abroad.max(1)) * AT_HOME / MEAN_SIZE).round().max(20.0);
    let _ = writeln!(
        text,
        "[populations.{}]\nhome = \"{}_land\"\nhouseholds = {households:?}\ngrowth_per_year = 0.01\n\
         household_size_shares = [0.67, 0.18, 0.10, 0.05]\nwell_founded = 0.6\nmeans = [{{ share = 0.6, value = \
         1500.0 }}, {{ share = 0.4, value = 8000.0 }}]\naversion = [{{ share = 1.0, value = 1.0 }}]\n\
         departures_per_thousand_year = 20.0\nwell_founded_factor = 1.5\ndriven_by = [{{ driver = \"unrest\", \
         elasticity = 0.8 }}, {{ driver = \"harvest\", elasticity = -0.3, lag_days = 60.0 }}]\npresent = [",
        origin.name, world.countries[origin.country].name
    );
    for (place, status, persons) in present(world, origin) {
        let _ = writeln!(
            text,
            "  {{ place = \"{place}\", status = \"{status}\", persons = {persons}.0, since_days = 400.0 }},"
        );
    }
    text.push_str("]\n\n");
}

/// Where those abroad stand: everybody, whatever rounding leaves.
fn present(world: &World, origin: &Origin) -> Vec<(String, &'static str, u32)> {
    let mut stocks = Vec::new();
    let mut before = 0.0;
    let (mut weight, mut placed) = (0.0, 0_u32);
    for (rank, d) in origin.to.iter().enumerate() {
        let country = &world.countries[d.country];
        let shares = if rank < 4 { &AMONG_NEIGHBOURS } else { &FAR_AWAY };
        for &(status, thousandths) in shares {
            weight += d.share * f64::from(thousandths) / 1000.0;
            let up_to = (weight * f64::from(origin.abroad)).round();
            let persons = (up_to - before) as u32;
            before = up_to;
            if persons > 0 {
                stocks.push((place(country, status), status_there(country, status), persons));
                placed += persons;
            }
        }
    }
    if let Some(first) = stocks.first_mut() {
        first.2 = first.2 + origin.abroad - placed;
    }
    stocks
}

fn place(country: &Country, status: &str) -> String {
    let inside = country.facility && INSIDE.contains(&status);
    format!("{}_{}", country.name, if inside { "camp" } else { "land" })
}

/// Where there is no facility, those who would be in it are tolerated.
fn status_there(country: &Country, status: &'static str) -> &'static str {
    if !country.facility && INSIDE.contains(&status) { "tolerated" } else { status }
}

/// The corridor between two countries; written once.
fn corridor(corridors: &mut BTreeMap<String, String>, world: &World, from: usize, to: usize) -> String {
    let (km, mode) = way(world, from, to);
    let (from, to) = (&world.countries[from], &world.countries[to]);
    let name = format!("{}_{}", from.name, to.name);
    corridors.entry(name.clone()).or_insert_with(|| {
        let (days, fare, death) = match mode {
            "sea" => ((km / 250.0).max(1.0), 0.0, 0.0),
            "land" => ((km / 80.0).max(1.0), (km * 0.4).round(), 0.0003),
            _ => (1.0, (400.0 + km * 0.15).round(), 0.0),
        };
        let mut lines = format!(
            "[corridors.{name}]\nfrom = \"{}_land\"\nto = \"{}_land\"\nmode = \"{mode}\"\nduration_days = \
             {days:?}\ndistance_km = {km:?}\nfare_usd = {fare:?}\ndeath_per_day = {death:?}\n",
            from.name, to.name
        );
        if let (Some(zone), "sea") = (to.zone, mode) {
            let vessel = if zone % 2 == 0 { "smugglers_boat" } else { "raft" };
            let _ = writeln!(lines, "zone = \"{}\"\nvessel = \"{vessel}\"", world.zones()[zone].name);
        }
        lines.push('\n');
        lines
    });
    name
}

/// People of an origin settled in a country they go to: ties of every route that leads there.
fn settled(origin: &Origin, d: &Destination) -> f64 {
    (f64::from(origin.abroad) * d.share * 2.0).round()
}

fn route(text: &mut String, world: &World, origin: &Origin, d: &Destination, corridor: &str) {
    let to = &world.countries[d.country];
    let settled = settled(origin, d);
    let _ = writeln!(
        text,
        "[routes.{}_{}]\npopulation = \"{}\"\ndestination = \"{}_land\"\ncorridors = [\"{corridor}\"]\nsettled = \
         {settled:?}\nbelieved_stop = {:?}\nbelieved_death = {:?}\nbelieved_land = 0.7\nbelieved_stopped = 0.4\n",
        origin.name,
        to.name,
        origin.name,
        to.name,
        if d.mode == "sea" { 0.3 } else { 0.15 },
        if d.mode == "sea" { 0.02 } else { 0.005 },
    );
}

/// Those in the nearest country may move on to the most attractive ones.
fn onward(text: &mut String, corridors: &mut BTreeMap<String, String>, world: &World, origin: &Origin) {
    let (Some(start), 4..) = (origin.to.first(), origin.to.len()) else { return };
    for d in &origin.to[3..] {
        let corridor = corridor(corridors, world, start.country, d.country);
        let (by_way_of, to) = (&world.countries[start.country].name, &world.countries[d.country].name);
        let _ = writeln!(
            text,
            "[routes.{0}_{by_way_of}_{to}]\npopulation = \"{0}\"\nstart = \"{by_way_of}_land\"\ndestination = \
             \"{to}_land\"\ncorridors = [\"{corridor}\"]\nsettled = {1:?}\n",
            origin.name,
            settled(origin, d)
        );
    }
}

/// A few may apply from home to go to the last of their destinations.
fn orderly(text: &mut String, world: &World, origin: &Origin) {
    let Some(d) = origin.to.last() else { return };
    let to = &world.countries[d.country].name;
    let _ = writeln!(
        text,
        "[routes.{0}_{to}_orderly]\npopulation = \"{0}\"\ndestination = \"{to}_land\"\nchannel = \"orderly\"\n\
         consideration = 0.05\nceiling_per_year = {1:?}\nsettled = {2:?}\n",
        origin.name,
        (f64::from(origin.abroad) * 0.005).round().max(1.0),
        settled(origin, d),
    );
}
