//! People as plain columns, in chunks of one group, sorted by ordinal.
//!
//! A group is one stratum of one population. (Group, ordinal) is who a person is and the only handle anything
//! stores. Households leave home in the order of their ordinals, so the identity of the n-th to leave is the
//! same in every world, whatever made it leave and when.
//!
//! Read every day: the day on which somebody is to be looked at (2 bytes). It is working memory: it follows from the
//! rest and from luck, and is not stored. Read of those who are looked at: ordinal and the rest (22 bytes), which
//! stands together, since memory that is far is waited for once for each place.

use super::id::GroupId;
use super::status::{Cell, Status};
use serde::{Deserialize, Serialize};

/// People in a chunk at most: few enough that a row put into the middle moves little, many enough that what is done
/// once for each chunk costs nothing.
pub const CHUNK_PEOPLE: usize = 4096;
/// The same of those back home: rows come and go anywhere in the middle, and nobody reads them in a line.
pub const BACK_TOGETHER: usize = 512;
/// Ordinals that stand near each other in memory.
const NEAR: usize = 16;
/// A range of rows in which halving waits for memory more often than guessing.
const WIDE: usize = 128;
/// No dated event ahead.
pub const NEVER: u16 = u16::MAX;

/// What only those who act are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Route last taken.
    pub route: u16,
    /// Rule action under which the person is held (position in the setup), or `NO_RULE`.
    pub rule: u16,
    /// The country responsible for a claim of theirs so far, by where they first came under one; or [`NOBODY`].
    pub responsible: u8,
    /// Attempts made (low four bits) and times stopped (high four bits), each up to 15.
    pub counts: u8,
    /// Position in the household (low four bits) and leg of the route (high four bits).
    pub member_leg: u8,
    /// Count of policy changes the population had seen when this journey began, modulo 256.
    pub epoch: u8,
    /// Day (modulo 2^16) on which they first came under that country.
    pub entered: u16,
}

/// Not held under any rule.
pub const NO_RULE: u16 = u16::MAX;
/// No country is responsible yet.
pub const NOBODY: u8 = u8::MAX;

impl Record {
    /// Position in the household.
    pub fn member(self) -> u32 {
        u32::from(self.member_leg & 15)
    }
    /// Leg of the route.
    pub fn leg(self) -> usize {
        usize::from(self.member_leg >> 4)
    }
    /// The same with another leg.
    pub fn with_leg(self, leg: usize) -> Self {
        Self { member_leg: (self.member_leg & 15) | ((leg.min(15) as u8) << 4), ..self }
    }
    /// Attempts made.
    pub fn attempts(self) -> u32 {
        u32::from(self.counts & 15)
    }
    /// Times stopped at sea.
    pub fn stopped(self) -> u32 {
        u32::from(self.counts >> 4)
    }
    /// The same under a country, from a day on, unless another was first.
    pub fn under(self, country: u16, day: u32) -> Self {
        if self.responsible == NOBODY {
            Self { responsible: country as u8, entered: day as u16, ..self }
        } else {
            self
        }
    }
    /// One attempt more.
    pub fn after_attempt(self) -> Self {
        Self { counts: (self.counts & 0xf0) | (self.counts & 15).saturating_add(1).min(15), ..self }
    }
    /// Stopped once more.
    pub fn after_stop(self) -> Self {
        Self { counts: (self.counts & 15) | ((self.counts >> 4).saturating_add(1).min(15) << 4), ..self }
    }
}

/// A household: who, by its first ordinal, and how many it was when it left home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Group.
    pub group: GroupId,
    /// Ordinal of its first member.
    pub head: u32,
    /// Members when it left home.
    pub size: u8,
}

/// By row: the day (modulo 2^16) on which its person is to be looked at next. Working memory of the pass over people,
/// made anew when a simulation starts. It is no part of what is true, so any two are equal.
#[derive(Clone, Debug, Default)]
pub struct Wakes(pub Vec<u16>);

