//! What a snapshot holds beside the world: how the run that wrote it was asked for, and where its tables stood.

use serde::{Deserialize, Serialize};

/// A run, as far as it is not in the world or the scenario. Stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunState {
    /// The scenario's short name.
    pub name: String,
    /// Format of the tables: parquet, csv or both.
    pub format: String,
    /// Period of the tables: day or month.
    pub period: String,
    /// Whether every change of status is recorded.
    pub transitions: bool,
    /// First day recorded: 0, or that of the snapshot a fork began from.
    pub recorded_from: u32,
    /// First day of the period that is not in the tables yet.
    pub period_began: u32,
    /// Where the journal of rows stood.
    pub journal: JournalPosition,
    /// What the run was forked from, the first ancestor first.
    pub lineage: Vec<Ancestor>,
}

/// A place in the journal of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalPosition {
    /// Bytes.
    pub bytes: u64,
    /// Chained digest of all frames before it, in hexadecimal.
    pub chain: String,
}

/// A snapshot that another run was forked from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ancestor {
    /// Digest of the snapshot: that in its trailer.
    pub snapshot: String,
    /// Digest of its scenario.
    pub scenario_digest: String,
    /// Seed of the run that wrote it.
    pub seed: u64,
    /// Day of the snapshot.
    pub day: u32,
    /// The same as a date.
    pub date: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// What the fork changed in the scenario.
    pub changed: Vec<Changed>,
}

/// A key of a scenario with two values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Path of the key.
    pub key: String,
    /// What it was; absent where the key is new.
    pub from: Option<String>,
    /// What it is; absent where the key is gone.
    pub to: Option<String>,
}

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = |v: &Option<String>| v.clone().unwrap_or_else(|| "(absent)".into());
        write!(f, "{}: {} -> {}", self.key, value(&self.from), value(&self.to))
    }
}

/// The keys in which two resolved scenarios differ.
pub fn changed_keys(from: &str, to: &str) -> Vec<Changed> {
    let (from, to) = (leaves(from), leaves(to));
    let keys: std::collections::BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let changed = keys.into_iter().filter(|&key| from.get(key) != to.get(key));
    changed
        .map(|key| Changed { key: key.clone(), from: from.get(key).cloned(), to: to.get(key).cloned() })
        .collect()
}

/// Values by path; an empty list or table is a value too. A text that is not TOML is one value by itself.
fn leaves(text: &str) -> std::collections::BTreeMap<String, String> {
    fn visit(path: String, value: &toml::Value, found: &mut std::collections::BTreeMap<String, String>) {
        let below = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        match value {
            toml::Value::Table(table) if !table.is_empty() => {
                table.iter().for_each(|(key, value)| visit(below(key), value, found));
            }
            toml::Value::Array(list) if !list.is_empty() => {
                list.iter().enumerate().for_each(|(i, value)| visit(below(&i.to_string()), value, found));
            }
            other => {
                found.insert(path, other.to_string());
            }
        }
    }
    let mut found = std::collections::BTreeMap::new();
    match text.parse::<toml::Table>() {
        Ok(table) => visit(String::new(), &toml::Value::Table(table), &mut found),
        Err(_) => {
            found.insert("(text)".into(), text.to_string());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_keys_are_found_by_path() {
        let from = "a = 1\n[b]\nc = [1, { d = 2 }]\ne = \"x\"\n";
        let to = "a = 1\n[b]\nc = [1, { d = 3 }]\nf = true\n";
        let told: Vec<String> = changed_keys(from, to).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["b.c.1.d: 2 -> 3", "b.e: \"x\" -> (absent)", "b.f: (absent) -> true"]);
        assert!(changed_keys(from, from).is_empty());
        assert_eq!(changed_keys(from, "not toml =").len(), 5);
    }
}
