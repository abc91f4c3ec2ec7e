//! A table as CSV: a header of names, ISO dates, reals by the shortest digits that read back as the same number,
//! missing reals as empty cells. Commas, UTF-8, lines ended by a newline, quotes only where needed.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::column::{Block, Column};
use super::{TableError, TableSpec};
use crate::files::{AtomicFile, Disk, FileError};

/// A CSV file that is being written.
pub(super) struct CsvFile {
    path: PathBuf,
    writer: csv::Writer<AtomicFile>,
    /// The last date and its text, since dates mostly repeat.
    date: (i32, String),
    cell: String,
}

impl CsvFile {
    pub(super) fn create(disk: &Arc<dyn Disk>, stem: &Path, spec: &TableSpec) -> Result<Self, TableError> {
        let path = stem.with_extension("csv");
        let file = AtomicFile::create_on(disk.clone(), &path)?;
        let writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(file);
        let mut csv = Self { path, writer, date: (0, date_text(0)), cell: String::new() };
        let header = spec.columns.iter().map(|column| column.name);
        csv.writer.write_record(header).map_err(|e| error(e, &csv.path))?;
        Ok(csv)
    }

    pub(super) fn write(&mut self, block: &Block) -> Result<(), TableError> {
        self.write_rows(block).map_err(|e| error(e, &self.path))
    }

    fn write_rows(&mut self, block: &Block) -> csv::Result<()> {
        for row in 0..block.rows() {
            for column in block.columns() {
                self.write_cell(column, row)?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn write_cell(&mut self, column: &Column, row: usize) -> csv::Result<()> {
        self.cell.clear();
        // Writing to a string cannot fail. `{:?}` is the shortest form that reads back the same and shows that a
        // whole number is a real ("3.0"), so that readers who guess a column's type guess right.
        let _ = match column {
            Column::Text(texts) => return self.writer.write_field(texts.text(texts.codes()[row])),
            Column::Date(days) => {
                if days[row] != self.date.0 {
                    self.date = (days[row], date_text(days[row]));
                }
                return self.writer.write_field(&self.date.1);
            }
            Column::Integer(numbers) => write!(self.cell, "{}", numbers[row]),
            Column::Real(numbers) if numbers[row].is_nan() => Ok(()),
            Column::Real(numbers) => write!(self.cell, "{:?}", numbers[row]),
            Column::Flag(flags) => write!(self.cell, "{}", flags[row]),
        };
        self.writer.write_field(&self.cell)
    }

    pub(super) fn finish(self) -> Result<PathBuf, TableError> {
        let file = self.writer.into_inner().map_err(|e| FileError::from_io(e.into_error(), &self.path))?;
        file.commit()?;
        Ok(self.path)
    }
}

fn error(error: csv::Error, path: &Path) -> TableError {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => FileError::from_io(e, path).into(),
        other => TableError::Encode { path: path.into(), problem: format!("{other:?}") },
    }
}

/// A date as ISO 8601 writes it, with four digits of the year or more.
///
/// The calendar repeats after 400 years of 146,097 days; within them, counting years from March puts the leap day
/// last, so that the month follows from the day of the year (Howard Hinnant, "chrono-compatible low-level date
/// algorithms", 2013).
fn date_text(days_since_1970: i32) -> String {
    let days = i64::from(days_since_1970) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = 400 * era + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{cells, write};
    use super::*;
    use jiff::civil::Date;

    #[test]
    fn cells_come_back_as_they_were() {
        let dir = tempfile::tempdir().unwrap();
        write(Arc::new(crate::files::RealDisk), dir.path(), 25).unwrap();
        let mut reader = csv::Reader::from_path(dir.path().join("flows.csv")).unwrap();
        let names: Vec<_> = reader.headers().unwrap().iter().map(str::to_string).collect();
        assert_eq!(names, ["date", "place", "arrivals", "pressure", "closed"]);
        for (n, record) in reader.records().enumerate() {
            let (record, (date, place, arrivals, pressure, closed)) = (record.unwrap(), cells(n));
            assert_eq!((&record[0], &record[1]), (date_text(date).as_str(), place));
            assert_eq!((record[2].parse(), record[4].parse()), (Ok(arrivals), Ok(closed)));
            match record[3].parse::<f64>() {
                Ok(number) => assert_eq!(number.to_bits(), pressure.to_bits()),
                Err(_) => assert!(record[3].is_empty() && pressure.is_nan()),
            }
        }
        let text = std::fs::read_to_string(dir.path().join("flows.csv")).unwrap();
        assert!(text.contains("1991-11-28,florida,") && text.contains(",3.0,"), "{text}");
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let mut date = Date::constant(1583, 1, 1);
        let mut days = super::super::days_since_1970(date);
        assert_eq!(days, -141_349);
        while date.year() < 2450 {
            assert_eq!(date_text(days), date.to_string());
            (date, days) = (date.tomorrow().unwrap(), days + 1);
        }
        assert!(!date_text(i32::MIN).is_empty() && !date_text(i32::MAX).is_empty());
    }
}
