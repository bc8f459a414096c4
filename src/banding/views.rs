//! The marts of both releases under names that `sql/banding/` reads: `mart_1_kpm_lama`, `mart_1_kpm_baru`. What an older release lacks is
//! there as NULL, or as no rows.

use super::Compared;
use super::marts::{entry, quoted};
use crate::mart::Katalog;
use crate::run::RunError;
use crate::warehouse::Materialized;

/// Marts that tell of people.
const READ: [&str; 3] = ["mart_1_kpm", "mart_5_individu", "mart_6_rumah_tangga"];

impl Compared<'_> {
    /// Opens the marts that tell of people, and notes what they lack.
    pub(super) fn open_marts(&self, notes: &mut Vec<String>) -> Result<(), RunError> {
        for name in READ {
            for (katalog, side) in [(&self.before, "lama"), (&self.after, "baru")] {
                if entry(katalog, name).is_none() {
                    notes.push(format!(
                        "release {} has no `{name}`: it counts as empty",
                        katalog.run_id
                    ));
                }
                self.open_mart(katalog, name, side)?;
            }
        }
        Ok(())
    }

    fn open_mart(&self, katalog: &Katalog, name: &str, side: &str) -> Result<(), RunError> {
        let found = entry(katalog, name);
        let sheet = self
            .project
            .models
            .of(Materialized::Mart)
            .find(|model| model.name == name);
        let columns: Vec<String> = sheet
            .into_iter()
            .flat_map(|model| &model.columns)
            .map(|column| {
                let there = found.is_some_and(|mart| mart.kolom.iter().any(|known| known.nama == column.name));
                let value = if there { quoted(&column.name) } else { "NULL".to_owned() };
                format!("TRY_CAST({value} AS {}) AS {}", column.kind, quoted(&column.name))
            })
            .collect();
        let from = match found {
            Some(mart) => format!("FROM {}", self.parquet(katalog, mart)?),
            None => "WHERE FALSE".to_owned(),
        };
        let sql = format!(
            "CREATE OR REPLACE TEMP VIEW {name}_{side} AS SELECT {} {from}",
            columns.join(", ")
        );
        Ok(self
            .reader
            .run(&format!("read `{name}` of release {}", katalog.run_id), &sql)?)
    }
}
