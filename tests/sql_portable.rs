//! Keeps the SQL models inside the portable subset of DESIGN.md: what only one engine knows stands in `sql/dialect`.

use std::fs;
use std::path::{Path, PathBuf};

/// Words and signs that no model may use, each with what to write instead.
const FORBIDDEN: [(&str, &str); 27] = [
    ("qualify", "a row_number() in a CTE and WHERE"),
    ("group by all", "the list of columns"),
    ("order by all", "the list of columns"),
    ("pivot", "sum(CASE ...)"),
    ("unpivot", "UNION ALL"),
    ("recursive", "a join"),
    ("lateral", "a join"),
    ("exclude (", "the list of columns"),
    ("replace (", "the list of columns"),
    ("columns(", "the list of columns"),
    ("asof", "a row_number() in a CTE"),
    ("//", "floor(a / b)"),
    ("::", "CAST(x AS type)"),
    ("string_agg", "gabung_kode of the dialect"),
    ("listagg", "gabung_kode of the dialect"),
    ("array_agg", "a join"),
    ("list(", "a join"),
    ("list_", "a macro of the dialect"),
    ("arg_min", "a row_number() in a CTE"),
    ("arg_max", "a row_number() in a CTE"),
    ("date_sub", "umur of the dialect"),
    ("last_day", "akhir_bulan of the dialect"),
    ("try_cast", "bilangan of the dialect"),
    ("current_date", "the table parameter"),
    ("now()", "the table parameter"),
    ("today()", "the table parameter"),
    ("read_parquet", "a staged table"),
];

#[test]
fn models_keep_to_the_portable_subset() {
    let mut faults = Vec::new();
    for path in models().into_iter().chain(sql_of("tests")) {
        let sql = fs::read_to_string(&path).expect("a model");
        let code = code(&sql);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (word, instead) in FORBIDDEN {
            if holds(&code, word) {
                faults.push(format!("{name}: `{word}` is not portable, write {instead}"));
            }
        }
        faults.extend(shape_faults(&name, &code));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_model_has_its_sheet() {
    let bare: Vec<PathBuf> = models()
        .into_iter()
        .filter(|path| !path.with_extension("toml").exists())
        .collect();
    assert!(bare.is_empty(), "models without a sheet beside them: {bare:?}");
}

/// Faults that are no single word: `*`, untyped NULLs, unwritten NULL order, FROM first, slices, more than one statement.
fn shape_faults(name: &str, code: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, text: &str| {
        if wrong {
            faults.push(format!("{name}: {text}"));
        }
    };
    let stars = code.matches('*').count() - code.matches("count(*)").count();
    fault(stars > 0, "`*` stands for columns or multiplies; list the columns");
    fault(
        !(code.starts_with("with ") || code.starts_with("select ")),
        "a model begins with WITH or SELECT",
    );
    fault(code.contains(';'), "a model is one statement without a semicolon");
    fault(code.contains('['), "lists and slices are not portable");
    fault(
        code.contains("lambda") || code.contains("->"),
        "lambdas belong to the dialect",
    );
    let typed = ["cast(null as ", "is null as ", "is not null as "]
        .iter()
        .map(|words| code.matches(words).count())
        .sum();
    fault(
        code.matches("null as ").count() > typed,
        "a NULL has a type: CAST(NULL AS type)",
    );
    let directions = code
        .split(' ')
        .filter(|word| matches!(word.trim_matches([',', ')']), "asc" | "desc"))
        .count();
    fault(
        directions != code.matches("nulls last").count(),
        "write ASC or DESC, and NULLS LAST after it",
    );
    let orders = code.matches("order by ").count();
    fault(
        orders > directions,
        "write ASC or DESC, and NULLS LAST after it, for each ORDER BY",
    );
    faults
}

/// Comments and the text of literals out, lower case, one blank.
fn code(sql: &str) -> String {
    let lines: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or("")).collect();
    let joined = lines.join(" ");
    let outside = joined
        .split('\'')
        .enumerate()
        .map(|(part, text)| if part % 2 == 0 { text } else { "''" });
    let text: String = outside.collect();
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the code holds a word as a word, or a sign anywhere.
fn holds(code: &str, word: &str) -> bool {
    let is_word = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    code.match_indices(word).any(|(place, _)| {
        let starts_a_word = !is_word(code[..place].chars().next_back()) || !word.starts_with(char::is_alphabetic);
        let ends_a_word = !is_word(code[place + word.len()..].chars().next()) || !word.ends_with(char::is_alphabetic);
        starts_a_word && ends_a_word
    })
}

fn models() -> Vec<PathBuf> {
    let models: Vec<PathBuf> = ["warehouse", "marts", "temuan"].into_iter().flat_map(sql_of).collect();
    assert!(models.len() > 20, "the models are not where they were");
    models
}

fn sql_of(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(folder);
    let entries = fs::read_dir(folder).expect("a folder of SQL");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|kind| kind == "sql"))
        .collect();
    found.sort();
    found
}
