//! `sql/banding/kunci.toml`: how rows are told to be the same where the mart's own key does not outlive a new version of its file.

use super::Compared;
use crate::run::RunError;
use crate::warehouse::{Model, WarehouseError};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the rows of a mart are matched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// Expressions of each step; each takes the rows that the steps before it have left.
    pub langkah: Vec<Vec<String>>,
    /// Columns that are not compared.
    #[serde(default)]
    pub abaikan: Vec<String>,
}

impl Compared<'_> {
    /// How the rows of marts are matched that say so, by mart.
    pub(super) fn matchings(&self) -> Result<BTreeMap<String, Matching>, RunError> {
        let name = "banding/kunci.toml";
        let text = self.project.bundle.sql.get(name).map_or("", String::as_str);
        toml::from_str(text).map_err(|error| {
            let problem = error.to_string().trim_end().to_owned();
            RunError::Warehouse(WarehouseError::Model {
                model: name.to_owned(),
                problem,
            })
        })
    }
}

/// The columns that expressions name, of those that there are.
pub fn columns_named<'c>(expressions: &[String], columns: &'c [String]) -> Vec<&'c String> {
    let words: Vec<&str> = expressions
        .iter()
        .flat_map(|expression| expression.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .collect();
    columns
        .iter()
        .filter(|column| words.contains(&column.as_str()))
        .collect()
}

/// One step by the key of the sheet.
pub fn by_key(model: &Model) -> Matching {
    Matching {
        langkah: vec![model.key.clone()],
        abaikan: Vec::new(),
    }
}
