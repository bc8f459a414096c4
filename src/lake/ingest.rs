//! Brings files into the lake: copy and hash, recognise, stage, and only then catalogue. A refused file leaves no trace.

use super::LakeError;
use super::assign::folders_of;
use super::catalogue::Catalogue;
use super::decision::Decision;
use super::deliver::{Delivery, PeriodeHints, PlannedPiece, deliver};
use super::entry::{Entry, OTHER, Piece, stored_name};
use super::koreksi::CORRECTION;
use super::lembar_koreksi::{is_correction, read_corrected};
use super::staged::{Staging, remove};
use super::together::Together;
use crate::failpoint;
use crate::files::{copy_hashed, make_folder, make_lasting_folder, rename, write_atomic};
use crate::pipeline::Pipelines;
use crate::stage::{Input, Refusal};
use crate::standardise::date::last_day;
use crate::stop;
use chrono::{DateTime, SecondsFormat, Utc};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// A file whose bytes are in the lake's waiting room, recognised.
struct Prepared {
    path: PathBuf,
    relative: String,
    folder: PathBuf,
    entry: Entry,
    delivery: Delivery,
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
    let mut report = IngestReport::default();
    let mut waiting = Vec::new();
    let copied = in_parallel(staging.config.threads(), files, |index, (path, relative)| {
        prepare(path, relative, index, told_periode, now, catalogue, pipelines, &staging)
    })?;
    for outcome in copied {
        match outcome {
            Ok(prepared) => waiting.push(*prepared),
            Err(arrival) => {
                progress(&arrival.path.to_string_lossy());
                report.arrivals.push(arrival);
            }
        }
    }
    let (mut waiting, twins) = drop_twins(waiting)?;
    let mut together = Together::read(staging.workspace);
    let brings_any = !waiting.is_empty();
    for prepared in &mut waiting {
        together.time(&mut prepared.entry);
    }
    let is_dtks = |prepared: &Prepared| {
        let first = prepared.delivery.pieces.first();
        first
            .and_then(|planned| pipelines.get(&planned.piece.sumber))
            .is_some_and(crate::pipeline::Pipeline::is_dtks)
    };
    let (dtks, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_dtks);
    // The dates of lists end with the latest periode. It is known by names before anything is staged, so that all is staged side by
    // side; only where a periode is refused in the end, the lists are staged for the one before.
    let expected = latest_of(&dtks, pipelines).max(catalogue.latest_periode(pipelines));
    let until = |periode: Option<&str>| Staging {
        until: periode.and_then(last_day).unwrap_or(staging.until),
        ..staging
    };
    let mut refused = stage_all(&[&dtks, &others], pipelines, &until(expected.as_deref()), progress)?;
    let refused_others = refused.split_off(&(1, 0, 0));
    store_all(dtks, &refused, &staging, catalogue, &mut together, &mut report)?;
    let latest = catalogue.latest_periode(pipelines);
    let refused_others = if latest == expected {
        refused_others
    } else {
        stage_all(&[&[], &others], pipelines, &until(latest.as_deref()), &|_| {})?
    };
    store_all(others, &refused_others, &staging, catalogue, &mut together, &mut report)?;
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

#[expect(
    clippy::too_many_arguments,
    reason = "one call, and a struct for it would be read nowhere else"
)]
fn prepare(
    path: &Path,
    relative: &str,
    index: usize,
    told_periode: Option<&str>,
    now: DateTime<Utc>,
    catalogue: &Catalogue,
    pipelines: &Pipelines,
    staging: &Staging<'_>,
) -> Result<Result<Box<Prepared>, Arrival>, LakeError> {
    stop::check()?;
    let arrival = |outcome| Arrival {
        path: path.to_owned(),
        outcome,
    };
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let folder = staging
        .workspace
        .raw()
        .join(format!(".masuk-{}-{index}", std::process::id()));
    remove(&folder)?;
    make_folder(&folder)?;
    let copy = folder.join(stored_name(&name));
    failpoint::step("lake.copying");
    let before = state_of(path);
    let (sha256, size) = match copy_hashed(path, &copy) {
        Ok(copied) => copied,
        Err(error) if error.path == path && error.source.kind() == std::io::ErrorKind::NotFound => {
            remove(&folder)?;
            return Ok(Err(arrival(Ingestion::Gone)));
        }
        Err(error) if error.path == path => {
            remove(&folder)?;
            let refusal = Refusal::new("E0201", error.to_string()).hint("check that the file is there and may be read");
            return Ok(Err(arrival(Ingestion::Refused(refusal))));
        }
        Err(error) => return Err(error.into()),
    };
    failpoint::step("lake.copied");
    if state_of(path) != before {
        remove(&folder)?;
        let refusal = Refusal::new("E0214", "the file was changed while it was read")
            .hint("wait until it has arrived whole, then run again");
        return Ok(Err(arrival(Ingestion::Refused(refusal))));
    }
    if let Some(purged) = catalogue.purged(&sha256) {
        remove(&folder)?;
        return Ok(Err(arrival(Ingestion::Refused(purged_before(&purged)))));
    }
    let known = catalogue.by_hash(&sha256).filter(|entry| entry.sumber != OTHER);
    if let Some(entry) = known {
        remove(&folder)?;
        return Ok(Err(arrival(Ingestion::Known(entry.clone()))));
    }
    let parent = path
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    let hints = PeriodeHints {
        folder: parent.as_deref(),
        told: told_periode,
    };
    let whole = Input::file(&copy);
    let correction = is_correction(&whole, staging.limits);
    let delivery = if correction {
        // Every later run reads it again, so that one which cannot be read to its end must not come in.
        let whole = read_corrected(&copy).map_err(|error| Refusal::from(&error));
        whole.map(|_| Delivery {
            pieces: Vec::new(),
            notes: Vec::new(),
        })
    } else {
        deliver(whole, &name, hints, pipelines, staging.limits)
    };
    match delivery {
        Ok(delivery) => {
            let mut entry = describe(&name, relative, sha256, size, now, &delivery, pipelines);
            if correction {
                CORRECTION.clone_into(&mut entry.sumber);
            }
            Ok(Ok(Box::new(Prepared {
                path: path.to_owned(),
                relative: relative.to_owned(),
                folder,
                entry,
                delivery,
            })))
        }
        Err(refusal) if refusal.is_of_system() => Err(LakeError::Staging(Box::new(refusal))),
        Err(refusal) => {
            remove(&folder)?;
            Ok(Err(arrival(Ingestion::Refused(refusal))))
        }
    }
}

