//! Tables of results in long format: what their columns mean, and the files they become.
//!
//! A table is declared once as a [`TableSpec`]; from it come the columns of the files, their units and meaning inside
//! a Parquet file, and the documentation ([`spec_markdown`]). Rows are pushed through [`TableWriter::row`], in any
//! number: they are gathered by column into blocks of a fixed number of rows, and each full block goes to every
//! format at once and is emptied, so memory is that of one block and a little for each block before ([`BLOCK_ROWS`]).
//!
//! A format sees nothing but the sequence of blocks, and blocks are cut by counting rows. So a file's bytes are a
//! function of the table's specification, the metadata and the rows, and of nothing else: not of when rows came, the
//! clock, the machine or the number of threads. The same rows pushed again from any record of them give the same file.
//!
//! Files appear under their names only when [`TableWriter::finish`] has them whole on the disk.

mod column;
mod csv;
mod parquet;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::{Disk, FileError, RealDisk};
use column::Block;

pub use column::{BLOCK_ROWS, Cells};

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A civil date, as days since 1970-01-01.
    Date,
    /// A name or code.
    Text,
    /// A whole number.
    Integer,
    /// A real number, which may be missing.
    Real,
    /// True or false.
    Flag,
}

impl Kind {
    /// The word for it in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Flag => "flag",
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name in the files.
    pub name: &'static str,
    /// What its cells are.
    pub kind: Kind,
    /// Unit, such as "persons"; empty where there is none.
    pub unit: &'static str,
    /// What a cell says, in a sentence.
    pub meaning: &'static str,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSpec {
    /// Name, also of the files: letters, digits and underscores.
    pub name: &'static str,
    /// What a row is, in a sentence.
    pub meaning: &'static str,
    /// Its columns, in order.
    pub columns: &'static [ColumnSpec],
}

/// Which files a table becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `NAME.parquet`.
    #[default]
    Parquet,
    /// `NAME.csv`.
    Csv,
    /// Both.
    Both,
}

impl Format {
    /// All.
    pub const ALL: [Self; 3] = [Self::Parquet, Self::Csv, Self::Both];

    /// The name on the command line and in snapshots.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Both => "both",
        }
    }

    fn has_parquet(self) -> bool {
        matches!(self, Self::Parquet | Self::Both)
    }

    fn has_csv(self) -> bool {
        matches!(self, Self::Csv | Self::Both)
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The disk refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// A block could not be encoded.
    #[error("cannot encode {}: {problem}", .path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        problem: String,
    },
    /// The declaration of a table cannot become a file.
    #[error("table `{table}`: {problem}")]
    Specification {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A row did not fit the columns.
    #[error("table `{table}`, cell {cell} of a row: {expected} expected, {found} given")]
    Misfit {
        /// The table.
        table: &'static str,
        /// The cell's place, from 1.
        cell: usize,
        /// What the column holds.
        expected: String,
        /// What came.
        found: &'static str,
    },
    /// Rows are missing because an earlier error was passed over.
    #[error("table `{table}` is not whole because writing it failed before; nothing was left under its name")]
    Broken {
        /// The table.
        table: &'static str,
    },
}

/// A finished table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its rows.
    pub rows: u64,
    /// Its files.
    pub files: Vec<PathBuf>,
}

/// A table that is being written.
pub struct TableWriter {
    spec: TableSpec,
    block: Block,
    block_rows: usize,
    rows: u64,
    parquet: Option<parquet::ParquetFile>,
    csv: Option<csv::CsvFile>,
    broken: bool,
    /// Rows of the block that are in the journal, and those of blocks already written that are not: a run that can be
    /// resumed takes them with [`TableWriter::take_new`]. Nothing is kept for one that cannot.
    journal: Option<Journalled>,
}

#[derive(Default)]
struct Journalled {
    rows: usize,
    left: Vec<Vec<Cells>>,
}

impl TableWriter {
    /// Starts the files of a table in a directory; `metadata` are keys and values that a Parquet file will carry
    /// beside those of the specification.
    pub fn create(
        directory: &Path,
        spec: &TableSpec,
        format: Format,
        metadata: &[(String, String)],
    ) -> Result<Self, TableError> {
        Self::create_on(Arc::new(RealDisk), &directory.join(spec.name), spec, format, metadata, BLOCK_ROWS)
    }

