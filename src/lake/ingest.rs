//! Brings files into the lake: copy and hash, recognise, stage, and only then catalogue. A refused file leaves no trace.

use super::LakeError;
use super::catalogue::Catalogue;
use super::copy::{Copied, Copying, name_of, synced_beside};
use super::entry::Entry;
use super::look::{Look, Prepared};
use super::side_by_side::in_parallel;
use super::stage_all::{Waiting, stage_all};
use super::staged::{Staging, remove};
use super::store::store_all;
use super::together::Together;
use crate::pipeline::Pipelines;
use crate::read::Format;
use crate::stage::{Refusal, is_named_dtks};
use chrono::Utc;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A file that was brought, and what became of it.
#[derive(Debug)]
pub struct Arrival {
    /// The file as it was named.
    pub path: PathBuf,
    /// What became of it.
    pub outcome: Ingestion,
}

/// What became of a file.
#[derive(Debug)]
pub enum Ingestion {
    /// New in the lake.
    New(Entry),
    /// The same bytes were there already.
    Known(Entry),
    /// No pipeline knows it; stored as `lain`.
    Other(Entry),
    /// It was listed and gone before it could be copied.
    Gone,
    /// Refused, and not stored.
    Refused(Refusal),
}

/// All files that were brought.
#[derive(Debug, Default)]
pub struct IngestReport {
    /// In the order of their paths.
    pub arrivals: Vec<Arrival>,
}

/// Brings files into the lake. DTKS is staged first, since the dates of lists end with its latest periode.
///
/// `progress` is told the name of each file that is done.
///
/// # Errors
/// [`LakeError`] where the lake itself cannot be read or written.
pub fn ingest(
    files: &[(PathBuf, String)],
    told_periode: Option<&str>,
    catalogue: &mut Catalogue,
    pipelines: &Pipelines,
    staging: Staging<'_>,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<IngestReport, LakeError> {
    // A run that was killed between the two has left them.
    for folder in catalogue.known_by_now() {
        catalogue.remove(&folder);
        // A rehearsal leaves the lake as it is.
        if folder.starts_with(staging.workspace.raw()) {
            remove(&folder)?;
        }
    }
    let now = catalogue.time_of_next(Utc::now());
    let look = Look {
        told_periode,
        now,
        pipelines,
        staging: &staging,
    };
    let mut report = IngestReport::default();
    let Brought {
        mut waiting,
        twins,
        expected,
    } = synced_beside(files, |copying| {
        copy_and_stage(files, catalogue, &look, copying, progress, &mut report)
    })?;
    let mut together = Together::read(staging.workspace);
    let brings_any = !waiting.is_empty();
    for waiting in &mut waiting {
        together.time(&mut waiting.prepared.entry);
    }
    let (dtks, mut others): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|waiting| waiting.prepared.is_dtks(pipelines));
    store_all(dtks, &staging, catalogue, &mut together, &mut report)?;
    let latest = catalogue.latest_periode(pipelines);
    if latest != expected {
        let prepared = others.into_iter().map(|waiting| waiting.prepared).collect();
        let until = look.until(latest.as_deref());
        others = stage_all(prepared, &[], &look, &until, &|_| {}, &mut report)?;
    }
    store_all(others, &staging, catalogue, &mut together, &mut report)?;
    together.end(brings_any, catalogue)?;
    for (path, sha256) in twins {
        let outcome = match catalogue.by_hash(&sha256) {
            Some(entry) => Ingestion::Known(entry.clone()),
            None => Ingestion::Refused(
                Refusal::new("E0201", "the same bytes came under another name and were refused there")
                    .hint("see what is said of the other file"),
            ),
        };
        report.arrivals.push(Arrival { path, outcome });
    }
    report.arrivals.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(report)
}

/// What has been brought, staged and not yet catalogued.
struct Brought {
    waiting: Vec<Waiting>,
    twins: Vec<Twin>,
    /// The periode with which the dates of lists end, as far as names tell it.
    expected: Option<String>,
}

