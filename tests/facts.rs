//! What a fact measures is what happened in the run, counted again by hand; what it claims is judged as it says.

mod common;

use common::{TINY, begin, cell, place, scenario, tiny};
use landfall::experiment::facts::{Outcome, Worlds, score_facts};
use landfall::experiment::member::{run_member, with_seed};
use landfall::observe::Daily;
use landfall::scenario::read::Layer;
use landfall::scenario::{Setup, load};
use landfall::world::counts::position;
use landfall::world::{Flow, PlaceId, Status, Wait};

/// The tiny scenario with a fact for each measure (a claim that always holds is added).
fn with_measures(measures: &[&str]) -> Setup {
    let claim = |m: &str| if m.contains("first_day") { "not_before = 2001-01-01" } else { "at_least = -1e9" };
    let facts = measures.iter().map(|m| fact(m, claim(m))).collect::<String>();
    scenario(&(TINY.to_string() + &facts), &[])
}

fn fact(measure: &str, claim: &str) -> String {
    format!(
        "\n[[facts]]\nkind = \"rule\"\nstatement = \"s\"\nsource = \"made up\"\nmeasure = {measure}\n{claim}\n"
    )
}

/// What a whole run has for each of some measures.
fn values(measures: &[&str]) -> Vec<f64> {
    let setup = with_measures(measures);
    let daily = run_member(&setup, setup.days);
    setup.facts.facts.iter().map(|f| daily.watch().fact(&setup, f)).collect()
}

/// Something looked at after every day of a run of the tiny scenario.
fn by_day<T>(look: impl Fn(&landfall::engine::Sim) -> T) -> Vec<T> {
    let setup = tiny(&[]);
    let mut sim = begin(&setup);
    (0..setup.days)
        .map(|_| {
            sim.step();
            look(&sim)
        })
        .collect()
}

/// Persons counted so far in a flow, of places and populations that are asked for.
fn counted(sim: &landfall::engine::Sim, flow: Flow, of: impl Fn(usize, usize, bool) -> bool) -> f64 {
    let mut persons = 0;
    for place in 0..sim.setup.places.len() {
        for population in 0..sim.setup.populations.len() {
            for claim in [false, true] {
                let at = position(sim.setup.flow_at(flow, PlaceId::at(place)), claim);
                if of(place, population, claim) {
                    persons += sim.world.tally.flows[(population, at)];
                }
            }
        }
    }
    f64::from(persons)
}

/// Days of a calendar month of 2001, as positions.
fn day(setup: &Setup, month: i8, day: i8) -> usize {
    setup.calendar.day(jiff::civil::date(2001, month, day)) as usize
}

#[test]
fn flows_are_counted_where_of_whom_and_when_they_happened() {
    let setup = tiny(&[]);
    let north = place(&setup, "north").index();
    let all = by_day(|s| counted(s, Flow::SetOut, |_, _, _| true));
    let west = by_day(|s| counted(s, Flow::SetOut, |_, p, _| p == 1));
    let to_north = by_day(|s| counted(s, Flow::SetOut, |at, _, _| at == north));
    let founded =
        by_day(|s| counted(s, Flow::Interdicted, |_, _, c| c) + counted(s, Flow::Rescued, |_, _, c| c));
    let last = all.len() - 1;
    let (before, to) = (day(&setup, 5, 31), day(&setup, 8, 31));
    let busy = (before + 1..).find(|&d| all[d] > all[d - 1]).unwrap();
    let on = format!("{{ flow = \"set_out\", on = {} }}", setup.calendar.date(busy as u32));
    let got = values(&[
        r#"{ flow = "set_out" }"#,
        r#"{ flow = "set_out", population = "west" }"#,
        r#"{ flow = "set_out", place = "north" }"#,
        r#"{ flow = ["rescued", "interdicted"], well_founded = true, place = "strait" }"#,
        r#"{ flow = "set_out", from = 2001-06-01, to = 2001-08-31 }"#,
        &on,
        r#"{ flow = "set_out", country = ["NOR", "EST"], except_country = "EST" }"#,
    ]);
    let busy_day = all[busy] - all[busy - 1];
    let want = [
        all[last],
        west[last],
        to_north[last],
        founded[last],
        all[to] - all[before],
        busy_day,
        to_north[last],
    ];
    assert_eq!(got, want);
    assert!(want.iter().all(|&x| x > 0.0), "{want:?}");
}

