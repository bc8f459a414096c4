//! Reads single lines of the raw files in the lake, as they came.

use super::Origin;
use super::mask::masked;
use crate::lake::{Catalogue, Corrections, Entry, Piece};
use crate::pipeline::{ColumnType, Pipeline, Pipelines};
use crate::read::{Limits, Next, RawRow, RowSource};
use crate::run::RunError;
use crate::stage::{FilePlan, Header, Input, SheetPlan, recognise_as};
use crate::warehouse::Models;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A cell of a raw line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RawCell {
    /// Its heading in the file.
    pub judul: String,
    /// The column that it feeds, where it feeds one.
    pub kolom: Option<String>,
    /// Its text.
    pub nilai: String,
    /// What a corrected sheet has in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub koreksi: Option<String>,
}

/// Lines of the lake.
pub struct RawLines<'a> {
    /// What the lake holds.
    pub catalogue: &'a Catalogue,
    /// The sources.
    pub pipelines: &'a Pipelines,
    /// The models, which say what is personal.
    pub models: &'a Models,
    /// Corrected rows.
    pub corrections: &'a Corrections,
}

type Wanted = BTreeSet<(String, u64)>;
type Found = BTreeMap<(String, u64), RawRow>;

impl RawLines<'_> {
    /// Gives each origin the cells of its line; each file is read once. A file that is no longer in the lake gives none.
    ///
    /// # Errors
    /// [`RunError`] where a file cannot be read.
    pub fn fill(&self, origins: &mut [Origin], personal: bool) -> Result<(), RunError> {
        let files: BTreeSet<String> = origins.iter().map(|origin| origin.id_berkas.clone()).collect();
        for id in files {
            let Some((entry, piece)) = self.piece(&id) else {
                continue;
            };
            let Some(pipeline) = self.pipelines.get(&piece.sumber) else {
                continue;
            };
            let of_file = origins.iter().filter(|origin| origin.id_berkas == id);
            let wanted: Wanted = of_file
                .map(|origin| (origin.lembar.clone(), origin.nomor_baris))
                .collect();
            let input = Input::piece(entry.path.clone(), piece.indeks.zip(piece.anggota.clone()));
            let plan = self.plan(entry, pipeline, &input)?;
            let found = read_lines(&input, &plan, &wanted)?;
            for origin in origins.iter_mut().filter(|origin| origin.id_berkas == id) {
                let Some(sheet) = plan.sheets.iter().find(|sheet| sheet.name == origin.lembar) else {
                    continue;
                };
                let row = found.get(&(origin.lembar.clone(), origin.nomor_baris));
                let corrected = self.corrections.of(&id);
                let corrected =
                    corrected.and_then(|rows| rows.row(&sheet.name, origin.nomor_baris, &sheet.header, row));
                origin.isi = self.cells(
                    &sheet.header,
                    row,
                    corrected.as_ref(),
                    pipeline,
                    &origin.tabel,
                    personal,
                );
                origin.koreksi = self.corrections_of(origin);
            }
        }
        Ok(())
    }

    /// The stored file and piece of this id.
    pub fn piece(&self, id: &str) -> Option<(&Entry, &Piece)> {
        let pieces = self
            .catalogue
            .entries
            .iter()
            .flat_map(|entry| entry.bagian.iter().map(move |piece| (entry, piece)));
        pieces.into_iter().find(|(entry, piece)| entry.piece_id(piece) == id)
    }

    /// Where the headers of a piece are.
    ///
    /// # Errors
    /// [`RunError`] where it can no longer be read.
    pub fn plan(&self, entry: &Entry, pipeline: &Pipeline, input: &Input) -> Result<FilePlan, RunError> {
        recognise_as(input, pipeline, Limits::default()).map_err(|refusal| unreadable(&entry.nama, &refusal))
    }

    fn corrections_of(&self, origin: &Origin) -> Vec<crate::lake::Correction> {
        let named = self.corrections.all.iter().filter(|row| {
            row.id_berkas == origin.id_berkas && row.lembar == origin.lembar && row.nomor_baris == origin.nomor_baris
        });
        named.cloned().collect()
    }

    fn cells(
        &self,
        header: &Header,
        row: Option<&RawRow>,
        corrected: Option<&RawRow>,
        pipeline: &Pipeline,
        table: &str,
        personal: bool,
    ) -> Vec<RawCell> {
        let mut cells = Vec::new();
        for (index, heading) in header.headings.iter().enumerate() {
            let text = row.map_or("", |row| row.cell(index).trim());
            let now = corrected.map_or(text, |row| row.cell(index).trim());
            if text.is_empty() && now.is_empty() {
                continue;
            }
            let column = column_of(header, pipeline, index);
            let shown = |text: &str| {
                if personal {
                    text.to_owned()
                } else {
                    self.mask(column, pipeline, table, text)
                }
            };
            cells.push(RawCell {
                judul: heading.text.clone(),
                kolom: column.map(str::to_owned),
                nilai: shown(text),
                koreksi: (now != text).then(|| shown(now)),
            });
        }
        cells
    }

    /// By the class of the warehouse column; a column that nobody knows is shown as its shape.
    fn mask(&self, column: Option<&str>, pipeline: &Pipeline, table: &str, text: &str) -> String {
        let Some(column) = column else {
            return masked("", "", text);
        };
        let is_place = pipeline
            .column(column)
            .is_some_and(|spec| spec.kind == ColumnType::Place);
        let model = self.models.ordered.iter().find(|model| model.name == table);
        let sheet = model.and_then(|model| model.columns.iter().find(|known| known.name == column));
        let class = match sheet {
            Some(sheet) => sheet.class.as_str(),
            None if is_place => "umum",
            None => "pribadi",
        };
        masked(column, class, text)
    }
}

