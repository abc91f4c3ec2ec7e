//! Secondary movement, and which State is responsible for a claim (model 5.9).
//!
//! A regime of responsibility is data: criteria in their order, deadlines, and the chance that a shared
//! database finds a match. Countries are bare numbers here; what they mean is for whoever keeps the world.

use super::math;
use serde::{Deserialize, Serialize};

/// Hazard of moving on from a first place of arrival.
///
/// ```text
/// ν = ν_max·logistic( ln(ν0/(ν_max − ν0)) + μ2·(gain − gain_ref) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | ν_max | `max_per_day` | 1/day | ≥ 0 | largest hazard |
/// | ν0 | `base_per_day` | 1/day | [0, ν_max] | hazard at the reference |
/// | μ2 | `response` | ratio | ≥ 0 | response to what is gained |
/// | gain | `gain` | utility | ℝ | I_onward − V_stay, the value of moving on over that of staying |
/// | gain_ref | `gain_reference` | utility | ℝ | the same under reference beliefs and policies |
///
/// Source: assumption, not estimated; the form is bounded and takes the base value at the reference.
/// Limits: ν0 = 0 gives 0 and ν0 ≥ ν_max gives ν_max whatever the gain; μ2 = 0 gives ν0; never above
/// ν_max.
pub fn onward_hazard_per_day(
    max_per_day: f64,
    base_per_day: f64,
    response: f64,
    gain: f64,
    gain_reference: f64,
) -> f64 {
    if base_per_day <= 0.0 {
        return 0.0;
    }
    if base_per_day >= max_per_day {
        return max_per_day;
    }
    let base_log_odds = math::ln(base_per_day / (max_per_day - base_per_day));
    max_per_day * math::logistic(base_log_odds + response * (gain - gain_reference))
}

/// Tastes in staying where one first arrived.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StayTastes {
    /// Weight of the chance of protection. Default 3, as in the choice of destination; assumption, not
    /// estimated.
    pub beta_protection: f64,
    /// Weight of a year of waiting. Default 0.15; assumption, not estimated.
    pub beta_wait_per_year: f64,
    /// Weight of reception overfull by as much as it holds. Default 0.5; assumption, not estimated.
    pub beta_crowding: f64,
    /// Weight of prospects of work and residence. Default 0.5; assumption, not estimated.
    pub beta_prospects: f64,
}

impl Default for StayTastes {
    fn default() -> Self {
        Self { beta_protection: 3.0, beta_wait_per_year: 0.15, beta_crowding: 0.5, beta_prospects: 0.5 }
    }
}

/// Value of staying in the first place of arrival.
///
/// ```text
/// V_stay = β_prot·q + β_pros·y − β_wait·w − β_crowd·max(0, load − 1)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | β | `tastes` | utility | | weights |
/// | q | `protection` | probability | [0, 1] | chance of protection there |
/// | y | `prospects` | index | ℝ | prospects there, 0 at the reference |
/// | w | `wait_years` | year | ≥ 0 | wait for a decision |
/// | load | `load` | ratio | ≥ 0 | people in reception over places |
///
/// Source: the signs are those of model 5.9; sizes are assumptions, not estimated.
/// Limits: room to spare in reception adds nothing; falls in wait and crowding, rises in protection and
/// prospects.
pub fn value_of_staying(
    tastes: &StayTastes,
    protection: f64,
    prospects: f64,
    wait_years: f64,
    load: f64,
) -> f64 {
    tastes.beta_protection * protection + tastes.beta_prospects * prospects
        - tastes.beta_wait_per_year * wait_years
        - tastes.beta_crowding * (load - 1.0).max(0.0)
}

/// A ground on which a country is responsible for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Criterion {
    /// A member of the family is there.
    Family,
    /// It issued a residence document or visa.
    DocumentOrVisa,
    /// The person entered irregularly there, and not longer ago than this.
    IrregularEntry {
        /// Days after entry at which this ground lapses; none: never.
        lapses_after_days: Option<u32>,
    },
    /// The person entered there where no visa was needed.
    VisaFreeEntry,
    /// The first application was lodged there.
    FirstApplication,
}

