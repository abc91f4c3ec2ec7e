//! What can be wrong with a file that should be a snapshot.

use crate::files::FileError;
use std::path::{Path, PathBuf};

/// Why bytes are not a snapshot that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something else altogether.
    #[error("it is not a snapshot of landfall: {0}")]
    Foreign(String),
    /// Another version of the format.
    #[error(
        "it has format {found} and was written by landfall {written_by}; this is landfall {ours}, which reads format \
         {reads}: {}", .found.cmp(.reads).advice()
    )]
    Version {
        /// The file's format.
        found: u32,
        /// The program that wrote it, as far as it can be read.
        written_by: String,
        /// The format this program reads.
        reads: u32,
        /// This program.
        ours: &'static str,
    },
    /// The same version of the format, and another layout of the world: written by a build between versions.
    #[error(
        "the world in it is laid out in another way (layout {found}, written by landfall {written_by}; this is \
         landfall {ours}, layout {reads}): open it with the build that wrote it"
    )]
    Layout {
        /// The file's layout.
        found: String,
        /// The program that wrote it.
        written_by: String,
        /// This program's layout.
        reads: String,
        /// This program.
        ours: &'static str,
    },
    /// Bytes are missing, changed or too many.
    #[error("it is damaged in {section}: {problem}")]
    Damaged {
        /// Where: a section by its name, or another part of the file.
        section: String,
        /// What is wrong.
        problem: String,
    },
    /// Larger than anything a program would have written.
    #[error(
        "it says that {section} takes {bytes} bytes, and at most {allowed} are believed of a file of its length"
    )]
    TooLarge {
        /// Where.
        section: String,
        /// What the file says.
        bytes: u64,
        /// What is allowed.
        allowed: u64,
    },
    /// Every byte is as it was written, and yet this cannot be a world of its scenario.
    #[error("what it holds cannot be: {0}")]
    Impossible(String),
    /// Its scenario is not one for this program.
    #[error(
        "the scenario in it is not one of this program (written by landfall {written_by}, this is {ours}): {problem}"
    )]
    Scenario {
        /// What is wrong with it.
        problem: String,
        /// The program that wrote it.
        written_by: String,
        /// This program.
        ours: &'static str,
    },
}

/// What to do about a version.
trait Advice {
    fn advice(self) -> &'static str;
}

impl Advice for std::cmp::Ordering {
    fn advice(self) -> &'static str {
        match self {
            Self::Greater => "open it with that version or a newer one",
            _ => "open it with that version",
        }
    }
}

impl Fault {
    /// Damage in a part of the file.
    pub(super) fn damaged(section: &str, problem: impl Into<String>) -> Self {
        Self::Damaged { section: section.into(), problem: problem.into() }
    }

    /// Whether an older snapshot of the same run may do in its place: the file suffered, and the program is the right
    /// one.
    pub fn is_damage(&self) -> bool {
        !matches!(self, Self::Version { .. } | Self::Layout { .. } | Self::Scenario { .. })
    }
}

/// Why a file is not a snapshot that can be opened, with its name.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// What is in it is wrong.
    #[error("{}: {fault}", .path.display())]
    Fault {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: Fault,
    },
}

impl SnapshotError {
    /// A fault of a file.
    pub fn of(path: &Path, fault: Fault) -> Self {
        Self::Fault { path: path.to_path_buf(), fault }
    }

    /// Whether an older snapshot of the same run may do in its place.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Fault { fault, .. } if fault.is_damage()) || matches!(self, Self::File(_))
    }
}
