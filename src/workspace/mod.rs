//! A workspace: the folder of one district and its layout (DESIGN.md, "Workspace").

mod format;
mod rights;

pub use format::FORMAT;

use crate::files::{FileError, make_lasting_folder};
use crate::stop::Stopped;
use std::fs;
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
    #[error("another run holds `{path}`: {holder}; try again later, or wait for it with `--wait 10m`")]
    Locked {
        /// The folder.
        path: PathBuf,
        /// Who and since when.
        holder: String,
    },
    /// The program was asked to stop while it waited.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// The folder of one district.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
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
            make_lasting_folder(&root.join(folder))?;
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
}
