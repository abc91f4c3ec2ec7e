//! The promise: a synthetic world is a scenario like any other. It follows from its numbers and its seed, has no
//! mistake in it, begins with exactly the people it was asked for, keeps count of them, and its results depend neither
//! on threads nor on being stopped. And people may be abroad when a run begins, of any case.

mod common;

use common::{TINY, begin, scenario, tiny};
use landfall::engine::Sim;
use landfall::scenario::read::Layer;
use landfall::scenario::synthetic::Numbers;
use landfall::scenario::{Setup, load};
use landfall::snapshot::{check, decode, digest, encode, last_digest};
use landfall::world::{Queued, Status};
use rayon::ThreadPoolBuilder;

fn numbers(countries: u32, people: u32) -> Numbers {
    Numbers { countries, people, days: 400, seed: 5 }
}

fn world(countries: u32, people: u32) -> Setup {
    scenario(&numbers(countries, people).scenario(), &[])
}

/// Stocks counted from the rows of people and lists of applicants agree with the counters, and nobody is missing.
fn all_are_counted(sim: &Sim) {
    common::stocks_agree_with_rows(sim, &sim.setup.scenario.scenario.title);
    check(sim.setup, &sim.world).unwrap_or_else(|problem| panic!("day {}: {problem}", sim.world.day));
}

#[test]
fn a_world_follows_from_its_numbers() {
    let text = numbers(40, 50_000).scenario();
    assert_eq!(text, numbers(40, 50_000).scenario());
    assert!(text.starts_with("# A synthetic world, made by `landfall synth --countries 40 --people 50000"));
    assert_ne!(text, Numbers { seed: 6, ..numbers(40, 50_000) }.scenario());
    assert!(numbers(1, 50_000).problem().is_some_and(|p| p.contains("2 to 190")));
    assert!(numbers(40, 10).problem().is_some_and(|p| p.contains("people")));
    assert!(numbers(190, 123_000_000).problem().is_none());
}

/// Whoever has waited longest stands first in every queue, strata in order among those of a day; and every household
/// that waits stands in one.
#[test]
fn queues_begin_with_those_who_have_waited_longest() {
    let setup = world(24, 60_000);
    let world = begin(&setup).world;
    let rows = world.groups.iter().flat_map(|g| g.crowd.chunks.iter().flat_map(|c| &c.people));
    let heads: Vec<Status> =
        rows.filter(|person| person.record.member() == 0).map(|person| person.cell.status()).collect();
    let in_order = |status: Status, queues: Vec<Vec<Queued>>| {
        for queue in &queues {
            let waited = |q: &Queued| (0_u32.wrapping_sub(q.since), q.household.group.0, q.household.head);
            let before = |one: &Queued, next: &Queued| {
                let ((days, group, head), (next_days, next_group, next_head)) = (waited(one), waited(next));
                days > next_days || days == next_days && (group, head) < (next_group, next_head)
            };
            assert!(queue.windows(2).all(|pair| before(&pair[0], &pair[1])), "{status:?}");
        }
        let waiting = heads.iter().filter(|&&of| of == status).count();
        assert_eq!(queues.iter().map(Vec::len).sum::<usize>(), waiting, "{status:?}");
        waiting
    };
    let list = |queue: &std::collections::VecDeque<Queued>| queue.iter().copied().collect();
    let (countries, places) = (|| world.countries.iter(), || world.places.iter());
    let waiting = [
        in_order(Status::Claimant, countries().map(|c| list(&c.claims)).collect()),
        in_order(Status::Appellant, countries().map(|c| list(&c.appeals)).collect()),
        in_order(Status::WaitingAtBorder, places().map(|p| p.at_border.clone()).collect()),
        in_order(Status::Held, places().flat_map(|p| [list(&p.held), list(&p.parolable)]).collect()),
    ];
    assert!(waiting[0] > 1_000 && waiting[3] > 100, "{waiting:?}");
}

#[test]
fn worlds_of_any_size_load_and_begin_with_everybody() {
    for (countries, people) in [(2, 1_000), (3, 2_000), (7, 5_001), (24, 20_000), (190, 30_011)] {
        let setup = world(countries, people);
        assert_eq!(setup.countries.len(), countries as usize);
        let sim = begin(&setup);
        assert_eq!(sim.world.active(), people as usize, "{countries} countries");
        all_are_counted(&sim);
    }
}

#[test]
fn everybody_is_kept_count_of_and_much_happens() {
    let setup = world(30, 10_000);
    let mut sim = begin(&setup);
    sim.transitions = Some(Vec::new());
    let mut person_days = 0;
    for _ in 0..setup.days {
        sim.step();
        all_are_counted(&sim);
        person_days += sim.world.active();
    }
    let changes = sim.transitions.as_ref().map_or(0, Vec::len);
    let share = changes as f64 / person_days as f64;
    assert!((0.0003..0.005).contains(&share), "a share of {share} change status on a day");
    assert!((5_000..20_000).contains(&sim.world.active()), "{} are left", sim.world.active());
    // Applications are no changes of row, and nobody is home for good within the time.
    let never = |status: &&Status| !sim.transitions.iter().flatten().any(|t| t.to.status() == **status);
    let never: Vec<&str> = Status::ALL.iter().filter(never).map(|status| status.name()).collect();
    assert_eq!(never, ["in_country_applicant", "rejoined"], "statuses nobody ever came to have");
}

