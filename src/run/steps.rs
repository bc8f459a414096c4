//! The steps of a run: ingest, stage, load and model, gate, publish, record.

use super::describe::{has_refusals, without_values};
use super::project::Project;
use super::record::{ArrivalRecord, Outcome, RunRecord};
use super::rehearsal::Rehearsal;
use super::run_id::next_run_id;
use super::watch::Watch;
use super::{RunError, clean_up, journal, release};
use crate::config::OnRefusal;
use crate::files::hex;
use crate::lake::{Catalogue, Correction, Corrections, LakeError, Ruling};
use crate::lock::Lock;
use crate::stage::Erased;
use crate::standardise::date::last_day;
use crate::warehouse::{Plan, Previous, Selection, SourceFile};
use crate::workspace::Workspace;
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Files and folders beside the inbox.
    pub paths: Vec<PathBuf>,
    /// `--periode`, for files that do not tell theirs.
    pub periode: Option<String>,
    /// `--as-of`: today, for what has no periode.
    pub as_of: Option<NaiveDate>,
    /// Build again even if nothing has changed.
    pub full: bool,
    /// Which models may be built.
    pub selection: Selection,
    /// Read and hash files again whose size, time and inode have not changed.
    pub thorough: bool,
    /// Go on although other users can read or change the workspace.
    pub izinkan_terbuka: bool,
    /// How long to wait for another run to end.
    pub wait: Duration,
}

/// Who is told how far a run is.
pub trait Progress: Sync {
    /// A step begins, with the number of its parts where that is known.
    fn step(&self, name: &str, parts: Option<u64>);
    /// Another run holds the workspace, and this one waits for it to end.
    fn waiting(&self, _holder: &str) {}
    /// A file has come, and this became of it.
    fn arrived(&self, arrival: &ArrivalRecord);
    /// A part of the step is done.
    fn part(&self, name: &str);
    /// Something beside the run itself went wrong.
    fn warned(&self, _words: &str) {}
}

/// Carries out a run. Its record is written whatever the outcome.
///
/// # Errors
/// [`RunError`] where it could not be carried out; refused files and failed checks are outcomes, not errors.
pub fn run(
    workspace: &Workspace,
    project: &Project,
    options: &RunOptions,
    progress: &dyn Progress,
) -> Result<RunRecord, RunError> {
    let lock = take(workspace, project, "run", options, progress)?;
    let run = Run::begin(workspace, project, options, progress, &lock)?;
    let journal = journal::begin(workspace, &run.run_id)?;
    let ended = run.recorded(Run::all_steps);
    drop(lock);
    run.tell_outside(true);
    drop(journal);
    ended
}

/// Says what a run would do, and why; nothing changes. The same code as [`run`], up to the first model.
///
/// # Errors
/// As [`run`].
pub fn plan(
    workspace: &Workspace,
    project: &Project,
    options: &RunOptions,
    progress: &dyn Progress,
) -> Result<RunRecord, RunError> {
    let lock = take(workspace, project, "plan", options, progress)?;
    let mut run = Run::begin(workspace, project, options, progress, &lock)?;
    run.rehearsal = Some(Rehearsal::begin(workspace)?);
    run.all_steps().map_err(RunError::or_stopped)
}

/// Brings files into the lake and builds nothing.
///
/// # Errors
/// As [`run`].
pub fn ingest_only(
    workspace: &Workspace,
    project: &Project,
    options: &RunOptions,
    progress: &dyn Progress,
) -> Result<RunRecord, RunError> {
    let lock = take(workspace, project, "ingest", options, progress)?;
    let run = Run::begin(workspace, project, options, progress, &lock)?;
    let journal = journal::begin(workspace, &run.run_id)?;
    let ended = run.recorded(|run| {
        clean_up(workspace)?;
        run.ingest(false)?;
        run.end(run.record())
    });
    drop(lock);
    run.tell_outside(false);
    drop(journal);
    ended
}

/// Takes the workspace, once what was typed makes sense: nobody waits for a run that cannot be.
fn take(
    workspace: &Workspace,
    project: &Project,
    command: &str,
    options: &RunOptions,
    progress: &dyn Progress,
) -> Result<Lock, RunError> {
    if let Some(periode) = &options.periode
        && last_day(periode).is_none()
    {
        return Err(RunError::Usage(format!(
            "`--periode {periode}` is no month; write it as 2020-10"
        )));
    }
    if !options.izinkan_terbuka {
        workspace.check_rights(project.config.run.izinkan_terbuka)?;
    }
    Ok(workspace.lock_within(command, options.wait, &|holder| progress.waiting(holder))?)
}

