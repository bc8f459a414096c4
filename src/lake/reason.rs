//! Why something was decided: kept for good, so it names no person.

use super::LakeError;

/// The reason as it is written down.
///
/// # Errors
/// [`LakeError::Unfit`] where there is none, or it holds the number of a person.
pub fn reason(typed: &str) -> Result<String, LakeError> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return Err(LakeError::Unfit(
            "`--alasan` is empty; say in a few words why, for those who read the history".to_owned(),
        ));
    }
    let mut digits = 0;
    for letter in words.chars() {
        match letter {
            '0'..='9' => digits += 1,
            ' ' | '.' | '-' => {}
            _ => digits = 0,
        }
        if digits >= 16 {
            return Err(LakeError::Unfit(
                "`--alasan` holds a number of 16 digits; a reason is kept for good and names no person".to_owned(),
            ));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_no_person() {
        assert_eq!(reason("  salah   kirim ").unwrap(), "salah kirim");
        assert!(reason(" ").is_err());
        assert!(reason("milik 3503.0112-0385 0001").is_err());
        assert!(reason("surat 400/12/2020 tanggal 2020-10-12").is_ok());
    }
}