    /// The same under another name than the table's: one file of many that make up a table together. `stem` is the
    /// file's path without its ending.
    pub fn create_as(
        stem: &Path,
        spec: &TableSpec,
        format: Format,
        metadata: &[(String, String)],
    ) -> Result<Self, TableError> {
        Self::create_on(Arc::new(RealDisk), stem, spec, format, metadata, BLOCK_ROWS)
    }

    /// The same on a given disk.
    pub(super) fn create_for(
        disk: &Arc<dyn Disk>,
        directory: &Path,
        spec: &TableSpec,
        format: Format,
        metadata: &[(String, String)],
    ) -> Result<Self, TableError> {
        Self::create_on(disk.clone(), &directory.join(spec.name), spec, format, metadata, BLOCK_ROWS)
    }

    fn create_on(
        disk: Arc<dyn Disk>,
        stem: &Path,
        spec: &TableSpec,
        format: Format,
        metadata: &[(String, String)],
        block_rows: usize,
    ) -> Result<Self, TableError> {
        check(spec)?;
        let parquet = format.has_parquet();
        let parquet = parquet.then(|| parquet::ParquetFile::create(&disk, stem, spec, metadata));
        let csv = format.has_csv().then(|| csv::CsvFile::create(&disk, stem, spec));
        Ok(Self {
            spec: *spec,
            block: Block::new(spec),
            block_rows,
            rows: 0,
            parquet: parquet.transpose()?,
            csv: csv.transpose()?,
            broken: false,
            journal: None,
        })
    }

    /// From now on, new rows are kept until [`TableWriter::take_new`] hands them out.
    pub fn keep_new(&mut self) {
        self.journal = Some(Journalled { rows: self.block.rows(), left: Vec::new() });
    }

    /// Rows that [`TableWriter::take_new`] would hand out, of the present block.
    pub fn new_rows(&self) -> usize {
        self.journal
            .as_ref()
            .map_or(0, |j| self.block.rows() - j.rows + j.left.iter().map(|c| c[0].len()).sum::<usize>())
    }

    /// Rows pushed since they were last taken, by column, in order.
    pub fn take_new(&mut self) -> Vec<Vec<Cells>> {
        self.set_aside();
        self.journal.as_mut().map_or_else(Vec::new, |journal| std::mem::take(&mut journal.left))
    }

    /// Copies the rows of the block that nobody has taken.
    fn set_aside(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        if self.block.rows() > journal.rows {
            journal.left.push(self.block.rows_from(journal.rows));
            journal.rows = self.block.rows();
        }
    }

    /// Pushes rows that were taken from another writer of the same table; they do not count as new.
    pub fn push_rows(&mut self, columns: &[Cells]) -> Result<(), TableError> {
        let kept = self.journal.take();
        let rows = columns.first().map_or(0, Cells::len);
        for at in 0..rows {
            let row = columns.iter().fold(self.row(), |row, cells| row.cell_of(cells, at));
            row.end()?;
        }
        if kept.is_some() {
            self.keep_new();
        }
        Ok(())
    }

    /// Rows pushed so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Starts a row; its cells are given in the order of the columns, and it counts once [`Row::end`] is called.
    #[inline]
    pub fn row(&mut self) -> Row<'_> {
        self.block.begin_row();
        Row { table: self, cell: 0, misfit: None }
    }

    /// Writes what is left and puts the files in place.
    pub fn finish(mut self) -> Result<Finished, TableError> {
        if self.broken {
            return Err(TableError::Broken { table: self.spec.name });
        }
        self.block.forget_open_row();
        self.write_block()?;
        let mut files = Vec::new();
        if let Some(parquet) = self.parquet {
            files.push(parquet.finish()?);
        }
        if let Some(csv) = self.csv {
            files.push(csv.finish()?);
        }
        Ok(Finished { rows: self.rows, files })
    }

    /// Hands the block to the formats; after a failure the table stays broken, because rows would be missing.
    #[cold]
    fn write_block(&mut self) -> Result<(), TableError> {
        if self.broken {
            return Err(TableError::Broken { table: self.spec.name });
        }
        self.broken = true;
        self.set_aside();
        if self.block.rows() > 0 {
            if let Some(parquet) = &mut self.parquet {
                parquet.write(&self.block)?;
            }
            if let Some(csv) = &mut self.csv {
                csv.write(&self.block)?;
            }
        }
        self.block.clear();
        if let Some(journal) = &mut self.journal {
            journal.rows = 0;
        }
        self.broken = false;
        Ok(())
    }
}

