//! Recognition that shows its reasons: the same answer as [`super::recognise`], with what was weighed on the way.

use super::header::{HeaderRow, Readings, header_rows};
use super::input::Input;
use super::look::{Dialect, Looked, Preview, look};
use super::recognise::{Judged, Recognition, SheetPlan, choose, name_word, named_pipelines, rank};
use super::refusal::Refusal;
use crate::pipeline::{Pipeline, Pipelines};
use crate::read::{Format, Limits, RawRow};

/// A source that was weighed.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The source.
    pub source: String,
    /// Its word in the name of the file, or in that of the zip around it.
    pub word: Option<String>,
    /// Do its columns alone tell it?
    pub signed: bool,
    /// Columns that it understands on its best sheet.
    pub columns: usize,
    /// Sheets on which it finds a header.
    pub sheets: Vec<SheetPlan>,
}

/// What a piece is, and why.
pub struct Examination {
    /// What the bytes are, where they can be read.
    pub format: Option<Format>,
    /// How text is written.
    pub dialect: Option<Dialect>,
    /// All sources, the best first.
    pub candidates: Vec<Candidate>,
    /// The answer.
    pub outcome: Result<Recognition, Refusal>,
    previews: Vec<Preview>,
}

impl Examination {
    /// Position and name of each sheet.
    pub fn sheets(&self) -> impl Iterator<Item = (usize, &str)> {
        self.previews
            .iter()
            .map(|preview| (preview.index, preview.name.as_str()))
    }

    /// Rows of a sheet that could be the header, the best first.
    pub fn header_rows(&self, sheet: usize, pipeline: &Pipeline) -> Vec<HeaderRow> {
        let preview = self.previews.iter().find(|preview| preview.index == sheet);
        preview.map_or_else(Vec::new, |preview| {
            header_rows(&Readings::of(&preview.rows, &preview.merges), pipeline)
        })
    }

    /// The first rows of a sheet below this line.
    pub fn rows_below(&self, sheet: usize, line: u64) -> impl Iterator<Item = &RawRow> {
        let preview = self.previews.iter().find(move |preview| preview.index == sheet);
        let rows = preview.into_iter().flat_map(|preview| preview.rows.iter());
        rows.filter(move |row| row.line > line)
    }
}

/// Recognises one piece and keeps what was weighed; `delivery` is the name of the zip around it.
pub fn examine(
    input: &Input,
    name: &str,
    delivery: Option<&str>,
    pipelines: &Pipelines,
    limits: Limits,
) -> Examination {
    let named = named_pipelines(name, delivery, pipelines);
    let without_rows = |outcome| Examination {
        format: input.format().ok(),
        dialect: None,
        candidates: Vec::new(),
        outcome,
        previews: Vec::new(),
    };
    match look(input, name, &named, limits) {
        Err(refusal) => without_rows(Err(refusal)),
        Ok(Looked::Unreadable(why)) => without_rows(Ok(Recognition::Unknown(why))),
        Ok(Looked::Rows(sight)) => {
            let ranked = rank(name, &sight.previews, &named, pipelines);
            let candidates = ranked.iter().map(|judged| candidate(judged, name, delivery)).collect();
            let outcome = choose(&sight, ranked).map_err(|refusal| refusal.in_member(input.member_name()));
            Examination {
                format: Some(sight.format),
                dialect: sight.dialect,
                candidates,
                outcome,
                previews: sight.previews,
            }
        }
    }
}

fn candidate(judged: &Judged<'_>, name: &str, delivery: Option<&str>) -> Candidate {
    let word = name_word(name, judged.pipeline);
    let word = word.or_else(|| name_word(delivery?, judged.pipeline));
    Candidate {
        source: judged.pipeline.source.clone(),
        word: word.map(str::to_owned),
        signed: judged.signed,
        columns: judged.columns,
        sheets: judged.sheets.clone(),
    }
}
