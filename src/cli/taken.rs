//! What a directory for results holds already, and whether a command may write there.

use super::CommandError;
use crate::files::list_directory;
use crate::observe::tables;
use serde_json::Value;
use std::path::Path;

/// A directory that holds anything else than files of these names is left alone: they are what a process that was
/// killed while it made the directory left behind.
pub fn refuse_other_things(directory: &Path, ours: &[&str]) -> Result<(), CommandError> {
    let listed = list_directory(directory)?;
    let names = listed.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy()));
    let foreign = |name: &&str| *name != ".lock" && !ours.contains(name) && !name.contains(".partial-");
    let mut names = names.map(|name| name.into_owned());
    let Some(other) = names.find(|name| foreign(&name.as_str())) else { return Ok(()) };
    Err(CommandError::Other(format!(
        "{} holds other things, among them `{other}`; nothing was changed there. Give another directory with --out",
        directory.display()
    )))
}

/// The tables that the manifest of a run lists, by the names of their files; what no run could have left is left out.
pub fn listed_tables(manifest: &Value) -> Vec<String> {
    let known = |file: &&str| {
        let name = file.strip_suffix(".parquet").or(file.strip_suffix(".csv"));
        tables::ALL.iter().any(|table| Some(table.name) == name)
    };
    let listed = manifest["tables"].as_array().into_iter().flatten();
    let files = listed.flat_map(|table| table["files"].as_array().into_iter().flatten());
    files.filter_map(Value::as_str).filter(known).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tables_of_runs_are_taken_from_a_manifest() {
        let files =
            ["flows.csv", "flows.parquet", "../flows.csv", "notes.csv", "flows.txt", "/etc/flows.csv"];
        let manifest = serde_json::json!({ "tables": [{ "files": files, "rows": 1 }, 3] });
        assert_eq!(listed_tables(&manifest), ["flows.csv", "flows.parquet"]);
        assert!(listed_tables(&Value::Null).is_empty());
    }
}
