//! The bytes of a snapshot → a world, with every length checked before it is allocated, every checksum before what it
//! covers is understood, and every invariant before the world is handed over.

use super::check::check;
use super::clocks::at_home;
use super::columns::{COLUMNS, Read as Column, restore};
use super::encode::from_bytes;
use super::fault::{Fault, SnapshotError};
use super::fields::join;
use super::head::{ALWAYS_BELIEVED_BYTES, DIGEST_BYTES, END, Entry, Head, Kind, PROGRAM, TRAILER_BYTES, hex};
use super::run_state::RunState;
use super::squeeze::Shrinker;
use super::write::{ROWS, RUN, SCENARIO, WORLD};
use crate::files::open_regular;
use crate::scenario::read::Layer;
use crate::scenario::{Loaded, load};
use crate::world::World;
use blake3::Hasher;
use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::Path;

/// A snapshot whose bytes are as they were written. Whether its world can be is for [`open`] to say.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What it says of itself.
    pub head: Head,
    /// The digest in its trailer, in hexadecimal.
    pub digest: String,
    /// The resolved scenario.
    pub scenario: String,
    /// The run.
    pub run: RunState,
    /// The world.
    pub world: World,
}

/// A snapshot that was checked against its own scenario.
pub struct Opened {
    /// What was read.
    pub snapshot: Snapshot,
    /// Its scenario, loaded.
    pub loaded: Loaded,
}

/// Open a snapshot.
pub fn open(path: &Path) -> Result<Opened, SnapshotError> {
    let snapshot = read(path)?;
    check_whole(snapshot).map_err(|fault| SnapshotError::of(path, fault))
}

/// Check a snapshot against its own scenario.
pub fn check_whole(snapshot: Snapshot) -> Result<Opened, Fault> {
    let layer = Layer::file("the scenario of the snapshot", snapshot.scenario.as_str());
    let scenario = |problem: String| Fault::Scenario {
        problem,
        written_by: snapshot.head.version.clone(),
        ours: PROGRAM,
    };
    let loaded = load(&[layer]).map_err(|problems| scenario(problems.render(false)))?;
    if loaded.digest != hex(&snapshot.head.scenario) {
        return Err(scenario("this program gives it another meaning".into()));
    }
    if loaded.setup.scenario.scenario.seed != snapshot.head.seed {
        return Err(Fault::Impossible("its seed is not that of its scenario".into()));
    }
    check(&loaded.setup, &snapshot.world).map_err(Fault::Impossible)?;
    at_home(&loaded.setup, &snapshot.world, &snapshot.run.lineage).map_err(Fault::Impossible)?;
    Ok(Opened { snapshot, loaded })
}

/// Read a snapshot, whole.
pub fn read(path: &Path) -> Result<Snapshot, SnapshotError> {
    let (file, length) = open_regular(path, "a snapshot")?;
    read_from(&mut BufReader::with_capacity(1 << 20, file), length)
        .map_err(|fault| SnapshotError::of(path, fault))
}

/// Read what a snapshot says of itself, and nothing more: its sections are not looked at.
pub fn read_head(path: &Path) -> Result<Head, SnapshotError> {
    let (mut file, length) = open_regular(path, "a snapshot")?;
    Head::read(&mut file, length, &mut Hasher::new()).map_err(|fault| SnapshotError::of(path, fault))
}

/// Read a snapshot from a source of bytes of a known length.
pub fn read_from(source: &mut impl Read, length: u64) -> Result<Snapshot, Fault> {
    let mut hasher = Hasher::new();
    let head = Head::read(source, length, &mut hasher)?;
    let mut stored = BTreeMap::new();
    for entry in &head.sections {
        stored.insert(entry.name.as_str(), (entry, section(source, entry, &mut hasher)?));
    }
    let digest = trailer(source, &hasher)?;
    let expander = Shrinker::new().map_err(|e| Fault::damaged("the sections", e.0))?;
    let mut sections = Sections { stored, expander };
    let scenario = sections.text(SCENARIO)?;
    let run: RunState = serde_json::from_str(&sections.text(RUN)?)
        .map_err(|e| Fault::damaged("section `run`", e.to_string()))?;
    let world = sections.world()?;
    if let Some(unknown) = sections.stored.keys().next() {
        return Err(Fault::damaged("the header", format!("section `{unknown}` is not one of this format")));
    }
    if world.day != head.day {
        return Err(Fault::Impossible(format!(
            "day {} in its head, day {} in its world",
            head.day, world.day
        )));
    }
    Ok(Snapshot { head, digest, scenario, run, world })
}

