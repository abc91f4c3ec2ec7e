//! Many runs: ensembles beside the record, estimation.

pub mod attribute;
pub mod calibrate;
pub mod compare;
pub mod facts;
pub mod lives;
pub mod member;
pub mod pairs;
pub mod plan;
pub mod results;
pub mod score;
pub mod statistics;
