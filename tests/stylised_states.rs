//! Stylised facts about States, which the model must show without being told: standards as strategic complements, the
//! race to the bottom, sudden exposure, evacuation that keeps a border open, passing the buck.
//!
//! Pairs of worlds with the same luck over a number of seeds, as in `stylised_facts.rs`.

mod common;
#[path = "common/region.rs"]
mod region;
#[path = "common/stylised.rs"]
mod stylised;

use common::{place, scenario};
use landfall::scenario::Setup;
use landfall::world::Flow;
use region::{BORDER, FLEEING, REGION};
use stylised::*;

/// Neighbours with ladders of three standards of proof, which each moves by its own choice or by hand, and an exodus from
/// the second year on. A hundred thousand people see all who arrive, and a step costs little effort: at the effort assumed by
/// default (0.5) no step of a standard of proof is worth it, whatever others do, and there is no race to speak of.
fn standards(one: &str, two: &str, more: &str) -> Setup {
    let rung = |name: &str, standard: f64| {
        format!("[[ladders.STANDARD.rungs]]\nname = \"{name}\"\nstandard_of_proof = {standard:.2}\n")
    };
    let rungs = [("lenient", 0.5), ("strict", 1.25), ("strictest", 2.0)].map(|(n, z)| rung(n, z)).concat();
    let ladder = |country: &str, steering: &str| {
        format!("[ladders.STANDARD]\ncountry = \"{country}\"\ndomain = \"procedure\"\n{steering}\n{rungs}")
            .replace("STANDARD", &format!("standard_{}", country.to_lowercase()))
    };
    let text = format!("{NEIGHBOURS}\n{}\n{}\n{more}", ladder("ONE", one), ladder("TWO", two));
    scenario(
        &text,
        &[
            "drivers.exodus.values.1.value=4.0",
            "drivers.exodus.values.2.value=4.0",
            "countries.ONE.receiving_population_millions=0.1",
            "countries.TWO.receiving_population_millions=0.1",
            "countries.ONE.usual_per_million_day=5.0",
            "countries.TWO.usual_per_million_day=5.0",
            "populations.people.households=10000",
            "policy.kappa_step=0.1",
        ],
    )
}

const FREE: &str = "steering = \"endogenous\"";
const LENIENT: &str = "steering = \"dated\"";
/// The strictest standard from the first days of the exodus on.
const STRICTEST: &str = "schedule = [{ date = 2002-01-02, rung = \"strictest\" }]";

/// Mean standard of proof of the two States in the three years from the exodus on, and the mean distance between them;
/// refoulements.
fn race(setup: &Setup, seeds: u64) -> Vec<[f64; 4]> {
    lives(setup, seeds, |sim| {
        until(sim, 365);
        let mut sums = [0.0; 3];
        let days = 3 * 365;
        for _ in 0..days {
            sim.step();
            let [one, two] = ["ONE", "TWO"].map(|c| sim.levers.standard[country(sim.setup, c)]);
            sums[0] += one;
            sums[1] += two;
            sums[2] += (one - two).abs();
        }
        let [one, two, spread] = sums.map(|s| s / f64::from(days));
        [one, two, spread, all_in(sim, Flow::Refouled)]
    })
}

/// Standards of proof are strategic complements: where one State is stricter, the other tightens more (Bubb, Kremer &
/// Levine 2011, "The economics of international refugee law", Journal of Legal Studies 40).
#[test]
fn standards_of_proof_are_strategic_complements() {
    const SEEDS: u64 = 200;
    let (lenient, strict) =
        (race(&standards(LENIENT, FREE, ""), SEEDS), race(&standards(STRICTEST, FREE, ""), SEEDS));
    assert_more("the neighbour's standard", &column(&lenient, 1), &column(&strict, 1));
}

