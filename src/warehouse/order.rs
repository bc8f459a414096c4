//! What sheets say of the order in which rows lie, and of the parts in which they are made.

use super::WarehouseError;
use super::models::{Materialized, Model};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// `[parts]`: how a mart or a temporary table is made part by part where its rows are more than fit in memory.
///
/// Each part sees a stretch of one table, and of others only what is near. Its rows must be those that the model would make of
/// these alone: no row of the model may need two stretches.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartsSheet {
    /// The table that is cut into stretches.
    pub of: String,
    /// The text column of it by which it is cut; of a mart the first of its order, or the first after the key of `each`.
    pub by: String,
    /// What stands in the order instead of that column, where a mart has rows of other tables, too; of the rows of this table it is
    /// the column.
    #[serde(default)]
    pub by_in_order: Option<String>,
    /// A small table of which a part sees one row.
    #[serde(default)]
    pub each: Option<EachSheet>,
    /// Tables that the model joins by this column, equal to equal, which the table `of` has, too. A part sees no rows of them but
    /// those between the least and the greatest value of its stretch, or of the stretch itself where it is cut by this column.
    #[serde(default)]
    pub near: BTreeMap<String, String>,
    /// Tables with a text column that says in which stretch a row belongs. Rows without a value belong in the last, as they come last
    /// in the order.
    #[serde(default)]
    pub within: BTreeMap<String, String>,
    /// Tables that the model joins by this column, equal to equal, whose rows for a stretch lie anywhere. A part sees those whose value
    /// its rows of the table `of` have, and the columns that the model names.
    #[serde(default)]
    pub lookup: BTreeMap<String, String>,
}

impl PartsSheet {
    /// Does a part see only those rows of a table that have the values of its row of `each`?
    pub(super) fn is_cut(&self, table: &str) -> bool {
        self.each
            .as_ref()
            .is_some_and(|each| each.cuts.iter().any(|cut| cut == table))
    }

    /// The tables of which a part sees what its stretch has, and the columns that say so.
    pub(super) fn cut(&self) -> impl Iterator<Item = (&str, &str)> {
        let near = self
            .near
            .iter()
            .map(|(table, column)| (table.as_str(), column.as_str()));
        std::iter::once((self.of.as_str(), self.by.as_str())).chain(near)
    }

    /// Tables that are not looked up in, of which a part sees the rows that have the values of its row of `each`.
    pub(super) fn only_cut(&self) -> impl Iterator<Item = &String> {
        let cuts = self.each.iter().flat_map(|each| &each.cuts);
        cuts.filter(|table| **table != self.of && !self.lookup.contains_key(*table))
    }

    /// Tables of which a part sees some rows only.
    pub(super) fn tables(&self) -> impl Iterator<Item = &String> {
        let others = self.near.keys().chain(self.within.keys()).chain(self.lookup.keys());
        let others = others.chain(self.only_cut());
        std::iter::once(&self.of)
            .chain(others)
            .chain(self.each.as_ref().map(|each| &each.of))
    }
}

/// A small table whose rows are taken one by one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EachSheet {
    /// The table.
    pub of: String,
    /// Its key: the order of a mart begins with these columns.
    pub by: Vec<String>,
    /// The table that is cut into stretches, where it has these columns and the model joins it by them, equal to equal: a part sees
    /// only those of its rows that have the values, and looks up only what these need. And other tables with these columns, whose
    /// rows only rows with the same values need: a part sees no others of them, and looks for no others where they stand under `lookup`.
    #[serde(default)]
    pub cuts: Vec<String>,
}

/// The column by which the temporary tables in parts are cut, all by the same.
pub(super) fn cut_by<'m>(models: impl IntoIterator<Item = &'m Model>) -> Option<&'m str> {
    let mut models = models
        .into_iter()
        .filter(|model| model.materialized == Materialized::Temp);
    models
        .find_map(|model| model.parts.as_ref())
        .map(|parts| parts.by.as_str())
}

/// Checks the words of the sheets: a wrong one would be found out only on the night on which there are too many rows.
pub(super) fn check_order(models: &BTreeMap<String, Model>) -> Result<(), WarehouseError> {
    for model in models.values() {
        let wrong = |problem: String| WarehouseError::Model {
            model: model.name.clone(),
            problem,
        };
        check_near(models, model).map_err(wrong)?;
        if let Some(table) = &model.order_of {
            check_order_of(models, model, table).map_err(wrong)?;
        }
        if let Some(parts) = &model.parts {
            check_parts(models, model, parts)
                .and_then(|()| check_together(models, model, parts))
                .map_err(wrong)?;
        }
    }
    check_before_together(models)
}

