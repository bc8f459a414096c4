//! Views under the names that the reference system used, one for each periode (DESIGN.md, "Warehouse tables").

use super::WarehouseError;
use super::engine::quote;
use duckdb::Connection;

/// `dtks_rt_okt20` for `2020-10`: the reference system spelt May and July out and cut the others to three letters.
fn suffix(periode: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "mei", "juni", "juli", "agt", "sep", "okt", "nov", "des",
    ];
    let (year, month) = periode.split_once('-')?;
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(format!("{month}{}", year.get(2..4)?))
}

/// Makes the views for the periods that are there.
pub(super) fn per_periode(connection: &Connection, periods: &[String]) -> Result<(), WarehouseError> {
    for periode in periods {
        let Some(suffix) = suffix(periode) else { continue };
        for table in ["dtks_rt", "dtks_art"] {
            let sql = format!(
                "CREATE OR REPLACE VIEW {table}_{suffix} AS SELECT * FROM {table} WHERE periode = {}",
                quote(periode)
            );
            connection
                .execute_batch(&sql)
                .map_err(WarehouseError::engine(format!("view {table}_{suffix}")))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_reference_system() {
        let names: Vec<_> = ["2018-05", "2019-07", "2019-10", "2020-01", "2020-10"]
            .iter()
            .filter_map(|periode| suffix(periode))
            .collect();
        assert_eq!(names, ["mei18", "juli19", "okt19", "jan20", "okt20"]);
        assert_eq!(suffix("2020-13"), None);
    }
}
