//! The catalogue entry of a stored file: `entry.json` beside its bytes.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The source of a file that no pipeline knows.
pub const OTHER: &str = "lain";

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its name when it came.
    pub nama: String,
    /// Bytes.
    pub ukuran: u64,
    /// The source folder: a source, `dtks` for a delivery of RT and ART, `lain`.
    pub sumber: String,
    /// The periode folder: `2020-10`, `tahap-3`, `tanpa-periode`.
    pub periode: String,
    /// When it came, UTC, to the microsecond.
    pub waktu_masuk: String,
    /// Where it came from, relative to what was named; decides the order of files that came together.
    pub jalur: String,
    /// What is in it.
    pub bagian: Vec<Piece>,
    /// Members that no pipeline knows, and other things to tell.
    #[serde(default)]
    pub catatan: Vec<String>,
    /// Where its bytes are; not part of the file.
    #[serde(skip)]
    pub path: PathBuf,
}

/// A recognised piece of a stored file: the file itself, or a member of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Index of the member in its zip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indeks: Option<usize>,
    /// Name of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anggota: Option<String>,
    /// Its source.
    pub sumber: String,
    /// The penetapan it belongs to (DTKS, proposals).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periode: Option<String>,
    /// The stage that its name tells (lists).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tahap: Option<String>,
    /// The month that its name tells (lists).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periode_bantuan: Option<String>,
}

/// The name of the bytes beside `entry.json`.
pub fn stored_name(name: &str) -> String {
    if name == "entry.json" {
        "entry.json.asli".to_owned()
    } else {
        name.to_owned()
    }
}

impl Entry {
    /// Id of a piece: the first twelve digits of the hash, and the member's index.
    pub fn piece_id(&self, piece: &Piece) -> String {
        let short = self.sha256.get(..12).unwrap_or(&self.sha256);
        match piece.indeks {
            Some(index) => format!("{short}-{index}"),
            None => short.to_owned(),
        }
    }

    /// The name of a piece: the member's, else the file's.
    pub fn piece_name<'a>(&'a self, piece: &'a Piece) -> &'a str {
        let name = piece.anggota.as_deref().unwrap_or(&self.nama);
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }
}

impl Piece {
    /// The folder that its time gives (ruling 44).
    pub fn period_folder(&self) -> String {
        match (&self.periode, &self.periode_bantuan, &self.tahap) {
            (Some(month), _, _) | (None, Some(month), _) => month.clone(),
            (None, None, Some(stage)) => format!("tahap-{stage}"),
            (None, None, None) => "tanpa-periode".to_owned(),
        }
    }
}
