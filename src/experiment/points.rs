//! Points of the user's own: a CSV file with a column for each factor.

use super::factor::{Factor, Kind, Setting};
use super::study::Text;
use crate::scenario::read::{Problem, Problems, Source};
use std::sync::Arc;

/// Reads the points of a table design, or tells every cell that is wrong.
pub fn read(table: &Text, factors: &[Factor]) -> Result<Vec<Vec<Setting>>, Problems> {
    let source = Arc::new(Source::new(0, &table.name, &table.text));
    let problem = |span: std::ops::Range<usize>, found: String, allowed: &str| {
        Problem::new(&source, span, "", found, allowed, "")
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table.text.as_bytes());
    let wrong = |e: &csv::Error| {
        let at = e.position().map_or(0, |p| p.byte() as usize);
        Problems::new(vec![problem(at..at, e.to_string(), "a row with a cell for each column")], 0)
    };
    let header = reader.headers().map_err(|e| wrong(&e))?.clone();
    let mut problems = Vec::new();
    for (i, name) in header.iter().enumerate() {
        if factors.iter().all(|f| f.name != name) || header.iter().take(i).any(|n| n == name) {
            let known: Vec<&str> = factors.iter().map(|f| f.name.as_str()).collect();
            let allowed = format!("one of the factors, each once: {}", known.join(", "));
            problems.push(problem(cell_span(&table.text, 0, i), format!("a column `{name}`"), &allowed));
        }
    }
    let columns: Vec<Option<usize>> =
        factors.iter().map(|f| header.iter().position(|name| name == f.name)).collect();
    for (factor, _) in factors.iter().zip(&columns).filter(|(_, column)| column.is_none()) {
        let found = format!("no column `{}`", factor.name);
        problems.push(problem(0..0, found, "a column for each factor"));
    }
    let mut points = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| wrong(&e))?;
        let start = record.position().map_or(0, |p| p.byte() as usize);
        let mut point = Vec::with_capacity(factors.len());
        for (factor, column) in factors.iter().zip(&columns) {
            let Some(column) = *column else { continue };
            match setting(factor, record.get(column).unwrap_or("")) {
                Ok(setting) => point.push(setting),
                Err((found, allowed)) => {
                    let found = format!("{}: {found}", factor.name);
                    problems.push(problem(cell_span(&table.text, start, column), found, &allowed));
                }
            }
        }
        points.push(point);
    }
    if problems.is_empty() { Ok(points) } else { Err(Problems::new(problems, 0)) }
}

fn setting(factor: &Factor, cell: &str) -> Result<Setting, (String, String)> {
    match &factor.kind {
        Kind::Range(range) => {
            let allowed = || {
                let what = if range.whole { "a whole number" } else { "a number" };
                format!("{what} from {} to {}", range.low, range.high)
            };
            let x: f64 = cell.parse().map_err(|_| (format!("`{cell}` is not a number"), allowed()))?;
            let inside = (range.low..=range.high).contains(&x) && !(range.whole && x.fract() != 0.0);
            if inside {
                Ok(Setting::Number(x))
            } else {
                Err((format!("`{cell}` is out of range"), allowed()))
            }
        }
        Kind::List { levels, .. } => {
            let number = cell.parse::<f64>().ok();
            let same = |l: &super::factor::Level| l.name == cell || (number.is_some() && l.number == number);
            levels.iter().position(same).map(Setting::Level).ok_or_else(|| {
                let names: Vec<&str> = levels.iter().map(|l| l.name.as_str()).collect();
                (format!("`{cell}` is not one of its levels"), format!("one of: {}", names.join(", ")))
            })
        }
    }
}

/// The bytes of a cell of the row that starts at a byte; of the whole row where cells are quoted.
fn cell_span(text: &str, start: usize, column: usize) -> std::ops::Range<usize> {
    let rest = text.get(start..).unwrap_or("");
    let skipped = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let start = start + skipped;
    let line = rest[skipped..].lines().next().unwrap_or("");
    if line.contains('"') {
        return start..start + line.len();
    }
    let mut at = start;
    for (i, cell) in line.split(',').enumerate() {
        if i == column {
            let lead = cell.len() - cell.trim_start().len();
            return at + lead..at + lead + cell.trim().len();
        }
        at += cell.len() + 1;
    }
    start..start + line.len()
}
