//! The promise: what is said of burdens adds up. In real pairs of worlds, what States gain and lose is what was
//! created less what was avoided; identical worlds differ by exactly nothing; two worlds that differ by luck alone
//! differ by nothing on average; Shapley values sum to the whole, seed by seed; and everybody's days are those that
//! the engine counted.

mod common;

use common::{begin, tiny};
use landfall::engine::Sim;
use landfall::experiment::attribute::{Plan, attribute, coalition};
use landfall::experiment::attribution::{Attribution, PEOPLE, fair_shares};
use landfall::experiment::compare::{Who, compare};
use landfall::experiment::lives::{Lives, responsible};
use landfall::experiment::pairs::{Cells, Cohorts, Differences, responsibility};
use landfall::model::arrangement::Phase;
use landfall::model::burden::fate::{Avoided, Fate};
use landfall::observe::burden_tables;
use landfall::scenario::Setup;
use landfall::world::{Cell, Flow, PlaceId, Status};
use std::path::Path;
use std::process::Command;

/// The first 500 days of the tiny world, in which all of its arrangements have come into force.
const DAYS: u32 = 500;

fn plan(setup: &Setup, runs: u64) -> Plan {
    let players = (0..setup.arrangements.len()).collect();
    Plan { players, days: DAYS, runs, first_seed: 70, pairs_of_orders: 1 }
}

fn lives(setup: &Setup, in_force: u64) -> Lives {
    Lives::follow(&coalition(setup, &[0, 1, 2], in_force), DAYS)
}

#[test]
fn days_in_lives_are_the_days_that_the_engine_counts() {
    let setup = tiny(&[]);
    let lives = lives(&setup, 0b111);
    let mut sim = begin(&setup);
    (0..DAYS).for_each(|_| sim.step());
    let mut counted = vec![0_u64; setup.countries.len() * Status::COUNT];
    for place in 0..setup.places.len() {
        for &status in Status::ALL {
            let cell = Cell::of(PlaceId::at(place), status);
            if let Some(country) = responsible(&setup, cell) {
                let days = sim.world.tally.person_days.of_all(cell.index());
                counted[country.index() * Status::COUNT + status as usize] += days;
            }
        }
    }
    assert_eq!(lives.person_days, counted);
    assert!(counted.iter().filter(|&&n| n > 0).count() > 12, "too little happened for this to mean much");
    let places = (0..setup.places.len()).map(PlaceId::at);
    let refouled: u32 =
        places.map(|place| sim.world.tally.flows.of_all(setup.flow_at(Flow::Refouled, place))).sum();
    assert_eq!(lives.refoulements.iter().sum::<u64>(), u64::from(refouled));
    assert!(refouled > 0);
    let set_out: u64 = lives.fates().iter().sum();
    let ended = |status| common::persons(&sim, status);
    assert_eq!(lives.fates()[Fate::Dead as usize], ended(Status::Dead));
    let (by_state, vulnerable) = lives.by_state();
    let share = vulnerable.iter().sum::<f64>() / by_state.iter().sum::<f64>();
    assert!(set_out > 1000 && (share - 0.1).abs() < 0.03, "{share} of person-days are of the vulnerable");
}

#[test]
fn vulnerability_is_a_persons_own_in_every_world() {
    let setup = tiny(&[]);
    let (one, other) = (lives(&setup, 0b111), lives(&setup, 0b000));
    let mut met = 0;
    for (group, people) in one.groups.iter().enumerate() {
        for (ordinal, a) in people.iter().enumerate() {
            let b = other.person(group, ordinal);
            if a.first.is_some() && b.first.is_some() {
                assert_eq!(a.vulnerable, b.vulnerable);
                met += 1;
            }
        }
    }
    assert!(met > 1000);
    for (share, of_all) in [("0", 0.0), ("1", 1.0)] {
        let change = ["south", "west"].map(|p| format!("populations.{p}.vulnerable_share={share}"));
        let setup = tiny(&change.each_ref().map(String::as_str));
        let (all, vulnerable) = Lives::follow(&setup, 200).by_state();
        let all: Vec<f64> = all.iter().map(|d| d * of_all).collect();
        assert_eq!(vulnerable, all);
    }
}

