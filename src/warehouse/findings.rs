//! What rules have found: kept apart for the next run, gathered in `kualitas_temuan`, and counted.

use super::WarehouseError;
use super::engine::quote;
use super::models::Model;
use super::reuse::INNER;
use duckdb::Connection;
use std::collections::BTreeMap;

/// What a rule finds is kept apart, so that the next run need not look again.
pub(super) fn find(connection: &Connection, model: &Model) -> Result<(), WarehouseError> {
    let sql = format!(
        "CREATE TABLE {INNER}.{} AS SELECT t.id_berkas, t.lembar, t.nomor_baris, t.kolom, t.aturan, t.tingkat, t.nilai, t.pesan, \
         t.jumlah FROM ({}) AS t ORDER BY t.id_berkas, t.lembar, t.nomor_baris NULLS LAST, t.kolom, t.nilai",
        model.name, model.sql
    );
    connection
        .execute_batch(&sql)
        .map_err(WarehouseError::engine(format!("findings `{}`", model.name)))
}

/// Adds what a rule has found, in the order of the files.
pub(super) fn add_findings(connection: &Connection, model: &Model, run_id: &str) -> Result<(), WarehouseError> {
    let sql = format!(
        "INSERT INTO kualitas_temuan SELECT {}, t.id_berkas, b.sumber_data, t.lembar, t.nomor_baris, t.kolom, t.aturan, \
         t.tingkat, t.nilai, t.pesan, t.jumlah FROM {INNER}.{} AS t LEFT JOIN (SELECT id_berkas, min(coalesce(anggota, nama_berkas)) \
         AS sumber_data FROM sumber_berkas GROUP BY id_berkas) AS b ON b.id_berkas = t.id_berkas \
         ORDER BY t.id_berkas, t.lembar, t.nomor_baris NULLS LAST, t.kolom, t.nilai",
        quote(run_id),
        model.name
    );
    connection
        .execute_batch(&sql)
        .map_err(WarehouseError::engine(format!("findings `{}`", model.name)))
}

/// Rows that findings stand for, by file and level; a finding of no file stands under the empty name.
pub(super) fn findings_by_file(
    connection: &Connection,
) -> Result<BTreeMap<String, BTreeMap<String, u64>>, WarehouseError> {
    let fail = || WarehouseError::engine("count findings");
    let sql = "SELECT coalesce(id_berkas, ''), tingkat, CAST(sum(jumlah) AS BIGINT) FROM kualitas_temuan GROUP BY ALL";
    let mut statement = connection.prepare(sql).map_err(fail())?;
    let mut rows = statement.query([]).map_err(fail())?;
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    while let Some(row) = rows.next().map_err(fail())? {
        let rows: i64 = row.get(2).map_err(fail())?;
        let of_file = counts.entry(row.get(0).map_err(fail())?).or_default();
        of_file.insert(row.get(1).map_err(fail())?, u64::try_from(rows).unwrap_or(0));
    }
    Ok(counts)
}
