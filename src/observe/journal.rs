//! The journal of rows: what a run has recorded so far, in a file that grows, so that a run that goes on from a
//! snapshot pushes the same rows into its tables again and ends with the same bytes.
//!
//! A frame holds rows of one table. How rows were cut into frames does not matter, and only the frames before the
//! place that a snapshot names count: what stands after it is cut off. Each frame carries a digest of itself and of all
//! before it; a snapshot names the digest at its place, and so the whole of the journal up to there.

use super::table::{Cells, TableError};
use crate::files::{Disk, FileError, GrowingFile, open_regular};
use crate::snapshot::{CodeError, JournalPosition, Shrinker, from_code, hex, to_code};
use serde::{Deserialize, Serialize};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a journal begins with: a mark, and the version of its form.
const HEAD: [u8; 16] = *b"\x89LFROWS\n\x01\0\0\0\0\0\0\0";
/// Bytes before the rows of a frame: their length in the file, their length expanded, the chained digest.
const FRAME_HEAD: usize = 4 + 4 + 32;
/// Bytes that a frame may take when expanded: a block of a table with long texts takes a tenth.
const LARGEST_FRAME: u32 = 1 << 29;
/// How many times its length a frame may take when expanded, beyond the first mebibyte.
const BELIEVED_EXPANSION: u64 = 1024;

/// Rows of one table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// The table: its place in the recorder, or one of the two below.
    pub table: u16,
    /// The cells.
    pub columns: Vec<Cells>,
}

