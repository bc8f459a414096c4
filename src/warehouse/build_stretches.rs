//! Builds what is made in stretches: more rows than fit in memory.

use super::WarehouseError;
use super::build::{Built, Outcome, Warehouse, rows_of, write_mart};
use super::engine::{Engine, joins_in_memory, on_each, part_rows, quote_path};
use super::gate::{check_mart, proves_key};
use super::models::Model;
use super::stretches::{Cuts, Stretch};
use super::together::{Made, Together, make_in_stretches};
use crate::failpoint;
use crate::stop;
use duckdb::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

impl Warehouse<'_> {
    /// Those that may be made as they are, and the marts of more rows than fit in memory: these are made in parts.
    pub(super) fn which_in_parts<'m>(
        &self,
        connection: &Connection,
        models: &[&'m Model],
    ) -> Result<(Vec<&'m Model>, Vec<Together<'m>>), WarehouseError> {
        let (mut whole, mut in_parts) = (Vec::new(), Vec::new());
        for &model in models {
            // What waits for others that are made beside it has no table yet that could be counted.
            let of = model.parts.as_ref().map(|sheet| &sheet.of);
            let rows = match of.filter(|of| !models_named(&whole, of)) {
                Some(of) => u64::try_from(rows_of(connection, of)?).unwrap_or(0),
                None => 0,
            };
            match Together::alone(model) {
                Some(alone) if !joins_in_memory(connection, rows)? => in_parts.push(alone),
                _ => whole.push(model),
            }
        }
        Ok((whole, in_parts))
    }

    /// Makes models in the stretches into which they are cut, on one thread for each of the connections, and checks them with all.
    pub(super) fn run_in_stretches(
        &self,
        engine: &mut Engine,
        models: Vec<(&Together<'_>, Vec<Stretch>)>,
        marts: &Path,
        built: &mut Built,
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<(), WarehouseError> {
        if models.is_empty() {
            return Ok(());
        }
        let cut = models.into_iter().map(|(together, stretches)| {
            together.models().iter().for_each(|model| progress(&model.name));
            together.prepare(engine.first(), stretches)
        });
        let cut = cut.collect::<Result<Vec<_>, _>>()?;
        let write = |connection: &Connection, model: &Model, select: &str, path: &Path| {
            write_mart(connection, &model.name, select, path)
        };
        let connections = engine.stretches()?;
        let made = make_in_stretches(&cut, connections, marts, write)?;
        let kept: BTreeSet<&str> = cut.iter().flat_map(|cut| cut.together.kept()).copied().collect();
        let waiting = Mutex::new(made.into_iter());
        let joined = on_each(connections, |connection| {
            let mut joined = Vec::new();
            while let Some(made) = next(&waiting) {
                stop::check()?;
                let is_there = made.files.is_some() || kept.contains(made.model.name.as_str());
                joined.push(self.join(connection, made, is_there, marts)?);
            }
            Ok(joined)
        })?;
        engine.whole(self.inputs.config.threads())?;
        let outcomes = joined.into_iter().flatten().map(|joined| {
            stop::check()?;
            self.check(engine.first(), &joined, marts)
        });
        self.take_all(built, outcomes.collect::<Result<_, _>>()?);
        Ok(())
    }

    /// Joins the parts of a mart.
    fn join<'m>(
        &self,
        connection: &Connection,
        made: Made<'m>,
        is_there: bool,
        marts: &Path,
    ) -> Result<Joined<'m>, WarehouseError> {
        let (start, model) = (Instant::now(), made.model);
        let (mut rows, mut is_proven) = (None, None);
        if let Some(files) = made.files {
            let path = marts.join(format!("{}.parquet", model.name));
            let relation = format!("read_parquet({})", quote_path(&path)?);
            let write = |select: &str, path: &Path| write_mart(connection, &model.name, select, path);
            let (joined, known) = files.join(connection, &path, &write)?;
            failpoint::step("warehouse.mart");
            is_proven = Some(known.map_or_else(|| proves_key(connection, model, &relation), Ok)?);
            rows = Some(joined);
        } else if is_there {
            rows = Some(rows_of(connection, &model.name)?);
        }
        Ok(Joined {
            model,
            rows,
            is_proven,
            seconds: made.seconds + start.elapsed().as_secs_f64(),
        })
    }

    /// Checks a mart whose parts are joined. Keys that nothing has proved yet are counted by all threads.
    fn check(&self, connection: &Connection, joined: &Joined<'_>, marts: &Path) -> Result<Outcome, WarehouseError> {
        let (start, model) = (Instant::now(), joined.model);
        let mut failures = Vec::new();
        if let Some((rows, is_proven)) = joined.rows.zip(joined.is_proven) {
            let path = marts.join(format!("{}.parquet", model.name));
            let relation = format!("read_parquet({})", quote_path(&path)?);
            failures = check_mart(connection, model, &relation, rows, is_proven)?;
        }
        let seconds = joined.seconds + start.elapsed().as_secs_f64();
        Ok(self.outcome(model, joined.rows, failures, seconds))
    }
}

/// What was made in stretches, in one piece.
struct Joined<'m> {
    model: &'m Model,
    rows: Option<i64>,
    /// Of a mart: does the order of its rows prove its key?
    is_proven: Option<bool>,
    seconds: f64,
}

/// Cuts marts that are made alone, each into stretches of its own.
pub(super) fn cut_alone<'t, 'm>(
    engine: &Engine,
    marts: &'t [Together<'m>],
    cuts: &mut Cuts,
) -> Result<Vec<(&'t Together<'m>, Vec<Stretch>)>, WarehouseError> {
    let most = part_rows(engine.first())?;
    // What a part needs of others lies in memory beside its rows: there is room for that of two workers.
    let with_others = most * 2 / engine.workers().max(2);
    let cut = marts.iter().map(|alone| {
        let most = if alone.keeps_others() { with_others } else { most };
        Ok((alone, alone.cut(engine.first(), most, cuts)?.0))
    });
    cut.collect()
}

fn next<'m>(waiting: &Mutex<impl Iterator<Item = Made<'m>>>) -> Option<Made<'m>> {
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.next()
}

fn models_named(models: &[&Model], name: &str) -> bool {
    models.iter().any(|model| model.name == name)
}