/// Temporary tables in parts, and what is in parts and joins one, are made together.
pub(super) fn made_together<'m>(models: impl Iterator<Item = &'m Model> + Clone) -> BTreeSet<&'m str> {
    let in_parts = models.filter_map(|model| Some((model, model.parts.as_ref()?)));
    let temporary: BTreeSet<&str> = in_parts
        .clone()
        .filter(|(model, _)| model.is_temporary())
        .map(|(model, _)| model.name.as_str())
        .collect();
    let joins_one = in_parts.filter(|(_, parts)| parts.cut().any(|(table, _)| temporary.contains(table)));
    let names: BTreeSet<&str> = joins_one.map(|(model, _)| model.name.as_str()).collect();
    &names | &temporary
}

/// Does it read what was found, itself or through others?
fn reads_findings(models: &BTreeMap<String, Model>, model: &Model) -> bool {
    let mut reads = model.reads.iter().filter_map(|read| models.get(read));
    model.relations.contains("kualitas_temuan") || reads.any(|read| reads_findings(models, read))
}

/// What waits for all stretches of what is made together cannot be read by it.
fn check_before_together(models: &BTreeMap<String, Model>) -> Result<(), WarehouseError> {
    let together = made_together(models.values());
    let mut behind: BTreeSet<&str> = BTreeSet::new();
    loop {
        let waits = |model: &&Model| {
            let mut reads = model.reads.iter().map(String::as_str);
            !together.contains(model.name.as_str())
                && reads.any(|read| together.contains(read) || behind.contains(read))
        };
        let found: BTreeSet<&str> = models.values().filter(waits).map(|model| model.name.as_str()).collect();
        if found == behind {
            break;
        }
        behind = found;
    }
    for model in together.iter().filter_map(|name| models.get(*name)) {
        if let Some(read) = model.reads.iter().find(|read| behind.contains(read.as_str())) {
            return Err(WarehouseError::Model {
                model: model.name.clone(),
                problem: format!(
                    "has `[parts]` and reads `{read}`, which is made of all parts of others: leave `[parts]` out"
                ),
            });
        }
    }
    Ok(())
}

/// Of what is made together each sees one stretch of the tables that it is made of.
fn check_together(models: &BTreeMap<String, Model>, model: &Model, parts: &PartsSheet) -> Result<(), String> {
    let Some(column) = cut_by(models.values()) else {
        return Ok(());
    };
    let is_temporary = model.materialized == Materialized::Temp;
    let in_parts = |name: &str| {
        models
            .get(name)
            .is_some_and(|table| table.materialized == Materialized::Temp && table.parts.is_some())
    };
    if !is_temporary && !parts.cut().any(|(table, _)| in_parts(table)) {
        return Ok(());
    }
    if reads_findings(models, model) {
        return Err("has `[parts]` and reads `kualitas_temuan`, which is not there yet when parts are made".to_owned());
    }
    for (table, by) in parts.cut() {
        let must = is_temporary || in_parts(table) || by != parts.by;
        if must && by != column {
            return Err(format!(
                "`[parts]` cuts `{table}` by `{by}`; temporary tables and what joins them are cut by `{column}`"
            ));
        }
    }
    if is_temporary && (parts.each.is_some() || !parts.within.is_empty()) {
        return Err("a temporary table has `each` or `within` under `[parts]`; only a mart may".to_owned());
    }
    if parts.is_cut(&parts.of) {
        return Err(format!(
            "`each` of `[parts]` cuts, and temporary tables cut by `{column}` are joined: only one of them"
        ));
    }
    if in_parts(&parts.of) && parts.by != column {
        return Err(format!(
            "`[parts]` cuts `{}` by `{}`, and it is made by `{column}`",
            parts.of, parts.by
        ));
    }
    let across = |other: &Model| {
        let sheet = other.parts.as_ref().filter(|sheet| sheet.by != column);
        sheet.is_some_and(|sheet| sheet.near.keys().any(|table| in_parts(table)))
    };
    if parts.by != column && models.values().filter(|other| across(other)).count() > 1 {
        return Err(format!(
            "is not the only mart that `[parts]` cuts by another column than `{column}`"
        ));
    }
    let named: BTreeSet<&str> = parts.cut().map(|(table, _)| table).collect();
    if let Some(table) = model
        .reads
        .iter()
        .find(|table| in_parts(table) && !named.contains(table.as_str()))
    {
        return Err(format!("reads `{table}`, which is made in parts: name it under `near`"));
    }
    Ok(())
}

/// Has the table a column of text of this name?
fn has_text(table: &Model, name: &str) -> bool {
    let mut columns = table.columns.iter();
    columns.any(|column| column.name == name && column.kind == "VARCHAR")
}

