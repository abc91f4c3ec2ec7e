//! An estimation finds parameters that are known, says how sure it is, looks at held-out figures only afterwards, and
//! can be interrupted.

mod common;
mod sweeping;

use landfall::experiment::calibrate::{Plan, calibrate, systematic};
use landfall::experiment::factor::Kind;
use landfall::experiment::member::run_member;
use landfall::experiment::statistics::{quantile, sorted};
use landfall::experiment::study::{Draft, Study, Text};
use landfall::scenario::format::Measure;
use landfall::scenario::read::Layer;
use landfall::scenario::{Setup, load_setup};
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use sweeping::{Place, differing, full, trivial};

const RATE: &str = r#"
[experiment]
scenario = "trivial.toml"
[calibration]
particles = 40
rounds = 4
least_accepted = 0.0
predictive_runs = 50
offset = 1.0
[[factors]]
name = "rate"
path = "populations.people.departures_per_thousand_year"
low = 100.0
high = 800.0
distribution = "log_uniform"
"#;

fn study() -> Study {
    let draft = Draft::read(&Text { name: "rate.toml".into(), text: RATE.into() }).unwrap();
    draft.finish(&[Layer::file("trivial.toml", trivial())], None).unwrap_or_else(|p| panic!("{p}"))
}

fn setup(study: &Study, unit: f64, seed: u64) -> Setup {
    let mut setup = load_setup(&study.layers(&[study.factors[0].at(unit)])).unwrap();
    setup.scenario.scenario.seed = seed;
    setup
}

/// Those who set out in the first and in the second month.
fn observed(setup: &Setup) -> [f64; 2] {
    let daily = run_member(setup, setup.days);
    [(0, 30), (31, 59)].map(|(from, to)| daily.over(Measure::SetOut, None, from, to))
}

/// Over repeated data sets the 90 % interval holds the true rate nine times in ten, and is far narrower than the prior:
/// intervals too narrow fail the first, an estimation that learns nothing fails the second.
#[test]
fn known_parameters_are_recovered_as_often_as_promised() {
    let study = study();
    let Kind::Range(range) = &study.factors[0].kind else { panic!() };
    let sets: u32 = if full() { 100 } else { 30 };
    let (mut inside, mut widths, mut ranks) = (0, Vec::new(), Vec::new());
    for set in 0..sets {
        // Spread evenly over the prior.
        let truth = (f64::from(set) + 0.5) / f64::from(sets);
        let record = observed(&setup(&study, truth, 1_000 + u64::from(set)));
        let run = |unit: &[f64], seed: u64| {
            let simulated = observed(&setup(&study, unit[0], 1 << 33 | seed));
            Some((0..2).map(|i| (simulated[i].sqrt() - record[i].sqrt()).abs()).sum::<f64>())
        };
        let plan = Plan {
            parameters: 1,
            particles: 40,
            rounds: 4,
            keep: 0.4,
            least_accepted: 0.0,
            seed: u64::from(set),
            most_tries: 1_000,
        };
        let posterior = calibrate(&plan, None, &AtomicBool::new(false), run, |_| {}).unwrap();
        let weights: Vec<f64> = posterior.particles.iter().map(|p| p.weight).collect();
        let picked = systematic(&weights, 400);
        let sample = sorted(picked.iter().map(|&k| posterior.particles[k].unit[0]).collect());
        let (low, high) = (quantile(&sample, 0.05), quantile(&sample, 0.95));
        inside += u32::from((low..=high).contains(&truth));
        widths.push(high - low);
        ranks.push(sample.iter().filter(|&&x| x < truth).count() as f64 / sample.len() as f64);
    }
    // Within three standard errors of nine in ten.
    let (n, share) = (f64::from(sets), f64::from(inside) / f64::from(sets));
    assert!(share > 0.9 - 3.0 * (0.09 / n).sqrt(), "{inside} of {sets} inside");
    let width = quantile(&sorted(widths), 0.5);
    assert!(width < 0.3, "the median interval is {width} of the prior");
    let mean_rank = ranks.iter().sum::<f64>() / n;
    assert!((mean_rank - 0.5).abs() < 3.5 / (12.0 * n).sqrt(), "no lean to one side: {mean_rank}");
    assert!((range.at(0.0) - 100.0).abs() < 1e-9 && (range.at(1.0) - 800.0).abs() < 1e-9, "the prior ends");
}

/// The trivial scenario with a record that a rate of 400 made; the last figure is held out and far off.
fn with_record(place: &Place, held_out: f64) {
    let record = format!(
        r#"
[[observed]]
name = "set out"
measure = {{ flow = "set_out", population = "people" }}
source = "made up"
figures = [
  {{ from = 2001-01-01, to = 2001-01-31, value = 90, used_for = "fit" }},
  {{ from = 2001-02-01, to = 2001-02-28, value = 85, used_for = "fit" }},
  {{ from = 2001-01-15, to = 2001-02-15, value = {held_out} }},
]
"#
    );
    place.write("trivial.toml", &(trivial() + &record));
    place.write("rate.toml", RATE);
}

