//! Tells the rows of a sheet apart: data, totals, notes, signatures, repeated headers, kecamatan sub-headers, blanks
//! (rulings 1, 63; issue text on reading).

use super::header::Header;
use crate::pipeline::{Pipeline, has_header_key};
use crate::read::{Merge, RawRow};
use crate::standardise::nik::{Identity, judge};
use crate::standardise::text::filled;
use crate::wilayah::{Wilayah, clean_place_name};
use std::collections::BTreeMap;

/// Why a row is no data; each is counted in the balance of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// Nothing in it.
    Blank,
    /// The header, once more.
    RepeatedHeader,
    /// `(1) (2) (3)` under the header.
    NumberedRow,
    /// A kecamatan or desa that stands above its rows.
    SubHeader,
    /// A total, a note or a signature.
    Closing,
    /// It names a person who is left out.
    Erased,
}

impl Skip {
    /// Its name in the balance.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "kosong",
            Self::RepeatedHeader => "judul_ulang",
            Self::NumberedRow => "baris_nomor",
            Self::SubHeader => "sub_judul",
            Self::Closing => "total_catatan_tanda_tangan",
            Self::Erased => "dihapus_atas_permintaan",
        }
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Data.
    Keep,
    /// No data.
    Skip(Skip),
    /// Data without any identifying column: quarantined.
    Unidentified,
    /// Not known yet: the rows that follow tell whether it is data or part of the closing.
    Wait,
}

/// A place told above its rows, carried down until the next one.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    /// From a kecamatan sub-header.
    pub kecamatan: String,
    /// From a desa sub-header.
    pub desa: String,
}

/// Reads the rows of one sheet in order and tells each one's fate.
pub struct RowReader<'a> {
    pipeline: &'a Pipeline,
    header: &'a Header,
    wilayah: &'a Wilayah,
    nik: Vec<usize>,
    no_kk: Vec<usize>,
    nama: Vec<usize>,
    identifying: Vec<(bool, Vec<usize>)>,
    is_list: bool,
    first_rows: bool,
    closing: bool,
    /// The place carried down.
    pub carried: Carried,
}

impl<'a> RowReader<'a> {
    /// A reader for the rows below `header`.
    pub fn new(pipeline: &'a Pipeline, header: &'a Header, wilayah: &'a Wilayah) -> Self {
        let sources = |name: &str| sources_of(pipeline, header, name);
        Self {
            pipeline,
            header,
            wilayah,
            nik: sources("nik"),
            no_kk: sources("no_kk"),
            nama: sources("nama"),
            identifying: pipeline
                .rows
                .identifying
                .iter()
                .map(|name| (name == "nik" || name == "no_kk", sources(name)))
                .collect(),
            is_list: !pipeline.rows.closing_words.is_empty(),
            first_rows: true,
            closing: false,
            carried: Carried::default(),
        }
    }

    /// The fate of the next row. After [`Fate::Wait`] the row must be kept aside: see [`RowReader::waiting_rows_are_data`].
    pub fn fate(&mut self, row: &RawRow) -> Fate {
        if row.is_blank() {
            return Fate::Skip(Skip::Blank);
        }
        if self.repeats_header(row) {
            self.first_rows = true;
            self.closing = false;
            return Fate::Skip(Skip::RepeatedHeader);
        }
        if std::mem::take(&mut self.first_rows) && is_numbered(row) {
            return Fate::Skip(Skip::NumberedRow);
        }
        if !self.is_list {
            return Fate::Keep;
        }
        if let Some(carried) = self.sub_header(row) {
            self.carried = carried;
            self.closing = false;
            return Fate::Skip(Skip::SubHeader);
        }
        if self.is_closing(row) {
            self.closing = true;
            return Fate::Skip(Skip::Closing);
        }
        if self.closing && !self.is_surely_data(row) {
            return Fate::Wait;
        }
        self.closing = false;
        self.data_fate(row)
    }

    /// The fate of a row that waited, once a row of data has followed: it stood between blocks of data.
    pub fn data_fate(&self, row: &RawRow) -> Fate {
        let identified =
            self.identifying.is_empty() || self.identifying.iter().any(|(_, columns)| any_filled(row, columns));
        if identified { Fate::Keep } else { Fate::Unidentified }
    }

    /// Did the last row end the waiting, so that the rows kept aside are data?
    pub fn waiting_rows_are_data(&self) -> bool {
        !self.closing
    }

    fn repeats_header(&self, row: &RawRow) -> bool {
        let headings = &self.header.headings;
        let Some(first) = headings.iter().position(|heading| !heading.key.is_empty()) else {
            return false;
        };
        let same = |column: usize| has_header_key(row.cell(column), &headings[column].key);
        if row.cell(first).len() > 4 * headings[first].text.len() + 16 || !same(first) {
            return false;
        }
        let named = headings
            .iter()
            .enumerate()
            .filter(|(_, heading)| !heading.key.is_empty());
        let (mut total, mut matching) = (0, 0);
        for (column, _) in named {
            total += 1;
            matching += usize::from(same(column));
        }
        matching >= 2 && matching * 2 > total
    }

