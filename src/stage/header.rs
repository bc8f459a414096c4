//! Finds the header row of a sheet below its titles, and maps its headings to the columns of a pipeline.

use crate::pipeline::{ColumnType, Pipeline, header_key};
use crate::read::{Merge, RawRow};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// How many rows of a sheet are looked at for its header.
pub const PREVIEW_ROWS: usize = 80;

/// A heading of the header row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// As it stands in the file; of a two-row header both parts.
    pub text: String,
    /// Its key.
    pub key: String,
    /// The key of the lower part of a two-row heading, for where both together mean nothing (`ALAMAT` over `DESA`).
    pub lower_key: Option<String>,
}

/// A header found on a sheet.
#[derive(Debug, Clone)]
pub struct Header {
    /// Line of the header row (the last one of a two-row header).
    pub line: u64,
    /// One heading a column.
    pub headings: Vec<Heading>,
    /// What the headings mean.
    pub mapping: Mapping,
}

/// Which column of the pipeline is fed by which columns of the sheet.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// Column of the pipeline, and the sheet columns that carry it: one, or several of the same heading.
    pub columns: Vec<(usize, Vec<usize>)>,
    /// Headings that mean what another, earlier alias already means: pipeline column, sheet column.
    pub competing: Vec<(usize, usize)>,
    /// Sheet columns with a running number.
    pub running: Vec<usize>,
    /// Sheet columns that the pipeline does not map.
    pub others: Vec<usize>,
}

impl Mapping {
    /// With the unmapped columns in the order of their headings, wherever they stand. Of a hundred rows that could be a header only one
    /// is, and to sort the headings of all took a sixth of the time in which files are looked into.
    fn sorted(mut self, headings: &[Heading]) -> Self {
        self.others
            .sort_by(|left, right| (&headings[*left].key, left).cmp(&(&headings[*right].key, right)));
        self
    }

    /// Is the pipeline column of this name mapped?
    pub fn has(&self, pipeline: &Pipeline, name: &str) -> bool {
        self.columns
            .iter()
            .any(|(column, _)| pipeline.columns.get(*column).is_some_and(|spec| spec.name == name))
    }

    /// Does the sheet have one of each group?
    pub fn satisfies(&self, pipeline: &Pipeline, groups: &[Vec<String>]) -> bool {
        groups
            .iter()
            .all(|group| group.iter().any(|name| self.has(pipeline, name)))
    }

    /// The groups of which the sheet has none.
    pub fn missing<'p>(&self, pipeline: &Pipeline, groups: &'p [Vec<String>]) -> Vec<&'p [String]> {
        groups
            .iter()
            .filter(|group| !group.iter().any(|name| self.has(pipeline, name)))
            .map(Vec::as_slice)
            .collect()
    }
}

/// The rows of a sheet that could be its header, each with its headings: read once, and then held against every pipeline.
#[derive(Debug, Default)]
pub struct Readings {
    all: Vec<Reading>,
}

/// A row, alone or with the one below it, as if it were the header.
#[derive(Debug)]
struct Reading {
    /// Line of the row.
    row: u64,
    /// Line of the header: the same, or that of the row below.
    line: u64,
    headings: Vec<Heading>,
    is_pair: bool,
}

impl Readings {
    /// Of the first rows of a sheet.
    pub fn of(preview: &[RawRow], merges: &[Merge]) -> Self {
        let mut all = Vec::new();
        for (index, row) in preview.iter().enumerate().filter(|(_, row)| could_be_header(row)) {
            let pair = preview.get(index + 1).and_then(|below| two_rows(row, below, merges));
            for (headings, line) in [(Some(single_row(row)), row.line), (pair, row.line + 1)] {
                all.extend(headings.map(|headings| Reading {
                    row: row.line,
                    line,
                    is_pair: headings.iter().any(|heading| heading.lower_key.is_some()),
                    headings,
                }));
            }
        }
        Self { all }
    }

    /// What each reading would mean to a pipeline.
    fn meanings<'r>(&'r self, pipeline: &'r Pipeline) -> impl Iterator<Item = (&'r Reading, Rank, Mapping)> {
        let aliases = alias_index(pipeline);
        self.all.iter().filter_map(move |reading| {
            let known = |heading: &Heading| {
                heading
                    .lower_key
                    .as_ref()
                    .is_some_and(|lower| aliases.contains_key(lower) || aliases.contains_key(&heading.key))
            };
            if reading.is_pair && !reading.headings.iter().any(known) {
                return None;
            }
            let mapping = map_headings(&reading.headings, pipeline, &aliases);
            let rank = (
                mapping.satisfies(pipeline, &pipeline.matching.required),
                mapping.columns.len(),
            );
            Some((reading, rank, mapping))
        })
    }
}

