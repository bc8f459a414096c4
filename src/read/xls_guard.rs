//! Weighing a .xls before calamine may have it: its parser makes a dense rectangle of every sheet when it opens the
//! file, and a failed allocation cannot be caught.

use super::compound::{Compound, u16_at, u32_at};
use super::sheet::column_name;
use super::{Limits, ReadError, Result};

const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
const PASSWORD: u16 = 0x002F;
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];
const NUMBERS: u16 = 0x00BD;

/// Refuses a workbook whose sheets would not fit into memory, or that is encrypted.
pub(super) fn check(container: &Compound, limits: &Limits) -> Result<()> {
    if container.has("EncryptedPackage") {
        return Err(ReadError::PasswordProtected);
    }
    let stream = container
        .stream("Workbook")
        .or_else(|| container.stream("Book"))
        .ok_or(ReadError::NoWorkbook)?;
    let starts = sheet_starts(&stream)?;
    if starts.len() > limits.sheets {
        return Err(ReadError::TooLarge {
            what: "the number of sheets".into(),
            limit: limits.sheets.to_string(),
        });
    }
    let mut area = 0_u64;
    for start in starts {
        let sheet = stream.get(start..).ok_or(ReadError::PartDamaged {
            part: "Workbook".into(),
        })?;
        area = area.saturating_add(sheet_area(sheet, limits)?);
    }
    if area > limits.cells {
        let what = "the rectangle of cells in the workbook".into();
        return Err(ReadError::TooLarge {
            what,
            limit: limits.cells.to_string(),
        });
    }
    Ok(())
}

struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.bytes, 0)?;
        let length = usize::from(u16_at(self.bytes, 2)?);
        let data = self.bytes.get(4..4 + length)?;
        self.bytes = &self.bytes[4 + length..];
        Some((kind, data))
    }
}

fn sheet_starts(stream: &[u8]) -> Result<Vec<usize>> {
    let mut starts = Vec::new();
    for (kind, data) in (Records { bytes: stream }) {
        match kind {
            SHEET => starts.push(u32_at(data, 0).unwrap_or(u32::MAX) as usize),
            PASSWORD if u16_at(data, 0).is_some_and(|mode| mode != 0) => {
                return Err(ReadError::PasswordProtected);
            }
            END => break,
            _ => {}
        }
    }
    Ok(starts)
}

#[derive(Default)]
struct Bounds {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Bounds {
    fn add(&mut self, row: u16, column: u16) {
        let widen = |range: Option<(u16, u16)>, value| {
            range.map_or((value, value), |(low, high): (u16, u16)| {
                (low.min(value), high.max(value))
            })
        };
        self.rows = Some(widen(self.rows, row));
        self.columns = Some(widen(self.columns, column));
    }

    fn area(&self) -> u64 {
        let extent = |range: Option<(u16, u16)>| range.map_or(0, |(low, high)| u64::from(high - low) + 1);
        extent(self.rows) * extent(self.columns)
    }
}

fn sheet_area(sheet: &[u8], limits: &Limits) -> Result<u64> {
    let mut bounds = Bounds::default();
    let mut depth = 0_u32;
    for (kind, data) in (Records { bytes: sheet }) {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            DIMENSIONS => check_announced(data, limits)?,
            NUMBERS => {
                let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else {
                    continue;
                };
                let count = u16::try_from(data.len() / 6).unwrap_or(u16::MAX);
                bounds.add(row, first);
                bounds.add(row, first.saturating_add(count));
                bounds.add(row, u16_at(data, data.len() - 2).unwrap_or(first));
            }
            kind if CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else {
                    continue;
                };
                bounds.add(row, column);
            }
            _ => {}
        }
    }
    let last = bounds.columns.map_or(0, |(_, last)| u32::from(last));
    if last > limits.columns {
        let what = format!("a sheet that reaches to column {}", column_name(last));
        return Err(ReadError::TooLarge {
            what,
            limit: format!("{} columns", limits.columns),
        });
    }
    Ok(bounds.area())
}

/// The parser reserves memory for the announced rectangle, computed without a check for its being upside down.
fn check_announced(data: &[u8], limits: &Limits) -> Result<()> {
    let damaged = || ReadError::PartDamaged {
        part: "Workbook".into(),
    };
    let short = |at| u16_at(data, at).map(u64::from);
    let (first, last, left, right) = if data.len() == 10 {
        (short(0), short(2), short(4), short(6))
    } else {
        (
            u32_at(data, 0).map(u64::from),
            u32_at(data, 4).map(u64::from),
            short(8),
            short(10),
        )
    };
    let (Some(first), Some(last), Some(left), Some(right)) = (first, last, left, right) else {
        return Ok(());
    };
    let left = if left > 0xFF || right < left { 0 } else { left };
    if last == 0 || right == 0 {
        return Ok(());
    }
    if last < first || right < left || (last - first).saturating_mul(right - left) > limits.cells {
        return Err(damaged());
    }
    Ok(())
}
