//! Place names as people type them, brought to one spelling.

use unicode_normalization::UnicodeNormalization;

/// Words that stand before a place name and are no part of it.
const PREFIXES: [&str; 10] = [
    "KECAMATAN",
    "KEC",
    "DESA",
    "DS",
    "DSA",
    "KELURAHAN",
    "KEL",
    "KABUPATEN",
    "KAB",
    "KOTA",
];

/// Upper case, NFKC, no punctuation, one space, no leading `KEC.`, `DESA`, `KAB.` (identitas.md, "Places").
pub fn clean_place_name(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    for letter in raw.nfkc().flat_map(char::to_uppercase) {
        if letter.is_alphanumeric() {
            clean.push(letter);
        } else if !clean.is_empty() && !clean.ends_with(' ') {
            clean.push(' ');
        }
    }
    clean.truncate(clean.trim_end().len());
    strip_prefixes(&clean).to_owned()
}

fn strip_prefixes(mut name: &str) -> &str {
    while let Some((first, rest)) = name.split_once(' ') {
        if !PREFIXES.contains(&first) {
            break;
        }
        name = rest;
    }
    name
}

/// The key by which two spellings of a cleaned name are the same: letters and digits only.
pub fn place_key(clean: &str) -> String {
    clean.chars().filter(|letter| *letter != ' ').collect()
}

/// The index of the one candidate that is closest to `key` by Jaro-Winkler from 0.92 on, if no other is equally close
/// (ruling 65: prefix weight 0.1 over at most four letters, letters and digits only).
pub fn closest<'a>(key: &str, candidates: impl Iterator<Item = (usize, &'a str)>) -> Option<usize> {
    const THRESHOLD: f64 = 0.92;
    let mut best: Option<(usize, f64)> = None;
    let mut tied = false;
    for (index, candidate) in candidates {
        let similarity = strsim::jaro_winkler(key, candidate);
        if similarity < THRESHOLD {
            continue;
        }
        match best {
            Some((_, top)) if similarity < top => {}
            Some((_, top)) if (similarity - top).abs() < 1e-12 => tied = true,
            _ => {
                best = Some((index, similarity));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_punctuation_and_case_go() {
        for (raw, clean) in [
            ("KEC. KAMPAK", "KAMPAK"),
            ("Kecamatan  kampak", "KAMPAK"),
            ("DS.NGLEBENG", "NGLEBENG"),
            ("Kel. Kelutan", "KELUTAN"),
            ("KAB. TRENGGALEK", "TRENGGALEK"),
            ("Ngulan-Kulon.", "NGULAN KULON"),
            ("DESA", "DESA"),
            ("  ", ""),
        ] {
            assert_eq!(clean_place_name(raw), clean, "{raw}");
        }
    }

    #[test]
    fn the_closest_name_must_be_alone() {
        let names = ["NGULANKULON", "NGULANWETAN"];
        let candidates = || names.iter().copied().enumerate();
        assert_eq!(closest("NGULANKULONN", candidates()), Some(0));
        assert_eq!(closest("SURUH", candidates()), None);
        let twins = ["SUMBERX", "SUMBERY"];
        assert_eq!(closest("SUMBER", twins.iter().copied().enumerate()), None);
    }
}
