//! People as stored columns: rows of all crowds one after the other, the ended left out, cut into frames of a fixed
//! number of rows whatever chunks they lay in, each column's frame turned into byte planes and compressed.

use super::encode::CodeError;
use super::fault::Fault;
use super::head::Kind;
use super::squeeze::Shrinker;
use crate::world::{CHUNK_PEOPLE, Cell, Chunk, Crowd, Person, Record};
use rayon::prelude::*;
use std::ops::Range;

/// Rows of a frame.
pub(super) const FRAME_ROWS: usize = 1 << 17;
/// The columns, in the order of their sections.
pub(super) const COLUMNS: [&str; 6] =
    ["crowd.ordinal", "crowd.due", "crowd.spell_start", "crowd.spell", "crowd.cell", "crowd.record"];
/// Bytes of a cell of each column.
const WIDTHS: [usize; 6] = [4, 2, 2, 1, 2, 10];

/// A column that is being stored.
#[derive(Default)]
pub(super) struct Stored {
    /// Frames so far.
    pub(super) bytes: Vec<u8>,
    /// Bytes before compression.
    pub(super) plain: u64,
}

/// Rows waiting to fill a frame.
#[derive(Default)]
struct Waiting {
    ordinal: Vec<u32>,
    due: Vec<u16>,
    spell_start: Vec<u16>,
    spell: Vec<u8>,
    cell: Vec<u16>,
    record: Vec<Record>,
}

impl Waiting {
    /// Take in the rows of a chunk. Ordinals become their distance from the one before; `last` is that of the group.
    fn push(&mut self, chunk: &Chunk, last: &mut u32) {
        // Named one by one, so that a new column cannot be forgotten here.
        let Chunk { ordinal, people, wake: _, ended: _ } = chunk;
        let rows = ordinal.iter().zip(people).filter(|(_, person)| person.cell != Cell::ENDED);
        for (&ordinal, &Person { due, spell_start, spell, cell, record }) in rows {
            self.ordinal.push(ordinal.wrapping_sub(*last));
            *last = ordinal;
            self.due.push(due);
            self.spell_start.push(spell_start);
            self.spell.push(spell);
            self.cell.push(cell.0);
            self.record.push(record);
        }
    }

    /// The planes of the first rows of every column: all first bytes of the rows, then all second bytes, and so on.
    fn take(&mut self, rows: usize) -> [Vec<u8>; 6] {
        let planes = [
            to_planes(&self.ordinal[..rows], u32::to_le_bytes),
            to_planes(&self.due[..rows], u16::to_le_bytes),
            to_planes(&self.spell_start[..rows], u16::to_le_bytes),
            self.spell[..rows].to_vec(),
            to_planes(&self.cell[..rows], u16::to_le_bytes),
            to_planes(&self.record[..rows], bytes_of_record),
        ];
        self.ordinal.drain(..rows);
        self.due.drain(..rows);
        self.spell_start.drain(..rows);
        self.spell.drain(..rows);
        self.cell.drain(..rows);
        self.record.drain(..rows);
        planes
    }
}

/// The fields of a record one after the other.
#[inline]
fn bytes_of_record(record: Record) -> [u8; 10] {
    let Record { route, rule, responsible, counts, member_leg, epoch, entered } = record;
    let ([a, b], [c, d], [e, f]) = (route.to_le_bytes(), rule.to_le_bytes(), entered.to_le_bytes());
    [a, b, c, d, responsible, counts, member_leg, epoch, e, f]
}

/// Rows by crowd, and the stored columns.
pub(super) fn store(crowds: &[Crowd], kind: Kind) -> Result<(Vec<u32>, [Stored; 6]), CodeError> {
    let mut squeezer = Shrinker::new()?;
    let (mut waiting, mut stored) = (Waiting::default(), <[Stored; 6]>::default());
    let mut rows = Vec::new();
    for crowd in crowds {
        let mut last = 0;
        for chunk in &crowd.chunks {
            waiting.push(chunk, &mut last);
            while waiting.ordinal.len() >= FRAME_ROWS {
                store_frame(&mut waiting, FRAME_ROWS, kind, &mut squeezer, &mut stored)?;
            }
        }
        rows.push(crowd.active() as u32);
    }
    let left = waiting.ordinal.len();
    if left > 0 {
        store_frame(&mut waiting, left, kind, &mut squeezer, &mut stored)?;
    }
    Ok((rows, stored))
}

fn store_frame(
    waiting: &mut Waiting,
    rows: usize,
    kind: Kind,
    squeezer: &mut Shrinker,
    stored: &mut [Stored; 6],
) -> Result<(), CodeError> {
    for (column, planes) in stored.iter_mut().zip(waiting.take(rows)) {
        column.plain += planes.len() as u64;
        let squeezed = if kind == Kind::Frames { squeezer.squeeze(&planes)? } else { planes };
        column.bytes.extend((rows as u32).to_le_bytes());
        column.bytes.extend((squeezed.len() as u32).to_le_bytes());
        column.bytes.extend(squeezed);
    }
    Ok(())
}

