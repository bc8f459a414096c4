//! The rows of a file that are kept, batch by batch: the mapped cells column by column, and what is needed of the others.

use super::header::{Header, Mapping};
use super::rows::{Carried, MergedPlaces};
use super::usable::UsableId;
use crate::pipeline::{ColumnType, Pipeline};
use crate::read::{Kind, RawRow};
use crate::standardise::CellColumn;
use crate::standardise::text::filled;
use crate::wilayah::Wilayah;

/// Rows in a batch, and so in a row group of the staged Parquet: as many as a row group of the engine's tables has. Of smaller
/// ones the engine leaves odd ends, which it writes once more, on one thread, when the warehouse is closed.
pub const BATCH_ROWS: usize = 122_880;

/// A batch of longer cells than people have is full before that: a field may have a megabyte.
const BATCH_BYTES: usize = 256 << 20;

/// The cells of a batch of rows.
#[derive(Debug)]
pub struct Batch {
    /// Line of each row as a person counts it.
    pub lines: Vec<u64>,
    /// Running number of each row over all sheets.
    pub order: Vec<u64>,
    /// One column of cells for each column of the pipeline; empty for a column that the file lacks.
    pub columns: Vec<CellColumn>,
    /// Which columns of the pipeline the sheet has.
    pub present: Vec<bool>,
    /// How many cells that no kernel cleans are filled (for ruling 3).
    pub filled_others: Vec<u32>,
    /// Text of the cells that the pipeline does not map, for the comparison of list rows (ruling 52); lists only.
    pub other_text: CellColumn,
    /// Text of the whole row but its running number; lists only.
    pub raw_text: CellColumn,
    keep_text: bool,
    /// Bytes of the rows, as they stood.
    bytes: usize,
}

/// Which sheet columns of a mapped column were filled, to find the same heading filled twice.
#[derive(Debug, Default, Clone)]
pub struct FilledTwice {
    seen: Vec<Vec<bool>>,
}

impl FilledTwice {
    /// The pipeline column whose heading stands twice with both filled.
    pub fn column(&self, pipeline: &Pipeline, mapping: &Mapping) -> Option<(usize, usize)> {
        self.seen
            .iter()
            .zip(&mapping.columns)
            .find_map(|(seen, (column, sources))| {
                let filled = seen.iter().filter(|seen| **seen).count();
                (filled > 1 && !pipeline.columns[*column].kind.is_compared_as_text())
                    .then(|| (*column, sources.first().copied().unwrap_or(0)))
            })
    }
}

impl Batch {
    /// An empty batch for a sheet of this pipeline.
    pub fn new(pipeline: &Pipeline, mapping: &Mapping) -> Self {
        let mut present = vec![false; pipeline.columns.len()];
        for (column, sources) in &mapping.columns {
            present[*column] = !sources.is_empty();
        }
        Self {
            lines: Vec::new(),
            order: Vec::new(),
            columns: vec![CellColumn::default(); pipeline.columns.len()],
            present,
            filled_others: Vec::new(),
            other_text: CellColumn::default(),
            raw_text: CellColumn::default(),
            keep_text: !pipeline.is_dtks(),
            bytes: 0,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Has it no rows?
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Is it full?
    pub fn is_full(&self) -> bool {
        self.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The cells of the pipeline column of this name; `None` where the file lacks it.
    pub fn column(&self, pipeline: &Pipeline, name: &str) -> Option<&CellColumn> {
        let index = pipeline.columns.iter().position(|column| column.name == name)?;
        self.present[index].then(|| &self.columns[index])
    }

    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.order.clear();
        self.bytes = 0;
        self.columns.iter_mut().for_each(CellColumn::clear);
        self.filled_others.clear();
        self.other_text.clear();
        self.raw_text.clear();
    }
}

/// What is counted of a mapped column: the value after cleaning, or, for these two, the cell as it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SlotKind {
    Cleaned,
    Place,
    Flag,
}

/// A mapped column: where it comes from and where it goes.
#[derive(Clone, Copy)]
struct Slot {
    /// Its position in the mapping.
    position: usize,
    column: usize,
    first: usize,
    /// Does the heading stand more than once?
    many: bool,
    kind: SlotKind,
}

fn slots(pipeline: &Pipeline, mapping: &Mapping) -> Vec<Slot> {
    let slot = |(position, (column, sources)): (usize, &(usize, Vec<usize>))| {
        Some(Slot {
            position,
            column: *column,
            first: sources.first().copied()?,
            many: sources.len() > 1,
            kind: match pipeline.columns[*column].kind {
                ColumnType::Place => SlotKind::Place,
                ColumnType::Flag => SlotKind::Flag,
                _ => SlotKind::Cleaned,
            },
        })
    };
    mapping.columns.iter().enumerate().filter_map(slot).collect()
}

/// Adds rows of one sheet to a batch.
pub struct BatchWriter<'a> {
    header: &'a Header,
    /// Merged place cells.
    pub merged: MergedPlaces,
    kecamatan: Option<usize>,
    desa: Option<usize>,
    /// What was filled where a heading stands twice.
    pub filled_twice: FilledTwice,
    /// Which rows of DTKS say whom they are about.
    pub usable: Option<UsableId<'a>>,
    /// Sheet column and pipeline column of what is taken as it stands.
    plain: Vec<(usize, usize)>,
    slots: Vec<Slot>,
    mapped: Vec<bool>,
    text: String,
}

