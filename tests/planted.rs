//! Planted faults and what a run says of them: every kind that changes or doubts a value is found on its line under the
//! right rule, and a sample without faults has no such finding. `planted/harapan.toml` says what is expected of each kind.

use assert_cmd::Command;
use bansos360::sample::{SampleOptions, generate};
use duckdb::Connection;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    baris: Vec<OnLine>,
    dihitung: Vec<Counted>,
    dirapikan: Vec<Tidied>,
}

/// Found on its line by one of the rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnLine {
    kolom: String,
    aturan: Vec<String>,
    jenis: Vec<String>,
    #[serde(default)]
    juga_baris_berikut: bool,
    atau_dihitung: Option<String>,
}

/// Counted for its file, once for so many planted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    kolom: String,
    aturan: String,
    jenis: Vec<String>,
    #[serde(default = "one")]
    tiap: i64,
}

/// Ruling 68: no finding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tidied {
    sebab: String,
    #[serde(default)]
    kolom: Option<String>,
    jenis: Vec<String>,
}

fn one() -> i64 {
    1
}

/// File and member.
type File = (String, String);
/// File, sheet, line.
type Line = (File, String, i64);

/// A fault of the truth.
struct Fault {
    at: Line,
    kolom: String,
    jenis: String,
}

/// What a run has said.
#[derive(Default)]
struct Found {
    lines: BTreeMap<Line, BTreeSet<String>>,
    counts: BTreeMap<(File, String), i64>,
    /// Lines in quarantine: of a row that is set aside no cell is judged.
    set_aside: BTreeSet<Line>,
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn bansos360(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn run(raw: &Path) -> TempDir {
    let workspace = TempDir::new().unwrap();
    let [folder, raw] = [workspace.path(), raw].map(|path| path.to_str().unwrap());
    bansos360(&["run", "--quiet", "--workspace", folder, raw]);
    workspace
}

/// The rows of a query as text; `before` is run first.
fn rows(before: &str, sql: &str) -> Vec<Vec<String>> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(before).unwrap();
    let as_text = format!("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})");
    let mut statement = connection.prepare(&as_text).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let width = row.as_ref().column_count();
        let cell = |column| row.get::<_, Option<String>>(column).unwrap().unwrap_or_default();
        found.push((0..width).map(cell).collect());
    }
    found
}

/// Rows of the release's warehouse.
fn warehouse(workspace: &Path, sql: &str) -> Vec<Vec<String>> {
    let path = workspace.join("current/warehouse.duckdb");
    rows(&format!("ATTACH '{}' AS w (READ_ONLY); USE w;", path.display()), sql)
}

fn line_of(cells: &[String]) -> Line {
    let file = (cells[0].clone(), cells[1].clone());
    (file, cells[2].clone(), cells[3].parse().unwrap())
}

fn faults(truth: &Path) -> Vec<Fault> {
    let sql = format!(
        "SELECT DISTINCT berkas, anggota, lembar, baris, kolom, jenis FROM '{}/kesalahan/*.parquet'",
        truth.display()
    );
    let faults = rows("", &sql).into_iter().map(|cells| Fault {
        at: line_of(&cells),
        kolom: cells[4].clone(),
        jenis: cells[5].clone(),
    });
    faults.collect()
}

fn found(workspace: &Path) -> Found {
    let mut found = Found::default();
    let files = "(SELECT DISTINCT id_berkas, nama_berkas, anggota FROM sumber_berkas) AS b USING (id_berkas)";
    let sql =
        format!("SELECT nama_berkas, anggota, lembar, nomor_baris, aturan, jumlah FROM kualitas_temuan JOIN {files}");
    for cells in warehouse(workspace, &sql) {
        if cells[3].is_empty() {
            let file = (cells[0].clone(), cells[1].clone());
            *found.counts.entry((file, cells[4].clone())).or_insert(0) += cells[5].parse::<i64>().unwrap();
        } else {
            found.lines.entry(line_of(&cells)).or_default().insert(cells[4].clone());
        }
    }
    let sql = format!("SELECT nama_berkas, anggota, lembar, nomor_baris FROM karantina JOIN {files}");
    found.set_aside = warehouse(workspace, &sql).iter().map(|cells| line_of(cells)).collect();
    found
}

