//! Findings of a release as a list, narrowed to what someone asks for.

use super::advice::what_to_do;
use crate::warehouse::{ReleaseReader, TextRow, WarehouseError, quote};
use serde::Serialize;

/// What someone asks for; `None` asks for all.
#[derive(Debug, Clone, Default)]
pub struct FindingFilter {
    /// Id of a rule.
    pub aturan: Option<String>,
    /// A source.
    pub sumber: Option<String>,
    /// Name or code of a kecamatan.
    pub kecamatan: Option<String>,
    /// Name or code of a desa.
    pub desa: Option<String>,
    /// A level.
    pub tingkat: Option<String>,
}

impl FindingFilter {
    /// The condition on `kualitas_temuan_wilayah`.
    pub fn condition(&self) -> String {
        let mut all = vec!["true".to_owned()];
        if let Some(rule) = &self.aturan {
            all.push(format!("aturan = {}", quote(&rule.to_uppercase())));
        }
        if let Some(source) = &self.sumber {
            all.push(format!("sumber = {}", quote(&source.to_lowercase())));
        }
        if let Some(level) = &self.tingkat {
            all.push(format!("tingkat = {}", quote(&level.to_uppercase())));
        }
        for (column, value) in [("kecamatan", &self.kecamatan), ("desa", &self.desa)] {
            if let Some(value) = value {
                let value = quote(&value.trim().to_uppercase());
                all.push(format!("(upper({column}) = {value} OR kode_{column} = {value})"));
            }
        }
        all.join(" AND ")
    }

    /// What is asked for and not there at all, more likely a slip than nothing found: its kind, its name, and what it may be.
    ///
    /// # Errors
    /// [`WarehouseError`] where the warehouse cannot be asked.
    pub fn unknown(&self, reader: &ReleaseReader) -> Result<Option<(&'static str, String, String)>, WarehouseError> {
        let known = [
            (
                "rule",
                &self.aturan,
                "SELECT id FROM ref_aturan_temuan",
                "`bansos360 docs --bagian temuan` lists them",
            ),
            (
                "source",
                &self.sumber,
                "SELECT sumber AS id FROM sumber_berkas",
                "there are {}",
            ),
        ];
        for (kind, asked, sql, advice) in known {
            let Some(name) = asked else { continue };
            let rows = reader.rows(
                "look up what is asked for",
                &format!("SELECT DISTINCT id FROM ({sql}) ORDER BY id"),
            )?;
            let ids: Vec<String> = rows.into_iter().flatten().flatten().collect();
            if !ids.iter().any(|id| id.eq_ignore_ascii_case(name)) {
                return Ok(Some((kind, name.clone(), advice.replace("{}", &ids.join(", ")))));
            }
        }
        self.unknown_place(reader)
    }

    fn unknown_place(&self, reader: &ReleaseReader) -> Result<Option<(&'static str, String, String)>, WarehouseError> {
        for (column, value) in [("kecamatan", &self.kecamatan), ("desa", &self.desa)] {
            let Some(value) = value else { continue };
            let wanted = quote(&value.trim().to_uppercase());
            let sql = format!(
                "SELECT 1 AS ada FROM ref_kode_wilayah WHERE upper({column}) = {wanted} OR kode_{column} = {wanted} LIMIT 1"
            );
            if reader.rows("look up a place", &sql)?.is_empty() {
                let advice = "write the official name or its BPS code".to_owned();
                return Ok(Some((column, value.clone(), advice)));
            }
        }
        Ok(None)
    }
}

/// A finding with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FindingRow {
    /// Level.
    pub tingkat: String,
    /// Rule.
    pub aturan: String,
    /// Source.
    pub sumber: String,
    /// File or member.
    pub berkas: String,
    /// Sheet.
    pub lembar: String,
    /// Line as a person counts it.
    pub baris: Option<i64>,
    /// Column.
    pub kolom: String,
    /// Value, masked.
    pub nilai: String,
    /// What is the matter.
    pub pesan: String,
    /// What to do.
    pub tindakan: String,
    /// Kecamatan of the row.
    pub kecamatan: String,
    /// Desa of the row.
    pub desa: String,
    /// Its code.
    pub kode_desa: String,
    /// Rows that it stands for.
    pub jumlah: i64,
}