#[test]
fn what_is_taken_of_days_months_and_years() {
    let setup = tiny(&[]);
    let so_far = by_day(|s| counted(s, Flow::Landed, |_, _, _| true));
    let daily: Vec<f64> =
        so_far.iter().enumerate().map(|(i, x)| x - if i == 0 { 0.0 } else { so_far[i - 1] }).collect();
    let mut by_month = vec![0.0; 24];
    daily.iter().enumerate().for_each(|(d, x)| by_month[setup.calendar.month_index(d as u32) as usize] += x);
    let by_year = [by_month[..12].iter().sum::<f64>(), by_month[12..].iter().sum()];
    let largest = |v: &[f64]| v.iter().copied().fold(0.0, f64::max);
    let smallest = |v: &[f64]| v.iter().copied().fold(f64::MAX, f64::min);
    let got = values(&[
        r#"{ flow = "landed", take = "largest" }"#,
        r#"{ flow = "landed", take = "mean" }"#,
        r#"{ flow = "landed", by = "month", take = "largest" }"#,
        r#"{ flow = "landed", by = "month", take = "smallest" }"#,
        r#"{ flow = "landed", by = "year", take = "largest" }"#,
        r#"{ flow = "landed", by = "year", take = "mean" }"#,
        r#"{ flow = "landed", by = "year", take = "count", reaches = 1e6 }"#,
        r#"{ flow = "landed", take = "share", reaches = 2 }"#,
        r#"{ flow = "landed", take = "first_day", reaches = 20 }"#,
        r#"{ flow = "landed", take = "first_year", reaches = 20 }"#,
        r#"{ flow = "landed", take = "first_day", reaches = 1e9 }"#,
    ]);
    let days = daily.len() as f64;
    let twentieth = so_far.iter().position(|&x| x >= 20.0).unwrap();
    let year = f64::from(setup.calendar.date(twentieth as u32).year());
    let many = daily.iter().filter(|&&x| x >= 2.0).count() as f64 / days;
    let want = [
        largest(&daily),
        daily.iter().sum::<f64>() / days,
        largest(&by_month),
        smallest(&by_month),
        largest(&by_year),
        (by_year[0] + by_year[1]) / 2.0,
        0.0,
        many,
        twentieth as f64,
        year,
        f64::INFINITY,
    ];
    assert_eq!(got, want);
    assert!(twentieth > 0 && many > 0.0 && many < 1.0);
}

#[test]
fn stocks_are_those_at_the_end_of_the_day() {
    let setup = tiny(&[]);
    let held = by_day(|s| {
        let statuses = [Status::Held, Status::AwaitingResettlement, Status::Stranded];
        let held = |status| s.world.stocks.of_all(cell(s.setup, "camp", status).index());
        statuses.into_iter().map(|status| f64::from(held(status))).sum::<f64>()
    });
    let (from, to) = (day(&setup, 4, 1), day(&setup, 6, 30));
    let spring = &held[from..=to];
    let got = values(&[
        r#"{ stock = "at_facility", place = "camp", on = 2001-06-30 }"#,
        r#"{ stock = "at_facility", place = "camp", take = "mean", from = 2001-04-01, to = 2001-06-30 }"#,
        r#"{ stock = "at_facility", place = "camp", take = "largest", from = 2001-04-01, to = 2001-06-30 }"#,
        r#"{ stock = "at_facility", place = "camp", take = "total", from = 2001-04-01, to = 2001-06-30 }"#,
        r#"{ stock = ["held", "at_facility"], place = "camp", take = "first_day", reaches = 10 }"#,
    ]);
    let sum = spring.iter().sum::<f64>();
    let tenth = held.iter().position(|&x| x >= 10.0).unwrap() as f64;
    let most = spring.iter().copied().fold(0.0, f64::max);
    assert_eq!(got, [held[to], sum / spring.len() as f64, most, sum, tenth]);
    assert!(most > 0.0 && tenth > from as f64);
}

