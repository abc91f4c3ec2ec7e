//! People as stored columns: rows of all crowds one after the other, the ended left out, cut into frames of a fixed
//! number of rows whatever chunks they lay in, each column's frame turned into byte planes and compressed.

use super::encode::{CodeError, from_bytes, to_bytes};
use super::fault::Fault;
use super::head::Kind;
use super::squeeze::Shrinker;
use crate::world::{CHUNK_PEOPLE, Cell, Chunk, Crowd, Record};

/// Rows of a frame.
pub(super) const FRAME_ROWS: usize = 1 << 17;
/// The columns, in the order of their sections.
pub(super) const COLUMNS: [&str; 6] =
    ["crowd.ordinal", "crowd.due", "crowd.spell_start", "crowd.spell", "crowd.cell", "crowd.record"];
/// Bytes of a cell of each column; of a record, as many as it has.
const WIDTHS: [usize; 5] = [4, 2, 2, 1, 2];

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
        let Chunk { ordinal, due, spell_start, spell, cell, record, bound: _, ended: _ } = chunk;
        for row in (0..ordinal.len()).filter(|&row| cell[row] != Cell::ENDED) {
            self.ordinal.push(ordinal[row].wrapping_sub(*last));
            *last = ordinal[row];
            self.due.push(due[row]);
            self.spell_start.push(spell_start[row]);
            self.spell.push(spell[row]);
            self.cell.push(cell[row].0);
            self.record.push(record[row]);
        }
    }

    /// The first rows of every column as plain bytes, row after row.
    fn take(&mut self, rows: usize) -> Result<[Vec<u8>; 6], CodeError> {
        let records: Vec<Record> = self.record.drain(..rows).collect();
        // After the length of the list come the records, all of one size.
        let record = to_bytes(&records)?.split_off(8);
        Ok([
            self.ordinal.drain(..rows).flat_map(u32::to_le_bytes).collect(),
            self.due.drain(..rows).flat_map(u16::to_le_bytes).collect(),
            self.spell_start.drain(..rows).flat_map(u16::to_le_bytes).collect(),
            self.spell.drain(..rows).collect(),
            self.cell.drain(..rows).flat_map(u16::to_le_bytes).collect(),
            record,
        ])
    }
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
    for (column, plain) in stored.iter_mut().zip(waiting.take(rows)?) {
        let planes = to_planes(&plain, rows);
        let squeezed = if kind == Kind::Frames { squeezer.squeeze(&planes)? } else { planes };
        column.plain += plain.len() as u64;
        column.bytes.extend((rows as u32).to_le_bytes());
        column.bytes.extend((squeezed.len() as u32).to_le_bytes());
        column.bytes.extend(squeezed);
    }
    Ok(())
}

/// All first bytes of the rows, then all second bytes, and so on: bytes of one kind lie together.
fn to_planes(plain: &[u8], rows: usize) -> Vec<u8> {
    let width = plain.len() / rows.max(1);
    if width == 1 {
        return plain.to_vec();
    }
    let mut planes = vec![0; plain.len()];
    for (byte, plane) in planes.chunks_exact_mut(rows).enumerate() {
        for (to, row) in plane.iter_mut().zip(plain.chunks_exact(width)) {
            *to = row[byte];
        }
    }
    planes
}

/// The inverse.
fn from_planes(planes: &[u8], rows: usize, into: &mut Vec<u8>) {
    let width = planes.len() / rows.max(1);
    let start = into.len();
    into.resize(start + planes.len(), 0);
    for (byte, plane) in planes.chunks_exact(rows.max(1)).enumerate() {
        for (row, &from) in into[start..].chunks_exact_mut(width).zip(plane) {
            row[byte] = from;
        }
    }
}

/// The plain bytes of a column of `rows` rows and `plain` bytes, which were believed before.
fn expand(name: &str, kind: Kind, mut stored: &[u8], rows: u64, plain: u64) -> Result<Vec<u8>, Fault> {
    let wrong = |problem: &str| Fault::damaged(&format!("section `{name}`"), problem);
    let width = plain.checked_div(rows).unwrap_or(0);
    if width * rows != plain || width > 64 {
        return Err(wrong("its length does not fit the number of people"));
    }
    let mut expander = Shrinker::new().map_err(|e| wrong(&e.0))?;
    let mut bytes = Vec::with_capacity(plain as usize);
    let mut left = rows as usize;
    while left > 0 {
        let head = stored.split_at_checked(8).ok_or_else(|| wrong("it ends before its last frame"))?;
        let word = |at: usize| head.0[at..at + 4].iter().rev().fold(0, |n, &b| n << 8 | usize::from(b));
        let (count, length) = (word(0), word(4));
        if count != left.min(FRAME_ROWS) {
            return Err(wrong("a frame has another number of rows than it should"));
        }
        let frame = head.1.split_at_checked(length).ok_or_else(|| wrong("a frame reaches beyond its end"))?;
        let size = count * width as usize;
        let planes = match kind {
            Kind::Frames => expander.expand(frame.0, size).map_err(|e| wrong(&e.0))?,
            _ if length == size => frame.0.to_vec(),
            _ => return Err(wrong("a frame has another length than it should")),
        };
        from_planes(&planes, count, &mut bytes);
        (left, stored) = (left - count, frame.1);
    }
    if stored.is_empty() { Ok(bytes) } else { Err(wrong("something follows its last frame")) }
}

