//! What a benchmark measured, as one table in the terminal and as JSON: every figure with what it is compared with.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A figure beside another of the same run: a physical limit, or a naive way to the same end.
pub struct Beside {
    /// Full name of the benchmark, or how it begins: the longest that fits counts.
    pub name: &'static str,
    /// Full name of the one it is compared with; `{}` stands for what follows the beginning in the first.
    pub with: &'static str,
    /// What that is.
    pub what: &'static str,
}

/// One benchmark as criterion left it.
struct Measured {
    name: String,
    nanoseconds: f64,
    /// Elements or bytes that one iteration goes through.
    amount: Option<(f64, &'static str)>,
}

impl Measured {
    fn per_item(&self) -> f64 {
        self.amount.map_or(self.nanoseconds, |(n, _)| self.nanoseconds / n)
    }
}

/// Print what was measured since `began`, and write the same to `target/criterion/NAME.json`.
pub fn print(name: &str, began: SystemTime, comparisons: &[Beside]) {
    let home = criterion_home();
    let mut all = Vec::new();
    collect(&home, began, &mut all);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    if all.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["measured", "time", "each", "beside", "ratio"]);
    for number in [1, 2, 4] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut rows = Vec::new();
    for m in &all {
        let beside = compared(m, &all, comparisons);
        let each = m.amount.map(|(_, unit)| format!("{} a {unit}", time(m.per_item()))).unwrap_or_default();
        let (what, ratio) = beside.as_ref().map_or((String::new(), String::new()), |(what, other)| {
            (
                format!("{what} ({})", time(other.per_item())),
                format!("{:.2}", m.per_item() / other.per_item()),
            )
        });
        table.add_row([m.name.clone(), time(m.nanoseconds), each, what, ratio]);
        rows.push(json!({
            "name": m.name,
            "nanoseconds": m.nanoseconds,
            "amount": m.amount.map(|(n, _)| n),
            "unit": m.amount.map(|(_, unit)| unit),
            "beside": beside.as_ref().map(|(what, _)| what),
            "ratio": beside.as_ref().map(|(_, other)| m.per_item() / other.per_item()),
        }));
    }
    println!("\n{table}");
    let path = home.join(format!("{name}.json"));
    let text =
        serde_json::to_string_pretty(&json!({ "benchmark": name, "measured": rows })).unwrap_or_default();
    match std::fs::write(&path, text + "\n") {
        Ok(()) => println!("\nthe same as JSON: {}", path.display()),
        Err(e) => println!("\ncannot write {}: {e}", path.display()),
    }
}

fn compared<'a>(m: &Measured, all: &'a [Measured], comparisons: &[Beside]) -> Option<(String, &'a Measured)> {
    let fits = comparisons.iter().filter(|b| m.name.starts_with(b.name));
    let best = fits.max_by_key(|b| b.name.len())?;
    let wanted = best.with.replace("{}", m.name.strip_prefix(best.name).unwrap_or(""));
    let other = all.iter().find(|o| o.name == wanted && o.name != m.name)?;
    Some((best.what.to_string(), other))
}

fn collect(directory: &Path, began: SystemTime, all: &mut Vec<Measured>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for path in entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()) {
        if path.file_name().is_some_and(|n| n == "new") {
            all.extend(measured(&path, began));
        } else {
            collect(&path, began, all);
        }
    }
}

fn measured(directory: &Path, began: SystemTime) -> Option<Measured> {
    let estimates = directory.join("estimates.json");
    if estimates.metadata().and_then(|m| m.modified()).ok()? < began {
        return None;
    }
    let read =
        |path: PathBuf| -> Option<Value> { serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok() };
    let (what, estimates) = (read(directory.join("benchmark.json"))?, read(estimates)?);
    let amount = |key: &str, unit| what["throughput"][key].as_f64().map(|n| (n, unit));
    Some(Measured {
        name: what["full_id"].as_str()?.to_string(),
        nanoseconds: estimates["median"]["point_estimate"].as_f64()?,
        amount: amount("Elements", "item").or_else(|| amount("Bytes", "byte")),
    })
}

/// Where criterion keeps what it measured.
fn criterion_home() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    target.join("criterion")
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        t if t < 1e3 => format!("{t:.3} ns"),
        t if t < 1e6 => format!("{:.3} µs", t / 1e3),
        t if t < 1e9 => format!("{:.3} ms", t / 1e6),
        t => format!("{:.3} s", t / 1e9),
    }
}
