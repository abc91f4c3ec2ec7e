//! Screening and status determination as signal detection, and the queues before them (model 5.7).
//!
//! A decider sees a signal: the strength of the evidence of a well-founded claim, blurred by luck. It is
//! compared with a standard of proof. Screening and status determination are the same rule with parameters of
//! their own.

use super::math;

/// Signal that a claim gives to those who decide on it.
///
/// ```text
/// e = d·evidence·c + ε
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | d | `discriminability` | sd of luck | ≥ 0 | how well the procedure tells claims apart |
/// | evidence | `evidence` | ratio | ≥ 0 | strength of the person's evidence, mean about 1 |
/// | c | `in_need` | flag | 0, 1 | whether the claim is well-founded |
/// | ε | `luck` | sd of luck | ℝ | standard normal, keyed to the person and the attempt |
///
/// Source: signal detection theory (Green and Swets 1966); its use for asylum decisions is an assumption.
/// Limits: with d = 0 the signal is luck alone, and the procedure a lottery.
pub fn evidence_signal(discriminability: f64, evidence: f64, in_need: bool, luck: f64) -> f64 {
    if in_need { discriminability * evidence + luck } else { luck }
}

/// Whether a signal passes a standard of proof.
///
/// ```text
/// recognised  ⇔  e > z
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | e | `signal` | sd of luck | ℝ | see [`evidence_signal`] |
/// | z | `standard` | sd of luck | [−∞, ∞] | standard of proof |
///
/// Source: signal detection theory (Green and Swets 1966).
/// Limits: z = −∞, a presumption of protection, recognises everybody; z = ∞ nobody.
#[inline]
pub fn recognised(signal: f64, standard: f64) -> bool {
    signal > standard
}

/// Standard of proof under a presumption of protection: no signal falls short of it.
pub const PRESUMPTION_OF_PROTECTION: f64 = f64::NEG_INFINITY;

/// Probability that a claim is recognised.
///
/// ```text
/// P(rec | c = 1) = Φ(d·evidence − z)        P(rec | c = 0) = Φ(−z)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | d | `discriminability` | sd of luck | ≥ 0 | how well the procedure tells claims apart |
/// | evidence | `evidence` | ratio | ≥ 0 | strength of the evidence |
/// | c | `in_need` | flag | 0, 1 | whether the claim is well-founded |
/// | z | `standard` | sd of luck | [−∞, ∞] | standard of proof |
///
/// Source: signal detection theory (Green and Swets 1966).
/// Limits: d → 0 treats both kinds of claim alike; z → −∞ gives 1 and z → ∞ gives 0 for both.
pub fn recognition_probability(discriminability: f64, evidence: f64, in_need: bool, standard: f64) -> f64 {
    math::normal_cdf(evidence_signal(discriminability, evidence, in_need, 0.0) - standard)
}

/// Probability that a claim is heard at all and passes screening.
///
/// ```text
/// access · P(rec | c; d_screen, z_screen)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | access | `access` | probability | [0, 1] | chance that the claim is heard |
/// | d_screen | `discriminability` | sd of luck | ≥ 0 | of screening |
/// | evidence | `evidence` | ratio | ≥ 0 | strength of the evidence |
/// | c | `in_need` | flag | 0, 1 | whether the claim is well-founded |
/// | z_screen | `standard` | sd of luck | [−∞, ∞] | standard of screening |
///
/// Source: signal detection theory; the access factor is an assumption, not estimated.
/// Limits: 0 without access; the access probability itself as z → −∞.
pub fn screened_in_probability(
    access: f64,
    discriminability: f64,
    evidence: f64,
    in_need: bool,
    standard: f64,
) -> f64 {
    access * recognition_probability(discriminability, evidence, in_need, standard)
}

/// Luck of an appeal, or of a claim elsewhere, which in part is that of the first decision.
///
/// ```text
/// ε₂ = ρ·ε₁ + √(1 − ρ²)·ε′
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ε₁ | `first` | sd of luck | ℝ | luck of the first decision |
/// | ε′ | `fresh` | sd of luck | ℝ | an independent standard normal |
/// | ρ | `correlation` | correlation | [−1, 1] | how far the luck is the same |
///
/// Source: assumption, not estimated.
/// Limits: ρ = 1 repeats the first decision, ρ = 0 is a wholly new one; always standard normal.
pub fn appeal_luck(first: f64, fresh: f64, correlation: f64) -> f64 {
    correlation * first + (1.0 - correlation * correlation).max(0.0).sqrt() * fresh
}