#[test]
fn the_identity_holds_on_real_pairs_in_every_cell() {
    let setup = tiny(&[]);
    let cells = Cells::of(&setup);
    let worlds: Vec<Lives> = [0b000, 0b110, 0b111].iter().map(|&s| lives(&setup, s)).collect();
    let cohorts = Cohorts::of(&setup, &worlds[0]);
    for without in [0, 1] {
        let d = Differences::of_pair(&setup, cells, &cohorts, &worlds[without], &worlds[2]);
        let (a, b) = (
            responsibility(&setup, cells, &cohorts, &worlds[without]),
            responsibility(&setup, cells, &cohorts, &worlds[2]),
        );
        let net: Vec<f64> = b.iter().zip(&a).map(|(b, a)| b - a).collect();
        assert_eq!(net, d.net, "person by person and world by world, the same differences");
        let ledger = d.ledger(cells);
        let total = ledger.total();
        let days: f64 = net.iter().sum();
        assert!(net.iter().filter(|&&x| x != 0.0).count() > 10, "the worlds hardly differ");
        assert!((days - (total.created - total.avoided)).abs() < 1e-6 * total.created.max(1.0));
        assert!((total.shared + total.shifted - total.moved_out).abs() < 1e-6 * total.moved_out.max(1.0));
        assert!((ledger.avoided.iter().sum::<f64>() - total.avoided).abs() < 1e-6 * total.avoided.max(1.0));
        assert!(total.avoided > 0.0 && total.created > 0.0);
        for (state, by_state) in ledger.states.iter().zip(d.by_state(cells)) {
            let parts = state.shared + state.shifted + state.created - state.moved_out - state.avoided;
            assert!((parts - by_state).abs() < 1e-6 * by_state.abs().max(1.0));
            assert_eq!(state.difference, by_state);
        }
    }
}

#[test]
fn identical_worlds_differ_by_exactly_nothing() {
    let setup = tiny(&[]);
    let (cells, world, again) = (Cells::of(&setup), lives(&setup, 0b111), lives(&setup, 0b111));
    let d = Differences::of_pair(&setup, cells, &Cohorts::of(&setup, &world), &world, &again);
    assert!(d.ledger(cells).flat().iter().all(|&x| x == 0.0) && d.net.iter().all(|&x| x == 0.0));
    let c = compare(&[&setup, &setup], 2, 5, DAYS);
    for (outcome, d) in c.outcomes.iter().zip(&c.others[0].differences) {
        assert_eq!((d.difference.mean, d.difference.half_width), (0.0, 0.0), "{}", outcome.name);
    }
    for crossings in &c.others[0].crossings {
        assert!(Who::ALL.iter().all(|&who| crossings.how_many(who).mean == 0.0));
        let known: f64 = Fate::ALL.iter().map(|&f| crossings.mean(f, f)).sum();
        assert!(known > 100.0);
    }
}

fn attribution(runs: u64) -> (Setup, Attribution) {
    let setup = tiny(&[]);
    let a = attribute(&setup, &plan(&setup, runs), |_| {});
    (setup, a)
}

#[test]
fn shapley_values_sum_to_the_whole_seed_by_seed_and_the_placebo_to_nothing() {
    let (setup, a) = attribution(8);
    let shapley = a.shapley.as_ref().expect("three arrangements");
    assert!(shapley.exact && shapley.seeds.len() == 8);
    let states = setup.countries.len();
    for (phi, whole) in shapley.seeds.iter().zip(&shapley.whole) {
        for outcome in 0..states + PEOPLE.len() {
            let sum: f64 = phi.iter().map(|p| p[outcome]).sum();
            assert!((sum - whole[outcome]).abs() < 1e-6 * whole[outcome].abs().max(1.0));
        }
    }
    let names: Vec<&str> = a.effects.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["migration_accord", "hosting", "resettlement", "all together", "placebo"]);
    let placebo = &a.effects[4];
    let nor = 0;
    let (chance, paired) = (&placebo.by_state[nor], &a.effects[3].by_state[nor]);
    assert!(chance.error > 0.0 && (chance.mean / chance.error).abs() < 4.5, "{chance:?}");
    // Of two worlds that differ by luck alone, all that is created and avoided is by chance.
    let (found, noise) = (placebo.ledger.total(), placebo.chance.total());
    let ratio = (found.created + found.avoided) / (noise.created + noise.avoided);
    assert!((0.5..2.0).contains(&ratio), "{ratio}: {found:?}, {noise:?}");
    let paired_noise = a.effects[1].chance.total();
    assert!(paired_noise.created < 0.5 * noise.created, "{paired_noise:?}");
    assert!(paired.error < chance.error, "pairing is worth something: {paired:?}, {chance:?}");
    // With eight seeds the jackknife leaves one out at a time, and of a mean gives the standard error of the mean.
    for effect in &a.effects {
        for (s, e) in effect.by_state.iter().enumerate() {
            let jackknife = effect.errors[s * 6];
            assert!((jackknife - e.error).abs() < 1e-6 * e.error.max(1.0), "{}", effect.name);
        }
    }
}

