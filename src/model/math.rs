//! The one file that computes exponentials, logarithms and the normal distribution.
//!
//! A platform's own functions differ between processors (with and without fused multiply-add, for one), and a
//! difference in the last bit is enough to change who sets out on which day. Those here use only operations that
//! IEEE 754 defines exactly (+, −, ×, ÷ and bit patterns), in a fixed order and never contracted, so that every
//! processor returns the same bytes. Each is a pure function of numbers: no unit, no state, no error; what is
//! undefined is NaN, and NaN in is NaN out, unless a function's *Limits* say otherwise.
//!
//! The reductions and coefficients of [`exp`], [`expm1`], [`ln`], [`log1p`] and of the error function inside
//! [`normal_cdf`] are those of FreeBSD's msun, which carries this notice:
//!
//! > Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
//! > distribute this software is freely granted, provided that this notice is preserved.

/// High part of ln 2: its last 20 bits are zero, so that its product with an exponent is exact.
const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
/// What the high part of ln 2 leaves out.
const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// Above this an exponential overflows.
const EXP_OVERFLOW: f64 = 709.782_712_893_384;
/// Below this an exponential is less than half of the smallest subnormal number.
const EXP_UNDERFLOW: f64 = -745.133_219_101_941_2;
/// √½, by which the error function's argument differs from that of the normal distribution.
const HALF_SQRT: f64 = std::f64::consts::FRAC_1_SQRT_2;
/// 1/√(2π).
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// Value of a polynomial whose coefficients are given from the constant upwards.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let mut value = coefficients[N - 1];
    let mut term = N - 1;
    while term > 0 {
        term -= 1;
        value = coefficients[term] + x * value;
    }
    value
}

/// 2 to the power k, for −1022 ≤ k ≤ 1023.
#[inline(always)]
fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((1023 + k) as u64) << 52)
}

/// The integer k and the remainder, in two parts, of x = k·ln 2 + (high − low) with |high − low| ≤ ½ ln 2.
#[inline(always)]
fn reduce(x: f64) -> (i32, f64, f64) {
    let k = if x.abs() <= 0.5 * std::f64::consts::LN_2 {
        0
    } else {
        (std::f64::consts::LOG2_E * x + if x < 0.0 { -0.5 } else { 0.5 }) as i32
    };
    let turns = f64::from(k);
    (k, x - turns * LN2_HIGH, turns * LN2_LOW)
}

/// The exponential.
///
/// ```text
/// eˣ
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `x` | 1 | all | exponent |
///
/// Source: FreeBSD msun, `e_exp.c`; within 1 unit in the last place.
/// Limits: 0 for x < −745.13, subnormal from −708.4 down, ∞ for x > 709.78.
#[inline]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x > EXP_OVERFLOW {
        return x * f64::INFINITY;
    }
    if x < EXP_UNDERFLOW {
        return 0.0;
    }
    let (k, high, low) = reduce(x);
    let y = exp_about_one(high, low);
    if (-1021..=1023).contains(&k) {
        y * power_of_two(k)
    } else {
        // Two steps, of which only the last can round: results may be subnormal or need 2¹⁰²⁴.
        let first = k.clamp(-969, 1023);
        y * power_of_two(first) * power_of_two(k - first)
    }
}

/// The exponential of high − low, which is at most ½ ln 2 from 0.
#[inline(always)]
fn exp_about_one(high: f64, low: f64) -> f64 {
    const P: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    let r = high - low;
    let square = r * r;
    let c = r - square * polynomial(square, &P);
    1.0 + (r * c / (2.0 - c) - low + high)
}

/// [`exp`] of each of some numbers, by vector instructions where they are moderate or −∞; the same bytes.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn exp_each(numbers: &mut [f64]) {
    const MODERATE: f64 = 700.0;
    let moderate = |x: f64| (x.abs() <= MODERATE) | (x == f64::NEG_INFINITY);
    if !numbers.iter().fold(true, |all, &x| all & moderate(x)) {
        numbers.iter_mut().for_each(|x| *x = exp(*x));
        return;
    }
    for x in numbers {
        let y = exp_of_moderate(x.max(-MODERATE));
        *x = if *x >= -MODERATE { y } else { 0.0 };
    }
}