impl PartialEq for Wakes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A person who has a row, but for the ordinal: where somebody is looked at or acted on, all of it is read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Day (modulo 2^16) of the next dated event, or [`NEVER`].
    pub due: u16,
    /// Day (modulo 2^16) on which the present spell began.
    pub spell_start: u16,
    /// Number of the present spell, modulo 256.
    pub spell: u8,
    /// Place and status, or [`Cell::ENDED`].
    pub cell: Cell,
    /// The rest.
    pub record: Record,
}

/// Up to [`CHUNK_PEOPLE`] people of one group, sorted by ordinal. All columns have the same length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// Who.
    pub ordinal: Vec<u32>,
    /// What is true of them.
    pub people: Vec<Person>,
    /// When to look at them next.
    #[serde(skip)]
    pub wake: Wakes,
    /// Rows whose person has ended.
    pub ended: u32,
}

impl Chunk {
    /// Rows, the ended included.
    pub fn len(&self) -> usize {
        self.ordinal.len()
    }
    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.ordinal.is_empty()
    }

    /// No row, and room for some.
    fn with_capacity(rows: usize) -> Self {
        Self {
            ordinal: Vec::with_capacity(rows),
            people: Vec::with_capacity(rows),
            wake: Wakes(Vec::with_capacity(rows)),
            ended: 0,
        }
    }

    fn push(&mut self, ordinal: u32, row: Row) {
        self.ordinal.push(ordinal);
        self.people.push(row.person);
        self.wake.0.push(row.wake);
    }

    fn insert(&mut self, at: usize, ordinal: u32, row: Row) {
        if at == self.len() {
            self.push(ordinal, row);
            return;
        }
        self.ordinal.insert(at, ordinal);
        self.people.insert(at, row.person);
        self.wake.0.insert(at, row.wake);
    }

    fn overwrite(&mut self, at: usize, row: Row) {
        self.people[at] = row.person;
        self.wake.0[at] = row.wake;
    }

    /// Remove the rows of the ended, in order.
    pub fn squeeze(&mut self) {
        if self.ended == 0 {
            return;
        }
        let Some(from) = self.people.iter().position(|person| person.cell == Cell::ENDED) else { return };
        let mut kept: Vec<u32> = vec![0; self.people.len() - from];
        let mut n = 0;
        for (row, person) in self.people.iter().enumerate().skip(from) {
            kept[n] = row as u32;
            n += usize::from(person.cell != Cell::ENDED);
        }
        kept.truncate(n);
        keep(&mut self.ordinal, from, &kept);
        keep(&mut self.people, from, &kept);
        keep(&mut self.wake.0, from, &kept);
        self.ended = 0;
    }

    /// Add some rows of another chunk; a column of working memory may not be there.
    fn extend(&mut self, other: &Chunk, rows: std::ops::Range<usize>) {
        self.ordinal.extend_from_slice(&other.ordinal[rows.clone()]);
        self.people.extend_from_slice(&other.people[rows.clone()]);
        self.wake.0.extend_from_slice(other.wake.0.get(rows).unwrap_or_default());
    }

    /// Take in the rows of the chunk that follows.
    fn append(&mut self, mut next: Chunk) {
        self.ordinal.append(&mut next.ordinal);
        self.people.append(&mut next.people);
        self.wake.0.append(&mut next.wake.0);
        self.ended += next.ended;
    }

    /// Rows of the household that row `at` belongs to: a range; members who have left its cell are passed over by the
    /// caller.
    pub fn household_rows(&self, at: usize) -> std::ops::Range<usize> {
        let head = self.head(at);
        let mut first = at;
        while first > 0 && self.belongs(first - 1, head) {
            first -= 1;
        }
        let mut end = at + 1;
        while end < self.len() && self.belongs(end, head) {
            end += 1;
        }
        first..end
    }

    /// First ordinal of the household a row belongs to.
    pub fn head(&self, row: usize) -> u32 {
        self.ordinal[row] - self.people[row].record.member()
    }

    fn belongs(&self, row: usize, head: u32) -> bool {
        self.head(row) == head
    }

    /// The rows from one on, up to an ordinal, of those who have a status.
    fn members(&self, chunk: usize, first: usize, end: u32, status: Status) -> Members {
        let mut which = 0;
        let (ordinals, people) = (&self.ordinal[first..], &self.people[first..]);
        for member in 0..ordinals.len().min(people.len()).min(16) {
            if ordinals[member] >= end {
                break;
            }
            which |= u16::from(people[member].cell.is(status)) << member;
        }
        Members { chunk: chunk as u32, first: first as u32, which }
    }

    /// Read what stands in some rows, all of them together, so that none waits for memory that another has waited for.
    #[inline]
    pub fn read_together(&self, rows: &[u32]) {
        let read = |all: u16, &row: &u32| {
            let person = &self.people[row as usize];
            all ^ self.ordinal[row as usize] as u16 ^ person.due ^ person.record.entered
        };
        std::hint::black_box(rows.iter().fold(0, read));
    }

    /// Whether row `at` speaks for its household: the first of those in the same cell.
    pub fn leads(&self, at: usize) -> bool {
        let (person, ordinal) = (&self.people[at], self.ordinal[at]);
        let member = person.record.member();
        if member == 0 {
            return true;
        }
        let before = self.ordinal[..at].iter().zip(&self.people[..at]).rev();
        let mut family = before.take_while(|(other, _)| **other >= ordinal - member);
        family.all(|(_, other)| other.cell != person.cell)
    }
}

