//! What an attribution comes to: sums over worlds, effects, payments, Shapley values, distributions.

use super::lives::Lives;
use super::pairs::{Cells, Differences, Ledger, StateLedger};
use crate::engine::keyed::{Luck, Purpose};
use crate::model::arrangement::{KeyWeights, Size, key_share, loads_against_key};
use crate::model::burden::fate::Fate;
use crate::model::burden::inequality::{gap_to_key, gini, theil};
use crate::model::burden::money::payment;
use crate::model::burden::paired::{Estimate, estimate};
use crate::model::burden::vulnerability::weighted;
use crate::scenario::setup::Setup;

/// Outcomes beside responsibility, counted in persons; responsibility by State comes first.
pub const PEOPLE: [&str; 5] = ["set_out", "protected", "refouled", "refoulements", "dead"];

/// Draws of signs that tell what chance alone comes to.
const CHANCE_DRAWS: u64 = 50;

/// One world of one seed, summed up.
#[derive(Clone, Debug, PartialEq)]
pub struct WorldSums {
    /// Person-days by State, then status.
    pub person_days: Vec<f64>,
    /// The same of the vulnerable.
    pub vulnerable_days: Vec<f64>,
    /// Person-days by State.
    pub by_state: Vec<f64>,
    /// The same of the vulnerable.
    pub vulnerable_by_state: Vec<f64>,
    /// See [`PEOPLE`].
    pub people: [f64; PEOPLE.len()],
    /// Spending on holding by State, in USD.
    pub spent_usd: Vec<f64>,
    /// Money received from partners by State, in USD.
    pub received_usd: Vec<f64>,
    /// Cost of the burden by State, in USD; see [`Lives::cost_usd`].
    pub cost_usd: Vec<f64>,
}

impl WorldSums {
    /// Those of a world.
    pub fn of(setup: &Setup, lives: &Lives) -> Self {
        let (by_state, vulnerable_by_state) = lives.by_state();
        let reals = |counts: &[u64]| counts.iter().map(|&n| n as f64).collect();
        Self {
            person_days: reals(&lives.person_days),
            vulnerable_days: reals(&lives.vulnerable_days),
            by_state,
            vulnerable_by_state,
            people: people(lives),
            spent_usd: lives.spent_usd.clone(),
            received_usd: lives.received_usd.clone(),
            cost_usd: lives.cost_usd(setup),
        }
    }
}

/// Outcomes of a world in persons, in the order of [`PEOPLE`].
pub fn people(lives: &Lives) -> [f64; PEOPLE.len()] {
    let fates = lives.fates();
    let of = |fate: Fate| fates[fate as usize] as f64;
    let set_out = fates.iter().sum::<u64>() as f64;
    [
        set_out,
        of(Fate::Protected),
        of(Fate::Refouled),
        lives.refoulements.iter().sum::<u64>() as f64,
        of(Fate::Dead),
    ]
}

/// A world that is reported: its name, and one [`WorldSums`] for each seed.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// `none`, `all`, or `without NAME`.
    pub name: String,
    /// By seed.
    pub seeds: Vec<WorldSums>,
}

impl World {
    /// Mean over seeds of a list of quantities.
    pub fn mean(&self, of: impl Fn(&WorldSums) -> &[f64]) -> Vec<f64> {
        let n = self.seeds.len().max(1) as f64;
        let length = self.seeds.first().map_or(0, |s| of(s).len());
        (0..length).map(|i| self.seeds.iter().map(|s| of(s)[i]).sum::<f64>() / n).collect()
    }
}

/// What two kinds of world differ by.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Name of the arrangement, or `all together`, or `placebo`.
    pub name: String,
    /// Differences of all seeds.
    pub sums: Differences,
    /// What they come to.
    pub ledger: Ledger,
    /// Standard errors of the ledger, in the order of [`Ledger::flat`].
    pub errors: Vec<f64>,
    /// What the ledger would come to by chance alone, at the noise that pairing leaves; see [`chance`].
    pub chance: Ledger,
    /// Money a State received more, by State; none for the placebo.
    pub payments: Option<Vec<Payment>>,
    /// By State: the difference of responsibility, with its interval.
    pub by_state: Vec<Estimate>,
    /// By [`PEOPLE`]: the difference, with its interval.
    pub people: Vec<Estimate>,
    /// By State: the difference of spending on holding, with its interval.
    pub spent_usd: Vec<Estimate>,
}

/// Money that a State received under an arrangement, in USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payment {
    /// Received with less without; 0 where it is less.
    pub received: f64,
    /// Cost of the burden it bears without.
    pub cost_without: f64,
    /// The part that shares.
    pub shared: f64,
    /// The part that shifts.
    pub shifted: f64,
}

/// Payments to each State, between two kinds of world.
pub fn payments(without: &World, with: &World) -> Vec<Payment> {
    let received = [without, with].map(|world| world.mean(|s| &s.received_usd));
    let each = received[1].iter().zip(&received[0]).zip(without.mean(|s| &s.cost_usd));
    each.map(|((with, without), cost_without)| {
        let received = (with - without).max(0.0);
        let (shared, shifted) = payment(received, cost_without);
        Payment { received, cost_without, shared, shifted }
    })
    .collect()
}

