//! Every shipped scenario scored, the file of results that leaves, and the page of the ledger made from it.

use super::facts::worlds;
use super::source::Source;
use super::summary::{plain_table, trim_lines};
use super::{CommandError, print};
use crate::experiment::facts::{Outcome, score_facts};
use crate::experiment::results::{FactResult, Results, ScenarioResult, read_results, scenario_result};
use crate::experiment::score::targets;
use crate::files::{read_text, write_output};
use crate::scenario::facts::number_text;
use crate::scenario::format::{By, Compare, Fact, Quantity};
use crate::scenario::ledger::{Statement, StatementKind, ledger};
use crate::scenario::{Setup, library};
use comfy_table::CellAlignment;
use std::path::Path;
use std::process::ExitCode;

/// Where the results stand that the page shows.
pub const RESULTS: &str = "docs/ledger_results.toml";

/// A shipped scenario, as it is.
fn shipped(name: &str) -> Source {
    Source { scenario: name.to_string(), ..Source::default() }
}

/// Score every shipped scenario that is held against anything.
pub fn score_all(runs: u64, write: Option<&Path>) -> Result<ExitCode, CommandError> {
    let mut results = Results { scenarios: Vec::new() };
    for scenario in library::SHIPPED {
        let worlds = worlds(vec![shipped(scenario.name).load()?])?;
        let setup = worlds.first();
        let targets = targets(setup);
        if targets.is_empty() && setup.facts.facts.is_empty() {
            continue;
        }
        super::tell(scenario.name);
        let outcome = score_facts(&worlds, &targets, runs, setup.scenario.scenario.seed);
        results.scenarios.push(scenario_result(scenario.name, setup, runs, &outcome));
    }
    if let Some(path) = write {
        save(path, &results)?;
    }
    print(&overview(&results))?;
    let all =
        results.scenarios.iter().all(|s| s.figures == s.figures_inside && s.facts.iter().all(|f| f.holds));
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Put the results of one scenario into a file of results, in place of those it had.
pub fn write_one(
    path: &Path,
    name: &str,
    setup: &Setup,
    runs: u64,
    outcome: &Outcome,
) -> Result<(), CommandError> {
    let mut results = if path.exists() { read(path)? } else { Results { scenarios: Vec::new() } };
    let result = scenario_result(name, setup, runs, outcome);
    match results.scenarios.iter_mut().find(|s| s.name == name) {
        Some(old) => *old = result,
        None => results.scenarios.push(result),
    }
    let place = |s: &ScenarioResult| library::SHIPPED.iter().position(|l| l.name == s.name);
    results.scenarios.sort_by_key(|s| place(s).unwrap_or(usize::MAX));
    save(path, &results)
}

fn read(path: &Path) -> Result<Results, CommandError> {
    let text = read_text(path)?;
    read_results(&path.display().to_string(), &text).map_err(|p| CommandError::Scenario(p.render(false)))
}

fn save(path: &Path, results: &Results) -> Result<(), CommandError> {
    let text = toml::to_string(results)
        .map_err(|e| CommandError::Other(format!("cannot encode the results: {e}")))?;
    let head = "# Left by `landfall score --all --write` (all) or `landfall score SCENARIO --write` (one); \
                shown by `landfall document ledger`.\n\n";
    write_output(path, (head.to_string() + &text).as_bytes())?;
    Ok(())
}

/// By scenario: what holds; then what does not.
fn overview(results: &Results) -> String {
    let mut table = plain_table();
    table.set_header(["scenario", "runs", "facts", "hold", "fail", "figures", "inside"]);
    for s in &results.scenarios {
        let holding = s.facts.iter().filter(|f| f.holds).count();
        table.add_row([
            s.name.clone(),
            s.runs.to_string(),
            s.facts.len().to_string(),
            holding.to_string(),
            (s.facts.len() - holding).to_string(),
            s.figures.to_string(),
            s.figures_inside.to_string(),
        ]);
    }
    for i in 1..7 {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = trim_lines(&table.to_string()) + "\n";
    for s in &results.scenarios {
        for f in s.facts.iter().filter(|f| !f.holds) {
            text += &format!(
                "\n{} {}: {}\n  claimed {}; median {} ({} to {})\n",
                s.name,
                f.answers.join(" "),
                f.statement,
                f.claim,
                f.median,
                f.low,
                f.high
            );
        }
    }
    text
}

/// The page of the ledger, from the statements, the shipped scenarios and the file of results.
pub fn page() -> Result<String, CommandError> {
    let ledger = ledger().map_err(|p| CommandError::Scenario(p.render(false)))?;
    let results = read(Path::new(RESULTS))?;
    let mut measures: Vec<(String, Vec<Answer>)> = Vec::new();
    for scenario in library::SHIPPED {
        let setup = shipped(scenario.name).load()?.setup;
        let result = results.scenarios.iter().find(|s| s.name == scenario.name);
        let answers = answers_of(&setup, result);
        measures.push((scenario.name.to_string(), answers));
    }
    let mut page = String::from(PREFACE);
    page += &counts(&ledger.statements, &measures);
    let mut case = "";
    for statement in &ledger.statements {
        if statement.case != case {
            case = &statement.case;
            page += &format!(
                "\n## {case}\n\n| | kind | statement | what became of it |\n| --- | --- | --- | --- |\n"
            );
        }
        page += &row(statement, &measures);
    }
    Ok(page)
}

const PREFACE: &str = "# The ledger\n\n\
    Generated by `landfall document ledger` from `configs/ledger.toml` (the statements of the source, in words of our\n\
    own), the facts of the shipped scenarios, and `docs/ledger_results.toml`, which is left by\n\n\
    ```console\n$ landfall score --all --write docs/ledger_results.toml\n```\n\n\
    (`landfall score SCENARIO --write docs/ledger_results.toml` renews one scenario.) Facts that fail stay here as\n\
    failures. A *target* was recorded, a *rule* is a regularity, a *parameter* is given to a scenario, \
    an *erratum* is\n\
    where the source slips, and is never scored.\n\n";

/// A fact or series that answers statements, with its result where there is one.
struct Answer {
    ids: Vec<String>,
    measure: String,
    result: Option<FactResult>,
}

fn answers_of(setup: &Setup, result: Option<&ScenarioResult>) -> Vec<Answer> {
    let of = |ids: &[String], statement: &str| {
        let facts = result.map_or(&[][..], |r| r.facts.as_slice());
        facts.iter().find(|f| f.answers == ids && f.statement == statement).cloned()
    };
    let s = &setup.scenario;
    let series = s.observed.iter().map(|o| Answer {
        ids: o.answers.0.clone(),
        measure: quantity_text(&o.measure),
        result: of(&o.answers.0, &o.name),
    });
    let facts = s.facts.iter().map(|f| Answer {
        ids: f.answers.0.clone(),
        measure: fact_text(f),
        result: of(&f.answers.0, &f.statement),
    });
    series.chain(facts).collect()
}

fn counts(statements: &[Statement], measures: &[(String, Vec<Answer>)]) -> String {
    let mut text = String::from(
        "| kind | statements | answered by a fact | every fact holds | some fact fails | held otherwise | not a \
         quantity of a run | open |\n| --- | --: | --: | --: | --: | --: | --: | --: |\n",
    );
    for &kind in StatementKind::ALL {
        let of_kind: Vec<&Statement> = statements.iter().filter(|s| s.kind == kind).collect();
        let verdicts: Vec<Option<bool>> = of_kind.iter().map(|s| verdict(s, measures)).collect();
        let count = |f: &dyn Fn(&Statement) -> bool| {
            let unanswered = of_kind.iter().zip(&verdicts).filter(|(_, v)| v.is_none());
            unanswered.filter(|(s, _)| f(s)).count()
        };
        let held = |s: &Statement| !s.typed.0.is_empty() || !s.held_by.0.is_empty();
        text += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
            kind.name(),
            of_kind.len(),
            verdicts.iter().flatten().count(),
            verdicts.iter().filter(|v| **v == Some(true)).count(),
            verdicts.iter().filter(|v| **v == Some(false)).count(),
            count(&|s| held(s) && s.open.is_none()),
            count(&|s| !held(s) && s.because.is_some()),
            count(&|s| s.open.is_some()),
        );
    }
    text
}

/// Whether every fact that answers a statement holds; none if none does answer it.
fn verdict(statement: &Statement, measures: &[(String, Vec<Answer>)]) -> Option<bool> {
    let mut all = measures.iter().flat_map(|m| &m.1).filter(|a| a.ids.contains(&statement.id)).peekable();
    all.peek()?;
    Some(all.all(|a| a.result.as_ref().is_some_and(|r| r.holds)))
}

fn row(statement: &Statement, measures: &[(String, Vec<Answer>)]) -> String {
    let mut parts = Vec::new();
    for (name, answers) in measures {
        for a in answers.iter().filter(|a| a.ids.contains(&statement.id)) {
            parts.push(match &a.result {
                Some(r) => format!(
                    "**{}**: `{name}`, {}: {}; claimed {}, median {}{}",
                    if r.holds { "holds" } else { "fails" },
                    r.statement,
                    a.measure,
                    r.claim,
                    r.median,
                    if r.low.is_empty() { String::new() } else { format!(" ({} to {})", r.low, r.high) }
                ),
                None => format!("`{name}`, {}: not yet scored", a.measure),
            });
        }
    }
    parts.extend(statement.typed.0.iter().map(|t| format!("typed in `{t}`")));
    parts.extend(statement.held_by.0.iter().map(|t| format!("held by the test `{t}`")));
    parts.extend(statement.because.iter().cloned());
    parts.extend(statement.open.iter().map(|o| format!("**open**: {o}")));
    let value = statement.value.map_or(String::new(), |v| format!(" ({})", number_text(v)));
    let cell = |text: &str| text.replace('|', "\\|");
    let says = if statement.says.contains(|c: char| c.is_ascii_digit()) {
        statement.says.clone()
    } else {
        format!("{}{value}", statement.says)
    };
    format!("| {} | {} | {} | {} |\n", statement.id, statement.kind, cell(&says), cell(&parts.join("<br>")))
}

/// What a fact measures, in few words.
fn fact_text(f: &Fact) -> String {
    let mut text = quantity_text(&f.measure);
    if let Some(over) = &f.over {
        text += &format!(", over {}", quantity_text(over));
    }
    if let Some(minus) = &f.minus {
        text += &format!(", less {}", quantity_text(minus));
    }
    if let Some(a) = &f.against {
        let without = a.without.0.iter().map(|n| format!("without {n}"));
        let set = a.set.0.iter().map(|s| format!("with {s}"));
        let other: Vec<String> = without.chain(set).collect();
        let compare = if a.compare == Compare::Ratio { "over" } else { "less" };
        text += &format!(", {compare} the same run {}", other.join(" and "));
    }
    text
}

fn quantity_text(q: &Quantity) -> String {
    let names =
        |n: &[crate::scenario::read::Name]| n.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(" + ");
    let mut parts: Vec<String> = Vec::new();
    if let Some(x) = q.constant {
        return number_text(x);
    }
    let what = [&q.flow.0, &q.stock.0, &q.rung.0, &q.phase.0].into_iter().find(|n| !n.is_empty());
    parts.extend(what.map(|n| names(n)));
    parts.extend(q.wait.iter().map(|w| format!("wait for {w}")));
    parts.extend(q.level.iter().map(|l| l.name().to_string()));
    for name in [&q.ladder, &q.arrangement, &q.route].into_iter().flatten() {
        parts.push(name.to_string());
    }
    for list in [&q.between, &q.population.0, &q.place.0, &q.country.0].into_iter().filter(|l| !l.is_empty())
    {
        parts.push(names(list));
    }
    if !q.except_country.0.is_empty() {
        parts.push(format!("not {}", names(&q.except_country.0)));
    }
    parts.extend(q.well_founded.map(|w| if w { "well-founded" } else { "not well-founded" }.to_string()));
    let reaches = q.reaches.map_or(String::new(), |r| format!(" at {}", number_text(r)));
    parts.extend(q.take.map(|t| t.name().replace('_', " ") + &reaches));
    if q.by != By::Day {
        parts.push(format!("by {}", q.by.name().replace('_', " ")));
    }
    if q.across != crate::scenario::format::Across::All {
        let least = q.each_at_least.map_or(String::new(), |n| format!(" with {}", number_text(n)));
        parts.push(format!("{} of countries{least}", q.across.name()));
    }
    match (q.on, q.from, q.to) {
        (Some(on), ..) => parts.push(on.to_string()),
        (_, Some(from), Some(to)) => parts.push(format!("{from} to {to}")),
        (_, Some(from), None) => parts.push(format!("from {from}")),
        (_, None, Some(to)) => parts.push(format!("to {to}")),
        _ => {}
    }
    parts.join(", ")
}
