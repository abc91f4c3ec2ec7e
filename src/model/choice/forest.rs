//! Many trees of one shape at once: the same alternatives as the households of several strata value them.
//!
//! What is done for all trees stands in rows, and all exponentials of a step are taken together, as are all logarithms,
//! so that they become vector instructions. What comes out is, to the bit, what each tree gives alone.

use super::Leaf;
use crate::model::math::{exp_each, ln_each};

/// Trees of alternatives that differ in utilities alone, and room to work in.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// How many trees.
    pub trees: usize,
    /// The alternatives, the leaves of one nest together; what is common to all trees. Their utilities are not read.
    pub leaves: Vec<Leaf>,
    /// By alternative, then tree: utilities; after [`Forest::choose`] the shares.
    pub shares: Vec<f64>,
    /// By tree: the inclusive value.
    pub values: Vec<f64>,
    /// By tree: the largest utility.
    tops: Vec<f64>,
    /// By nest, then tree: the largest utility, the sum of weights, the weight of the nest.
    bests: Vec<f64>,
    sums: Vec<f64>,
    weights: Vec<f64>,
}

impl Forest {
    /// Put shares in the place of utilities, and inclusive values.
    ///
    /// ```text
    /// P(a) = exp(I_d − I) · size_a·exp(V_a/ϑ) / Σ_{b∈d} size_b·exp(V_b/ϑ)
    /// I_d = ln ω_d + ϑ·ln Σ_{b∈d} size_b·exp(V_b/ϑ)
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | ϑ | `nest_scale` | ratio | 0 < ϑ ≤ 1 | scale within a nest |
    ///
    /// Source: nested logit (McFadden 1978). Limits: see [`super::probabilities`].
    pub fn choose(&mut self, nest_scale: f64) {
        let nests = super::nests(&self.leaves).count();
        for (room, length, start) in [
            (&mut self.tops, self.trees, f64::NEG_INFINITY),
            (&mut self.values, self.trees, 0.0),
            (&mut self.bests, self.trees * nests, f64::NEG_INFINITY),
            (&mut self.sums, self.trees * nests, 0.0),
        ] {
            room.clear();
            room.resize(length, start);
        }
        if self.trees == 0 {
            return;
        }
        weigh_leaves(self, nest_scale);
        exp_each(&mut self.shares);
        add_up(self);
        ln_each(&mut self.weights);
        weigh_nests(self, nest_scale);
        exp_each(&mut self.weights);
        divide(self);
        ln_each(&mut self.values);
        for (value, &top) in self.values.iter_mut().zip(&self.tops) {
            let feasible = top > f64::NEG_INFINITY && *value > f64::NEG_INFINITY;
            *value = if feasible { top + *value } else { f64::NEG_INFINITY };
        }
    }
}

impl Forest {
    /// The shares of one tree's alternatives, in their order.
    pub fn shares_of(&self, tree: usize, shares: &mut Vec<f64>) {
        shares.resize(self.leaves.len(), 0.0);
        let rows = self.shares.chunks_exact(self.trees.max(1));
        shares.iter_mut().zip(rows).for_each(|(share, row)| *share = row[tree]);
    }
}

/// Exponents of the weights of alternatives within their nests.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn weigh_leaves(forest: &mut Forest, nest_scale: f64) {
    let (trees, mut shares) = (forest.trees, forest.shares.as_mut_slice());
    for (nest, best) in super::nests(&forest.leaves).zip(forest.bests.chunks_exact_mut(trees)) {
        let here;
        (here, shares) = shares.split_at_mut(nest.len() * trees);
        for row in here.chunks_exact(trees) {
            best.iter_mut().zip(row).for_each(|(best, &value)| *best = best.max(value));
        }
        forest.tops.iter_mut().zip(&*best).for_each(|(top, &best)| *top = top.max(best));
        for (leaf, row) in nest.iter().zip(here.chunks_exact_mut(trees)) {
            let sized = leaf.size > 0.0;
            for (value, &best) in row.iter_mut().zip(&*best) {
                let feasible = sized & (*value > f64::NEG_INFINITY);
                *value = if feasible { (*value - best) / nest_scale } else { f64::NEG_INFINITY };
            }
        }
    }
}