/// Keep the items of a column up to a row, and of those after it some; a column of working memory may not be there.
fn keep<T: Copy>(column: &mut Vec<T>, from: usize, rows: &[u32]) {
    if column.is_empty() {
        return;
    }
    for (to, &row) in (from..).zip(rows) {
        column[to] = column[row as usize];
    }
    column.truncate(from + rows.len());
}

/// What a new row starts with.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// See [`Chunk::people`].
    pub person: Person,
    /// See [`Chunk::wake`].
    pub wake: u16,
}

impl Row {
    /// The same for the member of a household at a position.
    fn of_member(self, member: u8) -> Self {
        let record = self.person.record;
        let record = Record { member_leg: (record.member_leg & 0xf0) | member, ..record };
        Self { person: Person { record, ..self.person }, ..self }
    }
}

/// Where a person's row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Chunk of the group.
    pub chunk: usize,
    /// Row of the chunk.
    pub row: usize,
}

/// The rows of those members of a household who have a status: side by side in one chunk, one bit for each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Members {
    chunk: u32,
    first: u32,
    which: u16,
}

impl Members {
    /// Where the household begins, if anybody was found.
    #[inline]
    pub fn first(self) -> Option<Slot> {
        (self.which != 0).then_some(Slot { chunk: self.chunk as usize, row: self.first as usize })
    }

    /// The first of them, at most so many.
    pub fn at_most(mut self, most: u32) -> Self {
        while self.which.count_ones() > most {
            self.which &= !(1 << self.which.ilog2());
        }
        self
    }

    /// The row of the first of them.
    #[inline]
    pub fn leader(self) -> Option<Slot> {
        { self }.next()
    }
}

impl Iterator for Members {
    type Item = Slot;

    #[inline]
    fn next(&mut self) -> Option<Slot> {
        if self.which == 0 {
            return None;
        }
        let row = self.first + self.which.trailing_zeros();
        self.which &= self.which - 1;
        Some(Slot { chunk: self.chunk as usize, row: row as usize })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let n = self.which.count_ones() as usize;
        (n, Some(n))
    }

    #[inline]
    fn count(self) -> usize {
        self.which.count_ones() as usize
    }
}

impl ExactSizeIterator for Members {}

