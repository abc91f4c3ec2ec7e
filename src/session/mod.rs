//! A run in a directory: its tables, its journal of rows and its snapshots; begun, stopped after any day, resumed,
//! forked. Nothing here looks at the clock or at a terminal: when a snapshot is due is for the caller to say.

mod directory;
mod graft;
mod keeper;
mod run;

pub use directory::{Found, RunDirectory, Warning, snapshot_name};
pub use graft::graft;
pub use run::{Done, Session, run_format};

use crate::files::FileError;
use crate::observe::journal::JournalError;
use crate::observe::table::TableError;
use crate::snapshot::{CodeError, SnapshotError};

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The disk refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// A table could not be written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A snapshot could not be opened.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The journal of rows cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Data could not be turned into bytes.
    #[error("cannot put a snapshot together: {0}")]
    Code(#[from] CodeError),
    /// Anything else: what was found, what is allowed, what to do.
    #[error("{0}")]
    Other(String),
}
