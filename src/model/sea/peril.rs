//! Weather, distress, rescue and death. Nobody dies at sea but in distress.

use crate::model::math::pow;

/// By how much weather in which nothing should sail multiplies distress, beyond 1. Assumption, not estimated.
pub const ROUGH_WEATHER_EXCESS: f64 = 3.0;

/// Largest hazard of distress: at this rate hardly a vessel in five hundred million lasts the day.
pub const MOST_DISTRESS_PER_DAY: f64 = 20.0;

/// Least load over the safe load that counts, so that an empty vessel has a hazard too.
const LEAST_LOAD_RATIO: f64 = 1e-3;

/// Weather of a day: a factor on departures and on detection.
///
/// ```text
/// w = m + max(−m, min(m, σ·z))
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | m | `month_mean` | share | ≥ 0 | mean of the month: 1 fair, 0 nothing sails |
/// | z | `normal` | 1 | any | the zone's standard normal draw of the day |
/// | σ | `sd` | share | ≥ 0 | spread of days about the mean (default 0.2) |
///
/// Source: assumption, not estimated.
///
/// Limits: within \[0, 2m\]. Cut off alike on both sides, so the mean is m exactly; where σ is not small
/// against m, the spread falls short of σ. A month of 0 is 0 every day.
pub fn weather_factor(month_mean: f64, normal: f64, sd: f64) -> f64 {
    let most = month_mean.max(0.0);
    most + (sd * normal).max(-most).min(most)
}

/// Hazard of distress of a vessel.
///
/// ```text
/// H = H0 · (load/capacity)^ε · ( 1 + 3·max(0, 1 − w) ),   H ≤ 20
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | H0 | `base` | 1/day | ≥ 0 | hazard in fair weather at the safe load |
/// | ε | `load_factor_elasticity` | 1 | ≥ 0 | relative change of the hazard over that of the load (default 1) |
/// | load/capacity | `load_ratio` | ratio | ≥ 0 | people aboard over those it is built for |
/// | w | `weather` | share | ≥ 0 | weather of the day, 1 fair |
///
/// Source: assumption, not estimated; that flimsier and fuller boats fare worse: Deiana, Maheshri &
/// Mastrobuoni.
///
/// Limits: the base at the safe load in fair weather; weather better than fair does not lower it; four times
/// the base where nothing should sail; never above [`MOST_DISTRESS_PER_DAY`].
pub fn distress_hazard_per_day(base: f64, load_factor_elasticity: f64, load_ratio: f64, weather: f64) -> f64 {
    let load = pow(load_ratio.max(LEAST_LOAD_RATIO), load_factor_elasticity);
    let roughness = 1.0 + ROUGH_WEATHER_EXCESS * (1.0 - weather).clamp(0.0, 1.0);
    (base * load * roughness).min(MOST_DISTRESS_PER_DAY)
}

/// Probability that a vessel in distress is reached in time.
///
/// ```text
/// p = min( 1, p0 + p1·near )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p0 | `base` | share | 0 … 1 | without a patrol near: other vessels, the shore (default 0.2) |
/// | p1 | `by_patrols` | share | 0 … 1 | what patrols add at full density (default 0.6) |
/// | near | `patrol_density` | share | 0 … 1 | chance that a patrol is near enough to come |
///
/// Source: assumption, not estimated. Whether rescue in turn attracts is disputed and no part of this rule.
///
/// Limits: the base without patrols; 1 at most; never falls with more patrols.
pub fn rescue_probability(base: f64, by_patrols: f64, patrol_density: f64) -> f64 {
    (base + by_patrols * patrol_density.clamp(0.0, 1.0)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math::normal_quantile;

    #[test]
    fn weather_keeps_its_mean_and_its_bounds() {
        for (mean, sd) in [(1.0, 0.2), (0.5, 0.4), (0.1, 0.5), (1.0, 0.0), (0.0, 0.3)] {
            let days = 20_000;
            let mut sum = 0.0;
            for day in 0..days {
                let w = weather_factor(mean, normal_quantile((f64::from(day) + 0.5) / f64::from(days)), sd);
                assert!((0.0..=2.0 * mean).contains(&w));
                sum += w;
            }
            assert!((sum / f64::from(days) - mean).abs() < 1e-9, "{mean} ± {sd}: {}", sum / f64::from(days));
        }
        assert!(weather_factor(1.0, 1.0, 0.2) > weather_factor(1.0, 0.5, 0.2));
        assert_eq!(weather_factor(0.8, -9.0, 0.3), 0.0);
    }

    #[test]
    fn distress_rises_with_load_and_bad_weather_and_is_bounded() {
        let h = distress_hazard_per_day;
        assert_eq!(h(0.05, 1.7, 1.0, 1.0), 0.05);
        assert!((h(0.05, 2.0, 3.0, 1.0) - 0.45).abs() < 1e-14);
        assert!((h(0.05, 1.0, 1.0, 0.0) - 0.2).abs() < 1e-15);
        assert_eq!(h(0.05, 1.0, 1.0, 1.8), 0.05);
        assert_eq!(h(0.05, 0.0, 0.0, 1.0), 0.05);
        assert!(h(0.05, 1.0, 0.0, 1.0) > 0.0);
        let mut last = 0.0;
        for step in 1..=20 {
            let next = h(0.05, 1.5, f64::from(step) / 5.0, 1.0 - f64::from(step) / 20.0);
            assert!(next > last);
            last = next;
        }
        assert_eq!(h(10.0, 5.0, 1e4, 0.0), MOST_DISTRESS_PER_DAY);
        assert_eq!(h(0.0, 1.0, 2.0, 0.0), 0.0);
    }

    #[test]
    fn rescue_competes_with_death() {
        assert_eq!(rescue_probability(0.2, 0.6, 0.0), 0.2);
        assert!((rescue_probability(0.2, 0.6, 1.0) - 0.8).abs() < 1e-15);
        assert_eq!(rescue_probability(0.9, 0.6, 1.0), 1.0);
        assert_eq!(rescue_probability(0.2, 0.6, 7.0), rescue_probability(0.2, 0.6, 1.0));
        let rescue = |near| rescue_probability(0.2, 0.6, near);
        assert!(rescue(0.0) < rescue(0.3) && rescue(0.3) < rescue(1.0));
    }
}
