//! Through the binary: what has run, going back to an earlier release, and what a workspace keeps.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

fn bansos360(workspace: &Path, arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .env("USER", "penguji")
        .env_remove("SUDO_USER")
        .args(arguments)
        .arg("--workspace")
        .arg(workspace)
        .output()
        .unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A list of as many invented recipients.
fn list(recipients: u32) -> String {
    let rows = (1..=recipients).map(|row| format!("{row},INVENTED {row},35031142038500{row:02},,NGLEBENG,PANGGUL\n"));
    format!("NO,NAMA,NIK,NO KK,DESA,KECAMATAN\n{}", rows.collect::<String>())
}

/// A workspace in a folder of its own.
struct District {
    _folder: TempDir,
    workspace: PathBuf,
}

impl District {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let workspace = folder.path().join("w");
        assert_eq!(bansos360(&workspace, &["init"]).code, 0);
        Self {
            _folder: folder,
            workspace,
        }
    }

    fn ask(&self, arguments: &[&str]) -> Ended {
        bansos360(&self.workspace, arguments)
    }

    /// A run over the inbox, always on the same day: without DTKS the day is part of the fingerprint.
    fn run(&self, more: &[&str]) -> Ended {
        let mut arguments = vec!["run", "--as-of", "2020-12-31"];
        arguments.extend(more);
        self.ask(&arguments)
    }

    /// Brings a list under a name and runs; the id of the release that is current then.
    fn bring(&self, name: &str, text: &str) -> String {
        fs::write(self.workspace.join("inbox").join(name), text).unwrap();
        let ended = self.run(&[]);
        assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
        self.current()
    }

    fn current(&self) -> String {
        let target = fs::read_link(self.workspace.join("current")).unwrap();
        target.file_name().unwrap().to_string_lossy().into_owned()
    }

    fn releases(&self) -> Vec<String> {
        let entries = fs::read_dir(self.workspace.join("releases")).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn rows(&self) -> String {
        let path = self.workspace.join("current/marts/mart_1_kpm.parquet");
        let connection = duckdb::Connection::open_in_memory().unwrap();
        let sql = format!("SELECT count(*)::VARCHAR AS n FROM '{}'", path.display());
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn the_history_tells_every_run_the_newest_first() {
    let district = District::new();
    assert!(district.ask(&["history"]).stdout.contains("No run yet"));
    let release = district.bring("PKH 2020.csv", &list(3));
    assert_eq!(district.run(&[]).code, 0);
    fs::write(district.workspace.join("inbox/KPE.csv"), "NO,NAMA\n1,X\n").unwrap();
    assert_eq!(district.run(&[]).code, 3);
    let runs = district.ask(&["history", "--format", "json"]).json();
    let told: Vec<&str> = runs
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["hasil"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["unchanged", "unchanged", "published"]);
    assert_eq!(runs[0]["kode_keluar"], 3);
    assert_eq!(runs[0]["ditolak"], 1);
    assert_eq!(runs[2]["run_id"], release.as_str());
    assert_eq!(runs[2]["baris_masuk"], 3);
    assert_eq!(runs[2]["baris_disimpan"], 3);
    assert_eq!(runs[2]["baris_mart"], 3);
    assert_eq!(runs[2]["keadaan_rilis"], "current");
    let text = district.ask(&["history", "--batas", "1"]).stdout;
    assert!(
        text.contains("unchanged") && !text.contains(&format!("  {release}  ")),
        "{text}"
    );
    let shown = district.ask(&["history", "show", &release]).stdout;
    for words in [
        &release,
        "published, exit code 0",
        "PKH 2020.csv",
        "mart_1_kpm",
        "Longest steps",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let record = district.ask(&["history", "show", &release, "--format", "json"]).json();
    assert_eq!(record["baris"]["mart_1_kpm"], 3);
    assert_eq!(district.ask(&["history", "show", "2020"]).code, 2);
}

#[test]
fn records_of_other_hands_do_not_end_the_history() {
    let district = District::new();
    let release = district.bring("PKH 2020.csv", &list(2));
    let runs = district.workspace.join("runs");
    fs::write(runs.join("20200101T000000-0001.json"), "{\"hasil\":").unwrap();
    fs::write(runs.join("20200101T000000-0002.json"), "[1]").unwrap();
    fs::write(
        runs.join("20200101T000000-0003.json"),
        "{\"hasil\":\"of tomorrow\",\"berkas\":7,\"baris\":{\"mart_1_kpm\":\"x\"}}",
    )
    .unwrap();
    fs::write(
        runs.join("20200101T000000-0004.json"),
        "{\"hasil\":\"published\",\"rilis\":\"20200101T000000-0004\"}",
    )
    .unwrap();
    fs::write(runs.join("notes.json"), "{}").unwrap();
    let ended = district.ask(&["history"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for words in [
        &release,
        "is no record",
        "of tomorrow",
        "the record lacks mulai",
        "its own (removed)",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    assert!(!ended.stdout.contains("notes"), "{}", ended.stdout);
    assert_eq!(district.ask(&["history", "show", "20200101T000000-0001"]).code, 2);
    let foreign = district.ask(&["history", "show", "20200101T000000-0003"]);
    assert_eq!(foreign.code, 0);
    assert!(foreign.stderr.contains("another version") && foreign.stdout.contains("of tomorrow"));
    assert_eq!(district.ask(&["history", "show", "20200101T000000-0004"]).code, 0);
    let several = district.ask(&["history", "show", "20200101"]);
    assert_eq!(several.code, 2);
    assert!(several.stderr.contains("begins 4 runs"), "{}", several.stderr);
}

#[test]
fn a_release_that_was_rolled_back_does_not_come_again_by_itself() {
    let district = District::new();
    assert_eq!(district.ask(&["rollback"]).code, 2, "nothing to go back to");
    let good = district.bring("PKH 2020.csv", &list(9));
    assert_eq!(district.ask(&["rollback"]).code, 2, "nothing to go back to");
    let bad = district.bring("BST THP 3.csv", &list(4));
    let ended = district.ask(&["rollback", "--alasan", "daftar BST salah"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains(&good) && ended.stderr.contains("run --full"));
    assert_eq!((district.current(), district.rows()), (good.clone(), "9".to_owned()));
    assert!(
        district.workspace.join("releases").join(&bad).is_dir(),
        "it is kept to be looked at"
    );

    let night = district.run(&[]);
    assert_eq!(night.code, 0, "{}", night.stderr);
    for words in ["Nothing to do", &bad, "rolled back on", "run --full"] {
        assert!(night.stdout.contains(words), "{words}: {}", night.stdout);
    }
    assert_eq!(district.current(), good);
    let another_day = district.ask(&["run", "--as-of", "2021-01-05"]);
    assert!(another_day.stdout.contains("rolled back on"), "{}", another_day.stdout);
    let planned = district.ask(&["plan", "--as-of", "2021-01-05"]);
    assert!(
        planned.stdout.contains("rolled back on"),
        "{}{}",
        planned.stdout,
        planned.stderr
    );
    assert_eq!(district.current(), good);

    let told = district.ask(&["history", "--format", "json"]).json();
    assert_eq!(told[0]["hasil"], "unchanged");
    assert_eq!(told[2]["hasil"], "rolled_back");
    let record = district
        .ask(&[
            "history",
            "show",
            told[2]["run_id"].as_str().unwrap(),
            "--format",
            "json",
        ])
        .json();
    assert_eq!(record["mundur"]["dari"], bad.as_str());
    assert_eq!(record["mundur"]["ke"], good.as_str());
    assert_eq!(record["mundur"]["oleh"], "penguji");
    assert_eq!(record["mundur"]["alasan"], "daftar BST salah");

    let newer = district.bring("KPE 20K.csv", &list(2));
    assert!(newer > bad, "something new publishes as always");
    assert_eq!(district.rows(), "15");
}

#[test]
fn a_full_run_publishes_what_was_rolled_back() {
    let district = District::new();
    let good = district.bring("PKH 2020.csv", &list(9));
    let bad = district.bring("BST THP 3.csv", &list(4));
    assert_eq!(district.ask(&["rollback", &good[..18]]).code, 0);
    assert_eq!(district.current(), good);
    assert_eq!(district.run(&["--full"]).code, 0);
    let again = district.current();
    assert!(again > bad);
    assert_eq!(district.rows(), "13");
    assert_eq!(district.ask(&["rollback", &good]).code, 0);
    assert_eq!(district.ask(&["rollback", &bad]).code, 0, "going forward again");
    assert_eq!(district.current(), bad);
    let night = district.run(&[]);
    assert!(night.stdout.contains("same files"), "{}", night.stdout);
    assert_eq!(district.ask(&["rollback", &bad]).code, 2, "it is current already");
    assert_eq!(district.releases(), [good, bad, again]);
}

#[test]
fn nobody_goes_back_to_a_release_that_is_not_whole() {
    let district = District::new();
    let good = district.bring("PKH 2020.csv", &list(9));
    let current = district.bring("BST THP 3.csv", &list(4));
    let mart = district
        .workspace
        .join("releases")
        .join(&good)
        .join("marts/mart_1_kpm.parquet");
    let bytes = fs::read(&mart).unwrap();
    let refused = |words: &str| {
        let ended = district.ask(&["rollback"]);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert!(
            ended.stderr.contains("error[E0410]") && ended.stderr.contains(words),
            "{}",
            ended.stderr
        );
        assert_eq!(district.current(), current);
    };
    let mut changed = bytes.clone();
    changed[100] ^= 1;
    fs::write(&mart, &changed).unwrap();
    refused("other content");
    fs::write(&mart, &bytes[..bytes.len() - 1]).unwrap();
    refused("bytes");
    fs::remove_file(&mart).unwrap();
    refused("cannot be read");
    fs::write(&mart, &bytes).unwrap();
    let warehouse = mart.with_file_name("../warehouse.duckdb");
    let whole = fs::read(&warehouse).unwrap();
    fs::write(&warehouse, &whole[..4_000]).unwrap();
    refused("warehouse cannot be opened");
    fs::write(&warehouse, &whole).unwrap();
    assert_eq!(district.ask(&["rollback"]).code, 0);
    assert_eq!(district.current(), good);
}

#[test]
fn a_held_workspace_is_not_rolled_back() {
    let district = District::new();
    district.bring("PKH 2020.csv", &list(9));
    let current = district.bring("BST THP 3.csv", &list(4));
    let lock = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(district.workspace.join(".kunci"))
        .unwrap();
    lock.lock().unwrap();
    assert_eq!(district.ask(&["rollback"]).code, 5);
    assert_eq!(district.current(), current);
}

fn configure(district: &District, text: &str) {
    fs::write(district.workspace.join("bansos360.toml"), text).unwrap();
}

fn staged(district: &District) -> usize {
    fs::read_dir(district.workspace.join("lake/staged")).unwrap().count()
}

#[test]
fn a_run_that_publishes_keeps_as_many_releases_as_configured() {
    let district = District::new();
    configure(&district, "[rilis]\nsimpan = 2\n");
    let first = district.bring("PKH 2020.csv", &list(9));
    configure(&district, &format!("[rilis]\nsimpan = 2\ntahan = [\"{first}\"]\n"));
    let second = district.bring("BST THP 3.csv", &list(4));
    let third = district.bring("KPE 20K.csv", &list(3));
    let fourth = district.bring("PKH 2020 perluasan.csv", &list(8));
    assert_eq!(district.releases(), [first.clone(), third.clone(), fourth.clone()]);
    let runs = district.ask(&["history", "--format", "json"]).json();
    let removed = runs
        .as_array()
        .unwrap()
        .iter()
        .find(|run| run["run_id"] == second.as_str())
        .unwrap();
    assert_eq!(removed["keadaan_rilis"], "removed", "its record stays");
    assert_eq!(district.ask(&["rollback"]).code, 0);
    assert_eq!(district.current(), third);
    configure(&district, "[rilis]\nsimpan = 0\n");
    assert_eq!(district.ask(&["gc"]).code, 0);
    assert_eq!(
        district.releases(),
        [first, third],
        "what was left goes by the same rules"
    );
}

#[test]
fn gc_says_first_and_removes_then_what_nothing_needs() {
    let district = District::new();
    district.bring("PKH 2020.csv", &list(9));
    let second = district.bring("BST THP 3.csv", &list(4));
    let third = district.bring("PKH 2020.csv", &list(8));
    assert_eq!((district.releases().len(), staged(&district)), (3, 3));
    assert!(
        district.ask(&["gc"]).stdout.contains("1 staged folders"),
        "the first PKH list counts no more"
    );
    assert_eq!((district.releases().len(), staged(&district)), (3, 2));
    assert!(district.ask(&["gc"]).stdout.contains("Nothing to remove"));

    configure(&district, "[rilis]\nsimpan = 1\n");
    fs::create_dir(district.workspace.join("releases/.20200101T000000-0001")).unwrap();
    fs::write(
        district
            .workspace
            .join("releases/.20200101T000000-0001/warehouse.duckdb"),
        [0; 5_000],
    )
    .unwrap();
    fs::create_dir(district.workspace.join("releases/backup")).unwrap();
    let said = district.ask(&["gc", "--dry-run", "--format", "json"]).json();
    assert_eq!(said["rilis"].as_array().unwrap().len(), 1);
    assert!(said["bita"].as_u64().unwrap() > 100_000);
    assert_eq!(district.releases().len(), 5, "a dry run removes nothing");
    let done = district.ask(&["gc", "--format", "json"]).json();
    assert_eq!(done["rilis"], said["rilis"]);
    assert_eq!(done["bita"], said["bita"]);
    assert!(done["bita_sisa"].as_u64().unwrap() >= 5_000);
    assert_eq!(
        district.releases(),
        [second, third, "backup".to_owned()],
        "a folder of somebody else stays"
    );

    assert!(district.run(&[]).stdout.contains("Nothing to do"));
    assert_eq!(
        district.run(&["--full"]).code,
        0,
        "what is staged is made again where it is missing"
    );
    assert_eq!(district.rows(), "12");
}

#[test]
fn a_reader_keeps_the_release_that_it_has_open() {
    let district = District::new();
    let first = district.bring("PKH 2020.csv", &list(9));
    let path = district
        .workspace
        .join("releases")
        .join(&first)
        .join("marts/mart_1_kpm.parquet");
    let mut open = fs::File::open(&path).unwrap();
    district.bring("BST THP 3.csv", &list(4));
    configure(&district, "[rilis]\nsimpan = 0\n");
    district.bring("KPE 20K.csv", &list(3));
    assert!(!path.exists());
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut open, &mut bytes).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn a_query_reads_the_current_release_and_writes_nothing() {
    let district = District::new();
    district.bring("PKH 2020.csv", &list(3));
    let table = district.ask(&[
        "query",
        "SELECT kode_program, count(*) AS n FROM mart_1_kpm GROUP BY kode_program -- all",
    ]);
    assert_eq!(
        (table.code, table.stdout.as_str()),
        (0, "  kode_program  n\n  PKH           3\n"),
        "{}",
        table.stderr
    );
    let json = district.ask(&[
        "query",
        "SELECT desa, NULL::VARCHAR AS kosong FROM bantuan_sosial",
        "--batas",
        "2",
        "--format",
        "json",
    ]);
    assert_eq!(
        json.json(),
        serde_json::json!([{"desa": "NGLEBENG", "kosong": null}, {"desa": "NGLEBENG", "kosong": null}])
    );
    assert!(json.stderr.contains("only the first 2 rows"), "{}", json.stderr);
    let csv = district.workspace.join("../a.csv");
    assert_eq!(
        district
            .ask(&[
                "query",
                "SELECT nama FROM mart_1_kpm ORDER BY nama",
                "--csv",
                csv.to_str().unwrap()
            ])
            .code,
        0
    );
    assert_eq!(
        fs::read_to_string(&csv).unwrap(),
        "nama\nINVENTED 1\nINVENTED 2\nINVENTED 3\n"
    );
    let out = district.workspace.join("lake/stolen.csv");
    let copy = format!("COPY mart_1_kpm TO '{}'", out.display());
    let hidden = format!("SELECT 1 AS a) TO '{}'; COPY (SELECT 1 AS b", out.display());
    for wrong in [
        copy.as_str(),
        &hidden,
        "DROP TABLE dtks_rt",
        "SELECT nowhere FROM mart_1_kpm",
        "SELECT 1 AS a FROM read_csv('/etc/passwd')",
    ] {
        assert_eq!(district.ask(&["query", wrong]).code, 2, "{wrong}");
    }
    assert!(!out.exists());
}

#[test]
fn what_was_purged_does_not_come_back_with_a_release() {
    let district = District::new();
    let pkh = district.bring("PKH 2020.csv", &list(9));
    district.bring("BST THP 3.csv", &list(4));
    assert_eq!(district.ask(&["rollback"]).code, 0);
    let purge = |name: &str| {
        district
            .ask(&["lake", "purge", "--entry", name, "--alasan", "atas permintaan", "--ya"])
            .code
    };
    assert_eq!(purge("BST THP 3.csv"), 0);
    district.bring("KPE 20K.csv", &list(3));
    assert_eq!(district.rows(), "12");
    let back = district.ask(&["rollback", &pkh]);
    assert_eq!(back.code, 2, "{}", back.stderr);
    assert!(
        back.stderr.contains("purged") && back.stderr.contains("lake retract"),
        "{}",
        back.stderr
    );
    assert_eq!(district.rows(), "12");
}

#[test]
fn a_person_who_was_purged_leaves_also_a_release_that_was_gone_back_to() {
    let district = District::new();
    district.bring("PKH 2020.csv", &list(9));
    district.bring("BST THP 3.csv", &list(4));
    assert_eq!(district.ask(&["rollback"]).code, 0);
    let person = district.workspace.with_file_name("nik.txt");
    fs::write(&person, "3503114203850007").unwrap();
    let purged = district.ask(&[
        "lake",
        "purge",
        "--nik-file",
        person.to_str().unwrap(),
        "--alasan",
        "permintaan",
        "--ya",
    ]);
    assert_eq!(purged.code, 0, "{}", purged.stderr);
    let night = district.run(&[]);
    assert!(night.stdout.contains("Published"), "{}{}", night.stdout, night.stderr);
    assert_eq!(district.rows(), "12", "8 of PKH and 4 of BST");
}
