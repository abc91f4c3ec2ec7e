//! The figures of a dataset read back, from its files and from the journals of segments that are not whole yet.

use super::dataset::{Figures, Paths, RowsDigest, Segments};
use super::footer;
use super::journal::Journal;
use super::row::{Outcome, Row, caught};
use super::study::Study;
use crate::files::FileError;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use std::fs::File;
use std::ops::Range;
use std::path::Path;

/// Everything that a directory holds of an experiment, in the order of runs.
pub fn figures(study: &Study, paths: &Paths) -> Result<Figures, FileError> {
    let mut figures = Figures::new(study.scalars.len());
    let segments = Segments::of(study.runs());
    for segment in 0..segments.count() {
        let (file, journal) = (paths.runs(segment), paths.journal(segment));
        if file.is_file() {
            segment_rows(study, paths, segment, &mut figures)?;
        } else if journal.is_file() {
            let runs = segments.range(segment);
            Journal::read(&journal, &study.digest)?.within(&runs)?.each(|row| -> Result<(), FileError> {
                figures.push(row);
                Ok(())
            })?;
        }
    }
    Ok(figures)
}

/// The first runs that failed, at least `most` of them if there are so many: one segment at a time, and only those that
/// have any.
pub fn failures(study: &Study, paths: &Paths, most: usize) -> Result<Figures, FileError> {
    let mut found = Figures::default();
    let segments = Segments::of(study.runs());
    for segment in 0..segments.count() {
        let (file, journal) = (paths.runs(segment), paths.journal(segment));
        if found.failures.len() > most {
            break;
        }
        if file.is_file() {
            if check(study, paths, segment)? > 0 {
                found.failures.extend(self::segment(study, paths, segment)?.failures);
            }
        } else if journal.is_file() {
            let runs = segments.range(segment);
            Journal::read(&journal, &study.digest)?.within(&runs)?.each(|row| -> Result<(), FileError> {
                if row.outcome != Outcome::Done {
                    found.failures.push((row.run, row.outcome, row.error));
                }
                Ok(())
            })?;
        }
    }
    Ok(found)
}

/// What the file of one whole segment holds.
pub fn segment(study: &Study, paths: &Paths, segment: u64) -> Result<Figures, FileError> {
    let mut figures = Figures::new(study.scalars.len());
    segment_rows(study, paths, segment, &mut figures)?;
    Ok(figures)
}

/// The rows of one whole segment.
fn segment_rows(study: &Study, paths: &Paths, segment: u64, figures: &mut Figures) -> Result<(), FileError> {
    let mut expected = Segments::of(study.runs()).range(segment);
    let mut digest = RowsDigest::new(study.scalars.len());
    read_whole(study, paths, segment, |reader| {
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).map_err(|e| e.to_string())?;
            let found = next_runs(group.as_ref(), &mut expected)?;
            for row in group_rows(study, group.as_ref(), found).map_err(|e| e.to_string())? {
                digest.push(&row);
                figures.push(row);
            }
        }
        match value_of(reader, "rows_digest") {
            Some(written) if written != digest.hex() => {
                Err("its figures are not those that were written".into())
            }
            _ => Ok(()),
        }
    })
}

/// Opens the files of a whole segment, sees that they are those of this experiment and this segment, and reads from
/// the file of runs; whatever is wrong is told with the file and the remedy.
fn read_whole<T>(
    study: &Study,
    paths: &Paths,
    segment: u64,
    read: impl FnOnce(&SerializedFileReader<File>) -> Result<T, String>,
) -> Result<T, FileError> {
    let (path, series) = (paths.runs(segment), paths.series(segment));
    let runs = Segments::of(study.runs()).range(segment);
    if !study.lines.is_empty() {
        let remedy = format!("remove {} to have its runs done again", path.display());
        guarded(&series, &remedy, || open_segment(study, &series, segment, &runs).map(|_| ()))?;
    }
    guarded(&path, "remove it to have its runs done again", || {
        let reader = open_segment(study, &path, segment, &runs)?;
        if reader.metadata().file_metadata().num_rows() as u64 != runs.end - runs.start {
            return Err(other_runs(&runs));
        }
        read(&reader)
    })
}

/// Reads from a file, and tells whatever is wrong with the file and the remedy.
fn guarded<T>(path: &Path, remedy: &str, read: impl FnOnce() -> Result<T, String>) -> Result<T, FileError> {
    // The reader of Parquet panics on some files that are damaged.
    let found = caught(read).unwrap_or_else(|panic| Err(format!("it is damaged: {panic}")));
    found.map_err(|found| FileError::Unfit { path: path.to_path_buf(), found, remedy: remedy.into() })
}

/// Opens a file of a segment that is to be of this experiment and hold these runs.
fn open_segment(
    study: &Study,
    path: &Path,
    segment: u64,
    runs: &Range<u64>,
) -> Result<SerializedFileReader<File>, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    footer::look_over(&file)?;
    let reader = SerializedFileReader::new(file).map_err(|e| e.to_string())?;
    if value_of(&reader, "experiment_digest").as_deref() != Some(study.digest.as_str()) {
        return Err("it belongs to another experiment".into());
    }
    let same = value_of(&reader, "segment").is_some_and(|s| s == segment.to_string());
    if same { Ok(reader) } else { Err(other_runs(runs)) }
}

