//! What stands in the database before any model runs: staged Parquet as views, reference, files, parameters.

use super::WarehouseError;
use super::engine::{SCRATCH, quote, quote_path};
use super::word_type::WordType;
use crate::config::Config;
use crate::lake::Correction;
use crate::pipeline::{Pipelines, RuleKind};
use crate::reference::Reference;
use crate::stage::{MOST_WORDS, StagedSchema};
use crate::temuan::WorkspaceRule;
use crate::wilayah::Wilayah;
use chrono::NaiveDate;
use duckdb::{Appender, Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file, or member of a zip, that counts now; one for each table that it fills.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Id of the file or member.
    pub id_berkas: String,
    /// Its source.
    pub sumber: String,
    /// The table.
    pub tabel: String,
    /// Name of the file.
    pub nama_berkas: String,
    /// Name of the member.
    pub anggota: Option<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Bytes of the file.
    pub ukuran: u64,
    /// The district that its name or folder tells; empty where the workspace has one, or they tell none.
    pub kabupaten: String,
    /// Its periode.
    pub periode: Option<String>,
    /// Its stage.
    pub tahap: Option<String>,
    /// Its place in the order in which files came.
    pub urutan: usize,
    /// When it came, UTC.
    pub waktu_masuk: String,
    /// Rows read, quarantined, skipped.
    pub baris: (u64, u64, u64),
    /// Columns that it has.
    pub kolom: Vec<String>,
    /// Folder of its staged Parquet.
    pub folder: PathBuf,
    /// Rows that are no data, by reason.
    pub dilewati: BTreeMap<String, u64>,
    /// Findings of the reading by level; the release has those of its models, too, and the levels of the workspace.
    pub temuan: BTreeMap<String, u64>,
    /// Sheet and line of corrections for which it has no line.
    pub koreksi_tanpa_baris: Vec<(String, u64)>,
    /// Words of its columns of few different values; none for a column with too many to be told.
    pub kata: BTreeMap<String, Option<Vec<String>>>,
    /// Its staged Parquet for this table, where it has rows for it.
    pub parquet: Option<PathBuf>,
}

/// A column of staged rows, and the type that it gets.
struct StagedColumn<'s> {
    name: &'s str,
    kind: Option<WordType>,
}

/// Makes everything that the models read.
pub(super) struct Loader<'a> {
    pub connection: &'a Connection,
    pub schema: &'a StagedSchema,
}

