//! Facts beside an ensemble, as a table in the terminal.

use super::CommandError;
use super::summary::{plain_table, trim_lines};
use crate::experiment::facts::{FactScored, Worlds};
use crate::experiment::results::claim_text;
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
        let show = |x: f64| s.fact.value_text(&setup.calendar, x);
        table.add_row([
            s.fact.answers.join(" "),
            s.fact.kind.name().to_string(),
            shortened(&s.fact.statement),
            claim_text(setup, s),
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
