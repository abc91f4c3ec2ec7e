//! The clock of those at home: which household leaves next, and when (model 5.1).

use serde::{Deserialize, Serialize};

/// The households of a stratum that are still at home, and how far the clock is from the next to leave.
///
/// Departures are a unit-rate Poisson process on the clock ∫ n·λ dt (random time change; without inflow this
/// is Sellke's construction). The k-th threshold is a unit exponential that belongs to the k-th household of
/// the stratum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdClock {
    /// Households at home, n.
    pub households_at_home: u64,
    /// Households that have left so far, k: the rank of the last.
    pub emitted: u64,
    /// What the clock has still to run before household k + 1 leaves, r.
    pub residual: f64,
}

impl ThresholdClock {
    /// Run the clock for a day and send off the households whose threshold is reached.
    ///
    /// ```text
    /// x ← λ·1 d;  while n > 0 and n·x ≥ r:  x −= r/n; n −= 1; k += 1; emit(k); r ← Z(k+1);   then r −= n·x
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | λ·1 d | `intensity_days` | 1 | ≥ 0 | intensity of one household over the day |
    /// | Z | `next_threshold` | 1 | > 0 | from a rank, its household's unit exponential |
    /// | | `emit` | | | told the rank of each household that leaves |
    ///
    /// Source: Sellke (1983), with thresholds drawn one at a time in order of departure.
    ///
    /// Limits: an infinite intensity empties the stratum; one that is 0, negative or not a number leaves all
    /// as it was.
    pub fn advance(
        &mut self,
        intensity_days: f64,
        mut next_threshold: impl FnMut(u64) -> f64,
        mut emit: impl FnMut(u64),
    ) {
        self.advance_each(intensity_days, |rank| {
            emit(rank);
            next_threshold(rank + 1)
        });
    }

    /// The same with a single callback, for callers whose next threshold depends on whom they have just sent
    /// off: it is told the rank of each household that leaves, and answers with the threshold of the one
    /// after it.
    pub fn advance_each(&mut self, intensity_days: f64, mut emit_and_next: impl FnMut(u64) -> f64) {
        if intensity_days.is_nan() || intensity_days <= 0.0 {
            return;
        }
        let mut left = intensity_days;
        while self.households_at_home > 0 && self.households_at_home as f64 * left >= self.residual {
            // Rounding may leave a few units in the last place below 0, which would run the clock backwards.
            left = (left - self.residual / self.households_at_home as f64).max(0.0);
            self.households_at_home -= 1;
            self.emitted += 1;
            self.residual = emit_and_next(self.emitted);
        }
        if self.households_at_home > 0 {
            self.residual -= self.households_at_home as f64 * left;
        }
    }

