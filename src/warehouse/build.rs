//! Builds the warehouse and the marts of a release, in a folder that nobody reads yet.

use super::WarehouseError;
use super::engine::{open, quote_path};
use super::gate::{FileBalance, GateFailure, balance, check_mart, check_tables};
use super::levels::set_levels;
use super::load::{Loader, SourceFile};
use super::models::{Materialized, Model, Models};
use super::views;
use crate::bundle::Bundle;
use crate::config::Config;
use crate::files::{close_to_others, make_folder};
use crate::lake::Correction;
use crate::pipeline::Pipelines;
use crate::reference::Reference;
use crate::stage::StagedSchema;
use crate::temuan::WorkspaceRule;
use chrono::NaiveDate;
use duckdb::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// What a release is built from.
pub struct Warehouse<'a> {
    /// Root of the workspace: the engine may touch nothing else.
    pub workspace: &'a Path,
    /// Configuration.
    pub config: &'a Config,
    /// Built-in and overridden texts.
    pub bundle: &'a Bundle,
    /// Models in order.
    pub models: &'a Models,
    /// Columns of staged tables.
    pub schema: &'a StagedSchema,
    /// Sources and programs.
    pub pipelines: &'a Pipelines,
    /// Code lists.
    pub reference: &'a Reference,
    /// Rules of findings, with the levels of the workspace.
    pub rules: &'a [WorkspaceRule],
    /// Rows that someone has corrected.
    pub corrections: &'a [Correction],
}

/// What was built.
#[derive(Debug, Default)]
pub struct Built {
    /// Rows of each table and mart.
    pub rows: BTreeMap<String, i64>,
    /// What became of the rows of each file.
    pub balance: Vec<FileBalance>,
    /// Checks that failed.
    pub failures: Vec<GateFailure>,
    /// Seconds by model.
    pub seconds: BTreeMap<String, f64>,
    /// Findings by level.
    pub findings: BTreeMap<String, i64>,
}

impl Warehouse<'_> {
    /// Builds `warehouse.duckdb` and `marts/*.parquet` in `folder`. `progress` is told the name of each model.
    ///
    /// # Errors
    /// [`WarehouseError`] where a model cannot run or a file cannot be written. Failed checks are no error: see [`Built`].
    pub fn build(
        &self,
        folder: &Path,
        files: &[SourceFile],
        run_id: &str,
        latest: Option<&str>,
        reference_day: NaiveDate,
        progress: &dyn Fn(&str),
    ) -> Result<Built, WarehouseError> {
        let path = folder.join("warehouse.duckdb");
        let connection = open(&path, self.workspace, self.config)?;
        let loader = Loader {
            connection: &connection,
            schema: self.schema,
        };
        loader.staged(files)?;
        loader.files(files)?;
        loader.reference(
            self.reference,
            self.bundle.reference_text("wilayah_varian.csv"),
            self.bundle.reference_text("wilayah.csv"),
            self.pipelines,
        )?;
        loader.finding_rules(self.rules)?;
        loader.parameters(run_id, latest, reference_day, self.config)?;
        loader.quality(files, run_id)?;
        loader.corrections(self.corrections)?;
        let dialect = WarehouseError::engine("sql/dialect/duckdb.sql");
        connection.execute_batch(&self.models.dialect).map_err(dialect)?;
        let mut built = Built::default();
        self.run_models(&connection, folder, run_id, &mut built, progress)?;
        set_levels(&connection, &self.config.temuan.tingkat)?;
        let (balances, mut failures) = balance(&connection)?;
        failures.extend(check_tables(&connection, self.models)?);
        built.balance = balances;
        built.failures.extend(failures);
        views::per_periode(&connection, &periods(files))?;
        built.findings = findings_by_level(&connection)?;
        connection
            .execute_batch("CHECKPOINT")
            .map_err(WarehouseError::engine("write the warehouse"))?;
        connection
            .close()
            .map_err(|(_, error)| WarehouseError::engine("close the warehouse")(error))?;
        close_to_others(&path)?;
        Ok(built)
    }

    fn run_models(
        &self,
        connection: &Connection,
        folder: &Path,
        run_id: &str,
        built: &mut Built,
        progress: &dyn Fn(&str),
    ) -> Result<(), WarehouseError> {
        let marts = folder.join("marts");
        make_folder(&marts)?;
        for model in &self.models.ordered {
            progress(&model.name);
            let start = Instant::now();
            match model.materialized {
                Materialized::Table => {
                    let rows = create(connection, model, "TABLE")?;
                    built.rows.insert(model.name.clone(), rows);
                }
                Materialized::View => {
                    create(connection, model, "VIEW")?;
                }
                Materialized::Temp => {
                    create(connection, model, "TEMP TABLE")?;
                }
                Materialized::Mart => {
                    let path = marts.join(format!("{}.parquet", model.name));
                    let rows = write_mart(connection, model, &path)?;
                    let relation = format!("read_parquet({})", quote_path(&path)?);
                    built.failures.extend(check_mart(connection, model, &relation, rows)?);
                    built.rows.insert(model.name.clone(), rows);
                }
                Materialized::Temuan => add_findings(connection, model, run_id)?,
            }
            built.seconds.insert(model.name.clone(), start.elapsed().as_secs_f64());
        }
        Ok(())
    }
}

