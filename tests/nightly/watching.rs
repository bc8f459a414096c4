//! Logs, the final line, figures for monitoring, and notification.

use super::{District, LIST, mode, set_mode};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

const FINAL: [&str; 8] = [
    "run_id",
    "hasil",
    "kode",
    "detik",
    "baris_masuk",
    "baris_mart",
    "temuan_galat",
    "rilis",
];

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn every_run_leaves_a_log_that_tells_its_steps() {
    let district = District::new();
    district.drop_in("PKH 2020.csv", LIST);
    let ended = district.run(0);
    assert!(
        !ended.stderr.contains("run_id"),
        "without --log stderr has no log: {}",
        ended.stderr
    );
    let logs = district.runs(".log.jsonl");
    assert_eq!(logs.len(), 1);
    assert_eq!(mode(&logs[0]), 0o600);
    let events = lines(&fs::read_to_string(&logs[0]).unwrap());
    let run_id = district.record()["run_id"].clone();
    assert!(events.iter().all(|event| event["run_id"] == run_id), "{events:?}");
    let steps: Vec<&Value> = events
        .iter()
        .filter(|event| event["message"] == "A step has ended")
        .collect();
    let names: Vec<&str> = steps.iter().map(|event| event["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["ingest", "stage", "model", "test", "publish"]);
    for step in &steps {
        assert!(step["seconds"].as_f64().unwrap() >= 0.0);
        assert!(step["peak_memory_bytes"].as_u64().unwrap() > 1 << 20, "{step}");
    }
    assert_eq!(steps[0]["bytes"].as_u64().unwrap(), LIST.len() as u64);
    assert_eq!(steps[1]["rows"], 1);
    let staged = events
        .iter()
        .find(|event| event["message"] == "A file is staged")
        .unwrap();
    assert_eq!(
        (&staged["source"], &staged["rows"]),
        (&Value::from("pkh"), &Value::from(1))
    );
    let end = events.last().unwrap();
    assert_eq!(
        (&end["result"], &end["exit_code"]),
        (&Value::from("published"), &Value::from(0))
    );
    let record = district.record();
    assert!(record["memori_puncak"].as_u64().unwrap() > 1 << 20);
    assert_eq!(record["byte_masuk"], LIST.len());
    for step in names {
        assert!(record["langkah"][step].is_number(), "{step}");
    }
}

#[test]
fn the_last_line_of_a_logged_run_is_for_monitoring() {
    let district = District::new();
    district.drop_in("PKH 2020.csv", LIST);
    let text = district.ask(&["run", "--log", "text"]);
    let last = text.stderr.lines().last().unwrap();
    let fields: BTreeMap<&str, &str> = last
        .strip_prefix("bansos360 ")
        .unwrap()
        .split(' ')
        .map(|pair| pair.split_once('=').unwrap())
        .collect();
    assert_eq!(fields.keys().copied().collect::<BTreeSet<_>>(), FINAL.into());
    let record = district.record();
    assert_eq!(fields["run_id"], record["run_id"]);
    assert_eq!(fields["rilis"], record["run_id"]);
    assert_eq!(
        (fields["hasil"], fields["kode"], fields["baris_masuk"]),
        ("published", "0", "1")
    );
    let rows = record["baris"].as_object().unwrap();
    let marts = rows.iter().filter(|(name, _)| name.starts_with("mart_"));
    let total: i64 = marts.map(|(_, rows)| rows.as_i64().unwrap()).sum();
    assert_eq!(fields["baris_mart"], total.to_string());
    // Also where the run could not be carried out, after its error.
    fs::write(district.root.join("lake/raw/bst"), "").unwrap();
    district.drop_in("BST THP 3.csv", &LIST.replace("SITI", "WATI"));
    let failed = district.ask(&["run", "--log", "json", "--quiet"]);
    assert_eq!(failed.code, 1);
    let last: Value = serde_json::from_str(failed.stderr.lines().last().unwrap()).unwrap();
    let summary = last["bansos360"].as_object().unwrap();
    assert_eq!(
        summary.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        FINAL.into()
    );
    assert_eq!(
        (&summary["hasil"], &summary["kode"]),
        (&Value::from("failed"), &Value::from(1))
    );
}

/// Samples by their name and labels.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
        .collect()
}

#[test]
fn figures_for_monitoring_are_whole_after_good_and_failed_runs() {
    let district = District::new();
    let file = district.beside("bansos360.prom");
    let toml = format!("[run]\nmetrics_file = \"{}\"\n", file.display());
    fs::write(district.root.join("bansos360.toml"), &toml).unwrap();
    district.drop_in("PKH 2020.csv", LIST);
    district.run(0);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(mode(&file), 0o644, "the collector is another user");
    well_formed(&text);
    let first = samples(&text);
    let of = |all: &BTreeMap<String, f64>, name: &str| {
        let found = all.get(&format!("bansos360_{name}"));
        *found.unwrap_or_else(|| panic!("no {name} in {all:?}"))
    };
    assert!((of(&first, "last_run_exit_code{workspace=\"trenggalek\"}")).abs() < 0.1);
    assert!(
        (of(
            &first,
            "release_mart_rows{workspace=\"trenggalek\",mart=\"mart_1_kpm\"}"
        ) - 1.0)
            .abs()
            < 0.1
    );
    assert!((of(&first, "release_rows{workspace=\"trenggalek\",fate=\"dibaca\"}") - 1.0).abs() < 0.1);
    assert!(
        (of(
            &first,
            "last_run_outcome{workspace=\"trenggalek\",outcome=\"published\"}"
        ) - 1.0)
            .abs()
            < 0.1
    );
    assert!(of(&first, "last_run_peak_memory_bytes{workspace=\"trenggalek\"}") > 1e6);
    let success = of(&first, "last_success_timestamp_seconds{workspace=\"trenggalek\"}");
    assert!(success > 1.7e9);
    let status = district.ask(&["status"]).stdout;
    assert!(status.contains("published, exit code 0"), "{status}");
    // A refused file: the figures of the release stay, the last success too.
    district.drop_in("KPE.csv", "NO,NAMA\n1,X\n");
    district.run(3);
    let text = fs::read_to_string(&file).unwrap();
    well_formed(&text);
    let second = samples(&text);
    assert!((of(&second, "last_run_exit_code{workspace=\"trenggalek\"}") - 3.0).abs() < 0.1);
    assert!((of(&second, "last_run_files{workspace=\"trenggalek\",result=\"ditolak\"}") - 1.0).abs() < 0.1);
    assert!(
        (of(
            &second,
            "release_mart_rows{workspace=\"trenggalek\",mart=\"mart_1_kpm\"}"
        ) - 1.0)
            .abs()
            < 0.1
    );
    assert!((of(&second, "last_success_timestamp_seconds{workspace=\"trenggalek\"}") - success).abs() < 0.1);
    // One that could not be carried out tells of itself, too.
    fs::write(district.root.join("lake/raw/bst"), "").unwrap();
    district.drop_in("BST THP 3.csv", &LIST.replace("SITI", "WATI"));
    district.run(1);
    let third = samples(&fs::read_to_string(&file).unwrap());
    assert!((of(&third, "last_run_outcome{workspace=\"trenggalek\",outcome=\"failed\"}") - 1.0).abs() < 0.1);
}

/// Each metric has its type and help before its samples, no sample stands twice, and the end is marked.
fn well_formed(text: &str) {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let mut typed = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# TYPE ") {
            let name = name.strip_suffix(" gauge").unwrap();
            assert!(typed.insert(name.to_owned()), "{name} stands apart from itself");
        } else if !line.starts_with('#') {
            let (name, labels) = line.split_once('{').unwrap();
            assert!(typed.contains(name), "{name} has no type");
            assert!(labels.starts_with("workspace=\""), "{line}");
            assert!(seen.insert(line.rsplit_once(' ').unwrap().0.to_owned()), "{line} twice");
        }
    }
}

