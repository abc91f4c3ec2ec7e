//! The world ↔ bytes, and snapshots as files. The format is described to the byte in `docs/snapshots.md`.

mod check;
mod clocks;
mod columns;
mod encode;
mod fault;
mod fields;
mod finite;
mod head;
mod layout;
mod read;
mod run_state;
mod squeeze;
mod write;

pub use check::check;
pub use encode::{
    CodeError, decode, digest, encode, from_bytes as from_code, last_digest, to_bytes as to_code,
};
pub use fault::{Fault, SnapshotError};
pub use head::{Entry, FORMAT, Head, Kind, PROGRAM, build, hex};
pub use layout::layout;
pub use read::{Opened, Snapshot, check_whole, open, read, read_from, read_head};
pub use run_state::{Ancestor, Changed, JournalPosition, RunState, changed_keys};
pub use squeeze::Shrinker;
pub use write::{Content, Packed, pack};