/// Bytes that were purged do not come back by themselves.
fn purged_before(decision: &Decision) -> Refusal {
    let id = decision.sha256.get(..12).unwrap_or(&decision.sha256);
    Refusal::new(
        "E0215",
        format!("these bytes were purged from the lake on {}: {}", decision.day(), decision.alasan),
    )
    .hint(format!(
        "if they may be kept again, type `bansos360 lake purge --entry {id} --batal --alasan \"...\"` and bring them once more"
    ))
}

/// What tells whether a file is still the one that was copied.
fn state_of(path: &Path) -> Option<(u64, std::time::SystemTime)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

fn describe(
    name: &str,
    relative: &str,
    sha256: String,
    size: u64,
    now: DateTime<Utc>,
    delivery: &Delivery,
    pipelines: &Pipelines,
) -> Entry {
    let pieces: Vec<Piece> = delivery.pieces.iter().map(|planned| planned.piece.clone()).collect();
    let (sumber, periode) = folders_of(&pieces, pipelines);
    Entry {
        sha256,
        nama: name.to_owned(),
        ukuran: size,
        sumber,
        periode,
        waktu_masuk: now.to_rfc3339_opts(SecondsFormat::Micros, true),
        jalur: relative.to_owned(),
        bagian: pieces,
        catatan: delivery.notes.clone(),
        path: PathBuf::new(),
        putusan: Vec::new(),
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
fn latest_of(dtks: &[Prepared], pipelines: &Pipelines) -> Option<String> {
    let pieces = dtks.iter().flat_map(|prepared| &prepared.delivery.pieces);
    let of_households = pieces.filter(|planned| {
        let pipeline = pipelines.get(&planned.piece.sumber);
        pipeline.is_some_and(|pipeline| pipeline.tables.iter().any(|table| table == "dtks_rt"))
    });
    of_households.filter_map(|planned| planned.piece.periode.clone()).max()
}

/// Refusals by group, delivery and piece.
type Refused = BTreeMap<(usize, usize, usize), Refusal>;

/// Stages the pieces of all deliveries side by side; what was refused.
fn stage_all(
    groups: &[&[Prepared]],
    pipelines: &Pipelines,
    staging: &Staging<'_>,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Refused, LakeError> {
    let mut jobs: Vec<((usize, usize, usize), &Prepared, &PlannedPiece)> = Vec::new();
    for (group, deliveries) in groups.iter().enumerate() {
        for (index, prepared) in deliveries.iter().enumerate() {
            let pieces = prepared.delivery.pieces.iter().enumerate();
            jobs.extend(pieces.map(|(position, planned)| ((group, index, position), prepared, planned)));
        }
    }
    // The large ones first, so that nobody waits long for the last.
    jobs.sort_by_cached_key(|(_, _, planned)| Reverse(planned.input.size()));
    let results = in_parallel(
        staging.config.threads(),
        &jobs,
        |_, (place, prepared, planned)| -> Result<_, LakeError> {
            let Some(pipeline) = pipelines.get(&planned.piece.sumber) else {
                return Ok(None);
            };
            let staged = staging.stage(
                &prepared.entry,
                &planned.piece,
                &planned.input,
                || Ok(planned.plan.clone()),
                pipeline,
            )?;
            progress(prepared.entry.piece_name(&planned.piece));
            Ok(staged.err().map(|refusal| (*place, refusal)))
        },
    )?;
    Ok(results.into_iter().flatten().collect())
}

/// Catalogues the deliveries of which no piece was refused.
fn store_all(
    group: Vec<Prepared>,
    refused: &Refused,
    staging: &Staging<'_>,
    catalogue: &mut Catalogue,
    together: &mut Together,
    report: &mut IngestReport,
) -> Result<(), LakeError> {
    for (index, prepared) in group.into_iter().enumerate() {
        let refusal = refused.iter().find(|((_, delivery, _), _)| *delivery == index);
        let outcome = match refusal {
            Some((_, refusal)) => {
                remove(&prepared.folder)?;
                Ingestion::Refused(refusal.clone())
            }
            None => {
                together.note()?;
                store(&prepared, staging, catalogue)?
            }
        };
        report.arrivals.push(Arrival {
            path: prepared.path,
            outcome,
        });
    }
    Ok(())
}

/// Gives a delivery its name in the lake.
fn store(prepared: &Prepared, staging: &Staging<'_>, catalogue: &mut Catalogue) -> Result<Ingestion, LakeError> {
    let mut entry = prepared.entry.clone();
    let is_other = entry.sumber == OTHER;
    if is_other && let Some(known) = catalogue.by_hash(&entry.sha256) {
        remove(&prepared.folder)?;
        return Ok(Ingestion::Known(known.clone()));
    }
    let unknown_before = catalogue.by_hash(&entry.sha256).filter(|known| known.sumber == OTHER);
    let unknown_folder = unknown_before.and_then(|known| known.path.parent()).map(Path::to_owned);
    let raw = staging.workspace.raw();
    let parent = staging.workspace.raw().join(&entry.sumber).join(&entry.periode);
    make_lasting_folder(&parent)?;
    let target = parent.join(entry.sha256.get(..12).unwrap_or(&entry.sha256));
    let text = serde_json::to_string_pretty(&entry).unwrap_or_default();
    write_atomic(&prepared.folder.join("entry.json"), text.as_bytes())?;
    remove(&target)?;
    rename(&prepared.folder, &target)?;
    failpoint::step("lake.named");
    // A pipeline knows now what none knew before: its bytes have moved.
    if let Some(folder) = unknown_folder {
        catalogue.remove(&folder);
        failpoint::step("lake.known_now");
        // A rehearsal leaves the lake as it is.
        if folder.starts_with(&raw) {
            remove(&folder)?;
        }
    }
    entry.path = target.join(stored_name(&entry.nama));
    catalogue.add(entry.clone());
    Ok(if is_other {
        Ingestion::Other(entry)
    } else {
        Ingestion::New(entry)
    })
}

/// Runs `work` over all items on up to `threads` threads; results in the order of the items, the first error ends it.
pub fn in_parallel<T: Sync, R: Send, E: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(usize, &T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<R, E>)>> = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(index, item);
                    let stop = result.is_err();
                    if let Ok(mut results) = results.lock() {
                        results.push((index, result));
                    }
                    if stop {
                        next.store(items.len(), Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
