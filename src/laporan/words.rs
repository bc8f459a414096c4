//! Numbers and days as they are written in Indonesia.

use crate::config::Zone;

/// A number with thousands apart: `1.234.567`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A share with one decimal: `12,5 %`; a dash where there is nothing to take a share of.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    format!("{:.1} %", part as f64 * 100.0 / whole as f64).replace('.', ",")
}

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

fn month_name(number: &str) -> Option<&'static str> {
    MONTHS.get(number.parse::<usize>().ok()?.checked_sub(1)?).copied()
}

/// `2020-10` as `Oktober 2020`; other text as it is.
pub fn month(periode: &str) -> String {
    let named = periode
        .split_once('-')
        .filter(|(year, month)| year.len() == 4 && month.len() == 2);
    named
        .and_then(|(year, month)| Some(format!("{} {year}", month_name(month)?)))
        .unwrap_or_else(|| periode.to_owned())
}

/// `2026-11-21T22:50:00Z` as `22 November 2026 pukul 05.50 WIB`; other text as it is.
pub fn when(time: &str, zone: Zone) -> String {
    let shown = || {
        let (local, name) = zone.local(time)?;
        let month = month_name(&local.format("%m").to_string())?;
        Some(local.format(&format!("%-d {month} %Y pukul %H.%M {name}")).to_string())
    };
    shown().unwrap_or_else(|| time.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_indonesian() {
        assert_eq!(thousands(-1_234_567), "-1.234.567");
        assert_eq!(percent(1, 8), "12,5 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(month("2020-10"), "Oktober 2020");
        assert_eq!(month("tahap 8"), "tahap 8");
        assert_eq!(
            when("2026-11-04T22:50:01Z", Zone::default()),
            "5 November 2026 pukul 05.50 WIB"
        );
    }
}
