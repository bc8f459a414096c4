//! What `validate` tells of each file: plain data, printed by `cli`.

use crate::stage::Refusal;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of a file or a piece of it; the gravest last.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It keeps its contract.
    Diterima,
    /// It keeps its contract, and some rows need a person.
    Peringatan,
    /// No pipeline knows it.
    Lain,
    /// It breaks its contract, or cannot be read; so it is until it has been looked at.
    #[default]
    Ditolak,
}

/// All files that were checked.
#[derive(Debug, Serialize)]
pub struct Report {
    /// 0, or 3 where a file is refused or unknown (or, if strict, has a finding of level PERINGATAN).
    pub kode_keluar: u8,
    /// Do warnings fail?
    pub ketat: bool,
    /// The files, in the order of their names.
    pub berkas: Vec<FileReport>,
}

/// A file; a zip is one delivery of several pieces.
#[derive(Debug, Serialize)]
pub struct FileReport {
    /// The path as it was found.
    pub jalur: String,
    /// Its own name.
    pub nama: String,
    /// The gravest verdict of its pieces.
    pub hasil: Verdict,
    /// Why the file as a whole cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penolakan: Option<Refusal>,
    /// Members that are ignored, and other things to tell.
    pub catatan: Vec<String>,
    /// What is in it.
    pub bagian: Vec<PieceReport>,
}

/// A loose file, or a member of a zip.
#[derive(Debug, Default, Serialize)]
pub struct PieceReport {
    /// Name of the member, where the file is a zip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anggota: Option<String>,
    /// What became of it.
    pub hasil: Verdict,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penolakan: Option<Refusal>,
    /// Its source, or the one that it comes closest to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sumber: Option<String>,
    /// What a person calls the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judul_sumber: Option<String>,
    /// Why it is that source, or why it is none.
    pub alasan: Vec<String>,
    /// All sources by how well they fit.
    pub calon: Vec<CandidateReport>,
    /// What the bytes are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Delimiter of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pemisah: Option<char>,
    /// Encoding of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pengkodean: Option<String>,
    /// The penetapan, month or stage that its name tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periode: Option<String>,
    /// The district that it was checked against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kabupaten: Option<DistrictReport>,
    /// Its sheets with a header.
    pub lembar: Vec<SheetReport>,
    /// Names of sheets without one.
    pub lembar_dilewati: Vec<String>,
    /// Where no header was found: the row of each sheet that comes closest to one.
    pub judul_terdekat: Vec<ClosestRow>,
    /// Its rows; none where it is refused before all of them were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baris: Option<BalanceReport>,
    /// What it corrects, where it is a sheet of `temuan ekspor` that comes home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub koreksi: Option<CorrectionReport>,
    /// Rows by status of the NIK.
    pub status_nik: BTreeMap<String, u64>,
    /// Rows by status of the KK number.
    pub status_kk: BTreeMap<String, u64>,
    /// Rows with findings by level.
    pub temuan_per_tingkat: BTreeMap<String, u64>,
    /// Findings by rule and column, the most frequent first.
    pub temuan: Vec<FindingReport>,
    /// A pipeline file that teaches headings which were not understood, ready to paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saran_toml: Option<String>,
    /// What to do with it, where it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saran: Option<String>,
}

/// A source that was weighed.
#[derive(Debug, Serialize)]
pub struct CandidateReport {
    /// The source.
    pub sumber: String,
    /// Its word in the name of the file or the zip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kata_nama: Option<String>,
    /// Its score: columns that it understands.
    pub kolom: usize,
    /// Required columns that are missing; `a or b` where one of them will do.
    pub wajib_tidak_ada: Vec<String>,
}

/// The district that a piece was checked against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictReport {
    /// BPS codes.
    pub kode: Vec<String>,
    /// Where they come from: `option`, `workspace`, `file`, `default`.
    pub asal: &'static str,
}

/// A sheet and its header.
#[derive(Debug, Serialize)]
pub struct SheetReport {
    /// Its name; empty for text.
    pub nama: String,
    /// Line of the header.
    pub baris_judul: u64,
    /// Rows that could be the header, the best first.
    pub calon_judul: Vec<HeaderRowReport>,
    /// Columns and the headings that feed them.
    pub kolom: Vec<MappedColumn>,
    /// Headings that mean nothing to the source.
    pub diabaikan: Vec<String>,
    /// Headings that mean what another one already means.
    pub bersaing: Vec<MappedColumn>,
    /// Required columns that are missing.
    pub wajib_tidak_ada: Vec<MissingColumn>,
}

/// A row that could be the header.
#[derive(Debug, Serialize)]
pub struct HeaderRowReport {
    /// Its line.
    pub baris: u64,
    /// Columns that it maps.
    pub kolom: usize,
    /// Has it all required ones?
    pub lengkap: bool,
}

/// A row of a sheet without a header.
#[derive(Debug, Serialize)]
pub struct ClosestRow {
    /// The sheet; empty for text.
    pub lembar: String,
    /// Line of the row.
    pub baris: u64,
    /// Columns that it maps.
    pub kolom: usize,
}

/// A column and a heading.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct MappedColumn {
    /// Column of the warehouse.
    pub kolom: String,
    /// Heading as it stands in the file.
    pub judul: String,
}

/// A required column that is missing.
#[derive(Debug, Serialize)]
pub struct MissingColumn {
    /// The column; `a or b` where one of them will do.
    pub kolom: String,
    /// Headings by which it is known.
    pub judul_dikenal: Vec<String>,
    /// Headings of the file that come close.
    pub mirip: Vec<CloseHeading>,
}

/// A heading that may mean a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CloseHeading {
    /// The column that it may mean.
    pub kolom: String,
    /// Heading as it stands in the file.
    pub judul: String,
    /// Likeness of the names (Jaro-Winkler), 0 to 1.
    pub kemiripan: f64,
    /// Do the values below it look like those of the column?
    pub isi_cocok: bool,
}

/// Rows read = kept + quarantined + skipped. Rows that are one are merged later, by a run.
#[derive(Debug, Default, Serialize)]
pub struct BalanceReport {
    /// Rows that are not blank.
    pub dibaca: u64,
    /// Rows of data.
    pub disimpan: u64,
    /// Rows in quarantine.
    pub karantina: u64,
    /// Rows in quarantine by reason.
    pub karantina_per_alasan: BTreeMap<String, u64>,
    /// Rows that are no data, by reason.
    pub dilewati: BTreeMap<String, u64>,
}

/// A sheet that corrects rows.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionReport {
    /// Corrected rows.
    pub baris: u64,
    /// Of these, by sheet.
    pub lembar: BTreeMap<String, u64>,
    /// Rows whose line is in the lake; `None` without a workspace to look in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cocok: Option<u64>,
}

/// Findings of one rule in one column.
#[derive(Debug, Clone, Serialize)]
pub struct FindingReport {
    /// The rule.
    pub aturan: String,
    /// Its level.
    pub tingkat: String,
    /// The column; empty where it is about whole rows or sheets.
    pub kolom: String,
    /// Rows.
    pub jumlah: u64,
    /// What it means, in Indonesian.
    pub pesan: String,
    /// A few of the places.
    pub contoh: Vec<Example>,
}

/// A place where a finding stands.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// Sheet; empty for text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lembar: String,
    /// Line as a person counts it.
    pub baris: u64,
    /// The value, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nilai: Option<String>,
}
