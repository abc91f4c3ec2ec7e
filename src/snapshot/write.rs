//! A world and what belongs to it → the bytes of a snapshot.

use super::columns::{COLUMNS, store};
use super::encode::{CodeError, to_bytes};
use super::fields::split;
use super::head::{
    ALWAYS_BELIEVED_BYTES, BELIEVED_EXPANSION, DIGEST_BYTES, END, ENTRY_BYTES, Entry, FORMAT, HEAD_BYTES,
    Head, Kind, PROGRAM, TRAILER_BYTES, build, hex, layout_digest,
};
use super::run_state::RunState;
use super::squeeze::Shrinker;
use crate::files::{AtomicFile, Disk, FileError};
use crate::world::{Crowd, World};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// What the sections of the world's fields are called: this, then the field.
pub(super) const WORLD: &str = "world.";
/// The resolved scenario.
pub(super) const SCENARIO: &str = "scenario";
/// The run, as JSON.
pub(super) const RUN: &str = "run";
/// People with a row: of each group those under way, then those back home.
pub(super) const ROWS: &str = "crowd.rows";

/// What a snapshot is of.
pub struct Content<'a> {
    /// The world.
    pub world: World,
    /// Seed of the run.
    pub seed: u64,
    /// Digest of the scenario without its seed, in hexadecimal.
    pub scenario_digest: &'a str,
    /// The resolved scenario.
    pub scenario: &'a str,
    /// The run.
    pub run: &'a RunState,
}

/// The bytes of a snapshot, in pieces.
pub struct Packed {
    pieces: Vec<Vec<u8>>,
}

struct Section {
    name: String,
    kind: Kind,
    bytes: Vec<u8>,
    plain: u64,
}

/// Pack a snapshot.
pub fn pack(content: Content<'_>) -> Result<Packed, CodeError> {
    let Content { mut world, seed, scenario_digest, scenario, run } = content;
    let day = world.day;
    let mut crowds: Vec<Crowd> = Vec::with_capacity(2 * world.groups.len());
    for group in &mut world.groups {
        crowds.push(std::mem::take(&mut group.crowd));
        crowds.push(std::mem::take(&mut group.back.rows));
    }
    let run = serde_json::to_vec_pretty(run).map_err(|e| CodeError(e.to_string()))?;
    let mut plain = vec![(SCENARIO.to_string(), scenario.as_bytes().to_vec()), (RUN.to_string(), run)];
    for (name, bytes) in split(&world)? {
        plain.push((format!("{WORLD}{name}"), bytes));
    }
    let mut squeezer = Shrinker::new()?;
    let mut sections = Vec::new();
    let (rows, columns) = store(&crowds, Kind::Frames)?;
    plain.push((ROWS.to_string(), to_bytes(&rows)?));
    for (name, bytes) in plain {
        sections.push(section(name, bytes, &mut squeezer)?);
    }
    for (name, column) in COLUMNS.into_iter().zip(columns) {
        sections.push(Section {
            name: name.into(),
            kind: Kind::Frames,
            bytes: column.bytes,
            plain: column.plain,
        });
    }
    make_believable(&mut sections, &crowds)?;
    let mut digest = [0; DIGEST_BYTES];
    for (byte, pair) in digest.iter_mut().zip(scenario_digest.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).unwrap_or_default();
        *byte =
            u8::from_str_radix(pair, 16).map_err(|e| CodeError(format!("digest of the scenario: {e}")))?;
    }
    Ok(assemble(sections, seed, day, digest))
}

/// Compressed where that makes it shorter.
fn section(name: String, plain: Vec<u8>, squeezer: &mut Shrinker) -> Result<Section, CodeError> {
    let length = plain.len() as u64;
    let squeezed = squeezer.squeeze(&plain)?;
    let (kind, bytes) =
        if squeezed.len() < plain.len() { (Kind::Zstd, squeezed) } else { (Kind::Plain, plain) };
    Ok(Section { name, kind, bytes, plain: length })
}

/// A reader believes no file that expands beyond measure. Columns of people who are all alike would: then they are
/// stored as they are.
fn make_believable(sections: &mut [Section], crowds: &[Crowd]) -> Result<(), CodeError> {
    let plain: u64 = sections.iter().map(|s| s.plain).sum();
    let stored: u64 = sections.iter().map(|s| s.bytes.len() as u64).sum();
    if plain <= ALWAYS_BELIEVED_BYTES.max(stored.saturating_mul(BELIEVED_EXPANSION)) {
        return Ok(());
    }
    let (_, columns) = store(crowds, Kind::PlainFrames)?;
    let of_people = sections.iter_mut().filter(|s| s.kind == Kind::Frames);
    for (section, column) in of_people.zip(columns) {
        section.kind = Kind::PlainFrames;
        section.bytes = column.bytes;
    }
    Ok(())
}

fn assemble(sections: Vec<Section>, seed: u64, day: u32, scenario: [u8; DIGEST_BYTES]) -> Packed {
    let mut offset = (HEAD_BYTES + sections.len() * ENTRY_BYTES + DIGEST_BYTES) as u64;
    let mut entries = Vec::new();
    for section in &sections {
        let stored = section.bytes.len() as u64;
        let digest = *blake3::hash(&section.bytes).as_bytes();
        let (name, kind, plain) = (section.name.clone(), section.kind, section.plain);
        entries.push(Entry { name, kind, offset, stored, plain, digest });
        offset += stored;
    }
    let head = Head {
        format: FORMAT,
        length: offset + TRAILER_BYTES as u64,
        seed,
        day,
        scenario,
        layout: layout_digest(),
        version: PROGRAM.into(),
        build: build(),
        sections: entries,
    };
    let mut pieces = vec![head.to_bytes()];
    pieces.extend(sections.into_iter().map(|s| s.bytes));
    let mut hasher = blake3::Hasher::new();
    for piece in &pieces {
        hasher.update(piece);
    }
    let mut trailer = END.to_vec();
    trailer.extend(hasher.finalize().as_bytes());
    pieces.push(trailer);
    Packed { pieces }
}

impl Packed {
    /// Bytes of the file.
    pub fn length(&self) -> u64 {
        self.pieces.iter().map(|p| p.len() as u64).sum()
    }

    /// The digest in the trailer, in hexadecimal.
    pub fn digest(&self) -> String {
        self.pieces.last().map_or_else(String::new, |trailer| hex(&trailer[END.len()..]))
    }

    /// All bytes in one piece.
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces.concat()
    }

    /// Write it under a name, whole or not at all.
    pub fn write(&self, disk: Arc<dyn Disk>, path: &Path) -> Result<(), FileError> {
        let length = self.length();
        let mut file = AtomicFile::create_on(disk, path).map_err(|e| e.needing(length))?;
        file.expect_bytes(length);
        for piece in &self.pieces {
            file.write_all(piece).map_err(|e| FileError::from_io(e, path))?;
        }
        file.commit()
    }
}
