//! A region for instruments to act on: people leave one country overland for a first country of asylum, some move on to
//! a second; a third and a fourth are far away. Every instrument is one piece of text to be put behind it.

#![allow(dead_code, reason = "each test file takes from here what it needs")]

/// The region, without any arrangement.
pub const REGION: &str = r#"
[scenario]
title = "Region"
question = "Does each instrument do what its terms say?"
limits = "Nothing in it is meant to be like anywhere."
start = 2001-01-01
end = 2003-12-31
seed = 3

[switches]
noise = false
anticipation = false

[journeys]
onward_per_year = 1.0
onward_max_per_year = 3.0

[countries.HOM]
population_millions = 4.0
gdp_per_head_usd = 2000.0
[countries.FIR]
population_millions = 2.0
gdp_per_head_usd = 4000.0
area_km2 = 25000.0
receiving_population_millions = 2.0
reception_places = 300.0
decisions_per_day = 1.0
appeals_per_day = 1.0
discriminability = 0.8
standard_of_proof = 1.2
usual_per_million_day = 1.0
memberships = ["U"]
[countries.FIR.outcomes]
lodging_per_year = 6.0
found_per_year = 0.5
removal_per_year = 4.0
[countries.SEC]
population_millions = 10.0
gdp_per_head_usd = 30000.0
area_km2 = 100000.0
decisions_per_day = 5.0
appeals_per_day = 5.0
memberships = ["U"]
[countries.SEC.outcomes]
lodging_per_year = 6.0
[countries.THI]
population_millions = 30.0
gdp_per_head_usd = 30000.0
area_km2 = 900000.0
memberships = ["U"]
[countries.FOU]
population_millions = 20.0
gdp_per_head_usd = 20000.0

[places.home]
country = "HOM"
[places.first]
country = "FIR"
[places.second]
country = "SEC"
[places.third]
country = "THI"
[places.fourth]
country = "FOU"
[places.centre]
kind = "facility"
country = "FOU"
longest_stay_days = 200
stay_end = "extend"
release_to = "fourth"
[places.island]
kind = "facility"
country = "SEC"
release_to = "second"
[places.camp]
kind = "facility"
country = "FIR"
release_to = "first"

[corridors.road]
from = "home"
to = "first"
mode = "land"
duration_days = 2.0
distance_km = 100.0
[corridors.highway]
from = "first"
to = "second"
mode = "land"
duration_days = 2.0
distance_km = 500.0

[populations.people]
home = "home"
households = 20000.0
household_size_shares = [0.4, 0.2, 0.2, 0.2]
well_founded = 0.5
departures_per_thousand_year = 40.0
vulnerable_share = 0.2
means = [{ share = 1.0, value = 1000.0 }]
aversion = [{ share = 1.0, value = 1.0 }]

[routes.to_first]
population = "people"
destination = "first"
corridors = ["road"]
settled = 1000.0
[routes.to_second]
population = "people"
destination = "second"
corridors = ["road", "highway"]
settled = 1000.0
constant = -1.0
[routes.on]
population = "people"
start = "first"
destination = "second"
corridors = ["highway"]
settled = 1000.0

[ladders.procedure]
country = "FIR"
domain = "procedure"
[[ladders.procedure.rungs]]
name = "hears"
[[ladders.procedure.rungs.rules]]
on = "border"
actions = [{ action = "hear" }]
[ladders.transit]
country = "SEC"
domain = "procedure"
[[ladders.transit.rungs]]
name = "offshore"
[[ladders.transit.rungs.rules]]
on = "border"
actions = [{ action = "hold", at = "island", examined = true, recognised = "resettle", refused = "hold" }, { action = "hear" }]
"#;

/// The header of an arrangement in force from the second month.
const IN_FORCE: &str = "in_force = 2001-02-01\n";

/// An arrangement of some parties with one instrument.
pub fn arrangement(name: &str, parties: &str, instrument: &str) -> String {
    format!("[[arrangements]]\nname = \"{name}\"\nparties = {parties}\n{IN_FORCE}{instrument}\n")
}

/// The region with arrangements behind it.
pub fn region_with(arrangements: &[&str]) -> String {
    format!("{REGION}\n{}", arrangements.join("\n"))
}

