//! Arrangements between States: why one joins, what it pledges, and whether it lasts (model 5.13).
//!
//! Five motives, each computed: reciprocity, political community, fairness, averting a crisis, and a
//! commitment to protection when a system is at breaking point. Trust grows out of what is delivered, as far
//! as that is seen.

use super::belief::Belief;
use super::math;
use super::pressure;
use serde::{Deserialize, Serialize};

/// The five motives of a State, before their weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Motives {
    /// See [`reciprocity`].
    pub reciprocity: f64,
    /// See [`community_overlap`].
    pub community: f64,
    /// See [`fairness_gain`].
    pub fairness: f64,
    /// See [`crisis_gain`].
    pub crisis: f64,
    /// See [`commitment`].
    pub commitment: f64,
}

/// Weights of the five motives. Only their order can be identified, from a dozen events; sizes are not
/// estimated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// w_r. Default 1; assumption, not estimated.
    pub reciprocity: f64,
    /// w_m. Default 0.5; assumption, not estimated.
    pub community: f64,
    /// w_f. Default 0.5; assumption, not estimated.
    pub fairness: f64,
    /// w_c. Default 2; assumption, not estimated.
    pub crisis: f64,
    /// w_p. Default 0.5; assumption, not estimated.
    pub commitment: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { reciprocity: 1.0, community: 0.5, fairness: 0.5, crisis: 2.0, commitment: 0.5 }
    }
}

/// Promised places relative to a State's own need of them: ĉ.
///
/// ```text
/// ĉ = min( 1, promised/own )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | promised | `promised_per_year` | person/year | ≥ 0 | places promised, or money over unit cost |
/// | own | `arrivals_per_year` | person/year | ≥ 0 | the State's own arrivals |
///
/// Source: model 5.13; the cap is an assumption: places beyond one's own arrivals relieve nothing further,
/// and without it a State that receives nobody would have an unbounded motive.
/// Limits: 0 without a promise; 1 where arrivals are none and something is promised.
pub fn promised_share(promised_per_year: f64, arrivals_per_year: f64) -> f64 {
    if promised_per_year <= 0.0 { 0.0 } else { (promised_per_year / arrivals_per_year.max(1e-9)).min(1.0) }
}

/// Motive of reciprocity.
///
/// ```text
/// trust·ĉ
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | trust | `trust` | share | [0, 1] | mean of the belief that partners deliver |
/// | ĉ | `promised_share` | ratio | ≥ 0 | see [`promised_share`] |
///
/// Source: the source's first motive; the form is an assumption. Limits: a promise not trusted is worth
/// nothing.
pub fn reciprocity(trust: f64, promised_share: f64) -> f64 {
    trust * promised_share
}

