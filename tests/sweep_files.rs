//! The file of an experiment is checked, all of it, before anything runs: what is wrong is told with its place in the
//! file, what was found and what is allowed.

mod common;
mod sweeping;

use common::RECORDED;
use sweeping::{GRID, Place, rows};

/// Lays a factor over a minimal experiment and returns what is said about it.
fn told(place: &Place, factor: &str) -> String {
    place.write("bad.toml", &format!("[experiment]\nscenario = \"trivial.toml\"\n{factor}\n"));
    let message = place.refused(&["sweep", "bad.toml", "--out", "none"], 2);
    assert!(!place.path("none").exists(), "{factor}: something was written");
    message
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let place = Place::new();
    let rate = "path = \"populations.people.departures_per_thousand_year\"";
    let range = |ends: &str| format!("[[factors]]\n{rate}\n{ends}");
    let cases: Vec<(String, &[&str])> = vec![
        (range("low = nan\nhigh = 2.0"), &["bad.toml:5:7", "`nan` is not a finite number", "finite number"]),
        (range("low = 1.0\nhigh = inf"), &["bad.toml:6:8", "`inf` is not a finite number"]),
        (range("low = 1.0\nhigh = 1e999"), &["bad.toml:6:8", "not a finite number"]),
        (range("low = 3.0\nhigh = 2.0"), &["bad.toml:6:8", "from 3 to 2", "`low` below `high`"]),
        (range("low = 2.0\nhigh = 2.0"), &["bad.toml:6:8", "`low` below `high`"]),
        (range("low = -5.0\nhigh = 2.0"), &["bad.toml:5:7", "out of range", "departures_per_thousand_year"]),
        (range("low = 1.0\nhigh = 1e12"), &["bad.toml:6:8", "out of range"]),
        (range("low = \"a\"\nhigh = 2.0"), &["bad.toml:5:7", "not a number"]),
        (range("low = 1.0"), &["a range without `high`"]),
        (
            range("low = 0.0\nhigh = 1.0\ndistribution = \"log_uniform\""),
            &["bad.toml:5:7", "logarithm", "above 0"],
        ),
        (range("low = 0.0\nhigh = 1.0\ndistribution = \"normal\""), &["without `mean` and `sd`"]),
        (range(""), &["without `low` and `high`, `values` or `options`"]),
        (range("low = 1.0\nhigh = 2.0\nvalues = [1.0]"), &["more than one of"]),
        (
            "[[factors]]\npath = \"zones.strait.area\"\nlow = 1.0\nhigh = 2.0".into(),
            &["bad.toml:4:8", "area"],
        ),
        ("[[factors]]\npath = \"a..b\"\nlow = 1.0\nhigh = 2.0".into(), &["bad.toml:4:8", "dotted path"]),
        (range("also = [\"a..b\"]\nlow = 1.0\nhigh = 2.0"), &["bad.toml:5:9", "dotted path"]),
        (range("also = [\"zones.strait.area\"]\nlow = 1.0\nhigh = 2.0"), &["bad.toml:5:9", "area"]),
        (
            range("also = [\"populations.people.departures_per_thousand_year\"]\nlow = 1.0\nhigh = 2.0"),
            &["bad.toml:5:9", "a second time"],
        ),
        (
            "[[factors]]\nname = \"x\"\nalso = [\"a\"]\noptions = [{ name = \"a\" }]".into(),
            &["bad.toml:5:", "`also` without a `path`"],
        ),
        (range("values = [100.0, -1.0]"), &["bad.toml:5:18", "out of range"]),
        (range("values = [100.0, nan]"), &["bad.toml:5:18", "`nan` is not a finite number"]),
        (range("values = [100.0, 100.0]"), &["two levels `100`"]),
        (range("values = [100.0, 200.0]\nnames = [\"a\"]"), &["1 names for 2 values"]),
        (
            "[[factors]]\nname = \"x\"\noptions = [{ name = \"a\", without = [\"magnets\"] }]".into(),
            &["bad.toml:5:", "magnets", "did you mean `magnet`"],
        ),
        ("[[factors]]\nname = \"x\"\noptions = [{ name = \"a\", set = 5 }]".into(), &["not a table"]),
        ("[[factors]]\nnmae = \"x\"".into(), &["bad.toml:4:1", "nmae", "did you mean `name`"]),
        (
            "[[factors]]\nname = \"run\"\nvalues = [1]\npath = \"scenario.seed\"".into(),
            &["a factor called `run`"],
        ),
        ("[[outputs]]\nmeasure = \"sett_out\"".into(), &["bad.toml:4:11", "did you mean `set_out`"]),
        (
            "[[outputs]]\nmeasure = \"set_out\"\npopulation = \"peopel\"".into(),
            &["bad.toml:5:14", "did you mean `people`"],
        ),
        (
            "[[outputs]]\nmeasure = \"set_out\"\nfrom = 2001-02-02\nto = 2001-02-01".into(),
            &["`from` not after"],
        ),
        (
            "[[outputs]]\nmeasure = \"set_out\"\nfrom = 2009-01-01".into(),
            &["outside of the run", "2001-01-01 to"],
        ),
        (
            "[[outputs]]\nmeasure = \"set_out\"\nfrom = 2001-01-05\nto = 2009-01-01".into(),
            &["bad.toml:3:", "outside of the run", "to 2001-03-01"],
        ),
        (
            "[[outputs]]\nmeasure = \"set_out\"\nfrom = 1999-01-05\nto = 2001-01-09".into(),
            &["outside of the run"],
        ),
        ("replicates = 0".into(), &["bad.toml:3:14", "out of range"]),
        ("design = \"sobol\"".into(), &["without `points`"]),
        ("design = \"morris\"".into(), &["at least one factor"]),
        ("design = \"table\"".into(), &["without points"]),
        ("points = -1".into(), &["bad.toml:3:10", "out of range"]),
        ("without = [\"noize\"]".into(), &["bad.toml:3:", "did you mean `noise`"]),
        ("set = { scenario.end = 1999-01-01 }".into(), &["before the start"]),
    ];
    for (factor, words) in cases {
        let message = told(&place, &factor);
        for word in words {
            assert!(message.contains(word), "no `{word}` for\n{factor}\nin:\n{message}");
        }
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let place = Place::new();
    let rate = "path = \"populations.people.departures_per_thousand_year\"";
    let two = format!(
        "[[factors]]\nname = \"a\"\n{rate}\nlow = nan\nhigh = 1.0\n[[factors]]\nname = \"b\"\n{rate}\nlow = 5.0\nhigh = -2.0"
    );
    let message = told(&place, &two);
    assert!(message.contains("bad.toml:6:7") && message.contains("bad.toml:12:8"), "{message}");
}

#[test]
fn ranges_of_whole_numbers_give_whole_numbers() {
    let place = Place::new();
    place.write(
        "whole.toml",
        "[experiment]\nscenario = \"trivial.toml\"\ndesign = \"random\"\npoints = 200\n\
         [[factors]]\nname = \"month\"\npath = \"scenario.fiscal_year_start_month\"\nlow = 1\nhigh = 12\n",
    );
    place.done(&["sweep", "whole.toml", "-q", "--out", "s"]);
    let mut counts = [0; 13];
    for row in rows(&place.path("s")) {
        let text = row.to_string();
        let at = text.split("month: ").nth(1).unwrap().split(',').next().unwrap().to_string();
        let month: f64 = at.parse().unwrap();
        assert_eq!(month.fract(), 0.0, "{text}");
        counts[month as usize] += 1;
    }
    assert!(counts[1..].iter().all(|&n| n > 4), "{counts:?}");
}

#[test]
fn a_value_replaces_a_whole_table_and_options_merge() {
    let place = Place::new();
    place.write(
        "tables.toml",
        r#"
[experiment]
scenario = "trivial.toml"
set = { populations.people.growth_per_year = 0.2 }
[[factors]]
name = "people"
path = "populations.people"
values = [
  { home = "home", households = 3000.0, household_size_shares = [1.0], well_founded = 1.0, departures_per_thousand_year = 400.0, means = [{ share = 1.0, value = 1000.0 }], aversion = [{ share = 1.0, value = 1.0 }] },
  { home = "home", households = 300.0, household_size_shares = [1.0], well_founded = 1.0, departures_per_thousand_year = 400.0, means = [{ share = 1.0, value = 1000.0 }], aversion = [{ share = 1.0, value = 1.0 }] },
]
names = ["many", "few"]
[[factors]]
name = "rate"
options = [{ name = "as before" }, { name = "less", set = { populations.people.departures_per_thousand_year = 100.0 } }]
[[outputs]]
name = "out"
measure = "set_out"
"#,
    );
    place.done(&["sweep", "tables.toml", "-q", "--out", "s"]);
    let out: Vec<f64> = rows(&place.path("s"))
        .iter()
        .map(|row| row.to_string().split("out: ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(out.len(), 4);
    assert!(out[0] > 2.0 * out[1] && out[0] > 4.0 * out[2] && out[2] > 2.0 * out[3], "{out:?}");
    // What the table leaves out has its default, not what stood there before.
    assert_eq!(place.done(&["rerun", "s", "2", "--check"]).matches("the same").count(), 1);
    place.done(&["rerun", "s", "2", "--", "-q"]);
    let text = std::fs::read_to_string(place.path("s/reruns/run_2.toml")).unwrap();
    let scenario: toml::Table = text.parse().unwrap();
    let people = &scenario["populations"]["people"];
    assert_eq!(people["households"].as_float(), Some(300.0));
    assert_eq!(people["growth_per_year"].as_float(), Some(0.0), "{people}");
    // A table that replaces another must be whole.
    let half = "[[factors]]\nname = \"c\"\npath = \"corridors.road\"\nvalues = [{ duration_days = 3.0 }]";
    let message = told(&place, half);
    assert!(message.contains("bad.toml:6:") && message.contains("`from` is missing"), "{message}");
}

#[test]
fn several_paths_take_the_value_of_one_factor() {
    let place = Place::new();
    let magnets = |what: &str| {
        format!(
            "[experiment]\nscenario = \"trivial.toml\"\n[[factors]]\nname = \"magnet\"\n\
             path = \"populations.people.magnet_well_founded\"\n\
             also = [\"populations.people.magnet_other\"]\n{what}\n"
        )
    };
    for (name, what) in [("range", "low = 0.25\nhigh = 0.5\nlevels = 2"), ("list", "values = [0.25, 0.5]")] {
        place.write("magnets.toml", &magnets(what));
        place.done(&["sweep", "magnets.toml", "-q", "--out", name]);
        for (run, magnet) in [("0", 0.25), ("1", 0.5)] {
            place.done(&["rerun", name, run, "--", "-q"]);
            let text = std::fs::read_to_string(place.path(&format!("{name}/reruns/run_{run}.toml"))).unwrap();
            let people = &text.parse::<toml::Table>().unwrap()["populations"]["people"];
            for path in ["magnet_well_founded", "magnet_other"] {
                assert_eq!(people[path].as_float(), Some(magnet), "{name} {run} {path}");
            }
        }
    }
}

#[test]
fn points_of_a_table_are_checked_cell_by_cell() {
    let place = Place::new();
    place.write(
        "t.toml",
        &GRID.replace("full_factorial", "table").replace("replicates = 10", "table = \"p.csv\""),
    );
    place.write("p.csv", "onward,rate,sizes\noff,150,pairs\non,400.0,alone\n");
    place.done(&["sweep", "t.toml", "-q", "--out", "s"]);
    let rows = rows(&place.path("s"));
    assert_eq!(rows.len(), 2);
    let first = rows[0].to_string();
    for words in ["rate: 150.0", "sizes: \"pairs\"", "onward: \"off\""] {
        assert!(first.contains(words), "{first}");
    }
    let bad = [
        ("onward,rate,sizes\noff,nan,pairs\n", "p.csv:2:5"),
        ("onward,rate,sizes\noff,401,pairs\n", "p.csv:2:5"),
        ("onward,rate,sizes\noff,150,pears\n", "p.csv:2:9"),
        ("onward,rate\noff,150\n", "no column `sizes`"),
        ("onward,rate,sizes,more\noff,150,pairs,1\n", "p.csv:1:19"),
        ("onward,rate,sizes\noff,150\n", "p.csv:2"),
        ("onward,rate,sizes\n", "without points"),
    ];
    for (table, words) in bad {
        place.write("p.csv", table);
        let message = place.refused(&["sweep", "t.toml", "--out", "n"], 2);
        assert!(message.contains(words), "no `{words}` in:\n{message}");
    }
}

#[test]
fn quantiles_are_printed_and_written_by_factor() {
    let place = Place::new();
    place.done(&["sweep", "grid.toml", "-q", "--out", "s"]);
    let printed = place.done(&["summary", "s"]);
    for words in ["(all runs)", "rate", "250", "pairs", "120 of 120 runs", "median"] {
        assert!(printed.contains(words), "no `{words}` in:\n{printed}");
    }
    let csv = std::fs::read_to_string(place.path("s/summary/quantiles.csv")).unwrap();
    // Two outputs, all runs and 3 + 2 + 2 levels.
    assert_eq!(csv.lines().count(), 1 + 2 * 8, "{csv}");
    // By hand: the median of the forty runs at a rate of 100.
    let mut out: Vec<f64> = rows(&place.path("s"))[..40]
        .iter()
        .map(|row| row.to_string().split("out: ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap())
        .collect();
    out.sort_by(f64::total_cmp);
    let median = (out[19] + out[20]) / 2.0;
    let line = csv.lines().find(|l| l.starts_with("out,rate,100,40,")).unwrap();
    assert_eq!(line.split(',').nth(7).unwrap().parse::<f64>().unwrap(), median, "{line}");
    let message = place.refused(&["summary", "s", "--output", "outt"], 2);
    assert!(message.contains("one of: out, january"), "{message}");
    let message = place.refused(&["sensitivity", "s"], 2);
    assert!(message.contains("full_factorial") && message.contains("saltelli"), "{message}");
}

#[test]
fn shipped_experiments_are_whole() {
    let place = Place::new();
    for (folder, command) in [("sweeps", "sweep"), ("estimations", "calibrate")] {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(folder);
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "toml") {
                let printed = place.done(&[command, path.to_str().unwrap(), "--dry-run"]);
                assert!(printed.contains("runs"), "{}: {printed}", path.display());
                assert!(!printed.contains("failed"), "{}: {printed}", path.display());
            }
        }
    }
}

#[test]
fn an_estimation_is_not_swept_and_says_what_it_would_take() {
    let place = Place::new();
    let text = r#"
[experiment]
scenario = "recorded.toml"
[calibration]
particles = 10
rounds = 3
most_tries = 7
predictive_runs = 20
[[factors]]
name = "rate"
path = "populations.people.departures_per_thousand_year"
low = 100.0
high = 400.0
"#;
    let recorded = RECORDED.replace("south", "people");
    place.write("recorded.toml", &(sweeping::trivial() + &recorded));
    place.write("estimate.toml", text);
    for arguments in [&["sweep", "estimate.toml", "--out", "s"][..], &["sweep", "estimate.toml", "--dry-run"]]
    {
        let message = place.refused(arguments, 2);
        assert!(message.contains("landfall calibrate estimate.toml"), "{message}");
    }
    assert!(!place.path("s").exists());
    let printed = place.done(&["calibrate", "estimate.toml", "--dry-run", "--threads", "1"]);
    // One round; three rounds of one run in three; three rounds of seven runs a particle; and what follows.
    for words in ["10 particles, 3 rounds", "30 runs", "90 runs", "230 runs", "on 1 threads"] {
        assert!(printed.contains(words), "no `{words}` in:\n{printed}");
    }
    assert!(!place.path("calibrations").exists());
    // With a design it can be swept.
    place.write("both.toml", &text.replace("[calibration]", "design = \"full_factorial\"\n[calibration]"));
    place.done(&["sweep", "both.toml", "-q", "--out", "s"]);
    assert_eq!(rows(&place.path("s")).len(), 4);
}

/// The facts of a scenario become columns, with the values that they have in a run by itself.
#[test]
fn facts_of_the_scenario_can_be_kept() {
    let place = Place::new();
    let fact = |days: &str| {
        format!(
            "\n[[facts]]\nkind = \"rule\"\nstatement = \"Some left.\"\nsource = \"made up\"\nabove = 1.0\n\
             measure = {{ flow = [\"set_out\", \"reattempted\"], {days} }}\n"
        )
    };
    let first = fact("from = 2001-01-01, to = 2001-01-31");
    let second = fact("from = 2001-02-01, to = 2001-02-28");
    place.write("trivial.toml", &(sweeping::trivial() + &first + &second));
    let months =
        "\n[[outputs]]\nname = \"february\"\nmeasure = \"set_out\"\nfrom = 2001-02-01\nto = 2001-02-28\n";
    place.write("facts.toml", &(GRID.replace("replicates = 10", "replicates = 2\nfacts = true") + months));
    place.done(&["sweep", "facts.toml", "-q", "--out", "s"]);
    let rows = rows(&place.path("s"));
    assert_eq!(rows.len(), 24);
    for row in rows {
        let text = row.to_string();
        let figure = |name: &str| -> f64 {
            text.split(&format!("{name}: "))
                .nth(1)
                .unwrap()
                .split([',', '}'])
                .next()
                .unwrap()
                .parse()
                .unwrap()
        };
        assert!(figure("january") > 0.0 && figure("february") > 0.0);
        assert_eq!((figure("fact_0"), figure("fact_1")), (figure("january"), figure("february")), "{text}");
    }
    let summary = place.done(&["summary", "s", "--output", "fact_1"]);
    assert!(summary.contains("fact_1"), "{summary}");
    place.write("none.toml", &GRID.replace("replicates = 10", "facts = true").replace("trivial", "bare"));
    place.write("bare.toml", &sweeping::trivial());
    let message = place.refused(&["sweep", "none.toml", "--out", "n"], 2);
    assert!(message.contains("none.toml:6:9") && message.contains("no fact to keep"), "{message}");
}