    /// Households come back to the stratum; the clock has no memory, so the threshold of the next to leave
    /// stands.
    pub fn rejoin(&mut self, count: u64) {
        self.households_at_home = self.households_at_home.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math::{expm1, ln, pow};

    /// Thresholds as a function of rank alone.
    fn threshold(seed: u64, rank: u64) -> f64 {
        let mut s = (seed << 32 | rank).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for _ in 0..4 {
            s = (s ^ (s >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        }
        -ln(((s >> 11) as f64 + 0.5) / (1u64 << 53) as f64)
    }

    fn clock(seed: u64, households: u64) -> ThresholdClock {
        ThresholdClock { households_at_home: households, emitted: 0, residual: threshold(seed, 1) }
    }

    fn run(seed: u64, households: u64, by_day: &[f64]) -> Vec<u64> {
        let mut c = clock(seed, households);
        let mut out = Vec::new();
        for &x in by_day {
            c.advance(x, |k| threshold(seed, k), |_| ());
            assert_eq!(c.households_at_home + c.emitted, households);
            out.push(c.emitted);
        }
        out
    }

    #[test]
    fn daily_counts_are_binomial() {
        let (n, lambda, runs) = (12_u64, 0.25, 40_000_u64);
        let p = -expm1(-lambda);
        let mut seen = [0.0_f64; 13];
        for seed in 0..runs {
            seen[run(seed, n, &[lambda])[0] as usize] += 1.0;
        }
        let (mut chi2, mut expected) = (0.0, runs as f64 * pow(1.0 - p, n as f64));
        for k in 0..=8_u64 {
            chi2 += (seen[k as usize] - expected) * (seen[k as usize] - expected) / expected;
            expected *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
        }
        // Nine cells: 40 is beyond the 99.999th percentile of χ² with 8 degrees of freedom.
        assert!(chi2 < 40.0, "χ² = {chi2}");
        assert!(chi2 > 0.5, "counts agree too well to be random: χ² = {chi2}");
    }

    #[test]
    fn exhaustion_follows_the_integral_of_the_intensity() {
        let by_day: Vec<f64> = (0..60).map(|d| 0.01 + 0.04 * f64::from(d % 7) / 6.0).collect();
        let n = 200_000;
        let integral: f64 = by_day.iter().sum();
        let left = *run(7, n, &by_day).last().unwrap() as f64 / n as f64;
        let expected = -expm1(-integral);
        let sd = (expected * (1.0 - expected) / n as f64).sqrt();
        assert!((left - expected).abs() < 5.0 * sd, "{left} against {expected}");
    }

    #[test]
    fn a_split_day_is_the_same_day() {
        let whole = run(3, 5000, &[0.8]);
        let split = run(3, 5000, &[0.1, 0.0, 0.3, 0.4]);
        assert_eq!(whole.last(), split.last());
    }

    #[test]
    fn a_higher_intensity_sends_off_a_superset_earlier() {
        let low: Vec<f64> = (0..40).map(|d| 0.002 + 0.001 * f64::from(d % 5)).collect();
        let high: Vec<f64> =
            low.iter().enumerate().map(|(d, x)| x * if d > 10 { 1.7 } else { 1.0 }).collect();
        let (a, b) = (run(11, 3000, &low), run(11, 3000, &high));
        assert_eq!(a[..=10], b[..=10], "the shared past is the same");
        assert!(a.iter().zip(&b).all(|(x, y)| x <= y));
        assert!(a.last() < b.last());
    }

    #[test]
    fn ranks_come_in_order_and_thresholds_are_those_of_the_next() {
        let mut c = clock(5, 50);
        let (mut emitted, mut asked) = (Vec::new(), Vec::new());
        c.advance(
            0.5,
            |k| {
                asked.push(k);
                threshold(5, k)
            },
            |k| emitted.push(k),
        );
        assert_eq!(emitted, (1..=c.emitted).collect::<Vec<_>>());
        assert_eq!(asked, (2..=c.emitted + 1).collect::<Vec<_>>());
        let mut d = clock(5, 50);
        d.advance_each(0.5, |k| threshold(5, k + 1));
        assert_eq!(c, d);
    }

    #[test]
    fn empty_strata_and_extreme_intensities() {
        let mut empty = clock(1, 0);
        let before = empty;
        empty.advance(10.0, |_| unreachable!(), |_| unreachable!());
        assert_eq!(empty, before);
        for nothing in [0.0, -1.0, f64::NAN] {
            let mut c = clock(1, 9);
            let before = c;
            c.advance(nothing, |_| unreachable!(), |_| unreachable!());
            assert_eq!(c, before);
        }
        for huge in [1e9, f64::INFINITY] {
            let mut c = clock(1, 9);
            c.advance(huge, |k| threshold(1, k), |_| ());
            assert_eq!((c.households_at_home, c.emitted), (0, 9));
            assert!(c.residual.is_finite() && c.residual > 0.0);
            c.rejoin(2);
            c.advance(huge, |k| threshold(1, k), |_| ());
            assert_eq!((c.households_at_home, c.emitted), (0, 11));
        }
    }
}
