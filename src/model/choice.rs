//! Choosing where and how: utilities, and a tree of routes within destinations (model 5.3).

mod forest;

pub use forest::Forest;

use super::math::{exp, ln};

/// Chance that is hoped for where none is believed in: somebody always tries, and the worth of a chance stays finite.
pub const LEAST_CHANCE: f64 = 0.01;

/// Tastes of a stratum, in units of utility (the scale of the choice among destinations is 1).
///
/// | field | unit | range | default | source |
/// | --- | --- | --- | --- | --- |
/// | `beta_protection` | utility per unit of chance | ≥ 0 | 3 | order of magnitude from Hatton (2009, 2017); Hatton & Moloney (2015) |
/// | `beta_chance` | elasticity | ≥ 0 | 0 | form: Todaro (1969); 0 leaves it out |
/// | `beta_network` | elasticity | ≥ 0 | 0.3 | order of magnitude from Beine, Bertoli & Fernández-Huertas Moraga (2016) |
/// | `beta_income` | elasticity | ≥ 0 | 0.5 | order of magnitude from Beine, Bertoli & Fernández-Huertas Moraga (2016) |
/// | `beta_distance` | elasticity | ≥ 0 | 0.6 | order of magnitude from Beine, Bertoli & Fernández-Huertas Moraga (2016) |
/// | `beta_fare` | utility | ≥ 0 | 1 | assumption, not estimated |
/// | `beta_risk` | utility per unit of risk | ≥ 0 | 5 | assumption, not estimated |
/// | `beta_wait` | utility per year | any | 0.15 | sign from Bertoli, Brücker & Fernández-Huertas Moraga (2022), of the well-founded; size assumed |
/// | `beta_reception` | utility | ≥ 0 | 0.2 | small: Hatton & Moloney (2015) |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tastes {
    /// Weight of the perceived chance of protection.
    pub beta_protection: f64,
    /// Elasticity to the perceived chance of protection.
    pub beta_chance: f64,
    /// Elasticity to settled compatriots.
    pub beta_network: f64,
    /// Elasticity to the ratio of incomes.
    pub beta_income: f64,
    /// Elasticity to distance.
    pub beta_distance: f64,
    /// Weight of the fare over the household's means.
    pub beta_fare: f64,
    /// Weight of the perceived risk of death, at an aversion of 1.
    pub beta_risk: f64,
    /// Weight of a year of waiting; below 0 where a pending claim brings a tolerated stay that is worth
    /// having.
    pub beta_wait: f64,
    /// Weight of reception conditions.
    pub beta_reception: f64,
}

impl Default for Tastes {
    fn default() -> Self {
        Self {
            beta_protection: 3.0,
            beta_chance: 0.0,
            beta_network: 0.3,
            beta_income: 0.5,
            beta_distance: 0.6,
            beta_fare: 1.0,
            beta_risk: 5.0,
            beta_wait: 0.15,
            beta_reception: 0.2,
        }
    }
}

/// What one alternative (destination, route, channel) offers to a household, as it perceives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attraction {
    /// What the other terms leave out, in utility.
    pub constant: f64,
    /// Perceived chance of protection, a share.
    pub protection: f64,
    /// ln(1 + N), N the settled compatriots at the destination, in persons.
    pub log_settled: f64,
    /// Logarithm of the income there over that at home.
    pub log_income_ratio: f64,
    /// Logarithm of the length of the route in km.
    pub log_distance_km: f64,
    /// Fare of the household in USD.
    pub fare_usd: f64,
    /// What the household can pay at most, in USD.
    pub wealth_usd: f64,
    /// Aversion to risk, 1 on average.
    pub aversion: f64,
    /// Perceived risk of death, a share.
    pub death_risk: f64,
    /// Perceived wait for an outcome in years.
    pub wait_years: f64,
    /// Reception conditions, an index.
    pub reception: f64,
}

