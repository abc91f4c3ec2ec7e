//! Quantiles of every output, over all runs and by the levels of each factor.

use super::dataset::Figures;
use super::row::Outcome;
use super::statistics::{quantile, sorted};
use super::study::{Shown, Study};
use crate::scenario::read::number;
use std::collections::BTreeMap;

/// Which quantiles.
pub const PROBABILITIES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Values of a factor up to which each is a group of its own; more are cut into fifths.
const MOST_LEVELS: usize = 12;

/// An output over the runs of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Position of the output among those kept.
    pub output: usize,
    /// Position of the factor; none: all runs.
    pub factor: Option<usize>,
    /// Level of the factor, or the part of its range.
    pub level: String,
    /// Runs in the group.
    pub runs: u64,
    /// Their mean.
    pub mean: f64,
    /// Their quantiles, by [`PROBABILITIES`].
    pub quantiles: [f64; 5],
}

/// The groups of every output: all runs, then each factor's levels.
pub fn groups(study: &Study, figures: &Figures) -> Vec<Group> {
    let done: Vec<usize> =
        (0..figures.runs.len()).filter(|&i| figures.outcomes[i] == Outcome::Done).collect();
    let cuts: Vec<Vec<(String, Vec<usize>)>> =
        (0..study.factors.len()).map(|f| cut(study, figures, &done, f)).collect();
    let mut out = Vec::new();
    for output in 0..study.scalars.len() {
        let column = &figures.scalars[output];
        out.extend(group(column, output, None, "", &done));
        for (factor, levels) in cuts.iter().enumerate() {
            out.extend(
                levels.iter().filter_map(|(level, at)| group(column, output, Some(factor), level, at)),
            );
        }
    }
    out
}

fn group(column: &[f64], output: usize, factor: Option<usize>, level: &str, at: &[usize]) -> Option<Group> {
    let values: Vec<f64> = at.iter().map(|&i| column[i]).filter(|x| !x.is_nan()).collect();
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let runs = values.len() as u64;
    let values = sorted(values);
    let quantiles = PROBABILITIES.map(|p| quantile(&values, p));
    Some(Group { output, factor, level: level.to_string(), runs, mean, quantiles })
}

/// Positions of runs by the level of a factor, or by fifths of its values.
fn cut(study: &Study, figures: &Figures, done: &[usize], factor: usize) -> Vec<(String, Vec<usize>)> {
    let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut numbers: Vec<(f64, usize)> = Vec::new();
    for &i in done {
        let (point, _) = study.place(figures.runs[i]);
        match study.shown(factor, study.settings(point)[factor]) {
            Shown::Number(x) => numbers.push((x, i)),
            Shown::Word(word) => words.entry(word).or_default().push(i),
        }
    }
    let mut out: Vec<(String, Vec<usize>)> = words.into_iter().collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut distinct: Vec<f64> = numbers.iter().map(|n| n.0).collect();
    distinct.dedup_by(|a, b| a.to_bits() == b.to_bits());
    let parts: Vec<&[(f64, usize)]> = if distinct.len() <= MOST_LEVELS {
        numbers.chunk_by(|a, b| a.0.to_bits() == b.0.to_bits()).collect()
    } else {
        numbers.chunks(numbers.len().div_ceil(5)).collect()
    };
    for part in parts {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
        let level = if first.0.to_bits() == last.0.to_bits() {
            number(first.0)
        } else {
            format!("{} to {}", rounded(first.0), rounded(last.0))
        };
        out.push((level, part.iter().map(|n| n.1).collect()));
    }
    out
}

/// A number with four digits that count.
fn rounded(x: f64) -> String {
    let text = format!("{x:.3e}");
    text.parse::<f64>().map_or(text, number)
}
