//! Differences between paired worlds: means, intervals, and what pairing is worth (model 5.15).

use crate::model::math;

/// A mean with its standard error and the half-width of its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Standard error; NaN from one value.
    pub error: f64,
    /// Half-width of the 95 % interval; NaN from one value.
    pub half_width: f64,
}

/// Mean and unbiased variance; the variance of one value is NaN.
pub fn mean_variance(sample: &[f64]) -> (f64, f64) {
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    let squares: f64 = sample.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, if sample.len() > 1 { squares / (n - 1.0) } else { f64::NAN })
}

/// Mean of a sample with its interval by Student's t.
///
/// ```text
/// x̄ ± t_{0.975, n−1}·s/√n
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `sample` | any | n ≥ 1 | one value for each seed; of paired worlds, their difference |
///
/// Source: Student (1908). Limits: no interval from one value; exact for normal values, and good for means of twenty
/// seeds unless a single seed carries the difference.
pub fn estimate(sample: &[f64]) -> Estimate {
    let (mean, variance) = mean_variance(sample);
    let error = (variance / sample.len() as f64).sqrt();
    Estimate { mean, error, half_width: error * student_quantile(sample.len().saturating_sub(1)) }
}

/// Upper 2.5 % point of Student's distribution.
///
/// ```text
/// t = z + (z³ + z)/(4ν) + (5z⁵ + 16z³ + 3z)/(96ν²) + (3z⁷ + 19z⁵ + 17z³ − 15z)/(384ν³)
///       + (79z⁹ + 776z⁷ + 1482z⁵ − 1920z³ − 945z)/(92160ν⁴),     z = Φ⁻¹(0.975)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ν | `degrees` | count | ≥ 0 | degrees of freedom |
///
/// Source: Abramowitz and Stegun (1964), 26.7.5, for ν ≥ 6; their table 26.10 below. Limits: NaN for ν = 0; off by
/// less than 0.0005 at ν = 6, and by less the larger ν.
pub fn student_quantile(degrees: usize) -> f64 {
    const FEW: [f64; 6] = [f64::NAN, 12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582];
    if let Some(&t) = FEW.get(degrees) {
        return t;
    }
    let (z, n) = (math::normal_quantile(0.975), degrees as f64);
    let s = z * z;
    let terms = [
        z * (s + 1.0) / 4.0,
        z * ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        z * ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0,
    ];
    z + (terms[0] + (terms[1] + (terms[2] + terms[3] / n) / n) / n) / n
}

/// How many times more runs independent seeds would need for a difference as sure.
///
/// ```text
/// (s_A² + s_B²)/s_{B−A}²
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | A, B | `a`, `b` | any | n ≥ 2, same order | an outcome in two worlds, by seed |
///
/// Source: variance of a difference of independent values over that of paired ones; both measured. Limits: 1 where
/// pairing is worth nothing, below 1 where it harms, infinite where the pairs differ by a constant; none where neither
/// world varies.
pub fn variance_reduction(a: &[f64], b: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
    let independent = mean_variance(a).1 + mean_variance(b).1;
    (independent > 0.0).then(|| independent / mean_variance(&differences).1)
}

/// Standard error of a statistic by the jackknife.
///
/// ```text
/// √( (G − 1)/G·Σ_g (θ_g − θ̄)² )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | θ_g | `left_out` | any | G ≥ 1 | the statistic with the g-th of G equal groups of seeds left out |
///
/// Source: Quenouille (1956), Tukey (1958). Limits: the standard error of a mean, exactly, where the statistic is a
/// mean; NaN from one group; only a guide where the statistic has a kink, as positive parts have at 0.
pub fn jackknife_error(left_out: &[f64]) -> f64 {
    let groups = left_out.len() as f64;
    let (_, variance) = mean_variance(left_out);
    (variance * (groups - 1.0) * (groups - 1.0) / groups).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_student_as_tabulated() {
        let table = [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (6, 2.447),
            (7, 2.365),
            (9, 2.262),
            (19, 2.093),
            (60, 2.000),
            (1000, 1.962),
        ];
        for (degrees, t) in table {
            assert!((student_quantile(degrees) - t).abs() < 6e-4, "{degrees}");
        }
        assert!(student_quantile(0).is_nan());
    }

    #[test]
    fn an_interval_by_hand() {
        let e = estimate(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(e.mean, 3.0);
        assert!((e.error - 0.5_f64.sqrt()).abs() < 1e-15);
        assert!((e.half_width - 2.776_445 * 0.5_f64.sqrt()).abs() < 1e-12);
        assert!(estimate(&[7.0]).half_width.is_nan() && estimate(&[7.0]).mean == 7.0);
        assert_eq!(estimate(&[0.0; 6]).half_width, 0.0);
    }

    #[test]
    fn what_pairing_is_worth() {
        let a = [1.0, 4.0, 2.0, 7.0];
        let shifted: Vec<f64> = a.iter().map(|x| x + 3.0).collect();
        assert_eq!(variance_reduction(&a, &shifted), Some(f64::INFINITY));
        let against: Vec<f64> = a.iter().map(|x| -x).collect();
        assert!((variance_reduction(&a, &against).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(variance_reduction(&[2.0; 3], &[5.0; 3]), None);
    }

    #[test]
    fn the_jackknife_of_a_mean_is_its_standard_error() {
        let sample = [2.0, 3.5, 9.0, -1.0, 0.25];
        let total: f64 = sample.iter().sum();
        let left_out: Vec<f64> = sample.iter().map(|x| (total - x) / 4.0).collect();
        assert!((jackknife_error(&left_out) - estimate(&sample).error).abs() < 1e-12);
        assert!(jackknife_error(&[1.0]).is_nan());
    }
}
