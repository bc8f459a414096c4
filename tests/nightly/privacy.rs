//! Nothing but the data itself tells of people: a whole sample is run with every command that talks, and all that was printed, logged,
//! recorded and named is searched for each NIK, KK and name of the truth that the sample was made from.

use super::{District, tree};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The first column of a query over Parquet files.
fn query(sql: &str) -> Vec<String> {
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
    rows.filter_map(Result::unwrap).collect()
}

/// A name as its words in capitals.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphabetic() && letter != '\'');
    words.filter(|word| !word.is_empty()).map(str::to_uppercase).collect()
}

/// What must not be told.
struct Secrets {
    numbers: HashSet<String>,
    names: HashSet<String>,
}

impl Secrets {
    fn of_sample() -> Self {
        let files: Vec<String> = ["dtks_art/*", "dtks_rt/*", "bantuan_sosial/*", "disabilitas", "usulan"]
            .iter()
            .map(|file| {
                format!(
                    "'{}'",
                    repository(&format!("sample_data/truth/{file}.parquet")).display()
                )
            })
            .collect();
        let all = format!("read_parquet([{}], union_by_name = true)", files.join(", "));
        let numbers = query(&format!(
            "SELECT DISTINCT n FROM (SELECT nik AS n FROM {all} UNION SELECT no_kk FROM {all})"
        ));
        let names = query(&format!(
            "SELECT DISTINCT n FROM (SELECT nama AS n FROM {all} UNION SELECT nama_krt FROM {all})"
        ));
        // Names that are a place too stand rightly in every report. Shorter ones than six letters would be found in ordinary words.
        let places: HashSet<String> = fs::read_to_string(repository("reference/wilayah.csv"))
            .unwrap()
            .split([',', '\n'])
            .map(|cell| words(cell).join(" "))
            .collect();
        let names = names.iter().map(|name| words(name).join(" "));
        Self {
            numbers: numbers.into_iter().filter(|number| number.len() == 16).collect(),
            names: names.filter(|name| name.len() >= 6 && !places.contains(name)).collect(),
        }
    }

    /// Those that stand in a text: numbers in any run of digits, names as whole words side by side.
    fn found_in(&self, text: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for run in text.split(|letter: char| !letter.is_ascii_digit()) {
            for at in 0..(run.len() + 1).saturating_sub(16) {
                found.extend(self.numbers.get(&run[at..at + 16]).cloned());
            }
        }
        let words = words(text);
        for at in 0..words.len() {
            let mut name = String::new();
            for word in words[at..].iter().take(6) {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(word);
                found.extend(self.names.get(&name).cloned());
            }
        }
        found
    }
}