/// A row that is being pushed.
#[must_use = "a row counts only after `end`"]
pub struct Row<'a> {
    table: &'a mut TableWriter,
    cell: usize,
    misfit: Option<(usize, &'static str)>,
}

impl Row<'_> {
    /// A date, as days since 1970-01-01 ([`days_since_1970`]).
    #[inline]
    pub fn date(self, days: i32) -> Self {
        self.push("a date", |block, cell| block.push_date(cell, days))
    }

    /// A name or code.
    #[inline]
    pub fn text(self, text: &str) -> Self {
        self.push("text", |block, cell| block.push_text(cell, text))
    }

    /// A whole number.
    #[inline]
    pub fn integer(self, number: i64) -> Self {
        self.push("an integer", |block, cell| block.push_integer(cell, number))
    }

    /// A real number; NaN is a missing one.
    #[inline]
    pub fn real(self, number: f64) -> Self {
        self.push("a real", |block, cell| block.push_real(cell, number))
    }

    /// A real number that may be missing.
    #[inline]
    pub fn real_or_missing(self, number: Option<f64>) -> Self {
        self.real(number.unwrap_or(f64::NAN))
    }

    /// True or false.
    #[inline]
    pub fn flag(self, flag: bool) -> Self {
        self.push("a flag", |block, cell| block.push_flag(cell, flag))
    }

    /// The cell of a row of a column; one that does not exist is a misfit like any other.
    fn cell_of(self, cells: &Cells, row: usize) -> Self {
        match cells {
            Cells::Date(days) => self.date(days.get(row).copied().unwrap_or_default()),
            Cells::Integer(numbers) => self.integer(numbers.get(row).copied().unwrap_or_default()),
            Cells::Real(numbers) => self.real(numbers.get(row).copied().unwrap_or(f64::NAN)),
            Cells::Flag(flags) => self.flag(flags.get(row).copied().unwrap_or_default()),
            Cells::Text(texts, codes) => {
                let text = codes.get(row).and_then(|&code| texts.get(code as usize));
                self.text(text.map_or("", String::as_str))
            }
        }
    }

    /// Ends the row. A row that did not fit the columns is refused and leaves no trace.
    #[inline]
    pub fn end(self) -> Result<(), TableError> {
        if self.misfit.is_some() || self.cell != self.table.spec.columns.len() {
            return Err(self.misfit_error());
        }
        self.table.block.end_row();
        self.table.rows += 1;
        if self.table.block.rows() >= self.table.block_rows { self.table.write_block() } else { Ok(()) }
    }

    #[inline]
    fn push(mut self, what: &'static str, push: impl FnOnce(&mut Block, usize) -> bool) -> Self {
        if !push(&mut self.table.block, self.cell) {
            self.misfit.get_or_insert((self.cell, what));
        }
        self.cell += 1;
        self
    }

    #[cold]
    fn misfit_error(&self) -> TableError {
        let (cell, found) = self.misfit.unwrap_or((self.cell, "the end of the row"));
        let expected = match self.table.spec.columns.get(cell) {
            Some(column) => format!("{} of column `{}`", column.kind.name(), column.name),
            None => "the end of the row".into(),
        };
        TableError::Misfit { table: self.table.spec.name, cell: cell + 1, expected, found }
    }
}

