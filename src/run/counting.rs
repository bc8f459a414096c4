//! The files that count now, staged.

use super::RunError;
use super::describe::{refused_record, source_file};
use super::record::RunRecord;
use super::steps::Run;
use crate::lake::{Catalogue, Corrections, Counting, LakeError, StagedPiece, Staging, in_parallel};
use crate::read::Limits;
use crate::stage::{Input, Refusal, recognise_as};
use crate::standardise::date::last_day;
use crate::warehouse::SourceFile;
use std::time::Instant;

impl Run<'_> {
    /// The files that count, staged. One that a changed configuration or pipeline refuses now is told among the arrivals.
    pub(super) fn counting_files(
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
            told_in: Some((&self.run_id, "stage")),
            ..self.staging(latest.unwrap_or_else(|| self.today()))
        };
        self.step("stage", Some(counting.len() as u64));
        let staged = in_parallel(self.project.config.threads(), &counting, |_, counted| {
            let clock = Instant::now();
            let result = self.stage_again(counted, staging);
            if let Ok(Ok(piece)) = &result {
                let (rows, bytes) = (piece.summary.baris_dibaca, counted.entry.ukuran);
                // The bytes of a zip are those of all its members.
                let is_first = counted.entry.bagian.first() == Some(counted.piece);
                self.watch.count(rows, if is_first { bytes } else { 0 });
                tracing::info!(
                    run_id = self.run_id,
                    step = "stage",
                    source = counted.piece.sumber,
                    periode = counted.piece.periode,
                    rows,
                    quarantined = piece.summary.baris_karantina,
                    bytes,
                    seconds = clock.elapsed().as_secs_f64(),
                    "A file is staged"
                );
            }
            self.progress.part(counted.entry.piece_name(counted.piece));
            result
        })?;
        let is_staged = |piece: &Result<StagedPiece, Refusal>| piece.as_ref().is_ok_and(|piece| piece.cached);
        if staged.iter().all(is_staged) {
            self.skip("stage", "all files that count are staged under their fingerprints");
        }
        for entry in catalogue.orphans(pipelines) {
            record.berkas_masuk.push(refused_record(
                entry,
                Refusal::new("E0202", format!("no pipeline `{}` is there any more", entry.sumber))
                    .hint("put its file back into `pipelines/`, or take the file out with `bansos360 lake retract`"),
            ));
        }
        let mut files = Vec::new();
        for (counted, staged) in counting.iter().zip(staged) {
            match staged {
                Ok(piece) => {
                    let kabupaten = pipelines.district_of(&counted.entry.jalur);
                    files.extend(
                        counted
                            .tables
                            .iter()
                            .map(|table| source_file(counted, kabupaten, table, &piece.folder, &piece.summary)),
                    );
                }
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
        let input = Input::piece(
            counted.entry.path.clone(),
            counted.piece.indeks.zip(counted.piece.anggota.clone()),
        );
        let plan = || recognise_as(&input, pipeline, Limits::default());
        staging.stage(counted.entry, counted.piece, &input, plan, pipeline)
    }
}