/// A partner that takes people over without asking them, out of the camp of another, is shifted upon.
#[test]
fn what_moves_by_acceptance_is_shared_and_what_moves_without_is_shifted() {
    let setup = tiny(&[]);
    let cells = Cells::of(&setup);
    let par = 2;
    // Only resettlement, in force from the first day, differs between the worlds.
    let text = common::TINY
        .replace(
            "steering = \"endogenous\"\n[arrangements.resettlement]",
            "in_force = 2001-01-02\n[arrangements.resettlement]",
        )
        .replace("places_per_year = 6.0", "places_per_year = 600.0");
    assert_ne!(text, common::TINY);
    let resettled = common::scenario(&text, &[]);
    let days = resettled.days;
    let with = Lives::follow(&coalition(&resettled, &[2], 1), days);
    let without = Lives::follow(&coalition(&resettled, &[2], 0), days);
    let d = Differences::of_pair(&setup, cells, &Cohorts::of(&setup, &without), &without, &with);
    let ledger = d.ledger(cells);
    assert!(ledger.states[par].shared > 0.0, "{ledger:?}");
    assert_eq!(ledger.states[par].shifted, 0.0, "everybody who came to the partner had applied or was asked");
    // In the shipped rules, those for whom the camp has no room after rescue are handed over to the partner.
    let handed = with.groups.iter().flatten().flat_map(|l| &l.stints).filter(|s| s.imposed > 0).count();
    assert_eq!(handed, 0, "handing over leaves people without a claim: nobody is responsible then");
}

#[test]
fn a_comparison_says_for_whom_worlds_differ() {
    let setup = tiny(&[]);
    let closed = tiny(&["ladders.sea.schedule.0.rung=screen", "ladders.sea.schedule.0.credibility=1.0"]);
    let c = compare(&[&setup, &closed], 6, 9, DAYS);
    let beside = &c.others[0];
    assert_eq!(beside.strata_missing, 0);
    let set_out = |who| beside.crossings.iter().map(|x| x.how_many(who).mean).sum::<f64>();
    let lost = set_out(Who::SetOutOnlyInFirst) - set_out(Who::SetOutOnlyInOther);
    assert!(lost > 0.0, "nobody was deterred");
    // Persons by fate in one world are the persons of that fate in that world.
    for (fate, name) in [(Fate::Dead, "dead"), (Fate::Protected, "protected_at_end")] {
        let crossed: f64 = beside
            .crossings
            .iter()
            .map(|x| Fate::ALL.iter().map(|&first| x.mean(first, fate)).sum::<f64>())
            .sum();
        let told: f64 = c
            .outcomes
            .iter()
            .zip(&beside.differences)
            .filter(|(o, _)| o.name == name)
            .map(|(_, d)| d.other)
            .sum();
        assert!((crossed - told).abs() < 1e-9 && told > 0.0, "{name}: {crossed}, {told}");
    }
    let west = c.outcomes.iter().position(|o| o.name == "set_out" && o.of == "west").expect("compared");
    let reduction = beside.differences[west].variance_reduction.expect("the west varies");
    assert!(reduction > 1.5, "people not concerned hardly vary between paired worlds: {reduction}");
}

#[test]
fn results_are_the_same_on_any_number_of_threads() {
    let setup = tiny(&[]);
    let other = tiny(&["switches.patrols=false"]);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            (attribute(&setup, &plan(&setup, 3), |_| {}), compare(&[&setup, &other], 3, 70, DAYS))
        })
    };
    let one = on(1);
    for threads in [2, 3, 8] {
        assert!(on(threads) == one, "{threads} threads");
    }
}

