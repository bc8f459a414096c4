//! What a rehearsal (`plan`, `run --dry-run`) writes instead of the lake: a folder of its own that goes when it ends.

use super::RunError;
use crate::workspace::Workspace;

/// A lake beside the lake.
#[derive(Debug)]
pub struct Rehearsal {
    lake: Workspace,
}

/// How the folders of rehearsals begin; one that was killed leaves its folder to the next run.
pub const PREFIX: &str = ".rencana-";

impl Rehearsal {
    /// Makes the folder.
    ///
    /// # Errors
    /// [`RunError::Workspace`] where it cannot be made.
    pub fn begin(workspace: &Workspace) -> Result<Self, RunError> {
        let folder = workspace.root().join(format!("{PREFIX}{}", std::process::id()));
        Ok(Self {
            lake: Workspace::init(&folder)?,
        })
    }

    /// Where files go.
    pub fn lake(&self) -> &Workspace {
        &self.lake
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = std::fs::remove_dir_all(self.lake.root());
    }
}