#[test]
fn figures_that_cannot_be_written_are_a_warning() {
    let district = District::configured("[run]\nmetrics_file = \"/proc/no/such/folder/bansos360.prom\"\n");
    district.drop_in("PKH 2020.csv", LIST);
    let ended = district.run(0);
    assert!(
        ended.stderr.contains("warning: the figures cannot be written"),
        "{}",
        ended.stderr
    );
}

/// A script that keeps what it was given.
fn script(district: &District, body: &str) -> PathBuf {
    let path = district.beside("kirim.sh");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    set_mode(&path, 0o700);
    path
}

fn told(district: &District) -> PathBuf {
    district.beside("diterima.txt")
}

/// A workspace that notifies on these occasions with a script that appends what it is told.
fn notifying(more: &str) -> District {
    let district = District::new();
    let kept = told(&district);
    let script = script(
        &district,
        &format!(
            "echo \"$BANSOS360_PERISTIWA $BANSOS360_HASIL $BANSOS360_KODE $BANSOS360_RUN_ID $1\" >> '{0}'; cat > '{0}.json'; echo on stdout",
            kept.display()
        ),
    );
    let toml = format!(
        "[notify]\ncommand = [\"{}\", \"dua kata; $(id)\"]\n{more}\n",
        script.display()
    );
    fs::write(district.root.join("bansos360.toml"), toml).unwrap();
    district
}