/// Weights of alternatives, and their sums by nest. Of a nest in which nothing is feasible the sum is 0.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn add_up(forest: &mut Forest) {
    let (trees, mut shares) = (forest.trees, forest.shares.as_mut_slice());
    for (nest, sum) in super::nests(&forest.leaves).zip(forest.sums.chunks_exact_mut(trees)) {
        let here;
        (here, shares) = shares.split_at_mut(nest.len() * trees);
        for (leaf, row) in nest.iter().zip(here.chunks_exact_mut(trees)) {
            for (share, sum) in row.iter_mut().zip(&mut *sum) {
                *share = if *share > 0.0 { leaf.size * *share } else { 0.0 };
                *sum += *share;
            }
        }
    }
    forest.weights.clear();
    forest.weights.extend_from_slice(&forest.sums);
}

/// Exponents of the weights of nests, from the logarithms of their sums.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn weigh_nests(forest: &mut Forest, nest_scale: f64) {
    let trees = forest.trees;
    let (bests, sums) = (forest.bests.chunks_exact(trees), forest.sums.chunks_exact(trees));
    let weights = forest.weights.chunks_exact_mut(trees);
    for (nest, ((weights, bests), sums)) in super::nests(&forest.leaves).zip(weights.zip(bests).zip(sums)) {
        let weighs = nest[0].nest_weight > 0.0;
        for (((weight, &best), &sum), &top) in weights.iter_mut().zip(bests).zip(sums).zip(&forest.tops) {
            let worth = best - top + nest_scale * *weight;
            *weight = if weighs & (sum > 0.0) { worth } else { f64::NEG_INFINITY };
        }
    }
}

/// Shares of alternatives, and the sums of the weights of nests in the place of inclusive values.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn divide(forest: &mut Forest) {
    let (trees, mut shares) = (forest.trees, forest.shares.as_mut_slice());
    let (weights, sums) = (forest.weights.chunks_exact_mut(trees), forest.sums.chunks_exact(trees));
    for (nest, (weights, sums)) in super::nests(&forest.leaves).zip(weights.zip(sums)) {
        let here;
        (here, shares) = shares.split_at_mut(nest.len() * trees);
        let weighs = nest[0].nest_weight > 0.0;
        for ((weight, &sum), whole) in weights.iter_mut().zip(sums).zip(&mut forest.values) {
            let open = weighs & (sum > 0.0);
            let product = nest[0].nest_weight * *weight;
            *whole += if open { product } else { 0.0 };
            let scale = product / if open { sum } else { 1.0 };
            *weight = if open { scale } else { 0.0 };
        }
        for row in here.chunks_exact_mut(trees) {
            row.iter_mut().zip(&*weights).for_each(|(share, scale)| *share *= scale);
        }
    }
    for row in forest.shares.chunks_exact_mut(trees) {
        for (share, &whole) in row.iter_mut().zip(&forest.values) {
            *share /= if whole > 0.0 { whole } else { 1.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probabilities;
    use super::*;

    #[test]
    fn many_trees_give_the_bytes_of_each_alone() {
        const TREES: usize = 500;
        let leaf = |nest, size, nest_weight| Leaf { nest, value: 0.0, size, nest_weight };
        let leaves = vec![
            leaf(0, 1.0, 0.5),
            leaf(0, 0.25, 0.5),
            leaf(1, 1.0, 0.3),
            leaf(2, 0.0, 0.2),
            leaf(3, 1.5, 0.0),
        ];
        let mut seed = 7_u64;
        let mut utility = || {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            match seed >> 61 {
                0 => f64::NEG_INFINITY,
                1 => (seed >> 40) as f64 * 1e-3,
                _ => (seed >> 40) as f64 * 1e-6 - 8.0,
            }
        };
        let utilities: Vec<f64> = (0..leaves.len() * TREES).map(|_| utility()).collect();
        for scale in [0.05, 0.6, 1.0] {
            let shares = utilities.clone();
            let mut forest = Forest { trees: TREES, leaves: leaves.clone(), shares, ..Forest::default() };
            forest.choose(scale);
            for tree in 0..TREES {
                let alone: Vec<Leaf> = (leaves.iter().enumerate())
                    .map(|(at, &leaf)| Leaf { value: utilities[at * TREES + tree], ..leaf })
                    .collect();
                let mut shares = vec![0.0; leaves.len()];
                let value = probabilities(&alone, scale, &mut shares);
                assert_eq!(forest.values[tree].to_bits(), value.to_bits());
                for (leaf, share) in shares.iter().enumerate() {
                    assert_eq!(forest.shares[leaf * TREES + tree].to_bits(), share.to_bits());
                }
            }
        }
    }
}
