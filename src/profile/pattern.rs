//! The shape of a value: 9 a digit, A a letter, other signs as they are, runs with their length.

/// The pattern of a value.
pub fn of(value: &str) -> String {
    let shape = value.chars().take(60).map(|letter| match letter {
        letter if letter.is_ascii_digit() => '9',
        letter if letter.is_alphabetic() => 'A',
        other => other,
    });
    compress(shape)
}

/// Runs of three and more with their length: `9999999999999999` is `9{16}`.
pub fn compress(pattern: impl IntoIterator<Item = char>) -> String {
    let mut compressed = String::new();
    let mut run: Option<(char, usize)> = None;
    for letter in pattern {
        match &mut run {
            Some((same, length)) if *same == letter => *length += 1,
            _ => {
                close(&mut compressed, run);
                run = Some((letter, 1));
            }
        }
    }
    close(&mut compressed, run);
    compressed
}

fn close(compressed: &mut String, run: Option<(char, usize)>) {
    match run {
        Some((letter, length)) if length > 2 => compressed.push_str(&format!("{letter}{{{length}}}")),
        Some((letter, length)) => compressed.extend(std::iter::repeat_n(letter, length)),
        None => {}
    }
}

/// Thirteen digits or more in a row, blanks and signs between them aside: an identity number, whatever its column is called.
pub fn holds_identity_number(value: &str) -> bool {
    let mut digits = 0;
    for letter in value.chars() {
        match letter {
            '0'..='9' => digits += 1,
            ' ' | '.' | '-' | '\'' | '`' | ',' => {}
            _ => digits = 0,
        }
        if digits >= 13 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_written_with_their_length() {
        assert_eq!(of("3503110203850001"), "9{16}");
        assert_eq!(of("SITI A"), "A{4} A");
        assert_eq!(of("3/14/1985"), "9/99/9{4}");
        assert_eq!(of(""), "");
    }

    #[test]
    fn an_identity_number_is_seen_through_its_signs() {
        assert!(holds_identity_number("NIK 3503.1102.0385.0001"));
        assert!(holds_identity_number("'3503110203850001"));
        assert!(!holds_identity_number("3503010001"));
        assert!(!holds_identity_number("2020-10-31 10:00"));
    }
}
