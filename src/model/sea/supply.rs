//! Passage as a supply that adapts: vessels, fares, suppliers who come and go.

use crate::model::math::{exp, pow};

/// Least share of passages that a fare is reckoned on: no fare is more than twenty times its cost.
pub const LEAST_PASSING_SHARE: f64 = 0.05;

/// Least share of demand that suppliers can meet: someone always knows someone with a boat, and without a
/// remnant supply could never grow again.
pub const LEAST_SUPPLY_SHARE: f64 = 0.01;

/// Largest factor by which a fare above its cost speeds up entry: boats have to be found first.
pub const LARGEST_ENTRY_FACTOR: f64 = 10.0;

/// Number of people who put out in one vessel.
///
/// ```text
/// size = max(1, round( m·exp(σ·z − σ²/2) ))
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | m | `persons_mean` | person | ≥ 1 | mean number aboard |
/// | σ | `persons_log_sd` | log | ≥ 0 | standard deviation of its logarithm (default 0.5) |
/// | z | `normal` | 1 | any | the vessel's standard normal draw |
///
/// Source: assumption, not estimated.
///
/// Limits: m, rounded, where σ = 0; at least one. The mean is m up to rounding, and above m where vessels are
/// so small that the least of one binds.
pub fn vessel_size(persons_mean: f64, persons_log_sd: f64, normal: f64) -> u32 {
    let size = persons_mean * exp(persons_log_sd * normal - 0.5 * persons_log_sd * persons_log_sd);
    // A cast from a float saturates, so a draw far out in the tail is a very large vessel and nothing worse.
    (size + 0.5).floor().max(1.0) as u32
}

/// Fare of one passenger at which a supplier breaks even.
///
/// ```text
/// fare = ( boat/size + variable ) / ( 1 − p_stop·seizure )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | boat | `boat_cost` | USD | ≥ 0 | cost of the boat |
/// | size | `size` | person | > 0 | passengers of a boat |
/// | variable | `variable_cost` | USD | ≥ 0 | cost of one passenger |
/// | p_stop | `p_stop` | share | 0 … 1 | chance of being stopped |
/// | seizure | `seizure` | share | 0 … 1 | share of boats stopped that are seized |
///
/// Source: free entry at zero profit; the trade of risk for fare and size: Hoffmann Pham & Komiyama (2024).
///
/// Limits: plain cost where nothing is seized; rises with both risks; at most 1/[`LEAST_PASSING_SHARE`] times
/// the cost. A size below 1 counts as 1.
pub fn fare_usd(boat_cost: f64, size: f64, variable_cost: f64, p_stop: f64, seizure: f64) -> f64 {
    let passing = (1.0 - p_stop * seizure).max(LEAST_PASSING_SHARE);
    (boat_cost / size.max(1.0) + variable_cost) / passing
}

/// Rate at which suppliers enter for the fare they can get.
///
/// ```text
/// e = e0 · min( 10, (fare/cost)^ε )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | e0 | `base_per_day` | 1/day | ≥ 0 | rate of entry at break-even |
/// | fare | `fare` | USD | ≥ 0 | fare of one passenger |
/// | cost | `cost` | USD | ≥ 0 | its cost |
/// | ε | `elasticity` | 1 | ≥ 0 | relative change of entry over that of the fare |
///
/// Source: assumption, not estimated.
///
/// Limits: the base at break-even, with ε = 0, or where the passage costs nothing and so nobody trades in it;
/// 0 for a fare of 0 otherwise; at most [`LARGEST_ENTRY_FACTOR`] times the base.
pub fn entry_rate_per_day(base_per_day: f64, fare: f64, cost: f64, elasticity: f64) -> f64 {
    if cost <= 0.0 || elasticity == 0.0 {
        return base_per_day;
    }
    if fare <= 0.0 {
        return 0.0;
    }
    base_per_day * pow(fare / cost, elasticity).min(LARGEST_ENTRY_FACTOR)
}

