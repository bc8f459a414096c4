//! From a row of a mart back to the lines that it came from: file, sheet, line, raw values, findings, models.
//!
//! Which rows a mart row comes from stands in `sql/telusur/<mart>.sql`: a query over the tables of the release, in which
//! `baris` is the row of the mart.

mod key;
mod lineage;
mod mask;
mod raw;

pub use key::MartKey;
pub use lineage::passed;
pub use mask::masked;
pub use raw::{RawCell, RawLines, column_of, existing_lines, read_lines};

use crate::lake::Correction;
use crate::run::{Project, RunError};
use crate::warehouse::{Model, ReleaseReader, TextRow, quote};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a trace is to show.
#[derive(Debug, Clone, Copy)]
pub struct TraceOptions {
    /// Lines that are shown; the others are counted.
    pub limit: usize,
    /// Show personal values as they are.
    pub personal: bool,
}

/// Where a row of a mart came from.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// The mart.
    pub mart: String,
    /// The row itself, masked unless personal values are shown.
    pub baris: BTreeMap<String, Option<String>>,
    /// How many lines of which kind it came from.
    pub asal_menurut_peran: Vec<Role>,
    /// The lines, as many as are shown.
    pub asal: Vec<Origin>,
}

/// How many lines have a part in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Their part.
    pub peran: String,
    /// Their table.
    pub tabel: String,
    /// How many.
    pub jumlah: i64,
    /// The SQL models that they passed, in the order in which they run.
    pub model: Vec<String>,
}

/// A line that a row came from.
#[derive(Debug, Clone, Serialize)]
pub struct Origin {
    /// Its part.
    pub peran: String,
    /// Its table.
    pub tabel: String,
    /// Id of the file or member.
    pub id_berkas: String,
    /// The file.
    pub berkas: String,
    /// The member of the zip.
    pub anggota: Option<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// When it came, UTC.
    pub waktu_masuk: String,
    /// The sheet.
    pub lembar: String,
    /// The line as a person counts it.
    pub nomor_baris: u64,
    /// The row that counts in its place, where it was merged as a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digabung_ke: Option<Kept>,
    /// The cells as they stand in the raw file.
    pub isi: Vec<RawCell>,
    /// Findings on that line.
    pub temuan: Vec<Touched>,
    /// Corrected sheets that named it, the latest last.
    pub koreksi: Vec<Correction>,
}

/// The row that counts in place of a duplicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its file, or member of a zip.
    pub berkas: String,
    /// Its sheet.
    pub lembar: String,
    /// Its line.
    pub nomor_baris: u64,
}

/// A rule that touched a line.
#[derive(Debug, Clone, Serialize)]
pub struct Touched {
    /// The rule.
    pub aturan: String,
    /// Its level.
    pub tingkat: String,
    /// The column.
    pub kolom: String,
    /// The value, masked.
    pub nilai: Option<String>,
    /// What is the matter.
    pub pesan: String,
}

/// Traces one row of a mart. `raw` reads the lines of the lake.
///
/// # Errors
/// [`RunError`] where the key names no row or several, or a file cannot be read.
pub fn trace(
    reader: &ReleaseReader,
    project: &Project,
    raw: &RawLines<'_>,
    mart: &Model,
    key: &MartKey,
    options: TraceOptions,
) -> Result<Trace, RunError> {
    let query = format!("telusur/{}.sql", mart.name);
    let Some(sql) = project.bundle.sql.get(&query) else {
        return Err(RunError::Usage(format!(
            "`{}` cannot be traced: there is no `sql/{query}` that says what its rows come from",
            mart.name
        )));
    };
    let row = the_row(reader, mart, key)?;
    for name in marts_named(sql, project) {
        reader.attach_mart(&name)?;
    }
    reader.run(&format!("trace by `sql/{query}`"), &origins(sql))?;
    let mut asal = shown(reader, options.limit)?;
    raw.fill(&mut asal, options.personal)?;
    let shown_row = mart.columns.iter().zip(row).map(|(column, value)| {
        let value = value.map(|value| {
            if options.personal {
                value
            } else {
                masked(&column.name, &column.class, &value)
            }
        });
        (column.name.clone(), value)
    });
    Ok(Trace {
        mart: mart.name.clone(),
        baris: shown_row.collect(),
        asal_menurut_peran: roles(reader, project, &mart.name)?,
        asal,
    })
}

/// `asal`: the lines that the query names, and after each kind of them those that were merged into one of them.
fn origins(sql: &str) -> String {
    format!(
        "CREATE OR REPLACE TEMP TABLE asal AS \
         WITH dipakai AS (SELECT DISTINCT urutan, peran, tabel, CAST(id_berkas AS VARCHAR) AS id_berkas, \
         CAST(lembar AS VARCHAR) AS lembar, nomor_baris FROM ({sql}) WHERE id_berkas IS NOT NULL) \
         SELECT urutan, peran, tabel, id_berkas, lembar, nomor_baris, CAST(NULL AS VARCHAR) AS id_berkas_dipakai, \
         CAST(NULL AS VARCHAR) AS lembar_dipakai, CAST(NULL AS BIGINT) AS nomor_baris_dipakai FROM dipakai \
         UNION ALL \
         SELECT DISTINCT a.urutan, a.peran || ', digabung', a.tabel, d.id_berkas, d.lembar, d.nomor_baris, d.id_berkas_dipakai, \
         d.lembar_dipakai, d.nomor_baris_dipakai FROM baris_digabung AS d INNER JOIN dipakai AS a ON a.tabel = d.tabel \
         AND a.id_berkas = d.id_berkas_dipakai AND coalesce(a.lembar, '') = coalesce(d.lembar_dipakai, '') \
         AND a.nomor_baris = d.nomor_baris_dipakai"
    )
}

