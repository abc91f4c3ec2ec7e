//! The head of a snapshot: what it is, and the table of its sections.
//!
//! The places of everything in the head, the form of the table, the digest after it and the trailer are the same in
//! every version of the format, so that every version can tell damage from another version, and name both.

use super::fault::Fault;
use super::layout::layout;
use crate::world::World;
use blake3::Hasher;
use std::collections::BTreeSet;
use std::io::Read;

/// Version of the format: one more whenever a section's form or the layout of the world changes.
pub const FORMAT: u32 = 1;
/// What every snapshot begins with. As in PNG, a byte that is no text and both kinds of line end, so that a transfer
/// that takes it for text is seen at once.
pub const MAGIC: [u8; 8] = *b"\x89LFS\r\n\x1a\n";
/// What the trailer begins with.
pub const END: [u8; 8] = *b"LFSEND\r\n";
/// Bytes of the head before the table.
pub const HEAD_BYTES: usize = 192;
/// Bytes of a row of the table.
pub const ENTRY_BYTES: usize = 96;
/// Bytes of a digest (BLAKE3).
pub const DIGEST_BYTES: usize = 32;
/// Bytes of the trailer.
pub const TRAILER_BYTES: usize = END.len() + DIGEST_BYTES;
/// Sections at most.
pub const MOST_SECTIONS: usize = 256;
/// Bytes that the sections of any file, however short, may take when expanded.
pub const ALWAYS_BELIEVED_BYTES: u64 = 64 << 20;
/// How many times its length a file may take when expanded.
pub const BELIEVED_EXPANSION: u64 = 256;

const NAME_BYTES: usize = 32;
const VERSION: std::ops::Range<usize> = 88..128;
const BUILD: std::ops::Range<usize> = 128..192;

/// How a section is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// As it is.
    Plain = 0,
    /// One zstd frame.
    Zstd = 1,
    /// A column of people: frames of rows, each with its number of rows, its length and a zstd frame of byte planes.
    Frames = 2,
    /// The same with every frame as it is.
    PlainFrames = 3,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Plain, Self::Zstd, Self::Frames, Self::PlainFrames];

    /// A word for it.
    pub fn name(self) -> &'static str {
        ["plain", "zstd", "frames of zstd", "plain frames"][self as usize]
    }
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name of the section.
    pub name: String,
    /// How it is stored.
    pub kind: Kind,
    /// Where it begins in the file.
    pub offset: u64,
    /// Bytes in the file.
    pub stored: u64,
    /// Bytes when expanded.
    pub plain: u64,
    /// BLAKE3 of the bytes in the file.
    pub digest: [u8; DIGEST_BYTES],
}

/// What a snapshot says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Version of the format.
    pub format: u32,
    /// Length of the file.
    pub length: u64,
    /// Seed of the run.
    pub seed: u64,
    /// Days simulated: the next to come is this day, counted from 0.
    pub day: u32,
    /// Digest of the resolved scenario without its seed.
    pub scenario: [u8; DIGEST_BYTES],
    /// Digest of the layout of the world.
    pub layout: [u8; 16],
    /// Version of the program that wrote it.
    pub version: String,
    /// Build of that program: profile, architecture, system.
    pub build: String,
    /// The table.
    pub sections: Vec<Entry>,
}

/// The version of this program.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The build of this program.
pub fn build() -> String {
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    format!("{profile} {} {}", std::env::consts::ARCH, std::env::consts::OS)
}

