//! The rules as a workspace has them: with the levels that it has changed and the rules of its own models.

use super::catalogue::{Level, all_rules, rule};
use std::collections::BTreeMap;

/// A row of `ref_aturan_temuan`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRule {
    /// `kualitas_temuan.aturan`.
    pub id: String,
    /// What it looks at.
    pub kelompok: String,
    /// Its level in this workspace.
    pub tingkat: Level,
    /// What it means.
    pub arti: String,
    /// Why it matters.
    pub mengapa: String,
    /// What to do.
    pub tindakan: String,
}

/// The built-in rules, and one for each model of findings that is not among them: its id is the model's name in capitals,
/// its meaning the description of its sheet. `Err` is the id of a changed level that is no rule.
///
/// # Errors
/// The first id of `levels` that is no rule.
pub fn workspace_rules<'m>(
    levels: &BTreeMap<String, Level>,
    models: impl Iterator<Item = (&'m str, &'m str)>,
) -> Result<Vec<WorkspaceRule>, String> {
    let mut rules: Vec<WorkspaceRule> = all_rules()
        .map(|rule| WorkspaceRule {
            id: rule.id.to_owned(),
            kelompok: rule.group.as_str().to_owned(),
            tingkat: rule.level,
            arti: rule.pesan.to_owned(),
            mengapa: rule.mengapa.to_owned(),
            tindakan: rule.tindakan.to_owned(),
        })
        .collect();
    rules.extend(
        models
            .map(|(name, description)| (name.to_uppercase(), description))
            .filter(|(id, _)| rule(id).is_none())
            .map(|(id, description)| WorkspaceRule {
                id,
                kelompok: "Aturan sendiri".to_owned(),
                tingkat: Level::Peringatan,
                arti: description.to_owned(),
                mengapa: String::new(),
                tindakan: String::new(),
            }),
    );
    for (id, level) in levels {
        match rules.iter_mut().find(|rule| rule.id == *id) {
            Some(rule) => rule.tingkat = *level,
            None => return Err(id.clone()),
        }
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_changed_and_own_models_join() {
        let levels = BTreeMap::from([("KRT_GANDA".to_owned(), Level::Info)]);
        let models = [("krt_ganda", "x"), ("desa_kosong", "Desa tanpa penerima")];
        let rules = workspace_rules(&levels, models.into_iter()).unwrap();
        assert_eq!(rules.len(), all_rules().count() + 1);
        let level = |id: &str| rules.iter().find(|rule| rule.id == id).map(|rule| rule.tingkat);
        assert_eq!(level("KRT_GANDA"), Some(Level::Info));
        assert_eq!(level("DESA_KOSONG"), Some(Level::Peringatan));
        let wrong = BTreeMap::from([("KRT_GANDAA".to_owned(), Level::Info)]);
        assert_eq!(
            workspace_rules(&wrong, std::iter::empty()),
            Err("KRT_GANDAA".to_owned())
        );
    }
}
