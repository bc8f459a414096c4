//! Every rule in one place: its id, its level, what it means, why it matters and what the office should do. The findings,
//! `docs/findings.md`, the table `ref_aturan_temuan` and the reports are all made from here.

use super::{rules_cells, rules_tables};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Good to know; counted per file and column.
    Info,
    /// A person should look at the row.
    Peringatan,
    /// The row or file cannot be used as it is.
    Galat,
}

impl Level {
    /// The level as it stands in `kualitas_temuan.tingkat`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Peringatan => "PERINGATAN",
            Self::Galat => "GALAT",
        }
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// NIK and KK numbers.
    Identitas,
    /// Other cells of a row.
    Isi,
    /// Codes and names of places.
    Wilayah,
    /// Whole rows, sheets and files.
    Berkas,
    /// Rows of DTKS against each other.
    Dtks,
    /// Lists and proposals, against each other and against DTKS.
    Daftar,
}

impl Group {
    /// All groups, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Identitas,
        Self::Isi,
        Self::Wilayah,
        Self::Berkas,
        Self::Dtks,
        Self::Daftar,
    ];

    /// Its name in `ref_aturan_temuan.kelompok`, and as a heading.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identitas => "NIK dan nomor KK",
            Self::Isi => "Isi sel lain",
            Self::Wilayah => "Wilayah",
            Self::Berkas => "Baris, lembar dan berkas",
            Self::Dtks => "DTKS, beberapa baris",
            Self::Daftar => "Daftar penerima dan usulan, beberapa baris",
        }
    }
}

/// A rule of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable id, `kualitas_temuan.aturan`.
    pub id: &'static str,
    /// Its level, unless the workspace changes it.
    pub level: Level,
    /// What it looks at.
    pub group: Group,
    /// What it means, in Indonesian; `kualitas_temuan.pesan` where the finding says nothing more exact.
    pub pesan: &'static str,
    /// Why it matters, in Indonesian.
    pub mengapa: &'static str,
    /// What the office should do, in Indonesian.
    pub tindakan: &'static str,
}

/// Makes a static for each rule and the list of all of them.
macro_rules! catalogue {
    ($($id:ident $level:ident $group:ident $pesan:literal $mengapa:literal $tindakan:literal;)*) => {
        $(
            #[doc = $pesan]
            pub static $id: Rule = Rule {
                id: stringify!($id),
                level: Level::$level,
                group: Group::$group,
                pesan: $pesan,
                mengapa: $mengapa,
                tindakan: $tindakan,
            };
        )*
        /// The rules of this file, in their order.
        pub static ALL: &[&Rule] = &[$(&$id),*];
    };
}
pub(super) use catalogue;

/// All rules, in the order of the catalogue.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules_cells::ALL.iter().chain(rules_tables::ALL).copied()
}

/// The rule of this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    all_rules().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_spelt_like_the_contract() {
        let mut seen = std::collections::HashSet::new();
        for rule in all_rules() {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase()));
        }
    }

    #[test]
    fn every_rule_says_what_why_and_what_to_do() {
        for rule in all_rules() {
            for words in [rule.pesan, rule.mengapa, rule.tindakan] {
                assert!(
                    words.len() > 10 && !words.ends_with('.') && !words.contains('|'),
                    "{}: {words}",
                    rule.id
                );
            }
        }
    }
}
