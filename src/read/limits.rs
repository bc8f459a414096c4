//! How large a workbook may be before it is refused.

/// Caps that keep a small file from asking for all the memory there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a sheet.
    pub rows: u32,
    /// Columns of a sheet.
    pub columns: u32,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Bytes of all parts of the container after unpacking.
    pub inflated_bytes: u64,
    /// Unpacked bytes for one packed byte, in parts of more than 10 MB.
    pub ratio: u64,
    /// Bytes of the table of texts after unpacking.
    pub shared_strings_bytes: u64,
    /// Bytes of any other part that the parser keeps in memory (styles, relations, the list of sheets).
    pub part_bytes: u64,
    /// Cells of a sheet that are not empty; for .xls the rectangle round them, over all sheets.
    pub cells: u64,
    /// Parts of the container.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_100_000,
            columns: 2_000,
            sheets: 200,
            inflated_bytes: 4 << 30,
            ratio: 500,
            shared_strings_bytes: 512 << 20,
            part_bytes: 64 << 20,
            cells: 20_000_000,
            parts: 10_000,
        }
    }
}

/// A number of bytes for a message.
pub(super) fn bytes_in_words(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    UNITS.iter().find(|(size, _)| bytes >= *size).map_or_else(
        || format!("{bytes} bytes"),
        |(size, unit)| format!("{} {unit}", bytes / size),
    )
}
