//! Stage: one file of a delivery in, clean Parquet out, with findings and quarantine beside it.

mod assemble;
mod batch;
mod corrected;
mod header;
mod input;
mod piece;
mod recognise;
mod refusal;
mod rows;
mod schema;
mod write;

pub use assemble::FileFacts;
pub use corrected::{CorrectedCells, RowCorrections, position};
pub use header::{Header, Heading, Mapping};
pub use input::Input;
pub use piece::{PieceSummary, StageContext, Thresholds, stage_corrected, stage_piece};
pub use recognise::{Dialect, FilePlan, Recognition, SheetPlan, recognise, recognise_as};
pub use refusal::Refusal;
pub use schema::{SchemaError, StagedSchema};
