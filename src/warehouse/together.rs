//! Models that are made stretch by stretch of an id, where there are more rows than fit in memory: a mart alone, or together those
//! that hand each other rows.
//!
//! Rows of one stretch are near each other where they are read, and what its models hand each other stays in memory and is dropped
//! with the stretch, so that a province costs what its districts cost. Several stretches are made side by side, one thread each.

use super::WarehouseError;
use super::engine::{SCRATCH, on_each};
use super::models::{Materialized, Model};
use super::order::{PartsSheet, cut_by, made_together};
use super::part_view::{Places, View};
use super::parts::PartFiles;
use super::stretches::{Cuts, Stretch};
use crate::stop;
use duckdb::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// One row in so many may be of another stretch than its household. Of the made-up province five in ten thousand are.
const FEW: i64 = 12;

/// The temporary tables in parts, and what is in parts and joins one.
#[derive(Default)]
pub(super) struct Together<'m> {
    /// In an order in which they can be made.
    models: Vec<&'m Model>,
    /// The temporary tables among them that others read, too: theirs are the rows of all stretches.
    kept: BTreeSet<&'m str>,
    /// The column by which tables are cut.
    column: &'m str,
    /// Where the tables are that they read.
    places: Places,
}

/// Models that are made together, and the stretches of them.
pub(super) struct InStretches<'t, 'm> {
    /// The models.
    pub together: &'t Together<'m>,
    stretches: Vec<Stretch>,
}

/// What became of one of the models.
pub(super) struct Made<'m> {
    /// The model.
    pub model: &'m Model,
    /// Seconds of a thread.
    pub seconds: f64,
    /// Its parts, of a mart.
    pub files: Option<PartFiles<'m>>,
}

impl<'m> Together<'m> {
    /// Those of the models that will be built.
    pub fn of(built: &[&'m Model]) -> Self {
        let Some(column) = cut_by(built.iter().copied()) else {
            return Self::default();
        };
        let names = made_together(built.iter().copied());
        let (models, others): (Vec<&Model>, Vec<&Model>) =
            built.iter().partition(|model| names.contains(model.name.as_str()));
        let temporary = models.iter().filter(|model| model.is_temporary());
        let temporary: BTreeSet<&str> = temporary.map(|model| model.name.as_str()).collect();
        let read: BTreeSet<&str> = others
            .iter()
            .flat_map(|model| &model.reads)
            .map(String::as_str)
            .collect();
        Self {
            models,
            kept: temporary.intersection(&read).copied().collect(),
            column,
            places: Places::default(),
        }
    }

    /// A mart in parts that joins none of them.
    pub fn alone(mart: &'m Model) -> Option<Self> {
        let sheet = mart.parts.as_ref()?;
        Some(Self {
            models: vec![mart],
            kept: BTreeSet::new(),
            column: &sheet.by,
            places: Places::default(),
        })
    }

    /// Is it a mart alone of which a part keeps, beside its own rows, those of others that lie anywhere?
    pub fn keeps_others(&self) -> bool {
        let alone = self.models.first().filter(|_| self.models.len() == 1);
        let sheet = alone.and_then(|model| model.parts.as_ref());
        sheet.is_some_and(|sheet| !sheet.lookup.is_empty() || sheet.is_cut(&sheet.of))
    }

    /// The models.
    pub fn models(&self) -> &[&'m Model] {
        &self.models
    }

    /// Those whose rows are there afterwards.
    pub fn kept(&self) -> &BTreeSet<&'m str> {
        &self.kept
    }

    /// Is it one of them?
    pub fn contains(&self, name: &str) -> bool {
        self.models.iter().any(|model| model.name == name)
    }

    /// Looks for what they need from outside their own stretch; `stretches` are those of [`Together::cut`].
    ///
    /// # Errors
    /// [`WarehouseError`] where a table cannot be read or made.
    pub fn prepare(
        &self,
        connection: &Connection,
        stretches: Vec<Stretch>,
    ) -> Result<InStretches<'_, 'm>, WarehouseError> {
        self.begin(connection)?;
        for model in self.across() {
            self.look_beyond(connection, model)?;
        }
        self.end(connection)?;
        Ok(InStretches {
            together: self,
            stretches,
        })
    }

