//! The dataset of a sweep: one Parquet file for each segment, a fixed range of runs, so that its bytes depend
//! neither on
//! threads nor on interruptions nor on how runs were shared out.

use super::journal::Journal;
use super::row::{Outcome, Row};
use super::study::{Asked, Shown, Study};
use crate::files::{FileError, create_directory};
use crate::observe::table::{ColumnSpec, Format, Kind, TableError, TableSpec, TableWriter};
use std::path::{Path, PathBuf};

/// Columns that every dataset has, which no factor or output may be called by.
pub const RESERVED: [&str; 6] = ["run", "point", "replicate", "seed", "status", "error"];

/// Files of runs at most.
const MOST_SEGMENTS: u64 = 256;

/// Runs of a segment at least: bringing a file to the disk costs some milliseconds, which short runs must share.
const LEAST_RUNS: u64 = 16;

/// How runs are cut into segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// Runs in all.
    pub runs: u64,
    /// Runs of a segment; the last may have fewer.
    pub size: u64,
}

impl Segments {
    /// The segments of so many runs.
    pub fn of(runs: u64) -> Self {
        Self { runs, size: runs.div_ceil(MOST_SEGMENTS).max(LEAST_RUNS) }
    }

    /// How many there are.
    pub fn count(self) -> u64 {
        self.runs.div_ceil(self.size)
    }

    /// The segment of a run.
    pub fn segment(self, run: u64) -> u64 {
        run / self.size
    }

    /// The runs of a segment.
    pub fn range(self, segment: u64) -> std::ops::Range<u64> {
        segment * self.size..((segment + 1) * self.size).min(self.runs)
    }
}

/// The tables of a dataset.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    runs: TableSpec,
    series: TableSpec,
}

const fn column(name: &'static str, kind: Kind, unit: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit, meaning }
}

/// Columns of a series.
const SERIES: TableSpec = TableSpec {
    name: "series",
    meaning: "A measure by period, of each run that was done.",
    columns: &[
        column("run", Kind::Integer, "", "Number of the run."),
        column("measure", Kind::Text, "", "What is measured."),
        column("population", Kind::Text, "", "Population."),
        column("date", Kind::Date, "", "First day of the period."),
        column("value", Kind::Real, "persons", "Value over the period."),
    ],
};

/// A text kept until the program ends: columns are declared by static texts, and an experiment declares its own once.
fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

impl Tables {
    /// The tables of an experiment; to be made once, for its names are kept until the program ends.
    pub fn of(study: &Study) -> Self {
        let mut columns = vec![
            column("run", Kind::Integer, "", "Number of the run."),
            column("point", Kind::Integer, "", "Number of the point of the design."),
            column("replicate", Kind::Integer, "", "Number of the run at its point."),
            column("seed", Kind::Integer, "", "Seed of its luck."),
            column(
                "status",
                Kind::Text,
                "",
                "How it ended: done, refused (not a valid scenario) or panicked.",
            ),
        ];
        columns.extend(study.factors.iter().map(|f| {
            let kind = if f.is_numeric() { Kind::Real } else { Kind::Text };
            let paths = f.paths().join(", ");
            let meaning = if paths.is_empty() { "Factor.".into() } else { format!("Factor: {paths}.") };
            column(kept(f.name.clone()), kind, "", kept(meaning))
        }));
        columns.extend(study.scalars.iter().map(|s| {
            let (unit, meaning) = match &s.asked {
                Asked::Measure { measure, population, from, to } => {
                    let of = population.as_deref().unwrap_or("all populations");
                    let day =
                        |d: &Option<jiff::civil::Date>, or: &str| d.map_or(or.into(), |d| d.to_string());
                    let period = format!("{} to {}", day(from, "the first day"), day(to, "the last"));
                    ("persons", format!("{} of {of}, {period}.", measure.name()))
                }
                Asked::Fact { statement, .. } => ("", format!("Value of the fact: {statement}")),
            };
            column(kept(s.name.clone()), Kind::Real, unit, kept(meaning))
        }));
        columns.push(column("error", Kind::Text, "", "What went wrong; empty where nothing did."));
        let meaning =
            "A row for each run of an experiment: its factors, its seed, how it ended, its figures.";
        Self { runs: TableSpec { name: "runs", meaning, columns: columns.leak() }, series: SERIES }
    }
}

/// Paths of a dataset.
#[derive(Clone, Debug)]
pub struct Paths {
    root: PathBuf,
}