/// The row that the key names, which stands as `baris` afterwards.
fn the_row(reader: &ReleaseReader, mart: &Model, key: &MartKey) -> Result<TextRow, RunError> {
    reader.attach_mart(&mart.name)?;
    let sql = format!(
        "CREATE OR REPLACE TEMP TABLE baris AS SELECT * FROM {} WHERE {}",
        mart.name,
        key.condition()
    );
    reader.run("find the row of the mart", &sql)?;
    let mut rows = reader.rows("find the row of the mart", "SELECT * FROM baris")?;
    match (rows.pop(), rows.len()) {
        (Some(row), 0) => Ok(row),
        (None, _) => Err(RunError::Usage(format!(
            "`{}` has no row with this key; its key is {}",
            mart.name,
            mart.key.join(", ")
        ))),
        (Some(_), more) => Err(RunError::Usage(format!(
            "{} rows of `{}` have this key; name one by {}",
            more + 1,
            mart.name,
            mart.key.join(", ")
        ))),
    }
}

/// The other marts that the query reads.
fn marts_named(sql: &str, project: &Project) -> Vec<String> {
    let words: BTreeSet<&str> = sql
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .collect();
    let marts = project.models.of(crate::warehouse::Materialized::Mart);
    marts
        .filter(|mart| words.contains(mart.name.as_str()))
        .map(|mart| mart.name.clone())
        .collect()
}

fn roles(reader: &ReleaseReader, project: &Project, mart: &str) -> Result<Vec<Role>, RunError> {
    let sql = "SELECT peran, tabel, count(*) AS jumlah FROM asal GROUP BY peran, tabel ORDER BY min(urutan), peran";
    let rows = reader.rows("count the lines of the trace", sql)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || cells.next().unwrap_or_default();
            let (peran, tabel) = (next(), next());
            Role {
                model: passed(&project.models, &tabel, mart),
                peran,
                tabel,
                jumlah: next().parse().unwrap_or(0),
            }
        })
        .collect())
}

fn shown(reader: &ReleaseReader, limit: usize) -> Result<Vec<Origin>, RunError> {
    let sql = format!(
        "SELECT a.peran, a.tabel, a.id_berkas, s.nama_berkas, s.anggota, s.sha256, s.waktu_masuk, coalesce(a.lembar, '') AS lembar, \
         a.nomor_baris, coalesce(p.anggota, p.nama_berkas), coalesce(a.lembar_dipakai, ''), a.nomor_baris_dipakai FROM asal AS a \
         LEFT JOIN sumber_berkas AS s ON s.id_berkas = a.id_berkas AND s.tabel = a.tabel \
         LEFT JOIN sumber_berkas AS p ON p.id_berkas = a.id_berkas_dipakai AND p.tabel = a.tabel \
         ORDER BY a.urutan, a.peran, s.urutan, a.lembar, a.nomor_baris LIMIT {limit}"
    );
    let mut origins = Vec::new();
    for row in reader.rows("lines of the trace", &sql)? {
        let mut cells = row.into_iter();
        let mut next = || cells.next().flatten();
        let mut origin = Origin {
            peran: next().unwrap_or_default(),
            tabel: next().unwrap_or_default(),
            id_berkas: next().unwrap_or_default(),
            berkas: next().unwrap_or_default(),
            anggota: next(),
            sha256: next().unwrap_or_default(),
            waktu_masuk: next().unwrap_or_default(),
            lembar: next().unwrap_or_default(),
            nomor_baris: next().and_then(|line| line.parse().ok()).unwrap_or(0),
            digabung_ke: merged_into(next(), next(), next()),
            isi: Vec::new(),
            temuan: Vec::new(),
            koreksi: Vec::new(),
        };
        origin.temuan = touched(reader, &origin)?;
        origins.push(origin);
    }
    Ok(origins)
}

/// File, sheet and line of the row that counts instead.
fn merged_into(file: Option<String>, sheet: Option<String>, line: Option<String>) -> Option<Kept> {
    Some(Kept {
        nomor_baris: line?.parse().ok()?,
        berkas: file.unwrap_or_default(),
        lembar: sheet.unwrap_or_default(),
    })
}

fn touched(reader: &ReleaseReader, origin: &Origin) -> Result<Vec<Touched>, RunError> {
    let sql = format!(
        "SELECT aturan, tingkat, kolom, nilai, pesan FROM kualitas_temuan \
         WHERE id_berkas = {} AND coalesce(lembar, '') = {} AND nomor_baris = {} ORDER BY kolom, aturan",
        quote(&origin.id_berkas),
        quote(&origin.lembar),
        origin.nomor_baris
    );
    let rows = reader.rows("findings of a line", &sql)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().flatten();
            Touched {
                aturan: next().unwrap_or_default(),
                tingkat: next().unwrap_or_default(),
                kolom: next().unwrap_or_default(),
                nilai: next(),
                pesan: next().unwrap_or_default(),
            }
        })
        .collect())
}
