//! What each arrangement did to responsibility: each left out, all left out, Shapley values, and a placebo.
//!
//! One seed at a time runs every world that is needed with the same people and the same luck; seeds run in parallel
//! and are summed in their order, so that results depend on no number of threads.

use super::attribution::{Attribution, Effect, PEOPLE, Shapley, World, WorldSums, chance, payments, people};
use super::lives::Lives;
use super::member::with_seed;
use super::pairs::{Cells, Cohorts, Differences, responsibility};
use crate::engine::keyed::{Luck, Purpose};
use crate::model::burden::paired::{estimate, jackknife_error};
use crate::model::burden::shapley::{self, EXACT_PLAYERS};
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
/// Added to a seed for the luck of the placebo.
const PLACEBO_SEED: u64 = 1 << 40;

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
        values.entry(coalition).or_insert_with(|| outcomes(&bench.world(coalition)));
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