/// Columns of the sample that no pipeline reads, by file: what stands there is nobody's data.
fn unread(raw: &Path) -> BTreeSet<(File, String)> {
    let text = bansos360(&["validate", "--format", "json", raw.to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut columns = BTreeSet::new();
    for file in list(&report["berkas"]) {
        for piece in list(&file["bagian"]) {
            let of = (text(&file["nama"]), text(&piece["anggota"]));
            for heading in list(&piece["lembar"])
                .iter()
                .flat_map(|sheet| list(&sheet["diabaikan"]))
            {
                columns.insert((of.clone(), text(&heading).trim().to_lowercase()));
            }
        }
    }
    columns
}

/// The heading, in small letters; the truth calls the sex of the person in charge of a household by its code list.
fn heading_of(fault: &Fault) -> String {
    let is_household = fault.at.0.1.to_lowercase().ends_with("_rt.csv");
    match fault.kolom.to_lowercase() {
        kolom if kolom == "jnskel" && is_household => "jnskel_pengurus".to_owned(),
        kolom => kolom,
    }
}

fn is_of(kolom: &str, fault: &Fault) -> bool {
    let named = [
        "nik",
        "no_kk",
        "wilayah",
        "baris",
        "nama",
        "percentile",
        "tanggal_lahir",
        "nomor_urut_keluarga",
    ];
    kolom == fault.kolom || kolom == "*" && !named.contains(&fault.kolom.as_str())
}

impl Expected {
    fn read() -> Self {
        toml::from_str(include_str!("planted/harapan.toml")).unwrap()
    }

    /// How many lists say what is expected of this fault.
    fn mentions(&self, fault: &Fault) -> usize {
        let on_line = self
            .baris
            .iter()
            .filter(|kind| is_of(&kind.kolom, fault) && kind.jenis.contains(&fault.jenis));
        let counted = self
            .dihitung
            .iter()
            .filter(|kind| is_of(&kind.kolom, fault) && kind.jenis.contains(&fault.jenis));
        let tidied = self.dirapikan.iter().filter(|kind| {
            kind.jenis.contains(&fault.jenis) && kind.kolom.as_ref().is_none_or(|kolom| is_of(kolom, fault))
        });
        on_line.count() + counted.count() + tidied.filter(|kind| !kind.sebab.is_empty()).count()
    }
}

#[test]
fn every_planted_fault_is_found_on_its_line() {
    let (raw, expected) = (root("sample_data/raw"), Expected::read());
    let workspace = run(&raw);
    let (faults, found, unread) = (
        faults(&root("sample_data/truth")),
        found(workspace.path()),
        unread(&raw),
    );
    assert!(faults.len() > 5_000, "{} faults", faults.len());
    assert!(unread.len() > 100, "{} columns that nobody reads", unread.len());
    let mut missed = Vec::new();
    for fault in &faults {
        let (file, _, line) = (&fault.at.0, &fault.at.1, fault.at.2);
        assert_eq!(
            expected.mentions(fault),
            1,
            "kind `{}` in `{}`",
            fault.jenis,
            fault.kolom
        );
        let is_set_aside = fault.kolom != "baris" && found.set_aside.contains(&fault.at);
        if is_set_aside || unread.contains(&(file.clone(), heading_of(fault))) {
            continue;
        }
        let kind = |kind: &&OnLine| is_of(&kind.kolom, fault) && kind.jenis.contains(&fault.jenis);
        let Some(kind) = expected.baris.iter().find(kind) else {
            continue;
        };
        let next = (file.clone(), fault.at.1.clone(), line + 1);
        let lines = [Some(&fault.at), kind.juga_baris_berikut.then_some(&next)];
        let mut rules = lines
            .into_iter()
            .flatten()
            .filter_map(|line| found.lines.get(line))
            .flatten();
        let counted = kind.atau_dihitung.as_ref();
        let is_counted = counted.is_some_and(|rule| found.counts.contains_key(&(file.clone(), rule.clone())));
        if !is_counted && !rules.any(|rule| kind.aturan.contains(rule)) {
            missed.push(format!("{} in {} at {file:?} {line}", fault.jenis, fault.kolom));
        }
    }
    assert!(missed.is_empty(), "{} of {}: {missed:#?}", missed.len(), faults.len());
}

#[test]
fn what_stands_empty_or_twice_is_counted_as_often_as_it_was_planted() {
    let expected = Expected::read();
    let workspace = run(&root("sample_data/raw"));
    let (faults, found) = (faults(&root("sample_data/truth")), found(workspace.path()));
    for kind in &expected.dihitung {
        let mut planted: BTreeMap<File, i64> = BTreeMap::new();
        let of_kind = faults
            .iter()
            .filter(|fault| is_of(&kind.kolom, fault) && kind.jenis.contains(&fault.jenis));
        for fault in of_kind.filter(|fault| !found.set_aside.contains(&fault.at)) {
            *planted.entry(fault.at.0.clone()).or_insert(0) += 1;
        }
        assert!(!planted.is_empty(), "{} is never planted", kind.aturan);
        for (file, planted) in planted {
            let counted = found
                .counts
                .get(&(file.clone(), kind.aturan.clone()))
                .copied()
                .unwrap_or(0);
            assert!(
                counted * kind.tiap >= planted,
                "{} in {file:?}: {counted} of {planted}",
                kind.aturan
            );
        }
    }
}

#[test]
fn a_sample_without_faults_has_no_finding_that_needs_a_person() {
    let sample = TempDir::new().unwrap();
    let options = SampleOptions {
        rumah_tangga: 400,
        seed: 11,
        kotor: 0.0,
        out: sample.path().to_owned(),
        ..SampleOptions::default()
    };
    generate(&options).unwrap();
    let workspace = run(&sample.path().join("raw"));
    // What the generator makes of people and households, not of cells: it is there in clean files, too.
    let situations = BTreeSet::from([
        // Two heads of one household; recipients who have died or moved; kinds of disability that no list knows.
        "KRT_GANDA",
        "PENERIMA_MENINGGAL_PINDAH",
        "RAGAM_TIDAK_DIKENAL",
        // Workbooks hold a share of their numbers as number cells, and one in ten of these ends in 0.
        "KK_PRESISI_HILANG",
        "NIK_PRESISI_HILANG",
    ]);
    let sql = "SELECT aturan, kolom, min(pesan), count(*) FROM kualitas_temuan WHERE tingkat <> 'INFO' GROUP BY ALL";
    let grave = warehouse(workspace.path(), sql);
    let false_ones: Vec<_> = grave
        .iter()
        .filter(|row| !situations.contains(row[0].as_str()))
        .collect();
    assert!(false_ones.is_empty(), "{false_ones:#?}");
    assert_eq!(
        warehouse(workspace.path(), "SELECT nomor_baris FROM karantina"),
        Vec::<Vec<String>>::new()
    );
}
