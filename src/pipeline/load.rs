//! Reads pipeline files, merges what they extend and checks them.

use super::spec::{ColumnSpec, MatchSpec, PeriodeSpec, Pipeline, ProgramRule, ProgramSpec, RowsSpec};
use crate::bundle::Bundle;
use crate::reference::Reference;
use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// A pipeline file that cannot be used.
#[derive(Debug, Error)]
pub enum PipelineError {
    /// Not the TOML of a pipeline.
    #[error("pipeline `{file}`: {message}")]
    Parse {
        /// The file.
        file: String,
        /// What the TOML reader said, with its line.
        message: String,
    },
    /// It extends a source that no file defines.
    #[error("pipeline `{file}` extends `{parent}`, which no pipeline file defines")]
    UnknownParent {
        /// The file.
        file: String,
        /// The source that it names.
        parent: String,
    },
    /// Something that it says cannot be.
    #[error("pipeline `{file}`: {problem}")]
    Invalid {
        /// The file.
        file: String,
        /// What cannot be, and what to do.
        problem: String,
    },
}

/// A pipeline file as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPipeline {
    source: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    extends: Option<String>,
    #[serde(default, rename = "abstract")]
    is_abstract: bool,
    #[serde(default)]
    tables: Vec<String>,
    #[serde(default, rename = "match")]
    matching: Option<MatchSpec>,
    #[serde(default)]
    periode: Option<PeriodeSpec>,
    #[serde(default)]
    rows: Option<RowsSpec>,
    #[serde(default)]
    program: Option<RawProgram>,
    #[serde(default)]
    column: Vec<ColumnSpec>,
}

/// A program as it is written: what a file does not say comes from what it extends or overlays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProgram {
    kode: Option<String>,
    nama: Option<String>,
    wajib_dtks: Option<bool>,
    rule: Option<Vec<ProgramRule>>,
}

/// All sources of a workspace, in the order of their names.
#[derive(Debug, Clone)]
pub struct Pipelines {
    all: Vec<Pipeline>,
    districts: Vec<String>,
}

impl Pipelines {
    /// The same for a workspace of these districts (BPS codes).
    #[must_use]
    pub fn of_districts(mut self, codes: &[String]) -> Self {
        self.districts = codes.to_vec();
        self
    }

    /// The district that a file is of where the workspace takes several: the code that its name or one of its folders begins
    /// with, the nearest first, as in `3504-JULI 2019.zip`; empty where none tells it, or where there is one district only.
    pub fn district_of(&self, path: &str) -> &str {
        if self.districts.len() < 2 {
            return "";
        }
        let begins = |part: &str, code: &String| {
            let rest = part.trim_start().strip_prefix(code.as_str());
            rest.is_some_and(|rest| !rest.starts_with(|sign: char| sign.is_ascii_digit()))
        };
        let told = |part: &str| self.districts.iter().find(|code| begins(part, code));
        path.rsplit('/').find_map(told).map_or("", String::as_str)
    }

    /// Reads the pipeline files of a bundle.
    ///
    /// A workspace's file of a built-in source adds to it; one that `extends` a source takes over what it does not say.
    ///
    /// # Errors
    /// [`PipelineError`] with the file and what is wrong in it.
    pub fn load(bundle: &Bundle, reference: &Reference) -> Result<Self, PipelineError> {
        let mut raw: BTreeMap<String, (String, RawPipeline)> = BTreeMap::new();
        for (file, text) in &bundle.pipelines {
            let pipeline = parse(file, text)?;
            raw.insert(pipeline.source.clone(), (file.clone(), pipeline));
        }
        for (file, text) in &bundle.own_pipelines {
            let own = parse(file, text)?;
            let merged = match raw.remove(&own.source) {
                Some((_, built_in)) if own.extends.is_none() => merge(built_in, own),
                _ => own,
            };
            raw.insert(merged.source.clone(), (file.clone(), merged));
        }
        let mut all = Vec::new();
        for (file, pipeline) in raw.values() {
            if !pipeline.is_abstract {
                all.push(finish(file, pipeline, &raw, reference)?);
            }
        }
        one_source_a_program(&all)?;
        Ok(Self {
            all,
            districts: Vec::new(),
        })
    }

    /// All sources.
    pub fn iter(&self) -> impl Iterator<Item = &Pipeline> {
        self.all.iter()
    }

    /// The source of this name.
    pub fn get(&self, source: &str) -> Option<&Pipeline> {
        self.all.iter().find(|pipeline| pipeline.source == source)
    }
}

fn parse(file: &str, text: &str) -> Result<RawPipeline, PipelineError> {
    toml::from_str(text).map_err(|error| PipelineError::Parse {
        file: file.to_owned(),
        message: error.to_string().trim_end().to_owned(),
    })
}

