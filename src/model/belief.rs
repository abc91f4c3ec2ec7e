//! What people believe of their chances: discounted Beta beliefs about the components of a journey (model
//! 5.2).
//!
//! A belief is kept for each component (being stopped, dying, protection once landed, once stopped), so that
//! a policy that changes one branch acts on it alone.

use super::math::exp;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// A discounted Beta belief about a probability or a score in \[0, 1\].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// Weight of outcomes in favour, A.
    pub a: f64,
    /// Weight of outcomes against, B.
    pub b: f64,
}

impl Belief {
    /// The belief held before any outcome is known.
    ///
    /// ```text
    /// A0 = mean·strength,   B0 = (1 − mean)·strength
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | mean | `mean` | share | 0 … 1 | what is believed |
    /// | A0 + B0 | `strength` | outcome | > 0 | how many outcomes it weighs |
    ///
    /// Source: definition of a Beta prior by mean and sample size.
    ///
    /// Limits: `mean` is held within \[0, 1\].
    pub fn prior(mean: f64, strength: f64) -> Self {
        let mean = mean.clamp(0.0, 1.0);
        Self { a: mean * strength, b: (1.0 - mean) * strength }
    }

    /// What is believed.
    ///
    /// ```text
    /// mean = A / (A + B)
    /// ```
    ///
    /// Source: mean of a Beta distribution.
    ///
    /// Limits: a half where nothing is known at all (A + B = 0).
    pub fn mean(self) -> f64 {
        let strength = self.a + self.b;
        if strength > 0.0 { self.a / strength } else { 0.5 }
    }

    /// Old news fade towards the prior.
    ///
    /// ```text
    /// (A, B) ← f·(A, B) + (1 − f)·(A0, B0),   f = 2^(−Δt/T_half)
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | A0, B0 | `prior` | outcome | ≥ 0 | what beliefs return to |
    /// | T_half | `half_life_days` | day | > 0 | time in which the weight of an outcome halves |
    /// | Δt | `elapsed_days` | day | ≥ 0 | time since beliefs were last brought up to date |
    ///
    /// Source: exponential forgetting; the half-life is an assumption, not estimated.
    ///
    /// Limits: thirty steps of a day are one of thirty days; a belief at its prior does not move by a single
    /// bit; a half-life of 0 is no memory, an infinite one forgets nothing.
    #[must_use]
    pub fn forget(self, prior: Self, half_life_days: f64, elapsed_days: f64) -> Self {
        self.fade(prior, kept_share(half_life_days, elapsed_days))
    }

    /// The same, with the share that is kept given: it is one for all beliefs.
    #[must_use]
    pub fn fade(self, prior: Self, kept: f64) -> Self {
        // Written as a departure from the prior, so that the prior itself is a fixed point of the rounding
        // too.
        Self { a: prior.a + kept * (self.a - prior.a), b: prior.b + kept * (self.b - prior.b) }
    }

    /// News of outcomes.
    ///
    /// ```text
    /// (A, B) ← (A, B) + ξ·(s, n − s)
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | s | `score` | outcome | 0 … n | sum of the scores of the outcomes |
    /// | n | `outcomes` | outcome | ≥ 0 | their number |
    /// | ξ | `weight` | ratio | ≥ 0 | weight of one outcome over one unit of the prior |
    ///
    /// Source: conjugate updating; ξ is an assumption, not estimated (1 is everyone hearing of everyone).
    ///
    /// Limits: no outcomes or no weight change nothing; a score beyond its outcomes is held at them.
    #[must_use]
    pub fn credit(self, score: f64, outcomes: f64, weight: f64) -> Self {
        let outcomes = outcomes.max(0.0);
        let score = score.max(0.0).min(outcomes);
        Self { a: self.a + weight * score, b: self.b + weight * (outcomes - score) }
    }

    /// What is still known from outcomes when the policy under which they came about is replaced.
    ///
    /// ```text
    /// (A, B) ← (A0, B0) + (1 − c)·((A, B) − (A0, B0))
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | A0, B0 | `prior` | outcome | ≥ 0 | common knowledge, with what is announced already in it |
    /// | c | `credibility` | share | 0 … 1 | how far the move is believed |
    ///
    /// Source: a change point: who believes that the rules have changed drops what was learnt under the old ones. Not
    /// estimated. Without it the hundreds of outcomes of a surge outweigh whatever is said at its end, and the more is
    /// known of a policy the longer its end goes unheard.
    ///
    /// Limits: c = 0 changes nothing, c = 1 leaves common knowledge alone.
    #[must_use]
    pub fn superseded(self, prior: Self, credibility: f64) -> Self {
        self.fade(prior, 1.0 - credibility)
    }

