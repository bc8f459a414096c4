//! What a profile says; its JSON is these types.

use serde::Serialize;
use std::collections::BTreeMap;

/// The profile of a target.
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// What was named.
    pub sasaran: String,
    /// What that is.
    pub jenis: TargetKind,
    /// Are values of personal columns in it?
    pub data_pribadi: bool,
    /// One for each table: of a zip each member, of a workbook each sheet.
    pub tabel: Vec<TableProfile>,
    /// What was passed over, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub catatan: Vec<String>,
}

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A file outside the lake.
    Berkas,
    /// A file of the lake.
    Lake,
    /// A table or view of the warehouse.
    Tabel,
    /// A mart.
    Mart,
}

/// The profile of a table.
#[derive(Debug, Clone, Serialize)]
pub struct TableProfile {
    /// Its name: that of the file, member and sheet, or of the table.
    pub nama: String,
    /// The source that its columns tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sumber: Option<String>,
    /// Line of the headings, as a person counts it; none where the file has no headings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baris_judul: Option<u64>,
    /// Rows.
    pub baris: u64,
    /// Rows that could not be read and are not counted in `baris`.
    pub baris_rusak: u64,
    /// Rows that repeat an earlier one (running numbers do not count).
    pub baris_ganda: u64,
    /// Filled cells outside the columns that have a heading.
    pub sel_di_luar: u64,
    /// Its columns.
    pub kolom: Vec<ColumnProfile>,
    /// Columns that are missing together (phi above zero) or in place of each other (below), the strongest first.
    pub korelasi_kosong: Vec<MissingPair>,
}

impl TableProfile {
    /// Share of the cells that are missing.
    pub fn missing_share(&self) -> f64 {
        let missing: u64 = self.kolom.iter().map(|column| column.kosong).sum();
        share(missing, self.baris * self.kolom.len() as u64)
    }
}

/// A part of a whole; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The profile of a column.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnProfile {
    /// Its name, or its heading.
    pub nama: String,
    /// The column of the warehouse that it feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kolom_gudang: Option<String>,
    /// What its values look like.
    pub tipe: ColumnType,
    /// The type that the table gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tipe_tabel: Option<String>,
    /// Filled values that do not look like `tipe`.
    pub tidak_sesuai: u64,
    /// How its values may be shown.
    pub kelas: Kelas,
    /// Why.
    pub alasan: ClassReason,
    /// Are its values shown here?
    pub ditampilkan: bool,
    /// Filled cells.
    pub terisi: u64,
    /// Missing cells: blank, or a word for nothing.
    pub kosong: u64,
    /// Words for nothing that stand in missing cells.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kata_kosong: BTreeMap<String, u64>,
    /// Filled cells with blanks at their edges.
    pub berspasi: u64,
    /// Different values.
    pub berbeda: u64,
    /// Filled cells that repeat an earlier one.
    pub ganda: u64,
    /// Different values that stand more than once.
    pub nilai_berulang: u64,
    /// Values that stand more than once, the most frequent first.
    pub tersering: Vec<Frequent>,
    /// Figures of numbers and dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ukuran: Option<Measures>,
    /// Lengths of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panjang: Option<Lengths>,
    /// Different patterns.
    pub jumlah_pola: u64,
    /// The most frequent patterns: 9 a digit, A a letter, `9{16}` sixteen digits.
    pub pola: Vec<Frequent>,
}

impl ColumnProfile {
    /// Do its patterns say more than its values? Not where a few values are all there is, or where hardly two are alike.
    pub fn has_telling_patterns(&self) -> bool {
        let few_values = self.ditampilkan && self.berbeda <= 20 && !self.tersering.is_empty();
        let common = self
            .pola
            .first()
            .is_some_and(|pattern| pattern.jumlah * 100 >= self.terisi);
        common && !few_values
    }
}

/// A value, or where it may not be shown its pattern, and how often it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frequent {
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nilai: Option<String>,
    /// Its pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pola: Option<String>,
    /// How often.
    pub jumlah: u64,
}

/// What the values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Nothing is filled.
    Kosong,
    /// Sixteen digits: NIK, KK.
    #[serde(rename = "nomor_16_angka")]
    Nomor16,
    /// Digits that are no quantity.
    Kode,
    /// Whole numbers.
    BilanganBulat,
    /// Numbers.
    Bilangan,
    /// Dates.
    Tanggal,
    /// Yes or no.
    YaTidak,
    /// Text.
    Teks,
}

/// How the values of a column may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kelas {
    /// Personal.
    Pribadi,
    /// Leads to a person or household.
    Pseudonim,
    /// Anybody's.
    Umum,
}

/// Why a column has its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassReason {
    /// The sheet of the model says so.
    LembarModel,
    /// The pipeline maps its heading.
    JudulDikenal,
    /// Words of its heading.
    KataJudul,
    /// Its values look like that.
    Isi,
}

/// Figures of numbers (dates as days).
#[derive(Debug, Clone, Serialize)]
pub struct Measures {
    /// Values that could be read as a number or date.
    pub terbaca: u64,
    /// The figures; none where they may not be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sebaran: Option<Spread>,
    /// Values outside the fences of Tukey.
    pub pencilan: Outliers,
    /// Counts by equal steps from the least to the greatest value; empty where they may not be shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub histogram: Vec<Bin>,
}

/// Where values lie.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// Least.
    pub min: Extent,
    /// Greatest.
    pub maks: Extent,
    /// Mean.
    pub rata_rata: Extent,
    /// Median.
    pub median: Extent,
    /// Standard deviation of a sample (of dates in days); none for a single value.
    pub simpangan_baku: Option<f64>,
    /// 5th percentile.
    pub p5: Extent,
    /// 25th percentile.
    pub p25: Extent,
    /// 75th percentile.
    pub p75: Extent,
    /// 95th percentile.
    pub p95: Extent,
}

/// A number, or a day as `2020-10-31`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Extent {
    /// A number.
    Number(f64),
    /// A day.
    Date(String),
    /// A number as long as an identity number: not shown.
    Hidden,
}

/// Values more than one and a half interquartile ranges away from the middle half.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outliers {
    /// Below the lower fence.
    pub bawah: u64,
    /// Above the upper fence.
    pub atas: u64,
    /// The lower fence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batas_bawah: Option<Extent>,
    /// The upper fence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batas_atas: Option<Extent>,
}

/// A step of a histogram.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// From here on.
    pub dari: Extent,
    /// Up to here.
    pub sampai: Extent,
    /// Values.
    pub jumlah: u64,
}

/// Lengths of text in characters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lengths {
    /// Shortest.
    pub min: u64,
    /// Longest.
    pub maks: u64,
    /// Mean.
    pub rata_rata: f64,
    /// Length (60 stands for 60 and more) and how often.
    pub sebaran: Vec<(u64, u64)>,
}

/// Two columns and how their missing cells go together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissingPair {
    /// One column.
    pub kolom_a: String,
    /// The other.
    pub kolom_b: String,
    /// Phi: 1 always missing together, -1 always one of the two.
    pub phi: f64,
    /// Rows in which both are missing.
    pub kosong_bersama: u64,
}
