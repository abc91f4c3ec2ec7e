//! The figures of a dataset read back, from its files and from the journals of segments that are not whole yet.

use super::dataset::{Figures, Paths, Segments};
use super::footer;
use super::journal::Journal;
use super::row::{Outcome, Row, caught};
use super::study::Study;
use crate::files::{FileError, Operation};
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use std::fs::File;
use std::path::Path;

/// Everything that a directory holds of an experiment, in the order of runs.
pub fn figures(study: &Study, paths: &Paths) -> Result<Figures, FileError> {
    let mut figures = Figures::new(study.scalars.len());
    let segments = Segments::of(study.runs());
    for segment in 0..segments.count() {
        let (file, journal) = (paths.runs(segment), paths.journal(segment));
        if file.is_file() {
            segment_rows(study, &file, &mut figures)?;
        } else if journal.is_file() {
            Journal::read(&journal, &study.digest)?.each(|row| -> Result<(), FileError> {
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
            if check(study, &file, &segments.range(segment))? > 0 {
                found.failures.extend(self::segment(study, &file)?.failures);
            }
        } else if journal.is_file() {
            Journal::read(&journal, &study.digest)?.each(|row| -> Result<(), FileError> {
                if row.outcome != Outcome::Done {
                    found.failures.push((row.run, row.outcome, row.error));
                }
                Ok(())
            })?;
        }
    }
    Ok(found)
}

/// What the file of one segment holds.
pub fn segment(study: &Study, path: &Path) -> Result<Figures, FileError> {
    let mut figures = Figures::new(study.scalars.len());
    segment_rows(study, path, &mut figures)?;
    Ok(figures)
}

/// The rows of one file.
fn segment_rows(study: &Study, path: &Path, figures: &mut Figures) -> Result<(), FileError> {
    let failed = |cause: std::io::Error| FileError::Failed {
        operation: Operation::Read,
        path: path.to_path_buf(),
        cause,
        written: 0,
        needed: None,
    };
    let file = File::open(path).map_err(failed)?;
    let damaged = |e: ParquetError| failed(std::io::Error::other(e.to_string()));
    let mut left = Segments::of(study.runs()).size;
    // The reader of Parquet panics on some files that are damaged.
    let read = caught(|| {
        footer::look_over(&file).map_err(|e| failed(std::io::Error::other(e)))?;
        let reader = SerializedFileReader::new(file).map_err(damaged)?;
        if value_of(&reader, "experiment_digest").as_deref() != Some(study.digest.as_str()) {
            return Err(failed(std::io::Error::other("it belongs to another experiment")));
        }
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).map_err(damaged)?;
            let rows = u64::try_from(group.metadata().num_rows()).unwrap_or(u64::MAX);
            left = left
                .checked_sub(rows)
                .ok_or_else(|| failed(std::io::Error::other("it has more rows than runs")))?;
            group_rows(study, group.as_ref(), figures).map_err(damaged)?;
        }
        Ok(())
    });
    read.unwrap_or_else(|panic| Err(failed(std::io::Error::other(format!("it is damaged: {panic}")))))
}

fn value_of(reader: &SerializedFileReader<File>, key: &str) -> Option<String> {
    let pairs = reader.metadata().file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone())
}

/// That a file is whole and holds these runs of this experiment; how many of them failed.
pub fn check(study: &Study, path: &Path, runs: &std::ops::Range<u64>) -> Result<u64, FileError> {
    let failed = |what: String| FileError::Failed {
        operation: Operation::Read,
        path: path.to_path_buf(),
        cause: std::io::Error::other(format!("{what}; remove it to have its runs done again")),
        written: 0,
        needed: None,
    };
    let file = File::open(path).map_err(|e| failed(e.to_string()))?;
    let opened = caught(|| {
        footer::look_over(&file)?;
        SerializedFileReader::new(file).map_err(|e| e.to_string())
    });
    let reader = opened.unwrap_or_else(Err).map_err(failed)?;
    let rows = reader.metadata().file_metadata().num_rows();
    let same = value_of(&reader, "experiment_digest").as_deref() == Some(study.digest.as_str());
    if !same || rows as u64 != runs.end - runs.start {
        return Err(failed(format!(
            "it does not hold runs {} to {} of this experiment",
            runs.start,
            runs.end - 1
        )));
    }
    Ok(value_of(&reader, "failed").and_then(|n| n.parse().ok()).unwrap_or(0))
}

fn group_rows(study: &Study, group: &dyn RowGroupReader, figures: &mut Figures) -> Result<(), ParquetError> {
    let rows = group.metadata().num_rows() as usize;
    let schema = group.metadata().schema_descr_ptr();
    let position = |name: &str| {
        let at = (0..schema.num_columns()).find(|&i| schema.column(i).name() == name);
        at.ok_or_else(|| ParquetError::General(format!("no column `{name}`")))
    };
    let runs = integers(group.get_column_reader(position("run")?)?, rows)?;
    let words = texts(group.get_column_reader(position("status")?)?, rows)?;
    let errors = texts(group.get_column_reader(position("error")?)?, rows)?;
    let mut columns = Vec::new();
    for scalar in &study.scalars {
        columns.push(reals(group.get_column_reader(position(&scalar.name)?)?, rows)?);
    }
    for (i, run) in runs.into_iter().enumerate() {
        let named = |o: &&Outcome| o.name() == words[i];
        let outcome = Outcome::ALL.iter().find(named).copied();
        let outcome = outcome.ok_or_else(|| ParquetError::General(format!("a status `{}`", words[i])))?;
        let scalars = columns.iter().map(|c| c[i]).collect();
        figures.push(Row { run: run as u64, outcome, scalars, lines: Vec::new(), error: errors[i].clone() });
    }
    Ok(())
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
