//! Releases: who may read them, and which are kept.

use serde::{Deserialize, Serialize};

/// Releases. One goes only where none of `simpan`, `simpan_hari`, `tahan` keeps it; the current one and the one before it always stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RilisConfig {
    /// The group of the releases' files may read them.
    pub kelompok_baca: bool,
    /// The newest releases that are kept.
    pub simpan: usize,
    /// Days for which a release is kept, beside the newest ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simpan_hari: Option<u32>,
    /// Releases that are kept for good, by the beginning of their ids.
    pub tahan: Vec<String>,
}

impl Default for RilisConfig {
    fn default() -> Self {
        Self {
            kelompok_baca: false,
            simpan: 30,
            simpan_hari: None,
            tahan: Vec::new(),
        }
    }
}
