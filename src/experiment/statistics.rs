//! Summaries of samples: quantiles, and scores of a forecast against what was recorded.

/// The quantile of a sorted sample, interpolated (Hyndman and Fan's type 7).
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    match sorted {
        [] => f64::NAN,
        [only] => *only,
        _ => {
            let at = p.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
            let low = at.floor() as usize;
            let high = (low + 1).min(sorted.len() - 1);
            let share = at - low as f64;
            // What never happens is infinite: between equal values, and at a value, nothing is interpolated.
            if share == 0.0 || sorted[low] == sorted[high] {
                sorted[low]
            } else {
                sorted[low] + share * (sorted[high] - sorted[low])
            }
        }
    }
}

/// A sample sorted.
pub fn sorted(mut sample: Vec<f64>) -> Vec<f64> {
    sample.sort_by(f64::total_cmp);
    sample
}

/// Continuous ranked probability score of a sample as a forecast of a value: E|X − y| − E|X − X′| / 2
/// (Gneiting and Raftery 2007), in the fair form for ensembles (Ferro 2014). Lower is better; in the unit of the value.
pub fn crps(sorted: &[f64], value: f64) -> f64 {
    let n = sorted.len() as f64;
    let error = sorted.iter().map(|x| (x - value).abs()).sum::<f64>() / n;
    // The sum of all |xᵢ − xⱼ| of a sorted sample in one pass.
    let spread: f64 =
        sorted.iter().enumerate().map(|(i, x)| (2.0 * i as f64 + 1.0 - n) * x).sum::<f64>() * 2.0;
    error - if sorted.len() > 1 { spread / (2.0 * n * (n - 1.0)) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_known_sample() {
        let s = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!((quantile(&s, 0.0), quantile(&s, 0.5), quantile(&s, 1.0)), (1.0, 3.0, 5.0));
        assert!((quantile(&s, 0.1) - 1.4).abs() < 1e-12);
        let never = [1.0, f64::INFINITY, f64::INFINITY];
        assert_eq!((quantile(&never, 0.0), quantile(&never, 0.9)), (1.0, f64::INFINITY));
    }

    #[test]
    fn crps_of_a_point_is_the_error_and_agrees_with_the_double_sum() {
        assert_eq!(crps(&[3.0], 5.0), 2.0);
        let s = sorted(vec![4.0, 1.0, 7.5, 2.0]);
        let n = s.len() as f64;
        let mut pairs = 0.0;
        for a in &s {
            for b in &s {
                pairs += (a - b).abs();
            }
        }
        let error: f64 = s.iter().map(|x| (x - 3.0).abs()).sum::<f64>() / n;
        assert!((crps(&s, 3.0) - (error - pairs / (2.0 * n * (n - 1.0)))).abs() < 1e-12);
    }
}
