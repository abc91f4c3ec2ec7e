//! The promise: whoever waits is counted while they wait. Little's law holds to the day; under overload the newest
//! claim waits backlog over capacity; whom a border has refused it goes on refusing until something changes; and what
//! has a ceiling or a capacity never gives more.

mod common;

use common::{bare, begin, cell, place, tiny, transitions};
use landfall::scenario::Setup;
use landfall::world::{Cell, Flow, PlaceId, Status, Wait};
use std::collections::{BTreeMap, VecDeque};

/// A country with claims and nothing else: whoever arrives lodges one within days, and none leaves but by decision.
fn claims_only(changes: &[&str]) -> Setup {
    let mut all = vec![
        "populations.people.households=4000.0",
        "populations.people.departures_per_thousand_year=300.0",
        "countries.DES.outcomes.lodging_per_year=60.0",
        "countries.DES.outcomes.regularising_per_year=0.0",
        "countries.DES.outcomes.found_per_year=0.0",
        "countries.DES.outcomes.voluntary_return_per_year=0.0",
        "countries.DES.outcomes.absconding_per_year=0.0",
        "countries.DES.outcomes.removal_per_year=0.0",
        "countries.DES.outcomes.tolerating_per_year=0.0",
    ];
    all.extend(changes);
    bare(&all)
}

/// Person-days of claimants, days waited by those decided and by those still waiting, and how many were decided.
fn little(setup: &Setup) -> (u64, u64, u64, u64) {
    let mut sim = begin(setup);
    (0..setup.days).for_each(|_| sim.step());
    let claimant = cell(setup, "there", Status::Claimant).index();
    let stock_days = sim.world.tally.person_days.of(0, claimant);
    let at = Wait::Decision as usize * setup.places.len() + place(setup, "there").index();
    let (waited, decided) = sim.world.tally.waits[at];
    let country = setup.routes[0].country.index();
    let pending: u64 = (sim.world.countries[country].claims.iter())
        .map(|q| u64::from(sim.world.day - q.since) * u64::from(sim.present(q.household, Status::Claimant)))
        .sum();
    (stock_days, waited, pending, u64::from(decided))
}

#[test]
fn littles_law_holds_to_the_day() {
    for (capacity, families) in [("3.0", false), ("3.7", true), ("20.0", false), ("0.8", true)] {
        let set = format!("countries.DES.decisions_per_day={capacity}");
        let sizes = if families { "[0.5, 0.3, 0.2]" } else { "[1.0]" };
        let sizes = format!("populations.people.household_size_shares={sizes}");
        let setup = claims_only(&[&set, &sizes]);
        let (stock_days, waited, pending, decided) = little(&setup);
        assert!(decided > 400, "{capacity} a day: {decided} decided");
        assert_eq!(
            stock_days,
            waited + pending,
            "{capacity} a day: person-days of claimants and days waited"
        );
    }
}

#[test]
fn below_capacity_nobody_waits_long_and_the_stock_is_rate_times_wait() {
    let setup = claims_only(&["countries.DES.decisions_per_day=6.5"]);
    let (stock_days, waited, pending, decided) = little(&setup);
    let days = f64::from(setup.days);
    let (rate, wait) = (decided as f64 / days, waited as f64 / decided as f64);
    assert!(rate < 6.5 && wait < 2.0, "{rate} a day wait {wait} days");
    let stock = stock_days as f64 / days;
    assert!((stock - rate * wait).abs() <= pending as f64 / days + 1e-9, "{stock} against {}", rate * wait);
}

/// Day of lodging and day of decision, by claim in the order of lodging, and how many are lodged and decided by day.
fn claims(setup: &Setup) -> Vec<(u32, Option<u32>)> {
    let mut order: Vec<(u32, Option<u32>)> = Vec::new();
    let mut number: BTreeMap<(u16, u32), usize> = BTreeMap::new();
    for t in transitions(setup, setup.days) {
        let who = (t.group.0, t.ordinal);
        if t.flow == Some(Flow::Claimed) {
            number.insert(who, order.len());
            order.push((t.day, None));
        } else if t.from.is_some_and(|c| c.status() == Status::Claimant) {
            order[number[&who]].1 = Some(t.day);
        }
    }
    order
}

