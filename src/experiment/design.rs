//! Designs: which combinations of factor values are run. A point is found from its number alone, so that a design of
//! a million points takes no memory and any shard finds its own.

use super::factor::{Factor, Kind, Setting};
use super::plan::{About, DesignKind};
use super::sobol_sequence;

/// Most runs of an experiment.
pub const MOST_RUNS: u64 = 1_000_000_000_000;

/// A design.
#[derive(Clone, Debug)]
pub struct Design {
    kind: DesignKind,
    points: u64,
    /// Base points, or trajectories.
    groups: u64,
    levels: u32,
    seed: u64,
    /// Points of a table.
    table: Vec<Vec<Setting>>,
}

/// Why there is no such design: the key at fault, what was found, what is allowed.
pub type Misfit = (&'static str, String, String);

impl Design {
    /// The design of an experiment; `table` are the points of a table design.
    pub fn new(about: &About, factors: &[Factor], table: Vec<Vec<Setting>>) -> Result<Self, Misfit> {
        let (k, groups) = (factors.len() as u64, Self::groups(about)?);
        let mut counts = factors.iter().map(|f| f.level_count(about.levels));
        let points: Option<u64> = match about.design {
            DesignKind::FullFactorial => counts.try_fold(1, u64::checked_mul),
            DesignKind::OneAtATime => Some(1 + counts.sum::<u64>()),
            DesignKind::Random | DesignKind::LatinHypercube | DesignKind::Sobol => Some(groups),
            DesignKind::Saltelli => groups.checked_mul(k + 2),
            DesignKind::Morris => groups.checked_mul(k + 1),
            DesignKind::Table => Some(table.len() as u64),
        };
        let runs = points.and_then(|p| p.checked_mul(about.replicates));
        let Some(points) = points.filter(|_| runs.is_some_and(|r| r <= MOST_RUNS)) else {
            let found = "a design of more runs than can be counted".to_string();
            return Err(("design", found, format!("at most {MOST_RUNS} runs")));
        };
        if points == 0 {
            return Err(("table", "a table without points".into(), "one row for each point".into()));
        }
        Self::check(about, factors)?;
        let (kind, levels, seed) = (about.design, about.levels, about.design_seed);
        Ok(Self { kind, points, groups, levels, seed, table })
    }

    fn groups(about: &About) -> Result<u64, Misfit> {
        match (about.design, about.points) {
            (DesignKind::Morris, _) => Ok(u64::from(about.trajectories)),
            (DesignKind::FullFactorial | DesignKind::OneAtATime | DesignKind::Table, _) => Ok(0),
            (_, Some(points)) => Ok(points),
            (kind, None) => {
                let found = format!("the design `{kind}` without `points`");
                Err(("design", found, "a number of `points`".into()))
            }
        }
    }

    fn check(about: &About, factors: &[Factor]) -> Result<(), Misfit> {
        let dimensions = match about.design {
            DesignKind::Sobol => factors.len(),
            DesignKind::Saltelli => 2 * factors.len(),
            _ => 0,
        };
        if dimensions > sobol_sequence::MOST_DIMENSIONS {
            let found = format!("{} factors", factors.len());
            let most = sobol_sequence::MOST_DIMENSIONS * factors.len() / dimensions;
            return Err(("design", found, format!("at most {most} factors in this design")));
        }
        let screening = matches!(about.design, DesignKind::Saltelli | DesignKind::Morris);
        if screening && factors.is_empty() {
            return Err(("design", "no factor".into(), "at least one factor in this design".into()));
        }
        if about.design == DesignKind::Morris {
            if let Some(list) = factors.iter().find(|f| !matches!(f.kind, Kind::Range(_))) {
                let found = format!("the factor `{}`, which is not a range", list.name);
                return Err(("design", found, "ranges alone in a Morris design".into()));
            }
            if about.levels % 2 == 1 {
                let found = format!("{} levels", about.levels);
                return Err(("levels", found, "an even number in a Morris design".into()));
            }
        }
        Ok(())
    }

    /// Points.
    pub fn points(&self) -> u64 {
        self.points
    }

    /// What the factors are set to at a point.
    pub fn at(&self, point: u64, factors: &[Factor]) -> Vec<Setting> {
        match self.kind {
            DesignKind::FullFactorial => self.combination(point, factors),
            DesignKind::OneAtATime => self.one_alone(point, factors),
            DesignKind::Table => self.table.get(point as usize).cloned().unwrap_or_default(),
            _ => {
                let unit = self.unit(point, factors.len());
                factors.iter().zip(unit).map(|(f, u)| f.at(u)).collect()
            }
        }
    }

    /// The position of a point in the unit cube, for designs that have one.
    pub fn unit(&self, point: u64, factors: usize) -> Vec<f64> {
        match self.kind {
            DesignKind::Random => (0..factors).map(|i| self.uniform(point, i as u64)).collect(),
            DesignKind::LatinHypercube => (0..factors).map(|i| self.stratum(point, i as u64)).collect(),
            DesignKind::Sobol => (0..factors).map(|i| self.shifted(point, i)).collect(),
            DesignKind::Saltelli => self.exchanged(point, factors),
            DesignKind::Morris => self.on_trajectory(point, factors),
            DesignKind::FullFactorial | DesignKind::OneAtATime | DesignKind::Table => Vec::new(),
        }
    }

    /// The last factor moves fastest.
    fn combination(&self, point: u64, factors: &[Factor]) -> Vec<Setting> {
        let mut left = point;
        let mut settings: Vec<Setting> = factors
            .iter()
            .rev()
            .map(|f| {
                let count = f.level_count(self.levels);
                let level = left % count;
                left /= count;
                f.level(level, self.levels)
            })
            .collect();
        settings.reverse();
        settings
    }

    fn one_alone(&self, point: u64, factors: &[Factor]) -> Vec<Setting> {
        let mut settings = vec![Setting::Base; factors.len()];
        let Some(mut left) = point.checked_sub(1) else { return settings };
        for (setting, factor) in settings.iter_mut().zip(factors) {
            let count = factor.level_count(self.levels);
            if left < count {
                *setting = factor.level(left, self.levels);
                break;
            }
            left -= count;
        }
        settings
    }

    fn uniform(&self, point: u64, which: u64) -> f64 {
        (mix(self.seed, which, point) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One point in each of as many strata as there are points, in an order of each factor's own.
    fn stratum(&self, point: u64, factor: u64) -> f64 {
        let stratum = permuted(point, self.points, mix(self.seed, factor, u64::MAX));
        (stratum as f64 + self.uniform(point, factor)) / self.points as f64
    }

    /// A Sobol coordinate under a digital shift, in the middle of its smallest part.
    fn shifted(&self, point: u64, dimension: usize) -> f64 {
        let shift = mix(self.seed, dimension as u64, u64::MAX) as u32;
        let bits = sobol_sequence::bits(point as u32, dimension) ^ shift;
        (f64::from(bits) + 0.5) / 4_294_967_296.0
    }

    /// Of each base point: A; A with one coordinate of B, for each factor in turn; B (Saltelli and others 2010).
    fn exchanged(&self, point: u64, factors: usize) -> Vec<f64> {
        let (base, part) = (point / (factors as u64 + 2), point % (factors as u64 + 2));
        let from_b = |i: usize| part == factors as u64 + 1 || part == i as u64 + 1;
        (0..factors).map(|i| self.shifted(base, if from_b(i) { factors + i } else { i })).collect()
    }

    /// A trajectory begins at a random point of the grid of levels and changes one factor at a time, in an order of
    /// its own, by δ = p / (2 (p − 1)) up or down (Morris 1991).
    fn on_trajectory(&self, point: u64, factors: usize) -> Vec<f64> {
        let (trajectory, step) = (point / (factors as u64 + 1), point % (factors as u64 + 1));
        let half = u64::from(self.levels / 2);
        let grid = f64::from(self.levels - 1);
        let key = mix(self.seed, trajectory, u64::MAX - 1);
        (0..factors as u64)
            .map(|i| {
                let draw = mix(key, i, 0);
                let (low, upward) = ((draw >> 1) % half, draw & 1 == 0);
                let changed = permuted(i, factors as u64, key) < step;
                let level = if upward == changed { low + half } else { low };
                level as f64 / grid
            })
            .collect()
    }

    /// Base points, or trajectories.
    pub fn group_count(&self) -> u64 {
        self.groups
    }
}

/// A mix of three numbers into 64 bits: the finalizer of SplitMix64 (Steele, Lea and Flood 2014) after each.
fn mix(a: u64, b: u64, c: u64) -> u64 {
    let finish = |mut z: u64| {
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    [b, c].into_iter().fold(finish(a.wrapping_add(STEP)), |z, x| {
        finish(z.wrapping_add(STEP) ^ finish(x.wrapping_add(STEP)))
    })
}

/// The place of an index in a keyed permutation of `n`: a Feistel network over the next even power of two, walked on
/// until it lands inside (Black and Rogaway 2002). An index beyond them stays where it is: the walk might never land.
fn permuted(index: u64, n: u64, key: u64) -> u64 {
    if index >= n {
        return index;
    }
    let bits = 64 - n.saturating_sub(1).leading_zeros();
    let half = bits.div_ceil(2).max(1);
    let mask = (1u64 << half) - 1;
    let mut x = index;
    loop {
        let (mut left, mut right) = (x >> half, x & mask);
        for round in 0..6 {
            (left, right) = (right, left ^ (mix(key, round, right) & mask));
        }
        x = left << half | right;
        if x < n {
            return x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_hits_everything_once_and_ends_for_what_is_beyond() {
        for n in [1, 2, 7, 16, 100] {
            let mut seen: Vec<u64> = (0..n).map(|i| permuted(i, n, 5)).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..n), "{n}");
            for beyond in (0..60).map(|bit| n + (1 << bit)) {
                assert_eq!(permuted(beyond, n, 5), beyond);
            }
        }
    }
}
