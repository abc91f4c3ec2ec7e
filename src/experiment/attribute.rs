//! What each arrangement did to responsibility: each left out, all left out, Shapley values, and a placebo.
//!
//! One seed at a time runs every world that is needed with the same people and the same luck; seeds run in parallel
//! and are summed in their order, so that results depend on no number of threads.

use super::lives::Lives;
use super::member::with_seed;
use super::pairs::{Cells, Cohorts, Differences, Ledger, StateLedger, responsibility};
use crate::engine::keyed::{Luck, Purpose};
use crate::model::arrangement::{KeyWeights, Size, key_share, loads_against_key};
use crate::model::burden::fate::Fate;
use crate::model::burden::inequality::{gap_to_key, gini, theil};
use crate::model::burden::money::payment;
use crate::model::burden::paired::{Estimate, estimate, jackknife_error};
use crate::model::burden::shapley::{self, EXACT_PLAYERS};
use crate::model::burden::vulnerability::weighted;
use crate::scenario::setup::Setup;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Arrangements concerned, by position; at most 63.
    pub players: Vec<usize>,
    /// Days followed.
    pub days: u32,
    /// Paired seeds.
    pub runs: u64,
    /// The first of them.
    pub first_seed: u64,
    /// Pairs of an order and its reverse drawn for each seed, where there are too many arrangements for all orders.
    pub pairs_of_orders: usize,
}

/// Groups of seeds that the jackknife leaves out in turn, at most.
const JACKKNIFE_GROUPS: usize = 20;
/// Seeds run before they are summed: bounds what is held at once.
const BATCH: u64 = 16;
/// Draws of signs that tell what chance alone comes to.
const CHANCE_DRAWS: u64 = 50;
/// Added to a seed for the luck of the placebo.
const PLACEBO_SEED: u64 = 1 << 40;