/// Beyond six arrangements orders are drawn: the values still sum to the whole, and one that can do nothing gets
/// nothing.
#[test]
fn many_arrangements_are_told_apart_by_orders() {
    let mut text = common::TINY.to_string();
    for n in 0..4 {
        text.push_str(&format!(
            "\n[[arrangements]]\nname = \"idle_{n}\"\nparties = [\"NOR\", \"PAR\"]\nin_force = 2001-02-0{}\n",
            n + 1
        ));
    }
    let setup = common::scenario(&text, &[]);
    let plan = Plan { days: 300, ..plan(&setup, 2) };
    let a = attribute(&setup, &plan, |_| {});
    let shapley = a.shapley.expect("seven arrangements");
    assert!(!shapley.exact);
    for (phi, whole) in shapley.seeds.iter().zip(&shapley.whole) {
        for (outcome, whole) in whole.iter().enumerate() {
            let sum: f64 = phi.iter().map(|p| p[outcome]).sum();
            assert!((sum - whole).abs() < 1e-6 * whole.abs().max(1.0));
            assert!(phi[3..].iter().all(|p| p[outcome] == 0.0));
        }
        assert!(phi[0].iter().any(|&v| v != 0.0));
    }
}

#[test]
fn fair_shares_are_of_those_who_are_nobodys_home() {
    let setup = tiny(&[]);
    let shares = fair_shares(&setup);
    assert!((shares.iter().flatten().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(shares.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false, false]);
    assert!(shares[0] > shares[1] && shares[1] > shares[2]);
    assert_eq!(Avoided::COUNT, Avoided::ALL.len());
}

/// A barred arrangement never applies: the world is the one in which nobody ever wrote it down.
#[test]
fn a_barred_arrangement_is_as_good_as_none() {
    let accord = "[[arrangements]]\nname = \"migration_accord\"";
    let (start, rest) = common::TINY.split_once(accord).expect("there");
    let (_, rest) = rest.split_once("[[arrangements]]").expect("another follows");
    // Arrangements that are bargained over are reviewed on days that depend on their place in the list.
    let other = "arrangements.resettlement.barred=true";
    let none = common::scenario(&format!("{start}[[arrangements]]{rest}"), &[other]);
    let barred = tiny(&["arrangements.migration_accord.barred=true", other]);
    assert_eq!(none.arrangements.len() + 1, barred.arrangements.len());
    assert_eq!(Lives::follow(&barred, DAYS), Lives::follow(&none, DAYS));
    assert_ne!(Lives::follow(&barred, DAYS), Lives::follow(&tiny(&[other]), DAYS));
}

/// Also where a world goes on from one in which it was in force.
#[test]
fn barring_ends_an_arrangement_that_is_in_force() {
    let (setup, barred) = (tiny(&[]), tiny(&["arrangements.migration_accord.barred=true"]));
    let mut sim = begin(&setup);
    (0..380).for_each(|_| sim.step());
    assert_eq!(sim.world.arrangements[0].phase, Phase::InForce);
    assert!(sim.levers.ceiling[2] > 150.0);
    let mut fork = Sim::new(&barred, sim.world.clone());
    assert_eq!(fork.levers.ceiling[2], 150.0, "levers are those of a world without it at once");
    fork.step();
    assert_eq!(fork.world.arrangements[0].phase, Phase::Barred);
    assert_eq!(fork.levers.ceiling[2], 150.0);
}

/// Money shares up to the cost of the burden that the payee bears without it.
#[test]
fn money_shares_up_to_the_cost_that_was_there() {
    let granted = |usd: &str| {
        let text = format!(
            "{}\n[[arrangements]]\nname = \"grant\"\nparties = [\"NOR\", \"EST\"]\nin_force = 2001-02-01\n\
             [arrangements.care_grant]\nto = \"EST\"\nusd_per_year = {usd}\n",
            common::TINY
        );
        let setup = common::scenario(&text, &[]);
        let plan = Plan { players: vec![3], ..plan(&setup, 2) };
        let a = attribute(&setup, &plan, |_| {});
        assert!(a.shapley.is_none() && a.effects.len() == 2, "one arrangement is its own Shapley value");
        let payments = a.effects[0].payments.clone().expect("of an arrangement");
        assert!(a.effects[1].payments.is_none() && payments[0].received == 0.0);
        payments[1]
    };
    let (small, large) = (granted("1e4"), granted("1e8"));
    let years = f64::from(DAYS - 30) / 365.25;
    assert!((small.received / 1e4 - years).abs() < 0.05, "{small:?}");
    assert_eq!((small.shared, small.shifted), (small.received, 0.0));
    assert!(large.cost_without > 0.0 && large.shared == large.cost_without);
    assert!((large.shared + large.shifted - large.received).abs() < 1.0);
}

/// A directory with the tiny scenario in it, and the program run there: what it printed, or its message and 2.
fn program(directory: &Path, arguments: &[&str]) -> Result<String, String> {
    std::fs::write(directory.join("tiny.toml"), common::TINY).expect("written");
    let done = Command::new(env!("CARGO_BIN_EXE_landfall"))
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match done.status.code() {
        Some(0) => Ok(text(&done.stdout)),
        Some(2) => Err(text(&done.stderr)),
        other => panic!("{arguments:?}: {other:?}, {}", text(&done.stderr)),
    }
}

/// All files of a directory but the lock.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(directory)
        .expect("there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv" || e == "json" || e == "parquet"))
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("readable")))
        .map(|(name, bytes)| (name.rsplit('/').next().unwrap_or("").to_string(), bytes))
        .collect();
    all.sort();
    all
}

