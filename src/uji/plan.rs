//! The queries of `sql/tests`: a header of comments, then one SELECT of the rows that fail.

use crate::bundle::Bundle;
use crate::warehouse::{TestLevel, WarehouseError};

/// A query that returns the rows that fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryTest {
    /// The name of its file.
    pub name: String,
    /// How grave it is.
    pub level: TestLevel,
    /// Rows that may fail.
    pub allowed: i64,
    /// What must hold, in Indonesian.
    pub description: String,
    /// The SELECT.
    pub sql: String,
}

/// The queries of a bundle, by name.
pub(super) fn query_tests(bundle: &Bundle) -> Result<Vec<QueryTest>, WarehouseError> {
    let texts = bundle.sql.iter().filter_map(|(path, text)| {
        let name = path.strip_prefix("tests/")?.strip_suffix(".sql")?;
        Some((name, text))
    });
    texts.map(|(name, text)| parse(name, text)).collect()
}

/// Says whether the headers of all queries can be read, before a run has done its work.
///
/// # Errors
/// [`WarehouseError::Model`] with the query whose header cannot be read.
pub fn check_queries(bundle: &Bundle) -> Result<(), WarehouseError> {
    query_tests(bundle).map(drop)
}

fn parse(name: &str, text: &str) -> Result<QueryTest, WarehouseError> {
    let problem = |problem: String| WarehouseError::Model {
        model: format!("tests/{name}"),
        problem,
    };
    let mut test = QueryTest {
        name: name.to_owned(),
        level: TestLevel::Galat,
        allowed: 0,
        description: String::new(),
        sql: text.trim().trim_end_matches(';').to_owned(),
    };
    let header = text
        .trim_start()
        .lines()
        .map_while(|line| line.trim().strip_prefix("--"));
    for line in header.map(str::trim) {
        match line.split_once(':').map(|(key, value)| (key, value.trim())) {
            Some(("tingkat", "galat")) => test.level = TestLevel::Galat,
            Some(("tingkat", "peringatan")) => test.level = TestLevel::Peringatan,
            Some(("tingkat", other)) => {
                return Err(problem(format!("`tingkat: {other}`; write galat or peringatan")));
            }
            Some(("maks", value)) => {
                test.allowed = value
                    .parse()
                    .map_err(|_| problem(format!("`maks: {value}` is no number of rows")))?;
            }
            _ => {
                if !test.description.is_empty() {
                    test.description.push(' ');
                }
                test.description.push_str(line);
            }
        }
    }
    if test.description.is_empty() {
        return Err(problem("begins with no comment that says what must hold".to_owned()));
    }
    Ok(test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_level_and_meaning() {
        let test = parse(
            "a",
            "-- Tidak ada desa kosong\n-- tingkat: peringatan\n-- maks: 3\nSELECT 1;\n",
        )
        .unwrap();
        assert_eq!((test.level, test.allowed), (TestLevel::Peringatan, 3));
        assert_eq!(test.description, "Tidak ada desa kosong");
        assert!(test.sql.ends_with("SELECT 1"));
        assert!(parse("a", "SELECT 1").is_err());
        assert!(
            parse("a", "-- x\n-- tingkat: parah\nSELECT 1")
                .unwrap_err()
                .to_string()
                .contains("parah")
        );
    }

    #[test]
    fn what_is_built_in_can_be_read() {
        assert!(query_tests(&Bundle::load(None).unwrap()).unwrap().len() >= 5);
    }
}