    /// Stretches of about `most` rows: by the mart that is cut by a column of its own where there is one, since that must know how far
    /// they reach in the other, else by the largest table that is cut.
    ///
    /// And that mart, where it is a misfit: more of its rows than a few belong to households of other stretches. Lists without numbers
    /// of persons (SIKS-NG) give them the place of their nik, and with them the whole province would be looked up from outside each
    /// stretch. It must be made alone, behind the others; they are cut again [`Together::without`] it.
    ///
    /// # Errors
    /// [`WarehouseError`] where a table cannot be read or made.
    pub fn cut(
        &self,
        connection: &Connection,
        most: u64,
        cuts: &mut Cuts,
    ) -> Result<(Vec<Stretch>, Option<&'m Model>), WarehouseError> {
        let across = self.across().find_map(|model| Some((model, model.parts.as_ref()?)));
        if let Some((model, sheet)) = across {
            let cut = cuts.of(connection, &model.name, sheet, most)?;
            let is_misfit = self.note_outside(connection, model, sheet, &cut)?;
            return Ok((cut, is_misfit.then_some(model)));
        }
        let mut largest: Option<(i64, &Model, &PartsSheet)> = None;
        for model in &self.models {
            let Some(sheet) = model.parts.as_ref().filter(|sheet| !self.contains(&sheet.of)) else {
                continue;
            };
            let rows = self.view(connection, model).count(&sheet.of)?;
            if largest.is_none_or(|(most, _, _)| rows > most) {
                largest = Some((rows, model, sheet));
            }
        }
        let cut = largest.map(|(_, model, sheet)| cuts.of(connection, &model.name, sheet, most));
        Ok((cut.transpose()?.unwrap_or_default(), None))
    }

    /// Notes which households the rows of a mart need that are of other stretches; are the rows too many?
    fn note_outside(
        &self,
        connection: &Connection,
        model: &Model,
        sheet: &PartsSheet,
        cut: &[Stretch],
    ) -> Result<bool, WarehouseError> {
        let view = self.view(connection, model);
        let (keys, column) = (beyond(&model.name), self.column);
        view.execute(&format!(
            "CREATE TABLE {keys} AS SELECT {column}, count(*) AS baris FROM {} GROUP BY {column} LIMIT 0",
            sheet.of
        ))?;
        let most = view.count(&sheet.of)? / FEW;
        let mut is_misfit = false;
        for stretch in cut.iter().filter(|stretch| stretch.reaches_beyond(column)) {
            view.of(&sheet.of, &stretch.rows(&sheet.by))?;
            view.execute(&format!(
                "INSERT INTO {keys} SELECT {column}, count(*) FROM {} WHERE NOT ({}) GROUP BY {column}",
                sheet.of,
                stretch.within(column)
            ))?;
            view.end(&sheet.of)?;
            is_misfit = view.sum_of(&keys, "baris")? > most;
            if is_misfit {
                view.execute(&format!("DROP TABLE {keys}"))?;
                break;
            }
        }
        Ok(is_misfit)
    }

    /// The others, without a mart that is made behind them.
    pub fn without(mut self, mart: &'m Model) -> Self {
        self.models.retain(|model| model.name != mart.name);
        let names: BTreeSet<&'m str> = self.temporary().map(|model| model.name.as_str()).collect();
        self.kept
            .extend(names.into_iter().filter(|name| mart.reads.contains(*name)));
        self
    }

