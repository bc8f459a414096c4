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
mod feeds;
mod limits;
mod member_reader;
mod merges;
mod ods;
mod ods_xml;
mod parser_errors;
mod parts;
mod row;
mod scan;
mod sheet;
mod workbook;
mod xls_guard;

pub use self::archive::{Archive, Member};
pub use self::csv::CsvReader;
pub use self::csv_dialect::Encoding;
pub use self::detect::{Format, detect};
pub use self::error::{ReadError, Result};
pub use self::limits::Limits;
pub use self::member_reader::MemberReader;
pub use self::row::{BrokenReason, BrokenRow, Kind, Next, RawRow, RowSource};
pub use self::workbook::{Merge, SheetInfo, Workbook};
