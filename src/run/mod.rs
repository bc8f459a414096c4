//! A run: the whole way from files to a published release, in the order of DESIGN.md.

mod alasan;
mod arrive;
mod building;
mod clean_up;
mod counting;
mod describe;
mod ending;
mod figures;
mod history;
mod inbox;
mod journal;
mod metrics;
mod notify;
mod planned;
mod project;
mod record;
mod rehearsal;
mod release;
mod releases;
mod report;
mod retention;
mod rollback;
mod run_id;
mod steps;
mod test_release;
mod watch;

pub use clean_up::clean_up;
pub use figures::{LastRun, Summary, newest_run};
pub use history::{PastRun, as_known, history, record_named};
pub use journal::Journal;
pub use project::Project;
pub use record::{ArrivalRecord, FileRecord, Outcome, RowChange, RunRecord};
pub use release::current_katalog;
pub use releases::{Releases, check_whole, katalog_of};
pub use retention::{Cleared, gc, size_of};
pub use rollback::{Rollback, left_behind, rollback, rolled_back};
pub use steps::{Progress, RunOptions, ingest_only, plan, run};
pub use test_release::test_current;

use crate::bundle::BundleError;
use crate::config::ConfigError;
use crate::files::FileError;
use crate::lake::LakeError;
use crate::pipeline::PipelineError;
use crate::reference::ReferenceError;
use crate::stage::SchemaError;
use crate::stop::{self, Stopped};
use crate::warehouse::WarehouseError;
use crate::workspace::WorkspaceError;
use thiserror::Error;

/// A run that could not be carried out.
#[derive(Debug, Error)]
pub enum RunError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Files of the workspace that override what is built in.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Reference data.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// A pipeline.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The columns of staged tables.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The workspace.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The lake.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The warehouse.
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    /// A file operation.
    #[error(transparent)]
    File(#[from] FileError),
    /// A value on the command line.
    #[error("{0}")]
    Usage(String),
    /// A release that cannot be gone back to, or compared.
    #[error("release `{run}` is not whole: {problem}")]
    BrokenRelease {
        /// Its run.
        run: String,
        /// What is wrong.
        problem: String,
    },
    /// Signals cannot be listened for.
    #[error("cannot listen for signals: {0}")]
    Signals(std::io::Error),
    /// The program was asked to stop.
    #[error("{0}; nothing was published, and the next run takes up what is left")]
    Stopped(Stopped),
}

impl RunError {
    /// What failed since the program was asked to stop (a query that was interrupted, a file that was not staged to its end) is
    /// told as that.
    fn or_stopped(self) -> Self {
        match (stop::asked(), self) {
            (Some(reason), Self::Lake(_) | Self::Warehouse(_) | Self::Workspace(WorkspaceError::Stopped(_))) => {
                Self::Stopped(reason)
            }
            (_, error) => error,
        }
    }

    /// The exit code of DESIGN.md: 2 for wrong usage and configuration, 5 for a workspace that is held, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Pipeline(_)
            | Self::Usage(_)
            | Self::Bundle(_)
            | Self::Reference(_)
            | Self::Schema(_)
            | Self::Lake(
                LakeError::NotThere { .. }
                | LakeError::NoEntry { .. }
                | LakeError::Ambiguous { .. }
                | LakeError::Unfit(_),
            )
            | Self::Warehouse(WarehouseError::Model { .. } | WarehouseError::Selection { .. })
            | Self::Workspace(
                WorkspaceError::Missing { .. }
                | WorkspaceError::Newer { .. }
                | WorkspaceError::Older { .. }
                | WorkspaceError::Open { .. },
            ) => 2,
            Self::Workspace(WorkspaceError::Locked { .. }) => 5,
            Self::Stopped(reason) | Self::Workspace(WorkspaceError::Stopped(reason)) => reason.exit_code(),
            _ => 1,
        }
    }

    /// The stable code by origin: `E01xx` usage and configuration, `E02xx` input, `E04xx` workspace, `E05xx` system.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) | Self::Warehouse(WarehouseError::Selection { .. }) => "E0101",
            Self::Config(_) => "E0102",
            Self::Pipeline(_) => "E0103",
            Self::Reference(_) | Self::Bundle(_) | Self::Schema(_) => "E0104",
            Self::Lake(LakeError::NotThere { .. }) => "E0105",
            Self::Workspace(WorkspaceError::Locked { .. }) => "E0401",
            Self::Workspace(WorkspaceError::Missing { .. }) => "E0402",
            Self::Workspace(WorkspaceError::Newer { .. }) => "E0403",
            Self::Workspace(WorkspaceError::Open { .. }) => "E0405",
            Self::Workspace(WorkspaceError::Older { .. }) => "E0406",
            Self::BrokenRelease { .. } => "E0410",
            Self::Lake(LakeError::NoEntry { .. } | LakeError::Ambiguous { .. }) => "E0107",
            Self::Lake(LakeError::Unfit(_)) => "E0108",
            Self::Lake(LakeError::BrokenEntry { .. } | LakeError::BrokenDecision { .. }) => "E0404",
            Self::Lake(LakeError::Damaged { .. }) => "E0409",
            Self::Lake(LakeError::WrongKey { .. }) => "E0408",
            Self::Warehouse(WarehouseError::Model { .. }) => "E0106",
            Self::Stopped(reason)
            | Self::Lake(LakeError::Stopped(reason))
            | Self::Workspace(WorkspaceError::Stopped(reason)) => reason.code(),
            Self::Workspace(WorkspaceError::File(_))
            | Self::Warehouse(WarehouseError::File(_))
            | Self::Lake(LakeError::File(_) | LakeError::Staging(_))
            | Self::Signals(_)
            | Self::File(_) => "E0501",
            Self::Warehouse(_) => "E0502",
        }
    }
}
