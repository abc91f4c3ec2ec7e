//! The short table a run ends with: by year and population, with the recorded figure beside it where there is one.

use super::progress::thousands;
use crate::experiment::score::{Target, standard_measure, targets};
use crate::observe::Daily;
use crate::scenario::format::Measure;
use crate::scenario::setup::Setup;
use comfy_table::{CellAlignment, Table, presets};

/// What the columns show.
const COLUMNS: [(Measure, &str); 8] = [
    (Measure::SetOut, "set out"),
    (Measure::Interdicted, "interdicted"),
    (Measure::Landed, "landed"),
    (Measure::DiedAtSea, "died at sea"),
    (Measure::HeldPeak, "held, peak"),
    (Measure::Returned, "returned"),
    (Measure::Resettled, "resettled"),
    (Measure::OrderlyEntries, "orderly entries"),
];

/// A table without frills that survives a terminal of any kind.
pub fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// The table of a run.
pub fn summary_table(setup: &Setup, daily: &Daily) -> String {
    let recorded: Vec<Recorded> = targets(setup)
        .into_iter()
        .filter(|t| t.period.len() == 4)
        .filter_map(|t| standard_measure(setup, &t).map(|of| (of, t)))
        .collect();
    let mut out = format!("{}\n", setup.scenario.scenario.title);
    let first = setup.calendar.date(0).year();
    let last = setup.calendar.date(setup.days - 1).year();
    for (p, population) in setup.populations.iter().enumerate() {
        let mut table = plain_table();
        let mut header = vec![population.name.clone()];
        for (measure, title) in COLUMNS {
            header.push(title.to_string());
            if has_record(&recorded, measure, p) {
                header.push("recorded".to_string());
            }
        }
        let columns = header.len();
        table.set_header(header);
        for year in first..=last {
            let mut row = vec![year.to_string()];
            for (measure, _) in COLUMNS {
                row.push(thousands(daily.over_year(&setup.calendar, measure, p, year) as u64));
                if has_record(&recorded, measure, p) {
                    let figure =
                        recorded.iter().find(|(of, t)| *of == (measure, p) && t.period == year.to_string());
                    row.push(figure.map_or(String::new(), |(_, t)| thousands(t.value as u64)));
                }
            }
            table.add_row(row);
        }
        for i in 1..columns {
            if let Some(column) = table.column_mut(i) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        out.push_str(&format!("\n{}\n", trim_lines(&table.to_string())));
    }
    out
}

/// A yearly figure, and the measure and population of the column it stands beside.
type Recorded = ((Measure, usize), Target);

fn has_record(recorded: &[Recorded], measure: Measure, population: usize) -> bool {
    recorded.iter().any(|(of, _)| *of == (measure, population))
}

/// Lines without blanks at their end.
pub fn trim_lines(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
