//! The promise: nobody is lost and nobody is made. On every day, whatever is switched off, everybody who ever left
//! home stands in exactly one status, what is counted agrees with the rows it counts, and households at home are
//! those of the first day, less those who left, plus those who came back for good.

mod common;

use common::{TINY, begin, each_switch_off, scenario, tiny, us_cuba};
use landfall::engine::Sim;
use landfall::model::departure::ExposureClock;
use landfall::scenario::Setup;
use landfall::world::{Cell, Chunk, Status};
use std::collections::BTreeSet;

/// Persons who ever left home against persons in all statuses, by population and claim.
fn everybody_is_somewhere(sim: &Sim, context: &str) {
    let setup = sim.setup;
    let kinds = setup.populations.len() * 2;
    let mut left = vec![0_u64; kinds];
    for (group, state) in setup.groups.iter().zip(&sim.world.groups) {
        left[group.population.index() * 2 + usize::from(group.well_founded)] += u64::from(state.next_ordinal);
    }
    let mut standing = vec![0_u64; kinds];
    for (of, stock) in sim.world.stocks.iter() {
        standing[of.population * 2 + usize::from(of.well_founded)] += u64::from(stock);
    }
    assert_eq!(left, standing, "{context}, day {}: persons who left home and persons counted", sim.world.day);
}

/// Whoever is at sea is aboard one vessel, whoever is aboard a patrol is on one list, and whoever has applied for an
/// orderly route is counted there.
fn lists_agree_with_statuses(sim: &Sim, context: &str) {
    let day = sim.world.day;
    let at_sea: u32 =
        (sim.world.vessels.iter()).flat_map(|v| &v.households).map(|&h| sim.present(h, Status::AtSea)).sum();
    assert_eq!(u64::from(at_sea), common::persons(sim, Status::AtSea), "{context}, day {day}: at sea");
    let aboard: u32 = (sim.world.zones.iter())
        .flat_map(|z| &z.aboard)
        .map(|a| sim.present(a.household, Status::AboardPatrol))
        .sum();
    assert_eq!(u64::from(aboard), common::persons(sim, Status::AboardPatrol), "{context}, day {day}: aboard");
    for (route, state) in sim.world.routes.iter().enumerate() {
        let listed: u32 = (sim.world.groups.iter())
            .flat_map(|g| &g.applicants)
            .filter(|a| usize::from(a.route) == route)
            .map(|a| u32::from(a.size))
            .sum();
        assert_eq!(state.applicants, listed, "{context}, day {day}: applicants");
    }
}

/// Whoever is back home stands among those rows, nobody else does, and each household there waits for both its clocks.
/// Looked at on some days only where many are home: the largest world here has tens of thousands.
fn those_back_home_wait(sim: &Sim, context: &str) {
    let day = sim.world.day;
    for (g, state) in sim.world.groups.iter().enumerate() {
        let back = &state.back;
        if back.rows.active() > 200 && !day.is_multiple_of(100) {
            continue;
        }
        let cells = |chunks: &[Chunk]| -> Vec<Cell> {
            let all = chunks.iter().flat_map(|c| &c.people).map(|person| person.cell);
            all.filter(|&cell| cell != Cell::ENDED).collect()
        };
        let home = |cell: Cell| cell.is(Status::ReturnedHome);
        assert!(!cells(&state.crowd.chunks).into_iter().any(home), "{context}, day {day}: home among others");
        assert!(
            cells(&back.rows.chunks).into_iter().all(home),
            "{context}, day {day}: others among those home"
        );
        let waiting = |clocks: &[ExposureClock]| -> BTreeSet<(u32, u8)> {
            clocks.iter().flat_map(|c| &c.waiting).map(|w| (w.ordinal, w.spell)).collect()
        };
        let (rejoining, again) = (waiting(std::slice::from_ref(&back.rejoining)), waiting(&back.again));
        for chunk in &back.rows.chunks {
            for row in
                (0..chunk.len()).filter(|&row| chunk.people[row].cell != Cell::ENDED && chunk.leads(row))
            {
                let who = (chunk.ordinal[row], chunk.people[row].spell);
                assert!(rejoining.contains(&who), "{context}, day {day}: {who:?} of group {g} never rejoins");
                assert!(again.contains(&who), "{context}, day {day}: {who:?} of group {g} never sets out");
            }
        }
    }
}