    /// An announcement by a State, as far as it is believed.
    ///
    /// ```text
    /// (A, B) ← (A, B) + c·n_c·(q_ann, 1 − q_ann)
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | c | `credibility` | share | 0 … 1 | how far it is believed |
    /// | n_c | `strength` | outcome | ≥ 0 | what an announcement believed in full weighs |
    /// | q_ann | `announced` | share | 0 … 1 | the chance announced |
    ///
    /// Source: assumption, not estimated.
    ///
    /// Limits: without credibility nothing moves; an announcement of what is believed anyway only firms it
    /// up.
    #[must_use]
    pub fn announce(self, credibility: f64, strength: f64, announced: f64) -> Self {
        self.credit(announced, 1.0, credibility * strength)
    }
}

/// Share of what was that is left after some days.
///
/// ```text
/// f = 2^(−Δt/T_half)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | T_half | `half_life_days` | day | ≥ 0 | time in which half of it goes |
/// | Δt | `elapsed_days` | day | ≥ 0 | days |
///
/// Source: exponential forgetting. Limits: a half-life of 0 leaves nothing, an infinite one everything.
pub fn kept_share(half_life_days: f64, elapsed_days: f64) -> f64 {
    if half_life_days <= 0.0 { 0.0 } else { exp(-LN_2 * elapsed_days / half_life_days) }
}

/// Common knowledge after some days: what is believed becomes what beliefs fall back to.
///
/// ```text
/// m0 ← m0 + (1 − k) · (m − m0),      k = 2^(−t/T)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | m0 | `common` | share | 0 to 1 | mean of the prior before |
/// | m | `believed` | share | 0 to 1 | mean of the belief |
/// | k | `kept` | share | 0 to 1 | what is left of the difference, one for all beliefs: see [`kept_share`]; T the time in which half of it is taken in |
///
/// Source: assumption, not estimated. A prior fixed for ever would have people forget, in a few months without many
/// departures, a policy that has been in force for years.
///
/// Limits: a belief that stands at its prior leaves it where it is; T → ∞ is a fixed prior.
pub fn common_knowledge(common: f64, believed: f64, kept: f64) -> f64 {
    believed + (common - believed) * kept
}

/// Common knowledge after an announcement.
///
/// ```text
/// m0 ← m0 + c · (q − m0)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | m0 | `common` | share | 0 to 1 | mean of the prior before |
/// | c | `credibility` | share | 0 to 1 | how far it is believed |
/// | q | `announced` | share | 0 to 1 | what is announced |
///
/// Source: assumption, not estimated.
///
/// Limits: c = 0 changes nothing, c = 1 makes what is announced what everybody knows.
pub fn common_after_announcement(common: f64, credibility: f64, announced: f64) -> f64 {
    common + credibility * (announced - common)
}

