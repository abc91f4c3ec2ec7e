//! A posterior as `landfall calibrate` left it, for commands that draw from it.

use super::CommandError;
use crate::files::read_text;
use std::path::Path;

/// Systematic resampling: `n` positions, each weight taken as often as it is large (Kitagawa 1996).
pub fn systematic(weights: &[f64], n: usize) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let (mut out, mut at, mut sum) = (Vec::with_capacity(n), 0, weights.first().copied().unwrap_or(0.0));
    for i in 0..n {
        let target = (i as f64 + 0.5) / n as f64 * total;
        while sum < target && at + 1 < weights.len() {
            at += 1;
            sum += weights[at];
        }
        out.push(at);
    }
    out
}

/// Read a posterior: one list of assignments for each of 200 rows resampled by weight, spread so that any number of
/// first rows covers it.
pub fn read_posterior(path: &Path) -> Result<Vec<Vec<String>>, CommandError> {
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
        rows.push(header.iter().zip(&record).skip(2).map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        return Err(wrong("no rows".into()));
    }
    const ROWS: usize = 200;
    let order = systematic(&weights, ROWS);
    // A stride coprime to the number of rows visits them all, far apart.
    Ok((0..ROWS).map(|i| rows[order[i * 89 % ROWS]].clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::systematic;

    #[test]
    fn resampling_takes_each_as_often_as_it_weighs() {
        let picked = systematic(&[0.5, 0.25, 0.25], 8);
        let count = |k| picked.iter().filter(|&&p| p == k).count();
        assert_eq!((count(0), count(1), count(2)), (4, 2, 2));
    }
}