/// Digest of the layout of the world in this program.
pub fn layout_digest() -> [u8; 16] {
    static DIGEST: std::sync::OnceLock<[u8; 16]> = std::sync::OnceLock::new();
    *DIGEST.get_or_init(|| {
        let text = layout::<World>().unwrap_or_default();
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
        digest
    })
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn put(into: &mut [u8], bytes: &[u8]) {
    let n = bytes.len().min(into.len());
    into[..n].copy_from_slice(&bytes[..n]);
}

impl Head {
    /// Head and table as bytes, with the digest after them.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; HEAD_BYTES];
        put(&mut bytes[0..8], &MAGIC);
        put(&mut bytes[8..12], &self.format.to_le_bytes());
        put(&mut bytes[12..16], &(self.sections.len() as u32).to_le_bytes());
        put(&mut bytes[16..24], &self.length.to_le_bytes());
        put(&mut bytes[24..32], &self.seed.to_le_bytes());
        put(&mut bytes[32..36], &self.day.to_le_bytes());
        put(&mut bytes[40..72], &self.scenario);
        put(&mut bytes[72..88], &self.layout);
        put(&mut bytes[VERSION], self.version.as_bytes());
        put(&mut bytes[BUILD], self.build.as_bytes());
        for section in &self.sections {
            let mut entry = [0; ENTRY_BYTES];
            put(&mut entry[..NAME_BYTES], section.name.as_bytes());
            put(&mut entry[32..36], &(section.kind as u32).to_le_bytes());
            put(&mut entry[40..48], &section.offset.to_le_bytes());
            put(&mut entry[48..56], &section.stored.to_le_bytes());
            put(&mut entry[56..64], &section.plain.to_le_bytes());
            put(&mut entry[64..96], &section.digest);
            bytes.extend(entry);
        }
        let digest = blake3::hash(&bytes);
        bytes.extend(digest.as_bytes());
        bytes
    }

    /// Reads head and table, and checks all that they say against the length of the file, before anything else is read
    /// or allocated. The hasher has taken in what was read.
    pub(super) fn read(source: &mut impl Read, actual: u64, hasher: &mut Hasher) -> Result<Self, Fault> {
        let bytes = read_start(source)?;
        let sections = number(&bytes, 12..16) as usize;
        if sections == 0 || sections > MOST_SECTIONS {
            return Err(Fault::damaged(
                "the header",
                format!("{sections} sections, 1 to {MOST_SECTIONS} are allowed"),
            ));
        }
        let mut all = bytes;
        let rest = sections * ENTRY_BYTES + DIGEST_BYTES;
        let got = source
            .take(rest as u64)
            .read_to_end(&mut all)
            .map_err(|e| Fault::damaged("the header", e.to_string()))?;
        if got < rest {
            return Err(Fault::damaged("the header", "the file ends inside its table of sections"));
        }
        let (body, digest) = all.split_at(all.len() - DIGEST_BYTES);
        if blake3::hash(body).as_bytes() != digest {
            return Err(Fault::damaged("the header", "its checksum does not hold"));
        }
        hasher.update(&all);
        let head = Self::parse(body)?;
        head.check_version()?;
        head.check_places(all.len() as u64, actual)?;
        Ok(head)
    }

    fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let mut scenario = [0; DIGEST_BYTES];
        scenario.copy_from_slice(&bytes[40..72]);
        let mut layout = [0; 16];
        layout.copy_from_slice(&bytes[72..88]);
        let sections = bytes[HEAD_BYTES..].chunks_exact(ENTRY_BYTES).map(entry).collect::<Result<_, _>>();
        let format = number(bytes, 8..12) as u32;
        Ok(Self {
            format,
            length: number(bytes, 16..24),
            seed: number(bytes, 24..32),
            day: number(bytes, 32..36) as u32,
            scenario,
            layout,
            version: text(&bytes[VERSION]),
            build: text(&bytes[BUILD]),
            // Another version may have kinds of sections that are not known here: its number is told first.
            sections: if format == FORMAT { sections? } else { Vec::new() },
        })
    }

    fn check_version(&self) -> Result<(), Fault> {
        let written_by = self.version.clone();
        if self.format != FORMAT {
            return Err(Fault::Version { found: self.format, written_by, reads: FORMAT, ours: PROGRAM });
        }
        let ours = layout_digest();
        if self.layout != ours {
            let (found, reads) = (hex(&self.layout[..4]), hex(&ours[..4]));
            return Err(Fault::Layout { found, written_by, reads, ours: PROGRAM });
        }
        Ok(())
    }

    fn check_places(&self, after_head: u64, actual: u64) -> Result<(), Fault> {
        if self.length != actual {
            let cut = if actual < self.length { "it was cut short" } else { "something was added to it" };
            return Err(Fault::damaged(
                "its end",
                format!("{actual} bytes where {} were written: {cut}", self.length),
            ));
        }
        let (mut at, mut names, mut plain) = (after_head, BTreeSet::new(), 0_u64);
        let allowed = ALWAYS_BELIEVED_BYTES.max(self.length.saturating_mul(BELIEVED_EXPANSION));
        for entry in &self.sections {
            let wrong = |problem: &str| Err(Fault::damaged(&format!("section `{}`", entry.name), problem));
            if !names.insert(&entry.name) {
                return wrong("it comes twice");
            }
            if entry.offset != at {
                return wrong("it is not where the section before it ends");
            }
            let Some(end) = at.checked_add(entry.stored).filter(|&end| end <= self.length) else {
                return wrong("it reaches beyond the end of the file");
            };
            at = end;
            plain = plain.saturating_add(entry.plain);
            if plain > allowed {
                let section = format!("section `{}`", entry.name);
                return Err(Fault::TooLarge { section, bytes: entry.plain, allowed });
            }
        }
        if at.checked_add(TRAILER_BYTES as u64) != Some(self.length) {
            return Err(Fault::damaged("the header", "its sections do not fill the file"));
        }
        Ok(())
    }
}