/// One day of the share of demand that suppliers could meet: logistic growth by success, loss by prosecution.
///
/// ```text
/// s ← s + e·(1 − p)·s·(1 − s) − x·p·s,      0.01 ≤ s ≤ 1
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | s | `supply` | share | 0.01 … 1 | share of demand that suppliers could meet |
/// | e | `entry_per_day` | 1/day | 0 … 1 | rate of entry where all succeeds; see [`entry_rate_per_day`] for the fare |
/// | x | `exit_per_day` | 1/day | 0 … 1 | rate of exit where all are stopped and prosecuted |
/// | p | `stopped` | share | 0 … 1 | share of vessels stopped |
///
/// Source: logistic growth; the rates are assumptions, not estimated.
///
/// Limits: settles at 1 − x·p/(e·(1 − p)) if that is positive, else at the least; at 1 where nobody is
/// stopped; stands still with both rates at 0.
pub fn entry_step(supply: f64, entry_per_day: f64, exit_per_day: f64, stopped: f64) -> f64 {
    let stopped = stopped.clamp(0.0, 1.0);
    let growth = entry_per_day * (1.0 - stopped) * (1.0 - supply);
    let next = supply * (1.0 + growth - exit_per_day * stopped);
    next.clamp(LEAST_SUPPLY_SHARE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math::normal_quantile;

    #[test]
    fn vessel_sizes_keep_their_mean() {
        let vessels = 50_000;
        for (mean, sd) in [(6.0, 0.5), (40.0, 0.3), (300.0, 0.8)] {
            let at = |i: u32| normal_quantile((f64::from(i) + 0.5) / f64::from(vessels));
            let sum: f64 = (0..vessels).map(|i| f64::from(vessel_size(mean, sd, at(i)))).sum();
            assert!(
                (sum / f64::from(vessels) / mean - 1.0).abs() < 5e-3,
                "{mean}: {}",
                sum / f64::from(vessels)
            );
        }
        assert_eq!(vessel_size(6.4, 0.0, 3.0), 6);
        assert_eq!(vessel_size(1.0, 2.0, -8.0), 1);
        assert_eq!(vessel_size(1e4, 2.0, 600.0), u32::MAX);
    }

    #[test]
    fn fares_break_even() {
        assert_eq!(fare_usd(600.0, 6.0, 50.0, 0.9, 0.0), 150.0);
        let (stop, seized) = (0.5, 0.4);
        let fare = fare_usd(600.0, 6.0, 50.0, stop, seized);
        assert!((fare * (1.0 - stop * seized) - 150.0).abs() < 1e-12);
        assert!(
            fare_usd(600.0, 6.0, 50.0, 0.6, seized) > fare && fare_usd(600.0, 6.0, 50.0, stop, 0.5) > fare
        );
        assert!(fare_usd(600.0, 12.0, 50.0, stop, seized) < fare);
        assert_eq!(fare_usd(600.0, 6.0, 50.0, 1.0, 1.0), 150.0 / LEAST_PASSING_SHARE);
        assert_eq!(fare_usd(0.0, 6.0, 0.0, 0.5, 0.5), 0.0);
        assert_eq!(fare_usd(600.0, 0.0, 0.0, 0.0, 0.0), 600.0);
    }

    #[test]
    fn fares_above_cost_draw_suppliers() {
        assert_eq!(entry_rate_per_day(0.01, 150.0, 150.0, 2.0), 0.01);
        assert!((entry_rate_per_day(0.01, 300.0, 150.0, 2.0) - 0.04).abs() < 1e-15);
        assert_eq!(entry_rate_per_day(0.01, 300.0, 150.0, 0.0), 0.01);
        assert_eq!(entry_rate_per_day(0.01, 0.0, 0.0, 1.0), 0.01);
        assert_eq!(entry_rate_per_day(0.01, 0.0, 150.0, 1.0), 0.0);
        assert_eq!(entry_rate_per_day(0.01, 1e9, 150.0, 3.0), 0.01 * LARGEST_ENTRY_FACTOR);
    }

    #[test]
    fn supply_settles_where_entry_meets_exit() {
        let settle = |start, entry, exit, p| (0..40_000).fold(start, |s, _| entry_step(s, entry, exit, p));
        for start in [LEAST_SUPPLY_SHARE, 0.5, 1.0] {
            let (entry, exit, p): (f64, f64, f64) = (0.004, 0.002, 0.4);
            let expected = 1.0 - exit * p / (entry * (1.0 - p));
            assert!((settle(start, entry, exit, p) - expected).abs() < 1e-9);
            assert_eq!(settle(start, 0.004, 0.002, 1.0), LEAST_SUPPLY_SHARE);
            assert!(settle(start, 0.004, 0.002, 0.0) > 0.999_999);
            assert_eq!(entry_step(start, 0.0, 0.0, 0.7), start);
        }
        assert!(entry_step(0.5, 0.01, 0.01, 0.2) > entry_step(0.5, 0.01, 0.01, 0.3));
        assert!(entry_step(0.5, 0.02, 0.01, 0.2) > entry_step(0.5, 0.01, 0.01, 0.2));
    }

    #[test]
    fn supply_stays_a_share_at_any_rate_allowed() {
        for s in [0.01, 0.3, 1.0] {
            for (e, x, p) in [(1.0, 1.0, 0.0), (1.0, 1.0, 1.0), (1.0, 0.0, 0.5), (0.0, 1.0, 0.5)] {
                assert!((LEAST_SUPPLY_SHARE..=1.0).contains(&entry_step(s, e, x, p)));
            }
        }
    }
}
