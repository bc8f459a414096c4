//! IDs of DTKS: `id_dtks`, `id_art` (rulings 4, 49).

use super::cells::{CellColumn, Notes};
use super::number::Unreadable;
use super::text::{filled, nfkc};
use crate::read::Kind;
use crate::temuan::{mask_nik, rules};
use std::borrow::Cow;

/// An ID cell: its digits, 10 to 25 of them.
///
/// # Errors
/// [`Unreadable`] where digits were lost or the length cannot be.
pub fn read_id(cell: &str, kind: Kind) -> Result<Option<Cow<'_, str>>, Unreadable> {
    if let Kind::Number(value) | Kind::Date(value) = kind
        && value >= 9_007_199_254_740_992.0
    {
        return Err(Unreadable);
    }
    let Some(text) = filled(cell) else {
        return Ok(None);
    };
    let plain = text.strip_prefix('\'').unwrap_or(text);
    if (10..=25).contains(&plain.len())
        && plain.bytes().all(|digit| digit.is_ascii_digit())
        && plain.bytes().any(|digit| digit != b'0')
    {
        return Ok(Some(Cow::Borrowed(plain)));
    }
    if is_scientific(text) {
        return Err(Unreadable);
    }
    let text = &*nfkc(text);
    // The tail of a number, which is no digit of the id; dotted groups have no such tail.
    let whole = [".00", ",00", ".0", ",0"]
        .iter()
        .find_map(|tail| text.strip_suffix(tail))
        .filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit()));
    let text_of_digits = whole.unwrap_or(text);
    let mut digits = String::with_capacity(text_of_digits.len());
    digits.extend(text_of_digits.chars().filter(char::is_ascii_digit));
    if digits.bytes().all(|digit| digit == b'0') {
        return if text.chars().any(char::is_alphabetic) {
            Err(Unreadable)
        } else {
            Ok(None)
        };
    }
    if (10..=25).contains(&digits.len()) {
        Ok(Some(Cow::Owned(digits)))
    } else {
        Err(Unreadable)
    }
}

fn is_scientific(text: &str) -> bool {
    let mut parts = text.split(['E', 'e']);
    let (Some(mantissa), Some(exponent), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let numeric = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-., ".contains(&byte))
    };
    !mantissa.is_empty() && !exponent.is_empty() && numeric(mantissa) && numeric(exponent)
}

/// A column of IDs; what cannot be one is NULL and noted.
pub fn id_column<'c>(cells: &'c CellColumn, notes: &mut Notes) -> Vec<Option<Cow<'c, str>>> {
    let mut ids = Vec::with_capacity(cells.len());
    for (row, (cell, kind)) in cells.iter().enumerate() {
        ids.push(read_id(cell, kind).unwrap_or_else(|Unreadable| {
            notes.add(row, &rules::ID_TIDAK_TERBACA, Some(mask_nik(cell.trim())));
            None
        }));
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_digits() {
        let read = |cell| read_id(cell, Kind::Text);
        assert_eq!(read("3503.0100.0100.0001."), Ok(Some("3503010001000001".into())));
        assert_eq!(read("'3503010001000001"), Ok(Some("3503010001000001".into())));
        assert_eq!(read("3503 0100 0100 0001"), Ok(Some("3503010001000001".into())));
        assert_eq!(read("3503010001000001,00"), Ok(Some("3503010001000001".into())));
        assert_eq!(read("350301000100000101.0"), Ok(Some("350301000100000101".into())));
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("NULL"), Ok(None));
        for cell in ["3,50301E+15", "123", "12345678901234567890123456"] {
            assert_eq!(read(cell), Err(Unreadable), "{cell}");
        }
        assert_eq!(
            read_id("350301000100000101", Kind::Number(350_301_000_100_000_101.0)),
            Err(Unreadable)
        );
        assert_eq!(
            read_id("3503010001000001", Kind::Number(3_503_010_001_000_001.0)),
            Ok(Some("3503010001000001".into()))
        );
    }
}
