//! What is wrong is told, all of it.

use super::*;

const BAD_RENDERED: &str = include_str!("mistakes.txt");

#[test]
fn all_mistakes_are_told_at_once() {
    let problems = read(BAD).unwrap_err();
    let expected = [
        "start",
        "month",
        "shift",
        "seed",
        "sed",
        "tastes.beta_fair",
        "tastes.on",
        "tastes.mode",
        "tastes.sum",
        "zones.Straits",
        "zones.Straits.area_km2",
        "zones.Straits.weather_by_month",
        "zones.Straits.weather_by_month.2",
        "zones.windward.area_km2",
        "zones.windward.patrols.usa",
        "corridors.raft.to",
        "corridors.raft.fare_usd",
        "ladders.usa",
        "arrangements",
    ];
    assert_eq!(paths(&problems), expected);
    assert_eq!(problems.len(), expected.len());
}

#[test]
fn mistakes_are_shown_as_in_the_file_of_examples() {
    let rendered = read(BAD).unwrap_err().render(false);
    assert_eq!(rendered, BAD_RENDERED, "the text is now:\n{rendered}");
    assert!(rendered.ends_with("19 problems in toy.toml\n"));
    assert!(!rendered.contains('\u{1b}'));
    assert!(read(BAD).unwrap_err().render(true).contains('\u{1b}'));
}

#[test]
fn errors_of_syntax_come_with_the_others_but_bring_no_complaints_of_their_own() {
    let text = "month = 13\nseed = \n[tastes]\non = 1\n[zones.a\narea_km2 = 5\n";
    let problems = read(text).unwrap_err();
    let lines: Vec<usize> = problems.iter().map(|p| p.line_column().0).collect();
    assert_eq!(lines, [1, 2, 4, 5], "{problems}");
}

#[test]
fn equal_keys_are_refused() {
    let problems = read("start = 1994-08-19\nseed = 1\nseed = 2\n").unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems.to_string().contains("toy.toml:3:1") && problems.to_string().contains("duplicate key"));
}
