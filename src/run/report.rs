//! Writes the quality report of a release that has been built: `kualitas.json` for programs, `kualitas.html` for people.

use super::RunError;
use crate::config::Config;
use crate::files::write_atomic;
use crate::laporan::{Quality, SourceFacts, collect, page, previous_quality};
use crate::warehouse::ReleaseReader;
use crate::workspace::Workspace;
use std::path::Path;

/// What a release is told about in its report, compared with the release that readers open now.
pub fn quality(
    workspace: &Workspace,
    config: &Config,
    folder: &Path,
    facts: &SourceFacts<'_>,
) -> Result<Quality, RunError> {
    let before = workspace
        .current_release()
        .and_then(|release| previous_quality(&release));
    let reader = ReleaseReader::open_beside_another(folder, workspace.root(), config)?;
    Ok(collect(&reader, facts, before.as_ref())?)
}

/// Writes the report into the release's folder.
pub fn write(folder: &Path, quality: &Quality) -> Result<(), RunError> {
    let mut json = serde_json::to_string_pretty(quality).unwrap_or_default();
    json.push('\n');
    write_atomic(&folder.join("kualitas.json"), json.as_bytes())?;
    write_atomic(&folder.join("kualitas.html"), page(quality).as_bytes())?;
    Ok(())
}