#[test]
fn the_commands_leave_the_same_tables_on_any_number_of_threads() {
    let dir = tempfile::tempdir().expect("made");
    let attribute = |threads: &str| {
        let out = format!("a{threads}");
        let common = ["attribute", "tiny.toml", "--runs", "3", "--until", "2001-10-31", "--format", "both"];
        let printed = program(dir.path(), &[&common[..], &["--threads", threads, "--out", &out]].concat());
        (printed.expect("done").replace(&out, "OUT"), files(&dir.path().join(&out)))
    };
    let one = attribute("1");
    assert_eq!(one, attribute("3"));
    let names: Vec<&str> = one.1.iter().map(|(name, _)| name.as_str()).collect();
    for table in burden_tables::ATTRIBUTE {
        assert!(names.contains(&format!("{}.csv", table.name).as_str()), "{}", table.name);
        assert!(names.contains(&format!("{}.parquet", table.name).as_str()), "{}", table.name);
    }
    assert!(names.contains(&"manifest.json"));
    for part in
        ["migration_accord: with it", "All together", "Placebo", "Shapley values", "gap to the fair key"]
    {
        assert!(one.0.contains(part), "{part} is missing from:\n{}", one.0);
    }
    let again = ["attribute", "tiny.toml", "--runs", "2", "--until", "2001-10-31", "--out", "a1"];
    let refused = program(dir.path(), &again).expect_err("holds three runs");
    assert!(refused.contains("a1") && refused.contains("something else"), "{refused}");
    let compare = |threads: &str| {
        let out = format!("c{threads}");
        let common =
            ["compare", "tiny.toml", "tiny.toml --without patrols", "--bar", "hosting", "--runs", "3"];
        let more = ["--format", "csv", "--threads", threads, "--out", &out];
        let printed = program(dir.path(), &[&common[..], &more].concat());
        (printed.expect("done").replace(&out, "OUT"), files(&dir.path().join(&out)))
    };
    let one = compare("1");
    assert_eq!(one, compare("2"));
    assert!(one.0.contains("other: tiny.toml --without patrols"), "{}", one.0);
    assert!(one.0.contains("other: tiny.toml --bar hosting") && one.0.contains("variance reduction"));
    assert_eq!(one.1.len(), burden_tables::COMPARE.len() + 1);
}

#[test]
fn what_cannot_be_compared_is_refused_and_said() {
    let dir = tempfile::tempdir().expect("made");
    let later = common::TINY.replace("start = 2001-01-01", "start = 2001-01-02");
    std::fs::write(dir.path().join("later.toml"), later).expect("written");
    let cases: [(&[&str], &[&str]); 8] = [
        (&["compare", "tiny.toml"], &["one world", "--bar"]),
        (&["compare", "tiny.toml", "tiny.toml --without", "--runs", "1"], &["tiny.toml --without", "value"]),
        (&["compare", "tiny.toml", "--without", "rain"], &["rain"]),
        (&["compare", "tiny.toml", "--bar", "acord"], &["acord", "migration_accord"]),
        (&["compare", "tiny.toml", "later.toml"], &["later.toml", "2001-01-02", "one day"]),
        (&["attribute", "tiny.toml", "--bar-only", "acord"], &["acord", "migration_accord, hosting"]),
        (&["attribute", "tiny.toml", "--until", "2005-01-01"], &["2005-01-01", "2001-01-01 to 2002-12-31"]),
        (&["attribute", "tiny.toml", "--runs", "0"], &["from 1 to 100000"]),
    ];
    for (arguments, parts) in cases {
        let message = program(dir.path(), arguments).expect_err("refused");
        assert!(message.contains("error"), "{message}");
        for part in parts {
            assert!(message.contains(part), "{arguments:?} should say `{part}`: {message}");
        }
    }
}
