//! A comparison as rows for CSV and XLSX: one a kind of people, program and desa.

use super::{Comparison, Figures, Group, PlaceChange};

/// Headings of [`place_rows`].
pub const PLACE_COLUMNS: [&str; 22] = [
    "kelompok",
    "kode_program",
    "kode_kecamatan",
    "kecamatan",
    "kode_desa",
    "desa",
    "sebelum",
    "masuk",
    "keluar",
    "pindah_masuk",
    "pindah_keluar",
    "tempat_lain",
    "sesudah",
    "desil_naik",
    "desil_turun",
    "ganti_program",
    "rangkap_muncul",
    "rangkap_hilang",
    "langgar_muncul",
    "langgar_hilang",
    "dtks_masuk",
    "dtks_keluar",
];

/// Headings of the list of persons.
pub const DETAIL_COLUMNS: [&str; 8] = [
    "kejadian",
    "kecamatan",
    "desa",
    "nik",
    "nama",
    "dari",
    "menjadi",
    "kunci",
];

/// All places of all groups.
pub fn place_rows(comparison: &Comparison) -> Vec<Vec<String>> {
    let rows = |group: &Group| -> Vec<Vec<String>> { group.desa.iter().map(|place| line(group, place)).collect() };
    comparison.kelompok.iter().flat_map(rows).collect()
}

fn line(group: &Group, place: &PlaceChange) -> Vec<String> {
    let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
    let mut cells = vec![
        group.nama.clone(),
        text(&group.kode_program),
        text(&place.kode_kecamatan),
        text(&place.kecamatan),
        text(&place.kode_desa),
        text(&place.desa),
    ];
    cells.extend(place.angka.in_order().iter().map(ToString::to_string));
    cells
}

impl Figures {
    /// All figures, as the columns of the list have them.
    fn in_order(&self) -> [i64; 16] {
        [
            self.sebelum,
            self.masuk,
            self.keluar,
            self.pindah_masuk,
            self.pindah_keluar,
            self.tempat_lain,
            self.sesudah,
            self.desil_naik,
            self.desil_turun,
            self.ganti_program,
            self.rangkap_muncul,
            self.rangkap_hilang,
            self.langgar_muncul,
            self.langgar_hilang,
            self.dtks_masuk,
            self.dtks_keluar,
        ]
    }
}
