//! Words that say where a recipient or a proposal stands (rulings 7, 46, 58) and the stage of a list (rulings 25, 59).

use super::cells::CellColumn;
use super::date::month_by_name;
use super::recall::Recall;
use super::text::{filled, letters_only};

/// Does this status cell, as a whole and by its letters only, stand among the words for "no longer a recipient"?
pub fn is_former_recipient(cell: &str, words: &[String]) -> bool {
    let letters = letters_only(cell);
    !letters.is_empty() && words.iter().any(|word| letters_only(word) == letters)
}

/// A draft (0) or rejected (3) proposal does not count as proposed.
pub fn is_open_proposal(cell: &str) -> bool {
    let Some(text) = filled(cell) else {
        return true;
    };
    let code = text.strip_suffix(".0").unwrap_or(text).trim_start_matches('0');
    let letters = letters_only(text);
    !(matches!(code, "" | "3") || matches!(letters.as_str(), "DRAFT" | "DRAF" | "DITOLAK"))
}

/// Which rows of a status column still are recipients.
pub fn active_column(cells: &CellColumn, words: &[String]) -> Vec<bool> {
    let mut recall = Recall::new();
    let active = |cell: &str| !is_former_recipient(cell, words);
    cells.texts().map(|cell| recall.of(cell, active)).collect()
}

/// Which rows of a status column count as proposed.
pub fn open_column(cells: &CellColumn) -> Vec<bool> {
    let mut recall = Recall::new();
    cells.texts().map(|cell| recall.of(cell, is_open_proposal)).collect()
}

/// The number of a stage: `8`, `08`, `Tahap 8`, `THP III`; `None` where no stage is told.
pub fn read_tahap(cell: &str) -> Option<String> {
    let text = filled(cell)?.to_uppercase();
    let text = text
        .trim_start_matches("TAHAP")
        .trim_start_matches("THP")
        .trim_matches(|letter: char| !letter.is_alphanumeric());
    let first = text.split(|letter: char| !letter.is_alphanumeric()).next()?;
    let whole = first.bytes().all(|byte| byte.is_ascii_digit());
    if whole && (1..=3).contains(&first.len()) {
        return first
            .parse::<u32>()
            .ok()
            .filter(|stage| *stage > 0)
            .map(|stage| stage.to_string());
    }
    roman(first).map(|stage| stage.to_string())
}

fn roman(text: &str) -> Option<u32> {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let index = ROMAN.iter().position(|numeral| *numeral == text)?;
    u32::try_from(index + 1).ok()
}

