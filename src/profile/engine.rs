//! A scratch database that is gone afterwards, or a warehouse opened for reading; both closed to everything outside.

use crate::config::Config;
use crate::files::{FileError, failed};
use crate::warehouse::{WarehouseError, bound_memory, quote};
use duckdb::{AccessMode, Connection};
use std::path::Path;
use tempfile::TempDir;

use super::{ProfileError, sql};

/// An open database, and the folder for what does not fit into memory.
pub struct Scratch {
    /// The database.
    pub connection: Connection,
    // Dropped after the connection, and with it every copy of a row.
    _folder: TempDir,
}

impl Scratch {
    /// A new database in a folder of its own (0700); it may also read files under `readable`.
    pub fn new(readable: Option<&Path>, config: &Config) -> Result<Self, ProfileError> {
        let folder = folder()?;
        let database = folder.path().join("profil.duckdb");
        open(&database, readable, folder, AccessMode::Automatic, config)
    }

    /// An existing database, which stays as it is.
    pub fn over(database: &Path, config: &Config) -> Result<Self, ProfileError> {
        open(database, None, folder()?, AccessMode::ReadOnly, config)
    }
}

fn folder() -> Result<TempDir, FileError> {
    // `tempfile` makes folders that only their owner can enter.
    tempfile::Builder::new()
        .prefix("bansos360-profil-")
        .tempdir()
        .map_err(failed("create a folder in", &std::env::temp_dir()))
}

fn open(
    database: &Path,
    readable: Option<&Path>,
    folder: TempDir,
    mode: AccessMode,
    config: &Config,
) -> Result<Scratch, ProfileError> {
    let fail = || WarehouseError::engine(format!("open `{}`", database.display()));
    let engine = duckdb::Config::default()
        .enable_autoload_extension(false)
        .and_then(|engine| engine.with("autoinstall_known_extensions", "false"))
        .and_then(|engine| engine.access_mode(mode))
        .map_err(fail())?;
    let connection = Connection::open_with_flags(database, engine).map_err(fail())?;
    let mut allowed = vec![quote_folder(folder.path())?];
    if let Some(readable) = readable {
        allowed.push(quote_folder(readable)?);
    }
    // The order matters: after external access is off, folders can no longer be named.
    let settings = format!(
        "SET threads = {}; SET temp_directory = {}; SET preserve_insertion_order = false; \
         SET allowed_directories = [{}]; SET enable_external_access = false; SET lock_configuration = true; {}",
        config.threads(),
        quote_folder(folder.path())?,
        allowed.join(", "),
        sql::MACROS,
    );
    bound_memory(&connection, config)?;
    connection
        .execute_batch(&settings)
        .map_err(WarehouseError::engine("set up the engine"))?;
    Ok(Scratch {
        connection,
        _folder: folder,
    })
}

fn quote_folder(path: &Path) -> Result<String, WarehouseError> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned()).join("");
    path.to_str()
        .map(quote)
        .ok_or(WarehouseError::Path { path: path.clone() })
}