/// Headings of a list of findings, in the order of [`FindingRow::cells`].
pub const FINDING_COLUMNS: [&str; 14] = [
    "tingkat",
    "aturan",
    "sumber",
    "berkas",
    "lembar",
    "baris",
    "kolom",
    "nilai",
    "pesan",
    "tindakan",
    "kecamatan",
    "desa",
    "kode_desa",
    "jumlah",
];

impl FindingRow {
    /// Its cells as text.
    pub fn cells(&self) -> Vec<String> {
        vec![
            self.tingkat.clone(),
            self.aturan.clone(),
            self.sumber.clone(),
            self.berkas.clone(),
            self.lembar.clone(),
            self.baris.map_or_else(String::new, |line| line.to_string()),
            self.kolom.clone(),
            self.nilai.clone(),
            self.pesan.clone(),
            self.tindakan.clone(),
            self.kecamatan.clone(),
            self.desa.clone(),
            self.kode_desa.clone(),
            self.jumlah.to_string(),
        ]
    }
}

/// The findings that are asked for, the gravest first, then in the order of the files; at most `limit` where one is given.
///
/// # Errors
/// [`WarehouseError`] where the warehouse cannot be asked.
pub fn list(
    reader: &ReleaseReader,
    filter: &FindingFilter,
    limit: Option<usize>,
) -> Result<Vec<FindingRow>, WarehouseError> {
    let limit = limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
    let sql = format!(
        "SELECT tingkat, aturan, sumber, CASE WHEN sumber_data = nama_berkas THEN nama_berkas \
         ELSE concat_ws(' › ', nama_berkas, sumber_data) END AS berkas, lembar, nomor_baris, kolom, nilai, pesan, kecamatan, desa, kode_desa, jumlah \
         FROM kualitas_temuan_wilayah WHERE {} \
         ORDER BY CASE tingkat WHEN 'GALAT' THEN 1 WHEN 'PERINGATAN' THEN 2 ELSE 3 END, nama_berkas, sumber_data, id_berkas, lembar, \
         nomor_baris NULLS LAST, kolom, aturan, nilai{limit}",
        filter.condition()
    );
    Ok(reader.rows("list findings", &sql)?.into_iter().map(finding).collect())
}

fn finding(row: TextRow) -> FindingRow {
    let mut cells = row.into_iter();
    let mut next = || cells.next().flatten();
    let mut found = FindingRow {
        tingkat: next().unwrap_or_default(),
        aturan: next().unwrap_or_default(),
        sumber: next().unwrap_or_default(),
        berkas: next().unwrap_or_default(),
        lembar: next().unwrap_or_default(),
        baris: next().and_then(|line| line.parse().ok()),
        kolom: next().unwrap_or_default(),
        nilai: next().unwrap_or_default(),
        pesan: next().unwrap_or_default(),
        tindakan: String::new(),
        kecamatan: next().unwrap_or_default(),
        desa: next().unwrap_or_default(),
        kode_desa: next().unwrap_or_default(),
        jumlah: next().and_then(|rows| rows.parse().ok()).unwrap_or(0),
    };
    what_to_do(&found.aturan).clone_into(&mut found.tindakan);
    found
}

/// Rows by level and rule with their sources, the gravest and most frequent first.
///
/// # Errors
/// [`WarehouseError`] where the warehouse cannot be asked.
pub fn count_by_rule(reader: &ReleaseReader, filter: &FindingFilter) -> Result<Vec<TextRow>, WarehouseError> {
    let sql = format!(
        "SELECT tingkat, aturan, string_agg(DISTINCT sumber, ', ' ORDER BY sumber) AS sumber, CAST(sum(jumlah) AS BIGINT) AS jumlah \
         FROM kualitas_temuan_wilayah WHERE {} GROUP BY tingkat, aturan \
         ORDER BY CASE tingkat WHEN 'GALAT' THEN 1 WHEN 'PERINGATAN' THEN 2 ELSE 3 END, jumlah DESC, aturan",
        filter.condition()
    );
    reader.rows("count findings", &sql)
}
