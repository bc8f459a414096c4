//! Names of people (identitas.md, "Names of people"; rulings 14, 38).

use super::cells::{CellColumn, Notes};
use super::text::{clean_text, letters_only};
use crate::temuan::{mask_name, rules};
use std::borrow::Cow;

/// Upper case, NFKC, one space, no leading or trailing punctuation; a bracketed end such as `(ALM)` keeps its bracket.
/// `None` where no letter or digit is left.
pub fn clean_name(cell: &str) -> Option<Cow<'_, str>> {
    let clean = clean_text(cell)?;
    let bounds = trim_bounds(&clean)?;
    if bounds == (0, clean.len()) {
        return Some(clean);
    }
    Some(Cow::Owned(clean[bounds.0..bounds.1].to_owned()))
}

fn trim_bounds(name: &str) -> Option<(usize, usize)> {
    let start = name.find(char::is_alphanumeric)?;
    let last = name.rfind(char::is_alphanumeric)?;
    let end = last + name[last..].chars().next().map_or(0, char::len_utf8);
    let opened = name[start..end].rfind('(');
    let closed = name[start..end].rfind(')');
    let end = match (opened, name[end..].find(')')) {
        (Some(open), Some(offset)) if closed.is_none_or(|close| close < open) => end + offset + 1,
        _ => end,
    };
    let start = match (name[..start].rfind('('), name[start..end].find(')')) {
        (Some(open), Some(close)) if name[start..start + close].find('(').is_none() => open,
        _ => start,
    };
    Some((start, end))
}

/// The form in which two names are compared: letters only (`nik_ganda_beda_nama`).
pub fn comparable(name: &str) -> Option<String> {
    let letters = letters_only(name);
    (!letters.is_empty()).then_some(letters)
}

/// Cleans a column of names; digits are kept and noted.
pub fn clean_column<'a>(cells: &'a CellColumn, notes: &mut Notes) -> Vec<Option<Cow<'a, str>>> {
    cells
        .iter()
        .enumerate()
        .map(|(row, (cell, _))| {
            let name = clean_name(cell)?;
            if name.bytes().any(|byte| byte.is_ascii_digit()) {
                notes.add(row, &rules::NAMA_BERANGKA, Some(mask_name(&name)));
            }
            Some(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_cleaned_by_the_contract() {
        for (raw, clean) in [
            ("  siti   Aminah ", Some("SITI AMINAH")),
            ("H. SUTRISNO, S.PD.", Some("H. SUTRISNO, S.PD")),
            ("SLAMET (alm)", Some("SLAMET (ALM)")),
            ("SLAMET (ALM).", Some("SLAMET (ALM)")),
            ("'SITI", Some("SITI")),
            ("MU'ALIMAH", Some("MU'ALIMAH")),
            ("(ALM) SLAMET", Some("(ALM) SLAMET")),
            ("SLAMET)", Some("SLAMET")),
            ("S1TI", Some("S1TI")),
            (".", None),
            ("NULL", None),
            ("", None),
        ] {
            assert_eq!(clean_name(raw).as_deref(), clean, "{raw}");
        }
    }

    #[test]
    fn the_dead_are_told_from_the_living() {
        assert_ne!(comparable("SLAMET"), comparable("SLAMET (ALM)"));
        assert_eq!(comparable("MU'ALIMAH"), comparable("MU ALIMAH"));
        assert_eq!(comparable("123"), None);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(cell in "[ -~]{0,30}") {
            if let Some(once) = clean_name(&cell).map(Cow::into_owned) {
                let twice = clean_name(&once).map(Cow::into_owned);
                prop_assert!(twice.is_none() || twice == Some(once));
            }
        }
    }
}