/// What `child` says, over what `parent` says.
fn merge(parent: RawPipeline, child: RawPipeline) -> RawPipeline {
    // A file of the same name lays itself over what is there; one that extends is a source of its own.
    let child_is_overlay = child.source == parent.source;
    let or = |child: Vec<String>, parent: Vec<String>| if child.is_empty() { parent } else { child };
    RawPipeline {
        source: child.source,
        title: child.title.or(parent.title),
        extends: child.extends.or(parent.extends),
        is_abstract: child.is_abstract || (parent.is_abstract && child_is_overlay),
        tables: or(child.tables, parent.tables),
        matching: merge_match(parent.matching, child.matching),
        periode: child.periode.or(parent.periode),
        rows: merge_rows(parent.rows, child.rows),
        program: merge_program(parent.program, child.program),
        column: merge_columns(parent.column, child.column),
    }
}

fn merge_match(parent: Option<MatchSpec>, child: Option<MatchSpec>) -> Option<MatchSpec> {
    let (Some(parent), Some(child)) = (parent.clone(), child.clone()) else {
        return child.or(parent);
    };
    Some(MatchSpec {
        name: if child.name.is_empty() { parent.name } else { child.name },
        by_columns: child.by_columns || parent.by_columns,
        signature: if child.signature.is_empty() {
            parent.signature
        } else {
            child.signature
        },
        required: if child.required.is_empty() {
            parent.required
        } else {
            child.required
        },
        forbidden: if child.forbidden.is_empty() {
            parent.forbidden
        } else {
            child.forbidden
        },
        priority: if child.priority == 0 {
            parent.priority
        } else {
            child.priority
        },
    })
}

fn merge_program(parent: Option<RawProgram>, child: Option<RawProgram>) -> Option<RawProgram> {
    let (Some(parent), Some(child)) = (parent.clone(), child.clone()) else {
        return child.or(parent);
    };
    Some(RawProgram {
        kode: child.kode.or(parent.kode),
        nama: child.nama.or(parent.nama),
        wajib_dtks: child.wajib_dtks.or(parent.wajib_dtks),
        rule: child.rule.or(parent.rule),
    })
}

/// A program needs its code and its name.
fn finish_program(file: &str, raw: Option<RawProgram>) -> Result<Option<ProgramSpec>, PipelineError> {
    let Some(raw) = raw else { return Ok(None) };
    let (Some(kode), Some(nama)) = (raw.kode, raw.nama) else {
        return Err(PipelineError::Invalid {
            file: file.to_owned(),
            problem: "`[program]` needs `kode` and `nama`".to_owned(),
        });
    };
    Ok(Some(ProgramSpec {
        kode,
        nama,
        wajib_dtks: raw.wajib_dtks.unwrap_or(false),
        rule: raw.rule.unwrap_or_default(),
    }))
}

fn merge_rows(parent: Option<RowsSpec>, child: Option<RowsSpec>) -> Option<RowsSpec> {
    let (Some(parent), Some(child)) = (parent.clone(), child.clone()) else {
        return child.or(parent);
    };
    let or = |child: Vec<String>, parent: Vec<String>| if child.is_empty() { parent } else { child };
    Some(RowsSpec {
        identifying: or(child.identifying, parent.identifying),
        closing_words: or(child.closing_words, parent.closing_words),
        not_active: or(child.not_active, parent.not_active),
    })
}

fn merge_columns(parent: Vec<ColumnSpec>, child: Vec<ColumnSpec>) -> Vec<ColumnSpec> {
    let mut merged = parent;
    for mut column in child {
        match merged.iter_mut().find(|known| known.name == column.name) {
            Some(known) => {
                if !column.alias.is_empty() {
                    known.alias = std::mem::take(&mut column.alias);
                }
                known.alias.append(&mut column.alias_extra);
                known.kind = column.kind;
                known.codes = column.codes.or(known.codes.take());
            }
            None => merged.push(column),
        }
    }
    merged
}

fn finish(
    file: &str,
    raw: &RawPipeline,
    all: &BTreeMap<String, (String, RawPipeline)>,
    reference: &Reference,
) -> Result<Pipeline, PipelineError> {
    let mut whole = raw.clone();
    let mut seen = vec![raw.source.clone()];
    while let Some(parent) = whole.extends.take() {
        let (_, found) =
            all.get(&parent)
                .filter(|_| !seen.contains(&parent))
                .ok_or_else(|| PipelineError::UnknownParent {
                    file: file.to_owned(),
                    parent: parent.clone(),
                })?;
        seen.push(parent);
        whole = merge(found.clone(), whole);
    }
    let mut columns = whole.column;
    for column in &mut columns {
        let extra = std::mem::take(&mut column.alias_extra);
        column.alias.extend(extra);
    }
    let pipeline = Pipeline {
        title: whole.title.unwrap_or_else(|| whole.source.clone()),
        source: whole.source,
        tables: whole.tables,
        matching: whole.matching.unwrap_or_default(),
        periode: whole.periode.unwrap_or_default(),
        rows: whole.rows.unwrap_or_default(),
        program: finish_program(file, whole.program)?,
        columns,
    };
    check(&pipeline, reference).map_err(|problem| PipelineError::Invalid {
        file: file.to_owned(),
        problem,
    })?;
    Ok(pipeline)
}