fn copy_and_stage(
    files: &[(PathBuf, String)],
    catalogue: &Catalogue,
    look: &Look<'_>,
    copying: &Copying,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Brought, LakeError> {
    let come = copy_all(files, catalogue, look, copying, progress, report)?;
    let (prepared, twins) = drop_twins(come.prepared)?;
    // The dates of lists end with the latest periode. It is known by names before anything is staged, so that all is staged side by
    // side; only where a periode is refused in the end, or stands in a workbook, the lists are staged for the one that it is.
    let dtks = prepared.iter().filter(|prepared| prepared.is_dtks(look.pipelines));
    let expected = latest_of(dtks, look.pipelines).max(catalogue.latest_periode(look.pipelines));
    let until = look.until(expected.as_deref());
    Ok(Brought {
        waiting: stage_all(prepared, &come.workbooks, look, &until, progress, report)?,
        twins,
        expected,
    })
}

/// New files in the lake's waiting room.
struct Come {
    /// Recognised already.
    prepared: Vec<Prepared>,
    /// Lists that are workbooks, as far as names tell, and that nobody has opened yet: to look into one is to read all of its
    /// texts, so that it is staged in the same go.
    workbooks: Vec<Copied>,
}

/// Copies all files, and looks into those that are no workbooks. What needs nothing more is told.
fn copy_all(
    files: &[(PathBuf, String)],
    catalogue: &Catalogue,
    look: &Look<'_>,
    copying: &Copying,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Come, LakeError> {
    let threads = look.staging.config.threads();
    let copied = in_parallel(threads, files, |index, (path, relative)| {
        copying.copy(path, relative, index, catalogue, look.staging)
    })?;
    let mut come = Vec::new();
    for copied in copied {
        match copied {
            Ok(copied) => come.push(copied),
            Err(arrival) => report.tell(arrival, progress),
        }
    }
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for copied in &come {
        *times.entry(&copied.sha256).or_insert(0) += 1;
    }
    // Of the same bytes under two names that counts by which they are known: all of these are looked into before one is staged.
    let alone: Vec<bool> = come
        .iter()
        .map(|copied| times.get(copied.sha256.as_str()) == Some(&1))
        .collect();
    let mut alone = alone.into_iter();
    // And what DTKS may bring as a workbook (SIKS-NG): its periode ends the dates of all lists.
    let is_later = |copied: &Copied, alone: bool| {
        alone
            && !is_named_dtks(&name_of(&copied.path), look.pipelines)
            && copied.input().format().is_ok_and(Format::is_workbook)
    };
    let (workbooks, others): (Vec<_>, Vec<_>) = come
        .into_iter()
        .partition(|copied| is_later(copied, alone.next().unwrap_or_default()));
    let mut prepared = Vec::new();
    for outcome in in_parallel(threads, &others, |_, copied| look.into(copied))? {
        match outcome {
            Ok(found) => prepared.push(*found),
            Err(arrival) => report.tell(arrival, progress),
        }
    }
    Ok(Come { prepared, workbooks })
}

impl IngestReport {
    /// Of a file that is not staged.
    pub(super) fn tell(&mut self, arrival: Arrival, progress: &(dyn Fn(&str) + Sync)) {
        progress(&arrival.path.to_string_lossy());
        self.arrivals.push(arrival);
    }
}

/// Path and SHA-256 of a file whose bytes came under another name, too.
type Twin = (PathBuf, String);

/// The same bytes twice in one delivery are one entry: the first under whose name a pipeline knows them. The others are
/// told what became of it.
fn drop_twins(mut waiting: Vec<Prepared>) -> Result<(Vec<Prepared>, Vec<Twin>), LakeError> {
    waiting.sort_by_key(|prepared| (prepared.delivery.pieces.is_empty(), prepared.relative.clone()));
    let mut kept: Vec<Prepared> = Vec::new();
    let mut twins = Vec::new();
    for prepared in waiting {
        if kept.iter().any(|other| other.entry.sha256 == prepared.entry.sha256) {
            remove(&prepared.folder)?;
            twins.push((prepared.path, prepared.entry.sha256));
        } else {
            kept.push(prepared);
        }
    }
    kept.sort_by(|left, right| left.relative.cmp(&right.relative));
    Ok((kept, twins))
}

/// The latest periode of these deliveries of DTKS that has households.
fn latest_of<'p>(dtks: impl Iterator<Item = &'p Prepared>, pipelines: &Pipelines) -> Option<String> {
    let pieces = dtks.flat_map(|prepared| &prepared.delivery.pieces);
    let of_households = pieces.filter(|planned| {
        let pipeline = pipelines.get(&planned.piece.sumber);
        pipeline.is_some_and(|pipeline| pipeline.tables.iter().any(|table| table == "dtks_rt"))
    });
    of_households.filter_map(|planned| planned.piece.periode.clone()).max()
}
