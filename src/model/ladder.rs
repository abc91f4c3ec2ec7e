//! Policy ladders: what a posture is worth to a State, and how States move and learn (model 5.12).
//!
//! A State weighs the arrivals it anticipates on each rung, by what it believes of the magnet, against
//! refoulement, cost and the effort of moving. Review is a rate, so what a State does depends on time and not
//! on how often it looks.

use super::math;

/// Utility of a posture.
///
/// ```text
/// u = − p·ln(1 + Â/A_ref) − ω·v − φ·cost/budget − κ·|step|
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p | `pressure_share` | share | [0, 1) | domestic political pressure |
/// | Â | `anticipated` | as A_ref | ≥ 0 | arrivals anticipated on the rung |
/// | A_ref | `arrivals_scale` | as Â | > 0 | arrivals that weigh ln 2 |
/// | ω | `omega` | 1 | ≥ 0 | weight of protection: of refoulement, and of reception below what is owed |
/// | v | `harm_rate` | 1 | ≥ 0 | refoulements per arrival expected, counted by its doctrine, and [`reception_harm`] |
/// | φ | `phi` | 1 | ≥ 0 | weight of cost |
/// | cost/budget | `cost_share` | share | ≥ 0 | cost of the rung over the budget |
/// | κ | `kappa` | 1 | ≥ 0 | effort of a step |
/// | step | `step` | rung | ℝ | rungs from where the State stands |
///
/// Source: form of model 5.12; weights are assumptions, not estimated. The logarithm is there because a plain
/// ratio swamps every other term in a surge of a hundred times the usual.
/// Limits: 0 is the most, reached where nobody is expected, at no cost and without a step.
#[expect(clippy::too_many_arguments, reason = "four terms of the equation, each with its weight")]
pub fn posture_utility(
    pressure_share: f64,
    anticipated: f64,
    arrivals_scale: f64,
    omega: f64,
    harm_rate: f64,
    phi: f64,
    cost_share: f64,
    kappa: f64,
    step: f64,
) -> f64 {
    -pressure_share * math::ln(1.0 + anticipated / arrivals_scale)
        - omega * harm_rate
        - phi * cost_share
        - kappa * step.abs()
}

/// What reception below what is owed comes to, as the share of protection that people would give up for it.
///
/// ```text
/// β_rec/β_prot·max( 0, owed − reception )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | owed | `owed` | index | [0, 1] | reception under the rungs on which the State began: its law and custom |
/// | reception | `reception` | index | [0, 1] | reception on the rung |
/// | β_rec | `beta_reception` | utility | ≥ 0 | weight of reception in the choice of those who come |
/// | β_prot | `beta_protection` | utility | ≥ 0 | weight of protection in that choice; with β_chance where that is used, which is what a chance near certainty weighs |
///
/// A State that minds refoulement minds this in the same way, at the rate at which people themselves trade the
/// one for the other. Without it nothing draws reception up again once pressure has passed.
///
/// Source: compensating variation in the choice of model 5.3; that it weighs with refoulement is an assumption.
/// Limits: 0 at what is owed and above, so that nothing draws a State beyond it; a State lowers reception where
/// p·Â/(A_ref + Â) is above about ω/β_prot, whatever β_rec is, and raises it below. 0 where protection draws
/// nobody.
pub fn reception_harm(owed: f64, reception: f64, beta_reception: f64, beta_protection: f64) -> f64 {
    let worth = if beta_protection > 0.0 { beta_reception / beta_protection } else { 0.0 };
    worth * (owed - reception).max(0.0)
}

/// What a State reckons with for one group of people, should it move to a rung.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupResponse {
    /// f: flow of the group now, or its remembered peak, in persons a day.
    pub flow: f64,
    /// adm(r)/adm(now): share admitted on the rung over that admitted now.
    pub admit_ratio: f64,
    /// ΔV: change of the value of coming here.
    pub delta_v: f64,
    /// π: share of the group's recent arrivals that came here.
    pub share_here: f64,
    /// μ̂: strength of the magnet, as the State believes.
    pub mu_hat: f64,
}

