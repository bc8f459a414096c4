//! What is built into the binary and may be overridden or added to by a workspace: `pipelines/`, `sql/`, `reference/`.

use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

static PIPELINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/pipelines");
static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql");
static REFERENCE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/reference");

/// A file of the workspace that cannot be read.
#[derive(Debug, Error)]
pub enum BundleError {
    /// The file system said no.
    #[error("cannot read `{path}`")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The three folders as texts by relative path (`marts/mart_1_kpm.sql`).
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    /// `pipelines/*.toml`.
    pub pipelines: BTreeMap<String, String>,
    /// Workspace files of `pipelines/` whose names are not built in, or that override one.
    pub own_pipelines: BTreeMap<String, String>,
    /// `sql/**`.
    pub sql: BTreeMap<String, String>,
    /// `reference/*.csv`.
    pub reference: BTreeMap<String, String>,
}

impl Bundle {
    /// What is built in, with the workspace's own files over it.
    ///
    /// # Errors
    /// [`BundleError`] where a file of the workspace cannot be read.
    pub fn load(workspace: Option<&Path>) -> Result<Self, BundleError> {
        let mut bundle = Self {
            pipelines: texts(&PIPELINES),
            own_pipelines: BTreeMap::new(),
            sql: texts(&SQL),
            reference: texts(&REFERENCE),
        };
        if let Some(root) = workspace {
            overlay(&root.join("pipelines"), &mut bundle.own_pipelines)?;
            overlay(&root.join("sql"), &mut bundle.sql)?;
            overlay(&root.join("reference"), &mut bundle.reference)?;
        }
        Ok(bundle)
    }

    /// The text of a reference file; empty where it is missing.
    pub fn reference_text(&self, name: &str) -> &str {
        self.reference.get(name).map_or("", String::as_str)
    }
}

fn texts(dir: &Dir<'_>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(dir, &mut found);
    found
}

fn collect(dir: &Dir<'_>, found: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            let name = file.path().to_string_lossy().replace('\\', "/");
            found.insert(name, text.to_owned());
        }
    }
    dir.dirs().for_each(|inner| collect(inner, found));
}

fn overlay(folder: &Path, found: &mut BTreeMap<String, String>) -> Result<(), BundleError> {
    if !folder.is_dir() {
        return Ok(());
    }
    walk(folder, folder, found)
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) -> Result<(), BundleError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| BundleError::Read { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
        let path = entry.map_err(fail(folder))?.path();
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if path
            .extension()
            .is_some_and(|kind| kind == "sql" || kind == "toml" || kind == "csv")
        {
            let text = std::fs::read_to_string(&path).map_err(fail(&path))?;
            let name = path.strip_prefix(root).unwrap_or(&path);
            found.insert(name.to_string_lossy().replace('\\', "/"), text);
        }
    }
    Ok(())
}