/// Bytes of one place in the rows lie together.
#[inline]
fn to_planes<T: Copy, const N: usize>(rows: &[T], bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    let n = rows.len();
    let mut planes = vec![0; N * n];
    // In pieces that stay in the nearest cache while every plane is made of them.
    for (piece, rows) in rows.chunks(1 << 10).enumerate() {
        for byte in 0..N {
            let plane = &mut planes[byte * n + (piece << 10)..][..rows.len()];
            for (to, &row) in plane.iter_mut().zip(rows) {
                *to = bytes(row)[byte];
            }
        }
    }
    planes
}

/// Room in which frames are expanded, used again and again.
struct Room {
    expander: Shrinker,
    planes: Vec<u8>,
}

/// A section of a column as it was read: how it is stored, its bytes, and its bytes when expanded, which were believed.
pub(super) struct Read {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    pub(super) plain: u64,
}

impl Read {
    /// Every frame of a column of so many rows, expanded, to somebody who takes its planes and its number of rows.
    fn frames(
        &self,
        column: usize,
        rows: u64,
        room: &mut Room,
        mut take: impl FnMut(&[u8], usize),
    ) -> Result<(), Fault> {
        let wrong = |problem: &str| Fault::damaged(&format!("section `{}`", COLUMNS[column]), problem);
        let width = WIDTHS[column];
        if rows.checked_mul(width as u64) != Some(self.plain) {
            return Err(wrong(&format!("{} bytes do not fit {rows} people", self.plain)));
        }
        let (mut stored, mut left) = (self.bytes.as_slice(), rows as usize);
        while left > 0 {
            let head = stored.split_at_checked(8).ok_or_else(|| wrong("it ends before its last frame"))?;
            let word = |at: usize| head.0[at..at + 4].iter().rev().fold(0, |n, &b| n << 8 | usize::from(b));
            let (count, length) = (word(0), word(4));
            if count != left.min(FRAME_ROWS) {
                return Err(wrong("a frame has another number of rows than it should"));
            }
            let frame =
                head.1.split_at_checked(length).ok_or_else(|| wrong("a frame reaches beyond its end"))?;
            let size = count * width;
            match self.kind {
                Kind::Frames => {
                    room.expander.expand_into(frame.0, size, &mut room.planes).map_err(|e| wrong(&e.0))?;
                    take(&room.planes, count);
                }
                _ if length == size => take(frame.0, count),
                _ => return Err(wrong("a frame has another length than it should")),
            }
            (left, stored) = (left - count, frame.1);
        }
        if stored.is_empty() { Ok(()) } else { Err(wrong("something follows its last frame")) }
    }

    /// A column, each frame of which somebody adds to it from its planes and its number of rows.
    fn column<T>(
        &self,
        column: usize,
        rows: u64,
        add: fn(&[u8], usize, &mut Vec<T>),
    ) -> Result<Vec<T>, Fault> {
        let expander = Shrinker::new().map_err(|e| Fault::damaged("the columns of people", e.0))?;
        let mut room = Room { expander, planes: Vec::new() };
        // No more than was believed: a length that is another is found before a frame is.
        let mut cells = Vec::with_capacity(rows.min(self.plain) as usize);
        self.frames(column, rows, &mut room, |planes, rows| add(planes, rows, &mut cells))?;
        Ok(cells)
    }
}

/// Adds numbers of two bytes, or what is made of them.
fn add_pairs<T>(planes: &[u8], rows: usize, number: fn(u16) -> T, numbers: &mut Vec<T>) {
    let (low, high) = planes.split_at(rows);
    numbers.extend(low.iter().zip(high).map(|(&low, &high)| number(u16::from_le_bytes([low, high]))));
}

/// Adds numbers of four bytes.
fn add_words(planes: &[u8], rows: usize, numbers: &mut Vec<u32>) {
    let (low, high) = planes.split_at(2 * rows);
    let ((a, b), (c, d)) = (low.split_at(rows), high.split_at(rows));
    let bytes = a.iter().zip(b).zip(c.iter().zip(d));
    numbers.extend(bytes.map(|((&a, &b), (&c, &d))| u32::from_le_bytes([a, b, c, d])));
}

/// Adds records: their fields one after the other.
fn add_records(planes: &[u8], rows: usize, records: &mut Vec<Record>) {
    let plane = |byte: usize| &planes[byte * rows..][..rows];
    let pair =
        |byte: usize| plane(byte).iter().zip(plane(byte + 1)).map(|(&l, &h)| u16::from_le_bytes([l, h]));
    let numbers = pair(0).zip(pair(2)).zip(pair(8));
    let bytes = plane(4).iter().zip(plane(5)).zip(plane(6).iter().zip(plane(7)));
    records.extend(numbers.zip(bytes).map(
        |(((route, rule), entered), ((&responsible, &counts), (&member_leg, &epoch)))| Record {
            route,
            rule,
            responsible,
            counts,
            member_leg,
            epoch,
            entered,
        },
    ));
}