/// Outcomes beside responsibility, counted in persons; responsibility by State comes first.
pub const PEOPLE: [&str; 5] = ["set_out", "protected", "refouled", "refoulements", "dead"];

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
    fn of(setup: &Setup, lives: &Lives) -> Self {
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

fn people(lives: &Lives) -> [f64; PEOPLE.len()] {
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
fn payments(without: &World, with: &World) -> Vec<Payment> {
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

/// A setup in which all of some arrangements are barred but those in a coalition.
pub fn coalition(setup: &Setup, players: &[usize], in_force: u64) -> Setup {
    let mut setup = setup.clone();
    for (bit, &player) in players.iter().enumerate() {
        if in_force >> bit & 1 == 0 {
            setup.arrangements[player].typed.barred = true;
        }
    }
    setup
}

/// What one seed comes to.
struct Seeded {
    worlds: Vec<WorldSums>,
    effects: Vec<(Differences, Vec<f64>)>,
    contributions: Vec<Vec<f64>>,
    whole: Vec<f64>,
}

/// Orders of joining for a seed: none where every coalition is looked at.
fn orders(plan: &Plan, seed: u64) -> Vec<Vec<usize>> {
    let n = plan.players.len();
    let luck = Luck::new(seed);
    let drawn = (0..n * plan.pairs_of_orders.max(1)).map(|i| luck.uniform(Purpose::Priority, i as u64, 0, 0));
    shapley::with_reversed(n, &drawn.collect::<Vec<f64>>())
}

/// What a seed's worlds share while they run.
struct Bench<'a> {
    setup: &'a Setup,
    plan: &'a Plan,
    cells: Cells,
}

impl Bench<'_> {
    fn world(&self, in_force: u64) -> Lives {
        let setup = coalition(self.setup, &self.plan.players, in_force);
        Lives::follow(&setup, self.plan.days)
    }

    /// Outcomes of a world: by cell and State, then people.
    fn outcomes(&self, cohorts: &Cohorts, lives: &Lives) -> Vec<f64> {
        let mut values = responsibility(self.setup, self.cells, cohorts, lives);
        values.extend(people(lives));
        values
    }

    /// Differences by cell, and those of States, people and spending in one row.
    fn effect(&self, cohorts: &Cohorts, without: &Lives, with: &Lives) -> (Differences, Vec<f64>) {
        let sums = Differences::of_pair(self.setup, self.cells, cohorts, without, with);
        let mut row = sums.by_state(self.cells);
        row.extend(people(with).iter().zip(people(without)).map(|(a, b)| a - b));
        row.extend(with.spent_usd.iter().zip(&without.spent_usd).map(|(a, b)| a - b));
        (sums, row)
    }
}

fn one_seed(setup: &Setup, plan: &Plan, seed: u64) -> Seeded {
    let setup = &with_seed(setup, seed);
    let bench = Bench { setup, plan, cells: Cells::of(setup) };
    let players = plan.players.len();
    let all = (1_u64 << players) - 1;
    let none_lives = bench.world(0);
    let all_lives = bench.world(all);
    let cohorts = Cohorts::of(setup, &none_lives);
    let outcomes = |lives: &Lives| bench.outcomes(&cohorts, lives);
    let mut values = BTreeMap::from([(0, outcomes(&none_lives)), (all, outcomes(&all_lives))]);
    let mut worlds = vec![WorldSums::of(setup, &none_lives), WorldSums::of(setup, &all_lives)];
    let mut effects = Vec::new();
    for player in 0..players {
        let others = all & !(1 << player);
        let lives = bench.world(others);
        worlds.push(WorldSums::of(setup, &lives));
        effects.push(bench.effect(&cohorts, &lives, &all_lives));
        values.insert(others, outcomes(&lives));
    }
    if players > 1 {
        effects.push(bench.effect(&cohorts, &none_lives, &all_lives));
    }
    effects.push(placebo(&bench, &all_lives, seed));
    let orders = if players > EXACT_PLAYERS { orders(plan, seed) } else { Vec::new() };
    let needed = match players {
        0 | 1 => Vec::new(),
        _ if orders.is_empty() => (0..=all).collect(),
        _ => shapley::coalitions_of(&orders),
    };
    for coalition in needed {
        if !values.contains_key(&coalition) {
            values.insert(coalition, outcomes(&bench.world(coalition)));
        }
    }
    let whole = values[&all].iter().zip(&values[&0]).map(|(a, b)| a - b).collect();
    Seeded { worlds, effects, contributions: contributions(players, &orders, &values), whole }
}

/// The same scenario under other luck, beside itself: people of the same place in line are strangers to each other.
fn placebo(bench: &Bench, all_lives: &Lives, seed: u64) -> (Differences, Vec<f64>) {
    let other = Lives::follow(&with_seed(bench.setup, seed.wrapping_add(PLACEBO_SEED)), bench.plan.days);
    bench.effect(&Cohorts::of(bench.setup, &other), &other, all_lives)
}

/// Shapley values of every outcome, by arrangement.
fn contributions(players: usize, orders: &[Vec<usize>], values: &BTreeMap<u64, Vec<f64>>) -> Vec<Vec<f64>> {
    if players < 2 {
        return Vec::new();
    }
    let outcomes = values[&0].len();
    let mut by_player = vec![vec![0.0; outcomes]; players];
    for outcome in 0..outcomes {
        let value = |coalition: u64| values[&coalition][outcome];
        let phi = if orders.is_empty() {
            shapley::exact(players, value)
        } else {
            shapley::over_orders(players, orders, value)
        };
        phi.iter().zip(&mut by_player).for_each(|(p, row)| row[outcome] = *p);
    }
    by_player
}

/// Sums over seeds that are folded in their order.
struct Fold {
    groups: Vec<Differences>,
    rows: Vec<Vec<f64>>,
}

/// Attribute. `progress` is told how many seeds are done.
pub fn attribute(setup: &Setup, plan: &Plan, progress: impl Fn(u64)) -> Attribution {
    let cells = Cells::of(setup);
    let players = plan.players.len();
    let groups = (plan.runs as usize).clamp(1, JACKKNIFE_GROUPS);
    let mut folds: Vec<Fold> = (0..effect_names(setup, plan).len())
        .map(|_| Fold { groups: vec![Differences::none(cells); groups], rows: Vec::new() })
        .collect();
    let mut worlds: Vec<World> =
        world_names(setup, plan).into_iter().map(|name| World { name, seeds: Vec::new() }).collect();
    let mut shares = Shares::new(cells, players);
    let mut done = 0;
    while done < plan.runs {
        let batch: Vec<Seeded> = (done..plan.runs.min(done + BATCH))
            .into_par_iter()
            .map(|k| one_seed(setup, plan, plan.first_seed.wrapping_add(k)))
            .collect();
        for seeded in batch {
            let group = done as usize % groups;
            for (fold, (sums, row)) in folds.iter_mut().zip(seeded.effects) {
                fold.groups[group].add(&sums);
                fold.rows.push(row);
            }
            worlds.iter_mut().zip(seeded.worlds).for_each(|(world, sums)| world.seeds.push(sums));
            shares.add(&seeded.contributions, &seeded.whole);
            done += 1;
        }
        progress(done);
    }
    let mut effects: Vec<Effect> = effect_names(setup, plan)
        .into_iter()
        .zip(folds)
        .map(|(name, fold)| finish(cells, plan.first_seed, name, fold))
        .collect();
    // Of the worlds, 0 has none in force, 1 all, and the others are without one each.
    for (at, effect) in effects.iter_mut().take(players + usize::from(players > 1)).enumerate() {
        let without = if at < players { at + 2 } else { 0 };
        effect.payments = Some(payments(&worlds[without], &worlds[1]));
    }
    let shapley = (players > 1).then(|| shares.finish(players <= EXACT_PLAYERS));
    Attribution { cells, worlds, effects, shapley }
}

fn world_names(setup: &Setup, plan: &Plan) -> Vec<String> {
    let mut names = vec!["none".to_string(), "all".to_string()];
    names.extend(plan.players.iter().map(|&p| format!("without {}", setup.arrangements[p].name)));
    names
}

fn effect_names(setup: &Setup, plan: &Plan) -> Vec<String> {
    let mut names: Vec<String> = plan.players.iter().map(|&p| setup.arrangements[p].name.clone()).collect();
    if names.len() > 1 {
        names.push("all together".into());
    }
    names.push("placebo".into());
    names
}

fn finish(cells: Cells, seed: u64, name: String, fold: Fold) -> Effect {
    let mut sums = Differences::none(cells);
    fold.groups.iter().for_each(|g| sums.add(g));
    let ledger = sums.ledger(cells);
    let left_out: Vec<Vec<f64>> = fold.groups.iter().map(|g| sums.without(g).ledger(cells).flat()).collect();
    let errors = (0..ledger.flat().len())
        .map(|i| jackknife_error(&left_out.iter().map(|l| l[i]).collect::<Vec<f64>>()))
        .collect();
    let column = |i: usize| estimate(&fold.rows.iter().map(|r| r[i]).collect::<Vec<f64>>());
    let (states, people) = (cells.states, PEOPLE.len());
    Effect {
        name,
        ledger,
        errors,
        chance: chance(cells, seed, &fold.groups),
        payments: None,
        by_state: (0..states).map(column).collect(),
        people: (states..states + people).map(column).collect(),
        spent_usd: (states + people..2 * states + people).map(column).collect(),
        sums,
    }
}

/// What a ledger would come to if the worlds differed by chance alone, at the noise that pairing leaves: the mean over
/// [`CHANCE_DRAWS`] draws of the ledger of
///
/// ```text
/// ε = √(G/(G − 1))·Σ_g σ_g·(n_g/n)·(D_g − D̄),     σ_g = ±1
/// ```
///
/// with D_g the mean difference of each group of seeds, n_g of n seeds. Source: the wild bootstrap with signs (Liu
/// 1988), under the hypothesis of no difference. Positive parts of noise are positive: so much of what is called
/// moved, created and avoided is no more than noise. NaN from one group.
fn chance(cells: Cells, seed: u64, groups: &[Differences]) -> Ledger {
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

/// Shapley values folded over seeds.
struct Shares {
    cells: Cells,
    by_cell: Vec<Differences>,
    seeds: Vec<Vec<Vec<f64>>>,
    whole: Vec<Vec<f64>>,
}

impl Shares {
    fn new(cells: Cells, players: usize) -> Self {
        let several = if players > 1 { players } else { 0 };
        Self { cells, by_cell: vec![Differences::none(cells); several], seeds: Vec::new(), whole: Vec::new() }
    }

    /// States, then people, of a row by cell, then people.
    fn narrow(&self, row: &[f64]) -> Vec<f64> {
        let by_cell = self.cells.count() * self.cells.states;
        let mut values: Vec<f64> = (0..self.cells.states)
            .map(|s| row[..by_cell].iter().skip(s).step_by(self.cells.states).sum())
            .collect();
        values.extend(&row[by_cell..]);
        values
    }

    fn add(&mut self, contributions: &[Vec<f64>], whole: &[f64]) {
        let rows: Vec<Vec<f64>> = contributions.iter().map(|row| self.narrow(row)).collect();
        for (sums, row) in self.by_cell.iter_mut().zip(contributions) {
            sums.seeds += 1;
            sums.net.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        self.whole.push(self.narrow(whole));
        self.seeds.push(rows);
    }

    fn finish(self, exact: bool) -> Shapley {
        let ledgers = self.by_cell.iter().map(|d| d.ledger(self.cells)).collect();
        Shapley { exact, seeds: self.seeds, whole: self.whole, ledgers }
    }
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