impl Paths {
    /// Of a directory.
    pub fn of(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file beside the dataset.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The directories results are in.
    pub fn directories(&self) -> [PathBuf; 3] {
        ["runs", "series", "journal"].map(|name| self.root.join(name))
    }

    /// Makes them.
    pub fn make(&self, series: bool) -> Result<(), FileError> {
        let [runs, lines, journal] = self.directories();
        create_directory(&runs)?;
        create_directory(&journal)?;
        if series { create_directory(&lines) } else { Ok(()) }
    }

    /// The file of a segment.
    pub fn runs(&self, segment: u64) -> PathBuf {
        self.root.join("runs").join(format!("runs_{segment:05}.parquet"))
    }

    /// The series of a segment.
    pub fn series(&self, segment: u64) -> PathBuf {
        self.root.join("series").join(format!("series_{segment:05}.parquet"))
    }

    /// Where runs are stored that were stopped before their end.
    pub fn halfway(&self) -> PathBuf {
        self.root.join("halfway")
    }

    /// The journal of a segment.
    pub fn journal(&self, segment: u64) -> PathBuf {
        self.root.join("journal").join(format!("segment_{segment:05}.rows"))
    }
}

/// A digest of the rows of a segment as they are read back: figures to the bit, and one that is missing like another.
pub struct RowsDigest {
    hasher: blake3::Hasher,
    scalars: usize,
}

impl RowsDigest {
    /// Of no row yet, each to have so many scalars.
    pub fn new(scalars: usize) -> Self {
        Self { hasher: blake3::Hasher::new(), scalars }
    }

    /// Takes in a row.
    pub fn push(&mut self, row: &Row) {
        self.hasher.update(&row.run.to_le_bytes()).update(&[row.outcome as u8]);
        for i in 0..self.scalars {
            let present = row.scalars.get(i).copied().filter(|x| !x.is_nan());
            self.hasher.update(&present.unwrap_or(f64::NAN).to_bits().to_le_bytes());
        }
        self.hasher.update(&(row.error.len() as u64).to_le_bytes()).update(row.error.as_bytes());
    }

    /// In hexadecimal.
    pub fn hex(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

/// Writes the files of a whole segment from its rows, in the order of runs. The file of runs comes last: where it is,
/// the segment is whole.
pub fn write_segment(
    study: &Study,
    tables: &Tables,
    paths: &Paths,
    segment: u64,
    journal: &mut Journal,
) -> Result<(), TableError> {
    let mut digest = RowsDigest::new(study.scalars.len());
    journal.each(|row| -> Result<(), FileError> {
        digest.push(&row);
        Ok(())
    })?;
    let metadata = [
        ("experiment_digest".to_string(), study.digest.clone()),
        ("landfall_version".to_string(), env!("CARGO_PKG_VERSION").to_string()),
        ("segment".to_string(), segment.to_string()),
        ("failed".to_string(), journal.failed().to_string()),
        ("rows_digest".to_string(), digest.hex()),
    ];
    let create = |path: PathBuf, spec| {
        TableWriter::create_as(&path.with_extension(""), spec, Format::Parquet, &metadata)
    };
    if !study.lines.is_empty() {
        let mut series = create(paths.series(segment), &tables.series)?;
        journal.each(|row| push_series(study, &mut series, &row))?;
        series.finish()?;
    }
    let mut runs = create(paths.runs(segment), &tables.runs)?;
    journal.each(|row| push_run(study, &mut runs, &row))?;
    runs.finish().map(|_| ())
}

fn push_series(study: &Study, table: &mut TableWriter, row: &Row) -> Result<(), TableError> {
    for (line, periods) in study.lines.iter().zip(&row.lines) {
        for &(date, value) in periods {
            let cells = table.row().integer(row.run as i64).text(line.measure.name());
            cells.text(&line.population).date(date).real(value).end()?;
        }
    }
    Ok(())
}

fn push_run(study: &Study, table: &mut TableWriter, row: &Row) -> Result<(), TableError> {
    let (point, replicate) = study.place(row.run);
    let mut cells = table
        .row()
        .integer(row.run as i64)
        .integer(point as i64)
        .integer(replicate as i64)
        .integer(study.seed(row.run) as i64)
        .text(row.outcome.name());
    for (factor, setting) in study.settings(point).into_iter().enumerate() {
        cells = match study.shown(factor, setting) {
            Shown::Number(x) => cells.real(x),
            Shown::Word(word) => cells.text(&word),
        };
    }
    for i in 0..study.scalars.len() {
        cells = cells.real(row.scalars.get(i).copied().unwrap_or(f64::NAN));
    }
    cells.text(&row.error).end()
}

/// Figures read back: by run its outcome and its scalars.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Runs, in order.
    pub runs: Vec<u64>,
    /// How each ended.
    pub outcomes: Vec<Outcome>,
    /// By scalar, by run.
    pub scalars: Vec<Vec<f64>>,
    /// Runs that failed, with what went wrong.
    pub failures: Vec<(u64, Outcome, String)>,
}

impl Figures {
    /// None yet, of so many scalars.
    pub fn new(scalars: usize) -> Self {
        Self { scalars: vec![Vec::new(); scalars], ..Self::default() }
    }

    /// Takes in a row.
    pub fn push(&mut self, row: Row) {
        self.runs.push(row.run);
        self.outcomes.push(row.outcome);
        for (i, column) in self.scalars.iter_mut().enumerate() {
            column.push(row.scalars.get(i).copied().unwrap_or(f64::NAN));
        }
        if row.outcome != Outcome::Done {
            self.failures.push((row.run, row.outcome, row.error));
        }
    }
}