/// Overlap of the memberships of two States.
///
/// ```text
/// J = |A ∩ B| / |A ∪ B|
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | A, B | `mine`, `theirs` | flag | same length and index | membership in each body |
///
/// Source: Jaccard (1912). Limits: 1 for the same memberships, 0 for none in common or none at all;
/// symmetric.
pub fn community_overlap(mine: &[bool], theirs: &[bool]) -> f64 {
    let both = mine.iter().zip(theirs).filter(|&(&a, &b)| a && b).count();
    let either = mine.iter().zip(theirs).filter(|&(&a, &b)| a || b).count();
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

/// Mean of [`community_overlap`] with the other parties; 0 where there are none.
pub fn mean_community_overlap(mine: &[bool], others: &[&[bool]]) -> f64 {
    if others.is_empty() {
        return 0.0;
    }
    others.iter().map(|theirs| community_overlap(mine, theirs)).sum::<f64>() / others.len() as f64
}

/// [`community_overlap`] of memberships given by name; a name repeated counts once.
pub fn membership_overlap(mine: &[String], theirs: &[String]) -> f64 {
    let first_of = |list: &[String], at: usize| !list[..at].contains(&list[at]);
    let distinct = |list: &[String]| (0..list.len()).filter(|&at| first_of(list, at)).count();
    let both = (0..mine.len()).filter(|&at| first_of(mine, at) && theirs.contains(&mine[at])).count();
    let either = distinct(mine) + distinct(theirs) - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

/// How much a State minds carrying more, and carrying less, than others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aversion {
    /// α: to carrying more. Default 0.85, the mean of the distribution in Fehr and Schmidt (1999), which is
    /// of persons in laboratories; that it holds for States is an assumption, not estimated.
    pub envy: f64,
    /// β: to carrying less. Default 0.315, from the same distribution under the same assumption.
    pub guilt: f64,
}

impl Default for Aversion {
    fn default() -> Self {
        Self { envy: 0.85, guilt: 0.315 }
    }
}

/// Disutility of unequal loads: −F.
///
/// ```text
/// −F = α/(n − 1)·Σ_j max(0, l_i − l_j) + β/(n − 1)·Σ_j max(0, l_j − l_i)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | l | `loads` | share | [0, 1] | what each party carries against its fair part, see [`felt_loads`] |
/// | i | `me` | index | < n | the State concerned |
/// | α, β | `aversion` | 1 | ≥ 0 | to carrying more, to carrying less |
///
/// Loads are burdens and not payoffs, so envy is of those who carry less.
///
/// Source: Fehr and Schmidt (1999), Quarterly Journal of Economics 114. Limits: 0 with equal loads, alone, or
/// where `me` is no party; unchanged when every load grows by the same amount.
pub fn inequity(loads: &[f64], me: usize, aversion: Aversion) -> f64 {
    let Some(&mine) = loads.get(me) else { return 0.0 };
    if loads.len() < 2 {
        return 0.0;
    }
    let more: f64 = loads.iter().map(|&l| (mine - l).max(0.0)).sum();
    let less: f64 = loads.iter().map(|&l| (l - mine).max(0.0)).sum();
    (aversion.envy * more + aversion.guilt * less) / (loads.len() - 1) as f64
}

/// Motive of fairness: what an arrangement takes off inequity, at the default aversion.
///
/// ```text
/// F(with) − F(without)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | with | `loads_with` | share | [0, 1] | loads under the arrangement |
/// | without | `loads_without` | share | [0, 1] | loads as they are; same order |
/// | | `me` | index | | the State concerned |
///
/// Source: Fehr and Schmidt (1999); see [`Aversion`]. Limits: 0 where nothing moves; may be negative; never
/// above α, and of the order of the loads where few are in care.
pub fn fairness_gain(loads_with: &[f64], loads_without: &[f64], me: usize) -> f64 {
    let aversion = Aversion::default();
    inequity(loads_without, me, aversion) - inequity(loads_with, me, aversion)
}

/// Pressure, as a share, that would remain under relief by partners.
///
/// ```text
/// p̂(with) = P′/(1 + P′),    P′ = max( 0, p/(1 − p) − ρ·min(1, relief) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p | `pressure_share` | share | [0, 1) | pressure now |
/// | relief | `relief_share` | share | ≥ 0 | share of arrivals and costs that partners would take |
/// | ρ | `rho_relief` | 1 | ≥ 0 | weight of relief in pressure |
///
/// Pressure under constant terms tends to their sum, from which relief takes ρ·min(1, relief): so much is the
/// fixed point lowered. The State takes its present pressure for settled and all but the relief for constant.
///
/// Source: fixed point of the step of pressure, model 5.11. Limits: p itself without relief; never below 0.
pub fn pressure_with_relief(pressure_share: f64, relief_share: f64, rho_relief: f64) -> f64 {
    if pressure_share >= 1.0 {
        return pressure_share;
    }
    let settled = pressure::pressure_of(pressure_share) - rho_relief * relief_share.clamp(0.0, 1.0);
    pressure::share_of(settled.max(0.0))
}

/// Motive of averting a crisis.
///
/// ```text
/// p − p̂(with)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p | `pressure_share` | share | [0, 1) | pressure now |
/// | p̂(with) | `pressure_share_with` | share | [0, 1) | see [`pressure_with_relief`] |
///
/// Source: the source's fourth motive; the form is an assumption. Limits: negative where joining would add
/// pressure.
pub fn crisis_gain(pressure_share: f64, pressure_share_with: f64) -> f64 {
    pressure_share - pressure_share_with
}

/// Motive of a commitment to protection.
///
/// ```text
/// h where some party is past breaking point, else 0
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | h | `harm_avoided` | 1 | ≥ 0 | refoulements and deaths avoided, scaled |
/// | | `breaking_point` | flag | | whether some party carries more than it has room for |
///
/// Source: the source's fifth motive; the form is an assumption. Limits: silent until a system breaks.
pub fn commitment(harm_avoided: f64, breaking_point: bool) -> f64 {
    if breaking_point { harm_avoided } else { 0.0 }
}

/// What a State gains by an arrangement.
///
/// ```text
/// G = w_r·trust·ĉ + w_m·J + w_f·(F(with) − F(without)) + w_c·(p − p̂(with)) + w_p·h − cost/budget
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `motives` | 1 | | the five motives |
/// | w | `weights` | 1 | ≥ 0 | their weights |
/// | cost/budget | `cost_share` | share | ≥ 0 | cost over budget, with diplomatic cost and that of approval |
///
/// Source: model 5.13; weights are assumptions, not estimated. Limits: without motives, minus the cost.
pub fn gain(motives: &Motives, weights: &Weights, cost_share: f64) -> f64 {
    weights.reciprocity * motives.reciprocity
        + weights.community * motives.community
        + weights.fairness * motives.fairness
        + weights.crisis * motives.crisis
        + weights.commitment * motives.commitment
        - cost_share
}

/// Gain from linked issues while an arrangement is complied with.
///
/// ```text
/// l·t
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | t | `compliance_years` | year | ≥ 0 | time complied with |
/// | l | `per_year` | 1/year | ≥ 0 | gain a year |
///
/// Source: assumption, not estimated. Limits: 0 at the start; grows without bound, so the rate must be small.
pub fn linkage_gain(compliance_years: f64, per_year: f64) -> f64 {
    per_year * compliance_years
}

/// Probability that a State accepts.
///
/// ```text
/// logistic( η·(G − θ) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | η | `eta` | 1 | ≥ 0 | sharpness |
/// | G | `gain` | 1 | ℝ | see [`gain`] |
/// | θ | `threshold` | 1 | ℝ | gain at which acceptance is as likely as refusal |
///
/// Source: logit choice (McFadden 1974). Limits: 1/2 at the threshold or with η = 0.
pub fn acceptance_probability(eta: f64, gain: f64, threshold: f64) -> f64 {
    math::logistic(eta * (gain - threshold))
}

/// Threshold of a State with a record of success.
///
/// ```text
/// θ′ = θ − e·n
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | θ | `threshold` | 1 | ℝ | without a record |
/// | n | `successes` | count | ≥ 0 | arrangements that succeeded |
/// | e | `effect` | 1 | ≥ 0 | what each takes off |
///
/// Source: the source's account of Romania; the size is an assumption, not estimated. Limits: θ itself
/// without a record.
pub fn learned_threshold(threshold: f64, successes: u32, effect: f64) -> f64 {
    threshold - effect * f64::from(successes)
}

/// What a State pledges.
///
/// ```text
/// ask·key·a·(1 − χ + χ·s)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ask | `ask` | place or money | ≥ 0 | what is asked of all together |
/// | key | `key_share` | share | [0, 1] | the State's fair share of it |
/// | a | `willingness` | probability | [0, 1] | see [`acceptance_probability`] |
/// | χ | `chi` | share | [0, 1] | how far the pledge hangs on others' |
/// | s | `share_pledged_by_others` | share | [0, 1] | what others pledged of their fair shares |
///
/// Source: assumption, not estimated.
/// Limits: χ = 0 pledges whatever others do; with χ = 1 nobody begins.
pub fn pledge(ask: f64, key_share: f64, willingness: f64, chi: f64, share_pledged_by_others: f64) -> f64 {
    ask * key_share * willingness * (1.0 - chi + chi * share_pledged_by_others)
}

/// What is delivered of what was promised.
///
/// ```text
/// min( 1, delivered/promised )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | delivered | `delivered` | as promised | ≥ 0 | delivered so far |
/// | promised | `promised` | as delivered | ≥ 0 | due so far |
///
/// Source: model 5.13. Limits: 1 where nothing is due yet; delivering more than was promised earns no more
/// than 1.
pub fn delivery_ratio(delivered: f64, promised: f64) -> f64 {
    if promised <= 0.0 { 1.0 } else { (delivered / promised).clamp(0.0, 1.0) }
}

/// Trust after a review: a discounted Beta that forgets towards its prior and is credited with what was seen.
///
/// ```text
/// (A, B) ← f·(A, B) + (1 − f)·(A0, B0) + m·(d, 1 − d),     f = 2^{−Δt/T½},     trust = A/(A + B)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | A, B | `trust` | review | > 0 | weight of kept and of broken word |
/// | A0, B0 | `prior` | review | > 0 | the same without a record |
/// | T½ | `half_life_days` | day | > 0 | time in which a review loses half its weight |
/// | Δt | `elapsed_days` | day | ≥ 0 | since the last review |
/// | d | `delivery` | share | [0, 1] | see [`delivery_ratio`] |
/// | m | `monitored` | share | [0, 1] | how much of it is monitored |
///
/// Source: the discounted Beta of model 5.2; that a review weighs as much as it sees is an assumption. Word that
/// cannot be seen to be kept earns no trust, and none is lost by what is not seen.
///
/// Limits: without reviews, or without monitoring, trust returns to the prior.
pub fn trust_after_review(
    trust: Belief,
    prior: Belief,
    half_life_days: f64,
    elapsed_days: f64,
    delivery: f64,
    monitored: f64,
) -> Belief {
    trust.forget(prior, half_life_days, elapsed_days).credit(delivery, 1.0, monitored)
}

/// Share of a clause that has built up.
///
/// ```text
/// min(1, t/T)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | t | `age_days` | day | ≥ 0 | time since the arrangement came into force |
/// | T | `build_up_days` | day | ≥ 0 | time until it works in full |
///
/// Source: assumption, not estimated. Limits: T = 0 works at once.
pub fn built_share(age_days: f64, build_up_days: f64) -> f64 {
    if build_up_days > 0.0 { (age_days / build_up_days).min(1.0) } else { 1.0 }
}

/// Share of a pledge that is delivered by now.
///
/// ```text
/// δ·( 1 − exp( −t / (T·(1 + c·(n − 1))) ) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | t | `age_days` | day | ≥ 0 | time since the arrangement came into force |
/// | δ | `in_the_end` | share | [0, 1] | delivered in the end |
/// | T | `delivery_days` | day | ≥ 0 | time in which one party alone delivers |
/// | c | `crowd_delay` | ratio | ≥ 0 | what each further party adds to that time, as a multiple of it |
/// | n | `pledgers` | count | ≥ 0 | parties that pledged |
///
/// Source: assumption, not estimated; in Kosovo States waited for others to accept people before they filled their
/// own pledges. Limits: T = 0 delivers δ at once; pledges of many come later than those of few.
pub fn delivered_share(
    age_days: f64,
    in_the_end: f64,
    delivery_days: f64,
    crowd_delay: f64,
    pledgers: usize,
) -> f64 {
    if delivery_days <= 0.0 {
        return in_the_end;
    }
    let crowd = 1.0 + crowd_delay * pledgers.saturating_sub(1) as f64;
    in_the_end * -math::expm1(-age_days / (delivery_days * crowd))
}

/// Where an arrangement stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Phase {
    /// On the table.
    Proposed = 0,
    /// Parties have agreed to agree.
    Negotiating = 1,
    /// In force for the first time.
    InForce = 2,
    /// Suspended.
    Suspended = 3,
    /// In force again.
    Revived = 4,
    /// Ended, having run its course.
    Ended = 5,
    /// Ruled out: in a counterfactual, or by a party's law.
    Barred = 6,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: &'static [Phase] = &[
        Phase::Proposed,
        Phase::Negotiating,
        Phase::InForce,
        Phase::Suspended,
        Phase::Revived,
        Phase::Ended,
        Phase::Barred,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Proposed => "proposed",
            Phase::Negotiating => "negotiating",
            Phase::InForce => "in_force",
            Phase::Suspended => "suspended",
            Phase::Revived => "revived",
            Phase::Ended => "ended",
            Phase::Barred => "barred",
        }
    }
}