    /// Marts that are cut by another column than the rest.
    fn across(&self) -> impl Iterator<Item = &'m Model> {
        self.models
            .iter()
            .copied()
            .filter(|model| model.parts.as_ref().is_some_and(|sheet| sheet.by != self.column))
    }

    /// Tables without rows for what is kept.
    fn begin(&self, connection: &Connection) -> Result<(), WarehouseError> {
        for model in self.temporary() {
            let view = self.view(connection, model);
            view.execute(&format!(
                "CREATE OR REPLACE TEMP TABLE {} AS SELECT * FROM ({}) AS model LIMIT 0",
                local(&model.name),
                model.sql
            ))?;
            view.execute(&show(&model.name, ""))?;
            if self.kept.contains(model.name.as_str()) {
                view.execute(&format!(
                    "CREATE TABLE {SCRATCH}.{} AS SELECT * FROM {}",
                    model.name,
                    local(&model.name)
                ))?;
            }
        }
        Ok(())
    }

    fn view<'a>(&'a self, connection: &'a Connection, model: &'a Model) -> View<'a> {
        View {
            connection,
            model: &model.name,
            places: &self.places,
        }
    }

    fn temporary(&self) -> impl Iterator<Item = &'m Model> {
        let models = self.models.iter().copied();
        models.filter(|model| model.is_temporary())
    }

    /// Of the tables that a mart joins by another column than the one that cuts it: the rows that it needs from outside its own
    /// stretches, as they were noted. Persons whose number is of another place than their household are few.
    fn look_beyond(&self, connection: &Connection, model: &'m Model) -> Result<(), WarehouseError> {
        let Some(sheet) = &model.parts else { return Ok(()) };
        let view = self.view(connection, model);
        let (keys, column) = (beyond(&model.name), self.column);
        let own = format!("{column} IN (SELECT {column} FROM {keys})");
        for table in self.needed_by(sheet) {
            self.show(connection, table, |_, _| own.clone())?;
            view.execute(&fill(table))?;
            if sheet.near.contains_key(&table.name) {
                view.execute(&format!(
                    "CREATE TABLE {} AS SELECT * FROM {}",
                    beyond(&table.name),
                    local(&table.name)
                ))?;
            }
        }
        view.execute(&format!("DROP TABLE {keys}"))
    }

    /// The temporary tables that a mart joins, and those that they are made of, in an order in which they can be made.
    fn needed_by(&self, sheet: &PartsSheet) -> Vec<&'m Model> {
        let mut needed: Vec<&'m Model> = Vec::new();
        for &table in self.models.iter().rev().filter(|model| model.is_temporary()) {
            let is_read = needed.iter().any(|other| other.reads.contains(&table.name));
            if is_read || sheet.near.contains_key(&table.name) {
                needed.push(table);
            }
        }
        needed.reverse();
        needed
    }

    /// Shows the rows of the tables that a model is cut by: those that the models before it have made, and of others those that meet
    /// the condition for the table and its column.
    fn show(
        &self,
        connection: &Connection,
        model: &Model,
        condition: impl Fn(&str, &str) -> String,
    ) -> Result<(), WarehouseError> {
        let view = self.view(connection, model);
        for (table, column) in model.parts.iter().flat_map(PartsSheet::cut) {
            if self.contains(table) {
                view.execute(&show(table, ""))?;
            } else {
                view.of(table, &condition(table, column))?;
            }
        }
        Ok(())
    }

    fn nothing_made(&self, marts: &Path) -> Result<Vec<Made<'m>>, WarehouseError> {
        let models = self.models.iter().map(|model| {
            let is_mart = model.materialized == Materialized::Mart;
            let unsorted = model.order_of.as_ref().and(model.without_order());
            let path = marts.join(format!("{}.parquet", model.name));
            let files = is_mart.then(|| PartFiles::begin(model, unsorted.map(|(unsorted, _)| unsorted), &path));
            Ok(Made {
                model,
                seconds: 0.0,
                files: files.transpose()?,
            })
        });
        models.collect()
    }

    fn forget_beyond(&self, connection: &Connection, model: &Model) -> Result<(), WarehouseError> {
        let view = self.view(connection, model);
        let mut near = model.parts.iter().flat_map(|sheet| sheet.near.keys());
        near.try_for_each(|table| view.execute(&format!("DROP TABLE IF EXISTS {}", beyond(table))))
    }

    /// All tables show all of their rows again.
    fn end(&self, connection: &Connection) -> Result<(), WarehouseError> {
        for model in &self.models {
            let view = self.view(connection, model);
            if let Some(sheet) = &model.parts {
                sheet.tables().try_for_each(|table| view.end(table))?;
                sheet.lookup.keys().try_for_each(|table| view.forget(table))?;
            }
            view.end(&model.name)?;
        }
        for model in self.temporary() {
            self.view(connection, model)
                .execute(&format!("DROP TABLE IF EXISTS {}", local(&model.name)))?;
        }
        Ok(())
    }
}

