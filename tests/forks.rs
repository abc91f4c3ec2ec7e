//! The promise: the future does not reach back. Two scenarios that differ only in what happens after some day have
//! the same world, to the byte, up to that day; and differ after it.

mod common;

use common::{TINY, begin, scenario, tiny, us_cuba};
use landfall::scenario::Setup;
use landfall::snapshot::encode;

/// The first day after which two runs differ, if they do within some days.
fn parting(a: &Setup, b: &Setup, days: u32) -> Option<u32> {
    let (mut one, mut other) = (begin(a), begin(b));
    for day in 0..days {
        assert_eq!(one.world.day, day);
        one.step();
        other.step();
        if encode(&one.world) != encode(&other.world) {
            return Some(day);
        }
    }
    None
}

/// Two runs are the same before `first` and part then or within some days, as the change takes to be felt.
fn part_from(a: &Setup, b: &Setup, first: u32, within: u32, what: &str) {
    let parted = parting(a, b, a.days.min(b.days));
    let parted = parted.unwrap_or_else(|| panic!("{what}: never felt"));
    assert!(parted >= first, "{what}: felt on day {parted}, before day {first}");
    assert!(parted <= first + within, "{what}: felt only on day {parted}, not on day {first}");
}

fn day(setup: &Setup, year: i16, month: i8, day: i8) -> u32 {
    setup.calendar.day(jiff::civil::date(year, month, day)) as u32
}

#[test]
fn events_after_a_day_leave_its_past_alone() {
    let plain = tiny(&[]);
    let first = day(&plain, 2001, 9, 10);
    for (what, event, within) in [
        ("weather", "kind = \"weather\"\nzone = \"strait\"\nvalue = 0.05\ndays = 20", 5),
        (
            "announcement",
            "kind = \"announcement\"\nroute = \"south_raft\"\nvalue = 0.0\ncredibility = 1.0",
            0,
        ),
        ("pressure", "kind = \"pressure\"\ncountry = \"EST\"\nvalue = 2.0\ndays = 9", 0),
        ("provocation", "kind = \"provocation\"\ncountry = \"SUD\"\nvalue = 2.0", 0),
        (
            "rumour",
            "kind = \"expected_change\"\nladder = \"sea\"\nrung = \"screen\"\nuntil = 2001-10-01\ndays = 20",
            9,
        ),
    ] {
        let changed = scenario(&format!("{TINY}\n[[events]]\ndate = 2001-09-10\n{event}\n"), &[]);
        part_from(&plain, &changed, first, within, what);
    }
}

#[test]
fn moves_of_ladders_after_a_day_leave_its_past_alone() {
    let plain = tiny(&[]);
    for (set, from) in [
        ("ladders.sea.schedule.1.date=2001-11-01", day(&plain, 2001, 10, 1)),
        ("ladders.sea.schedule.2.rung=\"hold\"", day(&plain, 2002, 6, 1)),
        ("ladders.border.schedule.1.date=2002-02-01", day(&plain, 2002, 2, 1)),
    ] {
        part_from(&plain, &tiny(&[set]), from, 60, set);
    }
    let dear = "policy.exit_open_cost=5.0";
    let (late, early) = (tiny(&[dear]), tiny(&[dear, "ladders.exit.endogenous_from=2001-09-20"]));
    part_from(&late, &early, day(&late, 2001, 9, 20), 60, "own choice from an earlier day");
}

#[test]
fn the_life_of_arrangements_after_a_day_leaves_its_past_alone() {
    let plain = tiny(&[]);
    for (set, from) in [
        ("arrangements.0.in_force=2001-10-15", day(&plain, 2001, 9, 1)),
        ("arrangements.0.suspended=2002-01-01", day(&plain, 2002, 1, 1)),
        ("arrangements.1.ends=2001-10-01", day(&plain, 2001, 10, 1)),
    ] {
        part_from(&plain, &tiny(&[set]), from, 1, set);
    }
}

/// Nothing in a day may look at how long the run goes on.
#[test]
fn a_longer_run_begins_like_a_shorter_one() {
    let (short, long) = (tiny(&["scenario.end=2002-12-31"]), tiny(&["scenario.end=2004-06-30"]));
    assert!(long.days > short.days);
    assert_eq!(parting(&short, &long, short.days), None);
}

#[test]
fn the_accord_of_1994_leaves_the_years_before_it_alone() {
    let plain = us_cuba(&[]);
    let changed = us_cuba(&["arrangements.0.in_force=1994-12-09"]);
    part_from(&plain, &changed, day(&plain, 1994, 9, 9), 1, "accord");
    let changed = us_cuba(&["ladders.cuba_exit.schedule.0.date=1994-08-15"]);
    part_from(&plain, &changed, day(&plain, 1994, 8, 11), 1, "exit");
}