    /// A line above the header that names its kecamatan holds for the rows below it, as a sub-header would.
    pub fn read_title(&mut self, row: &RawRow) {
        if self.is_list
            && let Some(carried) = self.place_words(row)
        {
            self.carried = carried;
        }
    }

    /// A sub-header names a kecamatan or desa by that word, or is the name of a kecamatan alone in its row.
    fn sub_header(&self, row: &RawRow) -> Option<Carried> {
        self.place_words(row).or_else(|| self.bare_name(row))
    }

    /// `KECAMATAN PANGGUL`, `A. KEC. : PANGGUL (25 KPM)`, `Kecamatan : Panggul | Desa : Nglebeng`, in up to four cells.
    fn place_words(&self, row: &RawRow) -> Option<Carried> {
        const MOST_CELLS: usize = 4;
        let mut filled = row.iter().map(str::trim).filter(|cell| !cell.is_empty());
        if filled.clone().nth(MOST_CELLS).is_some() {
            return None;
        }
        let long_number = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count() >= 10;
        if filled.clone().any(long_number) {
            return None;
        }
        let cells: Vec<&str> = filled.by_ref().collect();
        let text = cells.join(" ").to_uppercase();
        let words: Vec<&str> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let words = match words.as_slice() {
            [first, rest @ ..] if is_enumerator(first) && !rest.is_empty() => rest,
            words => words,
        };
        let kecamatan = named_after(words, &["KECAMATAN", "KEC"]);
        let desa = named_after(words, &["DESA", "DS", "KELURAHAN", "KEL"]);
        match (words.first().copied(), kecamatan, desa) {
            (Some("KECAMATAN" | "KEC"), Some(kecamatan), desa) => Some(Carried {
                kecamatan,
                desa: desa.unwrap_or_default(),
            }),
            (Some("DESA" | "DS" | "KELURAHAN" | "KEL"), kecamatan, Some(desa)) => Some(Carried {
                kecamatan: kecamatan.unwrap_or_else(|| self.carried.kecamatan.clone()),
                desa,
            }),
            _ => None,
        }
    }

    /// The name of a kecamatan, alone or behind `A.` or `1`.
    fn bare_name(&self, row: &RawRow) -> Option<Carried> {
        let mut cells = row.iter().map(str::trim).filter(|cell| !cell.is_empty());
        let (first, second, third) = (cells.next()?, cells.next(), cells.next());
        let text = match (second, third) {
            (None, _) => without_enumerator(first),
            // A running number and a name may be a person; a letter is none.
            (Some(second), None) if is_enumerator(first) && !first.starts_with(|sign: char| sign.is_ascii_digit()) => {
                second
            }
            _ => return None,
        };
        let kecamatan = self.wilayah.kecamatan_by_name(text)?;
        Some(Carried {
            kecamatan: kecamatan.nama.clone(),
            desa: String::new(),
        })
    }

    /// A row without NIK and KK whose text begins with a closing word (ruling 63).
    fn is_closing(&self, row: &RawRow) -> bool {
        let first = row
            .iter()
            .map(str::trim)
            .find(|cell| !cell.is_empty())
            .unwrap_or_default();
        let nama = self
            .nama
            .iter()
            .map(|column| row.cell(*column).trim())
            .find(|cell| !cell.is_empty());
        let begins = |text: &str| begins_with_any(text, &self.pipeline.rows.closing_words);
        (begins(first) || nama.is_some_and(begins)) && !self.has_number(row)
    }

    fn has_number(&self, row: &RawRow) -> bool {
        let judged = |identity, columns: &[usize]| {
            columns.iter().any(|column| {
                judge(identity, row.cell(*column), row.kind(*column), None, self.wilayah)
                    .number
                    .is_some()
            })
        };
        judged(Identity::Nik, &self.nik) || judged(Identity::Kk, &self.no_kk)
    }

    /// After a closing word a row is data again if it has a number that joins, or a name beside most of a number.
    fn is_surely_data(&self, row: &RawRow) -> bool {
        let digits = |column: &usize| row.cell(*column).bytes().filter(u8::is_ascii_digit).count();
        let most_of_a_number = self.nik.iter().chain(&self.no_kk).any(|column| digits(column) >= 10);
        (most_of_a_number && any_filled(row, &self.nama)) || self.has_number(row)
    }
}

/// The sheet columns that feed the pipeline column of this name.
pub(super) fn sources_of(pipeline: &Pipeline, header: &Header, name: &str) -> Vec<usize> {
    header
        .mapping
        .columns
        .iter()
        .find(|(column, _)| pipeline.columns.get(*column).is_some_and(|spec| spec.name == name))
        .map_or_else(Vec::new, |(_, sources)| sources.clone())
}

fn any_filled(row: &RawRow, columns: &[usize]) -> bool {
    columns.iter().any(|column| filled(row.cell(*column)).is_some())
}