fn check_near(models: &BTreeMap<String, Model>, model: &Model) -> Result<(), String> {
    let staged = format!("stg_{}", model.name);
    let is_by_district =
        model.materialized == Materialized::Table && !model.order.is_empty() && model.relations.contains(&staged);
    if !model.near.is_empty() && !is_by_district {
        return Err(format!(
            "`near` is for tables that are laid down district by district: they have an `order` and read `{staged}`"
        ));
    }
    for (table, column) in &model.near {
        let read = models.get(table).filter(|read| {
            model.reads.contains(table) && matches!(read.materialized, Materialized::Table | Materialized::Temp)
        });
        if !has_text(model, column) || !read.is_some_and(|read| has_text(read, column)) {
            return Err(format!(
                "`near` names `{table}` by `{column}`: it must be a table that the model reads, and both must have that text column"
            ));
        }
    }
    Ok(())
}

fn check_order_of(models: &BTreeMap<String, Model>, mart: &Model, table: &str) -> Result<(), String> {
    let table = models
        .get(table)
        .filter(|table| mart.reads.contains(&table.name) && table.materialized == Materialized::Table)
        .ok_or("`order_of` names no table that the mart reads")?;
    let order = mart.without_order().map_or_else(Vec::new, |(_, order)| order);
    if order.is_empty() || table.order != order {
        return Err(format!("its ORDER BY is not the `order` of `{}`", table.name));
    }
    Ok(())
}

fn check_parts(models: &BTreeMap<String, Model>, model: &Model, parts: &PartsSheet) -> Result<(), String> {
    let kept = |name: &str| {
        models.get(name).filter(|read| {
            model.reads.contains(name) && matches!(read.materialized, Materialized::Table | Materialized::Temp)
        })
    };
    let mut seen = BTreeSet::new();
    if let Some(twice) = parts.tables().find(|table| !seen.insert(*table)) {
        return Err(format!(
            "`[parts]` names `{twice}` twice: a part would see other rows of it than its own"
        ));
    }
    let Some(cut) = kept(&parts.of).filter(|table| has_text(table, &parts.by)) else {
        return Err(format!(
            "`of` of `[parts]` names `{}` by `{}`: it must be a table that the model reads, with that text column",
            parts.of, parts.by
        ));
    };
    for (near, column) in parts.near.iter().chain(&parts.lookup) {
        if !kept(near).is_some_and(|table| has_text(table, column)) || !has_text(cut, column) {
            return Err(format!(
                "`near` or `lookup` of `[parts]` names `{near}` by `{column}`: it must be a table that the model reads, and `{}` must have that \
                 column, too",
                cut.name
            ));
        }
    }
    for (within, column) in &parts.within {
        if !kept(within).is_some_and(|table| has_text(table, column)) {
            return Err(format!(
                "`within` of `[parts]` names `{within}` by `{column}`: it must be a table that the model reads, with that text column"
            ));
        }
    }
    let mut begins: Vec<&str> = Vec::new();
    if let Some(each) = &parts.each {
        if !kept(&each.of).is_some_and(|table| !table.key.is_empty() && table.key == each.by) {
            return Err(format!(
                "`each` of `[parts]` names `{}` by {}: it must be a table that the model reads, with that key",
                each.of,
                each.by.join(", ")
            ));
        }
        check_cuts(parts, each, kept)?;
        begins.extend(each.by.iter().map(String::as_str));
    }
    begins.push(parts.by_in_order.as_ref().unwrap_or(&parts.by));
    match model.materialized {
        Materialized::Temp => Ok(()),
        Materialized::Mart if model.order_begins_with(&begins) => Ok(()),
        Materialized::Mart => Err(format!(
            "its ORDER BY does not begin with {}, as `[parts]` does",
            begins.join(", ")
        )),
        _ => Err("has `[parts]` and is neither a mart nor a temporary table".to_owned()),
    }
}

