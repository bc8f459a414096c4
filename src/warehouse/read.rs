//! Reading a release that is there: nothing can be changed through it.

use super::WarehouseError;
use super::engine::{bound_memory, joins_in_memory, quote_path};
use crate::config::Config;
use duckdb::{AccessMode, Connection};
use std::path::{Path, PathBuf};

/// A row of text; NULL is `None`.
pub type TextRow = Vec<Option<String>>;

/// The warehouse of a release, opened for reading.
pub struct ReleaseReader {
    connection: Connection,
    folder: PathBuf,
}

impl ReleaseReader {
    /// Opens the release in `folder`, which lies in the workspace `workspace`.
    ///
    /// # Errors
    /// [`WarehouseError`] where the engine cannot open it.
    pub fn open(folder: &Path, workspace: &Path, config: &Config) -> Result<Self, WarehouseError> {
        let path = folder.join("warehouse.duckdb");
        let fail = || WarehouseError::engine(format!("open `{}`", path.display()));
        let engine = duckdb::Config::default()
            .access_mode(AccessMode::ReadOnly)
            .and_then(|engine| engine.enable_autoload_extension(false))
            .and_then(|engine| engine.with("autoinstall_known_extensions", "false"))
            .map_err(fail())?;
        let connection = Connection::open_with_flags(&path, engine).map_err(fail())?;
        stop_with(&connection);
        let root = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
        let settings = format!(
            "SET threads = {}; SET temp_directory = {}; SET preserve_insertion_order = true; \
             SET allowed_directories = [{}]; SET enable_external_access = false; SET lock_configuration = true;",
            config.threads(),
            // Its own: that of a run is removed when the run ends, and readers do not wait for runs.
            quote_path(&root.join(format!(".sementara-{}", std::process::id())))?,
            quote_path(&root.join(""))?,
        );
        bound_memory(&connection, config)?;
        let reader = Self {
            connection,
            folder: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
        };
        reader.run("set up the engine", &settings)?;
        Ok(reader)
    }

    /// One more for the same release, of the same engine and its memory, to ask beside this one. Marts are attached to one only.
    ///
    /// # Errors
    /// [`WarehouseError`] where the engine says no.
    pub fn another(&self) -> Result<Self, WarehouseError> {
        let connection = self.connection.try_clone();
        let connection = connection.map_err(WarehouseError::engine("open the release once more"))?;
        stop_with(&connection);
        Ok(Self {
            connection,
            folder: self.folder.clone(),
        })
    }

    /// Does each of several queries find room in memory for what it keeps of the largest table?
    ///
    /// # Errors
    /// [`WarehouseError`] where the engine says no.
    pub fn has_room_for_several(&self) -> Result<bool, WarehouseError> {
        let rows: i64 = self
            .connection
            .query_row(
                "SELECT CAST(coalesce(max(estimated_size), 0) AS BIGINT) FROM duckdb_tables()",
                [],
                |row| row.get(0),
            )
            .map_err(WarehouseError::engine("rows of the largest table"))?;
        joins_in_memory(&self.connection, u64::try_from(rows).unwrap_or(0))
    }

    /// The engine itself, for queries whose values are wanted as they are.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Runs statements that make temporary tables and views.
    ///
    /// # Errors
    /// [`WarehouseError`] where the engine says no.
    pub fn run(&self, what: &str, sql: &str) -> Result<(), WarehouseError> {
        self.connection.execute_batch(sql).map_err(WarehouseError::engine(what))
    }

    /// The rows of a query, each value as text.
    ///
    /// # Errors
    /// [`WarehouseError`] where the engine says no.
    pub fn rows(&self, what: &str, sql: &str) -> Result<Vec<TextRow>, WarehouseError> {
        let fail = || WarehouseError::engine(what);
        let as_text = format!("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})");
        let mut statement = self.connection.prepare(&as_text).map_err(fail())?;
        let mut rows = statement.query([]).map_err(fail())?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(fail())? {
            let width = row.as_ref().column_count();
            let cells: Result<TextRow, duckdb::Error> = (0..width).map(|column| row.get(column)).collect();
            found.push(cells.map_err(fail())?);
        }
        Ok(found)
    }

    /// Makes a mart readable under its own name.
    ///
    /// # Errors
    /// [`WarehouseError`] where the mart is not there.
    pub fn attach_mart(&self, name: &str) -> Result<(), WarehouseError> {
        let path = self.folder.join("marts").join(format!("{name}.parquet"));
        let sql = format!(
            "CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet({})",
            quote_path(&path)?
        );
        self.run(&format!("read mart `{name}`"), &sql)
    }
}

/// Its query ends where the program is asked to stop.
fn stop_with(connection: &Connection) {
    let running = connection.interrupt_handle();
    crate::stop::on_stop(move || running.interrupt());
}