impl<'a> BatchWriter<'a> {
    /// A writer for one sheet; `merged` are its merged place cells.
    pub fn new(pipeline: &'a Pipeline, header: &'a Header, merged: MergedPlaces, wilayah: &'a Wilayah) -> Self {
        let position = |name: &str| pipeline.columns.iter().position(|column| column.name == name);
        let seen = header
            .mapping
            .columns
            .iter()
            .map(|(_, sources)| vec![false; sources.len()])
            .collect();
        let mut mapped = vec![false; pipeline.columns.len()];
        for (column, sources) in &header.mapping.columns {
            mapped[*column] |= !sources.is_empty();
        }
        let (plain, slots): (Vec<_>, Vec<_>) = slots(pipeline, &header.mapping)
            .into_iter()
            .partition(|slot| !slot.many && slot.kind == SlotKind::Cleaned);
        Self {
            header,
            merged,
            kecamatan: position("kecamatan"),
            desa: position("desa"),
            filled_twice: FilledTwice { seen },
            usable: UsableId::of_sheet(pipeline, header, wilayah),
            plain: plain.into_iter().map(|slot| (slot.first, slot.column)).collect(),
            slots,
            mapped,
            text: String::new(),
        }
    }

    /// Adds a row.
    pub fn add(&mut self, batch: &mut Batch, row: &RawRow, order: u64, carried: &Carried) {
        batch.lines.push(row.line);
        batch.order.push(order);
        batch.bytes += row.bytes();
        let text_only = row.is_text_only();
        if text_only {
            for (source, column) in &self.plain {
                batch.columns[*column].push_text(row.cell(*source));
            }
        } else {
            for (source, column) in &self.plain {
                batch.columns[*column].push(row.cell(*source), row.kind(*source));
            }
        }
        let mut others = self.add_slots(batch, row, text_only, carried);
        self.add_carried(batch, carried);
        for column in &self.header.mapping.others {
            // Most columns that nobody maps are empty.
            others += u32::from(!row.is_void(*column) && filled(row.cell(*column)).is_some());
        }
        batch.filled_others.push(others);
        if batch.keep_text {
            self.add_text(batch, row);
        }
    }

    /// Cells that are not simply taken as they stand; how many of those that no kernel cleans are filled.
    fn add_slots(&mut self, batch: &mut Batch, row: &RawRow, text_only: bool, carried: &Carried) -> u32 {
        let mut others = 0;
        for slot in 0..self.slots.len() {
            let Slot {
                position,
                column,
                first,
                many,
                kind,
            } = self.slots[slot];
            let source = if many { self.pick(position, row) } else { first };
            let own = row.cell(source);
            let text = match kind {
                SlotKind::Place => {
                    let merged = self.merged.value(source, row);
                    carried_or(merged, column, self.kecamatan, self.desa, carried)
                }
                _ => own,
            };
            if text_only {
                batch.columns[column].push_text(text);
            } else {
                batch.columns[column].push(text, row.kind(source));
            }
            if kind != SlotKind::Cleaned {
                others += u32::from(filled(own).is_some());
            }
        }
        others
    }

    /// A sheet without a kecamatan column, whose kecamatan stands in sub-headers.
    fn add_carried(&self, batch: &mut Batch, carried: &Carried) {
        for (column, text) in [(self.kecamatan, &carried.kecamatan), (self.desa, &carried.desa)] {
            let Some(column) = column else { continue };
            if self.mapped[column] || (text.is_empty() && !batch.present[column]) {
                continue;
            }
            batch.present[column] = true;
            // Rows above the first sub-header have none.
            while batch.columns[column].len() + 1 < batch.lines.len() {
                batch.columns[column].push("", Kind::Empty);
            }
            batch.columns[column].push(text, Kind::Text);
        }
    }

    fn pick(&mut self, position: usize, row: &RawRow) -> usize {
        let sources = &self.header.mapping.columns[position].1;
        let mut picked = None;
        for (nth, source) in sources.iter().enumerate() {
            if filled(row.cell(*source)).is_some() {
                self.filled_twice.seen[position][nth] = true;
                picked.get_or_insert(*source);
            }
        }
        picked.unwrap_or(sources[0])
    }

    fn add_text(&mut self, batch: &mut Batch, row: &RawRow) {
        let text = &mut self.text;
        text.clear();
        for column in &self.header.mapping.others {
            push_pair(text, &self.header.headings[*column].key, row.cell(*column));
        }
        batch.other_text.push(text, Kind::Text);
        text.clear();
        for (column, heading) in self.header.headings.iter().enumerate() {
            if !self.header.mapping.running.contains(&column) {
                push_pair(text, &heading.key, row.cell(column));
            }
        }
        batch.raw_text.push(text, Kind::Text);
    }
}

fn carried_or<'t>(
    text: &'t str,
    column: usize,
    kecamatan: Option<usize>,
    desa: Option<usize>,
    carried: &'t Carried,
) -> &'t str {
    if !text.trim().is_empty() {
        return text;
    }
    if Some(column) == kecamatan {
        &carried.kecamatan
    } else if Some(column) == desa {
        &carried.desa
    } else {
        text
    }
}

/// An empty cell leaves no trace, so that a column that a sheet lacks and one that is empty compare alike.
fn push_pair(text: &mut String, key: &str, cell: &str) {
    if let Some(cell) = filled(cell) {
        text.push_str(key);
        text.push('=');
        text.push_str(cell);
        text.push('\u{1f}');
    }
}