#[test]
fn threads_change_nothing() {
    // Enough people for the pass to be parallel.
    let setup = world(20, 90_000);
    let run = |threads: usize, share_from: usize, transitions: bool| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut sim = begin(&setup);
            sim.share_from = share_from;
            sim.transitions = transitions.then(Vec::new);
            (0..40).for_each(|_| sim.step());
            (digest(&sim.world), sim.transitions)
        })
    };
    let one = run(1, 1, true);
    assert!(one.1.as_ref().is_some_and(|all| all.len() > 3000), "little happens");
    // As much or as little shared among threads as can be.
    for (threads, share_from) in [(2, 1), (3, 1), (2, usize::MAX), (3, 30)] {
        let other = run(threads, share_from, true);
        assert!(one.0 == other.0 && one.1 == other.1, "{threads} threads that share from {share_from} on");
        // Where changes of status are not written down, their order is free, and more is shared.
        let other = run(threads, share_from, false);
        assert!(one.0 == other.0, "{threads} threads that share from {share_from} on, nothing written down");
    }
}

#[test]
fn lines_kept_from_day_to_day_move_whom_lines_made_every_day_move() {
    // Few are accepted, so that a stream soon comes to the end of those it has in line.
    let text = numbers(12, 200_000).scenario().replace("acceptance = 0.9", "acceptance = 0.02");
    let text = text.replace("processing_days = 60.0", "processing_days = 5.0");
    let setup = scenario(&text, &[]);
    let (mut kept, mut made) = (begin(&setup), begin(&setup));
    for _ in 0..40 {
        kept.step();
        made.step();
        // A simulation that begins has no lines yet.
        made = Sim::new(&setup, made.world);
    }
    let moved: u32 = kept.world.arrangements.iter().flat_map(|a| &a.streams).flat_map(|s| &s.moved).sum();
    assert!(moved >= 10, "only {moved} were moved");
    assert_eq!(digest(&kept.world), digest(&made.world));
}

#[test]
fn a_world_resumed_on_any_day_ends_the_same() {
    let setup = world(12, 4_000);
    let mut sim = begin(&setup);
    let mut stored = Vec::new();
    for day in 0..60 {
        if [0, 1, 30].contains(&day) {
            stored.push(encode(&sim.world));
        }
        sim.step();
    }
    let end = digest(&sim.world);
    for (n, bytes_then) in stored.iter().enumerate() {
        let world = decode(bytes_then).expect("bytes just written");
        check(&setup, &world).unwrap();
        let mut sim = Sim::new(&setup, world);
        while sim.world.day < 60 {
            sim.step();
        }
        assert_eq!(digest(&sim.world), end, "resumed from stop {n}");
        assert_eq!(last_digest(sim.world), end, "the digest of a world that is used up");
    }
}

/// People abroad at the start of the tiny world: claims that have waited up to 300 days, people in camp for up to 100.
const PRESENT: &str = "populations.south.present=[\
    { place = \"north\", status = \"claimant\", persons = 301.0, since_days = 300.0 },\
    { place = \"north\", status = \"protected\", persons = 44.0 },\
    { place = \"camp\", status = \"held\", persons = 20.0, since_days = 100.0 }]";

#[test]
fn people_may_be_abroad_when_the_run_of_any_case_begins() {
    let setup = tiny(&[PRESENT]);
    let mut sim = begin(&setup);
    let persons = |sim: &Sim, name: &str, status: Status| -> u32 {
        sim.world.stocks.of_all(common::cell(sim.setup, name, status).index())
    };
    assert_eq!(sim.world.active(), 365);
    assert_eq!(persons(&sim, "north", Status::Claimant), 301);
    assert_eq!(persons(&sim, "north", Status::Protected), 44);
    assert_eq!(persons(&sim, "camp", Status::Held), 20);
    let both_claims = sim.world.stocks.iter().filter(|(_, n)| *n > 0).count();
    assert!((6..=8).contains(&both_claims), "each stock is of both claims, and some count as back home");
    let north = &sim.world.countries[setup.countries.iter().position(|c| c.name == "NOR").unwrap()];
    let waited: Vec<u32> = north.claims.iter().map(|entry| 0_u32.wrapping_sub(entry.since)).collect();
    assert!(waited.is_sorted_by(|a, b| a >= b) && waited[0] > 250 && waited[waited.len() - 1] < 50);
    let mut resumed_at = None;
    for day in 0..setup.days {
        if day == 40 {
            resumed_at = Some(encode(&sim.world));
        }
        sim.step();
        all_are_counted(&sim);
    }
    let (days, decided) = sim.world.tally.waits.iter().fold((0, 0), |(d, n), w| (d + w.0, n + w.1));
    assert!(decided > 100 && days / u64::from(decided) > 100, "{days} days of {decided} waits");
    let mut again = Sim::new(&setup, decode(&resumed_at.unwrap()).unwrap());
    (40..setup.days).for_each(|_| again.step());
    assert_eq!(digest(&again.world), digest(&sim.world));
}

#[test]
fn people_abroad_are_refused_where_they_cannot_be() {
    for (change, told) in [
        ("{ place = \"camp\", status = \"protected\", persons = 5.0 }", "a territory, of status protected"),
        ("{ place = \"north\", status = \"held\", persons = 5.0 }", "a facility, of status held"),
        ("{ place = \"nowhere\", status = \"claimant\", persons = 5.0 }", "nowhere"),
        ("{ place = \"north\", status = \"claimant\", persons = -5.0 }", "-5"),
        ("{ place = \"north\", status = \"settled\", persons = 5.0 }", "settled"),
        ("{ place = \"home\", status = \"returned_home\", persons = 5.0 }", "people who are abroad"),
        (
            "{ place = \"north\", status = \"claimant\", persons = 5.0, route = \"west_road\" }",
            "a route of others",
        ),
    ] {
        let layers = [
            Layer::file("tiny.toml", TINY),
            Layer::assignment(format!("populations.south.present=[{change}]")),
        ];
        let problems = load(&layers).expect_err(change).to_string();
        assert!(problems.contains(told), "{change}: {problems}");
    }
}
