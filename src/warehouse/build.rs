//! Builds the warehouse and the marts of a release, in a folder that nobody reads yet.

use super::WarehouseError;
use super::engine::{open, quote_path};
use super::fingerprint::Inputs;
use super::gate::{FileBalance, GateFailure, balance, check_mart, check_tables, columns_of};
use super::levels::set_levels;
use super::load::{Loader, SourceFile};
use super::models::{Materialized, Model, Models};
use super::plan::{Fate, Plan, Previous};
use super::reuse::{INNER, clear, copy_warehouse, link_mart};
use super::views;
use crate::failpoint;
use crate::files::{close_to_others, make_folder};
use crate::stop;
use duckdb::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// What a release is built from.
pub struct Warehouse<'a> {
    /// Root of the workspace: the engine may touch nothing else.
    pub workspace: &'a Path,
    /// Models in order.
    pub models: &'a Models,
    /// What the loader puts into the database.
    pub inputs: Inputs<'a>,
    /// What becomes of each model.
    pub plan: &'a Plan,
    /// The release that readers open now.
    pub previous: Option<&'a Previous>,
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
    /// Findings by level, as the workspace has them.
    pub findings: BTreeMap<String, i64>,
    /// The same by file.
    pub findings_by_file: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Warehouse<'_> {
    /// Builds `warehouse.duckdb` and `marts/*.parquet` in `folder`: what the plan keeps is taken from the release before.
    /// `progress` is told the name of each model.
    ///
    /// # Errors
    /// [`WarehouseError`] where a model cannot run or a file cannot be written. Failed checks are no error: see [`Built`].
    pub fn build(&self, folder: &Path, progress: &dyn Fn(&str)) -> Result<Built, WarehouseError> {
        let inputs = &self.inputs;
        let path = folder.join("warehouse.duckdb");
        let taken_over = self.previous.filter(|_| self.plan.keeps_tables());
        if let Some(previous) = taken_over {
            copy_warehouse(previous, &path)?;
        }
        let connection = open(&path, self.workspace, inputs.config)?;
        failpoint::step("warehouse.opened");
        if taken_over.is_some() {
            clear(&connection, self.plan)?;
        }
        self.load(&connection)?;
        failpoint::step("warehouse.loaded");
        let mut built = Built::default();
        self.run_models(&connection, folder, &mut built, progress)?;
        set_levels(&connection, &inputs.config.temuan.tingkat)?;
        let (balances, mut failures) = balance(&connection)?;
        failures.extend(check_tables(&connection, self.models, self.plan)?);
        built.balance = balances;
        built.failures.extend(failures);
        views::per_periode(&connection, &periods(inputs.files))?;
        built.findings_by_file = findings_by_file(&connection)?;
        for (level, rows) in built.findings_by_file.values().flatten() {
            *built.findings.entry(level.clone()).or_insert(0) += i64::try_from(*rows).unwrap_or(i64::MAX);
        }
        failpoint::step("warehouse.closing");
        connection
            .execute_batch("CHECKPOINT")
            .map_err(WarehouseError::engine("write the warehouse"))?;
        connection
            .close()
            .map_err(|(_, error)| WarehouseError::engine("close the warehouse")(error))?;
        close_to_others(&path)?;
        failpoint::step("warehouse.closed");
        Ok(built)
    }

    fn load(&self, connection: &Connection) -> Result<(), WarehouseError> {
        let inputs = &self.inputs;
        let loader = Loader {
            connection,
            schema: inputs.schema,
        };
        loader.staged(inputs.files, &inputs.reference.wilayah, |staged| {
            self.makes_table_of(staged)
        })?;
        loader.files(inputs.files)?;
        loader.reference(
            inputs.reference,
            inputs.bundle.reference_text("wilayah_varian.csv"),
            inputs.bundle.reference_text("wilayah.csv"),
            inputs.pipelines,
        )?;
        loader.finding_rules(inputs.rules)?;
        loader.parameters(inputs.run_id, inputs.latest, inputs.reference_day, inputs.config)?;
        loader.quality(inputs.files, inputs.run_id)?;
        loader.corrections(inputs.corrections)?;
        let dialect = WarehouseError::engine("sql/dialect/duckdb.sql");
        connection.execute_batch(&self.models.dialect).map_err(dialect)?;
        connection
            .execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {INNER}"))
            .map_err(WarehouseError::engine("make the inner schema"))
    }

    /// Is a table built that reads these staged rows?
    fn makes_table_of(&self, staged: &str) -> bool {
        let tables = self.models.of(Materialized::Table);
        let mut built = tables.filter(|model| {
            self.plan
                .of(&model.name)
                .is_none_or(|plan| plan.hasil == Fate::Dibangun)
        });
        built.any(|model| model.relations.contains(staged))
    }

    fn run_models(
        &self,
        connection: &Connection,
        folder: &Path,
        built: &mut Built,
        progress: &dyn Fn(&str),
    ) -> Result<(), WarehouseError> {
        let marts = folder.join("marts");
        make_folder(&marts)?;
        for model in &self.models.ordered {
            let fate = self.plan.of(&model.name).map_or(Fate::Dibangun, |plan| plan.hasil);
            stop::check()?;
            progress(&model.name);
            let start = Instant::now();
            match fate {
                Fate::Dibangun => self.run_model(connection, model, &marts, built)?,
                Fate::Tetap | Fate::Tertinggal => self.keep(connection, model, &marts, built)?,
                Fate::TidakPerlu => continue,
            }
            failpoint::step("warehouse.model");
            if fate == Fate::Dibangun {
                built.seconds.insert(model.name.clone(), start.elapsed().as_secs_f64());
            }
        }
        Ok(())
    }

    fn run_model(
        &self,
        connection: &Connection,
        model: &Model,
        marts: &Path,
        built: &mut Built,
    ) -> Result<(), WarehouseError> {
        match model.materialized {
            Materialized::Table => {
                create(connection, model, "TABLE")?;
                built.rows.insert(model.name.clone(), rows_of(connection, &model.name)?);
            }
            Materialized::View => create(connection, model, "VIEW")?,
            Materialized::Temp => create(connection, model, "TEMP TABLE")?,
            Materialized::Mart => {
                let path = marts.join(format!("{}.parquet", model.name));
                let rows = write_mart(connection, model, &path)?;
                failpoint::step("warehouse.mart");
                let relation = format!("read_parquet({})", quote_path(&path)?);
                built.failures.extend(check_mart(connection, model, &relation, rows)?);
                built.rows.insert(model.name.clone(), rows);
            }
            Materialized::Temuan => {
                find(connection, model)?;
                add_findings(connection, model, self.inputs.run_id)?;
            }
        }
        Ok(())
    }

    /// Takes a model over from the release before.
    fn keep(
        &self,
        connection: &Connection,
        model: &Model,
        marts: &Path,
        built: &mut Built,
    ) -> Result<(), WarehouseError> {
        match model.materialized {
            Materialized::Table => {
                built.rows.insert(model.name.clone(), rows_of(connection, &model.name)?);
            }
            Materialized::Mart => {
                let Some(previous) = self.previous else { return Ok(()) };
                link_mart(previous, &model.name, &marts.join(format!("{}.parquet", model.name)))?;
                let rows = previous.marts.get(&model.name).map_or(0, |(rows, _)| *rows);
                built.rows.insert(model.name.clone(), rows);
            }
            Materialized::Temuan => add_findings(connection, model, self.inputs.run_id)?,
            Materialized::View | Materialized::Temp => {}
        }
        Ok(())
    }
}

