//! The key under which a heading is compared.

use unicode_normalization::UnicodeNormalization;

/// NFKC, trimmed, lower case, every run of other signs one `_`, `_` at the ends dropped (sources.md section 0):
/// ` NIK `, `No KK`, `DESA/KELURAHAN` give `nik`, `no_kk`, `desa_kelurahan`.
pub fn header_key(heading: &str) -> String {
    let mut key = String::with_capacity(heading.len());
    for letter in heading.nfkc().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(key.trim_end_matches('_').len());
    key
}

/// Is this the key of the heading? As [`header_key`], without writing it down: it is asked of every row of a file.
pub fn has_header_key(heading: &str, key: &str) -> bool {
    if !heading.is_ascii() {
        return header_key(heading) == key;
    }
    let mut rest = key.as_bytes();
    let mut gap = false;
    for letter in heading.bytes() {
        if !letter.is_ascii_alphanumeric() {
            gap = rest.len() < key.len();
            continue;
        }
        if std::mem::take(&mut gap) {
            let [b'_', behind @ ..] = rest else { return false };
            rest = behind;
        }
        match rest {
            [first, behind @ ..] if *first == letter.to_ascii_lowercase() => rest = behind,
            _ => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headings_are_compared_without_case_signs_and_blanks() {
        for (heading, key) in [
            (" NIK ", "nik"),
            ("No KK", "no_kk"),
            ("tanggal_lahir ", "tanggal_lahir"),
            ("DESA/KELURAHAN", "desa_kelurahan"),
            ("DESA/KEL.", "desa_kel"),
            ("NO.\nKK", "no_kk"),
            ("Hub_KRT", "hub_krt"),
            ("HubKRT", "hubkrt"),
            ("***", ""),
        ] {
            assert_eq!(header_key(heading), key, "{heading}");
            assert!(has_header_key(heading, key), "{heading}");
        }
        assert!(!has_header_key("NIK KTP", "nik") && !has_header_key("NI", "nik"));
    }

    proptest! {
        #[test]
        fn asking_for_a_key_is_comparing_it(heading in "[ -~]{0,12}", other in "[a-z_ ]{0,6}", foreign in "\\PC{0,6}") {
            for heading in [&heading, &other, &foreign] {
                for key in [header_key(heading), header_key(&other)] {
                    prop_assert_eq!(has_header_key(heading, &key), header_key(heading) == key);
                }
            }
        }
    }
}
