//! The ledger names every statement of the source once, nothing in it is left unsaid, no erratum is scored, and what
//! its page shows is what the program computes.

mod common;

use landfall::experiment::facts::{Worlds, score_facts};
use landfall::experiment::results::{read_results, scenario_result};
use landfall::experiment::score::targets;
use landfall::scenario::format::FactKind;
use landfall::scenario::ledger::{Ledger, Statement, StatementKind, ledger};
use landfall::scenario::read::Layer;
use landfall::scenario::{Loaded, library, load};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn statements() -> Ledger {
    ledger().unwrap_or_else(|problems| panic!("{problems}"))
}

/// A shipped scenario with what it extends below it.
fn shipped(name: &str) -> Loaded {
    let mut texts = vec![library::shipped(name).unwrap().text];
    loop {
        let table: toml::Table = texts.last().unwrap().parse().unwrap();
        let Some(below) = table.get("extends").and_then(|e| e.as_str().map(str::to_string)) else { break };
        texts.push(library::shipped(&below).unwrap_or_else(|| panic!("{name}: no scenario {below}")).text);
    }
    let layers: Vec<Layer<'_>> = texts.iter().rev().map(|&t| Layer::file(name, t)).collect();
    load(&layers).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Every fact and series of the shipped scenarios that answers a statement: scenario, statement, kind.
fn claims() -> Vec<(&'static str, String, Option<FactKind>)> {
    let mut claims = Vec::new();
    for scenario in library::SHIPPED {
        let s = shipped(scenario.name).setup.scenario;
        for f in &s.facts {
            claims.extend(f.answers.0.iter().map(|id| (scenario.name, id.clone(), Some(f.kind))));
        }
        for o in &s.observed {
            claims.extend(o.answers.0.iter().map(|id| (scenario.name, id.clone(), None)));
        }
    }
    claims
}

#[test]
fn every_statement_stands_in_it_once_and_in_order() {
    let ids: Vec<String> = statements().statements.iter().map(|s| s.id.clone()).collect();
    let want: Vec<String> = (1..=142).map(|n| format!("S{n:03}")).collect();
    assert_eq!(ids, want);
}

#[test]
fn nothing_is_left_unsaid() {
    let answered: BTreeSet<String> = claims().into_iter().map(|c| c.1).collect();
    let mut faults = Vec::new();
    for s in &statements().statements {
        let claimed = answered.contains(&s.id);
        let told = s.because.is_some() || !s.typed.0.is_empty() || !s.held_by.0.is_empty();
        if !claimed && !told && s.open.is_none() {
            faults.push(format!("{}: no fact answers it, and nothing says why", s.id));
        }
        if s.open.is_some() && claimed {
            faults.push(format!("{}: a fact answers it, yet it is said to be open", s.id));
        }
        if s.kind == StatementKind::Erratum && s.because.is_none() {
            faults.push(format!("{}: an erratum without what the records say", s.id));
        }
        if s.kind == StatementKind::Parameter && s.open.is_some() {
            faults.push(format!("{}: a parameter is given, not answered", s.id));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn facts_answer_statements_of_their_kind_and_never_errata() {
    let all = claims();
    let mut faults = Vec::new();
    for (scenario, id, _) in &all {
        match statements().statements.iter().find(|s| s.id == *id).map(|s| s.kind) {
            None => faults.push(format!("{scenario}: there is no statement {id}")),
            Some(StatementKind::Erratum) => faults.push(format!("{scenario}: {id} is an erratum")),
            Some(_) => {}
        }
    }
    // What was recorded is answered by something recorded, a regularity by a regularity, whatever else goes with it.
    for s in &statements().statements {
        let own = match s.kind {
            StatementKind::Target => Some(FactKind::Target),
            StatementKind::Rule => Some(FactKind::Rule),
            StatementKind::Parameter | StatementKind::Erratum => continue,
        };
        let mut answers = all.iter().filter(|c| c.1 == s.id).peekable();
        if answers.peek().is_some() && !answers.any(|c| c.2 == own || c.2.is_none()) {
            faults.push(format!("{}: no fact that answers it is of its kind, `{}`", s.id, s.kind));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The value at a dotted path of a scenario, elements of lists by their `name`.
fn at<'v>(value: &'v toml::Value, path: &str) -> Option<&'v toml::Value> {
    path.split('.').try_fold(value, |value, key| match value {
        toml::Value::Array(items) => {
            items.iter().find(|item| item.get("name").and_then(|n| n.as_str()) == Some(key))
        }
        other => other.get(key),
    })
}

#[test]
fn what_is_typed_and_what_holds_is_where_it_is_said_to_be() {
    let mut faults = Vec::new();
    for s in &statements().statements {
        for typed in &s.typed.0 {
            let found = typed.split_once(": ").is_some_and(|(scenario, path)| {
                library::shipped(scenario).is_some() && {
                    let table: toml::Table = shipped(scenario).resolved.parse().unwrap();
                    let resolved = toml::Value::Table(table);
                    at(&resolved, path).is_some()
                }
            });
            if !found {
                faults.push(format!("{}: nothing is typed in `{typed}`", s.id));
            }
        }
        for test in &s.held_by.0 {
            let found = test.split_once("::").is_some_and(|(file, name)| {
                let text = fs::read_to_string(root().join(file)).unwrap_or_default();
                text.contains(&format!("fn {name}()"))
            });
            if !found {
                faults.push(format!("{}: no test `{test}`", s.id));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Identifier, kind and number of each statement of the table of the source, where it is at hand.
fn seeds() -> Option<Vec<(String, String, Option<f64>)>> {
    let path = root().join("../shared/data/seed_facts.csv");
    let text = fs::read_to_string(path).ok()?;
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (id, kind, value) = (column("id"), column("kind"), column("value"));
    let rows = reader.records().map(Result::unwrap);
    Some(rows.map(|r| (r[id].to_string(), r[kind].to_string(), r[value].parse().ok())).collect())
}

#[test]
fn it_agrees_with_the_table_of_the_source() {
    let Some(seeds) = seeds() else {
        println!("skipped: ../shared/data/seed_facts.csv is not there");
        return;
    };
    let ours = statements().statements;
    assert_eq!(ours.len(), seeds.len());
    let line = |s: &Statement| (s.id.clone(), s.kind.name().to_string(), s.value);
    for (ours, seed) in ours.iter().map(line).zip(seeds) {
        assert_eq!(ours, seed);
    }
}

#[test]
fn the_results_shown_are_those_of_this_version() {
    let text = fs::read_to_string(root().join("docs/ledger_results.toml")).unwrap();
    let held = read_results("docs/ledger_results.toml", &text).unwrap_or_else(|p| panic!("{p}"));
    let mut faults = Vec::new();
    for scenario in library::SHIPPED {
        let loaded = shipped(scenario.name);
        let targets = targets(&loaded.setup);
        if targets.is_empty() && loaded.setup.facts.facts.is_empty() {
            continue;
        }
        let worlds = Worlds::new(vec![loaded]).unwrap_or_else(|p| panic!("{p}"));
        let seed = worlds.first().scenario.scenario.seed;
        let now = scenario_result(scenario.name, worlds.first(), 1, &score_facts(&worlds, &targets, 1, seed));
        let line = |f: &landfall::experiment::results::FactResult| {
            format!("{} {} | {} | {}", f.answers.join(" "), f.statement, f.claim, f.first)
        };
        let now: Vec<String> = now.facts.iter().map(line).collect();
        let before = held.scenarios.iter().find(|s| s.name == scenario.name);
        let before: Vec<String> = before.map_or(Vec::new(), |s| s.facts.iter().map(line).collect());
        for (i, now) in now.iter().enumerate() {
            if before.get(i) != Some(now) {
                let was = before.get(i).map_or("nothing", String::as_str);
                faults.push(format!("{}:\n  now  {now}\n  held {was}", scenario.name));
            }
        }
        if before.len() > now.len() {
            faults.push(format!("{}: results of facts it no longer has", scenario.name));
        }
    }
    assert!(
        faults.is_empty(),
        "docs/ledger_results.toml is old; renew it: landfall score --all --write docs/ledger_results.toml\n{}",
        faults.join("\n")
    );
}
