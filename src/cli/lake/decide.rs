//! `lake retract`, `assign` and `replace`: a decision is written down, and told by what it changes.

use super::super::Ended;
use super::super::output::Output;
use super::args::{AssignArgs, ReplaceArgs, RetractArgs};
use super::show_text;
use crate::lake::{
    Catalogue, Change, Corrections, Decision, DecisionKind, Entry, Erasures, LakeError, Ruling, Staging, assign, reason,
};
use crate::read::Limits;
use crate::run::{Project, RunError};
use crate::stage::{Input, Refusal, recognise_as};
use crate::standardise::date::last_day;
use crate::workspace::Workspace;
use chrono::Utc;
use serde::Serialize;

/// What was decided, and which files count otherwise now.
#[derive(Debug, Serialize)]
pub struct Decided {
    /// The decisions.
    pub putusan: Vec<Decision>,
    /// Pieces whose standing has changed.
    pub berubah: Vec<Changed>,
}

/// A piece that counts otherwise now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Id of the file or member.
    pub id_berkas: String,
    /// Name of the file.
    pub nama: String,
    /// The table.
    pub tabel: String,
    /// Whether it counts, or why not.
    pub sesudah: String,
}

/// Takes a file out, or puts it back.
pub fn retract(workspace: &Workspace, project: &Project, args: &RetractArgs, output: Output) -> Ended {
    let _lock = workspace.lock("lake retract")?;
    let catalogue = Catalogue::read(workspace)?;
    let (entry, member) = catalogue.find(&args.entry.entry)?;
    let why = reason(&args.alasan)?;
    let ruling = if args.batal {
        must_hold(entry, member, DecisionKind::Retract, "is not retracted")?;
        Ruling::BatalTarik
    } else {
        Ruling::Tarik
    };
    let decision = Decision::new(&entry.sha256, member, ruling, &why);
    take(workspace, project, catalogue.clone(), vec![decision], output)
}

/// Says that one file stands in the place of another.
pub fn replace(workspace: &Workspace, project: &Project, args: &ReplaceArgs, output: Output) -> Ended {
    let _lock = workspace.lock("lake replace")?;
    let catalogue = Catalogue::read(workspace)?;
    let (old, member) = catalogue.find(&args.old)?;
    let (new, _) = catalogue.find(&args.new)?;
    let why = reason(&args.alasan)?;
    if args.batal {
        must_hold(old, member, DecisionKind::Replace, "is not replaced by hand")?;
        let decision = Decision::new(&old.sha256, member, Ruling::BatalGanti, &why);
        return take(workspace, project, catalogue.clone(), vec![decision], output);
    }
    let ruling = Ruling::Ganti {
        oleh: new.sha256.clone(),
    };
    let decision = Decision::new(&old.sha256, member, ruling, &why);
    let mut trial = catalogue.clone();
    trial.decide(std::slice::from_ref(&decision));
    check_replacement(old, new, member, &trial, project)?;
    let mut decisions = vec![decision];
    if leads_to(&catalogue, new, &old.sha256) {
        // Each would stand in the place of the other, and neither would count.
        decisions.push(Decision::new(&new.sha256, None, Ruling::BatalGanti, &why));
    }
    take(workspace, project, catalogue.clone(), decisions, output)
}

/// Says what a file is. It is staged as that before anything is written down: a file that would be refused stays what it was.
pub fn assign_entry(workspace: &Workspace, project: &Project, args: &AssignArgs, output: Output) -> Ended {
    let _lock = workspace.lock("lake assign")?;
    let catalogue = Catalogue::read(workspace)?;
    let (entry, member) = catalogue.find(&args.entry.entry)?;
    let why = reason(&args.alasan)?;
    if args.batal {
        must_hold(entry, None, DecisionKind::Assign, "has not been assigned")?;
        let decision = Decision::new(&entry.sha256, None, Ruling::BatalTetapkan, &why);
        return take(workspace, project, catalogue.clone(), vec![decision], output);
    }
    let change = Change {
        sumber: args.sumber.clone(),
        periode: args.periode.clone(),
        tahap: args.tahap.clone(),
    };
    let ruling = assign(entry, member, &change, &project.pipelines)?;
    let decision = Decision::new(&entry.sha256, None, ruling, &why);
    let mut trial = catalogue.clone();
    trial.decide(std::slice::from_ref(&decision));
    if let Some(refusal) = refused_as(workspace, project, &trial, &entry.sha256)? {
        output.refusal(&entry.nama, &refusal);
        return Ok(3);
    }
    take(workspace, project, catalogue.clone(), vec![decision], output)
}

