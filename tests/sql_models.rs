//! Runs the cases under `tests/models`: each gives a few tables, runs one model of `sql/` with the models that it
//! needs, and compares what comes out. `tests/models/README.md` says how a case is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use duckdb::Connection;
use toml::{Table, Value};

/// Flags that are true unless a case says otherwise; every other flag is false.
const TRUE_BY_DEFAULT: [&str; 3] = ["aktif", "diusulkan", "punya_wilayah"];
/// Tables whose rows come from a file, so that the case need not say which.
const FROM_FILES: [&str; 5] = [
    "dtks_rt",
    "dtks_art",
    "bantuan_sosial",
    "data_disabilitas",
    "usulan_daerah",
];
const DEFAULT_PROGRAMS: &str = "INSERT INTO ref_program VALUES
    ('PKH', 'PROGRAM KELUARGA HARAPAN', TRUE), ('SEMBAKO', 'PROGRAM SEMBAKO', TRUE),
    ('BST', 'BANTUAN SOSIAL TUNAI', FALSE), ('KPE', 'KARTU PENYANGGA EKONOMI', FALSE)";
const DEFAULT_RULES: &str = "INSERT INTO ref_aturan VALUES
    ('SEMBAKO_WAJIB_UNTUK_PKH', 'PKH', 'WAJIB_PROGRAM', 'SEMBAKO', 'keluarga'),
    ('KIS_WAJIB_UNTUK_PKH', 'PKH', 'WAJIB_KIS', NULL, 'keluarga'),
    ('KPE_TIDAK_BOLEH_RANGKAP', 'KPE', 'DILARANG_PROGRAM', 'PKH', 'keluarga'),
    ('KPE_TIDAK_BOLEH_RANGKAP', 'KPE', 'DILARANG_PROGRAM', 'SEMBAKO', 'keluarga'),
    ('BST_TIDAK_BOLEH_RANGKAP', 'BST', 'DILARANG_PROGRAM', 'PKH', 'keluarga'),
    ('BST_TIDAK_BOLEH_RANGKAP', 'BST', 'DILARANG_PROGRAM', 'SEMBAKO', 'keluarga')";

#[test]
fn every_case_of_the_models_holds() {
    let models = Models::load();
    let mut cases: Vec<PathBuf> = toml_files(&root("tests/models"));
    cases.sort();
    assert!(!cases.is_empty(), "no case under tests/models");
    let mut failures = String::new();
    for path in &cases {
        let name = path
            .strip_prefix(root("tests/models"))
            .unwrap_or(path)
            .display();
        if let Err(difference) = run_case(&models, path) {
            let _ = writeln!(failures, "\n--- {name}\n{difference}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
    println!("{} cases hold", cases.len());
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
        assert_eq!(rows, [[Some(String::from("0"))]], "{name} invents rows");
    }
}

/// One model: its SQL and, from its sheet, its columns with their types.
struct Model {
    sql: String,
    columns: Vec<(String, String)>,
}

/// All models by name, and the tables that stand before them.
struct Models {
    by_name: BTreeMap<String, Model>,
    staged: BTreeMap<String, Vec<(String, String)>>,
    dialect: String,
}

impl Models {
    fn load() -> Self {
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
            let columns = columns
                .map(|column| (text(&column[0]), text(&column[1])))
                .collect();
            staged.insert(text(&table["name"]), columns);
        }
        Self {
            by_name,
            staged,
            dialect: read(&root("sql/dialect/duckdb.sql")),
        }
    }

    fn columns(&self, table: &str) -> &[(String, String)] {
        let model = self.by_name.get(table).map(|model| &model.columns);
        model
            .or_else(|| self.staged.get(table))
            .unwrap_or_else(|| panic!("no table or model `{table}`"))
    }

    /// The models and tables that a statement reads: the known words after FROM and JOIN.
    fn sources(&self, sql: &str) -> BTreeSet<String> {
        let code: String = sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""))
            .collect::<Vec<_>>()
            .join(" ");
        let words: Vec<&str> = code.split_whitespace().collect();
        let named = words
            .windows(2)
            .filter(|pair| matches!(pair[0], "FROM" | "JOIN"));
        let named = named
            .map(|pair| pair[1].trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '_'));
        named
            .filter(|name| self.by_name.contains_key(*name))
            .map(String::from)
            .collect()
    }
}

