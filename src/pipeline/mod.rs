//! Pipelines: what a source is, as configuration (`pipelines/*.toml`): how it is recognised, which header feeds which
//! column, what type each column has, which program it is and what its rules are.

mod header;
mod load;
mod spec;

pub use header::{has_header_key, header_key};
pub use load::{PipelineError, Pipelines};
pub use spec::{
    ColumnSpec, ColumnType, MatchSpec, PeriodeSpec, Pipeline, ProgramRule, ProgramSpec, RowsSpec, RuleKind,
};