/// Phase after a review.
///
/// ```text
/// in force, revived → suspended   when trust < t_low at R reviews in a row
/// suspended → revived             when trust > t_high
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `phase` | | | now |
/// | trust | `trust` | share | [0, 1] | mean of the belief that partners deliver |
/// | t_low | `trust_low` | share | [0, 1] | below it a review is low |
/// | t_high | `trust_high` | share | [t_low, 1] | above it a suspended arrangement is revived |
/// | | `low_reviews` | count | ≥ 0 | low reviews in a row, this one included |
/// | R | `reviews_to_suspend` | count | ≥ 1 | low reviews that suspend |
///
/// The gap between the thresholds is hysteresis: between them everything stays as it is.
///
/// Source: assumption, not estimated; the US–Cuba talks, suspended in 2004 and resumed in 2009, are the
/// model.
/// Limits: phases before force, after the end, and barred do not move by trust.
pub fn next_phase(
    phase: Phase,
    trust: f64,
    trust_low: f64,
    trust_high: f64,
    low_reviews: u32,
    reviews_to_suspend: u32,
) -> Phase {
    match phase {
        Phase::InForce | Phase::Revived if trust < trust_low && low_reviews >= reviews_to_suspend => {
            Phase::Suspended
        }
        Phase::Suspended if trust > trust_high => Phase::Revived,
        _ => phase,
    }
}