#[test]
fn a_failed_run_tells_somebody_with_its_record() {
    let district = notifying("");
    district.drop_in("PKH 2020.csv", LIST);
    district.run(0);
    assert!(!told(&district).exists(), "nobody asked for good news");
    district.drop_in("KPE.csv", "NO,NAMA\n1,X\n");
    let ended = district.run(3);
    assert!(!ended.stdout.contains("on stdout"), "{}", ended.stdout);
    let record = district.record();
    let words = fs::read_to_string(told(&district)).unwrap();
    let run_id = record["run_id"].as_str().unwrap();
    assert_eq!(words, format!("gagal unchanged 3 {run_id} dua kata; $(id)\n"));
    let given = fs::read_to_string(format!("{}.json", told(&district).display())).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&given).unwrap(), record);
}

#[test]
fn good_runs_and_many_findings_are_told_where_wanted() {
    let district = notifying("pada = [\"temuan\", \"berhasil\"]\nambang_temuan = { GALAT = 1 }");
    let kept = told(&district);
    district.drop_in("PKH 2020.csv", LIST);
    district.run(0);
    assert!(fs::read_to_string(&kept).unwrap().starts_with("berhasil published 0 "));
    fs::remove_file(&kept).unwrap();
    // A row with a field too many is quarantined, a finding of level GALAT.
    district.drop_in(
        "BST THP 3.csv",
        "NO,NAMA,NIK,NO KK\n1,BUDI INVENTED,3503110203850002,\n2,WATI INVENTED,3503114203850003,,,X\n",
    );
    district.run(0);
    let galat = district.record()["temuan"]["GALAT"].as_i64().unwrap_or(0);
    let expected = if galat > 0 { "temuan" } else { "berhasil" };
    assert!(galat > 0, "the list was to have a finding of level GALAT");
    assert!(fs::read_to_string(&kept).unwrap().starts_with(expected));
    fs::remove_file(&kept).unwrap();
    // The same findings again are no news.
    district.run(0);
    assert!(fs::read_to_string(&kept).unwrap().starts_with("berhasil unchanged 0 "));
}

#[test]
fn a_notification_that_fails_is_a_warning() {
    for (body, words) in [
        ("exit 7", "exit status: 7"),
        ("exec sleep 60", "after 1 s"),
        ("exec 0<&-; exit 0", ""),
    ] {
        let district = District::new();
        let script = script(&district, body);
        let toml = format!(
            "[notify]\ncommand = [\"{}\"]\npada = [\"berhasil\"]\nbatas_detik = 1\n",
            script.display()
        );
        fs::write(district.root.join("bansos360.toml"), toml).unwrap();
        let ended = district.run(0);
        assert_eq!(
            ended.stderr.contains("warning: the command of `[notify]`"),
            !words.is_empty(),
            "{body}: {}",
            ended.stderr
        );
        assert!(ended.stderr.contains(words), "{body}: {}", ended.stderr);
    }
    let district = District::configured("[notify]\ncommand = [\"/no/such/program\"]\npada = [\"berhasil\"]\n");
    let ended = district.run(0);
    assert!(ended.stderr.contains("cannot be started"), "{}", ended.stderr);
}
