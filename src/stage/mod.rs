//! Stage: one file of a delivery in, clean Parquet out, with findings and quarantine beside it.

mod assemble;
mod batch;
mod corrected;
mod derive;
mod erased;
mod examine;
mod frame;
mod header;
mod input;
mod look;
mod piece;
mod places;
mod recognise;
mod refusal;
mod rows;
mod schema;
mod summary;
mod took;
mod usable;
mod verdict;
mod vocabulary;
mod write;

pub use assemble::FileFacts;
pub use corrected::{CorrectedCells, RowCorrections, position};
pub use erased::{Erased, Hmac};
pub use examine::{Candidate, Examination, examine};
pub use header::{Header, HeaderRow, Heading, Mapping};
pub use input::Input;
pub use look::Dialect;
pub use piece::{StageContext, stage_corrected, stage_piece};
pub use recognise::{FilePlan, Recognition, SheetPlan, is_named_dtks, recognise, recognise_as};
pub use refusal::Refusal;
pub use schema::{SchemaError, StagedSchema};
pub use summary::{PieceSummary, SUMMARY};
pub use verdict::Thresholds;
pub use vocabulary::MOST_WORDS;
