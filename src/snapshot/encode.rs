//! The stored world as bytes: the one file that knows bincode.
//!
//! The bytes are the same for the same world on every machine: fixed-width little-endian integers, no padding, columns
//! in the order of declaration.

use crate::world::World;
use bincode::config::{Configuration, Fixint, Limit, LittleEndian};

/// Largest stored world that is read: 64 GiB.
const LIMIT: usize = 1 << 36;

fn configuration() -> Configuration<LittleEndian, Fixint, Limit<LIMIT>> {
    bincode::config::standard().with_fixed_int_encoding().with_limit::<LIMIT>()
}

/// Why bytes are not a world.
#[derive(Debug, thiserror::Error)]
#[error("these bytes are not a stored world: {0}")]
pub struct DecodeError(String);

/// The bytes of a world, people squeezed, so that they do not depend on when rows of the ended were removed.
pub fn encode(world: &World) -> Vec<u8> {
    let mut world = world.clone();
    for group in &mut world.groups {
        group.crowd.squeeze_all();
        group.back.rows.squeeze_all();
    }
    bincode::serde::encode_to_vec(&world, configuration()).unwrap_or_default()
}

/// A world from its bytes; every byte must be used.
pub fn decode(bytes: &[u8]) -> Result<World, DecodeError> {
    let (world, used): (World, usize) =
        bincode::serde::decode_from_slice(bytes, configuration()).map_err(|e| DecodeError(e.to_string()))?;
    if used == bytes.len() {
        Ok(world)
    } else {
        Err(DecodeError(format!("{} bytes too many", bytes.len() - used)))
    }
}

/// Digest of a world, in hexadecimal: two worlds are the same to the byte if and only if their digests agree.
pub fn digest(world: &World) -> String {
    blake3::hash(&encode(world)).to_hex().to_string()
}
