//! Setting out: the intensity of departures from home, and the clock that turns it into households (model
//! 5.1).
//!
//! Households at home are latent. A stratum is three numbers, [`ThresholdClock`]; who leaves next is decided
//! by a keyed threshold that does not depend on the policy in force, so that two worlds share the luck of the
//! same households.

mod clock;
mod exposure;

pub use clock::ThresholdClock;
pub use exposure::{ExposureClock, Waiting};

use super::math::{exp, expm1, pow};

/// Smallest driver index: an index of 0 with a negative elasticity would be an infinite hazard.
pub const LEAST_DRIVER_INDEX: f64 = 1e-6;

/// Largest exponent of an intensity: beyond it the cap on the hazard binds whatever the rest, and sums stay
/// finite.
pub const LARGEST_EXPONENT: f64 = 100.0;

/// Largest loss of inclusive value that a household reckons with when everything is expected to close: a door
/// that closes for good has an inclusive value of −∞, and hurrying must not be infinite for it.
pub const LARGEST_LOSS: f64 = 30.0;

/// Least share of an open exit that is known: someone always tries the beach. Without it an exit known to be
/// closed would stay so for ever, for nobody would leave from whom its opening could be learnt.
pub const LEAST_KNOWN_SHARE: f64 = 0.01;

/// How much more, or less, people set out than at the reference, for what they believe and expect.
///
/// ```text
/// pull = exp( μ·(I − I_ref) + forward )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | μ | `magnet` | 1 | 0 … 1 | strength of the magnet |
/// | I − I_ref | `gain` | utility | any | inclusive value above its reference |
/// | forward | `forward` | utility | ≥ 0 | departures brought forward |
///
/// Source: a proportional hazard; with μ in \[0, 1\] it is consistent with random utility (McFadden 1978).
///
/// Limits: μ = 0 takes the inclusive value out of it whatever `gain` is, −∞ included; the exponent is bounded by
/// [`LARGEST_EXPONENT`].
pub fn pull(magnet: f64, gain: f64, forward: f64) -> f64 {
    exp(pull_exponent(magnet, gain, forward))
}

/// The logarithm of [`pull`].
pub(crate) fn pull_exponent(magnet: f64, gain: f64, forward: f64) -> f64 {
    let by_value = if magnet > 0.0 { magnet * gain } else { 0.0 };
    (by_value + forward).min(LARGEST_EXPONENT)
}

/// Intensity with which one household sets out by one alternative.
///
/// ```text
/// λ_a = λ0 · driver · noise · exit_a · P(a) · pull
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | λ0 | `base` | 1/day | ≥ 0 | intensity under the reference beliefs and policies |
/// | driver · noise | `environment` | ratio | ≥ 0 | exogenous multiplier of the origin and what it leaves out, each of mean 1 |
/// | exit_a | `exit` | share | 0 … 1 | what the origin lets pass, as far as it is known |
/// | P(a) | `probability` | share | 0 … 1 | share of the alternative in the choice tree |
/// | pull | `pull` | ratio | ≥ 0 | see [`pull`]: the same for all alternatives of a household |
///
/// Source: a proportional hazard.
///
/// Limits: a closed exit or an alternative that is never chosen gives 0, whatever the pull.
pub fn intensity_per_day(base: f64, environment: f64, exit: f64, probability: f64, pull: f64) -> f64 {
    let scale = base * environment * exit * probability;
    if scale <= 0.0 { 0.0 } else { scale * pull }
}

/// Intensity with which one household sets out at all, held below a bound.
///
/// ```text
/// λ = min( λ_max, Σ_a λ_a )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | Σ λ_a | `sum` | 1/day | ≥ 0 | intensity over all alternatives |
/// | λ_max | `max` | 1/day | ≥ 0 | what no household exceeds |
///
/// Source: assumption, not estimated; a household is not ready in less than some weeks.
///
/// Limits: never above `max`; scaling every alternative by λ over Σ λ_a leaves their shares as they were.
pub fn capped(sum: f64, max: f64) -> f64 {
    sum.min(max)
}