/// Makes models stretch by stretch, those of the first first, on all connections; `marts` is the folder of the marts, and `write`
/// writes a query to a file. The first error ends it.
///
/// # Errors
/// [`WarehouseError`] where a model cannot run or a file cannot be written.
pub(super) fn make_in_stretches<'m>(
    all: &[InStretches<'_, 'm>],
    connections: &mut [Connection],
    marts: &Path,
    write: impl Fn(&Connection, &Model, &str, &Path) -> Result<i64, WarehouseError> + Sync,
) -> Result<Vec<Made<'m>>, WarehouseError> {
    let tasks: Vec<(usize, usize)> = all
        .iter()
        .enumerate()
        .flat_map(|(of, cut)| (0..cut.stretches.len()).map(move |number| (of, number)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = |connection: &mut Connection| -> Result<Vec<Vec<Made<'m>>>, WarehouseError> {
        let mut others = StopOthers {
            next: &next,
            all: tasks.len(),
            is_well: false,
        };
        let made = all.iter().map(|cut| cut.together.nothing_made(marts));
        let mut made = made.collect::<Result<Vec<_>, _>>()?;
        while let Some(&(of, number)) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let of_stretch = OfStretch {
                together: all[of].together,
                connection,
                stretch: &all[of].stretches[number],
                number,
            };
            made[of].iter_mut().try_for_each(|made| of_stretch.make(made, &write))?;
            all[of].together.end(connection)?;
        }
        others.is_well = true;
        Ok(made)
    };
    let by_worker = on_each(connections, work)?;
    if let Some(first) = connections.first() {
        let mut across = all
            .iter()
            .flat_map(|cut| cut.together.across().map(|model| (cut.together, model)));
        across.try_for_each(|(together, model)| together.forget_beyond(first, model))?;
    }
    let by_worker = by_worker.into_iter().map(|made| made.into_iter().flatten().collect());
    Ok(by_worker.reduce(and).unwrap_or_default())
}

/// Leaves nothing to do to the others, unless it ends well.
struct StopOthers<'n> {
    next: &'n AtomicUsize,
    all: usize,
    is_well: bool,
}

impl Drop for StopOthers<'_> {
    fn drop(&mut self) {
        if !self.is_well {
            self.next.store(self.all, Ordering::Relaxed);
        }
    }
}

/// One stretch, on the connection of one worker.
struct OfStretch<'t, 'm> {
    together: &'t Together<'m>,
    connection: &'t Connection,
    stretch: &'t Stretch,
    number: usize,
}

impl OfStretch<'_, '_> {
    fn make(
        &self,
        made: &mut Made<'_>,
        write: &impl Fn(&Connection, &Model, &str, &Path) -> Result<i64, WarehouseError>,
    ) -> Result<(), WarehouseError> {
        let start = Instant::now();
        let model = made.model;
        let Some(sheet) = &model.parts else { return Ok(()) };
        self.show(model, sheet)?;
        match &mut made.files {
            None => self.fill(model)?,
            Some(files) => {
                self.keep_order(model, sheet)?;
                let write = |select: &str, path: &Path| write(self.connection, model, select, path);
                self.view(model).one_by_one(sheet, |of_each, row| {
                    if sheet.is_cut(&sheet.of) {
                        self.narrow(model, sheet, row)?;
                    }
                    files.write(self.connection, self.number, of_each, &write)
                })?;
            }
        }
        // The next model may read all rows of what this one sees a stretch of.
        let mut tables = sheet.tables();
        tables.try_for_each(|table| self.view(model).end(table))?;
        made.seconds += start.elapsed().as_secs_f64();
        Ok(())
    }

