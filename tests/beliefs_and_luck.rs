//! The promise: in the engine, and not only in the rules, what has a hazard happens as often as the hazard says, each
//! cause in its proportion, after waits without memory; and beliefs move with news alone, on the branch the news is
//! about, and fall back at the pace they are said to.

mod common;

use common::{bare, begin, cell, run, tiny, transitions};
use landfall::experiment::member::with_seed;
use landfall::model::math::event_probability;
use landfall::scenario::Setup;
use landfall::world::{Cell, RouteId, Status};
use std::collections::BTreeMap;

const YEAR_DAYS: f64 = 365.25;

/// Many people in one cell, whence they leave by three causes with known hazards.
fn exposed() -> Setup {
    bare(&[
        "populations.people.households=8000.0",
        "countries.DES.outcomes.lodging_per_year=6.0",
        "countries.DES.outcomes.regularising_per_year=3.0",
        "countries.DES.outcomes.voluntary_return_per_year=2.0",
        "countries.DES.outcomes.found_per_year=0.0",
        "switches.reattempts=false",
    ])
}

const HAZARDS_PER_YEAR: [(Status, f64); 3] =
    [(Status::Claimant, 6.0), (Status::Settled, 3.0), (Status::ReturnedHome, 2.0)];

/// A spell in a cell: first day, and if it ended the day and whereto.
type Spell = (u32, Option<(u32, Status)>);

/// Spells in a cell in which at least a day passed.
fn spells(setup: &Setup, days: u32, of: Cell) -> Vec<Spell> {
    let mut began: BTreeMap<(u16, u32), u32> = BTreeMap::new();
    let mut spells = Vec::new();
    for t in transitions(setup, days) {
        let who = (t.group.0, t.ordinal);
        if t.from == Some(of) {
            let since = began.remove(&who).expect("who leaves a cell has come to it");
            // Arrived and dealt with on the same day: no day in the cell has passed.
            if t.day > since {
                spells.push((since, Some((t.day, t.to.status()))));
            }
        }
        if t.to == of {
            began.insert(who, t.day);
        }
    }
    spells.extend(began.into_values().map(|since| (since, None)));
    spells
}

/// Spells of undocumented people over some seeds, and the length of a run.
fn sample() -> (Vec<Spell>, u32) {
    let setup = exposed();
    let undocumented = cell(&setup, "there", Status::Undocumented);
    let days = setup.days;
    let seeds = (1..=6).map(|seed| with_seed(&setup, seed));
    (seeds.flat_map(|s| spells(&s, days, undocumented)).collect(), days)
}

#[test]
fn what_has_a_hazard_happens_as_often_as_it_says() {
    let (spells, days) = sample();
    let total: f64 = HAZARDS_PER_YEAR.iter().map(|h| h.1).sum::<f64>() / YEAR_DAYS;
    let p = event_probability(total);
    // A spell that began on day a is exposed on days a + 1 to the day it ends, or to the last day.
    let trials: f64 = spells.iter().map(|s| f64::from(s.1.map_or(days - 1, |e| e.0) - s.0)).sum();
    let events = spells.iter().filter(|s| s.1.is_some()).count() as f64;
    let z = (events - trials * p) / (trials * p * (1.0 - p)).sqrt();
    assert!(events > 10_000.0, "too few events: {events}");
    assert!(z.abs() < 5.0, "{events} events of {trials} days at p = {p}: {z:.1} standard deviations");
    for (status, per_year) in HAZARDS_PER_YEAR {
        let of_all = spells.iter().filter(|s| s.1.is_some_and(|e| e.1 == status)).count() as f64;
        let share = per_year / YEAR_DAYS / total;
        let z = (of_all - events * share) / (events * share * (1.0 - share)).sqrt();
        assert!(z.abs() < 5.0, "{}: {of_all} of {events}, {z:.1} standard deviations", status.name());
    }
}

#[test]
fn waits_have_no_memory() {
    let (spells, days) = sample();
    let total: f64 = HAZARDS_PER_YEAR.iter().map(|h| h.1).sum::<f64>() / YEAR_DAYS;
    let q = 1.0 - event_probability(total);
    const WIDTH: u32 = 6;
    const BINS: usize = 24;
    // Only spells that could have lasted through all bins, so that none is cut off by the end.
    let whole: Vec<_> = spells.iter().filter(|s| s.0 + WIDTH * BINS as u32 + 1 < days).collect();
    let mut seen = [0.0; BINS + 1];
    for &&(since, end) in &whole {
        let bin = end.map_or(BINS, |e| ((e.0 - since - 1) / WIDTH) as usize);
        seen[bin.min(BINS)] += 1.0;
    }
    let n = whole.len() as f64;
    let last_longer = (0..WIDTH).fold(1.0, |share, _| share * q);
    let (mut chi2, mut beyond) = (0.0, 1.0);
    for (bin, &count) in seen.iter().enumerate() {
        let expected = if bin == BINS { n * beyond } else { n * beyond * (1.0 - last_longer) };
        beyond *= last_longer;
        assert!(expected > 20.0, "bin {bin} too thin");
        chi2 += (count - expected) * (count - expected) / expected;
    }
    // 24 degrees of freedom: 70 is beyond the 99.9997th percentile; below 6 the waits would be too regular.
    assert!((6.0..70.0).contains(&chi2), "χ² = {chi2} with {BINS} degrees of freedom, n = {n}");
}

