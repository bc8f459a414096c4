//! Releases that still hold rows of a file.

use crate::files::failed;
use crate::run::{Project, RunError};
use crate::warehouse::ReleaseReader;
use crate::workspace::Workspace;
use serde::Serialize;
use std::fs;

/// A release that holds what is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The release.
    pub rilis: String,
    /// Is it the one that readers open?
    pub berlaku: bool,
    /// Could it be read? One that could not may hold it.
    pub terbaca: bool,
}

/// Releases with a file of one of these hashes.
pub fn holding(workspace: &Workspace, project: &Project, hashes: &[&str]) -> Result<Vec<Holding>, RunError> {
    let listed: Vec<String> = hashes.iter().map(|hash| format!("'{hash}'")).collect();
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT sha256 FROM sumber_berkas WHERE sha256 IN ({})",
        listed.join(", ")
    );
    releases_where(workspace, project, |reader| {
        reader.rows("look for files", &sql).map(|rows| !rows.is_empty())
    })
}

/// Releases for which `holds` says yes, or that cannot be read.
pub fn releases_where(
    workspace: &Workspace,
    project: &Project,
    holds: impl Fn(&ReleaseReader) -> Result<bool, crate::warehouse::WarehouseError>,
) -> Result<Vec<Holding>, RunError> {
    let folder = workspace.releases();
    let current = workspace.current_release();
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed("read folder", &folder))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let release = folder.join(&name);
        let answer = ReleaseReader::open(&release, workspace.root(), &project.config).and_then(|reader| holds(&reader));
        if matches!(answer, Ok(false)) {
            continue;
        }
        let is_current = current
            .as_ref()
            .is_some_and(|current| current.file_name() == release.file_name());
        found.push(Holding {
            rilis: name,
            berlaku: is_current,
            terbaca: answer.is_ok(),
        });
    }
    Ok(found)
}