/// Discriminability of an accelerated procedure.
///
/// ```text
/// d_fast = s·d
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | d | `discriminability` | sd of luck | ≥ 0 | of the regular procedure |
/// | s | `left` | ratio | [0, 1] | what haste leaves of it |
///
/// Source: model 5.7, "haste lowers it"; the form is an assumption. Limits: s = 1 is as careful as the regular
/// procedure, s = 0 treats well-founded and other claims alike.
pub fn hasty_discriminability(discriminability: f64, left: f64) -> f64 {
    discriminability * left
}

/// How many claims are decided today, and the fraction of a decision carried to tomorrow.
///
/// ```text
/// x = carry + K,    decided = ⌊x⌋,    carry ← x − ⌊x⌋
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | carry | `carry` | decision | [0, 1) | fraction left from yesterday |
/// | K | `capacity_per_day` | 1/day | ≥ 0 | decisions a day |
///
/// Source: bookkeeping. Limits: capacity without bound gives the largest count and no carry; a negative one
/// gives none.
pub fn decisions_today(carry: f64, capacity_per_day: f64) -> (u32, f64) {
    let due = carry + capacity_per_day.max(0.0);
    if due >= f64::from(u32::MAX) {
        return (u32::MAX, 0.0);
    }
    let whole = due.floor();
    (whole as u32, due - whole)
}

/// How a person comes to be back where the claim says there is danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnPath {
    /// After a final refusal.
    AfterRefusal,
    /// Without a hearing.
    WithoutHearing,
    /// Turned away at the frontier.
    RejectedAtFrontier,
    /// Handed over to, or turned back into the reach of, the country of origin.
    HandedOver,
    /// By way of a country from which return follows.
    ByChain,
    /// "Voluntarily", from holding without an end in sight.
    FromIndefiniteHolding,
    /// Of one's own will, from liberty.
    Freely,
}

