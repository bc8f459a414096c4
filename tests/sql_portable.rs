//! Keeps the SQL models inside the portable subset of DESIGN.md: what only one engine knows stands in `sql/dialect`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
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
    for path in models().into_iter().chain(sql_of("tests")).chain(sql_of("banding")) {
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

/// What every engine that we would move to has under this name: the rest is told in docs/scale.md.
const EVERYWHERE: [&str; 13] = [
    "count",
    "sum",
    "min",
    "max",
    "avg",
    "cast",
    "coalesce",
    "row_number",
    "length",
    "upper",
    "lower",
    "trim",
    "abs",
];
/// Words of SQL that may stand before a parenthesis.
const SYNTAX: [&str; 14] = [
    "as", "over", "in", "and", "or", "not", "where", "from", "on", "when", "then", "exists", "select", "union",
];
/// Functions that some engines call otherwise, and what stands in for them there.
const ELSEWHERE: [(&str, &str); 21] = [
    (
        "bool_or",
        "Spark and Trino have it; BigQuery LOGICAL_OR, Snowflake BOOLOR_AGG",
    ),
    ("left", "Spark has it; Trino substr(x, 1, n)"),
    (
        "greatest",
        "everywhere, but a NULL makes it NULL in Trino and Snowflake",
    ),
    ("last_day", "Spark has it; Trino last_day_of_month"),
    (
        "date_sub",
        "Spark floor(months_between(b, a) / 12); Trino date_diff counts whole years itself",
    ),
    ("hash", "Spark xxhash64; Trino xxhash64 of bytes"),
    ("list", "Spark collect_list, Trino array_agg"),
    ("filter", "Spark and Trino have it; elsewhere a CASE in the aggregate"),
    ("list_sort", "Spark and Trino array_sort"),
    ("try_cast", "Spark and Trino have it; elsewhere a CASE over a pattern"),
    ("rpad", "Spark and Trino have it"),
    ("string_split", "Spark and Trino split"),
    ("list_transform", "Spark and Trino transform, with x -> ..."),
    ("array_to_string", "Spark and Trino array_join"),
    ("pow", "everywhere, as pow or power"),
    ("set_bit", "pow(2, n) up to 63 programs, beyond an array of flags"),
    ("repeat", "everywhere"),
    ("bitwise and", "Spark has it; Trino bitwise_and, Snowflake bitand"),
    ("bitwise or", "Spark has it; Trino bitwise_or, Snowflake bitor"),
    ("bit_or", "Spark has it; Trino bitwise_or_agg, Snowflake bitor_agg"),
    (
        "bit_count",
        "Spark bit_count, Trino bit_count(x, 64), of a sum that fits: a DECIMAL cut in two",
    ),
];

#[test]
fn the_table_of_what_one_engine_alone_knows_is_kept() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scale.md");
    let text = fs::read_to_string(&page).expect("docs/scale.md");
    let (head, rest) = text
        .split_once("<!-- engine: made by tests/sql_portable.rs -->\n")
        .expect("the first mark");
    let (_, tail) = rest.split_once("<!-- engine: end -->").expect("the second mark");
    let mark = "<!-- engine: made by tests/sql_portable.rs -->\n";
    let made = format!("{head}{mark}{}<!-- engine: end -->{tail}", engine_tables());
    if std::env::var_os("BANSOS360_WRITE_DOCS").is_some() {
        fs::write(&page, &made).expect("docs/scale.md");
    }
    assert!(
        made == text || std::env::var_os("BANSOS360_WRITE_DOCS").is_some(),
        "docs/scale.md does not say what the models hold; run this test with BANSOS360_WRITE_DOCS=1"
    );
}

/// The macros of the dialect with what they stand on, then every model that needs one, or a function not all engines have.
fn engine_tables() -> String {
    let mut out = String::from("| macro of the dialect | stands on | instead, elsewhere |\n| --- | --- | --- |\n");
    let dialect = code(&fs::read_to_string(sql_of("dialect").remove(0)).expect("the dialect"));
    let mut macros = BTreeSet::new();
    for part in dialect.split("create or replace macro ").skip(1) {
        let name = part.split('(').next().unwrap_or_default().trim().to_owned();
        let body = part.split_once(") as ").map_or("", |(_, body)| body);
        let special: Vec<String> = special(body, &macros).into_iter().collect();
        let instead: Vec<&str> = special.iter().map(|function| instead_of(function)).collect();
        let (on, instead) = if special.is_empty() {
            // `kata`: what the engine does with the type of the value, no function.
            ("the type of the value".to_owned(), "CAST(nilai AS VARCHAR)".to_owned())
        } else {
            (format!("`{}`", special.join("`, `")), instead.join("; "))
        };
        let _ = writeln!(out, "| `{name}` | {on} | {instead} |");
        macros.insert(name);
    }
    out.push_str("\n| model | macros of the dialect | functions not in every engine |\n| --- | --- | --- |\n");
    let (mut plain, mut all) = (0, 0);
    for path in models() {
        let text = code(&fs::read_to_string(&path).expect("a model"));
        let used: Vec<&String> = macros.iter().filter(|name| holds(&text, &format!("{name}("))).collect();
        let other = special(&text, &macros);
        all += 1;
        if used.is_empty() && other.is_empty() {
            plain += 1;
            continue;
        }
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        for function in &other {
            let _known = instead_of(function);
        }
        let list = |names: Vec<String>| {
            names
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let used = list(used.into_iter().cloned().collect());
        let _ = writeln!(
            out,
            "| {folder}/{name} | {used} | {} |",
            list(other.into_iter().collect())
        );
    }
    let _ = writeln!(out, "\n{plain} of {all} models use neither.");
    out
}

/// Functions and signs in a text that not every engine has, macros left out.
fn special(text: &str, macros: &BTreeSet<String>) -> BTreeSet<String> {
    let signs = [("&", "bitwise and"), ("|", "bitwise or")];
    let text_without_joins = text.replace("||", " ");
    let used = signs.into_iter().filter(|(sign, _)| text_without_joins.contains(sign));
    let mut found: BTreeSet<String> = used.map(|(_, name)| name.to_owned()).collect();
    for (place, _) in text.match_indices('(') {
        let before = text[..place].trim_end();
        let start = before
            .rfind(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_')
            .map_or(0, |at| at + 1);
        let name = &before[start..];
        let known = EVERYWHERE.contains(&name) || SYNTAX.contains(&name) || macros.contains(name);
        // A CTE is `name AS (`, and a table function does not stand in a model.
        if !name.is_empty() && name.starts_with(|sign: char| sign.is_ascii_lowercase()) && !known && name != "floor" {
            found.insert(name.to_owned());
        }
    }
    found
}

fn instead_of(function: &str) -> &'static str {
    let mut found = ELSEWHERE
        .iter()
        .filter(|(name, _)| *name == function)
        .map(|(_, instead)| *instead);
    found
        .next()
        .unwrap_or_else(|| panic!("say in ELSEWHERE what other engines have instead of `{function}`"))
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