/// What the models are built from, and which of them.
pub(super) struct Ready {
    pub(super) files: Vec<SourceFile>,
    pub(super) corrections: Vec<Correction>,
    pub(super) plan: Plan,
    pub(super) previous: Option<Previous>,
    /// What is purged from the lake.
    pub(super) purged: String,
}

/// A run that is under way.
pub(super) struct Run<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) project: &'a Project,
    pub(super) options: &'a RunOptions,
    pub(super) progress: &'a dyn Progress,
    /// In a rehearsal nothing is written but here.
    pub(super) rehearsal: Option<Rehearsal>,
    /// The staged files of the workspace.
    pub(super) staged: PathBuf,
    pub(super) run_id: String,
    pub(super) begun: DateTime<Utc>,
    pub(super) clock: Instant,
    /// What has come so far, for the record of a run that fails.
    pub(super) arrivals: Mutex<Vec<ArrivalRecord>>,
    /// Steps that had nothing to do, and why.
    pub(super) skipped: Mutex<BTreeMap<String, String>>,
    /// Bytes that have come and were not refused.
    pub(super) received: AtomicU64,
    /// Times its steps.
    pub(super) watch: Watch,
    /// Its record, once it is written.
    pub(super) ended: Mutex<Option<RunRecord>>,
    /// Persons whose rows are left out, read when the workspace is held.
    pub(super) erased: OnceLock<Erased>,
}

impl<'a> Run<'a> {
    /// Begins when the workspace is its own, so that ids are in the order of the runs.
    fn begin(
        workspace: &'a Workspace,
        project: &'a Project,
        options: &'a RunOptions,
        progress: &'a dyn Progress,
        lock: &Lock,
    ) -> Result<Self, RunError> {
        let begun = Utc::now();
        let run_id = next_run_id(workspace, begun);
        lock.rename(&format!("run {run_id}"))?;
        Ok(Self {
            workspace,
            project,
            options,
            progress,
            rehearsal: None,
            staged: workspace.staged(),
            run_id,
            begun,
            clock: Instant::now(),
            arrivals: Mutex::default(),
            skipped: Mutex::default(),
            received: AtomicU64::default(),
            watch: Watch::default(),
            ended: Mutex::default(),
            erased: OnceLock::new(),
        })
    }

    /// A step begins, with the number of its parts where that is known.
    pub(super) fn step(&self, name: &str, parts: Option<u64>) {
        self.watch.turn(&self.run_id, Some(name));
        self.progress.step(name, parts);
    }

    /// A step had nothing to do.
    pub(super) fn skip(&self, step: &str, why: &str) {
        if let Ok(mut skipped) = self.skipped.lock() {
            skipped.insert(step.to_owned(), why.to_owned());
        }
    }

    /// Does the work, and leaves a record also where it could not be done. What it had begun is removed first: that may be what
    /// fills the disk.
    fn recorded(&self, work: impl FnOnce(&Self) -> Result<RunRecord, RunError>) -> Result<RunRecord, RunError> {
        work(self).map_err(|error| {
            let error = error.or_stopped();
            if let Err(left) = clean_up(self.workspace) {
                tracing::warn!(run_id = self.run_id, error = %left, "What the run has begun cannot be removed now");
            }
            let mut record = self.record();
            // What failed after the switch has been published all the same.
            let published = record.rilis.as_ref() == Some(&self.run_id);
            record.hasil = if published { Outcome::Published } else { Outcome::Failed };
            record.kode_keluar = error.exit_code();
            record.sebab = Some(without_values(&error.to_string()));
            // The error itself is what the caller is told; a record that cannot be written adds nothing to it.
            let _ = self.write_record(record);
            error
        })
    }

    fn all_steps(&self) -> Result<RunRecord, RunError> {
        if self.rehearsal.is_none() {
            clean_up(self.workspace)?;
        }
        let catalogue = self.ingest(true)?;
        let mut record = self.record();
        record.putusan = catalogue.decisions.all_in_force();
        let Some(ready) = self.make_ready(&catalogue, &mut record)? else {
            return self.end(record);
        };
        if self.rehearsal.is_some() {
            self.note_planned(&ready, &mut record);
        } else {
            self.build_and_publish(&ready, &mut record)?;
        }
        self.end(record)
    }

