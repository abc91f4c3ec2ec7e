//! Orderly departure: places a year for direct entry from the origin (model 5.14).

/// Places granted a year, once the programme has built up.
///
/// ```text
/// ceiling = c₀ + K · δ · min(1, t / T)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | c₀ | `without_per_year` | person/year | ≥ 0 | places there are anyway |
/// | K | `promised_per_year` | person/year | ≥ 0 | places promised |
/// | δ | `delivered_share` | share | 0 to 1 | share that obstacles on either side leave to be used |
/// | t | `age_days` | day | ≥ 0 | time since the arrangement came into force |
/// | T | `build_up_days` | day | ≥ 0 | time until it runs at that level |
///
/// Source: GAO/NSIAD-95-211 (16,305 approved in the first nine months of the accord of September 1994); the
/// straight build-up is an assumption, not estimated.
///
/// Limits: T = 0 gives the full level at once.
pub fn ceiling_per_year(
    without_per_year: f64,
    promised_per_year: f64,
    delivered_share: f64,
    age_days: f64,
    build_up_days: f64,
) -> f64 {
    let built = if build_up_days > 0.0 { (age_days / build_up_days).min(1.0) } else { 1.0 };
    without_per_year + promised_per_year * delivered_share * built
}

#[cfg(test)]
mod tests {
    use super::ceiling_per_year;

    #[test]
    fn it_builds_up_to_what_is_delivered_and_stays_below_what_is_promised() {
        assert_eq!(ceiling_per_year(0.0, 20_000.0, 0.9, 0.0, 180.0), 0.0);
        assert_eq!(ceiling_per_year(0.0, 20_000.0, 0.9, 90.0, 180.0), 9_000.0);
        assert_eq!(ceiling_per_year(0.0, 20_000.0, 0.9, 5_000.0, 180.0), 18_000.0);
        assert_eq!(ceiling_per_year(100.0, 20_000.0, 1.0, 0.0, 0.0), 20_100.0);
    }
}