/// [`exp`] of a number between −700 and 700, without integers but for bit patterns.
#[inline(always)]
fn exp_of_moderate(x: f64) -> f64 {
    /// Added to a number from 0 to 2⁵¹ it leaves the nearest integer in the lowest bits.
    const INTEGERS: f64 = (1_u64 << 52) as f64;
    let turns = (std::f64::consts::LOG2_E * x).abs() + 0.5;
    let nearest = (turns + INTEGERS) - INTEGERS;
    let whole = nearest - if nearest > turns { 1.0 } else { 0.0 };
    let k = if x.abs() <= 0.5 * std::f64::consts::LN_2 { 0.0 } else { whole.copysign(x) };
    let y = exp_about_one(x - k * LN2_HIGH, k * LN2_LOW);
    y * f64::from_bits((k + 1023.0 + INTEGERS).to_bits() << 52)
}

/// [`ln`] of each of some numbers, by vector instructions where none is negative or subnormal; the same bytes.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn ln_each(numbers: &mut [f64]) {
    // As bit patterns, what is positive, finite and not subnormal is one range.
    let (least, beyond) = (f64::MIN_POSITIVE.to_bits(), f64::INFINITY.to_bits());
    let normal = |x: f64| (x.to_bits().wrapping_sub(least) < beyond - least) | (x == 0.0);
    if !numbers.iter().fold(true, |all, &x| all & normal(x)) {
        numbers.iter_mut().for_each(|x| *x = ln(*x));
        return;
    }
    for x in numbers {
        let y = ln_of_normal(x.max(f64::MIN_POSITIVE));
        *x = if *x > 0.0 { y } else { f64::NEG_INFINITY };
    }
}

/// The exponential less one, without loss near zero.
///
/// ```text
/// eˣ − 1
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `x` | 1 | all | exponent |
///
/// Source: FreeBSD msun, `s_expm1.c`; within 1 unit in the last place.
/// Limits: x itself for |x| < 2⁻⁵⁴ (so −0 stays −0), −1 for x < −38.9, ∞ for x > 709.78.
#[inline]
pub fn expm1(x: f64) -> f64 {
    if x.is_nan() || x > EXP_OVERFLOW {
        return x * f64::INFINITY;
    }
    if x < -38.9 {
        return -1.0;
    }
    if x.abs() < power_of_two(-54) {
        return x;
    }
    const Q: [f64; 6] = [
        1.0,
        -3.333_333_333_333_313e-2,
        1.587_301_587_254_814_6e-3,
        -7.936_507_578_674_88e-5,
        4.008_217_827_329_362e-6,
        -2.010_992_181_836_243_7e-7,
    ];
    let (k, high, low) = reduce(x);
    let r = high - low;
    let lost = (high - r) - low;
    let half = 0.5 * r;
    let scaled = r * half;
    let ratio = polynomial(scaled, &Q);
    let t = 3.0 - ratio * half;
    let quotient = scaled * ((ratio - t) / (6.0 - r * t));
    if k == 0 {
        return r - (r * quotient - scaled);
    }
    let e = r * (quotient - lost) - lost - scaled;
    match k {
        -1 => 0.5 * (r - e) - 0.5,
        1 if r < -0.25 => -2.0 * (e - (r + 0.5)),
        1 => 1.0 + 2.0 * (r - e),
        1024 => (r - e + 1.0) * 2.0 * power_of_two(1023) - 1.0,
        _ if !(0..=56).contains(&k) => (r - e + 1.0) * power_of_two(k) - 1.0,
        _ if k < 20 => (r - e + (1.0 - power_of_two(-k))) * power_of_two(k),
        _ => (r - (e + power_of_two(-k)) + 1.0) * power_of_two(k),
    }
}

/// ln((1 + f)·2ᵏ) for √½ < 1 + f < √2, with a small correction to be added.
#[inline(always)]
fn ln_reduced(f: f64, k: i32, correction: f64) -> f64 {
    const ODD: [f64; 4] = [
        6.666_666_666_666_735e-1,
        2.857_142_874_366_239e-1,
        1.818_357_216_161_805e-1,
        1.479_819_860_511_658_6e-1,
    ];
    const EVEN: [f64; 3] = [3.999_999_999_940_942e-1, 2.222_219_843_214_978_4e-1, 1.531_383_769_920_937_3e-1];
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let r = z * polynomial(w, &ODD) + w * polynomial(w, &EVEN);
    let turns = f64::from(k);
    s * (half_square + r) + (turns * LN2_LOW + correction) - half_square + f + turns * LN2_HIGH
}

/// Exponent k and mantissa 1 + f of a positive normal number, with √½ < 1 + f < √2.
#[inline(always)]
fn split(x: f64) -> (i32, f64) {
    // √½ as a bit pattern: subtracting it makes the exponent field count from there.
    const HALF_SQRT_BITS: u64 = 0x3fe6_a09e_0000_0000;
    const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
    let bits = x.to_bits() + (ONE_BITS - HALF_SQRT_BITS);
    let k = (bits >> 52) as i32 - 1023;
    (k, f64::from_bits((bits & 0x000f_ffff_ffff_ffff) + HALF_SQRT_BITS))
}

