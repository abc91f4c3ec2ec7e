//! What is true on a day: people, vessels, beliefs, States, arrangements. Data only; this is what a snapshot holds.
//!
//! Working memory of the engine is not here: it is rebuilt at will and never stored.

pub mod counts;
pub mod crowd;
pub mod event;
pub mod id;
pub mod state;
pub mod status;

pub use counts::Counts;
pub use crowd::{
    BACK_TOGETHER, CHUNK_PEOPLE, Chunk, Crowd, Household, Members, NEVER, NO_RULE, NOBODY, Person, Record,
    Row, Slot, Wakes,
};
pub use event::Flow;
pub use id::{CountryId, GroupId, PlaceId, PopulationId, RouteId, RuleId};
pub use state::*;
pub use status::{Cell, STOCK_GROUPS, Status};
