//! Coded columns: a code, a padded code or a label in, the label of the code list out; yes/no columns; sex
//! (sources.md section 0; rulings 8, 54, 55).

use super::cells::{CellColumn, Notes};
use super::recall::Recall;
use super::text::{filled, nfkc};
use super::words::WordColumn;
use crate::temuan::rules;
use std::borrow::Cow;
use std::collections::HashMap;

/// One code list: its labels in upper case, found by code or by the key of a label.
#[derive(Debug, Clone, Default)]
pub struct CodeList {
    labels: HashMap<u32, String>,
    by_key: HashMap<String, u32>,
    has_zero: bool,
}

/// What a coded cell tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coded<'a> {
    /// Nothing there, or a 0 where the list has none (ruling 8).
    Empty,
    /// A code of the list, with its label.
    Known(u32, &'a str),
    /// A number that the list does not have.
    UnknownCode(u32),
    /// A text that no label matches.
    UnknownText,
}

impl CodeList {
    /// A list of `(code, label)` pairs.
    pub fn new<'l>(entries: impl IntoIterator<Item = (u32, &'l str)>) -> Self {
        let mut list = Self::default();
        for (code, label) in entries {
            list.has_zero |= code == 0;
            list.by_key.entry(label_key(label)).or_insert(code);
            list.labels.insert(code, label.to_uppercase());
        }
        list
    }

    /// Adds another reading of a code, such as `Kepala keluarga` for the head of a household (ruling 55).
    pub fn also(&mut self, reading: &str, code: u32) {
        self.by_key.entry(label_key(reading)).or_insert(code);
    }

    /// The code whose label is `Ya`, for flags.
    pub fn code_of(&self, label: &str) -> Option<u32> {
        self.by_key.get(&label_key(label)).copied()
    }

    /// Reads one cell.
    pub fn read(&self, cell: &str) -> Coded<'_> {
        let Some(text) = filled(cell) else {
            return Coded::Empty;
        };
        match parse_code(text) {
            Some(0) if !self.has_zero => Coded::Empty,
            Some(code) => self.known(code).unwrap_or(Coded::UnknownCode(code)),
            None => self.read_label(text),
        }
    }

    fn known(&self, code: u32) -> Option<Coded<'_>> {
        let label = self.labels.get(&code)?;
        Some(Coded::Known(code, label))
    }

    fn read_label(&self, text: &str) -> Coded<'_> {
        self.by_key
            .get(&label_key(text))
            .and_then(|code| self.known(*code))
            .unwrap_or(Coded::UnknownText)
    }
}

/// `3`, `03`, `3.0`, `3,0`; fullwidth digits too.
fn parse_code(text: &str) -> Option<u32> {
    let normal = nfkc(text);
    let text = normal.trim_matches(['\'', '"', ' ']);
    let whole = [".00", ",00", ".0", ",0"]
        .iter()
        .find_map(|tail| text.strip_suffix(tail))
        .unwrap_or(text);
    let is_number = (1..=9).contains(&whole.len()) && whole.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| whole.parse().ok()).flatten()
}

/// The key by which a text is the label of a list: NFKC, upper case, without a leading `1. ` or `01) `, then only letters,
/// digits, `<` and `>` (sources.md: `Gas > 3 kg` and `Gas 3 kg` must not fall together).
pub fn label_key(text: &str) -> String {
    let normal = nfkc(text);
    let trimmed = normal.trim();
    let after_digits = trimmed.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let unnumbered = after_digits
        .strip_prefix(['.', ')'])
        .filter(|rest| after_digits.len() < trimmed.len() && starts_a_label(rest))
        .unwrap_or(trimmed);
    unnumbered
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '<' | '>'))
        .flat_map(char::to_uppercase)
        .collect()
}

fn starts_a_label(rest: &str) -> bool {
    rest.starts_with(|letter: char| letter.is_whitespace() || letter.is_alphabetic() || matches!(letter, '<' | '>'))
}

/// What a coded cell becomes, for a cell that stands again and again.
#[derive(Clone, Copy)]
enum Label {
    Empty,
    Known(u32),
    UnknownCode(u32),
    UnknownText,
}

/// Reads a column of codes as labels; an unknown code is `KODE <n>`, an unknown text NULL, both noted.
pub fn label_column<'l>(cells: &CellColumn, list: &'l CodeList, notes: &mut Notes) -> WordColumn<'l> {
    let mut recall = Recall::new();
    let mut labels = WordColumn::with_capacity(cells.len());
    for (row, cell) in cells.texts().enumerate() {
        let label = recall.of(cell, |cell| match list.read(cell) {
            Coded::Empty => Label::Empty,
            Coded::Known(_, label) => Label::Known(labels.word(Cow::Borrowed(label))),
            Coded::UnknownCode(code) => Label::UnknownCode(labels.word(Cow::Owned(format!("KODE {code}")))),
            Coded::UnknownText => Label::UnknownText,
        });
        labels.rows.push(match label {
            Label::Empty => None,
            Label::Known(word) => Some(word),
            Label::UnknownCode(word) => {
                notes.add(row, &rules::KODE_TIDAK_DIKENAL, Some(cell.trim().to_owned()));
                Some(word)
            }
            Label::UnknownText => {
                notes.add(
                    row,
                    &rules::LABEL_TIDAK_DIKENAL,
                    Some(cell.trim().chars().take(60).collect()),
                );
                None
            }
        });
    }
    labels
}

/// What a yes/no cell tells; `None` where it is neither (it counts as no, and is noted).
pub fn read_flag(cell: &str, list: &CodeList) -> Option<bool> {
    let Some(text) = filled(cell) else {
        return Some(false);
    };
    match list.read(text) {
        Coded::Empty => return Some(false),
        Coded::Known(_, label) => return Some(label == "YA"),
        Coded::UnknownCode(_) => return None,
        Coded::UnknownText => {}
    }
    match text.to_uppercase().as_str() {
        "TRUE" | "Y" | "V" | "√" | "✓" | "✔" => Some(true),
        "FALSE" | "T" | "F" | "N" => Some(false),
        _ => None,
    }
}

