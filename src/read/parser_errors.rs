//! Errors and panics of calamine in our words: its own may quote a cell.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{XlsError, XlsbError, XlsxError};

use super::{ReadError, Result};

/// Runs a parser that may panic on damaged files.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(workbook("its contents are damaged")))
}

fn workbook(cause: &str) -> ReadError {
    ReadError::Workbook {
        cause: cause.to_owned(),
    }
}

/// Puts the sheet into an error that was told of the whole workbook.
pub(super) fn at_sheet(error: ReadError, sheet: &str) -> ReadError {
    match error {
        ReadError::Workbook { cause } => ReadError::Sheet {
            sheet: sheet.to_owned(),
            row: 0,
            cause,
        },
        other => other,
    }
}

/// An error of the .xlsx parser.
pub(super) fn xlsx_error(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::PasswordProtected,
        other => workbook(xlsx_cause(other)),
    }
}

/// What went wrong in a .xlsx.
pub(super) fn xlsx_cause(error: &XlsxError) -> &'static str {
    match error {
        XlsxError::Io(_) | XlsxError::Zip(_) => "it is cut off or damaged",
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) => "its XML is damaged",
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => "a part of it is missing",
        XlsxError::NotAWorksheet(_) => "it is no worksheet",
        _ => "it holds something unexpected",
    }
}

/// An error of the .xlsb parser.
pub(super) fn xlsb_error(error: &XlsbError) -> ReadError {
    match error {
        XlsbError::Password => ReadError::PasswordProtected,
        other => workbook(xlsb_cause(other)),
    }
}

/// What went wrong in a .xlsb.
pub(super) fn xlsb_cause(error: &XlsbError) -> &'static str {
    match error {
        XlsbError::Io(_) | XlsbError::Zip(_) => "it is cut off or damaged",
        XlsbError::FileNotFound(_) => "a part of it is missing",
        _ => "it holds something unexpected",
    }
}

/// An error of the .xls parser.
pub(super) fn xls_error(error: &XlsError) -> ReadError {
    match error {
        XlsError::Password => ReadError::PasswordProtected,
        XlsError::Io(_) | XlsError::Cfb(_) | XlsError::EoStream(_) => workbook("it is cut off or damaged"),
        _ => workbook("it holds something unexpected"),
    }
}
