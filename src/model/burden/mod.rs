//! Burden: who bears responsibility, and what an arrangement shares or shifts (model 5.15).
//!
//! Whether an arrangement shares a burden or only shifts it is a question about a world in which it does not exist.
//! Everything here takes what two worlds, or several, came to, as plain numbers; which worlds those are and who lived
//! in them is the business of the experiments.

pub mod fate;
pub mod inequality;
pub mod money;
pub mod paired;
pub mod shapley;
pub mod sharing;
pub mod split;
pub mod vulnerability;
