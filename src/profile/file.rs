//! Files: every sheet and member as a table of raw text.

use super::ProfileError;
use super::class::Headings;
use super::engine::Scratch;
use super::header::{Guess, guess, label, preview};
use super::load::{Field, load, shown_label};
use super::measure::Measuring;
use super::report::TableProfile;
use crate::pipeline::{ColumnSpec, ColumnType, Pipeline};
use crate::read::{Archive, Format, Limits, Next, RawRow, ReadError, RowSource};
use crate::run::Project;
use crate::stage::{FilePlan, Input, Recognition, Refusal, SheetPlan, recognise};
use std::path::Path;

/// Profiles files, one after the other in one scratch database.
pub struct Files<'a> {
    /// The database.
    pub scratch: &'a Scratch,
    /// Pipelines and models.
    pub project: &'a Project,
    /// Show values of personal columns?
    pub show: bool,
    /// The tables that were found.
    pub tables: Vec<TableProfile>,
    /// What was passed over.
    pub notes: Vec<String>,
}

/// A sheet, and where its headings are.
struct Sheet {
    index: usize,
    name: String,
    line: u64,
    source: Option<String>,
    fields: Vec<Field>,
}

impl Files<'_> {
    /// A loose file or a zip; `member` picks one of its members.
    pub fn file(&mut self, path: &Path, name: &str, member: Option<usize>) -> Result<(), ProfileError> {
        let whole = Input::file(path);
        let format = whole.format().map_err(|error| unreadable(&error, &whole))?;
        if format != Format::Zip {
            return self.input(&whole, name, None);
        }
        let archive = Archive::open(path).map_err(|error| unreadable(&error, &whole))?;
        for found in archive.members() {
            if member.is_some_and(|index| index != found.index) {
                continue;
            }
            let input = Input::piece(path.to_owned(), Some((found.index, found.name.clone())));
            let own_name = found.name.rsplit(['/', '\\']).next().unwrap_or(&found.name);
            self.input(&input, own_name, Some(name))?;
        }
        Ok(())
    }

    fn input(&mut self, input: &Input, name: &str, delivery: Option<&str>) -> Result<(), ProfileError> {
        let format = input.format().map_err(|error| unreadable(&error, input))?;
        let refusal = format.refusal();
        match refusal {
            // A picture beside the data is no reason to say nothing about the data.
            Some(error) if input.member.is_some() => {
                self.notes.push(format!("`{name}`: {error}"));
                return Ok(());
            }
            Some(error) => return Err(unreadable(&error, input).into()),
            None if format == Format::Zip => {
                self.notes
                    .push(format!("`{name}` is a zip inside the zip and is not opened"));
                return Ok(());
            }
            None => {}
        }
        let plan = match recognise(input, name, delivery, &self.project.pipelines, Limits::default()) {
            Ok(Recognition::Known(plan)) => Some(plan),
            Ok(Recognition::Unknown(_)) => None,
            Err(refusal) if matches!(refusal.code.as_str(), "E0201" | "E0501") => return Err(refusal.into()),
            Err(refusal) => {
                self.notes.push(format!("`{name}`: {refusal}"));
                None
            }
        };
        if let Some(plan) = &plan {
            let skipped = plan.skipped_sheets.iter();
            self.notes.extend(
                skipped.map(|sheet| format!("`{name}`: sheet `{sheet}` has no headings that its source knows")),
            );
        }
        if format.is_workbook() {
            self.workbook(input, name, format, plan.as_deref())
        } else {
            self.text(input, name, plan.as_deref())
        }
    }

    fn text(&mut self, input: &Input, name: &str, plan: Option<&FilePlan>) -> Result<(), ProfileError> {
        let refuse = |error: &ReadError| unreadable(error, input);
        let mut sheet = match plan.and_then(|plan| plan.sheets.first().map(|sheet| (plan, sheet))) {
            Some((plan, sheet)) => self.known(plan, sheet),
            None => {
                let mut csv = input.open_csv().map_err(|error| refuse(&error))?;
                let rows = preview(&mut csv).map_err(|error| refuse(&error))?;
                self.guessed(0, "", guess(&rows))
            }
        };
        let mut csv = input.open_csv().map_err(|error| refuse(&error))?;
        let mut row = RawRow::new();
        let is_header = |row: &RawRow| row.line >= sheet.line;
        loop {
            if sheet.line == 0 {
                break;
            }
            row.clear();
            match csv.next_row(&mut row).map_err(|error| refuse(&error))? {
                Next::Row if is_header(&row) => break,
                Next::End => break,
                Next::Row | Next::Broken(_) => {}
            }
        }
        csv.set_expected_fields(sheet.fields.len());
        self.measure(&mut sheet, &mut csv, name, input)
    }

    fn workbook(
        &mut self,
        input: &Input,
        name: &str,
        format: Format,
        plan: Option<&FilePlan>,
    ) -> Result<(), ProfileError> {
        let refuse = |error: &ReadError| unreadable(error, input);
        let mut workbook = input
            .open_workbook(format, Limits::default())
            .map_err(|error| refuse(&error))?;
        let names: Vec<String> = workbook.sheets().iter().map(|sheet| sheet.name.clone()).collect();
        let mut sheets = Vec::new();
        match plan {
            Some(plan) => sheets.extend(plan.sheets.iter().map(|sheet| self.known(plan, sheet))),
            None => {
                for (index, sheet) in names.iter().enumerate() {
                    let mut rows = workbook.rows(index).map_err(|error| refuse(&error))?;
                    let rows = preview(rows.as_mut()).map_err(|error| refuse(&error))?;
                    if rows.is_empty() {
                        self.notes.push(format!("`{name}`: sheet `{sheet}` is empty"));
                    } else {
                        sheets.push(self.guessed(index, sheet, guess(&rows)));
                    }
                }
            }
        }
        for mut sheet in sheets {
            let mut rows = workbook.rows(sheet.index).map_err(|error| refuse(&error))?;
            let title = if names.len() > 1 {
                format!("{name} · {}", sheet.name)
            } else {
                name.to_owned()
            };
            self.measure(&mut sheet, rows.as_mut(), &title, input)?;
        }
        Ok(())
    }

    /// The columns of a sheet whose source is known.
    fn known(&self, plan: &FilePlan, sheet: &SheetPlan) -> Sheet {
        let headings = Headings::new(&self.project.pipelines, &self.project.models);
        let pipeline = self.project.pipelines.get(&plan.source);
        let mapping = &sheet.header.mapping;
        let width = sheet
            .header
            .headings
            .iter()
            .rposition(|heading| !heading.text.is_empty())
            .map_or(0, |last| last + 1);
        let own = |column: usize| -> Option<(&Pipeline, &ColumnSpec)> {
            let mapped = mapping.columns.iter().find(|(_, sources)| sources.contains(&column));
            let competing = || mapping.competing.iter().find(|(_, loser)| *loser == column);
            let spec = mapped
                .map(|(spec, _)| *spec)
                .or_else(|| competing().map(|(spec, _)| *spec))?;
            Some((pipeline?, pipeline?.columns.get(spec)?))
        };
        let fields = sheet
            .header
            .headings
            .iter()
            .take(width)
            .enumerate()
            .map(|(index, heading)| {
                let own = own(index);
                Field {
                    label: label(index, &heading.text),
                    warehouse: own.map(|(_, spec)| spec.name.clone()),
                    class: headings.class(&heading.text, own),
                    code: own.is_some_and(|(_, spec)| is_code(spec.kind)),
                    running: mapping.running.contains(&index),
                    ..Field::default()
                }
            });
        Sheet {
            index: sheet.index,
            name: sheet.name.clone(),
            line: sheet.header.line,
            source: Some(plan.source.clone()),
            fields: fields.collect(),
        }
    }

    /// The columns of a sheet whose source is not known.
    fn guessed(&self, index: usize, name: &str, guess: Guess) -> Sheet {
        let headings = Headings::new(&self.project.pipelines, &self.project.models);
        let fields = guess.labels.into_iter().map(|text| Field {
            class: headings.class(&text, None),
            label: shown_label(text),
            ..Field::default()
        });
        Sheet {
            index,
            name: name.to_owned(),
            line: guess.line.unwrap_or(0),
            source: None,
            fields: fields.collect(),
        }
    }

    fn measure(
        &mut self,
        sheet: &mut Sheet,
        rows: &mut dyn RowSource,
        title: &str,
        input: &Input,
    ) -> Result<(), ProfileError> {
        if sheet.fields.is_empty() {
            self.notes.push(format!("`{title}` has no rows"));
            return Ok(());
        }
        let widest = Limits::default().columns as usize;
        if sheet.fields.len() > widest {
            self.notes
                .push(format!("`{title}`: only the first {widest} columns are profiled"));
            sheet.fields.truncate(widest);
        }
        let connection = &self.scratch.connection;
        let refuse = |error: &ReadError| unreadable(error, input);
        let loaded = load(connection, rows, sheet.line, &mut sheet.fields, &refuse)?;
        let measuring = Measuring {
            connection,
            show: self.show,
        };
        let figures = measuring.table(&sheet.fields)?;
        self.tables.push(TableProfile {
            nama: title.to_owned(),
            sumber: sheet.source.clone(),
            baris_judul: Some(sheet.line).filter(|line| *line > 0),
            baris: figures.rows,
            baris_rusak: loaded.broken,
            baris_ganda: figures.repeated,
            sel_di_luar: loaded.outside,
            kolom: figures.columns,
            korelasi_kosong: figures.pairs,
        });
        Ok(())
    }
}

/// Digits of these columns name a thing.
fn is_code(kind: ColumnType) -> bool {
    use ColumnType as Held;
    !matches!(
        kind,
        Held::Integer
            | Held::Decimal
            | Held::Percentile
            | Held::Desil
            | Held::Rupiah
            | Held::Date
            | Held::RunningNumber
            | Held::Ignored
    )
}

fn unreadable(error: &ReadError, input: &Input) -> Refusal {
    Refusal::from(error).in_member(input.member_name())
}