/// The natural logarithm.
///
/// ```text
/// ln x
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `x` | 1 | ≥ 0 | number |
///
/// Source: FreeBSD msun, `e_log.c`; within 1 unit in the last place.
/// Limits: −∞ at ±0, ∞ at ∞, NaN below zero; subnormal numbers lose nothing.
#[inline]
pub fn ln(x: f64) -> f64 {
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&x) {
        return ln_of_normal(x);
    }
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x < 0.0 {
        f64::NAN
    } else if x < f64::MIN_POSITIVE {
        let (k, mantissa) = split(x * power_of_two(54));
        ln_reduced(mantissa - 1.0, k - 54, 0.0)
    } else {
        x
    }
}

/// [`ln`] of what is known to be positive, finite and not subnormal: without branches, so that a loop over many numbers
/// becomes vector instructions, with the same bytes.
#[inline(always)]
pub(crate) fn ln_of_normal(x: f64) -> f64 {
    let (k, mantissa) = split(x);
    ln_reduced(mantissa - 1.0, k, 0.0)
}

/// The logarithm of one plus a number, without loss near zero.
///
/// ```text
/// ln(1 + x)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `x` | 1 | ≥ −1 | excess over one |
///
/// Source: FreeBSD msun, `s_log1p.c`; within 1 unit in the last place.
/// Limits: x itself for |x| < 2⁻⁵³ (so −0 stays −0), −∞ at −1, NaN below −1, ∞ at ∞.
#[inline]
pub fn log1p(x: f64) -> f64 {
    if x.abs() < power_of_two(-53) || x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x <= -1.0 {
        return if x == -1.0 { f64::NEG_INFINITY } else { f64::NAN };
    }
    // The closed ends are those at which 1 + x would leave [√½, √2].
    if (-0.292_893_218_813_452_4..=0.414_213_562_373_095).contains(&x) {
        return ln_reduced(x, 0, 0.0);
    }
    let sum = 1.0 + x;
    let (k, mantissa) = split(sum);
    // What rounding took from the sum, to first order; beyond 2⁵⁴ it is less than the result can show.
    let lost = match k {
        54.. => 0.0,
        2..54 => 1.0 - (sum - x),
        _ => x - (sum - 1.0),
    };
    ln_reduced(mantissa - 1.0, k, lost / sum)
}

/// A number to a power.
///
/// ```text
/// xʸ = exp(y ln x)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `base` | 1 | ≥ 0 | base |
/// | y | `exponent` | 1 | all | exponent |
///
/// Source: definition. The relative error is about |y ln x| + 1 units in the last place.
/// Limits: 1 where y = 0 or x = 1, whatever the other (NaN too); at x = 0 it is 0 for y > 0 and ∞ for y < 0;
/// NaN for every other negative base, integer exponents included.
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 || base == 1.0 { 1.0 } else { exp(exponent * ln(base)) }
}

/// Probability that something happens at least once, given its hazard over the period.
///
/// ```text
/// p = 1 − exp(−H)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | H | `hazard` | 1 (rate × time) | ≥ 0 | cumulative hazard of the period |
///
/// Source: definition of a hazard. Limits: p → H as H → 0, without loss; 1 from H = 38.9; H ≤ 0 gives 0, since less
/// than never is never.
#[inline]
pub fn event_probability(hazard: f64) -> f64 {
    if hazard <= 0.0 { 0.0 } else { -expm1(-hazard) }
}

