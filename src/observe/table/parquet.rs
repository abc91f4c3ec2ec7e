//! A table as Parquet: a row group per block, texts dictionary-encoded, compressed with zstd; dates and texts carry
//! their logical types, so that readers need no help. Units and meanings of columns are in the file's metadata under
//! `unit:COLUMN` and `meaning:COLUMN`, the table's own meaning under `meaning`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical, ZstdLevel};
use ::parquet::column::writer::ColumnWriter;
use ::parquet::data_type::ByteArray;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::column::{Block, Column, Texts};
use super::{ColumnSpec, Kind, TableError, TableSpec};
use crate::files::{AtomicFile, Disk, FileError};

/// Compression level.
///
/// Measured as [`super::BLOCK_ROWS`] was: levels 3, 6 and 9 made files smaller by less than 1 %, since the encodings
/// leave little to compress; level 9 took about a tenth longer.
const ZSTD_LEVEL: i32 = 1;

/// Bytes of the distinct numbers of a row group up to which they are written as a dictionary. With the encoder's own
/// limit of 1 MiB, columns of mostly distinct numbers were written twice over, as a dictionary and as indices into it:
/// the measured files were 7 and 26 % larger, with integers beyond the limit written plainly.
const DICTIONARY_BYTES: usize = 1 << 16;

/// Texts handed to the encoder at a time.
const TEXTS_AT_A_TIME: usize = 4_096;

/// A Parquet file that is being written.
pub(super) struct ParquetFile {
    path: PathBuf,
    writer: SerializedFileWriter<AtomicFile>,
}

impl ParquetFile {
    pub(super) fn create(
        disk: &Arc<dyn Disk>,
        stem: &Path,
        spec: &TableSpec,
        metadata: &[(String, String)],
    ) -> std::result::Result<Self, TableError> {
        let path = stem.with_extension("parquet");
        let file = AtomicFile::create_on(disk.clone(), &path)?;
        let open = || SerializedFileWriter::new(file, schema(spec)?, Arc::new(properties(spec, metadata)?));
        let writer = open().map_err(|e| error(e, &path))?;
        Ok(Self { path, writer })
    }

    pub(super) fn write(&mut self, block: &Block) -> std::result::Result<(), TableError> {
        write_row_group(&mut self.writer, block).map_err(|e| error(e, &self.path))
    }

    pub(super) fn finish(mut self) -> std::result::Result<PathBuf, TableError> {
        // The encoder gives its file back only by a call that turns errors of the disk into text.
        self.writer.finish().map_err(|e| error(e, &self.path))?;
        self.writer.inner_mut().commit_in_place()?;
        Ok(self.path)
    }
}

fn schema(spec: &TableSpec) -> Result<TypePtr> {
    let fields = spec.columns.iter().map(|column| field(column).map(Arc::new)).collect::<Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder(spec.name).with_fields(fields).build()?))
}

