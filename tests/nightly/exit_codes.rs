//! Each exit code of the design but those of signals and time limits, which are shown where these are tested.

use super::{District, LIST, bansos360};
use std::fs;

#[test]
fn code_0_is_done_also_where_nothing_changed_or_a_file_is_unknown() {
    let district = District::new();
    let empty = district.run(0);
    assert!(empty.stdout.contains("Nothing to build"), "{}", empty.stdout);
    district.drop_in("PKH 2020.csv", LIST);
    district.run(0);
    let again = district.run(0);
    assert!(again.stdout.starts_with("Nothing to do"), "{}", again.stdout);
    district.drop_in("surat.txt", "Kepada Yth.\n");
    district.run(0);
}

#[test]
fn code_1_is_a_system_that_says_no() {
    let district = District::new();
    // Not a matter of rights, which do not bind the superuser: a file stands where the lake needs a folder.
    fs::write(district.root.join("lake/raw/pkh"), "").unwrap();
    district.drop_in("PKH 2020.csv", LIST);
    let ended = district.run(1);
    assert!(ended.stderr.contains("error[E0501]"), "{}", ended.stderr);
    assert!(ended.stderr.contains("lake/raw/pkh"), "{}", ended.stderr);
    assert_eq!(district.record()["hasil"], "failed");
    assert_eq!(district.record()["kode_keluar"], 1);
}

#[test]
fn code_2_is_wrong_usage_or_configuration() {
    let district = District::new();
    let wrong: [&[&str]; 4] = [
        &["run", "--no-such-flag"],
        &["run", "--periode", "Oktober"],
        &["run", "no/such/file.csv"],
        &["run", "--as-of", "kemarin"],
    ];
    for arguments in wrong {
        let ended = district.ask(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.stderr);
    }
    assert_eq!(bansos360(&district.beside("nothing"), &["status"]).code, 2);
    for wrong in [
        "[run]\nzona_waktu = \"WIB\"\n",
        "[notify]\ncommand = \"mail root\"\n",
        "[run]\nbila_ditolak = \"mungkin\"\n",
        "tidak_ada = 1\n",
    ] {
        fs::write(district.root.join("bansos360.toml"), wrong).unwrap();
        let ended = district.run(2);
        assert!(ended.stderr.contains("error[E0102]"), "{wrong}: {}", ended.stderr);
    }
    fs::write(district.root.join("bansos360.toml"), "").unwrap();
    fs::create_dir(district.root.join("pipelines")).unwrap();
    fs::write(district.root.join("pipelines/x.toml"), "source = \"x\"\n").unwrap();
    let ended = district.run(2);
    assert!(ended.stderr.contains("error[E0103]"), "{}", ended.stderr);
}

#[test]
fn code_3_is_a_refused_file_and_the_others_are_published() {
    let district = District::new();
    district.drop_in("PKH 2020.csv", LIST);
    district.drop_in("KPE.csv", "NO,NAMA\n1,X\n");
    let ended = district.run(3);
    assert!(ended.stderr.contains("error[E0202]"), "{}", ended.stderr);
    assert!(district.root.join("current/marts/mart_1_kpm.parquet").is_file());
    let checked = district.beside("KPE 2.csv");
    fs::write(&checked, "NO,NAMA\n1,X\n").unwrap();
    assert_eq!(district.ask(&["validate", checked.to_str().unwrap()]).code, 3);
}

#[test]
fn code_4_is_a_failed_check_and_goes_before_a_refused_file() {
    let district = District::new();
    fs::create_dir_all(district.root.join("sql/tests")).unwrap();
    fs::write(
        district.root.join("sql/tests/tanpa_penerima.sql"),
        "-- Tidak ada penerima\n-- tingkat: galat\nSELECT id_kpm FROM mart_1_kpm;\n",
    )
    .unwrap();
    district.drop_in("PKH 2020.csv", LIST);
    district.drop_in("KPE.csv", "NO,NAMA\n1,X\n");
    let ended = district.run(4);
    assert!(ended.stderr.contains("error[E0301]"), "{}", ended.stderr);
    assert!(!district.root.join("current").exists());
    assert_eq!(district.record()["hasil"], "kept_back");
}

#[test]
fn code_5_is_a_workspace_that_another_run_holds() {
    let district = District::new();
    let lock = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(district.root.join(".kunci"))
        .unwrap();
    lock.lock().unwrap();
    let ended = district.run(5);
    assert!(ended.stderr.contains("error[E0401]"), "{}", ended.stderr);
    let logged = district.ask(&["run", "--log", "text"]);
    let last = logged.stderr.lines().last().unwrap();
    assert!(last.starts_with("bansos360 run_id=- hasil=failed kode=5 "), "{last}");
    assert!(
        district.runs(".json").is_empty(),
        "a run that did not begin has no record"
    );
}