/// A date as tables hold it.
pub fn days_since_1970(date: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// Refuses a specification that would not survive as a file or could not be read back by name.
fn check(spec: &TableSpec) -> Result<(), TableError> {
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let problem = if !plain(spec.name) {
        Some("the name must consist of letters, digits and underscores".into())
    } else if spec.columns.is_empty() {
        Some("it has no columns".into())
    } else {
        let bad = spec.columns.iter().enumerate().find(|(place, column)| {
            !plain(column.name) || spec.columns[..*place].iter().any(|earlier| earlier.name == column.name)
        });
        bad.map(|(_, column)| format!("the column name `{}` is not plain or comes twice", column.name))
    };
    problem.map_or(Ok(()), |problem| Err(TableError::Specification { table: spec.name, problem }))
}

/// The documentation of tables: a section for each with its columns, their kinds, units and meaning.
pub fn spec_markdown(specs: &[TableSpec]) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let mut page = String::new();
    for (place, spec) in specs.iter().enumerate() {
        if place > 0 {
            page.push('\n');
        }
        page += &format!("## `{}`\n\n{}\n\n", spec.name, spec.meaning);
        page += "| column | kind | unit | meaning |\n| --- | --- | --- | --- |\n";
        for ColumnSpec { name, kind, unit, meaning } in spec.columns {
            page += &format!("| `{name}` | {} | {} | {} |\n", kind.name(), cell(unit), cell(meaning));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::tests::FailingDisk;
    use std::fs;

    const fn column(name: &'static str, kind: Kind, unit: &'static str) -> ColumnSpec {
        ColumnSpec { name, kind, unit, meaning: "What a cell says | or does not." }
    }

    pub(super) const SPEC: TableSpec = TableSpec {
        name: "flows",
        meaning: "One row a day and place.",
        columns: &[
            column("date", Kind::Date, ""),
            column("place", Kind::Text, ""),
            column("arrivals", Kind::Integer, "persons"),
            column("pressure", Kind::Real, "share"),
            column("closed", Kind::Flag, ""),
        ],
    };

    const PLACES: [&str; 5] = ["florida", "a, \"quoted\" place", "", "Zürich\nNord", "guantánamo"];

    /// The cells of row `n`, awkward ones included.
    pub(super) fn cells(n: usize) -> (i32, &'static str, i64, f64, bool) {
        let extremes = [0.1, -0.0, 3.0, 1e300, 5e-324, f64::INFINITY, f64::NAN, 1.0 / 3.0];
        let integer = if n.is_multiple_of(11) { i64::MIN } else { n as i64 * 7 };
        (8_000 + n as i32 / 3, PLACES[n * n % 5], integer, extremes[n % 8], n.is_multiple_of(3))
    }

    pub(super) fn push(table: &mut TableWriter, n: usize) -> Result<(), TableError> {
        let (date, place, arrivals, pressure, closed) = cells(n);
        table.row().date(date).text(place).integer(arrivals).real(pressure).flag(closed).end()
    }

    /// Writes rows 0 to `rows` in blocks of ten.
    pub(super) fn write(disk: Arc<dyn Disk>, directory: &Path, rows: usize) -> Result<Finished, TableError> {
        let metadata = [("seed".to_string(), "7".to_string())];
        let mut table =
            TableWriter::create_on(disk, &directory.join(SPEC.name), &SPEC, Format::Both, &metadata, 10)?;
        for n in 0..rows {
            push(&mut table, n)?;
        }
        table.finish()
    }

    fn bytes(directory: &Path) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        (fs::read(directory.join("flows.parquet")).ok(), fs::read(directory.join("flows.csv")).ok())
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(write(Arc::new(RealDisk), one.path(), 25).unwrap().rows, 25);
        let mut table = TableWriter::create_on(
            Arc::new(RealDisk),
            &two.path().join(SPEC.name),
            &SPEC,
            Format::Both,
            &[("seed".into(), "7".into())],
            10,
        )
        .unwrap();
        for n in 0..25 {
            // Rows begun and given up, or refused, leave nothing behind.
            let _ = table.row().date(1).text("a text that comes nowhere else");
            assert!(table.row().date(1).integer(1).end().is_err());
            push(&mut table, n).unwrap();
        }
        let _ = table.row().date(1);
        table.finish().unwrap();
        assert!(bytes(one.path()).0.is_some());
        assert_eq!(bytes(one.path()), bytes(two.path()));
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let mut table = TableWriter::create(dir.path(), &SPEC, Format::Csv, &[]).unwrap();
        let messages = [
            table.row().date(0).real(1.0).integer(1).real(0.0).flag(true).end(),
            table.row().date(0).text("x").end(),
            table.row().date(0).text("x").integer(1).real_or_missing(None).flag(true).flag(true).end(),
        ]
        .map(|refused| refused.unwrap_err().to_string());
        assert_eq!(
            messages,
            [
                "table `flows`, cell 2 of a row: text of column `place` expected, a real given",
                "table `flows`, cell 3 of a row: integer of column `arrivals` expected, the end of the row given",
                "table `flows`, cell 6 of a row: the end of the row expected, a flag given",
            ]
        );
        assert_eq!(table.finish().unwrap().rows, 0);
        assert_eq!(bytes(dir.path()).1.unwrap(), b"date,place,arrivals,pressure,closed\n");
    }

    #[test]
    fn specifications_that_cannot_be_read_back_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        const TWICE: &[ColumnSpec] = &[column("a", Kind::Flag, ""), column("a", Kind::Text, "")];
        let bad = [
            TableSpec { name: "../flows", ..SPEC },
            TableSpec { columns: &[], ..SPEC },
            TableSpec { columns: TWICE, ..SPEC },
        ];
        for spec in bad {
            assert!(TableWriter::create(dir.path(), &spec, Format::Both, &[]).is_err());
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn whatever_fails_a_table_is_old_or_new_and_never_half() {
        let whole = tempfile::tempdir().unwrap();
        write(Arc::new(RealDisk), whole.path(), 25).unwrap();
        let new = bytes(whole.path());
        for n in 1.. {
            let dir = tempfile::tempdir().unwrap();
            let old = Some(b"old".to_vec());
            fs::write(dir.path().join("flows.parquet"), "old").unwrap();
            fs::write(dir.path().join("flows.csv"), "old").unwrap();
            let disk = FailingDisk::new(n, false);
            let result = write(disk.clone(), dir.path(), 25);
            let found = bytes(dir.path());
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "operation {n}");
            if !disk.refused() {
                assert_eq!((result.unwrap().files.len(), found), (2, new));
                assert!(n > 100);
                break;
            }
            let error = result.unwrap_err();
            assert!(matches!(error, TableError::File(_)), "operation {n}: {error:?}");
            assert!(error.to_string().contains("flows."), "{error}");
            assert!(found.0 == old || found.0 == new.0, "operation {n}");
            assert!(found.1 == old || found.1 == new.1, "operation {n}");
        }
    }

    #[test]
    fn a_table_whose_error_was_passed_over_is_not_finished() {
        let dir = tempfile::tempdir().unwrap();
        // A wide text makes the CSV writer's buffer overflow, so that writing fails while rows are pushed.
        let wide = "x".repeat(1 << 17);
        let disk = FailingDisk::new(30, false);
        let mut table =
            TableWriter::create_on(disk, &dir.path().join(SPEC.name), &SPEC, Format::Csv, &[], 2).unwrap();
        let ends: Vec<bool> = (0..9)
            .map(|n| table.row().date(n).text(&wide).integer(1).real(0.5).flag(true).end().is_ok())
            .collect();
        assert!(ends[0] && !ends[1] && !ends[8]);
        assert!(matches!(table.finish(), Err(TableError::Broken { .. })));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_documentation_names_every_column() {
        let other = TableSpec { name: "waits", ..SPEC };
        let page = spec_markdown(&[SPEC, other]);
        assert!(
            page.starts_with(
                "## `flows`\n\nOne row a day and place.\n\n| column | kind | unit | meaning |\n"
            )
        );
        assert!(page.contains("| `closed` | flag |  | What a cell says \\| or does not. |\n\n## `waits`"));
        assert!(page.contains("\n| `arrivals` | integer | persons |"));
        assert_eq!(page.lines().filter(|line| line.starts_with("| `")).count(), 10);
    }
}
