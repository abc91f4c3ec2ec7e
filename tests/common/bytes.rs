//! Snapshots as bytes: where things are in them, as `docs/snapshots.md` has it, written down a second time; and how to
//! change them so that their checksums hold again.

#![allow(dead_code, reason = "each test file takes from here what it needs")]

use crate::common::{self, run};
use landfall::scenario::read::Layer;
use landfall::scenario::{Loaded, load};
use landfall::snapshot::{Content, Fault, RunState, Snapshot, check_whole, pack, read_from};
use landfall::world::World;
use std::ops::Range;

/// Bytes of the fixed part of the head.
pub const HEAD: usize = 192;
/// Bytes of a row of the table of sections.
pub const ENTRY: usize = 96;
/// Bytes of a digest.
pub const DIGEST: usize = 32;
/// Bytes of the end.
pub const TRAILER: usize = 40;

/// A text, loaded.
pub fn loaded(text: &str) -> Loaded {
    load(&[Layer::file("test.toml", text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A snapshot of a world.
pub fn bytes_of(loaded: &Loaded, world: World) -> Vec<u8> {
    let run = RunState { name: "test".into(), ..RunState::default() };
    let content = Content {
        world,
        seed: loaded.setup.scenario.scenario.seed,
        scenario_digest: &loaded.digest,
        scenario: &loaded.resolved,
        run: &run,
    };
    pack(content).unwrap().to_vec()
}

/// A snapshot of a scenario after some days.
pub fn after(text: &str, days: u32) -> Vec<u8> {
    let loaded = loaded(text);
    let world = run(&loaded.setup, days).world;
    bytes_of(&loaded, world)
}

/// A small one, with people in it.
pub fn small() -> Vec<u8> {
    after(common::BARE, 4)
}

/// Reads a snapshot.
pub fn read(bytes: &[u8]) -> Result<Snapshot, Fault> {
    read_from(&mut &*bytes, bytes.len() as u64)
}

/// A little-endian number.
pub fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    bytes[at..at + width].iter().rev().fold(0, |n, &b| n << 8 | u64::from(b))
}

/// Writes one.
pub fn put(bytes: &mut [u8], at: usize, value: u64, width: usize) {
    bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
}

/// Where the row of a section in the table is, and where the section is.
pub fn section(bytes: &[u8], name: &str) -> (usize, Range<usize>) {
    let count = number(bytes, 12, 4) as usize;
    let row = (0..count)
        .map(|i| HEAD + i * ENTRY)
        .find(|&at| bytes[at..].starts_with(format!("{name}\0").as_bytes()));
    let row = row.unwrap_or_else(|| panic!("no section {name}"));
    let offset = number(bytes, row + 40, 8) as usize;
    (row, offset..offset + number(bytes, row + 48, 8) as usize)
}

/// Makes all checksums hold again, so that what lies behind them is reached.
pub fn sign(bytes: &mut [u8]) {
    let count = (number(bytes, 12, 4) as usize).min((bytes.len() - HEAD - TRAILER - DIGEST) / ENTRY);
    for row in (0..count).map(|i| HEAD + i * ENTRY) {
        let (offset, length) = (number(bytes, row + 40, 8) as usize, number(bytes, row + 48, 8) as usize);
        if let Some(held) = offset.checked_add(length).and_then(|end| bytes.get(offset..end)) {
            let digest = blake3::hash(held);
            bytes[row + 64..row + 96].copy_from_slice(digest.as_bytes());
        }
    }
    let table = HEAD + count * ENTRY;
    let digest = blake3::hash(&bytes[..table]);
    bytes[table..table + DIGEST].copy_from_slice(digest.as_bytes());
    let end = bytes.len() - DIGEST;
    let digest = blake3::hash(&bytes[..end - 8]);
    bytes[end..].copy_from_slice(digest.as_bytes());
}

/// The same file with another section in the place of one, and everything else made to fit.
pub fn with_section(bytes: &[u8], name: &str, stored: &[u8], plain: u64, kind: u64) -> Vec<u8> {
    let (row, range) = section(bytes, name);
    let mut new = [&bytes[..range.start], stored, &bytes[range.end..]].concat();
    let shift = stored.len() as i64 - range.len() as i64;
    let length = new.len() as u64;
    put(&mut new, 16, length, 8);
    put(&mut new, row + 32, kind, 4);
    put(&mut new, row + 48, stored.len() as u64, 8);
    put(&mut new, row + 56, plain, 8);
    for later in (0..number(bytes, 12, 4) as usize).map(|i| HEAD + i * ENTRY).filter(|&at| at > row) {
        let offset = (number(bytes, later + 40, 8) as i64).wrapping_add(shift);
        put(&mut new, later + 40, offset as u64, 8);
    }
    sign(&mut new);
    new
}

/// The same snapshot with every section stored as it is: changes of a byte then change a value.
pub fn unsqueezed(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    for i in 0..number(bytes, 12, 4) as usize {
        let row = HEAD + i * ENTRY;
        let name = String::from_utf8_lossy(&all[row..row + 32]).trim_end_matches('\0').to_string();
        let (row, range) = section(&all, &name);
        let (kind, plain) = (number(&all, row + 32, 4), number(&all, row + 56, 8));
        if kind == 1 {
            let expanded = zstd::bulk::decompress(&all[range], plain as usize).unwrap();
            all = with_section(&all, &name, &expanded, plain, 0);
        } else if kind == 2 && !range.is_empty() {
            let frame = &all[range.clone()];
            let expanded = zstd::bulk::decompress(&frame[8..], plain as usize).unwrap();
            let head = [&frame[..4], &(plain as u32).to_le_bytes()[..]].concat();
            all = with_section(&all, &name, &[head, expanded].concat(), plain, 3);
        }
    }
    assert!(read(&all).and_then(check_whole).is_ok());
    all
}
