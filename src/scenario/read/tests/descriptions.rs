//! Schema, explanations and reference say what the reader does.

use super::*;

#[test]
fn the_schema_says_what_the_reader_checks() {
    let schema = schema::<Toy>();
    assert_eq!(schema["$ref"], "#/$defs/Toy");
    let zone = &schema["$defs"]["Zone"];
    assert_eq!(zone["additionalProperties"], false);
    assert_eq!(zone["required"], serde_json::json!(["area_km2"]));
    assert_eq!(zone["description"], "A zone of the sea that patrols search.");
    let area = &zone["properties"]["area_km2"];
    assert_eq!((&area["minimum"], &area["maximum"]), (&serde_json::json!(1.0), &serde_json::json!(1e8)));
    assert!(area["description"].as_str().unwrap().contains("Unit: km²."));
    let weather = &zone["properties"]["weather_by_month"];
    assert_eq!((&weather["minItems"], &weather["items"]["maximum"]), (&12.into(), &serde_json::json!(1.0)));
    assert_eq!(schema["$defs"]["Toy"]["required"], serde_json::json!(["start"]));
    assert_eq!(schema["$defs"]["Toy"]["properties"]["shift"]["default"], -3);
    assert_eq!(
        schema["$defs"]["Corridor"]["properties"]["mode"]["enum"],
        serde_json::json!(["land", "sea", "air"])
    );
    assert_eq!(schema["$defs"]["Toy"]["properties"]["seed"]["maximum"], u64::MAX);
}

#[test]
fn parameters_are_explained() {
    let area = explain::<Toy>("zones.*.area_km2").unwrap();
    for part in [
        "zones.*.area_km2",
        "Area that patrols search.",
        "km²",
        "1 to 1e8",
        "must be given",
        "a chart",
        "5.5 A | z",
    ] {
        assert!(area.contains(part), "{area}");
    }
    for same in ["zones.straits.area_km2", "area_km2", " zones.straits.area_km2 ", "zones.area_km2"] {
        assert_eq!(explain::<Toy>(same).unwrap(), area);
    }
    let modes = explain::<Toy>("mode").unwrap();
    assert!(
        modes.contains("tastes.mode")
            && modes.contains("corridors.*.mode")
            && modes.contains("\"air\": By air.")
    );
    assert!(
        explain::<Toy>("ladders.usa.rungs.2.openness").unwrap().starts_with("ladders.*.rungs.*.openness")
    );
    assert!(explain::<Toy>("zones.straits").unwrap().contains("area_km2, weather_by_month, patrols"));
    assert!(explain::<Toy>("zones.straits.patrols.usa").unwrap().starts_with("zones.*.patrols.*\n"));
    assert_eq!(explain::<Toy>("zones.straits.area_km").unwrap_err()[0], "zones.*.area_km2");
    assert!(explain::<Toy>("").is_err() && explain::<Toy>("...").is_err());
}

#[test]
fn the_reference_lists_every_parameter() {
    let text = reference_markdown::<Toy>();
    assert!(text.contains("## `zones.*`\n\nA zone of the sea that patrols search.\n"), "{text}");
    let row = "| `area_km2` | number | km² | 1 to 1e8 | required | Area that patrols search. | a chart | 5.5 A \\| z |";
    assert!(text.contains(row), "{text}");
    assert!(
        text.contains("| `beta_fare` | number | utility | 0 to 20 | 1 | Weight of the fare. |"),
        "{text}"
    );
    assert!(text.contains("## Words: Mode") && text.contains("| `\"land\"` | Overland. |"), "{text}");
    assert!(text.contains("## `ladders.*.rungs.*`, `arrangements.*.terms`"), "{text}");
}

tables! {
    /// Wrong on purpose.
    pub struct Careless {
        /// Too large.
        large: f64 = 2.0 { range: 0.0..=1.0 },
        /// Too short.
        short: Vec<f64> = vec![0.5; 3] { range: 0.0..=1.0, length: 4..=4 },
        /// Right.
        right: Vec<f64> = vec![0.5; 3] { range: 0.0..=1.0, length: 1..=4 },
    }
}

#[test]
fn defaults_are_held_to_their_own_ranges() {
    assert!(defaults_out_of_range::<Toy>().is_empty());
    assert_eq!(defaults_out_of_range::<Careless>(), ["Careless.large", "Careless.short"]);
}

#[test]
fn numbers_without_a_source_are_found() {
    assert_eq!(defaults_without_source::<Careless>(), ["Careless.large", "Careless.short", "Careless.right"]);
    assert!(!defaults_without_source::<Toy>().contains(&"Zone.area_km2".to_string()));
}
