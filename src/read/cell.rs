//! The text of a workbook's cell: numbers without exponents, dates as dates.

use std::fmt::Write as _;

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime, ExcelDateTimeType};
use chrono::{Days, NaiveDate, NaiveDateTime};

use super::Kind;

/// Serial day 0 of the 1904 system counted in the 1900 system.
const DAYS_TO_1904: f64 = 1_462.0;
/// The last serial of a date: 9999-12-31.
const LAST_SERIAL: f64 = 2_958_465.999_994;
const SECONDS_A_DAY: i64 = 86_400;

/// Writes the text of a cell behind `text` and says what the cell was.
pub(super) fn write_ref(value: &DataRef<'_>, text: &mut String) -> Kind {
    match value {
        DataRef::Empty => Kind::Empty,
        DataRef::String(value) => write_text(value, text),
        DataRef::SharedString(value) => write_text(value, text),
        DataRef::Int(value) => write_int(*value, text),
        DataRef::Float(value) => write_number(*value, text),
        DataRef::Bool(value) => write_bool(*value, text),
        DataRef::Error(value) => write_error(value, text),
        DataRef::DateTime(value) => write_datetime(value, text),
        DataRef::DateTimeIso(value) => write_iso_date(value, text),
        DataRef::DurationIso(value) => write_iso_duration(value, text),
    }
}

/// The same for the owned values that .xls gives.
pub(super) fn write_data(value: &Data, text: &mut String) -> Kind {
    match value {
        Data::Empty => Kind::Empty,
        Data::String(value) => write_text(value, text),
        Data::Int(value) => write_int(*value, text),
        Data::Float(value) => write_number(*value, text),
        Data::Bool(value) => write_bool(*value, text),
        Data::Error(value) => write_error(value, text),
        Data::DateTime(value) => write_datetime(value, text),
        Data::DateTimeIso(value) => write_iso_date(value, text),
        Data::DurationIso(value) => write_iso_duration(value, text),
    }
}

pub(super) fn write_text(value: &str, text: &mut String) -> Kind {
    if value.is_empty() {
        return Kind::Empty;
    }
    text.push_str(value);
    Kind::Text
}

fn write_int(value: i64, text: &mut String) -> Kind {
    let _ = write!(text, "{value}");
    #[expect(clippy::cast_precision_loss, reason = "the text carries the exact value")]
    Kind::Number(value as f64)
}

/// `Display` of a float never writes an exponent and no `.0`, also above 2^53.
pub(super) fn write_number(value: f64, text: &mut String) -> Kind {
    if !value.is_finite() {
        let _ = write!(text, "{value}");
        return Kind::Text;
    }
    let value = if value == 0.0 { 0.0 } else { value };
    let _ = write!(text, "{value}");
    Kind::Number(value)
}

pub(super) fn write_bool(value: bool, text: &mut String) -> Kind {
    text.push_str(if value { "TRUE" } else { "FALSE" });
    Kind::Bool
}

fn write_error(value: &CellErrorType, text: &mut String) -> Kind {
    let _ = write!(text, "{value}");
    Kind::Error
}

fn write_datetime(value: &ExcelDateTime, text: &mut String) -> Kind {
    let serial = value.as_f64();
    if !value.is_datetime() {
        return write_number(serial, text);
    }
    // The epoch is private in calamine, but equality looks at it.
    let is_1904 = *value == ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, true);
    let serial = if is_1904 { serial + DAYS_TO_1904 } else { serial };
    write_serial(serial, text)
}

