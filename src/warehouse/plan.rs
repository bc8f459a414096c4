//! What a run would do with each model, and why: the same answer for `plan` and for the run itself.

use super::WarehouseError;
use super::fingerprint::{Fingerprint, Inputs, fingerprints};
use super::models::{Materialized, Models};
use super::select::Selection;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The release that readers open now, as far as the next one can use it.
#[derive(Debug, Clone, Default)]
pub struct Previous {
    /// Its folder.
    pub folder: PathBuf,
    /// Fingerprints of its models.
    pub fingerprints: BTreeMap<String, Fingerprint>,
    /// Rows and bytes of its marts.
    pub marts: BTreeMap<String, (i64, u64)>,
}

impl Previous {
    /// Is the warehouse there, to be copied?
    fn has_warehouse(&self) -> bool {
        self.folder.join("warehouse.duckdb").is_file()
    }

    /// The file of a mart.
    pub(super) fn mart(&self, name: &str) -> PathBuf {
        self.folder.join("marts").join(format!("{name}.parquet"))
    }

    fn has_mart(&self, name: &str) -> bool {
        let size = std::fs::metadata(self.mart(name)).map(|found| found.len());
        self.marts
            .get(name)
            .is_some_and(|(_, told)| size.is_ok_and(|size| size == *told))
    }
}

/// What becomes of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is built.
    Dibangun,
    /// It stays as it is in the release before; nothing that decides it has changed.
    Tetap,
    /// It is stale and was not selected: it stays as it is.
    Tertinggal,
    /// Nothing that is built reads it.
    TidakPerlu,
}

/// A model in the plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelPlan {
    /// Its name.
    pub model: String,
    /// What it becomes.
    pub jenis: Materialized,
    /// What becomes of it.
    pub hasil: Fate,
    /// Why.
    pub sebab: Vec<String>,
    /// What decides its rows, as they will be.
    #[serde(skip)]
    pub sidik: Fingerprint,
}

/// What a run does with all models, in their order.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The models.
    pub models: Vec<ModelPlan>,
}

/// What a run was asked to build.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Which models.
    pub selection: Selection,
    /// Also those that have not changed.
    pub full: bool,
}

impl Plan {
    /// Compares what decides the models now with what decided them in the release before.
    ///
    /// # Errors
    /// [`WarehouseError::Selection`] where a pattern fits no model, or leaves out what a release cannot do without.
    pub fn make(
        models: &Models,
        inputs: &Inputs<'_>,
        previous: Option<&Previous>,
        request: &Request,
    ) -> Result<Self, WarehouseError> {
        let chosen = request
            .selection
            .chosen(models)
            .map_err(|pattern| selection(format!("`{pattern}` fits no model; `bansos360 plan` lists them")))?;
        let previous = previous.filter(|previous| previous.has_warehouse());
        let wanted = fingerprints(models, inputs, &|_| None);
        let may_stay = |name: &str| {
            let before = previous.and_then(|previous| previous.fingerprints.get(name))?;
            (!chosen.contains(name)).then(|| before.clone())
        };
        let is_kept_kind = |name: &str| {
            kind_of(models, name).is_some_and(|kind| matches!(kind, Materialized::Table | Materialized::Mart))
        };
        let actual = fingerprints(models, inputs, &|name| may_stay(name).filter(|_| is_kept_kind(name)));
        let mut plan = Self::default();
        for model in &models.ordered {
            let before = previous.and_then(|previous| previous.fingerprints.get(&model.name));
            let sidik = actual.get(&model.name).cloned().unwrap_or_default();
            let is_chosen = chosen.contains(&model.name) || !is_kept_kind(&model.name);
            let mut sebab = reasons(before, &sidik);
            if let Some(previous) = previous.filter(|_| model.materialized == Materialized::Mart && before.is_some())
                && !previous.has_mart(&model.name)
            {
                sebab.push("its file is missing in the release before, or has another size".to_owned());
            }
            let is_behind = wanted.get(&model.name).map(|wanted| &wanted.sidik) != Some(&sidik.sidik);
            if sebab.is_empty() && request.full && chosen.contains(&model.name) {
                sebab.push("`--full` builds what has not changed, too".to_owned());
            }
            let hasil = match (sebab.is_empty(), is_chosen) {
                (true, false) if is_behind => Fate::Tertinggal,
                (true, _) => Fate::Tetap,
                (false, true) => Fate::Dibangun,
                (false, false) => return Err(cannot_stay(&model.name)),
            };
            if hasil == Fate::Tertinggal && model.materialized == Materialized::Table {
                return Err(behind(&model.name));
            }
            plan.models.push(ModelPlan {
                model: model.name.clone(),
                jenis: model.materialized,
                hasil,
                sebab,
                sidik,
            });
        }
        plan.drop_unneeded(models);
        Ok(plan)
    }

