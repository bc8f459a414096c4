//! The check itself: recognise everything, then stage each piece into a temporary folder and read back what was found.

use super::contents::{tell_contents, tell_refused};
use super::district::district_of;
use super::headings::tell_recognition;
use super::koreksi::tell_correction;
use super::report::{DistrictReport, FileReport, PieceReport, Report, Verdict};
use crate::files::failed;
use crate::lake::{
    CORRECTION, Catalogue, Entry, LakeError, Members, PeriodeHints, Piece, describe, file_facts, in_parallel,
    is_correction, members,
};
use crate::read::{Format, Limits};
use crate::run::{Project, RunError};
use crate::stage::{Examination, FilePlan, Input, Recognition, Refusal, StageContext, examine, stage_piece};
use crate::standardise::date::last_day;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// What is to be checked.
#[derive(Debug, Clone, Default)]
pub struct ValidateOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// `--kabupaten`: the district that the files are to be of.
    pub kabupaten: Option<String>,
    /// `--periode`, for files that do not tell theirs.
    pub periode: Option<String>,
    /// Do warnings fail?
    pub strict: bool,
}

/// Checks files as a run would, and writes nothing but a temporary folder.
///
/// # Errors
/// [`RunError`] where the check could not be carried out; what is wrong with a file stands in the report.
pub fn validate(
    project: &Project,
    workspace: Option<&Workspace>,
    options: &ValidateOptions,
) -> Result<Report, RunError> {
    check_options(options)?;
    let files = crate::lake::pieces_of_path(&options.paths)?;
    if files.is_empty() {
        return Err(RunError::Usage("there are no files in what was named".to_owned()));
    }
    let check = Check {
        project,
        workspace,
        options,
    };
    let threads = project.config.threads();
    let looked = in_parallel(threads, &files, |_, (path, _)| Ok::<_, RunError>(check.look_into(path)))?;
    let until = check.until(&looked)?;
    let checked = in_parallel(threads, &looked, |_, file| check.file(file, until))?;
    let fails_from = if options.strict {
        Verdict::Peringatan
    } else {
        Verdict::Lain
    };
    Ok(Report {
        kode_keluar: if checked.iter().any(|file| file.hasil >= fails_from) {
            3
        } else {
            0
        },
        ketat: options.strict,
        berkas: checked,
    })
}

fn check_options(options: &ValidateOptions) -> Result<(), RunError> {
    if let Some(periode) = options.periode.as_ref().filter(|periode| last_day(periode).is_none()) {
        return Err(RunError::Usage(format!(
            "`--periode {periode}` is no month; write it as 2020-10"
        )));
    }
    let is_code = |code: &&String| code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(code) = options.kabupaten.as_ref().filter(|code| !is_code(code)) {
        return Err(RunError::Usage(format!(
            "`--kabupaten {code}` is no BPS code of a district; write its four digits, as 3503"
        )));
    }
    Ok(())
}

/// A file that has been looked into, not yet read.
struct LookedInto {
    path: PathBuf,
    name: String,
    refusal: Option<Refusal>,
    notes: Vec<String>,
    pieces: Vec<LookedAt>,
    /// Is it a corrected sheet, which needs no header of a source?
    is_correction: bool,
}

/// A piece that has been looked at, not yet read.
struct LookedAt {
    input: Input,
    examined: Examination,
    /// What it is, where it is known and its time is told.
    known: Option<Result<Piece, Refusal>>,
}

struct Check<'a> {
    project: &'a Project,
    workspace: Option<&'a Workspace>,
    options: &'a ValidateOptions,
}

