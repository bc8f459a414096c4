//! What became of a piece, in figures: kept beside its staged rows, and read instead of them as long as they stand.

use super::refusal::Refusal;
use super::took::Took;
use crate::files::write_atomic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What became of a piece.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PieceSummary {
    /// Id of the file or member.
    pub id_berkas: String,
    /// The source.
    pub source: String,
    /// Rows read: every row that is not blank, with those that were kept out.
    pub baris_dibaca: u64,
    /// Rows in the staged table.
    pub baris_disimpan: u64,
    /// Households made from the rows of persons (ruling 66).
    #[serde(default)]
    pub rumah_tangga: u64,
    /// Rows in quarantine.
    pub baris_karantina: u64,
    /// Rows that are no data, by reason.
    pub baris_dilewati: BTreeMap<String, u64>,
    /// Findings by level.
    pub temuan: BTreeMap<String, u64>,
    /// Columns of the warehouse that the file has.
    pub kolom: Vec<String>,
    /// Sheets that were read.
    pub lembar: Vec<String>,
    /// Sheets without a header.
    pub lembar_dilewati: Vec<String>,
    /// How text is written.
    pub pemisah: Option<char>,
    /// How text is encoded.
    pub pengkodean: Option<String>,
    /// Staged Parquet by table, relative to the folder.
    pub tabel: BTreeMap<String, String>,
    /// Words of the columns of few different values, by table and column; none for a column with too many.
    #[serde(default)]
    pub kata: BTreeMap<String, BTreeMap<String, Option<Vec<String>>>>,
    /// Sheet and line of corrections that name no line of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub koreksi_tanpa_baris: Vec<(String, u64)>,
    /// Bytes of each file of the folder.
    #[serde(default)]
    pub ukuran: BTreeMap<String, u64>,
    /// How long it took, where it was staged just now; not kept, so that equal files have equal summaries.
    #[serde(skip)]
    pub took: Took,
}

impl PieceSummary {
    /// All rows that are no data.
    pub fn skipped(&self) -> u64 {
        self.baris_dilewati.values().sum()
    }
}

/// Name of the summary in a staged folder.
pub const SUMMARY: &str = "ringkas.json";

/// A refused piece leaves its figures beside its rows, for the person who wants to know what is wrong with it.
pub(super) fn leave_summary(folder: &Path, summary: &PieceSummary) -> Result<(), Refusal> {
    let text = serde_json::to_string(summary).unwrap_or_default();
    write_atomic(&folder.join(SUMMARY), text.as_bytes())
        .map_err(|error| Refusal::new("E0501", format!("cannot write the summary of a staged file: {error}")))
}
