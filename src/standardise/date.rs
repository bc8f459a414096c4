//! Dates (identitas.md, "Dates"; rulings 11, 56).

use super::cells::{CellColumn, Notes};
use super::nik::two_digit_year;
use super::text::{clean_text, filled, nfkc};
use crate::read::Kind;
use crate::temuan::{Rule, mask_pattern, rules};
use chrono::{Datelike, Duration, NaiveDate};
use std::borrow::Cow;

/// What a date cell tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateCell {
    /// The date, where the cell has one that can be.
    pub date: Option<NaiveDate>,
    /// The place that stands in front of the date (`TRENGGALEK, 12-03-1985`).
    pub place: Option<String>,
    /// The rule that applies.
    pub doubt: Option<&'static Rule>,
}

impl DateCell {
    fn of(date: NaiveDate, until: NaiveDate) -> Self {
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN);
        // 1 January 1900 is what a spreadsheet shows for nothing (ruling 11).
        if date > first && date <= until {
            return Self {
                date: Some(date),
                ..Self::default()
            };
        }
        Self {
            doubt: Some(&rules::TANGGAL_DI_LUAR_RENTANG),
            ..Self::default()
        }
    }

    fn unreadable() -> Self {
        Self {
            doubt: Some(&rules::TANGGAL_TIDAK_TERBACA),
            ..Self::default()
        }
    }
}

/// Reads one date cell; `until` is the last day of the periode, after which no date counts.
pub fn read_date(cell: &str, kind: Kind, until: NaiveDate) -> DateCell {
    if let Kind::Date(serial) = kind {
        return from_serial(serial).map_or_else(DateCell::unreadable, |date| DateCell::of(date, until));
    }
    let Some(text) = filled(cell) else {
        return DateCell::default();
    };
    let normal = nfkc(text);
    let text = normal.trim_matches(['\'', '"', '`', '’', '‘', ' ']);
    let Some(first_digit) = text.find(|letter: char| letter.is_ascii_digit()) else {
        return if text.is_empty() {
            DateCell::default()
        } else {
            DateCell::unreadable()
        };
    };
    let (before, date_text) = text.split_at(first_digit);
    let mut told = read_date_text(date_text, until);
    let before = before.trim_matches(|letter: char| !letter.is_alphanumeric());
    if !before.is_empty() {
        told.place = clean_text(before).map(Cow::into_owned);
    }
    told
}

fn read_date_text(text: &str, until: NaiveDate) -> DateCell {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return read_digits(text, until);
    }
    match parse(without_time(text), until) {
        Some(date) => DateCell::of(date, until),
        None => DateCell::unreadable(),
    }
}

/// Digits alone: `YYYYMMDD`, or the serial number of a spreadsheet (five digits, noted).
fn read_digits(text: &str, until: NaiveDate) -> DateCell {
    match text.len() {
        8 => {
            ymd(&text[..4], &text[4..6], &text[6..]).map_or_else(DateCell::unreadable, |date| DateCell::of(date, until))
        }
        5 => {
            let serial = text.parse().ok().and_then(from_serial);
            let mut told = serial.map_or_else(DateCell::unreadable, |date| DateCell::of(date, until));
            if told.date.is_some() {
                told.doubt = Some(&rules::TANGGAL_DARI_NOMOR_SERI);
            }
            told
        }
        _ => DateCell::unreadable(),
    }
}

/// Excel's day number in the 1900 system, which believes in 29 February 1900.
fn from_serial(serial: f64) -> Option<NaiveDate> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i64;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, if days < 60 { 31 } else { 30 })?;
    epoch.checked_add_signed(Duration::days(days))
}

/// `1985-03-02 00:00:00.000` and `1985-03-02T00:00:00` lose their time.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let cut = text[..colon].rfind([' ', 'T', 't']).unwrap_or(0);
    text[..cut].trim_end()
}

/// Day first, or year first where the first part has four digits; never month first.
fn parse(text: &str, until: NaiveDate) -> Option<NaiveDate> {
    let is_separator = |letter: char| matches!(letter, '-' | '/' | '.' | ' ' | ',' | '\u{2013}');
    let mut parts = text.split(is_separator).filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return ymd(first, second, third);
    }
    let day = small_number(first)?;
    let month = small_number(second).or_else(|| month_by_name(second))?;
    match third.len() {
        4 => NaiveDate::from_ymd_opt(third.parse().ok()?, month, day),
        2 => two_digit_year(small_number(third)?, month, day, until),
        _ => None,
    }
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let month = small_number(month).or_else(|| month_by_name(month))?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, small_number(day)?)
}

