//! What a directory for results holds already, and whether a command may write there.

use super::CommandError;
use crate::files::list_directory;
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
