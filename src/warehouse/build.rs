//! Builds the warehouse and the marts of a release, in a folder that nobody reads yet.

use super::WarehouseError;
use super::build_stretches::cut_alone;
use super::engine::{Engine, SCRATCH, joins_in_memory, on_each, quote_path};
use super::findings::{add_findings, find, findings_by_file};
use super::fingerprint::Inputs;
use super::gate::{FileBalance, GateFailure, ascends, balance, check_mart, check_table, is_key_of, proves_key};
use super::lay_down::lay_down;
use super::levels::set_levels;
use super::load::{Loader, SourceFile};
use super::models::{Materialized, Model, Models};
use super::plan::{Fate, Plan, Previous};
use super::reuse::{INNER, clear, copy_warehouse, link_mart};
use super::schedule::Schedule;
use super::stages::Stages;
use super::stretches::Cuts;
use super::views;
use crate::failpoint;
use crate::files::{close_to_others, make_folder};
use crate::stop;
use duckdb::Connection;
use std::collections::{BTreeMap, BTreeSet};
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
    pub fn build(&self, folder: &Path, progress: &(dyn Fn(&str) + Sync)) -> Result<Built, WarehouseError> {
        let inputs = &self.inputs;
        let path = folder.join("warehouse.duckdb");
        let taken_over = self.previous.filter(|_| self.plan.keeps_tables());
        if let Some(previous) = taken_over {
            copy_warehouse(previous, &path)?;
        }
        let mut engine = Engine::open(&path, self.workspace, inputs.config)?;
        failpoint::step("warehouse.opened");
        if taken_over.is_some() {
            clear(engine.first(), self.plan)?;
        }
        let start = Instant::now();
        self.load(engine.first())?;
        let seconds = start.elapsed().as_secs_f64();
        tracing::debug!(run_id = inputs.run_id, step = "model", seconds, "Inputs are loaded");
        failpoint::step("warehouse.loaded");
        let mut built = Built::default();
        self.run_models(&mut engine, folder, &mut built, progress)?;
        let connection = engine.first();
        set_levels(connection, &inputs.config.temuan.tingkat)?;
        let (balances, failures) = balance(connection)?;
        built.balance = balances;
        built.failures.extend(failures);
        views::per_periode(connection, &periods(inputs.files))?;
        built.findings_by_file = findings_by_file(connection)?;
        for (level, rows) in built.findings_by_file.values().flatten() {
            *built.findings.entry(level.clone()).or_insert(0) += i64::try_from(*rows).unwrap_or(i64::MAX);
        }
        failpoint::step("warehouse.closing");
        engine.close()?;
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

    /// Stage by stage; what was found is added at the end, in the order of the models.
    fn run_models(
        &self,
        engine: &mut Engine,
        folder: &Path,
        built: &mut Built,
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<(), WarehouseError> {
        let marts = folder.join("marts");
        make_folder(&marts)?;
        let fits = joins_in_memory(engine.first(), self.most_rows_read())?;
        let rows_read = |table: &str| self.rows_read(table);
        let mut stages = Stages::of(self.models, |model| self.fate(model), rows_read, fits);
        stages.unneeded.iter().for_each(|model| progress(&model.name));
        let (mut made, mut cuts) = (BTreeSet::new(), Cuts::default());
        for (number, model) in stages.first.iter().enumerate() {
            self.run_alone(engine.first(), model, &marts, built, progress)?;
            made.extend((self.fate(model) == Fate::Dibangun && model.is_temporary()).then_some(model.name.as_str()));
            forget_idle(engine.first(), &mut made, stages.after_first(number + 1))?;
        }
        if !stages.together.models().is_empty() {
            let cut = stages.cut_together(engine.first(), &mut cuts)?;
            self.run_in_stretches(engine, vec![(&stages.together, cut)], &marts, built, progress)?;
        }
        made.extend(stages.together.kept());
        forget_idle(engine.first(), &mut made, stages.after_together(0))?;
        for (number, model) in stages.then.iter().enumerate() {
            self.run_alone(engine.first(), model, &marts, built, progress)?;
            made.extend(model.is_temporary().then_some(model.name.as_str()));
            forget_idle(engine.first(), &mut made, stages.after_together(number + 1))?;
        }
        let (beside, in_parts) = self.which_in_parts(engine.first(), &stages.beside)?;
        let in_parts = cut_alone(engine, &in_parts, &mut cuts)?;
        self.run_in_stretches(engine, in_parts, &marts, built, progress)?;
        forget_idle(engine.first(), &mut made, beside.iter().chain(&stages.last).copied())?;
        let connections = engine.one_thread_each()?;
        let schedule = Schedule::new(beside, &stages.last, built.rows.clone(), made);
        self.take_all(built, self.run_beside(connections, &schedule, &marts, progress)?);
        self.add_findings(engine.first())?;
        for model in stages.last {
            self.run_alone(engine.first(), model, &marts, built, progress)?;
        }
        Ok(())
    }

    /// Makes a model, or takes it over.
    fn run_alone(
        &self,
        connection: &Connection,
        model: &Model,
        marts: &Path,
        built: &mut Built,
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<(), WarehouseError> {
        stop::check()?;
        progress(&model.name);
        built.take(match self.fate(model) {
            Fate::Dibangun => self.timed(connection, model, marts)?,
            _ => self.keep(connection, model, marts)?,
        });
        Ok(())
    }

    /// What was made beside each other, in the order of the models.
    pub(super) fn take_all(&self, built: &mut Built, mut outcomes: Vec<Outcome>) {
        outcomes.sort_by_key(|outcome| {
            let models = &self.models.ordered;
            models.iter().position(|model| model.name == outcome.model)
        });
        for outcome in outcomes {
            built.take(outcome);
        }
    }

    /// In one go: each end of a transaction waits for the disk.
    fn add_findings(&self, connection: &Connection) -> Result<(), WarehouseError> {
        let fail = || WarehouseError::engine("findings");
        connection.execute_batch("BEGIN").map_err(fail())?;
        let findings = self.models.of(Materialized::Temuan);
        for model in findings.filter(|model| self.fate(model) != Fate::TidakPerlu) {
            add_findings(connection, model, self.inputs.run_id)?;
        }
        connection.execute_batch("COMMIT").map_err(fail())
    }

    fn fate(&self, model: &Model) -> Fate {
        self.plan.of(&model.name).map_or(Fate::Dibangun, |plan| plan.hasil)
    }

    /// Runs models on all connections, each after those that it reads. The first error ends it.
    fn run_beside(
        &self,
        connections: &mut [Connection],
        schedule: &Schedule<'_>,
        marts: &Path,
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<Outcome>, WarehouseError> {
        let work = |connection: &mut Connection| -> Result<Vec<Outcome>, WarehouseError> {
            let _guard = schedule.give_up_in_panic();
            let mut outcomes = Vec::new();
            while let Some(model) = schedule.take() {
                progress(&model.name);
                let ran = stop::check().map_err(WarehouseError::from);
                let ran = ran.and_then(|()| self.timed(connection, model, marts));
                match ran.and_then(|outcome| {
                    forget(connection, &schedule.done(model, outcome.rows))?;
                    Ok(outcome)
                }) {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(error) => {
                        schedule.give_up();
                        return Err(error);
                    }
                }
            }
            Ok(outcomes)
        };
        let outcomes = on_each(connections, work)?;
        Ok(outcomes.into_iter().flatten().collect())
    }

    fn timed(&self, connection: &Connection, model: &Model, marts: &Path) -> Result<Outcome, WarehouseError> {
        let start = Instant::now();
        let (rows, failures) = self.run_model(connection, model, marts)?;
        Ok(self.outcome(model, rows, failures, start.elapsed().as_secs_f64()))
    }

    pub(super) fn outcome(
        &self,
        model: &Model,
        rows: Option<i64>,
        failures: Vec<GateFailure>,
        seconds: f64,
    ) -> Outcome {
        failpoint::step("warehouse.model");
        tracing::debug!(
            run_id = self.inputs.run_id,
            step = "model",
            model = model.name,
            seconds,
            rows,
            "A model is built"
        );
        Outcome {
            model: model.name.clone(),
            rows,
            is_told: !model.is_temporary(),
            failures,
            seconds: Some(seconds),
        }
    }

    fn run_model(
        &self,
        connection: &Connection,
        model: &Model,
        marts: &Path,
    ) -> Result<(Option<i64>, Vec<GateFailure>), WarehouseError> {
        let nothing = Vec::new();
        Ok(match model.materialized {
            Materialized::Table => {
                lay_down(connection, model, self.inputs.files)?;
                (Some(rows_of(connection, &model.name)?), check_table(connection, model)?)
            }
            Materialized::View => {
                create(connection, "VIEW", &model.name, &model.name, &model.sql)?;
                (None, nothing)
            }
            Materialized::Temp => {
                let place = format!("{SCRATCH}.{}", model.name);
                create(connection, "TABLE", &place, &model.name, &model.sql)?;
                (Some(rows_of(connection, &model.name)?), nothing)
            }
            Materialized::Mart => {
                let path = marts.join(format!("{}.parquet", model.name));
                let relation = format!("read_parquet({})", quote_path(&path)?);
                let (rows, is_proven) = self.make_mart(connection, model, &path, &relation)?;
                (Some(rows), check_mart(connection, model, &relation, rows, is_proven)?)
            }
            Materialized::Temuan => {
                find(connection, model)?;
                (None, nothing)
            }
        })
    }

    /// Rows that the files of the largest table had.
    fn most_rows_read(&self) -> u64 {
        let tables = self.models.of(Materialized::Table);
        tables.map(|table| self.rows_read(&table.name)).max().unwrap_or(0)
    }

    /// Rows that the files of a table had.
    fn rows_read(&self, table: &str) -> u64 {
        let files = self.inputs.files.iter().filter(|file| file.tabel == table);
        files.map(|file| file.baris.0).sum()
    }

    /// Writes a mart; the number of its rows, and whether their order proves its key.
    ///
    /// A mart that has the rows of a table that lies in its order is not sorted: the engine keeps the order of rows on one thread
    /// as long as what is joined fits in memory. Whether it did is looked at, not believed.
    fn make_mart(
        &self,
        connection: &Connection,
        model: &Model,
        path: &Path,
        relation: &str,
    ) -> Result<(i64, bool), WarehouseError> {
        let make = |select: &str| {
            let rows = write_mart(connection, &model.name, select, path)?;
            failpoint::step("warehouse.mart");
            Ok::<_, WarehouseError>(rows)
        };
        if let (Some(_), Some((unsorted, _))) = (&model.order_of, model.without_order()) {
            let rows = make(unsorted)?;
            if ascends(connection, model, relation)? {
                return Ok((rows, is_key_of(model)));
            }
        }
        Ok((make(&model.sql)?, proves_key(connection, model, relation)?))
    }

    /// Takes a model over from the release before.
    fn keep(&self, connection: &Connection, model: &Model, marts: &Path) -> Result<Outcome, WarehouseError> {
        let rows = match model.materialized {
            Materialized::Table => Some(rows_of(connection, &model.name)?),
            Materialized::Mart => match self.previous {
                Some(previous) => {
                    link_mart(previous, &model.name, &marts.join(format!("{}.parquet", model.name)))?;
                    Some(previous.marts.get(&model.name).map_or(0, |(rows, _)| *rows))
                }
                None => None,
            },
            Materialized::View | Materialized::Temp | Materialized::Temuan => None,
        };
        failpoint::step("warehouse.model");
        Ok(Outcome {
            model: model.name.clone(),
            rows,
            is_told: true,
            failures: Vec::new(),
            seconds: None,
        })
    }
}

/// What became of a model.
pub(super) struct Outcome {
    model: String,
    rows: Option<i64>,
    /// Does anybody want to know its rows? They are what a run needs for itself, else.
    is_told: bool,
    failures: Vec<GateFailure>,
    /// Where it was built.
    seconds: Option<f64>,
}

impl Built {
    fn take(&mut self, outcome: Outcome) {
        if let Some(rows) = outcome.rows.filter(|_| outcome.is_told) {
            self.rows.insert(outcome.model.clone(), rows);
        }
        self.seconds
            .extend(outcome.seconds.map(|seconds| (outcome.model, seconds)));
        self.failures.extend(outcome.failures);
    }
}

fn create(connection: &Connection, what: &str, place: &str, model: &str, select: &str) -> Result<(), WarehouseError> {
    connection
        .execute_batch(&format!("CREATE {what} {place} AS {select}"))
        .map_err(WarehouseError::engine(format!("model `{model}`")))
}

/// Drops those of the temporary tables that were made that none of the models reads that come.
fn forget_idle<'m>(
    connection: &Connection,
    made: &mut BTreeSet<&'m str>,
    coming: impl Iterator<Item = &'m Model>,
) -> Result<(), WarehouseError> {
    let read: BTreeSet<&str> = coming.flat_map(|model| &model.reads).map(String::as_str).collect();
    let idle: Vec<&str> = made.iter().copied().filter(|name| !read.contains(name)).collect();
    made.retain(|name| read.contains(name));
    forget(connection, &idle)
}

/// Temporary tables that nobody reads any more leave their memory to others.
fn forget(connection: &Connection, tables: &[&str]) -> Result<(), WarehouseError> {
    let drops = tables.iter().map(|table| format!("DROP TABLE {SCRATCH}.{table};"));
    connection
        .execute_batch(&drops.collect::<String>())
        .map_err(WarehouseError::engine("drop temporary tables"))
}

pub(super) fn rows_of(connection: &Connection, table: &str) -> Result<i64, WarehouseError> {
    let count = format!("SELECT CAST(count(*) AS BIGINT) FROM {table}");
    connection
        .query_row(&count, [], |row| row.get(0))
        .map_err(WarehouseError::engine(format!("rows of `{table}`")))
}

/// Zstandard, row groups of the engine's own size: readers skip by them, and equal rows give equal bytes. Numbers that stand once
/// each are no dictionary: the limit finds that out early.
pub(super) fn write_mart(
    connection: &Connection,
    mart: &str,
    select: &str,
    path: &Path,
) -> Result<i64, WarehouseError> {
    let fail = || WarehouseError::engine(format!("mart `{mart}`"));
    let sql = format!(
        "COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1, DICTIONARY_SIZE_LIMIT 5000)",
        select,
        quote_path(path)?
    );
    let rows = connection.execute(&sql, []).map_err(fail())?;
    close_to_others(path)?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
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
