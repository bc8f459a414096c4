//! Builds a release beside the one that readers open, tests it, and publishes it.

use super::describe::note_built;
use super::ending::{now, write_json};
use super::record::{Outcome, RunRecord};
use super::steps::Run;
use super::test_release::{failures, test_built};
use super::{RunError, release, report, rollback};
use crate::files::hex;
use crate::lake::Correction;
use crate::mart::{Katalog, describe};
use crate::standardise::date::last_day;
use crate::warehouse::{SourceFile, Warehouse};
use sha2::{Digest, Sha256};
use std::time::Instant;

impl Run<'_> {
    /// Everything that decides what a release holds.
    pub(super) fn fingerprint(&self, files: &[SourceFile]) -> String {
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

    pub(super) fn build_and_publish(
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
        rollback::forget(self.workspace, &record.sidik)?;
        record.hasil = Outcome::Published;
        record.rilis = Some(self.run_id.clone());
        Ok(())
    }
}