/// The rows of one group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Rows")]
pub struct Crowd {
    /// Chunks, in order of ordinals; a household never straddles two.
    pub chunks: Vec<Chunk>,
    /// By chunk: its first ordinal. Working memory, so that a search waits for no column but its own.
    #[serde(skip)]
    firsts: Vec<u32>,
}

/// What is stored of a crowd.
#[derive(Deserialize)]
#[serde(rename = "Crowd")]
struct Rows {
    chunks: Vec<Chunk>,
}

impl From<Rows> for Crowd {
    fn from(rows: Rows) -> Self {
        Self::of(rows.chunks)
    }
}

impl Crowd {
    /// These chunks, of which none is empty, in the order of their ordinals.
    pub fn of(chunks: Vec<Chunk>) -> Self {
        let mut crowd = Self { chunks, firsts: Vec::new() };
        crowd.note_firsts();
        crowd
    }

    fn note_firsts(&mut self) {
        self.firsts.clear();
        self.firsts
            .extend(self.chunks.iter().map(|chunk| chunk.ordinal.first().copied().unwrap_or(u32::MAX)));
    }

    /// The chunk in which an ordinal stands, if it stands anywhere.
    #[inline]
    fn chunk_of(&self, ordinal: u32) -> Option<usize> {
        self.firsts.partition_point(|&first| first <= ordinal).checked_sub(1)
    }

    /// The first row of a chunk whose ordinal is not below a given one.
    ///
    /// Ordinals are distinct, so that the distance to the first of the chunk and to the greatest it may hold bounds the
    /// place from both sides; where few have left, little is left to search.
    fn row_from(&self, chunk: usize, ordinal: u32) -> usize {
        let column = &self.chunks[chunk].ordinal;
        let n = column.len();
        let first = self.firsts[chunk];
        if n == 0 || ordinal <= first {
            return 0;
        }
        let last = match self.firsts.get(chunk + 1) {
            Some(&next) => next - 1,
            None => column[n - 1],
        };
        if ordinal > last {
            return n;
        }
        let most = n.min((ordinal - first) as usize);
        let least = n.saturating_sub((last - ordinal) as usize + 1);
        let among = &column[least..most];
        if among.len() <= WIDE {
            return least + among.partition_point(|&o| o < ordinal);
        }
        // In a wide range, where it would be if ordinals were spread evenly, and outwards from there in steps that
        // double: fewer places of memory are waited for than by halving.
        let share = u64::from(ordinal - first) * (n as u64 - 1) / u64::from(last - first);
        let near = (share as usize).clamp(least, most - 1) - least;
        let (mut from, mut to, mut step) = (0, among.len(), NEAR);
        if among[near] < ordinal {
            from = near + 1;
            while near + step < to && among[near + step] < ordinal {
                (from, step) = (near + step + 1, step * 2);
            }
            to = to.min(near + step);
        } else {
            to = near;
            while step <= near && among[near - step] >= ordinal {
                (to, step) = (near - step, step * 2);
            }
            from = from.max((near + 1).saturating_sub(step));
        }
        least + from + among[from..to].partition_point(|&o| o < ordinal)
    }

    /// An ordinal near one that is looked for, in memory: of the chunk where it stands, if it stands anywhere, where it
    /// would be if ordinals were spread evenly.
    pub fn ordinal_near(&self, ordinal: u32) -> u32 {
        let Some(chunk) = self.chunk_of(ordinal) else { return 0 };
        let column = &self.chunks[chunk].ordinal;
        let first = self.firsts[chunk];
        let width = self.firsts.get(chunk + 1).map_or(column.len() as u32, |next| next - first);
        let near = u64::from(ordinal - first) * column.len() as u64 / u64::from(width.max(1));
        column.get(near as usize).copied().unwrap_or(0)
    }