/// Utility of one alternative.
///
/// ```text
/// V = asc + β_prot·q + β_chance·ln((q + q0)/(1 + q0)) + β_net·ln(1 + N) + β_inc·ln(y_d/y_o) − β_dist·ln(km)
///     − β_fare·fare/wealth − β_risk·aversion·m − β_wait·w + β_rec·reception
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | β | `tastes` | utility | see [`Tastes`] | weights |
/// | asc, q, N, … | `of` | see [`Attraction`] | | what the alternative offers |
///
/// Source: gravity equations of migration as random utility (Beine, Bertoli & Fernández-Huertas Moraga 2016);
/// the terms in policy follow Hatton (2009, 2017) and Hatton & Moloney (2015).
///
/// Limits: −∞ where the fare exceeds the means; a free passage is open to those without means.
pub fn utility(tastes: &Tastes, of: &Attraction) -> f64 {
    if of.fare_usd > of.wealth_usd {
        return f64::NEG_INFINITY;
    }
    utility_beyond(common_utility(tastes, of), tastes, of)
}

/// The terms of [`utility`] that are the same whatever a household's means and its aversion to risk, in their order.
#[inline]
pub(crate) fn common_utility(tastes: &Tastes, of: &Attraction) -> f64 {
    of.constant
        + tastes.beta_protection * of.protection
        + chance_worth(tastes.beta_chance, of.protection)
        + tastes.beta_network * of.log_settled
        + tastes.beta_income * of.log_income_ratio
        - tastes.beta_distance * of.log_distance_km
}

/// [`utility`] of a passage that is within a household's means, where the terms before are known.
#[inline]
pub(crate) fn utility_beyond(common: f64, tastes: &Tastes, of: &Attraction) -> f64 {
    let fare_share = if of.fare_usd > 0.0 { of.fare_usd / of.wealth_usd } else { 0.0 };
    common
        - tastes.beta_fare * fare_share
        - tastes.beta_risk * of.aversion * of.death_risk
        - tastes.beta_wait * of.wait_years
        + tastes.beta_reception * of.reception
}

/// What a chance of protection is worth where the value of going is that of what is hoped for, times the chance of it.
///
/// ```text
/// β_chance·ln( (q + q0)/(1 + q0) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | β_chance | `beta` | elasticity | ≥ 0 | relative change of departures over that of the chance, for a magnet of 1 |
/// | q | `chance` | probability | 0 … 1 | perceived chance of protection |
///
/// Source: Todaro (1969): who migrates weighs a gain times the chance of it. In logarithms, as the gravity equations of
/// [`utility`] are, chance and income add up; an elasticity of its own leaves open how much of the gain hangs on it.
///
/// Limits: 0 at certainty, and below it otherwise; q0 = [`LEAST_CHANCE`] keeps it finite where nothing is hoped for. To
/// halve a small chance takes as much as to halve a large one, where `beta_protection` takes hardly anything.
pub fn chance_worth(beta: f64, chance: f64) -> f64 {
    if beta > 0.0 { beta * ln((chance + LEAST_CHANCE) / (1.0 + LEAST_CHANCE)) } else { 0.0 }
}

/// What settled compatriots are worth.
///
/// ```text
/// β_net·ln(1 + N)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | N | `settled` | person | ≥ 0 | settled compatriots with decay, plus the year's arrivals |
/// | β_net | `beta` | elasticity | ≥ 0 | weight |
///
/// Source: order of magnitude from Beine, Bertoli & Fernández-Huertas Moraga (2016).
///
/// Limits: 0 without compatriots; with μ·β_net ≥ 1 a network would feed on itself without end, which loading
/// refuses.
pub fn network_value(settled: f64, beta: f64) -> f64 {
    beta * ln(1.0 + settled.max(0.0))
}

