//! The promise: what parties to an arrangement gain, pledge, deliver and pay adds up, at any age of it, and whether or not
//! a run was interrupted.

mod common;
#[path = "common/region.rs"]
mod region;
#[path = "common/stylised.rs"]
mod stylised;

use common::{begin, run, scenario};
use landfall::engine::Sim;
use landfall::model::arrangement::Phase;
use landfall::scenario::Setup;
use landfall::snapshot::{decode, digest, encode};
use landfall::world::Flow;
use region::{REGION, every_instrument, region_with};
use stylised::{all_in, country, until};

/// The region under one instrument of the list, with changes.
fn under(key: &str, changes: &[&str]) -> Setup {
    let list = every_instrument();
    let (_, text) = list.iter().find(|(k, _)| *k == key).expect("an instrument of the list");
    scenario(&region_with(&[text]), changes)
}

/// Detention without a number of places costs nothing a place: what a payer gains is a number, and those who gain agree.
#[test]
fn containment_can_be_bargained_over() {
    let text = region_with(&[&every_instrument()
        .into_iter()
        .find(|(key, _)| *key == "containment")
        .expect("containment")
        .1
        .replace("in_force = 2001-02-01", "steering = \"endogenous\"")
        .replace("[\"FIR\", \"SEC\", \"THI\", \"FOU\"]", "[\"FIR\", \"SEC\"]")]);
    let setup = scenario(&text, &["bargaining.threshold=-1.0"]);
    let sim = run(&setup, 200);
    let state = &sim.world.arrangements[0];
    assert!(state.gains.iter().all(|gain| gain.is_finite()), "{:?}", state.gains);
    assert_eq!(state.phase, Phase::InForce);
    assert!(all_in(&sim, Flow::Detained) > 0.0);
}

/// What one State pays for the care of people in another is what the other receives; the recipient pays nothing.
#[test]
fn what_is_paid_is_received() {
    let paid = |setup: &Setup, name: &str| {
        let sim = run(setup, 500);
        let state = &sim.world.countries[country(setup, name)];
        (state.paid_usd, state.received_usd)
    };
    let one_pays = under("care_grant", &[]);
    let (received, by) = (paid(&one_pays, "FIR").1, paid(&one_pays, "SEC").0);
    assert!(received > 1e6 && (by / received - 1.0).abs() < 1e-9, "{by} for {received}");
    let all = region_with(&[&every_instrument()
        .into_iter()
        .find(|(key, _)| *key == "care_grant")
        .expect("a grant")
        .1
        .replace("by = \"SEC\"\n", "")]);
    let all_pay = scenario(&all, &[]);
    assert_eq!(paid(&all_pay, "FIR").0, 0.0);
    for name in ["SEC", "THI", "FOU"] {
        assert!((paid(&all_pay, name).0 * 3.0 / received - 1.0).abs() < 1e-9, "{name}");
    }
}

/// All money of an instrument is in the account of those who pay, from the first day and for as long as it is spent: what it
/// builds takes longer, or stays.
#[test]
fn money_is_paid_while_it_is_spent() {
    let paid = |key: &str, changes: &[&str], days: u32| {
        let setup = under(key, changes);
        run(&setup, days).world.countries.iter().map(|c| c.paid_usd).sum::<f64>()
    };
    // In force since the first of February.
    let years = |days: u32| f64::from(days - 31) / 365.25;
    for (key, per_year) in [
        ("care_grant", 2e6),
        ("infrastructure", 2e6),
        ("fund", 1e6),
        ("third_country_projects", 5e5),
        ("containment", 1e6),
    ] {
        let due = per_year * years(396);
        let money = paid(key, &[], 396);
        assert!((money / due - 1.0).abs() < 0.01, "{key}: {money} of {due}");
    }
    let over = ["arrangements.infrastructure.infrastructure.years=1.0"];
    let [after_one, after_two] = [440, 760].map(|days| paid("infrastructure", &over, days));
    assert_eq!(after_one, after_two);
    assert!((after_one / 2e6 - 1.0).abs() < 0.03, "{after_one}");
}

/// Delivery never stands still, so levers move for as long as an arrangement is in force: also in a run taken up again.
#[test]
fn a_run_stopped_late_in_delivery_ends_the_same() {
    let setup = under("infrastructure", &["arrangements.infrastructure.delivery_days=5.0"]);
    let whole = digest(&run(&setup, 500).world);
    for stop in [100, 203, 350] {
        let mut resumed = Sim::new(&setup, decode(&encode(&run(&setup, stop).world)).expect("just written"));
        until(&mut resumed, 500);
        assert_eq!(digest(&resumed.world), whole, "stopped before day {stop}");
    }
}

