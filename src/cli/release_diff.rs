//! `bansos360 release diff`.

use super::Ended;
use super::args::Global;
use super::output::Output;
use super::release_args::{DiffArgs, Per};
use super::table::{table, thousands};
use crate::banding::{
    Compared, Comparison, DETAIL_COLUMNS, Figures, Group, MartChange, PLACE_COLUMNS, PlaceChange, details, page,
    place_rows,
};
use crate::config::Zone;
use crate::files::write_atomic;
use crate::laporan::{SheetError, as_csv, as_workbook};
use crate::run::{Project, Releases, RunError};
use crate::workspace::Workspace;

/// Compares two releases.
pub fn diff(global: &Global, args: &DiffArgs, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    let releases = Releases::read(&workspace);
    let before = releases.named(&args.dari)?;
    let after = releases.named(&args.ke)?;
    let compared = Compared::open(&workspace, &project, before, after)?;
    let comparison = compared.compare()?;
    let is_written = write_files(args, &compared, &comparison, project.config.run.zona_waktu, output)?;
    if output.is_json() {
        output.json(&comparison);
    } else if !is_written {
        output.result(&as_text(&comparison, args.per));
    }
    Ok(0)
}

fn write_files(
    args: &DiffArgs,
    compared: &Compared<'_>,
    comparison: &Comparison,
    zone: Zone,
    output: Output,
) -> Result<bool, RunError> {
    let rows = place_rows(comparison);
    let sheet = |rows: &Vec<Vec<String>>| vec![("Perubahan".to_owned(), rows.clone())];
    if let Some(path) = &args.csv {
        write_atomic(path, &as_csv(&PLACE_COLUMNS, &rows).map_err(unwritable)?)?;
    }
    if let Some(path) = &args.xlsx {
        write_atomic(path, &as_workbook(&PLACE_COLUMNS, &sheet(&rows)).map_err(unwritable)?)?;
    }
    if let Some(path) = &args.html {
        write_atomic(path, page(comparison, zone).as_bytes())?;
    }
    if let Some(path) = &args.rinci {
        let people = details(compared, args.tampilkan_data_pribadi)?;
        write_atomic(path, &as_workbook(&DETAIL_COLUMNS, &people).map_err(unwritable)?)?;
    }
    let written = [&args.csv, &args.xlsx, &args.html, &args.rinci];
    for path in written.into_iter().flatten() {
        output.say(&format!("written to `{}`", path.display()));
    }
    Ok(written.iter().any(|path| path.is_some()))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn unwritable(error: SheetError) -> RunError {
    RunError::Usage(error.to_string())
}

fn as_text(comparison: &Comparison, per: Per) -> String {
    let mut text = format!(
        "From {} to {}\n\nMarts\n{}",
        comparison.dari.run_id,
        comparison.ke.run_id,
        marts(&comparison.mart)
    );
    for mart in &comparison.mart {
        text.push_str(&columns(mart));
    }
    text.push_str(&format!("\nPeople\n{}", groups(&comparison.kelompok)));
    for group in comparison.kelompok.iter().filter(|group| group.kode_program.is_none()) {
        let (places, name) = match per {
            Per::Kecamatan => (&group.kecamatan, "kecamatan"),
            Per::Desa => (&group.desa, "desa"),
        };
        let changed: Vec<&PlaceChange> = places.iter().filter(|place| place.angka.has_changes()).collect();
        if !changed.is_empty() {
            text.push_str(&format!("\n{} per {name}\n{}", group.nama, places_table(&changed, per)));
        }
    }
    for note in &comparison.catatan {
        text.push_str(&format!("note: {note}\n"));
    }
    text
}

fn marts(marts: &[MartChange]) -> String {
    let rows: Vec<Vec<String>> = marts
        .iter()
        .map(|mart| {
            let figures = [mart.sebelum, mart.sesudah, mart.masuk, mart.keluar, mart.berubah];
            let mut cells = vec![mart.nama.clone()];
            cells.extend(figures.map(thousands));
            cells
        })
        .collect();
    table(
        &["mart", "before", "after", "added", "removed", "changed"],
        &[1, 2, 3, 4, 5],
        &rows,
    )
}

/// The columns that changed most.
fn columns(mart: &MartChange) -> String {
    let mut changed: Vec<(&String, &i64)> = mart.kolom.iter().collect();
    changed.sort_by_key(|(_, rows)| std::cmp::Reverse(**rows));
    if changed.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = changed
        .iter()
        .take(8)
        .map(|(column, rows)| format!("{column} {}", thousands(**rows)))
        .collect();
    let rest = changed.len().saturating_sub(8);
    let more = if rest > 0 {
        format!(", and {rest} more columns")
    } else {
        String::new()
    };
    format!("  {}: changed values: {}{more}\n", mart.nama, shown.join(", "))
}

/// A column: what stands above it, and its figure.
type Column = (&'static str, fn(&Figures) -> i64);

/// What is told of each group and place.
const SHOWN: [Column; 16] = [
    ("sebelum", |figures| figures.sebelum),
    ("masuk", |figures| figures.masuk),
    ("keluar", |figures| figures.keluar),
    ("pindah masuk", |figures| figures.pindah_masuk),
    ("pindah keluar", |figures| figures.pindah_keluar),
    ("tempat lain", |figures| figures.tempat_lain),
    ("sesudah", |figures| figures.sesudah),
    ("desil naik", |figures| figures.desil_naik),
    ("turun", |figures| figures.desil_turun),
    ("ganti program", |figures| figures.ganti_program),
    ("rangkap muncul", |figures| figures.rangkap_muncul),
    ("hilang", |figures| figures.rangkap_hilang),
    ("langgar muncul", |figures| figures.langgar_muncul),
    ("hilang", |figures| figures.langgar_hilang),
    ("masuk DTKS", |figures| figures.dtks_masuk),
    ("keluar", |figures| figures.dtks_keluar),
];

fn figures(figures: &Figures) -> impl Iterator<Item = String> {
    SHOWN.iter().map(move |(_, value)| match value(figures) {
        0 => "·".to_owned(),
        figure => thousands(figure),
    })
}

fn titled(first: &[&'static str]) -> (Vec<&'static str>, Vec<usize>) {
    let headings: Vec<&str> = first.iter().copied().chain(SHOWN.map(|(title, _)| title)).collect();
    let right = (first.len()..headings.len()).collect();
    (headings, right)
}

fn groups(groups: &[Group]) -> String {
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let name = match &group.kode_program {
                Some(program) => format!("  {program}"),
                None => group.nama.clone(),
            };
            std::iter::once(name).chain(figures(&group.jumlah)).collect()
        })
        .collect();
    let (headings, right) = titled(&["group"]);
    table(&headings, &right, &rows)
}

fn places_table(places: &[&PlaceChange], per: Per) -> String {
    let unknown = |name: &Option<String>| name.clone().unwrap_or_else(|| "(unknown)".to_owned());
    let rows: Vec<Vec<String>> = places
        .iter()
        .map(|place| {
            let mut cells = vec![unknown(&place.kecamatan)];
            if per == Per::Desa {
                cells.push(unknown(&place.desa));
            }
            cells.extend(figures(&place.angka));
            cells
        })
        .collect();
    let first: &[&str] = if per == Per::Desa {
        &["kecamatan", "desa"]
    } else {
        &["kecamatan"]
    };
    let (headings, right) = titled(first);
    table(&headings, &right, &rows)
}
