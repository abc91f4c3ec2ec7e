//! Hosting: a partner takes in people held at a facility of another (model 5.14).

/// Room at the partner's facility while the clause is applied.
///
/// ```text
/// C = max(C₀, C₁)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | C₀ | `own` | person | ≥ 0 | room there is without it |
/// | C₁ | `promised` | person | ≥ 0 | room promised |
///
/// Source: the source paper, "Operation Safe Haven and Safe Passage"; Panama hosted up to 10,000 for six months.
///
/// Limits: a promise below what there is changes nothing; when the clause ends, people go to the facility's fallback.
pub fn capacity(own: f64, promised: f64) -> f64 {
    own.max(promised)
}

#[cfg(test)]
mod tests {
    #[test]
    fn room_never_shrinks_by_a_promise() {
        assert_eq!(super::capacity(0.0, 10_000.0), 10_000.0);
        assert_eq!(super::capacity(500.0, 100.0), 500.0);
    }
}