fn small_number(text: &str) -> Option<u32> {
    ((1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Indonesian and English month names, long and short, with the spellings of ruling 11.
pub fn month_by_name(word: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["JANUARI", "JAN", "JANUARY"],
        &["FEBRUARI", "FEB", "FEBRUARY", "PEBRUARI", "PEB"],
        &["MARET", "MAR", "MARCH", "MRT"],
        &["APRIL", "APR"],
        &["MEI", "MAY"],
        &["JUNI", "JUN", "JUNE"],
        &["JULI", "JUL", "JULY"],
        &["AGUSTUS", "AGT", "AGUST", "AGS", "AGU", "AUGUST", "AUG"],
        &["SEPTEMBER", "SEP", "SEPT"],
        &["OKTOBER", "OKT", "OCTOBER", "OCT"],
        &["NOVEMBER", "NOV", "NOPEMBER", "NOP"],
        &["DESEMBER", "DES", "DECEMBER", "DEC"],
    ];
    let word = if word.is_ascii() {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_uppercase())
    };
    let is_word = |name: &&str| name.eq_ignore_ascii_case(&word);
    let index = NAMES.iter().position(|names| names.iter().any(is_word))?;
    u32::try_from(index + 1).ok()
}

/// The last day of a periode `YYYY-MM`.
pub fn last_day(periode: &str) -> Option<NaiveDate> {
    let (year, month) = periode.split_once('-')?;
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    first
        .checked_add_months(chrono::Months::new(1))?
        .pred_opt()
        .filter(|day| day.year() >= 1900)
}

/// A column of dates as it was read.
#[derive(Debug, Default)]
pub struct DateColumn {
    /// The dates.
    pub dates: Vec<Option<NaiveDate>>,
    /// Places that stand in front of a date, by row.
    pub places: Vec<(usize, String)>,
    doubts: Vec<(usize, &'static Rule)>,
}

impl DateColumn {
    /// Reads a column of dates; `until` is the last day of the periode, after which no date counts.
    pub fn read(cells: &CellColumn, until: NaiveDate) -> Self {
        let mut column = Self {
            dates: Vec::with_capacity(cells.len()),
            ..Self::default()
        };
        for (row, (cell, kind)) in cells.iter().enumerate() {
            let told = read_date(cell, kind, until);
            column.dates.push(told.date);
            column.places.extend(told.place.map(|place| (row, place)));
            column.doubts.extend(told.doubt.map(|rule| (row, rule)));
        }
        column
    }

    /// Notes the dates that are doubted.
    pub fn note_doubts(&self, cells: &CellColumn, notes: &mut Notes) {
        for (row, rule) in &self.doubts {
            notes.add(*row, rule, Some(mask_pattern(cells.get(*row).trim())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn until() -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 10, 31).unwrap()
    }

    fn read(cell: &str) -> Option<String> {
        read_date(cell, Kind::Text, until()).date.map(|date| date.to_string())
    }

    #[test]
    fn every_form_of_the_contract_is_read() {
        for cell in [
            "02-03-1985",
            "2/3/1985",
            "1985-03-02",
            "19850302",
            "2 Maret 1985",
            "02 MAR 85",
            "2 March 1985",
            "02.03.1985",
            "1985-03-02 00:00:00.000",
            "02/03/1985 07:30",
            "'02-03-1985",
            "1985-03-02T00:00:00",
            "TRENGGALEK, 02-03-1985",
            "02-Mar-1985",
            "31108",
            "02/03/85",
        ] {
            assert_eq!(read(cell).as_deref(), Some("1985-03-02"), "{cell}");
        }
        assert_eq!(read("17 Pebruari 2001").as_deref(), Some("2001-02-17"));
        assert_eq!(read("17 Nopember 2001").as_deref(), Some("2001-11-17"));
    }

    #[test]
    fn what_cannot_be_is_null() {
        for cell in ["", "-", "NULL"] {
            assert_eq!(read_date(cell, Kind::Text, until()), DateCell::default(), "{cell}");
        }
        for cell in [
            "00/00/0000",
            "1900-01-01",
            "01/01/1900",
            "3/14/1985",
            "31-02-1985",
            "01-11-2020",
            "1899-12-31",
            "0185-01-01",
            "TRENGGALEK",
            "1985",
            "02031985x",
        ] {
            let told = read_date(cell, Kind::Text, until());
            assert!(told.date.is_none() && told.doubt.is_some(), "{cell}");
        }
    }

    #[test]
    fn a_place_in_front_of_the_date_is_kept() {
        let told = read_date("Trenggalek, 12-03-1985", Kind::Text, until());
        assert_eq!(told.place.as_deref(), Some("TRENGGALEK"));
        assert_eq!(read_date("12-03-1985", Kind::Text, until()).place, None);
    }

    #[test]
    fn excel_dates_count_days_as_excel_does() {
        let date = |serial| {
            read_date("", Kind::Date(serial), until())
                .date
                .map(|date| date.to_string())
        };
        assert_eq!(date(31108.0).as_deref(), Some("1985-03-02"));
        assert_eq!(date(25708.5).as_deref(), Some("1970-05-20"));
        assert_eq!(date(0.5), None);
    }

    #[test]
    fn two_digit_years_end_with_the_periode() {
        assert_eq!(read("31/10/20").as_deref(), Some("2020-10-31"));
        assert_eq!(read("01/11/20").as_deref(), Some("1920-11-01"));
    }

    proptest! {
        #[test]
        fn any_day_is_read_back_in_every_form(days in 0i64..44_000) {
            let date = NaiveDate::from_ymd_opt(1900, 1, 2).unwrap() + Duration::days(days);
            prop_assume!(date <= until());
            for form in ["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%e %B %Y"] {
                let text = date.format(form).to_string();
                prop_assert_eq!(read_date(&text, Kind::Text, until()).date, Some(date), "{}", text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(cell in "\\PC{0,30}") {
            read_date(&cell, Kind::Text, until());
        }
    }
}