/// Change of the value of leaving at all, when one destination changes.
///
/// ```text
/// ΔI = ln( 1 − π + π·e^{ΔV} )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ΔV | `delta_v` | utility | ℝ | change of the value of the destination |
/// | π | `share_here` | share | [0, 1] | its share of arrivals before |
///
/// Source: the inclusive value of a logit; exact. Limits: 0 where nobody came; ΔV where everybody did. The
/// larger exponential is taken out first, so that neither overflows nor vanishes.
pub fn inclusive_value_change(delta_v: f64, share_here: f64) -> f64 {
    let largest = delta_v.max(0.0);
    largest + math::ln((1.0 - share_here) * math::exp(-largest) + share_here * math::exp(delta_v - largest))
}

/// Arrivals that a State anticipates on a rung.
///
/// ```text
/// Â = Σ_g f_g·(adm(r)/adm(now))·exp( ΔV_g + (μ̂ − 1)·ΔI_g )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | g | `groups` | | any length | what the State reckons with for each group |
///
/// Source: the exact response of a logit with an outside option, at the magnet the State believes in.
/// Limits: with μ̂ = 0 people only change destination; with π = 1 they only come or stay, as e^{μ̂·ΔV}.
pub fn anticipated_arrivals(groups: &[GroupResponse]) -> f64 {
    groups
        .iter()
        .map(|g| {
            let leaving = inclusive_value_change(g.delta_v, g.share_here);
            g.flow * g.admit_ratio * math::exp(g.delta_v + (g.mu_hat - 1.0) * leaving)
        })
        .sum()
}

/// Probabilities of stepping down, staying and stepping up within a time.
///
/// ```text
/// w = softmax(η·u),    P(stay) = exp( −ρ·Δt·(1 − w_stay) ),    P(down) : P(up) = w_down : w_up
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | u | `utilities` | 1 | [−∞, ∞) | of the rung below, the present one, the one above; −∞ where there is none |
/// | η | `eta` | 1 | ≥ 0 | sharpness |
/// | ρ | `reviews_per_day` | 1/day | ≥ 0 | rate of reviews |
/// | Δt | `days` | day | ≥ 0 | time since the last look |
///
/// Reviews fall as a Poisson process and each picks a rung by the softmax: moves then have hazards ρ·w. Two
/// looks of a day make exactly one of two days, so the time to the next move does not depend on how often one
/// looks. At most one step is taken in a look; looks should be short against the time between moves.
///
/// Source: logit choice (McFadden 1974); reviews as a rate are an assumption, not estimated.
/// Limits: η = 0 picks at random among the rungs there are, η → ∞ the best; without reviews nothing moves.
/// The utility of the present rung must be finite.
pub fn step_probabilities(utilities: [f64; 3], eta: f64, reviews_per_day: f64, days: f64) -> [f64; 3] {
    let best = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weight = |u: f64| if u == f64::NEG_INFINITY { 0.0 } else { math::exp(eta * (u - best)) };
    let [down, stay, up] = utilities.map(weight);
    let moving = down + up;
    if moving <= 0.0 {
        return [0.0, 1.0, 0.0];
    }
    let moved = math::event_probability(reviews_per_day * days * moving / (moving + stay));
    let (down, up) = (moved * down / moving, moved * up / moving);
    [down, 1.0 - down - up, up]
}

/// Whether a State has been on a rung long enough to leave it.
///
/// ```text
/// days ≥ least   or   crisis and upward
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | days | `days_on_rung` | day | ≥ 0 | time on the rung |
/// | least | `least_days` | day | ≥ 0 | shortest stay |
/// | crisis | `crisis` | flag | | whether pressure is past the threshold of crisis |
/// | upward | `upward` | flag | | whether the step closes further |
///
/// Source: assumption, not estimated; against hunting, which delayed negative feedback can cause.
/// Limits: a least stay of 0 always allows; in a crisis a State may close at once but not reopen.
pub fn dwell_allows(days_on_rung: f64, least_days: f64, crisis: bool, upward: bool) -> bool {
    days_on_rung >= least_days || (crisis && upward)
}

