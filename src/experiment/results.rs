//! What scoring came to, as a file that stays in the repository: the ledger shows it without running anything.

use super::facts::{FactScored, Outcome};
use super::score::Scored;
use crate::scenario::Setup;
use crate::scenario::facts::Claim;
use crate::scenario::format::FactKind;
use crate::scenario::read::{Layer, Problems, load, tables};

tables! {
    /// Results of scenarios.
    pub struct Results {
        /// One for each scenario.
        scenarios: Vec<ScenarioResult> = Vec::new(),
    }

    /// Results of one scenario.
    pub struct ScenarioResult {
        /// The scenario.
        name: String,
        /// Runs.
        runs: u64,
        /// Figures of recorded series.
        figures: u32 = 0,
        /// Of these, inside the 90 % interval.
        figures_inside: u32 = 0,
        /// Facts, in the order of the scenario.
        facts: Vec<FactResult> = Vec::new(),
    }

    /// Result of one fact, or of a series that answers a statement.
    pub struct FactResult {
        /// Statements it answers.
        answers: Vec<String> = Vec::new(),
        /// What it says.
        statement: String,
        /// What is claimed.
        claim: String,
        /// Median.
        median: String,
        /// Low end of the 90 % interval.
        low: String,
        /// High end of the 90 % interval.
        high: String,
        /// Whether it holds.
        holds: bool,
        /// What the run of the first seed has, to the last digit: by this a later version knows that results are old.
        first: String,
    }
}

/// Read a file of results; `name` is how messages call it.
pub fn read_results(name: &str, text: &str) -> Result<Results, Problems> {
    load::<Results>(&[Layer::file(name, text)]).map(|loaded| loaded.value)
}

/// What an ensemble of a scenario came to.
pub fn scenario_result(name: &str, setup: &Setup, runs: u64, outcome: &Outcome) -> ScenarioResult {
    let mut facts: Vec<FactResult> = setup
        .scenario
        .observed
        .iter()
        .filter(|o| !o.answers.0.is_empty())
        .map(|o| {
            let figures: Vec<&Scored> = outcome.figures.iter().filter(|s| s.target.name == o.name).collect();
            series_result(&o.name, &o.answers.0, &figures)
        })
        .collect();
    facts.extend(outcome.facts.iter().map(|f| fact_result(setup, f)));
    ScenarioResult {
        name: name.to_string(),
        runs,
        figures: outcome.figures.len() as u32,
        figures_inside: outcome.figures.iter().filter(|s| s.inside()).count() as u32,
        facts,
    }
}

fn series_result(name: &str, answers: &[String], figures: &[&Scored]) -> FactResult {
    let inside = figures.iter().filter(|s| s.inside()).count();
    FactResult {
        answers: answers.to_vec(),
        statement: name.to_string(),
        claim: format!("{} figures", figures.len()),
        median: format!("{inside} inside"),
        low: String::new(),
        high: String::new(),
        holds: inside == figures.len(),
        first: figures.iter().map(|s| format!("{:?}", s.first)).collect::<Vec<_>>().join(" "),
    }
}

fn fact_result(setup: &Setup, scored: &FactScored) -> FactResult {
    let (low, median, high) = scored.interval();
    let show = |x: f64| scored.fact.value_text(&setup.calendar, x);
    FactResult {
        answers: scored.fact.answers.clone(),
        statement: scored.fact.statement.clone(),
        claim: claim_text(setup, scored),
        median: show(median),
        low: show(low),
        high: show(high),
        holds: scored.holds(),
        first: format!("{:?}", scored.first),
    }
}

/// What is claimed, in a few signs.
pub fn claim_text(setup: &Setup, scored: &FactScored) -> String {
    use crate::scenario::format::Compare;
    let fact = &scored.fact;
    let show = |x: f64| fact.value_text(&setup.calendar, x);
    let claim = match fact.claim {
        Claim::Recorded { value, low, high } if low == high => show(value),
        Claim::Recorded { value, low, high } => format!("{} ({} to {})", show(value), show(low), show(high)),
        Claim::Between(low, high) if low == high => format!("= {}", show(low)),
        Claim::Between(low, high) if high == f64::INFINITY => format!("≥ {}", show(low)),
        Claim::Between(low, high) if low == f64::NEG_INFINITY => format!("≤ {}", show(high)),
        Claim::Between(low, high) => format!("{} to {}", show(low), show(high)),
        Claim::Above(limit) => format!("> {}", show(limit)),
        Claim::Below(limit) => format!("< {}", show(limit)),
    };
    match fact.against {
        Some((_, Compare::Difference)) => format!("with − without {claim}"),
        Some((_, Compare::Ratio)) => format!("with / without {claim}"),
        None if fact.kind == FactKind::Rule && fact.over.is_some() => format!("ratio {claim}"),
        None => claim,
    }
}