/// `1 2 3 …` or `(1) (2) (3) …`: every filled cell is the next whole number.
fn is_numbered(row: &RawRow) -> bool {
    let mut next = None;
    let mut count = 0;
    for cell in row.iter().map(str::trim).filter(|cell| !cell.is_empty()) {
        let inner = cell.trim_start_matches(['(', '[']).trim_end_matches([')', ']', '.']);
        let Ok(number) = inner.parse::<u32>() else {
            return false;
        };
        if number > 2_000 || next.is_some_and(|next| next != number) || (next.is_none() && number > 2) {
            return false;
        }
        next = Some(number + 1);
        count += 1;
    }
    count >= 3
}

/// The words behind one of these, up to the next word that begins something else.
fn named_after(words: &[&str], after: &[&str]) -> Option<String> {
    const ENDS: [&str; 12] = [
        "KECAMATAN",
        "KEC",
        "DESA",
        "DS",
        "KELURAHAN",
        "KEL",
        "KABUPATEN",
        "KAB",
        "PROVINSI",
        "JUMLAH",
        "TOTAL",
        "KPM",
    ];
    let start = words.iter().position(|word| after.contains(word))? + 1;
    let name: Vec<&str> = words[start..]
        .iter()
        .take_while(|word| !ENDS.contains(word) && !word.bytes().any(|byte| byte.is_ascii_digit()))
        .copied()
        .collect();
    (!name.is_empty()).then(|| clean_place_name(&name.join(" ")))
}

fn is_enumerator(cell: &str) -> bool {
    let core = cell.trim_end_matches(['.', ')', ' ']);
    let numeral = |text: &str| text.chars().all(|letter| "IVX".contains(letter));
    (1..=5).contains(&core.len())
        && (core.len() == 1 && core.chars().all(char::is_alphabetic)
            || core.bytes().all(|byte| byte.is_ascii_digit())
            || numeral(core))
}

/// `A. KECAMATAN PANGGUL` without its `A.`.
fn without_enumerator(text: &str) -> &str {
    match text.split_once(['.', ')']) {
        Some((before, rest)) if is_enumerator(before.trim()) => rest.trim(),
        _ => text,
    }
}

/// Does the text begin with one of these words, as a word?
fn begins_with_any(text: &str, words: &[String]) -> bool {
    let text = text.trim_start_matches(['*', '-', '(', ' ']);
    let ends = |word: &str, rest: &str| word.starts_with('#') || !rest.starts_with(char::is_alphabetic);
    if text.is_ascii() {
        let upper = |word: &str, head: &str| head.bytes().map(|letter| letter.to_ascii_uppercase()).eq(word.bytes());
        return words.iter().any(|word| {
            text.split_at_checked(word.len())
                .is_some_and(|(head, rest)| upper(word, head) && ends(word, rest))
        });
    }
    let text = text.to_uppercase();
    words
        .iter()
        .any(|word| text.strip_prefix(word.as_str()).is_some_and(|rest| ends(word, rest)))
}

/// Place cells that a vertical merge covers get the value of its first row (ruling 63).
#[derive(Debug, Default)]
pub struct MergedPlaces {
    /// By sheet column: the rows that a merge covers, and where its value stands.
    ranges: BTreeMap<usize, Vec<(u64, u64)>>,
    values: BTreeMap<usize, (u64, String)>,
}

impl MergedPlaces {
    /// The vertical merges over these sheet columns.
    pub fn new(merges: &[Merge], columns: &[usize]) -> Self {
        let mut ranges: BTreeMap<usize, Vec<(u64, u64)>> = BTreeMap::new();
        for merge in merges.iter().filter(|merge| merge.last_row > merge.first_row) {
            for column in columns
                .iter()
                .filter(|column| (merge.first_col..=merge.last_col).contains(column))
            {
                ranges
                    .entry(*column)
                    .or_default()
                    .push((merge.first_row, merge.last_row));
            }
        }
        Self {
            ranges,
            values: BTreeMap::new(),
        }
    }

    /// Remembers the values of merges that begin in this row, whatever becomes of the row itself.
    pub fn observe(&mut self, row: &RawRow) {
        for (column, ranges) in &self.ranges {
            if ranges.iter().any(|(first, _)| *first == row.line) {
                self.values.insert(*column, (row.line, row.cell(*column).to_owned()));
            }
        }
    }

    /// The value of a place cell: its own, or that of the merge that covers it.
    pub fn value<'s>(&'s self, column: usize, row: &'s RawRow) -> &'s str {
        let own = row.cell(column);
        let Some(ranges) = self.ranges.get(&column) else {
            return own;
        };
        let Some((first, _)) = ranges.iter().find(|(first, last)| (*first..=*last).contains(&row.line)) else {
            return own;
        };
        match self.values.get(&column) {
            Some((start, value)) if start == first && own.trim().is_empty() => value,
            _ => own,
        }
    }
}
