//! Numbers: counts, areas, percentiles, desil, money (sources.md section 0; ruling 9).

use super::cells::{CellColumn, Notes};
use super::text::{filled, nfkc};
use crate::temuan::{Rule, rules};

/// Something stands in a cell, and it is not what is due there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// A number cell: digits with a dot or comma as decimal sign.
///
/// # Errors
/// [`Unreadable`] where something else stands there.
pub fn read_number(cell: &str) -> Result<Option<f64>, Unreadable> {
    let Some(text) = filled(cell) else {
        return Ok(None);
    };
    let normal = nfkc(text);
    let text = normal.trim_matches(['\'', '"', ' ']);
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() > 15 {
        return Err(Unreadable);
    }
    if whole.len() + fraction.len() <= EXACT_DIGITS {
        let digits = whole.bytes().chain(fraction.bytes());
        let number = digits.fold(0_u64, |number, digit| number * 10 + u64::from(digit - b'0'));
        // Both are whole numbers that a float holds exactly, so their quotient is the float next to the text.
        return Ok(Some(number as f64 / POWERS_OF_TEN[fraction.len()]));
    }
    format!("{whole}.{fraction}").parse().map(Some).map_err(|_| Unreadable)
}

/// So many digits a float holds exactly.
const EXACT_DIGITS: usize = 15;
const POWERS_OF_TEN: [f64; EXACT_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

fn whole(value: f64) -> Option<i32> {
    (value.fract() == 0.0 && (0.0..2_147_483_648.0).contains(&value)).then_some(value as i32)
}

fn shown(cell: &str) -> String {
    cell.trim().chars().take(20).collect()
}

/// A column of whole numbers; a fraction or anything else is NULL and noted.
pub fn integer_column(cells: &CellColumn, notes: &mut Notes) -> Vec<Option<i32>> {
    let mut numbers = Vec::with_capacity(cells.len());
    for (row, (cell, _)) in cells.iter().enumerate() {
        let read = read_number(cell).and_then(|value| value.map(|value| whole(value).ok_or(Unreadable)).transpose());
        numbers.push(read.unwrap_or_else(|Unreadable| {
            notes.add(row, &rules::ANGKA_TIDAK_TERBACA, Some(shown(cell)));
            None
        }));
    }
    numbers
}

/// A column of decimal numbers.
pub fn decimal_column(cells: &CellColumn, notes: &mut Notes) -> Vec<Option<f64>> {
    let mut numbers = Vec::with_capacity(cells.len());
    for (row, (cell, _)) in cells.iter().enumerate() {
        numbers.push(read_number(cell).unwrap_or_else(|Unreadable| {
            notes.add(row, &rules::ANGKA_TIDAK_TERBACA, Some(shown(cell)));
            None
        }));
    }
    numbers
}

/// A percentile: a fraction is rounded up, 0 stays 0 (ruling 9).
///
/// # Errors
/// The rule that a percentile above 100, a negative one or something else breaks.
pub fn read_percentile(cell: &str) -> Result<Option<i32>, &'static Rule> {
    let text = cell.trim();
    if let Some(negative) = text.strip_prefix(['-', '\u{2212}'])
        && matches!(read_number(negative), Ok(Some(_)))
    {
        return Err(&rules::PERSENTIL_DI_LUAR_RENTANG);
    }
    match read_number(cell) {
        Ok(Some(value)) if value > 100.0 => Err(&rules::PERSENTIL_DI_LUAR_RENTANG),
        Ok(value) => Ok(value.and_then(|value| whole(value.ceil()))),
        Err(Unreadable) => Err(&rules::ANGKA_TIDAK_TERBACA),
    }
}

/// A column of percentiles.
pub fn percentile_column(cells: &CellColumn, notes: &mut Notes) -> Vec<Option<i32>> {
    let mut numbers = Vec::with_capacity(cells.len());
    for (row, (cell, _)) in cells.iter().enumerate() {
        let percentile = match read_percentile(cell) {
            Ok(percentile) => percentile,
            Err(rule) => {
                notes.add(row, rule, Some(shown(cell)));
                None
            }
        };
        if percentile == Some(0) {
            notes.add(row, &rules::PERSENTIL_NOL, None);
        }
        numbers.push(percentile);
    }
    numbers
}

