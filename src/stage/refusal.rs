//! Why a file is refused: a stable code, a place, and what to do.

use crate::read::ReadError;
use crate::stop::Stopped;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;

/// A file that was recognised and breaks its contract, or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {}{message}", self.place())]
pub struct Refusal {
    /// `E02xx`.
    pub code: String,
    /// Member of a zip, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Sheet, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Line as a person counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What was wrong.
    pub message: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<&ReadError> for Refusal {
    /// What the system could not do (`E0501`) is no fault of the file (`E0201`).
    fn from(error: &ReadError) -> Self {
        let of_system = matches!(error, ReadError::Io(io) if !matches!(
            io.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput
        ));
        Self::new(if of_system { "E0501" } else { "E0201" }, error.to_string())
    }
}

impl From<Stopped> for Refusal {
    /// No fault of the file.
    fn from(stopped: Stopped) -> Self {
        Self::new(stopped.code(), stopped.to_string())
    }
}

impl Refusal {
    /// Is it the system's fault and not that of the file?
    pub fn is_of_system(&self) -> bool {
        self.code.starts_with("E05")
    }

    /// Place, words and what to do, without the code.
    pub fn words(&self) -> String {
        let hint = self.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
        format!("{}{}{hint}", self.place(), self.message)
    }

    /// A refusal with its code and words.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            member: None,
            sheet: None,
            line: None,
            column: None,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the sheet; an empty name is none.
    #[must_use]
    pub fn on_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(sheet.to_owned()).filter(|sheet| !sheet.is_empty());
        self
    }

    /// Adds the line.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Adds the column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Adds the member of the zip.
    #[must_use]
    pub fn in_member(mut self, member: Option<&str>) -> Self {
        if self.member.is_none() {
            self.member = member.map(str::to_owned);
        }
        self
    }

    fn place(&self) -> String {
        let mut place = String::new();
        let mut part = |word: &str, value: Option<String>| {
            if let Some(value) = value {
                place.push_str(&format!("{word} {value}: "));
            }
        };
        part("member", self.member.as_ref().map(|name| format!("`{name}`")));
        part("sheet", self.sheet.as_ref().map(|name| format!("`{name}`")));
        part("line", self.line.map(|line| line.to_string()));
        part("column", self.column.as_ref().map(|name| format!("`{name}`")));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_stands_before_the_words() {
        let refusal = Refusal::new("E0203", "required column `nama` is missing")
            .on_sheet("Peserta")
            .at_line(4)
            .hint("add it");
        assert_eq!(
            refusal.to_string(),
            "E0203: sheet `Peserta`: line 4: required column `nama` is missing"
        );
    }
}
