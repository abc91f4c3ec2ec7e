//! Instruments of cooperation: what each does to the levers in force, one file for each kind.

pub mod dissuasion;
pub mod hosting;
pub mod orderly_departure;
pub mod readmission;
pub mod resettlement;
