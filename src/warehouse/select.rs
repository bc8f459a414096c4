//! `--select` and `--exclude`: names of models, `*` for any letters, `+` before for what it reads and after for what reads it.

use super::models::{Materialized, Model, Models};
use std::collections::BTreeSet;

/// Which models a run may build.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these; all where it is empty.
    pub select: Vec<String>,
    /// But not these.
    pub exclude: Vec<String>,
}

impl Selection {
    /// Does it name anything?
    pub fn is_all(&self) -> bool {
        self.select.is_empty() && self.exclude.is_empty()
    }

    /// The names of the models that are chosen.
    ///
    /// # Errors
    /// The pattern that fits no model.
    pub fn chosen(&self, models: &Models) -> Result<BTreeSet<String>, String> {
        let mut chosen = BTreeSet::new();
        if self.select.is_empty() {
            chosen.extend(models.ordered.iter().map(|model| model.name.clone()));
        }
        for pattern in &self.select {
            chosen.extend(expand(pattern, models)?);
        }
        for pattern in &self.exclude {
            for name in expand(pattern, models)? {
                chosen.remove(&name);
            }
        }
        Ok(chosen)
    }
}

fn expand(pattern: &str, models: &Models) -> Result<BTreeSet<String>, String> {
    let with_ancestors = pattern.starts_with('+');
    let with_descendants = pattern.ends_with('+');
    let name = pattern.trim_matches('+');
    let mut found: BTreeSet<String> = models
        .ordered
        .iter()
        .filter(|model| fits(name, model))
        .map(|model| model.name.clone())
        .collect();
    if found.is_empty() {
        return Err(pattern.to_owned());
    }
    let named = found.clone();
    if with_ancestors {
        // Backwards, each model comes after all that read it.
        let mut wanted = named.clone();
        for model in models.ordered.iter().rev() {
            if wanted.contains(&model.name) {
                wanted.extend(model.reads.iter().cloned());
            }
        }
        found.extend(wanted);
    }
    if with_descendants {
        let mut wanted = named;
        for model in &models.ordered {
            if model.reads.iter().any(|read| wanted.contains(read)) {
                wanted.insert(model.name.clone());
            }
        }
        found.extend(wanted);
    }
    Ok(found)
}

/// `mart_1` is short for `mart_1_kpm`; `*` stands for any letters; `mart` for all marts, and so on.
fn fits(pattern: &str, model: &Model) -> bool {
    let is_kind = match pattern {
        "marts" => model.materialized == Materialized::Mart,
        "warehouse" => matches!(
            model.materialized,
            Materialized::Table | Materialized::View | Materialized::Temp
        ),
        "temuan" => model.materialized == Materialized::Temuan,
        _ => false,
    };
    let is_number = pattern.strip_prefix("mart_").is_some_and(|number| {
        !number.is_empty()
            && number.bytes().all(|digit| digit.is_ascii_digit())
            && model.name.starts_with(&format!("{pattern}_"))
    });
    is_kind || is_number || matches_star(pattern, &model.name)
}

fn matches_star(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(tail) = name.strip_prefix(head) else {
        return false;
    };
    tail.char_indices()
        .map(|(at, _)| at)
        .chain([tail.len()])
        .any(|at| matches_star(rest, &tail[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;

    fn chosen(select: &[&str], exclude: &[&str]) -> Vec<String> {
        let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
        let texts = |patterns: &[&str]| patterns.iter().map(|text| (*text).to_owned()).collect();
        let selection = Selection {
            select: texts(select),
            exclude: texts(exclude),
        };
        selection.chosen(&models).unwrap().into_iter().collect()
    }

    #[test]
    fn a_plus_before_adds_what_is_read_and_one_after_what_reads() {
        assert_eq!(chosen(&["mart_3"], &[]), ["mart_3_perubahan_desil"]);
        let with_ancestors = chosen(&["+mart_3"], &[]);
        assert!(
            with_ancestors.contains(&"dtks_rt".to_owned()) && !with_ancestors.contains(&"bantuan_sosial".to_owned())
        );
        let with_descendants = chosen(&["usulan_daerah+"], &[]);
        assert!(with_descendants.contains(&"mart_4_usulan_penetapan".to_owned()));
        assert!(!with_descendants.contains(&"mart_5_individu".to_owned()));
    }

    #[test]
    fn what_is_excluded_goes_and_stars_fit_any_letters() {
        let marts = chosen(&["mart_*"], &["mart_5*"]);
        assert_eq!(marts.len(), 7);
        assert_eq!(chosen(&["marts"], &["mart_5"]), marts);
    }

    #[test]
    fn a_name_that_fits_nothing_is_told() {
        let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
        let selection = Selection {
            select: vec!["mart_9+".to_owned()],
            exclude: Vec::new(),
        };
        assert_eq!(selection.chosen(&models).unwrap_err(), "mart_9+");
    }
}
