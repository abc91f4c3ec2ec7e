//! The footer of a Parquet file, looked over before the library reads it: the library makes room for as many entries
//! of a list as the list says it has, and a damaged file can say anything.
//!
//! A footer is a structure in the compact protocol of Thrift. Every list must have as many entries as it says, and
//! every text be as long; what they mean is for the library.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Bytes that a footer may take: a column takes some two hundred of them.
const LARGEST: u64 = 1 << 22;
/// Bytes an entry takes at the least that is a structure itself: those of a footer have a name, a count or a place.
const SMALLEST_STRUCTURE: usize = 3;
/// Structures within each other, of which a footer of the format has six.
const DEEPEST: usize = 16;

/// Whether a file ends in a footer that can be as it says.
pub fn look_over(mut file: &File) -> Result<(), String> {
    let read = |e: std::io::Error| e.to_string();
    let length = file.seek(SeekFrom::End(0)).map_err(read)?;
    let mut tail = [0; 8];
    let Some(before_tail) = length.checked_sub(8) else { return Err("too short for Parquet".into()) };
    file.seek(SeekFrom::Start(before_tail)).map_err(read)?;
    file.read_exact(&mut tail).map_err(read)?;
    let [a, b, c, d, mark @ ..] = tail;
    let bytes = u64::from(u32::from_le_bytes([a, b, c, d]));
    if mark != *b"PAR1" || bytes > before_tail || bytes > LARGEST {
        return Err(format!("it is damaged: no footer of Parquet at its end, of {LARGEST} bytes at most"));
    }
    file.seek(SeekFrom::Start(before_tail - bytes)).map_err(read)?;
    let mut footer = vec![0; bytes as usize];
    file.read_exact(&mut footer).map_err(read)?;
    file.rewind().map_err(read)?;
    let mut rest = Rest(&footer);
    rest.structure(0).ok_or_else(|| "it is damaged: its footer is not as long as it says".to_string())
}

/// What is left of a footer.
struct Rest<'f>(&'f [u8]);

impl Rest<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.get(bytes..)?;
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << (7 * place);
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    /// A structure: fields, each with its kind, and a zero.
    fn structure(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            // The field is told by its distance from the one before, or in full.
            if head >> 4 == 0 {
                self.number()?;
            }
            // A field that is true or false has no more than its kind.
            if !matches!(head & 15, 1 | 2) {
                self.value(head & 15, depth)?;
            }
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.number().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let length = self.number()?;
                self.skip(usize::try_from(length).ok()?)
            }
            9 | 10 => {
                let head = self.byte()?;
                let short = usize::from(head >> 4);
                let entries = if short < 15 { short } else { usize::try_from(self.number()?).ok()? };
                let least = if head & 15 == 12 { SMALLEST_STRUCTURE } else { 1 };
                if entries > self.0.len() / least {
                    return None;
                }
                (0..entries).try_for_each(|_| self.value(head & 15, depth + 1))
            }
            12 => self.structure(depth + 1),
            // Footers have no maps.
            _ => None,
        }
    }
}
