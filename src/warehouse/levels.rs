//! Levels of findings that the workspace has changed.

use super::WarehouseError;
use super::engine::quote;
use crate::temuan::Level;
use duckdb::Connection;
use std::collections::BTreeMap;

/// Gives the findings of these rules their level. What becomes INFO is counted per file, sheet and column (ruling 68).
pub(super) fn set_levels(connection: &Connection, levels: &BTreeMap<String, Level>) -> Result<(), WarehouseError> {
    let fail = || WarehouseError::engine("levels of findings");
    for (rule, level) in levels {
        let rule = quote(rule);
        let sql = format!(
            "UPDATE kualitas_temuan SET tingkat = {} WHERE aturan = {rule}",
            quote(level.as_str())
        );
        connection.execute_batch(&sql).map_err(fail())?;
        if *level == Level::Info {
            connection.execute_batch(&counted(&rule)).map_err(fail())?;
        }
    }
    Ok(())
}

/// The message of one row may name what only that row has, so the meaning of the rule stands for all.
fn counted(rule: &str) -> String {
    format!(
        "CREATE TEMP TABLE temuan_dihitung AS SELECT t.run_id, t.id_berkas, t.sumber_data, t.lembar, t.kolom, r.arti, \
         CAST(sum(t.jumlah) AS BIGINT) AS jumlah FROM kualitas_temuan AS t INNER JOIN ref_aturan_temuan AS r ON r.id = t.aturan \
         WHERE t.aturan = {rule} GROUP BY t.run_id, t.id_berkas, t.sumber_data, t.lembar, t.kolom, r.arti; \
         DELETE FROM kualitas_temuan WHERE aturan = {rule}; \
         INSERT INTO kualitas_temuan SELECT run_id, id_berkas, sumber_data, lembar, NULL, kolom, {rule}, 'INFO', NULL, arti, jumlah \
         FROM temuan_dihitung ORDER BY id_berkas, lembar, kolom; DROP TABLE temuan_dihitung;"
    )
}