/// The cause of what happened to one person on one day says nothing of the next person's.
#[test]
fn causes_of_neighbours_are_independent() {
    let setup = exposed();
    let undocumented = cell(&setup, "there", Status::Undocumented);
    let mut by_person: BTreeMap<u32, bool> = BTreeMap::new();
    for t in transitions(&setup, setup.days) {
        if t.from == Some(undocumented) {
            by_person.insert(t.ordinal, t.to.status() == Status::Claimant);
        }
    }
    let causes: Vec<bool> = by_person.into_values().collect();
    let share = causes.iter().filter(|&&c| c).count() as f64 / causes.len() as f64;
    let alike = causes.windows(2).filter(|w| w[0] == w[1]).count() as f64;
    let n = (causes.len() - 1) as f64;
    let expected = share * share + (1.0 - share) * (1.0 - share);
    let z = (alike - n * expected) / (n * expected * (1.0 - expected)).sqrt();
    assert!(n > 2000.0 && z.abs() < 5.0, "{alike} of {n} neighbours alike: {z:.1} standard deviations");
}

fn route(setup: &Setup, name: &str) -> RouteId {
    RouteId::at(setup.routes.iter().position(|r| r.name == name).expect("a route of the tiny scenario"))
}

#[test]
fn without_learning_and_announcements_nobody_changes_their_mind() {
    let setup = tiny(&["switches.learning=false", "switches.announcements=false"]);
    let before = begin(&setup).world.routes;
    let after = run(&setup, setup.days).world.routes;
    for (b, a) in before.iter().zip(&after) {
        for (b, a) in [(b.stop, a.stop), (b.death, a.death), (b.land, a.land), (b.stopped, a.stopped)] {
            assert_eq!(b, a);
        }
        assert_eq!(b.common, a.common);
    }
}

/// Without patrols nobody is stopped: that becomes known, and of what follows being stopped there is no news.
#[test]
fn a_branch_without_news_does_not_move() {
    let setup = tiny(&[
        "switches.patrols=false",
        "switches.distress=false",
        "switches.announcements=false",
        "beliefs.outcome_weight=0.5",
    ]);
    let raft = route(&setup, "south_raft").index();
    let before = begin(&setup).world.routes[raft].clone();
    let mut sim = begin(&setup);
    for _ in 0..setup.days {
        sim.step();
        let now = &sim.world.routes[raft];
        assert!((now.stopped.mean() - before.stopped.mean()).abs() < 1e-12, "day {}", sim.world.day);
    }
    let now = &sim.world.routes[raft];
    assert!(
        now.stop.mean() < 0.5 * before.stop.mean(),
        "that nobody is stopped is hardly known: {:?}",
        now.stop
    );
    assert!(now.death.mean() < before.death.mean(), "nor that nobody dies");
}

/// An announcement moves the belief it is about towards what is said, by more the more it is believed, and what it
/// moved falls back by half in the half-life, to the common knowledge it has become part of.
#[test]
fn an_announcement_is_heard_and_forgotten() {
    let with = |credibility: f64| {
        let set = format!("events.0.credibility={credibility}");
        tiny(&[&set, "switches.learning=false", "switches.policy=false", "beliefs.half_life_days=40.0"])
    };
    let (none, some, full) = (with(0.0), with(0.4), with(1.0));
    let raft = route(&none, "south_raft").index();
    let day = none.events[0].first;
    let after = |setup: &Setup| run(setup, day + 1).world.routes[raft].stopped.mean();
    let said = none.events[0].value;
    assert!(after(&none) > after(&some) && after(&some) > after(&full) && after(&full) > said);
    let before = run(&full, day).world.routes[raft].clone();
    assert_eq!(before.stopped, begin(&full).world.routes[raft].stopped, "not heard before it is said");

    let strength = full.scenario.beliefs.prior_strength;
    let beyond_common = |days: u32| {
        let state = run(&full, days).world.routes[raft].clone();
        state.stopped.a + state.stopped.b - strength
    };
    let (at_once, later) = (beyond_common(day + 1), beyond_common(day + 41));
    assert!(at_once > 1.0, "weight of what was said: {at_once}");
    assert!((later / at_once - 0.5).abs() < 1e-9, "{later} of {at_once} is left after a half-life");
    let other = route(&full, "west_road").index();
    let west = |days: u32| run(&full, days).world.routes[other].stopped;
    assert_eq!(west(day + 1), west(0), "a route nobody spoke of");
}

/// Word of an open exit spreads from those who get away: faster where more do, at once where learning is switched
/// off, and never beyond what is open.
#[test]
fn an_open_exit_is_learnt_from_those_who_leave() {
    let known = |changes: &[&str], days: u32| {
        let setup = tiny(changes);
        let raft = route(&setup, "south_raft").index();
        let sim = run(&setup, days);
        let (known, open) = (sim.world.routes[raft].known_exit, sim.levers.exit[raft]);
        assert!((0.0..=1.0).contains(&known), "known {known}, open {open}");
        (known, open)
    };
    let setup = tiny(&[]);
    let opening = setup.ladders.iter().find(|l| l.name == "exit").map_or(0, |l| l.schedule[0].0) as u32;
    let (before, closed) = known(&[], opening);
    let (after, open) = known(&[], opening + 20);
    assert!(closed < open, "the exit opens");
    assert!(before <= closed + 1e-9 && after > before, "known {before}, then {after}");
    let (few, _) = known(&["setting_out.exit_learning_half_households=1000.0"], opening + 20);
    assert!(few < after, "word spreads more slowly where it takes more people: {few} against {after}");
}
