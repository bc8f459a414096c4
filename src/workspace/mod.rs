//! A workspace: the folder of one district, its layout and its lock (DESIGN.md, "Workspace").

mod format;
mod rights;

pub use format::FORMAT;

use crate::files::{FileError, failed, make_folder, write_atomic};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use thiserror::Error;

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
    /// It was written by an older version.
    #[error(
        "`{path}` has format {found}, this version works with {FORMAT}; `bansos360 init --upgrade --workspace {path}` brings it there"
    )]
    Older {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Other users of the machine can read or change it.
    #[error(
        "other users can {danger} `{path}` (rights {mode:04o}), and it holds personal data; close it with \
         `chmod o-rwx,g-w '{path}'`, or say `--izinkan-terbuka`"
    )]
    Open {
        /// What is open.
        path: PathBuf,
        /// Its rights.
        mode: u32,
        /// What others can do.
        danger: &'static str,
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
    /// Makes the folders of a workspace; what is there stays. A folder that held nothing but what belongs
    /// to a workspace is closed to others.
    ///
    /// # Errors
    /// [`WorkspaceError`] where a folder cannot be made, or another version has made it.
    pub fn init(root: &Path) -> Result<Self, WorkspaceError> {
        if format::marker(root).exists() {
            format::check(root)?;
        }
        let is_new = !format::marker(root).exists() && format::holds_only_ours(root);
        for folder in format::FOLDERS {
            make_folder(&root.join(folder))?;
        }
        if is_new {
            rights::close_folder(root)?;
        }
        if !format::marker(root).exists() {
            format::write_marker(root, FORMAT)?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Opens a workspace that is there.
    ///
    /// # Errors
    /// [`WorkspaceError`] where there is none, or another version has made it.
    pub fn open(root: &Path) -> Result<Self, WorkspaceError> {
        if !format::marker(root).is_file() {
            return Err(WorkspaceError::Missing { path: root.to_owned() });
        }
        format::check(root)?;
        Ok(Self { root: root.to_owned() })
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
}
