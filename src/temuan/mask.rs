//! Personal values as they may be shown (DESIGN.md, "People's data").

/// The first six digits, then asterisks; a letter shows nothing, for it may be of a name in the wrong column.
pub fn mask_nik(value: &str) -> String {
    let shown = |(index, letter): (usize, char)| match letter {
        letter if index < 6 && !letter.is_alphabetic() => letter,
        _ => '*',
    };
    value.chars().take(24).enumerate().map(shown).collect()
}

/// The first third of each word (at least one letter), then asterisks.
pub fn mask_name(value: &str) -> String {
    let masked = value.split_whitespace().map(|word| {
        let shown = (word.chars().count() / 3).max(1);
        word.chars()
            .enumerate()
            .map(|(index, letter)| if index < shown { letter } else { '*' })
            .collect::<String>()
    });
    masked.collect::<Vec<_>>().join(" ")
}

/// The shape of a value: digits as `9`, letters as `A`, signs as they are.
pub fn mask_pattern(value: &str) -> String {
    let shape = |letter: char| match letter {
        letter if letter.is_ascii_digit() => '9',
        letter if letter.is_alphabetic() => 'A',
        other => other,
    };
    value.chars().take(40).map(shape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_only_what_design_allows() {
        assert_eq!(mask_nik("3503110203850001"), "350311**********");
        assert_eq!(mask_name("SUTRISNO A"), "SU****** A");
        assert_eq!(mask_pattern("3/14/1985"), "9/99/9999");
    }
}