/// Settled compatriots after some days.
///
/// ```text
/// N ← N·exp(−δ·Δt) + arrivals
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | N | `settled` | person | ≥ 0 | settled compatriots before |
/// | arrivals | `arrivals` | person | ≥ 0 | those who arrived in these days |
/// | δ | `decay_per_day` | 1/day | ≥ 0 | ties that loosen (default 0.02 a year) |
/// | Δt | `elapsed_days` | day | ≥ 0 | days |
///
/// Source: assumption, not estimated.
///
/// Limits: without decay a plain sum; steady arrivals α a day settle near α/δ.
pub fn network_step(settled: f64, arrivals: f64, decay_per_day: f64, elapsed_days: f64) -> f64 {
    settled * exp(-decay_per_day * elapsed_days) + arrivals
}

/// One alternative in the tree of choice. The leaves of one nest stand together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaf {
    /// The nest it belongs to: a destination, or the orderly channel.
    pub nest: u16,
    /// Its utility; −∞ where it is infeasible.
    pub value: f64,
    /// Its size: a corridor described as k carries 1/k each.
    pub size: f64,
    /// Consideration weight ω of its nest, the same in all leaves of the nest; the first leaf's counts.
    pub nest_weight: f64,
}

impl Leaf {
    /// Logarithm of its weight within the nest; −∞ where infeasible.
    fn log_weight(&self, nest_scale: f64) -> f64 {
        let feasible = self.size > 0.0 && self.value > f64::NEG_INFINITY;
        if feasible { self.value / nest_scale + ln(self.size) } else { f64::NEG_INFINITY }
    }
}

/// Logarithm of a sum of exponentials; −∞ of nothing feasible.
fn log_sum(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + ln(terms.map(|t| exp(t - top)).sum())
}

/// Nests, as runs of leaves.
fn nests(leaves: &[Leaf]) -> impl Iterator<Item = &[Leaf]> + Clone {
    leaves.chunk_by(|a, b| a.nest == b.nest)
}

/// Log-sum within a nest, and the value of the nest with its consideration weight.
fn nest_values(nest: &[Leaf], nest_scale: f64) -> (f64, f64) {
    let within = log_sum(nest.iter().map(|leaf| leaf.log_weight(nest_scale)));
    let weight = nest.first().map_or(0.0, |leaf| leaf.nest_weight);
    let open = within > f64::NEG_INFINITY && weight > 0.0;
    (within, if open { ln(weight) + nest_scale * within } else { f64::NEG_INFINITY })
}

/// Inclusive value of a tree of alternatives: the expected utility of the best, up to a constant.
///
/// ```text
/// I = ln Σ_d ω_d · exp( ϑ·ln Σ_{a∈d} size_a·exp(V_a/ϑ) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ω_d, size_a, V_a | `leaves` | | one item per alternative, nests together | the tree |
/// | ϑ | `nest_scale` | ratio | 0 < ϑ ≤ 1 | scale within a nest; 1: no likeness among its routes |
///
/// Source: nested logit (McFadden 1978).
///
/// Limits: ϑ = 1 is a plain logit; ϑ → 0 takes the best route of each nest; −∞ where nothing is feasible;
/// raising every utility by c raises I by c. ∂I/∂V_a is the share of a.
pub fn inclusive_value(leaves: &[Leaf], nest_scale: f64) -> f64 {
    log_sum(nests(leaves).map(|nest| nest_values(nest, nest_scale).1))
}