/// Shapley values: by arrangement, then outcome (States, then [`PEOPLE`]), one for each seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shapley {
    /// Whether every coalition was looked at.
    pub exact: bool,
    /// By seed, arrangement, outcome.
    pub seeds: Vec<Vec<Vec<f64>>>,
    /// By seed, outcome: all in force less none.
    pub whole: Vec<Vec<f64>>,
    /// By arrangement, cell, State: mean contribution, where every coalition was looked at.
    pub ledgers: Vec<Ledger>,
}

impl Shapley {
    /// The value of an arrangement for an outcome, over seeds.
    pub fn value(&self, arrangement: usize, outcome: usize) -> Estimate {
        let sample: Vec<f64> = self.seeds.iter().map(|s| s[arrangement][outcome]).collect();
        estimate(&sample)
    }
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// How cells are numbered.
    pub cells: Cells,
    /// Worlds: `none`, `all`, then without each.
    pub worlds: Vec<World>,
    /// Each arrangement left out; then all together where there are several; then the placebo.
    pub effects: Vec<Effect>,
    /// Where there are several arrangements.
    pub shapley: Option<Shapley>,
}

/// What a ledger would come to if the worlds differed by chance alone, at the noise that pairing leaves: the mean over
/// `CHANCE_DRAWS` draws of the ledger of
///
/// ```text
/// ε = √(G/(G − 1))·Σ_g σ_g·(n_g/n)·(D_g − D̄),     σ_g = ±1
/// ```
///
/// with D_g the mean difference of each group of seeds, n_g of n seeds. Source: the wild bootstrap with signs (Liu
/// 1988), under the hypothesis of no difference. Positive parts of noise are positive: so much of what is called
/// moved, created and avoided is no more than noise. NaN from one group.
pub fn chance(cells: Cells, seed: u64, groups: &[Differences]) -> Ledger {
    let seeds: usize = groups.iter().map(|g| g.seeds).sum();
    let scale = (groups.len() as f64 / (groups.len() as f64 - 1.0)).sqrt() / seeds.max(1) as f64;
    let mut whole = Differences::none(cells);
    groups.iter().for_each(|g| whole.add(g));
    let luck = Luck::new(seed);
    let mut sum = Ledger::empty(cells.states);
    if groups.len() < 2 {
        sum.states.fill(StateLedger::UNKNOWN);
        sum.avoided.fill(f64::NAN);
        return sum;
    }
    for draw in 0..CHANCE_DRAWS {
        let signs: Vec<f64> = (0..groups.len() as u64)
            .map(|g| if luck.bits(Purpose::Priority, g, draw, 1) >> 63 == 0 { scale } else { -scale })
            .collect();
        let mut noise = Differences::none(cells);
        for (at, value) in noise.net.iter_mut().enumerate() {
            let mean = whole.net[at] / seeds.max(1) as f64;
            if whole.net[at] != 0.0 || groups.iter().any(|g| g.net[at] != 0.0) {
                *value =
                    groups.iter().zip(&signs).map(|(g, s)| s * (g.net[at] - g.seeds as f64 * mean)).sum();
            }
        }
        sum.add(&noise.ledger(cells), 1.0 / CHANCE_DRAWS as f64);
    }
    sum
}

/// How responsibility is distributed among States, under one weight of the vulnerable.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// By State: weighted person-days.
    pub responsibility: Vec<f64>,
    /// By State: share over fair share; none for States that take no part.
    pub loads: Vec<Option<f64>>,
    /// Gini coefficient against fair shares.
    pub gini: f64,
    /// Theil index against fair shares.
    pub theil: f64,
    /// Gap to fair shares.
    pub gap: f64,
}

/// Fair shares of States, by population, area and gross domestic product alike. The countries people flee from take
/// no part, unless every country is one.
pub fn fair_shares(setup: &Setup) -> Vec<Option<f64>> {
    let home = |c: usize| setup.populations.iter().any(|p| p.country.index() == c);
    let all_home = (0..setup.countries.len()).all(home);
    let takes_part: Vec<usize> = (0..setup.countries.len()).filter(|&c| all_home || !home(c)).collect();
    let sizes: Vec<Size> = takes_part
        .iter()
        .map(|&c| {
            let typed = &setup.countries[c].typed;
            Size {
                population_millions: typed.population_millions,
                area_km2: typed.area_km2,
                gdp_usd: typed.population_millions * 1e6 * typed.gdp_per_head_usd,
            }
        })
        .collect();
    let mut shares = vec![None; setup.countries.len()];
    for (at, &country) in takes_part.iter().enumerate() {
        shares[country] = Some(key_share(&sizes, at, &KeyWeights::default()));
    }
    shares
}

/// The distribution of a world's mean responsibility.
pub fn distribution(world: &World, fair_shares: &[Option<f64>], vulnerable_weight: f64) -> Distribution {
    let (days, vulnerable) = (world.mean(|s| &s.by_state), world.mean(|s| &s.vulnerable_by_state));
    let responsibility: Vec<f64> =
        days.iter().zip(&vulnerable).map(|(&r, &v)| weighted(r, v, vulnerable_weight)).collect();
    let (mut theirs, mut keys) = (Vec::new(), Vec::new());
    for (r, key) in responsibility.iter().zip(fair_shares) {
        if let Some(key) = key {
            theirs.push(*r);
            keys.push(*key);
        }
    }
    let mut loads = loads_against_key(&theirs, &keys).into_iter();
    Distribution {
        loads: fair_shares.iter().map(|key| key.and_then(|_| loads.next())).collect(),
        gini: gini(&theirs, &keys),
        theil: theil(&theirs, &keys),
        gap: gap_to_key(&theirs, &keys),
        responsibility,
    }
}
