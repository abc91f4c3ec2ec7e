//! The day: keyed randomness, filter and act over people, competition for scarce things, ordered reductions.
//!
//! Only here are threads, and only here are draws. The step loop cannot fail: everything that can be wrong is refused
//! when a scenario is loaded or a snapshot opened.

pub mod ahead;
pub mod apart;
pub mod bargaining;
pub mod beliefs;
pub mod claims;
pub mod day;
pub mod departures;
pub mod dispositions;
pub mod facilities;
pub mod gains;
pub mod home;
pub mod keyed;
pub mod levers;
pub mod line;
pub mod orderly;
pub mod outlook;
pub mod people;
pub mod policy;
pub mod politics;
pub mod present;
pub mod read_ahead;
pub mod relocation;
pub mod responsibility;
pub mod scatter;
pub mod sea;
pub mod sim;
pub mod start;
pub mod today;
pub mod wake;

pub use day::DAY;
pub use sim::{Sim, Transition};
pub use start::{first_world, prepare};
