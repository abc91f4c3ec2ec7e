//! Readmission: the origin takes back those returned, and promises how it treats them (model 5.14).

/// Share of returnees punished while the clause is applied: the lower of practice and promise.
///
/// ```text
/// π = min(π₀, π₁)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | π₀ | `practice` | share | 0 to 1 | share punished without it |
/// | π₁ | `promised` | share | 0 to 1 | share punished under it |
///
/// Source: the source paper, "Cuba agreed not to punish returnees for illegal departure"; whether it was kept is
/// contested, so both are parameters.
///
/// Limits: a promise worse than the practice changes nothing.
pub fn punished_share(practice: f64, promised: f64) -> f64 {
    practice.min(promised)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_promise_never_makes_it_worse() {
        assert_eq!(super::punished_share(0.3, 0.0), 0.0);
        assert_eq!(super::punished_share(0.1, 0.4), 0.1);
    }
}
