//! Domestic political pressure: a thermostat that notices, gets used to, and forgets (model 5.11).
//!
//! Pressure answers to arrivals above what has become usual, not to their level: constant arrivals add
//! nothing however many they are, a jump does, and becomes usual in turn (Wlezien 1995, American Journal of
//! Political Science 39).

use super::math;
use serde::{Deserialize, Serialize};

/// What a country's public notices, what it is used to, and the pressure that has built up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// f: visible arrivals as noticed, per million and day.
    pub noticed: f64,
    /// Ā: visible arrivals that are usual, per million and day.
    pub usual: f64,
    /// x̄: departures that are usual, per million and day.
    pub usual_departures: f64,
    /// P: pressure, 0 or more.
    pub pressure: f64,
}

impl Attention {
    /// That of a public used to so many visible arrivals and departures, without pressure.
    pub fn used_to(arrivals: f64, departures: f64) -> Self {
        Self { noticed: arrivals, usual: arrivals, usual_departures: departures, pressure: 0.0 }
    }

    /// Pressure as a share, p = P/(1 + P).
    pub fn share(&self) -> f64 {
        share_of(self.pressure)
    }
}

/// Pressure on a scale from 0 to 1.
///
/// ```text
/// p = P/(1 + P)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | P | `pressure` | 1 | ≥ 0 | pressure |
///
/// Source: model 5.11. Limits: 0 at 0, towards 1 as pressure grows; [`pressure_of`] undoes it.
pub fn share_of(pressure: f64) -> f64 {
    pressure / (1.0 + pressure)
}

/// Pressure from its share.
///
/// ```text
/// P = p/(1 − p)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | p | `share` | share | [0, 1) | pressure as a share |
///
/// Source: inverse of [`share_of`]. Limits: infinite at 1.
pub fn pressure_of(share: f64) -> f64 {
    share / (1.0 - share)
}

/// What bears on a country's public on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PressureTerms {
    /// A_vis: visible arrivals, per million and day.
    pub visible_per_million_day: f64,
    /// x: reported departures towards the country, per million and day.
    pub departures_per_million_day: f64,
    /// elect(t): see [`election_multiplier`].
    pub election_multiplier: f64,
    /// Stock over reception capacity.
    pub load: f64,
    /// Stock per million inhabitants.
    pub stock_per_million: f64,
    /// Pushes of dated events.
    pub events: f64,
    /// Settled constituency that welcomes, 0 to 1.
    pub constituency: f64,
    /// People taken and costs met by partners, over arrivals; 0 or more.
    pub relief_share: f64,
}

/// Weights and times of pressure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PressureParameters {
    /// α: weight of arrivals above the usual. Default 1; assumption, not estimated.
    pub alpha_surprise: f64,
    /// α_x: weight of arrivals in prospect. Default 0.5; assumption, not estimated.
    pub alpha_prospect: f64,
    /// γ: weight of overfull reception. Default 0.5; assumption, not estimated.
    pub gamma_capacity: f64,
    /// γ_l: weight of the stock per head. Default 0; assumption, not estimated.
    pub gamma_stock: f64,
    /// ℓ0: stock per million at which that term is γ_l·ln 2. Default 5000; assumption, not estimated.
    pub stock_scale_per_million: f64,
    /// δ: weight of the constituency. Default 0.3; assumption, not estimated.
    pub delta_constituency: f64,
    /// ρ: weight of relief. Default 0.5; assumption, not estimated.
    pub rho_relief: f64,
    /// a0: noticing threshold, per million and day. Default 1; assumption, not estimated.
    pub notice_per_million_day: f64,
    /// Time in which arrivals are noticed. Default 30 days; model specification 5.11.
    pub noticing_days: f64,
    /// T_a: time in which arrivals become usual. Default 540 days; model specification 5.11.
    pub adaptation_days: f64,
    /// T: time in which pressure fades. Default 365 days; assumption, not estimated.
    pub memory_days: f64,
}