/// The logistic function.
///
/// ```text
/// Λ(x) = 1 / (1 + e⁻ˣ)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `log_odds` | 1 | all | log odds |
///
/// Source: definition. Limits: ½ at 0; eˣ far below zero, without loss, 1 far above; 0 and 1 at ∓∞.
#[inline]
pub fn logistic(log_odds: f64) -> f64 {
    let e = exp(-log_odds.abs());
    if log_odds < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// Density of the standard normal distribution.
///
/// ```text
/// φ(x) = exp(−x²/2) / √(2π)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `x` | 1 | all | standard deviations from the mean |
///
/// Source: definition. Limits: 0 from |x| = 38.6.
#[inline]
pub fn normal_density(x: f64) -> f64 {
    exp_of_half_square(x.abs(), 0.0) * DENSITY_AT_ZERO
}

/// exp(−x²/2 + small) for x ≥ 0: the square of a shortened x is exact, so that its rounding is not magnified.
#[inline(always)]
fn exp_of_half_square(x: f64, small: f64) -> f64 {
    // Beyond 40 the result is zero whatever is added, and the difference of infinities is avoided.
    if x > 40.0 {
        return 0.0;
    }
    let short = f64::from_bits(x.to_bits() & 0xffff_ffff_0000_0000);
    exp(-0.5 * short * short) * exp(0.5 * (short - x) * (short + x) + small)
}

/// Probability that a standard normal variable is less than a number.
///
/// ```text
/// Φ(x) = ½ erfc(−x/√2)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `x` | 1 | all | standard deviations from the mean |
///
/// Source: FreeBSD msun, `s_erf.c`, with the square taken before the division by √2, so that the lower tail keeps its
/// relative precision. Limits: ½ at 0; 0 and 1 at ∓∞; subnormal below −37.5, 0 below −38.6; 1 from 8.3.
#[inline]
pub fn normal_cdf(x: f64) -> f64 {
    if x < 0.0 { upper_tail(-x) } else { 1.0 - upper_tail(x) }
}

/// Probability that a standard normal variable exceeds x ≥ 0.
fn upper_tail(x: f64) -> f64 {
    let a = x * HALF_SQRT;
    if a < 0.843_75 {
        let z = a * a;
        let ratio = polynomial(z, &ERF_SMALL.0) / polynomial(z, &ERF_SMALL.1);
        return 0.5 - 0.5 * (a + a * ratio);
    }
    if a < 1.25 {
        let s = a - 1.0;
        return 0.5 * (1.0 - ERF_AT_ONE - polynomial(s, &ERF_NEAR_ONE.0) / polynomial(s, &ERF_NEAR_ONE.1));
    }
    let s = 2.0 / (x * x);
    let ratio = if a < 1.0 / 0.35 {
        polynomial(s, &ERFC_MIDDLE.0) / polynomial(s, &ERFC_MIDDLE.1)
    } else {
        polynomial(s, &ERFC_FAR.0) / polynomial(s, &ERFC_FAR.1)
    };
    0.5 * exp_of_half_square(x, ratio - 0.5625) / a
}

/// The number below which a standard normal variable falls with a given probability.
///
/// ```text
/// Φ⁻¹(p)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p | `p` | 1 | 0 to 1 | probability |
///
/// Source: Wichura (1988), algorithm AS 241 (PPND16); outside the middle 85 % one Newton step with [`normal_cdf`]. In
/// the middle the formula alone keeps the relative precision near zero that a step would take away.
/// Limits: ∓∞ at 0 and 1, NaN outside; antisymmetric about ½.
#[inline]
pub fn normal_quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(r, &QUANTILE_MIDDLE.0) / polynomial(r, &QUANTILE_MIDDLE.1);
    }
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 || tail.is_nan() {
        return if tail == 0.0 { centred * f64::INFINITY } else { f64::NAN };
    }
    let r = (-ln(tail)).sqrt();
    let first = if r <= 5.0 {
        polynomial(r - 1.6, &QUANTILE_TAIL.0) / polynomial(r - 1.6, &QUANTILE_TAIL.1)
    } else {
        polynomial(r - 5.0, &QUANTILE_FAR.0) / polynomial(r - 5.0, &QUANTILE_FAR.1)
    };
    let density = normal_density(first);
    // In the subnormal range the step would divide by what has no precision left.
    let x = if density > 1e-300 { first + (upper_tail(first) - tail) / density } else { first };
    if centred < 0.0 { -x } else { x }
}

/// Logarithm of the sum of exponentials: the inclusive value of a set of alternatives.
///
/// ```text
/// I = ln Σⱼ exp(vⱼ)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | vⱼ | `values` | 1 | all | utilities, in any order (the sum is taken in the order given) |
///
/// Source: definition, with the greatest value taken out first, so that nothing overflows.
/// Limits: −∞ for no values or only −∞; ∞ if one is ∞; NaN if one is NaN.
#[inline]
pub fn log_sum_exp(values: &[f64]) -> f64 {
    let greatest = greatest(values);
    if greatest.is_finite() {
        greatest + ln(values.iter().map(|&v| exp(v - greatest)).sum())
    } else {
        greatest
    }
}

/// The greatest value; NaN if there is one, −∞ if there is none at all.
#[inline]
fn greatest(values: &[f64]) -> f64 {
    values.iter().fold(f64::NEG_INFINITY, |most, &v| if v > most || v.is_nan() { v } else { most })
}