/// What makes a State able to take responsibility.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Inhabitants, in millions.
    pub population_millions: f64,
    /// Area, in km².
    pub area_km2: f64,
    /// Gross domestic product, in USD.
    pub gdp_usd: f64,
}

/// Weights of the fair key. The criteria are those of the German Presidency's proposal of 1994; that they
/// weigh alike is an assumption, not estimated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyWeights {
    /// Of population. Default 1.
    pub population: f64,
    /// Of area. Default 1.
    pub area: f64,
    /// Of gross domestic product. Default 1.
    pub gdp: f64,
}

impl Default for KeyWeights {
    fn default() -> Self {
        Self { population: 1.0, area: 1.0, gdp: 1.0 }
    }
}

/// Fair share of one State among several.
///
/// ```text
/// key_i = Σ_k w_k·x_ik/Σ_j x_jk / Σ_k w_k,     k over population, area, GDP
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x | `sizes` | | ≥ 0 | of every State that shares, any length |
/// | i | `me` | index | | the State concerned |
/// | w | `weights` | 1 | ≥ 0 | of the criteria |
///
/// Source: see [`KeyWeights`]. Limits: the shares of all sum to 1. A criterion on which all have nothing is
/// left out; with none left all share alike; one who is not among them has no share.
pub fn key_share(sizes: &[Size], me: usize, weights: &KeyWeights) -> f64 {
    let Some(mine) = sizes.get(me) else { return 0.0 };
    let (mut share, mut counted) = (0.0, 0.0);
    let mut criterion = |weight: f64, of: fn(&Size) -> f64| {
        let total: f64 = sizes.iter().map(of).sum();
        if total > 0.0 {
            share += weight * of(mine) / total;
            counted += weight;
        }
    };
    criterion(weights.population, |size| size.population_millions);
    criterion(weights.area, |size| size.area_km2);
    criterion(weights.gdp, |size| size.gdp_usd);
    if counted > 0.0 { share / counted } else { 1.0 / sizes.len() as f64 }
}