/// The day each claim is decided by a counter that decides so many a day, oldest or newest first.
fn by_hand(lodged: &[u32], days: u32, per_day: usize, newest_first: bool) -> Vec<Option<u32>> {
    let mut decided = vec![None; lodged.len()];
    let mut queue: VecDeque<usize> = VecDeque::new();
    let mut next = 0;
    for day in 0..days {
        while next < lodged.len() && lodged[next] == day {
            queue.push_back(next);
            next += 1;
        }
        for _ in 0..per_day {
            let claim = if newest_first { queue.pop_back() } else { queue.pop_front() };
            claim.into_iter().for_each(|c| decided[c] = Some(day));
        }
    }
    decided
}

#[test]
fn claims_are_decided_in_the_order_that_is_said() {
    for (order, newest_first) in [("first_in_first_out", false), ("last_in_first_out", true)] {
        let set = format!("countries.DES.claim_order=\"{order}\"");
        let setup = claims_only(&["countries.DES.decisions_per_day=2.0", &set]);
        let claims = claims(&setup);
        let lodged: Vec<u32> = claims.iter().map(|c| c.0).collect();
        let expected = by_hand(&lodged, setup.days, 2, newest_first);
        let decided: Vec<Option<u32>> = claims.iter().map(|c| c.1).collect();
        assert!(decided.len() > 1500 && decided.iter().flatten().count() > 1000);
        assert_eq!(decided, expected, "{order}");
    }
}

#[test]
fn under_overload_the_newest_claim_waits_backlog_over_capacity() {
    let setup = claims_only(&["countries.DES.decisions_per_day=2.0"]);
    let claims = claims(&setup);
    let mut longest = 0;
    for (number, &(lodged, decided)) in claims.iter().enumerate() {
        let Some(decided) = decided else { continue };
        let ahead = claims[..number].iter().filter(|c| c.1.is_none_or(|d| d >= lodged)).count();
        // Those decided today before this one still count as ahead: the whole of a day at most.
        let (wait, backlog_over_capacity) = (f64::from(decided - lodged), ahead as f64 / 2.0);
        assert!(
            (wait - backlog_over_capacity).abs() <= 1.0,
            "lodged on day {lodged} behind {ahead}: waited {wait} days"
        );
        longest = longest.max(decided - lodged);
    }
    assert!(longest > 90, "the queue was never long: {longest} days");
}

/// The border's answers to each person, by episode: 0 until its openness changes, then 1.
#[test]
fn whom_a_border_refused_it_goes_on_refusing() {
    let changes = [
        "places.there.turning_back_per_day=0.03",
        "journeys.reattempt_factor=60.0",
        "journeys.returned_years=5.0",
        "switches.policy=true",
        "countries.DES.outcomes.voluntary_return_per_year=2.0",
    ];
    let ladder = r#"
[ladders.border]
country = "DES"
domain = "border"
schedule = [{ date = 2002-01-01, rung = "narrow" }]
[[ladders.border.rungs]]
name = "wide"
openness = { there = 0.6 }
[[ladders.border.rungs]]
name = "narrow"
openness = { there = 0.3 }
"#;
    let setup = common::scenario(&format!("{}{ladder}", common::BARE), &changes);
    let change = setup.ladders[0].schedule[0].0 as u32;
    let mut answers: BTreeMap<(u16, u32, bool), Vec<bool>> = BTreeMap::new();
    let (waiting, inside) = (Status::WaitingAtBorder, Status::Undocumented);
    let all = transitions(&setup, setup.days);
    for (i, t) in all.iter().enumerate() {
        let who = (t.group.0, t.ordinal, t.day >= change);
        let from = t.from.map(Cell::status);
        if t.flow == Some(Flow::RefusedAtBorder) {
            answers.entry(who).or_default().push(false);
        } else if t.flow == Some(Flow::ReachedBorder) {
            let refused = all[i + 1..].iter().take_while(|n| n.day == t.day).any(|n| {
                (n.group, n.ordinal) == (t.group, t.ordinal) && n.flow == Some(Flow::RefusedAtBorder)
            });
            if !refused {
                answers.entry(who).or_default().push(true);
            }
        } else if from == Some(waiting) && t.to.status() == inside {
            assert_eq!(t.day, change, "let in on a day on which nothing changed");
            answers.entry(who).or_default().push(true);
        }
    }
    for (who, list) in &answers {
        assert!(list.iter().all(|a| a == &list[0]), "{who:?}: {list:?}");
    }
    let again = answers.values().filter(|list| list.len() > 1).count();
    assert!(again > 100, "too few came twice in an episode: {again}");
    for (episode, openness) in [(false, 0.6), (true, 0.3)] {
        let first: Vec<bool> =
            answers.iter().filter(|(who, _)| who.2 == episode).map(|(_, l)| l[0]).collect();
        let n = first.len() as f64;
        let let_in = first.iter().filter(|&&a| a).count() as f64;
        let z = (let_in - n * openness) / (n * openness * (1.0 - openness)).sqrt();
        assert!(n > 300.0 && z.abs() < 5.0, "{let_in} of {n} let in at an openness of {openness}: {z:.1}");
    }
}