/// Shares of a logit: what part of those who choose takes each alternative.
///
/// ```text
/// wⱼ = exp(vⱼ) / Σₖ exp(vₖ)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | vⱼ | `values` | 1 | all | utilities |
/// | wⱼ | `shares` | 1 | 0 to 1 | filled, one for each utility; what is beyond the shorter slice is left alone |
///
/// Source: definition, with the greatest value taken out first.
/// Limits: all 0 if every value is −∞ (nothing can be chosen); several ∞ share equally; all NaN if one is NaN.
#[inline]
pub fn softmax(values: &[f64], shares: &mut [f64]) {
    let greatest = greatest(values);
    let mut total = 0.0;
    for (share, &v) in shares.iter_mut().zip(values) {
        *share = match greatest {
            f64::NEG_INFINITY => 0.0,
            f64::INFINITY => f64::from(u8::from(v == f64::INFINITY)),
            _ => exp(v - greatest),
        };
        total += *share;
    }
    if total != 0.0 {
        shares.iter_mut().zip(values).for_each(|(share, _)| *share /= total);
    }
}

/// A ratio of polynomials: numerator and denominator, each from the constant upwards.
type Ratio<const N: usize, const D: usize> = ([f64; N], [f64; D]);

/// erf 1, shortened to 24 bits.
const ERF_AT_ONE: f64 = 8.450_629_115_104_675e-1;
/// (erf a)/a − 1 in a², for a < 0.84375.
#[rustfmt::skip]
const ERF_SMALL: Ratio<5, 6> = (
    [
        0.128_379_167_095_512_56, -0.325_042_107_247_001_5, -0.028_481_749_575_598_51,
        -0.005_770_270_296_489_442, -2.376_301_665_665_016_3e-5,
    ],
    [
        1.0, 0.397_917_223_959_155_35, 0.065_022_249_988_767_3, 0.005_081_306_281_875_766,
        0.000_132_494_738_004_321_64, -3.960_228_278_775_368e-6,
    ],
);
/// erf a − erf 1 in a − 1, for 0.84375 ≤ a < 1.25.
#[rustfmt::skip]
const ERF_NEAR_ONE: Ratio<7, 7> = (
    [
        -0.002_362_118_560_752_659_4, 0.414_856_118_683_748_33, -0.372_207_876_035_701_3,
        0.318_346_619_901_161_75, -0.110_894_694_282_396_68, 0.035_478_304_325_618_236,
        -0.002_166_375_594_868_791,
    ],
    [
        1.0, 0.106_420_880_400_844_23, 0.540_397_917_702_171, 0.071_828_654_414_196_27,
        0.126_171_219_808_761_64, 0.013_637_083_912_029_05, 0.011_984_499_846_799_107,
    ],
);
/// ln(a·erfc a) + a² + 0.5625 in 1/a², for 1.25 ≤ a < 1/0.35.
#[rustfmt::skip]
const ERFC_MIDDLE: Ratio<8, 9> = (
    [
        -0.009_864_944_034_847_148, -0.693_858_572_707_181_8, -10.558_626_225_323_291,
        -62.375_332_450_326_006, -162.396_669_462_573_47, -184.605_092_906_711_04, -81.287_435_506_306_6,
        -9.814_329_344_169_145,
    ],
    [
        1.0, 19.651_271_667_439_257, 137.657_754_143_519_04, 434.565_877_475_229_23, 645.387_271_733_267_9,
        429.008_140_027_567_83, 108.635_005_541_779_44, 6.570_249_770_319_282, -0.060_424_415_214_858_1,
    ],
);
/// ln(a·erfc a) + a² + 0.5625 in 1/a², for 1/0.35 ≤ a.
#[rustfmt::skip]
const ERFC_FAR: Ratio<7, 8> = (
    [
        -0.009_864_942_924_700_1, -0.799_283_237_680_523, -17.757_954_917_754_752, -160.636_384_855_821_92,
        -637.566_443_368_389_6, -1_025.095_131_611_077_2, -483.519_191_608_651_4,
    ],
    [
        1.0, 30.338_060_743_482_46, 325.792_512_996_573_9, 1_536.729_586_084_437, 3_199.858_219_508_595_5,
        2_553.050_406_433_164_4, 474.528_541_206_955_37, -22.440_952_446_585_82,
    ],
);
/// Φ⁻¹(p)/(p − ½) in 0.180625 − (p − ½)², for |p − ½| ≤ 0.425.
#[rustfmt::skip]
const QUANTILE_MIDDLE: Ratio<8, 8> = (
    [
        3.387_132_872_796_366_5, 133.141_667_891_784_38, 1_971.590_950_306_551_3, 13_731.693_765_509_46,
        45_921.953_931_549_87, 67_265.770_927_008_7, 33_430.575_583_588_13, 2_509.080_928_730_122_7,
    ],
    [
        1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751, 21_213.794_301_586_597,
        39_307.895_800_092_71, 28_729.085_735_721_943, 5_226.495_278_852_854,
    ],
);
/// Φ⁻¹ in √(−ln tail) − 1.6, for √(−ln tail) ≤ 5.
#[rustfmt::skip]
const QUANTILE_TAIL: Ratio<8, 8> = (
    [
        1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
        1.270_458_252_452_368_4, 0.241_780_725_177_450_6, 0.022_723_844_989_269_184,
        0.000_774_545_014_278_341_4,
    ],
    [
        1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1, 0.148_103_976_427_480_08,
        0.015_198_666_563_616_457, 0.000_547_593_808_499_534_5, 1.050_750_071_644_416_9e-9,
    ],
);
/// Φ⁻¹ in √(−ln tail) − 5, beyond that.
#[rustfmt::skip]
const QUANTILE_FAR: Ratio<8, 8> = (
    [
        6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 0.296_560_571_828_504_87,
        0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4, 2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0, 0.599_832_206_555_888, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
        0.000_786_869_131_145_613_3, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7,
        2.044_263_103_389_939_7e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;

    /// How many representable numbers apart two results are; equal infinities and two NaN are zero apart.
    fn apart(a: f64, b: f64) -> u64 {
        let line = |x: f64| if x < 0.0 { -((x.to_bits() & !(1 << 63)) as i64) } else { x.to_bits() as i64 };
        if a.is_nan() || b.is_nan() {
            return if a.is_nan() && b.is_nan() { 0 } else { u64::MAX };
        }
        line(a).abs_diff(line(b))
    }

    /// Numbers over a range, evenly but for a step that shares no pattern with powers of two.
    fn dense(low: f64, high: f64, count: u32) -> impl Iterator<Item = f64> {
        (0..count).map(move |i| low + (high - low) * ((f64::from(i) + 0.381_966) / f64::from(count)))
    }

    /// Numbers of every exponent: bit patterns, evenly.
    fn every_exponent(count: u64) -> impl Iterator<Item = f64> {
        (0..count).map(move |i| f64::from_bits(i * (0x7ff0_0000_0000_0000 / count) + i))
    }

    fn assert_close(name: &str, ours: fn(f64) -> f64, theirs: fn(f64) -> f64, x: f64) {
        let (a, b) = (ours(x), theirs(x));
        assert!(apart(a, b) <= 1, "{name}({x:e}): {a:e}, libm {b:e}");
    }

    #[test]
    fn many_at_once_are_to_the_bit_what_each_is_alone() {
        let mut seed = 11_u64;
        let mut draw = || {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (seed >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
        };
        let half_turn = 0.5 * std::f64::consts::LN_2;
        let mut exponents = vec![
            0.0,
            -0.0,
            half_turn,
            -half_turn,
            half_turn.next_up(),
            f64::NEG_INFINITY,
            700.0,
            -700.0,
            5e-324,
        ];
        exponents.extend((1..600).map(|k| (f64::from(k) - 0.5) * std::f64::consts::LN_2));
        for width in [1e-9, 0.4, 3.0, 40.0, 700.0] {
            exponents.extend((0..4000).map(|_| width * draw()));
        }
        let all_bits = |xs: &[f64]| xs.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let check = |numbers: &[f64], each: fn(&mut [f64]), one: fn(f64) -> f64| {
            let mut together = numbers.to_vec();
            each(&mut together);
            let alone: Vec<f64> = numbers.iter().map(|&x| one(x)).collect();
            assert_eq!(all_bits(&together), all_bits(&alone));
        };
        check(&exponents, exp_each, exp);
        check(&[-744.0, 1.0, 800.0, -720.5], exp_each, exp);
        let mut positive: Vec<f64> =
            exponents.iter().filter(|x| x.abs() < 300.0).map(|&x| exp(2.0 * x)).collect();
        positive.push(0.0);
        check(&positive, ln_each, ln);
        check(&[1e-310, 1.0, -1.0, f64::INFINITY], ln_each, |x| if x < 0.0 { f64::NAN } else { ln(x) });
    }

    #[test]
    fn exponential_and_logarithm_agree_with_an_independent_library_to_one_unit() {
        for x in dense(-750.0, 712.0, 400_000).chain(dense(-2.0, 2.0, 400_000)) {
            assert_close("exp", exp, libm::exp, x);
            assert_close("expm1", expm1, libm::expm1, x);
            assert_close("ln", ln, libm::log, x.abs() + 1e-9);
            assert_close("log1p", log1p, libm::log1p, x.abs() - 0.999);
        }
        for x in every_exponent(400_000) {
            assert_close("exp", exp, libm::exp, -x);
            assert_close("expm1", expm1, libm::expm1, x);
            assert_close("expm1", expm1, libm::expm1, -x);
            assert_close("ln", ln, libm::log, x);
            assert_close("log1p", log1p, libm::log1p, x);
            assert_close("log1p", log1p, libm::log1p, -x);
        }
    }

    #[test]
    fn edges_are_those_named() {
        let (infinity, tiny) = (f64::INFINITY, f64::from_bits(1));
        for f in
            [exp, expm1, ln, log1p, logistic, normal_cdf, normal_quantile, normal_density, event_probability]
        {
            assert!(f(f64::NAN).is_nan());
        }
        assert_eq!(
            (exp(0.0), exp(-0.0), exp(tiny), exp(-infinity), exp(infinity)),
            (1.0, 1.0, 1.0, 0.0, infinity)
        );
        assert_eq!((exp(709.782_712_893_385), exp(-745.2)), (infinity, 0.0));
        assert_eq!(exp(-745.13), tiny);
        assert_eq!((ln(1.0), ln(0.0), ln(-0.0), ln(infinity)), (0.0, -infinity, -infinity, infinity));
        assert!(ln(-1.0).is_nan() && ln(-infinity).is_nan() && ln(-tiny).is_nan());
        assert!(apart(ln(tiny), -744.440_071_921_381_3) <= 1);
        assert_eq!((log1p(-1.0), log1p(infinity), log1p(tiny)), (-infinity, infinity, tiny));
        assert!(log1p(-1.5).is_nan() && log1p(-infinity).is_nan());
        assert_eq!((expm1(infinity), expm1(-infinity), expm1(tiny)), (infinity, -1.0, tiny));
        assert!(expm1(-0.0).is_sign_negative() && log1p(-0.0).is_sign_negative());
        assert_eq!((event_probability(0.0), event_probability(-3.0)), (0.0, 0.0));
        assert_eq!((event_probability(infinity), event_probability(tiny)), (1.0, tiny));
        assert_eq!((logistic(-infinity), logistic(0.0), logistic(infinity)), (0.0, 0.5, 1.0));
        assert_eq!((normal_cdf(-infinity), normal_cdf(0.0), normal_cdf(infinity)), (0.0, 0.5, 1.0));
        assert_eq!((normal_cdf(-39.0), normal_cdf(9.0), normal_density(infinity)), (0.0, 1.0, 0.0));
        assert_eq!(
            (normal_quantile(0.0), normal_quantile(0.5), normal_quantile(1.0)),
            (-infinity, 0.0, infinity)
        );
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan());
        assert!(normal_quantile(infinity).is_nan() && normal_quantile(-infinity).is_nan());
    }

    #[test]
    fn powers_keep_their_edges_and_their_precision() {
        let infinity = f64::INFINITY;
        assert_eq!((pow(0.0, 0.0), pow(f64::NAN, 0.0), pow(1.0, f64::NAN)), (1.0, 1.0, 1.0));
        assert_eq!((pow(0.0, 2.0), pow(0.0, -2.0), pow(infinity, -1.0)), (0.0, infinity, 0.0));
        assert_eq!((pow(2.0, infinity), pow(0.5, infinity)), (infinity, 0.0));
        assert!(pow(-2.0, 2.0).is_nan() && pow(2.0, f64::NAN).is_nan());
        for x in dense(0.01, 50.0, 5_000) {
            for y in [-3.7, -1.0, 0.5, 2.0, 4.25] {
                let exact = libm::pow(x, y);
                let allowed = ((y * ln(x)).abs() + 2.0) * f64::EPSILON * exact;
                assert!((pow(x, y) - exact).abs() <= allowed, "{x}^{y}");
            }
        }
    }

    #[test]
    fn a_small_hazard_is_its_own_probability() {
        for hazard in [1e-300, 1e-18, 1e-12, 1e-6] {
            let p = event_probability(hazard);
            assert!((p - hazard * (1.0 - hazard / 2.0)).abs() <= 1e-12 * hazard, "{hazard}");
        }
        assert!((event_probability(std::f64::consts::LN_2) - 0.5).abs() < 1e-16);
        let step_by_step = 1.0 - (1.0 - event_probability(0.3)) * (1.0 - event_probability(0.4));
        assert!((event_probability(0.7) - step_by_step).abs() < 1e-15);
    }

    /// Φ(−x) at the binary number nearest to x, computed with 80 digits (series to 4, continued fraction beyond).
    const LOWER_TAIL: [(f64, f64); 17] = [
        (0.125, 0.450_261_775_169_887_1),
        (0.5, 0.308_537_538_725_986_9),
        (1.0, 0.158_655_253_931_457_05),
        (1.1875, 0.117_515_228_293_214_15),
        (1.25, 0.105_649_773_666_855_25),
        (1.5, 0.066_807_201_268_858_07),
        (1.75, 0.040_059_156_863_817_09),
        (2.0, 0.022_750_131_948_179_21),
        (3.0, 0.001_349_898_031_630_094_6),
        (4.0, 3.167_124_183_311_992_4e-5),
        (4.5, 3.397_673_124_730_060_3e-6),
        (6.0, 9.865_876_450_376_98e-10),
        (8.1, 2.747_959_392_398_228_6e-16),
        (10.3, 3.523_065_078_926_412_4e-25),
        (20.7, 1.731_851_879_019_737_8e-95),
        (30.1, 2.422_667_217_985_758_6e-199),
        (37.3, 8.205_494_844_930_773e-305),
    ];

    #[test]
    fn normal_distribution_meets_reference_values_in_both_tails() {
        for (x, lower) in LOWER_TAIL {
            assert!((normal_cdf(-x) - lower).abs() <= 1e-15 * lower, "Φ(−{x}) = {:e}", normal_cdf(-x));
            assert!((normal_cdf(x) - (1.0 - lower)).abs() <= 1.2e-16, "Φ({x})");
        }
        for x in dense(0.0, 10.0, 100_000) {
            let theirs = 0.5 * libm::erfc(-x * HALF_SQRT);
            assert!((normal_cdf(x) - theirs).abs() < 4e-16, "Φ({x})");
            let (ours, theirs) = (normal_cdf(-x), 0.5 * libm::erfc(x * HALF_SQRT));
            assert!((ours - theirs).abs() < (1e-15 + x * x * f64::EPSILON) * theirs, "Φ(−{x})");
        }
    }

    #[test]
    fn quantile_inverts_the_distribution() {
        for p in dense(0.0, 1.0, 100_000) {
            let x = normal_quantile(p);
            assert!((normal_cdf(x) - p).abs() <= 4e-16, "{p}");
            assert_eq!(normal_quantile(1.0 - p), -normal_quantile(1.0 - (1.0 - p)), "{p}");
        }
        for e in 1..=300 {
            let p = pow(10.0, -f64::from(e));
            let x = normal_quantile(p);
            // A change of one unit in x moves Φ by x² units: the inverse cannot be held to less.
            assert!((normal_cdf(x) / p - 1.0).abs() <= (x * x + 8.0) * f64::EPSILON, "1e-{e}");
            assert!(x < normal_quantile(1.1 * p));
        }
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
        assert!((normal_quantile(f64::from_bits(1)) + 38.467_405_617_144_34).abs() < 1e-10);
    }

    #[test]
    fn inclusive_value_and_shares_survive_extreme_utilities() {
        let infinity = f64::INFINITY;
        assert_eq!(log_sum_exp(&[]), -infinity);
        assert_eq!(
            (log_sum_exp(&[-infinity, -infinity]), log_sum_exp(&[1.0, infinity])),
            (-infinity, infinity)
        );
        assert!(log_sum_exp(&[f64::NAN, 1.0]).is_nan() && log_sum_exp(&[1.0, f64::NAN]).is_nan());
        assert_eq!(log_sum_exp(&[-1e6]), -1e6);
        assert!((log_sum_exp(&[1e4, 1e4]) - (1e4 + std::f64::consts::LN_2)).abs() < 1e-11);
        assert!((log_sum_exp(&[-infinity, 0.0, ln(3.0)]) - ln(4.0)).abs() < 1e-15);
        let mut shares = [9.0; 3];
        softmax(&[1e5, 1e5 + ln(3.0), -infinity], &mut shares);
        assert!((shares[0] - 0.25).abs() < 1e-10 && (shares[1] - 0.75).abs() < 1e-10 && shares[2] == 0.0);
        softmax(&[-infinity; 3], &mut shares);
        assert_eq!(shares, [0.0; 3]);
        softmax(&[infinity, 1.0, infinity], &mut shares);
        assert_eq!(shares, [0.5, 0.0, 0.5]);
        softmax(&[0.0, f64::NAN, 0.0], &mut shares);
        assert!(shares.iter().all(|s| s.is_nan()));
        softmax(&[2.0], &mut shares[..1]);
        assert_eq!(shares[0], 1.0);
    }
}