/// The flow a State reckons with, a day on: a peak it remembers.
///
/// ```text
/// f̂ ← max( f, k·f̂ ),      k = 2^{−1/T½}
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | f̂ | `previous` | person/day | ≥ 0 | the peak as remembered yesterday |
/// | f | `flow` | person/day | ≥ 0 | today's flow |
/// | k | `kept` | share | 0 … 1 | what a day leaves of the memory; T½ the days in which it halves: see [`super::belief::kept_share`] |
///
/// Source: assumption, not estimated; without it a State reopens the moment its measure works.
/// Limits: rises at once, falls slowly; never below the flow.
pub fn remembered_peak(previous: f64, flow: f64, kept: f64) -> f64 {
    flow.max(previous * kept)
}

/// What a change of arrivals says about the magnet, freed of what it says about the choice of destination.
///
/// ```text
/// y = ln(after/before) − (ΔV − ΔI) = μ·ΔI + noise
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ln(after/before) | `log_ratio` | log | ℝ | of arrivals after and before a change of policy |
/// | ΔV | `delta_v` | utility | ℝ | change of the value of coming here |
/// | π | `share_here` | share | [0, 1] | share of arrivals before that came here |
///
/// Gives (y, ΔI), the observation and the gain that [`kalman_update`] takes.
///
/// Source: [`anticipated_arrivals`] solved for μ. Limits: with π = 1 the log ratio itself and ΔV; with π = 0
/// the gain is 0 and nothing can be learnt, for all was deflection.
pub fn magnet_evidence(log_ratio: f64, delta_v: f64, share_here: f64) -> (f64, f64) {
    let leaving = inclusive_value_change(delta_v, share_here);
    (log_ratio - (delta_v - leaving), leaving)
}

/// Belief about the magnet after the State has seen what followed a change of its own.
///
/// ```text
/// y = μ·x + noise;    K = v·x/(x²·v + R);    μ̂ ← μ̂ + K·(y − μ̂·x);    v ← v·R/(x²·v + R)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | μ̂ | `mean` | 1 | ℝ | belief before |
/// | v | `variance` | 1 | ≥ 0 | its variance |
/// | y | `observed_log_ratio` | log | ℝ | arrivals after over before |
/// | x | `predicted_gain` | utility | ℝ | change of value that a magnet of 1 would turn into y |
/// | R | `noise_variance` | log² | ≥ 0 | variance of all else that moved arrivals |
///
/// Nothing is corrected for drivers: that a State takes what followed for what it caused is the point.
///
/// Source: Kalman (1960), scalar. Limits: no change (x = 0) or a certain belief (v = 0) teaches nothing; R →
/// 0 gives y/x with certainty; R → ∞ leaves the belief as it was. The variance never grows.
pub fn kalman_update(
    mean: f64,
    variance: f64,
    observed_log_ratio: f64,
    predicted_gain: f64,
    noise_variance: f64,
) -> (f64, f64) {
    let spread = predicted_gain * predicted_gain * variance + noise_variance;
    if spread <= 0.0 {
        return (mean, variance);
    }
    let kalman_gain = variance * predicted_gain / spread;
    (mean + kalman_gain * (observed_log_ratio - mean * predicted_gain), variance * noise_variance / spread)
}

/// Grievance of an origin, a day on.
///
/// ```text
/// g ← e^{−1/T}·g + provocation
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | g | `grievance` | 1 | ≥ 0 | yesterday's |
/// | provocation | `provocation_today` | 1 | ≥ 0 | what today adds |
/// | T | `decay_days` | day | > 0 | time in which it fades |
///
/// Source: assumption, not estimated.
/// Limits: under a constant provocation c it tends to c/(1 − e^{−1/T}), about c·T.
pub fn grievance_step(grievance: f64, provocation_today: f64, decay_days: f64) -> f64 {
    grievance * math::exp(-1.0 / decay_days) + provocation_today
}

/// What a grievance adds to the utility of a rung of an origin's exit ladder.
///
/// ```text
/// w·g·open
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | w | `weight` | 1 | ≥ 0 | weight |
/// | g | `grievance` | 1 | ≥ 0 | grievance of the origin |
/// | open | `openness` | share | [0, 1] | what the rung lets pass |
///
/// Source: assumption, not estimated; retaliation by opening the exit is described in the source for
/// Mariel and for 1994.
/// Limits: 0 without a grievance or on a rung that lets nobody pass.
pub fn grievance_push(weight: f64, grievance: f64, openness: f64) -> f64 {
    weight * grievance * openness
}

