//! `bansos360 release`: what releases there are, and what is in one.

use super::Ended;
use super::args::Global;
use super::gc::bytes;
use super::output::Output;
use super::release_args::{ReleaseArgs, ReleaseTindakan};
use super::release_diff::diff;
use super::table::{table, thousands};
use crate::config::{Config, Zone};
use crate::mart::Katalog;
use crate::run::{Releases, check_whole, katalog_of, left_behind, size_of};
use crate::workspace::Workspace;
use serde::Serialize;

/// Lists releases, tells of one, or compares two.
pub fn release(global: &Global, args: &ReleaseArgs, output: Output) -> Ended {
    match &args.tindakan {
        ReleaseTindakan::List => list(global, output),
        ReleaseTindakan::Show { run } => show(global, run, output),
        ReleaseTindakan::Diff(args) => diff(global, args, output),
    }
}

/// A release in one line.
#[derive(Serialize)]
struct Line {
    run_id: String,
    waktu: Option<String>,
    periode_terakhir: Option<String>,
    baris_mart: i64,
    ukuran: u64,
    keadaan: Vec<&'static str>,
    catatan: Option<String>,
}

fn list(global: &Global, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let config = Config::load(workspace.root())?;
    let releases = Releases::read(&workspace);
    let left = left_behind(&workspace)?;
    let lines: Vec<Line> = releases
        .names
        .iter()
        .rev()
        .map(|name| {
            let mut states = Vec::new();
            let mut add = |applies: bool, state| states.extend(applies.then_some(state));
            add(releases.current.as_ref() == Some(name), "current");
            add(releases.previous() == Some(name.as_str()), "previous");
            add(left.contains(name), "rolled back");
            add(
                config
                    .rilis
                    .tahan
                    .iter()
                    .any(|held| !held.is_empty() && name.starts_with(held.as_str())),
                "held",
            );
            line(&workspace, name, states)
        })
        .collect();
    if output.is_json() {
        output.json(&lines);
    } else if lines.is_empty() {
        output.result("No release yet");
    } else {
        output.result(&as_table(&lines, config.run.zona_waktu));
    }
    Ok(0)
}

fn line(workspace: &Workspace, name: &str, keadaan: Vec<&'static str>) -> Line {
    let katalog = katalog_of(workspace, name);
    let known = katalog.as_ref().ok();
    Line {
        run_id: name.to_owned(),
        waktu: known.map(|katalog| katalog.waktu.clone()),
        periode_terakhir: known.and_then(|katalog| katalog.periode_terakhir.clone()),
        baris_mart: known.map_or(0, |katalog| katalog.mart.iter().map(|mart| mart.baris).sum()),
        ukuran: size_of(&workspace.releases().join(name)),
        keadaan,
        catatan: katalog.as_ref().err().map(ToString::to_string),
    }
}

fn as_table(lines: &[Line], zone: Zone) -> String {
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                line.run_id.clone(),
                line.waktu.as_deref().map_or_else(String::new, |time| zone.shown(time)),
                line.periode_terakhir.clone().unwrap_or_default(),
                thousands(line.baris_mart),
                bytes(line.ukuran),
                line.catatan.clone().unwrap_or_else(|| line.keadaan.join(", ")),
            ]
        })
        .collect();
    table(
        &["release", "made", "DTKS", "rows in marts", "size", "state"],
        &[3, 4],
        &rows,
    )
}

fn show(global: &Global, typed: &str, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let config = Config::load(workspace.root())?;
    let name = Releases::read(&workspace).named(typed)?.to_owned();
    let katalog = check_whole(&workspace, &config, &name)?;
    if output.is_json() {
        output.json(&katalog);
    } else {
        output.result(&told(&katalog, &workspace, config.run.zona_waktu));
    }
    Ok(0)
}

fn told(katalog: &Katalog, workspace: &Workspace, zone: Zone) -> String {
    let rows: Vec<Vec<String>> = katalog
        .mart
        .iter()
        .map(|mart| {
            vec![
                mart.nama.clone(),
                thousands(mart.baris),
                bytes(mart.ukuran),
                mart.sha256.get(..12).unwrap_or(&mart.sha256).to_owned(),
                mart.periode.join(", "),
            ]
        })
        .collect();
    let mut files: Vec<&String> = katalog.mart.iter().flat_map(|mart| &mart.sumber).collect();
    files.sort();
    files.dedup();
    let mut text = format!(
        "Release {}, made {} by version {}\n  latest DTKS: {}\n  in {}\n\n{}\nMade from\n",
        katalog.run_id,
        zone.shown(&katalog.waktu),
        katalog.versi,
        katalog.periode_terakhir.as_deref().unwrap_or("none"),
        workspace.releases().join(&katalog.run_id).display(),
        table(&["mart", "rows", "size", "sha256", "DTKS"], &[1, 2], &rows),
    );
    text.extend(files.iter().map(|file| format!("  {file}\n")));
    text.push_str("It is whole: every mart has the bytes of its catalogue, and the warehouse opens.\n");
    text
}