    /// The row of an ordinal, or of the next in its chunk.
    pub fn place_of(&self, ordinal: u32) -> Option<Slot> {
        let chunk = self.chunk_of(ordinal)?;
        let row = self.row_from(chunk, ordinal);
        (row < self.chunks[chunk].len()).then_some(Slot { chunk, row })
    }

    /// The row of a person, if the person has one still.
    pub fn find(&self, ordinal: u32) -> Option<Slot> {
        let chunk = self.chunk_of(ordinal)?;
        let columns = &self.chunks[chunk];
        let row = self.row_from(chunk, ordinal);
        let here = columns.ordinal.get(row) == Some(&ordinal) && columns.people[row].cell != Cell::ENDED;
        here.then_some(Slot { chunk, row })
    }

    /// The rows of those members of a household who have a status now; they stand together in one chunk. A guess where
    /// the household stands spares the search where it is right.
    #[inline]
    pub fn members(&self, head: u32, size: u8, status: Status, guess: Option<Slot>) -> Members {
        let end = head + u32::from(size);
        if let Some(Slot { chunk, row }) = guess
            && let Some(columns) = self.chunks.get(chunk)
            && columns.ordinal.get(row).is_some_and(|&o| (head..end).contains(&o))
            && row.checked_sub(1).is_none_or(|before| columns.ordinal[before] < head)
        {
            return columns.members(chunk, row, end, status);
        }
        self.members_sought(head, end, status)
    }

    /// The same by a search.
    fn members_sought(&self, head: u32, end: u32, status: Status) -> Members {
        // The first members may have ended and been squeezed out: the chunk may then begin inside the household.
        let before = self.chunk_of(head);
        let next = before.map_or(0, |chunk| chunk + 1);
        for chunk in before.into_iter().chain(std::iter::once(next)) {
            let Some(columns) = self.chunks.get(chunk) else { break };
            let found = columns.members(chunk, self.row_from(chunk, head), end, status);
            if found.which != 0 {
                return found;
            }
        }
        Members::default()
    }

    /// Where the members of a household stand who have a row, and since which day (modulo 2^16), in their order.
    pub fn household(&self, head: u32, size: u8) -> impl Iterator<Item = (Cell, u16)> {
        let end = head + u32::from(size);
        let before = self.chunk_of(head);
        // Where the first members have gone, the chunk may begin inside the household.
        let chunks = self.chunks.iter().enumerate().skip(before.unwrap_or(0)).take(2);
        chunks.flat_map(move |(chunk, columns)| {
            let rows = self.row_from(chunk, head)..columns.len();
            let rows = rows.take_while(move |&row| columns.ordinal[row] < end);
            rows.map(|row| (columns.people[row].cell, columns.people[row].spell_start))
        })
    }

    /// Add a household at the place its ordinals belong; almost always the end. Members are numbered here.
    /// Where the first of them stands.
    pub fn enter(&mut self, head: u32, size: u8, row: Row) -> Slot {
        let chunk = self.make_room(head, size, CHUNK_PEOPLE);
        let at = self.row_from(chunk, head);
        if at == 0 {
            self.firsts[chunk] = head;
        }
        let columns = &mut self.chunks[chunk];
        for member in 0..size {
            columns.insert(at + member as usize, head + u32::from(member), row.of_member(member));
        }
        Slot { chunk, row: at }
    }

    /// Add some members of a household whose ordinals are beyond all others, as many chunks as it takes being filled
    /// to the brim. Members are numbered here.
    pub fn append(&mut self, head: u32, members: u8, row: Row) {
        if self.chunks.last().is_none_or(|c| c.len() + usize::from(members) > CHUNK_PEOPLE) {
            let rows = if self.chunks.is_empty() { 0 } else { CHUNK_PEOPLE };
            self.chunks.push(Chunk::with_capacity(rows));
            self.firsts.push(head);
        }
        let Some(columns) = self.chunks.last_mut() else { return };
        for member in 0..members {
            columns.push(head + u32::from(member), row.of_member(member));
        }
    }