/// What is established about a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimFacts {
    /// Country where a member of the family is.
    pub family: Option<u16>,
    /// Country that issued a document or visa.
    pub document_or_visa: Option<u16>,
    /// Country of irregular entry, and days from entry to the claim.
    pub irregular_entry: Option<(u16, u32)>,
    /// Country of entry without need of a visa.
    pub visa_free_entry: Option<u16>,
    /// Country of the first application.
    pub first_application: Option<u16>,
}

/// A regime of responsibility. Deadlines are those of the regular procedure; months are counted as 30 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Regime {
    /// Criteria, the first that applies deciding.
    pub criteria: Vec<Criterion>,
    /// Days from the claim within which another country can be requested.
    pub request_days: u32,
    /// The same after a match in the shared database.
    pub request_after_match_days: u32,
    /// Days from the request after which silence accepts.
    pub reply_days: u32,
    /// The same after a match in the shared database.
    pub reply_after_match_days: u32,
    /// Days from acceptance within which the transfer must be made.
    pub transfer_days: u32,
    /// The same for a person imprisoned.
    pub transfer_imprisoned_days: u32,
    /// The same for a person who absconded.
    pub transfer_absconded_days: u32,
}

const MONTH_DAYS: u32 = 30;

impl Regime {
    fn of_months(
        lapses: Option<u32>,
        request: (u32, u32),
        reply_days: (u32, u32),
        transfer: [u32; 3],
    ) -> Self {
        Self {
            criteria: vec![
                Criterion::Family,
                Criterion::DocumentOrVisa,
                Criterion::IrregularEntry { lapses_after_days: lapses.map(|months| months * MONTH_DAYS) },
                Criterion::VisaFreeEntry,
                Criterion::FirstApplication,
            ],
            request_days: request.0 * MONTH_DAYS,
            request_after_match_days: request.1 * MONTH_DAYS,
            reply_days: reply_days.0,
            reply_after_match_days: reply_days.1,
            transfer_days: transfer[0] * MONTH_DAYS,
            transfer_imprisoned_days: transfer[1] * MONTH_DAYS,
            transfer_absconded_days: transfer[2] * MONTH_DAYS,
        }
    }

    /// Dublin Convention (OJ C 254, 19 August 1997), in force from 1 September 1997: requests within six
    /// months, reply within three, transfer within one. It has no shared database and no longer deadline for
    /// those who abscond; its exception for long residence elsewhere before the claim is left out, so
    /// irregular entry does not lapse.
    pub fn of_1997() -> Self {
        Self::of_months(None, (6, 6), (3 * MONTH_DAYS, 3 * MONTH_DAYS), [1, 1, 1])
    }

    /// Council Regulation (EC) No 343/2003: irregular entry lapses after 12 months; requests within three
    /// months, reply within two, transfer within six, 12 if imprisoned, 18 if absconded.
    pub fn of_2003() -> Self {
        Self::of_months(Some(12), (3, 3), (2 * MONTH_DAYS, 2 * MONTH_DAYS), [6, 12, 18])
    }

    /// Regulation (EU) No 604/2013, applied from 1 January 2014: as in 2003, but requests within two months
    /// of a match.
    pub fn of_2014() -> Self {
        Self::of_months(Some(12), (3, 2), (2 * MONTH_DAYS, 2 * MONTH_DAYS), [6, 12, 18])
    }

    /// Regulation (EU) 2024/1351, applied from 1 July 2026: irregular entry lapses after 20 months (12 after
    /// rescue, left out); requests within two months, one after a match; reply within one month, two weeks
    /// after a match; transfer within six months. The longer deadlines (12 if imprisoned, 36 if absconded)
    /// were not checked against the text.
    pub fn of_2026() -> Self {
        Self::of_months(Some(20), (2, 1), (MONTH_DAYS, 14), [6, 12, 36])
    }
}

impl Default for Regime {
    /// The regime the specification describes: that of 2014.
    fn default() -> Self {
        Self::of_2014()
    }
}

