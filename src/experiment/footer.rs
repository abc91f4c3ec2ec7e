//! The footer of a Parquet file, looked over before the library reads it: the library makes room for as many entries
//! of a list as the list says it has, and a damaged file can say anything.
//!
//! A footer is a structure in the compact protocol of Thrift, with the fields of `parquet.thrift` in the format's own
//! repository. Every field must be of its kind, or what the library takes for a list could be something else; every
//! list must have as many entries as it says, and every text be as long. What they mean is for the library. Fields that
//! no file of results has (encryption, shapes on a map) are refused.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Bytes that a footer may take: a column takes some two hundred of them.
const LARGEST: u64 = 1 << 22;
/// Bytes an entry takes at the least that is a structure itself: one or two fields.
const SMALLEST_STRUCTURE: usize = 3;

/// What a field is.
enum Kind {
    /// True or false: no more than the kind.
    Flag,
    Byte,
    /// A whole number of 16, 32 or 64 bits.
    I16,
    I32,
    I64,
    Text,
    List(&'static Kind),
    /// Fields, each with its number.
    Structure(&'static [(u64, Kind)]),
}
use Kind::{Byte, Flag, I16, I32, I64, List, Structure, Text};

const EMPTY: Kind = Structure(&[]);
const UNIT: Kind = Structure(&[(1, EMPTY), (2, EMPTY), (3, EMPTY)]);
const LOGICAL: Kind = Structure(&[
    (1, EMPTY),
    (6, EMPTY),
    (8, Structure(&[(1, Flag), (2, UNIT)])),
    (10, Structure(&[(1, Byte), (2, Flag)])),
]);
const COLUMN_OF_SCHEMA: Kind = Structure(&[
    (1, I32),
    (2, I32),
    (3, I32),
    (4, Text),
    (5, I32),
    (6, I32),
    (7, I32),
    (8, I32),
    (9, I32),
    (10, LOGICAL),
]);
const PAIR: Kind = Structure(&[(1, Text), (2, Text)]);
const STATISTICS: Kind =
    Structure(&[(1, Text), (2, Text), (3, I64), (4, I64), (5, Text), (6, Text), (7, Flag), (8, Flag)]);
const PAGES: Kind = Structure(&[(1, I32), (2, I32), (3, I32)]);
const SIZES: Kind = Structure(&[(1, I64), (2, List(&I64)), (3, List(&I64))]);
const ABOUT_A_COLUMN: Kind = Structure(&[
    (1, I32),
    (2, List(&I32)),
    (3, List(&Text)),
    (4, I32),
    (5, I64),
    (6, I64),
    (7, I64),
    (8, List(&PAIR)),
    (9, I64),
    (10, I64),
    (11, I64),
    (12, STATISTICS),
    (13, List(&PAGES)),
    (14, I64),
    (15, I32),
    (16, SIZES),
]);
const COLUMN: Kind =
    Structure(&[(1, Text), (2, I64), (3, ABOUT_A_COLUMN), (4, I64), (5, I32), (6, I64), (7, I32)]);
const SORTED: Kind = Structure(&[(1, I32), (2, Flag), (3, Flag)]);
const GROUP: Kind =
    Structure(&[(1, List(&COLUMN)), (2, I64), (3, I64), (4, List(&SORTED)), (5, I64), (6, I64), (7, I16)]);
const ORDER: Kind = Structure(&[(1, EMPTY)]);
/// The footer.
const FOOTER: [(u64, Kind); 7] = [
    (1, I32),
    (2, List(&COLUMN_OF_SCHEMA)),
    (3, I64),
    (4, List(&GROUP)),
    (5, List(&PAIR)),
    (6, Text),
    (7, List(&ORDER)),
];

impl Kind {
    /// Whether the protocol's number is that of the kind.
    fn is(&self, number: u8) -> bool {
        match self {
            Flag => matches!(number, 1 | 2),
            Byte => number == 3,
            I16 => number == 4,
            I32 => number == 5,
            I64 => number == 6,
            Text => number == 8,
            List(_) => number == 9,
            Structure(_) => number == 12,
        }
    }
}

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
    rest.structure(&FOOTER).ok_or_else(|| "it is damaged: its footer is not what it says".to_string())
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

    /// A structure: fields, each with its number and kind, and a zero.
    fn structure(&mut self, fields: &[(u64, Kind)]) -> Option<()> {
        let mut field = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            // The field is told by its distance from the one before, or in full, twice the number.
            field = match head >> 4 {
                0 => self.number()? / 2,
                distance => field + u64::from(distance),
            };
            let (_, kind) = fields.iter().find(|(number, kind)| *number == field && kind.is(head & 15))?;
            if !matches!(kind, Flag) {
                self.value(kind)?;
            }
        }
    }

    fn value(&mut self, kind: &Kind) -> Option<()> {
        match kind {
            Flag | Byte => self.skip(1),
            I16 | I32 | I64 => self.number().map(|_| ()),
            Text => {
                let length = self.number()?;
                self.skip(usize::try_from(length).ok()?)
            }
            List(each) => {
                let head = self.byte()?;
                let short = usize::from(head >> 4);
                let entries = if short < 15 { short } else { usize::try_from(self.number()?).ok()? };
                let least = if matches!(each, Structure(_)) { SMALLEST_STRUCTURE } else { 1 };
                if !each.is(head & 15) || entries > self.0.len() / least {
                    return None;
                }
                (0..entries).try_for_each(|_| self.value(each))
            }
            Structure(fields) => self.structure(fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(footer: &[u8]) -> Result<(), String> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("table.parquet");
        let length = (footer.len() as u32).to_le_bytes();
        std::fs::write(&path, [b"PAR1", footer, &length[..], b"PAR1"].concat()).unwrap();
        look_over(&File::open(path).unwrap())
    }

    /// A version, and a list of pairs of texts with one empty pair of two texts each.
    fn pairs(head: &[u8], pairs: usize) -> Vec<u8> {
        let mut footer = vec![0x15, 2, 0x49];
        footer.extend(head);
        (0..pairs).for_each(|_| footer.extend([0x18, 1, b'a', 0x18, 0, 0]));
        footer.push(0);
        footer
    }

    #[test]
    fn lists_have_as_many_entries_as_they_say() {
        assert_eq!(told(&pairs(&[0x2c], 2)), Ok(()));
        assert_eq!(told(&pairs(&[0xfc, 20], 20)), Ok(()));
        let two_thousand_million = [0xfc, 0xff, 0xff, 0xff, 0xff, 7];
        for lies in [&two_thousand_million[..], &[0x3c], &[0x1c], &[0x25], &[0xfc]] {
            assert!(told(&pairs(lies, 2)).is_err(), "{lies:?}");
        }
    }

    #[test]
    fn fields_are_of_their_kind() {
        // What the library reads as a list without asking, told as a text.
        assert!(told(&[0x15, 2, 0x48, 3, 0xfc, 9, 9, 0]).is_err());
        // A field that no footer has, and a text that is longer than the rest.
        assert!(told(&[0x15, 2, 0xf5, 2, 0]).is_err() && told(&[0x68, 90, 0]).is_err());
        assert!(told(&[]).is_err());
    }
}