#[test]
fn an_orderly_channel_gives_its_places_and_no_more() {
    for (order, per_year) in [("lottery", 150.0), ("queue", 150.0), ("queue", 40.0)] {
        let set = format!("routes.south_orderly.grant_order=\"{order}\"");
        let ceiling = format!("routes.south_orderly.ceiling_per_year={per_year}");
        let setup = tiny(&[&set, &ceiling, "switches.arrangements=false"]);
        let mut sim = begin(&setup);
        let mut entered = 0.0;
        for day in 1..=setup.days {
            sim.step();
            entered = f64::from(common::counted(&sim, Flow::OrderlyEntry, None));
            let places = per_year * f64::from(day) / 365.25;
            // The last household in may be larger than what is left of the day's places.
            assert!(entered <= places + 3.0, "{order}, day {day}: {entered} persons for {places} places");
        }
        let places = per_year * f64::from(setup.days) / 365.25;
        assert!(sim.world.routes.iter().any(|r| r.applicants > 0), "{order}: somebody still waits");
        assert!(entered >= places - per_year / 12.0 - 4.0, "{order}: {entered} persons for {places} places");
    }
}

#[test]
fn in_turn_means_in_the_order_of_application() {
    let setup = tiny(&[
        "routes.south_orderly.grant_order=\"queue\"",
        "setting_out.applicant_factor=0.0",
        "setting_out.application_years=50.0",
    ]);
    let mut sim = begin(&setup);
    let mut grants = 0;
    for _ in 0..setup.days {
        let before: Vec<(usize, u32, u32)> = waiting(&sim);
        let granted = sim.world.routes.iter().map(|r| r.granted).sum::<u32>();
        sim.step();
        let after = waiting(&sim);
        let now = sim.world.routes.iter().map(|r| r.granted).sum::<u32>();
        // A lapse may take anybody; a day with grants and no lapse must have taken the earliest.
        let gone: Vec<u32> = before.iter().filter(|b| !after.contains(b)).map(|b| b.2).collect();
        if now - granted == gone.len() as u32 && !gone.is_empty() {
            let left = after.iter().map(|a| a.2).min().unwrap_or(u32::MAX);
            let last = gone.iter().copied().max().unwrap_or(0);
            assert!(last <= left, "day {}: one of day {last} before one of day {left}", sim.world.day);
            grants += gone.len();
        }
    }
    assert!(grants > 100, "hardly any grants were seen: {grants}");
}

fn waiting(sim: &landfall::engine::Sim) -> Vec<(usize, u32, u32)> {
    let groups = sim.world.groups.iter().enumerate();
    groups.flat_map(|(g, s)| s.applicants.iter().map(move |a| (g, a.head, a.since))).collect()
}

#[test]
fn a_facility_never_takes_more_than_it_has_room_for() {
    // Without a fallback, which would take those beyond its capacity off it within the day.
    let text = common::TINY.replace("fallback = \"annex\"\n", "");
    let changes = ["ladders.sea.initial=\"hold\"", "switches.policy=false", "ladders.exit.initial=\"open\""];
    let setup = common::scenario(&text, &changes);
    let camp = place(&setup, "camp");
    let mut sim = begin(&setup);
    let mut full = 0;
    for _ in 0..setup.days {
        sim.step();
        let inside = f64::from(sim.world.places[camp.index()].occupied);
        assert!(inside <= sim.levers.capacity[camp.index()], "day {}: {inside} held", sim.world.day);
        full += u32::from(inside + 4.0 > sim.levers.capacity[camp.index()]);
    }
    assert!(full > 30, "the camp was hardly ever full");
    assert!(common::counted(&sim, Flow::PassedOn, None) > 0, "nobody was passed on");
}