/// A database in memory that holds the tables of one case.
struct Database<'a> {
    models: &'a Models,
    connection: Connection,
}

impl<'a> Database<'a> {
    /// All staged tables, empty, and the dialect.
    fn open(models: &'a Models) -> Self {
        let database = Self {
            models,
            connection: Connection::open_in_memory().expect("a database in memory"),
        };
        database.execute(&models.dialect);
        for table in models.staged.keys() {
            database.create(table);
        }
        database
    }

    fn execute(&self, sql: &str) {
        if let Err(error) = self.connection.execute_batch(sql) {
            panic!("{error}\n{sql}");
        }
    }

    fn create(&self, table: &str) {
        let columns: Vec<String> = self
            .models
            .columns(table)
            .iter()
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        self.execute(&format!("CREATE TABLE {table} ({})", columns.join(", ")));
    }

    fn exists(&self, table: &str) -> bool {
        let found = format!(
            "SELECT CAST(count(*) AS VARCHAR) FROM duckdb_tables() WHERE table_name = '{table}'"
        );
        self.query(&found) != [[Some(String::from("0"))]]
    }

    /// Makes a model and, before it, each model that it reads and the case does not give.
    fn build(&self, name: &str) {
        let model = &self.models.by_name[name];
        for source in self.models.sources(&model.sql) {
            if !self.exists(&source) {
                self.build(&source);
            }
        }
        self.execute(&format!("CREATE TABLE {name} AS {}", model.sql));
    }

    fn columns(&self, table: &str) -> Vec<(String, String)> {
        let sql = format!(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{table}' ORDER BY column_index"
        );
        let rows = self.query(&sql).into_iter();
        rows.map(|row| {
            (
                row[0].clone().unwrap_or_default(),
                row[1].clone().unwrap_or_default(),
            )
        })
        .collect()
    }

    fn rows(&self, table: &str, columns: &[String]) -> Vec<Vec<Option<String>>> {
        let columns: Vec<String> = columns
            .iter()
            .map(|column| format!("CAST({column} AS VARCHAR)"))
            .collect();
        self.query(&format!("SELECT {} FROM {table}", columns.join(", ")))
    }

