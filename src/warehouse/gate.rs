//! The gate before a release (ruling 45): balance of every file, unique keys, nothing out of nothing.

use super::WarehouseError;
use super::models::Model;
use duckdb::Connection;
use serde::{Deserialize, Serialize};

/// A check that failed: the release is kept back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateFailure {
    /// The check.
    pub uji: String,
    /// The table, mart or file.
    pub pada: String,
    /// What was found.
    pub pesan: String,
}

/// Rows of a file that were dropped as duplicates, by table.
const BALANCE: &str = "WITH staged AS (
    SELECT id_berkas, 'dtks_rt' AS tabel, count(*) AS baris FROM stg_dtks_rt GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'dtks_art' AS tabel, count(*) AS baris FROM stg_dtks_art GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'bantuan_sosial' AS tabel, count(*) AS baris FROM stg_bantuan_sosial GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'data_disabilitas' AS tabel, count(*) AS baris FROM stg_data_disabilitas GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'usulan_daerah' AS tabel, count(*) AS baris FROM stg_usulan_daerah GROUP BY id_berkas
),
kept AS (
    SELECT id_berkas, 'dtks_rt' AS tabel, count(*) AS baris FROM dtks_rt GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'dtks_art' AS tabel, count(*) AS baris FROM dtks_art GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'bantuan_sosial' AS tabel, count(*) AS baris FROM bantuan_sosial GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'data_disabilitas' AS tabel, count(*) AS baris FROM data_disabilitas GROUP BY id_berkas
    UNION ALL SELECT id_berkas, 'usulan_daerah' AS tabel, count(*) AS baris FROM usulan_daerah GROUP BY id_berkas
)
SELECT b.id_berkas, b.tabel, b.baris_dibaca, b.baris_karantina, b.baris_dilewati,
    CAST(coalesce(s.baris, 0) AS BIGINT) AS bersih, CAST(coalesce(k.baris, 0) AS BIGINT) AS disimpan
FROM sumber_berkas AS b
LEFT JOIN staged AS s ON s.id_berkas = b.id_berkas AND s.tabel = b.tabel
LEFT JOIN kept AS k ON k.id_berkas = b.id_berkas AND k.tabel = b.tabel
ORDER BY b.urutan, b.tabel";

/// What became of the rows of a file in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileBalance {
    /// The file or member.
    pub id_berkas: String,
    /// The table.
    pub tabel: String,
    /// Rows read.
    pub dibaca: i64,
    /// Rows in the warehouse.
    pub disimpan: i64,
    /// Rows merged as duplicates.
    pub ganda: i64,
    /// Rows in quarantine.
    pub karantina: i64,
    /// Titles, totals, notes.
    pub dilewati: i64,
}

/// The balance of every file; a file that does not balance is a failure.
///
/// Households that are made from the rows of persons (SIKS-NG) balance against themselves.
pub(super) fn balance(connection: &Connection) -> Result<(Vec<FileBalance>, Vec<GateFailure>), WarehouseError> {
    let fail = || WarehouseError::engine("balance of the files");
    let mut statement = connection.prepare(BALANCE).map_err(fail())?;
    let mut rows = statement.query([]).map_err(fail())?;
    let (mut balances, mut failures) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next().map_err(fail())? {
        let text = |index: usize| row.get::<_, String>(index).map_err(fail());
        let number = |index: usize| row.get::<_, i64>(index).map_err(fail());
        let (clean, kept) = (number(5)?, number(6)?);
        let balance = FileBalance {
            id_berkas: text(0)?,
            tabel: text(1)?,
            dibaca: number(2)?,
            disimpan: kept,
            ganda: clean - kept,
            karantina: number(3)?,
            dilewati: number(4)?,
        };
        let accounted = clean + balance.karantina + balance.dilewati;
        if accounted != balance.dibaca || balance.ganda < 0 {
            failures.push(GateFailure {
                uji: "neraca_baris".to_owned(),
                pada: format!("{} ({})", balance.id_berkas, balance.tabel),
                pesan: format!("{} rows read, {accounted} accounted for", balance.dibaca),
            });
        }
        balances.push(balance);
    }
    Ok((balances, failures))
}

