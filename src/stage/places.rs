//! The place of a row: what the findings say of its doubts, and the four region columns that it gives.

use super::frame::{Columns, words};
use crate::standardise::{CellColumn, Notes, WordColumn, text};
use crate::temuan::{Rule, rules};
use crate::wilayah::{Desa, Kecamatan, Place, PlaceDoubt, Wilayah};
use std::borrow::Cow;
use std::collections::HashMap;

/// Code cells that are numbers lose nothing; all others are taken as they stand, empty words as empty.
pub fn place_cell(cells: Option<&CellColumn>, row: usize) -> &str {
    cells.and_then(|cells| text::filled(cells.get(row))).unwrap_or("")
}

/// Notes the doubts about a place.
pub fn note_place(row: usize, place: &Place, kecamatan: &str, desa: &str, wilayah: &Wilayah, notes: &mut Notes) {
    if !notes.are_wanted() {
        return;
    }
    for doubt in &place.doubts {
        let (column, rule, shown): (&str, &'static Rule, Option<String>) = match doubt {
            PlaceDoubt::KecamatanGuessed => ("kecamatan", &rules::WILAYAH_DIDUGA, Some(kecamatan.trim().to_owned())),
            PlaceDoubt::DesaGuessed => ("desa", &rules::WILAYAH_DIDUGA, Some(desa.trim().to_owned())),
            PlaceDoubt::KecamatanUnknown => (
                "kecamatan",
                &rules::WILAYAH_TIDAK_DIKENAL,
                Some(kecamatan.trim().to_owned()),
            ),
            PlaceDoubt::DesaUnknown => ("desa", &rules::WILAYAH_TIDAK_DIKENAL, Some(desa.trim().to_owned())),
            PlaceDoubt::DesaOutsideKecamatan(found) => {
                let elsewhere = found
                    .and_then(|found| wilayah.desa.get(found))
                    .map(|found| format!("{} (ada di {})", desa.trim(), wilayah.kecamatan[found.kecamatan].nama));
                (
                    "desa",
                    &rules::DESA_DI_LUAR_KECAMATAN,
                    elsewhere.or_else(|| Some(desa.trim().to_owned())),
                )
            }
            PlaceDoubt::KecamatanFromDesa => (
                "kecamatan",
                &rules::KECAMATAN_DARI_DESA,
                Some(kecamatan.trim().to_owned()),
            ),
            PlaceDoubt::CodeUnknown => ("kode_desa", &rules::WILAYAH_KODE_TIDAK_DIKENAL, None),
            PlaceDoubt::CodesDisagree => ("kode_kecamatan", &rules::WILAYAH_BERTENTANGAN, None),
            PlaceDoubt::CodeAgainstName => ("desa", &rules::WILAYAH_BERTENTANGAN, Some(desa.trim().to_owned())),
            PlaceDoubt::OtherDistrict => ("kabupaten", &rules::WILAYAH_LUAR_KABUPATEN, None),
        };
        notes.enter(column);
        notes.add(row, rule, shown);
    }
}

/// Codes and official names of kecamatan and desa.
pub fn add_region(columns: &mut Columns, places: &[Place], wilayah: &Wilayah) {
    let (told, rows) = distinct(places.iter().map(|place| place.kecamatan));
    let kecamatan = |text: fn(&Kecamatan) -> &str| WordColumn {
        words: told
            .iter()
            .filter_map(|index| Some(Cow::Borrowed(text(wilayah.kecamatan.get(*index)?))))
            .collect(),
        rows: rows.clone(),
    };
    words(columns, "kode_kecamatan", &kecamatan(|found| &found.kode));
    words(columns, "kecamatan", &kecamatan(|found| &found.nama));
    let (told, rows) = distinct(places.iter().map(|place| place.desa));
    let desa = |text: fn(&Desa) -> &str| WordColumn {
        words: told
            .iter()
            .filter_map(|index| Some(Cow::Borrowed(text(wilayah.desa.get(*index)?))))
            .collect(),
        rows: rows.clone(),
    };
    words(columns, "kode_desa", &desa(|found| &found.kode));
    words(columns, "desa", &desa(|found| &found.nama));
}

/// Each index once, and which of them each row has.
fn distinct(indices: impl ExactSizeIterator<Item = Option<usize>>) -> (Vec<usize>, Vec<Option<u32>>) {
    let mut told: Vec<usize> = Vec::new();
    let mut rows = Vec::with_capacity(indices.len());
    let mut known: HashMap<usize, u32> = HashMap::new();
    for index in indices {
        rows.push(index.map(|index| {
            *known.entry(index).or_insert_with(|| {
                told.push(index);
                (told.len() - 1) as u32
            })
        }));
    }
    (told, rows)
}
