//! Writes the staged Parquet files of one piece: its rows, its findings, its quarantine.

use super::refusal::Refusal;
use crate::failpoint;
use crate::temuan::Finding;
use polars::prelude::{
    BatchedWriter, Column, DataFrame, NamedFrom, ParquetCompression, ParquetWriter, PolarsResult, Series,
    StatisticsOptions,
};
use std::fs::File;
use std::path::{Path, PathBuf};

/// A row that is kept out, with its raw text (`karantina`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Sheet; empty for text.
    pub lembar: String,
    /// Line as a person counts it.
    pub nomor_baris: u64,
    /// Why, as a stable word.
    pub alasan: String,
    /// The row as it stood.
    pub isi: String,
}

/// Writes one staged table batch by batch; a row group is a batch.
pub struct TableWriter {
    path: PathBuf,
    writer: Option<BatchedWriter<File>>,
    rows: u64,
}

impl TableWriter {
    /// A writer for the file at `path`, which is made with the first batch.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            writer: None,
            rows: 0,
        }
    }

    /// Adds a batch.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&mut self, frame: &DataFrame) -> PolarsResult<()> {
        if self.writer.is_none() {
            let file = File::create(&self.path)?;
            // Pieces are staged side by side already; more threads for the columns of each would only wait for each other.
            self.writer = Some(parquet(file).set_parallel(false).batched(frame.schema())?);
        }
        failpoint::write("staged.batch")?;
        if let Some(writer) = &mut self.writer {
            writer.write_batch(frame)?;
            self.rows += frame.height() as u64;
        }
        Ok(())
    }

    /// Ends the file; the number of rows in it, or `None` where no batch came.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn finish(self) -> PolarsResult<Option<u64>> {
        match self.writer {
            Some(writer) => {
                writer.finish()?;
                Ok(Some(self.rows))
            }
            None => Ok(None),
        }
    }
}

/// Staged files are read once or twice, and whole: the quick compression, and no statistics to skip rows by.
fn parquet(file: File) -> ParquetWriter<File> {
    ParquetWriter::new(file)
        .with_compression(ParquetCompression::Lz4Raw)
        .with_statistics(StatisticsOptions::empty())
}

/// Writes the findings of a piece.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_findings(path: &Path, id_berkas: &str, findings: &[Finding]) -> PolarsResult<()> {
    let text = |name: &str, values: Vec<Option<&str>>| -> Column { Series::new(name.into(), values).into() };
    let all = |value: fn(&Finding) -> Option<&str>| findings.iter().map(value).collect::<Vec<_>>();
    let lines: Vec<Option<i64>> = findings
        .iter()
        .map(|finding| finding.nomor_baris.and_then(|line| i64::try_from(line).ok()))
        .collect();
    let counts: Vec<i64> = findings
        .iter()
        .map(|finding| i64::try_from(finding.jumlah).unwrap_or(i64::MAX))
        .collect();
    let columns = vec![
        text("id_berkas", vec![Some(id_berkas); findings.len()]),
        text("lembar", all(|finding| Some(finding.lembar.as_str()))),
        Series::new("nomor_baris".into(), lines).into(),
        text("kolom", all(|finding| Some(finding.kolom.as_str()))),
        text("aturan", all(|finding| Some(finding.rule.id))),
        text("tingkat", all(|finding| Some(finding.rule.level.as_str()))),
        text("nilai", all(|finding| finding.nilai.as_deref())),
        text(
            "pesan",
            all(|finding| finding.pesan.as_deref().or(Some(finding.rule.pesan))),
        ),
        Series::new("jumlah".into(), counts).into(),
    ];
    write_whole(path, findings.len(), columns)
}

/// Writes the quarantine of a piece.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_quarantine(path: &Path, id_berkas: &str, rows: &[Quarantined]) -> PolarsResult<()> {
    let text = |name: &str, values: Vec<&str>| -> Column { Series::new(name.into(), values).into() };
    let lines: Vec<i64> = rows
        .iter()
        .map(|row| i64::try_from(row.nomor_baris).unwrap_or(i64::MAX))
        .collect();
    let columns = vec![
        text("id_berkas", vec![id_berkas; rows.len()]),
        text("lembar", rows.iter().map(|row| row.lembar.as_str()).collect()),
        Series::new("nomor_baris".into(), lines).into(),
        text("alasan", rows.iter().map(|row| row.alasan.as_str()).collect()),
        text("isi", rows.iter().map(|row| row.isi.as_str()).collect()),
    ];
    write_whole(path, rows.len(), columns)
}

fn write_whole(path: &Path, rows: usize, columns: Vec<Column>) -> PolarsResult<()> {
    let mut frame = DataFrame::new(rows, columns)?;
    parquet(File::create(path)?).finish(&mut frame).map(|_| ())
}

/// A staged file that cannot be written is no fault of the input, and still must name what happened.
pub fn write_failed(path: &Path, error: &polars::prelude::PolarsError) -> Refusal {
    Refusal::new(
        "E0501",
        format!("cannot write staged file `{}`: {error}", path.display()),
    )
    .hint("make room for the workspace, or give its `lake/staged` the rights, and run again")
}
