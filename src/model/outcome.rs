//! After the decision, and returns: competing hazards by status (model 5.8, 5.10).
//!
//! Settling, voluntary return, removal, going underground, tolerated stay, reunification and onward movement
//! compete. That something happens in a day is one question, what it is another, and each has luck of its
//! own.

use super::math;

/// Sum of competing hazards.
///
/// ```text
/// H = Σ_j h_j
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | h_j | `hazards` | 1/day | ≥ 0 | hazard of cause j; any length |
///
/// Source: competing risks. Limits: 0 without causes. The sum runs in the order given, so equal input gives
/// equal bytes.
#[inline]
pub fn total(hazards: &[f64]) -> f64 {
    hazards.iter().sum()
}

/// Probability that any of the causes strikes within a day.
///
/// ```text
/// 1 − exp(−Σ_j h_j)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | h_j | `hazards` | 1/day | ≥ 0 | hazard of cause j |
///
/// Source: competing risks. Limits: 0 without hazard; close to H when H is small.
pub fn event_probability(hazards: &[f64]) -> f64 {
    math::event_probability(total(hazards))
}

/// Which cause strikes first.
///
/// ```text
/// argmin_j  E_j / h_j
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | h_j | `hazards` | 1/day | ≥ 0 | hazard of cause j |
/// | E_j | `exponentials` | 1 | > 0 | unit exponential keyed to the person, the day and cause j |
///
/// Both slices have the same length and order. A cause without hazard is never chosen, and its exponential is
/// not read for meaning. Equal times go to the earlier cause.
///
/// Source: the race of exponentials; cause j wins with probability h_j / H.
/// Limits: with no hazard at all the answer is 0; callers ask only after an event.
pub fn first_cause(hazards: &[f64], exponentials: &[f64]) -> usize {
    let mut first = None;
    let mut soonest = f64::INFINITY;
    for (cause, (&hazard, &exponential)) in hazards.iter().zip(exponentials).enumerate() {
        // A hazard so small that its time overflows still goes before having no cause at all.
        if hazard > 0.0 && (first.is_none() || exponential / hazard < soonest) {
            soonest = exponential / hazard;
            first = Some(cause);
        }
    }
    first.unwrap_or(0)
}

/// Hazard of a further attempt by a person returned home.
///
/// ```text
/// h = min( h_max, λ·f·x^k )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | λ | `irregular_per_day` | 1/day | ≥ 0 | hazard of setting out of the same household were it still at home |
/// | f | `factor` | ratio | ≥ 0 | of those returned, relative to it |
/// | x | `experience` | ratio | [0, 1] | further factor for each attempt made |
/// | k | `attempts` | count | ≥ 0 | attempts made |
/// | h_max | `max_per_day` | 1/day | ≥ 0 | largest hazard |
///
/// What routes are worth now is in λ, so that beliefs and policies act on renewed attempts as on first ones.
///
/// Source: assumption, not estimated.
/// Limits: 0 when nobody can leave; x = 1 forgets attempts, x = 0 lets nobody try again after one. With x ≤ 1
/// it falls in k, so its value at the fewest attempts bounds it over persons.
pub fn reattempt_hazard_per_day(
    irregular_per_day: f64,
    factor: f64,
    experience: f64,
    attempts: u32,
    max_per_day: f64,
) -> f64 {
    let mut hazard = irregular_per_day * factor;
    for _ in 0..attempts {
        hazard *= experience;
    }
    hazard.min(max_per_day)
}

/// What people believe of the treatment of returnees, a day on.
///
/// ```text
/// r̂ ← r̂ + (1 − e^{−1/T})·(r − r̂)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | r̂ | `believed` | share | [0, 1] | share of returnees punished, as believed |
/// | r | `practice` | share | [0, 1] | share punished |
/// | T | `learning_days` | day | > 0 | time in which word spreads |
///
/// Source: assumption, not estimated.
/// Limits: tends to the practice, and stays between it and where it was.
pub fn believed_punishment_step(believed: f64, practice: f64, learning_days: f64) -> f64 {
    believed + math::event_probability(1.0 / learning_days) * (practice - believed)
}