/// Reads a yes/no column by its own code list (1/2, 3/4 or 0/1).
pub fn flag_column(cells: &CellColumn, list: &CodeList, notes: &mut Notes) -> Vec<bool> {
    let mut recall = Recall::new();
    let mut flags = Vec::with_capacity(cells.len());
    for (row, cell) in cells.texts().enumerate() {
        let told = recall.of(cell, |cell| read_flag(cell, list));
        flags.push(told.unwrap_or_else(|| {
            notes.add(
                row,
                &rules::YA_TIDAK_TIDAK_DIKENAL,
                Some(cell.trim().chars().take(20).collect()),
            );
            false
        }));
    }
    flags
}

/// What a column of sexes tells.
#[derive(Debug, Default)]
pub struct SexColumn<'l> {
    /// `LAKI-LAKI`, `PEREMPUAN` or NULL.
    pub labels: WordColumn<'l>,
    /// The code of each row (1 and 2).
    pub codes: Vec<Option<u32>>,
    /// Rows in which something else stands.
    unknown: Vec<usize>,
}

impl<'l> SexColumn<'l> {
    /// Reads a column of sexes.
    pub fn read(cells: &CellColumn, list: &'l CodeList) -> Self {
        let mut recall = Recall::new();
        let mut column = Self::default();
        for (row, cell) in cells.texts().enumerate() {
            let labels = &mut column.labels;
            let told = recall.of(cell, |cell| match list.read(cell) {
                Coded::Known(code, label) => Ok(Some((code, labels.word(Cow::Borrowed(label))))),
                Coded::Empty if filled(cell).is_none() => Ok(None),
                _ => Err(()),
            });
            if told.is_err() {
                column.unknown.push(row);
            }
            let told = told.ok().flatten();
            column.codes.push(told.map(|(code, _)| code));
            column.labels.rows.push(told.map(|(_, word)| word));
        }
        column
    }

    /// Notes what is neither (never `KODE`, ruling 8).
    pub fn note_unknown(&self, cells: &CellColumn, notes: &mut Notes) {
        for row in &self.unknown {
            let shown = cells.get(*row).trim().chars().take(20).collect();
            notes.add(*row, &rules::JENIS_KELAMIN_TIDAK_DIKENAL, Some(shown));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daya() -> CodeList {
        CodeList::new([(1, "450 watt"), (4, "2200 watt"), (5, "> 2200 watt")])
    }

    #[test]
    fn codes_padded_codes_and_labels_are_read() {
        let list = daya();
        for cell in [
            "5",
            "05",
            "5 ",
            "5.0",
            "> 2200 watt",
            "5. > 2200 Watt",
            "05) >2200 WATT",
        ] {
            assert_eq!(list.read(cell), Coded::Known(5, "> 2200 WATT"), "{cell}");
        }
        assert_eq!(list.read("2200 Watt"), Coded::Known(4, "2200 WATT"));
        assert_eq!(list.read("88"), Coded::UnknownCode(88));
        assert_eq!(list.read("0"), Coded::Empty);
        assert_eq!(list.read("NULL"), Coded::Empty);
        assert_eq!(list.read("lilin"), Coded::UnknownText);
        assert_eq!(list.read("-1"), Coded::UnknownText);
    }

    #[test]
    fn a_zero_counts_where_the_list_has_it() {
        let list = CodeList::new([(0, "Tidak terisi"), (1, "Milik sendiri")]);
        assert_eq!(list.read("00"), Coded::Known(0, "TIDAK TERISI"));
        assert_eq!(list.read("Tidak terisi"), Coded::Known(0, "TIDAK TERISI"));
    }

    #[test]
    fn a_label_that_is_a_word_for_nothing_elsewhere_is_a_label() {
        let list = CodeList::new([(0, "Tidak ada"), (3, "Asma")]);
        assert_eq!(list.read("Tidak ada"), Coded::Known(0, "TIDAK ADA"));
    }

    #[test]
    fn flags_follow_their_own_list() {
        let one_two = CodeList::new([(1, "Ya"), (2, "Tidak")]);
        let three_four = CodeList::new([(3, "Ya"), (4, "Tidak")]);
        for (cell, flag) in [
            ("1", Some(true)),
            ("01", Some(true)),
            ("Ya", Some(true)),
            ("1. Ya", Some(true)),
            ("TRUE", Some(true)),
            ("y", Some(true)),
            ("v", Some(true)),
            ("√", Some(true)),
            ("2", Some(false)),
            ("T", Some(false)),
            ("", Some(false)),
            ("0", Some(false)),
            ("-", Some(false)),
            ("3", None),
            ("4", None),
            ("X", None),
            ("?", None),
        ] {
            assert_eq!(read_flag(cell, &one_two), flag, "{cell}");
        }
        assert_eq!(read_flag("3", &three_four), Some(true));
        assert_eq!(read_flag("4", &three_four), Some(false));
        assert_eq!(read_flag("1", &three_four), None);
    }

    #[test]
    fn an_unknown_code_is_kept_by_its_number() {
        let mut notes = Notes::default();
        let cells = CellColumn::from_texts(["4", "088", "lilin", ""]);
        let list = daya();
        let labels = label_column(&cells, &list, &mut notes);
        let labels: Vec<_> = labels.iter().collect();
        assert_eq!(labels, [Some("2200 WATT"), Some("KODE 88"), None, None]);
        assert_eq!(notes.items.len(), 2);
    }
}
