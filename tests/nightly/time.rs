//! The clock: which day today is comes from the configuration or from `--as-of`, never from the machine's own zone.

use super::{District, LIST};
use serde_json::Value;
use std::fs;

/// Someone whose age follows from the day, in a list that brings no DTKS.
const DISABILITY: &str =
    "NO,NAMA,NIK,TANGGAL LAHIR,JENIS DISABILITAS\n1,SITI INVENTED,3503114203850001,02-03-1985,TUNA NETRA\n";

/// The marts of a fresh workspace as bytes, and its report without what names the run.
fn run_of(toml: &str, as_of: &str, machine_zone: &str) -> (Vec<Vec<u8>>, Value) {
    let district = District::configured(toml);
    district.drop_in("Data Disabilitas Trenggalek.csv", DISABILITY);
    district.drop_in("PKH 2020.csv", LIST);
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .env("TZ", machine_zone)
        .args(["run", "--as-of", as_of, "--workspace"])
        .arg(&district.root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<_> = fs::read_dir(district.root.join("current/marts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let mut quality: Value =
        serde_json::from_str(&fs::read_to_string(district.root.join("current/kualitas.json")).unwrap()).unwrap();
    for changing in ["run_id", "waktu", "zona_waktu"] {
        quality.as_object_mut().unwrap().remove(changing).unwrap();
    }
    (names.iter().map(|path| fs::read(path).unwrap()).collect(), quality)
}

#[test]
fn a_run_as_of_a_day_can_be_made_again() {
    let first = run_of("", "2020-12-31", "UTC");
    let papua = run_of(
        "[run]\nzona_waktu = \"Asia/Jayapura\"\n",
        "2020-12-31",
        "America/New_York",
    );
    assert_eq!(first.0, papua.0, "the marts differ");
    assert_eq!(first.1, papua.1, "the report differs");
    let later = run_of("", "2024-12-31", "UTC");
    assert_ne!(
        first.0, later.0,
        "nothing in it follows from the day, so the test shows nothing"
    );
}

#[test]
fn times_are_shown_in_the_zone_of_the_workspace_and_stored_in_utc() {
    for (zone, short) in [
        ("Asia/Jakarta", "WIB"),
        ("Asia/Makassar", "WITA"),
        ("Asia/Jayapura", "WIT"),
    ] {
        let district = District::configured(&format!("[run]\nzona_waktu = \"{zone}\"\n"));
        district.drop_in("PKH 2020.csv", LIST);
        district.run(0);
        for command in ["status", "history"] {
            let told = district.ask(&[command]).stdout;
            assert!(told.contains(&format!(" {short}")), "{command}: {told}");
        }
        let page = fs::read_to_string(district.root.join("current/kualitas.html")).unwrap();
        assert!(page.contains(&format!(" {short} ·")), "{zone}");
        assert!(district.record()["mulai"].as_str().unwrap().ends_with('Z'));
    }
}

#[test]
fn an_unknown_zone_is_told_those_of_the_country() {
    let district = District::configured("[run]\nzona_waktu = \"Asia/Trenggalek\"\n");
    let ended = district.run(2);
    for words in ["Asia/Trenggalek", "Asia/Makassar", "line 2"] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}