#[test]
fn rungs_phases_and_levels_are_those_in_force() {
    let setup = tiny(&[]);
    let position = |date: (i16, i8, i8)| setup.calendar.day(jiff::civil::date(date.0, date.1, date.2)) as f64;
    let days = f64::from(setup.days);
    // A dated move is made at the start of its day, so that the day ends on the new rung or in the new phase.
    let (narrow, wide) = (position((2001, 6, 1)), position((2002, 3, 1)));
    let (force, pause, revival) = (position((2001, 9, 1)), position((2002, 2, 1)), position((2002, 7, 1)));
    let got = values(&[
        r#"{ rung = "narrow", ladder = "border", take = "share" }"#,
        r#"{ rung = "narrow", ladder = "border", take = "first_day" }"#,
        r#"{ rung = ["hold", "screen"], ladder = "sea", take = "count" }"#,
        r#"{ level = "openness", place = "east", take = "share", reaches = 0.5 }"#,
        r#"{ level = "openness", place = "east", on = 2001-06-01 }"#,
        r#"{ phase = "in_force", arrangement = "migration_accord", take = "first_day" }"#,
        r#"{ phase = ["in_force", "revived"], arrangement = "migration_accord", take = "count" }"#,
        r#"{ phase = ["in_force", "revived"], arrangement = "migration_accord", take = "rises" }"#,
        r#"{ phase = ["in_force", "revived"], between = ["SUD", "NOR"], take = "largest" }"#,
        r#"{ phase = "in_force", between = ["OUE", "NOR"], take = "largest" }"#,
        r#"{ phase = "revived", arrangement = "migration_accord", take = "first_year" }"#,
    ]);
    let on_sea = position((2002, 6, 1)) - position((2001, 4, 1));
    let want = [
        (wide - narrow) / days,
        narrow,
        on_sea,
        (days - (wide - narrow)) / days,
        0.4,
        force,
        (pause - force) + (days - revival),
        2.0,
        1.0,
        0.0,
        2002.0,
    ];
    assert_eq!(got, want);
}

#[test]
fn levels_are_read_where_they_stand() {
    let setup = tiny(&[]);
    let at = |name: &str| setup.countries.iter().position(|c| c.name == name).unwrap();
    let (nor, sud) = (at("NOR"), at("SUD"));
    let raft = setup.routes.iter().position(|r| r.name == "south_raft").unwrap();
    let last = by_day(|s| {
        let (w, l) = (&s.world, &s.levers);
        [
            w.countries[nor].attention.pressure,
            w.countries[nor].attention.share(),
            w.countries[nor].magnet_belief,
            w.countries[nor].spent_usd,
            l.punished[sud],
            l.standard[nor],
            l.exit[raft],
            w.routes[raft].known_exit,
            w.routes[raft].stop.mean(),
            w.zones[0].patrol_hours,
            w.arrangements[0].trust.mean(),
        ]
    })
    .pop()
    .unwrap();
    let got = values(&[
        r#"{ level = "pressure", country = "NOR", on = 2002-12-31 }"#,
        r#"{ level = "pressure_share", country = "NOR", on = 2002-12-31 }"#,
        r#"{ level = "magnet_belief", country = "NOR", on = 2002-12-31 }"#,
        r#"{ level = "spent_on_holding", country = "NOR", on = 2002-12-31 }"#,
        r#"{ level = "returnees_punished", country = "SUD", on = 2002-12-31 }"#,
        r#"{ level = "standard_of_proof", country = "NOR", on = 2002-12-31 }"#,
        r#"{ level = "exit", route = "south_raft", on = 2002-12-31 }"#,
        r#"{ level = "known_exit", route = "south_raft", on = 2002-12-31 }"#,
        r#"{ level = "believed_stop", route = "south_raft", on = 2002-12-31 }"#,
        r#"{ level = "patrol_hours", place = "strait", on = 2002-12-31 }"#,
        r#"{ level = "trust", arrangement = "migration_accord", on = 2002-12-31 }"#,
    ]);
    assert_eq!(got, last);
}

#[test]
fn waits_are_means_of_those_that_ended() {
    let setup = tiny(&[]);
    let north = place(&setup, "north").index();
    let ended = by_day(|s| {
        let at = Wait::Decision as usize * s.setup.places.len() + north;
        s.world.tally.waits[at]
    });
    let (days, persons) = *ended.last().unwrap();
    let got = values(&[
        r#"{ wait = "decision", place = "north" }"#,
        r#"{ wait = "decision", place = "camp", on = 2001-01-01 }"#,
    ]);
    assert_eq!(got[0], days as f64 / f64::from(persons));
    assert!(persons > 10 && got[1].is_nan());
}

