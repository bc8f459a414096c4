//! Through the binary: what the lake holds, and what people decide about it.

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
    fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// A workspace, and a folder from which files are brought.
struct Field {
    folder: TempDir,
}

impl Field {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("w")
    }

    fn type_in(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
        let output = command
            .args(arguments)
            .arg("--workspace")
            .arg(self.root())
            .env("USER", "operator")
            .env_remove("SUDO_USER")
            .output()
            .unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn lake(&self, arguments: &[&str]) -> Ended {
        let mut all = vec!["lake"];
        all.extend(arguments);
        self.type_in(&all)
    }

    fn lake_json(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["lake", "--format", "json"];
        all.extend(arguments);
        self.type_in(&all).ok().json()
    }

    fn run(&self) -> Ended {
        self.type_in(&["run", "--as-of", "2020-12-31"])
    }

    /// Writes a list, brings it by a run, and gives its id.
    fn bring(&self, name: &str, rows: &[(&str, &str)]) -> String {
        let path = self.write(name, rows);
        self.type_in(&["run", "--as-of", "2020-12-31", path.to_str().unwrap()])
            .ok();
        self.id_of_bytes(&path)
    }

    fn write(&self, name: &str, rows: &[(&str, &str)]) -> PathBuf {
        let mut text = String::from("NO,NAMA,NIK,NO KK\n");
        for (number, (person, nik)) in rows.iter().enumerate() {
            text.push_str(&format!("{},{person},{nik},\n", number + 1));
        }
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn id_of_bytes(&self, path: &Path) -> String {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(fs::read(path).unwrap());
        let mut id = String::new();
        for byte in &digest[..6] {
            id.push_str(&format!("{byte:02x}"));
        }
        id
    }

    fn state(&self, id: &str) -> String {
        let listed = self.lake_json(&["list"]);
        let entry = listed.as_array().unwrap().iter().find(|entry| entry["id"] == id);
        entry.unwrap()["keadaan"].as_str().unwrap().to_owned()
    }

    /// Names of mart 1, in order.
    fn names(&self) -> Vec<String> {
        self.ask("SELECT nama FROM '{mart_1}' ORDER BY nama")
    }

    fn ask(&self, sql: &str) -> Vec<String> {
        let mart = self.root().join("current/marts/mart_1_kpm.parquet");
        let connection = duckdb::Connection::open_in_memory().unwrap();
        let mut statement = connection
            .prepare(&sql.replace("{mart_1}", mart.to_str().unwrap()))
            .unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn entry_folder(&self, id: &str) -> PathBuf {
        let mut open = vec![self.root().join("lake/raw")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                if entry.file_name() == id {
                    return entry.path();
                }
                if entry.path().is_dir() {
                    open.push(entry.path());
                }
            }
        }
        panic!("{id} is not in the lake")
    }
}

const SITI: (&str, &str) = ("SITI INVENTED", "3503114203850001");
const BUDI: (&str, &str) = ("BUDI INVENTED", "3503110203850002");
const JOKO: (&str, &str) = ("JOKO INVENTED", "3503110203850003");

#[test]
fn a_retracted_file_is_kept_and_counts_no_more_until_that_is_undone() {
    let field = Field::new();
    let pkh = field.bring("PKH 2020.csv", &[SITI, BUDI]);
    let bst = field.bring("BST THP 3.csv", &[JOKO]);
    assert_eq!(field.names(), ["BUDI INVENTED", "JOKO INVENTED", "SITI INVENTED"]);
    let bytes = fs::read(field.entry_folder(&pkh).join("PKH 2020.csv")).unwrap();

    let told = field.lake(&["retract", &pkh[..6], "--alasan", "salah kirim"]).ok();
    assert!(told.stdout.contains("retracted on"), "{}", told.stdout);
    assert_eq!(field.state(&pkh), "retracted");
    field.run().ok();
    assert_eq!(field.names(), ["JOKO INVENTED"]);
    assert_eq!(fs::read(field.entry_folder(&pkh).join("PKH 2020.csv")).unwrap(), bytes);

    let shown = field.lake_json(&["show", "PKH 2020.csv"]);
    assert_eq!(shown["putusan"][0]["siapa"], "operator");
    assert_eq!(shown["putusan"][0]["alasan"], "salah kirim");
    assert_eq!(shown["bagian"][0]["berlaku"], false);
    let text = field.lake(&["show", &pkh]).ok().stdout;
    assert!(text.contains("retracted on") && text.contains("salah kirim"), "{text}");
    let status = field.type_in(&["status"]).ok().stdout;
    assert!(status.contains("retracted"), "{status}");
    let record = field
        .type_in(&["run", "--format", "json", "--as-of", "2020-12-31"])
        .ok()
        .json();
    assert_eq!(record["putusan"][0]["putusan"], "tarik");

    // Bringing the bytes again changes nothing, and says what does.
    let again = field.folder.path().join("PKH 2020.csv");
    let ended = field
        .type_in(&["run", again.to_str().unwrap(), "--as-of", "2020-12-31"])
        .ok();
    assert!(
        ended.stderr.contains(&format!("lake retract {pkh} --batal")),
        "{}",
        ended.stderr
    );
    assert_eq!(field.names(), ["JOKO INVENTED"]);

    field
        .lake(&["retract", &pkh, "--batal", "--alasan", "ternyata benar"])
        .ok();
    field.run().ok();
    assert_eq!(field.names(), ["BUDI INVENTED", "JOKO INVENTED", "SITI INVENTED"]);
    assert_eq!(field.state(&bst), "counts");
    let ended = field.lake(&["retract", &pkh, "--batal", "--alasan", "lagi"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("E0108") && ended.stderr.contains("is not retracted"),
        "{}",
        ended.stderr
    );
}

#[test]
fn rows_that_a_person_took_out_do_not_keep_the_release_back() {
    let field = Field::new();
    let many: Vec<(String, String)> = (0..30)
        .map(|row| (format!("ORANG {row}"), format!("35031102038500{row:02}")))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, nik)| (name.as_str(), nik.as_str())).collect();
    let pkh = field.bring("PKH 2020.csv", &many);
    field.bring("BST THP 3.csv", &[JOKO]);
    field.lake(&["retract", &pkh, "--alasan", "salah kirim"]).ok();
    let ended = field.run().ok();
    assert!(ended.stdout.contains("taken out by hand"), "{}", ended.stdout);
    assert_eq!(field.names(), ["JOKO INVENTED"]);
}

