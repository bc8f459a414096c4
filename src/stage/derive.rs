//! Columns that follow from others of their row: desil, the relation to the family, the kind of disability.

use super::frame::{Columns, integers, text_at, texts};
use crate::standardise::{Notes, disability, number};
use crate::temuan::rules;

/// Desil from the file's own column, else from the percentile.
pub fn finish_rt(rows: usize, columns: &mut Columns) {
    let percentile: Vec<Option<i32>> = match columns.get("percentile").and_then(|column| column.i32().ok()) {
        Some(values) => values.iter().collect(),
        None => vec![None; rows],
    };
    let from_percentile = percentile.iter().map(|value| value.map(number::desil_of_percentile));
    let desil: Vec<Option<i32>> = match (columns.remove("desil"), columns.remove("desil_ditulis")) {
        (Some(own), Some(said)) => match (own.i32(), said.bool()) {
            (Ok(own), Ok(said)) => own
                .iter()
                .zip(said.iter())
                .zip(from_percentile)
                .map(|((own, said), derived)| if said == Some(true) { own } else { derived })
                .collect(),
            _ => Vec::new(),
        },
        _ => from_percentile.collect(),
    };
    integers(columns, "desil", desil.into_iter());
}

/// A source that tells one relation only (SIKS-NG) fills both with it (ruling 66).
pub fn fill_family_relation(rows: usize, columns: &mut Columns) {
    let Some(told) = columns.get("hubungan_krt") else {
        return;
    };
    let family: Vec<Option<String>> = (0..rows)
        .map(|row| match text_at(Some(told), row)? {
            "KEPALA RUMAH TANGGA" => Some("KEPALA KELUARGA".to_owned()),
            label => Some(label.to_owned()),
        })
        .collect();
    texts(columns, "hubungan_keluarga", family.iter().map(Option::as_deref));
}

/// The kind of disability from the text of the list (rulings 15, 57).
pub fn finish_disabilitas(rows: usize, columns: &mut Columns, notes: &mut Notes) {
    notes.enter("ragam_disabilitas");
    let kinds: Vec<Option<&'static str>> = (0..rows)
        .map(
            |row| match disability::ragam(text_at(columns.get("jenis_disabilitas"), row)) {
                disability::Ragam::Empty => None,
                disability::Ragam::Known(kind) => Some(kind),
                disability::Ragam::Unknown => {
                    let shown =
                        text_at(columns.get("jenis_disabilitas"), row).map(|text| text.chars().take(60).collect());
                    notes.add(row, &rules::RAGAM_TIDAK_DIKENAL, shown);
                    Some("LAINNYA")
                }
            },
        )
        .collect();
    texts(columns, "ragam_disabilitas", kinds.into_iter());
}