/// Columns are of one length and sorted, what is marked as ended is counted, and no ordinal is met twice.
fn crowds_are_in_order(sim: &Sim, context: &str) {
    let crowds = sim.world.groups.iter().flat_map(|g| [(g, &g.crowd), (g, &g.back.rows)]);
    for (state, crowd) in crowds {
        let mut last = None;
        for chunk in &crowd.chunks {
            let n = chunk.len();
            assert_eq!(chunk.people.len(), n, "{context}: columns");
            assert_eq!(chunk.wake.0.len(), n, "{context}: working memory");
            let ended = chunk.people.iter().filter(|person| person.cell == Cell::ENDED).count();
            assert_eq!(chunk.ended as usize, ended, "{context}: rows marked as ended");
            for &ordinal in &chunk.ordinal {
                assert!(last.is_none_or(|l| l < ordinal), "{context}: ordinals in order");
                last = Some(ordinal);
            }
        }
        assert!(last.is_none_or(|l| l < state.next_ordinal), "{context}: nobody before their turn");
    }
}

fn all_is_accounted_for(sim: &Sim, context: &str) {
    everybody_is_somewhere(sim, context);
    common::stocks_agree_with_rows(sim, context);
    lists_agree_with_statuses(sim, context);
    crowds_are_in_order(sim, context);
    those_back_home_wait(sim, context);
}

fn holds_every_day(setup: &Setup, days: u32, every: u32, context: &str) -> u64 {
    let mut sim = begin(setup);
    for day in 1..=days {
        sim.step();
        if day % every == 0 || day == days {
            all_is_accounted_for(&sim, context);
        }
    }
    sim.world.groups.iter().map(|g| u64::from(g.next_ordinal)).sum()
}

#[test]
fn nobody_is_lost_in_the_tiny_world() {
    let setup = tiny(&[]);
    let left = holds_every_day(&setup, setup.days, 1, "all on");
    assert!(left > 2000, "too few people for this to mean much: {left}");
}

#[test]
fn nobody_is_lost_whatever_is_switched_off() {
    let switches = each_switch_off();
    assert!(switches.len() >= 20, "switches are found by name");
    for switch in &switches {
        let setup = tiny(&[switch]);
        assert!(holds_every_day(&setup, setup.days, 1, switch) > 100, "{switch}");
    }
}

/// Those who cross two seas in a row come to land between them only to sail on.
#[test]
fn nobody_is_lost_between_two_seas() {
    let setup = tiny(&[
        "corridors.raft.to=\"east\"",
        "corridors.ferry={ from = \"east\", to = \"north\", mode = \"sea\", zone = \"strait\", vessel = \"raft\", \
         duration_days = 2.0, distance_km = 90.0 }",
        "routes.south_raft.corridors=[\"raft\", \"ferry\"]",
        "zones.strait.patrol_hours_per_day=2.0",
    ]);
    assert!(holds_every_day(&setup, setup.days, 1, "two seas") > 2000);
    let mut sim = begin(&setup);
    let ferry = setup.corridors.iter().position(|c| c.name == "ferry").unwrap();
    let mut crossing = 0;
    for _ in 0..setup.days {
        sim.step();
        crossing += sim.world.vessels.iter().filter(|v| usize::from(v.corridor) == ferry).count();
    }
    assert!(crossing > 20, "{crossing} vessels seen on the second sea");
}

