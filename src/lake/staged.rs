//! Staged Parquet by fingerprint: made once, found again, made again where it was deleted.

use super::LakeError;
use super::decision::DecisionKind;
use super::entry::{Entry, Piece};
use super::koreksi::Corrections;
use crate::config::Config;
use crate::failpoint;
use crate::files::{FileError, close_to_others, failed, hex, make_folder, rename, write_atomic};
use crate::pipeline::{ColumnType, Pipeline};
use crate::read::Limits;
use crate::reference::Reference;
use crate::stage::{
    Erased, FileFacts, FilePlan, Input, PieceSummary, Refusal, RowCorrections, SUMMARY, StageContext, StagedSchema,
    stage_corrected,
};
use crate::standardise::date::last_day;
use crate::stop;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Raised when staging gives other bytes for the same input.
const STAGE_FORMAT: u32 = 4;

/// What staging needs in a workspace.
#[derive(Clone, Copy)]
pub struct Staging<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Where pieces that are staged already are looked for first, in a rehearsal.
    pub staged_before: Option<&'a Path>,
    /// Its configuration.
    pub config: &'a Config,
    /// Regions and code lists.
    pub reference: &'a Reference,
    /// A hash of the reference texts.
    pub reference_hash: &'a str,
    /// Columns of the staged tables.
    pub schema: &'a StagedSchema,
    /// Caps on what a file may ask for.
    pub limits: Limits,
    /// The last day that a date of a list may have.
    pub until: NaiveDate,
    /// Persons whose rows are left out.
    pub erased: Option<&'a Erased>,
    /// Rows that someone has corrected.
    pub corrections: Option<&'a Corrections>,
    /// The run and the step in whose log it is told.
    pub told_in: Option<(&'a str, &'static str)>,
}

/// A staged piece: its folder and what is in it.
#[derive(Debug, Clone)]
pub struct StagedPiece {
    /// The folder.
    pub folder: PathBuf,
    /// What became of the piece.
    pub summary: PieceSummary,
    /// Was it there already?
    pub cached: bool,
}

impl Staging<'_> {
    fn tell(&self, summary: &PieceSummary) {
        let Some((run_id, step)) = self.told_in else { return };
        tracing::debug!(
            run_id,
            step,
            source = summary.source,
            rows = summary.baris_dibaca,
            seconds = summary.took.whole.as_secs_f64(),
            read = summary.took.read().as_secs_f64(),
            standardise = summary.took.standardise.as_secs_f64(),
            write = summary.took.write.as_secs_f64(),
            "Rows are staged"
        );
    }

    /// Stages a piece, or finds it staged.
    ///
    /// # Errors
    /// The outer error is of the workspace, the inner one of the file.
    pub fn stage(
        &self,
        entry: &Entry,
        piece: &Piece,
        input: &Input,
        plan: impl FnOnce() -> Result<FilePlan, Refusal>,
        pipeline: &Pipeline,
    ) -> Result<Result<StagedPiece, Refusal>, LakeError> {
        stop::check()?;
        let facts = file_facts(entry, piece, pipeline, self.until);
        let fingerprint = self.fingerprint(entry, &facts, pipeline);
        if let Some(before) = self.staged_before.map(|folder| folder.join(&fingerprint))
            && let Some(summary) = read_summary(&before)?
        {
            return Ok(Ok(StagedPiece {
                folder: before,
                summary,
                cached: true,
            }));
        }
        let folder = self.workspace.staged().join(fingerprint);
        if let Some(summary) = read_summary(&folder)? {
            return Ok(Ok(StagedPiece {
                folder,
                summary,
                cached: true,
            }));
        }
        let plan = match plan() {
            Ok(plan) => plan,
            Err(refusal) if refusal.is_of_system() => return Err(LakeError::Staging(Box::new(refusal))),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let beside = self
            .workspace
            .staged()
            .join(format!(".{}.{}", facts.id_berkas, std::process::id()));
        remove(&beside)?;
        make_folder(&beside)?;
        let context = StageContext {
            reference: self.reference,
            schema: self.schema,
            districts: &self.config.kabupaten,
            thresholds: &self.config.ambang,
            limits: self.limits,
            findings: !self.config.temuan.left_out_for_measuring,
            // Looking for nobody in every cell took a third of the time of staging.
            erased: self.erased.filter(|erased| !erased.is_empty()),
            may_be_empty: entry.decided(DecisionKind::Empty).next().is_some(),
        };
        let none = RowCorrections::default();
        let corrected = self
            .corrections
            .and_then(|all| all.of(&facts.id_berkas))
            .unwrap_or(&none);
        match stage_corrected(input, &plan, pipeline, &facts, corrected, context, &beside) {
            Ok(mut summary) => {
                failpoint::step("staged.written");
                seal(&beside, &mut summary)?;
                failpoint::step("staged.sealed");
                remove(&folder)?;
                rename(&beside, &folder)?;
                failpoint::step("staged.named");
                self.tell(&summary);
                Ok(Ok(StagedPiece {
                    folder,
                    summary,
                    cached: false,
                }))
            }
            Err(refusal) => {
                remove(&beside)?;
                // `E05xx` is no fault of the file.
                if refusal.is_of_system() {
                    return Err(LakeError::Staging(Box::new(refusal)));
                }
                Ok(Err(refusal))
            }
        }
    }

    /// Where a piece is staged, or would be.
    pub fn folder(&self, entry: &Entry, piece: &Piece, pipeline: &Pipeline) -> PathBuf {
        let facts = file_facts(entry, piece, pipeline, self.until);
        self.workspace.staged().join(self.fingerprint(entry, &facts, pipeline))
    }

    /// Everything that decides what staging writes.
    fn fingerprint(&self, entry: &Entry, facts: &FileFacts, pipeline: &Pipeline) -> String {
        let dated = pipeline.columns.iter().any(|column| column.kind == ColumnType::Date)
            || pipeline.table() == "data_disabilitas";
        let until = if dated { facts.until.to_string() } else { String::new() };
        let parts = serde_json::json!([
            STAGE_FORMAT,
            env!("CARGO_PKG_VERSION"),
            facts.id_berkas,
            facts.content_id,
            facts.sumber_data,
            facts.periode,
            facts.tahap,
            facts.periode_bantuan,
            until,
            pipeline,
            self.reference_hash,
            self.config.kabupaten,
            self.config.ambang,
            self.schema_hash(),
        ]);
        let mut text = parts.to_string();
        if let Some(corrections) = self.corrections {
            text.push_str(&corrections.fingerprint(&facts.id_berkas));
        }
        if self.config.temuan.left_out_for_measuring {
            text.push_str("without findings");
        }
        for person in self.erased.into_iter().flat_map(Erased::persons) {
            text.push_str(&hex(person));
        }
        // The bytes are others than those by whose hash the file is known.
        for emptied in entry.decided(DecisionKind::Empty) {
            text.push_str(&serde_json::to_string(&emptied.putusan).unwrap_or_default());
        }
        hex(&Sha256::digest(text.as_bytes())[..10])
    }

    fn schema_hash(&self) -> String {
        let tables: Vec<_> = self
            .schema
            .tables()
            .map(|table| (table, self.schema.columns(table), self.schema.words(table)))
            .collect();
        hex(&Sha256::digest(serde_json::json!(tables).to_string().as_bytes())[..8])
    }
}