/// Files that break their contract in ways that quote what stands in them, made of people of the truth.
fn bad_files(district: &District, secrets: &Secrets) -> Vec<PathBuf> {
    let mut people: Vec<(&String, &String)> = secrets.names.iter().zip(&secrets.numbers).collect();
    people.sort();
    people.truncate(300);
    let rows = |line: &dyn Fn(usize, &str, &str) -> String| -> String {
        people
            .iter()
            .enumerate()
            .map(|(row, (name, number))| line(row, name, number))
            .collect()
    };
    let files = [
        (
            "KPE tanpa NIK.csv",
            format!("NO,NAMA\n{}", rows(&|row, name, _| format!("{row},{name}\n"))),
        ),
        (
            "BST THP 4.csv",
            format!(
                "NO,NAMA,NIK,NO KK\n{}",
                rows(&|row, name, number| format!("{row},{name},{}0,\n", &number[..15]))
            ),
        ),
        (
            "PKH rusak 2019.csv",
            format!(
                "NO,NAMA,NIK,NO KK\n{}",
                rows(&|row, name, number| format!("{row},{name},{number},{number},{name},X\n"))
            ),
        ),
        (
            "SEMBAKO kutip.csv",
            format!(
                "NO,NAMA,NIK,NO KK\n{}",
                rows(&|row, name, number| format!("{row},\"{name},{number},\n"))
            ),
        ),
        (
            "PKH sebagian 2018.csv",
            format!(
                "NO,NAMA,NIK,NO KK\n{}",
                rows(&|row, name, number| match row % 60 {
                    0 => format!("{row},{name},{number},{number},{name}\n"),
                    1 => format!("{row},\"{name}\"x,{number},\n"),
                    2 => format!("{number},{name},{name},{number}\n"),
                    _ => format!("{row},{name},{number},\n"),
                })
            ),
        ),
        (
            "daftar hadir.csv",
            rows(&|_, name, number| format!("{name};{number}\n")),
        ),
    ];
    let folder = district.beside("rusak");
    fs::create_dir(&folder).unwrap();
    for (name, text) in &files {
        fs::write(folder.join(name), text).unwrap();
    }
    let whole = fs::read(repository("sample_data/raw/BNBA KPE 20K.xlsx")).unwrap();
    fs::write(folder.join("BNBA KPE terpotong.xlsx"), &whole[..whole.len() / 2]).unwrap();
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

/// What every command that talks has said, by the command.
fn everything_said(district: &District, bad: &[PathBuf]) -> BTreeMap<String, String> {
    let raw = repository("sample_data/raw");
    let bad_folder = bad[0].parent().unwrap();
    let (raw, bad_folder) = (raw.to_str().unwrap(), bad_folder.to_str().unwrap());
    let mut commands: Vec<Vec<String>> = Vec::new();
    let mut add = |line: &[&str]| commands.push(line.iter().map(|word| (*word).to_owned()).collect());
    add(&["run", raw, "--log", "json"]);
    add(&["run", "--log", "text"]);
    add(&["run", "--full", "--quiet"]);
    add(&["ingest", bad_folder, "--log", "text"]);
    for format in ["text", "json", "junit", "github"] {
        add(&["validate", raw, bad_folder, "--format", format]);
    }
    for line in [
        &["status"][..],
        &["history"],
        &["history", "show", "2"],
        &["test"],
        &["temuan", "--batas", "0"],
        &["docs"],
        &["run", "no such file.csv"],
        &["profile", "dtks_art"],
        &["profile", "karantina"],
        &["profile", "kualitas_temuan"],
        &["profile", "bantuan_sosial"],
        &["profile", "mart_1_kpm"],
        &["profile", "mart_5_individu"],
    ] {
        add(line);
        if line[0] != "docs" {
            add(&[line, &["--format", "json"]].concat());
        }
    }
    for file in bad {
        add(&["profile", file.to_str().unwrap()]);
    }
    let mut said = BTreeMap::new();
    let mut ask = |line: Vec<String>| {
        let ended = district.ask(&line.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(!ended.stderr.contains("panicked"), "{line:?}: {}", ended.stderr);
        said.insert(line.join(" "), format!("{}\n{}", ended.stdout, ended.stderr));
    };
    commands.into_iter().for_each(&mut ask);
    for (mart, keys) in keys_of_marts(district) {
        for key in keys {
            let line = |more: &[&str]| -> Vec<String> {
                let whole = [&["telusur", mart], &key.split(' ').collect::<Vec<_>>()[..], more].concat();
                whole.into_iter().map(str::to_owned).collect()
            };
            ask(line(&[]));
            ask(line(&["--format", "json"]));
        }
    }
    said
}

/// Some rows of the marts of people, by their keys.
fn keys_of_marts(district: &District) -> Vec<(&'static str, Vec<String>)> {
    [
        ("mart_1_kpm", "id_kpm"),
        ("mart_5_individu", "periode || ' ' || id_art"),
        ("mart_6_rumah_tangga", "periode || ' ' || id_dtks"),
        ("mart_8_disabilitas", "id_disabilitas"),
    ]
    .into_iter()
    .map(|(mart, key)| {
        let path = district.root.join(format!("current/marts/{mart}.parquet"));
        let sql = format!("SELECT {key} AS k FROM '{}' ORDER BY hash(k) LIMIT 5", path.display());
        (mart, query(&sql))
    })
    .collect()
}

/// What the workspace keeps about itself: names of files, and the text of all that is not data.
fn everything_kept(district: &District) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    for path in tree(&district.root) {
        let name = path.strip_prefix(&district.root).unwrap().display().to_string();
        kept.insert(format!("the name of {name}"), name.clone());
        // The data: raw files, staged tables, warehouse, marts, what is waiting, and the sheets that a district adds.
        let is_data = (name.starts_with("lake/raw/") && !name.ends_with("entry.json"))
            || name.ends_with(".parquet")
            || name.ends_with(".duckdb")
            || (name.starts_with("inbox/") && !name.ends_with(".alasan.txt"));
        if path.is_file() && !is_data {
            kept.insert(name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
        }
    }
    kept
}

#[test]
fn no_person_of_a_whole_sample_stands_in_what_is_said_and_kept() {
    let secrets = Secrets::of_sample();
    assert!(secrets.numbers.len() > 5000 && secrets.names.len() > 2000);
    let district = District::new();
    let payload = district.beside("diterima.json");
    let toml = format!(
        "[run]\nmetrics_file = \"angka.prom\"\n[notify]\ncommand = [\"/bin/sh\", \"-c\", \"cat >> '{}'\"]\npada = [\"gagal\", \"berhasil\"]\n",
        payload.display()
    );
    fs::write(district.root.join("bansos360.toml"), toml).unwrap();
    let bad = bad_files(&district, &secrets);
    for file in &bad {
        fs::copy(file, district.root.join("inbox").join(file.file_name().unwrap())).unwrap();
    }
    let mut texts = everything_said(&district, &bad);
    assert!(texts.len() > 60);
    let refused = &texts.iter().find(|(line, _)| line.ends_with("--log json")).unwrap().1;
    for code in ["E0201", "E0202", "E0206", "E0207"] {
        assert!(refused.contains(code), "no file was refused for {code}: {refused}");
    }
    texts.extend(everything_kept(&district));
    texts.insert(
        "the payload of a notification".to_owned(),
        fs::read_to_string(&payload).unwrap(),
    );
    for kept in ["current/kualitas.html", "angka.prom", ".log.jsonl"] {
        let kept = kept.trim_start_matches("current/");
        assert!(
            texts.keys().any(|name| name.ends_with(kept)),
            "{kept} is not among what was searched"
        );
    }
    let told: Vec<String> = texts
        .iter()
        .filter_map(|(place, text)| {
            let found = secrets.found_in(text);
            let some: Vec<&String> = found.iter().take(3).collect();
            (!found.is_empty()).then(|| format!("{place}: {} of them, as {some:?}", found.len()))
        })
        .collect();
    assert!(told.is_empty(), "people are told of:\n{}", told.join("\n"));
}

#[test]
fn the_search_finds_what_is_shown_on_demand() {
    let secrets = Secrets::of_sample();
    let district = District::new();
    let raw = repository("sample_data/raw");
    assert_eq!(district.ask(&["run", raw.to_str().unwrap()]).code, 0);
    let (mart, keys) = keys_of_marts(&district).remove(0);
    let found: BTreeSet<String> = keys
        .iter()
        .flat_map(|key| secrets.found_in(&district.ask(&["telusur", mart, key, "--tampilkan-data-pribadi"]).stdout))
        .collect();
    assert!(
        found.iter().any(|text| text.len() == 16 && text.starts_with('3')),
        "{found:?}"
    );
    assert!(found.iter().any(|text| text.contains(char::is_alphabetic)), "{found:?}");
}