/// Whether a return is refoulement, in the account of harm: by the event, whatever any doctrine says.
///
/// ```text
/// refoulement  ⇔  c = 1  and  not of one's own will from liberty
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | c | `in_need` | flag | 0, 1 | in need of protection, Convention or complementary |
/// | | `path` | | | how the person was returned |
///
/// Source: the definition of model 5.7. Limits: never without need, however the return came about. What a policy
/// costs a State follows its doctrine of where its obligation begins (5.12), not this.
pub fn refoulement(in_need: bool, path: ReturnPath) -> bool {
    in_need && path != ReturnPath::Freely
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Midpoints of equally likely slices of the standard normal.
    fn normals(n: u32) -> Vec<f64> {
        (0..n).map(|i| math::normal_quantile((f64::from(i) + 0.5) / f64::from(n))).collect()
    }

    #[test]
    fn shares_of_signals_above_the_standard_are_the_closed_form() {
        let n = 20_000;
        for (d, evidence, in_need, z) in
            [(1.5, 1.0, true, 0.5), (1.5, 1.0, false, 0.5), (2.0, 0.4, true, -0.3)]
        {
            let passed = normals(n)
                .iter()
                .filter(|&&luck| recognised(evidence_signal(d, evidence, in_need, luck), z))
                .count();
            let share = passed as f64 / f64::from(n);
            assert!((share - recognition_probability(d, evidence, in_need, z)).abs() <= 1.0 / f64::from(n));
        }
        assert!((recognition_probability(1.5, 1.0, true, 1.5) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn limits_of_discriminability_and_standard() {
        for z in [-1.0, 0.0, 2.0] {
            let well_founded = recognition_probability(1e-12, 1.0, true, z);
            assert!((well_founded - recognition_probability(1e-12, 1.0, false, z)).abs() < 1e-11);
            assert!(recognition_probability(2.0, 1.0, true, z) > recognition_probability(1.0, 1.0, true, z));
        }
        for in_need in [false, true] {
            assert_eq!(recognition_probability(1.0, 1.0, in_need, PRESUMPTION_OF_PROTECTION), 1.0);
            assert_eq!(recognition_probability(1.0, 1.0, in_need, f64::INFINITY), 0.0);
        }
        assert!(recognised(-1e300, PRESUMPTION_OF_PROTECTION));
        assert!(!recognised(1e300, f64::INFINITY));
    }

    #[test]
    fn screening_needs_access() {
        assert_eq!(screened_in_probability(0.0, 2.0, 1.0, true, 0.0), 0.0);
        assert_eq!(screened_in_probability(0.3, 2.0, 1.0, true, PRESUMPTION_OF_PROTECTION), 0.3);
    }

    #[test]
    fn appeals_are_correlated_with_the_first_decision() {
        let luck = normals(400);
        let mut overturned = Vec::new();
        for rho in [0.0, 0.5, 0.9, 1.0] {
            let (mut refused, mut won, mut product, mut square) = (0.0, 0.0, 0.0, 0.0);
            for &first in &luck {
                for &fresh in &luck {
                    let second = appeal_luck(first, fresh, rho);
                    product += first * second;
                    square += second * second;
                    if !recognised(first, 0.5) {
                        refused += 1.0;
                        won += f64::from(u8::from(recognised(second, 0.5)));
                    }
                }
            }
            let cells = (luck.len() * luck.len()) as f64;
            assert!((product / cells - rho).abs() < 0.01, "correlation {rho}");
            assert!((square / cells - 1.0).abs() < 0.01, "variance at {rho}");
            overturned.push(won / refused);
        }
        let alone = recognition_probability(0.0, 1.0, false, 0.5);
        assert!((overturned[0] - alone).abs() < 0.005, "without correlation an appeal is a new decision");
        assert!(overturned.windows(2).all(|w| w[0] > w[1]));
        assert_eq!(overturned[3], 0.0);
    }

    #[test]
    fn fractions_of_decisions_are_carried() {
        let (mut carry, mut decided) = (0.0, 0);
        for day in 1..=10_000 {
            let (today, left) = decisions_today(carry, 0.37);
            assert!((0.0..1.0).contains(&left));
            carry = left;
            decided += today;
            assert!((f64::from(decided) - 0.37 * f64::from(day)).abs() < 1.0 + 1e-6);
        }
        assert_eq!(decisions_today(0.5, f64::INFINITY), (u32::MAX, 0.0));
        assert_eq!(decisions_today(0.5, -1.0), (0, 0.5));
        assert_eq!(decisions_today(0.5, 2.5), (3, 0.0));
    }

    #[test]
    fn a_queue_under_overload_waits_backlog_over_capacity() {
        let (capacity, arrivals) = (2.5, 4);
        let mut queue = std::collections::VecDeque::new();
        let mut carry = 0.0;
        let mut at_joining = Vec::new();
        let mut waits = Vec::new();
        for day in 0..400_u32 {
            for _ in 0..arrivals {
                at_joining.push(queue.len() as f64);
                queue.push_back((day, at_joining.len() - 1));
            }
            let (today, left) = decisions_today(carry, capacity);
            carry = left;
            for (joined, index) in queue.drain(..(today as usize).min(queue.len())) {
                waits.push((f64::from(day - joined), at_joining[index]));
            }
        }
        assert!(waits.len() > 900);
        for (waited, ahead) in waits {
            // Little's law, when every decision is used.
            assert!((waited - ahead / capacity).abs() <= 1.0);
        }
        // The fluid limit of a queue with steady flows.
        assert!((queue.len() as f64 - (4.0 - capacity) * 400.0).abs() <= 1.0);
    }

    #[test]
    fn refoulement_follows_the_event() {
        for path in [
            ReturnPath::AfterRefusal,
            ReturnPath::WithoutHearing,
            ReturnPath::RejectedAtFrontier,
            ReturnPath::HandedOver,
            ReturnPath::ByChain,
            ReturnPath::FromIndefiniteHolding,
        ] {
            assert!(refoulement(true, path));
            assert!(!refoulement(false, path));
        }
        assert!(!refoulement(true, ReturnPath::Freely));
    }
}
