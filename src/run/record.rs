//! The record of a run: what it read, did, found and wrote (`runs/<run_id>.json`).

use super::rollback::Rollback;
use crate::lake::Decision;
use crate::mart::Katalog;
use crate::stage::Refusal;
use crate::uji::TestResult;
use crate::warehouse::{GateFailure, ModelPlan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new release was published.
    Published,
    /// Nothing had changed; the release stays.
    Unchanged,
    /// The gate kept the release back.
    KeptBack,
    /// A file was refused and the configuration says to stop.
    Stopped,
    /// There is nothing to build from.
    Empty,
    /// It could not be carried out.
    Failed,
    /// A rehearsal: this is what a run would build.
    Planned,
    /// Files were brought into the lake, and no release was asked for.
    Ingested,
    /// Somebody has pointed `current` to another release.
    RolledBack,
}

impl Outcome {
    /// All that a record can have: what is only planned has none.
    pub const ALL: [Self; 8] = [
        Self::Published,
        Self::Unchanged,
        Self::KeptBack,
        Self::Stopped,
        Self::Empty,
        Self::Failed,
        Self::Ingested,
        Self::RolledBack,
    ];

    /// As it stands in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Unchanged => "unchanged",
            Self::KeptBack => "kept_back",
            Self::Stopped => "stopped",
            Self::Empty => "empty",
            Self::Failed => "failed",
            Self::Ingested => "ingested",
            Self::RolledBack => "rolled_back",
            Self::Planned => "planned",
        }
    }
}

/// The record of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its id.
    pub run_id: String,
    /// Version of the program.
    pub versi: String,
    /// Start, UTC.
    pub mulai: String,
    /// End, UTC.
    pub selesai: String,
    /// Seconds.
    pub detik: f64,
    /// How it ended.
    pub hasil: Outcome,
    /// Exit code.
    pub kode_keluar: u8,
    /// Why there is nothing new, or why nothing was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sebab: Option<String>,
    /// The release that readers open afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rilis: Option<String>,
    /// From which release to which, where somebody has gone back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mundur: Option<Rollback>,
    /// Fingerprint of everything that the release is made from.
    #[serde(default)]
    pub sidik: String,
    /// Files that were brought.
    pub berkas_masuk: Vec<ArrivalRecord>,
    /// Decisions of people about files of the lake that hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub putusan: Vec<Decision>,
    /// Files that count, with what became of their rows.
    pub berkas: Vec<FileRecord>,
    /// Rows of warehouse tables and marts.
    pub baris: BTreeMap<String, i64>,
    /// Findings by level.
    pub temuan: BTreeMap<String, i64>,
    /// Checks that failed.
    pub gerbang: Vec<GateFailure>,
    /// All data tests, with what was measured.
    #[serde(default)]
    pub uji: Vec<TestResult>,
    /// In a rehearsal: rows of the tables now and then, before duplicates are merged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perubahan: Vec<RowChange>,
    /// What became of each model, and why; empty where a run did not come so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rencana: Vec<ModelPlan>,
    /// Steps that had nothing to do, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dilewati: BTreeMap<String, String>,
    /// Seconds by step and model.
    pub langkah: BTreeMap<String, f64>,
    /// The most memory that the process held at once, in bytes, where the system tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memori_puncak: Option<u64>,
    /// Bytes of the files that were brought and not refused.
    #[serde(default)]
    pub byte_masuk: u64,
}

impl RunRecord {
    /// The record of a run that has done nothing yet. `mulai` is its start, UTC.
    pub fn empty(run_id: &str, mulai: String) -> Self {
        Self {
            run_id: run_id.to_owned(),
            versi: env!("CARGO_PKG_VERSION").to_owned(),
            mulai,
            selesai: String::new(),
            detik: 0.0,
            hasil: Outcome::Ingested,
            kode_keluar: 0,
            sebab: None,
            rilis: None,
            mundur: None,
            sidik: String::new(),
            berkas_masuk: Vec::new(),
            putusan: Vec::new(),
            berkas: Vec::new(),
            baris: BTreeMap::new(),
            temuan: BTreeMap::new(),
            gerbang: Vec::new(),
            uji: Vec::new(),
            perubahan: Vec::new(),
            rencana: Vec::new(),
            dilewati: BTreeMap::new(),
            langkah: BTreeMap::new(),
            memori_puncak: None,
            byte_masuk: 0,
        }
    }

    /// The record of a run that was killed after it had published: what the catalogue of its release tells.
    pub(super) fn of_killed(katalog: &Katalog) -> Self {
        let marts = katalog.mart.iter();
        Self {
            versi: katalog.versi.clone(),
            selesai: katalog.waktu.clone(),
            hasil: Outcome::Published,
            sebab: Some("the run was killed after it had published; this record was made from its release".to_owned()),
            rilis: Some(katalog.run_id.clone()),
            sidik: katalog.sidik.clone(),
            baris: marts.map(|mart| (mart.nama.clone(), mart.baris)).collect(),
            uji: katalog.uji.clone(),
            ..Self::empty(&katalog.run_id, katalog.waktu.clone())
        }
    }
}

/// Rows that a run would add to a table and take from it, before duplicates are merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// The table.
    pub tabel: String,
    /// Rows of the release that readers open.
    pub sekarang: i64,
    /// Rows then.
    pub nanti: i64,
    /// Files that begin to count.
    pub bertambah: Vec<String>,
    /// Files that no longer count.
    pub berkurang: Vec<String>,
}

/// A file that was brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ArrivalRecord {
    /// Its name.
    pub nama: String,
    /// `baru`, `sudah_ada`, `lain`, `ditolak`, `hilang` (gone before it was copied); `menunggu` for a file of the inbox that is still
    /// being written.
    pub hasil: String,
    /// Its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sumber: Option<String>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penolakan: Option<Refusal>,
    /// Members that were ignored, and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catatan: Vec<String>,
}

/// A file that counts, for one table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileRecord {
    /// Id of the file or member.
    pub id_berkas: String,
    /// Name of the file.
    pub nama: String,
    /// Name of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anggota: Option<String>,
    /// Its source.
    pub sumber: String,
    /// The table.
    pub tabel: String,
    /// Its periode or stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periode: Option<String>,
    /// Rows read.
    pub dibaca: i64,
    /// Rows in the warehouse.
    pub disimpan: i64,
    /// Rows merged as duplicates.
    pub ganda: i64,
    /// Rows in quarantine.
    pub karantina: i64,
    /// Titles, totals, notes, by reason.
    pub dilewati: BTreeMap<String, u64>,
    /// Findings by level.
    pub temuan: BTreeMap<String, u64>,
}
