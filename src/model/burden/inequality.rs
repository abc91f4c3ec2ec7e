//! How unequally responsibility is distributed: Gini, Theil, and the gap to a fair key (model 5.15).

use crate::model::arrangement::loads_against_key;
use crate::model::math;

/// Gini coefficient of responsibility against fair shares.
///
/// ```text
/// ½·Σ_i Σ_j k_i·k_j·|l_i − l_j|,     l_i = (R_i/Σ_j R_j)/k_i
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | R | `responsibility` | person-day | ≥ 0 | what each State carries |
/// | k | `keys` | share | > 0, sum 1 | fair shares, same order |
///
/// Source: Gini (1912), with States weighted by their fair shares, so that it is the area between the Lorenz curve of
/// responsibility against the key and the diagonal. Limits: 0 where all carry their fair share; 1 less the fair share
/// of the one who carries everything; the usual Gini with equal keys; 0 where nobody carries anything.
pub fn gini(responsibility: &[f64], keys: &[f64]) -> f64 {
    let loads = loads_against_key(responsibility, keys);
    let mut sum = 0.0;
    for (i, (l, k)) in loads.iter().zip(keys).enumerate() {
        for (m, q) in loads[..i].iter().zip(keys) {
            sum += k * q * (l - m).abs();
        }
    }
    sum
}

/// Theil's index of responsibility against fair shares.
///
/// ```text
/// T = Σ_i r_i·ln( r_i/k_i ),     r_i = R_i/Σ_j R_j
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | R | `responsibility` | person-day | ≥ 0 | what each State carries |
/// | k | `keys` | share | > 0, sum 1 | fair shares, same order |
///
/// Source: Theil (1967), Economics and Information Theory: the divergence of shares from a key. Limits: 0 where all
/// carry their fair share or nobody carries anything; −ln k of the one who carries everything; Theil's T with equal
/// keys.
pub fn theil(responsibility: &[f64], keys: &[f64]) -> f64 {
    let loads = loads_against_key(responsibility, keys);
    loads.iter().zip(keys).map(|(&l, &k)| if l > 0.0 { k * l * math::ln(l) } else { 0.0 }).sum()
}

/// Gap to the fair key: the share of all responsibility that would have to change hands.
///
/// ```text
/// ½·Σ_i |r_i − k_i|,     r_i = R_i/Σ_j R_j
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | R | `responsibility` | person-day | ≥ 0 | what each State carries |
/// | k | `keys` | share | > 0, sum 1 | fair shares, same order |
///
/// Source: Hoover (1936). Limits: 0 where all carry their fair share or nobody carries anything; 1 less the fair share
/// of the one who carries everything.
pub fn gap_to_key(responsibility: &[f64], keys: &[f64]) -> f64 {
    if responsibility.iter().sum::<f64>() <= 0.0 {
        return 0.0;
    }
    let loads = loads_against_key(responsibility, keys);
    loads.iter().zip(keys).map(|(l, k)| (l * k - k).abs()).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fair_distribution_has_no_inequality() {
        let keys = [0.5, 0.3, 0.2];
        let fair = [50.0, 30.0, 20.0];
        for measure in [gini, theil, gap_to_key] {
            assert!(measure(&fair, &keys).abs() < 1e-14);
            assert_eq!(measure(&[0.0; 3], &keys), 0.0);
            assert!((measure(&[1.0, 2.0, 7.0], &keys) - measure(&[10.0, 20.0, 70.0], &keys)).abs() < 1e-14);
        }
    }

    #[test]
    fn one_who_carries_everything() {
        let keys = [0.5, 0.3, 0.2];
        let alone = [0.0, 0.0, 8.0];
        assert!((gini(&alone, &keys) - 0.8).abs() < 1e-14);
        assert!((gap_to_key(&alone, &keys) - 0.8).abs() < 1e-14);
        assert!((theil(&alone, &keys) + math::ln(0.2)).abs() < 1e-14);
    }

    #[test]
    fn the_usual_gini_and_theil_with_equal_keys() {
        let (r, keys) = ([1.0, 2.0, 3.0, 4.0], [0.25; 4]);
        assert!((gini(&r, &keys) - 0.25).abs() < 1e-14);
        let by_hand: f64 = r.iter().map(|x| x / 2.5 * math::ln(x / 2.5)).sum::<f64>() / 4.0;
        assert!((theil(&r, &keys) - by_hand).abs() < 1e-14);
    }

    /// Taking from one above the fair share to one below lowers all three.
    #[test]
    fn a_fair_transfer_lowers_inequality() {
        let keys = [0.4, 0.4, 0.2];
        let (before, after) = ([70.0, 20.0, 10.0], [60.0, 30.0, 10.0]);
        for measure in [gini, theil, gap_to_key] {
            assert!(measure(&after, &keys) < measure(&before, &keys));
        }
    }
}