impl Check<'_> {
    fn look_into(&self, path: &Path) -> LookedInto {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut looked = LookedInto {
            path: path.to_owned(),
            name,
            refusal: None,
            notes: Vec::new(),
            pieces: Vec::new(),
            is_correction: false,
        };
        let whole = Input::file(path);
        match whole.format() {
            Ok(Format::Zip) => match members(path) {
                Ok(Members { archive, inputs, notes }) => {
                    looked.notes = notes;
                    looked.pieces = inputs.into_iter().map(|input| self.look_at(input, &looked)).collect();
                    if looked.pieces.iter().all(LookedAt::is_unknown) {
                        let broken = archive.verify().err();
                        looked.refusal = broken.map(|error| Refusal::from(&error));
                    }
                }
                Err(refusal) => looked.refusal = Some(refusal),
            },
            Err(error) if looked.name.to_lowercase().ends_with(".zip") => {
                looked.refusal = Some(Refusal::from(&error));
            }
            _ if is_correction(&whole, Limits::default()) => looked.is_correction = true,
            _ => looked.pieces = vec![self.look_at(whole, &looked)],
        }
        looked
    }

    fn look_at(&self, input: Input, file: &LookedInto) -> LookedAt {
        let pipelines = &self.project.pipelines;
        let around = input.member.is_some().then_some(file.name.as_str());
        let name = input.member_name().unwrap_or(&file.name);
        let own_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let examined = examine(&input, own_name, around, pipelines, Limits::default());
        let folder = file
            .path
            .parent()
            .and_then(Path::file_name)
            .map(|folder| folder.to_string_lossy().into_owned());
        let hints = PeriodeHints {
            folder: folder.as_deref(),
            told: self.options.periode.as_deref(),
        };
        let pipeline = match &examined.outcome {
            Ok(Recognition::Known(plan)) => pipelines.get(&plan.source),
            _ => None,
        };
        let known = pipeline.map(|pipeline| describe(&input, name, around, hints, pipeline));
        LookedAt { input, examined, known }
    }

    /// The last day that a date of a list may have: the end of the latest periode that is here or in the lake, else today.
    fn until(&self, files: &[LookedInto]) -> Result<NaiveDate, RunError> {
        let pieces = files.iter().flat_map(|file| &file.pieces);
        let here = pieces.filter_map(|piece| match &piece.known {
            Some(Ok(piece)) => piece.periode.clone(),
            _ => None,
        });
        let lake = match self.workspace {
            Some(workspace) => Catalogue::read(workspace)?.latest_periode(&self.project.pipelines),
            None => None,
        };
        let latest = here.chain(lake).max();
        Ok(latest
            .as_deref()
            .and_then(last_day)
            .unwrap_or_else(|| self.project.config.run.zona_waktu.today()))
    }

    fn file(&self, file: &LookedInto, until: NaiveDate) -> Result<FileReport, RunError> {
        let mut pieces = Vec::with_capacity(file.pieces.len());
        file.refusal.as_ref().map_or(Ok(()), fault_of_file)?;
        if file.is_correction {
            pieces.push(self.correction(&file.path)?);
        }
        let told = file.pieces.iter().find_map(|piece| self.told_district(piece));
        for piece in &file.pieces {
            pieces.push(self.piece(file, piece, told.as_deref(), until)?);
        }
        Ok(FileReport {
            jalur: shown_path(&file.path),
            nama: file.name.clone(),
            hasil: verdict(file.refusal.as_ref(), &pieces),
            penolakan: file.refusal.clone(),
            catatan: file.notes.clone(),
            bagian: pieces,
        })
    }

    fn correction(&self, path: &Path) -> Result<PieceReport, RunError> {
        let told = tell_correction(path, self.project, self.workspace)?;
        told.or_else(|error| {
            let refusal = Refusal::from(&error);
            fault_of_file(&refusal)?;
            Ok(PieceReport {
                penolakan: Some(refusal),
                sumber: Some(CORRECTION.to_owned()),
                ..PieceReport::default()
            })
        })
    }

    fn piece(
        &self,
        file: &LookedInto,
        looked: &LookedAt,
        told: Option<&str>,
        until: NaiveDate,
    ) -> Result<PieceReport, RunError> {
        let mut report = PieceReport {
            anggota: looked.input.member_name().map(str::to_owned),
            ..PieceReport::default()
        };
        tell_recognition(&looked.examined, &self.project.pipelines, &mut report);
        match (&looked.examined.outcome, &looked.known) {
            (Err(refusal), _) | (_, Some(Err(refusal))) => {
                fault_of_file(refusal)?;
                report.penolakan = Some(refusal.clone());
            }
            (Ok(Recognition::Known(plan)), Some(Ok(piece))) => {
                report.kabupaten = Some(self.district(told));
                self.read(file, looked, plan, piece, until, &mut report)?;
            }
            _ => report.hasil = Verdict::Lain,
        }
        Ok(report)
    }

    fn read(
        &self,
        file: &LookedInto,
        looked: &LookedAt,
        plan: &FilePlan,
        piece: &Piece,
        until: NaiveDate,
        report: &mut PieceReport,
    ) -> Result<(), RunError> {
        let Some(pipeline) = self.project.pipelines.get(&plan.source) else {
            return Ok(());
        };
        let stage_name = || piece.tahap.as_ref().map(|stage| format!("tahap {stage}"));
        report.periode = piece
            .periode
            .clone()
            .or_else(|| piece.periode_bantuan.clone())
            .or_else(stage_name);
        let facts = file_facts(&entry_of(file), piece, pipeline, until);
        let folder = tempfile::tempdir().map_err(failed("create a folder in", &std::env::temp_dir()))?;
        let context = StageContext {
            reference: &self.project.reference,
            schema: &self.project.schema,
            districts: report.kabupaten.as_ref().map_or(&[][..], |district| &district.kode),
            thresholds: &self.project.config.ambang,
            limits: Limits::default(),
            findings: true,
            erased: None,
            may_be_empty: false,
        };
        let staged = stage_piece(&looked.input, plan, pipeline, &facts, context, folder.path());
        let levels = &self.project.config.temuan.tingkat;
        match staged {
            Ok(summary) => tell_contents(folder.path(), &summary, levels, report),
            Err(refusal) => {
                fault_of_file(&refusal)?;
                report.penolakan = Some(refusal);
                tell_refused(folder.path(), levels, report)
            }
        }
    }

    /// The district that was asked for, else that of the workspace, else the one that the file tells (ruling 32).
    fn district(&self, told: Option<&str>) -> DistrictReport {
        let configured = || self.project.config.kabupaten.clone();
        let (kode, asal) = match (&self.options.kabupaten, self.workspace, told) {
            (Some(code), _, _) => (vec![code.clone()], "option"),
            (None, Some(_), _) => (configured(), "workspace"),
            (None, None, Some(code)) => (vec![code.to_owned()], "file"),
            (None, None, None) => (configured(), "default"),
        };
        DistrictReport { kode, asal }
    }

    /// The district that a piece tells; the other pieces of its delivery are of it too.
    fn told_district(&self, looked: &LookedAt) -> Option<String> {
        let Ok(Recognition::Known(plan)) = &looked.examined.outcome else {
            return None;
        };
        let pipeline = self.project.pipelines.get(&plan.source)?;
        let wilayah = &self.project.reference.wilayah;
        plan.sheets.iter().find_map(|sheet| {
            let rows = looked.examined.rows_below(sheet.index, sheet.header.line);
            district_of(rows, pipeline, &sheet.header, wilayah)
        })
    }
}

