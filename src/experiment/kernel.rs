//! How proposals of an estimation spread about the particles of the round before.

use super::calibrate::Particle;
use crate::model::math;

/// Least standard deviation of a proposal in any direction, in the unit cube of the prior.
const LEAST_SPREAD: f64 = 1e-3;

/// A kernel of two normal ones in equal parts: one with twice the covariance of the particles, and one with twice their
/// variances alone.
///
/// ```text
/// K(x | y) = ½·N(x − y; 0, 2·Σ) + ½·N(x − y; 0, 2·diag Σ)
/// ```
///
/// | symbol | meaning |
/// | --- | --- |
/// | Σ | weighted covariance of the particles, with a least variance added to each coordinate |
///
/// Parameters that can stand in for one another, as two that act by their product, lie along a ridge: by the first part
/// proposals go along it instead of off it. The second is as wide as the particles are in every direction, so that no
/// particle that is accepted was so unlikely to be proposed that it outweighs all others.
///
/// Source: Filippi, Barnes, Cornebise and Stumpf (2013) for the covariance; Hesterberg (1995) for the defensive part.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    /// Rows of L, of 1, 2, 3 … numbers: L·Lᵀ = 2·Σ.
    root: Vec<Vec<f64>>,
    /// Standard deviations of the second part.
    spread: Vec<f64>,
}

impl Kernel {
    /// The kernel about particles.
    pub fn about(particles: &[Particle], parameters: usize) -> Self {
        let weight: f64 = particles.iter().map(|p| p.weight).sum();
        let mean_of = |value: &dyn Fn(&Particle) -> f64| -> f64 {
            particles.iter().map(|p| p.weight * value(p)).sum::<f64>() / weight.max(f64::MIN_POSITIVE)
        };
        let means: Vec<f64> = (0..parameters).map(|i| mean_of(&|p| p.unit[i])).collect();
        let covariance = |i: usize, j: usize| {
            let least = if i == j { LEAST_SPREAD * LEAST_SPREAD } else { 0.0 };
            2.0 * mean_of(&|p| (p.unit[i] - means[i]) * (p.unit[j] - means[j])) + least
        };
        let mut root: Vec<Vec<f64>> = Vec::with_capacity(parameters);
        for i in 0..parameters {
            let mut row: Vec<f64> = Vec::with_capacity(i + 1);
            for (j, above) in root.iter().enumerate() {
                let known: f64 = row.iter().zip(above).map(|(a, b)| a * b).sum();
                row.push((covariance(i, j) - known) / above[j]);
            }
            let known: f64 = row.iter().map(|a| a * a).sum();
            // What rounding takes off is less than the least that was added.
            row.push((covariance(i, i) - known).max(LEAST_SPREAD * LEAST_SPREAD).sqrt());
            root.push(row);
        }
        Self { root, spread: (0..parameters).map(|i| covariance(i, i).sqrt()).collect() }
    }

    /// A position moved by standard normal numbers, one for each parameter, and by a uniform that says by which part.
    pub fn moved(&self, from: &[f64], normal: &[f64], which: f64) -> Vec<f64> {
        if which < 0.5 {
            let by = |row: &Vec<f64>| -> f64 { row.iter().zip(normal).map(|(l, z)| l * z).sum() };
            return from.iter().zip(&self.root).map(|(x, row)| x + by(row)).collect();
        }
        from.iter().zip(&self.spread).zip(normal).map(|((x, s), z)| x + s * z).collect()
    }