/// The country responsible for a claim.
///
/// ```text
/// country of the first criterion, in the regime's order, that the facts meet
/// ```
///
/// | argument | meaning |
/// | --- | --- |
/// | `regime` | criteria in order |
/// | `facts` | what is established about the claim |
///
/// Source: the hierarchy of criteria in the regimes of [`Regime`].
/// Limits: no criteria, or no fact that meets one, gives none, and the country of the claim keeps it.
/// Irregular entry still counts on the day of its deadline.
pub fn responsible(regime: &Regime, facts: &ClaimFacts) -> Option<u16> {
    regime.criteria.iter().find_map(|criterion| match *criterion {
        Criterion::Family => facts.family,
        Criterion::DocumentOrVisa => facts.document_or_visa,
        Criterion::IrregularEntry { lapses_after_days } => facts
            .irregular_entry
            .filter(|&(_, days)| lapses_after_days.is_none_or(|limit| days <= limit))
            .map(|(country, _)| country),
        Criterion::VisaFreeEntry => facts.visa_free_entry,
        Criterion::FirstApplication => facts.first_application,
    })
}

/// Whether an earlier trace of a person is found in the shared database.
///
/// ```text
/// found  ⇔  u < recorded·matched
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | u | `u` | 1 | (0, 1) | keyed draw |
/// | recorded | `recorded_share` | share | [0, 1] | chance that the earlier country recorded the person |
/// | matched | `matching_probability` | probability | [0, 1] | chance that a record is matched |
///
/// Source: assumption, not estimated. Limits: either 0 finds nobody; a regime without a database has both at
/// 0.
pub fn matched(u: f64, recorded_share: f64, matching_probability: f64) -> bool {
    u < recorded_share * matching_probability
}

/// Whether a request to another country is still in time; if not, the country of the claim is responsible.
///
/// | argument | unit | meaning |
/// | --- | --- | --- |
/// | `regime` | | deadlines |
/// | `days` | day | since the claim, or since the match where there is one |
/// | `matched` | flag | whether the shared database matched |
///
/// Source: the regimes of [`Regime`]. Limits: the last day of the deadline is in time.
pub fn request_in_time(regime: &Regime, days: u32, matched: bool) -> bool {
    days <= if matched { regime.request_after_match_days } else { regime.request_days }
}

/// Whether a request stands accepted: as answered or, once the deadline has passed in silence, accepted.
///
/// | argument | unit | meaning |
/// | --- | --- | --- |
/// | `regime` | | deadlines |
/// | `days` | day | since the request |
/// | `matched` | flag | whether the shared database matched |
/// | `answer` | flag | the requested country's answer, if it has given one |
///
/// Source: the regimes of [`Regime`]. Limits: none while the deadline runs without an answer.
pub fn reply(regime: &Regime, days: u32, matched: bool, answer: Option<bool>) -> Option<bool> {
    let limit = if matched { regime.reply_after_match_days } else { regime.reply_days };
    answer.or((days > limit).then_some(true))
}

/// Where a person to be transferred is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Within reach.
    Available,
    /// In prison.
    Imprisoned,
    /// Gone.
    Absconded,
}

