//! What readers are told about the marts: `katalog.json` beside them, made from the sheets of the models.

use crate::files::{FileError, failed, hash};
use crate::uji::TestResult;
use crate::warehouse::{Fingerprint, Materialized, Models, SourceFile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// `katalog.json`: what a release holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Katalog {
    /// The run that made it.
    pub run_id: String,
    /// When, in UTC.
    pub waktu: String,
    /// Version of the program.
    pub versi: String,
    /// Fingerprint of everything that it was made from.
    pub sidik: String,
    /// Fingerprint of the inputs alone: the same on another day.
    #[serde(default)]
    pub masukan: String,
    /// The latest periode.
    pub periode_terakhir: Option<String>,
    /// What decided the rows of each table, mart and rule of findings.
    #[serde(default)]
    pub sidik_model: BTreeMap<String, Fingerprint>,
    /// What had been purged from the lake; empty where nothing was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub terhapus: String,
    /// Marts that are behind their sources, since the run was told to leave them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tertinggal: Vec<String>,
    /// The data tests that it has passed, with what was measured.
    #[serde(default)]
    pub uji: Vec<TestResult>,
    /// The marts in their order.
    pub mart: Vec<MartEntry>,
}

/// A mart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MartEntry {
    /// Its name.
    pub nama: String,
    /// Its file, relative to the release.
    pub berkas: String,
    /// What it is, in Indonesian.
    pub keterangan: String,
    /// "one row per …".
    pub butir: String,
    /// Rows.
    pub baris: i64,
    /// Bytes.
    pub ukuran: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Periods of DTKS that it was made from.
    pub periode: Vec<String>,
    /// Files that it was made from.
    pub sumber: Vec<String>,
    /// Its columns.
    pub kolom: Vec<MartColumn>,
}

/// A column of a mart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MartColumn {
    /// Its name.
    pub nama: String,
    /// Its type.
    pub tipe: String,
    /// What it holds, in Indonesian.
    pub keterangan: String,
    /// `pribadi`, `pseudonim` or `umum`.
    pub kelas: String,
}

/// Describes the marts of a release that has been built in `folder`.
///
/// # Errors
/// [`FileError`] where a mart cannot be read.
pub fn describe(
    folder: &Path,
    models: &Models,
    rows: &BTreeMap<String, i64>,
    files: &[SourceFile],
) -> Result<Vec<MartEntry>, FileError> {
    models
        .of(Materialized::Mart)
        .map(|model| {
            let berkas = format!("marts/{}.parquet", model.name);
            let path = folder.join(&berkas);
            let used: Vec<&SourceFile> = files
                .iter()
                .filter(|file| sources_of(models, &model.name).contains(&file.tabel))
                .collect();
            let mut periode: Vec<String> = used
                .iter()
                .filter(|file| file.tabel.starts_with("dtks_") || file.tabel == "usulan_daerah")
                .filter_map(|file| file.periode.clone())
                .collect();
            periode.sort();
            periode.dedup();
            let mut sumber: Vec<String> = used.iter().map(|file| file.nama_berkas.clone()).collect();
            sumber.sort();
            sumber.dedup();
            Ok(MartEntry {
                nama: model.name.clone(),
                keterangan: model.description.clone(),
                butir: model.grain.clone(),
                baris: rows.get(&model.name).copied().unwrap_or(0),
                ukuran: std::fs::metadata(&path).map_err(failed("read", &path))?.len(),
                sha256: hash(&path)?,
                berkas,
                periode,
                sumber,
                kolom: model
                    .columns
                    .iter()
                    .map(|column| MartColumn {
                        nama: column.name.clone(),
                        tipe: column.kind.clone(),
                        keterangan: column.description.clone(),
                        kelas: column.class.clone(),
                    })
                    .collect(),
            })
        })
        .collect()
}

/// The warehouse tables that a mart reads, directly or through other models.
fn sources_of(models: &Models, mart: &str) -> Vec<String> {
    let mut found = vec![mart.to_owned()];
    let mut next = 0;
    while let Some(name) = found.get(next).cloned() {
        next += 1;
        if let Some(model) = models.ordered.iter().find(|model| model.name == name) {
            for read in &model.reads {
                if !found.contains(read) {
                    found.push(read.clone());
                }
            }
        }
    }
    found
}
