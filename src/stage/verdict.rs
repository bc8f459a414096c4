//! The judgement of a file as a whole: shares from which it cannot be used (rulings 16, 47, 48, 49, 60).

use super::assemble::BatchFigures;
use super::refusal::Refusal;
use super::write::Quarantined;
use crate::pipeline::{ColumnType, Pipeline};
use crate::temuan::{Findings, rules};
use serde::{Deserialize, Serialize};

/// Why a row without any identifying column is kept out (`karantina.alasan`).
pub const UNIDENTIFIED: &str = "tanpa identitas";

/// Shares from which a whole file is refused; configurable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// NIK that end in 0, of at least 200 (rulings 16, 60).
    pub nik_berakhiran_nol: f64,
    /// NIK that end in 0, of at least 50.
    pub nik_berakhiran_nol_sedikit: f64,
    /// Rows in quarantine, of at least 100 (ruling 48).
    pub karantina: f64,
    /// DTKS rows whose id cannot be read, of at least 100 (ruling 49).
    pub id_tidak_terbaca: f64,
    /// DTKS rows of the workspace's district (ruling 47); fewer are refused.
    pub baris_kabupaten: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            nik_berakhiran_nol: 0.15,
            nik_berakhiran_nol_sedikit: 0.30,
            karantina: 0.05,
            id_tidak_terbaca: 0.15,
            baris_kabupaten: 0.5,
        }
    }
}

/// A file that has been read to its end.
pub struct WholeFile<'a> {
    /// Its source.
    pub pipeline: &'a Pipeline,
    /// When a file is refused.
    pub thresholds: &'a Thresholds,
    /// Districts of the workspace.
    pub districts: &'a [String],
    /// Rows of data, with those in quarantine.
    pub data_rows: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
    /// The first of them.
    pub first_quarantined: Option<&'a Quarantined>,
    /// Figures over all rows.
    pub figures: BatchFigures,
}

impl WholeFile<'_> {
    /// Shares over the whole file that make it unusable.
    ///
    /// # Errors
    /// [`Refusal`] with what is wrong in most of the file, and what to do.
    pub fn judge(&self, findings: &mut Findings) -> Result<(), Refusal> {
        let data_rows = self.data_rows;
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let limits = self.thresholds;
        let kept_out = share(self.quarantined, data_rows);
        let is_dtks = self.pipeline.is_dtks();
        if is_dtks && data_rows >= 100 && share(self.figures.unreadable_ids, data_rows) >= limits.id_tidak_terbaca {
            return Err(Refusal::new(
                "E0210",
                format!(
                    "{} of {data_rows} rows have no readable id",
                    self.figures.unreadable_ids
                ),
            )
            .in_column("id_dtks, id_art")
            .hint("the ids were saved as numbers; format the column as text and export again"));
        }
        if data_rows >= 100 && kept_out > limits.karantina {
            let first = self.first_quarantined;
            return Err(Refusal::new(
                "E0207",
                format!(
                    "{} of {data_rows} rows cannot be read, more than {:.0} %",
                    self.quarantined,
                    limits.karantina * 100.0
                ),
            )
            .on_sheet(first.map_or("", |row| row.lembar.as_str()))
            .at_line(first.map_or(0, |row| row.nomor_baris))
            .hint(match first.map(|row| row.alasan.as_str()) {
                Some(UNIDENTIFIED) => "look at the line named here: it has neither NIK, KK, name nor id",
                _ => "look at the line named here: a delimiter inside a text, or a quote that is not closed",
            }));
        }
        let (placed, own) = self.figures.placed;
        if is_dtks && placed > 0 && share(own, placed) < limits.baris_kabupaten {
            return Err(Refusal::new(
                "E0209",
                format!(
                    "only {own} of {placed} rows are of the workspace's district {}",
                    self.districts.join(", ")
                ),
            )
            .hint("check that the file is of this district, or set `kabupaten` in bansos360.toml"));
        }
        self.judge_nik(findings)
    }

    /// Too many NIK that end in 0: a spreadsheet has eaten the last digit (rulings 16, 60).
    fn judge_nik(&self, findings: &mut Findings) -> Result<(), Refusal> {
        let (sixteen, zero) = self.figures.nik_sixteen;
        let limits = self.thresholds;
        let share = if sixteen == 0 {
            0.0
        } else {
            zero as f64 / sixteen as f64
        };
        let damaged = (sixteen >= 200 && share >= limits.nik_berakhiran_nol)
            || (sixteen >= 50 && share >= limits.nik_berakhiran_nol_sedikit);
        if damaged {
            let column = self.pipeline.columns.iter().find(|spec| spec.kind == ColumnType::Nik);
            return Err(Refusal::new(
                "E0206",
                format!(
                    "NIK_TERPOTONG_EXCEL: {zero} of {sixteen} NIK end in 0, so a spreadsheet has cut their last digit"
                ),
            )
            .in_column(column.map_or_else(|| "nik".to_owned(), |spec| spec.name.clone()))
            .hint("format the column as text before pasting, paste the NIK again from the source, and save"));
        }
        if sixteen >= 50 && share >= limits.nik_berakhiran_nol {
            let words = format!(
                "{zero} dari {sixteen} NIK berakhiran 0; periksa apakah kolomnya pernah disimpan sebagai bilangan"
            );
            findings.file("", "nik", &rules::NIK_TERPOTONG_EXCEL_DIDUGA, words);
        }
        Ok(())
    }
}