impl Rows {
    /// Daily measures, which are no table and yet must go on.
    pub const MEASURES: u16 = u16::MAX;
    /// Moves of ladders and arrangements.
    pub const MOVES: u16 = u16::MAX - 1;
}

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Rows do not fit the tables.
    #[error(transparent)]
    Table(#[from] TableError),
    /// It is not what the snapshot says.
    #[error("{} is not the journal that the snapshot goes with: {problem}", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

fn other(path: &Path, problem: impl Into<String>) -> JournalError {
    JournalError::Other { path: path.to_path_buf(), problem: problem.into() }
}

fn chained(chain: &[u8; 32], lengths: &[u8], squeezed: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(chain).update(lengths).update(squeezed);
    *hasher.finalize().as_bytes()
}

/// A journal being written.
pub struct Journal {
    file: GrowingFile,
    chain: [u8; 32],
    shrinker: Shrinker,
}

impl Journal {
    /// Open it at a place; at the beginning, it is begun anew.
    pub fn open(disk: &Arc<dyn Disk>, path: &Path, at: &JournalPosition) -> Result<Self, JournalError> {
        let code = |e: CodeError| other(path, e.to_string());
        let mut file = GrowingFile::open_on(disk, path, at.bytes)?;
        let chain = if at.bytes == 0 {
            file.append(&HEAD)?;
            *blake3::hash(&HEAD).as_bytes()
        } else {
            let digest = blake3::Hash::from_hex(&at.chain).map_err(|e| other(path, e.to_string()))?;
            *digest.as_bytes()
        };
        Ok(Self { file, chain, shrinker: Shrinker::new().map_err(code)? })
    }

    /// Add rows.
    pub fn append(&mut self, path: &Path, rows: &Rows) -> Result<(), JournalError> {
        let code = |e: CodeError| other(path, e.to_string());
        let plain = to_code(rows).map_err(code)?;
        let squeezed = self.shrinker.squeeze(&plain).map_err(code)?;
        let mut frame = (squeezed.len() as u32).to_le_bytes().to_vec();
        frame.extend((plain.len() as u32).to_le_bytes());
        self.chain = chained(&self.chain, &frame, &squeezed);
        frame.extend(self.chain);
        frame.extend(squeezed);
        Ok(self.file.append(&frame)?)
    }

    /// Bring all of it to the disk, and say where it stands.
    pub fn sync(&mut self) -> Result<JournalPosition, JournalError> {
        self.file.sync()?;
        Ok(JournalPosition { bytes: self.file.length(), chain: hex(&self.chain) })
    }
}

/// Read a journal up to a place, frame by frame; what comes after is not looked at.
pub fn replay(
    path: &Path,
    until: &JournalPosition,
    mut each: impl FnMut(Rows) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    if until.bytes == 0 {
        return Ok(());
    }
    let (file, length) = open_regular(path, "a journal of rows")?;
    if length < until.bytes {
        return Err(other(path, format!("it has {length} bytes, {} are needed", until.bytes)));
    }
    let mut source = BufReader::with_capacity(1 << 16, file.take(until.bytes));
    let mut head = [0; HEAD.len()];
    source.read_exact(&mut head).map_err(|e| other(path, e.to_string()))?;
    if head != HEAD {
        return Err(other(path, "it begins in another way"));
    }
    let (mut at, mut chain) = (HEAD.len() as u64, *blake3::hash(&HEAD).as_bytes());
    let mut shrinker = Shrinker::new().map_err(|e| other(path, e.to_string()))?;
    while at < until.bytes {
        let (rows, read) = frame(path, &mut source, until.bytes - at, &mut chain, &mut shrinker)?;
        at += read;
        each(rows)?;
    }
    if hex(&chain) == until.chain { Ok(()) } else { Err(other(path, "its digest is another")) }
}

/// The next frame, and its bytes.
fn frame(
    path: &Path,
    source: &mut impl Read,
    left: u64,
    chain: &mut [u8; 32],
    shrinker: &mut Shrinker,
) -> Result<(Rows, u64), JournalError> {
    let damaged = |what: &str| other(path, format!("a frame {what}"));
    let mut head = [0; FRAME_HEAD];
    source.read_exact(&mut head).map_err(|_| damaged("is not whole"))?;
    let word = |at: usize| head[at..at + 4].iter().rev().fold(0, |n, &b| n << 8 | u32::from(b));
    let (length, plain) = (word(0), word(4));
    let read = FRAME_HEAD as u64 + u64::from(length);
    let believed = (1 << 20) + u64::from(length) * BELIEVED_EXPANSION;
    if read > left || plain > LARGEST_FRAME || u64::from(plain) > believed {
        return Err(damaged("has a length that cannot be"));
    }
    let mut squeezed = Vec::new();
    let got = source.take(u64::from(length)).read_to_end(&mut squeezed);
    if got.map_err(|_| damaged("cannot be read"))? != length as usize {
        return Err(damaged("is not whole"));
    }
    *chain = chained(chain, &head[..8], &squeezed);
    if *chain != head[8..] {
        return Err(damaged("is damaged: its checksum does not hold"));
    }
    let bytes = shrinker.expand(&squeezed, plain as usize).map_err(|e| damaged(&e.to_string()))?;
    Ok((from_code(&bytes).map_err(|e| damaged(&e.to_string()))?, read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::RealDisk;
    use std::fs;

    fn rows(n: i64) -> Rows {
        let texts = Cells::Text(vec!["a".into(), "b".into()], vec![0, 1, 1]);
        Rows { table: n as u16, columns: vec![Cells::Integer(vec![n, n + 1, i64::MIN]), texts] }
    }

    /// A journal of three frames, and where it stood before each and at its end.
    fn written(path: &Path) -> Vec<JournalPosition> {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let mut journal = Journal::open(&disk, path, &JournalPosition::default()).unwrap();
        let mut places = vec![journal.sync().unwrap()];
        for n in 0..3 {
            journal.append(path, &rows(n)).unwrap();
            places.push(journal.sync().unwrap());
        }
        places
    }

    fn read(path: &Path, until: &JournalPosition) -> Result<Vec<Rows>, JournalError> {
        let mut found = Vec::new();
        replay(path, until, |rows| {
            found.push(rows);
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn what_was_written_before_a_place_comes_back_and_what_came_after_is_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j");
        let places = written(&path);
        for (n, place) in places.iter().enumerate() {
            assert_eq!(read(&path, place).unwrap(), (0..n as i64).map(rows).collect::<Vec<_>>());
        }
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let mut again = Journal::open(&disk, &path, &places[1]).unwrap();
        again.append(&path, &rows(9)).unwrap();
        let end = again.sync().unwrap();
        assert_eq!(read(&path, &end).unwrap(), [rows(0), rows(9)]);
        assert!(read(&path, &places[2]).is_err(), "another history");
    }

    #[test]
    fn no_bit_of_a_journal_can_change_unseen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j");
        let end = written(&path).pop().unwrap();
        let whole = fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &bytes).unwrap();
            assert!(read(&path, &end).is_err(), "bit {bit}");
        }
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(read(&path, &end).is_err(), "{length} bytes");
        }
    }
}
