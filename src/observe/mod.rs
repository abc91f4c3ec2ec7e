//! What is recorded of a run, and the tables it becomes.

pub mod burden_tables;
pub mod journal;
pub mod measure;
pub mod quantity;
pub mod recorder;
pub mod table;
pub mod tables;
pub mod watch;

pub use measure::{Daily, Move};
pub use recorder::{Period, Recorder};
pub use watch::Watch;
