//! Numbers as they are written in Indonesia, and the words of a profile in both its languages.

use super::report::{ColumnType, Extent, Frequent};
use super::sql::LONG;

/// `1.234.567,5`: two decimals, more where there is nothing else to see.
pub fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if size >= 100_000.0 || value.fract() == 0.0 => 0,
        _ if size >= 0.01 => 2,
        _ => 6,
    };
    let text = format!("{size:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut written = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            written.push('.');
        }
        written.push(digit);
    }
    if !fraction.is_empty() {
        written.push(',');
        written.push_str(fraction);
    }
    if value < 0.0 && written.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        written.insert(0, '-');
    }
    written
}

/// A count with thousands apart.
pub fn count(value: u64) -> String {
    number(value as f64)
}

/// A share as `12,5 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", number((share * 1000.0).round() / 10.0))
}

/// A number or a day.
pub fn extent(value: &Extent) -> String {
    match value {
        Extent::Number(value) => number(*value),
        Extent::Date(day) => day.clone(),
        Extent::Hidden => "…".to_owned(),
    }
}

/// A value, or its pattern in angle brackets.
pub fn frequent(value: &Frequent) -> String {
    match (&value.nilai, &value.pola) {
        (Some(value), _) => one_line(value),
        (None, Some(pattern)) => format!("⟨{}⟩", one_line(pattern)),
        (None, None) => String::new(),
    }
}

/// Text without line breaks and control signs, no longer than a cell of a report.
pub fn one_line(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() { ' ' } else { letter };
    let mut line: String = text.chars().take(40).map(clean).collect();
    if text.chars().nth(40).is_some() {
        line.push('…');
    }
    line
}

/// A length; the last one stands for all beyond.
pub fn length(length: u64) -> String {
    if length >= u64::from(LONG) {
        format!("{LONG}+")
    } else {
        length.to_string()
    }
}

/// A type in Indonesian.
pub fn tipe(tipe: ColumnType) -> &'static str {
    match tipe {
        ColumnType::Kosong => "kosong",
        ColumnType::Nomor16 => "nomor 16 angka",
        ColumnType::Kode => "kode angka",
        ColumnType::BilanganBulat => "bilangan bulat",
        ColumnType::Bilangan => "bilangan",
        ColumnType::Tanggal => "tanggal",
        ColumnType::YaTidak => "ya/tidak",
        ColumnType::Teks => "teks",
    }
}

/// A type in English.
pub fn kind(tipe: ColumnType) -> &'static str {
    match tipe {
        ColumnType::Kosong => "empty",
        ColumnType::Nomor16 => "16 digits",
        ColumnType::Kode => "code",
        ColumnType::BilanganBulat => "integer",
        ColumnType::Bilangan => "number",
        ColumnType::Tanggal => "date",
        ColumnType::YaTidak => "yes/no",
        ColumnType::Teks => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_the_indonesian_way() {
        for (value, text) in [
            (1_234_567.0, "1.234.567"),
            (-1234.5, "-1.234,5"),
            (0.126, "0,13"),
            (0.000_25, "0,00025"),
            (-0.001, "-0,001"),
            (0.0, "0"),
            (1e6 + 0.4, "1.000.000"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(percent(0.1234), "12,3 %");
    }
}
