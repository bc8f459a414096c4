//! Looks into a file in the waiting room: what it brings, under which entry.

use super::LakeError;
use super::assign::folders_of;
use super::copy::{Copied, name_of};
use super::deliver::{Delivery, PeriodeHints, deliver};
use super::entry::{Entry, Piece};
use super::ingest::{Arrival, Ingestion};
use super::koreksi::CORRECTION;
use super::lembar_koreksi::{is_correction, read_corrected};
use super::staged::{Staging, remove};
use crate::pipeline::{Pipeline, Pipelines};
use crate::stage::Refusal;
use crate::standardise::date::last_day;
use crate::stop;
use chrono::{DateTime, SecondsFormat, Utc};
use std::path::{Path, PathBuf};

/// A file in the lake's waiting room that has been recognised.
pub(super) struct Prepared {
    pub(super) path: PathBuf,
    pub(super) relative: String,
    pub(super) folder: PathBuf,
    pub(super) entry: Entry,
    pub(super) delivery: Delivery,
}

impl Prepared {
    pub(super) fn is_dtks(&self, pipelines: &Pipelines) -> bool {
        let first = self.delivery.pieces.first();
        first
            .and_then(|planned| pipelines.get(&planned.piece.sumber))
            .is_some_and(Pipeline::is_dtks)
    }
}

/// What is needed to look into a file.
pub(super) struct Look<'a> {
    pub(super) told_periode: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
    pub(super) pipelines: &'a Pipelines,
    pub(super) staging: &'a Staging<'a>,
}

impl<'a> Look<'a> {
    /// Staging for lists whose dates end with this periode.
    pub(super) fn until(&self, periode: Option<&str>) -> Staging<'a> {
        Staging {
            until: periode.and_then(last_day).unwrap_or(self.staging.until),
            ..*self.staging
        }
    }

    /// Recognises what a file brings; what became of it, where it is refused.
    pub(super) fn into(&self, copied: &Copied) -> Result<Result<Box<Prepared>, Arrival>, LakeError> {
        stop::check()?;
        let parent = copied
            .path
            .parent()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned());
        let hints = PeriodeHints {
            folder: parent.as_deref(),
            told: self.told_periode,
        };
        let (name, whole) = (name_of(&copied.path), copied.input());
        let correction = is_correction(&whole, self.staging.limits);
        let delivery = if correction {
            // Every later run reads it again, so that one which cannot be read to its end must not come in.
            let whole = read_corrected(&whole.path).map_err(|error| Refusal::from(&error));
            whole.map(|_| Delivery {
                pieces: Vec::new(),
                notes: Vec::new(),
            })
        } else {
            deliver(whole, &name, hints, self.pipelines, self.staging.limits)
        };
        match delivery {
            Ok(delivery) => {
                let mut entry = describe(&name, copied, self.now, &delivery, self.pipelines);
                if correction {
                    CORRECTION.clone_into(&mut entry.sumber);
                }
                Ok(Ok(Box::new(Prepared {
                    path: copied.path.clone(),
                    relative: copied.relative.clone(),
                    folder: copied.folder.clone(),
                    entry,
                    delivery,
                })))
            }
            Err(refusal) if refusal.is_of_system() => Err(LakeError::Staging(Box::new(refusal))),
            Err(refusal) => {
                remove(&copied.folder)?;
                Ok(Err(copied.arrival(Ingestion::Refused(refusal))))
            }
        }
    }
}

fn describe(name: &str, copied: &Copied, now: DateTime<Utc>, delivery: &Delivery, pipelines: &Pipelines) -> Entry {
    let pieces: Vec<Piece> = delivery.pieces.iter().map(|planned| planned.piece.clone()).collect();
    let (sumber, periode) = folders_of(&pieces, pipelines);
    Entry {
        sha256: copied.sha256.clone(),
        nama: name.to_owned(),
        ukuran: copied.size,
        sumber,
        periode,
        waktu_masuk: now.to_rfc3339_opts(SecondsFormat::Micros, true),
        jalur: copied.relative.clone(),
        bagian: pieces,
        catatan: delivery.notes.clone(),
        path: PathBuf::new(),
        putusan: Vec::new(),
    }
}
