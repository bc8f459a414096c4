//! Bytes to rows of text cells: the one room where a file is opened, recognised and taken apart.
//!
//! Everything here is written for hostile input. Sizes are judged before anything is allocated, a row
//! that cannot be read is handed on as broken instead of lost, and nothing in a file may panic the program.

mod archive;
mod cell;
mod compound;
mod csv;
mod csv_dialect;
mod csv_record;
mod csv_source;
mod detect;
mod error;
mod limits;
mod ods;
mod parts;
mod row;
mod sheet;
mod workbook;
mod xls_guard;

pub use archive::{Archive, Member, MemberReader};
pub use csv::CsvReader;
pub use csv_dialect::Encoding;
pub use detect::{Format, detect};
pub use error::{ReadError, Result};
pub use limits::Limits;
pub use row::{BrokenReason, BrokenRow, Kind, Next, RawRow, RowSource};
pub use workbook::{Merge, SheetInfo, Workbook};
