//! The science: parameters and pure functions of numbers. One file for each submodel of the specification.
//!
//! Nothing here knows a world, a generator, a file or a thread. Rules return rates, probabilities, utilities and
//! counts; the engine draws. Every rule can be tabulated, plotted and checked by hand.

pub mod arrangement;
pub mod belief;
pub mod border;
pub mod burden;
pub mod choice;
pub mod claim;
pub mod departure;
pub mod ladder;
pub mod math;
pub mod onward;
pub mod outcome;
pub mod pressure;
pub mod sea;
