//! The journal of a segment: rows of finished runs, appended as they come, until the segment is whole and becomes a
//! file of the dataset.
//!
//! A record is its length, its bytes, and a check of them. What a killed process left half written at the end does not
//! pass its check, is cut off when the journal is opened, and its run is done again. Records are written with one call
//! each and not synced: a killed process loses nothing, a power failure at most the last runs, never a wrong row.

use super::row::{Outcome, Row};
use crate::files::{FileError, Operation};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What a journal begins with, before the digest of its experiment.
const MAGIC: &str = "landfall rows 1\n";

/// Bytes of the header: the magic, and a digest in hexadecimal with a newline.
const HEADER: u64 = MAGIC.len() as u64 + 65;

/// Bytes of the check after each record.
const CHECK: usize = 8;

/// Largest record that is believed: a length beyond it is damage.
const LARGEST: u32 = 1 << 28;

/// Rows of a segment that is not whole yet.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
    /// By run: where its record starts.
    index: Vec<(u64, u64)>,
    failed: u64,
}

impl Journal {
    /// Opens a journal to go on with it, or begins it; what is damaged at its end is cut off.
    pub fn open(path: &Path, digest: &str) -> Result<Self, FileError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut journal = Self::scan(path, digest, options)?;
        let cut = |cause| failed(Operation::Write, path, cause);
        if journal.length == 0 {
            journal.file.set_len(0).map_err(cut)?;
            journal.file.rewind().map_err(cut)?;
            let header = format!("{MAGIC}{digest}\n");
            journal.file.write_all(header.as_bytes()).map_err(cut)?;
            journal.length = HEADER;
        } else {
            journal.file.set_len(journal.length).map_err(cut)?;
        }
        Ok(journal)
    }

    /// Opens a journal to read it alone, which another process may be writing.
    pub fn read(path: &Path, digest: &str) -> Result<Self, FileError> {
        let mut options = OpenOptions::new();
        options.read(true);
        Self::scan(path, digest, options)
    }

    fn scan(path: &Path, digest: &str, options: OpenOptions) -> Result<Self, FileError> {
        let fail = |cause| failed(Operation::Read, path, cause);
        let file = options.open(path).map_err(fail)?;
        let mut reader = io::BufReader::with_capacity(1 << 16, file);
        let mut header = vec![0; HEADER as usize];
        let mut journal_length = 0;
        let (mut index, mut failures) = (Vec::new(), 0);
        if reader.read_exact(&mut header).is_ok() {
            if header != format!("{MAGIC}{digest}\n").into_bytes() {
                return Err(FileError::WrongKind {
                    path: path.to_path_buf(),
                    found: "it is not a journal of this experiment".into(),
                    allowed: "a journal of the same experiment and version",
                });
            }
            journal_length = HEADER;
            let mut record = Vec::new();
            while next_record(&mut reader, &mut record).map_err(fail)? {
                let Some(row) = decode(&record) else { break };
                index.push((row.run, journal_length));
                failures += u64::from(row.outcome != Outcome::Done);
                journal_length += (4 + record.len() + CHECK) as u64;
            }
        }
        let (path, file) = (path.to_path_buf(), reader.into_inner());
        Ok(Self { path, file, length: journal_length, index, failed: failures })
    }

    /// The same, if it holds these runs alone, each at most once; what was put in its place is refused.
    pub fn within(self, runs: &Range<u64>) -> Result<Self, FileError> {
        let mut held: Vec<u64> = self.runs().collect();
        held.sort_unstable();
        if held.iter().all(|run| runs.contains(run)) && held.windows(2).all(|pair| pair[0] < pair[1]) {
            return Ok(self);
        }
        let last = runs.end.saturating_sub(1);
        Err(FileError::Unfit {
            path: self.path,
            found: format!("it holds other runs than {} to {last}, or one of them twice", runs.start),
            remedy: "remove it to have its runs done again".into(),
        })
    }

    /// Runs it holds.
    pub fn runs(&self) -> impl Iterator<Item = u64> + '_ {
        self.index.iter().map(|(run, _)| *run)
    }

    /// How many of them failed.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Adds a row.
    pub fn append(&mut self, row: &Row) -> Result<(), FileError> {
        let payload = encode(row);
        let mut record = Vec::with_capacity(payload.len() + 4 + CHECK);
        record.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        record.extend_from_slice(&payload);
        record.extend_from_slice(&check(&payload));
        let fail = |cause| failed(Operation::Write, &self.path, cause);
        self.file.seek(SeekFrom::Start(self.length)).map_err(fail)?;
        self.file.write_all(&record).map_err(fail)?;
        self.index.push((row.run, self.length));
        self.failed += u64::from(row.outcome != Outcome::Done);
        self.length += record.len() as u64;
        Ok(())
    }

    /// Hands over every row in the order of runs, one at a time.
    pub fn each<E: From<FileError>>(&mut self, mut take: impl FnMut(Row) -> Result<(), E>) -> Result<(), E> {
        self.index.sort_unstable();
        let fail = |path: &Path, cause| failed(Operation::Read, path, cause);
        let mut record = Vec::new();
        for &(_, start) in &self.index {
            self.file.seek(SeekFrom::Start(start)).map_err(|e| fail(&self.path, e))?;
            let whole = next_record(&mut self.file, &mut record).map_err(|e| fail(&self.path, e))?;
            let row = decode(&record).filter(|_| whole);
            let damaged = || fail(&self.path, io::Error::other("a record that was whole is damaged"));
            take(row.ok_or_else(damaged)?)?;
        }
        Ok(())
    }
}

fn failed(operation: Operation, path: &Path, cause: io::Error) -> FileError {
    FileError::Failed { operation, path: path.to_path_buf(), cause, written: 0, needed: None }
}