#[test]
fn a_file_under_a_wrong_stage_or_source_is_assigned() {
    let field = Field::new();
    let first = field.bring("BST THP 2.csv", &[SITI]);
    let second = field.bring("BST THP 3.csv", &[BUDI]);
    assert_eq!(field.names(), ["BUDI INVENTED"], "the greatest tahap is the marts'");
    field.lake(&["assign", &first, "--tahap", "4"]).ok();
    assert_eq!(field.state(&first), "counts, assigned");
    field.run().ok();
    assert_eq!(field.names(), ["SITI INVENTED"]);
    let tahap = field.ask("SELECT tahap FROM '{mart_1}'");
    assert_eq!(tahap, ["4"]);
    field
        .lake(&["assign", &second, "--sumber", "pkh", "--alasan", "nama berkas salah"])
        .ok();
    field.run().ok();
    let programs = field.ask("SELECT kode_program || ' ' || nama FROM '{mart_1}' ORDER BY 1");
    assert_eq!(programs, ["BST SITI INVENTED", "PKH BUDI INVENTED"]);
    let history = fs::read_to_string(field.root().join("lake/putusan.jsonl")).unwrap();
    assert!(
        history.contains("\"dari\":\"bst tahap-2\""),
        "what was said before stays: {history}"
    );
    field.lake(&["assign", &second, "--batal"]).ok();
    field.lake(&["assign", &first, "--batal"]).ok();
    field.run().ok();
    assert_eq!(field.names(), ["BUDI INVENTED"]);
    let entry = fs::read_to_string(field.entry_folder(&first).join("entry.json")).unwrap();
    assert!(entry.contains("\"tahap\": \"2\""), "{entry}");
}

