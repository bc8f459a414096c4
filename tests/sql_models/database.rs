//! A database in memory for one case: the given tables, what a run always has, and the models on top.

use duckdb::Connection;
use toml::{Table, Value};

use super::models::{Models, text};

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

/// A database in memory that holds the tables of one case.
pub struct Database<'a> {
    models: &'a Models,
    connection: Connection,
}

impl<'a> Database<'a> {
    /// All staged tables, empty, and the dialect.
    pub fn open(models: &'a Models) -> Self {
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

    pub fn exists(&self, table: &str) -> bool {
        let found = format!("SELECT CAST(count(*) AS VARCHAR) FROM duckdb_tables() WHERE table_name = '{table}'");
        self.query(&found) != [[Some(String::from("0"))]]
    }

    /// Makes a model and, before it, each model that it reads and the case does not give.
    pub fn build(&self, name: &str) {
        let model = &self.models.by_name[name];
        for source in self.models.sources(&model.sql) {
            if !self.exists(&source) {
                self.build(&source);
            }
        }
        self.execute(&format!("CREATE TABLE {name} AS {}", model.sql));
    }

    pub fn columns(&self, table: &str) -> Vec<(String, String)> {
        let sql = format!(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{table}' ORDER BY column_index"
        );
        let rows = self.query(&sql).into_iter();
        rows.map(|row| (row[0].clone().unwrap_or_default(), row[1].clone().unwrap_or_default()))
            .collect()
    }

    pub fn rows(&self, table: &str, columns: &[String]) -> Vec<Vec<Option<String>>> {
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
        let mut rows = statement.query([]).unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let mut found = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let width = row.as_ref().column_count();
            found.push((0..width).map(|column| row.get(column).expect("text")).collect());
        }
        found
    }

    /// Puts the rows of a case into a table; what a row leaves out is NULL or the default of `tests/models/README.md`.
    pub fn fill(&self, table: &str, rows: &[Value]) {
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
    pub fn complete(&self, given: &Table) {
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
        let has_periode = self.models.columns(table).iter().any(|(name, _)| name == "periode");
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
        let tables = ["stg_dtks_rt", "dtks_rt"].iter().filter_map(|table| given.get(*table));
        let rows = tables.filter_map(Value::as_array).flatten();
        let latest = rows.filter_map(|row| row.get("periode").map(text)).max();
        let latest = latest.map_or(String::from("CAST(NULL AS VARCHAR)"), |periode| format!("'{periode}'"));
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