/// What is the same for all rows of a piece; `until` is the last day of a date where the piece has no periode of its own.
pub(crate) fn file_facts(entry: &Entry, piece: &Piece, pipeline: &Pipeline, until: NaiveDate) -> FileFacts {
    let own_end = piece
        .periode
        .as_deref()
        .and_then(last_day)
        .filter(|_| pipeline.is_dtks());
    let name = entry.piece_name(piece);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    FileFacts {
        id_berkas: entry.piece_id(piece),
        content_id: match &piece.anggota {
            Some(member) => format!("{}/{member}", entry.sha256),
            None => entry.sha256.clone(),
        },
        sumber_data: stem.to_owned(),
        periode: piece.periode.clone(),
        tahap: piece.tahap.clone(),
        periode_bantuan: piece.periode_bantuan.clone(),
        until: own_end.unwrap_or(until),
    }
}

/// The summary of a staged folder, if the folder is whole: a file that is missing or cut off means staging again.
pub(super) fn read_summary(folder: &Path) -> Result<Option<PieceSummary>, LakeError> {
    let path = folder.join(SUMMARY);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let summary: Option<PieceSummary> = serde_json::from_str(&text).ok();
            Ok(summary.filter(|summary| is_whole(folder, summary)))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", &path)(error).into()),
    }
}

fn is_whole(folder: &Path, summary: &PieceSummary) -> bool {
    let has_size = |(name, size): (&String, &u64)| {
        fs::metadata(folder.join(name)).is_ok_and(|found| found.is_file() && found.len() == *size)
    };
    !summary.ukuran.is_empty() && summary.ukuran.iter().all(has_size)
}

/// Makes the files of a staged folder lasting, and says their sizes in the summary, which comes last.
fn seal(folder: &Path, summary: &mut PieceSummary) -> Result<(), LakeError> {
    for entry in fs::read_dir(folder).map_err(failed("read folder", folder))? {
        let path = entry.map_err(failed("read folder", folder))?.path();
        close_to_others(&path)?;
        let file = fs::File::open(&path).map_err(failed("open", &path))?;
        file.sync_all().map_err(failed("sync", &path))?;
        let size = file.metadata().map_err(failed("read", &path))?.len();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        summary.ukuran.insert(name, size);
    }
    let text = serde_json::to_string_pretty(summary).unwrap_or_default();
    write_atomic(&folder.join(SUMMARY), text.as_bytes())?;
    Ok(())
}

/// Removes a folder that may not be there.
pub(super) fn remove(folder: &Path) -> Result<(), FileError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed("remove", folder)(error)),
        _ => Ok(()),
    }
}
