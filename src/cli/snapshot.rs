//! `landfall snapshot`: what is in a snapshot, whether it is whole, how two differ.

use super::progress::thousands;
use super::summary::{plain_table, trim_lines};
use super::{CommandError, print};
use crate::snapshot::{
    Head, Opened, Snapshot, SnapshotError, changed_keys, check_whole, hex, open, read, read_head,
};
use crate::world::{Cell, Crowd, GroupState, World};
use clap::{Args, Subcommand};
use comfy_table::CellAlignment;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to do with snapshots.
#[derive(Subcommand, Debug)]
pub enum What {
    /// What it is of, and what it is made of; its contents are not checked.
    Info(One),
    /// Check every byte and every invariant; exit code 1 if anything is wrong.
    Verify(One),
    /// How two differ: scenario, state; exit code 1 if they do.
    Diff(Two),
    /// Everything in it as JSON, people as CSV.
    Dump(Dump),
}

/// A snapshot.
#[derive(Args, Debug)]
pub struct One {
    /// The file.
    file: PathBuf,
}

/// Two snapshots.
#[derive(Args, Debug)]
pub struct Two {
    /// The one.
    one: PathBuf,
    /// The other.
    other: PathBuf,
    /// Differences of state that are shown at most.
    #[arg(long, default_value_t = 40)]
    most: usize,
}

/// What to print.
#[derive(Args, Debug)]
pub struct Dump {
    /// The file.
    file: PathBuf,
    /// People as CSV instead.
    #[arg(long)]
    people: bool,
}

/// Look at snapshots.
pub fn run(what: &What) -> Result<ExitCode, CommandError> {
    match what {
        What::Info(one) => info(&one.file),
        What::Verify(one) => verify(&one.file),
        What::Diff(two) => diff(two),
        What::Dump(dump) => self::dump(dump),
    }
}