/// The bytes of a section, whose checksum holds. Its length has been checked against that of the file.
fn section(source: &mut impl Read, entry: &Entry, hasher: &mut Hasher) -> Result<Vec<u8>, Fault> {
    let name = format!("section `{}`", entry.name);
    let mut bytes = Vec::with_capacity(entry.stored.min(ALWAYS_BELIEVED_BYTES) as usize);
    let got = source.take(entry.stored).read_to_end(&mut bytes);
    let got = got.map_err(|e| Fault::damaged(&name, e.to_string()))?;
    if got as u64 != entry.stored {
        return Err(Fault::damaged(&name, "the file ends inside it"));
    }
    let (digest, _) = rayon::join(|| blake3::hash(&bytes), || _ = hasher.update(&bytes));
    if *digest.as_bytes() != entry.digest {
        return Err(Fault::damaged(&name, "its checksum does not hold"));
    }
    Ok(bytes)
}

/// The digest in the trailer, which must be that of all before it.
fn trailer(source: &mut impl Read, hasher: &Hasher) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    let wrong = |problem: String| Fault::damaged("its end", problem);
    source.take(TRAILER_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|e| wrong(e.to_string()))?;
    let digest = bytes.strip_prefix(&END).filter(|digest| digest.len() == DIGEST_BYTES);
    let digest = digest.ok_or_else(|| wrong("the trailer is not whole".into()))?;
    if hasher.finalize().as_bytes() != digest {
        return Err(wrong("the checksum of the whole file does not hold".into()));
    }
    Ok(hex(digest))
}

/// Sections not used yet.
struct Sections<'h> {
    stored: BTreeMap<&'h str, (&'h Entry, Vec<u8>)>,
    expander: Shrinker,
}

impl<'h> Sections<'h> {
    fn take(&mut self, name: &str) -> Result<(&'h Entry, Vec<u8>), Fault> {
        self.stored
            .remove(name)
            .ok_or_else(|| Fault::damaged("the header", format!("section `{name}` is missing")))
    }

    fn plain(&mut self, name: &str) -> Result<Vec<u8>, Fault> {
        let (entry, bytes) = self.take(name)?;
        let wrong = |problem: String| Fault::damaged(&format!("section `{name}`"), problem);
        match entry.kind {
            Kind::Plain if entry.plain == entry.stored => Ok(bytes),
            Kind::Zstd => self.expander.expand(&bytes, entry.plain as usize).map_err(|e| wrong(e.0)),
            _ => Err(wrong("it is not stored as it should be".into())),
        }
    }

    fn text(&mut self, name: &str) -> Result<String, Fault> {
        String::from_utf8(self.plain(name)?)
            .map_err(|_| Fault::damaged(&format!("section `{name}`"), "it is not text"))
    }

    fn world(&mut self) -> Result<World, Fault> {
        let rows: Vec<u32> =
            from_bytes(&self.plain(ROWS)?).map_err(|e| Fault::damaged(&format!("section `{ROWS}`"), e.0))?;
        let mut columns = Vec::new();
        for name in COLUMNS {
            let (entry, bytes) = self.take(name)?;
            if !matches!(entry.kind, Kind::Frames | Kind::PlainFrames) {
                return Err(Fault::damaged(&format!("section `{name}`"), "it is not stored as it should be"));
            }
            columns.push(Column { kind: entry.kind, bytes, plain: entry.plain });
        }
        let (world, crowds) = rayon::join(|| self.without_rows(), || restore(&rows, columns));
        let mut world = world?;
        if rows.len() != 2 * world.groups.len() {
            let problem = format!("{} lists of people for {} groups", rows.len(), world.groups.len());
            return Err(Fault::damaged(&format!("section `{ROWS}`"), problem));
        }
        let mut crowds = crowds?.into_iter();
        for group in &mut world.groups {
            (group.crowd, group.back.rows) =
                (crowds.next().unwrap_or_default(), crowds.next().unwrap_or_default());
        }
        Ok(world)
    }

    /// The world with no rows of people.
    fn without_rows(&mut self) -> Result<World, Fault> {
        let mut fields = BTreeMap::new();
        let names: Vec<&str> = self.stored.keys().copied().filter(|name| name.starts_with(WORLD)).collect();
        for name in names {
            fields.insert(name[WORLD.len()..].to_string(), self.plain(name)?);
        }
        join(&fields).map_err(|e| Fault::damaged("the sections of the world", e.0))
    }
}
