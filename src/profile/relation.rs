//! Tables of the warehouse and marts: their columns are those of their sheets.

use super::ProfileError;
use super::class::{Known, by_words, of_sheet};
use super::engine::Scratch;
use super::load::Field;
use super::measure::Measuring;
use super::report::{ClassReason, Kelas, TableProfile};
use super::sql;
use crate::pipeline::header_key;
use crate::warehouse::{Model, Models, WarehouseError};

/// Profiles a relation of the database: a name, or a call that reads a file.
pub fn profile(
    scratch: &Scratch,
    relation: &str,
    name: &str,
    models: &Models,
    show: bool,
) -> Result<TableProfile, ProfileError> {
    let columns = columns(scratch, relation)?;
    scratch
        .connection
        .execute_batch(&sql::view_over(relation, &columns))
        .map_err(WarehouseError::engine(format!("read `{name}`")))?;
    let model = model_of(name, models);
    let fields: Vec<Field> = columns
        .into_iter()
        .map(|(column, kind)| Field {
            class: model
                .and_then(|model| of_sheet(model, &column))
                .map(|class| (class, ClassReason::LembarModel))
                .or_else(|| of_the_loader(name, &column))
                .or_else(|| by_words(&header_key(&column))),
            label: column,
            declared: Some(kind),
            ..Field::default()
        })
        .collect();
    let measuring = Measuring {
        connection: &scratch.connection,
        show,
    };
    let figures = measuring.table(&fields)?;
    Ok(TableProfile {
        nama: name.to_owned(),
        sumber: None,
        baris_judul: None,
        baris: figures.rows,
        baris_rusak: 0,
        baris_ganda: figures.repeated,
        sel_di_luar: 0,
        kolom: figures.columns,
        korelasi_kosong: figures.pairs,
    })
}

fn columns(scratch: &Scratch, relation: &str) -> Result<Vec<(String, String)>, ProfileError> {
    let fail = || WarehouseError::engine("read the columns");
    let mut statement = scratch.connection.prepare(&sql::describe(relation)).map_err(fail())?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(fail())?;
    Ok(rows.collect::<Result<Vec<_>, _>>().map_err(fail())?)
}

/// The model of a relation; that of the table for one of its views by periode (`dtks_rt_okt20`).
fn model_of<'m>(name: &str, models: &'m Models) -> Option<&'m Model> {
    let stands_before = |model: &&Model| name == model.name || name.starts_with(&format!("{}_", model.name));
    let fitting = models.ordered.iter().filter(stands_before);
    fitting.max_by_key(|model| model.name.len())
}

/// Tables that the loader makes have no sheet: files, codes, places, findings (whose values are masked), and quarantined rows
/// with their text as it came.
fn of_the_loader(table: &str, column: &str) -> Known {
    let class = match (table, column) {
        ("karantina", "isi") => Kelas::Pribadi,
        ("sumber_berkas" | "parameter" | "kualitas_temuan" | "karantina", _) => Kelas::Umum,
        _ if table.starts_with("ref_") => Kelas::Umum,
        _ => return None,
    };
    Some((class, ClassReason::LembarModel))
}
