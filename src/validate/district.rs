//! The district of a file, where nobody says one (ruling 32).

use crate::pipeline::{ColumnType, Pipeline};
use crate::read::RawRow;
use crate::stage::Header;
use crate::wilayah::Wilayah;
use std::collections::BTreeMap;

/// The district that most of these rows name; `None` where they name none.
pub(super) fn district_of<'r>(
    rows: impl Iterator<Item = &'r RawRow>,
    pipeline: &Pipeline,
    header: &Header,
    wilayah: &Wilayah,
) -> Option<String> {
    let sources = |name: &str| -> Option<usize> {
        let mut mapped = header.mapping.columns.iter();
        let is_it = |column: usize| {
            let spec = pipeline.columns.get(column);
            spec.is_some_and(|spec| spec.name == name && spec.kind == ColumnType::Place)
        };
        let (_, columns) = mapped.find(|(column, _)| is_it(*column))?;
        columns.first().copied()
    };
    let whole_codes = [
        sources("kode_desa"),
        sources("kode_gabungan"),
        sources("kode_kecamatan"),
    ];
    let (province, regency, name) = (
        sources("kode_provinsi"),
        sources("kode_kabupaten"),
        sources("kabupaten"),
    );
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let cell = |column: Option<usize>| column.map_or("", |column| row.cell(column));
        let whole = whole_codes.iter().find_map(|column| of_code(cell(*column)));
        let found = whole
            .or_else(|| of_parts(cell(province), cell(regency)))
            .or_else(|| wilayah.kabupaten_by_name(cell(name)).map(str::to_owned));
        if let Some(district) = found {
            *votes.entry(district).or_insert(0) += 1;
        }
    }
    votes
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(district, _)| district)
}

fn digits(cell: &str) -> String {
    cell.trim()
        .trim_end_matches(".0")
        .chars()
        .filter(char::is_ascii_digit)
        .collect()
}

/// A code of a kecamatan (seven digits) or a desa (ten) begins with its district.
fn of_code(cell: &str) -> Option<String> {
    let digits = digits(cell);
    matches!(digits.len(), 7 | 10).then(|| digits.chars().take(4).collect())
}

fn of_parts(province: &str, regency: &str) -> Option<String> {
    let (province, regency) = (digits(province), digits(regency));
    match (province.len(), regency.len()) {
        (_, 4) => Some(regency),
        (2, 1 | 2) => Some(format!("{province}{regency:0>2}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_its_parts_tell_the_district() {
        assert_eq!(of_code("3504010001").as_deref(), Some("3504"));
        assert_eq!(of_code("35.04.01.2001").as_deref(), Some("3504"));
        assert_eq!(of_code("1"), None);
        assert_eq!(of_parts("35", "3").as_deref(), Some("3503"));
        assert_eq!(of_parts("", "3503").as_deref(), Some("3503"));
        assert_eq!(of_parts("", "3"), None);
    }
}
