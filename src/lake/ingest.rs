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
use crate::files::{Copy, copy_hashed, make_folder, make_lasting_folder, rename, write_atomic};
use crate::pipeline::{Pipeline, Pipelines};
use crate::read::Format;
use crate::stage::{Input, Refusal, is_named_dtks};
use crate::standardise::date::last_day;
use crate::stop;
use chrono::{DateTime, SecondsFormat, Utc};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};

/// So many copies may wait for being synced; who makes one more waits, too.
const MOST_UNSYNCED: usize = 32;

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

/// A file whose bytes are in the lake's waiting room.
struct Copied {
    path: PathBuf,
    relative: String,
    folder: PathBuf,
    sha256: String,
    size: u64,
}

/// The same, recognised.
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
    } = bring(files, catalogue, &look, progress, &mut report)?;
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

/// Copies and stages all files, while one more thread waits for the disk: the copies last before any of them gets its name.
fn bring(
    files: &[(PathBuf, String)],
    catalogue: &Catalogue,
    look: &Look<'_>,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Brought, LakeError> {
    std::thread::scope(|scope| {
        // Each is an open file, and there may be only so many.
        let (copied, to_sync) = mpsc::sync_channel::<Copy>(MOST_UNSYNCED);
        let syncing = scope.spawn(move || to_sync.iter().try_for_each(|copy| copy.sync()));
        let brought = copy_and_stage(files, catalogue, look, &copied, progress, report);
        drop(copied);
        let synced = syncing.join();
        let synced = synced.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        brought.and_then(|brought| Ok(synced.map(|()| brought)?))
    })
}

