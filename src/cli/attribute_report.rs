//! What `landfall attribute` prints, and the tables it leaves behind.

use super::CommandError;
use super::progress::thousands;
use super::results::Results;
use super::summary::{plain_table, trim_lines};
use crate::experiment::attribute::Plan;
use crate::experiment::attribution::{Attribution, Effect, PEOPLE, Shapley, distribution, fair_shares};
use crate::experiment::pairs::{Ledger, StateLedger};
use crate::model::burden::fate::Avoided;
use crate::model::burden::paired::{Estimate, estimate};
use crate::model::burden::vulnerability::WEIGHTS;
use crate::observe::burden_tables as specs;
use crate::observe::table::{Finished, Format, TableSpec, TableWriter, days_since_1970};
use crate::scenario::Setup;
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::Status;
use comfy_table::{CellAlignment, Table};

/// A number with its sign and commas, with decimals where it is small; a dash for what rounds to nothing.
fn signed(value: f64) -> String {
    let size = value.abs();
    if size < 0.005 {
        return "-".into();
    }
    let digits = if size < 9.995 { format!("{size:.2}") } else { thousands(size.round() as u64) };
    if value < 0.0 { format!("-{digits}") } else { digits }
}

fn years(days: f64) -> String {
    signed(days / YEAR_DAYS)
}

fn plus_minus(e: &Estimate, unit: f64) -> String {
    if e.half_width.is_nan() { "?".into() } else { signed(e.half_width / unit) }
}