/// Response of departures to an exogenous index.
///
/// ```text
/// driver = max(index, 10⁻⁶)^ε
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | index | `index` | ratio | ≥ 0 | the driver over its mean in the reference period |
/// | ε | `elasticity` | 1 | any | relative change of departures over that of the driver |
///
/// Source: constant elasticity, as in the gravity literature (Beine, Bertoli & Fernández-Huertas Moraga
/// 2016).
///
/// Limits: 1 at the reference or with ε = 0; floored at [`LEAST_DRIVER_INDEX`].
pub fn driver_multiplier(index: f64, elasticity: f64) -> f64 {
    pow(index.max(LEAST_DRIVER_INDEX), elasticity)
}

/// One day of the slow noise of an origin: a log-AR(1).
///
/// ```text
/// x ← φ·x + σ·√(1 − φ²)·z,   φ = exp(−1/T)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `log_noise` | log | any | the noise of the day before |
/// | z | `normal` | 1 | any | a standard normal draw |
/// | σ | `sd` | log | ≥ 0 | stationary standard deviation (default 0.3) |
/// | T | `correlation_days` | day | ≥ 0 | correlation time (default 60) |
///
/// Source: assumption, not estimated; without it intervals are far too narrow.
///
/// Limits: T = 0 is white noise; σ = 0 lets what is left fade; started from N(0, σ²) the variance stays σ².
pub fn noise_step(log_noise: f64, normal: f64, sd: f64, correlation_days: f64) -> f64 {
    if correlation_days <= 0.0 {
        return sd * normal;
    }
    let fresh = (-expm1(-2.0 / correlation_days)).sqrt();
    exp(-1.0 / correlation_days) * log_noise + sd * fresh * normal
}

/// The noise as a multiplier whose mean is exactly 1.
///
/// ```text
/// noise = exp(x − σ²/2)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `log_noise` | log | any | the slow noise, N(0, σ²) |
/// | σ | `sd` | log | ≥ 0 | its stationary standard deviation |
///
/// Source: the mean of a log-normal.
///
/// Limits: σ = 0 and x = 0 give 1; always above 0.
pub fn noise_multiplier(log_noise: f64, sd: f64) -> f64 {
    exp(log_noise - 0.5 * sd * sd)
}

/// What bringing departure forward adds to the exponent when it is rumoured that the door will close.
///
/// ```text
/// forward = μ·(1 − exp(−ψ·τ))·max(0, I − I_after)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | μ | `magnet` | 1 | 0 … 1 | strength of the magnet |
/// | ψ | `rumour_per_day` | 1/day | ≥ 0 | perceived hazard of closing |
/// | τ | `lead_days` | day | ≥ 0 | how long a household can bring departure forward |
/// | I | `value_now` | utility | any | inclusive value today |
/// | I_after | `value_after` | utility | any | inclusive value once closed |
///
/// Source: assumption, not estimated.
///
/// Limits: between 0 and μ·(I − I_after), so it has no strength of its own; 0 without a magnet, a rumour or a
/// loss; a loss counts up to [`LARGEST_LOSS`].
pub fn forward_rumour(
    magnet: f64,
    rumour_per_day: f64,
    lead_days: f64,
    value_now: f64,
    value_after: f64,
) -> f64 {
    -magnet * expm1(-rumour_per_day * lead_days) * loss(value_now, value_after)
}

/// The same for an announced date: the rumour's factor is 1 as long as the date is within reach.
///
/// ```text
/// forward = μ·max(0, I − I_after)   for t < D ≤ t + τ,   else 0
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | μ | `magnet` | 1 | 0 … 1 | strength of the magnet |
/// | D − t | `days_until_end` | day | any | days until the door closes |
/// | τ | `lead_days` | day | ≥ 0 | how long a household can bring departure forward |
/// | I | `value_now` | utility | any | inclusive value today |
/// | I_after | `value_after` | utility | any | inclusive value once closed |
///
/// Source: assumption, not estimated.
///
/// Limits: as [`forward_rumour`] with certainty; 0 on the day itself and after, and before it is within
/// reach.
pub fn forward_announced(
    magnet: f64,
    days_until_end: f64,
    lead_days: f64,
    value_now: f64,
    value_after: f64,
) -> f64 {
    let within_reach = days_until_end > 0.0 && days_until_end <= lead_days;
    if within_reach { magnet * loss(value_now, value_after) } else { 0.0 }
}

/// What the closing takes away, between 0 and [`LARGEST_LOSS`]; where nothing is open today nothing is lost.
fn loss(value_now: f64, value_after: f64) -> f64 {
    if value_now > value_after { (value_now - value_after).min(LARGEST_LOSS) } else { 0.0 }
}