/// Two sources of one program code would count its recipients twice.
fn one_source_a_program(all: &[Pipeline]) -> Result<(), PipelineError> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for pipeline in all {
        let Some(program) = &pipeline.program else { continue };
        if let Some(other) = seen.insert(&program.kode, &pipeline.source) {
            return Err(PipelineError::Invalid {
                file: pipeline.source.clone(),
                problem: format!(
                    "program `{}` is that of source `{other}` too; give it a code of its own, or name both kinds of file in one source",
                    program.kode
                ),
            });
        }
    }
    Ok(())
}

const TABLES: [&str; 5] = [
    "dtks_rt",
    "dtks_art",
    "bantuan_sosial",
    "data_disabilitas",
    "usulan_daerah",
];

fn check(pipeline: &Pipeline, reference: &Reference) -> Result<(), String> {
    if pipeline.tables.is_empty() || pipeline.tables.iter().any(|table| !TABLES.contains(&table.as_str())) {
        return Err(format!("`tables` must name some of {}", TABLES.join(", ")));
    }
    if pipeline.table() == "bantuan_sosial" && pipeline.program.is_none() {
        return Err("a list of recipients needs a `[program]` with `kode` and `nama`".to_owned());
    }
    for column in &pipeline.columns {
        if column.alias.is_empty() {
            return Err(format!("column `{}` has no `alias`", column.name));
        }
        check_codes(column, reference)?;
    }
    let groups = pipeline.matching.required.iter().chain(&pipeline.matching.signature);
    for name in groups.flatten().chain(&pipeline.rows.identifying) {
        if pipeline.column(name).is_none() {
            return Err(format!(
                "`{name}` is required or identifying, but no `[[column]]` has that name"
            ));
        }
    }
    let rules = pipeline.program.iter().flat_map(|program| &program.rule);
    for rule in rules {
        if rule.kind().is_none() {
            return Err(format!(
                "rule `{}` needs exactly one of `requires`, `excludes`, `requires_flag = \"KIS\"`",
                rule.id
            ));
        }
        if !matches!(rule.satuan.as_str(), "keluarga" | "nik") {
            return Err(format!("rule `{}`: `satuan` is `keluarga` or `nik`", rule.id));
        }
    }
    Ok(())
}

fn check_codes(column: &ColumnSpec, reference: &Reference) -> Result<(), String> {
    match (&column.codes, column.kind.needs_codes()) {
        (None, true) => Err(format!(
            "column `{}` needs `codes`, the name of a code list",
            column.name
        )),
        (Some(list), true) if reference.list(list).is_none() => Err(format!(
            "column `{}`: no code list `{list}` in kode_rt.csv or kode_art.csv",
            column.name
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    fn load(own: &[(&str, &str)]) -> Result<Pipelines, PipelineError> {
        let mut bundle = Bundle::load(None).unwrap();
        for (file, text) in own {
            bundle.own_pipelines.insert((*file).to_owned(), (*text).to_owned());
        }
        Pipelines::load(&bundle, &reference::built_in().unwrap())
    }

    #[test]
    fn the_built_in_pipelines_are_sound() {
        let pipelines = load(&[]).unwrap();
        let sources: Vec<&str> = pipelines.iter().map(|pipeline| pipeline.source.as_str()).collect();
        assert_eq!(
            sources,
            [
                "bst",
                "disabilitas",
                "dtks_art",
                "dtks_rt",
                "kpe",
                "pkh",
                "sembako",
                "siks_ng",
                "usulan"
            ]
        );
    }

    #[test]
    fn a_program_is_one_file() {
        let text = "source = \"blt_dd\"\nextends = \"daftar_program\"\n[match]\nname = [\"blt dd\"]\n\
                    [program]\nkode = \"BLT_DD\"\nnama = \"BLT DANA DESA\"\n";
        let pipelines = load(&[("blt_dd.toml", text)]).unwrap();
        let blt = pipelines.get("blt_dd").unwrap();
        assert_eq!(blt.table(), "bantuan_sosial");
        assert!(blt.column("nik").is_some());
        assert!(!blt.matching.required.is_empty());
    }

    #[test]
    fn a_workspace_adds_an_alias_to_a_built_in_source() {
        let text = "source = \"pkh\"\n[[column]]\nname = \"nama\"\ntype = \"name\"\nalias_extra = [\"NAMA IBU\"]\n";
        let pipelines = load(&[("pkh.toml", text)]).unwrap();
        let nama = pipelines.get("pkh").unwrap().column("nama").unwrap();
        assert!(nama.alias.contains(&"NAMA IBU".to_owned()));
        assert!(nama.alias.contains(&"NAMA PENGURUS".to_owned()));
    }

    #[test]
    fn mistakes_name_the_file_and_what_to_do() {
        for (text, words) in [
            ("source = ", "own.toml"),
            ("source = \"x\"\nextends = \"y\"\n", "extends `y`"),
            ("source = \"x\"\ntables = [\"z\"]\n", "`tables` must name"),
            ("source = \"x\"\nextends = \"daftar_program\"\n", "needs a `[program]`"),
        ] {
            let error = load(&[("own.toml", text)]).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
