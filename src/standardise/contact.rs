//! Phone numbers and RT/RW (`dirty_values.md`, "Phone", "Region names and codes").

use super::text::{filled, nfkc};

/// A phone number as `62...`: Indonesian mobile numbers have 10 to 13 digits with their leading zero, landlines 9 to 12.
/// `None` where digits were lost or none is told. Of two numbers in one cell the first counts.
pub fn read_phone(cell: &str) -> Option<String> {
    let text = nfkc(filled(cell)?).to_uppercase();
    if text.contains("E+") {
        return None;
    }
    let first = text
        .split(['/', ';', ','])
        .find(|part| part.bytes().any(|byte| byte.is_ascii_digit()))?;
    if first.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = first.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.as_str() {
        number if number.starts_with("62") => number[2..].to_owned(),
        number if number.starts_with('0') => number[1..].to_owned(),
        number if number.starts_with('8') => number.to_owned(),
        _ => return None,
    };
    let national = national.trim_start_matches('0');
    (8..=12).contains(&national.len()).then(|| format!("62{national}"))
}

/// RT and RW as three digits each: `1`, `01`, `RT 01 RW 02`, `001/002`; `00` and `-` are none.
/// A single number is the RT.
pub fn read_rt_rw(cell: &str) -> (Option<String>, Option<String>) {
    let Some(text) = filled(cell) else {
        return (None, None);
    };
    let text = nfkc(text).to_uppercase();
    let numbers: Vec<&str> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    let padded = |number: Option<&&str>| {
        let number: u32 = number?.parse().ok()?;
        (1..=999).contains(&number).then(|| format!("{number:03}"))
    };
    match (text.find("RT"), text.find("RW")) {
        (None, Some(_)) => (None, padded(numbers.first())),
        (Some(rt), Some(rw)) if rw < rt => (padded(numbers.get(1)), padded(numbers.first())),
        _ => (padded(numbers.first()), padded(numbers.get(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn phones_are_written_one_way() {
        for cell in [
            "081234567890",
            "81234567890",
            "6281234567890",
            "+62 812-3456-7890",
            "0812.3456.7890",
            "081234567890/0355791234",
        ] {
            assert_eq!(read_phone(cell).as_deref(), Some("6281234567890"), "{cell}");
        }
        assert_eq!(read_phone("0355-791234").as_deref(), Some("62355791234"));
        for cell in ["", "-", "0", "8.12346E+10", "tidak ada"] {
            assert_eq!(read_phone(cell), None, "{cell}");
        }
    }

    #[test]
    fn rt_and_rw_are_three_digits() {
        let both = (Some("001".to_owned()), Some("002".to_owned()));
        for cell in ["RT 01 RW 02", "01/02", "001/002", "RT.01/RW.02", "RW 2 RT 1"] {
            assert_eq!(read_rt_rw(cell), both, "{cell}");
        }
        assert_eq!(read_rt_rw("1"), (Some("001".to_owned()), None));
        assert_eq!(read_rt_rw("RW 02"), (None, Some("002".to_owned())));
        for cell in ["00", "-", "000/000", ""] {
            assert_eq!(read_rt_rw(cell), (None, None), "{cell}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(cell in "\\PC{0,30}") {
            let _ = (read_phone(&cell), read_rt_rw(&cell));
        }
    }
}