impl Default for PressureParameters {
    fn default() -> Self {
        Self {
            alpha_surprise: 1.0,
            alpha_prospect: 0.5,
            gamma_capacity: 0.5,
            gamma_stock: 0.0,
            stock_scale_per_million: 5000.0,
            delta_constituency: 0.3,
            rho_relief: 0.5,
            notice_per_million_day: 1.0,
            noticing_days: 30.0,
            adaptation_days: 540.0,
            memory_days: 365.0,
        }
    }
}

/// Arrivals as the public of the receiving region sees them.
///
/// ```text
/// A_vis = A·v·(1 − d)/M
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | A | `arrivals_per_day` | person/day | ≥ 0 | arrivals |
/// | v | `visibility` | ratio | [0, 1] | weight in public attention, 1 for a landing in the open |
/// | M | `receiving_millions` | million | > 0 | inhabitants of the receiving region |
/// | d | `dispersal` | share | [0, 1] | share dispersed beyond that region |
///
/// Source: model 5.11; weights are assumptions, not estimated.
/// Limits: full dispersal makes arrivals invisible; a larger region thins them.
pub fn visible_arrivals_per_million(
    arrivals_per_day: f64,
    visibility: f64,
    receiving_millions: f64,
    dispersal: f64,
) -> f64 {
    arrivals_per_day * visibility * (1.0 - dispersal) / receiving_millions
}

/// Time before an election over which its approach makes itself felt; assumption, not estimated.
const ELECTION_APPROACH_DAYS: f64 = 365.0;

/// Weight of arrivals as an election approaches.
///
/// ```text
/// elect(t) = 1 + b·max(0, 1 − d(t)/365),     d = days to the next election
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `first_election_day` | day | ℝ | day of any one election |
/// | | `period_days` | day | > 0 | days between elections |
/// | t | `day` | day | ℝ | today |
/// | b | `boost` | ratio | ≥ 0 | extra weight on the day of an election |
///
/// Source: assumption, not estimated.
/// Limits: 1 + b on election day, 1 more than a year before the next. Elections recur in both directions of
/// time; without a positive period there is only the one.
pub fn election_multiplier(first_election_day: f64, period_days: f64, day: f64, boost: f64) -> f64 {
    let mut ahead = first_election_day - day;
    if period_days > 0.0 {
        ahead -= period_days * (ahead / period_days).floor();
    }
    if ahead < 0.0 { 1.0 } else { 1.0 + boost * (1.0 - ahead / ELECTION_APPROACH_DAYS).max(0.0) }
}

/// How far one flow stands above another, on a logarithmic scale with a threshold of notice.
///
/// ```text
/// max( 0, ln((x + a0)/(y + a0)) )
/// ```
fn excess(flow: f64, reference: f64, notice: f64) -> f64 {
    math::ln((flow + notice) / (reference + notice)).max(0.0)
}

/// Push of arrivals above the usual.
///
/// ```text
/// α·elect·max( 0, ln((f + a0)/(Ā + a0)) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | α, a0 | `parameters` | | | weight, noticing threshold |
/// | elect | `election_multiplier` | ratio | ≥ 1 | see [`election_multiplier`] |
/// | f | `noticed` | 1/(million·day) | ≥ 0 | arrivals noticed |
/// | Ā | `usual` | 1/(million·day) | ≥ 0 | arrivals that are usual |
///
/// Source: the thermostat of Wlezien (1995); form and size are assumptions, not estimated.
/// Limits: 0 when f ≤ Ā, whatever their level; arrivals far below a0 go unnoticed.
pub fn surprise_term(
    parameters: &PressureParameters,
    election_multiplier: f64,
    noticed: f64,
    usual: f64,
) -> f64 {
    parameters.alpha_surprise
        * election_multiplier
        * excess(noticed, usual, parameters.notice_per_million_day)
}