impl Loader<'_> {
    fn run(&self, what: &str, sql: &str) -> Result<(), WarehouseError> {
        self.connection
            .execute_batch(sql)
            .map_err(WarehouseError::engine(what.to_owned()))
    }

    /// `stg_*`: views over the staged Parquet, or empty relations of the same columns. Columns of few different values get a
    /// type of their own where a table is made of them; of several districts each has a view of its own there, too.
    pub fn staged(
        &self,
        files: &[SourceFile],
        wilayah: &Wilayah,
        is_read: impl Fn(&str) -> bool,
    ) -> Result<(), WarehouseError> {
        let shared = self.shared_types(files, wilayah)?;
        let mut by_table: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
        for file in files.iter().filter(|file| file.parquet.is_some()) {
            by_table.entry(&file.tabel).or_default().push(file);
        }
        for table in self.schema.tables().filter(|table| table.starts_with("stg_")) {
            let Some(found) = by_table.get(table.trim_start_matches("stg_")) else {
                self.run(table, &self.empty_view(table))?;
                continue;
            };
            let typed = is_read(table).then_some(&shared);
            let columns = self.staged_columns(table, found, typed)?;
            self.staged_view(table, &columns, found, &|_| None)?;
            if typed.is_some() {
                for (kabupaten, of_district) in districts(found) {
                    let places = place_words(wilayah, kabupaten);
                    let near = |column: &str| match places.get(column) {
                        Some(places) => Some(places.clone()),
                        None => told_words(column, &of_district),
                    };
                    self.staged_view(&view_of_district(table, kabupaten), &columns, &of_district, &near)?;
                }
            }
        }
        Ok(())
    }

    fn empty_view(&self, table: &str) -> String {
        let columns = self.schema.columns(table).iter();
        let nothing: Vec<String> = columns
            .map(|(name, kind)| format!("CAST(NULL AS {kind}) AS {name}"))
            .collect();
        format!(
            "CREATE VIEW {SCRATCH}.{table} AS SELECT {} WHERE false",
            nothing.join(", ")
        )
    }

    /// `near` tells the words that most rows of these files have in a column.
    fn staged_view<'w>(
        &self,
        view: &str,
        columns: &[StagedColumn<'_>],
        files: &[&SourceFile],
        near: &impl Fn(&str) -> Option<BTreeSet<&'w str>>,
    ) -> Result<(), WarehouseError> {
        let source = staged_rows(files)?;
        let read = columns.iter().map(|StagedColumn { name, kind }| match kind {
            Some(kind) => format!("{} AS {name}", kind.of(name, near(name).as_ref())),
            None => (*name).to_owned(),
        });
        let read: Vec<String> = read.collect();
        self.run(
            view,
            &format!(
                "CREATE VIEW {SCRATCH}.{view} AS SELECT {} FROM {source}",
                read.join(", ")
            ),
        )
    }

    /// The columns of a staged table with their types; `shared` are those that the tables share, where a table is made of these rows.
    fn staged_columns(
        &self,
        table: &str,
        files: &[&SourceFile],
        shared: Option<&BTreeMap<&str, WordType>>,
    ) -> Result<Vec<StagedColumn<'_>>, WarehouseError> {
        let source = staged_rows(files)?;
        let columns = self.schema.columns(table);
        let mut read = Vec::with_capacity(columns.len());
        for (name, _) in columns {
            let kind = match shared {
                Some(_) if self.schema.words(table).contains(name) => self.word_type(table, name, files, &source)?,
                Some(shared) if self.schema.shared(table).contains(name) => shared.get(name.as_str()).cloned(),
                _ => None,
            };
            read.push(StagedColumn { name, kind });
        }
        Ok(read)
    }

    /// A type of the values that a column has, in the order of text, so that it sorts as text does. The values of this table
    /// alone decide it: what another file brings to another table changes no byte here.
    fn word_type(
        &self,
        table: &str,
        column: &str,
        files: &[&SourceFile],
        source: &str,
    ) -> Result<Option<WordType>, WarehouseError> {
        let values = match told_words(column, files) {
            Some(words) => words.into_iter().map(str::to_owned).collect(),
            None => self.distinct(table, column, source)?,
        };
        self.word_type_of(&format!("{table}_{column}"), &values)
    }

    /// The values of a column that some file has too many of to tell them.
    fn distinct(&self, table: &str, column: &str, source: &str) -> Result<Vec<String>, WarehouseError> {
        let fail = || WarehouseError::engine(format!("values of {table}.{column}"));
        let sql = format!("SELECT DISTINCT {column} AS v FROM {source} WHERE {column} IS NOT NULL ORDER BY v");
        let mut statement = self.connection.prepare(&sql).map_err(fail())?;
        statement
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(fail())
    }

    /// Types of the places of the reference and of the periods of DTKS, by column. Neither depends on the rows of a file;
    /// the periods are part of the fingerprint of what has them.
    fn shared_types(
        &self,
        files: &[SourceFile],
        wilayah: &Wilayah,
    ) -> Result<BTreeMap<&'static str, WordType>, WarehouseError> {
        let dtks = files.iter().filter(|file| file.tabel.starts_with("dtks_"));
        let periods: BTreeSet<&str> = dtks.filter_map(|file| file.periode.as_deref()).collect();
        let mut all = place_words(wilayah, "");
        all.insert("periode", periods);
        let mut types = BTreeMap::new();
        for (column, values) in all {
            let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
            types.extend(self.word_type_of(column, &values)?.map(|kind| (column, kind)));
        }
        Ok(types)
    }

    /// A type of these values, which are in the order of text; none where there are none or too many.
    fn word_type_of(&self, name: &str, values: &[String]) -> Result<Option<WordType>, WarehouseError> {
        if values.is_empty() || values.len() > MOST_WORDS {
            return Ok(None);
        }
        let kind = format!("{SCRATCH}.kata_{name}");
        let quoted: Vec<String> = values.iter().map(|value| quote(value)).collect();
        self.run(&kind, &format!("CREATE TYPE {kind} AS ENUM ({})", quoted.join(", ")))?;
        let words = values.iter().cloned().collect();
        Ok(Some(WordType { name: kind, words }))
    }

    /// `CREATE TABLE` with the columns of `sql/staged.toml`.
    fn create(&self, table: &str, is_scratch: bool) -> Result<(), WarehouseError> {
        let columns: Vec<String> = self
            .schema
            .columns(table)
            .iter()
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        let place = if is_scratch {
            format!("{SCRATCH}.")
        } else {
            String::new()
        };
        self.run(table, &format!("CREATE TABLE {place}{table} ({})", columns.join(", ")))
    }

    fn scratch_appender(&self, table: &str) -> duckdb::Result<Appender<'_>> {
        self.connection.appender_to_catalog_and_db(table, SCRATCH, "main")
    }

    /// `sumber_berkas` and `berkas_kolom`.
    pub fn files(&self, files: &[SourceFile]) -> Result<(), WarehouseError> {
        self.create("sumber_berkas", false)?;
        self.create("berkas_kolom", true)?;
        let fail = || WarehouseError::engine("load sumber_berkas");
        let mut rows = self.connection.appender("sumber_berkas").map_err(fail())?;
        let mut columns = self.scratch_appender("berkas_kolom").map_err(fail())?;
        for file in files {
            let waktu = file.waktu_masuk.trim_end_matches('Z').replace('T', " ");
            rows.append_row(params![
                file.id_berkas,
                file.sumber,
                file.tabel,
                file.nama_berkas,
                file.anggota,
                file.sha256,
                signed(file.ukuran),
                file.periode,
                file.tahap,
                i32::try_from(file.urutan).unwrap_or(i32::MAX),
                waktu,
                signed(file.baris.0),
                signed(file.baris.1),
                signed(file.baris.2),
            ])
            .map_err(fail())?;
            for column in &file.kolom {
                columns.append_row(params![file.id_berkas, column]).map_err(fail())?;
            }
        }
        rows.flush().map_err(fail())?;
        columns.flush().map_err(fail())
    }

    /// `ref_*`.
    pub fn reference(
        &self,
        reference: &Reference,
        variants: &str,
        wilayah: &str,
        pipelines: &Pipelines,
    ) -> Result<(), WarehouseError> {
        for table in ["ref_kode_wilayah", "ref_wilayah_varian", "ref_kode", "ref_program"] {
            self.create(table, false)?;
        }
        self.create("ref_aturan", true)?;
        self.load_csv("ref_kode_wilayah", wilayah, &WILAYAH_COLUMNS)?;
        self.load_csv("ref_wilayah_varian", variants, &VARIANT_COLUMNS)?;
        let fail = || WarehouseError::engine("load reference");
        let mut codes = self.connection.appender("ref_kode").map_err(fail())?;
        for row in &reference.codes {
            codes
                .append_row(params![row.variable, row.kode, row.label])
                .map_err(fail())?;
        }
        codes.flush().map_err(fail())?;
        self.programs(pipelines)
    }

    /// Copies the columns of a reference CSV that the table has, by their names there.
    fn load_csv(&self, table: &str, text: &str, names: &[(&str, &str)]) -> Result<(), WarehouseError> {
        let fail = || WarehouseError::engine(format!("load {table}"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().cloned().unwrap_or_default();
        let columns = self.schema.columns(table);
        let positions: Vec<Option<usize>> = columns
            .iter()
            .map(|(column, _)| {
                let in_csv = names
                    .iter()
                    .find(|(own, _)| own == column)
                    .map_or(column.as_str(), |(_, csv)| csv);
                headers.iter().position(|header| header == in_csv)
            })
            .collect();
        let mut rows = self.connection.appender(table).map_err(fail())?;
        for record in reader.records().flatten() {
            let cells: Vec<Option<String>> = positions
                .iter()
                .zip(columns)
                .map(|(position, (column, _))| {
                    let cell = record.get((*position)?)?;
                    let is_name = matches!(column.as_str(), "desa" | "kecamatan");
                    Some(if is_name { cell.to_uppercase() } else { cell.to_owned() })
                })
                .collect();
            rows.append_row(duckdb::appender_params_from_iter(cells))
                .map_err(fail())?;
        }
        rows.flush().map_err(fail())
    }

    fn programs(&self, pipelines: &Pipelines) -> Result<(), WarehouseError> {
        let fail = || WarehouseError::engine("load programs");
        let mut programs = self.connection.appender("ref_program").map_err(fail())?;
        let mut rules = self.scratch_appender("ref_aturan").map_err(fail())?;
        for program in pipelines.iter().filter_map(|pipeline| pipeline.program.as_ref()) {
            programs
                .append_row(params![program.kode, program.nama, program.wajib_dtks])
                .map_err(fail())?;
            for rule in &program.rule {
                let (kind, others): (&str, Vec<Option<&str>>) = match rule.kind() {
                    Some(RuleKind::Requires) => (
                        "WAJIB_PROGRAM",
                        rule.requires.iter().map(|code| Some(code.as_str())).collect(),
                    ),
                    Some(RuleKind::Excludes) => (
                        "DILARANG_PROGRAM",
                        rule.excludes.iter().map(|code| Some(code.as_str())).collect(),
                    ),
                    Some(RuleKind::RequiresKis) => ("WAJIB_KIS", vec![None]),
                    None => continue,
                };
                for other in others {
                    rules
                        .append_row(params![rule.id, program.kode, kind, other, rule.satuan])
                        .map_err(fail())?;
                }
            }
        }
        programs.flush().map_err(fail())?;
        rules.flush().map_err(fail())
    }

    /// `ref_aturan_temuan`: what the ids in `kualitas_temuan.aturan` mean, and what to do.
    pub fn finding_rules(&self, rules: &[WorkspaceRule]) -> Result<(), WarehouseError> {
        self.create("ref_aturan_temuan", false)?;
        let fail = || WarehouseError::engine("load ref_aturan_temuan");
        let mut rows = self.connection.appender("ref_aturan_temuan").map_err(fail())?;
        for rule in rules {
            rows.append_row(params![
                rule.id,
                rule.kelompok,
                rule.tingkat.as_str(),
                rule.arti,
                rule.mengapa,
                rule.tindakan
            ])
            .map_err(fail())?;
        }
        rows.flush().map_err(fail())
    }

    /// `parameter`: what is the same for all models of a run.
    pub fn parameters(
        &self,
        run_id: &str,
        latest: Option<&str>,
        reference_day: NaiveDate,
        config: &Config,
    ) -> Result<(), WarehouseError> {
        self.create("parameter", false)?;
        let latest = latest.map_or_else(|| "NULL".to_owned(), quote);
        let sql = format!(
            "INSERT INTO parameter (run_id, periode_terakhir, tanggal_acuan, ambang_tinggi, ambang_sedang) \
             VALUES ({}, {latest}, DATE {}, {}, {})",
            quote(run_id),
            quote(&reference_day.to_string()),
            config.segmentasi.tinggi,
            config.segmentasi.sedang,
        );
        self.run("parameter", &sql)
    }

    /// `koreksi`: which rows someone has corrected, and where; their values stand in the corrected files only.
    pub fn corrections(&self, corrections: &[Correction]) -> Result<(), WarehouseError> {
        self.create("koreksi", false)?;
        let fail = || WarehouseError::engine("load koreksi");
        let mut rows = self.connection.appender("koreksi").map_err(fail())?;
        for row in corrections {
            let waktu = row.waktu_masuk.trim_end_matches('Z').replace('T', " ");
            rows.append_row(params![
                row.id_berkas,
                row.lembar,
                signed(row.nomor_baris),
                row.berkas_koreksi,
                row.sha256,
                row.lembar_koreksi,
                signed(row.baris_koreksi),
                waktu,
                row.berlaku,
            ])
            .map_err(fail())?;
        }
        rows.flush().map_err(fail())
    }

    /// `kualitas_temuan` and `karantina` from what staging found.
    pub fn quality(&self, files: &[SourceFile], run_id: &str) -> Result<(), WarehouseError> {
        self.create("kualitas_temuan", false)?;
        self.create("karantina", false)?;
        let mut folders: Vec<&Path> = files.iter().map(|file| file.folder.as_path()).collect();
        folders.sort_unstable();
        folders.dedup();
        if folders.is_empty() {
            return Ok(());
        }
        let list = |name: &str| -> Result<String, WarehouseError> {
            let paths = folders.iter().map(|folder| quote_path(&folder.join(name)));
            Ok(paths.collect::<Result<Vec<_>, _>>()?.join(", "))
        };
        let run_id = quote(run_id);
        self.run(
            "kualitas_temuan",
            &format!(
                "INSERT INTO kualitas_temuan SELECT {run_id}, t.id_berkas, b.sumber_data, t.lembar, t.nomor_baris, t.kolom, \
                 t.aturan, t.tingkat, t.nilai, t.pesan, t.jumlah FROM read_parquet([{}]) AS t LEFT JOIN (SELECT id_berkas, \
                 min(coalesce(anggota, nama_berkas)) AS sumber_data FROM sumber_berkas GROUP BY id_berkas) AS b ON b.id_berkas = t.id_berkas \
                 ORDER BY t.id_berkas, t.lembar, t.nomor_baris NULLS LAST, t.kolom, t.aturan",
                list("temuan.parquet")?
            ),
        )?;
        self.run(
            "karantina",
            &format!(
                "INSERT INTO karantina SELECT k.id_berkas, k.lembar, k.nomor_baris, k.alasan, k.isi FROM read_parquet([{}]) AS k \
                 ORDER BY k.id_berkas, k.lembar, k.nomor_baris",
                list("karantina.parquet")?
            ),
        )
    }
}

/// The files of each district, in the order of their codes; none where all are of one.
pub(super) fn districts<'f>(files: &[&'f SourceFile]) -> BTreeMap<&'f str, Vec<&'f SourceFile>> {
    let mut found: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
    for file in files {
        found.entry(&file.kabupaten).or_default().push(file);
    }
    if found.len() < 2 {
        found.clear();
    }
    found
}