/// Chance of protection as it is felt, when to fail is to be returned to punishment.
///
/// ```text
/// q′ = max( 0, q − w·r̂·p_ret )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | q | `protection` | probability | [0, 1] | chance of protection |
/// | w | `weight` | ratio | [0, 1] | how much of a punishment is held against that chance |
/// | r̂ | `believed` | share | [0, 1] | share of returnees punished, as believed |
/// | p_ret | `returned` | probability | [0, 1] | chance of being returned |
///
/// Source: assumption, not estimated.
/// Limits: q itself where nobody is punished or nobody returned; never below 0.
pub fn protection_less_punishment(protection: f64, weight: f64, believed: f64, returned: f64) -> f64 {
    (protection - weight * believed * returned).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plain sequence of uniforms: the tests need nothing better.
    fn uniforms(n: usize, mut state: u64) -> Vec<f64> {
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
            })
            .collect()
    }

    fn exponentials(n: usize, seed: u64) -> Vec<f64> {
        uniforms(n, seed).iter().map(|&u| -math::ln(u)).collect()
    }

    #[test]
    fn causes_win_in_proportion_to_their_hazards() {
        let hazards = [0.01, 0.0, 0.03, 0.06];
        let luck = exponentials(400_000, 7);
        let mut wins = [0.0; 4];
        for race in luck.chunks(4) {
            wins[first_cause(&hazards, race)] += 1.0;
        }
        assert_eq!(wins[1], 0.0);
        for (win, h) in wins.iter().zip(hazards) {
            let expected = h / total(&hazards);
            let sd = (expected * (1.0 - expected) / 100_000.0).sqrt();
            assert!((win / 100_000.0 - expected).abs() <= 5.0 * sd);
        }
    }

    #[test]
    fn raising_one_cause_moves_only_those_it_wins() {
        let before = [0.02, 0.03, 0.05];
        let after = [0.02, 0.06, 0.05];
        let luck = exponentials(90_000, 11);
        let mut moved = 0;
        for race in luck.chunks(3) {
            let (was, is) = (first_cause(&before, race), first_cause(&after, race));
            if was != is {
                assert_eq!(is, 1);
                moved += 1;
            }
        }
        assert!(moved > 1000);
    }

    #[test]
    fn without_hazards_nothing_happens() {
        assert_eq!(total(&[]), 0.0);
        assert_eq!(event_probability(&[0.0, 0.0]), 0.0);
        assert_eq!(first_cause(&[0.0, 0.0], &[1.0, 2.0]), 0);
        assert_eq!(first_cause(&[0.0, 0.1], &[0.0, f64::MAX]), 1);
        assert_eq!(first_cause(&[0.0, f64::INFINITY], &[0.1, 5.0]), 1);
    }

    #[test]
    fn waits_are_geometric() {
        let hazard = 0.07;
        let p = event_probability(&[0.03, 0.04]);
        let luck = uniforms(800_000, 3);
        let mut waits = Vec::new();
        let mut days = 0_u32;
        for u in luck {
            days += 1;
            if u < p {
                waits.push(days);
                days = 0;
            }
        }
        let n = waits.len() as f64;
        let mean = waits.iter().map(|&w| f64::from(w)).sum::<f64>() / n;
        assert!((mean - 1.0 / p).abs() < 5.0 / p / n.sqrt());
        for t in [1_u32, 5, 20, 60] {
            let beyond = waits.iter().filter(|&&w| w > t).count() as f64 / n;
            assert!((beyond - math::exp(-hazard * f64::from(t))).abs() < 0.011);
        }
    }

    #[test]
    fn attempts_wear_out_and_stay_bounded() {
        let at = |k| reattempt_hazard_per_day(1e-5, 50.0, 0.7, k, 0.02);
        assert!((at(2) - 1e-5 * 50.0 * 0.49).abs() < 1e-18);
        assert!((1..15).all(|k| at(k + 1) < at(k)));
        assert_eq!(reattempt_hazard_per_day(0.0, 50.0, 0.7, 1, 0.02), 0.0);
        assert_eq!(reattempt_hazard_per_day(1.0, 1e4, 1.0, 15, 0.02), 0.02);
    }

    #[test]
    fn belief_in_punishment_follows_practice_at_its_own_pace() {
        let mut believed = 0.8;
        for _ in 0..100 {
            believed = believed_punishment_step(believed, 0.2, 100.0);
        }
        assert!((believed - (0.2 + 0.6 * math::exp(-1.0))).abs() < 1e-12);
        assert_eq!(protection_less_punishment(0.6, 0.5, 0.0, 1.0), 0.6);
        assert_eq!(protection_less_punishment(0.1, 1.0, 1.0, 1.0), 0.0);
        assert!(protection_less_punishment(0.6, 0.5, 0.4, 0.5) < 0.6);
    }
}
