//! Many runs: ensembles beside the record, sweeps over designs, sensitivity, estimation.

pub mod attribute;
pub mod attribution;
pub mod calibrate;
pub mod compare;
pub mod dataset;
pub mod design;
pub mod factor;
pub mod facts;
mod footer;
pub mod halfway;
pub mod journal;
pub mod lives;
pub mod member;
pub mod merge;
pub mod pairs;
pub mod plan;
pub mod points;
pub mod quantiles;
pub mod reading;
pub mod results;
pub mod row;
pub mod score;
pub mod sensitivity;
pub mod sobol_sequence;
pub mod statistics;
pub mod study;
pub mod sweep;
