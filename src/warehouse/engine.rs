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

/// Opens a new database file for a run; the engine may touch nothing but the workspace.
pub fn open(path: &Path, workspace: &Path, config: &Config) -> Result<Connection, WarehouseError> {
    let fail = || WarehouseError::engine(format!("open `{}`", path.display()));
    let engine_config = duckdb::Config::default()
        .enable_autoload_extension(false)
        .and_then(|engine| engine.with("autoinstall_known_extensions", "false"))
        .map_err(fail())?;
    let connection = Connection::open_with_flags(path, engine_config).map_err(fail())?;
    let running = connection.interrupt_handle();
    crate::stop::on_stop(move || running.interrupt());
    let root = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
    let spill = root.join(".sementara");
    crate::files::make_folder(&spill)?;
    // The order matters: after external access is off, folders can no longer be named.
    let settings = format!(
        "SET threads = {}; SET memory_limit = {}; SET temp_directory = {}; SET preserve_insertion_order = true; \
         SET allowed_directories = [{}]; SET enable_external_access = false; SET lock_configuration = true;",
        config.threads(),
        quote(&config.mesin.memori),
        quote_path(&spill)?,
        quote_path(&root.join(""))?,
    );
    connection
        .execute_batch(&settings)
        .map_err(WarehouseError::engine("set up the engine"))?;
    Ok(connection)
}
