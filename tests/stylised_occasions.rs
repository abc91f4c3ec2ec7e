//! Stylised facts: when States come to cooperate. Before anybody moves, to avert a flow; and when an asylum system is at
//! breaking point. Each with its citation; pairs of worlds with the same luck.

mod common;
#[path = "common/region.rs"]
mod region;
#[path = "common/stylised.rs"]
mod stylised;

use common::scenario;
use landfall::scenario::Setup;
use landfall::world::Flow;
use region::{BORDER, FLEEING, REGION};
use stylised::*;

/// One State that remembers an exodus, or does not, and an origin that nobody leaves in the first year and many in the second.
/// The State may pay the origin to keep people from setting out towards it.
fn quiet(remembered: f64, barred: bool) -> Setup {
    let text = format!(
        "{NEIGHBOURS}
[[arrangements]]
name = \"paid\"
parties = [\"ONE\", \"HOM\"]
steering = \"endogenous\"
[arrangements.containment]
by = \"ONE\"
to = \"HOM\"
usd_per_year = 1e6
routes = [\"to_one\"]
share = 0.9
"
    )
    .replace(
        "reference_start = 2001-01-01\nreference_end = 2001-12-31",
        "reference_start = 2002-01-01\nreference_end = 2002-12-31",
    )
    .replace("{ date = 2000-12-01, value = 1.0 }", "{ date = 2000-12-01, value = 1e-9 }");
    let memory = format!("countries.ONE.initial_pressure={remembered:.1}");
    let barred = format!("arrangements.paid.barred={barred}");
    scenario(&text, &[&memory, &barred, "populations.people.households=10000"])
}

/// States also cooperate while nobody comes, to avert that anybody does: the source's first remark on cooperation short of mass
/// influx. What moves them here is what they remember: the same States without that memory agree seldom.
#[test]
fn states_agree_before_anybody_moves_so_that_nobody_will() {
    const SEEDS: u64 = 64;
    let lived = |remembered: f64, barred: bool| {
        lives(&quiet(remembered, barred), SEEDS, |sim| {
            until(sim, 180);
            let agreed = f64::from(u8::from(sim.world.arrangements[0].in_force_since.is_some()));
            let set_out = all_in(sim, Flow::SetOut);
            until(sim, 2 * 365);
            [agreed, set_out, persons_in(sim, Flow::Claimed, Some("one"), None)]
        })
    };
    let (wary, calm, barred) = (lived(2.0, false), lived(0.0, false), lived(2.0, true));
    for quiet in [&wary, &calm, &barred] {
        assert!(
            column(quiet, 1).iter().all(|&set_out| set_out == 0.0),
            "nobody sets out in the first half year"
        );
    }
    assert_more("agreed within half a year", &column(&calm, 0), &column(&wary, 0));
    assert_more("claims when people come to leave", &column(&wary, 2), &column(&barred, 2));
}

/// The region with an exodus in the second year into a country with room for so many, which closes its border under pressure,
/// and an evacuation to a country it has nothing else in common with, to which both may agree.
fn strained(reception_places: f64, changes: &[&str]) -> Setup {
    let text = format!(
        "{REGION}{FLEEING}{BORDER}
[[arrangements]]
name = \"evacuation\"
parties = [\"FIR\", \"FOU\"]
steering = \"endogenous\"
[arrangements.evacuation]
from = [\"first\"]
offers = [{{ to = \"fourth\", places = 9000.0 }}]
departures_per_day = 150.0
"
    );
    let places = format!("countries.FIR.reception_places={reception_places:.1}");
    scenario(&text, &[&[places.as_str()], changes].concat())
}

/// Cooperation is set off when an asylum system is at its breaking point, the source says: as many people set out for a country
/// that has no room for them, and for one that has. What the parties mind is the pressure and the harm of a system that has
/// broken: where neither moves them, breaking sets off less.
#[test]
fn a_system_at_breaking_point_sets_off_cooperation() {
    const SEEDS: u64 = 64;
    let lived = |reception_places: f64, changes: &[&str]| {
        lives(&strained(reception_places, changes), SEEDS, |sim| {
            let first = landfall::world::CountryId::at(country(sim.setup, "FIR"));
            let mut broke = false;
            until(sim, 365);
            let before = sim.world.arrangements[0].in_force_since.is_some();
            while sim.world.day < 2 * 365 && !before {
                sim.step();
                broke |= sim.reception_load(first) > 1.0;
            }
            let agreed = !before && sim.world.arrangements[0].in_force_since.is_some();
            [agreed, broke, before].map(|is| f64::from(u8::from(is)))
        })
    };
    let unmoved = ["bargaining.w_crisis=0.0", "bargaining.w_commitment=0.0"];
    let (breaks, holds, unmoved) = (lived(1500.0, &[]), lived(30_000.0, &[]), lived(1500.0, &unmoved));
    let (broke, before) = (mean(&column(&breaks, 1)), mean(&column(&breaks, 2)));
    assert!(broke > 0.9 * (1.0 - before), "{broke} of {}", 1.0 - before);
    assert_eq!(mean(&column(&holds, 1)), 0.0, "a system with room does not break");
    assert_more("agreed in the year of the exodus", &column(&holds, 0), &column(&breaks, 0));
    assert_more("agreed, and the motives", &column(&unmoved, 0), &column(&breaks, 0));
}