fn copy_and_stage(
    files: &[(PathBuf, String)],
    catalogue: &Catalogue,
    look: &Look<'_>,
    copied: &mpsc::SyncSender<Copy>,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Brought, LakeError> {
    let come = copy_all(files, catalogue, look, copied, progress, report)?;
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

impl Prepared {
    fn is_dtks(&self, pipelines: &Pipelines) -> bool {
        let first = self.delivery.pieces.first();
        first
            .and_then(|planned| pipelines.get(&planned.piece.sumber))
            .is_some_and(Pipeline::is_dtks)
    }
}

/// New files in the lake's waiting room.
struct Come {
    /// Recognised already.
    prepared: Vec<Prepared>,
    /// Lists that are workbooks, as far as names tell, and that nobody has opened yet: to look into one is to read all of its texts, so that it is staged in the same go.
    workbooks: Vec<Copied>,
}

/// Copies all files, and looks into those that are no workbooks. What needs nothing more is told.
fn copy_all(
    files: &[(PathBuf, String)],
    catalogue: &Catalogue,
    look: &Look<'_>,
    to_sync: &mpsc::SyncSender<Copy>,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Come, LakeError> {
    let threads = look.staging.config.threads();
    let copied = in_parallel(threads, files, |index, (path, relative)| {
        let copied = copy(path, relative, index, catalogue, look.staging)?;
        Ok::<_, LakeError>(copied.map(|(copied, copy)| {
            // Who syncs ends early only with an error, which is told when it has ended.
            let _ = to_sync.send(copy);
            copied
        }))
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
    fn tell(&mut self, arrival: Arrival, progress: &(dyn Fn(&str) + Sync)) {
        progress(&arrival.path.to_string_lossy());
        self.arrivals.push(arrival);
    }
}

impl Copied {
    fn input(&self) -> Input {
        Input::file(&self.folder.join(stored_name(&name_of(&self.path))))
    }

    fn arrival(&self, outcome: Ingestion) -> Arrival {
        Arrival {
            path: self.path.clone(),
            outcome,
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Copies a file into the lake's waiting room; what became of it, where it is not new.
fn copy(
    path: &Path,
    relative: &str,
    index: usize,
    catalogue: &Catalogue,
    staging: &Staging<'_>,
) -> Result<Result<(Copied, Copy), Arrival>, LakeError> {
    stop::check()?;
    let arrival = |outcome| Arrival {
        path: path.to_owned(),
        outcome,
    };
    let folder = staging
        .workspace
        .raw()
        .join(format!(".masuk-{}-{index}", std::process::id()));
    remove(&folder)?;
    make_folder(&folder)?;
    let copy = folder.join(stored_name(&name_of(path)));
    failpoint::step("lake.copying");
    let before = state_of(path);
    let copy = match copy_hashed(path, &copy) {
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
    let sha256 = copy.sha256.clone();
    if let Some(purged) = catalogue.purged(&sha256) {
        remove(&folder)?;
        return Ok(Err(arrival(Ingestion::Refused(purged_before(&purged)))));
    }
    let known = catalogue.by_hash(&sha256).filter(|entry| entry.sumber != OTHER);
    if let Some(entry) = known {
        remove(&folder)?;
        return Ok(Err(arrival(Ingestion::Known(entry.clone()))));
    }
    let copied = Copied {
        path: path.to_owned(),
        relative: relative.to_owned(),
        folder,
        sha256,
        size: copy.size,
    };
    Ok(Ok((copied, copy)))
}

/// What is needed to look into a file.
struct Look<'a> {
    told_periode: Option<&'a str>,
    now: DateTime<Utc>,
    pipelines: &'a Pipelines,
    staging: &'a Staging<'a>,
}

impl<'a> Look<'a> {
    /// Staging for lists whose dates end with this periode.
    fn until(&self, periode: Option<&str>) -> Staging<'a> {
        Staging {
            until: periode.and_then(last_day).unwrap_or(self.staging.until),
            ..*self.staging
        }
    }

    /// Recognises what a file brings; what became of it, where it is refused.
    fn into(&self, copied: &Copied) -> Result<Result<Box<Prepared>, Arrival>, LakeError> {
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

/// A delivery that has been staged, with the first of its pieces that was refused.
struct Waiting {
    prepared: Prepared,
    refusal: Option<Refusal>,
}

/// Something that one thread does in one go.
enum Job<'j> {
    /// Stages a piece of a delivery; their numbers.
    Stage((usize, usize), &'j Prepared, &'j PlannedPiece),
    /// Looks into a workbook, and stages what it brings.
    LookAndStage(&'j Copied),
}

/// What came of it.
enum Done {
    Staged((usize, usize), Option<Refusal>),
    Looked(Box<Result<Waiting, Arrival>>),
}

/// Stages all deliveries side by side; they come in the order of their names. A workbook that is refused is told.
fn stage_all(
    prepared: Vec<Prepared>,
    workbooks: &[Copied],
    look: &Look<'_>,
    staging: &Staging<'_>,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Vec<Waiting>, LakeError> {
    let mut jobs: Vec<(u64, Job<'_>)> = Vec::new();
    for (number, prepared) in prepared.iter().enumerate() {
        let pieces = prepared.delivery.pieces.iter().enumerate();
        jobs.extend(pieces.map(|(position, planned)| {
            let job = Job::Stage((number, position), prepared, planned);
            (planned.input.size(), job)
        }));
    }
    jobs.extend(
        workbooks
            .iter()
            .map(|copied| (copied.input().size(), Job::LookAndStage(copied))),
    );
    // The large ones first, so that nobody waits long for the last.
    jobs.sort_by_key(|(size, _)| Reverse(*size));
    let work = Work {
        look,
        staging,
        progress,
    };
    let done = in_parallel(staging.config.threads(), &jobs, |_, (_, job)| match job {
        Job::Stage(place, prepared, planned) => Ok(Done::Staged(*place, work.stage(prepared, planned)?)),
        Job::LookAndStage(copied) => {
            let looked = work.look_and_stage(copied)?;
            Ok::<_, LakeError>(Done::Looked(Box::new(looked)))
        }
    })?;
    drop(jobs);
    let mut refused: BTreeMap<(usize, usize), Refusal> = BTreeMap::new();
    let mut looked = Vec::new();
    for done in done {
        match done {
            Done::Staged(place, refusal) => refused.extend(refusal.map(|refusal| (place, refusal))),
            Done::Looked(found) => match *found {
                Ok(waiting) => looked.push(waiting),
                Err(arrival) => report.tell(arrival, progress),
            },
        }
    }
    let staged = prepared.into_iter().enumerate().map(|(number, prepared)| {
        let mut refusals = refused.range((number, 0)..(number + 1, 0));
        let refusal = refusals.next().map(|(_, refusal)| refusal.clone());
        Waiting { prepared, refusal }
    });
    let mut waiting: Vec<Waiting> = staged.chain(looked).collect();
    waiting.sort_by(|left, right| left.prepared.relative.cmp(&right.prepared.relative));
    Ok(waiting)
}

/// What one thread does.
struct Work<'a> {
    look: &'a Look<'a>,
    staging: &'a Staging<'a>,
    progress: &'a (dyn Fn(&str) + Sync),
}

impl Work<'_> {
    /// Why a piece is refused, or nothing once it is staged.
    fn stage(&self, prepared: &Prepared, planned: &PlannedPiece) -> Result<Option<Refusal>, LakeError> {
        let Some(pipeline) = self.look.pipelines.get(&planned.piece.sumber) else {
            return Ok(None);
        };
        let (entry, piece) = (&prepared.entry, &planned.piece);
        let plan = || Ok(planned.plan.clone());
        let staged = self.staging.stage(entry, piece, &planned.input, plan, pipeline)?;
        (self.progress)(entry.piece_name(piece));
        Ok(staged.err())
    }

    fn look_and_stage(&self, copied: &Copied) -> Result<Result<Waiting, Arrival>, LakeError> {
        let prepared = match self.look.into(copied)? {
            Ok(prepared) => *prepared,
            Err(arrival) => return Ok(Err(arrival)),
        };
        let pieces = prepared.delivery.pieces.iter();
        let refused: Result<Vec<_>, LakeError> = pieces.map(|planned| self.stage(&prepared, planned)).collect();
        let refusal = refused?.into_iter().flatten().next();
        Ok(Ok(Waiting { prepared, refusal }))
    }
}

/// Catalogues the deliveries of which no piece was refused.
fn store_all(
    group: Vec<Waiting>,
    staging: &Staging<'_>,
    catalogue: &mut Catalogue,
    together: &mut Together,
    report: &mut IngestReport,
) -> Result<(), LakeError> {
    for Waiting { prepared, refusal } in group {
        let outcome = match refusal {
            Some(refusal) => {
                remove(&prepared.folder)?;
                Ingestion::Refused(refusal)
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
