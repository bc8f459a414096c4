//! The catalogue entry of a stored file: `entry.json` beside its bytes.

use super::decision::{Decision, DecisionKind};
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
    /// What has been decided about it since, where that holds; not part of the file.
    #[serde(skip)]
    pub putusan: Vec<Decision>,
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
    /// The first twelve digits of its hash: the name of its folder, and how people name it.
    pub fn short_id(&self) -> &str {
        self.sha256.get(..12).unwrap_or(&self.sha256)
    }

    /// The decision that took this piece out.
    pub fn retraction(&self, piece: &Piece) -> Option<&Decision> {
        let mut retractions = self.decided(DecisionKind::Retract);
        retractions.find(|decision| decision.concerns(piece))
    }

    /// Is the file out as a whole?
    pub fn is_retracted(&self) -> bool {
        let mut retractions = self.decided(DecisionKind::Retract);
        retractions.any(|decision| decision.indeks.is_none())
    }

    /// Are its bytes to be gone? They may still be there where a purge was cut off.
    pub(super) fn is_purged(&self) -> bool {
        self.decided(DecisionKind::Purge).next().is_some()
    }

    /// The decisions of this kind that hold.
    pub fn decided(&self, kind: DecisionKind) -> impl Iterator<Item = &Decision> {
        self.putusan
            .iter()
            .filter(move |decision| decision.putusan.kind() == kind)
    }

    /// Id of a piece: the first twelve digits of the hash, and the member's index.
    pub fn piece_id(&self, piece: &Piece) -> String {
        let short = self.short_id();
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
