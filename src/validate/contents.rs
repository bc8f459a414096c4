//! Reads back what staging wrote: counts by status, findings, quarantine.

use super::headings::encoding_name;
use super::report::{BalanceReport, Example, FindingReport, PieceReport, Verdict};
use crate::lake::LakeError;
use crate::run::RunError;
use crate::stage::{PieceSummary, Refusal, SUMMARY};
use crate::temuan::Level;
use polars::prelude::{DataType, ParquetReader, PolarsError, PolarsResult, SerReader};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

/// Levels of findings that differ from the catalogue, by rule.
type Levels = BTreeMap<String, Level>;

/// So many places are shown of each finding.
const EXAMPLES: usize = 3;

/// Tells the rows, statuses and findings of a piece that was staged into `folder`.
///
/// # Errors
/// [`RunError`] where the staged files cannot be read again.
pub(super) fn tell_contents(
    folder: &Path,
    summary: &PieceSummary,
    levels: &Levels,
    report: &mut PieceReport,
) -> Result<(), RunError> {
    read_contents(folder, summary, report).map_err(unreadable)?;
    tell_findings(folder, levels, report)?;
    let doubtful = report
        .temuan
        .iter()
        .any(|finding| finding.tingkat != Level::Info.as_str());
    report.hasil = if doubtful {
        Verdict::Peringatan
    } else {
        Verdict::Diterima
    };
    Ok(())
}

/// Tells what is known of a piece that was refused: its rows and statuses where it was read to its end, and its findings.
///
/// # Errors
/// [`RunError`] where the staged files cannot be read again.
pub(super) fn tell_refused(folder: &Path, levels: &Levels, report: &mut PieceReport) -> Result<(), RunError> {
    let summary = fs::read_to_string(folder.join(SUMMARY)).ok();
    if let Some(summary) = summary.and_then(|text| serde_json::from_str::<PieceSummary>(&text).ok()) {
        read_contents(folder, &summary, report).map_err(unreadable)?;
    }
    tell_findings(folder, levels, report)
}

/// The findings of a piece, with the levels of the workspace.
fn tell_findings(folder: &Path, levels: &Levels, report: &mut PieceReport) -> Result<(), RunError> {
    let path = folder.join("temuan.parquet");
    if path.is_file() {
        report.temuan = read_findings(&path).map_err(unreadable)?;
    }
    for finding in &mut report.temuan {
        if let Some(level) = levels.get(&finding.aturan) {
            level.as_str().clone_into(&mut finding.tingkat);
        }
        *report.temuan_per_tingkat.entry(finding.tingkat.clone()).or_insert(0) += finding.jumlah;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn unreadable(error: PolarsError) -> RunError {
    let refusal = Refusal::new("E0501", format!("cannot read a staged file again: {error}"))
        .hint("check the free space of the folder for temporary files");
    LakeError::Staging(Box::new(refusal)).into()
}

fn read_contents(folder: &Path, summary: &PieceSummary, report: &mut PieceReport) -> PolarsResult<()> {
    report.pengkodean = summary.pengkodean.as_deref().map(encoding_name);
    report.baris = Some(BalanceReport {
        dibaca: summary.baris_dibaca,
        disimpan: summary.baris_disimpan,
        karantina: summary.baris_karantina,
        karantina_per_alasan: count_values(&folder.join("karantina.parquet"), "alasan")?,
        dilewati: summary
            .baris_dilewati
            .clone()
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .collect(),
    });
    let main_table = ["dtks_art", "bantuan_sosial", "data_disabilitas", "usulan_daerah"];
    let table = main_table.iter().find_map(|table| summary.tabel.get(*table));
    if let Some(table) = table {
        let has = |column: &str| summary.kolom.iter().any(|name| name == column);
        if has("nik") {
            report.status_nik = count_values(&folder.join(table), "status_nik")?;
        }
        if has("no_kk") {
            report.status_kk = count_values(&folder.join(table), "status_kk")?;
        }
    }
    Ok(())
}

/// Rows by the values of a text column.
///
/// # Errors
/// Where the file cannot be read.
fn count_values(path: &Path, column: &str) -> PolarsResult<BTreeMap<String, u64>> {
    let frame = ParquetReader::new(File::open(path)?)
        .with_columns(Some(vec![column.to_owned()]))
        .finish()?;
    let mut counts = BTreeMap::new();
    let texts = frame.column(column)?.cast(&DataType::String)?;
    for value in texts.str()?.iter().flatten() {
        if let Some(count) = counts.get_mut(value) {
            *count += 1;
        } else {
            counts.insert(value.to_owned(), 1);
        }
    }
    Ok(counts)
}

/// Findings by rule and column, the most frequent first.
///
/// # Errors
/// Where the file cannot be read.
fn read_findings(path: &Path) -> PolarsResult<Vec<FindingReport>> {
    let frame = ParquetReader::new(File::open(path)?).finish()?;
    let text = |name: &str| -> PolarsResult<_> { Ok(frame.column(name)?.str()?.clone()) };
    let number = |name: &str| -> PolarsResult<_> { Ok(frame.column(name)?.i64()?.clone()) };
    let (rules, levels, columns) = (text("aturan")?, text("tingkat")?, text("kolom")?);
    let (sheets, values, messages) = (text("lembar")?, text("nilai")?, text("pesan")?);
    let (lines, counts) = (number("nomor_baris")?, number("jumlah")?);
    let mut groups: BTreeMap<(String, String), FindingReport> = BTreeMap::new();
    for row in 0..frame.height() {
        let owned = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let (rule, column) = (owned(rules.get(row)), owned(columns.get(row)));
        let group = groups
            .entry((rule.clone(), column.clone()))
            .or_insert_with(|| FindingReport {
                aturan: rule,
                tingkat: owned(levels.get(row)),
                kolom: column,
                jumlah: 0,
                pesan: owned(messages.get(row)),
                contoh: Vec::new(),
            });
        group.jumlah += u64::try_from(counts.get(row).unwrap_or(0)).unwrap_or(0);
        let line = lines.get(row).and_then(|line| u64::try_from(line).ok());
        if let Some(line) = line.filter(|_| group.contoh.len() < EXAMPLES) {
            group.contoh.push(Example {
                lembar: owned(sheets.get(row)),
                baris: line,
                nilai: values.get(row).map(str::to_owned),
            });
        }
    }
    let mut found: Vec<FindingReport> = groups.into_values().collect();
    found.sort_by(|left, right| {
        right
            .jumlah
            .cmp(&left.jumlah)
            .then_with(|| left.aturan.cmp(&right.aturan))
    });
    Ok(found)
}
