//! Region codes as the code columns of a row tell them: full, in fragments, in either coding (identitas.md, "Places").

use super::place::PlaceCells;

/// A region code told by the code columns of a row.
pub enum Code {
    Desa(String),
    Kecamatan(String),
}

impl Code {
    /// `KDDESA` with ten digits decides alone; else the padded fragments; else the joined code; else the kecamatan code.
    pub fn from_cells(cells: &PlaceCells<'_>) -> Option<Self> {
        let desa = digits_of(cells.kode_desa);
        if desa.len() == 10 {
            return Some(Self::Desa(desa));
        }
        let kecamatan = Self::kecamatan_from_cells(cells);
        if let Some(kecamatan) = &kecamatan
            && !desa.is_empty()
        {
            match (kecamatan.len(), desa.len()) {
                (7, 1..=3) => return Some(Self::Desa(format!("{kecamatan}{desa:0>3}"))),
                (6, 4) => return Some(Self::Desa(format!("{kecamatan}{desa}"))),
                _ => {}
            }
            if let Some(code) = kemendagri_fragments(cells, &desa) {
                return Some(Self::Desa(code));
            }
        }
        let joined = digits_of(cells.kode_gabungan);
        if joined.len() == 10 {
            return Some(Self::Desa(joined));
        }
        kecamatan.map(Self::Kecamatan)
    }

    pub fn kecamatan_from_cells(cells: &PlaceCells<'_>) -> Option<String> {
        let kecamatan = digits_of(cells.kode_kecamatan);
        match kecamatan.len() {
            6 | 7 => Some(kecamatan),
            1..=3 => regency_of(cells).map(|regency| format!("{regency}{kecamatan:0>3}")),
            _ => None,
        }
    }
}

pub fn regency_of(cells: &PlaceCells<'_>) -> Option<String> {
    let kabupaten = digits_of(cells.kode_kabupaten);
    if kabupaten.len() == 4 {
        return Some(kabupaten);
    }
    let provinsi = digits_of(cells.kode_provinsi);
    ((1..=2).contains(&provinsi.len()) && (1..=2).contains(&kabupaten.len()))
        .then(|| format!("{provinsi:0>2}{kabupaten:0>2}"))
}

/// Kemendagri fragments are 2, 2, 2 and 4 digits.
fn kemendagri_fragments(cells: &PlaceCells<'_>, desa: &str) -> Option<String> {
    let kecamatan = digits_of(cells.kode_kecamatan);
    let regency = regency_of(cells)?;
    (desa.len() == 4 && (1..=2).contains(&kecamatan.len())).then(|| format!("{regency}{kecamatan:0>2}{desa}"))
}

/// The digits of a code cell: dots, blanks and apostrophes go, so does the `.0` of a number; a cell with letters is no code.
pub fn digits_of(cell: &str) -> String {
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    if cell.chars().any(char::is_alphabetic) {
        return String::new();
    }
    cell.chars().filter(char::is_ascii_digit).collect()
}