/// The header of a sheet for a pipeline: the row (or pair of rows) that maps the most columns and has the required ones.
/// `None` where no row maps at least two columns.
pub fn find_header(readings: &Readings, pipeline: &Pipeline) -> Option<Header> {
    let mut best: Option<(Rank, &Reading, Mapping)> = None;
    for (reading, rank, mapping) in readings.meanings(pipeline) {
        // A two-row header that maps as much as its first row alone is still the better reading: its second row is no data.
        let better = best.as_ref().is_none_or(|(top, before, _)| {
            rank > *top || (rank == *top && reading.line == reading.row + 1 && before.line == reading.row)
        });
        if mapping.columns.len() >= 2 && better {
            best = Some((rank, reading, mapping));
        }
    }
    best.map(|(_, reading, mapping)| Header {
        line: reading.line,
        headings: reading.headings.clone(),
        mapping: mapping.sorted(&reading.headings),
    })
}

/// A row that could be the header, and how many columns of the pipeline it maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderRow {
    /// Its line.
    pub line: u64,
    /// Columns that its headings mean.
    pub columns: usize,
    /// Has it all required ones?
    pub complete: bool,
}

/// The rows that map any column, the best first: those that [`find_header`] chose from.
pub fn header_rows(readings: &Readings, pipeline: &Pipeline) -> Vec<HeaderRow> {
    let meanings = readings.meanings(pipeline);
    let mut rows: Vec<HeaderRow> = meanings
        .map(|(reading, (complete, columns), _)| HeaderRow {
            line: reading.line,
            columns,
            complete,
        })
        .collect();
    rows.retain(|row| row.columns > 0);
    rows.sort_by_key(|row| (!row.complete, Reverse(row.columns), row.line));
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert(row.line));
    rows
}

/// Has it the required columns, and how many does it map?
type Rank = (bool, usize);

fn could_be_header(row: &RawRow) -> bool {
    let filled = row.iter().filter(|cell| !cell.trim().is_empty()).take(2).count();
    filled >= 2
}

fn single_row(row: &RawRow) -> Vec<Heading> {
    row.iter().map(heading).collect()
}

fn heading(text: &str) -> Heading {
    Heading {
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        key: header_key(text),
        lower_key: None,
    }
}

/// A header of two rows: the upper one has cells merged over several columns (or is empty above a lower heading), and the
/// lower one has headings only there.
fn two_rows(upper: &RawRow, lower: &RawRow, merges: &[Merge]) -> Option<Vec<Heading>> {
    let width = upper.len().max(lower.len());
    let group_of = |column: usize| {
        merges.iter().find(|merge| {
            merge.first_row == upper.line
                && merge.last_row == upper.line
                && merge.last_col > merge.first_col
                && (merge.first_col..=merge.last_col).contains(&column)
        })
    };
    let mut group: Option<&str> = None;
    let mut grouped = false;
    let mut headings = Vec::with_capacity(width);
    for column in 0..width {
        let below = lower.cell(column).trim();
        let own = upper.cell(column).trim();
        let merged = group_of(column).map(|merge| upper.cell(merge.first_col).trim());
        if !own.is_empty() {
            // Without merges a group is a heading with blank headings behind it.
            let opens = column + 1 < width && upper.cell(column + 1).trim().is_empty();
            group = Some(own).filter(|_| opens && !lower.cell(column + 1).trim().is_empty());
        }
        if below.is_empty() {
            headings.push(heading(merged.unwrap_or(own)));
            continue;
        }
        if below.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let above = merged.or(group).or(own.is_empty().then_some(""))?;
        headings.push(Heading {
            lower_key: Some(header_key(below)),
            ..heading(format!("{above} {below}").trim())
        });
        grouped = true;
    }
    let first_is_blank = lower.cell(0).trim().is_empty() || group_of(0).is_some();
    (grouped && first_is_blank && lower.line == upper.line + 1).then_some(headings)
}

/// For each key: the pipeline columns that have it as an alias, with the rank of the alias.
fn alias_index(pipeline: &Pipeline) -> HashMap<String, Vec<(usize, usize)>> {
    let mut index: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (column, spec) in pipeline.columns.iter().enumerate() {
        for (rank, alias) in spec.alias.iter().enumerate() {
            let entries = index.entry(header_key(alias)).or_default();
            if !entries.iter().any(|(known, _)| *known == column) {
                entries.push((column, rank));
            }
        }
    }
    index
}

