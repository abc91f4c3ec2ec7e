//! Whether what moved was shared or shifted (model 5.15).

/// How far a person's coming under the responsibility of a State was a transfer that the person accepted.
///
/// ```text
/// 1           where there was a transfer and it led to protection that would have been forgone
/// n_a/n       otherwise, of n transfers n_a accepted;     0 where n = 0
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | n_a | `accepted` | count | ≥ 0 | transfers into that State the person agreed to |
/// | n − n_a | `imposed` | count | ≥ 0 | transfers into that State without asking |
/// | | `preferred` | flag | | see [`preferred`](super::fate::preferred) |
///
/// Source: model 5.15. Limits: without a transfer nothing is shared: people who came there by themselves, because
/// another way was closed to them, were deflected, and deflection is shifting. A transfer nobody agreed to that
/// did not end in protection shares nothing, whatever else it kept from happening.
pub fn acceptance(accepted: u32, imposed: u32, preferred: bool) -> f64 {
    match accepted + imposed {
        0 => 0.0,
        _ if preferred => 1.0,
        all => f64::from(accepted) / f64::from(all),
    }
}

/// Shared and shifted parts of what moved into a State, for people of one cell.
///
/// ```text
/// shared = moved·A/Γ,     shifted = moved − shared,     A = Σ_i max(0, d_i)·a_i,     Γ = Σ_i max(0, d_i)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | moved | `moved_in` | person-day | ≥ 0 | see [`split`](super::split::split) |
/// | Γ | `gained` | person-day | ≥ 0 | what the State gained person by person (d: the person's difference) |
/// | A | `accepted` | person-day | [0, Γ] | the same, each weighted by [`acceptance`] |
///
/// Source: model 5.15; that transfers weigh by the responsibility they bring is an assumption. Limits: all shifted
/// where nobody accepted; all shared where all did; nothing gained, nothing shared.
pub fn shared(moved_in: f64, gained: f64, accepted: f64) -> (f64, f64) {
    let share = if gained > 0.0 { (accepted / gained).clamp(0.0, 1.0) } else { 0.0 };
    (moved_in * share, moved_in * (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(acceptance(0, 0, true), 0.0);
        assert_eq!(acceptance(1, 0, false), 1.0);
        assert_eq!(acceptance(1, 3, false), 0.25);
        assert_eq!(acceptance(0, 2, true), 1.0);
        assert_eq!(acceptance(0, 2, false), 0.0);
        assert_eq!(shared(10.0, 40.0, 30.0), (7.5, 2.5));
        assert_eq!(shared(10.0, 40.0, 0.0), (0.0, 10.0));
        assert_eq!(shared(10.0, 0.0, 0.0), (0.0, 10.0));
    }
}
