//! Resettlement of people recognised at a facility, by partners under a quota (model 5.14).

/// Places a year with one more quota.
///
/// ```text
/// K = K₀ + K₁
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | K₀ | `others_per_year` | person/year | ≥ 0 | places of other arrangements |
/// | K₁ | `quota_per_year` | person/year | ≥ 0 | places of this one |
///
/// Source: the source paper, 170 people resettled from Guantánamo to 11 countries between May 1995 and July 2003.
///
/// Limits: quotas add up; a quota of 0 changes nothing.
pub fn places_per_year(others_per_year: f64, quota_per_year: f64) -> f64 {
    others_per_year + quota_per_year
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotas_add_up() {
        assert_eq!(super::places_per_year(20.0, 5.0), 25.0);
    }
}
