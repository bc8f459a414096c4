//! The format of a workspace: its marker, and the way from an older one to this version's.

use super::{Workspace, WorkspaceError, rights};
use crate::files::{failed, make_folder, write_atomic};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The format of workspaces that this version writes.
pub const FORMAT: u32 = 1;

/// The folders of a workspace; the first is the workspace itself.
pub(super) const FOLDERS: [&str; 6] = ["", "inbox", "lake/raw", "lake/staged", "releases", "runs"];

/// What a person may have put into the folder before it became a workspace.
const PREPARED: [&str; 6] = ["bansos360.toml", "inbox", "lake", "pipelines", "reference", "sql"];

/// Does the folder hold nothing but what belongs to a workspace?
pub(super) fn holds_only_ours(root: &Path) -> bool {
    let is_ours = |name: &OsStr| PREPARED.iter().any(|ours| name == *ours);
    fs::read_dir(root)
        .is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(|entry| is_ours(&entry.file_name()))))
}

#[derive(Serialize, Deserialize)]
struct Marker {
    format: u32,
}

/// What has to be done to a workspace of a format to make it one of the next.
struct Migration {
    from: u32,
    what: &'static str,
    carry_out: fn(&Workspace) -> Result<(), WorkspaceError>,
}

/// All of them, in order; one for each format before this version's.
const MIGRATIONS: &[Migration] = &[Migration {
    from: 0,
    what: "format 1: all folders are there, and only the owner can enter them",
    carry_out: close_all,
}];

/// Before formats had a number, folders were made with the rights that the system gave.
fn close_all(workspace: &Workspace) -> Result<(), WorkspaceError> {
    for folder in FOLDERS {
        make_folder(&workspace.root().join(folder))?;
    }
    for folder in ["lake", "releases", "runs"] {
        rights::close(&workspace.root().join(folder))?;
    }
    Ok(rights::close_folder(workspace.root())?)
}

pub(super) fn marker(root: &Path) -> PathBuf {
    root.join(".bansos360.json")
}

pub(super) fn write_marker(root: &Path, format: u32) -> Result<(), WorkspaceError> {
    Ok(write_atomic(
        &marker(root),
        format!("{{\"format\":{format}}}\n").as_bytes(),
    )?)
}

/// The format of the workspace at `root`; 0 where its marker says none.
fn found(root: &Path) -> Result<u32, WorkspaceError> {
    let path = marker(root);
    let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
    Ok(serde_json::from_str::<Marker>(&text).map_or(0, |marker| marker.format))
}

/// # Errors
/// [`WorkspaceError::Newer`] and [`WorkspaceError::Older`] where it is not this version's.
pub(super) fn check(root: &Path) -> Result<(), WorkspaceError> {
    let path = root.to_owned();
    match found(root)? {
        FORMAT => Ok(()),
        found if found > FORMAT => Err(WorkspaceError::Newer { path, found }),
        found => Err(WorkspaceError::Older { path, found }),
    }
}

impl Workspace {
    /// Brings a workspace to this version's format: what was done, nothing where it had it. The old marker stays beside the
    /// new one, and an upgrade that was broken off goes on where it was.
    ///
    /// # Errors
    /// [`WorkspaceError`] where there is no workspace, a newer version has written it, or another run holds it.
    pub fn upgrade(root: &Path) -> Result<Vec<&'static str>, WorkspaceError> {
        let marker = marker(root);
        if !marker.is_file() {
            return Err(WorkspaceError::Missing { path: root.to_owned() });
        }
        let workspace = Self { root: root.to_owned() };
        let _lock = workspace.lock("upgrade")?;
        let from = match check(root) {
            Ok(()) => return Ok(Vec::new()),
            Err(WorkspaceError::Older { found, .. }) => found,
            Err(error) => return Err(error),
        };
        let old = fs::read(&marker).map_err(failed("read", &marker))?;
        write_atomic(&root.join(format!(".bansos360.json.format-{from}")), &old)?;
        let mut done = Vec::new();
        for step in MIGRATIONS.iter().filter(|step| step.from >= from) {
            (step.carry_out)(&workspace)?;
            write_marker(root, step.from + 1)?;
            done.push(step.what);
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_way_from_every_older_format() {
        let from: Vec<u32> = MIGRATIONS.iter().map(|step| step.from).collect();
        assert_eq!(from, (0..FORMAT).collect::<Vec<u32>>());
    }

    #[test]
    fn an_older_workspace_is_refused_until_it_is_upgraded() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("ws");
        Workspace::init(&root).unwrap();
        fs::write(root.join(".bansos360.json"), "{}").unwrap();
        fs::remove_dir(root.join("runs")).unwrap();
        let error = Workspace::open(&root).unwrap_err();
        assert!(matches!(error, WorkspaceError::Older { found: 0, .. }));
        assert!(error.to_string().contains("init --upgrade"), "{error}");
        assert!(Workspace::init(&root).is_err());
        assert_eq!(Workspace::upgrade(&root).unwrap().len(), 1);
        assert!(Workspace::open(&root).unwrap().runs().is_dir());
        assert_eq!(fs::read_to_string(root.join(".bansos360.json.format-0")).unwrap(), "{}");
        assert!(Workspace::upgrade(&root).unwrap().is_empty());
    }

    #[test]
    fn a_newer_workspace_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        Workspace::init(folder.path()).unwrap();
        fs::write(folder.path().join(".bansos360.json"), "{\"format\":99}").unwrap();
        for error in [
            Workspace::open(folder.path()).unwrap_err(),
            Workspace::upgrade(folder.path()).unwrap_err(),
        ] {
            assert!(matches!(error, WorkspaceError::Newer { found: 99, .. }));
        }
    }
}