    /// Add a member of a household, who may have had a row here before, in chunks of at most so many people. Where the
    /// member stands.
    pub fn put(&mut self, household: Household, ordinal: u32, row: Row, most: usize) -> Slot {
        let chunk = self.make_room(household.head, household.size, most);
        let at = self.row_from(chunk, ordinal);
        if at == 0 {
            self.firsts[chunk] = ordinal;
        }
        let columns = &mut self.chunks[chunk];
        if columns.ordinal.get(at) == Some(&ordinal) {
            columns.ended -= u32::from(columns.people[at].cell == Cell::ENDED);
            columns.overwrite(at, row);
        } else {
            columns.insert(at, ordinal, row);
        }
        Slot { chunk, row: at }
    }

    /// The chunk a household belongs to, with room for all of it.
    fn make_room(&mut self, head: u32, size: u8, most: usize) -> usize {
        let before = self.chunk_of(head);
        let next = before.map_or(0, |chunk| chunk + 1);
        // Where the first members have gone, the chunk begins inside the household.
        let inside = self.firsts.get(next).is_some_and(|&first| first < head + u32::from(size));
        let mut chunk = if inside { next } else { before.unwrap_or(0) };
        let full = |c: &Chunk| c.len() + size as usize > most;
        let at_end = self.chunks.get(chunk).is_none_or(|c| c.ordinal.last().is_none_or(|&last| last < head));
        if self.chunks.is_empty() || (full(&self.chunks[chunk]) && at_end) {
            chunk = if self.chunks.is_empty() { 0 } else { chunk + 1 };
            self.chunks.insert(chunk, Chunk::default());
            self.firsts.insert(chunk, head);
        } else if full(&self.chunks[chunk]) {
            chunk = self.split(chunk, head);
        }
        chunk
    }

    /// Let some members leave: their rows are marked as ended, and what stood in them is added to a list.
    pub fn release(&mut self, members: Members, left: &mut Vec<(u32, Person)>) {
        left.extend(members.map(|slot| {
            let columns = &mut self.chunks[slot.chunk];
            let person = columns.people[slot.row];
            columns.people[slot.row].cell = Cell::ENDED;
            columns.ended += 1;
            (columns.ordinal[slot.row], person)
        }));
    }

    /// Split a full chunk between two households near its middle; the half that `head` belongs to.
    fn split(&mut self, chunk: usize, head: u32) -> usize {
        let columns = &mut self.chunks[chunk];
        let mut middle = columns.len() / 2;
        while middle < columns.len() && columns.belongs(middle, columns.head(middle - 1)) {
            middle += 1;
        }
        let mut second = Chunk {
            ordinal: columns.ordinal.split_off(middle),
            people: columns.people.split_off(middle),
            wake: Wakes(columns.wake.0.split_off(middle)),
            ended: 0,
        };
        second.ended = second.people.iter().filter(|person| person.cell == Cell::ENDED).count() as u32;
        columns.ended -= second.ended;
        let goes_second = !second.is_empty() && second.head(0) <= head;
        self.firsts.insert(chunk + 1, second.ordinal.first().copied().unwrap_or(u32::MAX));
        self.chunks.insert(chunk + 1, second);
        if goes_second { chunk + 1 } else { chunk }
    }

    /// Squeeze chunks of which one row in so many has ended, and merge neighbours that fit into half a chunk of at most
    /// so many people. Changes no result: only where rows are, never who they are.
    pub fn tidy(&mut self, one_in: usize, most: usize) {
        let many_ended = |c: &Chunk| c.ended as usize * one_in >= c.len().max(1);
        if self.chunks.len() < 2 && !self.chunks.first().is_some_and(many_ended) {
            return;
        }
        let mut squeezed = false;
        for chunk in self.chunks.iter_mut().filter(|c| many_ended(c)) {
            chunk.squeeze();
            squeezed = true;
        }
        self.chunks.retain(|c| !c.is_empty());
        let mut i = 0;
        while i + 1 < self.chunks.len() {
            if self.chunks[i].len() + self.chunks[i + 1].len() <= most / 2 {
                let next = self.chunks.remove(i + 1);
                self.chunks[i].append(next);
                squeezed = true;
            } else {
                i += 1;
            }
        }
        if squeezed {
            self.note_firsts();
        }
    }