/// Free-standing States race to be least attractive; a common minimum makes the race weaker and lowers the spread of
/// standards (Bubb, Kremer & Levine 2011).
#[test]
fn free_standing_states_race_to_the_bottom_and_minimum_standards_weaken_it() {
    const SEEDS: u64 = 300;
    let minimum = "[[arrangements]]
name = \"minimum\"
parties = [\"ONE\", \"TWO\"]
in_force = 2001-06-01
[arrangements.minimum_standards]
members = [\"ONE\", \"TWO\"]
standard_of_proof_at_most = 0.8
transposition_slack = 0.3
transposition_days = 0.0
";
    let alone = race(&standards(FREE, LENIENT, ""), SEEDS);
    let free = race(&standards(FREE, FREE, ""), SEEDS);
    let bound = race(&standards(FREE, FREE, minimum), SEEDS);
    assert_above("standards leave where they began", &column(&free, 0), 0.5);
    assert_more("a State tightens more where its neighbour may too", &column(&alone, 0), &column(&free, 0));
    assert_more("less under a minimum", &column(&bound, 0), &column(&free, 0));
    assert_more("spread", &column(&bound, 2), &column(&free, 2));
    assert_more("refoulements", &column(&bound, 3), &column(&free, 3));
}

/// People who arrive suddenly and pass through raise pressure and restriction though nobody settles, and both fade (Dinas,
/// Matakos, Xefteris & Hangartner 2019, Political Analysis 27, on the Aegean islands in 2015).
#[test]
fn sudden_exposure_raises_pressure_without_settlement_and_fades() {
    const SEEDS: u64 = 48;
    let transit = format!(
        "{}
[corridors.ferry]
from = \"one\"
to = \"two\"
mode = \"land\"
duration_days = 2.0
distance_km = 300.0
[routes.on]
population = \"people\"
start = \"one\"
destination = \"two\"
corridors = [\"ferry\"]
settled = 1000.0
[ladders.border]
country = \"ONE\"
domain = \"border\"
steering = \"endogenous\"
[[ladders.border.rungs]]
name = \"open\"
[[ladders.border.rungs]]
name = \"guarded\"
openness = {{ one = 0.5 }}
",
        NEIGHBOURS
            .replacen("actions = [{ action = \"hear\" }]", "actions = [{ action = \"undocumented\" }]", 1)
            .replace("onward = false", "onward = true")
    );
    let islands = |values: [f64; 2]| {
        scenario(
            &transit,
            &[
                "countries.ONE.receiving_population_millions=0.3",
                "countries.ONE.usual_per_million_day=9.0",
                "countries.ONE.outcomes.lodging_per_year=0.0",
                "countries.ONE.outcomes.regularising_per_year=0.0",
                "journeys.onward_per_year=10.0",
                "journeys.onward_max_per_year=50.0",
                &format!("drivers.exodus.values.1.value={:.3}", values[0]),
                &format!("drivers.exodus.values.2.value={:.3}", values[1]),
            ],
        )
    };
    let lived = |setup: &Setup| {
        lives(setup, SEEDS, |sim| {
            let one = country(sim.setup, "ONE");
            let border = sim.setup.ladders.iter().position(|l| l.name == "border").expect("a border");
            until(sim, 365);
            let (mut peak, mut guarded) = (0.0_f64, 0.0);
            for _ in 0..365 {
                sim.step();
                peak = peak.max(sim.world.countries[one].attention.pressure);
                guarded += f64::from(sim.world.ladders[border].rung);
            }
            until(sim, 4 * 365);
            let late = sim.world.countries[one].attention.pressure;
            [peak, late, guarded / 365.0, persons_in(sim, Flow::Settled, Some("one"), None)]
        })
    };
    // Thirty times the usual for two months; as many people, evenly over three years; nothing unusual.
    let evenly = 1.0 + 29.0 * 59.0 / 1096.0;
    let (sudden, gradual, usual) =
        (lived(&islands([30.0, 1.0])), lived(&islands([evenly, evenly])), lived(&islands([1.0, 1.0])));
    assert_eq!(mean(&column(&sudden, 3)), 0.0, "nobody settles");
    assert_more("pressure", &column(&usual, 0), &column(&sudden, 0));
    assert_more("sudden against gradual", &column(&gradual, 0), &column(&sudden, 0));
    assert_more("the border is guarded more", &column(&usual, 2), &column(&sudden, 2));
    // What it added to the pressure there would have been has gone when the fourth year ends.
    let added = |at: usize| mean(&differences(&column(&usual, at), &column(&sudden, at)));
    assert!(added(1) < 0.25 * added(0), "it fades: {} of {}", added(1), added(0));
}

/// The region with an exodus in the first quarter of the second year, a border that its first country opens and closes by
/// its own choice, and an evacuation that begins after three weeks.
fn exodus(delivered: f64) -> Setup {
    let text = format!(
        "{REGION}{FLEEING}{BORDER}
[[arrangements]]
name = \"evacuation\"
parties = [\"FIR\", \"THI\", \"FOU\"]
in_force = 2002-01-11
pledges_delivered = {delivered:.1}
[arrangements.evacuation]
from = [\"first\"]
offers = [{{ to = \"third\", places = 6000.0 }}, {{ to = \"fourth\", places = 3000.0 }}]
departures_per_day = 150.0
"
    );
    scenario(&text, &["countries.FIR.reception_places=3000.0"])
}

/// An evacuation that reassures keeps the border of a first country of asylum open; promised and not delivered, it lets it
/// close. The source on Macedonia in 1999: the border was reopened once others took people, and stayed open.
#[test]
fn evacuation_that_arrives_keeps_a_border_open_and_one_that_does_not_lets_it_close() {
    const SEEDS: u64 = 64;
    let lived = |delivered: f64| {
        lives(&exodus(delivered), SEEDS, |sim| {
            let first = place(sim.setup, "first").index();
            until(sim, 365 + 10);
            let mut open = 0.0;
            for _ in 0..365 {
                sim.step();
                open += f64::from(u8::from(sim.levers.openness[first] == 1.0));
            }
            let fir = country(sim.setup, "FIR");
            let refused = persons_in(sim, Flow::RefusedAtBorder, Some("first"), None);
            [open / 365.0, refused, sim.world.countries[fir].attention.pressure, all_in(sim, Flow::Evacuated)]
        })
    };
    let (arrives, fails) = (lived(1.0), lived(0.0));
    assert_more("pressure", &column(&arrives, 2), &column(&fails, 2));
    assert_more("days on which the border is open", &column(&fails, 0), &column(&arrives, 0));
}

/// Passing the buck: a first country that recognises fewer, and does not remove those it refuses, has more of those who come
/// to it move on, and the next country has more claims; in all it carries less.
#[test]
fn a_country_that_makes_staying_worse_passes_responsibility_on() {
    const SEEDS: u64 = 24;
    let lived = |standard: f64| {
        let text = format!(
            "{REGION}
[ladders.buck]
country = \"FIR\"
domain = \"procedure\"
schedule = [{{ date = 2002-01-01, rung = \"then\" }}]
[[ladders.buck.rungs]]
name = \"now\"
[[ladders.buck.rungs]]
name = \"then\"
standard_of_proof = {standard:.1}
"
        );
        let changes = [
            "countries.FIR.standard_of_proof=0.5",
            "countries.FIR.outcomes.removal_per_year=0.0",
            "countries.FIR.decisions_per_day=5.0",
        ];
        lives(&scenario(&text, &changes), SEEDS, |sim| {
            until(sim, 365);
            let look = |s: &landfall::engine::Sim| {
                [
                    persons_in(s, Flow::MovedOn, Some("first"), None),
                    persons_in(s, Flow::ReachedBorder, Some("first"), None),
                    persons_in(s, Flow::Claimed, Some("second"), None),
                ]
            };
            let before = look(sim);
            until(sim, 1000);
            let after = look(sim);
            let care = sim.stock_in_care(landfall::world::CountryId::at(country(sim.setup, "FIR")));
            let [moved, came, claimed] = [0, 1, 2].map(|i| after[i] - before[i]);
            [moved / came, claimed, care]
        })
    };
    let (fair, harsh) = (lived(0.5), lived(2.5));
    assert_more("of those who come more move on", &column(&fair, 0), &column(&harsh, 0));
    assert_more("the second has more claims", &column(&fair, 1), &column(&harsh, 1));
    assert_more("the first has fewer in its care", &column(&harsh, 2), &column(&fair, 2));
}

/// Reception that was lowered recovers where pressure is low, because what is owed weighs, and does not where nothing is owed:
/// a State that does not mind protection stays where it was put.
#[test]
fn reception_recovers_when_pressure_has_passed() {
    const SEEDS: u64 = 200;
    let rungs = [("decent", 0.7), ("plain", 0.4), ("poor", 0.1)]
        .map(|(name, reception)| format!("{{ name = \"{name}\", reception = {reception:.1} }}"))
        .join(", ");
    let text = format!(
        "{NEIGHBOURS}
[ladders.reception]
country = \"ONE\"
domain = \"reception\"
steering = \"mixed\"
endogenous_from = 2001-03-01
schedule = [{{ date = 2001-02-01, rung = \"poor\" }}]
rungs = [{rungs}]
"
    );
    let recovered = |omega: f64| {
        let setup = scenario(
            &text,
            &[
                &format!("policy.omega_refoulement={omega:.1}"),
                "policy.kappa_step=0.1",
                "populations.people.departures_per_thousand_year=1.0",
            ],
        );
        let seen = lives(&setup, SEEDS, |sim| {
            until(sim, 3 * 365);
            [sim.levers.reception[country(sim.setup, "ONE")]]
        });
        column(&seen, 0)
    };
    let (minds, does_not) = (recovered(8.0), recovered(0.0));
    assert_more("reception three years on", &does_not, &minds);
    assert!(mean(&minds) > 0.5, "{}", mean(&minds));
}

/// A steady flow of people who are stopped and turned back is no news after a while, though many more set out than arrive
/// (model 5.11: constant arrivals add nothing, whatever share of those who set out they are).
#[test]
fn a_steady_flow_that_is_turned_back_presses_nobody_for_long() {
    let text =
        common::TINY.replace("actions = [{ action = \"admit\" }]", "actions = [{ action = \"turn_back\" }]");
    let off = ["noise", "weather", "drivers", "magnet", "policy", "arrangements", "reattempts", "saturation"];
    let mut changes: Vec<String> = off.iter().map(|name| format!("switches.{name}=false")).collect();
    changes.extend(
        [
            "scenario.end=2014-12-31",
            "populations.south.households=400000",
            "populations.south.growth_per_year=0.0",
            "zones.strait.patrol_hours_per_day=3000.0",
            "zones.strait.boarding=1.0",
            "zones.strait.places_aboard=1e6",
            "routes.south_launch.exit=0.0",
            "routes.south_orderly.ceiling_per_year=0.0",
        ]
        .map(String::from),
    );
    let setup = scenario(&text, &changes.iter().map(String::as_str).collect::<Vec<_>>());
    let north = country(&setup, "NOR");
    let mut sim = common::begin(&setup);
    let mut most = 0.0_f64;
    for _ in 0..setup.days {
        sim.step();
        most = most.max(sim.world.countries[north].attention.pressure);
    }
    let (state, millions) =
        (&sim.world.countries[north], setup.countries[north].typed.receiving_population_millions);
    let (departures, arrivals) = (state.heading_here / millions, state.attention.usual);
    assert!(departures > 5.0 * arrivals && departures > 5.0, "{departures} set out where {arrivals} arrive");
    assert!(most > 0.3, "so many at once are news: {most}");
    let last = state.attention.pressure;
    assert!(last < 0.1 * most, "and then are not: {last} of {most}");
}
