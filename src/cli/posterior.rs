//! A posterior as `landfall calibrate` left it, for commands that draw from it.

use super::CommandError;
use crate::experiment::calibrate::systematic;
use crate::files::read_text;
use std::path::Path;

/// What stands between paths that take the same value; no path has it in it.
pub const TIED: &str = "+";

/// Read a posterior: one list of assignments for each of 200 rows resampled by weight, spread so that any number of
/// first rows covers it.
pub fn read_posterior(path: &Path) -> Result<Vec<Vec<String>>, CommandError> {
    // The directory of an estimation has its posterior in it.
    let inside = path.join("posterior.csv");
    let path = if path.is_dir() { inside.as_path() } else { path };
    let wrong = |what: String| CommandError::Other(format!("{}: {what}", path.display()));
    let text = read_text(path)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| wrong(e.to_string()))?.clone();
    if header.get(0) != Some("weight") || header.len() < 3 {
        return Err(wrong("not a posterior: the first columns must be `weight` and `distance`".into()));
    }
    let (mut rows, mut weights) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|e| wrong(e.to_string()))?;
        let weight: f64 = record
            .get(0)
            .and_then(|w| w.parse().ok())
            .filter(|w: &f64| w.is_finite() && *w >= 0.0)
            .ok_or_else(|| wrong(format!("row {}: no weight", rows.len() + 1)))?;
        weights.push(weight);
        let columns = header.iter().zip(&record).skip(2);
        let set = columns.flat_map(|(paths, v)| paths.split(TIED).map(move |path| format!("{path}={v}")));
        rows.push(set.collect::<Vec<_>>());
    }
    if rows.is_empty() {
        return Err(wrong("no rows".into()));
    }
    const ROWS: usize = 200;
    let order = systematic(&weights, ROWS);
    // A stride coprime to the number of rows visits them all, far apart.
    Ok((0..ROWS).map(|i| rows[order[i * 89 % ROWS]].clone()).collect())
}
