//! Findings: what a rule saw in the data that a person should know (`kualitas_temuan`), and the catalogue of the rules.

mod catalogue;
mod levels;
mod mask;
mod rules_cells;
mod rules_tables;

/// The rules by name.
pub mod rules {
    pub use super::rules_cells::*;
}

pub use catalogue::{Group, Level, Rule, all_rules, rule};
pub use levels::{WorkspaceRule, workspace_rules};
pub use mask::{mask_name, mask_nik, mask_pattern};

use std::collections::BTreeMap;

/// One finding, as it stands in `kualitas_temuan`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Sheet of the workbook; empty for text files.
    pub lembar: String,
    /// Line as a person counts it in the file; `None` for a finding about a whole file or column.
    pub nomor_baris: Option<u64>,
    /// Warehouse column.
    pub kolom: String,
    /// The rule.
    pub rule: &'static Rule,
    /// The value, masked where the column is personal.
    pub nilai: Option<String>,
    /// What is the matter, in Indonesian; the rule's own words where `None`.
    pub pesan: Option<String>,
    /// How many rows it stands for.
    pub jumlah: u64,
}

/// The findings of one file. Those of level INFO are counted per file, column and rule (ruling 68).
#[derive(Debug, Default)]
pub struct Findings {
    single: Vec<Finding>,
    counted: BTreeMap<(String, String, &'static str), (&'static Rule, u64)>,
}

impl Findings {
    /// Adds a finding about a row.
    pub fn row(&mut self, lembar: &str, nomor_baris: u64, kolom: &str, rule: &'static Rule, nilai: Option<String>) {
        if rule.level == Level::Info {
            self.count("", kolom, rule, 1);
            return;
        }
        self.single.push(Finding {
            lembar: lembar.to_owned(),
            nomor_baris: Some(nomor_baris),
            kolom: kolom.to_owned(),
            rule,
            nilai,
            pesan: None,
            jumlah: 1,
        });
    }

    /// Counts rows under a rule of level INFO.
    pub fn count(&mut self, lembar: &str, kolom: &str, rule: &'static Rule, rows: u64) {
        let key = (lembar.to_owned(), kolom.to_owned(), rule.id);
        self.counted.entry(key).or_insert((rule, 0)).1 += rows;
    }

    /// Adds a finding about a whole file, sheet or column.
    pub fn file(&mut self, lembar: &str, kolom: &str, rule: &'static Rule, pesan: String) {
        self.single.push(Finding {
            lembar: lembar.to_owned(),
            nomor_baris: None,
            kolom: kolom.to_owned(),
            rule,
            nilai: None,
            pesan: Some(pesan),
            jumlah: 1,
        });
    }

    /// All findings: those about rows in the order of the file, then the counted ones.
    pub fn into_vec(self) -> Vec<Finding> {
        let mut all = self.single;
        all.extend(
            self.counted
                .into_iter()
                .map(|((lembar, kolom, _), (rule, jumlah))| Finding {
                    lembar,
                    nomor_baris: None,
                    kolom,
                    rule,
                    nilai: None,
                    pesan: None,
                    jumlah,
                }),
        );
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_is_counted_and_warnings_stand_alone() {
        let mut findings = Findings::default();
        findings.row("", 2, "nik", &rules::NIK_KOSONG, None);
        findings.row("", 3, "nik", &rules::NIK_KOSONG, None);
        findings.row("", 4, "nik", &rules::NIK_PANJANG_SALAH, Some("123***".to_owned()));
        let all = findings.into_vec();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].nomor_baris, Some(4));
        assert_eq!((all[1].rule.id, all[1].jumlah), ("NIK_KOSONG", 2));
    }
}