/// Loads of States against the fair key.
///
/// ```text
/// l_i = (R_i/Σ_j R_j)/key_i
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | R | `responsibility` | person-day | ≥ 0 | what each State carries |
/// | key | `keys` | share | > 0 | fair shares, same order |
///
/// Source: model 5.13, 5.15. Limits: 1 for everybody where all carry their fair share; 0 where nobody carries
/// anything.
pub fn loads_against_key(responsibility: &[f64], keys: &[f64]) -> Vec<f64> {
    let total: f64 = responsibility.iter().sum();
    responsibility
        .iter()
        .zip(keys)
        .map(|(&r, &key)| if total > 0.0 && key > 0.0 { r / total / key } else { 0.0 })
        .collect()
}

/// Loads of parties as the motive of fairness weighs them: against the fair key, and against what is much.
///
/// ```text
/// l_i = R_i/(R_i + ℓ0·key_i·M) = a_i/(a_i + ℓ0),     a_i = R_i/(key_i·M)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | R | `in_care` | person | ≥ 0 | people in the care of each party |
/// | key | `keys` | share | ≥ 0 | fair shares, same order |
/// | M | `millions` | million | ≥ 0 | inhabitants of all parties |
/// | ℓ0 | `scale_per_million` | person per million | > 0 | people in care per million that are much: a load of a half |
///
/// Source: model 5.13 gives loads against the fair key, and no scale; a ratio of shares weighs one person in
/// care like a hundred thousand. The scale is the one at which a stock is noticed in politics,
/// `pressure.stock_scale_per_million`; the form is that of the share of pressure, P/(1 + P). Assumptions, not
/// estimated.
/// Limits: 0 where nobody is in care, R_i/(ℓ0·key_i·M) where few are, and 1 where a State carries many times
/// what is much: such a State is moved by crisis and no more by fairness. Equal where all carry their fair
/// share.
pub fn felt_loads(in_care: &[f64], keys: &[f64], millions: f64, scale_per_million: f64) -> Vec<f64> {
    in_care
        .iter()
        .zip(keys)
        .map(|(&r, &key)| if r > 0.0 { r / (r + scale_per_million * key * millions) } else { 0.0 })
        .collect()
}