fn create(connection: &Connection, model: &Model, what: &str) -> Result<i64, WarehouseError> {
    let fail = || WarehouseError::engine(format!("model `{}`", model.name));
    let sql = format!("CREATE {what} {} AS {}", model.name, model.sql);
    connection.execute_batch(&sql).map_err(fail())?;
    if what == "VIEW" {
        return Ok(0);
    }
    let count = format!("SELECT CAST(count(*) AS BIGINT) FROM {}", model.name);
    connection.query_row(&count, [], |row| row.get(0)).map_err(fail())
}

/// Zstandard, row groups of the engine's own size: readers skip by them, and equal rows give equal bytes.
fn write_mart(connection: &Connection, model: &Model, path: &Path) -> Result<i64, WarehouseError> {
    let fail = || WarehouseError::engine(format!("mart `{}`", model.name));
    let sql = format!(
        "COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1)",
        model.sql,
        quote_path(path)?
    );
    let rows = connection.execute(&sql, []).map_err(fail())?;
    close_to_others(path)?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn add_findings(connection: &Connection, model: &Model, run_id: &str) -> Result<(), WarehouseError> {
    let sql = format!(
        "INSERT INTO kualitas_temuan SELECT {}, t.id_berkas, b.sumber_data, t.lembar, t.nomor_baris, t.kolom, t.aturan, \
         t.tingkat, t.nilai, t.pesan, t.jumlah FROM ({}) AS t LEFT JOIN (SELECT id_berkas, min(coalesce(anggota, nama_berkas)) \
         AS sumber_data FROM sumber_berkas GROUP BY id_berkas) AS b ON b.id_berkas = t.id_berkas \
         ORDER BY t.id_berkas, t.lembar, t.nomor_baris NULLS LAST, t.kolom, t.nilai",
        super::quote(run_id),
        model.sql
    );
    connection
        .execute_batch(&sql)
        .map_err(WarehouseError::engine(format!("findings `{}`", model.name)))
}

fn periods(files: &[SourceFile]) -> Vec<String> {
    let mut periods: Vec<String> = files
        .iter()
        .filter(|file| file.tabel.starts_with("dtks_"))
        .filter_map(|file| file.periode.clone())
        .collect();
    periods.sort();
    periods.dedup();
    periods
}

fn findings_by_level(connection: &Connection) -> Result<BTreeMap<String, i64>, WarehouseError> {
    let fail = || WarehouseError::engine("count findings");
    let mut statement = connection
        .prepare("SELECT tingkat, CAST(sum(jumlah) AS BIGINT) AS jumlah FROM kualitas_temuan GROUP BY tingkat ORDER BY tingkat")
        .map_err(fail())?;
    let mut rows = statement.query([]).map_err(fail())?;
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next().map_err(fail())? {
        counts.insert(row.get(0).map_err(fail())?, row.get(1).map_err(fail())?);
    }
    Ok(counts)
}