/// The first bytes, as far as they show that this is a snapshot.
fn read_start(source: &mut impl Read) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::with_capacity(HEAD_BYTES);
    let read = source.take(HEAD_BYTES as u64).read_to_end(&mut bytes);
    read.map_err(|e| Fault::damaged("the header", e.to_string()))?;
    if !bytes.starts_with(&MAGIC) {
        return Err(Fault::Foreign(guess(&bytes)));
    }
    if bytes.len() < HEAD_BYTES {
        return Err(Fault::damaged("the header", format!("the file ends after {} bytes", bytes.len())));
    }
    Ok(bytes)
}

/// What a file may be instead.
fn guess(bytes: &[u8]) -> String {
    let known: [(&[u8], &str); 6] = [
        (b"PAR1", "it is a Parquet table"),
        (b"\x28\xb5\x2f\xfd", "it is compressed with zstd"),
        (b"\x1f\x8b", "it is compressed with gzip"),
        (b"PK", "it is a zip archive"),
        (&MAGIC[..4], "its first bytes were changed, as by a transfer that takes it for text"),
        (b"\x89LFROWS\n", "it is a journal of rows"),
    ];
    if bytes.is_empty() {
        return "it is empty".into();
    }
    if let Some((_, what)) = known.iter().find(|(start, _)| bytes.starts_with(start)) {
        return (*what).into();
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => "it is text".into(),
        Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => "it is text".into(),
        Err(_) => "its first bytes are those of something else".into(),
    }
}

fn number(bytes: &[u8], at: std::ops::Range<usize>) -> u64 {
    bytes[at].iter().rev().fold(0, |n, &b| n << 8 | u64::from(b))
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn entry(bytes: &[u8]) -> Result<Entry, Fault> {
    let name = text(&bytes[..NAME_BYTES]);
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
    if name.is_empty() || !name.bytes().all(plain) {
        return Err(Fault::damaged("the header", "a section has no plain name"));
    }
    let kind = number(bytes, 32..36);
    let Some(&kind) = Kind::ALL.get(kind as usize) else {
        return Err(Fault::damaged(
            &format!("section `{name}`"),
            format!("it is of an unknown kind, {kind}"),
        ));
    };
    let mut digest = [0; DIGEST_BYTES];
    digest.copy_from_slice(&bytes[64..96]);
    Ok(Entry {
        name,
        kind,
        offset: number(bytes, 40..48),
        stored: number(bytes, 48..56),
        plain: number(bytes, 56..64),
        digest,
    })
}
