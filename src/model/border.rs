//! Borders and first asylum: who is admitted, and what waiting at a closed border costs (model 5.4).
//!
//! A border has an openness, which is a lever of its country. Each person meets it with one keyed draw for
//! the border and the rung episode, so that one who is refused stays refused for as long as nothing changes.

use super::math;

/// Whether a person is admitted at a border.
///
/// ```text
/// admitted  ⇔  u < b
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | u | `u` | 1 | (0, 1) | the person's draw for this border and rung episode |
/// | b | `openness` | share | [0, 1] | share of those who come that the border lets in |
///
/// Source: assumption, not estimated.
/// Limits: b = 0 admits nobody and b = 1 everybody. With the same draw a wider opening admits a superset.
#[inline]
pub fn admitted(u: f64, openness: f64) -> bool {
    u < openness
}

/// Whether one who was refused may try the same border again: only after its rung has changed, or on a new
/// attempt.
///
/// ```text
/// again  ⇔  episode now ≠ episode of refusal  or  attempt now ≠ attempt refused
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | episode | `episode_now`, `episode_refused` | count | ≥ 0 | rung episode of the border |
/// | attempt | `attempt_now`, `attempt_refused` | count | ≥ 0 | number of the person's attempt |
///
/// Source: assumption, not estimated; without it a persistent crowd would wear down any border by trying
/// daily.
/// Limits: within one episode and attempt the answer is always no.
pub fn may_try_again(episode_now: u32, episode_refused: u32, attempt_now: u32, attempt_refused: u32) -> bool {
    episode_now != episode_refused || attempt_now != attempt_refused
}

/// Hazard of harm to a person who waits at a border.
///
/// ```text
/// h = min( h_max, h0·v )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | h0 | `base_per_day` | 1/day | ≥ 0 | hazard of a person without special vulnerability |
/// | v | `relative_risk` | ratio | ≥ 0 | the person's risk relative to that |
/// | h_max | `max_per_day` | 1/day | ≥ 0 | largest hazard |
///
/// Source: assumption, not estimated.
/// Limits: 0 when either factor is 0; never above [`waiting_harm_ceiling_per_day`].
pub fn waiting_harm_hazard_per_day(base_per_day: f64, relative_risk: f64, max_per_day: f64) -> f64 {
    (base_per_day * relative_risk).min(max_per_day)
}

/// Bound of [`waiting_harm_hazard_per_day`] over persons: its cap, whatever a person's risk.
pub fn waiting_harm_ceiling_per_day(max_per_day: f64) -> f64 {
    max_per_day
}

/// Probability of having come to harm by the end of a wait.
///
/// ```text
/// 1 − exp(−h·t)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | h | `hazard_per_day` | 1/day | ≥ 0 | hazard while waiting |
/// | t | `waited_days` | day | ≥ 0 | length of the wait |
///
/// Source: survival under a constant hazard.
/// Limits: 0 without waiting, 1 in the long run.
pub fn harm_by_end_of_wait(hazard_per_day: f64, waited_days: f64) -> f64 {
    math::event_probability(hazard_per_day * waited_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_border_admits_nobody_and_an_open_one_everybody() {
        for i in 0..1000 {
            let u = (f64::from(i) + 0.5) / 1000.0;
            assert!(!admitted(u, 0.0));
            assert!(admitted(u, 1.0));
        }
    }

    #[test]
    fn a_wider_opening_admits_a_superset_in_proportion() {
        let draws: Vec<f64> = (0..1000).map(|i| (f64::from(i) + 0.5) / 1000.0).collect();
        let count = |b: f64| draws.iter().filter(|&&u| admitted(u, b)).count();
        assert_eq!((count(0.25), count(0.7)), (250, 700));
        assert!(draws.iter().all(|&u| !admitted(u, 0.25) || admitted(u, 0.7)));
    }

    #[test]
    fn the_refused_stay_refused_within_an_episode() {
        assert!(!may_try_again(3, 3, 1, 1));
        assert!(may_try_again(4, 3, 1, 1));
        assert!(may_try_again(3, 3, 2, 1));
    }

    #[test]
    fn harm_never_passes_its_ceiling_and_survivals_multiply() {
        for risk in [0.0, 0.5, 1.0, 40.0, 1e9] {
            assert!(waiting_harm_hazard_per_day(0.001, risk, 0.01) <= waiting_harm_ceiling_per_day(0.01));
        }
        assert_eq!(waiting_harm_hazard_per_day(0.001, 2.0, 0.01), 0.002);
        let (one, two) = (harm_by_end_of_wait(0.02, 15.0), harm_by_end_of_wait(0.02, 30.0));
        assert!(((1.0 - one) * (1.0 - one) - (1.0 - two)).abs() < 1e-14);
        assert_eq!(harm_by_end_of_wait(0.02, 0.0), 0.0);
    }
}
