//! What people read of a release: its quality report, and lists of findings that can be handed to a village.

mod advice;
mod collect;
mod compare;
mod ekspor;
mod findings;
mod html;
mod html_parts;
mod html_places;
mod html_sections;
mod quality;
mod sheet;
mod words;

pub use advice::{meaning, what_to_do};
pub use collect::{SourceFacts, collect};
pub use ekspor::{Export, export};
pub use findings::{FINDING_COLUMNS, FindingFilter, FindingRow, count_by_rule, list};
pub use html::page;
pub use html_parts::{Cell, STYLE, card, escape, table as html_table};
pub use quality::{
    Change, Changes, Quality, QuarantineLine, RuleLine, SourceLine, StatusLine, VillageLine, previous_quality,
};
pub use sheet::{SheetError, as_csv, as_workbook, sheet_names};
pub use words::{month, thousands, when};
