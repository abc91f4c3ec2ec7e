//! Layers, assignments, and the places of what they say.

use super::*;

#[test]
fn later_layers_go_over_earlier_ones() {
    let over = "month = 9\n[zones.straits]\nweather_by_month = [0,0,0,0,0,0,0,0,0,0,0,0]\n[zones.gulf]\narea_km2 = 7\n";
    let layers = [
        Layer::file("a.toml", GOOD),
        Layer::file("b.toml", over),
        Layer::assignment("zones.gulf.area_km2=8"),
    ];
    let toy = load::<Toy>(&layers).unwrap().value;
    assert_eq!((toy.month, toy.tastes.beta_fare), (9, 2.0));
    assert_eq!(toy.zones.names().collect::<Vec<_>>(), ["straits", "windward", "gulf"]);
    let straits = toy.zones.get("straits").unwrap();
    assert_eq!((straits.area_km2, straits.weather_by_month[3]), (9e4, 0.0));
    assert_eq!(toy.zones.get("gulf").unwrap().area_km2, 8.0);
}

#[test]
fn a_problem_points_to_the_layer_that_made_it() {
    let layers = [
        Layer::file("a.toml", GOOD),
        Layer::file("b.toml", "month = 14"),
        Layer::assignment("zones.straits.area_km2 = 0"),
    ];
    let text = load::<Toy>(&layers).unwrap_err().to_string();
    assert!(text.contains("--> b.toml:1:9") && text.contains("--> --set:1:26"), "{text}");
    assert!(text.ends_with("1 problem in b.toml, 1 problem in --set"), "{text}");
}

#[test]
fn assignments_reach_into_lists() {
    assert!(!with(GOOD, "arrangements.accord.dated=false").unwrap().arrangements[0].dated);
    assert!(with(GOOD, "arrangements.1.dated=true").unwrap().arrangements[1].dated);
    assert_eq!(
        with(GOOD, "ladders.usa.rungs.2.openness=0.5").unwrap().ladders.get("usa").unwrap().rungs[2].openness,
        0.5
    );
    assert_eq!(
        with(GOOD, "corridors.raft.mode = air").unwrap().corridors.get("raft").unwrap().mode,
        Mode::Air
    );
    assert_eq!(with(GOOD, "title=\"a = b\"").unwrap().title.as_deref(), Some("a = b"));
    assert!(!with(GOOD, "tastes.on=false").unwrap().tastes.on);
    assert_eq!(with(GOOD, "start=1994-09-09").unwrap().start.to_string(), "1994-09-09");
    let lost = with(GOOD, "arrangements.acord.dated=false").unwrap_err().to_string();
    assert!(lost.contains("did you mean `accord`?") && lost.contains("--> --set:1:14"), "{lost}");
    let lost = with(GOOD, "ladders.usa.rungs.3.openness=0.5").unwrap_err().to_string();
    assert!(lost.contains("an index from 0 to 2"), "{lost}");
}

#[test]
fn assignments_that_are_none_are_refused() {
    for text in
        ["", "month", "=", "=5", "month=", "month=[", "month=8=9", "a..b=1", "month=eight", "month.x=1"]
    {
        assert!(with(GOOD, text).is_err(), "{text}");
    }
}

