//! The SQL models and their sheets, and the order in which they run.

use super::WarehouseError;
use super::order::{PartsSheet, check_order};
use crate::bundle::Bundle;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a model becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Materialized {
    /// A table of the warehouse.
    #[default]
    Table,
    /// A view of the warehouse.
    View,
    /// A table that lives as long as the run.
    Temp,
    /// A Parquet file for readers.
    Mart,
    /// Findings.
    Temuan,
}

/// How grave a failing data test is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TestLevel {
    /// It is told, and the release is published.
    Peringatan,
    /// The release is kept back.
    Galat,
}

/// `[row_count]`: how many rows there may be.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowCount {
    /// At least.
    pub min: Option<i64>,
    /// At most.
    pub max: Option<i64>,
}

/// `[freshness]`: how old the latest value of a date or month may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freshness {
    /// The column.
    pub column: String,
    /// Days; the workspace's `[uji] max_hari` where it says none.
    pub max_hari: Option<i64>,
}

/// `[volume]`: how many rows there must be against the previous release.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Share of the rows that may be gone.
    pub max_turun: f64,
}

/// A column as its sheet describes it.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct ColumnSheet {
    /// Its name.
    pub name: String,
    /// Its type, as DuckDB writes it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it holds, in Indonesian.
    #[serde(default)]
    pub description: String,
    /// `pribadi`, `pseudonim` or `umum`.
    #[serde(default)]
    pub class: String,
    /// Tests of the column.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Values that it may have.
    #[serde(default)]
    pub accepted_values: Vec<String>,
    /// `table.column` in which each of its values must stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationships: Option<String>,
    /// How grave it is where a test of the column fails; `galat` where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<TestLevel>,
}

#[derive(Debug, Clone, Deserialize)]
struct Sheet {
    grain: String,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    key_where: Option<String>,
    materialized: Materialized,
    #[serde(default)]
    order: Vec<String>,
    #[serde(default)]
    near: BTreeMap<String, String>,
    #[serde(default)]
    order_of: Option<String>,
    #[serde(default)]
    parts: Option<PartsSheet>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    files_of: Vec<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    row_count: Option<RowCount>,
    #[serde(default)]
    freshness: Option<Freshness>,
    #[serde(default)]
    volume: Option<Volume>,
    #[serde(default)]
    column: Vec<ColumnSheet>,
}

/// A model: one SELECT and its sheet.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Its name, that of its file.
    pub name: String,
    /// Its SELECT.
    pub sql: String,
    /// "one row per …".
    pub grain: String,
    /// Columns or expressions that tell its rows apart.
    pub key: Vec<String>,
    /// The rows for which the key holds.
    pub key_where: Option<String>,
    /// What it becomes.
    pub materialized: Materialized,
    /// Of a table: the columns by which its rows are laid down, where that is cheap; an order that no reader may rely on.
    pub order: Vec<String>,
    /// Of a table that is laid down district by district: the tables that its staged rows are joined to by this column, equal to
    /// equal. Each district sees only those of their rows that are between its least and its greatest value.
    pub near: BTreeMap<String, String>,
    /// Of a mart: the table whose rows it has one for one, laid down in the order that the mart has.
    pub order_of: Option<String>,
    /// How it is made part by part where its rows are more than fit in memory.
    pub parts: Option<PartsSheet>,
    /// Tables that must have rows for it to have any.
    pub sources: Vec<String>,
    /// Of `sumber_berkas` and `berkas_kolom` it looks only at the files of these tables; at all where it names none.
    pub files_of: Vec<String>,
    /// What it is, in Indonesian.
    pub description: String,
    /// How many rows it may have.
    pub row_count: Option<RowCount>,
    /// How old its latest row may be.
    pub freshness: Option<Freshness>,
    /// How many rows it must have against the previous release.
    pub volume: Option<Volume>,
    /// Its columns in order.
    pub columns: Vec<ColumnSheet>,
    /// Models that it reads.
    pub reads: BTreeSet<String>,
    /// All words after FROM and JOIN.
    pub relations: BTreeSet<String>,
}

impl Model {
    /// Its SELECT without the order of its rows, and the columns of that order; `None` where it has none, or one that does not
    /// go upwards by plain columns.
    pub fn without_order(&self) -> Option<(&str, Vec<&str>)> {
        let (select, order) = self.sql.rsplit_once("ORDER BY")?;
        let columns: Option<Vec<&str>> = order
            .split(',')
            .map(|column| column.trim().strip_suffix("ASC NULLS LAST").map(str::trim))
            .collect();
        let is_name = |name: &&str| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let columns = columns.filter(|columns| columns.iter().all(is_name))?;
        Some((select.trim_end(), columns))
    }

    /// Does it live as long as the run?
    pub fn is_temporary(&self) -> bool {
        self.materialized == Materialized::Temp
    }

    /// Does its order begin with these columns or expressions?
    pub fn order_begins_with(&self, columns: &[&str]) -> bool {
        let order = self.sql.rsplit_once("ORDER BY").map_or("", |(_, order)| order);
        let words: Vec<&str> = order.split_whitespace().collect();
        let begins: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} ASC NULLS LAST"))
            .collect();
        let rest = words.join(" ");
        rest.strip_prefix(&begins.join(", "))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
    }
}

/// All models, those that others read before the others.
#[derive(Debug, Clone)]
pub struct Models {
    /// In an order in which they can run.
    pub ordered: Vec<Model>,
    /// The engine's own functions, run once before.
    pub dialect: String,
}

