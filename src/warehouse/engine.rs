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

/// The database file, as the engine calls it while it is made.
const FILE: &str = "warehouse";

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
        let first = Connection::open_in_memory_with_flags(engine_config).map_err(fail())?;
        let root = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
        let spill = root.join(".sementara");
        crate::files::make_folder(&spill)?;
        // Nobody reads the file before it is closed, and a run that dies leaves it behind for nobody: a log of what is not written yet
        // would only make each statement wait for the disk.
        let attach = format!(
            "ATTACH {} AS {FILE} (RECOVERY_MODE no_wal_writes, STORAGE_VERSION 'latest')",
            quote_path(path)?
        );
        first.execute_batch(&attach).map_err(fail())?;
        // The order matters: after external access is off, folders can no longer be named. The file is written when it is closed:
        // on the way there are models beside each other.
        let settings = format!(
            "SET threads = {}; SET temp_directory = {}; SET preserve_insertion_order = true; \
             SET wal_autocheckpoint = '1TB'; ATTACH ':memory:' AS {SCRATCH}; SET allowed_directories = [{}]; \
             SET enable_external_access = false;",
            config.threads(),
            quote_path(&spill)?,
            quote_path(&root.join(""))?,
        );
        let set_up = || WarehouseError::engine("set up the engine");
        bound_memory(&first, config)?;
        first.execute_batch(&settings).map_err(set_up())?;
        let mut connections = vec![first];
        for _ in 1..config.threads().clamp(1, MOST_SIDE_BY_SIDE) {
            connections.push(connections[0].try_clone().map_err(fail())?);
        }
        for connection in &connections {
            connection
                .execute_batch(&format!("SET search_path = '{FILE}.main,{SCRATCH}.main'"))
                .map_err(set_up())?;
            let running = connection.interrupt_handle();
            crate::stop::on_stop(move || running.interrupt());
        }
        Ok(Self { connections })
    }

    /// The connection of what runs alone.
    pub fn first(&self) -> &Connection {
        &self.connections[0]
    }

    /// How many models may run beside each other.
    pub fn workers(&self) -> u64 {
        self.connections.len() as u64
    }

    /// From here on a query reads one stretch of large tables, on one thread. [`Engine::whole`] ends it.
    ///
    /// The engine cuts an aggregate over rows that lie in the order of an id by the ranges of that id, of the whole table: a query of
    /// a stretch would run a dozen times, mostly over nothing. The aggregate of families took 1.0 s of a district among 38, 0.6 s
    /// without it, 0.5 s where it is alone.
    pub fn stretches(&mut self) -> Result<&mut [Connection], WarehouseError> {
        self.set("SET threads = 1; SET disabled_optimizers = 'partitioned_execution'")?;
        Ok(&mut self.connections)
    }

    /// From here on a query may read all rows, on so many threads.
    pub fn whole(&mut self, threads: usize) -> Result<(), WarehouseError> {
        self.set(&format!("SET threads = {threads}; RESET disabled_optimizers"))
    }

    /// From here on a query has one thread, that of its connection, and nothing can be set any more.
    ///
    /// DuckDB 2.0 must not write `ENUM` columns to Parquet from several threads: they note the words that they have met in one
    /// unguarded bitmap, and a word whose note is lost is written as an empty text.
    pub fn one_thread_each(&mut self) -> Result<&mut [Connection], WarehouseError> {
        self.set("SET threads = 1; SET lock_configuration = true")?;
        Ok(&mut self.connections)
    }

    fn set(&self, settings: &str) -> Result<(), WarehouseError> {
        self.first()
            .execute_batch(settings)
            .map_err(WarehouseError::engine("set up the engine"))
    }

    /// Writes the database file and closes it.
    pub fn close(self) -> Result<(), WarehouseError> {
        self.first()
            .execute_batch(&format!("CHECKPOINT {FILE}"))
            .map_err(WarehouseError::engine("write the warehouse"))?;
        for connection in self.connections.into_iter().rev() {
            connection
                .close()
                .map_err(|(_, error)| WarehouseError::engine("close the warehouse")(error))?;
        }
        Ok(())
    }
}