/// A section of a column as it was read: name, kind, bytes, bytes when expanded.
pub(super) struct Read {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    pub(super) plain: u64,
}

/// All crowds, from the rows of each and the sections of [`COLUMNS`], in order.
pub(super) fn restore(rows: &[u32], sections: Vec<Read>) -> Result<Vec<Crowd>, Fault> {
    let all: u64 = rows.iter().map(|&n| u64::from(n)).sum();
    let mut plain = Vec::with_capacity(COLUMNS.len());
    for (at, (section, name)) in sections.into_iter().zip(COLUMNS).enumerate() {
        if WIDTHS.get(at).is_some_and(|&width| all.checked_mul(width as u64) != Some(section.plain)) {
            let problem = format!("{} bytes do not fit {all} people", section.plain);
            return Err(Fault::damaged(&format!("section `{name}`"), problem));
        }
        plain.push(expand(name, section.kind, &section.bytes, all, section.plain)?);
    }
    let [distance, due, spell_start, spell, cell, record] = <[Vec<u8>; 6]>::try_from(plain)
        .map_err(|_| Fault::damaged("the header", "a column of people is missing"))?;
    let mut columns = Columns {
        distance: numbers(&distance, u32::from_le_bytes),
        due: numbers(&due, u16::from_le_bytes),
        spell_start: numbers(&spell_start, u16::from_le_bytes),
        spell,
        cell: numbers(&cell, u16::from_le_bytes),
        record: records(record, all)?,
    };
    rows.iter().rev().map(|&n| columns.pop_crowd(n as usize)).collect::<Result<Vec<_>, _>>().map(
        |mut crowds| {
            crowds.reverse();
            crowds
        },
    )
}

fn numbers<T, const N: usize>(bytes: &[u8], number: fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|&b| number(b)).collect()
}

fn records(bytes: Vec<u8>, rows: u64) -> Result<Vec<Record>, Fault> {
    let mut list = rows.to_le_bytes().to_vec();
    list.extend(bytes);
    from_bytes(&list).map_err(|e| Fault::damaged("section `crowd.record`", e.0))
}

/// All rows.
struct Columns {
    distance: Vec<u32>,
    due: Vec<u16>,
    spell_start: Vec<u16>,
    spell: Vec<u8>,
    cell: Vec<u16>,
    record: Vec<Record>,
}

impl Columns {
    /// The last rows as the crowd of a group, in chunks as [`Crowd::squeeze_all`] fills them.
    fn pop_crowd(&mut self, rows: usize) -> Result<Crowd, Fault> {
        let from = self.distance.len() - rows;
        let ordinals = ordinals(&self.distance.split_off(from))?;
        let (due, spell_start) = (self.due.split_off(from), self.spell_start.split_off(from));
        let (spell, cell) = (self.spell.split_off(from), self.cell.split_off(from));
        let record = self.record.split_off(from);
        let mut crowd = Crowd::default();
        let mut first = 0;
        while first < rows {
            let mut end = rows.min(first + CHUNK_PEOPLE - 15);
            let head = |row: usize| ordinals[row].wrapping_sub(record[row].member());
            while end < rows && head(end) == head(end - 1) {
                end += 1;
            }
            crowd.chunks.push(Chunk {
                ordinal: ordinals[first..end].to_vec(),
                due: due[first..end].to_vec(),
                spell_start: spell_start[first..end].to_vec(),
                spell: spell[first..end].to_vec(),
                cell: cell[first..end].iter().map(|&c| Cell(c)).collect(),
                record: record[first..end].to_vec(),
                bound: Default::default(),
                ended: 0,
            });
            first = end;
        }
        Ok(crowd)
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
        let plain: Vec<u8> = (0..40).collect();
        for rows in [1, 5, 10, 40] {
            let mut back = vec![9];
            from_planes(&to_planes(&plain, rows), rows, &mut back);
            assert_eq!(back[1..], plain);
        }
        assert_eq!(to_planes(&[1, 2, 3, 4], 2), [1, 3, 2, 4]);
    }
}