/// Every kind of instrument, with terms that give each something to do: key and arrangement.
pub fn every_instrument() -> Vec<(&'static str, String)> {
    let all = "[\"FIR\", \"SEC\", \"THI\", \"FOU\"]";
    let with_home = all.replace(']', ", \"HOM\"]");
    [
        (
            "evacuation",
            r#"[arrangements.evacuation]
from = ["first"]
offers = [{ to = "third", places = 150.0 }, { to = "fourth", places = 60.0 }]
departures_per_day = 4.0"#,
        ),
        (
            "coercive_relocation",
            r#"[arrangements.coercive_relocation]
from = ["first"]
offers = [{ to = "fourth", places = 120.0 }]
persons_per_day = 8.0
split_share = 0.5"#,
        ),
        (
            "transit_centre",
            r#"[arrangements.transit_centre]
at = "centre"
beds = 20.0
from = ["first"]
referrals_per_year = 100.0
onward = [{ to = "third", places_per_year = 60.0 }]
processing_days = 100.0"#,
        ),
        (
            "resettlement",
            r#"[arrangements.resettlement]
from = ["first"]
statuses = ["protected", "tolerated"]
offers = [{ to = "third", places_per_year = 40.0 }]
processing_days = 30.0"#,
        ),
        (
            "swap",
            r#"[arrangements.swap.one]
from = "island"
to = "third"
ceiling_per_year = 25.0
[arrangements.swap.other]
from = "centre"
to = "second"
ceiling_per_year = 25.0"#,
        ),
        (
            "temporary_protection",
            r#"[arrangements.temporary_protection]
by = "FIR"
ends_above_pressure = 0.9"#,
        ),
        (
            "offshore_processing",
            r#"[arrangements.offshore_processing]
at = "island"
on_behalf_of = "SEC"
room = 400.0
examined_per_day = 2.0
third_countries = [{ to = "fourth", places_per_year = 50.0 }]
search_days = 60.0"#,
        ),
        (
            "hosting",
            r#"[arrangements.hosting]
at = "camp"
by = "THI"
capacity = 77.0"#,
        ),
        (
            "dissuasion",
            r#"[arrangements.dissuasion]
by = "HOM"
routes = ["to_first", "to_second"]
share = 0.5"#,
        ),
        (
            "readmission",
            r#"[arrangements.readmission]
by = "HOM"
returnees_punished = 0.1"#,
        ),
        (
            "capacity_building",
            r#"[arrangements.capacity_building]
at = ["FIR"]
by = "SEC"
caseworkers = 20.0
absorption_days = 100.0"#,
        ),
        (
            "decision_quality",
            r#"[arrangements.decision_quality]
at = ["FIR"]
by = "SEC"
discriminability = 2.5
access_at_least = 0.95
absorption_days = 30.0"#,
        ),
        (
            "document_training",
            r#"[arrangements.document_training]
at = ["FIR"]
by = "SEC"
screening_discriminability = 1.0
discriminability = 2.5
absorption_days = 30.0"#,
        ),
        (
            "shared_database",
            r#"[arrangements.shared_database]
members = ["FIR", "SEC"]
matching = 1.0
readmitted = 1.0
transfers_per_year = 12.0
build_up_days = 1.0"#,
        ),
        (
            "care_grant",
            r#"[arrangements.care_grant]
to = "FIR"
by = "SEC"
usd_per_year = 2e6"#,
        ),
        (
            "infrastructure",
            r#"[arrangements.infrastructure]
at = ["first"]
by = "SEC"
usd_per_year = 2e6
years = 2.0"#,
        ),
        (
            "fund",
            r#"[arrangements.fund]
members = ["FIR", "SEC", "THI", "FOU"]
usd_per_year = 1e6
rule = "body_count""#,
        ),
        (
            "third_country_projects",
            r#"[arrangements.third_country_projects]
to = "FIR"
by = "THI"
usd_per_year = 5e5
settling_factor = 4.0
build_up_days = 10.0"#,
        ),
        (
            "containment",
            r#"[arrangements.containment]
by = "SEC"
to = "FIR"
usd_per_year = 1e6
routes = ["on"]
share = 0.8
detained_at = "camp"
from = ["first"]
detentions_per_day = 2.0
room = 100.0"#,
        ),
        (
            "responsibility_rule",
            r#"[arrangements.responsibility_rule]
members = ["FIR", "SEC", "THI", "FOU"]
recorded_share = 1.0
matching = 1.0
transfers_per_year = 2.0"#,
        ),
        (
            "minimum_standards",
            r#"[arrangements.minimum_standards]
members = ["FIR", "SEC"]
standard_of_proof_at_most = 0.4
access_at_least = 0.98
reception_at_least = 0.8
transposition_slack = 0.25
transposition_days = 50.0"#,
        ),
        (
            "solidarity_programme",
            r#"[arrangements.solidarity_programme]
from = ["first"]
resettlement = [{ to = "fourth", places_per_year = 30.0 }]
processing_days = 2.0
cities = ["first"]
settling_factor = 3.0
borders = ["first"]
border_reception_places = 200.0
build_up_days = 30.0"#,
        ),
        (
            "mixed_flows",
            r#"[arrangements.mixed_flows]
members = ["FIR", "SEC"]
referral_factor = 3.0
assisted_return_factor = 5.0
build_up_days = 30.0"#,
        ),
    ]
    .into_iter()
    .map(|(key, terms)| {
        // What the origin undertakes needs the origin.
        let origin = terms.contains("\nby = \"HOM\"");
        (key, arrangement(key, if origin { &with_home } else { all }, terms))
    })
    .collect()
}

/// The border of the first country, which it opens and closes by its own choice.
pub const BORDER: &str = r#"
[ladders.border]
country = "FIR"
domain = "border"
steering = "endogenous"
[[ladders.border.rungs]]
name = "open"
[[ladders.border.rungs]]
name = "closed"
openness = { first = 0.1 }
"#;

/// People who flee over the border of the first country alone, from the first days of the second year to the end of March.
pub const FLEEING: &str = r#"
[drivers.flight]
source = "made up"
steps = true
reference_start = 2001-01-01
reference_end = 2001-12-31
values = [
  { date = 2000-12-01, value = 1.0 },
  { date = 2002-01-01, value = 40.0 },
  { date = 2002-04-01, value = 1.0 },
]
[populations.fleeing]
home = "home"
households = 20000.0
household_size_shares = [0.4, 0.2, 0.2, 0.2]
well_founded = 0.9
departures_per_thousand_year = 20.0
means = [{ share = 1.0, value = 1000.0 }]
aversion = [{ share = 1.0, value = 1.0 }]
driven_by = [{ driver = "flight", elasticity = 1.0 }]
[routes.flight]
population = "fleeing"
destination = "first"
corridors = ["road"]
settled = 1000.0
"#;