fn field(column: &ColumnSpec) -> Result<Type> {
    let (physical, logical) = match column.kind {
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let repetition = if column.kind == Kind::Real { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    Type::primitive_type_builder(column.name, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()
}

/// Everything that shapes the bytes is said here or is a default of the pinned encoder; nothing is taken from the
/// clock or the machine.
fn properties(spec: &TableSpec, metadata: &[(String, String)]) -> Result<WriterProperties> {
    let mut pairs = vec![KeyValue::new("table".into(), spec.name.to_string())];
    pairs.push(KeyValue::new("meaning".into(), spec.meaning.to_string()));
    for column in spec.columns {
        pairs.push(KeyValue::new(format!("unit:{}", column.name), column.unit.to_string()));
        pairs.push(KeyValue::new(format!("meaning:{}", column.name), column.meaning.to_string()));
    }
    pairs.extend(metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())));
    let mut properties = WriterProperties::builder();
    for column in spec.columns {
        let path = || ColumnPath::from(column.name);
        if column.kind == Kind::Integer {
            // What does not fit a dictionary; readers have long known this encoding.
            properties = properties.set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED);
        }
        if column.kind != Kind::Text {
            properties = properties.set_column_dictionary_page_size_limit(path(), DICTIONARY_BYTES);
        }
    }
    Ok(properties
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_created_by(concat!("landfall version ", env!("CARGO_PKG_VERSION")).into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_dictionary_enabled(true)
        .set_max_row_group_row_count(None)
        // The least and greatest value of each row group let readers skip it; an index by page would add to the
        // memory that grows with the file, for little.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(pairs))
        .build())
}

fn write_row_group(file: &mut SerializedFileWriter<AtomicFile>, block: &Block) -> Result<()> {
    let mut group = file.next_row_group()?;
    for cells in block.columns() {
        let Some(mut column) = group.next_column()? else { break };
        write_column(column.untyped(), cells)?;
        column.close()?;
    }
    group.close()?;
    Ok(())
}

fn write_column(writer: &mut ColumnWriter<'_>, cells: &Column) -> Result<()> {
    match (writer, cells) {
        (ColumnWriter::Int32ColumnWriter(writer), Column::Date(days)) => {
            writer.write_batch(days, None, None)?
        }
        (ColumnWriter::Int64ColumnWriter(writer), Column::Integer(all)) => {
            writer.write_batch(all, None, None)?
        }
        (ColumnWriter::BoolColumnWriter(writer), Column::Flag(flags)) => {
            writer.write_batch(flags, None, None)?
        }
        (ColumnWriter::DoubleColumnWriter(writer), Column::Real(numbers)) => {
            let present: Vec<f64> = numbers.iter().copied().filter(|x| !x.is_nan()).collect();
            let levels: Vec<i16> = numbers.iter().map(|x| i16::from(!x.is_nan())).collect();
            writer.write_batch(&present, Some(&levels), None)?
        }
        (ColumnWriter::ByteArrayColumnWriter(writer), Column::Text(texts)) => {
            for batch in text_batches(texts) {
                writer.write_batch(&batch, None, None)?;
            }
            texts.codes().len()
        }
        _ => return Err(ParquetError::General("a column's cells do not fit its type".into())),
    };
    Ok(())
}

/// The texts of a column as the encoder takes them, some at a time; each distinct one is copied once.
fn text_batches(texts: &Texts) -> impl Iterator<Item = Vec<ByteArray>> {
    let distinct = 0..texts.distinct() as u32;
    let distinct: Vec<ByteArray> = distinct.map(|code| ByteArray::from(texts.text(code))).collect();
    let batches = texts.codes().chunks(TEXTS_AT_A_TIME);
    batches.map(move |codes| codes.iter().map(|&code| distinct[code as usize].clone()).collect())
}

fn error(error: ParquetError, path: &Path) -> TableError {
    let problem = match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(e) => return FileError::from_io(*e, path).into(),
            Err(other) => other.to_string(),
        },
        other => other.to_string(),
    };
    TableError::Encode { path: path.into(), problem }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SPEC, cells, write};
    use super::*;
    use ::parquet::basic::{ColumnOrder, SortOrder};
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;
    use std::fs::File;

    fn read(rows: usize) -> SerializedFileReader<File> {
        let dir = tempfile::tempdir().unwrap();
        write(Arc::new(crate::files::RealDisk), dir.path(), rows).unwrap();
        SerializedFileReader::new(File::open(dir.path().join("flows.parquet")).unwrap()).unwrap()
    }

    #[test]
    fn cells_come_back_as_they_were() {
        let reader = read(25);
        let mut rows = 0;
        for (n, row) in reader.get_row_iter(None).unwrap().enumerate() {
            let (date, place, arrivals, pressure, closed) = cells(n);
            let fields: Vec<Field> =
                row.unwrap().into_columns().into_iter().map(|(_, field)| field).collect();
            let text = Field::Str(place.into());
            assert_eq!(fields[..3], [Field::Date(date), text, Field::Long(arrivals)]);
            match fields[3] {
                Field::Double(number) => assert_eq!(number.to_bits(), pressure.to_bits()),
                ref other => assert!(*other == Field::Null && pressure.is_nan()),
            }
            assert_eq!(fields[4], Field::Bool(closed));
            rows += 1;
        }
        assert_eq!(rows, 25);
    }

    #[test]
    fn row_groups_are_blocks_and_texts_have_a_dictionary() {
        let reader = read(25);
        let groups = reader.metadata().row_groups();
        assert_eq!(groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>(), [10, 10, 5]);
        for group in groups {
            assert!(group.column(1).encodings().any(|encoding| encoding == Encoding::RLE_DICTIONARY));
            assert!(group.columns().iter().all(|c| matches!(c.compression(), Compression::ZSTD(_))));
        }
        // Readers may skip row groups by a text column only if they know how its least and greatest were found.
        let order = reader.metadata().file_metadata().column_order(1);
        assert_eq!(order, ColumnOrder::TYPE_DEFINED_ORDER(SortOrder::UNSIGNED));
    }

    #[test]
    fn units_meanings_and_the_run_are_in_the_metadata_and_no_time_stamp() {
        let reader = read(0);
        let file = reader.metadata().file_metadata();
        let pairs = file.key_value_metadata().unwrap();
        let value =
            |key: &str| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.as_deref());
        assert_eq!(value("unit:arrivals"), Some("persons"));
        assert_eq!(value("meaning:place"), Some(SPEC.columns[1].meaning));
        assert_eq!((value("table"), value("seed")), (Some("flows"), Some("7")));
        assert_eq!(pairs.len(), 2 + 2 * SPEC.columns.len() + 1);
        assert_eq!(file.created_by(), Some(concat!("landfall version ", env!("CARGO_PKG_VERSION"))));
        assert_eq!(file.num_rows(), 0);
    }
}