/// Push of arrivals in prospect, before they happen: departures above the usual, as far as arrivals are not yet.
///
/// ```text
/// α_x·max( 0, ln((x + a0)/(x̄ + a0)) − ln((f + a0)/(Ā + a0)) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | α_x, a0 | `parameters` | | | weight, noticing threshold |
/// | x | `departures` | 1/(million·day) | ≥ 0 | reported departures |
/// | x̄, f, Ā | `attention` | 1/(million·day) | ≥ 0 | departures that are usual; arrivals noticed, and usual |
///
/// Of those who set out as many are expected to be seen arriving as usually are,
/// x̂ + a0 = (Ā + a0)·(x + a0)/(x̄ + a0), and the push is that of x̂ above f. People who are stopped on the way,
/// or held out of sight, set out as others do: were all departures expected to arrive, a steady flow of whom few do
/// would press for ever.
///
/// Source: assumption, not estimated.
/// Limits: 0 while everything is as usual, whatever share of departures arrives; x̂ is x where nothing was usual.
pub fn prospect_term(parameters: &PressureParameters, departures: f64, attention: &Attention) -> f64 {
    let above = |flow: f64, usual: f64| {
        let notice = parameters.notice_per_million_day;
        math::ln((flow + notice) / (usual + notice))
    };
    let ahead = above(departures, attention.usual_departures) - above(attention.noticed, attention.usual);
    parameters.alpha_prospect * ahead.max(0.0)
}

/// Push of overfull reception.
///
/// ```text
/// γ·max( 0, stock/capacity − 1 )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | γ | `parameters` | | | weight |
/// | stock/capacity | `load` | ratio | ≥ 0 | people in reception over places |
///
/// Source: assumption, not estimated. Limits: 0 until reception is full.
pub fn stock_term(parameters: &PressureParameters, load: f64) -> f64 {
    parameters.gamma_capacity * (load - 1.0).max(0.0)
}

/// Push of the stock per head.
///
/// ```text
/// γ_l·ln(1 + ℓ/ℓ0)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | γ_l, ℓ0 | `parameters` | | | weight, scale |
/// | ℓ | `stock_per_million` | 1/million | ≥ 0 | stock per million inhabitants |
///
/// Source: assumption, not estimated; off by default. Limits: 0 without a stock; grows without bound but
/// slowly.
pub fn share_term(parameters: &PressureParameters, stock_per_million: f64) -> f64 {
    parameters.gamma_stock * math::ln(1.0 + stock_per_million / parameters.stock_scale_per_million)
}

/// All that pushes on pressure today.
///
/// ```text
/// S = surprise + prospect + stock + share + events − δ·constituency − ρ·min(1, relief)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `parameters` | | | weights |
/// | | `terms` | | | what bears on the public today |
/// | f, Ā, x̄ | `attention` | 1/(million·day) | ≥ 0 | arrivals noticed; arrivals, departures that are usual |
///
/// Source: model 5.11. Limits: may be negative, which pressure then forgets faster; relief beyond all
/// arrivals counts as 1.
pub fn push(parameters: &PressureParameters, terms: &PressureTerms, attention: &Attention) -> f64 {
    surprise_term(parameters, terms.election_multiplier, attention.noticed, attention.usual)
        + prospect_term(parameters, terms.departures_per_million_day, attention)
        + stock_term(parameters, terms.load)
        + share_term(parameters, terms.stock_per_million)
        + terms.events
        - parameters.delta_constituency * terms.constituency
        - parameters.rho_relief * terms.relief_share.min(1.0)
}

/// Attention and pressure a day on.
///
/// ```text
/// f ← f + (1 − e^{−1/30})·(A_vis − f)        Ā ← Ā + (1 − e^{−1/T_a})·(A_vis − Ā)
/// x̄ ← x̄ + (1 − e^{−1/T_a})·(x − x̄)
/// P ← max( 0, e^{−1/T}·P + (1 − e^{−1/T})·S )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | f, Ā, x̄, P | `attention` | | ≥ 0 | yesterday's state |
/// | A_vis, x and others | `terms` | | | what bears on the public today |
/// | T_a, T | `parameters` | day | > 0 | weights and times |
///
/// S takes the f, Ā and x̄ of today, so that what arrives today is noticed today.
///
/// Source: Wlezien (1995) for the thermostat; memory and weights are assumptions, not estimated.
/// Limits: P ≥ 0; under constant terms P tends to [`settled_pressure`]; without a push it fades as e^{−t/T}.
pub fn step(attention: Attention, terms: &PressureTerms, parameters: &PressureParameters) -> Attention {
    let toward = |from: f64, to: f64, days: f64| from + math::event_probability(1.0 / days) * (to - from);
    let (arrivals, departures) = (terms.visible_per_million_day, terms.departures_per_million_day);
    let today = Attention {
        noticed: toward(attention.noticed, arrivals, parameters.noticing_days),
        usual: toward(attention.usual, arrivals, parameters.adaptation_days),
        usual_departures: toward(attention.usual_departures, departures, parameters.adaptation_days),
        ..attention
    };
    let new_share = math::event_probability(1.0 / parameters.memory_days);
    let push = push(parameters, terms, &today);
    Attention { pressure: (attention.pressure + new_share * (push - attention.pressure)).max(0.0), ..today }
}