#[cfg(test)]
mod tests {
    use super::super::belief::kept_share;
    use super::*;

    /// A plain sequence of uniforms: the tests need nothing better.
    fn uniform(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((*state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    #[test]
    fn anticipated_arrivals_are_the_exact_logit_response() {
        // Two destinations and staying at home: leaving ∝ exp(μ·I), then a logit between the two.
        let (here, elsewhere) = (0.4, 1.1);
        let response = |mu: f64, delta: f64| {
            let flow = |v_here: f64| {
                let inclusive = math::ln(math::exp(v_here) + math::exp(elsewhere));
                3.0 * math::exp(mu * inclusive) * math::exp(v_here - inclusive)
            };
            let share_here = math::exp(here) / (math::exp(here) + math::exp(elsewhere));
            let group =
                GroupResponse { flow: flow(here), admit_ratio: 1.0, delta_v: delta, share_here, mu_hat: mu };
            (anticipated_arrivals(&[group]), flow(here + delta))
        };
        for mu in [0.0, 0.3, 1.0] {
            for delta in [-3.0, -0.2, 0.0, 0.7, 4.0] {
                let (anticipated, exact) = response(mu, delta);
                assert!((anticipated / exact - 1.0).abs() < 1e-13, "μ {mu}, ΔV {delta}");
            }
        }
    }

    #[test]
    fn where_everybody_comes_here_only_the_magnet_acts() {
        for delta in [-60.0, -1.0, 2.0, 60.0] {
            assert!((inclusive_value_change(delta, 1.0) - delta).abs() < 1e-12);
            assert!(inclusive_value_change(delta, 0.0).abs() < 1e-12);
        }
        let group =
            GroupResponse { flow: 8.0, admit_ratio: 0.5, delta_v: -2.0, share_here: 1.0, mu_hat: 0.0 };
        assert!((anticipated_arrivals(&[group, group]) - 8.0).abs() < 1e-12);
        assert_eq!(anticipated_arrivals(&[]), 0.0);
    }

    #[test]
    fn utility_by_hand_and_its_directions() {
        let u = posture_utility(0.5, 300.0, 100.0, 2.0, 0.1, 0.3, 0.5, 0.1, -2.0);
        assert!((u + 0.5 * math::ln(4.0) + 0.2 + 0.15 + 0.2).abs() < 1e-14);
        assert!(posture_utility(0.5, 400.0, 100.0, 2.0, 0.1, 0.3, 0.5, 0.1, -2.0) < u);
        assert_eq!(posture_utility(0.9, 0.0, 100.0, 2.0, 0.0, 0.3, 0.0, 0.1, 0.0), 0.0);
    }

    #[test]
    fn reception_is_lowered_under_pressure_and_raised_without() {
        let (beta_rec, beta_prot, omega) = (0.2, 3.0, 0.6);
        // One of many States, so that all of a lower reception deflects; twice as many as weigh ln 2.
        let utility = |pressure: f64, reception: f64| {
            let anticipated = 200.0 * math::exp(beta_rec * (reception - 0.5));
            let harm = reception_harm(0.5, reception, beta_rec, beta_prot);
            posture_utility(pressure, anticipated, 100.0, omega, harm, 1.0, 0.0, 0.5, 0.0)
        };
        let lowers = |pressure: f64| utility(pressure, 0.3) > utility(pressure, 0.5);
        // p·Â/(A_ref + Â) = ω/β_prot at p = 0.3.
        assert!(!lowers(0.0) && !lowers(0.28) && lowers(0.32) && lowers(0.9));
        assert!(utility(0.1, 0.7) < utility(0.1, 0.5), "nothing draws it beyond what is owed");
        assert_eq!(reception_harm(0.5, 0.7, 0.2, 3.0), 0.0);
        assert_eq!(reception_harm(0.5, 0.1, 0.2, 0.0), 0.0);
    }

    #[test]
    fn looking_more_often_changes_nothing() {
        let (utilities, eta, rate) = ([-0.3, -0.2, -0.1], 10.0, 1.0 / 30.0);
        let [down, stay, up] = step_probabilities(utilities, eta, rate, 60.0);
        assert!((down + stay + up - 1.0).abs() < 1e-15);
        for looks in [2_u32, 60, 600] {
            let each = step_probabilities(utilities, eta, rate, 60.0 / f64::from(looks));
            let unmoved = (0..looks).fold(1.0, |left, _| left * each[1]);
            assert!((unmoved - stay).abs() < 1e-12);
            let first_up = (1.0 - unmoved) * each[2] / (each[0] + each[2]);
            assert!((first_up - up).abs() < 1e-12);
        }
    }

    #[test]
    fn two_rungs_settle_where_the_softmax_says() {
        let (low, high, eta, rate) = (-0.50, -0.42, 10.0, 1.0 / 30.0);
        let settled = 1.0 / (1.0 + math::exp(-eta * (high - low)));
        for interval_days in [0.25, 1.0, 3.0] {
            let up = step_probabilities([f64::NEG_INFINITY, low, high], eta, rate, interval_days)[2];
            let down = step_probabilities([low, high, f64::NEG_INFINITY], eta, rate, interval_days)[0];
            let mut on_high = 0.0;
            for _ in 0..40_000 {
                on_high = on_high * (1.0 - down) + (1.0 - on_high) * up;
            }
            assert!(
                (on_high - settled).abs() < 0.01,
                "interval {interval_days}: {on_high} against {settled}"
            );
        }
    }

    #[test]
    fn choice_among_rungs_has_its_limits() {
        let none = f64::NEG_INFINITY;
        assert_eq!(step_probabilities([none, -1.0, none], 10.0, 1.0, 1.0), [0.0, 1.0, 0.0]);
        assert_eq!(step_probabilities([-0.1, -1.0, -2.0], 10.0, 0.0, 1.0), [0.0, 1.0, 0.0]);
        let [down, stay, up] = step_probabilities([none, -5.0, -0.1], 1e4, 1.0, 2.0);
        assert_eq!(down, 0.0);
        assert!((stay - math::exp(-2.0)).abs() < 1e-12 && (up + stay - 1.0).abs() < 1e-12);
        let [down, _, up] = step_probabilities([-9.0, 0.0, 3.0], 0.0, 0.01, 1.0);
        assert!((down - up).abs() < 1e-17 && down > 0.0);
    }

    #[test]
    fn dwelling_is_waived_upward_in_a_crisis_only() {
        assert!(dwell_allows(30.0, 30.0, false, false));
        assert!(!dwell_allows(29.0, 30.0, false, true));
        assert!(dwell_allows(0.0, 30.0, true, true));
        assert!(!dwell_allows(0.0, 30.0, true, false));
    }

    #[test]
    fn belief_in_the_magnet_learns_as_it_should() {
        assert_eq!(kalman_update(0.8, 0.25, 5.0, 0.0, 1.0), (0.8, 0.25));
        assert_eq!(kalman_update(0.8, 0.0, 5.0, 1.0, 1.0), (0.8, 0.0));
        assert_eq!(kalman_update(0.8, 0.0, 5.0, 0.0, 0.0), (0.8, 0.0));
        let (mean, variance) = kalman_update(0.8, 0.25, -1.0, -2.0, 0.0);
        assert!((mean - 0.5).abs() < 1e-15 && variance == 0.0);
        let (mean, variance) = kalman_update(0.8, 0.25, 5.0, 1.0, 1e12);
        assert!((mean - 0.8).abs() < 1e-10 && (variance - 0.25).abs() < 1e-10);
        // Precision adds: 1/v′ = 1/v + x²/R, and the mean is weighted by precision.
        let (mean, variance) = kalman_update(0.8, 0.25, 3.0, 2.0, 0.5);
        assert!((1.0 / variance - (4.0 + 8.0)).abs() < 1e-12);
        assert!((mean - (4.0 * 0.8 + 8.0 * 1.5) / 12.0).abs() < 1e-12);
    }

    #[test]
    fn evidence_of_the_magnet_is_what_deflection_leaves() {
        let (mu, delta, share) = (0.35, -1.2, 0.4);
        let group =
            GroupResponse { flow: 1.0, admit_ratio: 1.0, delta_v: delta, share_here: share, mu_hat: mu };
        let log_ratio = math::ln(anticipated_arrivals(&[group]));
        let (observed, gain) = magnet_evidence(log_ratio, delta, share);
        assert!((observed / gain - mu).abs() < 1e-12);
        let (alone, gain) = magnet_evidence(-0.5, delta, 1.0);
        assert!((alone + 0.5).abs() < 1e-12 && (gain - delta).abs() < 1e-12);
    }

    #[test]
    fn a_peak_is_remembered_and_halves() {
        let kept = kept_share(180.0, 1.0);
        let mut peak = remembered_peak(5.0, 800.0, kept);
        assert_eq!(peak, 800.0);
        for _ in 0..180 {
            peak = remembered_peak(peak, 1.0, kept);
        }
        assert!((peak - 400.0).abs() < 1e-9);
        assert_eq!(remembered_peak(0.0, 3.0, kept), 3.0);
    }

    #[test]
    fn grievance_fades_and_settles() {
        let mut grievance = 2.0;
        for _ in 0..100 {
            grievance = grievance_step(grievance, 0.0, 100.0);
        }
        assert!((grievance - 2.0 * math::exp(-1.0)).abs() < 1e-12);
        for _ in 0..10_000 {
            grievance = grievance_step(grievance, 0.01, 100.0);
        }
        assert!((grievance - 0.01 / (1.0 - math::exp(-0.01))).abs() < 1e-12);
        assert_eq!(grievance_push(1.5, 2.0, 0.5), 1.5);
        assert_eq!(grievance_push(1.5, 2.0, 0.0), 0.0);
    }

    /// Days on which a ladder of five rungs moved, and which way, and where it ended, when pressure is
    /// constant, each rung lets a share of a steady flow come, and the State reckons from the peak it
    /// remembers.
    fn moves_under_constant_pressure(mut luck: u64) -> (Vec<(u32, i32)>, i32) {
        let admitted = [1.0, 0.8, 0.5, 0.25, 0.1];
        let refoulement = [0.0, 0.02, 0.05, 0.1, 0.5];
        let (mut rung, mut since, mut peak) = (0_i32, 0_u32, 0.0);
        let mut moves = Vec::new();
        for day in 0..7300 {
            peak = remembered_peak(peak, 400.0 * admitted[rung as usize], kept_share(180.0, 1.0));
            let utility = |to: i32| {
                let barred = to != rung && !dwell_allows(f64::from(day - since), 30.0, false, to > rung);
                if !(0..5).contains(&to) || barred {
                    return f64::NEG_INFINITY;
                }
                let anticipated = peak * admitted[to as usize] / admitted[rung as usize];
                let (harm, step) = (refoulement[to as usize], f64::from(to - rung));
                posture_utility(0.7, anticipated, 100.0, 1.0, harm, 0.0, 0.0, 0.02, step)
            };
            let utilities = [utility(rung - 1), utility(rung), utility(rung + 1)];
            let [down, _, up] = step_probabilities(utilities, 1000.0, 1.0 / 30.0, 1.0);
            let u = uniform(&mut luck);
            let step = if u < down { -1 } else { i32::from(u < down + up) };
            if step != 0 {
                rung += step;
                since = day;
                moves.push((day, step));
            }
        }
        (moves, rung)
    }

    #[test]
    fn under_constant_pressure_a_ladder_does_not_cycle() {
        for luck in 0..20 {
            let (moves, rung) = moves_under_constant_pressure(luck);
            let turns = moves.windows(2).filter(|w| w[0].1 != w[1].1).count();
            assert!(turns <= 1, "it may go too far once and come back: {moves:?}");
            assert!(moves.iter().all(|m| m.0 < 3650), "and then it rests: {moves:?}");
            assert_eq!(rung, 3);
            assert!(moves.windows(2).all(|w| w[1].0 - w[0].0 >= 30), "dwelling holds: {moves:?}");
        }
    }
}