#[test]
fn nobody_is_lost_under_other_luck() {
    for seed in 100..106 {
        let seed = format!("scenario.seed={seed}");
        let setup = tiny(&[&seed]);
        holds_every_day(&setup, setup.days, 1, &seed);
    }
}

#[test]
fn nobody_is_lost_between_the_united_states_and_cuba() {
    let setup = us_cuba(&[]);
    let left = holds_every_day(&setup, setup.days, 1, "us_cuba");
    assert!(left > 50_000, "too few people for this to mean much: {left}");
}

/// Where everybody travels alone, households are persons, and those who rejoined are back among those at home.
#[test]
fn households_at_home_are_those_who_never_left_and_those_who_came_back() {
    let text = TINY
        .replace("household_size_shares = [0.5, 0.2, 0.2, 0.1]", "household_size_shares = [1.0]")
        .replace("household_size_shares = [0.6, 0.3, 0.1]", "household_size_shares = [1.0]")
        .replace("growth_per_year = 0.1", "growth_per_year = 0.0");
    let setup = scenario(&text, &[]);
    let mut sim = begin(&setup);
    for _ in 0..setup.days {
        sim.step();
        let initial: u64 = setup.groups.iter().map(|g| g.households).sum();
        let home: u64 = sim.world.groups.iter().map(|g| g.clock.households_at_home).sum();
        let emitted: u64 = sim.world.groups.iter().map(|g| g.clock.emitted).sum();
        let left: u64 = sim.world.groups.iter().map(|g| u64::from(g.next_ordinal)).sum();
        assert_eq!(emitted, left, "households that left are persons who left, day {}", sim.world.day);
        let back = common::persons(&sim, Status::Rejoined);
        assert_eq!(home, initial - left + back, "households at home, day {}", sim.world.day);
    }
    assert!(common::persons(&sim, Status::Rejoined) > 50, "too few came back for this to mean much");
}

/// A run in which a mechanism never had anything to do would keep the promise of that mechanism for nothing.
#[test]
fn the_tiny_world_visits_every_status_that_scenarios_can_reach() {
    let setup = tiny(&[]);
    let mut sim = begin(&setup);
    let mut seen = [false; Status::COUNT];
    for _ in 0..setup.days {
        sim.step();
        for &status in Status::ALL {
            seen[status as usize] |= common::persons(&sim, status) > 0;
        }
    }
    // Transfers between States and protection of groups are instruments that this scenario does not have.
    let absent = [Status::TransferPending, Status::TemporarilyProtected];
    for &status in Status::ALL {
        assert!(seen[status as usize] || absent.contains(&status), "nobody ever {}", status.name());
    }
}

/// Patrols that follow the work are taken from other zones of their State: no hour is gained or lost, and when boats leave
/// Cuba by the hundred a day the passage off Haiti is searched less.
#[test]
fn patrols_are_called_from_one_strait_to_another() {
    let hours = |changes: &[&str]| {
        let setup = us_cuba(changes);
        let sim = common::run(&setup, setup.calendar.day(jiff::civil::date(1994, 9, 1)) as u32);
        let zone = |name: &str| setup.zones.iter().position(|z| z.name == name).unwrap();
        let of = |hours: fn(&landfall::world::ZoneState) -> f64| {
            ["florida_straits", "windward_passage", "mona_passage"].map(|z| hours(&sim.world.zones[zone(z)]))
        };
        (of(|z| z.ordered_hours), of(|z| z.patrol_hours))
    };
    let (ordered, sent) = hours(&[]);
    assert!((ordered.iter().sum::<f64>() - sent.iter().sum::<f64>()).abs() < 1e-9);
    assert!(
        sent[0] > ordered[0] && sent[1] < 0.9 * ordered[1] && sent[2] < ordered[2],
        "{ordered:?} {sent:?}"
    );
    for apart in ["switches.shared_patrols=false", "countries.USA.patrols_follow_need=0"] {
        let (ordered, sent) = hours(&[apart]);
        assert_eq!(ordered, sent, "{apart}");
    }
}
