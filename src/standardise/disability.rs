//! Kinds of disability from free text (ruling 15, 57; UU 8/2016; layouts.md section 8).

use super::text::nfkc;

/// What a text on disability tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ragam {
    /// Nothing said.
    Empty,
    /// A kind of the contract's list.
    Known(&'static str),
    /// Something said that no word list knows: `LAINNYA` and a finding.
    Unknown,
}

const FISIK: [&str; 8] = [
    "DAKSA",
    "FISIK",
    "TUBUH",
    "LUMPUH",
    "POLIO",
    "AMPUTASI",
    "CEREBRAL PALSY",
    "CP",
];
const NETRA: [&str; 2] = ["NETRA", "BUTA"];
const RUNGU: [&str; 2] = ["RUNGU", "TULI"];
const WICARA: [&str; 2] = ["WICARA", "BISU"];
const INTELEKTUAL: [&str; 4] = ["INTELEKTUAL", "GRAHITA", "RETARDASI", "DOWN"];
const MENTAL: [&str; 6] = ["ODGJ", "JIWA", "PSIKOTIK", "PSIKOSOSIAL", "AUTIS", "SKIZOFRENIA"];
const GANDA: [&str; 2] = ["GANDA", "MULTI"];

/// The kind of disability that a list's text tells. Two different kinds are `GANDA`; `retardasi`, `grahita` and `down` are
/// looked at before `mental`.
pub fn ragam(text: Option<&str>) -> Ragam {
    let Some(text) = text else {
        return Ragam::Empty;
    };
    let words = normalise(text);
    if words.trim().is_empty() || is_none(words.trim()) {
        return if words.trim().is_empty() {
            Ragam::Unknown
        } else {
            Ragam::Empty
        };
    }
    if has_any(&words, &GANDA) {
        return Ragam::Known("GANDA");
    }
    let intelektual = has_any(&words, &INTELEKTUAL);
    let mental = has_any(&words, &MENTAL) || (!intelektual && words.contains("MENTAL"));
    let kinds = [
        ("FISIK", has_any(&words, &FISIK)),
        ("SENSORIK NETRA", has_any(&words, &NETRA)),
        ("SENSORIK RUNGU", has_any(&words, &RUNGU)),
        ("SENSORIK WICARA", has_any(&words, &WICARA)),
        ("INTELEKTUAL", intelektual),
        ("MENTAL", mental),
    ];
    let mut told = kinds.iter().filter(|(_, told)| *told).map(|(kind, _)| *kind);
    match (told.next(), told.next()) {
        (Some(kind), None) => Ragam::Known(kind),
        (Some(_), Some(_)) => Ragam::Known("GANDA"),
        (None, _) if words.contains("LAINNYA") || words.contains("LAIN LAIN") => Ragam::Known("LAINNYA"),
        (None, _) => Ragam::Unknown,
    }
}

/// Upper-case words with single spaces, a space at both ends.
fn normalise(text: &str) -> String {
    let mut words = String::from(" ");
    for letter in nfkc(text).chars().flat_map(char::to_uppercase) {
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Short words count only alone (`CP`, `KAKI`); long ones also inside a word (`TUNANETRA`).
fn has_any(words: &str, known: &[&str]) -> bool {
    known.iter().any(|word| {
        if word.len() <= 4 || word.contains(' ') {
            words.contains(&format!(" {word} ")) || (word.len() == 4 && words.contains(&format!("TUNA{word} ")))
        } else {
            words.contains(word)
        }
    })
}

fn is_none(words: &str) -> bool {
    matches!(words, "NULL" | "NONE" | "NAN" | "N A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_lists_are_known() {
        for (text, kind) in [
            ("tuna daksa", "FISIK"),
            ("TUNADAKSA", "FISIK"),
            ("cacat tubuh", "FISIK"),
            ("Lumpuh", "FISIK"),
            ("TUNANETRA", "SENSORIK NETRA"),
            ("buta", "SENSORIK NETRA"),
            ("tuna rungu", "SENSORIK RUNGU"),
            ("Tuli", "SENSORIK RUNGU"),
            ("bisu", "SENSORIK WICARA"),
            ("tuna wicara", "SENSORIK WICARA"),
            ("rungu wicara", "GANDA"),
            ("TUNA NETRA & CACAT TUBUH", "GANDA"),
            ("cacat mental", "MENTAL"),
            ("cacat mental retardasi", "INTELEKTUAL"),
            ("tuna grahita", "INTELEKTUAL"),
            ("DOWN SYNDROME", "INTELEKTUAL"),
            ("ODGJ", "MENTAL"),
            ("Mantan penderita gangguan jiwa", "MENTAL"),
            ("Cacat fisik & mental", "GANDA"),
            ("Fisik & Sensorik (ganda)", "GANDA"),
            ("GANDA", "GANDA"),
            ("CP", "FISIK"),
        ] {
            assert_eq!(ragam(Some(text)), Ragam::Known(kind), "{text}");
        }
        assert_eq!(ragam(Some("albino")), Ragam::Unknown);
        assert_eq!(ragam(None), Ragam::Empty);
    }
}
