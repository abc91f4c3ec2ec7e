//! Designs fill the space they promise to fill, and indices of sensitivity are those of SALib on the same outputs and
//! those known in closed form.

mod common;
#[path = "sweeping/salib.rs"]
mod salib;
mod sweeping;

use landfall::experiment::factor::Setting;
use landfall::experiment::sensitivity::{Effect, Sample, elementary, morris};
use landfall::experiment::study::{Draft, Study, Text};
use landfall::scenario::read::Layer;
use salib::*;
use sweeping::{Place, trivial};

/// An experiment over the trivial scenario with three ranges between 0 and 1.
fn study(about: &str) -> Study {
    let mut text = format!("[experiment]\nscenario = \"trivial\"\n{about}\n");
    for (i, path) in
        ["populations.people.well_founded", "countries.DES.appeal_share", "countries.HOM.returnees_punished"]
            .iter()
            .enumerate()
    {
        text += &format!("[[factors]]\nname = \"x{i}\"\npath = \"{path}\"\nlow = 0.0\nhigh = 1.0\n");
    }
    let draft = Draft::read(&Text { name: "e.toml".into(), text }).unwrap_or_else(|p| panic!("{p}"));
    draft.finish(&[Layer::file("trivial.toml", trivial())], None).unwrap_or_else(|p| panic!("{p}"))
}

fn units(study: &Study) -> Vec<Vec<f64>> {
    (0..study.design.points()).map(|p| study.design.unit(p, 3)).collect()
}

#[test]
fn a_latin_hypercube_has_one_point_in_every_stratum() {
    for n in [2, 7, 100, 1_000] {
        let units = units(&study(&format!("design = \"latin_hypercube\"\npoints = {n}")));
        for factor in 0..3 {
            let mut strata: Vec<usize> = units.iter().map(|u| (u[factor] * n as f64) as usize).collect();
            let order = strata.clone();
            strata.sort_unstable();
            assert!(strata.into_iter().eq(0..n), "factor {factor} of {n}");
            assert!(n < 7 || order.iter().enumerate().any(|(i, &s)| i != s), "not in the order of points");
        }
    }
}

/// The mean of a product over [0, 1]³ is 1/8; points spread evenly find it far better than independent ones.
#[test]
fn a_sobol_design_integrates_better_than_chance() {
    let error = |design: &str, seed: u32| {
        let about = format!("design = \"{design}\"\npoints = 1024\ndesign_seed = {seed}");
        let units = units(&study(&about));
        let mean = units.iter().map(|u| u[0] * u[1] * u[2]).sum::<f64>() / units.len() as f64;
        (mean - 0.125).abs()
    };
    let worst = |design: &str| (1..=5).map(|seed| error(design, seed)).fold(0.0, f64::max);
    let (sobol, random) = (worst("sobol"), worst("random"));
    assert!(sobol < 2e-4, "{sobol}");
    assert!(random > 5.0 * sobol, "{random} {sobol}");
    assert!(error("sobol", 1) != error("sobol", 2), "the seed shifts the points");
}

#[test]
fn one_at_a_time_begins_with_the_scenario_as_it_is() {
    let study = study("design = \"one_at_a_time\"\nlevels = 3");
    assert_eq!(study.design.points(), 10);
    assert_eq!(study.settings(0), [Setting::Base; 3]);
    let number = Setting::Number;
    let expected = [0.0, 0.5, 1.0].map(|x| vec![Setting::Base, number(x), Setting::Base]);
    assert_eq!((4..7).map(|p| study.settings(p)).collect::<Vec<_>>(), expected);
}

#[test]
fn a_morris_trajectory_moves_every_factor_once_by_the_same_step() {
    let study = study("design = \"morris\"\ntrajectories = 50");
    let units = units(&study);
    assert_eq!(units.len(), 200);
    let mut first_moved = [0; 3];
    for trajectory in units.chunks(4) {
        let mut moved = [0; 3];
        for pair in trajectory.windows(2) {
            let changed: Vec<usize> = (0..3).filter(|&i| pair[0][i] != pair[1][i]).collect();
            assert_eq!(changed.len(), 1);
            let step = (pair[1][changed[0]] - pair[0][changed[0]]).abs();
            assert!((step - 2.0 / 3.0).abs() < 1e-12, "{step}");
            moved[changed[0]] += 1;
            if std::ptr::eq(pair.as_ptr(), trajectory.as_ptr()) {
                first_moved[changed[0]] += 1;
            }
        }
        assert_eq!(moved, [1, 1, 1]);
    }
    assert!(first_moved.iter().all(|&n| n > 5), "{first_moved:?}");
}

