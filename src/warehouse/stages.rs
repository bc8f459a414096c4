//! In which stages the models of a run are made.

use super::WarehouseError;
use super::engine::part_rows;
use super::models::{Materialized, Model, Models};
use super::plan::Fate;
use super::stretches::{Cuts, Stretch};
use super::together::Together;
use duckdb::Connection;
use std::collections::BTreeSet;

/// A thread of the engine takes up a row group at a time: a table of a few of them leaves the others nothing to do.
const ROWS_OF_ONE_THREAD: u64 = 4 * 122_880;

/// The models, each in one stage, in an order in which they can be made.
pub(super) struct Stages<'m> {
    /// Nothing is made of them.
    pub unneeded: Vec<&'m Model>,
    /// One after the other with all threads, or taken over: all else waits for them.
    pub first: Vec<&'m Model>,
    /// Stretch by stretch, where there are more rows than fit in memory.
    pub together: Together<'m>,
    /// One after the other with all threads: what was made together does not wait for them, and they may read it.
    pub then: Vec<&'m Model>,
    /// Beside each other, one thread each; in parts, where there are more rows than fit in memory.
    pub beside: Vec<&'m Model>,
    /// Made of findings: when all are there.
    pub last: Vec<&'m Model>,
}

impl<'m> Stages<'m> {
    /// Large tables and what they need come first, all else beside each other.
    ///
    /// Of more rows than fit in memory only marts are made beside each other, in parts that are small enough: what is not cut into
    /// parts takes all the memory that there is. What the tables of the warehouse and those who are made together do not need comes
    /// behind them, close to the marts that read it.
    pub fn of(models: &'m Models, fate: impl Fn(&Model) -> Fate, rows_read: impl Fn(&str) -> u64, fits: bool) -> Self {
        let (unneeded, needed): (Vec<&Model>, Vec<&Model>) =
            models.ordered.iter().partition(|model| fate(model) == Fate::TidakPerlu);
        let (built, kept): (Vec<&Model>, Vec<&Model>) = needed.iter().partition(|model| fate(model) == Fate::Dibangun);
        let kept: BTreeSet<&str> = kept.iter().map(|model| model.name.as_str()).collect();
        let together = if fits {
            Together::default()
        } else {
            Together::of(&built)
        };
        let behind = behind(models, &together);
        let needed_first = needed_first(models, &together, &behind);
        let alone = alone(models, rows_read, fits);
        let of_findings = of_findings(models);
        let mut stages = Self {
            unneeded,
            first: Vec::new(),
            together,
            then: Vec::new(),
            beside: Vec::new(),
            last: Vec::new(),
        };
        for model in needed {
            let name = model.name.as_str();
            if kept.contains(name) {
                stages.first.push(model);
            } else if of_findings.contains(name) {
                stages.last.push(model);
            } else if stages.together.contains(name) {
                // It has its place there.
            } else if !alone.contains(name) {
                stages.beside.push(model);
            } else if fits || needed_first.contains(name) {
                stages.first.push(model);
            } else {
                stages.then.push(model);
            }
        }
        stages
    }

    /// Cuts what is made together into stretches; a mart that does not fit in them is made behind the others.
    ///
    /// # Errors
    /// [`WarehouseError`] where a table cannot be read or made.
    pub fn cut_together(&mut self, connection: &Connection, cuts: &mut Cuts) -> Result<Vec<Stretch>, WarehouseError> {
        let most = part_rows(connection)?;
        let (mut cut, misfit) = self.together.cut(connection, most, cuts)?;
        if let Some(mart) = misfit {
            self.together = std::mem::take(&mut self.together).without(mart);
            self.beside.insert(0, mart);
            (cut, _) = self.together.cut(connection, most, cuts)?;
        }
        Ok(cut)
    }

    /// What is made after a number of the models of the first stage.
    pub fn after_first(&self, made: usize) -> impl Iterator<Item = &'m Model> {
        let first = self.first.iter().skip(made);
        first
            .chain(self.together.models())
            .copied()
            .chain(self.after_together(0))
    }

    /// What is made after what was made together, and after a number of the models that follow it.
    pub fn after_together(&self, made: usize) -> impl Iterator<Item = &'m Model> {
        let then = self.then.iter().skip(made);
        then.chain(&self.beside).chain(&self.last).copied()
    }
}

/// What reads what is made together, itself or through others.
fn behind<'m>(models: &'m Models, together: &Together<'_>) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    for model in models.ordered.iter().filter(|model| !together.contains(&model.name)) {
        let mut reads = model.reads.iter().map(String::as_str);
        if reads.any(|read| together.contains(read) || found.contains(read)) {
            found.insert(model.name.as_str());
        }
    }
    found
}