#[test]
fn countries_are_compared_with_one_another() {
    let setup = tiny(&[]);
    let of = |name: &str| {
        let c = setup.countries.iter().position(|c| c.name == name).unwrap();
        let mine: Vec<bool> = setup.places.iter().map(|p| p.country.index() == c).collect();
        *by_day(|s| counted(s, Flow::Claimed, |at, _, _| mine[at])).last().unwrap()
    };
    let each = ["NOR", "EST", "PAR", "SUD", "OUE"].map(of);
    let most = each.iter().copied().fold(0.0, f64::max);
    let got = values(&[
        r#"{ flow = "claimed", across = "largest" }"#,
        r#"{ flow = "claimed", across = "smallest", country = ["NOR", "EST"] }"#,
        r#"{ flow = "claimed", across = "spread", country = ["NOR", "EST"] }"#,
        r#"{ flow = "claimed", across = "count", each_at_least = 1 }"#,
        r#"{ level = "standard_of_proof", country = ["NOR", "EST"], across = "spread", on = 2001-01-01 }"#,
    ]);
    let receiving = each.iter().filter(|&&x| x >= 1.0).count() as f64;
    let spread = (each[0] - each[1]).abs();
    let standards = setup.countries.iter().map(|c| c.typed.standard_of_proof).collect::<Vec<_>>();
    assert_eq!(got[..4], [most, each[0].min(each[1]), spread, receiving]);
    assert!(most > 0.0 && receiving >= 2.0);
    // NOR stands on the rung it begins with, EST has its own standard.
    assert!((got[4] - (0.3 - standards[1]).abs()).abs() < 1e-12, "{}", got[4]);
}