#[test]
fn the_program_estimates_checks_and_scores_what_it_did_not_use() {
    let place = Place::new();
    with_record(&place, 95.0);
    let printed = place.done(&["calibrate", "rate.toml", "--out", "c"]);
    for words in ["rate", "100 to 800", "used", "held out", "particles"] {
        assert!(printed.contains(words), "no `{words}` in:\n{printed}");
    }
    let csv = std::fs::read_to_string(place.path("c/posterior.csv")).unwrap();
    assert!(csv.starts_with("weight,distance,populations.people.departures_per_thousand_year\n"), "{csv}");
    let weights: f64 =
        csv.lines().skip(1).map(|l| l.split(',').next().unwrap().parse::<f64>().unwrap()).sum();
    assert!((weights - 1.0).abs() < 1e-9);
    assert!(place.path("c/posterior.parquet").is_file());
    let predictive = std::fs::read_to_string(place.path("c/predictive.csv")).unwrap();
    assert_eq!(predictive.lines().count(), 4, "{predictive}");
    // `score` draws from it, by its file or its directory.
    for posterior in ["c", "c/posterior.csv"] {
        let output = place.run(&["score", "trivial.toml", "--posterior", posterior, "--runs", "20"]);
        assert!(output.status.code().is_some_and(|c| c < 2), "{}", sweeping::error_of(&output));
    }
    // A held-out figure changes no particle, whatever it is.
    with_record(&place, 9_999.0);
    place.done(&["calibrate", "rate.toml", "-q", "--out", "d"]);
    assert_eq!(csv, std::fs::read_to_string(place.path("d/posterior.csv")).unwrap());
    let far = std::fs::read_to_string(place.path("d/predictive.csv")).unwrap();
    assert!(far.lines().last().unwrap().contains(",predict,9999.0,") && far.contains("false"), "{far}");
}

#[test]
fn an_estimation_killed_again_and_again_comes_to_the_same() {
    let place = Place::new();
    with_record(&place, 95.0);
    place.done(&["calibrate", "rate.toml", "-q", "--out", "all", "--threads", "1"]);
    let all = place.contents("all");
    let mut interrupted = 0;
    for kill in 0..if full() { 12 } else { 4 } {
        let mut child = place.command(&["calibrate", "rate.toml", "-q", "--out", "k"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(30 + 40 * kill));
        child.kill().unwrap();
        interrupted += u32::from(!child.wait().unwrap().success());
    }
    assert!(interrupted > 0);
    place.done(&["calibrate", "rate.toml", "-q", "--out", "k", "--threads", "3"]);
    // Journals keep rows in the order in which they came; what is made from them is the same.
    let differ = differing(&all, &place.contents("k"));
    assert!(differ.iter().all(|name| name.starts_with("rounds/")), "{differ:?}");
    // What is whole is not another's: a sweep is refused there, and so is another estimation.
    place.write("swept.toml", &RATE.replace("[calibration]", "design = \"full_factorial\"\n[calibration]"));
    let message = place.refused(&["sweep", "swept.toml", "--out", "k"], 2);
    assert!(message.contains("holds a \"calibration\""), "{message}");
    place.write("other.toml", &RATE.replace("rounds = 4", "rounds = 3"));
    let message = place.refused(&["calibrate", "other.toml", "--out", "k"], 2);
    assert!(message.contains("another experiment"), "{message}");
}

/// A parameter that stands at several paths: the posterior names them all, and whoever draws from it sets them all.
#[test]
fn a_posterior_says_all_paths_of_a_parameter() {
    let place = Place::new();
    with_record(&place, 95.0);
    let also = "also = [\"populations.people.means.0.value\"]\nlow";
    place.write("tied.toml", &RATE.replacen("low", also, 1));
    place.done(&["calibrate", "tied.toml", "-q", "--out", "t"]);
    let csv = std::fs::read_to_string(place.path("t/posterior.csv")).unwrap();
    let rate = "populations.people.departures_per_thousand_year";
    let header = format!("weight,distance,{rate}+populations.people.means.0.value\n");
    assert!(csv.starts_with(&header), "{csv}");
    let score = |posterior: &str| {
        place.write("p.csv", posterior);
        place.run(&["score", "trivial.toml", "--posterior", "p.csv", "--runs", "5"])
    };
    let told = |output| (sweeping::error_of(&output), output.status.code());
    assert!(told(score(&csv)).1.is_some_and(|code| code < 2));
    // What is laid at either path is checked as what stands in a file.
    let wrong = told(score(&csv.replace(".means.0.value", ".means.0.valeu")));
    assert!(wrong.0.contains("valeu") && wrong.1 == Some(2), "{wrong:?}");
}

#[test]
fn what_cannot_be_estimated_is_said() {
    let place = Place::new();
    with_record(&place, 95.0);
    let list =
        RATE.replace("low = 100.0\nhigh = 800.0\ndistribution = \"log_uniform\"", "values = [100.0, 200.0]");
    place.write("list.toml", &list);
    assert!(place.refused(&["calibrate", "list.toml"], 2).contains("`rate` has no range"));
    place.write("none.toml", RATE.split("[[factors]]").next().unwrap());
    assert!(place.refused(&["calibrate", "none.toml"], 2).contains("no factor"));
    place.write("trivial.toml", &trivial());
    assert!(place.refused(&["calibrate", "rate.toml"], 2).contains("used_for"));
}
