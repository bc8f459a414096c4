//! Says what a stored file is where its name or content told wrong: another source, periode or stage.

use super::LakeError;
use super::decision::Ruling;
use super::entry::{Entry, OTHER, Piece};
use super::koreksi::CORRECTION;
use crate::pipeline::{Pipeline, Pipelines};
use crate::standardise::date::last_day;

/// What a file is said to be; what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its source.
    pub sumber: Option<String>,
    /// Its month, as `2020-10`: of a penetapan, or that a list is for.
    pub periode: Option<String>,
    /// The stage of a list.
    pub tahap: Option<String>,
}

/// The decision that makes a file, or one member of it, what is said. What the file itself holds is looked at by staging it.
///
/// # Errors
/// [`LakeError::Unfit`] where that cannot be said of this file.
pub fn assign(
    entry: &Entry,
    member: Option<usize>,
    change: &Change,
    pipelines: &Pipelines,
) -> Result<Ruling, LakeError> {
    let mut pieces = pieces_of(entry, change)?;
    let mut meant: Vec<&mut Piece> = pieces
        .iter_mut()
        .filter(|piece| member.is_none() || piece.indeks == member)
        .collect();
    if change.sumber.is_some() && meant.len() > 1 {
        return Err(unfit(format!(
            "`{}` holds {} members of several sources; name one of them, as `{}-{}`",
            entry.nama,
            meant.len(),
            entry.short_id(),
            meant.first().and_then(|piece| piece.indeks).unwrap_or_default()
        )));
    }
    for piece in &mut meant {
        change_piece(piece, change, pipelines)?;
    }
    let (sumber, periode) = folders_of(&pieces, pipelines);
    Ok(Ruling::Tetapkan {
        dari: format!("{} {}", entry.sumber, entry.periode),
        sumber,
        periode,
        bagian: pieces,
    })
}

fn unfit(words: impl Into<String>) -> LakeError {
    LakeError::Unfit(words.into())
}

/// The pieces as they are; one that nobody has recognised where a source is said for it.
fn pieces_of(entry: &Entry, change: &Change) -> Result<Vec<Piece>, LakeError> {
    if entry.sumber == CORRECTION {
        return Err(unfit(format!(
            "`{}` is a corrected sheet; its own key column says what it corrects",
            entry.nama
        )));
    }
    if !entry.bagian.is_empty() {
        return Ok(entry.bagian.clone());
    }
    let Some(source) = &change.sumber else {
        return Err(unfit(format!(
            "no pipeline knows `{}`; say its source too, with `--sumber`",
            entry.nama
        )));
    };
    if entry.nama.to_lowercase().ends_with(".zip") {
        return Err(unfit(format!(
            "no pipeline knows any member of `{}`; unpack it and bring the files that are meant",
            entry.nama
        )));
    }
    Ok(vec![Piece {
        indeks: None,
        anggota: None,
        sumber: source.clone(),
        periode: None,
        tahap: None,
        periode_bantuan: None,
    }])
}

fn change_piece(piece: &mut Piece, change: &Change, pipelines: &Pipelines) -> Result<(), LakeError> {
    if let Some(source) = &change.sumber {
        source.clone_into(&mut piece.sumber);
    }
    let source = piece.sumber.clone();
    let Some(pipeline) = pipelines.get(&source) else {
        let known: Vec<&str> = pipelines.iter().map(|pipeline| pipeline.source.as_str()).collect();
        return Err(unfit(format!(
            "there is no source `{source}`; there are {}",
            known.join(", ")
        )));
    };
    let is_list = pipeline.program.is_some();
    let told = piece.periode.take().or_else(|| piece.periode_bantuan.take());
    let month = match &change.periode {
        Some(month) if last_day(month).is_none() => {
            return Err(unfit(format!("`--periode {month}` is no month; write it as 2020-10")));
        }
        Some(_) if !is_list && !pipeline.periode.required => {
            return Err(unfit(format!("files of source `{source}` have no periode")));
        }
        month => month.clone().or(told),
    };
    if pipeline.periode.required {
        piece.periode = Some(month.ok_or_else(|| {
            unfit(format!(
                "files of source `{source}` belong to a month; say it too, with `--periode 2020-10`"
            ))
        })?);
    } else if is_list {
        piece.periode_bantuan = month;
    }
    match &change.tahap {
        Some(_) if !is_list => return Err(unfit(format!("files of source `{source}` have no tahap"))),
        Some(stage) => piece.tahap = Some(read_stage(stage)?),
        None if !is_list => piece.tahap = None,
        None => {}
    }
    Ok(())
}

fn read_stage(typed: &str) -> Result<String, LakeError> {
    let digits = typed.trim().trim_start_matches('0');
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(unfit(format!(
            "`--tahap {typed}` is no number of a stage; write it as 3"
        )));
    }
    Ok(digits.to_owned())
}

/// The folders that a file of these pieces is kept under: its source and its periode (ruling 44).
pub(super) fn folders_of(pieces: &[Piece], pipelines: &Pipelines) -> (String, String) {
    let Some(first) = pieces.first() else {
        return (OTHER.to_owned(), "tanpa-periode".to_owned());
    };
    let is_dtks = pipelines.get(&first.sumber).is_some_and(Pipeline::is_dtks);
    let several = pieces.iter().any(|piece| piece.sumber != first.sumber);
    let source = if is_dtks && several { "dtks" } else { &first.sumber };
    (source.to_owned(), first.period_folder())
}
