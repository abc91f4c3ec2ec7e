//! The promise: a run is a function of the scenario and its seed. The number of threads changes no byte of it, nor
//! does stopping it, on any day and as often as one likes, and going on from the stored bytes.

mod common;

use common::{begin, run, tiny, us_cuba};
use landfall::engine::scatter::Scatter;
use landfall::engine::{Sim, Transition};
use landfall::observe::Daily;
use landfall::scenario::Setup;
use landfall::scenario::format::Measure;
use landfall::snapshot::{decode, digest, encode};
use landfall::world::{Cell, Chunk, GroupId, NEVER};
use rayon::ThreadPoolBuilder;

/// So many people with a row, or more, are looked at by several threads (the engine's own bound is no higher).
const LOOKED_AT_IN_PARALLEL: usize = 65_536;

/// The tiny scenario with so many people under way that threads share the work.
fn crowded() -> Setup {
    tiny(&[
        "populations.south.households=300000.0",
        "populations.west.households=300000.0",
        "populations.south.departures_per_thousand_year=900.0",
        "populations.west.departures_per_thousand_year=900.0",
        "ladders.exit.schedule.0.date=2001-01-05",
        "setting_out.exit_learning_half_households=1.0",
        "places.camp.capacity=30000.0",
        "zones.strait.places_aboard=30000.0",
        "countries.NOR.decisions_per_day=40.0",
    ])
}

/// Everything a run gives: the last world, the measures of every day, every transition in order.
#[derive(Debug, PartialEq)]
struct Outcome {
    digest: String,
    measures: Vec<f64>,
    transitions: Vec<Transition>,
}

fn outcome(setup: &Setup, days: u32) -> (Outcome, usize, usize) {
    let mut sim = begin(setup);
    sim.transitions = Some(Vec::new());
    let mut daily = Daily::new(setup);
    for _ in 0..days {
        sim.step();
        daily.take(&sim);
    }
    let mut measures = Vec::new();
    for &measure in Measure::ALL {
        for population in 0..setup.populations.len() {
            measures.extend((0..days as usize).map(|d| daily.over(measure, Some(population), d, d)));
        }
    }
    let chunks = sim.world.groups.iter().map(|g| g.crowd.chunks.len()).sum();
    // Those back home are not looked at.
    let active = sim.world.groups.iter().map(|g| g.crowd.active()).sum();
    let transitions = sim.transitions.take().unwrap_or_default();
    (Outcome { digest: digest(&sim.world), measures, transitions }, active, chunks)
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let setup = crowded();
    let with = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
        pool.install(|| outcome(&setup, 150))
    };
    let (one, active, chunks) = with(1);
    assert!(
        active >= LOOKED_AT_IN_PARALLEL && chunks > 8,
        "{active} people in {chunks} chunks are not enough"
    );
    assert!(one.measures.iter().sum::<f64>() > 0.0);
    for threads in [2, 3, 8] {
        let (other, _, _) = with(threads);
        assert_eq!(one.digest, other.digest, "{threads} threads");
        assert_eq!(one.measures, other.measures, "{threads} threads");
        assert!(one.transitions == other.transitions, "{threads} threads: transitions");
    }
}

/// Whoever is looked at more often than needed, or under ceilings far above what hazards can be, lives the same life.
#[test]
fn looking_more_often_changes_nothing() {
    const DAYS: u32 = 300;
    let setup = tiny(&[]);
    let expected = digest(&run(&setup, DAYS).world);
    let mut daily = begin(&setup);
    for _ in 0..DAYS {
        daily.wake_all();
        daily.step();
    }
    assert_eq!(digest(&daily.world), expected, "everybody looked at every day");
    for higher in [1.5, 40.0, 1e6] {
        let mut sim = begin(&setup);
        let ceilings = std::sync::Arc::make_mut(&mut sim.today.cell_ceilings);
        ceilings.as_flattened_mut().iter_mut().for_each(|ceiling| *ceiling = (*ceiling + 1e-5) * higher);
        (0..DAYS).for_each(|_| sim.step());
        assert_eq!(digest(&sim.world), expected, "ceilings {higher} times as high");
    }
}

/// Of a chunk, to how many something happens on the day to come by their luck, and to how many something dated; all of
/// them are to be looked at then, and nobody after their date.
fn asked_tomorrow(sim: &Sim, group: GroupId, chunk: &Chunk) -> (u32, u32) {
    let (day, mut lucky, mut dated) = (sim.day() as u16, 0, 0);
    let rows = chunk.ordinal.iter().zip(&chunk.people).zip(&chunk.wake.0).enumerate();
    for (row, ((&ordinal, person), wake)) in rows.filter(|(_, ((_, person), _))| person.cell != Cell::ENDED) {
        let leads = chunk.leads(row);
        let scatter = Scatter::new(sim.luck, sim.who(group, ordinal), person.spell);
        let luck = scatter.of_day(day.wrapping_sub(person.spell_start), f64::INFINITY);
        let happens = luck <= sim.hazards(group, person.cell, person.record, leads).iter().sum();
        lucky += u32::from(happens);
        let due = leads && person.due != NEVER;
        dated += u32::from(due && person.due == day);
        let who = || format!("day {day}: {ordinal} of {group:?}");
        let ahead = wake.wrapping_sub(day);
        assert!(ahead == 0 || !happens, "{}", who());
        assert!(ahead <= 1 << 15, "{}: a day that has passed", who());
        assert!(!due || ahead <= person.due.wrapping_sub(day), "{}: after its date", who());
    }
    (lucky, dated)
}

