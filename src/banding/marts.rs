//! Rows of a mart that came, went and changed, by key, and changed values by column.

use super::steps::{Matching, by_key, columns_named};
use super::{Compared, MartChange};
use crate::mart::{Katalog, MartEntry};
use crate::run::RunError;
use crate::warehouse::{Materialized, Model, quote_path};
use std::path::PathBuf;

/// A mart of both releases, and how its rows are told to be the same.
struct Pair<'a> {
    before: &'a MartEntry,
    after: &'a MartEntry,
    matching: Matching,
    /// Columns of both, without those that say nothing, in the order of the later one.
    columns: Vec<String>,
}

impl Compared<'_> {
    /// Every mart of either release.
    pub(super) fn marts(&self) -> Result<Vec<MartChange>, RunError> {
        let matchings = self.matchings()?;
        let mut names: Vec<&String> = self.after.mart.iter().map(|mart| &mart.nama).collect();
        let gone = self.before.mart.iter().map(|mart| &mart.nama);
        names.extend(gone.filter(|name| entry(&self.after, name).is_none()));
        names.sort();
        names
            .into_iter()
            .map(|name| match (entry(&self.before, name), entry(&self.after, name)) {
                (Some(before), Some(after)) => {
                    let model = self.model(name);
                    let matching = matchings.get(name).cloned().or_else(|| model.map(by_key));
                    self.mart(before, after, matching)
                }
                (before, after) => Ok(MartChange {
                    nama: name.clone(),
                    sebelum: before.map_or(0, |mart| mart.baris),
                    sesudah: after.map_or(0, |mart| mart.baris),
                    catatan: Some("only one of the releases has this mart".to_owned()),
                    ..MartChange::default()
                }),
            })
            .collect()
    }

    fn model(&self, name: &str) -> Option<&Model> {
        let mut marts = self.project.models.of(Materialized::Mart);
        marts.find(|model| model.name == name)
    }

    fn mart(&self, before: &MartEntry, after: &MartEntry, matching: Option<Matching>) -> Result<MartChange, RunError> {
        let only_in = |left: &MartEntry, right: &MartEntry| -> Vec<String> {
            let columns = left.kolom.iter().map(|column| column.nama.clone());
            columns
                .filter(|name| !right.kolom.iter().any(|column| column.nama == *name))
                .collect()
        };
        let mut change = MartChange {
            nama: after.nama.clone(),
            sebelum: before.baris,
            sesudah: after.baris,
            kolom_hilang: only_in(before, after),
            kolom_baru: only_in(after, before),
            ..MartChange::default()
        };
        if before.sha256 == after.sha256 {
            return Ok(change);
        }
        let Some(matching) = matching else {
            change.catatan = Some("no model of this name says what its key is".to_owned());
            return Ok(change);
        };
        let everywhere: Vec<String> = before
            .kolom
            .iter()
            .chain(&after.kolom)
            .map(|column| column.nama.clone())
            .collect();
        let expressions: Vec<String> = matching.langkah.concat();
        let missing: Vec<&String> = columns_named(&expressions, &everywhere)
            .into_iter()
            .filter(|column| change.kolom_hilang.contains(column) || change.kolom_baru.contains(column))
            .collect();
        if let Some(column) = missing.first() {
            change.catatan = Some(format!("one of the releases lacks `{column}` of its key"));
            return Ok(change);
        }
        let columns = after.kolom.iter().map(|column| column.nama.clone());
        let columns = columns.filter(|name| !change.kolom_baru.contains(name) && !matching.abaikan.contains(name));
        let pair = Pair {
            before,
            after,
            columns: columns.collect(),
            matching,
        };
        self.count(&pair, &mut change)?;
        Ok(change)
    }

    fn count(&self, pair: &Pair<'_>, change: &mut MartChange) -> Result<(), RunError> {
        let what = format!("compare `{}`", change.nama);
        let joined = if pair.matching.langkah.len() == 1 {
            self.joined_by_key(pair)?
        } else {
            self.match_in_steps(pair)?;
            "banding_lama AS l INNER JOIN banding_pasangan AS p ON p.lama = l.nomor_banding \
             INNER JOIN banding_baru AS b ON b.nomor_banding = p.baru"
                .to_owned()
        };
        let differs = |column: &String| differs(pair, column);
        let any: Vec<String> = pair.columns.iter().map(differs).collect();
        let mut sums = vec!["count(*) AS pasangan".to_owned()];
        sums.push(sum(&any.join(" OR "), "berubah"));
        sums.extend(
            pair.columns
                .iter()
                .zip(&any)
                .map(|(column, differs)| sum(differs, &format!("k_{column}"))),
        );
        let rows = self
            .reader
            .rows(&what, &format!("SELECT {} FROM {joined}", sums.join(", ")))?;
        let mut figures = rows
            .into_iter()
            .flatten()
            .map(|cell| cell.and_then(|cell| cell.parse().ok()).unwrap_or(0));
        let pairs: i64 = figures.next().unwrap_or(0);
        change.masuk = pair.after.baris - pairs;
        change.keluar = pair.before.baris - pairs;
        change.berubah = figures.next().unwrap_or(0);
        change.kolom = pair
            .columns
            .iter()
            .cloned()
            .zip(figures)
            .filter(|(_, changed)| *changed > 0)
            .collect();
        if pair.matching.langkah.len() > 1 {
            let drop = "DROP TABLE banding_lama; DROP TABLE banding_baru; DROP TABLE banding_pasangan";
            self.reader.run(&what, drop)?;
        }
        Ok(())
    }

    fn joined_by_key(&self, pair: &Pair<'_>) -> Result<String, RunError> {
        let keys = pair.matching.langkah.concat();
        let side = |katalog: &Katalog, mart: &MartEntry| -> Result<String, RunError> {
            let named = keys
                .iter()
                .enumerate()
                .map(|(number, key)| format!("{key} AS kunci_{number}"));
            let columns: Vec<String> = pair.columns.iter().map(|column| quoted(column)).chain(named).collect();
            Ok(format!(
                "(SELECT {} FROM {})",
                columns.join(", "),
                self.parquet(katalog, mart)?
            ))
        };
        let same: Vec<String> = (0..keys.len())
            .map(|number| format!("l.kunci_{number} IS NOT DISTINCT FROM b.kunci_{number}"))
            .collect();
        Ok(format!(
            "{} AS l INNER JOIN {} AS b ON {}",
            side(&self.before, pair.before)?,
            side(&self.after, pair.after)?,
            same.join(" AND ")
        ))
    }

    /// Makes `banding_lama`, `banding_baru` and `banding_pasangan`. Rows with equal keys are counted off in the order of their values.
    fn match_in_steps(&self, pair: &Pair<'_>) -> Result<(), RunError> {
        let what = format!("match the rows of `{}`", pair.after.nama);
        for (table, katalog, mart) in [
            ("banding_lama", &self.before, pair.before),
            ("banding_baru", &self.after, pair.after),
        ] {
            let sql = format!(
                "CREATE OR REPLACE TEMP TABLE {table} AS SELECT *, row_number() OVER () AS nomor_banding FROM {}",
                self.parquet(katalog, mart)?
            );
            self.reader.run(&what, &sql)?;
        }
        let pairs = "CREATE OR REPLACE TEMP TABLE banding_pasangan (lama BIGINT, baru BIGINT)";
        self.reader.run(&what, pairs)?;
        let order: Vec<String> = pair
            .columns
            .iter()
            .map(|column| format!("{} NULLS LAST", quoted(column)))
            .collect();
        for keys in &pair.matching.langkah {
            let named: Vec<String> = keys
                .iter()
                .enumerate()
                .map(|(number, key)| format!("{key} AS kunci_{number}"))
                .collect();
            let side = |table: &str, taken: &str| {
                format!(
                    "(SELECT nomor_banding, {named}, row_number() OVER (PARTITION BY {keys} ORDER BY {order}) AS urutan_banding \
                     FROM {table} WHERE nomor_banding NOT IN (SELECT {taken} FROM banding_pasangan))",
                    named = named.join(", "),
                    keys = keys.join(", "),
                    order = order.join(", "),
                )
            };
            let same: Vec<String> = (0..keys.len())
                .map(|number| format!("l.kunci_{number} IS NOT DISTINCT FROM b.kunci_{number}"))
                .collect();
            let sql = format!(
                "INSERT INTO banding_pasangan SELECT l.nomor_banding, b.nomor_banding FROM {} AS l INNER JOIN {} AS b \
                 ON l.urutan_banding = b.urutan_banding AND {}",
                side("banding_lama", "lama"),
                side("banding_baru", "baru"),
                same.join(" AND ")
            );
            self.reader.run(&what, &sql)?;
        }
        Ok(())
    }

    /// The Parquet file of a mart, as a relation.
    pub(super) fn parquet(&self, katalog: &Katalog, mart: &MartEntry) -> Result<String, RunError> {
        let root = self.workspace.releases();
        let folder: PathBuf = root.canonicalize().unwrap_or(root).join(&katalog.run_id);
        Ok(format!("read_parquet({})", quote_path(&folder.join(&mart.berkas))?))
    }
}

pub(super) fn entry<'k>(katalog: &'k Katalog, name: &str) -> Option<&'k MartEntry> {
    katalog.mart.iter().find(|mart| mart.nama == name)
}

/// A column as SQL takes any name.
pub(super) fn quoted(column: &str) -> String {
    format!("\"{}\"", column.replace('"', "\"\""))
}

fn sum(condition: &str, name: &str) -> String {
    let condition = if condition.is_empty() { "FALSE" } else { condition };
    format!(
        "coalesce(CAST(sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT), 0) AS {}",
        quoted(name)
    )
}

/// NULL equals NULL; values of different types are compared as text.
fn differs(pair: &Pair<'_>, column: &String) -> String {
    let kind = |mart: &MartEntry| {
        let found = mart.kolom.iter().find(|known| known.nama == *column);
        found.map(|column| column.tipe.clone())
    };
    let name = quoted(column);
    if kind(pair.before) == kind(pair.after) {
        format!("l.{name} IS DISTINCT FROM b.{name}")
    } else {
        format!("CAST(l.{name} AS VARCHAR) IS DISTINCT FROM CAST(b.{name} AS VARCHAR)")
    }
}
