//! `bansos360 gc`.

use super::Ended;
use super::args::Global;
use super::output::Output;
use super::release_args::GcArgs;
use crate::run::{Cleared, Project, gc as clear};
use crate::workspace::Workspace;

/// Removes what a workspace need not keep.
pub fn gc(global: &Global, args: &GcArgs, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    let cleared = clear(&workspace, &project, args.dry_run)?;
    if output.is_json() {
        output.json(&cleared);
    } else {
        output.result(&as_text(&cleared, args.dry_run));
    }
    Ok(0)
}

fn as_text(cleared: &Cleared, dry_run: bool) -> String {
    let (done, freed) = if dry_run {
        ("Would remove", "Would free")
    } else {
        ("Removed", "Freed")
    };
    let mut text = String::new();
    for release in &cleared.rilis {
        text.push_str(&format!("{done} release {release}\n"));
    }
    if !cleared.staged.is_empty() {
        text.push_str(&format!(
            "{done} {} staged folders that no counting file needs\n",
            cleared.staged.len()
        ));
    }
    if cleared.bita_sisa > 0 {
        text.push_str(&format!(
            "{done} what killed runs had left: {}\n",
            bytes(cleared.bita_sisa)
        ));
    }
    if text.is_empty() {
        return "Nothing to remove".to_owned();
    }
    text.push_str(&format!(
        "{freed} {}\n",
        bytes(cleared.bita.saturating_add(cleared.bita_sisa))
    ));
    text
}

/// Bytes as people say them.
pub fn bytes(bytes: u64) -> String {
    let size = bytes as f64;
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let fitting = units.iter().find(|(unit, _)| size >= *unit);
    fitting.map_or_else(
        || format!("{bytes} bytes"),
        |(unit, name)| format!("{:.1} {name}", size / unit),
    )
}
