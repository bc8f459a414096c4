//! How the value of a column is shown to someone who has not asked for personal values.

use crate::temuan::{mask_name, mask_nik, mask_pattern};

/// More digits than this in a column that is not personal: a number that has slipped into it.
const MOST_DIGITS: usize = 9;

/// The value of a column, by its name and class.
pub fn masked(column: &str, class: &str, value: &str) -> String {
    let number = column.starts_with("nik") || column.starts_with("no_kk") || column == "telepon";
    match class {
        _ if number => mask_nik(value),
        _ if column.starts_with("nama") && class == "pribadi" => mask_name(value),
        // An id made from a NIK would give it away.
        "pseudonim" if value.starts_with("NIK") => mask_nik(value),
        "pseudonim" => value.to_owned(),
        "umum" if value.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS || column.starts_with("kode_") => {
            value.to_owned()
        }
        _ => mask_pattern(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_nobody_is_shown() {
        assert_eq!(masked("nik", "pribadi", "3503110203850001"), "350311**********");
        assert_eq!(masked("nama", "pribadi", "SUTRISNO"), "SU******");
        assert_eq!(masked("alamat", "pribadi", "RT 1"), "AA 9");
        assert!(!masked("id_art", "pseudonim", "NIK3503110203850001").contains("0203850001"));
        assert_eq!(masked("desa", "umum", "NGLEBENG"), "NGLEBENG");
        assert_eq!(masked("desa", "umum", "3503110203850001"), "9999999999999999");
        assert_eq!(masked("kode_desa", "umum", "3503010001"), "3503010001");
        assert_eq!(masked("", "", "SUTRISNO"), "AAAAAAAA");
    }
}
