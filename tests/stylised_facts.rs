//! Stylised facts about people on the move, which the model must show without being told: what access, standards,
//! welfare and waits do to applications; deflection; irregularity; routes that close; patrols and deaths.
//!
//! Each is a pair of worlds that differ in one thing and share their luck, over a number of seeds; a direction is
//! claimed where the pairs differ by five standard errors or more.

mod common;
#[path = "common/stylised.rs"]
mod stylised;

use common::scenario;
use landfall::scenario::Setup;
use landfall::world::Flow;
use stylised::*;

/// Day on which the second year begins: policies change then.
const CHANGE: u32 = 365;

/// Neighbours, of which the first takes another rung of its ladder at the beginning of the second year.
fn changed(rung: &str, changes: &[&str]) -> Setup {
    with_rung("", rung, changes)
}

/// The same with more text.
fn with_rung(more: &str, rung: &str, changes: &[&str]) -> Setup {
    let moved = format!(
        "{NEIGHBOURS}{more}
[ladders.change]
country = \"ONE\"
domain = \"procedure\"
schedule = [{{ date = 2002-01-01, rung = \"other\", credibility = 0.8 }}]
[[ladders.change.rungs]]
name = \"now\"
[[ladders.change.rungs]]
name = \"other\"
{rung}
"
    );
    scenario(&moved, changes)
}

/// Applications at the first and at the second State, and departures, in the year after the change.
fn year_after(setup: &Setup, seeds: u64) -> Vec<[f64; 3]> {
    lives(setup, seeds, |sim| {
        until(sim, CHANGE);
        let look = |s: &landfall::engine::Sim| {
            [
                persons_in(s, Flow::Claimed, Some("one"), None),
                persons_in(s, Flow::Claimed, Some("two"), None),
                all_in(s, Flow::SetOut),
            ]
        };
        let before = look(sim);
        until(sim, CHANGE + 365);
        let after = look(sim);
        [0, 1, 2].map(|i| after[i] - before[i])
    })
}

/// Applications follow access to the territory and the standard of proof; what claimants live on hardly matters
/// (Hatton & Moloney 2015, "Applications for asylum in the developed world").
///
/// Withdrawing all reception is as far as welfare can go; a quarter fewer let in at the border, and a standard of proof
/// raised by half a standard deviation, are modest steps beside it.
#[test]
fn access_and_the_standard_of_proof_move_applications_and_welfare_hardly() {
    const SEEDS: u64 = 12;
    let now = year_after(&changed("", &[]), SEEDS);
    let fall = |rung: &str| {
        let then = year_after(&changed(rung, &[]), SEEDS);
        let (a, b) = (column(&now, 0), column(&then, 0));
        let shares: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 1.0 - b / a).collect();
        shares
    };
    let access = fall("openness = { one = 0.75 }");
    let proof = fall("standard_of_proof = 1.5");
    let welfare = fall("reception = 0.0");
    assert_above("access lowers applications", &access, 0.15);
    assert_above("the standard of proof lowers applications", &proof, 0.15);
    assert!(mean(&welfare).abs() < 0.1, "welfare: {}", mean(&welfare));
    assert_more("access against welfare", &welfare, &access);
    assert_more("proof against welfare", &welfare, &proof);
}

/// One State's tightening lowers its own applications by more than those of all States together; the neighbour's rise
/// (Brekke, Røed & Schøne 2017, "Reduction or deflection?", Migration Studies 5).
#[test]
fn tightening_alone_deflects() {
    const SEEDS: u64 = 12;
    let own = |l: &[[f64; 3]]| column(l, 0);
    let (now, then) =
        (year_after(&changed("", &[]), SEEDS), year_after(&changed("standard_of_proof = 2.0", &[]), SEEDS));
    let lost_here = differences(&own(&then), &own(&now));
    let lost_in_all: Vec<f64> = now.iter().zip(&then).map(|(a, b)| a[0] + a[1] - b[0] - b[1]).collect();
    assert_above("fewer apply anywhere", &lost_in_all, 0.0);
    assert_more("fewer still apply here", &lost_in_all, &lost_here);
    assert_more("more apply next door", &column(&now, 1), &column(&then, 1));
    // Without a magnet nobody is deterred: all that is lost here is gained there.
    let no_magnet = ["populations.people.magnet_well_founded=0.0", "populations.people.magnet_other=0.0"];
    let (now, then) = (
        year_after(&changed("", &no_magnet), SEEDS),
        year_after(&changed("standard_of_proof = 2.0", &no_magnet), SEEDS),
    );
    assert_eq!(column(&now, 2), column(&then, 2), "the same people set out");
    assert_more("they go elsewhere", &column(&now, 1), &column(&then, 1));
}

/// Longer processing deters people whose claim is well-founded and attracts the others, where a pending claim brings a
/// tolerated stay (Bertoli, Brücker & Fernández-Huertas Moraga 2022, Regional Science and Urban Economics 93).
///
/// That a wait is worth something to those whose claim is not well-founded is a parameter (`beta_wait_other` below 0);
/// what is seen here is that a shortage of decisions becomes a wait, and the wait a change of who comes.
#[test]
fn longer_processing_deters_the_well_founded_and_attracts_the_others() {
    const SEEDS: u64 = 16;
    let tolerated = ["choice.beta_wait_other=-0.15"];
    let came = |rung: &str| {
        lives(&changed(rung, &tolerated), SEEDS, |sim| {
            until(sim, CHANGE + 365);
            let look = |s: &landfall::engine::Sim| {
                [true, false].map(|claim| persons_in(s, Flow::SetOut, Some("one"), Some(claim)))
            };
            let before = look(sim);
            until(sim, CHANGE + 2 * 365);
            let after = look(sim);
            let decisions = sim.levers.decisions[country(sim.setup, "ONE")];
            let wait = sim.world.countries[country(sim.setup, "ONE")].claims.len() as f64 / decisions;
            [after[0] - before[0], after[1] - before[1], wait]
        })
    };
    let (soon, late) = (came(""), came("decisions_per_day = 1.0"));
    assert_above("claims wait for a year", &column(&late, 2), 365.0);
    assert!(mean(&column(&soon, 2)) < 10.0);
    assert_more("the well-founded stay away", &column(&late, 0), &column(&soon, 0));
    assert_more("the others come", &column(&soon, 1), &column(&late, 1));
}

/// A tenth more rejections bring some per cent more irregular entries: those whose claims would be refused come another way
/// (Czaika & Hobolth 2016, European Union Politics 17, find about three per cent; only the direction and the order of
/// magnitude are asked for here). Fewer come in all.
#[test]
fn restriction_diverts_into_irregularity() {
    const SEEDS: u64 = 320;
    // Beside the border, where claims are heard, there is a coast, where nobody asks: dearer, and more dangerous.
    let coast = "
[zones.bay]
area_km2 = 20000.0
patrolled_by = \"ONE\"
disembark_at = \"one\"
patrol_hours_per_day = 0.0
[vessels.boat]
boat_usd = 6000.0
[corridors.boat]
from = \"home\"
to = \"one\"
mode = \"sea\"
zone = \"bay\"
vessel = \"boat\"
duration_days = 1.0
distance_km = 500.0
[routes.coast]
population = \"people\"
destination = \"one\"
corridors = [\"boat\"]
settled = 1000.0
believed_stop = 0.02
believed_death = 0.02
believed_land = 0.7
";
    let lived = |rung: &str| {
        lives(&with_rung(coast, rung, &[]), SEEDS, |sim| {
            until(sim, CHANGE + 90);
            let look = |s: &landfall::engine::Sim| {
                let [refused, recognised] =
                    [Flow::Refused, Flow::Recognised].map(|f| persons_in(s, f, Some("one"), None));
                let entered = all_in(s, Flow::Landed);
                [refused, refused + recognised, entered, all_in(s, Flow::SetOut)]
            };
            let before = look(sim);
            until(sim, CHANGE + 2 * 365);
            let after = look(sim);
            let [refused, decided, landed, all] = [0, 1, 2, 3].map(|i| after[i] - before[i]);
            [refused / decided, landed, all]
        })
    };
    let (lenient, strict) = (lived(""), lived("standard_of_proof = 1.2"));
    let growth = |at: usize| -> Vec<f64> {
        column(&strict, at)
            .iter()
            .zip(column(&lenient, at))
            .map(|(b, a)| landfall::model::math::ln(b / a))
            .collect()
    };
    let [rejected, irregular] = [0, 1].map(growth);
    assert_above("more are rejected", &rejected, 0.05);
    assert_above("more enter irregularly", &irregular, 0.0);
    assert_more("fewer come in all", &column(&strict, 2), &column(&lenient, 2));
    let elasticity = mean(&irregular) / mean(&rejected);
    assert!((0.1..1.0).contains(&elasticity), "elasticity {elasticity}");
}

/// A short crossing that is watched and a long one that is not, to two coasts of one State.
const STRAITS: &str = r#"
[scenario]
title = "Straits"
question = "What does watching one crossing do?"
limits = "Nothing in it is meant to be like anywhere."
start = 2001-01-01
end = 2003-12-31
seed = 1

[switches]
anticipation = false
onward = false
exit_control = false
exit_learning = false

[countries.HOM]
population_millions = 10.0
gdp_per_head_usd = 2000.0
[countries.DES]
population_millions = 10.0
gdp_per_head_usd = 20000.0
[countries.DES.outcomes]

[places.home]
country = "HOM"
[places.near]
country = "DES"
[places.far]
country = "DES"

[zones.strait]
area_km2 = 20000.0
patrolled_by = "DES"
disembark_at = "near"
patrol_hours_per_day = 10.0
[zones.ocean]
area_km2 = 400000.0
patrolled_by = "DES"
disembark_at = "far"
patrol_hours_per_day = 10.0

[vessels.boat]
persons_mean = 10.0
persons_safe = 10.0
distress_per_day = 0.02
boat_usd = 2000.0

[corridors.short]
from = "home"
to = "near"
mode = "sea"
zone = "strait"
vessel = "boat"
duration_days = 1.0
distance_km = 100.0
[corridors.long]
from = "home"
to = "far"
mode = "sea"
zone = "ocean"
vessel = "boat"
duration_days = 4.0
distance_km = 300.0

[populations.people]
home = "home"
households = 240000.0
household_size_shares = [1.0]
well_founded = 0.3
departures_per_thousand_year = 40.0
means = [{ share = 1.0, value = 3000.0 }]
aversion = [{ share = 1.0, value = 1.0 }]

[routes.short]
population = "people"
destination = "near"
corridors = ["short"]
settled = 1000.0
believed_stop = 0.1
believed_stopped = 0.05
believed_death = 0.01
[routes.long]
population = "people"
destination = "far"
corridors = ["long"]
settled = 1000.0
believed_stop = 0.02
believed_stopped = 0.05
believed_death = 0.04

[ladders.sea]
country = "DES"
domain = "sea"
schedule = [{ date = 2002-01-01, rung = "then", credibility = 0.8 }]
[[ladders.sea.rungs]]
name = "now"
[[ladders.sea.rungs.rules]]
on = "interception"
actions = [{ action = "return" }]
[[ladders.sea.rungs.rules]]
on = "rescue"
actions = [{ action = "admit" }]
[[ladders.sea.rungs.rules]]
on = "landing"
actions = [{ action = "admit" }]
[[ladders.sea.rungs]]
name = "then"
"#;

/// The straits, with what the second year brings: patrol hours, and what is done with those stopped.
fn straits(hours: f64, stopped: &str, changes: &[&str]) -> Setup {
    let then = format!(
        "patrol_hours_per_day = {{ strait = {hours:.1} }}
[[ladders.sea.rungs.rules]]
on = \"interception\"
actions = [{{ action = \"{stopped}\" }}]
[[ladders.sea.rungs.rules]]
on = \"rescue\"
actions = [{{ action = \"admit\" }}]
[[ladders.sea.rungs.rules]]
on = \"landing\"
actions = [{{ action = \"admit\" }}]
"
    );
    // People hear of each other as they would in a flow several times as large.
    let heard = ["beliefs.outcome_weight=0.1"];
    scenario(&format!("{STRAITS}{then}"), &[&heard, changes].concat())
}

/// Attempts by each route in the year before the change and in the second half of the year after it, as rates a year;
/// the share of vessels' people stopped on the short route then; deaths and attempts over the year after.
fn attempts(setup: &Setup, seeds: u64) -> Vec<[f64; 7]> {
    let tried = |s: &landfall::engine::Sim, at: &str| {
        [Flow::SetOut, Flow::Reattempted].iter().map(|&f| persons_in(s, f, Some(at), None)).sum::<f64>()
    };
    lives(setup, seeds, |sim| {
        until(sim, CHANGE);
        let (short, long) = (tried(sim, "near"), tried(sim, "far"));
        let dead = all_in(sim, Flow::DiedAtSea);
        until(sim, CHANGE + 183);
        let half =
            (tried(sim, "near"), tried(sim, "far"), persons_in(sim, Flow::Interdicted, Some("strait"), None));
        until(sim, CHANGE + 365);
        let end =
            (tried(sim, "near"), tried(sim, "far"), persons_in(sim, Flow::Interdicted, Some("strait"), None));
        let (late_short, late_long) = ((end.0 - half.0) * 2.0, (end.1 - half.1) * 2.0);
        let stopped = (end.2 - half.2) / (end.0 - half.0);
        let all = end.0 + end.1 - short - long;
        [short, long, late_short, late_long, stopped, all_in(sim, Flow::DiedAtSea) - dead, all]
    })
}

/// A route closes within a year, by nine tenths and more, only where being stopped is near certain and leads nowhere; and
/// what closes moves people to another route. The recorded case is this project's own: 37,191 Cubans were interdicted in
/// 1994 and 617 in 1995, after those stopped were no longer admitted. The weight of protection is the one estimated on that
/// record; at the smaller one assumed by default three quarters stay away, and no route closes.
#[test]
fn a_route_closes_only_where_being_stopped_is_near_certain_and_leads_nowhere() {
    const SEEDS: u64 = 16;
    let weight = ["choice.beta_protection=5.5"];
    let nowhere = attempts(&straits(1500.0, "return", &weight), SEEDS);
    let by_chance = attempts(&straits(100.0, "return", &weight), SEEDS);
    let somewhere = attempts(&straits(1500.0, "admit", &weight), SEEDS);
    let left = |l: &[[f64; 7]]| -> Vec<f64> { l.iter().map(|l| l[2] / l[0]).collect() };
    assert!(mean(&column(&nowhere, 4)) > 0.9, "near certain");
    assert!(mean(&left(&nowhere)) < 0.1, "{}", mean(&left(&nowhere)));
    assert!((0.2..0.6).contains(&mean(&column(&by_chance, 4))), "by chance");
    assert_above("half chances do not close it", &left(&by_chance), 0.1);
    assert_above("nor does being stopped where it leads ashore", &left(&somewhere), 0.9);
    assert_more("another route is taken", &column(&nowhere, 1), &column(&nowhere, 3));
}

/// More interdiction on the short crossing: fewer attempts, and more deaths for each of them, because those who still go
/// take the longer way (Hoffmann Pham & Komiyama 2024, PLOS ONE, on the choice among crossings of the central
/// Mediterranean).
#[test]
fn more_interdiction_lowers_attempts_and_raises_deaths_for_each() {
    const SEEDS: u64 = 64;
    let (few, many) =
        (attempts(&straits(10.0, "return", &[]), SEEDS), attempts(&straits(400.0, "return", &[]), SEEDS));
    let deadliness = |l: &[[f64; 7]]| -> Vec<f64> { l.iter().map(|l| l[5] / l[6]).collect() };
    assert_more("fewer attempts", &column(&many, 6), &column(&few, 6));
    assert_more("more deaths for each", &deadliness(&few), &deadliness(&many));
}
