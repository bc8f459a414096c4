//! `bansos360 lake`: which files are stored, which of them count, and what people decide about that.

mod args;
mod decide;
mod holding;
mod purge;
mod purge_person;
mod show;
mod show_text;

pub use args::LakeArgs;

use super::Ended;
use super::args::Global;
use super::output::Output;
use crate::lake::{LakeError, verify};
use crate::run::{Project, RunError};
use crate::workspace::Workspace;
use args::LakeCommand;

/// Carries out what was asked of the lake.
pub fn lake(global: &Global, args: &LakeArgs, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    match &args.command {
        LakeCommand::List => show::list(&workspace, &project, output),
        LakeCommand::Show(entry) => show::show(&workspace, &project, &entry.entry, output),
        LakeCommand::Verify => verified(&workspace, &project, output),
        LakeCommand::Retract(args) => decide::retract(&workspace, &project, args, output),
        LakeCommand::Assign(args) => decide::assign_entry(&workspace, &project, args, output),
        LakeCommand::Replace(args) => decide::replace(&workspace, &project, args, output),
        LakeCommand::Purge(args) if args.nik.is_some() || args.nik_file.is_some() => {
            purge_person::purge_person(&workspace, &project, args, output)
        }
        LakeCommand::Purge(args) => purge::purge(&workspace, &project, args, output),
    }
}

fn verified(workspace: &Workspace, project: &Project, output: Output) -> Ended {
    let verified = verify(workspace, project.config.threads())?;
    if output.is_json() {
        output.json(&verified);
    } else {
        output.result(&show_text::verified(&verified));
    }
    if verified.kerusakan.is_empty() {
        return Ok(0);
    }
    let mut places: Vec<&str> = verified.kerusakan.iter().map(|damage| damage.tempat.as_str()).collect();
    places.dedup();
    Err(RunError::Lake(LakeError::Damaged { count: places.len() }))
}
