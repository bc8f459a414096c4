//! The steps of a run: ingest, stage, load and model, gate, publish, record.

use super::describe::{arrival_record, has_refusals, note_built, refused_record, source_file, without_values};
use super::project::Project;
use super::record::{ArrivalRecord, Outcome, RunRecord};
use super::test_release::{failures, test_built};
use super::{RunError, release, report};
use crate::config::OnRefusal;
use crate::files::{hex, write_atomic};
use crate::lake::{
    CORRECTION, Catalogue, Correction, Corrections, Counting, IngestReport, Ingestion, LakeError, StagedPiece, Staging,
    in_parallel, ingest, pieces_of_path,
};
use crate::mart::{Katalog, describe};
use crate::read::Limits;
use crate::stage::{Input, Refusal, recognise_as};
use crate::standardise::date::last_day;
use crate::warehouse::{SourceFile, Warehouse};
use crate::workspace::Workspace;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

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
}

/// Who is told how far a run is.
pub trait Progress: Sync {
    /// A step begins, with the number of its parts where that is known.
    fn step(&self, name: &str, parts: Option<u64>);
    /// A file has come, and this became of it.
    fn arrived(&self, arrival: &ArrivalRecord);
    /// A part of the step is done.
    fn part(&self, name: &str);
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
    let run = Run::begin(workspace, project, options, progress)?;
    let _lock = workspace.lock(&run.run_id)?;
    run.recorded(Run::all_steps)
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
    let run = Run::begin(workspace, project, options, progress)?;
    let _lock = workspace.lock(&run.run_id)?;
    run.recorded(|run| {
        release::clean_up(workspace)?;
        run.ingest(false)?;
        run.end(run.record())
    })
}

struct Run<'a> {
    workspace: &'a Workspace,
    project: &'a Project,
    options: &'a RunOptions,
    progress: &'a dyn Progress,
    run_id: String,
    begun: DateTime<Utc>,
    clock: Instant,
    /// What has come so far, for the record of a run that fails.
    arrivals: Mutex<Vec<ArrivalRecord>>,
}

impl<'a> Run<'a> {
    fn begin(
        workspace: &'a Workspace,
        project: &'a Project,
        options: &'a RunOptions,
        progress: &'a dyn Progress,
    ) -> Result<Self, RunError> {
        if let Some(periode) = &options.periode
            && last_day(periode).is_none()
        {
            return Err(RunError::Usage(format!(
                "`--periode {periode}` is no month; write it as 2020-10"
            )));
        }
        let begun = Utc::now();
        let run_id = format!(
            "{}-{:04x}",
            begun.format("%Y%m%dT%H%M%S"),
            begun.timestamp_subsec_micros() & 0xffff
        );
        Ok(Self {
            workspace,
            project,
            options,
            progress,
            run_id,
            begun,
            clock: Instant::now(),
            arrivals: Mutex::default(),
        })
    }

    /// Does the work, and leaves a record also where it could not be done.
    fn recorded(&self, work: impl FnOnce(&Self) -> Result<RunRecord, RunError>) -> Result<RunRecord, RunError> {
        work(self).inspect_err(|error| {
            let mut record = self.record();
            record.hasil = Outcome::Failed;
            record.kode_keluar = error.exit_code();
            record.sebab = Some(without_values(&error.to_string()));
            // The error itself is what the caller is told; a record that cannot be written adds nothing to it.
            let _ = self.write_record(record);
        })
    }

