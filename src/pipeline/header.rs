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

#[cfg(test)]
mod tests {
    use super::*;

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
        }
    }
}