/// How far an exit is known to be open, after a day's departures.
///
/// ```text
/// x ← x + κ·n/(n + n0)·(e − x)   while x < e,      x ← e   otherwise;      x ≥ 0.01 throughout
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `known` | share | 0 … 1 | share let pass, as far as it is known |
/// | e | `physical` | share | 0 … 1 | share that is let pass |
/// | n | `departed_today` | household | ≥ 0 | those who got away and of whom word spreads |
/// | n0 | `half_count` | household | ≥ 0 | departures at which word spreads at half its rate |
/// | κ | `rate` | 1/day | 0 … 1 | rate at which word spreads |
///
/// Closing is felt at once by whoever is stopped on the beach, so what is known follows the exit down and is
/// not remembered: an exit that opens again has to be learnt again, and every crisis starts S-shaped, not
/// only the first.
///
/// Source: assumption, not estimated.
///
/// Limits: moves towards `physical` and never past it; stands still without departures, κ = 0 or an endless
/// n0; never below [`LEAST_KNOWN_SHARE`], from which learning starts. What passes is [`effective_exit`].
pub fn learn_opening(known: f64, physical: f64, departed_today: f64, half_count: f64, rate: f64) -> f64 {
    let learnt = if known >= physical {
        physical
    } else if departed_today > 0.0 {
        known + rate * departed_today / (departed_today + half_count) * (physical - known)
    } else {
        known
    };
    learnt.max(LEAST_KNOWN_SHARE)
}

/// Share that an exit lets pass today.
///
/// ```text
/// exit = min(x, e)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `known` | share | 0 … 1 | share let pass, as far as it is known |
/// | e | `physical` | share | 0 … 1 | share that is let pass |
///
/// Source: assumption, not estimated.
///
/// Limits: a closed exit lets nobody pass whatever is believed.
pub fn effective_exit(known: f64, physical: f64) -> f64 {
    known.min(physical)
}

