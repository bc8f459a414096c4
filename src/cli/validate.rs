//! `bansos360 validate`: prints what is known of each file, and ends with 0 or 3.

use super::Ended;
use super::annotate::{github, junit};
use super::args::{Format, Global, ValidateArgs};
use super::output::Output;
use super::validate_text::text;
use crate::run::Project;
use crate::validate::{ValidateOptions, validate as check};
use crate::workspace::{Workspace, WorkspaceError};
use std::path::Path;

/// Checks files and prints the report.
pub fn validate(global: &Global, args: &ValidateArgs, output: Output) -> Ended {
    let workspace = workspace(global)?;
    let project = Project::load(workspace.as_ref().map(Workspace::root))?;
    let options = ValidateOptions {
        paths: args.paths.clone(),
        kabupaten: args.kabupaten.clone(),
        periode: args.periode.clone(),
        strict: args.strict,
    };
    let report = check(&project, workspace.as_ref(), &options)?;
    match global.format {
        Format::Json => output.json(&report),
        Format::Junit => output.result(&junit(&report)),
        Format::Github => output.result(&github(&report)),
        Format::Text => output.result(&text(&report)),
    }
    Ok(report.kode_keluar)
}

/// The workspace that was named, or the current folder where that is one; none is needed.
fn workspace(global: &Global) -> Result<Option<Workspace>, WorkspaceError> {
    match &global.workspace {
        Some(root) => Workspace::open(root).map(Some),
        None => match Workspace::open(Path::new(".")) {
            Err(WorkspaceError::Missing { .. }) => Ok(None),
            opened => opened.map(Some),
        },
    }
}
