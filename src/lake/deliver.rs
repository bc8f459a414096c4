//! What is in a file that someone brings: a loose file is one piece, a zip is one delivery of many (ruling 30).

use super::entry::Piece;
use crate::pipeline::{Pipeline, Pipelines};
use crate::read::{Archive, Format, Limits};
use crate::stage::{FilePlan, Input, Recognition, Refusal, recognise};
use crate::standardise::status::{month_in_name, month_in_text, tahap_in_name};
use std::path::Path;

/// Where a periode may be told beside the file's own name (ruling 46).
#[derive(Debug, Clone, Copy, Default)]
pub struct PeriodeHints<'a> {
    /// The folder that the file lies in.
    pub folder: Option<&'a str>,
    /// `--periode`.
    pub told: Option<&'a str>,
}

/// A recognised piece with the plan to read it.
#[derive(Debug)]
pub struct PlannedPiece {
    /// What it is.
    pub piece: Piece,
    /// Where its bytes are.
    pub input: Input,
    /// Where its headers are.
    pub plan: FilePlan,
}

/// What a file brings.
#[derive(Debug)]
pub struct Delivery {
    /// Its recognised pieces; none: no pipeline knows it.
    pub pieces: Vec<PlannedPiece>,
    /// Members that are ignored, or why the file is unknown.
    pub notes: Vec<String>,
}

/// Looks into a loose file and recognises what it brings. `name` is its own name, which may differ from that of the copy.
///
/// # Errors
/// [`Refusal`] where a piece is recognised and its contract broken: the whole delivery is refused.
pub fn deliver(
    whole: Input,
    name: &str,
    hints: PeriodeHints<'_>,
    pipelines: &Pipelines,
    limits: Limits,
) -> Result<Delivery, Refusal> {
    let is_zip_name = name.to_lowercase().ends_with(".zip");
    match whole.format() {
        Ok(Format::Zip) => deliver_zip(&whole.path, name, hints, pipelines, limits),
        Err(error) if is_zip_name => Err(Refusal::from(&error)),
        _ => {
            let mut delivery = Delivery {
                pieces: Vec::new(),
                notes: Vec::new(),
            };
            add_piece(&mut delivery, whole, name, None, hints, pipelines, limits)?;
            Ok(delivery)
        }
    }
}

fn deliver_zip(
    path: &Path,
    name: &str,
    hints: PeriodeHints<'_>,
    pipelines: &Pipelines,
    limits: Limits,
) -> Result<Delivery, Refusal> {
    let Members { archive, inputs, notes } = members(path)?;
    let mut delivery = Delivery {
        pieces: Vec::new(),
        notes,
    };
    for input in inputs {
        let member = input.member_name().unwrap_or_default().to_owned();
        add_piece(&mut delivery, input, &member, Some(name), hints, pipelines, limits)?;
    }
    if delivery.pieces.is_empty() {
        // Unknown bytes are stored as they are, but a delivery that cannot be read to its end is no delivery.
        archive.verify().map_err(|error| Refusal::from(&error))?;
    }
    Ok(delivery)
}

/// What a zip holds.
pub(crate) struct Members {
    /// The zip.
    pub archive: Archive,
    /// Members that may be lists.
    pub inputs: Vec<Input>,
    /// Members that are passed over, and why.
    pub notes: Vec<String>,
}

/// The members of a zip that are worth a look.
///
/// # Errors
/// [`Refusal`] where the zip or a member cannot be read.
pub(crate) fn members(path: &Path) -> Result<Members, Refusal> {
    let broken = |error: crate::read::ReadError| Refusal::from(&error);
    let archive = Archive::open(path).map_err(broken)?;
    let (mut inputs, mut notes) = (Vec::new(), Vec::new());
    for member in archive.members() {
        let input = Input::piece(path.to_owned(), Some((member.index, member.name.clone())));
        let format = input
            .format()
            .map_err(|error| broken(error).in_member(Some(&member.name)))?;
        if format == Format::Zip {
            notes.push(format!("`{}` is a zip inside the zip and is not opened", member.name));
        } else if is_readable_name(&member.name) {
            inputs.push(input);
        } else {
            notes.push(format!("`{}` is ignored: no pipeline knows it", member.name));
        }
    }
    if archive.members().is_empty() {
        return Err(Refusal::new("E0204", "the zip holds no files").hint("pack it again with the files in it"));
    }
    Ok(Members { archive, inputs, notes })
}

/// Pictures, documents and the like inside a zip are passed over without a look.
fn is_readable_name(name: &str) -> bool {
    const OTHERS: [&str; 12] = [
        ".pdf", ".doc", ".docx", ".jpg", ".jpeg", ".png", ".ppt", ".pptx", ".gif", ".md", ".ini", ".lnk",
    ];
    let name = name.to_lowercase();
    !OTHERS.iter().any(|ending| name.ends_with(ending))
}

fn add_piece(
    delivery: &mut Delivery,
    input: Input,
    name: &str,
    around: Option<&str>,
    hints: PeriodeHints<'_>,
    pipelines: &Pipelines,
    limits: Limits,
) -> Result<(), Refusal> {
    let own_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match recognise(&input, own_name, around, pipelines, limits)? {
        Recognition::Unknown(why) => {
            delivery.notes.push(match &input.member {
                Some((_, member)) => format!("`{member}` is ignored: {why}"),
                None => why,
            });
        }
        Recognition::Known(plan) => {
            let Some(pipeline) = pipelines.get(&plan.source) else {
                return Ok(());
            };
            let piece = describe(&input, name, around, hints, pipeline)?;
            delivery.pieces.push(PlannedPiece {
                piece,
                input,
                plan: *plan,
            });
        }
    }
    Ok(())
}

/// The piece with its time, as its names tell it.
///
/// # Errors
/// [`Refusal`] where the source needs a periode and no name tells one.
pub(crate) fn describe(
    input: &Input,
    name: &str,
    around: Option<&str>,
    hints: PeriodeHints<'_>,
    pipeline: &Pipeline,
) -> Result<Piece, Refusal> {
    let mut piece = Piece {
        indeks: input.member.as_ref().map(|(index, _)| *index),
        anggota: input.member.as_ref().map(|(_, name)| name.clone()),
        sumber: pipeline.source.clone(),
        periode: None,
        tahap: None,
        periode_bantuan: None,
    };
    let stem = stem_of(name);
    if pipeline.periode.required {
        let month = month_in_text(stem)
            .or_else(|| month_in_text(stem_of(around?)))
            .or_else(|| folders_of(name).find_map(month_in_text))
            .or_else(|| month_in_text(hints.folder?))
            .or_else(|| hints.told.map(str::to_owned));
        if month.is_none() {
            return Err(Refusal::new(
                "E0208",
                format!(
                    "the periode of source `{}` cannot be told from its name",
                    pipeline.source
                ),
            )
            .in_member(input.member_name())
            .hint("name the month in the file, as `DTKS Oktober 2020`, or give `--periode 2020-10`"));
        }
        piece.periode = month;
    } else if pipeline.program.is_some() {
        piece.tahap = tahap_in_name(stem).or_else(|| tahap_in_name(stem_of(around?)));
        piece.periode_bantuan = month_in_name(stem).or_else(|| month_in_name(stem_of(around?)));
    }
    Ok(piece)
}

/// The file's own name without folders and extension.
fn stem_of(name: &str) -> &str {
    let own = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match own.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && !ending.contains(' ') => stem,
        _ => own,
    }
}

/// Folders inside a zip, the nearest first.
fn folders_of(name: &str) -> impl Iterator<Item = &str> {
    name.rsplit(['/', '\\']).skip(1)
}
