//! Which files came together, while they are given their names in the lake.
//!
//! Parts of one DTKS delivery count together because they have one ingest time. A run that is killed between two of them leaves a note of
//! that time, so that the parts that come with the next run belong to the same delivery and do not replace it.

use super::LakeError;
use super::catalogue::Catalogue;
use super::entry::Entry;
use crate::failpoint;
use crate::files::{failed, write_atomic};
use crate::workspace::Workspace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Ingest times of files that are on their way into the lake.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Together {
    /// By SHA-256.
    waktu_masuk: BTreeMap<String, String>,
    #[serde(skip)]
    path: PathBuf,
    #[serde(skip)]
    noted: bool,
}

impl Together {
    /// What an ingest that did not end has left; nothing where none did.
    pub(super) fn read(workspace: &Workspace) -> Self {
        let path = workspace.raw().join(".bersama.json");
        let text = fs::read_to_string(&path).unwrap_or_default();
        Self {
            path,
            ..serde_json::from_str(&text).unwrap_or_default()
        }
    }

    /// Gives an entry the time of those that it came with at first.
    pub(super) fn time(&mut self, entry: &mut Entry) {
        let time = self.waktu_masuk.entry(entry.sha256.clone());
        entry
            .waktu_masuk
            .clone_from(time.or_insert_with(|| entry.waktu_masuk.clone()));
    }

    /// Notes the times before the first entry is stored. One file alone is whole or not there.
    pub(super) fn note(&mut self) -> Result<(), LakeError> {
        if self.waktu_masuk.len() > 1 && !self.noted {
            let text = serde_json::to_string(self).unwrap_or_default();
            write_atomic(&self.path, text.as_bytes())?;
            self.noted = true;
            failpoint::step("lake.together");
        }
        Ok(())
    }

    /// Forgets them once they are settled, or all stored: an ingest without any of them leaves the note to one that brings them.
    pub(super) fn end(self, settled: bool, catalogue: &Catalogue) -> Result<(), LakeError> {
        if !settled
            && self
                .waktu_masuk
                .keys()
                .any(|sha256| catalogue.by_hash(sha256).is_none())
        {
            return Ok(());
        }
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(failed("remove", &self.path)(error).into())
            }
            _ => Ok(()),
        }
    }
}
