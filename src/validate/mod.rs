//! Contract check of files before they are sent: what each is and why, how its headings were understood, what a run would
//! find in it. Nothing is written but a temporary folder.

mod check;
mod contents;
mod district;
mod headings;
mod koreksi;
mod report;
mod suggest;

pub use check::{ValidateOptions, validate};
pub use report::{
    BalanceReport, CandidateReport, CloseHeading, ClosestRow, CorrectionReport, DistrictReport, Example, FileReport,
    FindingReport, HeaderRowReport, MappedColumn, MissingColumn, PieceReport, Report, SheetReport, Verdict,
};