/// Sobol's g-function: Vᵢ = 1 / (3 (1 + aᵢ)²), and everything else follows.
#[test]
fn indices_of_a_known_function_are_found() {
    const A: [f64; 3] = [0.0, 1.0, 9.0];
    let g =
        |u: &Vec<f64>| u.iter().zip(A).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product::<f64>();
    let study = study("design = \"saltelli\"\npoints = 4096");
    let outputs: Vec<f64> = units(&study).iter().map(g).collect();
    assert_eq!(outputs.len(), 4096 * 5);
    let estimates = Sample::gather(&outputs, &(0..4096).collect::<Vec<_>>(), 3).estimates();
    let v = A.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let total: f64 = v.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    for (i, (first, whole)) in estimates.into_iter().enumerate() {
        let others: f64 = (0..3).filter(|&j| j != i).map(|j| 1.0 + v[j]).product();
        assert!((first - v[i] / total).abs() < 0.02, "first {i}: {first} {}", v[i] / total);
        assert!((whole - v[i] * others / total).abs() < 0.02, "total {i}: {whole}");
    }
}

#[test]
fn sobol_indices_are_those_of_salib() {
    let sample = Sample::gather(&SOBOL_Y, &(0..16).collect::<Vec<_>>(), 3);
    for (i, (first, total)) in sample.estimates().into_iter().enumerate() {
        assert!((first - SOBOL_S1[i]).abs() < 1e-12, "{first} {}", SOBOL_S1[i]);
        assert!((total - SOBOL_ST[i]).abs() < 1e-12, "{total} {}", SOBOL_ST[i]);
    }
}

#[test]
fn morris_effects_are_those_of_salib() {
    let effects = elementary(|p| MORRIS_X[p].to_vec(), &MORRIS_Y, &(0..8).collect::<Vec<_>>(), 3);
    for (i, of_factor) in effects.iter().enumerate() {
        let Effect::Morris { mean, absolute, deviation } = morris(of_factor, 4_000) else { panic!() };
        assert!((mean - MORRIS_MU[i]).abs() < 1e-9);
        assert!((absolute.value - MORRIS_MU_STAR[i]).abs() < 1e-9);
        assert!((deviation - MORRIS_SIGMA[i]).abs() < 1e-9);
        // SALib's interval is a normal one from a hundred resamples: the same to within what those can tell.
        let half = absolute.width() / 2.0;
        assert!((half / MORRIS_CONF[i] - 1.0).abs() < 0.35, "{half} {}", MORRIS_CONF[i]);
    }
}

const SCREENING: &str = r#"
[experiment]
scenario = "trivial.toml"
design = "DESIGN"
points = 64
trajectories = 12
replicates = 2
[[factors]]
name = "rate"
path = "populations.people.departures_per_thousand_year"
low = 100.0
high = 400.0
[[factors]]
name = "people"
path = "populations.people.households"
low = 2500.0
high = 3500.0
[[factors]]
name = "nothing"
path = "countries.DES.appeal_share"
low = 0.0
high = 1.0
[[outputs]]
name = "out"
measure = "set_out"
[[outputs]]
name = "never"
measure = "died_at_sea"
"#;

fn table(place: &Place, directory: &str) -> Vec<(String, String, String, f64, f64, f64)> {
    let text = std::fs::read_to_string(place.path(&format!("{directory}/summary/sensitivity.csv"))).unwrap();
    let parse = |cell: &str| cell.parse().unwrap_or(f64::NAN);
    text.lines()
        .skip(1)
        .map(|line| {
            let c: Vec<&str> = line.split(',').collect();
            (c[0].into(), c[1].into(), c[2].into(), parse(c[3]), parse(c[4]), parse(c[5]))
        })
        .collect()
}

#[test]
fn the_program_finds_what_matters_and_says_when_it_cannot_tell_yet() {
    let place = Place::new();
    for (design, index) in [("saltelli", "total"), ("morris", "mean_absolute")] {
        place.write("e.toml", &SCREENING.replace("DESIGN", design));
        place.done(&["sweep", "e.toml", "-q", "--out", design]);
        let printed = place.done(&["sensitivity", design]);
        assert!(printed.contains("not converged with"), "{printed}");
        let rows = table(&place, design);
        let value = |output: &str, factor: &str| {
            rows.iter()
                .find(|r| (r.0.as_str(), r.1.as_str(), r.2.as_str()) == (output, factor, index))
                .unwrap()
        };
        assert!(value("out", "rate").3 > 2.0 * value("out", "people").3, "{rows:?}");
        assert!(value("out", "people").3 > 5.0 * value("out", "nothing").3.max(1e-3), "{rows:?}");
        assert!(rows.iter().filter(|r| r.0 == "never").all(|r| r.3 == 0.0), "{rows:?}");
        let r = value("out", "rate");
        assert!(r.4 <= r.3 && r.3 <= r.5 && r.4 < r.5, "{r:?}");
    }
}