/// Share of each alternative; returns the inclusive value.
///
/// ```text
/// P(a) = exp(I_d − I) · size_a·exp(V_a/ϑ) / Σ_{b∈d} size_b·exp(V_b/ϑ),   I_d = ln ω_d + ϑ·ln Σ_{b∈d} size_b·exp(V_b/ϑ)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ω_d, size_a, V_a | `leaves` | | one item per alternative, nests together | the tree |
/// | ϑ | `nest_scale` | ratio | 0 < ϑ ≤ 1 | scale within a nest |
/// | P | `out` | share | as many as `leaves` | shares, in the order of the leaves |
///
/// Source: nested logit (McFadden 1978).
///
/// Limits: shares sum to 1, or are all 0 where nothing is feasible (I = −∞). Items of `out` beyond the leaves
/// are left as they are; leaves beyond `out` get no share written.
pub fn probabilities(leaves: &[Leaf], nest_scale: f64, out: &mut [f64]) -> f64 {
    // Every day for every stratum: one exponential for each leaf, one more and a logarithm for each nest.
    let top = leaves.iter().map(|l| l.value).fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        out.iter_mut().zip(leaves).for_each(|(share, _)| *share = 0.0);
        return top;
    }
    let ratio = |exponent: f64| if exponent == 0.0 { 1.0 } else { exp(exponent) };
    let (mut whole, mut shares) = (0.0, &mut *out);
    for nest in nests(leaves) {
        let best = nest.iter().map(|l| l.value).fold(f64::NEG_INFINITY, f64::max);
        let here;
        (here, shares) = shares.split_at_mut(nest.len().min(shares.len()));
        let mut sum = 0.0;
        for (leaf, share) in nest.iter().zip(here.iter_mut()) {
            let feasible = leaf.value > f64::NEG_INFINITY && leaf.size > 0.0;
            *share = if feasible { leaf.size * ratio((leaf.value - best) / nest_scale) } else { 0.0 };
            sum += *share;
        }
        let open = sum > 0.0 && nest[0].nest_weight > 0.0;
        let log_sum = if sum == 1.0 { 0.0 } else { ln(sum) };
        let weight = if open { nest[0].nest_weight * ratio(best - top + nest_scale * log_sum) } else { 0.0 };
        whole += weight;
        let scale = if open { weight / sum } else { 0.0 };
        for share in here {
            *share *= scale;
        }
    }
    if whole <= 0.0 {
        return f64::NEG_INFINITY;
    }
    out.iter_mut().zip(leaves).for_each(|(share, _)| *share /= whole);
    top + ln(whole)
}

/// The alternative that is first in a race of exponential waits; none where no rate is above 0.
///
/// ```text
/// argmin_a  E_a / λ_a,   E_a = −ln u_a        has shares exactly λ_a / Σ λ
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | λ_a | `rates` | any | ≥ 0 | rate of the alternative, or anything in proportion to its share |
/// | u_a | `uniform` | 1 | (0, 1) | the draw that belongs to (person, attempt, alternative), asked for by position |
///
/// The same choice as the largest of ln λ + Gumbel, which is −ln of the wait, without two of the three logarithms; and
/// since 1 − u < −ln u < (1 − u²)/2u, alternatives whose waits cannot be the shortest are passed over without the
/// third.
///
/// A nested logit is not the largest of V + Gumbel, for draws within a nest would have to be correlated; of its shares
/// a race is one. Spoiling one alternative then raises the shares of all those in other nests by one factor and of
/// those in its own nest by another, through the value of the nest alone. The two agree when ϑ = 1: only those move
/// who would have taken the alternative that was spoilt. With ϑ < 1 some move besides from other nests into its own
/// nest, or the reverse.
///
/// Source: race of exponentials (Luce; Yellott 1977).
///
/// Limits: a rate of 0 never wins; a common factor of all rates changes nothing; equal waits go to the earlier
/// alternative.
pub fn first_of(rates: &[f64], uniform: impl Fn(usize) -> f64) -> Option<usize> {
    Race::of(rates).map(|race| race.first(uniform))
}

/// A race of exponential waits that is run many times: see [`first_of`].
#[derive(Clone, Copy, Debug)]
pub struct Race<'a> {
    rates: &'a [f64],
    favourite: usize,
}

impl<'a> Race<'a> {
    /// A race at some rates; none where no rate is above 0.
    pub fn of(rates: &'a [f64]) -> Option<Self> {
        let mut favourite = None;
        for (at, &rate) in rates.iter().enumerate() {
            if rate > favourite.map_or(0.0, |best: usize| rates[best]) {
                favourite = Some(at);
            }
        }
        Some(Self { rates, favourite: favourite? })
    }