    /// A table that lives as long as the run is built only where something that is built reads it.
    fn drop_unneeded(&mut self, models: &Models) {
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        for (plan, model) in self.models.iter_mut().zip(&models.ordered).rev() {
            let is_temp = plan.jenis == Materialized::Temp;
            if is_temp {
                let is_needed = needed.contains(model.name.as_str());
                plan.hasil = if is_needed { Fate::Dibangun } else { Fate::TidakPerlu };
                plan.sebab.clear();
            }
            if plan.hasil == Fate::Dibangun || plan.jenis == Materialized::View && needed.contains(model.name.as_str())
            {
                needed.extend(model.reads.iter().map(String::as_str));
            }
        }
    }

    /// Models that are built.
    pub fn built(&self) -> impl Iterator<Item = &ModelPlan> {
        self.models.iter().filter(|model| model.hasil == Fate::Dibangun)
    }

    /// Is anything built that a release holds?
    pub fn is_idle(&self) -> bool {
        self.built()
            .all(|model| matches!(model.jenis, Materialized::View | Materialized::Temp))
    }

    /// What becomes of a model.
    pub fn of(&self, name: &str) -> Option<&ModelPlan> {
        self.models.iter().find(|model| model.model == name)
    }

    /// Can the warehouse of the release before be taken on?
    pub(super) fn keeps_tables(&self) -> bool {
        let kept = |plan: &&ModelPlan| matches!(plan.jenis, Materialized::Table | Materialized::Temuan);
        self.models.iter().filter(kept).any(|plan| plan.hasil != Fate::Dibangun)
    }

    /// Models that are stale and were not selected.
    pub fn left_behind(&self) -> Vec<String> {
        let behind = self.models.iter().filter(|model| model.hasil == Fate::Tertinggal);
        behind.map(|model| model.model.clone()).collect()
    }

    /// Fingerprints of what the release will hold.
    pub fn fingerprints(&self) -> BTreeMap<String, Fingerprint> {
        let kept = |plan: &&ModelPlan| !matches!(plan.jenis, Materialized::Temp | Materialized::View);
        self.models
            .iter()
            .filter(kept)
            .map(|plan| (plan.model.clone(), plan.sidik.clone()))
            .collect()
    }
}

fn kind_of(models: &Models, name: &str) -> Option<Materialized> {
    models
        .ordered
        .iter()
        .find(|model| model.name == name)
        .map(|model| model.materialized)
}

fn selection(problem: String) -> WarehouseError {
    WarehouseError::Selection { problem }
}

fn cannot_stay(model: &str) -> WarehouseError {
    selection(format!(
        "`{model}` is not selected, and there is no release to take it from; run once without `--select`"
    ))
}

fn behind(model: &str) -> WarehouseError {
    selection(format!(
        "`{model}` is behind its files and not selected; put `+` before a name to build what it reads first, as `+mart_1`"
    ))
}

/// Why a model is built again, in words.
fn reasons(before: Option<&Fingerprint>, now: &Fingerprint) -> Vec<String> {
    let Some(before) = before else {
        return vec!["it is in no release yet".to_owned()];
    };
    if before.sidik == now.sidik {
        return Vec::new();
    }
    let parts: BTreeSet<&String> = before.dari.keys().chain(now.dari.keys()).collect();
    let changed = parts
        .into_iter()
        .filter(|part| before.dari.get(*part) != now.dari.get(*part));
    let reasons: Vec<String> = changed.map(|part| in_words(part)).collect();
    if reasons.is_empty() {
        return vec!["it was built by another version of bansos360".to_owned()];
    }
    reasons
}

fn in_words(part: &str) -> String {
    if let Some(table) = part.strip_prefix("stg_") {
        return format!("the files of `{table}` have changed");
    }
    if let Some(name) = part.strip_prefix("parameter.") {
        return format!("the parameter `{name}` has changed");
    }
    if let Some(name) = part.strip_prefix("makro ") {
        return format!("the macro `{name}` has changed");
    }
    match part {
        "sql" => "its SQL has changed".to_owned(),
        "dialek" => "`sql/dialect/duckdb.sql` has changed".to_owned(),
        "sumber_berkas" | "berkas_kolom" => "other files count, or in another order".to_owned(),
        "ref_program" | "ref_aturan" => "programs or their rules have changed".to_owned(),
        _ if part.starts_with("ref_") => format!("the reference `{part}` has changed"),
        "koreksi" => "corrections have come".to_owned(),
        _ => format!("`{part}`, which it reads, has changed"),
    }
}
