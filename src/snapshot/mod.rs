//! The world ↔ bytes.

mod encode;

pub use encode::{DecodeError, decode, digest, encode};
