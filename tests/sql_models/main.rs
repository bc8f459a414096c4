//! Runs the cases under `tests/models`: each gives a few tables, runs one model of `sql/` with the models that it
//! needs, and compares what comes out. `tests/models/README.md` says how a case is written.

mod database;
mod models;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use database::Database;
use models::{Models, read_toml, root, text, toml_files};

#[test]
fn every_case_of_the_models_holds() {
    let models = Models::load();
    let mut cases: Vec<PathBuf> = toml_files(&root("tests/models"));
    cases.sort();
    assert!(!cases.is_empty(), "no case under tests/models");
    let mut failures = String::new();
    for path in &cases {
        let name = path.strip_prefix(root("tests/models")).unwrap_or(path).display();
        if let Err(difference) = run_case(&models, path) {
            let _ = writeln!(failures, "\n--- {name}\n{difference}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_sheet_tells_the_columns_of_its_model_and_no_model_invents_rows() {
    let models = Models::load();
    let database = Database::open(&models);
    for (name, model) in &models.by_name {
        if !database.exists(name) {
            database.build(name);
        }
        assert_eq!(
            database.columns(name),
            model.columns,
            "columns of {name}: the model on the left, its sheet on the right"
        );
        let rows = database.rows(name, &[String::from("count(*)")]);
        // A yes or no about the whole input is one row, whatever the input.
        let wanted = if name == "int_kis_diketahui" { "1" } else { "0" };
        assert_eq!(rows, [[Some(String::from(wanted))]], "{name} invents rows");
    }
}

/// Runs one case; the error says what differs.
fn run_case(models: &Models, path: &Path) -> Result<(), String> {
    let case = read_toml(path);
    let folder = path
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    let model = folder.expect("a case stands in the folder of its model");
    let database = Database::open(models);
    let given = case["given"].as_table().expect("[given]");
    for (table, rows) in given {
        database.fill(table, rows.as_array().expect("rows"));
    }
    database.complete(given);
    database.build(&model);

    let expected = case["expect"]["rows"].as_array().expect("rows under [expect]");
    let columns = compared_columns(&case, models.columns(&model));
    let mut found = database.rows(&model, &columns);
    let wanted = expected
        .iter()
        .map(|row| columns.iter().map(|column| row.get(column).map(text)).collect());
    let mut wanted: Vec<Vec<Option<String>>> = wanted.collect();
    // Only marts promise an order.
    if !model.starts_with("mart_") {
        found.sort();
        wanted.sort();
    }
    if found == wanted {
        Ok(())
    } else {
        Err(difference(&columns, &wanted, &found))
    }
}

/// The columns that a case compares: those it lists, else all that one of its rows names.
fn compared_columns(case: &Table, columns: &[(String, String)]) -> Vec<String> {
    let listed = case["expect"].get("columns").and_then(Value::as_array);
    let rows = case["expect"]["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_table);
    let named: BTreeSet<String> = match listed {
        Some(listed) => listed.iter().map(text).collect(),
        None => rows.flat_map(Table::keys).cloned().collect(),
    };
    for name in &named {
        assert!(
            columns.iter().any(|(column, _)| column == name),
            "the model has no column `{name}`"
        );
    }
    if named.is_empty() {
        return vec![columns[0].0.clone()];
    }
    columns
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| named.contains(name))
        .collect()
}

/// Rows wanted but not found with `-`, rows found but not wanted with `+`, the others with a blank.
fn difference(columns: &[String], wanted: &[Vec<Option<String>>], found: &[Vec<Option<String>>]) -> String {
    let line = |row: &[Option<String>]| {
        row.iter()
            .map(|cell| cell.as_deref().unwrap_or("NULL"))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let mut report = format!("    {}\n", columns.join(" | "));
    for row in wanted {
        let _ = writeln!(
            report,
            "  {} {}",
            if found.contains(row) { ' ' } else { '-' },
            line(row)
        );
    }
    for row in found.iter().filter(|row| !wanted.contains(row)) {
        let _ = writeln!(report, "  + {}", line(row));
    }
    if wanted.iter().all(|row| found.contains(row)) && found.iter().all(|row| wanted.contains(row)) {
        let found: Vec<String> = found.iter().map(|row| line(row)).collect();
        let _ = writeln!(
            report,
            "  the same rows in another order or number:\n    {}",
            found.join("\n    ")
        );
    }
    report
}