#[test]
fn places_are_found_by_path() {
    let spans = read(GOOD).unwrap().spans;
    let text = |path: &str| {
        let (source, span) = spans.of(path);
        source.slice(&span).to_string()
    };
    assert_eq!(text("corridors.raft.to"), "\"florida\"");
    assert_eq!(text("ladders.usa.rungs.1.openness"), "0.75");
    assert_eq!(text("arrangements.talks.dated"), "false");
    assert_eq!(text("arrangements.1.name"), "\"talks\"");
    assert_eq!(text("corridors.raft.fare_usd"), "[corridors.raft]");
    assert_eq!(text("zones.straits.patrols"), "patrols");
    let problem = spans.problem(
        "corridors.raft.to",
        "there is no place `flordia`".into(),
        "one of: florida",
        "did you mean `florida`?",
    );
    assert_eq!(problem.line_column(), (12, 6));
    let shown = Problems::from(vec![problem]).to_string();
    for part in [
        "error: corridors.raft.to: there is no place `flordia`",
        "--> toy.toml:12:6",
        "allowed: one of: florida",
        "help: did you mean `florida`?",
        "1 problem in toy.toml",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    let nothing = Spans::default();
    let (source, span) = nothing.of("a.b");
    assert_eq!((source.name(), span), ("", 0..0));
}

tables! {
    /// Something that holds values for another file.
    pub struct Holder {
        /// Where to.
        path: String,
        /// What.
        value: Raw,
    }
}

/// Reads a value from a file of its own and lays it over the toy.
fn placed(value: &str, path: &str, replace: bool) -> Result<Toy, Problems> {
    let text = format!("path = \"{path}\"\nvalue = {value}\n");
    let held = load::<Holder>(&[Layer::file("holder.toml", text)]).unwrap();
    let (source, path_span) = (held.spans.of("").0.clone(), held.spans.of("path").1);
    let over = Placed { source, path: path.to_string(), path_span, value: held.value.value, replace };
    load(&[Layer::file("toy.toml", GOOD).parsed(), Layer::placed(over)]).map(|loaded| loaded.value)
}

#[test]
fn a_value_of_another_file_is_laid_over_and_its_mistakes_stay_there() {
    assert_eq!(
        placed("7.5", "zones.straits.area_km2", false).unwrap().zones.get("straits").unwrap().area_km2,
        7.5
    );
    assert!(!placed("false", "arrangements.accord.dated", false).unwrap().arrangements[0].dated);
    assert_eq!(placed("{ zones.straits.area_km2 = 3 }", "", false).unwrap().zones.len(), 2);
    let wrong = placed("0.5", "zones.straits.area_km2", false).unwrap_err();
    assert!(wrong.to_string().contains("holder.toml:2:9"), "{wrong}");
    let nowhere = placed("1", "zones.straits.aera_km2", false).unwrap_err();
    assert!(nowhere.to_string().contains("holder.toml:1:8"), "{nowhere}");
    let no_element = placed("true", "arrangements.accrod.dated", false).unwrap_err();
    assert!(no_element.to_string().contains("did you mean `accord`"), "{no_element}");
}

#[test]
fn a_table_is_merged_or_replaces_what_stood_there() {
    let table = "{ area_km2 = 7 }";
    let straits =
        |replace| placed(table, "zones.straits", replace).unwrap().zones.get("straits").unwrap().clone();
    assert_eq!(straits(false).patrols.get("usa"), Some(&12.5));
    assert!(straits(true).patrols.is_empty());
    // A list is replaced by a list, and by a table only wrongly.
    let rungs = "[{ openness = 0.1 }]";
    assert_eq!(placed(rungs, "ladders.usa.rungs", true).unwrap().ladders.get("usa").unwrap().rungs.len(), 1);
    assert!(placed("{ 0 = { openness = 0.1 } }", "ladders.usa.rungs", true).is_err());
    assert!(placed("{ 0 = { openness = 0.1 } }", "ladders.usa.rungs", false).is_ok());
}

#[test]
fn a_raw_value_is_written_so_that_it_reads_back() {
    let text = "path = \"x\"\nvalue = { a = [1, -2.5, true, \"q\\\"\\n\"], \
        \"odd key\" = { d = 2001-02-03 }, n = nan }\n";
    let first = load::<Holder>(&[Layer::file("a", text)]).unwrap().value.value.toml();
    let again = load::<Holder>(&[Layer::file("b", format!("path = \"x\"\nvalue = {first}\n"))]).unwrap();
    assert_eq!(again.value.value.toml(), first);
    assert!(first.contains("2001-02-03") && first.contains("\"odd key\""), "{first}");
}
