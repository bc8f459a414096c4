//! The place of a row: what the findings say of its doubts, and the four region columns that it gives.

use super::frame::{Columns, texts};
use crate::standardise::{CellColumn, Notes, text};
use crate::temuan::{Rule, rules};
use crate::wilayah::{Place, PlaceDoubt, Wilayah};

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
    let kecamatan = |place: &Place| place.kecamatan.map(|index| &wilayah.kecamatan[index]);
    let desa = |place: &Place| place.desa.map(|index| &wilayah.desa[index]);
    texts(
        columns,
        "kode_kecamatan",
        places
            .iter()
            .map(|place| kecamatan(place).map(|found| found.kode.as_str())),
    );
    texts(
        columns,
        "kecamatan",
        places
            .iter()
            .map(|place| kecamatan(place).map(|found| found.nama.as_str())),
    );
    texts(
        columns,
        "kode_desa",
        places.iter().map(|place| desa(place).map(|found| found.kode.as_str())),
    );
    texts(
        columns,
        "desa",
        places.iter().map(|place| desa(place).map(|found| found.nama.as_str())),
    );
}