    fn all_steps(&self) -> Result<RunRecord, RunError> {
        release::clean_up(self.workspace)?;
        let catalogue = self.ingest(true)?;
        let mut record = self.record();
        if self.stops_at_refusal(&mut record) {
            return self.end(record);
        }
        let mut corrections = read_corrections(&catalogue)?;
        let before = record.berkas_masuk.len();
        let files = self.counting_files(&catalogue, &corrections, &mut record)?;
        for refused in &record.berkas_masuk[before..] {
            self.progress.arrived(refused);
        }
        if record.berkas_masuk.len() > before {
            // Its figures would vanish from the marts: yesterday's stay instead.
            record.hasil = Outcome::Stopped;
            record.sebab =
                Some("a file of the lake is refused now, and publishing without it would lose its rows".to_owned());
            return self.end(record);
        }
        corrections.keep_only(|id| files.iter().any(|file| file.id_berkas == id));
        self.note_idle_corrections(&corrections, &mut record);
        if files.is_empty() {
            record.hasil = Outcome::Empty;
            record.sebab = Some("the lake holds no file that a pipeline knows".to_owned());
            return self.end(record);
        }
        record.sidik = self.fingerprint(&files);
        if let Some(current) = self.unchanged_release(&record.sidik) {
            record.hasil = Outcome::Unchanged;
            record.sebab = Some(format!(
                "same files, models, reference and configuration as release {current}"
            ));
            record.rilis = Some(current);
            return self.end(record);
        }
        self.build_and_publish(&files, &corrections.all, &mut record)?;
        self.end(record)
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

    fn unchanged_release(&self, fingerprint: &str) -> Option<String> {
        let current = release::current_katalog(self.workspace)?;
        (!self.options.full && current.sidik == fingerprint).then_some(current.run_id)
    }

    fn today(&self) -> NaiveDate {
        self.options.as_of.unwrap_or_else(|| self.begun.date_naive())
    }

    fn staging(&self, until: NaiveDate) -> Staging<'_> {
        Staging {
            workspace: self.workspace,
            config: &self.project.config,
            reference: &self.project.reference,
            reference_hash: &self.project.reference_hash,
            schema: &self.project.schema,
            limits: Limits::default(),
            until,
            corrections: None,
        }
    }

    fn ingest(&self, with_inbox: bool) -> Result<Catalogue, RunError> {
        let mut catalogue = Catalogue::read(self.workspace)?;
        let mut files = pieces_of_path(&self.options.paths)?;
        let from_inbox = if with_inbox {
            pieces_of_path(&[self.workspace.inbox()])?
        } else {
            Vec::new()
        };
        files.extend(from_inbox.iter().cloned());
        self.progress.step("ingest", Some(files.len() as u64));
        let told = |name: &str| self.progress.part(name);
        let report = ingest(
            &files,
            self.options.periode.as_deref(),
            &mut catalogue,
            &self.project.pipelines,
            self.staging(self.today()),
            &told,
        )?;
        let counting: Vec<String> = catalogue
            .counting(&self.project.pipelines)
            .iter()
            .map(|piece| piece.entry.sha256.clone())
            .collect();
        for arrival in &report.arrivals {
            let result = arrival_record(arrival, &counting);
            self.progress.arrived(&result);
            if let Ok(mut arrivals) = self.arrivals.lock() {
                arrivals.push(result.clone());
            }
            tracing::info!(
                run_id = self.run_id,
                result = result.hasil,
                source = result.sumber,
                "A file has come"
            );
        }
        self.empty_inbox(&from_inbox, &report);
        Ok(catalogue)
    }

