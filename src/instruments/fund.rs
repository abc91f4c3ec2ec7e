//! A fund allotted among members by a rule: a body count of people in care, need, capacity, or the frontline first
//! (model 5.14). A count of bodies is blind to a small flow that is sudden: what it pays follows stocks.

use super::{AllocationRule, Clause, Does, Member};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// A fund allotted among members by a rule.
    pub struct Fund {
        /// Members.
        members: Vec<Name>,
        /// Money a year.
        usd_per_year: f64 { unit: "USD/year", range: 0.0..=1e11 },
        /// By what it is allotted, once a year.
        rule: AllocationRule = AllocationRule::BodyCount,
        /// Members at the frontier.
        frontier: Vec<Name> = Vec::new(),
        /// Share of it that replaces what members would have spent anyway.
        fungible_share: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
    }
}

impl Fund {
    /// Money allotted among members; what is fungible relieves nobody.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let frontier = names.countries_named(&format!("{at}.frontier"), &self.frontier);
        let members = names.members(&format!("{at}.members"), &self.members);
        let member = |country| Member { country, frontier: frontier.contains(&country) };
        let allot = Does::Allot {
            members: members.into_iter().map(member).collect(),
            usd_per_year: self.usd_per_year,
            rule: self.rule,
            care_share: 1.0 - self.fungible_share,
        };
        vec![Clause::plain(allot).costing(self.usd_per_year)]
    }
}

/// What bears on the share of one member.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// People in care.
    pub stock: f64,
    /// The same a year before.
    pub stock_before: f64,
    /// Places in reception.
    pub capacity: f64,
    /// Whether at the frontier.
    pub frontier: bool,
    /// Cost of the care of all of them, in USD a year.
    pub cost_usd: f64,
}

/// Shares of a fund.
///
/// ```text
/// body count:       w_i = n_i
/// need:             w_i = max(0, n_i − n_i′)/K_i
/// capacity:         w_i = max(0, n_i − K_i)
/// frontline first:  a_i = min(m, Σ_frontier c)·n_i/Σ_frontier n   at the frontier;   the rest by body count elsewhere
/// share_i = w_i / Σ_j w_j
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | n, n′ | `stock`, `stock_before` | person | ≥ 0 | people in care now, a year before |
/// | K | `capacity` | person | > 0 | places in reception |
/// | c | `cost_usd` | USD/year | ≥ 0 | cost of care |
/// | m | `usd_per_year` | USD/year | > 0 | the fund |
///
/// Returns a share for each member, in their order, that sum to 1.
///
/// Source: body count: the source paper on the European Refugee Fund; the others are the alternatives it is compared
/// with. Limits: where no member has any weight all share alike; with nobody at the frontier "frontline first" is a
/// body count.
pub fn shares(rule: AllocationRule, standings: &[Standing], usd_per_year: f64) -> Vec<f64> {
    let normalised = |weights: Vec<f64>| -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        if total > 0.0 {
            weights.into_iter().map(|w| w / total).collect()
        } else {
            vec![1.0 / weights.len().max(1) as f64; weights.len()]
        }
    };
    let by = |weight: fn(&Standing) -> f64| normalised(standings.iter().map(weight).collect());
    match rule {
        AllocationRule::BodyCount => by(|s| s.stock),
        AllocationRule::Need => by(|s| (s.stock - s.stock_before).max(0.0) / s.capacity.max(1e-9)),
        AllocationRule::Capacity => by(|s| (s.stock - s.capacity).max(0.0)),
        AllocationRule::FrontlineFirst => {
            let cost: f64 = standings.iter().filter(|s| s.frontier).map(|s| s.cost_usd).sum();
            let first = if usd_per_year > 0.0 { (cost / usd_per_year).min(1.0) } else { 0.0 };
            let front = |s: &Standing| if s.frontier { s.stock } else { 0.0 };
            let total: f64 = standings.iter().map(front).sum();
            let others = normalised(standings.iter().map(|s| s.stock - front(s)).collect());
            if total <= 0.0 {
                return others;
            }
            standings.iter().zip(others).map(|(s, o)| first * front(s) / total + (1.0 - first) * o).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(stock: f64, before: f64, capacity: f64, frontier: bool) -> Standing {
        Standing { stock, stock_before: before, capacity, frontier, cost_usd: stock * 100.0 }
    }

    #[test]
    fn shares_by_hand_sum_to_one() {
        let members =
            [standing(900.0, 900.0, 1000.0, false), standing(100.0, 10.0, 20.0, true)];
        assert_eq!(shares(AllocationRule::BodyCount, &members, 1e4), [0.9, 0.1]);
        assert_eq!(shares(AllocationRule::Need, &members, 1e4), [0.0, 1.0]);
        assert_eq!(shares(AllocationRule::Capacity, &members, 1e4), [0.0, 1.0]);
        // The frontier's care costs 10,000: all of a fund of 10,000, a tenth of one of 100,000.
        assert_eq!(shares(AllocationRule::FrontlineFirst, &members, 1e4), [0.0, 1.0]);
        assert_eq!(shares(AllocationRule::FrontlineFirst, &members, 1e5), [0.9, 0.1]);
        for rule in AllocationRule::ALL {
            assert!((shares(*rule, &members, 3e4).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_body_count_misses_a_small_sudden_flow() {
        let steady = standing(10_000.0, 10_000.0, 12_000.0, false);
        let sudden = standing(500.0, 20.0, 100.0, false);
        let counted = shares(AllocationRule::BodyCount, &[steady, sudden], 1e6)[1];
        let needed = shares(AllocationRule::Need, &[steady, sudden], 1e6)[1];
        assert!(counted < 0.05 && needed > 0.95);
    }

    #[test]
    fn without_weights_all_share_alike() {
        let none = [standing(0.0, 0.0, 10.0, false); 4];
        for rule in AllocationRule::ALL {
            assert_eq!(shares(*rule, &none, 1e6), [0.25; 4]);
        }
        assert!(shares(AllocationRule::BodyCount, &[], 1.0).is_empty());
    }
}
