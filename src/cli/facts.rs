//! Facts beside an ensemble, as a table in the terminal.

use super::CommandError;
use super::progress::thousands;
use super::summary::{plain_table, trim_lines};
use crate::experiment::facts::{FactScored, Worlds};
use crate::scenario::facts::{Claim, Fact};
use crate::scenario::format::{Compare, FactKind};
use crate::scenario::{Loaded, Setup};
use comfy_table::CellAlignment;

/// Widest a statement may run in the table.
const STATEMENT_CHARS: usize = 72;

/// The worlds of scenarios loaded; a world that a fact asks for and that is not valid is told as such.
pub fn worlds(loaded: Vec<Loaded>) -> Result<Worlds, CommandError> {
    Worlds::new(loaded).map_err(|problems| {
        let told = problems.render(false);
        CommandError::Scenario(format!("error: a world that `against` describes is not valid:\n{told}"))
    })
}

/// The table of facts.
pub fn facts_table(setup: &Setup, scored: &[FactScored]) -> String {
    let mut table = plain_table();
    table.set_header(["fact", "kind", "statement", "claimed", "median", "5 %", "95 %", "runs", "holds"]);
    for s in scored {
        let (low, median, high) = s.interval();
        let show = |x: f64| value_text(setup, &s.fact, x);
        table.add_row([
            s.fact.answers.join(" "),
            s.fact.kind.name().to_string(),
            shortened(&s.fact.statement),
            claim_text(setup, &s.fact),
            show(median),
            show(low),
            show(high),
            format!("{:.0} %", s.share() * 100.0),
            if s.holds() { "yes" } else { "no" }.to_string(),
        ]);
    }
    for i in 4..8 {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let holding = scored.iter().filter(|s| s.holds()).count();
    format!(
        "{}\n\nruns: share of runs whose value agrees with what is claimed. A target with a recorded value holds if \
         that value, within its\ntolerance, lies in the 90 % interval; anything else if enough runs agree.\n\
         {holding} of {} facts hold\n",
        trim_lines(&table.to_string()),
        scored.len()
    )
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= STATEMENT_CHARS {
        return text.to_string();
    }
    let cut: String = text.chars().take(STATEMENT_CHARS - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A value of a fact: a date, or a number with as many digits as mean something.
pub fn value_text(setup: &Setup, fact: &Fact, x: f64) -> String {
    match (x.is_nan(), fact.is_day()) {
        (true, _) => "undefined".to_string(),
        (_, true) if x.is_infinite() => "never".to_string(),
        (_, true) => setup.calendar.date(x.max(0.0) as u32).to_string(),
        _ => number_text(x),
    }
}

/// A number with as many digits as mean something.
pub fn number_text(x: f64) -> String {
    let size = x.abs();
    let sign = if x < 0.0 { "-" } else { "" };
    match size {
        _ if size.is_infinite() => format!("{sign}infinite"),
        _ if size >= 100.0 || size.fract() == 0.0 => format!("{sign}{}", thousands(size.round() as u64)),
        _ if size >= 10.0 => format!("{x:.1}"),
        _ => format!("{x:.3}"),
    }
}

/// What is claimed, in a few signs.
pub fn claim_text(setup: &Setup, fact: &Fact) -> String {
    let show = |x: f64| value_text(setup, fact, x);
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