/// `greatest(1, ceil(percentile / 10))`.
pub fn desil_of_percentile(percentile: i32) -> i32 {
    ((percentile + 9) / 10).max(1)
}

/// A column of desil: 1 to 10, else NULL and noted. The second value tells whether the cell said anything.
pub fn desil_column(cells: &CellColumn, notes: &mut Notes) -> Vec<(Option<i32>, bool)> {
    let mut numbers = Vec::with_capacity(cells.len());
    for (row, (cell, _)) in cells.iter().enumerate() {
        let said = filled(cell).is_some();
        let read = read_number(cell).ok().flatten().and_then(whole);
        let desil = read.filter(|desil| (1..=10).contains(desil));
        if said && desil.is_none() {
            notes.add(row, &rules::DESIL_DI_LUAR_RENTANG, Some(shown(cell)));
        }
        numbers.push((desil, said));
    }
    numbers
}

/// Rupiah: `600000`, `600.000`, `600.000,00`, `Rp 600.000,-` are 600000.
pub fn read_rupiah(cell: &str) -> Option<i64> {
    let text = filled(cell)?.to_uppercase();
    let text = text.trim_start_matches("RP").trim_start_matches(['.', ' ']);
    let text = text.trim_end_matches(",-").trim_end_matches(".-").trim();
    let (whole, cents) = match text.rsplit_once([',', '.']) {
        Some((whole, cents)) if cents.len() < 3 => (whole, cents),
        _ => (text, "0"),
    };
    let digits: String = whole
        .chars()
        .filter(|letter| !matches!(letter, '.' | ',' | ' '))
        .collect();
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty() || !is_number(&digits) || !is_number(cents) {
        return None;
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_take_a_dot_or_a_comma() {
        assert_eq!(read_number("7.0"), Ok(Some(7.0)));
        assert_eq!(read_number("36,5"), Ok(Some(36.5)));
        assert_eq!(read_number("0"), Ok(Some(0.0)));
        assert_eq!(read_number(""), Ok(None));
        for cell in ["-3", "tiga", "1.2.3", "1e3", "1_000", "."] {
            assert_eq!(read_number(cell), Err(Unreadable), "{cell}");
        }
    }

    #[test]
    fn a_percentile_is_rounded_up_and_bounded() {
        assert_eq!(read_percentile("12,5"), Ok(Some(13)));
        assert_eq!(read_percentile("0"), Ok(Some(0)));
        assert_eq!(read_percentile("100"), Ok(Some(100)));
        assert!(read_percentile("101").is_err());
        assert!(read_percentile("-1").is_err());
        assert_eq!(desil_of_percentile(0), 1);
        assert_eq!(desil_of_percentile(10), 1);
        assert_eq!(desil_of_percentile(11), 2);
        assert_eq!(desil_of_percentile(100), 10);
    }

    #[test]
    fn rupiah_are_read_as_people_write_them() {
        for cell in [
            "600000",
            "600.000",
            "600.000,00",
            "Rp 600.000,-",
            "Rp. 600.000",
            "600,000.00",
            "600000.0",
        ] {
            assert_eq!(read_rupiah(cell), Some(600_000), "{cell}");
        }
        assert_eq!(read_rupiah("enam ratus"), None);
        assert_eq!(read_rupiah("-"), None);
    }

    proptest! {
        #[test]
        fn a_desil_stays_between_one_and_ten(percentile in 0i32..=100) {
            prop_assert!((1..=10).contains(&desil_of_percentile(percentile)));
        }

        #[test]
        fn short_numbers_are_what_the_text_says(whole in "[0-9]{1,15}", fraction in "[0-9]{1,9}") {
            let text = format!("{whole}.{fraction}");
            prop_assert_eq!(read_number(&text), Ok(text.parse().ok()));
        }

        #[test]
        fn no_text_makes_it_panic(cell in "\\PC{0,20}") {
            let _ = (read_number(&cell), read_percentile(&cell), read_rupiah(&cell));
        }
    }
}
