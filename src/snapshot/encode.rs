//! Structured data as bytes: the one file that knows bincode.
//!
//! The bytes are the same for the same data on every machine: fixed-width little-endian integers, no padding, fields
//! in the order of declaration, lists preceded by their length in 8 bytes.

use crate::world::{Chunk, Person, Record, World};
use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use rayon::prelude::*;
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
    world.groups.par_iter_mut().with_max_len(1).for_each(|group| {
        group.crowd.squeeze_all();
        group.back.rows.squeeze_all();
    });
}

/// Chunks of people that are made into bytes together.
const CHUNKS_TOGETHER: usize = 64;

/// The same as [`digest`] of a world that is not needed any more: it is squeezed where it stands and its bytes are
/// never all there at once. Bytes of many people are made by all threads, and hashed while the next are made.
pub fn last_digest(mut world: World) -> String {
    squeeze(&mut world);
    // A world holds nothing that bincode cannot write; a test would see it.
    digest_in_parts(world).unwrap_or_default()
}

fn digest_in_parts(mut world: World) -> Result<String, CodeError> {
    let mut hasher = blake3::Hasher::new();
    let groups = std::mem::take(&mut world.groups);
    // What stands before the list that was taken out, and what after the length of the empty one.
    let before = to_bytes(&(world.day, world.traits_seed, &world.populations))?;
    let all = to_bytes(&world)?;
    let length = |items: usize| (items as u64).to_le_bytes();
    hasher.update(&before).update(&length(groups.len()));
    for mut group in groups {
        let chunks = std::mem::take(&mut group.crowd.chunks);
        let before = to_bytes(&(&group.clock, group.next_ordinal))?;
        let all = to_bytes(&group)?;
        hasher.update(&before).update(&length(chunks.len()));
        let mut made: Vec<Vec<u8>> = Vec::new();
        for chunks in chunks.chunks(CHUNKS_TOGETHER).chain(std::iter::once(&[][..])) {
            let hash = || {
                made.iter().for_each(|bytes| {
                    hasher.update(bytes);
                })
            };
            let make = || chunks.par_iter().map(chunk_to_bytes).collect();
            ((), made) = rayon::join(hash, make);
        }
        hasher.update(&all[before.len() + size_of::<u64>()..]);
    }
    hasher.update(&all[before.len() + size_of::<u64>()..]);
    Ok(hasher.finalize().to_hex().to_string())
}

/// The bytes of a chunk as bincode makes them, a column at a time instead of a number at a time.
fn chunk_to_bytes(chunk: &Chunk) -> Vec<u8> {
    let Chunk { ordinal, people, wake: _, ended } = chunk;
    let mut bytes = Vec::with_capacity(21 * ordinal.len() + 64);
    column(&mut bytes, ordinal, |o| o.to_le_bytes());
    column(&mut bytes, people, |person| {
        let Person { due, spell_start, spell, cell, record } = *person;
        let Record { route, rule, responsible, counts, member_leg, epoch, entered } = record;
        let ([a, b], [c, d], [e, f]) = (due.to_le_bytes(), spell_start.to_le_bytes(), cell.0.to_le_bytes());
        let ([g, h], [i, j], [k, l]) = (route.to_le_bytes(), rule.to_le_bytes(), entered.to_le_bytes());
        [a, b, c, d, spell, e, f, g, h, i, j, responsible, counts, member_leg, epoch, k, l]
    });
    bytes.extend_from_slice(&ended.to_le_bytes());
    bytes
}

/// A list: its length, and its items of `N` bytes each.
fn column<T, const N: usize>(bytes: &mut Vec<u8>, items: &[T], item: impl Fn(&T) -> [u8; N]) {
    bytes.extend_from_slice(&(items.len() as u64).to_le_bytes());
    let from = bytes.len();
    bytes.resize(from + N * items.len(), 0);
    for (to, one) in bytes[from..].chunks_exact_mut(N).zip(items) {
        to.copy_from_slice(&item(one));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Cell, Crowd, PlaceId, Row, Status};

    #[test]
    fn a_chunk_is_the_bytes_that_bincode_makes_of_it() {
        let record = Record {
            route: 258,
            rule: 772,
            responsible: 5,
            counts: 6,
            member_leg: 7,
            epoch: 8,
            entered: 2314,
        };
        let cell = Cell::of(PlaceId(300), Status::Claimant);
        let row = Row { person: Person { due: 513, spell_start: 1027, spell: 9, cell, record }, wake: 0 };
        let mut crowd = Crowd::default();
        (0..50).for_each(|n| _ = crowd.enter(70_000 + 3 * n, 3, row));
        crowd.release(crowd.members(70_003, 3, Status::Claimant, None), &mut Vec::new());
        assert_eq!(crowd.chunks[0].ended, 3);
        for chunk in [&crowd.chunks[0], &Chunk::default()] {
            assert_eq!(chunk_to_bytes(chunk), to_bytes(chunk).expect("a chunk can be written"));
        }
    }
}