fn right(table: &mut Table, columns: usize) {
    for i in 1..columns {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn rendered(mut table: Table, columns: usize) -> String {
    right(&mut table, columns);
    trim_lines(&table.to_string()) + "\n"
}

/// The whole report.
pub fn report(setup: &Setup, plan: &Plan, a: &Attribution) -> String {
    let mut out = format!(
        "{}\n{} paired seeds from {}, {} to {}. Responsibility in person-years, mean over seeds; ± half of the 95 % \
         interval.\n",
        setup.scenario.scenario.title,
        plan.runs,
        plan.first_seed,
        setup.calendar.date(0),
        setup.calendar.date(plan.days.saturating_sub(1)),
    );
    out.push_str(&borne(setup, a));
    for effect in &a.effects {
        out.push_str(&effect_text(setup, effect));
    }
    if let Some(shapley) = &a.shapley {
        out.push_str(&shapley_text(setup, plan, shapley));
    }
    out.push_str(&distribution_text(setup, a));
    out
}

fn borne(setup: &Setup, a: &Attribution) -> String {
    let mut table = plain_table();
    let mut header = vec!["State".to_string(), "fair share".into()];
    for world in &a.worlds {
        header.extend([world.name.clone(), "±".into()]);
    }
    let columns = header.len();
    table.set_header(header);
    for (s, share) in fair_shares(setup).into_iter().enumerate() {
        let mut row = vec![setup.countries[s].name.clone()];
        row.push(share.map_or(String::new(), |k| format!("{:.1} %", k * 100.0)));
        for world in &a.worlds {
            let sample: Vec<f64> = world.seeds.iter().map(|w| w.by_state[s]).collect();
            let e = estimate(&sample);
            row.extend([years(e.mean), plus_minus(&e, YEAR_DAYS)]);
        }
        table.add_row(row);
    }
    format!("\nBorne by each State, by the arrangements in force\n{}", rendered(table, columns))
}

fn effect_text(setup: &Setup, effect: &Effect) -> String {
    let title = match effect.name.as_str() {
        "placebo" => {
            "Placebo: the same world under other luck. What chance alone comes to without pairing".into()
        }
        "all together" => "All together: with all of them less with none".into(),
        name => format!("{name}: with it less without it, the others in force"),
    };
    let mut table = plain_table();
    table.set_header([
        "State",
        "difference",
        "±",
        "moved in: shared",
        "shifted",
        "created",
        "moved out",
        "avoided",
    ]);
    let line = |row: &StateLedger| row.values().map(years);
    for (s, row) in effect.ledger.states.iter().enumerate() {
        let [difference, rest @ ..] = line(row);
        let mut cells =
            vec![setup.countries[s].name.clone(), difference, plus_minus(&effect.by_state[s], YEAR_DAYS)];
        cells.extend(rest);
        table.add_row(cells);
    }
    let [difference, rest @ ..] = line(&effect.ledger.total());
    let mut cells = vec!["sum".to_string(), difference, String::new()];
    cells.extend(rest);
    table.add_row(cells);
    let noise = effect.chance.total();
    let or_unknown = |days: f64| if days.is_nan() { "?".into() } else { years(days) };
    let mut cells = vec!["of which by chance".to_string(), String::new(), String::new(), String::new()];
    // What moved is not told apart by acceptance here: noise has none.
    cells.extend([noise.shifted, noise.created, noise.moved_out, noise.avoided].map(or_unknown));
    table.add_row(cells);
    let mut out = format!("\n{title}\n{}", rendered(table, 8));
    let fates: Vec<String> = Avoided::ALL
        .iter()
        .zip(effect.ledger.avoided)
        .filter(|(_, days)| (days / YEAR_DAYS).abs() >= 0.005)
        .map(|(what, days)| format!("{} {}", what.name().replace('_', " "), years(days)))
        .collect();
    if !fates.is_empty() {
        out.push_str(&format!("of what was avoided: {}\n", fates.join(", ")));
    }
    for (country, p) in setup.countries.iter().zip(effect.payments.iter().flatten()) {
        if p.received > 0.0 {
            let [received, shared, shifted] = [p.received, p.shared, p.shifted].map(|usd| signed(usd / 1e3));
            out.push_str(&format!(
                "money received by {}, in thousand USD: {received}, of which shared {shared}, shifted {shifted}\n",
                country.name
            ));
        }
    }
    let people: Vec<String> = PEOPLE
        .iter()
        .zip(&effect.people)
        .map(|(name, e)| format!("{} {} ± {}", name.replace('_', " "), signed(e.mean), plus_minus(e, 1.0)))
        .collect();
    out.push_str(&format!("persons: {}\n", people.join(", ")));
    out
}

fn shapley_text(setup: &Setup, plan: &Plan, shapley: &Shapley) -> String {
    let mut table = plain_table();
    let mut header = vec![String::new()];
    for &p in &plan.players {
        header.extend([setup.arrangements[p].name.clone(), "±".into()]);
    }
    header.push("sum".into());
    let columns = header.len();
    table.set_header(header);
    let states = setup.countries.len();
    for outcome in 0..states + PEOPLE.len() {
        let (name, unit) = match setup.countries.get(outcome) {
            Some(country) => (country.name.clone(), YEAR_DAYS),
            None => (PEOPLE[outcome - states].replace('_', " "), 1.0),
        };
        let mut row = vec![name];
        for player in 0..plan.players.len() {
            let e = shapley.value(player, outcome);
            row.extend([signed(e.mean / unit), plus_minus(&e, unit)]);
        }
        let whole: f64 = shapley.whole.iter().map(|w| w[outcome]).sum::<f64>() / shapley.whole.len() as f64;
        row.push(signed(whole / unit));
        table.add_row(row);
    }
    let how = if shapley.exact { "over all coalitions" } else { "over orders drawn in antithetic pairs" };
    format!(
        "\nShapley values, {how}: person-years by State, then persons; they sum to all less none\n{}",
        rendered(table, columns)
    )
}

fn distribution_text(setup: &Setup, a: &Attribution) -> String {
    let mut table = plain_table();
    let keys = fair_shares(setup);
    let mut header = vec!["world".to_string(), "weight of the vulnerable".into()];
    header.extend(["Gini", "Theil", "gap to the fair key"].map(String::from));
    let columns = header.len();
    table.set_header(header);
    for world in &a.worlds {
        for weight in WEIGHTS {
            let d = distribution(world, &keys, weight);
            let mut row = vec![world.name.clone(), format!("{weight}")];
            row.extend([d.gini, d.theil, d.gap].map(|x| format!("{x:.3}")));
            table.add_row(row);
        }
    }
    format!(
        "\nDistribution among States that are nobody's home, against fair shares\n{}",
        rendered(table, columns)
    )
}

/// Method and arrangement of an effect, as the tables say it.
fn method(effect: &Effect) -> (&'static str, &str) {
    match effect.name.as_str() {
        "placebo" => ("placebo", ""),
        "all together" => ("together", ""),
        name => ("left_out", name),
    }
}

/// What every table writer here needs.
struct Writing<'a> {
    setup: &'a Setup,
    plan: &'a Plan,
    attribution: &'a Attribution,
}

/// Write all tables.
pub fn write_tables(
    results: &Results,
    format: Format,
    setup: &Setup,
    plan: &Plan,
    attribution: &Attribution,
) -> Result<Vec<Finished>, CommandError> {
    let w = Writing { setup, plan, attribution };
    let metadata = results.metadata();
    let create = |spec: &TableSpec| TableWriter::create(results.directory(), spec, format, &metadata);
    Ok(vec![
        w.burden(create(&specs::BURDEN)?)?,
        w.avoided(create(&specs::AVOIDED)?)?,
        w.payments(create(&specs::PAYMENTS)?)?,
        w.effects(create(&specs::EFFECTS)?)?,
        w.cells(create(&specs::CELLS)?)?,
        w.responsibility(create(&specs::RESPONSIBILITY)?)?,
        w.loads(create(&specs::LOADS)?)?,
        w.distribution(create(&specs::DISTRIBUTION)?)?,
    ])
}

impl Writing<'_> {
    fn player(&self, at: usize) -> &str {
        &self.setup.arrangements[self.plan.players[at]].name
    }

    fn burden(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        let mut rows = |method: &str, name: &str, ledger: &Ledger, noise: Option<(&[f64], &Ledger)>| {
            for (s, row) in ledger.states.iter().enumerate() {
                for (q, (quantity, value)) in StateLedger::NAMES.iter().zip(row.values()).enumerate() {
                    let error = noise.map(|(errors, _)| errors[s * StateLedger::NAMES.len() + q]);
                    // Chance knows no acceptance, and differences are 0 by it.
                    let by_chance = noise.filter(|_| q >= 3).map(|(_, chance)| chance.states[s].values()[q]);
                    let cells = table.row().text(method).text(name).text(&self.setup.countries[s].name);
                    let cells = cells.text(quantity).real(value);
                    cells.real_or_missing(error).real_or_missing(by_chance).end()?;
                }
            }
            Ok::<(), CommandError>(())
        };
        for effect in &self.attribution.effects {
            let (method, name) = method(effect);
            rows(method, name, &effect.ledger, Some((&effect.errors, &effect.chance)))?;
        }
        if let Some(shapley) = &self.attribution.shapley {
            for (at, ledger) in shapley.ledgers.iter().enumerate() {
                rows("shapley", self.player(at), ledger, None)?;
            }
        }
        Ok(table.finish()?)
    }

    fn payments(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        for effect in &self.attribution.effects {
            let (method, name) = method(effect);
            for (country, p) in self.setup.countries.iter().zip(effect.payments.iter().flatten()) {
                let cells = table.row().text(method).text(name).text(&country.name);
                cells.real(p.received).real(p.cost_without).real(p.shared).real(p.shifted).end()?;
            }
        }
        Ok(table.finish()?)
    }

    fn avoided(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        for effect in &self.attribution.effects {
            let (method, name) = method(effect);
            let first = effect.errors.len() - Avoided::COUNT;
            for (at, (what, days)) in Avoided::ALL.iter().zip(effect.ledger.avoided).enumerate() {
                table
                    .row()
                    .text(method)
                    .text(name)
                    .text(what.name())
                    .real(days)
                    .real(effect.errors[first + at])
                    .end()?;
            }
        }
        Ok(table.finish()?)
    }

    fn effects(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        let mut row = |key: [&str; 5], e: &Estimate| {
            let cells = key.iter().fold(table.row(), |row, text| row.text(text));
            cells.real(e.mean).real(e.error).real(e.half_width).end()
        };
        let states: Vec<&str> = self.setup.countries.iter().map(|c| c.name.as_str()).collect();
        for effect in &self.attribution.effects {
            let (method, name) = method(effect);
            for (state, e) in states.iter().zip(&effect.by_state) {
                row([method, name, "responsibility", state, "person-days"], e)?;
            }
            for (state, e) in states.iter().zip(&effect.spent_usd) {
                row([method, name, "spent_on_holding", state, "USD"], e)?;
            }
            for (outcome, e) in PEOPLE.iter().zip(&effect.people) {
                row([method, name, outcome, "", "persons"], e)?;
            }
        }
        if let Some(shapley) = &self.attribution.shapley {
            for at in 0..self.plan.players.len() {
                for (s, state) in states.iter().enumerate() {
                    let e = shapley.value(at, s);
                    row(["shapley", self.player(at), "responsibility", state, "person-days"], &e)?;
                }
                for (o, outcome) in PEOPLE.iter().enumerate() {
                    let e = shapley.value(at, states.len() + o);
                    row(["shapley", self.player(at), outcome, "", "persons"], &e)?;
                }
            }
        }
        Ok(table.finish()?)
    }

    fn cells(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        let cells = self.attribution.cells;
        for effect in &self.attribution.effects {
            let (method, name) = method(effect);
            let n = effect.sums.seeds.max(1) as f64;
            for (at, &net) in effect.sums.net.iter().enumerate().filter(|(_, net)| **net != 0.0) {
                let (population, founded, month) = cells.parts(at / cells.states);
                table
                    .row()
                    .text(method)
                    .text(name)
                    .text(&self.setup.populations[population].name)
                    .flag(founded)
                    .date(days_since_1970(self.setup.calendar.month_start(month)))
                    .text(&self.setup.countries[at % cells.states].name)
                    .real(net / n)
                    .end()?;
            }
        }
        Ok(table.finish()?)
    }

    fn responsibility(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        for world in &self.attribution.worlds {
            let days = world.mean(|s| &s.person_days);
            let vulnerable = world.mean(|s| &s.vulnerable_days);
            for (at, (days, vulnerable)) in days.iter().zip(&vulnerable).enumerate() {
                if *days == 0.0 {
                    continue;
                }
                table
                    .row()
                    .text(&world.name)
                    .text(&self.setup.countries[at / Status::COUNT].name)
                    .text(Status::ALL[at % Status::COUNT].name())
                    .real(*days)
                    .real(*vulnerable)
                    .end()?;
            }
        }
        Ok(table.finish()?)
    }

    fn loads(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        let keys = fair_shares(self.setup);
        for world in &self.attribution.worlds {
            let spent = world.mean(|s| &s.spent_usd);
            for weight in WEIGHTS {
                let d = distribution(world, &keys, weight);
                for (s, country) in self.setup.countries.iter().enumerate() {
                    table
                        .row()
                        .text(&world.name)
                        .real(weight)
                        .text(&country.name)
                        .real_or_missing(keys[s])
                        .real(d.responsibility[s])
                        .real_or_missing(d.loads[s])
                        .real(spent[s])
                        .end()?;
                }
            }
        }
        Ok(table.finish()?)
    }

    fn distribution(&self, mut table: TableWriter) -> Result<Finished, CommandError> {
        let keys = fair_shares(self.setup);
        for world in &self.attribution.worlds {
            for weight in WEIGHTS {
                let d = distribution(world, &keys, weight);
                table.row().text(&world.name).real(weight).real(d.gini).real(d.theil).real(d.gap).end()?;
            }
        }
        Ok(table.finish()?)
    }
}