/// Columns, keys, and rows out of nothing, for marts that are written; `is_proven` where their order has proved that each key stands
/// once.
pub(super) fn check_mart(
    connection: &Connection,
    model: &Model,
    relation: &str,
    rows: i64,
    is_proven: bool,
) -> Result<Vec<GateFailure>, WarehouseError> {
    let mut failures = Vec::new();
    let failure = |uji: &str, pesan: String| GateFailure {
        uji: uji.to_owned(),
        pada: model.name.clone(),
        pesan,
    };
    let found = columns_of(connection, relation)?;
    let expected: Vec<(String, String)> = model
        .columns
        .iter()
        .map(|column| (column.name.clone(), column.kind.clone()))
        .collect();
    if found != expected {
        let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        failures.push(failure(
            "kolom",
            format!("columns differ from the contract, first at {first:?}"),
        ));
    }
    if !model.key.is_empty() && !is_proven {
        let twice = duplicates(connection, model, relation)?;
        if twice > 0 {
            failures.push(failure(
                "kunci_unik",
                format!("{twice} keys ({}) stand more than once", model.key.join(", ")),
            ));
        }
    }
    if rows > 0 && !model.sources.is_empty() && !any_source_has_rows(connection, model)? {
        failures.push(failure(
            "sumber",
            format!("{rows} rows, though none of {} has any", model.sources.join(", ")),
        ));
    }
    Ok(failures)
}

/// Do the rows of a mart prove by their order that each key stands once? Not looked at where its order is not that of its key.
pub(super) fn proves_key(connection: &Connection, model: &Model, relation: &str) -> Result<bool, WarehouseError> {
    Ok(is_key_of(model) && ascends(connection, model, relation)?)
}

/// Is its order that of its key? Then rows that ascend have each key once.
pub(super) fn is_key_of(model: &Model) -> bool {
    let mut key: Vec<&str> = model.key.iter().map(String::as_str).collect();
    let mut order = model.without_order().map_or_else(Vec::new, |(_, order)| order);
    key.sort_unstable();
    order.sort_unstable();
    key == order
}

/// Do the rows of a mart stand in its order, no two at the same place? Where an empty value would have to be compared, they do not.
///
/// It reads the rows as they stand in the file: one thread, no sorting, no table of keys.
pub(super) fn ascends(connection: &Connection, model: &Model, relation: &str) -> Result<bool, WarehouseError> {
    let Some((_, order)) = model.without_order() else {
        return Ok(false);
    };
    let each = |write: &dyn Fn(&str) -> String| order.iter().map(|name| write(name)).collect::<Vec<_>>().join(", ");
    let goes_up = (0..order.len()).map(|at| {
        let same = order[..at].iter().map(|name| format!("{name} = sebelum_{name} AND "));
        format!("({}{1} > sebelum_{1})", same.collect::<String>(), order[at])
    });
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT), CAST(sum(CASE WHEN {} THEN 1 ELSE 0 END) AS BIGINT) FROM (SELECT {}, {} FROM {relation})",
        goes_up.collect::<Vec<_>>().join(" OR "),
        each(&|name| name.to_owned()),
        each(&|name| format!("lag({name}) OVER () AS sebelum_{name}")),
    );
    let (rows, up): (i64, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(WarehouseError::engine(format!("order of {}", model.name)))?;
    // There is none before the first.
    Ok(rows <= up.unwrap_or(0) + 1)
}

/// Names and types of the columns of a relation.
pub(super) fn columns_of(connection: &Connection, relation: &str) -> Result<Vec<(String, String)>, WarehouseError> {
    let fail = || WarehouseError::engine("columns of a mart");
    let sql = format!("DESCRIBE SELECT * FROM {relation}");
    let mut statement = connection.prepare(&sql).map_err(fail())?;
    let mut rows = statement.query([]).map_err(fail())?;
    let mut columns = Vec::new();
    while let Some(row) = rows.next().map_err(fail())? {
        columns.push((row.get(0).map_err(fail())?, row.get(1).map_err(fail())?));
    }
    Ok(columns)
}