#[test]
fn a_file_that_no_pipeline_knew_is_given_its_source() {
    let field = Field::new();
    field.bring("BST THP 3.csv", &[JOKO]);
    let unknown = field.bring("daftar dari kecamatan.csv", &[SITI]);
    assert_eq!(field.state(&unknown), "no pipeline");
    let ended = field.lake(&["assign", &unknown, "--tahap", "3"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("--sumber"), "{}", ended.stderr);
    field.lake(&["assign", &unknown, "--sumber", "pkh"]).ok();
    field.run().ok();
    assert_eq!(field.names(), ["JOKO INVENTED", "SITI INVENTED"]);
    // A file that cannot be what is said stays what it was.
    let letter = field.folder.path().join("surat.txt");
    fs::write(&letter, "Kepada Yth.\nBupati\n").unwrap();
    field.type_in(&["ingest", letter.to_str().unwrap()]).ok();
    let ended = field.lake(&["assign", "surat.txt", "--sumber", "pkh"]);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(field.state(&field.id_of_bytes(&letter)), "no pipeline");
}

#[test]
fn the_first_version_counts_again_when_somebody_says_so() {
    let field = Field::new();
    let first = field.bring("PKH 2020.csv", &[SITI]);
    let first_bytes = fs::read(field.folder.path().join("PKH 2020.csv")).unwrap();
    let second = field.bring("PKH 2020.csv", &[SITI, BUDI]);
    assert_eq!(field.state(&first), format!("replaced by a newer file, {second}"));
    // v1 comes again: its bytes are known, and the note says which command makes them count.
    fs::write(field.folder.path().join("PKH 2020.csv"), first_bytes).unwrap();
    let path = field.folder.path().join("PKH 2020.csv");
    let ended = field
        .type_in(&["run", path.to_str().unwrap(), "--as-of", "2020-12-31"])
        .ok();
    assert!(
        ended.stderr.contains(&format!("lake replace {second} {first}")),
        "{}",
        ended.stderr
    );
    field
        .lake(&["replace", &second, &first, "--alasan", "versi pertama yang benar"])
        .ok();
    assert_eq!(field.state(&second), format!("replaced by hand by {first}"));
    field.run().ok();
    assert_eq!(field.names(), ["SITI INVENTED"]);
    // And back: the later decision lifts the one that it contradicts.
    field
        .lake(&["replace", &first, &second, "--alasan", "ternyata tidak"])
        .ok();
    field.run().ok();
    assert_eq!(field.names(), ["BUDI INVENTED", "SITI INVENTED"]);
    assert_eq!(field.state(&first), format!("replaced by hand by {second}"));
    field
        .lake(&["replace", &first, &second, "--batal", "--alasan", "cukup menurut waktu"])
        .ok();
    assert_eq!(field.state(&first), format!("replaced by a newer file, {second}"));
}

#[test]
fn two_lists_that_both_count_are_one_by_hand() {
    let field = Field::new();
    let draft = field.bring("BST THP 3 draf.csv", &[SITI]);
    let last = field.bring("BST THP 3 final.csv", &[BUDI]);
    assert_eq!(field.names(), ["BUDI INVENTED", "SITI INVENTED"]);
    field.lake(&["replace", &draft, &last, "--alasan", "draf"]).ok();
    field.run().ok();
    assert_eq!(field.names(), ["BUDI INVENTED"]);
    // Without the file that stands in its place, the earlier one counts again.
    field.lake(&["retract", &last, "--alasan", "belum sah"]).ok();
    field.run().ok();
    assert_eq!(field.names(), ["SITI INVENTED"]);
    let pkh = field.bring("PKH 2020.csv", &[JOKO]);
    let ended = field.lake(&["replace", &draft, &pkh, "--alasan", "x"]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    assert!(ended.stderr.contains("E0108"), "{}", ended.stderr);
}

#[test]
fn names_that_fit_none_or_several_are_wrong_usage() {
    let field = Field::new();
    let one = field.bring("BST THP 2.csv", &[SITI]);
    let two = field.bring("BST THP 3.csv", &[BUDI]);
    let ended = field.lake(&["show", "BST"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("E0107") && ended.stderr.contains(&one) && ended.stderr.contains(&two),
        "{}",
        ended.stderr
    );
    assert_eq!(field.lake(&["show", "ffffffff"]).code, 2);
    assert!(field.lake(&["show", "bst thp 2"]).ok().stdout.contains(&one));
    let ended = field.lake(&["retract", &one, "--alasan", "milik 3503114203850001"]);
    assert_eq!(ended.code, 2);
    assert!(!ended.stderr.contains("3503114203850001"), "{}", ended.stderr);
    assert_eq!(field.lake(&["assign", &one, "--periode", "Oktober"]).code, 2);
    assert_eq!(field.lake(&["assign", &one, "--sumber", "tidak_ada"]).code, 2);
}

#[test]
fn verify_hashes_everything_again_and_names_what_is_damaged() {
    let field = Field::new();
    let pkh = field.bring("PKH 2020.csv", &[SITI]);
    let bst = field.bring("BST THP 3.csv", &[BUDI]);
    let kpe = field.bring("KPE 20K.csv", &[JOKO]);
    let ended = field.lake(&["verify"]).ok();
    assert!(ended.stdout.contains("3 files as they came"), "{}", ended.stdout);
    let changed = field.entry_folder(&pkh).join("PKH 2020.csv");
    let mut bytes = fs::read(&changed).unwrap();
    bytes[20] ^= 1;
    fs::write(&changed, bytes).unwrap();
    fs::remove_file(field.entry_folder(&bst).join("BST THP 3.csv")).unwrap();
    fs::write(field.entry_folder(&kpe).join("catatan.txt"), "x").unwrap();
    fs::write(field.root().join("lake/raw/loose.csv"), "x").unwrap();
    let staged = fs::read_dir(field.root().join("lake/staged")).unwrap().next().unwrap();
    fs::remove_file(staged.unwrap().path().join("temuan.parquet")).unwrap();
    let ended = field.lake(&["verify"]);
    assert_eq!(ended.code, 1, "{}", ended.stdout);
    assert!(
        ended.stderr.contains("E0409") && ended.stderr.contains("4 of its files"),
        "{}",
        ended.stderr
    );
    for words in [
        "changed: `lake/raw/pkh",
        "missing: `lake/raw/bst",
        "extra: `lake/raw/kpe",
        "extra: `lake/raw/loose.csv",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    assert!(ended.stdout.contains("is not whole"), "{}", ended.stdout);
    let json = field.type_in(&["lake", "verify", "--format", "json"]);
    assert_eq!(json.json()["kerusakan"].as_array().unwrap().len(), 4);
    fs::write(field.root().join("lake/putusan.jsonl"), "{}\n").unwrap();
    let ended = field.lake(&["list"]);
    assert!(
        ended.stderr.contains("E0404") && ended.stderr.contains("line 1"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_purged_file_is_gone_and_its_bytes_do_not_come_back() {
    let field = Field::new();
    let pkh = field.bring("PKH 2020.csv", &[SITI]);
    let bst = field.bring("BST THP 3.csv", &[BUDI]);
    let path = field.folder.path().join("PKH 2020.csv");
    let would = field.lake(&["purge", "--entry", &pkh, "--alasan", "salah kirim"]).ok();
    assert!(would.stdout.starts_with("Would be purged"), "{}", would.stdout);
    assert_eq!(field.state(&pkh), "counts");
    let staged = || fs::read_dir(field.root().join("lake/staged")).unwrap().count();
    let before = staged();
    let folder = field.entry_folder(&pkh);
    let done = field
        .lake(&["purge", "--entry", &pkh, "--alasan", "salah kirim", "--ya"])
        .ok();
    assert!(done.stdout.contains("(current) still holds"), "{}", done.stdout);
    assert!(!folder.exists());
    assert!(staged() < before);
    assert_eq!(field.lake_json(&["list"]).as_array().unwrap().len(), 1);
    field.run().ok();
    assert_eq!(field.names(), ["BUDI INVENTED"]);
    field.lake(&["verify"]).ok();
    let ended = field.type_in(&["run", path.to_str().unwrap(), "--as-of", "2020-12-31"]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(
        ended.stderr.contains("E0215") && ended.stderr.contains("salah kirim"),
        "{}",
        ended.stderr
    );
    field
        .lake(&["purge", "--entry", &pkh, "--batal", "--alasan", "boleh"])
        .ok();
    field
        .type_in(&["run", path.to_str().unwrap(), "--as-of", "2020-12-31"])
        .ok();
    assert_eq!(field.names(), ["BUDI INVENTED", "SITI INVENTED"]);
    let history = field.lake_json(&["show", &pkh]);
    assert_eq!(history["putusan"][0]["putusan"], "hapus");
    assert_eq!(history["putusan"][0]["baris"], 1);
    assert_eq!(history["putusan"][1]["putusan"], "batal_hapus");
    assert_eq!(field.state(&bst), "counts");
}

#[test]
fn retention_spares_what_counts_unless_told() {
    let field = Field::new();
    let first = field.bring("PKH 2020.csv", &[SITI]);
    let second = field.bring("PKH 2020.csv", &[SITI, BUDI]);
    for id in [&first, &second] {
        let entry = field.entry_folder(id).join("entry.json");
        let text = fs::read_to_string(&entry).unwrap();
        let aged = text.replace("\"waktu_masuk\": \"20", "\"waktu_masuk\": \"19");
        assert_ne!(text, aged);
        fs::write(entry, aged).unwrap();
    }
    let third = field.bring("BST THP 3.csv", &[JOKO]);
    let keep = ["purge", "--lebih-tua-dari", "5y", "--alasan", "masa simpan", "--ya"];
    field.lake(&keep).ok();
    let ids = |field: &Field| -> Vec<String> {
        let listed = field.lake_json(&["list"]);
        let entries = listed.as_array().unwrap().iter();
        entries.map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&field), [second.clone(), third.clone()]);
    let mut all = keep.to_vec();
    all.push("--juga-yang-berlaku");
    field.lake(&all).ok();
    assert_eq!(ids(&field), [third]);
}

#[test]
fn a_purge_that_was_cut_off_is_carried_to_its_end() {
    let field = Field::new();
    let pkh = field.bring("PKH 2020.csv", &[SITI]);
    field.bring("BST THP 3.csv", &[BUDI]);
    let folder = field.entry_folder(&pkh);
    let kept = field.folder.path().join("kept");
    fs::create_dir(&kept).unwrap();
    for file in ["entry.json", "PKH 2020.csv"] {
        fs::copy(folder.join(file), kept.join(file)).unwrap();
    }
    field.lake(&["purge", "--entry", &pkh, "--alasan", "x", "--ya"]).ok();
    // As if it had been killed before the bytes went.
    fs::create_dir_all(&folder).unwrap();
    for file in ["entry.json", "PKH 2020.csv"] {
        fs::copy(kept.join(file), folder.join(file)).unwrap();
    }
    assert!(
        field
            .lake(&["verify"])
            .ok()
            .stdout
            .contains("the next run removes them")
    );
    assert_eq!(field.lake_json(&["list"]).as_array().unwrap().len(), 1);
    field.run().ok();
    assert!(!folder.exists());
    assert_eq!(field.names(), ["BUDI INVENTED"]);
}
