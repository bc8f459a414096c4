//! What a target is: a file, a mart, a table of the warehouse, or an entry of the lake.

use super::ProfileError;
use super::engine::Scratch;
use super::file::Files;
use super::relation;
use super::report::{Profile, TableProfile, TargetKind};
use super::sql;
use crate::lake::{Catalogue, Entry};
use crate::run::Project;
use crate::warehouse::{Materialized, WarehouseError, quote};
use crate::workspace::Workspace;
use std::path::Path;

/// How a profile is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Show values of personal columns.
    pub show_personal: bool,
}

/// Profiles what `target` names.
///
/// # Errors
/// [`ProfileError`] where nothing has this name, or it cannot be read.
pub fn profile(
    target: &str,
    workspace: Option<&Workspace>,
    project: &Project,
    options: Options,
) -> Result<Profile, ProfileError> {
    let path = Path::new(target);
    if path.is_file() {
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return of_file(target, TargetKind::Berkas, (path, &name, None), project, options);
    }
    let Some(workspace) = workspace else {
        return Err(ProfileError::NoWorkspace {
            target: target.to_owned(),
        });
    };
    let finished = |kind, table| finished(target, kind, options, vec![table], Vec::new());
    let release = workspace.current_release();
    let known = match &release {
        Some(release) => {
            if let Some(table) = mart(release, target, project, options)? {
                return Ok(finished(TargetKind::Mart, table));
            }
            let database = Scratch::over(&release.join("warehouse.duckdb"), &project.config)?;
            let names = relations(&database)?;
            if names.iter().any(|name| name == target) {
                let relation = sql::identifier(target);
                let table = relation::profile(&database, &relation, target, &project.models, options.show_personal)?;
                return Ok(finished(TargetKind::Tabel, table));
            }
            names
        }
        None => Vec::new(),
    };
    match entry(workspace, target)? {
        Some((entry, member)) => {
            let file = (entry.path.as_path(), entry.nama.as_str(), member);
            of_file(target, TargetKind::Lake, file, project, options)
        }
        None => Err(unknown(target, &known, project)),
    }
}

fn finished(
    target: &str,
    jenis: TargetKind,
    options: Options,
    tabel: Vec<TableProfile>,
    catatan: Vec<String>,
) -> Profile {
    Profile {
        sasaran: target.to_owned(),
        jenis,
        data_pribadi: options.show_personal,
        tabel,
        catatan,
    }
}

fn of_file(
    target: &str,
    kind: TargetKind,
    (path, name, member): (&Path, &str, Option<usize>),
    project: &Project,
    options: Options,
) -> Result<Profile, ProfileError> {
    let scratch = Scratch::new(None, &project.config)?;
    let mut files = Files {
        scratch: &scratch,
        project,
        show: options.show_personal,
        tables: Vec::new(),
        notes: Vec::new(),
    };
    files.file(path, name, member)?;
    if member.is_some() && files.tables.is_empty() && files.notes.is_empty() {
        return Err(unknown(target, &[], project));
    }
    Ok(finished(target, kind, options, files.tables, files.notes))
}

fn mart(
    release: &Path,
    target: &str,
    project: &Project,
    options: Options,
) -> Result<Option<TableProfile>, ProfileError> {
    if !project.models.of(Materialized::Mart).any(|model| model.name == target) {
        return Ok(None);
    }
    let path = release.join("marts").join(format!("{target}.parquet"));
    let path = path.canonicalize().unwrap_or(path);
    if !path.is_file() {
        return Ok(None);
    }
    let scratch = Scratch::new(path.parent(), &project.config)?;
    let text = path
        .to_str()
        .ok_or_else(|| WarehouseError::Path { path: path.clone() })?;
    let relation = format!("read_parquet({})", quote(text));
    relation::profile(&scratch, &relation, target, &project.models, options.show_personal).map(Some)
}

fn relations(database: &Scratch) -> Result<Vec<String>, ProfileError> {
    let fail = || WarehouseError::engine("list the tables");
    let mut statement = database.connection.prepare(sql::RELATIONS).map_err(fail())?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(fail())?;
    Ok(rows.collect::<Result<Vec<_>, _>>().map_err(fail())?)
}

/// The entry of the lake that begins so (at least four digits of its hash), has this `id_berkas`, or this name.
fn entry(workspace: &Workspace, target: &str) -> Result<Option<(Entry, Option<usize>)>, ProfileError> {
    let (prefix, member) = match target.split_once('-') {
        Some((prefix, index)) => (prefix, index.parse().ok()),
        None => (target, None),
    };
    let is_hash = prefix.len() >= 4 && prefix.bytes().all(|digit| digit.is_ascii_hexdigit());
    let is_id = is_hash && (member.is_some() || prefix == target);
    let prefix = prefix.to_lowercase();
    let entries = Catalogue::read(workspace)?.entries;
    let mut found: Vec<Entry> = entries
        .into_iter()
        .filter(|entry| entry.nama == target || (is_id && entry.sha256.starts_with(&prefix)))
        .collect();
    match found.len() {
        0 | 1 => Ok(found.pop().map(|entry| (entry, member.filter(|_| is_id)))),
        count => Err(ProfileError::Ambiguous {
            target: target.to_owned(),
            count,
        }),
    }
}

fn unknown(target: &str, relations: &[String], project: &Project) -> ProfileError {
    let marts = project.models.of(Materialized::Mart).map(|model| model.name.as_str());
    let names = relations.iter().map(String::as_str).chain(marts);
    let similar = names
        .map(|name| (strsim::jaro_winkler(target, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    ProfileError::Unknown {
        target: target.to_owned(),
        hint: similar.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?")),
    }
}
