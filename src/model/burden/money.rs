//! Money in place of people (model 5.15).

/// Shared and shifted parts of a payment to another State.
///
/// ```text
/// shared = min( M, C⁰ ),     shifted = M − shared
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | M | `paid_usd` | USD | ≥ 0 | paid to a State under the arrangement |
/// | C⁰ | `cost_without_usd` | USD | ≥ 0 | cost of the burden that State bears without the arrangement |
///
/// Source: model 5.15: money shares up to the cost of the burden that exists without it; beyond, it shifts, for it
/// pays another State to carry more than fell to it. Limits: nothing paid, nothing shared; where the payee bears
/// nothing without the arrangement all of it shifts.
pub fn payment(paid_usd: f64, cost_without_usd: f64) -> (f64, f64) {
    let shared = paid_usd.max(0.0).min(cost_without_usd.max(0.0));
    (shared, paid_usd.max(0.0) - shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_shares_up_to_the_cost_that_was_there() {
        assert_eq!(payment(30.0, 100.0), (30.0, 0.0));
        assert_eq!(payment(130.0, 100.0), (100.0, 30.0));
        assert_eq!(payment(130.0, 0.0), (0.0, 130.0));
        assert_eq!(payment(0.0, 100.0), (0.0, 0.0));
    }
}