/// The country responsible while a transfer is pending: the one that accepted until the deadline has passed,
/// then the one that asked.
///
/// | argument | unit | meaning |
/// | --- | --- | --- |
/// | `regime` | | deadlines |
/// | `accepted_by` | country | the requested country |
/// | `requested_by` | country | the requesting country |
/// | `days` | day | since acceptance |
/// | `whereabouts` | | of the person |
///
/// Source: the regimes of [`Regime`]. Limits: the last day of the deadline still lies with the country that
/// accepted.
pub fn responsible_while_transferring(
    regime: &Regime,
    accepted_by: u16,
    requested_by: u16,
    days: u32,
    whereabouts: Whereabouts,
) -> u16 {
    let limit = match whereabouts {
        Whereabouts::Available => regime.transfer_days,
        Whereabouts::Imprisoned => regime.transfer_imprisoned_days,
        Whereabouts::Absconded => regime.transfer_absconded_days,
    };
    if days > limit { requested_by } else { accepted_by }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hazard_is_its_base_at_the_reference_and_bounded() {
        let at = |gain: f64| onward_hazard_per_day(0.01, 0.002, 1.5, gain, 0.4);
        assert!((at(0.4) - 0.002).abs() < 1e-16);
        assert!(at(1.0) > at(0.4) && at(0.4) > at(-1.0));
        assert!(at(1e6) <= 0.01 && at(-1e6) >= 0.0);
        let log_odds = |gain: f64| math::ln(at(gain) / (0.01 - at(gain)));
        assert!((log_odds(1.4) - log_odds(0.4) - 1.5).abs() < 1e-12);
        assert_eq!(onward_hazard_per_day(0.01, 0.0, 1.0, 9.0, 0.0), 0.0);
        assert_eq!(onward_hazard_per_day(0.01, 0.01, 1.0, -9.0, 0.0), 0.01);
        assert_eq!(onward_hazard_per_day(0.01, 0.002, 0.0, 9.0, 0.0), at(0.4));
    }

    #[test]
    fn staying_is_worth_less_with_waits_crowds_and_poor_protection() {
        let t = StayTastes::default();
        let value = value_of_staying(&t, 0.5, 0.0, 1.0, 1.0);
        assert!((value - (1.5 - 0.15)).abs() < 1e-15);
        assert!(value_of_staying(&t, 0.5, 0.0, 2.0, 1.0) < value);
        assert!(value_of_staying(&t, 0.5, 0.0, 1.0, 1.8) < value);
        assert!(value_of_staying(&t, 0.4, 0.0, 1.0, 1.0) < value);
        assert!(value_of_staying(&t, 0.5, 0.3, 1.0, 1.0) > value);
        assert_eq!(value_of_staying(&t, 0.5, 0.0, 1.0, 0.2), value);
    }

    #[test]
    fn criteria_apply_in_their_order() {
        let regime = Regime::default();
        let mut facts = ClaimFacts {
            family: Some(1),
            document_or_visa: Some(2),
            irregular_entry: Some((3, 10)),
            visa_free_entry: Some(4),
            first_application: Some(5),
        };
        assert_eq!(responsible(&regime, &facts), Some(1));
        facts.family = None;
        assert_eq!(responsible(&regime, &facts), Some(2));
        facts.document_or_visa = None;
        assert_eq!(responsible(&regime, &facts), Some(3));
        facts.irregular_entry = None;
        assert_eq!(responsible(&regime, &facts), Some(4));
        facts.visa_free_entry = None;
        assert_eq!(responsible(&regime, &facts), Some(5));
        facts.first_application = None;
        assert_eq!(responsible(&regime, &facts), None);
        let other_order = Regime { criteria: vec![Criterion::FirstApplication, Criterion::Family], ..regime };
        let both = ClaimFacts { family: Some(1), first_application: Some(5), ..ClaimFacts::default() };
        assert_eq!(responsible(&other_order, &both), Some(5));
    }

    #[test]
    fn irregular_entry_lapses() {
        let at = |days| ClaimFacts {
            irregular_entry: Some((3, days)),
            first_application: Some(5),
            ..ClaimFacts::default()
        };
        assert_eq!(responsible(&Regime::of_2003(), &at(360)), Some(3));
        assert_eq!(responsible(&Regime::of_2003(), &at(361)), Some(5));
        assert_eq!(responsible(&Regime::of_2026(), &at(600)), Some(3));
        assert_eq!(responsible(&Regime::of_2026(), &at(601)), Some(5));
        assert_eq!(responsible(&Regime::of_1997(), &at(100_000)), Some(3));
    }

    #[test]
    fn silence_accepts_and_missed_deadlines_pass_responsibility() {
        let regime = Regime::of_2014();
        assert!(request_in_time(&regime, 90, false) && !request_in_time(&regime, 91, false));
        assert!(request_in_time(&regime, 60, true) && !request_in_time(&regime, 61, true));
        assert_eq!(reply(&regime, 60, false, None), None);
        assert_eq!(reply(&regime, 61, false, None), Some(true));
        assert_eq!(reply(&regime, 61, false, Some(false)), Some(false));
        assert_eq!(reply(&Regime::of_2026(), 15, true, None), Some(true));
        let holder = |days, whereabouts| responsible_while_transferring(&regime, 7, 8, days, whereabouts);
        for (whereabouts, limit) in
            [(Whereabouts::Available, 180), (Whereabouts::Imprisoned, 360), (Whereabouts::Absconded, 540)]
        {
            assert_eq!((holder(limit, whereabouts), holder(limit + 1, whereabouts)), (7, 8));
        }
    }

    #[test]
    fn a_match_needs_a_record_and_a_search() {
        assert!(matched(0.3, 0.8, 0.5) && !matched(0.4, 0.8, 0.5));
        assert!(!matched(1e-9, 0.0, 1.0) && !matched(1e-9, 1.0, 0.0));
    }
}