/// Does the same work on each connection, all at a time; what came of it, in the order of the connections, or the first error.
pub(super) fn on_each<T: Send>(
    connections: &mut [Connection],
    work: impl Fn(&mut Connection) -> Result<T, WarehouseError> + Sync,
) -> Result<Vec<T>, WarehouseError> {
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = connections
            .iter_mut()
            .map(|connection| scope.spawn(move || work(connection)))
            .collect();
        let ended = workers.into_iter().map(|worker| {
            let ended = worker.join();
            ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        ended.collect()
    })
}

/// Smaller parts cost more than they save.
const FEWEST_PART_ROWS: u64 = 16_384;

/// Gives the engine the memory of the configuration, but no more than it would take of this machine, or of the container that it
/// runs in, by itself (80 %).
///
/// # Errors
/// [`WarehouseError::Engine`] where it does not take the bound, for one that it cannot read.
pub fn bound_memory(connection: &Connection, config: &Config) -> Result<(), WarehouseError> {
    let there_is = memory(connection)?;
    let fail = || {
        let memori = &config.mesin.memori;
        WarehouseError::engine(format!("`memori = {memori:?}` under `[mesin]` in `bansos360.toml`"))
    };
    let wanted = quote(&config.mesin.memori);
    connection
        .execute_batch(&format!("SET memory_limit = {wanted}"))
        .map_err(fail())?;
    if memory(connection)? > there_is {
        connection.execute_batch("RESET memory_limit").map_err(fail())?;
    }
    Ok(())
}

/// The bound of the engine's memory in bytes.
fn memory(connection: &Connection) -> Result<u64, WarehouseError> {
    let limit: String = connection
        .query_row("SELECT current_setting('memory_limit')", [], |row| row.get(0))
        .map_err(WarehouseError::engine("memory of the engine"))?;
    Ok(bytes_of(&limit))
}

/// Bytes of a row of the widest tables while it is sorted: some forty columns, of which ten are texts.
const SORTED_ROW_BYTES: u64 = 350;

/// May so many rows be sorted without most of them being written to disk and read again? A part of them may.
pub(super) fn sorts_in_memory(connection: &Connection, rows: u64) -> Result<bool, WarehouseError> {
    Ok(rows.saturating_mul(SORTED_ROW_BYTES) <= memory(connection)? / 2 * 3)
}

/// Does what is joined to so many rows stay in memory, so that they come out in the order in which they went in?
pub(super) fn joins_in_memory(connection: &Connection, rows: u64) -> Result<bool, WarehouseError> {
    Ok(rows.saturating_mul(SORTED_ROW_BYTES) <= memory(connection)? / 2)
}

/// Rows that can be sorted in memory while others do the same beside.
pub(super) fn part_rows(connection: &Connection) -> Result<u64, WarehouseError> {
    let rows = memory(connection)? / MOST_SIDE_BY_SIDE as u64 / SORTED_ROW_BYTES;
    Ok(rows.max(FEWEST_PART_ROWS))
}

