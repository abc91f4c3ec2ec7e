//! Many runs: ensembles beside the record, estimation.

pub mod calibrate;
pub mod facts;
pub mod member;
pub mod plan;
pub mod score;
pub mod statistics;