/// Stages all pieces of a file as it is said to be.
fn refused_as(
    workspace: &Workspace,
    project: &Project,
    trial: &Catalogue,
    sha256: &str,
) -> Result<Option<Refusal>, RunError> {
    let corrections = Corrections::read(trial).unwrap_or_default();
    let erased = Erasures::read(workspace)?.persons();
    let latest = trial.latest_periode(&project.pipelines).as_deref().and_then(last_day);
    let staging = Staging {
        workspace,
        staged_before: None,
        config: &project.config,
        reference: &project.reference,
        reference_hash: &project.reference_hash,
        schema: &project.schema,
        limits: Limits::default(),
        until: latest.unwrap_or_else(|| Utc::now().date_naive()),
        corrections: Some(&corrections),
        erased: Some(&erased),
        told_in: None,
    };
    let Some(entry) = trial.entries.iter().find(|entry| entry.sha256 == sha256) else {
        return Ok(None);
    };
    for piece in &entry.bagian {
        let Some(pipeline) = project.pipelines.get(&piece.sumber) else {
            continue;
        };
        let input = Input::piece(entry.path.clone(), piece.indeks.zip(piece.anggota.clone()));
        let plan = || recognise_as(&input, pipeline, Limits::default());
        if let Err(refusal) = staging.stage(entry, piece, &input, plan, pipeline)? {
            return Ok(Some(refusal));
        }
    }
    Ok(None)
}

fn must_hold(entry: &Entry, member: Option<usize>, kind: DecisionKind, else_words: &str) -> Result<(), LakeError> {
    let holds = entry
        .decided(kind)
        .any(|decision| member.is_none() || decision.indeks == member);
    if holds {
        return Ok(());
    }
    let one_member = if member.is_some() { "this member of " } else { "" };
    Err(LakeError::Unfit(format!("{one_member}`{}` {else_words}", entry.nama)))
}

/// A file can stand in the place of another only where it fills what the other fills.
fn check_replacement(
    old: &Entry,
    new: &Entry,
    member: Option<usize>,
    trial: &Catalogue,
    project: &Project,
) -> Result<(), LakeError> {
    if old.sha256 == new.sha256 {
        return Err(LakeError::Unfit(format!(
            "`{}` cannot stand in its own place",
            old.nama
        )));
    }
    let versions = trial.versions(&project.pipelines);
    let mut meant = versions
        .iter()
        .filter(|version| version.entry.sha256 == old.sha256 && (member.is_none() || version.piece.indeks == member));
    let takes_a_place = meant.any(|version| matches!(version.verdict, crate::lake::Verdict::Replaced(..)));
    if takes_a_place {
        return Ok(());
    }
    Err(LakeError::Unfit(format!(
        "`{}` ({}) cannot stand in the place of `{}` ({}): it is retracted, or of another source; `bansos360 lake assign` mends a wrong one",
        new.nama, new.sumber, old.nama, old.sumber
    )))
}

/// Does `from` stand aside, over however many files, for the file with this hash?
fn leads_to(catalogue: &Catalogue, from: &Entry, sha256: &str) -> bool {
    let mut open = vec![from.sha256.clone()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(at) = open.pop() {
        for decision in catalogue.decisions.in_force(&at) {
            if let Ruling::Ganti { oleh } = decision.putusan {
                if oleh == sha256 {
                    return true;
                }
                if !seen.contains(&oleh) {
                    seen.push(oleh.clone());
                    open.push(oleh);
                }
            }
        }
    }
    false
}

/// Writes decisions down and tells what they change.
fn take(
    workspace: &Workspace,
    project: &Project,
    mut catalogue: Catalogue,
    decisions: Vec<Decision>,
    output: Output,
) -> Ended {
    let before = standings(&catalogue, project);
    catalogue.decisions.take(workspace, decisions.clone())?;
    let after = standings(&Catalogue::read(workspace)?, project);
    let decided = Decided {
        putusan: decisions,
        berubah: after
            .into_iter()
            .filter(|standing| !before.contains(standing))
            .collect(),
    };
    if output.is_json() {
        output.json(&decided);
    } else {
        output.result(&show_text::decided(&decided));
    }
    Ok(0)
}

fn standings(catalogue: &Catalogue, project: &Project) -> Vec<Changed> {
    let versions = catalogue.versions(&project.pipelines);
    let standing = |version: &crate::lake::Version<'_>| {
        let time = version.piece.period_folder();
        let words = version.verdict.words(version);
        Changed {
            id_berkas: version.entry.piece_id(version.piece),
            nama: version.entry.piece_name(version.piece).to_owned(),
            tabel: version.table.clone(),
            sesudah: if version.verdict.counts() {
                format!("counts as {} {time}", version.piece.sumber)
            } else {
                words
            },
        }
    };
    versions.iter().map(standing).collect()
}