/// Everybody to whom something will happen tomorrow, as hazards stand today, is to be looked at tomorrow, and whatever is
/// dated is not forgotten.
#[test]
fn nobody_is_passed_over() {
    let (mut lucky, mut dated) = (0, 0);
    // Of the second, to the autumn of 1994.
    for (setup, days) in [(tiny(&[]), 600), (us_cuba(&[]), 1400)] {
        let mut sim = begin(&setup);
        for _ in 0..days {
            sim.step();
            let groups = sim.world.groups.iter().enumerate();
            let chunks = groups.flat_map(|(g, group)| group.crowd.chunks.iter().map(move |chunk| (g, chunk)));
            for (g, chunk) in chunks {
                let (by_luck, by_date) = asked_tomorrow(&sim, GroupId::at(g), chunk);
                (lucky, dated) = (lucky + by_luck, dated + by_date);
            }
        }
    }
    assert!(lucky > 500 && dated > 500, "{lucky} to whom something happens, {dated} to whom something dated");
}

#[test]
fn the_same_run_twice_is_the_same() {
    let setup = tiny(&[]);
    assert_eq!(outcome(&setup, setup.days).0, outcome(&setup, setup.days).0);
    let again = tiny(&[]);
    assert_eq!(digest(&run(&setup, 200).world), digest(&run(&again, 200).world), "loaded twice");
}

#[test]
fn what_is_stored_is_the_whole_world() {
    let setup = tiny(&[]);
    let mut sim = begin(&setup);
    for _ in 0..setup.days {
        sim.step();
        let bytes = encode(&sim.world);
        let back = decode(&bytes).expect("bytes just written");
        assert!(bytes == encode(&back), "day {}", sim.world.day);
    }
}

#[test]
fn a_run_stopped_on_any_day_ends_the_same() {
    // Through the opening of an exit and two moves of ladders.
    const DAYS: u32 = 300;
    let setup = tiny(&[]);
    let end = digest(&run(&setup, DAYS).world);
    let mut first = begin(&setup);
    for stop in 0..DAYS {
        let world = decode(&encode(&first.world)).expect("bytes just written");
        let mut resumed = Sim::new(&setup, world);
        (stop..DAYS).for_each(|_| resumed.step());
        assert_eq!(digest(&resumed.world), end, "stopped before day {stop}");
        first.step();
    }
}

#[test]
fn a_run_stopped_every_day_ends_the_same() {
    let setup = tiny(&[]);
    let mut whole = begin(&setup);
    let mut broken = encode(&whole.world);
    for day in 0..setup.days {
        whole.step();
        let mut resumed = Sim::new(&setup, decode(&broken).expect("bytes just written"));
        resumed.step();
        broken = encode(&resumed.world);
        assert!(broken == encode(&whole.world), "after day {day}");
    }
}

#[test]
fn a_run_stopped_twice_ends_the_same_with_measures_and_transitions() {
    let setup = tiny(&[]);
    let days = setup.days;
    let whole = outcome(&setup, days).0;
    let mut daily = Daily::new(&setup);
    let mut transitions = Vec::new();
    let mut bytes = encode(&begin(&setup).world);
    for (from, to) in [(0, 211), (211, 498), (498, days)] {
        let mut sim = Sim::new(&setup, decode(&bytes).expect("bytes just written"));
        sim.transitions = Some(Vec::new());
        for _ in from..to {
            sim.step();
            daily.take(&sim);
        }
        bytes = encode(&sim.world);
        transitions.extend(sim.transitions.take().unwrap_or_default());
    }
    assert_eq!(digest(&decode(&bytes).expect("bytes just written")), whole.digest);
    assert_eq!(transitions, whole.transitions);
    let landed = daily.over(Measure::Landed, None, 0, days as usize);
    let column = Measure::ALL.iter().position(|&m| m == Measure::Landed).unwrap_or(0);
    let populations = setup.populations.len();
    let days = days as usize;
    let expected: f64 =
        whole.measures[column * populations * days..(column + 1) * populations * days].iter().sum();
    assert_eq!(landed, expected);
}

#[test]
fn bytes_that_are_too_many_or_too_few_are_refused() {
    let setup = tiny(&[]);
    let bytes = encode(&run(&setup, 100).world);
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(decode(&longer).is_err(), "a byte too many");
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(decode(&bytes[..cut]).is_err(), "only {cut} bytes");
    }
}
