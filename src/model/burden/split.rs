//! What became of responsibility between two worlds, for people of one cell (model 5.15).

/// Responsibility that moved, was created, or was avoided, by State.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// Moved into each State from others.
    pub moved_in: Vec<f64>,
    /// Moved out of each State into others.
    pub moved_out: Vec<f64>,
    /// Borne by each State under the arrangement, and by nobody without it.
    pub created: Vec<f64>,
    /// Borne by each State without the arrangement, and by nobody under it.
    pub avoided: Vec<f64>,
}

/// Splits the differences of responsibility of one cell.
///
/// ```text
/// D_s = R¹_s − R⁰_s,     G = Σ_s max(0, D_s),     O = Σ_s max(0, −D_s),     m = min(G, O)
/// moved into s = max(0, D_s)·m/G          created at s = max(0, D_s)·(1 − m/G)
/// moved out of s = max(0, −D_s)·m/O       avoided at s = max(0, −D_s)·(1 − m/O)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | D | `differences` | person-day | ℝ, any length | responsibility with the arrangement less without it, by State |
///
/// Source: model 5.15. Limits: what moves in equals what moves out; Σ_s D_s = Σ_s created − Σ_s avoided, and a cell
/// never both creates and avoids. Who gave to whom is not told when several give and several receive. Positive parts
/// of noisy differences are positive: a placebo pair shows by how much.
pub fn split(differences: &[f64]) -> Split {
    let gained: f64 = differences.iter().map(|d| d.max(0.0)).sum();
    let lost: f64 = differences.iter().map(|d| (-d).max(0.0)).sum();
    let moved = gained.min(lost);
    let part = |of: f64| if of > 0.0 { moved / of } else { 0.0 };
    let (from_others, to_others) = (part(gained), part(lost));
    let each = |f: &dyn Fn(f64) -> f64| differences.iter().map(|&d| f(d)).collect();
    Split {
        moved_in: each(&|d| d.max(0.0) * from_others),
        moved_out: each(&|d| (-d).max(0.0) * to_others),
        created: each(&|d| d.max(0.0) * (1.0 - from_others)),
        avoided: each(&|d| (-d).max(0.0) * (1.0 - to_others)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(values: &[f64]) -> f64 {
        values.iter().sum()
    }

    #[test]
    fn by_hand() {
        let s = split(&[-10.0, 6.0, 2.0, 0.0]);
        assert_eq!(s.moved_in, [0.0, 6.0, 2.0, 0.0]);
        assert_eq!(s.moved_out, [8.0, 0.0, 0.0, 0.0]);
        assert_eq!(s.created, [0.0; 4]);
        assert!((s.avoided[0] - 2.0).abs() < 1e-12);
        let s = split(&[-3.0, 9.0, 3.0]);
        assert_eq!((s.moved_in[1], s.moved_in[2], total(&s.created)), (2.25, 0.75, 9.0));
        assert_eq!(total(&s.avoided), 0.0);
        assert_eq!(split(&[0.0, 0.0]).moved_in, [0.0, 0.0]);
        assert_eq!(split(&[5.0]).created, [5.0]);
    }

    proptest! {
        /// Σ_s D = created − avoided, for each State D = moved in + created − moved out − avoided, and what moves
        /// in moves out.
        #[test]
        fn the_identity_holds(differences in prop::collection::vec(-1e6..1e6_f64, 0..9)) {
            let s = split(&differences);
            let tolerance = 1e-9 * (1.0 + differences.iter().map(|d| d.abs()).sum::<f64>());
            let net = total(&s.created) - total(&s.avoided);
            prop_assert!((total(&differences) - net).abs() <= tolerance);
            prop_assert!((total(&s.moved_in) - total(&s.moved_out)).abs() <= tolerance);
            for (i, d) in differences.iter().enumerate() {
                let again = s.moved_in[i] + s.created[i] - s.moved_out[i] - s.avoided[i];
                prop_assert!((again - d).abs() <= tolerance);
            }
            prop_assert!(total(&s.created).min(total(&s.avoided)) <= tolerance);
        }
    }
}
