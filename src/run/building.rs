//! Builds a release beside the one that readers open, tests it, and publishes it.

use super::describe::note_built;
use super::ending::{now, write_json};
use super::record::{Outcome, RunRecord};
use super::steps::{Ready, Run};
use super::test_release::{failures, test_built};
use super::{RunError, release, report, retention, rollback};
use crate::failpoint;
use crate::files::hex;
use crate::lake::Correction;
use crate::mart::{Katalog, describe};
use crate::standardise::date::last_day;
use crate::warehouse::{Built, Inputs, Plan, Previous, Request, SourceFile, Warehouse};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Instant;

impl Run<'_> {
    fn count_models(&self, built: &Built) {
        for model in built.seconds.keys() {
            let rows = built.rows.get(model);
            self.watch
                .count(rows.map_or(0, |rows| u64::try_from(*rows).unwrap_or(0)), 0);
        }
    }

    /// What decides the models now, against what decided them in the release that readers open.
    pub(super) fn plan(
        &self,
        files: &[SourceFile],
        corrections: &[Correction],
        previous: Option<&Previous>,
    ) -> Result<Plan, RunError> {
        let latest = latest_periode(files);
        let inputs = self.inputs(files, corrections, latest.as_deref());
        let request = Request {
            selection: self.options.selection.clone(),
            full: self.options.full,
        };
        Ok(Plan::make(&self.project.models, &inputs, previous, &request)?)
    }

    fn inputs<'i>(
        &'i self,
        files: &'i [SourceFile],
        corrections: &'i [Correction],
        latest: Option<&'i str>,
    ) -> Inputs<'i> {
        let project = self.project;
        Inputs {
            files,
            bundle: &project.bundle,
            config: &project.config,
            schema: &project.schema,
            pipelines: &project.pipelines,
            reference: &project.reference,
            rules: &project.rules,
            corrections,
            run_id: &self.run_id,
            latest,
            reference_day: latest.and_then(last_day).unwrap_or_else(|| self.today()),
        }
    }

    /// Everything that decides what a release holds.
    pub(super) fn fingerprint(&self, files: &[SourceFile], corrections: &[Correction]) -> String {
        let staged: Vec<(String, &str)> = files
            .iter()
            .map(|file| {
                let folder = file.folder.file_name().map(|name| name.to_string_lossy().into_owned());
                (folder.unwrap_or_default(), file.tabel.as_str())
            })
            .collect();
        let undated = if files.iter().any(|file| file.tabel == "dtks_rt") {
            None
        } else {
            Some(self.today().to_string())
        };
        let project = self.project;
        let programs: Vec<_> = project
            .pipelines
            .iter()
            .filter_map(|pipeline| pipeline.program.as_ref())
            .collect();
        let parts = serde_json::json!([
            env!("CARGO_PKG_VERSION"),
            staged,
            undated,
            project.sql_hash(),
            project.reference_hash,
            programs,
            corrections,
            project.config.segmentasi,
            project.config.temuan,
            project.config.kabupaten,
        ]);
        hex(&Sha256::digest(parts.to_string().as_bytes())[..16])
    }

    /// What a person would call the same inputs: the day on which they are read is no part of it.
    pub(super) fn inputs_hash(&self, files: &[SourceFile], corrections: &[Correction], purged: &str) -> String {
        let mut read: Vec<_> = files
            .iter()
            .map(|file| (&file.id_berkas, &file.tabel, &file.periode, &file.tahap))
            .collect();
        read.sort();
        let project = self.project;
        let parts = serde_json::json!([
            env!("CARGO_PKG_VERSION"),
            read,
            project.sql_hash(),
            project.reference_hash,
            project.pipelines_hash,
            corrections,
            purged,
            project.config.ambang,
            project.config.segmentasi,
            project.config.temuan,
            project.config.kabupaten,
        ]);
        hex(&Sha256::digest(parts.to_string().as_bytes())[..16])
    }

    pub(super) fn build_and_publish(&self, ready: &Ready, record: &mut RunRecord) -> Result<(), RunError> {
        let project = self.project;
        let (files, plan) = (ready.files.as_slice(), &ready.plan);
        let latest = latest_periode(files);
        let folder = release::begin(self.workspace, &self.run_id)?;
        failpoint::step("release.begun");
        let warehouse = Warehouse {
            workspace: self.workspace.root(),
            models: &project.models,
            inputs: self.inputs(files, &ready.corrections, latest.as_deref()),
            plan,
            previous: ready.previous.as_ref(),
        };
        self.step("model", Some(project.models.ordered.len() as u64));
        let told = |name: &str| self.progress.part(name);
        let built = warehouse.build(&folder, &told)?;
        note_built(record, files, &built);
        self.count_models(&built);
        self.step("test", None);
        let clock = Instant::now();
        record.uji = test_built(self.workspace, project, &folder, &built, self.today())?;
        record.langkah.insert("test".to_owned(), clock.elapsed().as_secs_f64());
        record.gerbang.extend(failures(&record.uji));
        if !record.gerbang.is_empty() {
            record.hasil = Outcome::KeptBack;
            record.sebab = Some("checks failed; `current` is unchanged".to_owned());
            return Ok(());
        }
        failpoint::step("release.tested");
        self.publish(&folder, ready, &built, latest, record)
    }

    fn publish(
        &self,
        folder: &Path,
        ready: &Ready,
        built: &Built,
        latest: Option<String>,
        record: &mut RunRecord,
    ) -> Result<(), RunError> {
        self.step("publish", None);
        let clock = Instant::now();
        let katalog = Katalog {
            run_id: self.run_id.clone(),
            waktu: now(),
            versi: env!("CARGO_PKG_VERSION").to_owned(),
            sidik: record.sidik.clone(),
            masukan: self.inputs_hash(&ready.files, &ready.corrections, &ready.purged),
            periode_terakhir: latest,
            sidik_model: ready.plan.fingerprints(),
            terhapus: ready.purged.clone(),
            tertinggal: ready.plan.left_behind(),
            uji: record.uji.clone(),
            mart: describe(folder, &self.project.models, &built.rows, &ready.files)?,
        };
        for mart in &katalog.mart {
            self.watch.count(u64::try_from(mart.baris).unwrap_or(0), mart.ukuran);
        }
        write_json(&folder.join("katalog.json"), &katalog)?;
        failpoint::step("release.catalogued");
        report::write(self.workspace, &self.project.config, folder, &katalog, record)?;
        record
            .langkah
            .insert("report".to_owned(), clock.elapsed().as_secs_f64());
        failpoint::step("release.reported");
        let clock = Instant::now();
        self.workspace
            .share_release(folder, self.project.config.rilis.kelompok_baca)?;
        release::publish(self.workspace, folder, &self.run_id)?;
        rollback::forget(self.workspace, &katalog.masukan)?;
        record
            .langkah
            .insert("publish".to_owned(), clock.elapsed().as_secs_f64());
        retention::after_publishing(self.workspace, &self.project.config.rilis);
        record.hasil = Outcome::Published;
        record.rilis = Some(self.run_id.clone());
        Ok(())
    }
}

fn latest_periode(files: &[SourceFile]) -> Option<String> {
    let households = files.iter().filter(|file| file.tabel == "dtks_rt");
    households.filter_map(|file| file.periode.clone()).max()
}