impl LookedAt {
    fn is_unknown(&self) -> bool {
        matches!(self.examined.outcome, Ok(Recognition::Unknown(_)))
    }
}

/// What the system could not do is no verdict about the file.
fn fault_of_file(refusal: &Refusal) -> Result<(), RunError> {
    if refusal.is_of_system() {
        return Err(LakeError::Staging(Box::new(refusal.clone())).into());
    }
    Ok(())
}

/// As CI servers write paths.
fn shown_path(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

/// Staging asks for an entry of the lake; this one has never been there.
fn entry_of(file: &LookedInto) -> Entry {
    Entry {
        sha256: "validate".to_owned(),
        nama: file.name.clone(),
        ukuran: 0,
        sumber: String::new(),
        periode: String::new(),
        waktu_masuk: String::new(),
        jalur: String::new(),
        bagian: Vec::new(),
        catatan: Vec::new(),
        putusan: Vec::new(),
        path: file.path.clone(),
    }
}

/// Members that no pipeline knows do not count, unless there is nothing else.
fn verdict(refusal: Option<&Refusal>, pieces: &[PieceReport]) -> Verdict {
    if refusal.is_some() {
        return Verdict::Ditolak;
    }
    let known = pieces
        .iter()
        .map(|piece| piece.hasil)
        .filter(|verdict| *verdict != Verdict::Lain);
    known.max().unwrap_or(Verdict::Lain)
}
