//! What `kualitas.json` holds: figures of a release, without a single personal value.

use crate::config::Zone;
use crate::run::FileRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The quality of a release.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Quality {
    /// The run that made the release.
    pub run_id: String,
    /// When, UTC.
    pub waktu: String,
    /// The time zone in which people are shown it.
    pub zona_waktu: Zone,
    /// The latest periode of DTKS.
    pub periode_terakhir: Option<String>,
    /// Findings by level.
    pub temuan: BTreeMap<String, i64>,
    /// Rows of the marts.
    pub mart: BTreeMap<String, i64>,
    /// Rows by source and periode.
    pub sumber: Vec<SourceLine>,
    /// What changed since the release before.
    pub perubahan: Option<Changes>,
    /// Findings by rule, the gravest and most frequent first.
    pub aturan: Vec<RuleLine>,
    /// How many rows have which `status_nik`, by source and periode.
    pub status_nik: Vec<StatusLine>,
    /// The same of `status_kk`.
    pub status_kk: Vec<StatusLine>,
    /// By kecamatan and desa.
    pub wilayah: Vec<VillageLine>,
    /// Rows that were set aside, by file and reason.
    pub karantina: Vec<QuarantineLine>,
    /// Files that count, with what became of their rows.
    pub berkas: Vec<FileRecord>,
}

/// What became of the rows of a source in a periode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// The source.
    pub sumber: String,
    /// Its periode, stage or month.
    pub periode: String,
    /// Files.
    pub berkas: i64,
    /// Rows read.
    pub dibaca: i64,
    /// Rows in the warehouse.
    pub disimpan: i64,
    /// Rows merged as duplicates.
    pub ganda: i64,
    /// Rows in quarantine.
    pub karantina: i64,
    /// Titles, totals, notes.
    pub dilewati: i64,
    /// Findings of level PERINGATAN.
    pub peringatan: i64,
    /// Findings of level GALAT.
    pub galat: i64,
}

/// Findings of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLine {
    /// The rule.
    pub aturan: String,
    /// Its level.
    pub tingkat: String,
    /// What it means.
    pub arti: String,
    /// What the office should do.
    pub tindakan: String,
    /// Rows.
    pub jumlah: i64,
    /// Files with such findings.
    pub berkas: i64,
    /// Desa with such findings.
    pub desa: i64,
    /// The file with most of them.
    pub berkas_terbanyak: String,
    /// The desa with most of them.
    pub desa_terbanyak: String,
}

/// Rows of a source with a status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLine {
    /// The source.
    pub sumber: String,
    /// Its periode.
    pub periode: String,
    /// Rows by status.
    pub jumlah: BTreeMap<String, i64>,
}

/// A desa, or a kecamatan whose desa is not told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VillageLine {
    /// Its kecamatan.
    pub kecamatan: Option<String>,
    /// Code of the desa.
    pub kode_desa: Option<String>,
    /// Its name.
    pub desa: Option<String>,
    /// Rows of persons that are in force there: latest DTKS, lists, proposals of the latest periode.
    pub baris: i64,
    /// Of these, with a NIK that is right.
    pub nik_valid: i64,
    /// With a NIK that is wrong.
    pub nik_salah: i64,
    /// Without a NIK.
    pub nik_kosong: i64,
    /// With a KK number that is right.
    pub kk_valid: i64,
    /// With a KK number that is wrong.
    pub kk_salah: i64,
    /// Without a KK number.
    pub kk_kosong: i64,
    /// Findings of level PERINGATAN.
    pub peringatan: i64,
    /// Findings of level GALAT.
    pub galat: i64,
    /// The most frequent rule among them.
    pub aturan_terbanyak: Option<String>,
}

/// Rows that were set aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineLine {
    /// The file.
    pub berkas: String,
    /// The sheet.
    pub lembar: String,
    /// Why.
    pub alasan: String,
    /// Rows.
    pub jumlah: i64,
    /// The first line.
    pub baris_pertama: i64,
}

/// What changed since the release before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// That release.
    pub rilis_sebelumnya: String,
    /// When it was made.
    pub waktu_sebelumnya: String,
    /// Rows of the marts.
    pub mart: Vec<Change>,
    /// Rows of the sources.
    pub sumber: Vec<Change>,
    /// Findings by rule.
    pub aturan: Vec<Change>,
    /// Files that are new or no longer count.
    pub berkas_baru: Vec<String>,
    /// Files that no longer count.
    pub berkas_lepas: Vec<String>,
}

/// A figure before and now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of what.
    pub nama: String,
    /// Before.
    pub sebelum: i64,
    /// Now.
    pub sekarang: i64,
}

/// The quality of the release in `folder`; `None` where it has none that can be read.
pub fn previous_quality(folder: &Path) -> Option<Quality> {
    let text = std::fs::read_to_string(folder.join("kualitas.json")).ok()?;
    serde_json::from_str(&text).ok()
}