/// A serial of the 1900 system as a date. A time of day alone, or what is no date, stays a number.
pub(super) fn write_serial(serial: f64, text: &mut String) -> Kind {
    if !(1.0..=LAST_SERIAL).contains(&serial) {
        return write_number(serial, text);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the serial is within 1 and 2,958,466")]
    let seconds = (serial * 86_400.0).round() as i64;
    let (days, rest) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
    // Excel believes in 29 February 1900, so its days before that are one off.
    let offset = u64::try_from(if days < 60 { days + 1 } else { days }).unwrap_or(0);
    let Some(date) = epoch().and_then(|epoch| epoch.checked_add_days(Days::new(offset))) else {
        return write_number(serial, text);
    };
    let _ = write!(text, "{}", date.format("%Y-%m-%d"));
    if rest != 0 {
        let _ = write!(text, " {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    }
    Kind::Date(serial)
}

fn epoch() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1899, 12, 30)
}

/// `2020-08-31` or `2020-08-31T10:00:00`, as .ods and strict .xlsx keep dates.
pub(super) fn write_iso_date(value: &str, text: &mut String) -> Kind {
    match iso_serial(value.trim_end_matches('Z')) {
        Some(serial) if serial >= 61.0 => write_serial(serial, text),
        Some(_) | None => write_text(value, text),
    }
}

fn iso_serial(value: &str) -> Option<f64> {
    let moment = NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M:%S%.f"))
        .ok()
        .or_else(|| NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))?;
    let since = moment - epoch()?.and_hms_opt(0, 0, 0)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count of milliseconds of some thousand years is exact"
    )]
    Some(since.num_milliseconds() as f64 / 86_400_000.0)
}

/// `PT07H30M00S` as the fraction of a day it is.
pub(super) fn write_iso_duration(value: &str, text: &mut String) -> Kind {
    match duration_in_days(value) {
        Some(days) => write_number(days, text),
        None => write_text(value, text),
    }
}

fn duration_in_days(value: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut number = String::new();
    for c in value.strip_prefix("PT")?.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            'H' | 'M' | 'S' => {
                let unit = if c == 'H' {
                    3600.0
                } else if c == 'M' {
                    60.0
                } else {
                    1.0
                };
                seconds += number.parse::<f64>().ok()? * unit;
                number.clear();
            }
            _ => return None,
        }
    }
    number.is_empty().then_some(seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> String {
        let mut text = String::new();
        write_number(value, &mut text);
        text
    }

    fn serial(value: f64) -> (String, Kind) {
        let mut text = String::new();
        let kind = write_serial(value, &mut text);
        (text, kind)
    }

    #[test]
    fn numbers_have_neither_exponent_nor_point_zero() {
        assert_eq!(number(3_171_012_345_678_901.0), "3171012345678901");
        assert_eq!(number(9_171_012_345_678_900.0), "9171012345678900");
        assert_eq!(number(1e21), "1000000000000000000000");
        assert_eq!(number(0.1), "0.1");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(-2.5), "-2.5");
        assert_eq!(number(200_000.0), "200000");
    }

    #[test]
    fn serials_are_dates() {
        assert_eq!(serial(44_197.0), ("2021-01-01".into(), Kind::Date(44_197.0)));
        assert_eq!(serial(44_197.5).0, "2021-01-01 12:00:00");
        assert_eq!(serial(1.0).0, "1900-01-01");
        assert_eq!(serial(59.0).0, "1900-02-28");
        assert_eq!(serial(61.0).0, "1900-03-01");
        assert_eq!(serial(44_196.999_999_9).0, "2021-01-01");
        assert_eq!(serial(2_958_465.0).0, "9999-12-31");
        assert_eq!(serial(0.5), ("0.5".into(), Kind::Number(0.5)));
        assert_eq!(serial(9e9).1, Kind::Number(9e9));
    }

    #[test]
    fn books_of_1904_count_from_there() {
        let mut text = String::new();
        let value = ExcelDateTime::new(42_735.0, ExcelDateTimeType::DateTime, true);
        assert_eq!(write_datetime(&value, &mut text), Kind::Date(44_197.0));
        assert_eq!(text, "2021-01-01");
        text.clear();
        let value = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(write_datetime(&value, &mut text), Kind::Number(1.5));
    }

    #[test]
    fn iso_dates_and_durations() {
        let mut text = String::new();
        assert_eq!(write_iso_date("2021-01-01T12:00:00", &mut text), Kind::Date(44_197.5));
        assert_eq!(text, "2021-01-01 12:00:00");
        text.clear();
        assert_eq!(write_iso_date("2021-01-01", &mut text), Kind::Date(44_197.0));
        text.clear();
        assert_eq!(write_iso_date("kemarin", &mut text), Kind::Text);
        text.clear();
        assert_eq!(write_iso_duration("PT12H00M00S", &mut text), Kind::Number(0.5));
    }
}
