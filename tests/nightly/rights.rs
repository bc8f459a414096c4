//! Who else can read a workspace.

use super::{District, LIST, bansos360, mode, set_mode, tree};
use std::fs;

#[test]
fn nobody_else_can_read_anything_after_runs_of_every_kind() {
    let district = District::configured("[run]\nmetrics_file = \"angka.prom\"\n");
    district.drop_in("PKH 2020.csv", LIST);
    district.drop_in("KPE.csv", "NO,NAMA\n1,X\n");
    district.drop_in("surat.txt", "Kepada Yth.\n");
    district.run(3);
    district.ask(&["run"]);
    district.ask(&["run", "--full", "--log", "json"]);
    district.ask(&["rollback"]);
    let page = district.root.join("kpm.html");
    district.ask(&["profile", "mart_1_kpm", "--html", page.to_str().unwrap()]);
    let sheet = district.root.join("temuan.xlsx");
    district.ask(&["temuan", "--xlsx", sheet.to_str().unwrap()]);
    for path in tree(&district.root) {
        let found = fs::symlink_metadata(&path).unwrap();
        // What people made themselves, and the figures that a collector reads, are not ours to close.
        let is_exempt = found.is_symlink()
            || path.ends_with("angka.prom")
            || path.ends_with("bansos360.toml")
            || (path.starts_with(district.root.join("inbox")) && found.is_file());
        let wanted = if found.is_dir() { 0o700 } else { 0o600 };
        assert!(
            is_exempt || mode(&path) == wanted,
            "{}: {:o}",
            path.display(),
            mode(&path)
        );
    }
}

#[test]
fn an_open_workspace_is_refused_with_the_command_that_closes_it() {
    let district = District::new();
    district.drop_in("PKH 2020.csv", LIST);
    for rights in [0o755, 0o770, 0o701] {
        set_mode(&district.root, rights);
        let ended = district.run(2);
        assert!(ended.stderr.contains("error[E0405]"), "{}", ended.stderr);
        assert!(
            ended
                .stderr
                .contains(&format!("chmod o-rwx,g-w '{}'", district.root.display())),
            "{}",
            ended.stderr
        );
    }
    assert!(!district.root.join("current").exists());
    set_mode(&district.root, 0o755);
    assert_eq!(district.ask(&["run", "--izinkan-terbuka"]).code, 0);
    fs::write(district.root.join("bansos360.toml"), "[run]\nizinkan_terbuka = true\n").unwrap();
    district.run(0);
    // Who can write here could have written that line.
    set_mode(&district.root, 0o777);
    district.run(2);
}

#[test]
fn a_folder_that_was_made_open_for_it_is_closed_by_init() {
    let district = District::new();
    let root = district.beside("baru");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("bansos360.toml"), "").unwrap();
    set_mode(&root, 0o2755);
    assert_eq!(bansos360(&root, &["init"]).code, 0);
    assert_eq!(mode(&root), 0o2750);
    assert_eq!(bansos360(&root, &["run"]).code, 0);
    // What else lies in a folder may be there for others.
    let shared = district.beside("bersama");
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("notulen.txt"), "").unwrap();
    set_mode(&shared, 0o755);
    let ended = bansos360(&shared, &["run"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(mode(&shared), 0o755);
}

#[test]
fn a_group_gets_the_releases_and_nothing_else() {
    let district = District::configured("[rilis]\nkelompok_baca = true\n");
    district.drop_in("PKH 2020.csv", LIST);
    district.run(0);
    let release = fs::canonicalize(district.root.join("current")).unwrap();
    for path in tree(&release) {
        let wanted = if path.is_dir() { 0o750 } else { 0o640 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
    assert_eq!(mode(&district.root), 0o750);
    assert_eq!(mode(&district.root.join("releases")), 0o750);
    for closed in ["inbox", "lake", "lake/raw", "lake/staged", "runs"] {
        assert_eq!(mode(&district.root.join(closed)), 0o700, "{closed}");
    }
    fs::write(district.root.join("bansos360.toml"), "").unwrap();
    district.run(0);
    assert_eq!(mode(&district.root.join("releases")), 0o700);
    assert_eq!(mode(&release.join("katalog.json")), 0o600);
}
