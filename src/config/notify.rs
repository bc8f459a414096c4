//! Whom a run tells how it ended.

use crate::temuan::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A command that is given the record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    /// The program and its arguments; no shell reads them. Nobody is told where it is empty.
    pub command: Vec<String>,
    /// When it is called.
    pub pada: Vec<Occasion>,
    /// Findings of a new release, by level, from which `temuan` calls it.
    pub ambang_temuan: BTreeMap<Level, i64>,
    /// Seconds after which it is ended.
    pub batas_detik: u64,
}

/// When somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// The run ended with another exit code than 0.
    Gagal,
    /// The run ended with exit code 0.
    Berhasil,
    /// A release was published whose findings reach a threshold.
    Temuan,
}

impl Occasion {
    /// As it is written in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gagal => "gagal",
            Self::Berhasil => "berhasil",
            Self::Temuan => "temuan",
        }
    }
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self {
            command: Vec::new(),
            pada: vec![Occasion::Gagal],
            ambang_temuan: BTreeMap::new(),
            batas_detik: 30,
        }
    }
}

impl NotifyConfig {
    /// What cannot be, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.command.first().is_some_and(|program| program.trim().is_empty()) {
            return Err(
                "`[notify]`: `command` begins with the program, as [\"/usr/local/bin/kirim\", \"dinsos\"]".to_owned(),
            );
        }
        if self.pada.contains(&Occasion::Temuan) && self.ambang_temuan.is_empty() {
            return Err(
                "`[notify]`: `pada` has \"temuan\", so say from how many: `ambang_temuan = { GALAT = 100 }`".to_owned(),
            );
        }
        if self.batas_detik == 0 {
            return Err("`[notify]`: `batas_detik` is at least 1".to_owned());
        }
        Ok(())
    }
}