fn check_cuts<'m>(
    parts: &PartsSheet,
    each: &EachSheet,
    table_of: impl Fn(&str) -> Option<&'m Model>,
) -> Result<(), String> {
    if !each.cuts.is_empty() && !parts.is_cut(&parts.of) {
        return Err(format!(
            "`cuts` of `[parts]` does not name `{}`, which is cut",
            parts.of
        ));
    }
    for cut in &each.cuts {
        let has =
            |name: &String| table_of(cut).is_some_and(|table| table.columns.iter().any(|column| column.name == *name));
        if !each.by.iter().all(has) {
            return Err(format!(
                "`cuts` of `[parts]` names `{cut}`: it must be a table that the model reads, with the columns {}",
                each.by.join(", ")
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::bundle::Bundle;
    use crate::warehouse::Models;

    #[test]
    fn a_wrong_word_about_order_is_told_when_models_are_loaded() {
        let loaded = |sheet: &str, from: &str, to: &str| {
            let mut bundle = Bundle::load(None).unwrap();
            let text = bundle.sql[sheet].replace(from, to);
            assert_ne!(text, bundle.sql[sheet], "{from}");
            bundle.sql.insert(sheet.to_owned(), text);
            Models::load(&bundle).map(|_| ()).map_err(|error| error.to_string())
        };
        let (individu, desil) = ("marts/mart_5_individu.toml", "marts/mart_3_perubahan_desil.toml");
        let (usulan, ruta) = ("marts/mart_4_usulan_penetapan.toml", "marts/mart_6_rumah_tangga.toml");
        let (kpm, keluarga) = ("marts/mart_1_kpm.toml", "warehouse/int_keluarga_dihitung.toml");
        let per_desa = "warehouse/int_individu_per_desa.toml";
        assert_eq!(loaded(individu, "Anggota rumah tangga", "Orang"), Ok(()));
        for (sheet, from, to) in [
            (individu, "order_of = \"dtks_art\"", "order_of = \"dtks_rt\""),
            (individu, "order_of = \"dtks_art\"", "order_of = \"tidak_ada\""),
            (
                "warehouse/dtks_art.toml",
                "near = { int_wilayah_rumah_tangga",
                "near = { int_wilayah",
            ),
            (
                "warehouse/dtks_art.toml",
                "rumah_tangga = \"id_dtks\"",
                "rumah_tangga = \"nik\"",
            ),
            (individu, "{ int_rumah_tangga_dengan_kepala = ", "{ dtks_rt = "),
            (individu, "kepala = \"id_dtks\"", "kepala = \"nik\""),
            (individu, "\nof = \"dtks_art\"", "\nof = \"dtks_rt\""),
            (
                individu,
                "near = { int_rumah_tangga_dengan_kepala = ",
                "near = { dtks_art = ",
            ),
            (individu, "by = \"id_art\"", "by = \"nik\""),
            (individu, "by = \"id_art\"", "by = \"tanggal_lahir\""),
            (individu, "by = \"id_art\"", "by = \"tidak_ada\""),
            (individu, "materialized = \"mart\"", "materialized = \"view\""),
            (
                desil,
                "\"periode_awal\", \"periode_akhir\"] }",
                "\"periode_akhir\", \"periode_awal\"] }",
            ),
            (
                desil,
                "\"periode_akhir\"] }",
                "\"periode_akhir\"], cuts = [\"int_rumah_tangga_dengan_kepala\"] }",
            ),
            (kpm, "\"int_kpm_dinilai\", \"bantuan_sosial\"", "\"bantuan_sosial\""),
            (kpm, "\"bantuan_sosial\"] }", "\"int_art_terakhir_per_nik\"] }"),
            (kpm, "\"bantuan_sosial\"] }", "\"ref_program\"] }"),
            (kpm, "\"bantuan_sosial\"] }", "\"int_program_berlaku\"] }"),
            (desil, "of = \"int_pasangan_periode\"", "of = \"int_periode_diurutkan\""),
            (
                individu,
                "lookup = { int_program_per_nik = \"nik\"",
                "lookup = { int_program_per_nik = \"id_art\"",
            ),
            (
                individu,
                "lookup = { int_program_per_nik",
                "lookup = { int_rumah_tangga_dengan_kepala",
            ),
            (usulan, "dipasangkan = \"kunci\"", "dipasangkan = \"urutan_kunci\""),
            (
                usulan,
                "within = { int_usulan_dipasangkan",
                "within = { int_keluarga_dihitung",
            ),
            (usulan, "by_in_order = \"coalesce(a.id_art, a.nik)\"", ""),
            // What is made together.
            (ruta, "int_rumah_tangga_dihitung = \"id_dtks\", ", ""),
            (
                desil,
                "each = { of = \"int_pasangan_periode\", by = [\"periode_awal\", \"periode_akhir\"] }",
                "each = { of = \"int_periode_tanpa_wilayah\", by = [\"periode\"], cuts = [\"int_rumah_tangga_dengan_kepala\"] }",
            ),
            (keluarga, "by = \"id_dtks\"", "by = \"kode_desa\""),
            (keluarga, "by = \"id_dtks\"", "by = \"id_art\""),
            (
                keluarga,
                "by = \"id_dtks\"",
                "by = \"id_dtks\"\neach = { of = \"int_pasangan_periode\", by = [\"periode_awal\", \"periode_akhir\"] }",
            ),
            (
                per_desa,
                "\"Anggota dan keluarga tiap desa\"",
                "\"Tiap desa\"\n\n[parts]\nof = \"int_keluarga_dihitung\"\nby = \"kode_desa\"",
            ),
        ] {
            let error = loaded(sheet, from, to).unwrap_err();
            let model = sheet
                .rsplit_once('/')
                .map_or(sheet, |(_, name)| name)
                .trim_end_matches(".toml");
            assert!(error.contains(model), "{to}: {error}");
        }
    }
}
