//! Data tests: what must hold of the tables and marts of a release, declared in the sheets of the models or written as a
//! query that returns the rows that fail (`sql/tests`).

mod columns;
mod examples;
mod junit;
mod plan;
mod queries;
mod suite;

pub use junit::junit;
pub use plan::check_queries;
pub use suite::{Previous, Suite};

use crate::config::{UjiConfig, UjiLevel};
use crate::warehouse::TestLevel;
use serde::{Deserialize, Serialize};

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds.
    Lulus,
    /// It does not hold, and the release is published all the same.
    Peringatan,
    /// It does not hold, and the release is kept back.
    Galat,
    /// It was not judged: switched off, or there is nothing to judge by.
    Dilewati,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// Its id: `dtks_rt.id_dtks.not_null`, `mart_1_kpm.volume`, or the name of its query.
    pub uji: String,
    /// `not_null`, `unique`, `accepted_values`, `relationships`, `kunci_unik`, `row_count`, `volume`, `freshness`, `neraca`, `sql`.
    pub jenis: String,
    /// How grave it is where it fails.
    pub tingkat: TestLevel,
    /// What was measured: rows that fail, rows, a share, days.
    pub terukur: Option<f64>,
    /// What it was measured against.
    pub ambang: String,
    /// How it ended.
    pub hasil: Verdict,
    /// What a person should know beside the figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pesan: Option<String>,
    /// A few of the rows or values that fail, without what is personal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contoh: Vec<String>,
}

/// A test that has been measured and not judged.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub uji: String,
    pub jenis: &'static str,
    pub tingkat: TestLevel,
    /// `None` where there is nothing to judge by.
    pub terukur: Option<f64>,
    pub ambang: String,
    pub holds: bool,
    pub pesan: Option<String>,
    pub contoh: Vec<String>,
}

impl Measured {
    /// A test that counts rows that fail.
    pub fn failing_rows(uji: String, jenis: &'static str, tingkat: TestLevel, rows: i64) -> Self {
        Self {
            uji,
            jenis,
            tingkat,
            terukur: Some(rows as f64),
            ambang: "0".to_owned(),
            holds: rows <= 0,
            pesan: None,
            contoh: Vec::new(),
        }
    }

    /// The verdict, with the level that the workspace gives the test.
    pub fn judge(self, config: &UjiConfig) -> TestResult {
        let level = level_of(config, &self.uji, self.jenis);
        let tingkat = match level {
            Some(UjiLevel::Galat) => TestLevel::Galat,
            Some(UjiLevel::Peringatan) => TestLevel::Peringatan,
            Some(UjiLevel::Mati) | None => self.tingkat,
        };
        let hasil = if level == Some(UjiLevel::Mati) || self.terukur.is_none() {
            Verdict::Dilewati
        } else if self.holds {
            Verdict::Lulus
        } else if tingkat == TestLevel::Galat {
            Verdict::Galat
        } else {
            Verdict::Peringatan
        };
        TestResult {
            uji: self.uji,
            jenis: self.jenis.to_owned(),
            tingkat,
            terukur: self.terukur,
            ambang: self.ambang,
            hasil,
            pesan: self.pesan,
            contoh: self.contoh,
        }
    }
}

/// What the workspace says about a test, by its id or else its kind.
fn level_of(config: &UjiConfig, uji: &str, jenis: &str) -> Option<UjiLevel> {
    config.tingkat.get(uji).or_else(|| config.tingkat.get(jenis)).copied()
}

impl TestResult {
    /// What a person should know beside the figures: what was tested, and a few of the rows that fail.
    pub fn words(&self) -> String {
        let mut text = String::new();
        if let Some(words) = &self.pesan {
            text.push_str("; ");
            text.push_str(words);
        }
        if !self.contoh.is_empty() {
            text.push_str("; contoh: ");
            text.push_str(&self.contoh.join(", "));
        }
        text
    }

    /// Measured value against threshold, for people.
    pub fn figures(&self) -> String {
        let measured = self.terukur.map_or_else(|| "-".to_owned(), number);
        format!("{measured} ({})", self.ambang)
    }
}

/// A figure without decimals where it has none.
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

/// Is a test meant by one of these names: its id, its table, its column, its kind? All are where none is given.
pub fn is_selected(uji: &str, jenis: &str, names: &[String]) -> bool {
    let means = |name: &String| {
        *name == uji || name == jenis || uji.starts_with(&format!("{name}.")) || uji.split('.').any(|part| part == name)
    };
    names.is_empty() || names.iter().any(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_decides_what_a_failing_test_does() {
        let measured = || Measured::failing_rows("t.c.not_null".to_owned(), "not_null", TestLevel::Galat, 3);
        let mut config = UjiConfig::default();
        assert_eq!(measured().judge(&config).hasil, Verdict::Galat);
        config.tingkat.insert("not_null".to_owned(), UjiLevel::Peringatan);
        assert_eq!(measured().judge(&config).hasil, Verdict::Peringatan);
        config.tingkat.insert("t.c.not_null".to_owned(), UjiLevel::Mati);
        assert_eq!(measured().judge(&config).hasil, Verdict::Dilewati);
    }

    #[test]
    fn tests_are_selected_by_id_table_column_or_kind() {
        let selected = |name: &str| is_selected("dtks_rt.desil.not_null", "not_null", &[name.to_owned()]);
        assert!(selected("dtks_rt.desil.not_null") && selected("dtks_rt") && selected("desil") && selected("not_null"));
        assert!(selected("dtks_rt.desil") && !selected("dtks_r") && !selected("unique"));
        assert!(is_selected("x", "sql", &[]));
    }
}