fn create(connection: &Connection, model: &Model, what: &str) -> Result<(), WarehouseError> {
    let sql = format!("CREATE {what} {} AS {}", model.name, model.sql);
    connection
        .execute_batch(&sql)
        .map_err(WarehouseError::engine(format!("model `{}`", model.name)))
}

fn rows_of(connection: &Connection, table: &str) -> Result<i64, WarehouseError> {
    let count = format!("SELECT CAST(count(*) AS BIGINT) FROM {table}");
    connection
        .query_row(&count, [], |row| row.get(0))
        .map_err(WarehouseError::engine(format!("rows of `{table}`")))
}

/// Zstandard, row groups of the engine's own size: readers skip by them, and equal rows give equal bytes.
fn write_mart(connection: &Connection, model: &Model, path: &Path) -> Result<i64, WarehouseError> {
    let fail = || WarehouseError::engine(format!("mart `{}`", model.name));
    let sql = format!(
        "COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1)",
        as_plain_text(connection, model)?,
        quote_path(path)?
    );
    let rows = connection.execute(&sql, []).map_err(fail())?;
    close_to_others(path)?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// The rows of a mart, in their order, with words as plain text. DuckDB 2.0 must not write its `ENUM` to Parquet from several threads:
/// they note the words that they have met in one unguarded bitmap, and a word whose note is lost is written as an empty text.
/// Above the sort, where a word is still a small number.
fn as_plain_text(connection: &Connection, model: &Model) -> Result<String, WarehouseError> {
    let columns = columns_of(connection, &format!("({})", model.sql))?;
    let told = columns.iter().map(|(name, kind)| {
        let name = format!("\"{}\"", name.replace('"', "\"\""));
        match kind.starts_with("ENUM") {
            true => format!("CAST({name} AS VARCHAR) AS {name}"),
            false => name,
        }
    });
    let told: Vec<String> = told.collect();
    Ok(format!("SELECT {} FROM ({})", told.join(", "), model.sql))
}

/// What a rule finds is kept apart, so that the next run need not look again.
fn find(connection: &Connection, model: &Model) -> Result<(), WarehouseError> {
    let sql = format!(
        "CREATE TABLE {INNER}.{} AS SELECT t.id_berkas, t.lembar, t.nomor_baris, t.kolom, t.aturan, t.tingkat, t.nilai, t.pesan, \
         t.jumlah FROM ({}) AS t ORDER BY t.id_berkas, t.lembar, t.nomor_baris NULLS LAST, t.kolom, t.nilai",
        model.name, model.sql
    );
    connection
        .execute_batch(&sql)
        .map_err(WarehouseError::engine(format!("findings `{}`", model.name)))
}

fn add_findings(connection: &Connection, model: &Model, run_id: &str) -> Result<(), WarehouseError> {
    let sql = format!(
        "INSERT INTO kualitas_temuan SELECT {}, t.id_berkas, b.sumber_data, t.lembar, t.nomor_baris, t.kolom, t.aturan, \
         t.tingkat, t.nilai, t.pesan, t.jumlah FROM {INNER}.{} AS t LEFT JOIN (SELECT id_berkas, min(coalesce(anggota, nama_berkas)) \
         AS sumber_data FROM sumber_berkas GROUP BY id_berkas) AS b ON b.id_berkas = t.id_berkas \
         ORDER BY t.id_berkas, t.lembar, t.nomor_baris NULLS LAST, t.kolom, t.nilai",
        super::quote(run_id),
        model.name
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

/// Rows that findings stand for, by file and level; a finding of no file stands under the empty name.
fn findings_by_file(connection: &Connection) -> Result<BTreeMap<String, BTreeMap<String, u64>>, WarehouseError> {
    let fail = || WarehouseError::engine("count findings");
    let sql = "SELECT coalesce(id_berkas, ''), tingkat, CAST(sum(jumlah) AS BIGINT) FROM kualitas_temuan GROUP BY ALL";
    let mut statement = connection.prepare(sql).map_err(fail())?;
    let mut rows = statement.query([]).map_err(fail())?;
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    while let Some(row) = rows.next().map_err(fail())? {
        let rows: i64 = row.get(2).map_err(fail())?;
        let of_file = counts.entry(row.get(0).map_err(fail())?).or_default();
        of_file.insert(row.get(1).map_err(fail())?, u64::try_from(rows).unwrap_or(0));
    }
    Ok(counts)
}