#[test]
fn one_quantity_is_set_against_another_in_the_same_run() {
    let text = TINY.to_string()
        + &fact(
            r#"{ flow = "died_at_sea" }"#,
            "over = { flow = [\"set_out\", \"reattempted\"] }\nat_least = 0.0",
        )
        + &fact(
            r#"{ flow = "landed", take = "first_day", reaches = 50 }"#,
            "minus = { flow = \"landed\", take = \"first_day\" }\nat_least = 0.0",
        )
        + &fact(r#"{ stock = "in_care", on = 2002-12-31 }"#, "over = { constant = 8 }\nat_least = 0.0");
    let setup = scenario(&text, &[]);
    let daily = run_member(&setup, setup.days);
    let got: Vec<f64> = setup.facts.facts.iter().map(|f| daily.watch().fact(&setup, f)).collect();
    let parts = values(&[
        r#"{ flow = "died_at_sea" }"#,
        r#"{ flow = ["set_out", "reattempted"] }"#,
        r#"{ flow = "landed", take = "first_day", reaches = 50 }"#,
        r#"{ flow = "landed", take = "first_day" }"#,
        r#"{ stock = "in_care", on = 2002-12-31 }"#,
    ]);
    assert_eq!(got, [parts[0] / parts[1], parts[2] - parts[3], parts[4] / 8.0]);
    assert!(got.iter().all(|&x| x > 0.0), "{got:?}");
}

#[test]
fn a_record_taken_in_between_changes_no_measure() {
    let measures = [
        r#"{ flow = "landed", by = "month", take = "largest" }"#,
        r#"{ wait = "decision" }"#,
        r#"{ stock = "in_care", take = "mean" }"#,
    ];
    let setup = with_measures(&measures);
    let mut sim = begin(&setup);
    let mut daily = Daily::new(&setup);
    for day in 0..setup.days {
        sim.step();
        daily.take(&sim);
        if setup.calendar.ends_month(day) {
            sim.world.tally = landfall::engine::start::empty_tally(&setup);
            daily.emptied();
        }
    }
    let emptied: Vec<f64> = setup.facts.facts.iter().map(|f| daily.watch().fact(&setup, f)).collect();
    assert_eq!(emptied, values(&measures));
}

fn outcome(text: &str, runs: u64) -> Outcome {
    let loaded = load(&[Layer::file("test.toml", text)]).unwrap_or_else(|p| panic!("{p}"));
    let worlds = Worlds::new(vec![loaded]).unwrap_or_else(|p| panic!("{p}"));
    score_facts(&worlds, &[], runs, 1)
}

#[test]
fn the_other_world_is_the_same_seed_with_something_changed() {
    let measure = r#"{ flow = "landed", population = "south" }"#;
    let text = TINY.to_string()
        + &fact(measure, "against = { without = \"migration_accord\" }\nat_least = -1e9")
        + &fact(measure, "against = { without = \"magnet\", compare = \"ratio\" }\nat_least = -1e9")
        + &fact(measure, "against = { set = \"zones.strait.area_km2=9e4\" }\nat_least = -1e9");
    let got: Vec<Vec<f64>> = outcome(&text, 3).facts.iter().map(|f| f.sample.clone()).collect();
    let landed = |change: &str, seed: u64| {
        let setup = scenario(&(TINY.to_string() + &fact(measure, "at_least = 0.0")), &[change]);
        let setup = with_seed(&setup, seed);
        let daily = run_member(&setup, setup.days);
        daily.watch().fact(&setup, &setup.facts.facts[0])
    };
    let pairs = |change: &str, compare: &dyn Fn(f64, f64) -> f64| {
        let mut all: Vec<f64> =
            (1..4).map(|seed| compare(landed("scenario.seed=1", seed), landed(change, seed))).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let without_accord = "arrangements.migration_accord.barred=true";
    assert_eq!(got[0], pairs(without_accord, &|a, b| a - b));
    assert_eq!(got[1], pairs("switches.magnet=false", &|a, b| a / b));
    assert_eq!(got[2], pairs("zones.strait.area_km2=9e4", &|a, b| a - b));
    assert!(got[0].iter().any(|&x| x != 0.0) && got[2].iter().all(|&x| x < 0.0), "{got:?}");
}

#[test]
fn a_recorded_value_is_held_against_the_interval_and_a_comparison_against_the_runs() {
    // 90 % of the runs land between two values that are measured first.
    let landed = r#"{ flow = "landed" }"#;
    let sample = outcome(&(TINY.to_string() + &fact(landed, "at_least = 0.0")), 20).facts[0].sample.clone();
    let (least, most) = (sample[0], sample[19]);
    let target = |claim: &str| fact(landed, claim).replace("\"rule\"", "\"target\"");
    let text = [
        target(&format!("about = {}", sample[10])),
        target(&format!("about = {}", most * 2.0)),
        // As wide as from twice the most down to just below the middle.
        target(&format!("about = {}\nfactor = {}", most * 2.0, most * 2.0 / (sample[10] * 0.9))),
        target(&format!("about = {}\nwithin = {}", most * 2.0, most * 2.0 - sample[10] * 0.9)),
        target(&format!("about = {}\nrelative = {}", most * 2.0, 1.0 - sample[10] * 0.45 / most)),
        fact(landed, &format!("at_least = {least}")),
        fact(landed, &format!("above = {least}")),
        fact(landed, &format!("above = {least}\nholds_in = 0.99")),
        fact(landed, &format!("below = {least}")),
        fact(landed, &format!("between = [{least}, {most}]\nholds_in = 1.0")),
        fact(landed, &format!("exactly = {least}\nholds_in = 0.01")),
        fact(landed, &format!("exactly = {least}")),
        // A rule with a recorded value: run by run.
        fact(landed, &format!("about = {}\nwithin = {}", sample[10], most - least)),
        fact(landed, &format!("about = {}", sample[10])),
    ];
    let held = outcome(&(TINY.to_string() + &text.concat()), 20);
    let got: Vec<bool> = held.facts.iter().map(|f| f.holds()).collect();
    assert!(least < most);
    let want = [true, false, true, true, true, true, true, false, false, true, true, false, true, false];
    assert_eq!(got, want);
    assert!(!held.all_hold());
}

#[test]
fn days_are_claimed_as_dates_and_never_is_later_than_any() {
    let narrow = r#"{ rung = "narrow", ladder = "border", take = "first_day" }"#;
    let never = r#"{ flow = "landed", take = "first_day", reaches = 1e9 }"#;
    let text = [
        fact(narrow, "on_date = 2001-06-01"),
        fact(narrow, "on_date = 2001-06-05\nwithin_days = 3"),
        fact(narrow, "on_date = 2001-06-05\nwithin_days = 4"),
        fact(narrow, "not_before = 2001-06-01"),
        fact(narrow, "not_before = 2001-06-02"),
        fact(narrow, "not_after = 2001-06-01"),
        fact(never, "not_after = 2002-12-31"),
        fact(never, "not_before = 2002-12-31"),
    ];
    let held = outcome(&(TINY.to_string() + &text.concat()), 2);
    let got: Vec<bool> = held.facts.iter().map(|f| f.holds()).collect();
    assert_eq!(got, [true, false, true, true, false, true, false, true]);
}

#[test]
fn facts_do_not_touch_the_run() {
    let setup = with_measures(&[r#"{ flow = "landed" }"#, r#"{ stock = "in_care", take = "mean" }"#]);
    let plain = tiny(&[]);
    let (with, without) = (common::run(&setup, 300), common::run(&plain, 300));
    assert!(with.world == without.world);
}
