//! What is right is read as it stands.

use super::*;

#[test]
fn a_good_file_is_read() {
    let toy = read(GOOD).unwrap().value;
    assert_eq!(toy.title, None);
    assert_eq!(toy.start.to_string(), "1994-08-19");
    assert_eq!((toy.seed, toy.month, toy.shift), (1, 8, -3));
    assert_eq!(toy.tastes, Tastes { beta_fare: 2.0, ..Tastes::default() });
    assert_eq!((toy.tastes.sum, toy.tastes.to.as_str(), toy.tastes.mode), (3.0, "home", Mode::Sea));
    assert_eq!(toy.zones.names().collect::<Vec<_>>(), ["straits", "windward"]);
    assert_eq!(toy.zones.get("straits").unwrap().patrols.get("usa"), Some(&12.5));
    assert_eq!(toy.zones.position("windward"), Some(1));
    assert_eq!(toy.zones.at(1).unwrap().1.weather_by_month, vec![1.0; 12]);
    assert_eq!(toy.corridors.get("raft").unwrap().mode, Mode::Sea);
    assert_eq!(toy.ladders.get("usa").unwrap().rungs[2].openness, 0.25);
    assert_eq!(toy.arrangements[1].terms.as_ref().unwrap().openness, 0.5);
    assert!(!toy.arrangements[1].dated && toy.arrangements[0].dated);
}

#[test]
fn a_table_of_defaults_may_be_left_out_but_not_one_with_a_required_key() {
    assert_eq!(read("start = 1994-08-19").unwrap().value.tastes, Tastes::default());
    assert!(<Zone as Readable>::if_absent().is_none());
    assert_eq!(paths(&read("").unwrap_err()), ["start"]);
}

#[test]
fn words_have_names_and_serialize_as_text() {
    assert_eq!(Mode::ALL, [Mode::Land, Mode::Sea, Mode::Air]);
    assert_eq!((Mode::Air.name(), Mode::Air.to_string()), ("air", "air".to_string()));
    assert_eq!(serde_json::to_string(&Mode::Air).unwrap(), "\"air\"");
    assert_eq!(serde_json::from_str::<Mode>("\"land\"").unwrap(), Mode::Land);
    assert!(serde_json::from_str::<Mode>("\"foot\"").is_err());
}

#[test]
fn what_was_read_serializes_in_order() {
    let value = read(GOOD).unwrap().value;
    // A date is a date of TOML, so that what was read can be written as a file that reads the same.
    assert!(toml::to_string(&value).unwrap().contains("start = 1994-08-19\n"));
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(json["zones"].as_object().unwrap().keys().collect::<Vec<_>>(), ["straits", "windward"]);
    assert_eq!(json["corridors"]["raft"]["mode"], "sea");
}

tables! {
    /// Where one or more may be named.
    pub struct Several {
        /// Names.
        of: OneOrMore<Name> = OneOrMore::default(),
        /// Numbers.
        shares: OneOrMore<f64> = OneOrMore::default() { unit: "share", range: 0.0..=1.0 },
    }
}

#[test]
fn one_may_be_written_without_brackets() {
    let read = |text: &'static str| load::<Several>(&[Layer::file("several.toml", text)]);
    let several = read("of = \"home\"\nshares = 0.5").unwrap().value;
    assert_eq!((several.of, several.shares), (OneOrMore(vec![Name::from("home")]), OneOrMore(vec![0.5])));
    let several = read("of = [\"home\", \"away\"]\nshares = [0.5, 1]").unwrap().value;
    assert_eq!((several.of.0.len(), several.shares.0.clone()), (2, vec![0.5, 1.0]));
    // What was read reads the same again.
    let again = toml::to_string(&Several { of: OneOrMore::default(), ..several }).unwrap();
    assert!(again.contains("of = []\n"), "{again}");
    assert!(read("").unwrap().value.of.0.is_empty());
    for (text, path) in [("shares = 2", "shares"), ("shares = [0, 2]", "shares.1"), ("of = 3", "of")] {
        assert_eq!(paths(&read(text).unwrap_err()), [path]);
    }
    let schema = schema::<Several>();
    let shares = &schema["$defs"]["Several"]["properties"]["shares"]["anyOf"];
    assert_eq!((&shares[0]["maximum"], &shares[1]["items"]["maximum"]), (&1.0.into(), &1.0.into()));
}
