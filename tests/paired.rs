//! The promise: two worlds share their luck. Identical scenarios differ by exactly nothing; where nothing feeds back,
//! a change at one State leaves the lives of those it does not touch as they were, to the day; and where people are
//! nowhere less inclined to set out, those who set out are a superset, none of them later.

mod common;

use common::{scenario, tiny, transitions};
use landfall::engine::Transition;
use landfall::experiment::member::{run_member, with_seed};
use landfall::scenario::Setup;
use landfall::scenario::format::Measure;
use landfall::world::Flow;
use std::collections::BTreeMap;

/// Whatever carries news, crowding or politics from some people to others is switched off.
const NO_FEEDBACK: [&str; 13] = [
    "switches.magnet=false",
    "switches.learning=false",
    "switches.announcements=false",
    "switches.anticipation=false",
    "switches.exit_learning=false",
    "switches.orderly_channel=false",
    "switches.networks=false",
    "switches.saturation=false",
    "switches.evasion=false",
    "switches.smuggling=false",
    "switches.pressure=false",
    "switches.capacity=false",
    "switches.onward=false",
];

/// The tiny scenario without feedback, in which those from the west go to the east only.
fn apart(changes: &[&str]) -> Setup {
    let text = common::TINY.replace(
        "destination = \"north\"\ncorridors = [\"road\", \"rail\"]",
        "destination = \"east\"\ncorridors = [\"road\"]",
    );
    assert_ne!(text, common::TINY, "the route through the east is found");
    let mut all = NO_FEEDBACK.to_vec();
    all.extend(["ladders.procedure.steering=\"dated\"", "ladders.exit.endogenous_from=2002-12-31"]);
    all.extend(changes);
    scenario(&text, &all)
}

/// The transitions of one population.
fn of<'t>(setup: &Setup, all: &'t [Transition], population: &str) -> Vec<&'t Transition> {
    let named =
        |t: &&Transition| setup.populations[setup.group(t.group).population.index()].name == population;
    all.iter().filter(named).collect()
}

#[test]
fn identical_scenarios_differ_by_exactly_nothing() {
    let (a, b) = (tiny(&[]), tiny(&[]));
    let days = a.days;
    assert_eq!(transitions(&a, days), transitions(&b, days));
    let (one, other) = (run_member(&a, days), run_member(&b, days));
    for &measure in Measure::ALL {
        for day in 0..days as usize {
            let difference = one.over(measure, None, day, day) - other.over(measure, None, day, day);
            assert_eq!(difference, 0.0, "{measure:?}, day {day}");
        }
    }
}

/// Countries, places and routes may be written in any order: luck goes by name.
#[test]
fn the_order_of_writing_changes_nobodys_luck() {
    let before = apart(&[]);
    let table = "[populations.south]";
    let (start, end) =
        (common::TINY.find(table).unwrap_or(0), common::TINY.find("[populations.west]").unwrap_or(0));
    assert!(0 < start && start < end);
    let south = &common::TINY[start..end];
    let text = common::TINY
        .replace(south, "")
        .replace("[routes.south_raft]", &format!("{south}\n[routes.south_raft]"));
    let text = text.replace(
        "destination = \"north\"\ncorridors = [\"road\", \"rail\"]",
        "destination = \"east\"\ncorridors = [\"road\"]",
    );
    let mut all = NO_FEEDBACK.to_vec();
    all.extend(["ladders.procedure.steering=\"dated\"", "ladders.exit.endogenous_from=2002-12-31"]);
    let after = scenario(&text, &all);
    assert_eq!(after.populations[0].name, "west", "the order has changed");
    for population in ["south", "west"] {
        let lives = |setup: &Setup| {
            let all = transitions(setup, setup.days);
            let named = of(setup, &all, population);
            let first = setup.populations.iter().find(|p| p.name == population).map_or(0, |p| p.groups.start);
            let mut lives: Vec<_> = named
                .iter()
                .map(|t| (t.day, t.group.index() - first, t.ordinal, t.from, t.to, t.flow))
                .collect();
            lives.sort_by_key(|l| (l.0, l.1, l.2));
            lives
        };
        assert_eq!(lives(&before), lives(&after), "{population}");
    }
}

#[test]
fn a_change_at_one_state_does_not_touch_those_who_never_meet_it() {
    let plain = apart(&[]);
    let before = transitions(&plain, plain.days);
    for (changed, touched, untouched) in [
        ("ladders.border.rungs.1.openness.east=0.1", "west", "south"),
        ("countries.EST.decisions_per_day=5.0", "west", "south"),
        ("countries.EST.outcomes.found_per_year=20.0", "west", "south"),
        ("zones.strait.boarding=0.3", "south", "west"),
        ("ladders.sea.rungs.3.rules.0.actions.0.action=\"hold\"", "south", "west"),
        ("ladders.procedure.rungs.0.standard_of_proof=-2.0", "south", "west"),
        ("populations.south.departures_per_thousand_year=90.0", "south", "west"),
        ("routes.west_road.exit=0.5", "west", "south"),
    ] {
        let other = apart(&[changed, "switches.exit_control=true"]);
        let after = transitions(&other, other.days);
        let (same, same_after) = (of(&plain, &before, untouched), of(&other, &after, untouched));
        assert!(same.len() > 1000, "{changed}: too little happens for this to mean much");
        assert!(same == same_after, "{changed}: lives of people from the {untouched} changed");
        assert!(of(&plain, &before, touched) != of(&other, &after, touched), "{changed}: not felt at all");
    }
}

/// By person, the day of setting out for the first time, and where to.
fn first_departures(all: &[Transition]) -> BTreeMap<(u16, u32), u32> {
    all.iter().filter(|t| t.from.is_none()).map(|t| ((t.group.0, t.ordinal), t.day)).collect()
}

