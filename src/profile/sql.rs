//! All SQL of a profile. The table to be profiled stands as `t`, its columns as `c0`, `c1`, …; missing cells are NULL.

/// Lengths from here on are counted together.
pub const LONG: u32 = 60;
/// Steps of a histogram.
pub const STEPS: u32 = 12;
/// How many frequent values and patterns are listed.
const LISTED: u32 = 10;

/// Functions of the session.
pub const MACROS: &str = r"
CREATE TEMP MACRO bersih(v) AS CASE
    WHEN upper(trim(v)) IN ('', '-', '--', '\N', 'N/A', '#N/A', 'NAN', 'NULL', 'NONE') THEN NULL ELSE v END;
CREATE TEMP MACRO angka_saja(v) AS regexp_replace(v, '[^0-9]', '', 'g');
CREATE TEMP MACRO pola(v) AS regexp_replace(regexp_replace(left(v, 60), '\p{L}', 'A', 'g'), '[0-9]', '9', 'g');
CREATE TEMP MACRO bilangan(v) AS CASE
    WHEN regexp_full_match(v, '[+-]?[0-9]{1,3}([.][0-9]{3}){2,}(,[0-9]+)?')
        THEN try_cast(replace(replace(v, '.', ''), ',', '.') AS DOUBLE)
    WHEN regexp_full_match(v, '[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?')
        THEN try_cast(replace(v, ',', '.') AS DOUBLE)
    END;
CREATE TEMP MACRO tanggal_iso(v) AS CASE
    WHEN regexp_matches(v, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9:.]+)?$')
        THEN try_strptime(regexp_extract(v, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}'), '%Y-%m-%d') END;
CREATE TEMP MACRO tanggal_bentuk(v, bentuk) AS CASE
    WHEN regexp_matches(v, '^[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}( [0-9:.]+)?$')
        THEN try_strptime(replace(regexp_extract(v, '^[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}'), '-', '/'), bentuk) END;
CREATE TEMP MACRO hari_bulan(v) AS CAST(coalesce(tanggal_iso(v), tanggal_bentuk(v, '%d/%m/%Y')) AS DATE);
CREATE TEMP MACRO bulan_hari(v) AS CAST(coalesce(tanggal_iso(v), tanggal_bentuk(v, '%m/%d/%Y')) AS DATE);
";

/// A scratch table of text columns.
pub fn create_text_table(columns: usize) -> String {
    let columns: Vec<String> = (0..columns).map(|index| format!("c{index} VARCHAR")).collect();
    format!("CREATE OR REPLACE TABLE t ({})", columns.join(", "))
}

/// The columns of a relation as `t`.
pub fn view_over(relation: &str, columns: &[(String, String)]) -> String {
    let columns = columns.iter().enumerate();
    let columns = columns.map(|(index, (name, _))| format!("{} AS c{index}", identifier(name)));
    let columns = columns.collect::<Vec<_>>().join(", ");
    format!("CREATE OR REPLACE TEMP VIEW t AS SELECT {columns} FROM {relation}")
}

/// A column of `t`. Words for nothing in the text of a table count as missing; those of a file are NULL already.
pub fn column(index: usize, declared: Option<&str>) -> String {
    if declared == Some("VARCHAR") {
        format!("bersih(c{index})")
    } else {
        format!("c{index}")
    }
}

/// A name as SQL writes it.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names and types of the columns of a relation.
pub fn describe(relation: &str) -> String {
    format!("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {relation})")
}

/// Tables and views that people know.
pub const RELATIONS: &str = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1";

/// All rows.
pub const ROWS: &str = "SELECT count(*) FROM t";

/// The different values of a column, and how often each stands.
pub fn values(column: &str) -> String {
    format!(
        "CREATE OR REPLACE TEMP TABLE nilai AS SELECT v, count(*) AS n FROM (SELECT CAST({column} AS VARCHAR) AS v FROM t) \
         WHERE v IS NOT NULL GROUP BY v"
    )
}

/// What the values look like. Thirteen digits and more, in whatever signs, are an identity number.
pub const SHAPE: &str = r"SELECT
    coalesce(sum(n), 0)::BIGINT, count(*), count(*) FILTER (n > 1),
    coalesce(sum(n) FILTER (regexp_full_match(v, '[+-]?[0-9]{1,15}')), 0)::BIGINT,
    coalesce(sum(n) FILTER (bilangan(v) IS NOT NULL), 0)::BIGINT,
    coalesce(sum(n) FILTER (regexp_full_match(v, '[0-9]+')), 0)::BIGINT,
    coalesce(sum(n) FILTER (regexp_full_match(v, '0[0-9]+')), 0)::BIGINT,
    coalesce(sum(n) FILTER (regexp_full_match(v, '[''`]?[0-9]{16}')), 0)::BIGINT,
    coalesce(sum(n) FILTER (regexp_matches(regexp_replace(v, '[ .''`,-]', '', 'g'), '[0-9]{13}')), 0)::BIGINT,
    coalesce(sum(n) FILTER (regexp_full_match(regexp_replace(v, '[ .()-]', '', 'g'), '([+]?62|0)?8[0-9]{8,11}')), 0)::BIGINT,
    coalesce(sum(n) FILTER (hari_bulan(v) IS NOT NULL), 0)::BIGINT,
    coalesce(sum(n) FILTER (bulan_hari(v) IS NOT NULL), 0)::BIGINT,
    coalesce(min(length(v)), 0), coalesce(max(length(v)), 0), coalesce(sum(n * length(v)), 0)::DOUBLE
FROM nilai";

/// Values that stand more than once: a value of one row says nothing about a column and much about a person.
pub fn frequent() -> String {
    format!("SELECT v, n FROM nilai WHERE n > 1 ORDER BY n DESC, v LIMIT {LISTED}")
}

/// The most frequent patterns, and how many there are.
pub fn patterns() -> String {
    format!(
        "SELECT p, sum(n)::BIGINT AS n, count(*) OVER () FROM (SELECT pola(v) AS p, n FROM nilai) GROUP BY p \
         ORDER BY n DESC, p LIMIT {LISTED}"
    )
}

/// How often each length stands.
pub fn lengths() -> String {
    format!("SELECT least(length(v), {LONG}) AS p, sum(n)::BIGINT FROM nilai GROUP BY p ORDER BY p")
}

/// How a column is read as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Text with numbers.
    NumberInText,
    /// Text with dates, day first.
    DayFirst,
    /// Text with dates, month first.
    MonthFirst,
    /// A numeric column.
    Number,
    /// A column of dates or times.
    Date,
}

