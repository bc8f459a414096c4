//! Opening DuckDB the way the house wants it: bounded, offline, closed to everything outside the workspace.

use super::WarehouseError;
use crate::config::Config;
use duckdb::Connection;
use std::path::Path;

/// Text as an SQL literal.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A path as an SQL literal.
///
/// # Errors
/// [`WarehouseError::Path`] where the path is no valid text.
pub fn quote_path(path: &Path) -> Result<String, WarehouseError> {
    path.to_str()
        .map(quote)
        .ok_or_else(|| WarehouseError::Path { path: path.to_owned() })
}

/// The database in memory in which a run keeps what it needs for itself: seen by all of its connections, gone with it.
pub(super) const SCRATCH: &str = "sementara";

/// More models than this do not run side by side: each holds rows in memory.
const MOST_SIDE_BY_SIDE: usize = 4;

/// The engine of a run: one database file, and a connection for each model that may run beside others.
pub struct Engine {
    connections: Vec<Connection>,
}

impl Engine {
    /// Opens a new database file for a run; the engine may touch nothing but the workspace.
    pub fn open(path: &Path, workspace: &Path, config: &Config) -> Result<Self, WarehouseError> {
        let fail = || WarehouseError::engine(format!("open `{}`", path.display()));
        let engine_config = duckdb::Config::default()
            .enable_autoload_extension(false)
            .and_then(|engine| engine.with("autoinstall_known_extensions", "false"))
            .map_err(fail())?;
        let first = Connection::open_with_flags(path, engine_config).map_err(fail())?;
        let root = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
        let spill = root.join(".sementara");
        crate::files::make_folder(&spill)?;
        // The order matters: after external access is off, folders can no longer be named. The file is written when it is closed:
        // on the way there are models beside each other.
        let settings = format!(
            "SET threads = {}; SET memory_limit = {}; SET temp_directory = {}; SET preserve_insertion_order = true; \
             SET wal_autocheckpoint = '1TB'; ATTACH ':memory:' AS {SCRATCH}; SET allowed_directories = [{}]; \
             SET enable_external_access = false;",
            config.threads(),
            quote(&config.mesin.memori),
            quote_path(&spill)?,
            quote_path(&root.join(""))?,
        );
        let set_up = || WarehouseError::engine("set up the engine");
        first.execute_batch(&settings).map_err(set_up())?;
        let database: String = first
            .query_row("SELECT current_database()", [], |row| row.get(0))
            .map_err(set_up())?;
        let mut connections = vec![first];
        for _ in 1..config.threads().clamp(1, MOST_SIDE_BY_SIDE) {
            connections.push(connections[0].try_clone().map_err(fail())?);
        }
        let path = format!(
            "SET search_path = {}",
            quote(&format!("\"{database}\".main,{SCRATCH}.main"))
        );
        for connection in &connections {
            connection.execute_batch(&path).map_err(set_up())?;
            let running = connection.interrupt_handle();
            crate::stop::on_stop(move || running.interrupt());
        }
        Ok(Self { connections })
    }

    /// The connection of what runs alone.
    pub fn first(&self) -> &Connection {
        &self.connections[0]
    }

    /// From here on a query has one thread, that of its connection, and nothing can be set any more.
    ///
    /// DuckDB 2.0 must not write `ENUM` columns to Parquet from several threads: they note the words that they have met in one
    /// unguarded bitmap, and a word whose note is lost is written as an empty text.
    pub fn one_thread_each(&mut self) -> Result<&mut [Connection], WarehouseError> {
        self.first()
            .execute_batch("SET threads = 1; SET lock_configuration = true")
            .map_err(WarehouseError::engine("set up the engine"))?;
        Ok(&mut self.connections)
    }

    /// Writes the database file and closes it.
    pub fn close(self) -> Result<(), WarehouseError> {
        self.first()
            .execute_batch("CHECKPOINT")
            .map_err(WarehouseError::engine("write the warehouse"))?;
        for connection in self.connections.into_iter().rev() {
            connection
                .close()
                .map_err(|(_, error)| WarehouseError::engine("close the warehouse")(error))?;
        }
        Ok(())
    }
}
