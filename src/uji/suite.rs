//! All tests of a release, run on the release as readers will open it.

use super::plan::{QueryTest, query_tests};
use super::queries::{greatest, numbers, rows_of};
use super::{Measured, TestResult, columns, examples, is_selected};
use crate::bundle::Bundle;
use crate::config::Config;
use crate::standardise::date::last_day;
use crate::warehouse::{ColumnSheet, Materialized, Model, Models, ReleaseReader, TestLevel, WarehouseError};
use chrono::NaiveDate;
use duckdb::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More tests than these are not measured side by side: each query holds rows in memory, and all threads work on each.
const MOST_BESIDE: usize = 4;

/// Rows of the marts of the release before.
#[derive(Debug, Clone, Default)]
pub struct Previous {
    /// Its id.
    pub run_id: String,
    /// Rows by mart.
    pub rows: BTreeMap<String, i64>,
}

/// What is tested, and by what.
pub struct Suite<'a> {
    /// Root of the workspace: the engine may touch nothing else.
    pub workspace: &'a Path,
    /// Folder of the release.
    pub release: &'a Path,
    /// Configuration.
    pub config: &'a Config,
    /// Models with their sheets.
    pub models: &'a Models,
    /// Queries of `sql/tests`.
    pub bundle: &'a Bundle,
    /// The release before, if there is one.
    pub previous: Option<Previous>,
    /// The day against which freshness is measured.
    pub today: NaiveDate,
    /// Were the keys counted already, and found unique?
    pub keys_hold: bool,
}