    /// Who is first, where each draws a number of its own.
    #[inline]
    pub fn first(self, uniform: impl Fn(usize) -> f64) -> usize {
        let Self { rates, favourite } = self;
        let u = uniform(favourite);
        // The favourite waits no longer than this; where no other wait can be as short, no logarithm is needed.
        let longest = (1.0 - u) * (1.0 + u) / (2.0 * u * rates[favourite]) * (1.0 + 1e-12);
        let rival =
            |(at, &rate): (usize, &f64)| at != favourite && rate > 0.0 && 1.0 - uniform(at) <= longest * rate;
        if rates.iter().enumerate().any(rival) { self.run(u, uniform) } else { favourite }
    }

    /// The same, with the draw of the favourite known.
    fn run(self, u: f64, uniform: impl Fn(usize) -> f64) -> usize {
        let Self { rates, favourite } = self;
        let (mut first, mut shortest) = (favourite, -ln(u) / rates[favourite]);
        for (at, &rate) in rates.iter().enumerate() {
            if rate <= 0.0 || at == favourite {
                continue;
            }
            let u = uniform(at);
            // A little more than the rounding of what is compared, so that passing over never changes who is first.
            if 1.0 - u > shortest * rate * (1.0 + 1e-12) {
                continue;
            }
            let wait = -ln(u) / rate;
            if wait < shortest || (wait == shortest && at < first) {
                (first, shortest) = (at, wait);
            }
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFEASIBLE: f64 = f64::NEG_INFINITY;

    fn leaf(nest: u16, value: f64, size: f64, nest_weight: f64) -> Leaf {
        Leaf { nest, value, size, nest_weight }
    }

    fn tree() -> Vec<Leaf> {
        vec![
            leaf(0, 1.2, 1.0, 0.5),
            leaf(0, 0.4, 0.5, 0.5),
            leaf(0, INFEASIBLE, 1.0, 0.5),
            leaf(1, -0.3, 1.0, 0.3),
            leaf(2, 2.0, 0.7, 0.2),
            leaf(2, 1.9, 1.3, 0.2),
        ]
    }

    fn shares(leaves: &[Leaf], scale: f64) -> (f64, Vec<f64>) {
        let mut out = vec![f64::NAN; leaves.len()];
        let value = probabilities(leaves, scale, &mut out);
        (value, out)
    }

    fn uniform(seed: u64, alternative: u64) -> f64 {
        let mut s = (seed * 64 + alternative + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for _ in 0..4 {
            s = (s ^ (s >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        }
        ((s >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn choose(p: &[f64], seed: u64) -> usize {
        first_of(p, |i| uniform(seed, i as u64)).unwrap()
    }

    #[test]
    fn shares_sum_to_one_and_agree_with_the_inclusive_value() {
        for scale in [0.05, 0.3, 0.6, 1.0] {
            let (value, p) = shares(&tree(), scale);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            assert!((value - inclusive_value(&tree(), scale)).abs() < 1e-12 * value.abs().max(1.0));
            assert_eq!(p[2], 0.0);
        }
    }

    #[test]
    fn the_gradient_of_the_inclusive_value_is_the_shares() {
        let (h, scale) = (1e-5, 0.6);
        let (_, p) = shares(&tree(), scale);
        for i in 0..p.len() {
            let (mut up, mut down) = (tree(), tree());
            up[i].value += h;
            down[i].value -= h;
            let slope = (inclusive_value(&up, scale) - inclusive_value(&down, scale)) / (2.0 * h);
            assert!((slope - p[i]).abs() < 1e-9, "{slope} against {}", p[i]);
        }
    }

    #[test]
    fn describing_one_corridor_as_several_changes_nothing() {
        let (before, p) = shares(&tree(), 0.6);
        let mut split = tree();
        let one = split[0];
        split.splice(0..1, (0..5).map(|_| leaf(one.nest, one.value, one.size / 5.0, one.nest_weight)));
        let (after, q) = shares(&split, 0.6);
        assert!((before - after).abs() < 1e-14);
        assert!((q[..5].iter().sum::<f64>() - p[0]).abs() < 1e-14);
        assert!(p[1..].iter().zip(&q[5..]).all(|(a, b)| (a - b).abs() < 1e-14));
    }

    #[test]
    fn one_more_country_of_the_same_value_does_not_by_itself_raise_it() {
        let same = |weights: &[f64]| {
            let leaves: Vec<Leaf> =
                weights.iter().enumerate().map(|(i, &w)| leaf(i as u16, 0.8, 1.0, w)).collect();
            inclusive_value(&leaves, 0.6)
        };
        assert!((same(&[0.5, 0.5]) - 0.8).abs() < 1e-14);
        assert!((same(&[0.5, 0.5]) - same(&[0.4, 0.4, 0.2])).abs() < 1e-14, "weights renormalised");
        let distant = [leaf(0, 0.8, 1.0, 0.9), leaf(1, -3.0, 1.0, 0.1)];
        assert!(inclusive_value(&distant, 0.6) < 0.8, "a distant country draws nobody");
    }

    #[test]
    fn a_scale_of_one_is_a_plain_logit() {
        let (value, p) = shares(&tree(), 1.0);
        let weight =
            |l: &Leaf| if l.value > INFEASIBLE { l.nest_weight * l.size * exp(l.value) } else { 0.0 };
        let total: f64 = tree().iter().map(weight).sum();
        assert!((value - ln(total)).abs() < 1e-14);
        assert!(tree().iter().zip(&p).all(|(l, p)| (weight(l) / total - p).abs() < 1e-14));
    }

    #[test]
    fn a_small_scale_takes_the_best_of_each_nest() {
        let (value, p) =
            shares(&[leaf(0, 1.0, 1.0, 0.5), leaf(0, 0.9, 1.0, 0.5), leaf(1, 1.0, 1.0, 0.5)], 1e-3);
        assert!((value - 1.0).abs() < 1e-9);
        assert!(p[1] < 1e-12 && (p[0] - 0.5).abs() < 1e-9);
    }

    #[test]
    fn nothing_feasible_is_minus_infinity_and_no_share() {
        for leaves in [
            vec![leaf(0, INFEASIBLE, 1.0, 0.5), leaf(1, INFEASIBLE, 1.0, 0.5)],
            vec![leaf(0, 1.0, 0.0, 0.5), leaf(1, 1.0, 1.0, 0.0)],
            vec![],
        ] {
            let (value, p) = shares(&leaves, 0.6);
            assert_eq!(value, INFEASIBLE);
            assert!(p.iter().all(|&p| p == 0.0));
        }
    }

    #[test]
    fn large_utilities_do_not_overflow() {
        for shift in [-1e5, 1e5] {
            let moved: Vec<Leaf> = tree().iter().map(|l| Leaf { value: l.value + shift, ..*l }).collect();
            let ((i0, p0), (i1, p1)) = (shares(&tree(), 0.6), shares(&moved, 0.6));
            assert!((i1 - i0 - shift).abs() < 1e-9);
            assert!(p0.iter().zip(&p1).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }

    #[test]
    fn the_first_is_the_largest_of_log_rate_and_gumbel() {
        let (_, p) = shares(&tree(), 0.6);
        let score = |i: usize, seed| {
            let log_rate = if p[i] > 0.0 { ln(p[i]) } else { INFEASIBLE };
            log_rate - ln(-ln(uniform(seed, i as u64)))
        };
        for seed in 0..20_000 {
            let largest = (0..p.len()).max_by(|&a, &b| score(a, seed).total_cmp(&score(b, seed))).unwrap();
            assert_eq!(choose(&p, seed), largest);
        }
        assert_eq!(first_of(&[0.0, 0.0], |_| 0.5), None);
        assert_eq!(first_of(&[0.3, 0.3], |_| 0.5), Some(0), "equal waits go to the earlier");
    }

    #[test]
    fn the_first_has_the_shares_of_the_tree() {
        let (_, p) = shares(&tree(), 0.6);
        let people = 100_000;
        let mut counts = vec![0.0_f64; p.len()];
        for seed in 0..people {
            counts[choose(&p, seed)] += 1.0;
        }
        for (count, p) in counts.iter().zip(&p) {
            let n = people as f64;
            assert!((count - n * p).abs() <= 5.0 * (n * p * (1.0 - p)).sqrt(), "{count} against {}", n * p);
        }
    }

    #[test]
    fn spoiling_an_alternative_moves_only_those_who_took_it_in_a_plain_logit() {
        let mut spoilt = tree();
        spoilt[4].value -= 1.0;
        let moves = |scale: f64| -> Vec<(usize, usize)> {
            let (p, q) = (shares(&tree(), scale).1, shares(&spoilt, scale).1);
            (0..30_000).map(|seed| (choose(&p, seed), choose(&q, seed))).filter(|(a, b)| a != b).collect()
        };
        let plain = moves(1.0);
        assert!(plain.len() > 1000 && plain.iter().all(|m| m.0 == 4));
        let nested = moves(0.6);
        let others = nested.iter().filter(|m| m.0 != 4);
        assert!(others.clone().count() > 100, "with nests others move too");
        assert!(others.clone().all(|m| m.1 == 5), "and only into the other route of the spoilt one's nest");
    }

    #[test]
    fn utility_is_the_sum_of_its_terms() {
        let t = Tastes::default();
        let plain = Attraction {
            constant: 0.1,
            protection: 0.0,
            log_settled: 0.0,
            log_income_ratio: 0.0,
            log_distance_km: 0.0,
            fare_usd: 0.0,
            wealth_usd: 0.0,
            aversion: 1.0,
            death_risk: 0.0,
            wait_years: 0.0,
            reception: 0.0,
        };
        assert_eq!(utility(&t, &plain), 0.1, "a free passage is open to those without means");
        let full = Attraction {
            protection: 0.5,
            log_settled: 2.0,
            log_income_ratio: 2.0,
            log_distance_km: 5.0,
            fare_usd: 300.0,
            wealth_usd: 600.0,
            aversion: 2.0,
            death_risk: 0.02,
            wait_years: 2.0,
            reception: 1.0,
            ..plain
        };
        let by_hand =
            0.1 + 3.0 * 0.5 + 0.3 * 2.0 + 0.5 * 2.0 - 0.6 * 5.0 - 0.5 - 5.0 * 2.0 * 0.02 - 0.3 + 0.2;
        assert!((utility(&t, &full) - by_hand).abs() < 1e-12);
        let more = Tastes { beta_chance: 2.0, ..t };
        let of_chance = utility(&more, &full) - utility(&t, &full);
        assert!((of_chance - 2.0 * ln(0.51 / 1.01)).abs() < 1e-12);
        assert_eq!(utility(&t, &Attraction { fare_usd: 601.0, ..full }), INFEASIBLE);
        assert!(utility(&t, &Attraction { fare_usd: 600.0, ..full }).is_finite());
    }

    #[test]
    fn a_small_chance_halved_is_missed_as_much_as_a_large_one() {
        assert_eq!(chance_worth(0.0, 0.0), 0.0);
        assert_eq!(chance_worth(2.0, 1.0), 0.0);
        assert!(chance_worth(2.0, 0.0).is_finite() && chance_worth(2.0, 0.0) < chance_worth(2.0, 0.01));
        let lost = |chance: f64| chance_worth(1.0, chance) - chance_worth(1.0, chance / 2.0);
        assert!((lost(0.8) - ln(2.0)).abs() < 0.02 && (lost(0.2) - ln(2.0)).abs() < 0.06);
    }

    #[test]
    fn networks_decay_and_settle() {
        assert_eq!(network_value(0.0, 0.3), 0.0);
        let thirty = (0..30).fold(1000.0, |n, _| network_step(n, 0.0, 0.001, 1.0));
        assert!((thirty - network_step(1000.0, 0.0, 0.001, 30.0)).abs() < 1e-9);
        let settled = (0..20_000).fold(0.0, |n, _| network_step(n, 5.0, 0.001, 1.0));
        assert!((settled / 5000.0 - 1.0).abs() < 1e-3);
    }
}