/// Keys that stand more than once. A number made of each key is looked at first, at half the cost: where no number stands twice,
/// no key does.
fn duplicates(connection: &Connection, model: &Model, relation: &str) -> Result<i64, WarehouseError> {
    let condition = model
        .key_where
        .as_ref()
        .map(|condition| format!(" WHERE {condition}"))
        .unwrap_or_default();
    let key = model.key.join(", ");
    let twice = |by: &str| -> Result<i64, WarehouseError> {
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM {relation}{condition} GROUP BY {by} HAVING count(*) > 1)"
        );
        connection
            .query_row(&sql, [], |row| row.get(0))
            .map_err(WarehouseError::engine(format!("keys of {}", model.name)))
    };
    match twice(&format!("hash({key})"))? {
        0 => Ok(0),
        _ => twice(&key),
    }
}

fn any_source_has_rows(connection: &Connection, model: &Model) -> Result<bool, WarehouseError> {
    for source in &model.sources {
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM {source} LIMIT 1)");
        let found: i64 = connection
            .query_row(&sql, [], |row| row.get(0))
            .map_err(WarehouseError::engine(format!("rows of {source}")))?;
        if found > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The keys of a warehouse table that was built; those that were taken over have passed before.
pub(super) fn check_table(connection: &Connection, model: &Model) -> Result<Vec<GateFailure>, WarehouseError> {
    let twice = if model.key.is_empty() {
        0
    } else {
        duplicates(connection, model, &model.name)?
    };
    let failure = GateFailure {
        uji: "kunci_unik".to_owned(),
        pada: model.name.clone(),
        pesan: format!("{twice} keys ({}) stand more than once", model.key.join(", ")),
    };
    Ok((twice > 0).then_some(failure).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_ascend_only_where_each_is_beyond_the_one_before() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("SET threads = 1").unwrap();
        let model = Model {
            name: "daftar".to_owned(),
            sql: "SELECT * FROM t ORDER BY a ASC NULLS LAST, b ASC NULLS LAST".to_owned(),
            key: vec!["b".to_owned(), "a".to_owned()],
            ..Model::default()
        };
        assert!(is_key_of(&model));
        let ascends = |rows: &str| ascends(&connection, &model, &format!("(VALUES {rows}) AS t(a, b)")).unwrap();
        assert!(ascends("('1', 'b'), ('2', 'a'), ('2', 'b'), ('3', 'a')"));
        assert!(ascends("('1', 'b')"));
        let none = "(SELECT * FROM (VALUES ('1', 'b')) AS t(a, b) WHERE false)";
        assert!(super::ascends(&connection, &model, none).unwrap());
        assert!(!ascends("('1', 'b'), ('1', 'b')"), "a key twice");
        assert!(!ascends("('1', 'b'), ('1', 'a')"), "the second column goes down");
        assert!(!ascends("('2', 'a'), ('1', 'b')"), "the first column goes down");
        assert!(!ascends("('1', 'a'), (NULL, 'b')"), "nothing is nowhere");
        assert!(!ascends("(NULL, 'a'), ('1', 'b')"));
    }

    #[test]
    fn keys_that_stand_twice_are_counted_and_nothing_counts_as_a_value() {
        let connection = Connection::open_in_memory().unwrap();
        let model = Model {
            name: "daftar".to_owned(),
            key: vec!["nik".to_owned(), "periode".to_owned()],
            key_where: Some("periode IS NOT NULL".to_owned()),
            ..Model::default()
        };
        let count = |rows: &str| {
            let sql = format!("CREATE OR REPLACE TABLE daftar AS SELECT * FROM (VALUES {rows}) AS t(nik, periode)");
            connection.execute_batch(&sql).unwrap();
            duplicates(&connection, &model, "daftar").unwrap()
        };
        assert_eq!(count("('1', 'a'), ('1', 'b'), ('2', 'a'), (NULL, 'a')"), 0);
        assert_eq!(count("('1', 'a'), ('1', 'a'), ('1', 'a'), ('2', 'a')"), 1);
        assert_eq!(count("('1', 'a'), ('1', 'a'), (NULL, 'a'), (NULL, 'a')"), 2);
        assert_eq!(count("('1', NULL), ('1', NULL), ('1', 'a')"), 0);
    }
}