fn info(path: &Path) -> Result<ExitCode, CommandError> {
    let head = read_head(path)?;
    let mut out = described(path, &head);
    let mut table = plain_table();
    table.set_header(["section", "stored as", "bytes", "expanded"]);
    for s in &head.sections {
        table.add_row([s.name.clone(), s.kind.name().into(), thousands(s.stored), thousands(s.plain)]);
    }
    for i in [2, 3] {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    out += &format!("\n{}\n", trim_lines(&table.to_string()));
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

fn described(path: &Path, head: &Head) -> String {
    format!(
        "{}\nformat           {}, written by landfall {} ({})\nscenario digest  {}\nseed             {}\n\
         days simulated   {}\nbytes            {}\n",
        path.display(),
        head.format,
        head.version,
        head.build,
        hex(&head.scenario),
        head.seed,
        thousands(u64::from(head.day)),
        thousands(head.length)
    )
}

fn verify(path: &Path) -> Result<ExitCode, CommandError> {
    match open(path) {
        Ok(Opened { snapshot, loaded }) => {
            let people = snapshot.world.active();
            print(&format!(
                "{}: whole; {}, the morning of {}, seed {}, {} people under way\n",
                path.display(),
                loaded.setup.scenario.scenario.title,
                loaded.setup.calendar.date(snapshot.head.day),
                snapshot.head.seed,
                thousands(people as u64)
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error @ SnapshotError::Fault { .. }) => {
            super::tell(error);
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

/// The state without people, as JSON.
fn state(world: &World) -> Value {
    let mut world = world.clone();
    for group in &mut world.groups {
        group.crowd = Crowd::default();
        group.back.rows = Crowd::default();
    }
    serde_json::to_value(&world).unwrap_or_default()
}

fn diff(two: &Two) -> Result<ExitCode, CommandError> {
    let (one, other) = (read(&two.one)?, read(&two.other)?);
    let mut lines = Vec::new();
    let heads = [
        ("seed", one.head.seed.to_string(), other.head.seed.to_string()),
        ("day", one.head.day.to_string(), other.head.day.to_string()),
        ("written by", one.head.version.clone(), other.head.version.clone()),
    ];
    lines.extend(
        heads.into_iter().filter(|(_, a, b)| a != b).map(|(what, a, b)| format!("{what}: {a} -> {b}")),
    );
    let changed = changed_keys(&one.scenario, &other.scenario);
    lines.extend(changed.iter().map(|c| format!("scenario {c}")));
    let mut found = Vec::new();
    differences("world", &state(&one.world), &state(&other.world), &mut found);
    let more = found.len().saturating_sub(two.most);
    lines.extend(found.into_iter().take(two.most));
    if more > 0 {
        lines.push(format!("and {more} more in the world"));
    }
    lines.extend(people_apart(&one, &other));
    if lines.is_empty() {
        print("no difference\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::FAILURE)
}

fn differences(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                differences(&format!("{path}.{key}"), value, b.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                found.push(format!("{path}: {} elements -> {}", a.len(), b.len()));
            }
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}.{i}"), a, b, found);
            }
        }
        (a, b) if a != b => found.push(format!("{path}: {a} -> {b}")),
        _ => {}
    }
}

/// By group: how many people only one of two worlds has, and how many both have in another state.
fn people_apart(one: &Snapshot, other: &Snapshot) -> Vec<String> {
    let mut lines = Vec::new();
    for (g, (a, b)) in one.world.groups.iter().zip(&other.world.groups).enumerate() {
        let (a, b) = (rows(a), rows(b));
        let (mut only_one, mut changed, mut at) = (0_u64, 0_u64, 0);
        for row in &a {
            while at < b.len() && b[at].0 < row.0 {
                at += 1;
            }
            match b.get(at).filter(|found| found.0 == row.0) {
                Some(found) => changed += u64::from(found != row),
                None => only_one += 1,
            }
        }
        let only_other = (b.len() + only_one as usize - a.len()) as u64;
        if only_one + only_other + changed > 0 {
            lines.push(format!(
                "people of group {g}: {} only in the first, {} only in the second, {} in another state",
                thousands(only_one),
                thousands(only_other),
                thousands(changed)
            ));
        }
    }
    lines
}

/// What is stored of a person.
type Row = (u32, [u16; 4], crate::world::Record);

/// Everybody of a group with a row, by ordinal: the person and all that is stored of them.
fn rows(group: &GroupState) -> Vec<Row> {
    let chunks = group.crowd.chunks.iter().chain(&group.back.rows.chunks);
    let all = chunks.flat_map(|c| {
        (0..c.len()).filter(|&i| c.people[i].cell != Cell::ENDED).map(move |i| {
            let numbers =
                [c.people[i].due, c.people[i].spell_start, u16::from(c.people[i].spell), c.people[i].cell.0];
            (c.ordinal[i], numbers, c.people[i].record)
        })
    });
    let mut rows: Vec<Row> = all.collect();
    rows.sort_by_key(|row| row.0);
    rows
}

fn dump(options: &Dump) -> Result<ExitCode, CommandError> {
    let snapshot = read(&options.file)?;
    if options.people {
        let opened = check_whole(snapshot).map_err(|fault| SnapshotError::of(&options.file, fault))?;
        print(&people(&opened))?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = &snapshot.head;
    let json = serde_json::json!({
        "format": head.format,
        "version": head.version,
        "build": head.build,
        "seed": head.seed,
        "day": head.day,
        "scenario_digest": hex(&head.scenario),
        "digest": snapshot.digest,
        "run": snapshot.run,
        "scenario": snapshot.scenario,
        "world": state(&snapshot.world),
    });
    print(&(serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn people(opened: &Opened) -> String {
    let setup = &opened.loaded.setup;
    let mut out = String::from(
        "group,population,well_founded,ordinal,place,status,due,spell_start,spell,route,attempts,stopped,member,leg\n",
    );
    for (g, (group, state)) in setup.groups.iter().zip(&opened.snapshot.world.groups).enumerate() {
        let population = &setup.populations[group.population.index()].name;
        for (ordinal, [due, since, spell, cell], record) in rows(state) {
            let cell = Cell(cell);
            let place = &setup.places[cell.place().index()].name;
            let route = &setup.routes[usize::from(record.route)].name;
            let due = if due == crate::world::NEVER { String::new() } else { due.to_string() };
            out += &format!(
                "{g},{population},{},{ordinal},{place},{},{due},{since},{spell},{route},{},{},{},{}\n",
                group.well_founded,
                cell.status().name(),
                record.attempts(),
                record.stopped(),
                record.member(),
                record.leg()
            );
        }
    }
    out
}