    /// Density at a position of what is proposed from another, but for a factor that is the same for all.
    pub fn density(&self, at: &[f64], from: &[f64]) -> f64 {
        let (mut alone, mut ratio) = (0.0, 1.0);
        let mut normal: Vec<f64> = Vec::with_capacity(self.root.len());
        for (((x, y), row), s) in at.iter().zip(from).zip(&self.root).zip(&self.spread) {
            let known: f64 = row.iter().zip(&normal).map(|(l, z)| l * z).sum();
            let last = row[normal.len()];
            normal.push((x - y - known) / last);
            alone += (x - y) / s * ((x - y) / s);
            ratio *= s / last;
        }
        let together: f64 = normal.iter().map(|z| z * z).sum();
        (math::exp(-together / 2.0) * ratio + math::exp(-alone / 2.0)) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn particle(unit: Vec<f64>) -> Particle {
        Particle { unit, distance: 0.0, weight: 1.0 }
    }

    /// Particles on the four corners of a sheared square: variances and covariance are known.
    fn sheared() -> Vec<Particle> {
        let corners = [(-0.1, -0.1), (0.1, 0.1), (-0.1, 0.1), (0.1, -0.1)];
        corners.map(|(a, b)| particle(vec![0.5 + a, 0.5 + a + b / 2.0])).to_vec()
    }

    #[test]
    fn twice_the_covariance() {
        let kernel = Kernel::about(&sheared(), 2);
        // Var a = 0.01, cov = 0.01, Var b = 0.01 + 0.0025.
        let of = |i: usize, j: usize| -> f64 {
            kernel.root[i].iter().zip(&kernel.root[j]).map(|(a, b)| a * b).sum()
        };
        for (i, j, expected) in [(0, 0, 0.02), (0, 1, 0.02), (1, 1, 0.025)] {
            assert!((of(i, j) - expected).abs() < 2e-6, "{i} {j}: {}", of(i, j));
        }
        for (spread, expected) in kernel.spread.iter().zip([0.02_f64, 0.025]) {
            assert!((spread * spread - expected).abs() < 2e-6, "{spread}");
        }
    }

    /// Sums of the density over a fine grid: both parts are densities of the same total, so that they weigh the same.
    #[test]
    fn the_density_is_that_of_what_moves() {
        let kernel = Kernel::about(&sheared(), 2);
        let (step, from) = (0.01, [0.5, 0.5]);
        let grid = || (-150..=150).flat_map(|a| (-150..=150).map(move |b| (f64::from(a), f64::from(b))));
        let at = |(a, b): (f64, f64)| [from[0] + a * step, from[1] + b * step];
        let sum: f64 = grid().map(|to| kernel.density(&at(to), &from)).sum::<f64>() * step * step;
        // ∫ exp(−|z|²/2) over the second part, in which the factor that is left out is 1.
        let expected = 2.0 * std::f64::consts::PI * kernel.spread[0] * kernel.spread[1];
        assert!((sum / expected - 1.0).abs() < 1e-6, "{sum} for {expected}");
        // The covariance of both parts in equal shares.
        let product = |to| {
            let [x, y] = at(to);
            (x - from[0]) * (y - from[1]) * kernel.density(&[x, y], &from)
        };
        let covariance = grid().map(product).sum::<f64>() * step * step / sum;
        assert!((covariance - 0.02 / 2.0).abs() < 1e-4, "{covariance}");
        // Along the ridge more is proposed than off it.
        let along = kernel.density(&[0.7, 0.7], &from);
        assert!(along > 3.0 * kernel.density(&[0.7, 0.3], &from));
        // A part each, whatever the normal numbers.
        let by = |which| kernel.moved(&from, &[1.0, 0.0], which);
        assert!((by(0.4)[1] - 0.5 - kernel.root[1][0]).abs() < 1e-12 && by(0.6)[1] == 0.5);
    }

    #[test]
    fn particles_all_alike_or_none_leave_a_least_spread() {
        let alike = vec![particle(vec![0.3, 0.3, 0.3]); 5];
        for particles in [alike, Vec::new()] {
            let kernel = Kernel::about(&particles, 3);
            for which in [0.0, 0.9] {
                let at = kernel.moved(&[0.3; 3], &[1.0; 3], which);
                assert!(at.iter().all(|x| (x - 0.3 - LEAST_SPREAD).abs() < 1e-9), "{at:?}");
            }
        }
    }
}