    /// Everything before the first model: the files that count, staged, and what is to be built. `None` where the run ends
    /// here, with the reason in the record.
    fn make_ready(&self, catalogue: &Catalogue, record: &mut RunRecord) -> Result<Option<Ready>, RunError> {
        if self.stops_at_refusal(record) {
            return Ok(None);
        }
        let mut corrections = read_corrections(catalogue)?;
        let before = record.berkas_masuk.len();
        let files = self.counting_files(catalogue, &corrections, record)?;
        for refused in &record.berkas_masuk[before..] {
            self.progress.arrived(refused);
        }
        if record.berkas_masuk.len() > before {
            // Its figures would vanish from the marts: yesterday's stay instead.
            record.hasil = Outcome::Stopped;
            record.sebab =
                Some("a file of the lake is refused now, and publishing without it would lose its rows".to_owned());
            return Ok(None);
        }
        corrections.keep_only(|row| {
            let of = files.iter().find(|file| file.id_berkas == row.id_berkas);
            of.is_some_and(|file| {
                !file
                    .koreksi_tanpa_baris
                    .contains(&(row.lembar.clone(), row.nomor_baris))
            })
        });
        self.note_idle_corrections(&corrections, record);
        if files.is_empty() {
            record.hasil = Outcome::Empty;
            record.sebab = Some("the lake holds no file that a pipeline knows".to_owned());
            return Ok(None);
        }
        let purged = self.purged(catalogue);
        // Blocks that a table has given free still hold its rows: after a purge the next warehouse begins empty.
        let previous = release::previous(self.workspace, &purged);
        let corrections = corrections.all;
        let plan = self.plan(&files, &corrections, previous.as_ref())?;
        record.sidik = self.fingerprint(&files, &corrections);
        if !plan.left_behind().is_empty() {
            record.sidik.push_str("-sebagian");
        }
        record.rencana.clone_from(&plan.models);
        if self.is_unchanged(&plan, record) {
            for step in ["model", "test", "publish"] {
                self.skip(step, record.sebab.as_deref().unwrap_or_default());
            }
            return Ok(None);
        }
        if let Some(reason) = self.brings_back(&files, &corrections, &purged)? {
            record.hasil = Outcome::Unchanged;
            record.sebab = Some(reason);
            return Ok(None);
        }
        Ok(Some(Ready {
            files,
            corrections,
            plan,
            previous,
            purged,
        }))
    }

    /// Does a refused file end the run (ruling 31)?
    fn stops_at_refusal(&self, record: &mut RunRecord) -> bool {
        let stops = has_refusals(record) && self.project.config.run.bila_ditolak == OnRefusal::Berhenti;
        if stops {
            record.hasil = Outcome::Stopped;
            record.sebab = Some("a file was refused and `bila_ditolak = \"berhenti\"`".to_owned());
        }
        stops
    }

    /// A hash of what is purged from the lake, files and persons; empty where nothing is.
    fn purged(&self, catalogue: &Catalogue) -> String {
        let held = catalogue.decisions.all_in_force();
        let files = held
            .iter()
            .filter(|decision| matches!(decision.putusan, Ruling::Hapus { .. }));
        let mut gone: Vec<String> = files.map(|decision| decision.sha256.clone()).collect();
        gone.extend(
            self.erased
                .get()
                .into_iter()
                .flat_map(Erased::persons)
                .map(|person| hex(person)),
        );
        gone.sort();
        if gone.is_empty() {
            return String::new();
        }
        hex(&Sha256::digest(gone.join(" ").as_bytes())[..8])
    }

    /// Is the release that readers open what this run would build?
    fn is_unchanged(&self, plan: &Plan, record: &mut RunRecord) -> bool {
        let Some(current) = release::current_katalog(self.workspace) else {
            return false;
        };
        let is_same = !self.options.full && current.sidik == record.sidik;
        let is_left = !self.options.selection.is_all() && plan.is_idle();
        if is_same || is_left {
            record.hasil = Outcome::Unchanged;
            record.sebab = Some(if is_same {
                format!(
                    "same files, models, reference and configuration as release {}",
                    current.run_id
                )
            } else {
                "nothing that is selected has changed; `--full` builds it all the same".to_owned()
            });
            record.rilis = Some(current.run_id);
        }
        is_same || is_left
    }

    /// Where files go that come: the lake, or in a rehearsal a folder of its own.
    pub(super) fn lake(&self) -> &Workspace {
        self.rehearsal.as_ref().map_or(self.workspace, Rehearsal::lake)
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.options
            .as_of
            .unwrap_or_else(|| self.project.config.run.zona_waktu.day(self.begun))
    }
}

pub(super) fn read_corrections(catalogue: &Catalogue) -> Result<Corrections, RunError> {
    Corrections::read(catalogue).map_err(|(name, error)| {
        RunError::Lake(LakeError::BrokenEntry {
            path: name.into(),
            problem: error.to_string(),
        })
    })
}
