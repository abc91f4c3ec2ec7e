//! Structured data as bytes: the one file that knows bincode.
//!
//! The bytes are the same for the same data on every machine: fixed-width little-endian integers, no padding, fields
//! in the order of declaration, lists preceded by their length in 8 bytes.

use crate::world::World;
use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed};

/// Most bytes that are taken from or made into one piece: 64 GiB.
const LIMIT: usize = 1 << 36;

fn configuration() -> Configuration<LittleEndian, Fixint, Limit<LIMIT>> {
    bincode::config::standard().with_fixed_int_encoding().with_limit::<LIMIT>()
}

/// Why data and bytes did not become each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CodeError(pub(crate) String);

/// Data as bytes.
pub fn to_bytes<T: Serialize + ?Sized>(data: &T) -> Result<Vec<u8>, CodeError> {
    bincode::serde::encode_to_vec(data, configuration()).map_err(|e| CodeError(e.to_string()))
}

/// Data from its bytes; every byte must be used.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodeError> {
    seeded_from_bytes(std::marker::PhantomData, bytes)
}

/// The same, of a type that a seed knows.
pub(crate) fn seeded_from_bytes<'de, S: DeserializeSeed<'de>>(
    seed: S,
    bytes: &'de [u8],
) -> Result<S::Value, CodeError> {
    let read = bincode::serde::seed_decode_from_slice(seed, bytes, configuration());
    let (data, used) = read.map_err(|e| CodeError(e.to_string()))?;
    match bytes.len() - used {
        0 => Ok(data),
        over => Err(CodeError(format!("{over} bytes too many"))),
    }
}

/// The bytes of a world, people squeezed, so that they do not depend on when rows of the ended were removed.
pub fn encode(world: &World) -> Vec<u8> {
    let mut world = world.clone();
    squeeze(&mut world);
    // A world holds nothing that bincode cannot write; a test would see the empty bytes.
    to_bytes(&world).unwrap_or_default()
}

fn squeeze(world: &mut World) {
    for group in &mut world.groups {
        group.crowd.squeeze_all();
        group.back.rows.squeeze_all();
    }
}

/// The same as [`digest`] of a world that is not needed any more: it is squeezed where it stands and its bytes are
/// never all there at once.
pub fn last_digest(mut world: World) -> String {
    squeeze(&mut world);
    let mut hashed = std::io::BufWriter::with_capacity(1 << 16, blake3::Hasher::new());
    let written = bincode::serde::encode_into_std_write(&world, &mut hashed, configuration());
    match (written, hashed.into_inner()) {
        (Ok(_), Ok(hasher)) => hasher.finalize().to_hex().to_string(),
        // A hasher takes everything, and a world holds nothing that bincode cannot write; a test would see it.
        _ => String::new(),
    }
}

/// A world from its bytes; every byte must be used.
pub fn decode(bytes: &[u8]) -> Result<World, CodeError> {
    from_bytes(bytes)
}

/// Digest of a world, in hexadecimal: two worlds are the same to the byte if and only if their digests agree.
pub fn digest(world: &World) -> String {
    blake3::hash(&encode(world)).to_hex().to_string()
}
