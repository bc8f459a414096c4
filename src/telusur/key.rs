//! The key of a mart row as it is typed: the values of its grain in order, or `column=value`.

use crate::run::RunError;
use crate::warehouse::{Model, quote};

/// Which row is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MartKey {
    parts: Vec<(String, String)>,
}

impl MartKey {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`RunError::Usage`] where a column is unknown, or there are more values than the key has columns.
    pub fn parse(mart: &Model, typed: &[String]) -> Result<Self, RunError> {
        let mut parts = Vec::new();
        for (position, word) in typed.iter().enumerate() {
            let part = match word.split_once('=') {
                Some((column, value)) => {
                    if !mart.columns.iter().any(|known| known.name == column) {
                        return Err(RunError::Usage(format!(
                            "`{}` has no column `{column}`; its key is {}",
                            mart.name,
                            mart.key.join(", ")
                        )));
                    }
                    (column.to_owned(), value.to_owned())
                }
                None => {
                    let expression = mart.key.get(position).ok_or_else(|| {
                        RunError::Usage(format!(
                            "the key of `{}` has {} values: {}",
                            mart.name,
                            mart.key.len(),
                            mart.key.join(", ")
                        ))
                    })?;
                    (expression.clone(), word.clone())
                }
            };
            parts.push(part);
        }
        if parts.is_empty() {
            return Err(RunError::Usage(format!(
                "which row of `{}`? Give its key: {}",
                mart.name,
                mart.key.join(", ")
            )));
        }
        Ok(Self { parts })
    }

    /// The condition on the mart; an empty value means NULL.
    pub fn condition(&self) -> String {
        let conditions = self.parts.iter().map(|(expression, value)| {
            if value.is_empty() {
                format!("({expression}) IS NULL")
            } else {
                format!("CAST({expression} AS VARCHAR) = {}", quote(value))
            }
        });
        conditions.collect::<Vec<_>>().join(" AND ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::warehouse::Models;

    #[test]
    fn a_key_is_typed_in_order_or_by_name() {
        let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
        let mart = models
            .ordered
            .iter()
            .find(|model| model.name == "mart_2_perbandingan_dtks")
            .unwrap();
        let typed = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            MartKey::parse(mart, &words).map(|key| key.condition())
        };
        assert_eq!(
            typed(&["2020-10", "kode_desa="]).unwrap(),
            "CAST(periode AS VARCHAR) = '2020-10' AND (kode_desa) IS NULL"
        );
        assert!(typed(&["x' OR '1'='1"]).is_err(), "no column is named so");
        assert!(typed(&["a'b"]).unwrap().contains("'a''b'"));
        assert!(typed(&["a", "b", "c"]).is_err());
        assert!(typed(&[]).is_err());
    }
}