/// Perceived chance that a journey ends in protection or leave to stay.
///
/// ```text
/// q = (1 − p_stop − m)·q_land + p_stop·q_stop
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p_stop | `p_stop` | share | 0 … 1 | perceived chance of being stopped |
/// | m | `p_death` | share | 0 … 1 − p_stop | perceived risk of death |
/// | q_land | `q_land` | share | 0 … 1 | perceived chance once landed |
/// | q_stop | `q_stop` | share | 0 … 1 | perceived chance once stopped |
///
/// Source: total probability over the three ends of a crossing.
///
/// Limits: the three beliefs are held apart and may overlap, so p_stop is held within \[0, 1\] and m below
/// what it leaves. Where q_stop exceeds q_land, being stopped *attracts*.
pub fn protection_chance(p_stop: f64, p_death: f64, q_land: f64, q_stop: f64) -> f64 {
    let stopped = p_stop.clamp(0.0, 1.0);
    let dead = p_death.max(0.0).min(1.0 - stopped);
    (1.0 - stopped - dead) * q_land + stopped * q_stop
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgetting_does_not_depend_on_the_step() {
        let prior = Belief::prior(0.7, 4.0);
        let start = Belief { a: 1.5, b: 90.0 };
        let once = start.forget(prior, 60.0, 30.0);
        let daily = (0..30).fold(start, |b, _| b.forget(prior, 60.0, 1.0));
        assert!((once.a - daily.a).abs() < 1e-12 && (once.b - daily.b).abs() < 1e-12);
        assert!((once.b - 90.0).abs() > 1.0, "something was forgotten");
    }

    #[test]
    fn half_of_what_was_news_is_gone_after_a_half_life() {
        let prior = Belief::prior(0.5, 4.0);
        let b = prior.credit(10.0, 10.0, 1.0).forget(prior, 60.0, 60.0);
        assert!((b.a - 7.0).abs() < 1e-12 && (b.b - 2.0).abs() < 1e-12);
        assert_eq!(Belief { a: 9.0, b: 1.0 }.forget(prior, 0.0, 1.0), prior);
        assert_eq!(Belief { a: 9.0, b: 1.0 }.forget(prior, f64::INFINITY, 1.0), Belief { a: 9.0, b: 1.0 });
    }

    #[test]
    fn a_belief_left_alone_does_not_move_by_a_bit() {
        for mean in [0.0, 0.1, 1.0 / 3.0, 0.77, 1.0] {
            let prior = Belief::prior(mean, 4.3);
            let after = (0..1000).fold(prior, |b, _| b.forget(prior, 57.3, 1.0).credit(0.0, 0.0, 0.02));
            assert_eq!(after.a.to_bits(), prior.a.to_bits());
            assert_eq!(after.b.to_bits(), prior.b.to_bits());
            assert!((prior.mean() - mean).abs() < 1e-15);
        }
    }

    #[test]
    fn steady_news_have_a_closed_form_fixed_point() {
        let prior = Belief::prior(0.2, 4.0);
        let (half_life, n, score) = (60.0, 50.0, 0.9);
        let mut b = prior;
        for _ in 0..5000 {
            b = b.forget(prior, half_life, 1.0).credit(n * score, n, 0.02);
        }
        let gathered = 0.02 * n / (1.0 - exp(-LN_2 / half_life));
        let expected = (prior.a + gathered * score) / (4.0 + gathered);
        assert!((b.mean() - expected).abs() < 1e-10, "{} against {expected}", b.mean());
    }

    #[test]
    fn announcements_move_as_far_as_they_are_believed() {
        let b = Belief::prior(0.9, 4.0);
        assert_eq!(b.announce(0.0, 8.0, 0.0), b);
        assert!((b.announce(1.0, 8.0, 0.0).mean() - 0.3).abs() < 1e-15);
        let mut last = b.mean();
        for c in [0.1, 0.4, 0.7, 1.0] {
            let mean = b.announce(c, 8.0, 0.1).mean();
            assert!(mean < last);
            last = mean;
        }
        assert!((b.announce(1.0, 8.0, 0.9).mean() - 0.9).abs() < 1e-15);
    }

    #[test]
    fn a_change_of_policy_is_heard_however_much_was_known_of_the_old_one() {
        let move_to = |known: f64, c: f64| {
            let before = Belief::prior(0.9, 4.0).credit(0.9 * known, known, 1.0);
            let prior = Belief::prior(common_after_announcement(0.9, c, 0.1), 4.0);
            before.superseded(prior, c).announce(c, 8.0, 0.1).mean()
        };
        assert!((move_to(1e6, 0.0) - 0.9).abs() < 1e-12);
        assert!((move_to(1e6, 1.0) - 0.1).abs() < 1e-12 && (move_to(0.0, 1.0) - 0.1).abs() < 1e-12);
        assert!(move_to(1e3, 0.5) < move_to(1e3, 0.2) && move_to(1e3, 0.2) < 0.9);
        let prior = Belief::prior(0.3, 4.0);
        assert_eq!(prior.superseded(prior, 0.6), prior, "who knew nothing drops nothing");
    }

    #[test]
    fn means_stay_within_bounds() {
        assert_eq!(Belief { a: 0.0, b: 0.0 }.mean(), 0.5);
        assert_eq!(Belief::prior(1.4, 2.0).mean(), 1.0);
        let b = Belief::prior(0.5, 1.0);
        assert!(b.credit(9.0, 3.0, 1.0).mean() <= 1.0);
        assert_eq!(b.credit(-9.0, 3.0, 1.0), b.credit(0.0, 3.0, 1.0));
        assert_eq!(b.credit(2.0, 3.0, 0.0), b);
    }

    #[test]
    fn protection_is_a_total_probability() {
        assert_eq!(protection_chance(0.0, 0.0, 0.8, 0.1), 0.8);
        assert_eq!(protection_chance(1.0, 0.0, 0.8, 0.1), 0.1);
        assert_eq!(protection_chance(0.0, 1.0, 0.8, 0.1), 0.0);
        assert!((protection_chance(0.3, 0.1, 1.0, 1.0) - 0.9).abs() < 1e-15);
        assert_eq!(protection_chance(0.8, 0.9, 1.0, 0.0), 0.0, "overlapping beliefs leave nobody to land");
        assert!(protection_chance(0.6, 0.0, 0.5, 0.9) > protection_chance(0.2, 0.0, 0.5, 0.9));
        assert!(protection_chance(0.6, 0.0, 0.5, 0.1) < protection_chance(0.2, 0.0, 0.5, 0.1));
    }
}