/// `572.2 MiB`, as the engine writes it; what cannot be read is no bound.
fn bytes_of(size: &str) -> u64 {
    let Some((number, unit)) = size.split_once(' ') else {
        return u64::MAX;
    };
    let power = match unit {
        "bytes" => 0,
        "KiB" => 1,
        "MiB" => 2,
        "GiB" => 3,
        "TiB" => 4,
        "PiB" => 5,
        _ => return u64::MAX,
    };
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let tenths = whole.parse::<u64>().unwrap_or(0) * 10 + tenths.parse::<u64>().unwrap_or(0).min(9);
    // Tenths of an exabyte do not fit.
    let bytes = u128::from(tenths) * (1 << (10 * power)) / 10;
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Engine {
        crate::files::make_folder(folder).unwrap();
        let config = Config::default();
        Engine::open(&folder.join("warehouse.duckdb"), folder, &config).unwrap()
    }

    #[test]
    fn marts_are_written_with_one_thread_and_nothing_can_change_that() {
        let folder = tempfile::tempdir().unwrap();
        let mut engine = open(folder.path());
        for connection in engine.one_thread_each().unwrap() {
            let threads: i64 = connection
                .query_row("SELECT CAST(current_setting('threads') AS BIGINT)", [], |row| {
                    row.get(0)
                })
                .unwrap();
            assert_eq!(threads, 1);
            assert!(connection.execute_batch("SET threads = 4").is_err());
            assert!(connection.execute_batch("SET GLOBAL threads = 4").is_err());
        }
        engine.close().unwrap();
    }

    #[test]
    fn the_memory_of_the_engine_is_read_as_it_writes_it() {
        assert_eq!(bytes_of("572.2 MiB"), 599_995_187);
        assert_eq!(bytes_of("1.0 GiB"), 1 << 30);
        assert_eq!(bytes_of("0 bytes"), 0);
        assert_eq!(bytes_of("16383.9 PiB"), 18_446_631_483_718_867_353);
        assert_eq!(bytes_of("much"), u64::MAX);
        let folder = tempfile::tempdir().unwrap();
        let engine = open(folder.path());
        let limit = memory(engine.first()).unwrap();
        assert!(sorts_in_memory(engine.first(), limit / SORTED_ROW_BYTES).unwrap());
        assert!(!sorts_in_memory(engine.first(), limit / SORTED_ROW_BYTES * 2).unwrap());
        engine.close().unwrap();
    }

    #[test]
    fn the_engine_takes_what_it_is_given_but_no_more_than_there_is() {
        let connection = Connection::open_in_memory().unwrap();
        let there_is = memory(&connection).unwrap();
        let mut config = Config::default();
        config.mesin.memori = "100MB".to_owned();
        bound_memory(&connection, &config).unwrap();
        assert_eq!(memory(&connection).unwrap(), bytes_of("95.3 MiB"));
        connection.execute_batch("RESET memory_limit").unwrap();
        for more in ["900TB", "-1"] {
            config.mesin.memori = more.to_owned();
            bound_memory(&connection, &config).unwrap();
            assert_eq!(memory(&connection).unwrap(), there_is, "{more}");
        }
        config.mesin.memori = "viel".to_owned();
        let error = bound_memory(&connection, &config).unwrap_err().to_string();
        assert!(error.contains("[mesin]") && error.contains("viel"), "{error}");
    }

    /// Words that stand once in a row group are those that would be lost.
    #[test]
    fn rare_words_come_through_to_parquet() {
        let folder = tempfile::tempdir().unwrap();
        let mut engine = open(folder.path());
        let words: Vec<String> = (0..30_000).map(|word| format!("'K{word:05}'")).collect();
        let setup = format!(
            "CREATE TYPE {SCRATCH}.kata AS ENUM ({}); CREATE TABLE {SCRATCH}.baris AS SELECT i, \
             CAST('K' || lpad(CAST(hash(i) % 30000 AS VARCHAR), 5, '0') AS {SCRATCH}.kata) AS kata FROM range(600000) AS r(i)",
            words.join(", ")
        );
        engine.first().execute_batch(&setup).unwrap();
        let file = quote_path(&folder.path().canonicalize().unwrap().join("mart.parquet")).unwrap();
        let connection = &engine.one_thread_each().unwrap()[0];
        connection
            .execute_batch(&format!(
                "COPY (SELECT i, kata FROM baris ORDER BY i) TO {file} (FORMAT parquet)"
            ))
            .unwrap();
        let other: i64 = connection
            .query_row(
                &format!(
                    "SELECT CAST(count(*) AS BIGINT) FROM read_parquet({file}) AS m INNER JOIN baris AS b ON b.i = m.i \
                     WHERE m.kata <> CAST(b.kata AS VARCHAR)"
                ),
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(other, 0);
        engine.close().unwrap();
    }

    #[test]
    fn what_one_connection_makes_for_the_run_the_others_see_and_the_file_does_not_keep() {
        let folder = tempfile::tempdir().unwrap();
        let mut engine = open(folder.path());
        engine
            .first()
            .execute_batch(&format!(
                "CREATE TABLE {SCRATCH}.sendiri AS SELECT 7 AS angka; CREATE TABLE tetap AS SELECT 8 AS angka"
            ))
            .unwrap();
        for connection in engine.one_thread_each().unwrap() {
            let sum: i32 = connection
                .query_row(
                    "SELECT s.angka + t.angka FROM sendiri AS s CROSS JOIN tetap AS t",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(sum, 15);
        }
        engine.close().unwrap();
        let kept = Connection::open(folder.path().join("warehouse.duckdb")).unwrap();
        assert!(kept.execute_batch("SELECT angka FROM tetap").is_ok());
        assert!(kept.execute_batch("SELECT angka FROM sendiri").is_err());
    }
}
