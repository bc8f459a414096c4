//! Everything that a workspace is configured with, read once: texts, reference, pipelines, models.

use super::RunError;
use crate::bundle::Bundle;
use crate::config::{Config, ConfigError};
use crate::files::hex;
use crate::pipeline::Pipelines;
use crate::reference::Reference;
use crate::stage::StagedSchema;
use crate::temuan::{WorkspaceRule, workspace_rules};
use crate::uji::check_queries;
use crate::warehouse::{Materialized, Models};
use sha2::{Digest, Sha256};
use std::path::Path;

/// What a workspace is configured with.
#[derive(Debug)]
pub struct Project {
    /// `bansos360.toml`.
    pub config: Config,
    /// Built-in and overridden texts.
    pub bundle: Bundle,
    /// Regions and code lists.
    pub reference: Reference,
    /// Sources.
    pub pipelines: Pipelines,
    /// Columns of staged tables.
    pub schema: StagedSchema,
    /// SQL models.
    pub models: Models,
    /// Rules of findings, with the levels of the workspace.
    pub rules: Vec<WorkspaceRule>,
    /// Hash of the reference texts.
    pub reference_hash: String,
    /// Hash of the pipeline texts.
    pub pipelines_hash: String,
}

impl Project {
    /// Reads what a workspace is configured with; only what is built in where `workspace` is `None`.
    ///
    /// # Errors
    /// [`RunError`] with the file that cannot be used.
    pub fn load(workspace: Option<&Path>) -> Result<Self, RunError> {
        let config = match workspace {
            Some(root) => Config::load(root)?,
            None => Config::default(),
        };
        let bundle = Bundle::load(workspace)?;
        let reference = Reference::load(&bundle)?;
        let pipelines = Pipelines::load(&bundle, &reference)?.of_districts(&config.kabupaten);
        let schema = StagedSchema::parse(bundle.sql.get("staged.toml").map_or("", String::as_str))?;
        let models = Models::load(&bundle)?;
        check_queries(&bundle)?;
        let rules = rules(&config, &models, workspace)?;
        let reference_hash = hash_texts(bundle.reference.iter());
        let pipelines_hash = hash_texts(bundle.pipelines.iter().chain(&bundle.own_pipelines));
        Ok(Self {
            config,
            bundle,
            reference,
            pipelines,
            schema,
            models,
            rules,
            reference_hash,
            pipelines_hash,
        })
    }

    /// Hash of all SQL texts: models, sheets, data tests.
    pub fn sql_hash(&self) -> String {
        // What only reads releases decides nothing in them.
        let decides = |path: &String| !path.starts_with("banding/") && !path.starts_with("telusur/");
        hash_texts(self.bundle.sql.iter().filter(|(path, _)| decides(path)))
    }
}

fn rules(config: &Config, models: &Models, workspace: Option<&Path>) -> Result<Vec<WorkspaceRule>, ConfigError> {
    let own = models
        .of(Materialized::Temuan)
        .map(|model| (model.name.as_str(), model.description.as_str()));
    workspace_rules(&config.temuan.tingkat, own).map_err(|id| ConfigError::Parse {
        path: workspace.unwrap_or(Path::new("")).join("bansos360.toml"),
        message: format!("`[temuan.tingkat]` names the rule `{id}`, which is not in `bansos360 docs --bagian temuan`"),
    })
}

fn hash_texts<'t>(texts: impl Iterator<Item = (&'t String, &'t String)>) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in texts {
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    hex(&hasher.finalize())
}