/// Chance in a year of being let in through an orderly channel.
///
/// ```text
/// q = min( 1, ceiling / applicants )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ceiling | `ceiling_per_year` | person/year | ≥ 0 | places a year |
/// | applicants | `applicants` | person | ≥ 0 | stock of those who wait |
///
/// Source: definition of a lottery over the stock.
///
/// Limits: 1 where there are places and nobody waits; 0 without places, whoever waits.
pub fn orderly_chance_per_year(ceiling_per_year: f64, applicants: f64) -> f64 {
    if ceiling_per_year <= 0.0 {
        0.0
    } else if applicants <= ceiling_per_year {
        1.0
    } else {
        ceiling_per_year / applicants
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math::ln;

    fn uniforms(seed: u64) -> impl FnMut() -> f64 {
        let mut s = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        move || {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            ((s >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    }

    #[test]
    fn intensity_has_the_stated_limits() {
        let at = |exit, magnet, gain, forward, p| {
            intensity_per_day(1e-3, 1.5 * 0.8, exit, p, pull(magnet, gain, forward))
        };
        assert!((at(0.5, 0.0, 9.0, 0.0, 0.2) - 1e-3 * 1.5 * 0.8 * 0.5 * 0.2).abs() < 1e-18);
        assert_eq!(at(0.5, 0.0, 9.0, 0.0, 0.2), at(0.5, 0.0, f64::NEG_INFINITY, 0.0, 0.2));
        assert_eq!(at(0.0, 1.0, f64::INFINITY, 0.0, 0.2), 0.0);
        assert_eq!(at(1.0, 1.0, f64::NEG_INFINITY, 0.0, 0.0), 0.0);
        assert!(at(1.0, 1.0, 1e6, 0.0, 1.0).is_finite());
        assert!((ln(at(1.0, 0.7, 2.0, 0.3, 1.0) / at(1.0, 0.7, 0.0, 0.0, 1.0)) - 1.7).abs() < 1e-12);
        assert_eq!(capped(at(1.0, 1.0, 1e6, 0.0, 1.0), 0.05), 0.05);
        assert_eq!(capped(0.01, 0.05), 0.01);
    }

    #[test]
    fn drivers_are_elasticities_about_one() {
        assert_eq!(driver_multiplier(1.0, -3.0), 1.0);
        assert_eq!(driver_multiplier(0.3, 0.0), 1.0);
        assert!((driver_multiplier(2.0, -2.0) - 0.25).abs() < 1e-14);
        assert_eq!(driver_multiplier(0.0, -1.0), driver_multiplier(LEAST_DRIVER_INDEX, -1.0));
        assert!(driver_multiplier(0.0, -20.0).is_finite());
    }

    #[test]
    fn noise_keeps_its_variance_and_a_mean_of_one() {
        let (sd, mut u, mut x) = (0.3, uniforms(42), 0.0);
        let (mut mean, mut square, mut product, mut before) = (0.0, 0.0, 0.0, 0.0);
        let steps = 400_000;
        for _ in 0..steps {
            // Twelve uniforms make a normal near enough for the first two moments.
            let z = (0..12).map(|_| u()).sum::<f64>() - 6.0;
            x = noise_step(x, z, sd, 5.0);
            mean += noise_multiplier(x, sd) / f64::from(steps);
            square += x * x / f64::from(steps);
            product += x * before / f64::from(steps);
            before = x;
        }
        assert!((square.sqrt() - sd).abs() < 0.01, "{}", square.sqrt());
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        assert!((product / square - exp(-0.2)).abs() < 0.02);
        assert_eq!(noise_step(5.0, 2.0, 0.3, 0.0), 0.6);
        assert_eq!(noise_multiplier(0.0, 0.0), 1.0);
    }

    #[test]
    fn forward_is_bounded_by_the_loss_and_nothing_else() {
        let closed = f64::NEG_INFINITY;
        assert_eq!(forward_rumour(0.0, 0.1, 30.0, 2.0, closed), 0.0);
        assert_eq!(forward_rumour(0.8, 0.0, 30.0, 2.0, 1.0), 0.0);
        assert_eq!(forward_rumour(0.8, 0.1, 30.0, 1.0, 2.0), 0.0);
        assert_eq!(forward_rumour(0.8, 0.1, 30.0, closed, closed), 0.0);
        assert!((forward_rumour(0.8, 1e9, 30.0, 2.0, 1.0) - 0.8).abs() < 1e-12);
        assert!((forward_rumour(0.8, 0.01, 30.0, 2.0, 1.0) + 0.8 * expm1(-0.3)).abs() < 1e-15);
        assert_eq!(forward_rumour(1.0, 1e9, 30.0, 2.0, closed), LARGEST_LOSS);
        let announced = |days| forward_announced(0.5, days, 30.0, 2.0, 1.0);
        assert_eq!([31.0, 30.0, 1.0, 0.0, -1.0].map(announced), [0.0, 0.5, 0.5, 0.0, 0.0]);
        assert_eq!(forward_announced(0.0, 1.0, 30.0, 2.0, closed), 0.0);
    }

    #[test]
    fn an_opening_is_learnt_in_an_s_and_a_closing_at_once() {
        let mut x = 0.0;
        let mut steps = Vec::new();
        for _ in 0..60 {
            let next = learn_opening(x, 1.0, 400.0 * x, 100.0, 0.35);
            assert!(next >= x && next <= 1.0);
            steps.push(next - x);
            x = next;
        }
        let fastest = (0..60).max_by(|&a, &b| steps[a].total_cmp(&steps[b])).unwrap();
        assert!(fastest > 2 && fastest < 30, "fastest on day {fastest}");
        assert!(x > 0.99);
        let shut = learn_opening(x, 0.0, 400.0, 100.0, 0.35);
        assert_eq!(effective_exit(shut, 0.0), 0.0);
        assert_eq!(effective_exit(shut, 1.0), LEAST_KNOWN_SHARE, "it has to be learnt again");
        assert_eq!(learn_opening(0.4, 1.0, 0.0, 0.0, 0.35), 0.4, "no word without departures");
        assert_eq!(learn_opening(0.9, 0.3, 50.0, 100.0, 0.35), 0.3);
        assert!(learn_opening(LEAST_KNOWN_SHARE, 1.0, 1.0, 100.0, 0.35) > LEAST_KNOWN_SHARE);
    }

    #[test]
    fn orderly_chance_is_a_share() {
        assert_eq!(orderly_chance_per_year(0.0, 0.0), 0.0);
        assert_eq!(orderly_chance_per_year(0.0, 10.0), 0.0);
        assert_eq!(orderly_chance_per_year(10.0, 0.0), 1.0);
        assert_eq!(orderly_chance_per_year(20_000.0, 100_000.0), 0.2);
        assert_eq!(orderly_chance_per_year(20.0, 10.0), 1.0);
    }
}