/// All crowds, from the rows of each and the sections of [`COLUMNS`], in order.
pub(super) fn restore(rows: &[u32], sections: Vec<Read>) -> Result<Vec<Crowd>, Fault> {
    let all: u64 = rows.iter().map(|&n| u64::from(n)).sum();
    let [ordinal, due, spell_start, spell, cell, record] = <[Read; 6]>::try_from(sections)
        .map_err(|_| Fault::damaged("the header", "a column of people is missing"))?;
    let ((distance, record), (due, spell_start, spell, cell)) = rayon::join(
        || (ordinal.column(0, all, add_words), record.column(5, all, add_records)),
        || {
            let numbers =
                |planes: &[u8], rows: usize, all: &mut Vec<u16>| add_pairs(planes, rows, |n| n, all);
            (
                due.column(1, all, numbers),
                spell_start.column(2, all, numbers),
                spell.column(3, all, |planes, _, all| all.extend_from_slice(planes)),
                cell.column(4, all, |planes, rows, all| add_pairs(planes, rows, Cell, all)),
            )
        },
    );
    let columns = Columns {
        distance: distance?,
        due: due?,
        spell_start: spell_start?,
        spell: spell?,
        cell: cell?,
        record: record?,
    };
    let mut first = 0;
    let ranges = rows.iter().map(|&n| {
        let from = first;
        first += n as usize;
        from..first
    });
    let ranges: Vec<Range<usize>> = ranges.collect();
    // Whoever is out of order, the mistake is the same.
    ranges.into_par_iter().map(|range| columns.crowd(range)).collect()
}

/// All rows.
struct Columns {
    distance: Vec<u32>,
    due: Vec<u16>,
    spell_start: Vec<u16>,
    spell: Vec<u8>,
    cell: Vec<Cell>,
    record: Vec<Record>,
}

impl Columns {
    fn person(&self, row: usize) -> Person {
        Person {
            due: self.due[row],
            spell_start: self.spell_start[row],
            spell: self.spell[row],
            cell: self.cell[row],
            record: self.record[row],
        }
    }

    /// Some rows as the crowd of a group, in chunks as [`Crowd::squeeze_all`] fills them.
    fn crowd(&self, rows: Range<usize>) -> Result<Crowd, Fault> {
        let ordinals = ordinals(&self.distance[rows.clone()])?;
        let mut chunks = Vec::new();
        let mut first = 0;
        while first < ordinals.len() {
            let mut end = ordinals.len().min(first + CHUNK_PEOPLE - 15);
            let head = |row: usize| ordinals[row].wrapping_sub(self.record[rows.start + row].member());
            while end < ordinals.len() && head(end) == head(end - 1) {
                end += 1;
            }
            let here = rows.start + first..rows.start + end;
            chunks.push(Chunk {
                ordinal: ordinals[first..end].to_vec(),
                people: here.map(|row| self.person(row)).collect(),
                wake: Default::default(),
                ended: 0,
            });
            first = end;
        }
        Ok(Crowd::of(chunks))
    }
}

fn ordinals(distances: &[u32]) -> Result<Vec<u32>, Fault> {
    let mut last = None;
    let next = distances.iter().map(|&distance| {
        let ordinal = match last {
            None => Some(distance),
            Some(_) if distance == 0 => None,
            Some(before) => distance.checked_add(before),
        };
        last = ordinal;
        ordinal.ok_or_else(|| Fault::Impossible("people of a group are not in order".into()))
    });
    next.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_undone() {
        let plain: Vec<u32> = (0..3000).map(|n| n * 1_234_567).collect();
        let planes = to_planes(&plain, u32::to_le_bytes);
        assert_eq!(planes[..3], plain.iter().map(|n| *n as u8).collect::<Vec<_>>()[..3]);
        for kind in [Kind::Frames, Kind::PlainFrames] {
            let mut squeezer = Shrinker::new().unwrap();
            let held = if kind == Kind::Frames { squeezer.squeeze(&planes).unwrap() } else { planes.clone() };
            let head = [3000_u32.to_le_bytes(), (held.len() as u32).to_le_bytes()].concat();
            let read = Read { kind, bytes: [head, held].concat(), plain: 12_000 };
            assert_eq!(read.column(0, 3000, add_words).unwrap(), plain);
            assert!(read.column(0, 3001, add_words).is_err());
        }
        let pairs: Vec<u16> = plain.iter().map(|&n| n as u16).collect();
        let mut back = vec![9];
        add_pairs(&to_planes(&pairs, u16::to_le_bytes), 3000, |n| n, &mut back);
        assert_eq!(back[1..], pairs);
    }

    #[test]
    fn a_record_is_its_fields_one_after_the_other() {
        let bytes: Vec<u8> = (0..10).map(|at| 7 + 23 * at).collect();
        let mut records = Vec::new();
        add_records(&bytes, 1, &mut records);
        assert_eq!(crate::snapshot::encode::to_bytes(&records[0]).unwrap(), bytes);
        assert_eq!(bytes_of_record(records[0])[..], bytes);
    }
}
