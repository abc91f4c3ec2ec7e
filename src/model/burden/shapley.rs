//! Shapley values: what each of several arrangements that act together contributes (model 5.15).
//!
//! A coalition is a set of arrangements in force, as bits of a number: bit `a` for arrangement `a`.

/// Arrangements for which every coalition is looked at; beyond, orders are drawn.
pub const EXACT_PLAYERS: usize = 6;

/// Weight of the contribution of a player to a coalition of others.
///
/// ```text
/// w(k) = k!·(n − k − 1)!/n! = 1/( n·C(n − 1, k) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | n | `players` | count | 1 to 63 | players in all |
/// | k | `others` | count | 0 to n − 1 | members of the coalition joined |
///
/// Source: Shapley (1953). Limits: over all coalitions of others the weights sum to 1.
pub fn weight(players: usize, others: usize) -> f64 {
    let mut choose = 1.0;
    for i in 0..others {
        choose = choose * (players - 1 - i) as f64 / (i + 1) as f64;
    }
    1.0 / (players as f64 * choose)
}

/// Exact Shapley values of one outcome.
///
/// ```text
/// φ_a = Σ_{S ∌ a} w(|S|)·( v(S ∪ a) − v(S) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | v | `value` | any | 2ⁿ coalitions | outcome when just these are in force |
/// | n | `players` | count | 0 to 63 | arrangements |
///
/// Source: Shapley (1953), A value for n-person games. Limits: they sum to v(all) − v(none); 0 for one that changes
/// nothing in any company; equal for two that are exchangeable. 2ⁿ coalitions are looked at.
pub fn exact(players: usize, value: impl Fn(u64) -> f64) -> Vec<f64> {
    let weights: Vec<f64> = (0..players).map(|others| weight(players, others)).collect();
    (0..players)
        .map(|a| {
            let bit = 1_u64 << a;
            (0..1_u64 << players)
                .filter(|s| s & bit == 0)
                .map(|s| weights[s.count_ones() as usize] * (value(s | bit) - value(s)))
                .sum()
        })
        .collect()
}

/// Contributions of players in orders of joining, averaged over the orders.
///
/// ```text
/// φ̂_a = (1/P)·Σ_π ( v(those before a in π, and a) − v(those before a in π) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | π | `orders` | | P ≥ 1, each of all players | orders of joining |
/// | v | `value` | any | coalitions met | outcome when just these are in force |
///
/// Source: Castro, Gómez and Tejada (2009); in antithetic pairs ([`with_reversed`]), Mitchell et al. (2022). Limits:
/// unbiased for orders drawn at random; they sum to v(all) − v(none) whatever the orders; exact over all n! orders.
pub fn over_orders(players: usize, orders: &[Vec<usize>], value: impl Fn(u64) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; players];
    for order in orders {
        let mut joined = 0_u64;
        for &a in order {
            let before = value(joined);
            joined |= 1 << a;
            sums[a] += value(joined) - before;
        }
    }
    sums.iter().map(|sum| sum / orders.len().max(1) as f64).collect()
}

/// Coalitions that [`over_orders`] asks for, each once, the smallest number first.
pub fn coalitions_of(orders: &[Vec<usize>]) -> Vec<u64> {
    let mut met = vec![0];
    for order in orders {
        let mut joined = 0_u64;
        for &a in order {
            joined |= 1 << a;
            met.push(joined);
        }
    }
    met.sort_unstable();
    met.dedup();
    met
}

/// Orders of players from uniform numbers, each followed by its reverse: who joins early in one joins late in the
/// other, so that errors cancel.
///
/// Each order sorts the players by their numbers in a block of `players`.
pub fn with_reversed(players: usize, uniforms: &[f64]) -> Vec<Vec<usize>> {
    let mut orders = Vec::new();
    for block in uniforms.chunks_exact(players.max(1)) {
        let mut order: Vec<usize> = (0..players).collect();
        order.sort_by(|&a, &b| block[a].total_cmp(&block[b]).then(a.cmp(&b)));
        let reversed = order.iter().rev().copied().collect();
        orders.push(order);
        orders.push(reversed);
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gloves: player 0 has a left one, players 1 and 2 a right one each; only pairs are worth anything.
    fn gloves(s: u64) -> f64 {
        f64::from(u8::from(s & 1 == 1 && s & 0b110 != 0))
    }

    #[test]
    fn the_glove_game_has_its_known_values() {
        let phi = exact(3, gloves);
        for (found, known) in phi.iter().zip([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]) {
            assert!((found - known).abs() < 1e-15);
        }
        let all = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map(|o| o.to_vec());
        for (by_order, known) in over_orders(3, &all, gloves).iter().zip(&phi) {
            assert!((by_order - known).abs() < 1e-15);
        }
    }

    #[test]
    fn weights_sum_to_one_over_coalitions() {
        for players in 1..=12 {
            let sum: f64 =
                (0..1_u64 << (players - 1)).map(|s| weight(players, s.count_ones() as usize)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
        assert!(exact(0, |_| 5.0).is_empty());
    }

    #[test]
    fn orders_come_in_pairs_and_ask_for_what_they_need() {
        let orders = with_reversed(3, &[0.5, 0.1, 0.9, 0.2, 0.2, 0.1]);
        assert_eq!(orders, [[1, 0, 2], [2, 0, 1], [2, 0, 1], [1, 0, 2]].map(|o| o.to_vec()));
        assert_eq!(coalitions_of(&orders[..2]), [0b000, 0b010, 0b011, 0b100, 0b101, 0b111]);
    }

    proptest! {
        /// Efficiency, for exact values and for any orders; a dummy gets what it is worth alone; equals get the same.
        #[test]
        fn the_axioms_hold(
            values in prop::collection::vec(-1e3..1e3_f64, 16),
            uniforms in prop::collection::vec(0.0..1.0_f64, 20),
            alone in -50.0..50.0_f64,
        ) {
            // Players 0 to 3 play any game, player 4 adds the same to every coalition.
            let value = |s: u64| values[(s & 15) as usize] + alone * (s >> 4 & 1) as f64;
            let whole = value(31) - value(0);
            let phi = exact(5, value);
            prop_assert!((phi.iter().sum::<f64>() - whole).abs() < 1e-9);
            prop_assert!((phi[4] - alone).abs() < 1e-9);
            let drawn = over_orders(5, &with_reversed(5, &uniforms), value);
            prop_assert!((drawn.iter().sum::<f64>() - whole).abs() < 1e-9);
            prop_assert!((drawn[4] - alone).abs() < 1e-9);
            // A game in which 0 and 1 are exchangeable.
            let swapped = |s: u64| (s & !3) | (s >> 1 & 1) | (s << 1 & 2);
            let fair = exact(4, |s| values[s as usize] + values[swapped(s) as usize]);
            prop_assert!((fair[0] - fair[1]).abs() < 1e-9);
        }
    }
}