    /// What the lake has is taken from the inbox, if it is still the file that was copied; what was refused stays for the
    /// person who sent it. A file that cannot be removed is brought again next time, and is known then.
    fn empty_inbox(&self, files: &[(PathBuf, String)], report: &IngestReport) {
        for (path, _) in files {
            let Some(arrival) = report.arrivals.iter().find(|arrival| arrival.path == *path) else {
                continue;
            };
            let (Ingestion::New(entry) | Ingestion::Known(entry) | Ingestion::Other(entry)) = &arrival.outcome else {
                continue;
            };
            let unchanged =
                std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink() || found.len() == entry.ukuran);
            if unchanged && let Err(error) = std::fs::remove_file(path) {
                tracing::warn!(run_id = self.run_id, %error, "A file cannot be taken from the inbox");
            }
        }
    }

    /// A corrected sheet whose rows do not count is told to the person who sent it.
    fn note_idle_corrections(&self, corrections: &Corrections, record: &mut RunRecord) {
        let sheets = record
            .berkas_masuk
            .iter_mut()
            .filter(|arrival| arrival.sumber.as_deref() == Some(CORRECTION));
        for arrival in sheets {
            let of_file = corrections.all.iter().filter(|row| row.berkas_koreksi == arrival.nama);
            let (idle, all) = of_file.fold((0, 0), |(idle, all), row| (idle + i32::from(!row.berlaku), all + 1));
            if idle > 0 {
                let words = "corrected rows name a row that does not count, or were corrected again later";
                arrival.catatan.push(format!("{idle} of {all} {words}"));
                self.progress.arrived(arrival);
            }
        }
    }

    /// The files that count, staged. One that a changed configuration or pipeline refuses now is told among the arrivals.
    fn counting_files(
        &self,
        catalogue: &Catalogue,
        corrections: &Corrections,
        record: &mut RunRecord,
    ) -> Result<Vec<SourceFile>, RunError> {
        let pipelines = &self.project.pipelines;
        let counting = catalogue.counting(pipelines);
        let latest = catalogue.latest_periode(pipelines).as_deref().and_then(last_day);
        let staging = Staging {
            corrections: Some(corrections),
            ..self.staging(latest.unwrap_or_else(|| self.today()))
        };
        self.progress.step("stage", Some(counting.len() as u64));
        let staged = in_parallel(self.project.config.threads(), &counting, |_, counted| {
            let result = self.stage_again(counted, staging);
            self.progress.part(counted.entry.piece_name(counted.piece));
            result
        })?;
        for entry in catalogue.orphans(pipelines) {
            record.berkas_masuk.push(refused_record(
                entry,
                Refusal::new("E0202", format!("no pipeline `{}` is there any more", entry.sumber)).hint(
                    "put its file back into `pipelines/`, or move its folder out of `lake/raw` if its data shall go",
                ),
            ));
        }
        let mut files = Vec::new();
        for (counted, staged) in counting.iter().zip(staged) {
            match staged {
                Ok(piece) => files.extend(
                    counted
                        .tables
                        .iter()
                        .map(|table| source_file(counted, table, &piece.folder, &piece.summary)),
                ),
                Err(refusal) => record.berkas_masuk.push(refused_record(counted.entry, refusal)),
            }
        }
        Ok(files)
    }

    fn stage_again(
        &self,
        counted: &Counting<'_>,
        staging: Staging<'_>,
    ) -> Result<Result<StagedPiece, Refusal>, LakeError> {
        let pipelines = &self.project.pipelines;
        let Some(pipeline) = pipelines.get(&counted.piece.sumber) else {
            return Ok(Err(Refusal::new(
                "E0202",
                format!("no pipeline `{}` any more", counted.piece.sumber),
            )));
        };
        let input = Input {
            path: counted.entry.path.clone(),
            member: counted.piece.indeks.zip(counted.piece.anggota.clone()),
        };
        let plan = || recognise_as(&input, pipeline, Limits::default());
        staging.stage(counted.entry, counted.piece, &input, plan, pipeline)
    }

    /// Everything that decides what a release holds.
    fn fingerprint(&self, files: &[SourceFile]) -> String {
        let mut staged: Vec<(String, &str, usize)> = files
            .iter()
            .map(|file| {
                (
                    file.folder
                        .file_name()
                        .map(|name| name.to_string_lossy().into_owned())
                        .unwrap_or_default(),
                    file.tabel.as_str(),
                    file.urutan,
                )
            })
            .collect();
        staged.sort();
        let undated = if files.iter().any(|file| file.tabel == "dtks_rt") {
            None
        } else {
            Some(self.today().to_string())
        };
        let parts = serde_json::json!([
            env!("CARGO_PKG_VERSION"),
            staged,
            undated,
            self.project.texts_hash(),
            self.project.config.segmentasi,
            self.project.config.temuan,
            self.project.config.kabupaten,
        ]);
        hex(&Sha256::digest(parts.to_string().as_bytes())[..16])
    }

    fn build_and_publish(
        &self,
        files: &[SourceFile],
        corrections: &[Correction],
        record: &mut RunRecord,
    ) -> Result<(), RunError> {
        let project = self.project;
        let latest = files
            .iter()
            .filter(|file| file.tabel == "dtks_rt")
            .filter_map(|file| file.periode.clone())
            .max();
        let reference_day = latest.as_deref().and_then(last_day).unwrap_or_else(|| self.today());
        let folder = release::begin(self.workspace, &self.run_id)?;
        let warehouse = Warehouse {
            workspace: self.workspace.root(),
            config: &project.config,
            bundle: &project.bundle,
            models: &project.models,
            schema: &project.schema,
            pipelines: &project.pipelines,
            reference: &project.reference,
            rules: &project.rules,
            corrections,
        };
        self.progress.step("model", Some(project.models.ordered.len() as u64));
        let told = |name: &str| self.progress.part(name);
        let built = warehouse.build(&folder, files, &self.run_id, latest.as_deref(), reference_day, &told)?;
        note_built(record, files, &built);
        self.progress.step("test", None);
        let clock = Instant::now();
        record.uji = test_built(self.workspace, project, &folder, &built, self.today())?;
        record.langkah.insert("test".to_owned(), clock.elapsed().as_secs_f64());
        record.gerbang.extend(failures(&record.uji));
        if !record.gerbang.is_empty() {
            record.hasil = Outcome::KeptBack;
            record.sebab = Some("checks failed; `current` is unchanged".to_owned());
            return Ok(());
        }
        self.progress.step("publish", None);
        let katalog = Katalog {
            run_id: self.run_id.clone(),
            waktu: now(),
            versi: env!("CARGO_PKG_VERSION").to_owned(),
            sidik: record.sidik.clone(),
            periode_terakhir: latest,
            uji: record.uji.clone(),
            mart: describe(&folder, &project.models, &built.rows, files)?,
        };
        write_json(&folder.join("katalog.json"), &katalog)?;
        report::write(self.workspace, &project.config, &folder, &katalog, record)?;
        release::publish(self.workspace, &folder, &self.run_id)?;
        record.hasil = Outcome::Published;
        record.rilis = Some(self.run_id.clone());
        Ok(())
    }

    fn arrivals_so_far(&self) -> Vec<ArrivalRecord> {
        self.arrivals
            .lock()
            .map(|arrivals| arrivals.clone())
            .unwrap_or_default()
    }

    fn record(&self) -> RunRecord {
        RunRecord {
            run_id: self.run_id.clone(),
            versi: env!("CARGO_PKG_VERSION").to_owned(),
            mulai: self.begun.to_rfc3339_opts(SecondsFormat::Secs, true),
            selesai: String::new(),
            detik: 0.0,
            hasil: Outcome::Ingested,
            kode_keluar: 0,
            sebab: None,
            rilis: release::current_katalog(self.workspace).map(|katalog| katalog.run_id),
            sidik: String::new(),
            berkas_masuk: self.arrivals_so_far(),
            berkas: Vec::new(),
            baris: BTreeMap::new(),
            temuan: BTreeMap::new(),
            gerbang: Vec::new(),
            uji: Vec::new(),
            langkah: BTreeMap::from([("ingest".to_owned(), self.clock.elapsed().as_secs_f64())]),
        }
    }

    /// Exit code 4 before 3 where both apply (DESIGN.md).
    fn end(&self, mut record: RunRecord) -> Result<RunRecord, RunError> {
        record.kode_keluar = match record.hasil {
            Outcome::KeptBack => 4,
            _ if has_refusals(&record) => 3,
            _ => 0,
        };
        let record = self.write_record(record)?;
        release::clean_up(self.workspace)?;
        Ok(record)
    }

    fn write_record(&self, mut record: RunRecord) -> Result<RunRecord, RunError> {
        record.selesai = now();
        record.detik = self.clock.elapsed().as_secs_f64();
        tracing::info!(
            run_id = self.run_id,
            result = ?record.hasil,
            exit_code = record.kode_keluar,
            seconds = record.detik,
            files = record.berkas.len(),
            "The run has ended"
        );
        write_json(&self.workspace.runs().join(format!("{}.json", self.run_id)), &record)?;
        Ok(record)
    }
}

fn read_corrections(catalogue: &Catalogue) -> Result<Corrections, RunError> {
    Corrections::read(catalogue).map_err(|(name, error)| {
        RunError::Lake(LakeError::BrokenEntry {
            path: name.into(),
            problem: error.to_string(),
        })
    })
}

fn write_json(path: &std::path::Path, value: &impl serde::Serialize) -> Result<(), RunError> {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    Ok(write_atomic(path, text.as_bytes())?)
}

fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)
}