/// The places of the reference whose code begins so, by the columns that have them.
fn place_words<'w>(wilayah: &'w Wilayah, beginning: &str) -> BTreeMap<&'static str, BTreeSet<&'w str>> {
    let kecamatan = wilayah
        .kecamatan
        .iter()
        .filter(|found| found.kode.starts_with(beginning));
    let desa = wilayah.desa.iter().filter(|found| found.kode.starts_with(beginning));
    BTreeMap::from([
        (
            "kode_kecamatan",
            kecamatan.clone().map(|found| found.kode.as_str()).collect(),
        ),
        ("kecamatan", kecamatan.map(|found| found.nama.as_str()).collect()),
        ("kode_desa", desa.clone().map(|found| found.kode.as_str()).collect()),
        ("desa", desa.map(|found| found.nama.as_str()).collect()),
    ])
}

/// The view of the staged rows of one district, made where a table is.
pub(super) fn view_of_district(table: &str, kabupaten: &str) -> String {
    format!("{table}_kabupaten_{kabupaten}")
}

fn staged_rows(files: &[&SourceFile]) -> Result<String, WarehouseError> {
    let paths = files.iter().filter_map(|file| file.parquet.as_deref());
    let paths = paths.map(quote_path).collect::<Result<Vec<_>, _>>()?;
    Ok(format!("read_parquet([{}])", paths.join(", ")))
}

/// The words of a column over all files, in the order of text; `None` where one of them does not tell them.
fn told_words<'f>(column: &str, files: &[&'f SourceFile]) -> Option<BTreeSet<&'f str>> {
    let mut all = BTreeSet::new();
    for told in files.iter().filter_map(|file| file.kata.get(column)) {
        all.extend(told.as_ref()?.iter().map(String::as_str));
    }
    Some(all)
}

const WILAYAH_COLUMNS: [(&str, &str); 6] = [
    ("kode_desa", "kode_bps_desa"),
    ("kode_desa_kemendagri", "kode_kemendagri_desa"),
    ("desa", "nama_desa"),
    ("kode_kecamatan", "kode_bps_kecamatan"),
    ("kode_kecamatan_kemendagri", "kode_kemendagri_kecamatan"),
    ("kecamatan", "nama_kecamatan"),
];

const VARIANT_COLUMNS: [(&str, &str); 0] = [];

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
