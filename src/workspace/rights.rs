//! Who else can see a workspace: nobody, unless the configuration gives the releases to a group.

use super::{Workspace, WorkspaceError};
use crate::files::{FileError, failed, set_rights};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What decides a run beside the workspace's own folder; a group that may enter must not write there.
const DECIDING: [&str; 7] = [
    "bansos360.toml",
    "lake",
    "releases",
    "runs",
    "pipelines",
    "sql",
    "reference",
];

const OTHERS: u32 = 0o007;
const OTHERS_READ: u32 = 0o005;
const GROUP_WRITES: u32 = 0o020;
const GROUP_ENTERS: u32 = 0o010;

impl Workspace {
    /// Refuses a workspace that other users can read or change. `readers_allowed` lets those pass who only read: who can
    /// write here can change the configuration, too, so the configuration cannot allow it.
    ///
    /// # Errors
    /// [`WorkspaceError::Open`] with the command that closes it.
    pub fn check_rights(&self, readers_allowed: bool) -> Result<(), WorkspaceError> {
        let root = mode(&self.root)?;
        let allowed = if readers_allowed { OTHERS_READ } else { 0 };
        if root & (OTHERS | GROUP_WRITES) & !allowed != 0 {
            return Err(self.open_to_others(&self.root, root));
        }
        // What lies inside is out of everybody's reach while nobody else can enter.
        let reach = root & (GROUP_ENTERS | OTHERS);
        for name in DECIDING.iter().filter(|_| reach != 0) {
            let path = self.root.join(name);
            match fs::metadata(&path) {
                Ok(found) if found.permissions().mode() & 0o022 != 0 => {
                    return Err(self.open_to_others(&path, found.permissions().mode()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn open_to_others(&self, path: &Path, mode: u32) -> WorkspaceError {
        let danger = if mode & 0o022 == 0 { "read" } else { "change" };
        WorkspaceError::Open {
            path: path.to_owned(),
            mode: mode & 0o7777,
            danger,
        }
    }

    /// Gives a release to its group for reading, with the way there, or closes it: `[rilis] kelompok_baca`.
    ///
    /// # Errors
    /// [`FileError`] where the system says no.
    pub fn share_release(&self, release: &Path, with_group: bool) -> Result<(), FileError> {
        let (folder, file) = if with_group { (0o750, 0o640) } else { (0o700, 0o600) };
        apply(release, folder, file)?;
        set_rights(&self.releases(), folder)?;
        if with_group {
            let root = mode(&self.root)?;
            set_rights(&self.root, root | 0o050)?;
        }
        Ok(())
    }
}

fn mode(path: &Path) -> Result<u32, FileError> {
    let found = fs::metadata(path).map_err(failed("read the rights of", path))?;
    Ok(found.permissions().mode() & 0o7777)
}

/// Takes from a folder alone what others could do with it; what its group may read stays.
pub(super) fn close_folder(path: &Path) -> Result<(), FileError> {
    set_rights(path, mode(path)? & !(OTHERS | GROUP_WRITES))
}

/// Closes a folder and all that is in it.
pub(super) fn close(path: &Path) -> Result<(), FileError> {
    apply(path, 0o700, 0o600)
}

fn apply(path: &Path, folder: u32, file: u32) -> Result<(), FileError> {
    let found = fs::symlink_metadata(path).map_err(failed("read the rights of", path))?;
    if found.is_symlink() {
        return Ok(());
    }
    if !found.is_dir() {
        return set_rights(path, file);
    }
    set_rights(path, folder)?;
    for entry in fs::read_dir(path).map_err(failed("read folder", path))? {
        apply(&entry.map_err(failed("read folder", path))?.path(), folder, file)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(root: u32) -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(&folder.path().join("ws")).unwrap();
        fs::set_permissions(workspace.root(), fs::Permissions::from_mode(root)).unwrap();
        (folder, workspace)
    }

    #[test]
    fn only_a_closed_workspace_passes() {
        for (root, closed, readable) in [
            (0o700, true, true),
            (0o750, true, true),
            (0o2750, true, true),
            (0o755, false, true),
            (0o701, false, true),
            (0o770, false, false),
            (0o702, false, false),
            (0o777, false, false),
        ] {
            let (_folder, workspace) = workspace(root);
            assert_eq!(workspace.check_rights(false).is_ok(), closed, "{root:o}");
            assert_eq!(workspace.check_rights(true).is_ok(), readable, "{root:o}");
        }
    }

    #[test]
    fn a_group_that_enters_must_not_write_what_decides() {
        let (_folder, workspace) = workspace(0o700);
        let pipelines = workspace.root().join("pipelines");
        fs::create_dir(&pipelines).unwrap();
        fs::set_permissions(&pipelines, fs::Permissions::from_mode(0o775)).unwrap();
        assert!(workspace.check_rights(false).is_ok());
        fs::set_permissions(workspace.root(), fs::Permissions::from_mode(0o750)).unwrap();
        let error = workspace.check_rights(false).unwrap_err().to_string();
        assert!(error.contains("pipelines") && error.contains("chmod"), "{error}");
        fs::set_permissions(&pipelines, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(workspace.check_rights(false).is_ok());
    }

    #[test]
    fn a_shared_release_keeps_its_group_and_can_be_closed_again() {
        let (_folder, workspace) = workspace(0o700);
        let release = workspace.releases().join("r1");
        fs::create_dir(&release).unwrap();
        fs::write(release.join("a.parquet"), "x").unwrap();
        fs::set_permissions(workspace.releases(), fs::Permissions::from_mode(0o2700)).unwrap();
        let rights = |path: &Path| mode(path).unwrap();
        workspace.share_release(&release, true).unwrap();
        assert_eq!(rights(&release.join("a.parquet")), 0o640);
        assert_eq!(rights(&workspace.releases()), 0o2750);
        assert_eq!(rights(workspace.root()), 0o750);
        assert_eq!(rights(&workspace.runs()), 0o700);
        workspace.share_release(&release, false).unwrap();
        assert_eq!(rights(&release), 0o700);
        assert_eq!(rights(&release.join("a.parquet")), 0o600);
    }
}