/// The tables of the warehouse, and what is read by them and by those that are made together, themselves or through others.
fn needed_first<'m>(models: &'m Models, together: &Together<'_>, behind: &BTreeSet<&str>) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    for model in models.ordered.iter().rev() {
        let is_first = model.materialized == Materialized::Table && !behind.contains(model.name.as_str());
        if is_first || together.contains(&model.name) || found.contains(model.name.as_str()) {
            found.insert(model.name.as_str());
            found.extend(model.reads.iter().map(String::as_str));
        }
    }
    found
}

/// The tables of the warehouse that more than one thread has work with, and what they read; all but the marts, where there are
/// more rows than fit in memory.
fn alone(models: &Models, rows_read: impl Fn(&str) -> u64, fits: bool) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for model in models.ordered.iter().rev() {
        let is_large = model.materialized == Materialized::Table && rows_read(&model.name) > ROWS_OF_ONE_THREAD;
        let is_alone = !fits && model.materialized != Materialized::Mart;
        if is_large || is_alone || found.contains(model.name.as_str()) {
            found.insert(model.name.as_str());
            found.extend(model.reads.iter().map(String::as_str));
        }
    }
    found
}

/// What is made of findings, and what is made of that. A view looks at them when it is read.
fn of_findings(models: &Models) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut of_findings: BTreeSet<&str> = BTreeSet::new();
    for model in &models.ordered {
        let reads_any = model.relations.contains("kualitas_temuan")
            || model.reads.iter().any(|read| of_findings.contains(read.as_str()));
        if reads_any && model.materialized != Materialized::Temuan {
            of_findings.insert(&model.name);
            if model.materialized != Materialized::View {
                found.insert(model.name.as_str());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;

    fn all<'m>(stages: &Stages<'m>) -> Vec<Vec<&'m Model>> {
        vec![
            stages.first.clone(),
            stages.together.models().to_vec(),
            stages.then.clone(),
            stages.beside.clone(),
            stages.last.clone(),
        ]
    }

    #[test]
    fn every_model_is_made_once_and_after_what_it_reads() {
        let mut bundle = Bundle::load(None).unwrap();
        // A table of a workspace's own that reads what is made together.
        bundle.sql.insert(
            "warehouse/desa_sendiri.sql".to_owned(),
            "SELECT kode_desa, jumlah_individu FROM int_desa_dihitung\n".to_owned(),
        );
        bundle.sql.insert(
            "warehouse/desa_sendiri.toml".to_owned(),
            "model = \"desa_sendiri\"\ngrain = \"one row per desa\"\nmaterialized = \"table\"\n".to_owned(),
        );
        let models = Models::load(&bundle).unwrap();
        for fits in [true, false] {
            let stages = Stages::of(&models, |_| Fate::Dibangun, |_| 1_000_000, fits);
            let stages = all(&stages);
            let mut there = BTreeSet::new();
            for stage in &stages {
                let beside: BTreeSet<&str> = stage.iter().map(|model| model.name.as_str()).collect();
                for model in stage {
                    let read = |read: &String| there.contains(read.as_str()) || beside.contains(read.as_str());
                    assert!(model.reads.iter().all(read), "{}", model.name);
                }
                for name in beside {
                    assert!(there.insert(name), "{name} is made twice");
                }
            }
            assert_eq!(there.len(), models.ordered.len());
            assert_eq!(stages[1].is_empty(), fits);
            let own = |stage: &Vec<&Model>| stage.iter().any(|model| model.name == "desa_sendiri");
            assert_eq!(stages.iter().position(own), Some(if fits { 0 } else { 2 }));
        }
        let stages = Stages::of(&models, |_| Fate::Dibangun, |_| 1_000_000, false);
        let beside = stages.beside.iter();
        assert!(beside.clone().count() > 1);
        assert!(
            beside.clone().all(|model| model.materialized == Materialized::Mart),
            "the rest takes all the memory"
        );
    }

    #[test]
    fn what_is_kept_or_unneeded_is_not_made() {
        let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
        let fate = |model: &Model| match model.name.as_str() {
            "mart_5_individu" => Fate::Tetap,
            "int_program_per_kpm" => Fate::TidakPerlu,
            _ => Fate::Dibangun,
        };
        let stages = Stages::of(&models, fate, |_| 1_000_000, false);
        let unneeded: Vec<&str> = stages.unneeded.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(unneeded, ["int_program_per_kpm"]);
        assert!(
            stages.first.iter().any(|model| model.name == "mart_5_individu"),
            "it is taken over"
        );
        assert!(!stages.together.contains("mart_5_individu") && stages.together.contains("mart_6_rumah_tangga"));
    }
}
