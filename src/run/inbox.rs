//! The inbox: what is taken from it, what is left for the next run, and where refused files go.

use super::RunError;
use super::alasan;
use super::ending::now;
use super::record::ArrivalRecord;
use super::steps::Run;
use crate::config::OnRefusal;
use crate::failpoint;
use crate::files::{close_to_others, make_folder, rename, write_atomic};
use crate::lake::{Found, IngestReport, Ingestion, REASON, REFUSED, inbox_files};
use crate::stage::Refusal;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file that changed while it was copied: it has not arrived whole.
const CHANGED_WHILE_READ: &str = "E0214";

impl Run<'_> {
    /// The files of the inbox that are whole. One that was touched a moment ago is looked at twice; one that still grows is left
    /// for the next run, and told.
    pub(super) fn whole_files(&self) -> Result<Vec<Found>, RunError> {
        let files = inbox_files(self.workspace)?;
        let quiet = Duration::from_secs(self.project.config.inbox.tenang_detik);
        let now = SystemTime::now();
        let seen: Vec<Option<State>> = files.iter().map(|(path, _)| state_of(path)).collect();
        let is_quiet = |state: &Option<State>| {
            state.is_some_and(|(_, changed)| now.duration_since(changed).is_ok_and(|age| age >= quiet))
        };
        if seen.iter().all(is_quiet) {
            return Ok(files);
        }
        std::thread::sleep(quiet);
        let mut whole = Vec::new();
        for (file, before) in files.into_iter().zip(seen) {
            let after = state_of(&file.0);
            if is_quiet(&before) || (after.is_some() && after == before) {
                whole.push(file);
            } else if after.is_some() {
                self.left_for_next_run(&file.0);
            }
        }
        Ok(whole)
    }

    fn left_for_next_run(&self, path: &Path) {
        let record = ArrivalRecord {
            nama: name_of(path),
            hasil: "menunggu".to_owned(),
            sumber: None,
            penolakan: None,
            catatan: vec!["it is still being written; the next run takes it".to_owned()],
        };
        self.progress.arrived(&record);
        if let Ok(mut arrivals) = self.arrivals.lock() {
            arrivals.push(record);
        }
    }

    /// What the lake has is taken from the inbox, if it is still the file that was copied; what was refused goes to a folder of its
    /// own with the reason beside it. A file that cannot be moved is brought again next time.
    pub(super) fn empty_inbox(&self, files: &[Found], report: &IngestReport) {
        for (path, _) in files {
            let Some(arrival) = report.arrivals.iter().find(|arrival| arrival.path == *path) else {
                continue;
            };
            let moved = match &arrival.outcome {
                Ingestion::New(entry) | Ingestion::Known(entry) | Ingestion::Other(entry) => {
                    let unchanged =
                        fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink() || found.len() == entry.ukuran);
                    if unchanged {
                        failpoint::step("inbox.removing");
                        let removed = fs::remove_file(path).map_err(|error| error.to_string());
                        failpoint::step("inbox.removed");
                        removed
                    } else {
                        Ok(())
                    }
                }
                Ingestion::Gone => Ok(()),
                Ingestion::Refused(refusal) if refusal.code == CHANGED_WHILE_READ => Ok(()),
                Ingestion::Refused(refusal) => self.set_aside(path, refusal).map_err(|error| error.to_string()),
            };
            if let Err(error) = moved {
                tracing::warn!(run_id = self.run_id, %error, "A file cannot be taken from the inbox");
            }
        }
    }

    /// The reason comes before the file, so that a file never lies there without one. Where a refused file stops every run, it
    /// stays where it is: the run after this one must not go on without it.
    fn set_aside(&self, path: &Path, refusal: &Refusal) -> Result<(), RunError> {
        let stays = self.project.config.run.bila_ditolak == OnRefusal::Berhenti;
        let folder = self.workspace.inbox().join(REFUSED);
        make_folder(&folder)?;
        let name = name_of(path);
        let place = if stays {
            folder.join(&name)
        } else {
            free_place(&folder, &name)
        };
        let reason = place.with_file_name(format!("{}{REASON}", name_of(&place)));
        let when = self.project.config.run.zona_waktu.shown(&now());
        let words = alasan::text(&name, refusal, &when, stays);
        write_atomic(&reason, words.as_bytes())?;
        if !stays {
            rename(path, &place)?;
            // A file of another user keeps its rights; the folder is closed all the same.
            let _ = close_to_others(&place);
        }
        Ok(())
    }
}

/// Bytes, and the time of the last change.
type State = (u64, SystemTime);

fn state_of(path: &Path) -> Option<State> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()?))
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A name that no file has yet: `PKH.csv`, `PKH (2).csv`.
fn free_place(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let mut place = folder.join(name);
    let mut number = 2;
    while fs::symlink_metadata(&place).is_ok() {
        place = folder.join(format!("{stem} ({number}){ending}"));
        number += 1;
    }
    place
}
