//! A workspace: the folder of one district, its layout and its lock (DESIGN.md, "Workspace").

use crate::files::{FileError, failed, make_folder, write_atomic};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The format of workspaces that this version writes.
pub const FORMAT: u32 = 1;

/// A workspace that cannot be used.
#[derive(Debug, Error)]
pub enum WorkspaceError {
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// No workspace is there.
    #[error("`{path}` is no workspace; make one with `bansos360 init --workspace {path}`")]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// It was written by a newer version.
    #[error("`{path}` has format {found}, this version knows {FORMAT}; use a newer `bansos360`")]
    Newer {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Another run holds it.
    #[error("another run holds `{path}`: {holder}")]
    Locked {
        /// The folder.
        path: PathBuf,
        /// Who and since when.
        holder: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Marker {
    format: u32,
}

/// The folder of one district.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

/// The right to change a workspace; given back when it is dropped or its process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Workspace {
    /// Makes the folders of a workspace; what is there stays.
    ///
    /// # Errors
    /// [`WorkspaceError`] where a folder cannot be made, or a newer version has made it.
    pub fn init(root: &Path) -> Result<Self, WorkspaceError> {
        let workspace = Self { root: root.to_owned() };
        for folder in ["", "inbox", "lake/raw", "lake/staged", "releases", "runs"] {
            make_folder(&root.join(folder))?;
        }
        let marker = root.join(".bansos360.json");
        if marker.exists() {
            workspace.check_format()?;
        } else {
            write_atomic(&marker, format!("{{\"format\":{FORMAT}}}\n").as_bytes())?;
        }
        Ok(workspace)
    }

    /// Opens a workspace that is there.
    ///
    /// # Errors
    /// [`WorkspaceError`] where there is none, or a newer version has made it.
    pub fn open(root: &Path) -> Result<Self, WorkspaceError> {
        let workspace = Self { root: root.to_owned() };
        if !workspace.root.join(".bansos360.json").is_file() {
            return Err(WorkspaceError::Missing { path: root.to_owned() });
        }
        workspace.check_format()?;
        Ok(workspace)
    }

    fn check_format(&self) -> Result<(), WorkspaceError> {
        let path = self.root.join(".bansos360.json");
        let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
        let found = serde_json::from_str::<Marker>(&text).map_or(0, |marker| marker.format);
        if found > FORMAT {
            return Err(WorkspaceError::Newer {
                path: self.root.clone(),
                found,
            });
        }
        Ok(())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Files dropped by people.
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    /// Raw files as they came.
    pub fn raw(&self) -> PathBuf {
        self.root.join("lake/raw")
    }

    /// Cleaned Parquet by fingerprint.
    pub fn staged(&self) -> PathBuf {
        self.root.join("lake/staged")
    }

    /// Releases by run.
    pub fn releases(&self) -> PathBuf {
        self.root.join("releases")
    }

    /// Records of runs.
    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// The link to the release that readers open.
    pub fn current(&self) -> PathBuf {
        self.root.join("current")
    }

    /// The release that readers open, if there is one.
    pub fn current_release(&self) -> Option<PathBuf> {
        let target = fs::read_link(self.current()).ok()?;
        let release = self.root.join(target);
        release.is_dir().then_some(release)
    }

    /// Takes the workspace for a change.
    ///
    /// # Errors
    /// [`WorkspaceError::Locked`] where another process holds it.
    pub fn lock(&self, run_id: &str) -> Result<Lock, WorkspaceError> {
        let path = self.root.join(".kunci");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(&path).map_err(failed("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(self.root.join(".pemegang")).unwrap_or_default();
                let holder = if holder.trim().is_empty() {
                    "unknown run".to_owned()
                } else {
                    holder.trim().to_owned()
                };
                return Err(WorkspaceError::Locked {
                    path: self.root.clone(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source).into()),
        }
        let holder = format!("run {run_id}, process {}\n", std::process::id());
        write_atomic(&self.root.join(".pemegang"), holder.as_bytes())?;
        Ok(Lock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_and_the_holder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let held = workspace.lock("r1").unwrap();
        let error = workspace.lock("r2").unwrap_err().to_string();
        assert!(error.contains("run r1"), "{error}");
        drop(held);
        assert!(workspace.lock("r2").is_ok());
    }

    #[test]
    fn a_newer_workspace_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        Workspace::init(folder.path()).unwrap();
        fs::write(folder.path().join(".bansos360.json"), "{\"format\":99}").unwrap();
        assert!(matches!(
            Workspace::open(folder.path()),
            Err(WorkspaceError::Newer { found: 99, .. })
        ));
    }
}