/// The region with more places in reception built by whoever joins, one State after another.
fn joining(changes: &[&str]) -> Setup {
    let text = format!(
        "{REGION}
[[arrangements]]
name = \"building\"
parties = [\"FIR\"]
optional = [\"SEC\", \"THI\"]
in_force = 2001-02-01
delivery_days = 100.0
crowd_delay = 1.0
[arrangements.solidarity_programme]
from = [\"first\"]
resettlement = [{{ to = \"second\", places_per_year = 100.0 }}, {{ to = \"third\", places_per_year = 100.0 }}]
"
    );
    scenario(&text, changes)
}

/// A State that joins late delivers after it has joined, and undoes nothing of what others have delivered.
#[test]
fn a_late_pledge_is_delivered_late_and_undoes_nothing() {
    let setup = joining(&["bargaining.w_fairness=0.0", "bargaining.threshold=0.8"]);
    let mut sim = begin(&setup);
    let mut before = [0.0; 3];
    let mut joined = [None; 3];
    for day in 0..900_u32 {
        sim.step();
        let state = &sim.world.arrangements[0];
        let effect = landfall::engine::levers::effect(&setup, 0, state, day);
        for party in 0..3 {
            let delivered =
                effect.delivered(&setup.arrangements[0], Some(setup.arrangements[0].parties[party]));
            assert!(delivered >= before[party], "party {party} on day {day}");
            before[party] = delivered;
            if joined[party].is_none() && state.pledged[party] > 0.0 {
                joined[party] = Some(day);
                assert!(delivered < 0.01 * state.pledged[party], "{delivered} at once on day {day}");
            }
        }
    }
    let late = joined.iter().flatten().max().expect("somebody joined");
    assert!(*late > 31 + 60, "nobody joined late: {joined:?}");
}

/// To have pledged little, or not to have joined, breaks no word: trust falls by what was pledged and is not delivered.
#[test]
fn little_pledged_breaks_no_word() {
    let trust = |changes: &[&str]| {
        let setup = joining(changes);
        run(&setup, 900).world.arrangements[0].trust.mean()
    };
    let prompt = "arrangements.building.delivery_days=0.0";
    // Nobody else ever joins; all that was pledged is delivered.
    assert!(trust(&["bargaining.threshold=20.0", prompt]) > 0.8);
    assert!(
        trust(&["bargaining.threshold=-20.0", prompt, "arrangements.building.pledges_delivered=0.2"]) < 0.5
    );
}

/// An arrangement that was suspended when it ended is no success to be encouraged by; one that was kept is.
#[test]
fn only_what_was_kept_to_the_end_is_a_success() {
    let successes = |changes: &[&str]| {
        let setup = under("care_grant", changes);
        run(&setup, 400).world.countries.iter().map(|c| c.successes).sum::<u32>()
    };
    let ends = "arrangements.care_grant.ends=2001-12-01";
    assert_eq!(successes(&[ends]), 4);
    assert_eq!(successes(&[ends, "arrangements.care_grant.suspended=2001-10-01"]), 0);
}

/// A border that is announced to close is reckoned with by those who come by land: more set out before it does.
#[test]
fn a_closing_border_is_anticipated_by_land() {
    let text = format!(
        "{REGION}
[ladders.border]
country = \"FIR\"
domain = \"border\"
schedule = [{{ date = 2002-01-01, rung = \"closed\" }}]
[[ladders.border.rungs]]
name = \"open\"
[[ladders.border.rungs]]
name = \"closed\"
openness = {{ first = 0.05 }}
[[events]]
date = 2001-12-01
kind = \"expected_change\"
ladder = \"border\"
rung = \"closed\"
until = 2002-01-01
days = 31
"
    );
    let out = |anticipation: bool| {
        let setup = scenario(&text, &[&format!("switches.anticipation={anticipation}")]);
        let mut sim = begin(&setup);
        until(&mut sim, 334);
        let before = all_in(&sim, Flow::SetOut);
        until(&mut sim, 365);
        all_in(&sim, Flow::SetOut) - before
    };
    let (warned, unwarned) = (out(true), out(false));
    assert!(warned > 1.3 * unwarned, "{warned} and {unwarned}");
}

/// The region with a key that nobody ever agrees to, because the threshold is out of reach: what the first country has to gain
/// by fairness alone, two years on.
fn gain_by_key(rule: &str, changes: &[&str]) -> f64 {
    let text = format!(
        "{REGION}
[[arrangements]]
name = \"key\"
parties = [\"FIR\", \"SEC\", \"THI\", \"FOU\"]
steering = \"endogenous\"
diplomatic_cost = 0.0
[arrangements.responsibility_rule]
members = [\"FIR\", \"SEC\", \"THI\", \"FOU\"]
rule = \"{rule}\"
"
    );
    let only = ["reciprocity", "community", "crisis", "commitment"].map(|w| format!("bargaining.w_{w}=0.0"));
    let mut all: Vec<&str> = only.iter().map(String::as_str).collect();
    all.extend([
        "bargaining.threshold=20.0",
        "bargaining.w_fairness=1.0",
        "pressure.stock_scale_per_million=200.0",
    ]);
    all.extend(changes);
    let setup = scenario(&text, &all);
    let sim = run(&setup, 730);
    assert_eq!(sim.world.arrangements[0].phase, Phase::Proposed);
    sim.world.arrangements[0].gains[0]
}

/// A State that carries more than its part gains by a key that would assign claims to others; by a rule under which claims
/// stay where they are lodged it gains nothing.
#[test]
fn a_key_is_fair_to_the_frontier() {
    let key = gain_by_key("distribution_key", &[]);
    assert!(key > 0.1, "{key}");
    assert_eq!(gain_by_key("free_choice", &[]), 0.0);
}

/// Fairness has a scale: the same shares of next to nobody move no State.
#[test]
fn a_handful_of_people_moves_nobody_by_fairness() {
    let few = gain_by_key("distribution_key", &["populations.people.departures_per_thousand_year=0.2"]);
    assert!(few > 0.0 && few < 0.01, "{few}");
}

/// What parties agreed to by their own choice ends on its date, and is not taken up again.
#[test]
fn what_parties_chose_ends_on_its_date() {
    let endogenous = ["arrangements.care_grant.steering=endogenous", "bargaining.threshold=-20.0"];
    let phase = |changes: &[&str], days: u32| {
        let mut all = endogenous.to_vec();
        all.extend(changes);
        let setup = under("care_grant", &all);
        run(&setup, days).world.arrangements[0].phase
    };
    let ends = "arrangements.care_grant.ends=2001-12-01";
    assert_eq!(phase(&[ends], 334), Phase::InForce);
    assert_eq!([phase(&[ends], 335), phase(&[ends], 700)], [Phase::Ended; 2]);
    assert_eq!(phase(&[], 700), Phase::InForce);
}