/// The numbers of a column (dates as days since 1970) as `ukuran`. What no engine can square is no quantity.
pub fn numbers(column: &str, reading: Reading) -> String {
    let day = |date: String| format!("CAST(datediff('day', DATE '1970-01-01', {date}) AS DOUBLE)");
    let expression = match reading {
        Reading::NumberInText => format!("bilangan({column})"),
        Reading::Number => format!("CAST({column} AS DOUBLE)"),
        Reading::DayFirst => day(format!("hari_bulan({column})")),
        Reading::MonthFirst => day(format!("bulan_hari({column})")),
        Reading::Date => day(format!("CAST({column} AS DATE)")),
    };
    format!(
        "CREATE OR REPLACE TEMP TABLE ukuran AS SELECT x FROM (SELECT {expression} AS x FROM t) \
         WHERE x IS NOT NULL AND isfinite(x) AND abs(x) < 1e100"
    )
}

/// Where the numbers lie.
pub const SPREAD: &str = "SELECT count(x), min(x), max(x), avg(x), quantile_cont(x, 0.5), stddev_samp(x), quantile_cont(x, 0.05), \
    quantile_cont(x, 0.25), quantile_cont(x, 0.75), quantile_cont(x, 0.95) FROM ukuran";

/// Numbers below and above the fences.
pub fn outliers(lower: f64, upper: f64) -> String {
    format!("SELECT count(*) FILTER (x < {lower:?}), count(*) FILTER (x > {upper:?}) FROM ukuran")
}

/// Numbers by equal steps.
pub fn histogram(least: f64, greatest: f64) -> String {
    format!(
        "SELECT least(floor((x - {least:?}) / ({greatest:?} - {least:?}) * {STEPS}), {STEPS} - 1)::BIGINT AS langkah, count(*) \
         FROM ukuran GROUP BY langkah ORDER BY langkah"
    )
}

/// Different rows over these columns.
pub fn different_rows(columns: &[String]) -> String {
    let cells = columns
        .iter()
        .map(|column| format!("coalesce(CAST({column} AS VARCHAR), chr(30))"));
    let cells = cells.collect::<Vec<_>>().join(", ");
    format!("SELECT count(DISTINCT md5_number(concat_ws(chr(31), {cells}))) FROM t")
}

/// Which of these columns are missing together (`1` missing), and in how many rows.
pub fn missing_together(columns: &[String]) -> String {
    let cells = columns
        .iter()
        .map(|column| format!("CASE WHEN {column} IS NULL THEN '1' ELSE '0' END"));
    let cells = cells.collect::<Vec<_>>().join(" || ");
    format!("SELECT {cells} AS k, count(*) FROM t GROUP BY k")
}