    /// Squeeze everything and fill chunks to the brim: one form for the same people, however they came to lie.
    pub fn squeeze_all(&mut self) {
        let mut packed: Vec<Chunk> = Vec::new();
        let mut left = self.active();
        for mut chunk in std::mem::take(&mut self.chunks) {
            chunk.squeeze();
            let mut row = 0;
            while row < chunk.len() {
                let starts_household = row == 0 || !chunk.belongs(row - 1, chunk.head(row));
                if packed.last().is_none_or(|c| c.len() + 16 > CHUNK_PEOPLE && starts_household) {
                    packed.push(Chunk::with_capacity(left.min(CHUNK_PEOPLE)));
                }
                let Some(last) = packed.last_mut() else { break };
                // As many as fit whatever households they are of, then to the end of a household.
                let rows = (CHUNK_PEOPLE - 15).saturating_sub(last.len()).clamp(1, chunk.len() - row);
                last.extend(&chunk, row..row + rows);
                (row, left) = (row + rows, left.saturating_sub(rows));
            }
        }
        self.chunks = packed;
        self.note_firsts();
    }

    /// People with a row.
    pub fn active(&self) -> usize {
        self.chunks.iter().map(|c| c.len() - c.ended as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::id::PlaceId;
    use super::super::status::Status;
    use super::*;

    fn row() -> Row {
        let record = Record {
            route: 0,
            rule: NO_RULE,
            responsible: NOBODY,
            counts: 0,
            member_leg: 0,
            epoch: 0,
            entered: 0,
        };
        let cell = Cell::of(PlaceId(0), Status::Travelling);
        Row { person: Person { due: NEVER, spell_start: 0, spell: 0, cell, record }, wake: 0 }
    }

    #[test]
    fn every_member_is_found_whatever_the_order_of_entry() {
        let mut crowd = Crowd::default();
        let mut heads: Vec<u32> = (0..40_000).map(|i| i * 3).collect();
        heads.swap(5, 39_000);
        heads.swap(100, 200);
        for &head in &heads {
            crowd.enter(head, 3, row());
        }
        assert_eq!(crowd.active(), 120_000);
        assert_eq!(crowd.firsts, Crowd::of(crowd.chunks.clone()).firsts);
        assert!(crowd.chunks.iter().all(|c| c.len() <= CHUNK_PEOPLE && c.ordinal.is_sorted()));
        for ordinal in 0..120_000 {
            let slot = crowd.find(ordinal).expect("entered");
            let chunk = &crowd.chunks[slot.chunk];
            assert_eq!(chunk.ordinal[slot.row], ordinal);
            assert_eq!(chunk.people[slot.row].record.member(), ordinal % 3);
            assert_eq!(chunk.household_rows(slot.row).len(), 3);
        }
    }

    #[test]
    fn squeezing_and_merging_keep_everybody_who_has_not_ended() {
        let mut crowd = Crowd::default();
        for head in 0..60_000 {
            crowd.enter(head, 1, row());
        }
        for chunk in &mut crowd.chunks {
            for i in (0..chunk.len()).filter(|i| i % 5 != 0) {
                chunk.people[i].cell = Cell::ENDED;
                chunk.ended += 1;
            }
        }
        let chunks = crowd.chunks.len();
        let before: Vec<u32> = (0..60_000).filter(|&o| crowd.find(o).is_some()).collect();
        crowd.tidy(4, CHUNK_PEOPLE);
        let after: Vec<u32> = (0..60_000).filter(|&o| crowd.find(o).is_some()).collect();
        assert_eq!(before, after);
        assert_eq!(crowd.active(), before.len());
        assert_eq!(crowd.firsts, Crowd::of(crowd.chunks.clone()).firsts);
        // A fifth of 15 chunks is left, in chunks of at most half of what they hold.
        assert!(crowd.chunks.len() * 3 <= chunks * 2, "{} of {chunks} chunks are left", crowd.chunks.len());
    }

    #[test]
    fn the_first_of_a_household_in_the_same_cell_leads_it() {
        let mut crowd = Crowd::default();
        crowd.enter(10, 3, row());
        crowd.chunks[0].people[0].cell = Cell::ENDED;
        assert!(!crowd.chunks[0].leads(2));
        assert!(crowd.chunks[0].leads(1));
    }

    #[test]
    fn members_who_leave_and_come_back_one_by_one_stand_together() {
        let mut crowd = Crowd::default();
        let size = 4;
        let of = |ordinal: u32| Household { group: GroupId(0), head: ordinal / 4 * 4, size };
        for n in 0..20_000 {
            crowd.enter(n * 4, size, row());
        }
        let mut all: Vec<(u32, Person)> = Vec::new();
        for n in 0..20_000 {
            let who = crowd.members(n * 4, size, Status::Travelling, None);
            crowd.release(who, &mut all);
        }
        assert_eq!((all.len(), crowd.active()), (80_000, 0));
        // Every household but for its first member, then the first members.
        let member = |ordinal: u32| (ordinal.wrapping_mul(2_654_435_761) >> 7, ordinal);
        let mut order: Vec<&(u32, Person)> = all.iter().collect();
        order.sort_by_key(|(ordinal, _)| (ordinal % 4 == 0, member(*ordinal)));
        for (n, &&(ordinal, person)) in order.iter().enumerate() {
            crowd.put(of(ordinal), ordinal, Row { person, wake: 0 }, CHUNK_PEOPLE);
            if n % 5000 == 0 {
                crowd.tidy(4, CHUNK_PEOPLE);
            }
        }
        assert_eq!(crowd.active(), 80_000);
        assert_eq!(crowd.firsts, Crowd::of(crowd.chunks.clone()).firsts);
        for ordinal in (0..80_000).step_by(4) {
            let members = crowd.members(ordinal, size, Status::Travelling, None);
            assert_eq!(members.len(), 4, "household {ordinal}");
        }
        for chunk in &crowd.chunks {
            assert!(chunk.ordinal.is_sorted_by(|a, b| a < b) && chunk.len() <= CHUNK_PEOPLE);
        }
    }

    #[test]
    fn a_row_is_found_however_ordinals_are_spread() {
        let mut chunk = Chunk::default();
        let mut ordinal = 7_u32;
        for n in 0..3000_u32 {
            // Dense, then sparse, then with one wide gap.
            let step = if n < 1000 { 1 } else { 1 + n.wrapping_mul(2_654_435_761) % 900 };
            ordinal += if n == 2000 { 5_000_000 } else { step };
            chunk.push(ordinal, row());
        }
        let around = |&o: &u32| [o - 1, o, o + 1];
        let mut asked: Vec<u32> = chunk.ordinal.iter().flat_map(around).collect();
        asked.extend((0..6_000_000).step_by(997));
        let column = chunk.ordinal.clone();
        let crowd = Crowd::of(vec![chunk]);
        for ordinal in asked {
            let expected = column.partition_point(|&o| o < ordinal);
            assert_eq!(crowd.row_from(0, ordinal), expected, "{ordinal}");
        }
    }

    #[test]
    fn a_record_keeps_its_fields_apart() {
        let r = row().person.record.with_leg(3).after_attempt().after_stop().after_stop();
        assert_eq!((r.leg(), r.attempts(), r.stopped(), r.member()), (3, 1, 2, 0));
        assert_eq!((0..40).fold(r, |r, _| r.after_attempt()).attempts(), 15);
    }
}