    fn query(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let mut statement = self
            .connection
            .prepare(sql)
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let mut rows = statement
            .query([])
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let mut found = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let width = row.as_ref().column_count();
            found.push(
                (0..width)
                    .map(|column| row.get(column).expect("text"))
                    .collect(),
            );
        }
        found
    }

    /// Puts the rows of a case into a table; what a row leaves out is NULL or the default of `tests/models/README.md`.
    fn fill(&self, table: &str, rows: &[Value]) {
        if !self.exists(table) {
            self.create(table);
        }
        for (position, row) in rows.iter().enumerate() {
            let row = row.as_table().expect("a row is { column = value, ... }");
            let columns = self.models.columns(table);
            for name in row.keys() {
                assert!(
                    columns.iter().any(|(column, _)| column == name),
                    "`{table}` has no column `{name}`"
                );
            }
            let values = columns.iter().map(|(name, kind)| match row.get(name) {
                Some(value) => format!("CAST('{}' AS {kind})", text(value).replace('\'', "''")),
                None => default(table, name, kind, row, position + 1),
            });
            self.execute(&format!(
                "INSERT INTO {table} VALUES ({})",
                values.collect::<Vec<_>>().join(", ")
            ));
        }
    }

    /// What a run always has and the case does not give: the files behind the rows, the parameters, the default rules.
    fn complete(&self, given: &Table) {
        let missing = |table: &str| !given.contains_key(table);
        for source in FROM_FILES {
            for table in [format!("stg_{source}"), String::from(source)] {
                if !given.contains_key(&table) {
                    continue;
                }
                if missing("sumber_berkas") {
                    self.name_the_files(source, &table);
                }
                if missing("berkas_kolom") && source == "dtks_art" {
                    self.execute(&format!(
                        "INSERT INTO berkas_kolom SELECT DISTINCT id_berkas, 'penerima_kis' FROM {table}"
                    ));
                }
            }
        }
        if missing("parameter") {
            self.set_parameters(given);
        }
        if missing("ref_program") {
            self.execute(DEFAULT_PROGRAMS);
        }
        if missing("ref_aturan") {
            self.execute(DEFAULT_RULES);
        }
    }

    fn name_the_files(&self, source: &str, table: &str) {
        let has_periode = self
            .models
            .columns(table)
            .iter()
            .any(|(name, _)| name == "periode");
        let periode = if has_periode {
            "periode"
        } else {
            "CAST(NULL AS VARCHAR)"
        };
        self.execute(&format!(
            "INSERT INTO sumber_berkas (id_berkas, tabel, periode, urutan)
             SELECT id_berkas, '{source}', periode, row_number() OVER (ORDER BY id_berkas)
             FROM (SELECT DISTINCT id_berkas, {periode} AS periode FROM {table})"
        ));
    }

    /// The latest periode is that of the households given.
    fn set_parameters(&self, given: &Table) {
        let tables = ["stg_dtks_rt", "dtks_rt"]
            .iter()
            .filter_map(|table| given.get(*table));
        let rows = tables.filter_map(Value::as_array).flatten();
        let latest = rows.filter_map(|row| row.get("periode").map(text)).max();
        let latest = latest.map_or(String::from("CAST(NULL AS VARCHAR)"), |periode| {
            format!("'{periode}'")
        });
        self.execute(&format!(
            "INSERT INTO parameter VALUES ('uji', {latest}, akhir_bulan({latest}), 0.8, 0.4)"
        ));
    }
}

/// The value of a column that a row leaves out, as SQL.
fn default(table: &str, column: &str, kind: &str, row: &Table, position: usize) -> String {
    let from_file = FROM_FILES.contains(&table.trim_start_matches("stg_"));
    match column {
        "id_berkas" if from_file => {
            let periode = row.get("periode").map(text).unwrap_or_default();
            format!("'{} {periode}'", table.trim_start_matches("stg_"))
        }
        "nomor_baris" | "urutan_baris" if from_file => position.to_string(),
        "kode_program" if from_file => String::from("'PKH'"),
        _ if kind == "BOOLEAN" => TRUE_BY_DEFAULT.contains(&column).to_string(),
        _ => format!("CAST(NULL AS {kind})"),
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

    let expected = case["expect"]["rows"]
        .as_array()
        .expect("rows under [expect]");
    let columns = compared_columns(&case, models.columns(&model));
    let mut found = database.rows(&model, &columns);
    let wanted = expected.iter().map(|row| {
        columns
            .iter()
            .map(|column| row.get(column).map(text))
            .collect()
    });
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
fn difference(
    columns: &[String],
    wanted: &[Vec<Option<String>>],
    found: &[Vec<Option<String>>],
) -> String {
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
    if wanted.iter().all(|row| found.contains(row)) && found.iter().all(|row| wanted.contains(row))
    {
        let found: Vec<String> = found.iter().map(|row| line(row)).collect();
        let _ = writeln!(
            report,
            "  the same rows in another order or number:\n    {}",
            found.join("\n    ")
        );
    }
    report
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(toml_files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_toml(path: &Path) -> Table {
    read(path)
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A value of a case as DuckDB writes it in text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Float(number) => format!("{number:?}"),
        other => other.to_string(),
    }
}