fn is_superset_nowhere_later(more: &Setup, less: &Setup, days: u32, at_least: f64) {
    let (more, less) =
        (first_departures(&transitions(more, days)), first_departures(&transitions(less, days)));
    assert!(less.len() > 500, "too few set out: {}", less.len());
    for (who, &day) in &less {
        let sooner =
            more.get(who).unwrap_or_else(|| panic!("{who:?} sets out only where fewer are inclined to"));
        assert!(*sooner <= day, "{who:?} sets out on day {sooner}, not on day {day}");
    }
    let ratio = more.len() as f64 / less.len() as f64;
    assert!(ratio >= at_least, "only {ratio} times as many set out");
}

/// Beliefs that are better than at the reference from an announcement on and never worse: a stronger magnet can only
/// add.
#[test]
fn a_stronger_magnet_only_adds() {
    let with = |magnet: f64| {
        let south = format!("populations.south.magnet_other={magnet}");
        let founded = format!("populations.south.magnet_well_founded={magnet}");
        tiny(&[
            &south,
            &founded,
            "events.0.value=1.0",
            "events.0.credibility=1.0",
            "beliefs.announcement_strength=50.0",
            "beliefs.common_half_life_days=36500.0",
            "beliefs.punishment_weight=0.0",
            "countries.SUD.takes_back=true",
            "journeys.returned_years=20.0",
            "populations.south.growth_per_year=0.0",
            "switches.learning=false",
            "switches.policy=false",
            "switches.arrangements=false",
            "switches.networks=false",
            "switches.anticipation=false",
            "switches.exit_learning=false",
            "switches.exit_control=false",
            "switches.orderly_channel=false",
            "switches.smuggling=false",
        ])
    };
    is_superset_nowhere_later(&with(0.9), &with(0.1), 500, 1.1);
}

#[test]
fn a_higher_intensity_only_adds() {
    let with = |departures: u32| {
        let set = format!("populations.south.departures_per_thousand_year={departures}.0");
        apart(&[&set, "journeys.returned_years=20.0", "populations.south.growth_per_year=0.0"])
    };
    is_superset_nowhere_later(&with(66), &with(60), 700, 1.03);
}

/// Two ways to one place: making one better moves people into it and nobody out of it, and leaves the rest alone.
#[test]
fn a_better_route_draws_people_and_loses_none() {
    let choices = |constant: f64| {
        let set = format!("routes.south_launch.constant={constant}");
        let setup = apart(&[
            &set,
            "populations.south.growth_per_year=0.0",
            "journeys.returned_years=20.0",
            "switches.exit_control=false",
        ]);
        let mut sim = common::begin(&setup);
        let launch = setup.routes.iter().position(|r| r.name == "south_launch").unwrap_or(0) as u16;
        let mut chosen = BTreeMap::new();
        for _ in 0..300 {
            sim.step();
            for (group, state) in sim.world.groups.iter().enumerate() {
                for chunk in state.crowd.chunks.iter().chain(&state.back.rows.chunks) {
                    for (row, &ordinal) in chunk.ordinal.iter().enumerate() {
                        let record = chunk.people[row].record;
                        if record.attempts() == 1 {
                            chosen.insert((group, ordinal), record.route == launch);
                        }
                    }
                }
            }
        }
        chosen
    };
    let (before, after) = (choices(0.0), choices(0.7));
    assert_eq!(before.len(), after.len(), "with the magnet off as many set out");
    assert!(before.len() > 1000);
    let moved = before.iter().filter(|(who, launch)| after[who] != **launch).count();
    let lost = before.iter().filter(|(who, launch)| **launch && !after[who]).count();
    assert_eq!(lost, 0, "people left the route that became better");
    assert!(moved > 20, "hardly anybody moved: {moved}");
}

/// Luck re-keyed is other luck, with the same means: what a paired difference is held against.
#[test]
fn luck_rekeyed_differs_and_agrees_on_average() {
    let setup = apart(&[]);
    let set_out = |seed: u64, measure: Measure| {
        run_member(&with_seed(&setup, seed), setup.days).over(measure, None, 0, setup.days as usize)
    };
    for measure in [Measure::SetOut, Measure::Landed, Measure::Interdicted, Measure::Returned] {
        let sample =
            |from: u64| -> Vec<f64> { (from..from + 40).map(|seed| set_out(seed, measure)).collect() };
        let (one, other) = (sample(1000), sample(2000));
        assert_ne!(one, other, "{measure:?}: re-keyed luck gave the same runs");
        let (mean, variance) = common::mean_variance(&one);
        assert!(mean > 50.0 && variance > 0.0, "{measure:?}: mean {mean}, variance {variance}");
        let z = common::z_between(&one, &other);
        assert!(z.abs() < 4.5, "{measure:?}: {z:.1} standard errors between two sets of seeds");
    }
}

/// The counts of flows are those of the transitions, so that what holds of the one holds of the other.
#[test]
fn flows_are_the_sums_of_transitions() {
    let setup = tiny(&[]);
    let mut sim = common::begin(&setup);
    sim.transitions = Some(Vec::new());
    (0..setup.days).for_each(|_| sim.step());
    let all = sim.transitions.take().unwrap_or_default();
    for flow in
        [Flow::Interdicted, Flow::Reattempted, Flow::Claimed, Flow::DiedAtSea, Flow::Removed, Flow::Settled]
    {
        let counted = u64::from(common::counted(&sim, flow, None));
        let happened = all.iter().filter(|t| t.flow == Some(flow)).count() as u64;
        assert_eq!(counted, happened, "{}", flow.name());
        assert!(happened > 0, "nobody ever {}", flow.name());
    }
}