/// When a camp has to give people up, they are moved as far as there is room, and the others stay.
#[test]
fn who_is_moved_to_another_facility_finds_room_there() {
    let text = common::TINY.replace("name = \"hold\"\n", "name = \"hold\"\ncapacity = { camp = 150.0 }\n");
    let setup = common::scenario(&text, &["ladders.exit.initial=\"open\""]);
    let (camp, annex) = (place(&setup, "camp"), place(&setup, "annex"));
    let mut sim = begin(&setup);
    let (mut full, mut left) = (0, 0);
    for _ in 0..setup.days {
        sim.step();
        let inside = |at: PlaceId| f64::from(sim.world.places[at.index()].occupied);
        let room = |at: PlaceId| sim.levers.capacity[at.index()];
        assert!(inside(annex) <= room(annex), "day {}: {} held", sim.world.day, inside(annex));
        full += u32::from(inside(annex) + 4.0 > room(annex));
        left += u32::from(inside(camp) > room(camp));
    }
    assert!(common::counted(&sim, Flow::Moved, None) > 10, "hardly anybody was moved");
    assert!(full > 5 && left > 5, "full on {full} days, too many in the camp on {left}");
}

/// A ladder on whose only rung claims go to an accelerated procedure of the usual fifteen days.
const ACCELERATED: &str = "ladders.haste={ country = \"DES\", domain = \"procedure\", rungs = [{ name = \"on\", accelerated = [\"people\"] }] }";

/// In an accelerated procedure every claim is decided by its day, whatever the backlog; Little's law holds there too. As
/// careful as the regular one, it finds the same of the same people; in haste it finds fewer in need, and those not in need
/// as before.
#[test]
fn an_accelerated_procedure_keeps_its_days_and_tells_claims_apart_less_well() {
    let mixed = ["populations.people.well_founded=0.5", "countries.DES.decisions_per_day=0.5"];
    let fast = |left: &str| claims_only(&[&mixed[..], &[ACCELERATED, left]].concat());
    let careful = fast("countries.DES.accelerated_discriminability=1.0");
    let mut decided = 0;
    for (lodged, by) in claims(&careful) {
        assert!(by == Some(lodged + 15) || (by.is_none() && lodged + 15 >= careful.days), "{lodged}: {by:?}");
        decided += u32::from(by.is_some());
    }
    assert!(decided > 1500, "{decided}");
    let (stock_days, waited, _, _) = little(&careful);
    let pending: u32 = claims(&careful).iter().filter(|c| c.1.is_none()).map(|c| careful.days - c.0).sum();
    assert_eq!(stock_days, waited + u64::from(pending), "person-days of claimants and days waited");

    let found = |setup: &Setup| -> BTreeMap<(u16, u32), bool> {
        let all = transitions(setup, setup.days);
        let by_decision = all.iter().filter(|t| t.from.is_some_and(|c| c.status() == Status::Claimant));
        by_decision.map(|t| ((t.group.0, t.ordinal), t.to.status() == Status::Protected)).collect()
    };
    let recognised = |found: &BTreeMap<(u16, u32), bool>, setup: &Setup, in_need: bool| {
        let of = |&(&(group, _), _): &(&(u16, u32), &bool)| {
            setup.groups[usize::from(group)].well_founded == in_need
        };
        let all: Vec<bool> = found.iter().filter(of).map(|(_, yes)| *yes).collect();
        all.iter().filter(|yes| **yes).count() as f64 / all.len() as f64
    };
    let regular = claims_only(&[mixed[0], "countries.DES.decisions_per_day=1000.0"]);
    let (by_queue, carefully) = (found(&regular), found(&careful));
    assert!(carefully.iter().all(|(who, yes)| by_queue.get(who).is_none_or(|found| found == yes)));
    let hasty = fast("countries.DES.accelerated_discriminability=0.2");
    let hastily = found(&hasty);
    let [before, after] = [true, false].map(|in_need| recognised(&carefully, &careful, in_need));
    let [less, as_before] = [true, false].map(|in_need| recognised(&hastily, &hasty, in_need));
    assert!(less < before - 0.2, "{less} and {before} of those in need");
    assert!((as_before - after).abs() < 0.02, "{as_before} and {after} of the others");
}