/// The stage in a file's name: the number after TAHAP or THP (`20K` and dates are none, ruling 59).
pub fn tahap_in_name(name: &str) -> Option<String> {
    let words = words_of(name);
    words.iter().enumerate().find_map(|(index, word)| {
        let after = word.strip_prefix("TAHAP").or_else(|| word.strip_prefix("THP"))?;
        let mut at = index + 1;
        let stage = if after.is_empty() {
            if words.get(at).is_some_and(|word| word == "KE") {
                at += 1;
            }
            at += 1;
            words.get(at - 1)?.as_str()
        } else {
            after
        };
        // `Tahap 8-7-2020` is a date.
        let number = |index: usize, digits: usize| {
            words
                .get(index)
                .is_some_and(|word| word.len() <= digits && word.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if number(at, 2) && number(at + 1, 4) && words.get(at + 1).is_some_and(|word| word.len() == 4) {
            return None;
        }
        let digits = (1..=2).contains(&stage.len()) && stage.bytes().all(|byte| byte.is_ascii_digit());
        if digits || roman(stage).is_some() {
            read_tahap(stage)
        } else {
            None
        }
    })
}

/// The month that a name or cell tells, as `YYYY-MM`: `OKTOBER 2019`, `JAN 2020`, `Okt20`, `8-7-2020` (day first),
/// `2020-10`, `10-2020`, `202010`.
pub fn month_in_text(text: &str) -> Option<String> {
    let words = split_letters_and_digits(text);
    named_month(&words).or_else(|| numeric_month(&words))
}

/// The month that a file's name tells; the number of a stage is no month.
pub fn month_in_name(name: &str) -> Option<String> {
    let Some(stage) = tahap_in_name(name) else {
        return month_in_text(name);
    };
    let mut words = split_letters_and_digits(name);
    if let Some(at) = words.iter().position(|word| word == "TAHAP" || word == "THP") {
        let is_stage = |word: &String| read_tahap(word).as_ref() == Some(&stage);
        if let Some(number) = words.iter().skip(at + 1).take(2).position(is_stage) {
            words.remove(at + 1 + number);
        }
    }
    named_month(&words).or_else(|| numeric_month(&words))
}

/// `OKTOBER 2019`, `OKTOBER TAHUN 2019`, `2019 OKTOBER`.
fn named_month(words: &[String]) -> Option<String> {
    words.iter().enumerate().find_map(|(index, word)| {
        let month = month_by_name(word)?;
        let behind = match words.get(index + 1) {
            Some(next) if next == "TAHUN" || next == "TH" || next == "THN" => words.get(index + 2),
            next => next,
        };
        let before = index
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .filter(|word| word.len() == 4);
        let year = behind.and_then(|word| year_of(word)).or_else(|| year_of(before?))?;
        Some(format!("{year:04}-{month:02}"))
    })
}

fn numeric_month(words: &[String]) -> Option<String> {
    let number = |index: usize| {
        words
            .get(index)
            .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    (0..words.len()).find_map(|index| {
        let first = number(index)?;
        if first.len() == 6
            && let Some(told) = year_and_month(&first[..4], &first[4..])
        {
            return Some(told);
        }
        if first.len() == 8
            && let Some(told) = year_and_month(&first[..4], &first[4..6])
        {
            return Some(told);
        }
        let second = number(index + 1)?;
        if let Some(third) = number(index + 2)
            && first.len() <= 2
            && let Some(told) = year_and_month(third, second)
        {
            return Some(told);
        }
        year_and_month(first, second).or_else(|| year_and_month(second, first))
    })
}

fn year_and_month(year: &str, month: &str) -> Option<String> {
    if year.len() != 4 || month.len() > 2 {
        return None;
    }
    let year = year_of(year)?;
    let month: u32 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some(format!("{year:04}-{month:02}"))
}

fn year_of(word: &str) -> Option<u32> {
    let number: u32 = word.parse().ok()?;
    match word.len() {
        4 => (1990..=2100).contains(&number).then_some(number),
        2 => Some(2000 + number),
        _ => None,
    }
}

fn words_of(name: &str) -> Vec<String> {
    name.to_uppercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn split_letters_and_digits(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for letter in text.to_uppercase().chars() {
        let kind = (letter.is_alphabetic(), letter.is_ascii_digit());
        if kind == (false, false) {
            before = None;
            continue;
        }
        match words.last_mut() {
            Some(word) if before == Some(kind) => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        before = Some(kind);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_found_in_names() {
        for (name, month) in [
            ("3503 (DTKS JAN 2020).zip", Some("2020-01")),
            ("3503-OKTOBER 2019.zip", Some("2019-10")),
            ("3503-MEI 2018.zip", Some("2018-05")),
            ("dtks_okt20", Some("2020-10")),
            ("ExportMstPeserta PKH (8-7-2020).xlsx", Some("2020-07")),
            ("Program Sembako Tahap 8 Agustus 2020.xlsx", Some("2020-08")),
            ("Usulan DTKS Oktober 2020", Some("2020-10")),
            ("3503_2020-10_RT", Some("2020-10")),
            ("DTKS 10-2020", Some("2020-10")),
            ("DTKS 202010", Some("2020-10")),
            ("BNBA TL THP 3.xlsx", None),
            ("BNBA KPE 20K.xlsx", None),
            ("3503_RT.csv", None),
            ("Mei", None),
            ("3503_DTKS_2020_OKTOBER.zip", Some("2020-10")),
            ("SK OKTOBER TAHUN 2020", Some("2020-10")),
        ] {
            assert_eq!(month_in_text(name).as_deref(), month, "{name}");
        }
    }

    #[test]
    fn stages_are_found_in_names_and_cells() {
        for (name, stage) in [
            ("Program Sembako Tahap 8 Agustus 2020", Some("8")),
            ("BNBA TL THP 3", Some("3")),
            ("BST_THP03", Some("3")),
            ("BST Tahap IV", Some("4")),
            ("BNBA KPE 20K", None),
            ("PKH Tahap 2020", None),
            ("PKH Tahap 8-7-2020", None),
            ("KPE Tahap ke-3", Some("3")),
        ] {
            assert_eq!(tahap_in_name(name).as_deref(), stage, "{name}");
        }
        assert_eq!(read_tahap("Tahap 3").as_deref(), Some("3"));
        assert_eq!(read_tahap("03").as_deref(), Some("3"));
        assert_eq!(read_tahap("III").as_deref(), Some("3"));
        assert_eq!(read_tahap("-"), None);
    }

    #[test]
    fn the_number_of_a_stage_is_no_month() {
        assert_eq!(month_in_name("BST Tahap 3 2020"), None);
        assert_eq!(month_in_name("PKH Tahap 8-7-2020").as_deref(), Some("2020-07"));
        assert_eq!(
            month_in_name("Program Sembako Tahap 8 Agustus 2020").as_deref(),
            Some("2020-08")
        );
        assert_eq!(month_in_name("BST THP 3 (8-7-2020)").as_deref(), Some("2020-07"));
    }

    #[test]
    fn former_recipients_are_told_by_the_whole_cell() {
        let words = ["NON AKTIF", "GRADUASI"].map(str::to_owned);
        assert!(is_former_recipient("Non-Aktif", &words));
        assert!(is_former_recipient("NONAKTIF", &words));
        assert!(!is_former_recipient("AKTIF", &words));
        assert!(!is_former_recipient("GRADUASI MANDIRI", &words));
        assert!(!is_former_recipient("", &words));
    }

    #[test]
    fn drafts_and_rejections_are_no_proposals() {
        for cell in ["0", "3", "3.0", "ditolak"] {
            assert!(!is_open_proposal(cell), "{cell}");
        }
        for cell in ["", "1", "2", "disetujui", "NULL"] {
            assert!(is_open_proposal(cell), "{cell}");
        }
    }
}
