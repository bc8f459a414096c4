//! Going back: `current` points to an earlier release again, and the nightly run does not bring the bad one back by itself.

use super::ending::{now, write_json};
use super::record::{Outcome, RunRecord};
use super::releases::{Releases, check_whole, katalog_of};
use super::run_id::next_run_id;
use super::steps::Run;
use super::{RunError, clean_up, release};
use crate::config::Config;
use crate::files::{FileError, failed};
use crate::lake::Correction;
use crate::mart::Katalog;
use crate::warehouse::SourceFile;
use crate::workspace::Workspace;
use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Instant;

/// A switch of `current` that a person has asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollback {
    /// The release that was current.
    pub dari: String,
    /// The one that is now.
    pub ke: String,
    /// When, UTC.
    pub waktu: String,
    /// The account that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oleh: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alasan: Option<String>,
    /// Fingerprint of the inputs of the release that was current: a run that would make it again leaves it.
    #[serde(default)]
    pub masukan: String,
}

impl Rollback {
    fn reason(&self) -> String {
        format!(
            "unchanged: release {} with the same inputs was rolled back on {}; `bansos360 run --full` publishes it again",
            self.dari, self.waktu
        )
    }
}

/// What stands in `.mundur.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Notes {
    mundur: Vec<Rollback>,
}

/// Points `current` to another release, by default the one before it. The record of this stands among those of runs.
///
/// # Errors
/// [`RunError`] where another run holds the workspace, no such release is there, or it is not whole: then nothing has changed.
pub fn rollback(
    workspace: &Workspace,
    config: &Config,
    to: Option<&str>,
    reason: Option<&str>,
) -> Result<RunRecord, RunError> {
    let (begun, clock) = (Utc::now(), Instant::now());
    let lock = workspace.lock("rollback")?;
    let run_id = next_run_id(workspace, begun);
    lock.rename(&format!("rollback {run_id}"))?;
    clean_up(workspace)?;
    let releases = Releases::read(workspace);
    let target = releases.named(to.unwrap_or("previous"))?;
    let current = releases.named("current")?;
    if target == current {
        return Err(RunError::Usage(format!("release `{target}` is current already")));
    }
    let found = check_whole(workspace, config, target)?;
    let left = katalog_of(workspace, current).ok();
    refuse_purged(&found, left.as_ref())?;
    let done = Rollback {
        dari: current.to_owned(),
        ke: target.to_owned(),
        waktu: now(),
        oleh: account(),
        alasan: reason.map(str::to_owned),
        // A release that has lost its catalogue is a good reason to leave it.
        masukan: left.map_or_else(String::new, |katalog| katalog.masukan),
    };
    // Noted first: a run between the two would publish the bad release again.
    let mut notes = read_notes(workspace)?;
    notes
        .mundur
        .retain(|note| note.masukan != found.masukan && note.masukan != done.masukan);
    if target < current && done.masukan != found.masukan && !done.masukan.is_empty() {
        notes.mundur.push(done.clone());
    }
    write_json(&notes_path(workspace), &notes)?;
    workspace.share_release(&workspace.releases().join(target), config.rilis.kelompok_baca)?;
    release::switch(workspace, target)?;
    let mut record = RunRecord::empty(&run_id, begun.to_rfc3339_opts(SecondsFormat::Secs, true));
    record.hasil = Outcome::RolledBack;
    record.sebab = Some(format!("from {current} to {target}"));
    record.rilis = Some(target.to_owned());
    record.sidik = found.sidik;
    record.mundur = Some(done);
    record.selesai = now();
    record.detik = clock.elapsed().as_secs_f64();
    write_json(&workspace.runs().join(format!("{run_id}.json")), &record)?;
    Ok(record)
}

/// What was purged between the two would come back with the earlier one.
fn refuse_purged(target: &Katalog, current: Option<&Katalog>) -> Result<(), RunError> {
    let is_older = current.is_some_and(|current| target.run_id < current.run_id && target.terhapus != current.terhapus);
    if !is_older {
        return Ok(());
    }
    Err(RunError::Usage(format!(
        "release `{}` was made before something was purged from the lake, and would bring it back; take the wrong file out with \
         `bansos360 lake retract`, or bring the right one, and run again",
        target.run_id
    )))
}

/// The release with these inputs that somebody has rolled back from.
///
/// # Errors
/// [`FileError`] where the note cannot be read: publishing without it could bring a bad release back.
pub fn rolled_back(workspace: &Workspace, inputs: &str) -> Result<Option<Rollback>, FileError> {
    let notes = read_notes(workspace)?.mundur;
    Ok(notes.into_iter().find(|note| note.masukan == inputs))
}

/// Forgets that a release was rolled back from: it has been published again because somebody asked for it.
pub(super) fn forget(workspace: &Workspace, inputs: &str) -> Result<(), RunError> {
    let mut notes = read_notes(workspace)?;
    let before = notes.mundur.len();
    notes.mundur.retain(|note| note.masukan != inputs);
    if notes.mundur.len() < before {
        write_json(&notes_path(workspace), &notes)?;
    }
    Ok(())
}

/// Releases that somebody has rolled back from.
///
/// # Errors
/// [`FileError`] where the note cannot be read.
pub fn left_behind(workspace: &Workspace) -> Result<Vec<String>, FileError> {
    let notes = read_notes(workspace)?.mundur;
    Ok(notes.into_iter().map(|note| note.dari).collect())
}

impl Run<'_> {
    /// Would this run only bring back what somebody has rolled back from? Then why, in words.
    pub(super) fn brings_back(
        &self,
        files: &[SourceFile],
        corrections: &[Correction],
        purged: &str,
    ) -> Result<Option<String>, RunError> {
        if self.options.full || !self.options.selection.is_all() {
            return Ok(None);
        }
        let note = rolled_back(self.workspace, &self.inputs_hash(files, corrections, purged))?;
        Ok(note.map(|note| note.reason()))
    }
}

fn notes_path(workspace: &Workspace) -> PathBuf {
    workspace.root().join(".mundur.json")
}

fn read_notes(workspace: &Workspace) -> Result<Notes, FileError> {
    let path = notes_path(workspace);
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| failed("read", &path)(error.into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Notes::default()),
        Err(error) => Err(failed("read", &path)(error)),
    }
}

/// Who sits at the keyboard, as the system calls them.
fn account() -> Option<String> {
    ["SUDO_USER", "USER", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}