/// The pipeline column that a sheet column feeds.
pub fn column_of<'p>(header: &Header, pipeline: &'p Pipeline, index: usize) -> Option<&'p str> {
    let (column, _) = header
        .mapping
        .columns
        .iter()
        .find(|(_, sources)| sources.contains(&index))?;
    pipeline.columns.get(*column).map(|spec| spec.name.as_str())
}

fn unreadable(name: &str, cause: &impl std::fmt::Display) -> RunError {
    RunError::Usage(format!("`{name}` in the lake cannot be read again: {cause}"))
}

/// The lines of a piece that are wanted.
///
/// # Errors
/// [`RunError`] where it cannot be read.
pub fn read_lines(input: &Input, plan: &FilePlan, wanted: &Wanted) -> Result<Found, RunError> {
    let mut found = Found::new();
    look_up(input, plan, wanted, &mut |sheet, line, row| {
        if let Some(row) = row {
            found.insert((sheet.to_owned(), line), row.clone());
        }
    })?;
    Ok(found)
}

/// Those of the wanted lines that the piece has, with the broken ones.
///
/// # Errors
/// [`RunError`] where it cannot be read.
pub fn existing_lines(input: &Input, plan: &FilePlan, wanted: &Wanted) -> Result<Wanted, RunError> {
    let mut found = Wanted::new();
    look_up(input, plan, wanted, &mut |sheet, line, _| {
        found.insert((sheet.to_owned(), line));
    })?;
    Ok(found)
}

/// Is told sheet, line and row; the row is `None` where it is broken.
type Told<'t> = &'t mut dyn FnMut(&str, u64, Option<&RawRow>);

fn look_up(input: &Input, plan: &FilePlan, wanted: &Wanted, told: Told<'_>) -> Result<(), RunError> {
    let name = input
        .path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    for sheet in &plan.sheets {
        let lines: BTreeSet<u64> = wanted
            .iter()
            .filter(|(lembar, _)| *lembar == sheet.name)
            .map(|(_, line)| *line)
            .collect();
        if lines.is_empty() {
            continue;
        }
        let read = if plan.format.is_workbook() {
            let book = input.open_workbook(plan.format, Limits::default());
            book.and_then(|mut book| pick(book.rows(sheet.index)?.as_mut(), sheet, &lines, told))
        } else {
            input.open_csv().and_then(|mut csv| pick(&mut csv, sheet, &lines, told))
        };
        read.map_err(|error| unreadable(&name, &error))?;
    }
    Ok(())
}

fn pick(
    source: &mut dyn RowSource,
    sheet: &SheetPlan,
    lines: &BTreeSet<u64>,
    told: Told<'_>,
) -> Result<(), crate::read::ReadError> {
    let last = lines.last().copied().unwrap_or(0);
    let mut row = RawRow::new();
    loop {
        row.clear();
        match source.next_row(&mut row)? {
            Next::End => return Ok(()),
            Next::Row if row.line > last => return Ok(()),
            Next::Row if lines.contains(&row.line) => told(&sheet.name, row.line, Some(&row)),
            Next::Broken(broken) if lines.contains(&broken.line) => told(&sheet.name, broken.line, None),
            Next::Row | Next::Broken(_) => {}
        }
    }
}