    fn show(&self, model: &Model, sheet: &PartsSheet) -> Result<(), WarehouseError> {
        let (together, stretch) = (self.together, self.stretch);
        together.show(self.connection, model, |table, column| {
            self.condition(sheet, table, column)
        })?;
        let view = self.view(model);
        let mut within = sheet.within.iter();
        within.try_for_each(|(table, column)| view.of(table, &stretch.within(column)))?;
        if sheet.by != together.column && stretch.reaches_beyond(together.column) {
            for table in sheet.near.keys().filter(|table| together.contains(table)) {
                let outside = format!(
                    "\nUNION ALL\nSELECT * FROM {} WHERE NOT ({}) AND {}",
                    beyond(table),
                    stretch.within(together.column),
                    stretch.near(together.column, &sheet.by)
                );
                view.execute(&show(table, &outside))?;
            }
        }
        if sheet.is_cut(&sheet.of) {
            return Ok(());
        }
        view.look_up(sheet, &model.sql, "true")
    }

    fn view<'a>(&'a self, model: &'a Model) -> View<'a> {
        self.together.view(self.connection, model)
    }

    /// Which rows of a table, that this column cuts, the stretch has.
    fn condition(&self, sheet: &PartsSheet, table: &str, column: &str) -> String {
        let (together, stretch) = (self.together, self.stretch);
        let is_cut_by_itself = sheet.by != together.column || together.models.len() == 1;
        if !is_cut_by_itself {
            stretch.within(column)
        } else if table == sheet.of {
            stretch.rows(column)
        } else {
            stretch.near(column, &sheet.by)
        }
    }

    /// Where the order of the mart is that of a table, its rows are handed on as they lie.
    fn keep_order(&self, model: &Model, sheet: &PartsSheet) -> Result<(), WarehouseError> {
        let mut cut = sheet.cut();
        match cut.find(|(table, _)| model.order_of.as_deref() == Some(*table)) {
            Some((table, column)) => self.view(model).in_order(table, &self.condition(sheet, table, column)),
            None => Ok(()),
        }
    }

    /// Shows of the stretch what meets a condition, too, and what these rows need.
    fn narrow(&self, model: &Model, sheet: &PartsSheet, condition: &str) -> Result<(), WarehouseError> {
        let rows = format!("{} AND {condition}", self.stretch.rows(&sheet.by));
        let view = self.view(model);
        view.of(&sheet.of, &rows)?;
        sheet.only_cut().try_for_each(|table| view.of(table, condition))?;
        view.look_up(sheet, &model.sql, condition)
    }

    fn fill(&self, model: &Model) -> Result<(), WarehouseError> {
        stop::check()?;
        let view = self.view(model);
        view.execute(&fill(model))?;
        if self.together.kept.contains(model.name.as_str()) {
            let (name, local) = (&model.name, local(&model.name));
            view.execute(&format!("INSERT INTO {SCRATCH}.{name} SELECT * FROM {local}"))?;
        }
        Ok(())
    }
}

/// What two workers have made of the same models.
fn and<'m>(one: Vec<Made<'m>>, other: Vec<Made<'m>>) -> Vec<Made<'m>> {
    let both = one.into_iter().zip(other);
    both.map(|(one, other)| Made {
        model: one.model,
        seconds: one.seconds + other.seconds,
        files: one.files.zip(other.files).map(|(one, other)| one.and(other)),
    })
    .collect()
}

/// Where a worker keeps the rows of its stretch.
fn local(table: &str) -> String {
    format!("temp.main.{table}_di_sini")
}

/// Where the rows are that a mart needs from outside its stretches.
fn beyond(table: &str) -> String {
    format!("{SCRATCH}.{table}_di_luar")
}

fn fill(model: &Model) -> String {
    format!("CREATE OR REPLACE TEMP TABLE {} AS {}", local(&model.name), model.sql)
}

/// Shows the rows of the stretch under the name of the table, and others with them.
fn show(table: &str, others: &str) -> String {
    format!(
        "CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {}{others}",
        local(table)
    )
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "together_handing_tests.rs"]
mod handing_tests;

#[cfg(test)]
#[path = "together_mart_tests.rs"]
mod mart_tests;
