//! Borders and first asylum: who is admitted (model 5.4).
//!
//! A border has an openness, which is a lever of its country. Each person meets it with one keyed draw for
//! the border and the rung episode, so that one who is refused stays refused for as long as nothing changes.

/// Whether a person is admitted at a border.
///
/// ```text
/// admitted  ⇔  u < b
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | u | `u` | 1 | (0, 1) | the person's draw for this border and rung episode |
/// | b | `openness` | share | [0, 1] | share of those who come that the border lets in |
///
/// Source: assumption, not estimated.
/// Limits: b = 0 admits nobody and b = 1 everybody. With the same draw a wider opening admits a superset.
#[inline]
pub fn admitted(u: f64, openness: f64) -> bool {
    u < openness
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_border_admits_nobody_and_an_open_one_everybody() {
        for i in 0..1000 {
            let u = (f64::from(i) + 0.5) / 1000.0;
            assert!(!admitted(u, 0.0));
            assert!(admitted(u, 1.0));
        }
    }

    #[test]
    fn a_wider_opening_admits_a_superset_in_proportion() {
        let draws: Vec<f64> = (0..1000).map(|i| (f64::from(i) + 0.5) / 1000.0).collect();
        let count = |b: f64| draws.iter().filter(|&&u| admitted(u, b)).count();
        assert_eq!((count(0.25), count(0.7)), (250, 700));
        assert!(draws.iter().all(|&u| !admitted(u, 0.25) || admitted(u, 0.7)));
    }
}