impl Suite<'_> {
    /// Runs the tests that `select` names (all where it names none), as many beside each other as there are threads.
    ///
    /// # Errors
    /// [`WarehouseError`] where the release cannot be read, or a query of `sql/tests` is wrong.
    pub fn run(&self, select: &[String]) -> Result<Vec<TestResult>, WarehouseError> {
        let models = self.models.ordered.iter();
        let models = models.filter(|model| is_testable(model) && self.is_wanted(model, select));
        let queries = query_tests(self.bundle)?.into_iter();
        let queries = queries.filter(|test| is_selected(&test.name, "sql", select));
        let subjects: Vec<Subject<'_>> = models.map(Subject::Model).chain(queries.map(Subject::Query)).collect();
        Ok(self
            .measure(&subjects)?
            .into_iter()
            .filter(|test| is_selected(&test.uji, test.jenis, select))
            .map(|test| test.judge(&self.config.uji))
            .collect())
    }

    /// What is measured of each, in their order. Where a table is larger than what joins in memory, one has all of it to itself.
    fn measure(&self, subjects: &[Subject<'_>]) -> Result<Vec<Measured>, WarehouseError> {
        let mut readers = vec![ReleaseReader::open(self.release, self.workspace, self.config)?];
        let most = if readers[0].has_room_for_several()? {
            MOST_BESIDE
        } else {
            1
        };
        for _ in 1..self.config.threads().clamp(1, most).min(subjects.len()) {
            readers.push(readers[0].another()?);
        }
        let next = AtomicUsize::new(0);
        let work = |reader: ReleaseReader| {
            // Marts under their names, so that queries read them like tables.
            for mart in self.models.of(Materialized::Mart) {
                reader.attach_mart(&mart.name)?;
            }
            let mut measured = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(subject) = subjects.get(place) else {
                    return Ok(measured);
                };
                match self.of_subject(reader.connection(), subject) {
                    Ok(found) => measured.push((place, found)),
                    Err(error) => {
                        // Nothing is left to do to the others.
                        next.store(subjects.len(), Ordering::Relaxed);
                        return Err(error);
                    }
                }
            }
        };
        let ended: Vec<Result<_, WarehouseError>> = std::thread::scope(|scope| {
            let workers: Vec<_> = readers.into_iter().map(|reader| scope.spawn(|| work(reader))).collect();
            let ended = workers.into_iter().map(|worker| {
                let ended = worker.join();
                ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            ended.collect()
        });
        let mut by_place: BTreeMap<usize, Vec<Measured>> = BTreeMap::new();
        for measured in ended {
            by_place.extend(measured?);
        }
        Ok(by_place.into_values().flatten().collect())
    }

    fn of_subject(&self, connection: &Connection, subject: &Subject<'_>) -> Result<Vec<Measured>, WarehouseError> {
        match subject {
            Subject::Model(model) => {
                let mut measured = Vec::new();
                self.of_model(connection, model, &mut measured)?;
                Ok(measured)
            }
            Subject::Query(test) => Ok(vec![self.of_query(connection, test)?]),
        }
    }

    /// A table that no name means need not be read.
    fn is_wanted(&self, model: &Model, select: &[String]) -> bool {
        const KINDS: [&str; 8] = [
            "not_null",
            "unique",
            "accepted_values",
            "relationships",
            "kunci_unik",
            "row_count",
            "volume",
            "freshness",
        ];
        select.is_empty()
            || select.iter().any(|name| {
                KINDS.contains(&name.as_str())
                    || name.split('.').next() == Some(&model.name)
                    || model.columns.iter().any(|column| column.name == *name)
            })
    }

    fn of_model(
        &self,
        connection: &Connection,
        model: &Model,
        found: &mut Vec<Measured>,
    ) -> Result<(), WarehouseError> {
        let (rows, of_columns) = columns::measure(connection, model)?;
        found.extend(of_columns);
        relationships(connection, model, found)?;
        if !model.key.is_empty() && model.materialized != Materialized::View {
            found.push(self.key(connection, model)?);
        }
        if let Some(bounds) = model.row_count {
            let least = bounds.min.map(|least| format!(">= {least}"));
            let most = bounds.max.map(|most| format!("<= {most}"));
            found.push(Measured {
                uji: format!("{}.row_count", model.name),
                jenis: "row_count",
                tingkat: TestLevel::Galat,
                terukur: Some(rows as f64),
                ambang: least.into_iter().chain(most).collect::<Vec<_>>().join(", "),
                holds: bounds.min.is_none_or(|least| rows >= least) && bounds.max.is_none_or(|most| rows <= most),
                pesan: None,
                contoh: Vec::new(),
            });
        }
        if model.materialized == Materialized::Mart {
            found.push(self.volume(model, rows));
        }
        self.freshness(connection, model, found)
    }

    fn of_query(&self, connection: &Connection, test: &QueryTest) -> Result<Measured, WarehouseError> {
        let wrong = |error: duckdb::Error| WarehouseError::Model {
            model: format!("tests/{}", test.name),
            problem: format!("cannot run: {error}"),
        };
        let rows = rows_of(connection, &test.sql).map_err(&wrong)?;
        let mut measured = Measured::failing_rows(test.name.clone(), "sql", test.level, rows);
        measured.ambang = test.allowed.to_string();
        measured.holds = rows <= test.allowed;
        if !measured.holds {
            measured.contoh = examples::rows(connection, &test.sql, self.models).map_err(wrong)?;
        }
        measured.pesan = Some(test.description.clone());
        Ok(measured)
    }

    fn key(&self, connection: &Connection, model: &Model) -> Result<Measured, WarehouseError> {
        let uji = format!("{}.kunci_unik", model.name);
        if self.keys_hold {
            return Ok(Measured::failing_rows(uji, "kunci_unik", TestLevel::Galat, 0));
        }
        let condition = model
            .key_where
            .as_ref()
            .map_or_else(String::new, |condition| format!(" WHERE {condition}"));
        let repeated = format!(
            "(SELECT 1 FROM {}{condition} GROUP BY {} HAVING count(*) > 1)",
            model.name,
            model.key.join(", ")
        );
        let counts = numbers(connection, &repeated, &["count(*)".to_owned()], &model.name)?;
        let twice = counts.first().copied().unwrap_or(0);
        Ok(Measured::failing_rows(uji, "kunci_unik", TestLevel::Galat, twice))
    }

    /// The share of the rows of the previous release that is gone.
    fn volume(&self, model: &Model, rows: i64) -> Measured {
        let allowed = model
            .volume
            .map_or(self.config.uji.max_turun, |volume| volume.max_turun);
        let before = self
            .previous
            .as_ref()
            .and_then(|previous| previous.rows.get(&model.name).map(|rows| (&previous.run_id, *rows)));
        let gone = before.map(|(_, before)| {
            if before > rows {
                (before - rows) as f64 / before as f64
            } else {
                0.0
            }
        });
        Measured {
            uji: format!("{}.volume", model.name),
            jenis: "volume",
            tingkat: TestLevel::Galat,
            terukur: gone,
            ambang: format!("<= {allowed}"),
            holds: gone.is_none_or(|gone| gone <= allowed),
            pesan: Some(match before {
                Some((run_id, before)) => format!("{rows} baris, {before} pada rilis {run_id}"),
                None => format!("{rows} baris, belum ada rilis sebelumnya"),
            }),
            contoh: Vec::new(),
        }
    }

    fn freshness(
        &self,
        connection: &Connection,
        model: &Model,
        found: &mut Vec<Measured>,
    ) -> Result<(), WarehouseError> {
        let Some(freshness) = &model.freshness else {
            return Ok(());
        };
        let latest = greatest(connection, &model.name, &freshness.column)?;
        let day = latest.as_deref().and_then(day_of);
        let allowed = freshness.max_hari.or(self.config.uji.max_hari);
        let age = day.map(|day| (self.today - day).num_days());
        found.push(Measured {
            uji: format!("{}.freshness", model.name),
            jenis: "freshness",
            tingkat: TestLevel::Peringatan,
            terukur: age.filter(|_| allowed.is_some()).map(|days| days as f64),
            ambang: allowed.map_or_else(|| "-".to_owned(), |days| format!("<= {days}")),
            holds: allowed.zip(age).is_none_or(|(allowed, age)| age <= allowed),
            pesan: Some(match latest {
                Some(latest) => format!("{} terakhir {latest}", freshness.column),
                None => "belum ada baris".to_owned(),
            }),
            contoh: Vec::new(),
        });
        Ok(())
    }
}

/// What is tested in one go, on one connection.
enum Subject<'a> {
    Model(&'a Model),
    Query(QueryTest),
}

fn is_testable(model: &Model) -> bool {
    match model.materialized {
        Materialized::Table | Materialized::Mart => true,
        Materialized::View => model.row_count.is_some() || model.columns.iter().any(is_tested),
        Materialized::Temp | Materialized::Temuan => false,
    }
}

fn is_tested(column: &ColumnSheet) -> bool {
    !column.tests.is_empty() || !column.accepted_values.is_empty() || column.relationships.is_some()
}

/// The last day of a month, or a day itself.
fn day_of(text: &str) -> Option<NaiveDate> {
    last_day(text).or_else(|| text.get(..10)?.parse().ok())
}

fn relationships(connection: &Connection, model: &Model, found: &mut Vec<Measured>) -> Result<(), WarehouseError> {
    for column in &model.columns {
        let Some((table, other)) = column.relationships.as_ref().and_then(|to| to.split_once('.')) else {
            continue;
        };
        // Distinct values first: few places stand in many rows.
        let strays = format!(
            "(SELECT {name} AS nilai, count(*) AS jumlah FROM {from} WHERE {name} IS NOT NULL GROUP BY {name}) AS t \
             WHERE t.nilai NOT IN (SELECT {other} FROM {table} WHERE {other} IS NOT NULL)",
            name = column.name,
            from = model.name,
        );
        let counts = numbers(
            connection,
            &strays,
            &["coalesce(sum(t.jumlah), 0)".to_owned()],
            &model.name,
        )?;
        let mut measured = Measured::failing_rows(
            format!("{}.{}.relationships", model.name, column.name),
            "relationships",
            columns::level(column),
            counts.first().copied().unwrap_or(0),
        );
        measured.pesan = Some(format!("ke {table}.{other}"));
        if !measured.holds {
            let outside = format!(
                "{} NOT IN (SELECT {other} FROM {table} WHERE {other} IS NOT NULL)",
                column.name
            );
            measured.contoh = examples::values(connection, model, column, &outside)?;
        }
        found.push(measured);
    }
    Ok(())
}