fn value_of(reader: &SerializedFileReader<File>, key: &str) -> Option<String> {
    let pairs = reader.metadata().file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone())
}

/// What is said of a file that holds other runs than those it should.
fn other_runs(runs: &Range<u64>) -> String {
    format!("it does not hold runs {} to {} and no others", runs.start, runs.end.saturating_sub(1))
}

/// The numbers of the runs of a group of rows, which must be the next of those that are expected.
fn next_runs(group: &dyn RowGroupReader, expected: &mut Range<u64>) -> Result<Vec<u64>, String> {
    let all = expected.clone();
    let rows = u64::try_from(group.metadata().num_rows()).unwrap_or(u64::MAX);
    if rows > all.end - all.start {
        return Err(other_runs(&all));
    }
    let numbers = column(group, "run").and_then(|reader| integers(reader, rows as usize));
    expected.start += rows;
    let found: Vec<u64> = numbers.map_err(|e| e.to_string())?.into_iter().map(|run| run as u64).collect();
    if found.iter().copied().eq(all.start..expected.start) { Ok(found) } else { Err(other_runs(&all)) }
}

/// That the files of a segment hold its runs; how many of them failed.
pub fn check(study: &Study, paths: &Paths, segment: u64) -> Result<u64, FileError> {
    let mut expected = Segments::of(study.runs()).range(segment);
    read_whole(study, paths, segment, |reader| {
        for group in 0..reader.num_row_groups() {
            next_runs(reader.get_row_group(group).map_err(|e| e.to_string())?.as_ref(), &mut expected)?;
        }
        Ok(value_of(reader, "failed").and_then(|n| n.parse().ok()).unwrap_or(0))
    })
}

/// The reader of a column of a group of rows.
fn column(group: &dyn RowGroupReader, name: &str) -> Result<ColumnReader, ParquetError> {
    let schema = group.metadata().schema_descr_ptr();
    let at = (0..schema.num_columns()).find(|&i| schema.column(i).name() == name);
    group.get_column_reader(at.ok_or_else(|| ParquetError::General(format!("no column `{name}`")))?)
}

/// The rows of a group, whose runs are these.
fn group_rows(study: &Study, group: &dyn RowGroupReader, runs: Vec<u64>) -> Result<Vec<Row>, ParquetError> {
    let rows = runs.len();
    let words = texts(column(group, "status")?, rows)?;
    let errors = texts(column(group, "error")?, rows)?;
    let mut columns = Vec::new();
    for scalar in &study.scalars {
        columns.push(reals(column(group, &scalar.name)?, rows)?);
    }
    let row = |(i, (run, error)): (usize, (u64, String))| {
        let outcome = Outcome::ALL.iter().find(|o| o.name() == words[i]).copied();
        let outcome = outcome.ok_or_else(|| ParquetError::General(format!("a status `{}`", words[i])))?;
        let scalars = columns.iter().map(|c| c[i]).collect();
        Ok(Row { run, outcome, scalars, lines: Vec::new(), error })
    };
    runs.into_iter().zip(errors).enumerate().map(row).collect()
}

fn wrong() -> ParquetError {
    ParquetError::General("a column of another type than expected".into())
}

fn integers(reader: ColumnReader, rows: usize) -> Result<Vec<i64>, ParquetError> {
    let ColumnReader::Int64ColumnReader(mut reader) = reader else { return Err(wrong()) };
    let mut out = Vec::new();
    while out.len() < rows && reader.read_records(rows - out.len(), None, None, &mut out)?.0 > 0 {}
    if out.len() == rows { Ok(out) } else { Err(wrong()) }
}

fn texts(reader: ColumnReader, rows: usize) -> Result<Vec<String>, ParquetError> {
    let ColumnReader::ByteArrayColumnReader(mut reader) = reader else { return Err(wrong()) };
    let mut out = Vec::new();
    while out.len() < rows && reader.read_records(rows - out.len(), None, None, &mut out)?.0 > 0 {}
    if out.len() != rows {
        return Err(wrong());
    }
    out.iter().map(|t| t.as_utf8().map(str::to_string)).collect()
}

/// Reals; NaN where one is missing.
fn reals(reader: ColumnReader, rows: usize) -> Result<Vec<f64>, ParquetError> {
    let ColumnReader::DoubleColumnReader(mut reader) = reader else { return Err(wrong()) };
    let (mut present, mut levels) = (Vec::new(), Vec::new());
    while levels.len() < rows {
        let more = rows - levels.len();
        if reader.read_records(more, Some(&mut levels), None, &mut present)?.0 == 0 {
            return Err(wrong());
        }
    }
    let mut next = present.into_iter();
    Ok(levels.iter().map(|&l| if l == 1 { next.next().unwrap_or(f64::NAN) } else { f64::NAN }).collect())
}