impl Models {
    /// Reads the models of a bundle.
    ///
    /// # Errors
    /// [`WarehouseError::Model`] where a sheet is missing or wrong, or models read each other in a circle.
    pub fn load(bundle: &Bundle) -> Result<Self, WarehouseError> {
        let mut models = BTreeMap::new();
        for (path, sql) in &bundle.sql {
            let Some(stem) = path.strip_suffix(".sql") else {
                continue;
            };
            let Some((folder, name)) = stem.rsplit_once('/') else {
                continue;
            };
            if matches!(folder, "warehouse" | "marts" | "temuan") {
                models.insert(name.to_owned(), read_model(bundle, stem, name, sql)?);
            }
        }
        let names: BTreeSet<String> = models.keys().cloned().collect();
        for model in models.values_mut() {
            model.reads = model.relations.intersection(&names).cloned().collect();
        }
        let dialect = bundle.sql.get("dialect/duckdb.sql").cloned().unwrap_or_default();
        // No circle is left when sheets are followed from model to model.
        let ordered = order(models.clone())?;
        check_order(&models)?;
        Ok(Self { ordered, dialect })
    }

    /// Models that become this.
    pub fn of(&self, materialized: Materialized) -> impl Iterator<Item = &Model> {
        self.ordered
            .iter()
            .filter(move |model| model.materialized == materialized)
    }
}

fn read_model(bundle: &Bundle, stem: &str, name: &str, sql: &str) -> Result<Model, WarehouseError> {
    let problem = |problem: String| WarehouseError::Model {
        model: name.to_owned(),
        problem,
    };
    let text = bundle
        .sql
        .get(&format!("{stem}.toml"))
        .ok_or_else(|| problem(format!("has no sheet `sql/{stem}.toml` beside it")))?;
    let sheet: Sheet = toml::from_str(text).map_err(|error| problem(error.to_string().trim_end().to_owned()))?;
    check_tests(&sheet).map_err(problem)?;
    Ok(Model {
        name: name.to_owned(),
        sql: sql.trim().trim_end_matches(';').to_owned(),
        grain: sheet.grain,
        key: sheet.key,
        key_where: sheet.key_where,
        materialized: sheet.materialized,
        order: sheet.order,
        near: sheet.near,
        order_of: sheet.order_of,
        parts: sheet.parts,
        sources: sheet.sources,
        files_of: sheet.files_of,
        description: sheet.description,
        row_count: sheet.row_count,
        freshness: sheet.freshness,
        volume: sheet.volume,
        columns: sheet.column,
        reads: BTreeSet::new(),
        relations: relations(sql),
    })
}

/// A test that is misspelt would never fail.
fn check_tests(sheet: &Sheet) -> Result<(), String> {
    for column in &sheet.column {
        for test in &column.tests {
            if !matches!(test.as_str(), "not_null" | "unique") {
                return Err(format!(
                    "column `{}` has the test `{test}`; write `not_null` or `unique`",
                    column.name
                ));
            }
        }
        if column
            .relationships
            .as_ref()
            .is_some_and(|to| to.split_once('.').is_none())
        {
            return Err(format!(
                "`relationships` of column `{}` is written \"table.column\"",
                column.name
            ));
        }
    }
    let named = |name: &String| sheet.column.iter().any(|column| column.name == *name);
    match &sheet.freshness {
        Some(freshness) if !named(&freshness.column) => Err(format!(
            "`[freshness]` names `{}`, which is no column",
            freshness.column
        )),
        _ => Ok(()),
    }
}

/// The words after FROM and JOIN, outside comments.
fn relations(sql: &str) -> BTreeSet<String> {
    let without_comments: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join(" ");
    let words: Vec<&str> = without_comments.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| pair[0].eq_ignore_ascii_case("from") || pair[0].eq_ignore_ascii_case("join"))
        .map(|pair| {
            pair[1]
                .trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .to_owned()
        })
        .collect()
}

fn order(mut models: BTreeMap<String, Model>) -> Result<Vec<Model>, WarehouseError> {
    let mut ordered: Vec<Model> = Vec::with_capacity(models.len());
    let mut done = BTreeSet::new();
    while !models.is_empty() {
        let ready: Vec<String> = models
            .values()
            .filter(|model| {
                model
                    .reads
                    .iter()
                    .all(|read| done.contains(read) || *read == model.name)
            })
            .map(|model| model.name.clone())
            .collect();
        if ready.is_empty() {
            let model = models.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(WarehouseError::Model {
                model,
                problem: "these read each other in a circle".to_owned(),
            });
        }
        for name in ready {
            if let Some(model) = models.remove(&name) {
                done.insert(name);
                ordered.push(model);
            }
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_run_after_what_they_read() {
        let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
        let mut done = BTreeSet::new();
        for model in &models.ordered {
            assert!(model.reads.iter().all(|read| done.contains(read)), "{}", model.name);
            done.insert(model.name.clone());
        }
        assert_eq!(models.of(Materialized::Mart).count(), 8);
    }

    #[test]
    fn the_order_of_a_mart_is_read_from_its_sql() {
        let model = |sql: &str| Model {
            sql: sql.to_owned(),
            ..Model::default()
        };
        let mart = model("SELECT a, b\nFROM t\nORDER BY\n    a ASC NULLS LAST,\n    b ASC NULLS LAST");
        assert_eq!(mart.without_order(), Some(("SELECT a, b\nFROM t", vec!["a", "b"])));
        for none in [
            "SELECT a FROM t",
            "SELECT a FROM t ORDER BY a DESC NULLS LAST",
            "SELECT row_number() OVER (ORDER BY a ASC NULLS LAST) AS n FROM t",
        ] {
            assert_eq!(model(none).without_order(), None, "{none}");
        }
    }
}
