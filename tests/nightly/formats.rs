//! The format of a workspace: older ones are upgraded when asked, newer ones are refused.

use super::District;
use std::fs;

#[test]
fn an_older_workspace_is_upgraded_only_when_asked() {
    let district = District::new();
    let marker = district.root.join(".bansos360.json");
    fs::write(&marker, "{\"format\":0}").unwrap();
    super::set_mode(&district.root.join("runs"), 0o755);
    for command in ["run", "status", "init"] {
        let ended = district.ask(&[command]);
        assert_eq!(ended.code, 2, "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains("error[E0406]"), "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains("init --upgrade"), "{command}: {}", ended.stderr);
    }
    let ended = district.ask(&["init", "--upgrade"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("format 1"), "{}", ended.stdout);
    assert_eq!(
        fs::read_to_string(district.root.join(".bansos360.json.format-0")).unwrap(),
        "{\"format\":0}"
    );
    assert_eq!(super::mode(&district.root.join("runs")), 0o700);
    district.run(0);
    let again = district.ask(&["init", "--upgrade"]);
    assert!(again.stdout.contains("already"), "{}", again.stdout);
}

#[test]
fn a_newer_workspace_is_refused() {
    let district = District::new();
    fs::write(district.root.join(".bansos360.json"), "{\"format\":99}").unwrap();
    for arguments in [&["run"][..], &["init"], &["init", "--upgrade"]] {
        let ended = district.ask(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert!(ended.stderr.contains("error[E0403]"), "{}", ended.stderr);
    }
}

#[test]
fn what_is_no_workspace_is_not_upgraded() {
    let district = District::new();
    let other = district.beside("other");
    fs::create_dir(&other).unwrap();
    let ended = super::bansos360(&other, &["init", "--upgrade"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(fs::read_dir(&other).unwrap().count(), 0);
}

#[test]
fn an_alias_for_a_built_in_source_does_not_repeat_it() {
    let district = District::new();
    let list = "NO,NAMA PENERIMA KARTU,NIK,NO KK\n1,SITI INVENTED,3503114203850001,\n";
    district.drop_in("KPE.csv", list);
    let ended = district.run(3);
    assert!(ended.stderr.contains("error[E0203]"), "{}", ended.stderr);
    fs::create_dir(district.root.join("pipelines")).unwrap();
    fs::write(
        district.root.join("pipelines/kpe.toml"),
        "source = \"kpe\"\n\n[[column]]\nname = \"nama\"\ntype = \"name\"\nalias_extra = [\"NAMA PENERIMA KARTU\"]\n",
    )
    .unwrap();
    district.drop_in("KPE.csv", list);
    // The other headings of the source, and its program, are those that are built in.
    district.drop_in("KPE 20K.csv", "NO,NAMA,NIK,NO KK\n1,BUDI INVENTED,3503110203850002,\n");
    district.run(0);
    let table = district.ask(&["profile", "mart_1_kpm", "--format", "json"]);
    let profile: serde_json::Value = serde_json::from_str(&table.stdout).unwrap();
    assert!(profile.to_string().contains("\"KPE\""), "{profile}");
}