/// Pressure once everything has become usual.
///
/// ```text
/// P* = max(0, S)   at   f = Ā = A_vis,  x̄ = x
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `terms` | | | what bears on the public, held constant |
/// | | `parameters` | | | weights |
///
/// Source: fixed point of [`step`]. Limits: arrivals alone leave no pressure, whatever their level.
pub fn settled_pressure(terms: &PressureTerms, parameters: &PressureParameters) -> f64 {
    let attention = Attention::used_to(terms.visible_per_million_day, terms.departures_per_million_day);
    push(parameters, terms, &attention).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(arrivals: f64) -> PressureTerms {
        PressureTerms {
            visible_per_million_day: arrivals,
            departures_per_million_day: arrivals,
            election_multiplier: 1.0,
            load: 0.5,
            stock_per_million: 0.0,
            events: 0.0,
            constituency: 0.0,
            relief_share: 0.0,
        }
    }

    fn run(mut attention: Attention, terms: &PressureTerms, days: u32) -> Vec<Attention> {
        let parameters = PressureParameters::default();
        (0..days)
            .map(|_| {
                attention = step(attention, terms, &parameters);
                attention
            })
            .collect()
    }

    #[test]
    fn constant_arrivals_add_nothing_whatever_their_level() {
        for level in [0.0, 0.01, 3.0, 1e4] {
            // Whatever share of those who set out is seen to arrive.
            for departures in [level, 2.0 * level, level + 50.0] {
                let terms = PressureTerms { departures_per_million_day: departures, ..quiet(level) };
                let pressed = run(Attention::used_to(level, departures), &terms, 2000);
                assert!(pressed.iter().all(|a| a.pressure == 0.0), "{level} of {departures}");
                // Used to nothing, a public comes to be used to them.
                let last = run(Attention::default(), &terms, 15_000).last().map_or(1.0, |a| a.pressure);
                assert!(last < 1e-6, "{level} of {departures}: {last}");
            }
        }
    }

    #[test]
    fn noticing_and_habit_have_their_time_constants() {
        let path = run(Attention::default(), &quiet(10.0), 540);
        let reached = 10.0 * (1.0 - math::exp(-1.0));
        assert!((path[29].noticed - reached).abs() < 1e-10);
        assert!((path[539].usual - reached).abs() < 1e-10);
    }

    #[test]
    fn a_step_in_arrivals_raises_pressure_which_then_fades() {
        let path = run(Attention::used_to(1.0, 1.0), &quiet(50.0), 8000);
        let most = path.iter().map(|a| a.pressure).fold(0.0, f64::max);
        let peak_day = path.iter().position(|a| a.pressure == most).unwrap_or(0);
        assert!(most > 0.5 && (100..1500).contains(&peak_day), "{most} on day {peak_day}");
        assert!(path[..peak_day].windows(2).all(|w| w[1].pressure >= w[0].pressure));
        assert!(path[peak_day..].windows(2).all(|w| w[1].pressure <= w[0].pressure));
        assert!(path[7999].pressure < 0.01 * most);
    }

    #[test]
    fn memory_of_a_past_crisis_decays_exponentially() {
        let start = Attention { pressure: 3.0, ..Attention::used_to(2.0, 2.0) };
        for (day, a) in run(start, &quiet(2.0), 1000).iter().enumerate() {
            let expected = 3.0 * math::exp(-(day as f64 + 1.0) / 365.0);
            assert!((a.pressure - expected).abs() < 1e-10);
        }
    }

    #[test]
    fn constant_input_settles_without_hunting() {
        let terms = PressureTerms { load: 1.6, events: 0.2, constituency: 0.4, ..quiet(5.0) };
        let rest = settled_pressure(&terms, &PressureParameters::default());
        assert!((rest - (0.5 * 0.6 + 0.2 - 0.3 * 0.4)).abs() < 1e-12);
        for start in [0.0, 0.1, 5.0] {
            let path = run(Attention { pressure: start, ..Attention::used_to(5.0, 5.0) }, &terms, 12_000);
            let gaps: Vec<f64> = path.iter().map(|a| (a.pressure - rest).abs()).collect();
            assert!(gaps.windows(2).all(|w| w[1] <= w[0] + 1e-15));
            assert!(gaps[11_999] < 1e-12);
        }
    }

    #[test]
    fn the_prospect_of_arrivals_acts_before_they_come() {
        let parameters = PressureParameters::default();
        let terms = PressureTerms { departures_per_million_day: 100.0, ..quiet(1.0) };
        let next = step(Attention::used_to(1.0, 1.0), &terms, &parameters);
        assert!(next.pressure > 0.0);
        // x̂ is 3, of which 1 is noticed; then nothing is new, then all that is new has been noticed.
        let used =
            |noticed, usual, usual_departures| Attention { noticed, usual, usual_departures, pressure: 0.0 };
        assert!((prospect_term(&parameters, 7.0, &used(1.0, 1.0, 3.0)) - 0.5 * math::ln(2.0)).abs() < 1e-15);
        assert!((prospect_term(&parameters, 3.0, &used(1.0, 0.0, 0.0)) - 0.5 * math::ln(2.0)).abs() < 1e-15);
        assert_eq!(prospect_term(&parameters, 7.0, &used(0.0, 0.0, 7.0)), 0.0);
        assert_eq!(prospect_term(&parameters, 0.5, &used(1.0, 0.0, 0.0)), 0.0);
    }

    #[test]
    fn terms_by_hand() {
        let p = PressureParameters { gamma_stock: 2.0, ..PressureParameters::default() };
        assert!((surprise_term(&p, 1.5, 3.0, 1.0) - 1.5 * math::ln(2.0)).abs() < 1e-15);
        assert_eq!(surprise_term(&p, 1.5, 1.0, 3.0), 0.0);
        assert_eq!(stock_term(&p, 0.99), 0.0);
        assert_eq!(stock_term(&p, 3.0), 1.0);
        assert!((share_term(&p, 5000.0) - 2.0 * math::ln(2.0)).abs() < 1e-15);
        let relieved = PressureTerms { relief_share: 9.0, ..quiet(1.0) };
        assert!((push(&p, &relieved, &Attention::used_to(1.0, 1.0)) + 0.5).abs() < 1e-15);
        assert_eq!(step(Attention::default(), &relieved, &p).pressure.max(0.0), 0.0);
    }

    #[test]
    fn elections_come_round() {
        let at = |day: f64| election_multiplier(500.0, 1461.0, day, 0.5);
        assert_eq!(at(500.0), 1.5);
        assert_eq!(at(501.0), 1.0);
        assert_eq!(at(500.0 + 1461.0), 1.5);
        assert_eq!(at(500.0 - 1461.0), 1.5);
        assert_eq!(at(100.0), 1.0);
        assert!((at(500.0 - 182.5) - 1.25).abs() < 1e-12);
        assert_eq!(election_multiplier(500.0, 0.0, 501.0, 0.5), 1.0);
    }

    #[test]
    fn visibility_and_scale() {
        assert_eq!(visible_arrivals_per_million(100.0, 0.5, 10.0, 0.2), 4.0);
        assert_eq!(visible_arrivals_per_million(100.0, 1.0, 10.0, 1.0), 0.0);
        let a = Attention { pressure: 3.0, ..Attention::default() };
        assert_eq!(a.share(), 0.75);
        assert_eq!(pressure_of(a.share()), 3.0);
    }
}
