//! The models and their sheets, as they stand under `sql/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// One model: its SQL and, from its sheet, its columns with their types.
pub struct Model {
    pub sql: String,
    pub columns: Vec<(String, String)>,
}

/// All models by name, and the tables that stand before them.
pub struct Models {
    pub by_name: BTreeMap<String, Model>,
    pub staged: BTreeMap<String, Vec<(String, String)>>,
    pub dialect: String,
}

impl Models {
    pub fn load() -> Self {
        let mut by_name = BTreeMap::new();
        for folder in ["warehouse", "marts", "temuan"] {
            for path in toml_files(&root("sql").join(folder)) {
                let sheet = read_toml(&path);
                let columns = sheet["column"].as_array().expect("[[column]]").iter();
                let columns = columns
                    .map(|column| (text(&column["name"]), text(&column["type"])))
                    .collect();
                let sql = read(&path.with_extension("sql"));
                by_name.insert(text(&sheet["model"]), Model { sql, columns });
            }
        }
        let mut staged = BTreeMap::new();
        for table in read_toml(&root("sql/staged.toml"))["table"]
            .as_array()
            .expect("[[table]]")
        {
            let columns = table["columns"].as_array().expect("columns").iter();
            let columns = columns.map(|column| (text(&column[0]), text(&column[1]))).collect();
            staged.insert(text(&table["name"]), columns);
        }
        Self {
            by_name,
            staged,
            dialect: read(&root("sql/dialect/duckdb.sql")),
        }
    }

    pub fn columns(&self, table: &str) -> &[(String, String)] {
        let model = self.by_name.get(table).map(|model| &model.columns);
        model
            .or_else(|| self.staged.get(table))
            .unwrap_or_else(|| panic!("no table or model `{table}`"))
    }

    /// The models and tables that a statement reads: the known words after FROM and JOIN.
    pub fn sources(&self, sql: &str) -> BTreeSet<String> {
        let code: String = sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""))
            .collect::<Vec<_>>()
            .join(" ");
        let words: Vec<&str> = code.split_whitespace().collect();
        let named = words.windows(2).filter(|pair| matches!(pair[0], "FROM" | "JOIN"));
        let named = named.map(|pair| pair[1].trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '_'));
        named
            .filter(|name| self.by_name.contains_key(*name))
            .map(String::from)
            .collect()
    }
}

pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(toml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn read_toml(path: &Path) -> Table {
    read(path)
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A value of a case as the engine writes it in text.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Float(number) => format!("{number:?}"),
        other => other.to_string(),
    }
}
