//! Opening the current release for commands that only read.

use super::args::Global;
use crate::run::{Project, RunError};
use crate::warehouse::ReleaseReader;
use crate::workspace::Workspace;

/// A workspace with its release open for reading.
pub struct Opened {
    /// The workspace.
    pub workspace: Workspace,
    /// What it is configured with.
    pub project: Project,
    /// Its release.
    pub reader: ReleaseReader,
}

/// Opens the release that readers open.
pub fn open(global: &Global) -> Result<Opened, RunError> {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    let Some(release) = workspace.current_release() else {
        return Err(RunError::Usage(format!(
            "`{}` has no release yet; type `bansos360 run --workspace {0}` first",
            workspace.root().display()
        )));
    };
    let reader = ReleaseReader::open(&release, workspace.root(), &project.config)?;
    Ok(Opened {
        workspace,
        project,
        reader,
    })
}
