//! Columns that follow from others of their row: desil, the relation to the family, the kind of disability.

use super::frame::{Columns, as_texts, integers, texts, words};
use crate::standardise::{Notes, WordColumn, disability, number};
use crate::temuan::rules;
use polars::prelude::StringChunked;
use std::borrow::Cow;

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

/// `id_art` from the NIK and `id_dtks` from an 18-digit `id_art`, where the file has none.
pub fn fill_ids(rows: usize, columns: &mut Columns, notes: &mut Notes) {
    let is_whole = |name: &str| columns.get(name).is_some_and(|column| column.null_count() == 0);
    if is_whole("id_art") && is_whole("id_dtks") {
        return;
    }
    let told = |name: &str| columns.texts(name).cloned();
    let (own_art, own_dtks, nik) = (told("id_art"), told("id_dtks"), told("nik"));
    let mut id_art: Vec<Option<Cow<'_, str>>> = Vec::with_capacity(rows);
    let mut id_dtks: Vec<Option<&str>> = Vec::with_capacity(rows);
    for row in 0..rows {
        let own = text_at(own_art.as_ref(), row);
        let first_digits = own.filter(|id| id.len() == 18).and_then(|id| id.get(..16));
        id_dtks.push(text_at(own_dtks.as_ref(), row).or(first_digits));
        id_art.push(match (own, text_at(nik.as_ref(), row)) {
            (Some(id), _) => Some(Cow::Borrowed(id)),
            (None, Some(nik)) => {
                notes.add(row, &rules::ID_ART_DARI_NIK, None);
                Some(Cow::Owned(format!("NIK{nik}")))
            }
            (None, None) => None,
        });
    }
    texts(columns, "id_art", id_art.iter().map(Option::as_deref));
    texts(columns, "id_dtks", id_dtks.into_iter());
}

fn text_at(column: Option<&StringChunked>, row: usize) -> Option<&str> {
    column.and_then(|column| column.get(row))
}

/// A source that tells one relation only (SIKS-NG) fills both with it (ruling 66).
pub fn fill_family_relation(columns: &mut Columns) {
    let Some(told) = columns.get("hubungan_krt").and_then(as_texts) else {
        return;
    };
    let family = told.iter().map(|label| match label {
        Some("KEPALA RUMAH TANGGA") => Some("KEPALA KELUARGA"),
        label => label,
    });
    texts(columns, "hubungan_keluarga", family);
}

/// The kind of disability from the text of the list (rulings 15, 57).
pub fn finish_disabilitas(rows: usize, columns: &mut Columns, notes: &mut Notes) {
    notes.enter("ragam_disabilitas");
    let told = columns.get("jenis_disabilitas").and_then(as_texts);
    let text = |row: usize| told.as_ref()?.get(row);
    let mut kinds = WordColumn::with_capacity(rows);
    for row in 0..rows {
        let kind = match disability::ragam(text(row)) {
            disability::Ragam::Empty => None,
            disability::Ragam::Known(kind) => Some(kind),
            disability::Ragam::Unknown => {
                let shown = text(row).map(|text| text.chars().take(60).collect());
                notes.add(row, &rules::RAGAM_TIDAK_DIKENAL, shown);
                Some("LAINNYA")
            }
        };
        let kind = kind.map(|kind| kinds.known_word(kind));
        kinds.rows.push(kind);
    }
    words(columns, "ragam_disabilitas", &kinds);
}