/// People in the care of members after a year of claims assigned by a distribution key.
///
/// ```text
/// R′_i = R_i − c_i + key_i·Σ_j c_j
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | R | `in_care` | person | ≥ 0 | people in the care of each member |
/// | c | `claims` | person | [0, R] | those of them whose claim of a year the key would have assigned, same order |
/// | key | `keys` | share | ≥ 0, summing to 1 | fair shares, same order |
///
/// Source: model 5.13, 5.14. Limits: the sum stays; nothing moves without claims; where everybody in care
/// claimed within a year, each carries its fair share.
pub fn after_key(in_care: &[f64], claims: &[f64], keys: &[f64]) -> Vec<f64> {
    let all: f64 = claims.iter().sum();
    in_care.iter().zip(claims).zip(keys).map(|((&r, &c), &key)| r - c + key * all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW: f64 = 0.35;
    const HIGH: f64 = 0.5;

    #[test]
    fn gain_by_hand() {
        let motives = Motives {
            reciprocity: reciprocity(0.6, 0.5),
            community: 0.4,
            fairness: 0.2,
            crisis: 0.3,
            commitment: 0.1,
        };
        let g = gain(&motives, &Weights::default(), 0.25);
        assert!((g - (0.3 + 0.2 + 0.1 + 0.6 + 0.05 - 0.25)).abs() < 1e-14);
        assert_eq!(gain(&Motives::default(), &Weights::default(), 0.25), -0.25);
        assert_eq!(promised_share(500.0, 2000.0), 0.25);
        assert_eq!(promised_share(500.0, 0.0), 1.0);
        assert_eq!(promised_share(0.0, 0.0), 0.0);
        assert_eq!((commitment(0.7, true), commitment(0.7, false)), (0.7, 0.0));
        assert_eq!(linkage_gain(5.0, 0.02), 0.1);
    }

    #[test]
    fn communities_overlap_by_jaccard() {
        let (a, b) = ([true, true, false, false], [true, false, true, false]);
        assert!((community_overlap(&a, &b) - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!(community_overlap(&a, &b), community_overlap(&b, &a));
        assert_eq!(community_overlap(&a, &a), 1.0);
        assert_eq!(community_overlap(&[false; 3], &[false; 3]), 0.0);
        assert!((mean_community_overlap(&a, &[&b, &a]) - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(mean_community_overlap(&a, &[]), 0.0);
        let names = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
        let (us, them) = (names(&["oas", "nato"]), names(&["oas", "caricom", "oas"]));
        assert!((membership_overlap(&us, &them) - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!(membership_overlap(&us, &them), membership_overlap(&them, &us));
        assert_eq!(membership_overlap(&[], &[]), 0.0);
    }

    #[test]
    fn inequity_by_hand() {
        let aversion = Aversion { envy: 2.0, guilt: 0.5 };
        let loads = [2.0, 0.5, 3.0];
        assert!((inequity(&loads, 0, aversion) - (2.0 * 1.5 + 0.5 * 1.0) / 2.0).abs() < 1e-15);
        let shifted: Vec<f64> = loads.iter().map(|l| l + 4.0).collect();
        assert!((inequity(&shifted, 0, aversion) - inequity(&loads, 0, aversion)).abs() < 1e-14);
        assert_eq!(inequity(&[1.0; 4], 2, aversion), 0.0);
        assert_eq!(inequity(&[3.0], 0, aversion), 0.0);
        assert_eq!(inequity(&loads, 9, aversion), 0.0);
        assert!((fairness_gain(&[1.0, 1.0], &[2.0, 1.0], 0) - 0.85).abs() < 1e-15);
        assert!((fairness_gain(&[1.0, 1.0], &[2.0, 1.0], 1) - 0.315).abs() < 1e-15);
        assert!(fairness_gain(&[3.0, 1.0], &[2.0, 1.0], 0) < 0.0);
    }

    #[test]
    fn relief_lowers_the_fixed_point_of_pressure() {
        let parameters = pressure::PressureParameters::default();
        let mut terms = pressure::PressureTerms {
            visible_per_million_day: 4.0,
            departures_per_million_day: 4.0,
            election_multiplier: 1.0,
            load: 3.4,
            stock_per_million: 0.0,
            events: 0.3,
            constituency: 0.0,
            relief_share: 0.0,
        };
        let without = pressure::share_of(pressure::settled_pressure(&terms, &parameters));
        terms.relief_share = 0.6;
        let mut attention = pressure::Attention {
            pressure: pressure::pressure_of(without),
            ..pressure::Attention::used_to(4.0, 4.0)
        };
        for _ in 0..20_000 {
            attention = pressure::step(attention, &terms, &parameters);
        }
        let with = pressure_with_relief(without, 0.6, parameters.rho_relief);
        assert!((attention.share() - with).abs() < 1e-12);
        assert!(crisis_gain(without, with) > 0.0);
        assert!((pressure_with_relief(without, 0.0, 0.5) - without).abs() < 1e-15);
        assert_eq!(pressure_with_relief(0.1, 1.0, 5.0), 0.0);
        assert_eq!(pressure_with_relief(without, 7.0, 0.5), pressure_with_relief(without, 1.0, 0.5));
    }

    #[test]
    fn acceptance_and_its_threshold() {
        assert_eq!(acceptance_probability(5.0, 0.5, 0.5), 0.5);
        assert_eq!(acceptance_probability(0.0, 9.0, 0.5), 0.5);
        assert!(acceptance_probability(5.0, 0.6, 0.5) > 0.5);
        assert!((learned_threshold(0.5, 3, 0.1) - 0.2).abs() < 1e-15);
        let after = learned_threshold(0.5, 1, 0.1);
        assert!(acceptance_probability(5.0, 0.4, after) > acceptance_probability(5.0, 0.4, 0.5));
    }

    #[test]
    fn pledges_hang_on_those_of_others() {
        assert!((pledge(1000.0, 0.2, 0.5, 0.6, 0.25) - 1000.0 * 0.2 * 0.5 * 0.55).abs() < 1e-12);
        assert_eq!(pledge(1000.0, 0.2, 0.5, 0.0, 0.0), pledge(1000.0, 0.2, 0.5, 0.0, 1.0));
        assert_eq!(pledge(1000.0, 0.2, 0.5, 1.0, 0.0), 0.0);
        // Equal States that answer each other settle at a·(1 − χ)/(1 − χ·a) of their fair shares.
        let (willingness, chi) = (0.8, 0.7);
        let mut share = 1.0;
        for _ in 0..200 {
            share = pledge(1.0, 1.0, willingness, chi, share);
        }
        assert!((share - willingness * (1.0 - chi) / (1.0 - chi * willingness)).abs() < 1e-12);
    }

    #[test]
    fn pledges_are_delivered_in_part_and_later_in_a_crowd() {
        assert_eq!(
            (built_share(50.0, 200.0), built_share(900.0, 200.0), built_share(0.0, 0.0)),
            (0.25, 1.0, 1.0)
        );
        assert_eq!(delivered_share(0.0, 0.8, 0.0, 0.2, 5), 0.8);
        let at = |days: f64, pledgers| delivered_share(days, 0.8, 100.0, 0.5, pledgers);
        assert_eq!(at(0.0, 1), 0.0);
        assert!((at(100.0, 1) - 0.8 * (1.0 - math::exp(-1.0))).abs() < 1e-12);
        assert!(at(100.0, 16) < at(100.0, 2) && at(100.0, 2) < at(100.0, 1));
        assert!((at(1e6, 16) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn what_is_delivered_beyond_the_promise_earns_no_more() {
        assert_eq!(delivery_ratio(30.0, 120.0), 0.25);
        assert_eq!(delivery_ratio(0.0, 0.0), 1.0);
        assert_eq!(delivery_ratio(300.0, 120.0), 1.0);
    }

    #[test]
    fn trust_forgets_in_steps_of_any_length() {
        let prior = Belief { a: 3.6, b: 2.4 };
        assert_eq!(trust_after_review(prior, prior, 730.0, 0.0, 1.0, 1.0), Belief { a: 4.6, b: 2.4 });
        let once = trust_after_review(Belief { a: 9.0, b: 1.0 }, prior, 730.0, 730.0, 0.5, 1.0);
        assert!((once.a - (0.5 * (9.0 + 3.6) + 0.5)).abs() < 1e-12);
        assert!((once.b - (0.5 * (1.0 + 2.4) + 0.5)).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_seen_earns_no_trust_and_costs_none() {
        let (prior, good, bad) =
            (Belief { a: 3.6, b: 2.4 }, Belief { a: 9.0, b: 1.0 }, Belief { a: 1.0, b: 9.0 });
        let after = |trust, delivery, monitored| {
            (0..400).fold(trust, |t, _| trust_after_review(t, prior, 730.0, 30.0, delivery, monitored)).mean()
        };
        // Without monitoring the word kept and the word broken come to the same: back to the prior.
        for (trust, delivery) in [(good, 1.0), (good, 0.0), (bad, 1.0), (bad, 0.0)] {
            assert!((after(trust, delivery, 0.0) - prior.mean()).abs() < 1e-3);
        }
        // To refuse monitoring loses the trust that a word seen to be kept has earned, and hides a broken one.
        assert!(
            after(good, 1.0, 1.0) > after(good, 1.0, 0.3) && after(good, 1.0, 0.3) > after(good, 1.0, 0.0)
        );
        assert!(
            after(good, 0.0, 1.0) < after(good, 0.0, 0.3) && after(good, 0.0, 0.3) < after(good, 0.0, 0.0)
        );
    }

    /// Phases of an arrangement over reviews of a month, given what is delivered at each.
    fn life(deliveries: impl Iterator<Item = f64>) -> Vec<(Phase, f64)> {
        let prior = Belief { a: 3.6, b: 2.4 };
        let (mut trust, mut phase, mut low) = (prior, Phase::InForce, 0);
        deliveries
            .map(|delivery| {
                trust = trust_after_review(trust, prior, 730.0, 30.0, delivery, 1.0);
                let mean = trust.mean();
                low = if mean < LOW { low + 1 } else { 0 };
                phase = next_phase(phase, mean, LOW, HIGH, low, 6);
                (phase, mean)
            })
            .collect()
    }

    #[test]
    fn broken_word_suspends_after_enough_low_reviews_and_kept_word_revives() {
        let lived = life((0..60).map(|_| 0.1).chain((0..60).map(|_| 1.0)));
        let first_low = lived.iter().position(|l| l.1 < LOW).unwrap_or(0);
        let suspended = lived.iter().position(|l| l.0 == Phase::Suspended).unwrap_or(0);
        assert!(first_low > 0);
        assert_eq!(suspended, first_low + 5, "the sixth low review in a row suspends");
        let revived = lived.iter().position(|l| l.0 == Phase::Revived).unwrap_or(0);
        assert!(revived > 60);
        assert!(lived[revived].1 > HIGH && lived[revived - 1].1 <= HIGH);
        let between = lived[suspended..revived].iter().filter(|l| l.1 > LOW).count();
        assert!(between > 0, "trust passes between the thresholds without reviving");
        assert!(lived[revived..].iter().all(|l| l.0 == Phase::Revived));
    }

    #[test]
    fn between_the_thresholds_nothing_moves() {
        for phase in [Phase::InForce, Phase::Revived, Phase::Suspended] {
            for trust in [LOW, 0.42, HIGH] {
                assert_eq!(next_phase(phase, trust, LOW, HIGH, 99, 6), phase);
            }
        }
        assert_eq!(next_phase(Phase::Revived, 0.1, LOW, HIGH, 6, 6), Phase::Suspended);
        assert_eq!(next_phase(Phase::InForce, 0.1, LOW, HIGH, 5, 6), Phase::InForce);
        for phase in [Phase::Proposed, Phase::Negotiating, Phase::Ended, Phase::Barred] {
            assert_eq!(next_phase(phase, 0.0, LOW, HIGH, 99, 6), phase);
            assert_eq!(next_phase(phase, 1.0, LOW, HIGH, 0, 6), phase);
        }
        assert!(Phase::ALL.iter().enumerate().all(|(i, &p)| p as usize == i));
    }

    #[test]
    fn the_fair_key_sums_to_one() {
        let size = |population_millions, area_km2, gdp_usd| Size { population_millions, area_km2, gdp_usd };
        let sizes = [size(80.0, 357e3, 2e12), size(10.0, 83e3, 2e11), size(60.0, 550e3, 1.4e12)];
        let weights = KeyWeights { population: 2.0, area: 0.5, gdp: 1.0 };
        let keys: Vec<f64> = (0..3).map(|i| key_share(&sizes, i, &weights)).collect();
        assert!((keys.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        let by_population = KeyWeights { population: 1.0, area: 0.0, gdp: 0.0 };
        assert!((key_share(&sizes, 0, &by_population) - 80.0 / 150.0).abs() < 1e-15);
        let nothing = [size(0.0, 0.0, 0.0); 4];
        assert_eq!(key_share(&nothing, 1, &weights), 0.25);
        assert_eq!(key_share(&sizes, 7, &weights), 0.0);
        let landless = [size(80.0, 0.0, 0.0), size(20.0, 0.0, 0.0)];
        assert_eq!(key_share(&landless, 0, &KeyWeights::default()), 0.8);
        let loads = loads_against_key(&[keys[0] * 7.0, keys[1] * 7.0, keys[2] * 7.0], &keys);
        assert!(loads.iter().all(|l| (l - 1.0).abs() < 1e-12));
        assert_eq!(loads_against_key(&[0.0, 0.0], &[0.5, 0.5]), vec![0.0, 0.0]);
    }

    #[test]
    fn loads_are_felt_by_what_is_much() {
        // A fifth of 100 million inhabitants: 5,000 per million are much, which is 100,000 people as its part.
        let felt = |people: f64| felt_loads(&[people, 0.0], &[0.2, 0.8], 100.0, 5000.0)[0];
        assert_eq!((felt(0.0), felt(1e5)), (0.0, 0.5));
        assert!((felt(1.0) / 1e-5 - 1.0).abs() < 1e-4 && felt(1e9) > 0.999);
        // One person moved weighs nothing, half of what is much moved weighs.
        let gain = |people: f64| {
            let loads = |r: &[f64]| felt_loads(r, &[0.2, 0.8], 100.0, 5000.0);
            fairness_gain(&loads(&[0.2 * people, 0.8 * people]), &loads(&[people, 0.0]), 0)
        };
        assert!(gain(1.0) < 1e-5 && gain(2e5) > 0.3, "{} and {}", gain(1.0), gain(2e5));
        let fair = felt_loads(&[3.0, 12.0], &[0.2, 0.8], 100.0, 5000.0);
        assert!((fair[0] - fair[1]).abs() < 1e-15);
        assert_eq!(felt_loads(&[2.0, 0.0], &[0.0, 0.0], 0.0, 5000.0), [1.0, 0.0]);
    }

    #[test]
    fn a_key_assigns_the_claims_of_a_year() {
        assert_eq!(after_key(&[100.0, 10.0], &[40.0, 0.0], &[0.25, 0.75]), [70.0, 40.0]);
        assert_eq!(after_key(&[100.0, 10.0], &[100.0, 10.0], &[0.5, 0.5]), [55.0, 55.0]);
        assert_eq!(after_key(&[5.0, 6.0], &[0.0, 0.0], &[0.5, 0.5]), [5.0, 6.0]);
    }
}
