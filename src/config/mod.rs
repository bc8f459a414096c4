//! `bansos360.toml`: what a district may change. Everything has a default; the file is optional.

mod notify;
mod rilis;
mod zone;

pub use notify::{NotifyConfig, Occasion};
pub use rilis::RilisConfig;
pub use zone::Zone;

use crate::stage::Thresholds;
use crate::temuan::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A configuration that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not the TOML that is expected.
    #[error("`{path}`: {message}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        message: String,
    },
}

/// The configuration of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// BPS codes of the workspace's districts, four digits each (ruling 47).
    pub kabupaten: Vec<String>,
    /// How a run behaves.
    pub run: RunConfig,
    /// When a file of the inbox is taken.
    pub inbox: InboxConfig,
    /// Shares from which a file is refused.
    pub ambang: Thresholds,
    /// Thresholds of mart 7.
    pub segmentasi: Segmentasi,
    /// Levels of findings.
    pub temuan: TemuanConfig,
    /// Data tests.
    pub uji: UjiConfig,
    /// Releases.
    pub rilis: RilisConfig,
    /// Whom a run tells how it ended.
    pub notify: NotifyConfig,
    /// What the engine may use.
    pub mesin: Engine,
}

/// Levels of findings that differ from the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TemuanConfig {
    /// Level by rule.
    pub tingkat: BTreeMap<String, Level>,
    /// Findings are not looked for, so that `benches/findings.rs` can measure what they cost. No file and no option can
    /// ask for this: a release without findings would look like a clean one.
    #[serde(skip)]
    pub left_out_for_measuring: bool,
}

/// Data tests before a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UjiConfig {
    /// Share of a mart's rows that may be gone since the previous release.
    pub max_turun: f64,
    /// Days that the latest penetapan may be old; not judged where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_hari: Option<i64>,
    /// What a failing test does, by its id or its kind.
    pub tingkat: BTreeMap<String, UjiLevel>,
}

/// What a failing test does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UjiLevel {
    /// Keeps the release back.
    Galat,
    /// Is told.
    Peringatan,
    /// The test is left out.
    Mati,
}

impl Default for UjiConfig {
    fn default() -> Self {
        Self {
            max_turun: 0.2,
            max_hari: None,
            tingkat: BTreeMap::new(),
        }
    }
}

/// How a run behaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunConfig {
    /// What a refused file does to the run (ruling 31).
    pub bila_ditolak: OnRefusal,
    /// Which day today is, and how times are shown to people.
    pub zona_waktu: Zone,
    /// Where the figures of each run go for a monitoring system; relative to the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_file: Option<PathBuf>,
    /// Runs although others can read the workspace.
    pub izinkan_terbuka: bool,
}

/// When a file of the inbox is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboxConfig {
    /// Seconds for which a file must not have changed.
    pub tenang_detik: u64,
}

impl Default for InboxConfig {
    fn default() -> Self {
        Self { tenang_detik: 2 }
    }
}

/// What a refused file does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnRefusal {
    /// The run goes on with the others and publishes.
    Lanjut,
    /// The run publishes nothing.
    Berhenti,
}

/// Thresholds of mart 7: shares of all periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Segmentasi {
    /// `TINGGI` from here on.
    pub tinggi: f64,
    /// `SEDANG` from here on.
    pub sedang: f64,
}

/// What the engine may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Engine {
    /// Memory for DuckDB, as it writes it: at most, and never more than 80 % of the machine's.
    pub memori: String,
    /// Threads; 0 for all cores.
    pub benang: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kabupaten: vec!["3503".to_owned()],
            run: RunConfig::default(),
            inbox: InboxConfig::default(),
            ambang: Thresholds::default(),
            segmentasi: Segmentasi::default(),
            temuan: TemuanConfig::default(),
            uji: UjiConfig::default(),
            rilis: RilisConfig::default(),
            notify: NotifyConfig::default(),
            mesin: Engine::default(),
        }
    }
}

impl Default for RunConfig {
    fn default() -> Self {
        Self {
            bila_ditolak: OnRefusal::Lanjut,
            zona_waktu: Zone::default(),
            metrics_file: None,
            izinkan_terbuka: false,
        }
    }
}

impl Default for Segmentasi {
    fn default() -> Self {
        Self {
            tinggi: 0.8,
            sedang: 0.4,
        }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            memori: "2500MB".to_owned(),
            benang: 0,
        }
    }
}

impl Config {
    /// Reads `bansos360.toml` of a workspace; the defaults where there is none.
    ///
    /// # Errors
    /// [`ConfigError`] where the file is there and cannot be used.
    pub fn load(workspace: &Path) -> Result<Self, ConfigError> {
        let path = workspace.join("bansos360.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(ConfigError::Read { path, source }),
        };
        let parsed: Result<Self, String> = toml::from_str(&text).map_err(|error| error.to_string());
        let checked = parsed.and_then(|config| config.check().map(|()| config));
        checked.map_err(|message| ConfigError::Parse {
            path,
            message: message.trim_end().to_owned(),
        })
    }

    fn check(&self) -> Result<(), String> {
        let is_code = |code: &String| code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
        if self.kabupaten.is_empty() || !self.kabupaten.iter().all(is_code) {
            return Err("`kabupaten` is a list of BPS codes with four digits, as [\"3503\"]".to_owned());
        }
        if !(0.0..=1.0).contains(&self.segmentasi.sedang)
            || !(self.segmentasi.sedang..=1.0).contains(&self.segmentasi.tinggi)
        {
            return Err("`[segmentasi]`: 0 <= sedang <= tinggi <= 1".to_owned());
        }
        if self.inbox.tenang_detik > 3600 {
            return Err("`[inbox]`: `tenang_detik` is at most 3600".to_owned());
        }
        if !(0.0..=1.0).contains(&self.uji.max_turun) {
            return Err("`[uji]`: 0 <= max_turun <= 1".to_owned());
        }
        self.notify.check()
    }

    /// Threads to work with.
    pub fn threads(&self) -> usize {
        match self.mesin.benang {
            0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            threads => threads,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_the_default_and_a_wrong_one_names_its_line() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Config::load(folder.path()).unwrap(), Config::default());
        std::fs::write(
            folder.path().join("bansos360.toml"),
            "[run]\nbila_ditolak = \"mungkin\"\n",
        )
        .unwrap();
        let message = Config::load(folder.path()).unwrap_err().to_string();
        assert!(
            message.contains("line 2") && message.contains("bansos360.toml"),
            "{message}"
        );
        for wrong in [
            "kabupaten = [\"35\"]\n",
            "[run]\nzona_waktu = \"WIB\"\n",
            "[notify]\npada = [\"temuan\"]\n",
            "[notify]\ncommand = [\"\"]\n",
        ] {
            std::fs::write(folder.path().join("bansos360.toml"), wrong).unwrap();
            assert!(Config::load(folder.path()).is_err(), "{wrong}");
        }
    }
}
