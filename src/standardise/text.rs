//! Plain text: empty words, blanks, case.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::{IsNormalized, is_nfkc_quick};

/// Is this trimmed cell empty, or one of the words that mean empty in every column (ruling 53)?
pub fn is_empty_word(trimmed: &str) -> bool {
    match trimmed.len() {
        0 => true,
        1 => trimmed == "-",
        2 => trimmed == "--" || trimmed == "\\N" || trimmed == "\\n",
        3 => trimmed.eq_ignore_ascii_case("NAN") || trimmed.eq_ignore_ascii_case("N/A"),
        4 => ["NULL", "#N/A", "NONE"]
            .iter()
            .any(|word| trimmed.eq_ignore_ascii_case(word)),
        _ => false,
    }
}

/// The trimmed cell, or `None` where it is empty.
pub fn filled(cell: &str) -> Option<&str> {
    let trimmed = trimmed(cell);
    (!is_empty_word(trimmed)).then_some(trimmed)
}

/// The cell without blanks at its ends, of which most cells have none.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [first, ..] if !first.is_ascii_graphic() => cell.trim(),
        [.., last] if last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}

/// NFKC; borrows where nothing changes.
pub fn nfkc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

/// NFKC, upper case, trimmed, every run of blanks and line breaks one space; `None` where nothing is left.
///
/// This is the rule for addresses, places of birth and free text (sources.md section 0, "text").
pub fn clean_text(cell: &str) -> Option<Cow<'_, str>> {
    let trimmed = filled(cell)?;
    if is_clean_ascii(trimmed) {
        return Some(Cow::Borrowed(trimmed));
    }
    let mut clean = String::with_capacity(trimmed.len());
    for word in nfkc(trimmed).split_whitespace() {
        if !clean.is_empty() {
            clean.push(' ');
        }
        if word.is_ascii() {
            clean.extend(word.chars().map(|letter| letter.to_ascii_uppercase()));
        } else {
            clean.extend(word.chars().flat_map(char::to_uppercase));
        }
    }
    if !clean.is_ascii() {
        // Upper case can take a letter apart (`ῗ`).
        clean = clean.nfkc().collect();
    }
    (!clean.is_empty()).then_some(Cow::Owned(clean))
}

/// Upper-case ASCII with single spaces only: the common case, which needs no copy.
fn is_clean_ascii(trimmed: &str) -> bool {
    let mut before = b'x';
    trimmed.bytes().all(|byte| {
        let clean = match byte {
            b' ' => before != b' ',
            b'a'..=b'z' => false,
            _ => (0x21..0x7f).contains(&byte),
        };
        before = byte;
        clean
    })
}

/// Letters only, upper case: the form in which two words are compared.
pub fn letters_only(text: &str) -> String {
    nfkc(text)
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_for_nothing_are_empty() {
        for word in [
            "", " ", "-", "--", "\\N", "n/a", "#N/A", "nan", "NULL", "null", "None", "\u{a0}",
        ] {
            assert_eq!(filled(word), None, "{word:?}");
        }
        assert_eq!(filled(" TIDAK ADA "), Some("TIDAK ADA"));
    }

    #[test]
    fn text_is_upper_case_with_single_spaces() {
        assert_eq!(
            clean_text(" Dsn. Krajan\n rt 01 ").as_deref(),
            Some("DSN. KRAJAN RT 01")
        );
        assert_eq!(clean_text("ＲＴ １").as_deref(), Some("RT 1"));
        assert!(matches!(clean_text("RT 01/02"), Some(Cow::Borrowed("RT 01/02"))));
    }

    proptest! {
        #[test]
        fn cleaning_text_twice_changes_nothing(cell in "\\PC{0,40}") {
            if let Some(once) = clean_text(&cell).map(Cow::into_owned) {
                let twice = clean_text(&once).map(Cow::into_owned);
                // A cleaned text may itself read as a word for nothing (`ｎａｎ`).
                prop_assert!(twice.is_none() || twice.as_deref() == Some(once.as_str()));
            }
        }
    }
}
