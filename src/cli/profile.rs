//! `bansos360 profile`.

use super::Ended;
use super::args::{Global, ProfileArgs};
use super::output::Output;
use super::profile_text::text;
use crate::files::write_atomic;
use crate::lake::LakeError;
use crate::profile::{Options, ProfileError, page, profile as make};
use crate::run::{Project, RunError};
use crate::workspace::Workspace;

/// Profiles a target and prints it, or writes it as a page.
pub fn profile(global: &Global, args: &ProfileArgs, output: Output) -> Ended {
    // A file needs no workspace; a workspace that was named must be one.
    let workspace = match (Workspace::open(&global.root()), &global.workspace) {
        (Ok(workspace), _) => Some(workspace),
        (Err(error), Some(_)) => return Err(error.into()),
        (Err(_), None) => None,
    };
    let project = Project::load(workspace.as_ref().map(Workspace::root))?;
    let options = Options {
        show_personal: args.tampilkan_data_pribadi,
    };
    let made = match make(&args.target, workspace.as_ref(), &project, options) {
        Ok(made) => made,
        // What the system could not do is no fault of the file.
        Err(ProfileError::Refused(refusal)) if refusal.code.starts_with("E05") => {
            return Err(LakeError::Staging(refusal).into());
        }
        Err(ProfileError::Refused(refusal)) => {
            output.refusal(&args.target, &refusal);
            return Ok(3);
        }
        Err(ProfileError::Engine(error)) => return Err(error.into()),
        Err(ProfileError::Lake(error)) => return Err(error.into()),
        Err(ProfileError::File(error)) => return Err(error.into()),
        Err(error) => return Err(RunError::Usage(error.to_string())),
    };
    if let Some(path) = &args.html {
        // A bare file name has no folder that could be synced.
        let place = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        write_atomic(&place, page(&made).as_bytes())?;
        output.say(&format!("Wrote `{}`", path.display()));
    }
    if output.is_json() {
        output.json(&made);
    } else if args.html.is_none() {
        output.result(&text(&made));
    }
    Ok(0)
}