/// Aliases in the pipeline's order; a heading is taken once (ruling 62).
fn map_headings(headings: &[Heading], pipeline: &Pipeline, aliases: &HashMap<String, Vec<(usize, usize)>>) -> Mapping {
    let mut claims: Vec<Vec<(usize, usize)>> = vec![Vec::new(); pipeline.columns.len()];
    let mut mapping = Mapping::default();
    for (sheet_column, heading) in headings.iter().enumerate() {
        let lower = heading.lower_key.as_ref().and_then(|key| aliases.get(key));
        match aliases.get(&heading.key).or(lower).and_then(|found| found.first()) {
            Some((column, rank)) => claims[*column].push((*rank, sheet_column)),
            None => mapping.others.push(sheet_column),
        }
    }
    for (column, mut found) in claims.into_iter().enumerate() {
        if pipeline.columns[column].kind == ColumnType::RunningNumber {
            mapping
                .running
                .extend(found.into_iter().map(|(_, sheet_column)| sheet_column));
            continue;
        }
        found.sort_unstable();
        let Some((_, winner)) = found.first().copied() else {
            continue;
        };
        let same_key = |sheet_column: usize| headings[sheet_column].key == headings[winner].key;
        let (sources, losers): (Vec<_>, Vec<_>) = found
            .into_iter()
            .map(|(_, sheet_column)| sheet_column)
            .partition(|sheet_column| same_key(*sheet_column));
        if pipeline.columns[column].kind.is_compared_as_text() {
            mapping.others.extend(&sources);
        }
        if pipeline.columns[column].kind == ColumnType::Ignored {
            mapping.others.extend(&sources);
            // Known by name only: it helps to recognise the file.
            mapping.columns.push((column, Vec::new()));
        } else {
            mapping.columns.push((column, sources));
        }
        mapping.others.extend(&losers);
        mapping
            .competing
            .extend(losers.into_iter().map(|loser| (column, loser)));
    }
    mapping
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::pipeline::Pipelines;
    use crate::read::Kind;
    use crate::reference;

    fn pipeline(source: &str) -> Pipeline {
        let bundle = Bundle::load(None).unwrap();
        let pipelines = Pipelines::load(&bundle, &reference::built_in().unwrap()).unwrap();
        pipelines.get(source).unwrap().clone()
    }

    fn rows(texts: &[&[&str]]) -> Vec<RawRow> {
        texts
            .iter()
            .enumerate()
            .map(|(index, cells)| {
                let mut row = RawRow::new();
                row.line = index as u64 + 1;
                cells.iter().for_each(|cell| row.push(cell, Kind::Text));
                row
            })
            .collect()
    }

    fn names(header: &Header, pipeline: &Pipeline) -> Vec<(String, usize)> {
        let columns = header.mapping.columns.iter();
        columns
            .map(|(column, sources)| (pipeline.columns[*column].name.clone(), sources[0]))
            .collect()
    }

    #[test]
    fn the_header_is_found_below_the_titles() {
        let kpe = pipeline("kpe");
        let preview = rows(&[
            &["DAFTAR PENERIMA KPE"],
            &["KABUPATEN", "TRENGGALEK"],
            &["NO", " NAMA ", "NIK", "NO. KK", "DESA"],
            &["1", "SITI", "3503110203850001", "", ""],
        ]);
        let header = find_header(&Readings::of(&preview, &[]), &kpe).unwrap();
        assert_eq!(header.line, 3);
        assert_eq!(header.mapping.running, [0]);
        assert!(names(&header, &kpe).contains(&("no_kk".to_owned(), 3)));
    }

    #[test]
    fn a_group_over_two_headings_makes_a_two_row_header() {
        let usulan = pipeline("usulan");
        let preview = rows(&[
            &["NO", "NIK", "NAMA", "", "NO. KK"],
            &["", "", "PENDAFTAR", "TERDAFTAR", ""],
            &["1", "3503110203850001", "SITI", "SITI A", ""],
        ]);
        let merge = Merge {
            first_row: 1,
            last_row: 1,
            first_col: 2,
            last_col: 3,
        };
        let header = find_header(&Readings::of(&preview, &[merge]), &usulan).unwrap();
        assert_eq!(header.line, 2);
        assert!(names(&header, &usulan).contains(&("nama".to_owned(), 2)));
        assert_eq!(header.mapping.competing.len(), 1);
    }

    #[test]
    fn a_two_row_header_needs_no_merges() {
        let usulan = pipeline("usulan");
        let preview = rows(&[
            &["NO", "NIK", "NAMA", "", "NO. KK"],
            &["", "", "PENDAFTAR", "TERDAFTAR", ""],
            &["1", "3503110203850001", "SITI", "SITI A", ""],
        ]);
        let header = find_header(&Readings::of(&preview, &[]), &usulan).unwrap();
        assert_eq!(header.line, 2);
        assert!(names(&header, &usulan).contains(&("nama".to_owned(), 2)));
    }

    #[test]
    fn a_row_of_data_is_no_second_header_row() {
        let usulan = pipeline("usulan");
        let preview = rows(&[&["NO", "NIK", "NAMA", "", "NO. KK"], &["", "", "SITI", "AMINAH", ""]]);
        assert_eq!(find_header(&Readings::of(&preview, &[]), &usulan).unwrap().line, 1);
    }

    #[test]
    fn the_earlier_alias_wins_and_the_other_is_reported() {
        let art = pipeline("dtks_art");
        let preview = rows(&[&["IDARTBDT", "IDBDT", "Nama", "HubKRT", "Hub_KRT"]]);
        let header = find_header(&Readings::of(&preview, &[]), &art).unwrap();
        assert!(names(&header, &art).contains(&("hubungan_krt".to_owned(), 4)));
        assert_eq!(header.mapping.competing.len(), 1);
    }
}