fn check(payload: &[u8]) -> [u8; CHECK] {
    let mut out = [0; CHECK];
    out.copy_from_slice(&blake3::hash(payload).as_bytes()[..CHECK]);
    out
}

/// Reads a record; false where none that passes its check follows.
fn next_record(reader: &mut impl Read, record: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = [0; 4];
    if !filled(reader, &mut length)? {
        return Ok(false);
    }
    let length = u32::from_le_bytes(length);
    if length > LARGEST {
        return Ok(false);
    }
    // Only as much as there is: a damaged length asks for no memory.
    record.clear();
    let read = reader.take(u64::from(length)).read_to_end(record)?;
    let mut found = [0; CHECK];
    Ok(read == length as usize && filled(reader, &mut found)? && found == check(record))
}

fn filled(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        other => other.map(|()| true),
    }
}

/// Bytes of a row; reals as their bits.
fn encode(row: &Row) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&row.run.to_le_bytes());
    out.push(row.outcome as u8);
    let put_count = |out: &mut Vec<u8>, n: usize| out.extend_from_slice(&(n as u32).to_le_bytes());
    put_count(&mut out, row.scalars.len());
    row.scalars.iter().for_each(|x| out.extend_from_slice(&x.to_bits().to_le_bytes()));
    put_count(&mut out, row.lines.len());
    for line in &row.lines {
        put_count(&mut out, line.len());
        for (date, x) in line {
            out.extend_from_slice(&date.to_le_bytes());
            out.extend_from_slice(&x.to_bits().to_le_bytes());
        }
    }
    out.extend_from_slice(row.error.as_bytes());
    out
}

/// Whether two rows are the same, bit by bit.
pub fn same(a: &Row, b: &Row) -> bool {
    encode(a) == encode(b)
}

/// The row of some bytes, if they are one.
fn decode(bytes: &[u8]) -> Option<Row> {
    let mut rest = bytes;
    let run = u64::from_le_bytes(take(&mut rest)?);
    let outcome = *Outcome::ALL.get(usize::from(u8::from_le_bytes(take(&mut rest)?)))?;
    let count = |rest: &mut &[u8]| take(rest).map(|b| u32::from_le_bytes(b) as usize);
    let real = |rest: &mut &[u8]| take(rest).map(|b| f64::from_bits(u64::from_le_bytes(b)));
    let n = count(&mut rest).filter(|n| n * 8 <= rest.len())?;
    let scalars = (0..n).map(|_| real(&mut rest)).collect::<Option<Vec<f64>>>()?;
    let n = count(&mut rest).filter(|n| n * 4 <= rest.len())?;
    let mut lines = Vec::with_capacity(n);
    for _ in 0..n {
        let n = count(&mut rest).filter(|n| n * 12 <= rest.len())?;
        let one = |rest: &mut &[u8]| Some((i32::from_le_bytes(take(rest)?), real(rest)?));
        lines.push((0..n).map(|_| one(&mut rest)).collect::<Option<Vec<(i32, f64)>>>()?);
    }
    let error = String::from_utf8(rest.to_vec()).ok()?;
    Some(Row { run, outcome, scalars, lines, error })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(run: u64) -> Row {
        let n = run as usize % 4;
        Row {
            run,
            outcome: Outcome::ALL[n % 3],
            scalars: (0..n).map(|i| i as f64 / 3.0).chain([-0.0, f64::INFINITY]).collect(),
            lines: vec![vec![(8_000, 1.5); n], Vec::new()],
            error: "ö".repeat(n),
        }
    }

    fn rows(journal: &mut Journal) -> Vec<Row> {
        let mut out = Vec::new();
        journal
            .each(|r| -> Result<(), FileError> {
                out.push(r);
                Ok(())
            })
            .unwrap();
        out
    }

    #[test]
    fn rows_come_back_in_the_order_of_runs() {
        let dir = tempfile::tempdir().unwrap();
        let (path, digest) = (dir.path().join("s.rows"), "d".repeat(64));
        let mut journal = Journal::open(&path, &digest).unwrap();
        for run in [5, 2, 9, 0] {
            journal.append(&row(run)).unwrap();
        }
        let expected: Vec<Row> = [0, 2, 5, 9].map(row).to_vec();
        assert_eq!(rows(&mut journal), expected);
        assert_eq!(rows(&mut Journal::open(&path, &digest).unwrap()), expected);
        assert!(Journal::open(&path, &"e".repeat(64)).is_err());
    }

    /// Cut off at every length and with every byte changed, it opens, holds only rows that were written, and takes
    /// more.
    #[test]
    fn damage_costs_rows_and_never_makes_one() {
        let dir = tempfile::tempdir().unwrap();
        let (path, digest) = (dir.path().join("s.rows"), "d".repeat(64));
        let mut journal = Journal::open(&path, &digest).unwrap();
        (0..4).for_each(|run| journal.append(&row(run)).unwrap());
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        let header = HEADER as usize;
        let damaged = (0..whole.len()).map(|n| whole[..n].to_vec()).chain((header..whole.len()).map(|n| {
            let mut bytes = whole.clone();
            bytes[n] ^= 1 << (n % 8);
            bytes
        }));
        for bytes in damaged {
            std::fs::write(&path, &bytes).unwrap();
            let mut journal = Journal::open(&path, &digest).unwrap();
            let kept = rows(&mut journal);
            assert!(kept.len() < 4 || bytes == whole);
            assert!(kept.iter().enumerate().all(|(i, r)| *r == row(i as u64)));
            journal.append(&row(77)).unwrap();
            let again = rows(&mut Journal::open(&path, &digest).unwrap());
            assert_eq!(again.last(), Some(&row(77)));
            assert_eq!(again.len(), kept.len() + 1);
        }
    }
}
